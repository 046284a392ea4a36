//! The tests that a proposed pipeline carries: each is tried first, and what doesn't hold stays a comment.

use std::path::PathBuf;

use jiff::civil::{Date, date};
use toml_edit::{Array, InlineTable, Value};

use super::gather::{column, statuses};
use super::part::Part;
use crate::cells::TimeFormat;
use crate::pipeline::Pipeline;
use crate::profile::guess::{About, Role};
use crate::propose::page::{Page, list};
use crate::rehearse::rehearse;
use crate::toml_file::Located;

/// A made-up row: its cells by their columns.
type Cells = Vec<(String, String)>;

/// A test of the proposal's own.
#[derive(Clone)]
struct Test {
    above: String,
    name: String,
    row: Cells,
    /// Rows of lookups, by their names.
    lookups: Vec<(String, Cells)>,
    decision: &'static str,
    needs: &'static [&'static str],
}

/// Writes the tests that hold of a body; of what is due also the one that will, as a comment.
pub(super) fn tests(part: &Part<'_>, body: &str, page: &mut Page) {
    page.above(
        "# ---- its own tests ----------------------------------------------------------------------------------------------\n#\n\
         # Made-up rows; columns that aren't named are null. Add one for each state, each need, and the last day kept.\n\n",
    );
    let (usual, back) = usual(part);
    let mut held = 0;
    for test in usual {
        if test.holds(body) {
            test.print(page);
            held += 1;
        } else if test.decision == "due" {
            let more = unsaid(part);
            page.above(&format!("# When the rules above are whole, this must hold{more}:\n"));
            let mut own = Page::default();
            test.print(&mut own);
            page.asleep(own.without_end());
            page.above("\n");
        }
    }
    for needs in [&["undetermined"][..], &["history", "undetermined"]] {
        for test in guarded(part, &back, needs).into_iter().filter(|test| test.holds(body)) {
            test.print(page);
            held += 1;
        }
    }
    if held == 0 {
        page.above("# None of the usual tests holds yet.\n");
    }
}

/// What is tried of any proposal, and the row that is over by its times.
fn usual(part: &Part<'_>) -> (Vec<Test>, Cells) {
    let out = row(part, date(2026, 10, 20), None, "5.00");
    // A bill is kept for the audit, too.
    let (back, names) = if part.seen.meaning.about == About::Bills {
        let paid = row(part, date(2010, 1, 5), Some(date(2010, 1, 20)), "0.00");
        let owed = "it is owed, and nobody has said who keeps a history: kept";
        (paid, ["it is owed: kept", owed, "it was paid long ago: due"])
    } else {
        let back = row(part, date(2026, 1, 5), Some(date(2026, 1, 20)), "");
        let out = "it is out, and nobody has said who keeps a history: kept";
        (back, ["it is out: kept", out, "it came back long ago, and nothing hangs on it: due"])
    };
    let [first, second, last] = names;
    let lookups = who_chose_nothing(part);
    let test = |name: &str, row: &Cells, decision, needs| Test {
        above: String::new(),
        name: name.into(),
        row: row.clone(),
        lookups: lookups.clone(),
        decision,
        needs,
    };
    let tests = vec![
        test(first, &out, "kept", &["open"]),
        test(second, &out, "kept", &["open", "history"]),
        test(last, &back, "due", &[]),
        test("nobody has said yet what it means: kept", &back, "kept", &["undetermined"]),
    ];
    (tests, back)
}

fn row(part: &Part<'_>, opened: Date, closed: Option<Date>, owed: &str) -> Cells {
    let meaning = part.seen.meaning;
    let cell = |place: usize, value: String| (part.name(place).to_string(), value);
    let mut cells: Cells = Vec::new();
    cells.extend(meaning.first(Role::Transaction).map(|place| cell(place, "1".into())));
    cells.extend(meaning.patrons.first().map(|place| cell(*place, "51".into())));
    cells.extend(meaning.first(Role::Opened).map(|place| cell(place, written(part, opened))));
    let ends = meaning.closed.first().zip(closed);
    cells.extend(ends.map(|(place, day)| cell(*place, written(part, day))));
    cells.extend(part.owed(owed));
    cells
}

