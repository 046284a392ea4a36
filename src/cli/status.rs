//! `status`: what the first command of the morning says, in at most twenty lines.

use super::out::{Ended, Failed, print_json};
use super::table::{bold, cut, warn};
use crate::act::{self, Options, Status};
use crate::evidence::figure::grouped;
use crate::evidence::report::Halt;
use crate::state::site::Site;

/// So many of a sort are named; the report has all.
const NAMED: usize = 3;
const COLUMNS: usize = 80;
const LABEL: usize = 14;

pub fn run(site: &Site, options: Options, json: bool) -> Result<Ended, Failed> {
    let status = act::status(site, options)?;
    if json {
        print_json(&status)?;
    } else {
        words(&status);
    }
    Ok(if is_quiet(&status) { Ended::Done } else { Ended::Look })
}

fn is_quiet(status: &Status) -> bool {
    status.last_run.as_ref().is_some_and(|run| !run.is_old && run.purged != Some(false))
        && status.held.is_empty()
        && status.stopped.is_empty()
        && status.for_a_person.is_empty()
        && status.never_read.is_empty()
        && status.unfinished_run.is_none()
        && status.unfinished_purge.is_none()
        && !status.authorization.is_empty()
        && status.renew.is_none()
}

fn words(status: &Status) {
    println!("{}", bold(&format!("{}, {}", cut(&status.library, 60), status.day)));
    match &status.last_run {
        None => line("last run", "none yet: `afterloan plan` shows what one would do", true),
        Some(run) => {
            let purged = match run.purged {
                Some(true) => "; its worklists were carried out",
                Some(false) => "; its worklists wait for `afterloan purge`",
                None => "",
            };
            line("last run", &format!("run {}, {} hours ago{purged}", run.run, run.hours_ago), run.is_old);
            if let Some(report) = &run.report {
                line("report", report, false);
            }
        }
    }
    if let Some(run) = status.unfinished_run {
        line("unfinished", &format!("act {run} is at work, or was killed: the next run ends it"), true);
    }
    if let Some(purge) = &status.unfinished_purge {
        let text = format!(
            "a purge of run {}, after {} transactions: `afterloan purge` goes on",
            purge.run,
            grouped(purge.done)
        );
        line("unfinished", &text, true);
    }
    let linked = format!(
        "{} transactions: {} needed, {} waiting to be severed",
        grouped(status.linked),
        grouped(status.needed),
        grouped(status.waiting)
    );
    line("exposure", &linked, false);
    if !status.never_read.is_empty() {
        line("never read", &status.never_read.join(", "), true);
    }
    halts("held", &status.held);
    halts("stopped", &status.stopped);
    some("for a person", &status.for_a_person, |text| text.clone());
    if let Some(next) = &status.next_release {
        line("next release", &format!("{} {}, by a run from {} on", next.kind, next.period, next.from), false);
    }
    match status.authorization.as_str() {
        "" => line("authority", "none: `run` refuses until policy.toml names an authorization", true),
        authorization => line("authority", authorization, false),
    }
    if let Some(renew) = &status.renew {
        line("", renew, true);
    }
    let unsigned = match status.unsigned_runs {
        0 => String::new(),
        1 => "; 1 run since".into(),
        runs => format!("; {} runs since", grouped(runs)),
    };
    match (&status.signed_up_to, &status.signed_by) {
        (Some(run), Some(by)) => {
            line("signed", &format!("up to run {run}, by {by}{unsigned}"), status.overdue.is_some())
        }
        _ if status.last_run.is_some() => {
            line("signed", "no report yet: `afterloan verify --sign NAME`", status.overdue.is_some());
        }
        _ => {}
    }
    line("ledger head", &status.head.to_string(), false);
}

fn halts(label: &str, halts: &[Halt]) {
    some(label, halts, |halt| match &halt.pipeline {
        Some(pipeline) => format!("{pipeline}: {}", halt.why),
        None => halt.why.clone(),
    });
}

fn some<T>(label: &str, all: &[T], text: impl Fn(&T) -> String) {
    all.iter().take(NAMED).for_each(|one| line(label, &text(one), true));
    if all.len() > NAMED {
        line("", &format!("… and {} more: the report has all", all.len() - NAMED), true);
    }
}

/// A line that fits; what is missing stands in the report.
fn line(label: &str, text: &str, look: bool) {
    let text = text.lines().next().unwrap_or_default();
    let text = if label == "ledger head" { text.into() } else { cut(text, COLUMNS - LABEL) };
    let label = format!("{label:<LABEL$}");
    println!("{}{text}", if look { warn(&label) } else { label });
}
