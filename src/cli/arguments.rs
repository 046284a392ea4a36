//! The command line's arguments, as clap reads them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::hold::Hold;
use super::init::Init;
use super::key::Key;
use super::shell::quoted;
use super::wait::Patience;
use crate::words::Digest;

#[derive(Parser)]
#[command(name = "afterloan", version, about = "Retires what a library's systems know about its readers", long_about = None)]
#[command(
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 done; 1 done, and a person should look; 2 refused or failed, nothing was retired; \
                  3 committed, not finished."
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Args)]
pub struct Common {
    /// The site's folder
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    pub site: PathBuf,
    /// The instant that decides (RFC 3339, a time of the library's zone, or a date for its first moment); now, unless given
    #[arg(long, global = true, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Print one JSON object instead of words
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum Command {
    /// Make a new site, ready to run on the next export
    Init(Box<Init>),
    /// Say how the site stands: the last run, what waits for a person, what comes next
    Status,
    /// Look at policy, pipelines and their tests, and the headers of what is in the inbox
    Check,
    /// Show what tonight's run would do, and why; changes nothing
    Plan,
    /// Do it
    Run {
        /// The digest of a plan that a person looked at: lifts its brakes
        #[arg(long, value_name = "DIGEST")]
        accept: Option<Digest>,
        /// A head of the ledger that was noted earlier: refuses where the ledger never had it
        #[arg(long, value_name = "DIGEST")]
        head: Option<Digest>,
        /// Wait for another run to end, for at most so long (an hour, unless given: 30m, 2h)
        #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true, default_missing_value = "1h")]
        wait: Option<Patience>,
        /// Then carry the worklists out, as `afterloan purge` does
        #[arg(long)]
        purge: bool,
    },
    /// Carry the newest worklists out on the live system, a batch at a time, and count what is left
    Purge {
        /// Who does it, for the ledger; the user, unless given
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Place, release and list legal holds
    Hold {
        #[command(subcommand)]
        act: Hold,
    },
    /// Tell one transaction's needs and dates; no patron data
    Explain {
        /// The transaction's id in the library system
        id: String,
    },
    /// Say what could be handed over tomorrow: how much still leads to a patron, and why
    Exposure,
    /// Recompute the evidence from files alone
    Verify {
        /// A head of the ledger that was noted or printed earlier
        #[arg(long, value_name = "DIGEST")]
        head: Option<Digest>,
        /// Where all of it holds: sign that this person has seen the newest run's report, and with it all before
        #[arg(long, value_name = "NAME")]
        sign: Option<String>,
        /// With --sign: the report of another run, by its number in the ledger
        #[arg(long, value_name = "NUMBER", requires = "sign")]
        run: Option<u64>,
    },
    /// The site's keys: which there are, a new one that signs, the end of one before its time
    #[command(subcommand)]
    Key(Key),
    /// Withdraw published files, a period of a table each, for good
    Takedown {
        /// Below public/: a period (…/month=2026-08), a table, or all of a kind
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<String>,
        /// Who does it, for the ledger
        #[arg(long, value_name = "NAME")]
        by: String,
        /// Why, for the ledger
        #[arg(long, value_name = "WHY")]
        why: String,
        /// Don't ask first
        #[arg(long)]
        yes: bool,
    },
    /// Say whether what is public can be solved for a few patrons, from it alone
    Audit {
        /// Another folder than the site's public one
        #[arg(long, value_name = "DIR")]
        public: Option<PathBuf>,
        /// Another threshold than the policy's; with --public no site is needed
        #[arg(long, value_name = "PATRONS")]
        threshold: Option<u32>,
    },
    Help(Help),
    #[command(hide = true)]
    Manual(Manual),
}

impl Command {
    /// Whether it is about a site that is there.
    pub fn opens_a_site(&self) -> bool {
        !matches!(self, Command::Init(_) | Command::Help(_) | Command::Manual(_))
    }

    /// The command as it was given, for a message that says how to give it again; of its arguments those that aren't everybody's.
    pub fn given(&self) -> String {
        match self {
            Command::Init(init) => format!("init{}", init.given()),
            Command::Check => "check".into(),
            Command::Plan => "plan".into(),
            Command::Status => "status".into(),
            Command::Exposure => "exposure".into(),
            Command::Run { accept, head, wait, purge } => {
                let digest = |name: &str, digest: &Option<Digest>| {
                    digest.as_ref().map(|digest| format!(" --{name} {digest}")).unwrap_or_default()
                };
                let wait = wait.map(|wait| format!(" --wait={wait}")).unwrap_or_default();
                let purge = if *purge { " --purge" } else { "" };
                format!("run{}{}{wait}{purge}", digest("accept", accept), digest("head", head))
            }
            Command::Purge { by } => {
                format!("purge{}", by.as_ref().map(|by| format!(" --by {}", quoted(by))).unwrap_or_default())
            }
            Command::Hold { act } => act.given(),
            Command::Explain { id } => format!("explain {}", quoted(id)),
            Command::Verify { head: _, sign, run } => {
                let sign = sign.as_ref().map(|by| format!(" --sign {}", quoted(by))).unwrap_or_default();
                let run = run.map(|run| format!(" --run {run}")).unwrap_or_default();
                format!("verify{sign}{run}")
            }
            Command::Key(key) => key.given(),
            Command::Takedown { paths, by, why, yes } => {
                let paths: String = paths.iter().map(|path| format!(" {}", quoted(path))).collect();
                let yes = if *yes { " --yes" } else { "" };
                format!("takedown{paths} --by {} --why {}{yes}", quoted(by), quoted(why))
            }
            Command::Audit { .. } => "audit".into(),
            Command::Help(_) => "help".into(),
            Command::Manual(_) => "manual".into(),
        }
    }
}

/// Print this, a command's arguments, or a topic: needs, treatments, roles, pipelines, release, acts, holds,
/// exit-codes
#[derive(Args)]
pub struct Help {
    /// A command or a topic
    pub topic: Option<String>,
}

/// Write man pages and shell completions
#[derive(Args)]
pub struct Manual {
    /// The folder to write them to, as man/ and completions/
    pub dir: PathBuf,
}
