//! All holds that were ever placed, those in force first.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::cli::out::{Ended, Failed, print_json};
use crate::cli::table::{bold, paragraph, warn};
use crate::state::register::{Hold, Scope};
use crate::words::{Day, Kind, shown};

#[derive(Serialize)]
struct Listed<'a> {
    matter: &'a str,
    in_force: bool,
    trigger: &'a str,
    note: Option<&'a str>,
    since: String,
    by: &'a str,
    until: Option<Day>,
    /// A reminder: it is in force all the same.
    past_its_date: bool,
    covers: Vec<String>,
    released: Option<Ending<'a>>,
}

#[derive(Serialize)]
struct Ending<'a> {
    at: String,
    by: &'a str,
    why: Option<&'a str>,
}

pub fn list(holds: &[Hold], json: bool) -> Result<Ended, Failed> {
    let now = Timestamp::now();
    let today = Day::from_date(now.to_zoned(TimeZone::system()).date());
    let (in_force, ended): (Vec<&Hold>, Vec<&Hold>) = holds.iter().partition(|hold| hold.in_force(now));
    let all: Vec<Listed<'_>> = in_force.into_iter().chain(ended).map(|hold| listed(hold, now, today)).collect();
    let look = all.iter().any(|one| one.past_its_date);
    if json {
        print_json(&serde_json::json!({ "holds": all }))?;
    } else {
        words(&all);
    }
    Ok(if look { Ended::Look } else { Ended::Done })
}

fn listed(hold: &Hold, now: Timestamp, today: Day) -> Listed<'_> {
    let in_force = hold.in_force(now);
    Listed {
        matter: &hold.matter,
        in_force,
        trigger: hold.trigger.as_str(),
        note: hold.note.as_deref(),
        since: hold.placed.to_string(),
        by: &hold.placed_by,
        until: hold.until,
        past_its_date: in_force && hold.until.is_some_and(|until| until < today),
        covers: scope(&hold.scope),
        released: hold.released.as_ref().map(|released| Ending {
            at: released.at.to_string(),
            by: &released.by,
            why: released.why.as_deref(),
        }),
    }
}

fn words(all: &[Listed<'_>]) {
    if all.is_empty() {
        println!("No legal hold was ever placed.");
    }
    for hold in all {
        let state = if hold.in_force { warn("in force") } else { "released".into() };
        println!("{}  {state}", bold(&shown(hold.matter)));
        println!("  trigger   {}", hold.trigger);
        if let Some(note) = hold.note {
            paragraph("            ", &shown(note));
        }
        paragraph("  since     ", &format!("{}, by {}", hold.since, shown(hold.by)));
        hold.covers.iter().for_each(|line| paragraph("  covers    ", &shown(line)));
        if let Some(until) = hold.until {
            let past = if hold.past_its_date { "; past its date, and in force: release it or leave it" } else { "" };
            println!("  until     {until}{past}");
        }
        if let Some(released) = &hold.released {
            paragraph("  released  ", &format!("{}, by {}", released.at, shown(released.by)));
            paragraph("  why       ", &released.why.map_or_else(|| "not said".into(), shown));
        }
    }
}

/// What a hold covers; each line narrows the others.
pub fn scope(scope: &Scope) -> Vec<String> {
    let mut lines = Vec::new();
    if scope.everything {
        lines.push("everything".into());
    }
    if let Some(patrons) = &scope.patrons {
        let unmet = patrons.iter().filter(|patron| patron.met.is_empty() && !patron.number).count();
        let named = match patrons.len() {
            1 => "whom one identifier means".into(),
            many => format!("whom {many} identifiers mean"),
        };
        let unmet = match unmet {
            0 => String::new(),
            unmet => {
                format!("; {unmet} met nobody when it was placed: until they meet somebody, all that could be theirs")
            }
        };
        lines.push(format!("patrons {named}{unmet}"));
    }
    let list = |what: &str, all: &Option<Vec<String>>| all.as_ref().map(|all| format!("{what} {}", all.join(", ")));
    lines.extend(list("items", &scope.items));
    lines.extend(list("branches", &scope.branches));
    let kinds = |kinds: &Vec<Kind>| kinds.iter().map(|kind| kind.as_str().to_string()).collect();
    lines.extend(list("kinds", &scope.kinds.as_ref().map(kinds)));
    match (scope.opened_from, scope.opened_to) {
        (Some(from), Some(to)) => lines.push(format!("opened from {from} to {to}")),
        (Some(from), None) => lines.push(format!("opened from {from} on")),
        (None, Some(to)) => lines.push(format!("opened up to {to}")),
        (None, None) => {}
    }
    lines
}
