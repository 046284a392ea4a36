//! `explain`.

use super::out::{Ended, Failed, complain, print_json};
use super::table::{bold, on_stderr, paragraph};
use crate::act::{self, Explained, Options, OtherTraces, Shown, Stopped};
use crate::state::site::Site;
use crate::words::{Need, shown as shown_text};

/// As JSON.
#[derive(serde::Serialize)]
struct Told<'a> {
    explained: &'a [Explained],
    stopped: &'a [Stopped],
}

pub fn run(site: &Site, options: Options, id: &str, again: &str, json: bool) -> Result<Ended, Failed> {
    let (explained, stopped) = act::explain(site, options, id, &|_| {})?;
    // What is asked for is often pasted.
    let id = &shown_text(id);
    let shown = Told { explained: &explained, stopped: &stopped };
    for stopped in &stopped {
        complain(&on_stderr("", &format!("{} could not be read: {}", stopped.pipeline, stopped.why)));
    }
    if explained.is_empty() {
        let logs = if act::load_pipelines(site, false, None)?.iter().any(|pipeline| pipeline.declaration.is_log()) {
            ". Rows of logs have no ids: ask for them as FILE:LINE, the file being in the inbox"
        } else {
            ""
        };
        let why = format!("no transaction has the id {id} in tonight's exports, or its row was rejected{logs}");
        return Err(Failed::with(why, &shown, json)?);
    }
    if json {
        print_json(&shown)?;
    } else {
        for one in &explained {
            println!("{} {id}", bold(&format!("{}, {} line {}", one.pipeline, one.part, one.line)));
            println!("  decision   {}", decision(one.decision));
            println!("  opened     {}", one.opened.map_or("unknown".into(), |day| day.to_string()));
            if one.counts == Some(false) {
                println!("  published  never: it is no request that counts");
            }
            for need in &one.needs {
                let ends = need.ends.map_or_else(|| until(need.need).into(), |day| format!("until {day}"));
                println!("  need       {}, {ends}", need.need);
            }
            if one.needs.iter().any(|need| need.need == Need::Undetermined) {
                paragraph("             ", UNDETERMINED);
                println!("               afterloan check{again}");
            }
            if let Some(traces) = one.other_traces {
                paragraph("  traces     ", of_others(traces));
            }
            if let Some(day) = one.requested {
                let since = if one.confirmed { ", and it was found severed" } else { "" };
                println!("  worklist   since {day}{since}");
            }
        }
    }
    Ok(if stopped.is_empty() { Ended::Done } else { Ended::Look })
}

/// The same for every row: which of these it is would tell, where it is none of them, that a legal hold covers the row.
const UNDETERMINED: &str = "it can't be shown to be due. Most often a date, an amount or a status can't be read or isn't known, a \
                            date lies after the as-of or is implausible, another export has no row for it, or another row has \
                            its number. Columns and lines that can't be read:";

fn decision(shown: Shown) -> &'static str {
    match shown {
        Shown::Due => "due",
        Shown::AlreadyRetired => "due, and on an earlier worklist",
        Shown::Kept => "kept",
        Shown::Unlinked => "unlinked: it names nobody",
        Shown::Rejected => "rejected: it repeats another row exactly",
    }
}

/// What other traces the system has of a transaction that names nobody.
fn of_others(traces: OtherTraces) -> &'static str {
    match traces {
        OtherTraces::Wait => {
            "who it was may still stand elsewhere in the system; that isn't due, or can't be shown to be"
        }
        OtherTraces::Due => "who it was may still stand elsewhere in the system; the next run lists it",
        OtherTraces::Asked => "who it was may still stand elsewhere in the system; it is on a worklist",
        OtherTraces::Done => "where it may have stood elsewhere in the system, it was severed",
    }
}

/// What ends a need that has no date.
fn until(need: Need) -> &'static str {
    match need {
        Need::Open => "until it closes",
        Need::Owing => "until nothing is owed on it",
        Need::Disputed => "until the claim is resolved",
        Need::Lost => "until it is found or paid for",
        Need::Chain => "until no other loan of its chain of renewals, or row of its log, has a need",
        Need::LastBorrower => "until the item has newer loans, or is withdrawn",
        Need::History => "until the patron no longer keeps a history",
        Need::Grace | Need::Settled | Need::Refund => "for a while",
        Need::LegalHold | Need::Undetermined => "until it can be determined",
    }
}
