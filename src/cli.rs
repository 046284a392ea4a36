//! The command line: arguments, words for people, exit codes. One file a command.
//!
//! Exit codes: 0 done; 1 done, and a person should look; 2 refused or failed, and nothing was retired; 3 committed, and not
//! finished.

/// As the standard one, but for a reader that went away (`afterloan check | head`): then nobody is left to tell.
macro_rules! println {
    () => { $crate::cli::say(format_args!("")) };
    ($($text:tt)*) => { $crate::cli::say(format_args!($($text)*)) };
}

mod check;
mod explain;
mod help;
mod init;
mod night;
mod progress;
mod table;
mod verify;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, FromArgMatches, Parser, Subcommand};
use jiff::Timestamp;

use crate::act::{Options, Refusal};
use crate::state::commit::CommitError;
use crate::state::site::Site;
use crate::words::Digest;

fn say(text: std::fmt::Arguments<'_>) {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}") {
        // What was asked for is done already, or changes nothing: an unread word is no failure.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("error: standard output can't be written: {error}");
            std::process::exit(i32::from(LOOK));
        }
        _ => {}
    }
}

/// Done, and a person should look.
const LOOK: u8 = 1;
/// Refused or failed; nothing was retired.
const FAILED: u8 = 2;
/// Committed, and not finished: the next run puts the rest in place.
const UNFINISHED: u8 = 3;

#[derive(Parser)]
#[command(name = "afterloan", version, about = "Retires what a library's systems know about its readers", long_about = None)]
#[command(
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 done; 1 done, and a person should look; 2 refused or failed, nothing was retired; \
                  3 committed, not finished."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct Common {
    /// The site's folder
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    site: PathBuf,
    /// The instant that decides (RFC 3339, or a date for its first moment); now, unless given
    #[arg(long, global = true, value_name = "TIME")]
    as_of: Option<String>,
    /// Print one JSON object instead of words
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Make a new site, ready to run on the next export
    Init(init::Init),
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
    Help(help::Help),
    #[command(hide = true)]
    Manual(help::Manual),
}

/// What a command ended with.
enum Ended {
    Done,
    Look,
}

/// Why a command failed, in words for people.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Night(#[from] Refusal),
    #[error(transparent)]
    Site(#[from] crate::state::site::SiteError),
    #[error(transparent)]
    Keys(#[from] crate::state::keys::KeysError),
    #[error("{0}")]
    Plain(String),
}

impl Failed {
    fn code(&self) -> u8 {
        if matches!(self, Failed::Night(Refusal::Commit(CommitError::Unfinished(_)))) { UNFINISHED } else { FAILED }
    }
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let matches = help::command().try_get_matches();
    let arguments = match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { FAILED.into() } else { ExitCode::SUCCESS };
        }
    };
    match act(&arguments) {
        Ok(Ended::Done) => ExitCode::SUCCESS,
        Ok(Ended::Look) => LOOK.into(),
        Err(error) => {
            let text = error.to_string() + &next(&error, &again(&arguments.common));
            let text = table::on_stderr("error: ", &text);
            match std::io::stderr().is_terminal() {
                true => eprintln!("{}", text.replacen("error:", "\u{1b}[31merror:\u{1b}[0m", 1)),
                false => eprintln!("{text}"),
            }
            error.code().into()
        }
    }
}

fn act(arguments: &Arguments) -> Result<Ended, Failed> {
    let common = &arguments.common;
    match &arguments.command {
        Command::Init(init) => init.run(),
        Command::Check => check::run(&site(common)?, options(common, None)?, &again(common), common.json),
        Command::Plan => night::plan(&site(common)?, options(common, None)?, &again(common), common.json),
        Command::Run { accept, head } => {
            let site = site(common)?;
            night::has_head(&site, *head)?;
            night::run(&site, options(common, *accept)?, &again(common), common.json)
        }
        Command::Explain { id } => {
            explain::run(&site(common)?, options(common, None)?, id, &again(common), common.json)
        }
        Command::Verify { head } => verify::run(&site(common)?, *head, common.json),
        Command::Help(help) => help.run(),
        Command::Manual(manual) => manual.run(),
    }
}

/// What to do after a failure, as commands that can be copied: `again` has the arguments that were given.
fn next(error: &Failed, again: &str) -> String {
    let Failed::Night(refusal) = error else { return String::new() };
    if matches!(refusal, Refusal::Unauthorized | Refusal::AheadOfClock { .. }) {
        return format!("\n  afterloan plan{again}");
    }
    match refusal.plan() {
        Some(plan) => {
            format!("\nLook at the plan:\n  afterloan plan{again}\nIf it is right:\n  {}", night::accept(again, plan))
        }
        None => String::new(),
    }
}

fn site(common: &Common) -> Result<Site, Failed> {
    Ok(Site::open(&common.site)?)
}

/// The arguments to give again.
fn again(common: &Common) -> String {
    let mut again = String::new();
    if common.site != std::path::Path::new(".") {
        let site = common.site.display().to_string();
        let is_plain = |c: char| c.is_alphanumeric() || "/._-+,:@%".contains(c);
        again += &match site.chars().all(is_plain) {
            true => format!(" --site {site}"),
            false => format!(" --site '{}'", site.replace('\'', "'\\''")),
        };
    }
    if let Some(as_of) = &common.as_of {
        again += &format!(" --as-of {as_of}");
    }
    again
}

fn options(common: &Common, accept: Option<Digest>) -> Result<Options, Failed> {
    let now = Timestamp::now();
    let as_of = match &common.as_of {
        None => now,
        Some(text) => instant(text, common)?,
    };
    Ok(Options { as_of, now, accept })
}

/// An instant; a date alone is its first moment in the library's time zone.
fn instant(text: &str, common: &Common) -> Result<Timestamp, Failed> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let date: jiff::civil::Date = text
        .parse()
        .map_err(|_| Failed::Plain("--as-of is no time; write 2026-11-01 or 2026-11-01T03:00:00-04:00".into()))?;
    let policy = crate::policy::Policy::load(&common.site.join("policy.toml")).map_err(Refusal::from)?;
    let zoned = date.to_zoned(policy.timezone).map_err(|error| Failed::Plain(format!("--as-of: {error}")))?;
    Ok(zoned.timestamp())
}

/// One JSON object on standard output.
fn print_json(value: &impl serde::Serialize) -> Result<(), Failed> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failed::Plain(error.to_string()))?;
    println!("{text}");
    Ok(())
}
