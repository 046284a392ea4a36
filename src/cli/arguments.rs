//! The command line's arguments, as clap reads them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::init::Init;
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
    Init(Init),
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
    },
    /// Tell one transaction's needs and dates; no patron data
    Explain {
        /// The transaction's id in the library system
        id: String,
    },
    /// Recompute the evidence from files alone
    Verify {
        /// A head of the ledger that was noted or printed earlier
        #[arg(long, value_name = "DIGEST")]
        head: Option<Digest>,
    },
    Help(Help),
    #[command(hide = true)]
    Manual(Manual),
}

/// Print this, a command's arguments, or a topic: needs, treatments, roles, pipelines, holds, exit-codes
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
