//! The tests that a proposed pipeline carries: each is tried first, and what doesn't hold stays a comment.

use std::path::PathBuf;

use jiff::civil::date;
use jiff::tz::TimeZone;

use super::gather::{column, statuses};
use super::part::Part;
use super::text::{key, quoted};
use crate::pipeline::Pipeline;
use crate::profile::guess::{About, Role};
use crate::rehearse::rehearse;
use crate::toml_file::Located;

pub(super) fn tests(part: &Part<'_>, body: &str) -> String {
    let meaning = part.seen.meaning;
    let mut text = String::from(
        "# ---- its own tests ----------------------------------------------------------------------------------------------\n#\n\
         # Made-up rows; columns that aren't named are null. Add one for each state, each need, and the last day kept.\n\n",
    );
    let cell = |name: &str, value: &str| format!("{} = {}", key(name), quoted(value));
    let row = |opened: jiff::civil::Date, closed: Option<jiff::civil::Date>, owed: &str| {
        let mut cells = Vec::new();
        cells.extend(meaning.first(Role::Transaction).map(|place| cell(part.name(place), "1")));
        cells.extend(meaning.patrons.first().map(|place| cell(part.name(*place), "51")));
        cells.extend(meaning.first(Role::Opened).map(|place| cell(part.name(place), &written(part, opened))));
        let ends = meaning.closed.iter().take(usize::from(closed.is_some()));
        cells.extend(ends.zip(closed).map(|(place, day)| cell(part.name(*place), &written(part, day))));
        cells.extend(part.owed(owed));
        format!("{{ {} }}", cells.join(", "))
    };
    // Who has chosen nothing: a patron without a row is one of whom nothing is known.
    let mut theirs = String::new();
    for (lookup, name) in part.used().filter(|(lookup, _)| !lookup.many && lookup.from.is_none()) {
        let chooses = lookup.guesses.iter().any(|guess| guess.role == Role::History);
        if chooses && meaning.patrons.first() == Some(&lookup.ours) {
            let key = &part.seen.tables[lookup.table].columns[lookup.theirs[0]].name;
            theirs += &format!("lookup.{name} = [{{ {} }}]\n", cell(key, "51"));
        }
    }
    let out = row(date(2026, 10, 20), None, "5.00");
    // A bill is kept for the audit, too.
    let (back, cases) = if meaning.about == About::Bills {
        let paid = row(date(2010, 1, 5), Some(date(2010, 1, 20)), "0.00");
        (
            paid,
            [
                "it is owed: kept",
                "it is owed, and nobody has said who keeps a history: kept",
                "it was paid long ago: due",
            ],
        )
    } else {
        let back = row(date(2026, 1, 5), Some(date(2026, 1, 20)), "");
        let kept = "it is out, and nobody has said who keeps a history: kept";
        (back, ["it is out: kept", kept, "it came back long ago, and nothing hangs on it: due"])
    };
    let [first, second, last] = cases;
    let cases = [
        (first, &out, "kept", "[\"open\"]"),
        (second, &out, "kept", "[\"open\", \"history\"]"),
        (last, &back, "due", "[]"),
    ];
    let skeleton = [("nobody has said yet what it means: kept", &back, "kept", "[\"undetermined\"]")];
    let mut held = 0;
    for (name, row, decision, needs) in cases.into_iter().chain(skeleton) {
        let test = format!(
            "[[test]]\nname = {}\nas_of = \"2026-11-01\"\nrows = [{row}]\n{theirs}expect.decision = \"{decision}\"\nexpect.needs = {needs}\n\n",
            quoted(name)
        );
        if holds(&format!("{body}{test}")) {
            text += &test;
            held += 1;
        } else if decision == "due" {
            let states = meaning.all(Role::Status).map(|place| format!("`{}`", part.name(place)));
            let mut chosen = part.used().flat_map(|(lookup, name)| {
                let columns = part.seen.tables[lookup.table].columns.iter().zip(&lookup.guesses);
                let history = columns.filter(|(_, guess)| guess.role == Role::History);
                history.map(move |(column, _)| format!("`{name}.{}`", column.name)).collect::<Vec<_>>()
            });
            // Of a patron who keeps a history nothing is due.
            let states: Vec<String> = states.chain(chosen.by_ref()).collect();
            let more = if states.is_empty() {
                String::new()
            } else {
                format!(" (write into the rows what a finished one has in {})", states.join(", "))
            };
            text += &format!("# When the rules above are whole, this must hold{more}:\n");
            test.trim_end().lines().for_each(|line| text += &format!("# {line}\n"));
            text.push('\n');
        }
    }
    for needs in ["[\"undetermined\"]", "[\"history\", \"undetermined\"]"] {
        for test in guarded(part, &back, &theirs, needs).into_iter().filter(|test| holds(&format!("{body}{test}"))) {
            text += &test;
            held += 1;
        }
    }
    if held == 0 {
        text += "# None of the usual tests holds yet.\n";
    }
    text
}

