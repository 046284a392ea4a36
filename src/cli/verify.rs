//! `verify`, and the sign-off of what was verified (`--sign`).

use jiff::Timestamp;

use super::out::{Ended, Failed, print_json};
use super::table::{bold, paragraph, warn};
use crate::act::{self, KnownToState, SignedRun};
use crate::evidence::ledger::{self, Act};
use crate::evidence::verify::{self, KeyedCheck};
use crate::state::commit::no_hook;
use crate::state::keys::Keys;
use crate::state::site::Site;
use crate::words::Digest;

/// A sign-off that is asked for: by whom, and of which run's report; the newest, unless it is given.
#[derive(Clone, Copy)]
pub struct Sign<'a> {
    pub by: &'a str,
    pub run: Option<u64>,
}

pub fn run(site: &Site, head: Option<Digest>, sign: Option<Sign<'_>>, json: bool) -> Result<Ended, Failed> {
    // Before anything is checked: a run that commits meanwhile is none that anybody has seen.
    let sign = sign.map(|sign| Sign { run: sign.run.or_else(|| newest_run(site)), ..sign });
    let keys = Keys::load(site);
    let without = keys.as_ref().err().map(ToString::to_string);
    let keys = keys.ok();
    let known = keys.as_ref().map(|keys| KnownToState::of(site, keys));
    let verified = verify::verify(site.root(), head, known.as_ref().map(|known| known as &dyn KeyedCheck));
    let checked = &verified.checked;
    let problems: Vec<String> = verified.problems.iter().map(ToString::to_string).collect();
    let mut shown = serde_json::json!({
        "sound": verified.is_sound(),
        "head": verified.head.map(|head| head.to_string()),
        "runs_since_head": verified.runs_since_head,
        "unfinished_run": verified.unfinished.map(|(run, _)| run),
        "checked": {
            "entries": checked.entries, "signatures": checked.signatures, "files": checked.files,
            "keyed_files": checked.keyed_files, "reports": checked.reports, "halves": checked.halves,
            "tables": checked.tables,
        },
        "problems": problems,
        "unchecked": verified.unchecked,
    });
    if !json {
        println!("{}", bold("Evidence"));
        println!("  ledger entries {:>8}, signatures {}", checked.entries, checked.signatures);
        println!("  public files   {:>8}, by SHA-256", checked.files);
        println!("  other files    {:>8}, by keyed digests", checked.keyed_files);
        println!("  reports        {:>8}, tables {}, datasets {}", checked.reports, checked.tables, checked.halves);
        if let Some(head) = verified.head {
            println!("  head  {head}");
        }
        if let Some(runs) = verified.runs_since_head {
            println!("  the head that was given is {runs} runs old");
        }
        if let Some((run, committed)) = verified.unfinished {
            let ends = if committed {
                "It is committed, and its files are not all in place yet; nothing is lost. The next `afterloan run` puts them there"
            } else {
                "It was not committed: nothing of it counts. The next `afterloan run` throws it away"
            };
            paragraph("  ", &format!("{} run {run} is at work, or was killed. {ends}.", warn("unfinished run:")));
        }
        for problem in &verified.problems {
            paragraph("  - ", &problem.to_string());
        }
        if let Some(why) = &without {
            paragraph("  ", &format!("{} {why}", warn("not checked, without the site's keys:")));
        }
        let shown = 10;
        for unchecked in verified.unchecked.iter().take(shown) {
            paragraph("  not checked: ", unchecked);
        }
        if verified.unchecked.len() > shown {
            println!("  … and {} more not checked", verified.unchecked.len() - shown);
        }
    }
    if !verified.problems.is_empty() {
        let count = verified.problems.len();
        let what = if count == 1 { "1 problem" } else { &format!("{count} problems") };
        return Err(Failed::with(format!("the evidence doesn't hold: {what}"), &shown, json)?);
    }
    if let Some(Sign { by, run }) = sign {
        let signed = act::sign_off(site, Timestamp::now(), by, run, &no_hook)?;
        if !json {
            println!("The evidence holds.");
            say_signed(&signed);
        }
        shown["signed"] = serde_json::json!(signed);
    } else if !json {
        println!("The evidence holds.");
    }
    if json {
        print_json(&shown)?;
    }
    Ok(if verified.unchecked.is_empty() && verified.unfinished.is_none() { Ended::Done } else { Ended::Look })
}

/// None where there is none, or the ledger can't be read: whoever signs is told by the act.
fn newest_run(site: &Site) -> Option<u64> {
    let lines = ledger::read(&site.ledger()).ok()?;
    let run = lines.iter().rev().find(|line| matches!(line.entry.act, Act::Run(_)))?;
    Some(run.entry.sequence)
}

fn say_signed(signed: &SignedRun) {
    let covers = match signed.covers.as_slice() {
        [] => String::new(),
        [one] if *one == signed.run => String::new(),
        [first, ..] => format!(", and with it all from run {first} on"),
    };
    paragraph("", &format!("Signed by {}: the report of run {}{covers}.", signed.by, signed.run));
    println!("Head:    {}", signed.head);
}