/// A patron without a row is one of whom nothing is known.
fn who_chose_nothing(part: &Part<'_>) -> Vec<(String, Cells)> {
    let meaning = part.seen.meaning;
    let mut rows = Vec::new();
    for (lookup, name) in part.used().filter(|(lookup, _)| !lookup.many && lookup.from.is_none()) {
        let chooses = lookup.guesses.iter().any(|guess| guess.role == Role::History);
        if chooses && meaning.patrons.first() == Some(&lookup.ours) {
            let key = &part.seen.tables[lookup.table].columns[lookup.theirs[0]].name;
            rows.push((name.to_string(), vec![(key.clone(), "51".into())]));
        }
    }
    rows
}

/// What a person must write into a row before it is over.
fn unsaid(part: &Part<'_>) -> String {
    let states = part.seen.meaning.all(Role::Status).map(|place| format!("`{}`", part.name(place)));
    // Of a patron who keeps a history nothing is due.
    let chosen = part.used().flat_map(|(lookup, name)| {
        let columns = part.seen.tables[lookup.table].columns.iter().zip(&lookup.guesses);
        let history = columns.filter(|(_, guess)| guess.role == Role::History);
        history.map(move |(column, _)| format!("`{name}.{}`", column.name))
    });
    let all: Vec<String> = states.chain(chosen).collect();
    if all.is_empty() {
        String::new()
    } else {
        format!(" (write into the rows what a finished one has in {})", all.join(", "))
    }
}

/// A bill of which not all is known keeps what has ended: so no rule that is written later loses the guards.
fn guarded(part: &Part<'_>, back: &Cells, needs: &'static [&'static str]) -> Vec<Test> {
    let meaning = part.seen.meaning;
    let Some((lookup, name)) = part.bills_file().filter(|(lookup, _)| lookup.from.is_none()) else { return Vec::new() };
    let table = &part.seen.tables[lookup.table];
    let Some(owing) = column(table, lookup, Role::Owing) else { return Vec::new() };
    let mut row = back.clone();
    let joins = if meaning.first(Role::Transaction) == Some(lookup.ours) {
        "1"
    } else if meaning.patrons.first() == Some(&lookup.ours) {
        "51"
    } else {
        row.push((part.name(lookup.ours).into(), "9".into()));
        "9"
    };
    let bill: Cells = vec![(table.columns[lookup.theirs[0]].name.clone(), joins.into()), (owing, "0.00".into())];
    let finished: Vec<String> = meaning.all(Role::Status).map(|place| format!("`{}`", part.name(place))).collect();
    let above = if finished.is_empty() {
        String::new()
    } else {
        format!("# Write into the row what a finished one has in {}, once that is said.\n", finished.join(", "))
    };
    let test = |what: &str, bill: Cells| {
        let mut lookups = who_chose_nothing(part);
        lookups.push((name.to_string(), bill));
        Test { above: above.clone(), name: what.into(), row: row.clone(), lookups, decision: "kept", needs }
    };
    let mut tests = vec![test("a bill on which nothing is owed, and nobody knows since when: kept", bill.clone())];
    let dated = column(table, lookup, Role::Changed).map(|name| (name, written(part, date(2010, 1, 20))));
    for place in statuses(lookup) {
        let status = &table.columns[place].name;
        let mut bill = bill.clone();
        bill.extend(dated.clone());
        bill.push((status.clone(), "(said by nobody)".into()));
        tests.push(test(&format!("a bill whose {status} nobody has said to be over: kept"), bill));
    }
    tests
}

impl Test {
    fn print(&self, page: &mut Page) {
        let one = |cells: &Cells| -> Value {
            let cells: InlineTable = cells.iter().map(|(name, cell)| (name.as_str(), cell.as_str())).collect();
            Array::from_iter([cells]).into()
        };
        page.above(&self.above);
        page.next("test");
        page.set("name", self.name.as_str(), "");
        page.set("as_of", "2026-11-01", "");
        page.set("rows", one(&self.row), "");
        for (name, cells) in &self.lookups {
            page.set_dotted("lookup", name, one(cells));
        }
        page.set_dotted("expect", "decision", self.decision);
        page.set_dotted("expect", "needs", list(self.needs));
        page.above("\n");
    }

    fn holds(&self, body: &str) -> bool {
        let mut page = Page::default();
        self.print(&mut page);
        let located = Located::new(PathBuf::from("proposed"), format!("{body}{}", page.print()));
        Pipeline::parse(&located).is_ok_and(|pipeline| rehearse(&pipeline).1.is_empty())
    }
}

/// A day as the pipeline's times are written.
fn written(part: &Part<'_>, day: Date) -> String {
    let pattern = part.reading.patterns.first().map_or("iso", String::as_str);
    TimeFormat::written(pattern, day.at(10, 30, 0, 0)).unwrap_or_else(|| day.to_string())
}
