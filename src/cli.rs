//! The command line: arguments, words for people, exit codes. One file a command.
//!
//! Exit codes: 0 done; 1 done, and a person should look; 2 refused or failed, and nothing was retired; 3 committed, and not
//! finished; 101 a fault of afterloan's own.

/// As the standard one, but for a reader that went away (`afterloan check | head`): then nobody is left to tell.
macro_rules! println {
    () => { $crate::cli::out::say(format_args!("")) };
    ($($text:tt)*) => { $crate::cli::out::say(format_args!($($text)*)) };
}

mod arguments;
mod audit;
mod check;
mod choices;
mod confirm;
mod explain;
mod exposure;
mod help;
mod hold;
mod init;
mod key;
mod night;
mod out;
mod progress;
mod purge;
mod sealed;
mod shell;
mod status;
mod table;
mod takedown;
mod unsigned;
mod verify;
mod wait;

use std::process::ExitCode;

use clap::FromArgMatches;
use jiff::Timestamp;

use crate::act::{BeginError, Options, Purged, Refusal, contained, on_fault_tell_place};
use crate::state::site::Site;
use crate::words::Digest;

use arguments::{Arguments, Command, Common};
use out::{Ended, FAILED, Failed, LOOK};
use shell::quoted;

/// A fault of afterloan's own: it ended where it stood, as if it had been killed.
const FAULT: u8 = 101;

impl From<BeginError> for Failed {
    fn from(error: BeginError) -> Failed {
        Failed::Night(error.into())
    }
}

/// Runs the command line.
pub fn main() -> ExitCode {
    on_fault_tell_place();
    if let Err(error) = sealed::seal() {
        return failed(&error, None, None, asks_for_json(), FAILED);
    }
    let matches = help::command().try_get_matches();
    let arguments = match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            if !error.use_stderr() {
                return ExitCode::SUCCESS;
            }
            if asks_for_json() {
                out::print_failure(error.to_string().trim_end(), None, None, FAILED);
            }
            return FAILED.into();
        }
    };
    let json = arguments.common.json;
    if arguments.command.opens_a_site() {
        unsigned::watch(&arguments.common.site);
    }
    let code = ended(&arguments, json);
    let _ = contained(|| out::remind(&only_site(&arguments.common)));
    code
}

/// Does what is asked, and says what came of it.
fn ended(arguments: &Arguments, json: bool) -> ExitCode {
    match contained(|| act(arguments)) {
        Ok(Ok(Ended::Done)) => ExitCode::SUCCESS,
        Ok(Ok(Ended::Look)) => LOOK.into(),
        Ok(Err(error)) => {
            let why = error.to_string() + &next(&error, &arguments.command, &again(&arguments.common));
            let (plan, exit) = (error.plan(), error.code());
            let shown = if let Failed::Shown { shown, .. } = error { shown } else { None };
            failed(&why, plan, shown, json, exit)
        }
        Err(fault) => {
            let why = format!("{fault}. It ended where it stood, as if it had been killed; the next run recovers");
            failed(&why, None, None, json, FAULT)
        }
    }
}

fn failed(why: &str, plan: Option<Digest>, shown: Option<serde_json::Value>, json: bool, exit: u8) -> ExitCode {
    out::complain_of_failure(why);
    if json {
        out::print_failure(why, plan, shown, exit);
    }
    exit.into()
}

/// Where arguments can't be read: whether JSON is among them.
fn asks_for_json() -> bool {
    std::env::args_os().skip(1).take_while(|argument| argument != "--").any(|argument| argument == "--json")
}

fn act(arguments: &Arguments) -> Result<Ended, Failed> {
    let common = &arguments.common;
    match &arguments.command {
        Command::Init(_) | Command::Help(_) | Command::Manual(_) if common.json => {
            Err(Failed::Plain("this command has words for people alone: leave --json out".into()))
        }
        Command::Init(init) => init.run(),
        Command::Check => check::run(&site(common)?, options(common, None)?, &again(common), common.json),
        Command::Plan => night::plan(&site(common)?, options(common, None)?, &again(common), common.json),
        Command::Run { accept, head, wait, purge } => {
            let site = site(common)?;
            night::has_head(&site, *head)?;
            // Unless it is given, the as-of is that of the moment at which the run begins.
            let carry_out = || purge::carry_out(&site, options(common, None)?, None);
            let purge: Option<&dyn Fn() -> Result<Purged, Failed>> = if *purge { Some(&carry_out) } else { None };
            wait::for_another_run(*wait, || {
                night::run(&site, options(common, *accept)?, &again(common), common.json, purge)
            })
        }
        Command::Purge { by } => {
            purge::run(&site(common)?, options(common, None)?, by.as_deref(), &again(common), common.json)
        }
        Command::Hold { act } => act.run(&site(common)?, common.json),
        Command::Explain { id } => {
            explain::run(&site(common)?, options(common, None)?, id, &again(common), common.json)
        }
        Command::Exposure => exposure::run(&site(common)?, options(common, None)?, common.json),
        Command::Status => status::run(&site(common)?, options(common, None)?, common.json),
        Command::Audit { public, threshold } => audit::run(|| site(common), public.as_ref(), *threshold, common.json),
        Command::Verify { head, sign, run } => {
            let sign = sign.as_ref().map(|by| verify::Sign { by, run: *run });
            verify::run(&site(common)?, *head, sign, common.json)
        }
        Command::Key(asked) => key::run(&site(common)?, asked, common.json),
        Command::Takedown { paths, by, why, yes } => takedown::run(&site(common)?, paths, (by, why), *yes, common.json),
        Command::Help(asked) => help::help(asked),
        Command::Manual(asked) => help::manual(asked),
    }
}

/// What to do after a failure, as commands that can be copied: `again` has the arguments that were given.
fn next(error: &Failed, command: &Command, again: &str) -> String {
    if let Some(owner) = error.owner() {
        // What `init` was given is all there.
        let again = if matches!(command, Command::Init(_)) { "" } else { again };
        return format!("\n  sudo -u {owner} afterloan {}{again}", command.given());
    }
    let Failed::Night(refusal) = error else { return String::new() };
    let can_plan = matches!(
        refusal,
        Refusal::Begin(BeginError::Unauthorized | BeginError::Expired { .. } | BeginError::AheadOfClock { .. })
    );
    if can_plan {
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

/// The argument that names the site, where it is given.
fn only_site(common: &Common) -> String {
    if common.site == std::path::Path::new(".") {
        return String::new();
    }
    format!(" --site {}", quoted(&common.site.display().to_string()))
}

/// The arguments to give again.
fn again(common: &Common) -> String {
    let mut again = only_site(common);
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

/// An instant. Without an offset it is a time of the library's own zone; a date alone is its first moment.
fn instant(text: &str, common: &Common) -> Result<Timestamp, Failed> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let wrong = "--as-of is no time; write 2026-11-01, 2026-11-01T03:00 or 2026-11-01T03:00:00-04:00";
    // The name of a zone would be passed over.
    let civil =
        Some(text).filter(|text| !text.contains('[')).and_then(|text| text.parse::<jiff::civil::DateTime>().ok());
    let date = civil.ok_or_else(|| Failed::Plain(wrong.into()))?;
    let policy = crate::policy::Policy::load(&common.site.join("policy.toml")).map_err(BeginError::from)?;
    let zoned = date.to_zoned(policy.timezone).map_err(|error| Failed::Plain(format!("--as-of: {error}")))?;
    Ok(zoned.timestamp())
}