/// A bill of which not all is known keeps what has ended: so no rule that is written later loses the guards.
fn guarded(part: &Part<'_>, back: &str, theirs: &str, needs: &str) -> Vec<String> {
    let meaning = part.seen.meaning;
    let Some((lookup, name)) = part.bills_file().filter(|(lookup, _)| lookup.from.is_none()) else { return Vec::new() };
    let table = &part.seen.tables[lookup.table];
    let Some(owing) = column(table, lookup, Role::Owing) else { return Vec::new() };
    let (joins, row) = match () {
        () if meaning.first(Role::Transaction) == Some(lookup.ours) => ("1", back.to_string()),
        () if meaning.patrons.first() == Some(&lookup.ours) => ("51", back.to_string()),
        () => ("9", back.replace(" }", &format!(", {} = \"9\" }}", key(part.name(lookup.ours))))),
    };
    let cell = |name: &str, value: &str| format!("{} = {}", key(name), quoted(value));
    let cells = format!("{}, {}", cell(&table.columns[lookup.theirs[0]].name, joins), cell(&owing, "0.00"));
    let long_ago = written(part, date(2010, 1, 20));
    let dated =
        column(table, lookup, Role::Changed).map_or(String::new(), |name| format!(", {}", cell(&name, &long_ago)));
    let finished: Vec<String> = meaning.all(Role::Status).map(|place| format!("`{}`", part.name(place))).collect();
    let more = if finished.is_empty() {
        String::new()
    } else {
        format!("# Write into the row what a finished one has in {}, once that is said.\n", finished.join(", "))
    };
    let test = |what: &str, bill: &str| {
        format!(
            "{more}[[test]]\nname = {}\nas_of = \"2026-11-01\"\nrows = [{row}]\n{theirs}lookup.{name} = [{{ {bill} }}]\n\
             expect.decision = \"kept\"\nexpect.needs = {needs}\n\n",
            quoted(what)
        )
    };
    let mut tests = vec![test("a bill on which nothing is owed, and nobody knows since when: kept", &cells)];
    for place in statuses(lookup) {
        let status = &table.columns[place].name;
        let bill = format!("{cells}{dated}, {}", cell(status, "(said by nobody)"));
        tests.push(test(&format!("a bill whose {status} nobody has said to be over: kept"), &bill));
    }
    tests
}

fn holds(text: &str) -> bool {
    let located = Located::new(PathBuf::from("proposed"), text.to_string());
    Pipeline::parse(&located).is_ok_and(|pipeline| rehearse(&pipeline).1.is_empty())
}

/// A day as the pipeline's times are written.
fn written(part: &Part<'_>, day: jiff::civil::Date) -> String {
    let pattern = part.reading.patterns.first().map_or("iso", String::as_str);
    let moment = day.at(10, 30, 0, 0).to_zoned(TimeZone::UTC);
    let text = moment.ok().and_then(|moment| jiff::fmt::strtime::format(pattern, &moment).ok());
    text.filter(|_| pattern != "iso").unwrap_or_else(|| day.to_string())
}
