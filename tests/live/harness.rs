//! A site with a connection to a server, its nights and its purges, by a clock of the test's own.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use afterloan::act::{self, Options, Outcome, Purged, Refusal};
use afterloan::pipeline::Pipeline;
use afterloan::state::commit::no_hook;
use jiff::Timestamp;

use crate::servers::server::Server;
use crate::support::TestSite;
use crate::systems::{PipelineFile, site};

/// A library system on a server, and the site that reads and purges it.
pub struct Live {
    pub site: TestSite,
}

impl Live {
    /// With these pipelines, under the rules that their own tests are written against. Two accounts are made on the server: the
    /// reader may read, the purger what the pipelines' grants say and no more.
    pub fn new(server: &Server, pipelines: &[&str]) -> Live {
        let pipelines: Vec<PipelineFile> = pipelines.iter().map(|name| PipelineFile::read(name).unwrap()).collect();
        Live::with(server, &pipelines)
    }

    pub fn with(server: &Server, pipelines: &[PipelineFile]) -> Live {
        let site = site::with(pipelines).by_hand();
        let grants = pipelines.iter().flat_map(|file| {
            let path = site.at(&format!("pipelines/{}.toml", file.name));
            let pipeline = Pipeline::load(&path).unwrap();
            pipeline.declaration.database.map_or(Vec::new(), |database| database.grants)
        });
        server.make_accounts("afterloan_reader", "afterloan_purger", &grants.collect::<Vec<_>>());
        let text = format!(
            "[database]\nkind = \"{}\"\nhost = \"{}\"\nname = \"{}\"\nreader = \"afterloan_reader\"\n\
             purger = \"afterloan_purger\"\ntimezone = \"America/New_York\"\n",
            server.kind_name(),
            server.host().display(),
            server.database(),
        );
        fs::write(site.at("system.toml"), text).unwrap();
        fs::set_permissions(site.at("system.toml"), fs::Permissions::from_mode(0o600)).unwrap();
        Live { site }
    }

    /// A night whose plan somebody accepts: every pipeline is read and carried out.
    #[track_caller]
    pub fn night(&self, at: &str) -> Outcome {
        let mut entropy = afterloan::state::entropy::System;
        let seams = act::Seams { entropy: &mut entropy, hook: &no_hook, progress: &|_| () };
        let plan = act::plan(&self.site.site(), options(at, None), seams).unwrap();
        let outcome = self.run(at, Some(plan.digest)).unwrap();
        let stopped: Vec<_> = outcome.stopped.iter().map(|one| format!("{}: {}", one.pipeline, one.why)).collect();
        assert!(stopped.is_empty(), "{at}: {stopped:?}");
        assert!(outcome.committed.is_some() && outcome.pipelines.iter().all(|pipeline| !pipeline.braked), "{at}");
        outcome
    }

    pub fn run(&self, at: &str, accept: Option<afterloan::words::Digest>) -> Result<Outcome, Refusal> {
        let mut entropy = afterloan::state::entropy::System;
        let seams = act::Seams { entropy: &mut entropy, hook: &no_hook, progress: &|_| () };
        act::run(&self.site.site(), options(at, accept), seams)
    }

    /// Carries the night's worklists out, to the end.
    #[track_caller]
    pub fn purge(&self, at: &str) -> Purged {
        let purged = self.try_purge(at).unwrap();
        assert_eq!(purged.stopped, None, "{at}");
        purged
    }

    pub fn try_purge(&self, at: &str) -> Result<Purged, Refusal> {
        self.watched_purge(at, &|_, _, _| ())
    }

    /// `told` is called after each batch: pipeline, ids that are done, ids in all.
    pub fn watched_purge(&self, at: &str, told: &dyn Fn(&str, u64, u64)) -> Result<Purged, Refusal> {
        act::purge(&self.site.site(), options(at, None), "test", &no_hook, told)
    }

    /// How many transactions lead to a patron, as the site says at a moment, and of them how many wait to be severed.
    #[track_caller]
    pub fn exposure(&self, at: &str) -> (u64, u64) {
        let exposed = act::exposure(&self.site.site(), options(at, None)).unwrap().exposure;
        assert!(exposed.adds_up());
        (exposed.linked, exposed.waiting)
    }

    /// Places a legal hold on a patron, and on nobody else.
    pub fn hold(&self, patron: Option<u64>) {
        let hold = |held: u64| {
            format!(
                r#"{{"format":1,"count":1,"holds":[{{"matter":"m","placed":"2026-06-01T00:00:00-04:00","placed_by":"d","trigger":"t","released":null,"released_by":null,"scope":{{"patron_ids":["{held}"]}}}}]}}"#
            )
        };
        let text = patron.map_or(r#"{"format":1,"count":0,"holds":[]}"#.to_string(), hold);
        fs::write(self.site.at("state/holds.json"), text).unwrap();
    }

    /// The one worklist that ends so.
    pub fn worklist(&self, ending: &str) -> std::path::PathBuf {
        let lists = fs::read_dir(self.site.at("worklists")).unwrap().map(|entry| entry.unwrap().path());
        lists.into_iter().find(|path| path.extension().is_some_and(|one| one == ending)).unwrap()
    }
}

/// The clock stands at the as-of.
fn options(at: &str, accept: Option<afterloan::words::Digest>) -> Options {
    let at: Timestamp = at.parse().unwrap();
    Options { as_of: at, now: at, accept }
}

/// What a purge severed of a trace, and what it left.
#[track_caller]
pub fn rows(purged: &Purged, pipeline: &str, trace: &str) -> (u64, u64) {
    let one = purged.pipelines.iter().find(|one| one.name == pipeline).unwrap();
    let trace = one.traces.iter().find(|one| one.name == trace).unwrap_or_else(|| panic!("{pipeline} has no {trace}"));
    (trace.severed.unwrap_or_default(), trace.left.unwrap_or_default())
}
