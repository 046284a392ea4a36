//! A pipeline's worklist, as the run left it: batches of ids, in their order.

use super::last_run::LastRun;
use crate::act::begin::Tonight;
use crate::act::end::BATCHES;
use crate::act::refusal::Refusal;
use crate::evidence::ledger::FileDigest;
use crate::pipeline::Pipeline;
use crate::pipeline::declaration::Of;
use crate::plain_file;

/// How many ids a batch may have: fewer than MariaDB would make a table of.
pub const MOST: usize = 900;

pub struct List<'a> {
    pub pipeline: &'a Pipeline,
    /// Ids as they stand in SQL. Those of two batches are never in one transaction.
    batches: Vec<(Of, Vec<String>)>,
}

impl<'a> List<'a> {
    /// The lists of the last run, each as the ledger has it, of pipelines that are as they were.
    pub fn all(tonight: &'a Tonight, run: &LastRun) -> Result<Vec<List<'a>>, Refusal> {
        let live = tonight.pipelines.iter().filter(|pipeline| pipeline.declaration.is_live());
        live.map(|pipeline| List::read(tonight, run, pipeline)).collect()
    }

    fn read(tonight: &'a Tonight, run: &LastRun, pipeline: &'a Pipeline) -> Result<List<'a>, Refusal> {
        let known = tonight.memory.pipelines.get(pipeline.name());
        let mut list = List { pipeline, batches: Vec::new() };
        let ending = format!(".{BATCHES}");
        let Some(path) = known.and_then(|known| known.worklists.iter().find(|path| path.ends_with(&ending))) else {
            return Ok(list);
        };
        if known.is_none_or(|known| known.declaration != Some(pipeline.digest)) {
            let name = pipeline.name();
            return Err(Refusal::Plain(format!("pipeline {name} was changed since the last run. Run again first")));
        }
        let at = tonight.site.at(path);
        let gone = |why: String| Refusal::Plain(format!("{path}: {why}. A run makes a new list"));
        let text = plain_file::read_to_string(&at).map_err(|error| gone(error.to_string()))?;
        let mut digest = tonight.keys.digest(path);
        digest.update(text.as_bytes());
        let named = run.files.iter().find(|file| file.path == *path).map(|file| file.digest);
        if named != Some(FileDigest::Keyed(digest.finish())) {
            return Err(gone("it isn't what the run wrote".into()));
        }
        for line in text.lines() {
            let (of, ids) = match line.split_once(' ') {
                Some(("linked", ids)) => (Of::Linked, ids),
                Some(("unlinked", ids)) => (Of::Unlinked, ids),
                _ => return Err(gone("it isn't a list of batches".into())),
            };
            list.batches.push((of, ids.split(',').map(String::from).collect()));
        }
        Ok(list)
    }

    pub fn count(&self) -> u64 {
        self.batches.iter().map(|(_, ids)| ids.len() as u64).sum()
    }

    /// The next ids after so many, at most `size`.
    pub fn after(&self, done: u64, size: usize) -> Option<(Of, Vec<String>)> {
        let mut skip = usize::try_from(done).ok()?;
        for (of, ids) in &self.batches {
            if skip < ids.len() {
                return Some((*of, ids[skip..].iter().take(size).cloned().collect()));
            }
            skip -= ids.len();
        }
        None
    }
}
