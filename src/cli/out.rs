//! What a command ends with, and the two places where it speaks: words or one JSON object on standard output, complaints on
//! standard error. A reader that went away and a full standard error are no faults.

use std::io::{ErrorKind, IsTerminal, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::table::on_stderr;
use super::unsigned;
use crate::act::Refusal;
use crate::words::Digest;

/// Done, and a person should look.
pub const LOOK: u8 = 1;
/// Refused or failed; nothing was retired.
pub const FAILED: u8 = 2;
/// Committed, and not finished: the next run puts the rest in place.
const UNFINISHED: u8 = 3;

/// What a command ended with.
pub enum Ended {
    Done,
    Look,
}

/// Why a command failed, in words for people.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    #[error(transparent)]
    Night(#[from] Refusal),
    #[error(transparent)]
    Site(#[from] crate::state::site::SiteError),
    #[error(transparent)]
    Keys(#[from] crate::state::keys::KeysError),
    #[error("{0}")]
    Plain(String),
    /// `shown`: what there is to show all the same, where JSON is asked for.
    #[error("{why}")]
    Shown { why: String, shown: Option<Value> },
}

impl Failed {
    pub fn code(&self) -> u8 {
        use crate::act::BeginError;
        use crate::state::commit::CommitError::Unfinished;
        let is_committed = matches!(
            self,
            Failed::Night(Refusal::Commit(Unfinished(_)) | Refusal::Begin(BeginError::Commit(Unfinished(_))))
        );
        if is_committed { UNFINISHED } else { FAILED }
    }

    /// Whose the site is, if it is somebody else's.
    pub fn owner(&self) -> Option<&str> {
        use crate::act::BeginError;
        use crate::state::site::SiteError::Foreign;
        match self {
            Failed::Site(Foreign { owner, .. })
            | Failed::Night(Refusal::Begin(BeginError::Site(Foreign { owner, .. }))) => Some(owner),
            _ => None,
        }
    }

    /// Whether another run is at work, which will end.
    pub fn is_another_run(&self) -> bool {
        use crate::act::BeginError;
        use crate::state::lock::LockError::Held;
        matches!(self, Failed::Night(Refusal::Begin(BeginError::Lock(Held(_)))))
    }

    /// Tonight's plan, where a person could accept it.
    pub fn plan(&self) -> Option<Digest> {
        if let Failed::Night(refusal) = self { refusal.plan() } else { None }
    }

    /// With what there is to show: as JSON, where that is asked for.
    pub fn with(why: String, shown: &impl Serialize, json: bool) -> Result<Failed, Failed> {
        let shown = if json { Some(value(shown)?) } else { None };
        Ok(Failed::Shown { why, shown })
    }
}

/// A line of words on standard output.
pub fn say(text: std::fmt::Arguments<'_>) {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}") {
        // What was asked for is done already, or changes nothing: an unread word is no failure.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            complain(&format!("error: standard output can't be written: {error}"));
            std::process::exit(i32::from(LOOK));
        }
        _ => {}
    }
}

/// A text on standard error, or nowhere: where that is closed or full, nobody is left to tell.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Why a command failed, on standard error.
pub fn complain_of_failure(why: &str) {
    let text = on_stderr("error: ", why);
    if std::io::stderr().is_terminal() {
        complain(&text.replacen("error:", "\u{1b}[31merror:\u{1b}[0m", 1));
    } else {
        complain(&text);
    }
}

/// One line on standard error about runs that should be signed by now. It changes no exit code. `only_site`: the argument that
/// names the site.
pub fn remind(only_site: &str) {
    if let Some(overdue) = unsigned::overdue() {
        complain(&on_stderr("note: ", &unsigned::said(overdue, only_site)));
    }
}

/// One JSON object on standard output.
pub fn print_json(shown: &impl Serialize) -> Result<(), Failed> {
    let text = match unsigned::overdue() {
        None => serde_json::to_string_pretty(shown),
        Some(overdue) => {
            let mut object = value(shown)?;
            object["unsigned"] = value(&overdue)?;
            serde_json::to_string_pretty(&object)
        }
    };
    let text = text.map_err(|error| Failed::Plain(error.to_string()))?;
    say(format_args!("{text}"));
    Ok(())
}

/// A failure as one JSON object: what there is to show, and beside it that it is a refusal, why, which digest a person could
/// accept, and the exit code.
pub fn print_failure(why: &str, plan: Option<Digest>, shown: Option<Value>, exit: u8) {
    let mut object = match shown {
        Some(Value::Object(object)) => object,
        _ => serde_json::Map::new(),
    };
    object.insert("refused".into(), json!(true));
    object.insert("reason".into(), json!(why));
    if let Some(plan) = plan {
        object.insert("digest".into(), json!(plan.to_string()));
    }
    object.insert("exit".into(), json!(exit));
    if let Err(error) = print_json(&object) {
        complain(&error.to_string());
    }
}

fn value(shown: &impl Serialize) -> Result<Value, Failed> {
    serde_json::to_value(shown).map_err(|error| Failed::Plain(error.to_string()))
}
