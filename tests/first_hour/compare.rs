//! A proposal beside the pipeline that was written by hand: what each says of each column of each file.
//!
//! A correction is a wrong or missing role that changes what is kept, retired or published. Rules that wait for a
//! vocabulary (which values mean that it is over, or that no history is kept) are one each. That more is kept for longer
//! where a policy has a period for refunds, or that more is searched for, is none.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use toml::{Table, Value};

#[derive(Default)]
pub struct Compared {
    pub refused: Option<String>,
    pub corrections: Vec<String>,
    /// Columns that identify by hand, and don't in the proposal.
    pub open: Vec<String>,
    rows: Vec<[String; 5]>,
}

type Roles = BTreeMap<(String, String), BTreeSet<&'static str>>;

/// A pipeline by the files that it reads.
struct Side {
    roles: Roles,
    sources: BTreeSet<String>,
    /// By file: ours and theirs, as columns of files.
    joins: BTreeMap<String, Vec<(String, Vec<String>)>>,
    /// Files that decide.
    deciding: BTreeSet<String>,
    /// Whether a rule for what is over is still to be written.
    waits: bool,
}

const IDENTIFYING: [&str; 5] = ["patron", "people", "identifier", "name", "alone"];

fn strings(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => all.iter().filter_map(|one| one.as_str().map(String::from)).collect(),
        Some(Value::Table(table)) => strings(table.get("first").or(table.get("latest"))),
        _ => Vec::new(),
    }
}

fn tables<'t>(pipeline: &'t Table, name: &str) -> Vec<&'t Table> {
    pipeline.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table).collect()
}

impl Side {
    fn of(pipeline: &Table, files: &[PathBuf]) -> Side {
        let file = |part: &Table| {
            let pattern = glob::Pattern::new(&part["files"].as_str().unwrap().replace("{date}", "*")).unwrap();
            let names = files.iter().map(|file| file.file_name().unwrap().to_str().unwrap());
            names.filter(|name| pattern.matches(name)).map(String::from).next().unwrap_or_default()
        };
        let mut side = Side {
            roles: Roles::new(),
            sources: tables(pipeline, "source").into_iter().map(file).collect(),
            joins: BTreeMap::new(),
            deciding: BTreeSet::new(),
            waits: false,
        };
        let lookups: BTreeMap<String, String> = tables(pipeline, "lookup")
            .iter()
            .map(|lookup| (lookup["name"].as_str().unwrap().to_string(), file(lookup)))
            .collect();
        let place =
            |name: &str| match name.split_once('.').and_then(|(lookup, column)| Some((lookups.get(lookup)?, column))) {
                Some((file, column)) => (file.clone(), column.to_string()),
                None => ("transactions".to_string(), name.to_string()),
            };
        let mut note = |name: (String, String), role: &'static str| {
            side.roles.entry(name).or_default().insert(role);
        };
        let columns = pipeline["columns"].as_table().unwrap();
        // A row of a log is known by its place.
        if let Some(transaction) = columns.get("transaction") {
            note(place(transaction["column"].as_str().unwrap()), "transaction");
        }
        for (key, role) in [
            ("patron", "patron"),
            ("item", "item"),
            ("opened", "opened"),
            ("closed", "closed"),
            ("renewals", "renewals"),
            ("renews", "renews"),
            ("people", "people"),
            ("identifiers", "identifier"),
            ("names", "name"),
            ("alone", "alone"),
            ("drop", "drop"),
        ] {
            strings(columns.get(key)).iter().for_each(|name| note(("transactions".into(), name.clone()), role));
        }
        for lookup in tables(pipeline, "lookup") {
            let name = file(lookup);
            for (key, role) in [
                ("identifiers", "identifier"),
                ("names", "name"),
                ("alone", "alone"),
                ("drop", "drop"),
                ("use", "used"),
            ] {
                strings(lookup.get(key)).iter().for_each(|column| note((name.clone(), column.clone()), role));
            }
            for (ours, theirs) in lookup["on"].as_table().unwrap() {
                let theirs = strings(Some(theirs));
                theirs.iter().for_each(|column| note((name.clone(), column.clone()), "key"));
                let (from, column) = place(ours);
                side.joins.entry(name.clone()).or_default().push((format!("{from}/{column}"), theirs));
            }
            for gather in lookup.get("gather").and_then(Value::as_table).into_iter().flat_map(Table::values) {
                side.deciding.insert(name.clone());
                strings(gather.get("any_positive"))
                    .into_iter()
                    .for_each(|column| note((name.clone(), column), "owing"));
                strings(gather.get("max")).into_iter().for_each(|column| note((name.clone(), column), "settled"));
                for when in ["any", "when"] {
                    for column in gather.get(when).and_then(Value::as_table).into_iter().flat_map(Table::keys) {
                        note((name.clone(), column.clone()), "asked");
                    }
                }
            }
        }
        // What is open is kept by any name.
        for state in tables(pipeline, "state").into_iter().filter(|state| state["is"].as_str() == Some("closed")) {
            for name in state.get("when").and_then(Value::as_table).into_iter().flat_map(Table::keys) {
                note(place(name), "state");
            }
        }
        for (need, says) in pipeline.get("needs").and_then(Value::as_table).into_iter().flatten() {
            let says = says.as_table().unwrap();
            let names: Vec<String> = match says.get("at") {
                Some(at) => vec![at.as_str().unwrap().to_string()],
                None => says.keys().cloned().collect(),
            };
            for name in names {
                let role = match need.as_str() {
                    "owing" => "owing",
                    "settled" | "refund" => "settled",
                    "history" => "history",
                    _ => "asked",
                };
                let (from, column) = place(&name);
                if from != "transactions" && need != "withdrawn" {
                    side.deciding.insert(from.clone());
                }
                note((from, column), role);
            }
        }
        for (_, column) in pipeline.get("requests").and_then(Value::as_table).into_iter().flatten() {
            column.as_str().into_iter().for_each(|column| note(place(column), "asked"));
        }
        for publish in tables(pipeline, "publish") {
            strings(publish.get("from")).iter().for_each(|name| note(place(name), "published"));
        }
        side.waits = !tables(pipeline, "state").iter().any(|state| state["is"].as_str() == Some("closed"));
        side
    }

    fn with(&self, role: &str) -> BTreeSet<String> {
        self.roles
            .iter()
            .filter(|((file, _), roles)| file == "transactions" && roles.contains(role))
            .map(|((_, column), _)| column.clone())
            .collect()
    }

    fn says(&self, at: &(String, String)) -> BTreeSet<&'static str> {
        self.roles.get(at).cloned().unwrap_or_default()
    }

    fn has_need(&self, role: &str) -> bool {
        self.roles.values().any(|roles| roles.contains(role))
    }
}

/// Titles are a board's to decide, so none is ever proposed; nor is a lookup that only they need.
fn without_titles(pipeline: &Table) -> Table {
    let mut pipeline = pipeline.clone();
    for (list, key) in [("publish", "about"), ("lookup", "name")] {
        if let Some(Value::Array(all)) = pipeline.get_mut(list) {
            all.retain(|one| !["title", "titles"].contains(&one[key].as_str().unwrap()));
        }
    }
    pipeline
}

pub fn compare(ours: &Table, proposed: &Table, files: &[PathBuf]) -> Compared {
    let ours = &without_titles(ours);
    let (mine, theirs) = (Side::of(ours, files), Side::of(proposed, files));
    let mut compared = Compared::default();
    let mut wrong = |what: String| compared.corrections.push(what);
    if ours["kind"] != proposed["kind"] {
        wrong(format!("kind: {} instead of {}", proposed["kind"], ours["kind"]));
    }
    if mine.sources != theirs.sources {
        wrong(format!("sources: {:?} instead of {:?}", theirs.sources, mine.sources));
    }
    read(ours, proposed, &mut wrong);
    for role in ["transaction", "item", "opened", "renewals", "renews"] {
        if mine.with(role) != theirs.with(role) && !(mine.with(role).is_empty() && ["item", "renewals"].contains(&role))
        {
            wrong(format!("{role}: {:?} instead of {:?}", theirs.with(role), mine.with(role)));
        }
    }
    // Who else may stand in where the patron isn't named is no mistake.
    if !mine.with("patron").is_subset(&theirs.with("patron")) {
        wrong(format!("patron: {:?} instead of {:?}", theirs.with("patron"), mine.with("patron")));
    }
    // That a time that is always there could end it, too, makes nothing due earlier.
    let opened = mine.with("opened");
    let ends: BTreeSet<String> = mine.with("closed").difference(&opened).cloned().collect();
    if !ends.is_subset(&theirs.with("closed")) {
        wrong(format!("closed: {:?} instead of {:?}", theirs.with("closed"), mine.with("closed")));
    }
    if theirs.waits {
        wrong("the values that mean that it is over".into());
    } else {
        let known = ["opened", "closed", "key"];
        let asked = mine.with("state").into_iter().filter(|column| {
            let says = mine.says(&("transactions".into(), column.clone()));
            !known.iter().any(|role| says.contains(role))
        });
        let asked: Vec<String> = asked.filter(|column| !theirs.with("state").contains(column)).collect();
        if !asked.is_empty() {
            wrong(format!("what {asked:?} says isn't asked"));
        }
    }
    if mine.has_need("history") {
        wrong("the values that mean that no history is kept".into());
    }
    unsaid(proposed, &mut wrong);
    for need in ["owing", "disputed"] {
        for name in whoever_has_a_bill(proposed, need) {
            // With the bill its payments are asked: one thing to say, and one question.
            let and = if pays(&mine, &name) { ", and its payments aren't asked" } else { "" };
            wrong(format!("whatever has a row in {name} is kept{and}"));
        }
    }
    for need in ["owing", "settled", "history"] {
        if mine.has_need(need) && !theirs.has_need(need) && !theirs.waits {
            wrong(format!("nothing is {need}"));
        }
    }
    // A file that isn't there can't be joined.
    for (file, joins) in mine.joins.iter().filter(|(file, _)| !file.is_empty()) {
        let found = theirs.joins.get(file).cloned().unwrap_or_default();
        let decides = mine.deciding.contains(file);
        let identifies =
            mine.roles.iter().any(|((of, _), roles)| of == file && IDENTIFYING.iter().any(|role| roles.contains(role)));
        let publishes = mine.roles.iter().any(|((of, _), roles)| of == file && roles.contains("published"));
        let told =
            whoever_has_a_bill(proposed, "owing").iter().any(|bills| file.starts_with(&format!("{bills}payment")));
        if (decides && !told || publishes || identifies) && !joins.iter().any(|join| found.contains(join)) {
            wrong(format!("{file} joins by {found:?} instead of {joins:?}"));
        }
    }
    let there = |at: &&(String, String)| exists(at, &mine.sources, files);
    let all: BTreeSet<&(String, String)> = mine.roles.keys().chain(theirs.roles.keys()).filter(there).collect();
    for at in all {
        let (by_hand, found) = (mine.says(at), theirs.says(at));
        let leads = |roles: &BTreeSet<&str>| IDENTIFYING.iter().any(|role| roles.contains(role));
        let mut verdict = "right";
        if leads(&by_hand) && !leads(&found) {
            verdict = "OPEN";
            compared.open.push(format!("{}: {}", at.0, at.1));
        } else if by_hand.contains("published") && leads(&found) && !leads(&by_hand) {
            verdict = "to correct: publishable, and declared an identifier";
            compared.corrections.push(format!("{}: {} is an identifier", at.0, at.1));
        } else if leads(&found) && !leads(&by_hand) {
            verdict = "more cautious";
        } else if by_hand.is_empty() {
            verdict = "named besides";
        } else if found.is_empty() {
            verdict = "not named";
        } else if by_hand.contains("published") {
            verdict = "right, its publication in a comment";
        }
        let joined = |roles: BTreeSet<&str>| roles.into_iter().collect::<Vec<_>>().join(" ");
        compared.rows.push([at.0.clone(), at.1.clone(), joined(by_hand), joined(found), verdict.into()]);
    }
    compared
}

/// What a person must say of bills: which values mean that one is over, or when it was paid. Each is a correction, also where
/// nothing is asked of it by hand. That of a further file of bills whatever has one is kept is none: more is kept.
/// Whether by hand the payments of these bills are asked, too.
fn pays(mine: &Side, bills: &str) -> bool {
    mine.joins.keys().any(|file| file.starts_with(&format!("{bills}payment")))
}

/// Lookups of bills of which any row keeps: as owing, or by a state.
fn whoever_has_a_bill(proposed: &Table, need: &str) -> Vec<String> {
    let needs = proposed.get("needs").and_then(|needs| needs.get(need)).into_iter();
    let states = tables(proposed, "state").into_iter().filter(|state| state["is"].as_str() == Some(need));
    let states = states.filter_map(|state| state.get("when"));
    let asked: Vec<&String> = needs.chain(states).filter_map(Value::as_table).flat_map(|when| when.keys()).collect();
    let lookups = tables(proposed, "lookup").into_iter().filter_map(|lookup| {
        let name = lookup["name"].as_str()?;
        let gather = lookup.get("gather")?.as_table()?;
        let any_row = |(slot, gathered): (&String, &Value)| {
            let is_set = |condition: &Value| condition.as_str() == Some("set");
            asked.contains(&&format!("{name}.{slot}"))
                && gathered.get("any").and_then(Value::as_table).is_some_and(|any| any.values().all(is_set))
        };
        gather.iter().any(any_row).then(|| name.to_string())
    });
    lookups.collect()
}

fn unsaid(proposed: &Table, wrong: &mut impl FnMut(String)) {
    for lookup in tables(proposed, "lookup") {
        let name = lookup["name"].as_str().unwrap();
        for (slot, gather) in lookup.get("gather").and_then(Value::as_table).into_iter().flatten() {
            for (column, condition) in gather.get("any").and_then(Value::as_table).into_iter().flatten() {
                let lists_none = condition.get("not").is_some_and(|not| not.as_array().unwrap().is_empty());
                match slot.as_str() {
                    "undated" if lists_none || condition.as_str() == Some("set") => {
                        wrong(format!("when a bill of {name} was paid"));
                    }
                    slot if slot.starts_with("unsaid") && lists_none => {
                        wrong(format!("the values of {name}.{column} that mean that a bill is over"));
                    }
                    _ => {}
                }
            }
        }
    }
}

/// Whether a file has the column: of JSON a pipeline names members that no record of a fixture has.
fn exists((file, column): &(String, String), sources: &BTreeSet<String>, files: &[PathBuf]) -> bool {
    if !files.iter().any(|file| file.to_string_lossy().contains(".json")) {
        return true;
    }
    let quoted = format!("\"{}\"", column.rsplit('.').next().unwrap());
    let named = |path: &&PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name == file || file == "transactions" && sources.contains(name)
    };
    files.iter().filter(named).any(|file| std::fs::read_to_string(file).is_ok_and(|text| text.contains(&quoted)))
}

/// How the files are read.
fn read(ours: &Table, proposed: &Table, wrong: &mut impl FnMut(String)) {
    let (mine, theirs) = (ours["read"].as_table().unwrap(), proposed["read"].as_table().unwrap());
    let format = |read: &Table| match read["format"].as_str().unwrap() {
        // With the delimiters of the other both read alike what isn't quoted.
        "delimited" | "csv" => "cells".to_string(),
        other => other.to_string(),
    };
    let text = |read: &Table, key: &str| read.get(key).map(ToString::to_string);
    if format(mine) != format(theirs) {
        wrong(format!("format: {} instead of {}", theirs["format"], mine["format"]));
    }
    for key in ["delimiter", "trailing", "comment", "trim", "encoding", "records", "decimal", "layout", "coverage"] {
        let usual =
            |read: &Table| key == "delimiter" && text(read, key).is_none_or(|sign| sign == "\"|\"" || sign == "\",\"");
        if text(mine, key) != text(theirs, key)
            && !(usual(mine) && usual(theirs))
            && !(key == "delimiter" && mine["format"] != theirs["format"])
        {
            wrong(format!("{key}: {:?} instead of {:?}", text(theirs, key), text(mine, key)));
        }
    }
    let patterns = |read: &Table| -> BTreeSet<String> {
        let mut all = strings(read.get("datetime"));
        all.iter_mut()
            .filter(|pattern| ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d"].contains(&pattern.as_str()))
            .for_each(|p| *p = "iso".into());
        if all.is_empty() { [String::from("iso")].into() } else { all.into_iter().collect() }
    };
    if !patterns(mine).is_subset(&patterns(theirs)) {
        wrong(format!("datetime: {:?} instead of {:?}", patterns(theirs), patterns(mine)));
    }
}

impl Compared {
    pub fn refused(why: String) -> Compared {
        Compared { refused: Some(why), ..Compared::default() }
    }

    /// As a part of a table in Markdown.
    pub fn told(&self, name: &str) -> String {
        let mut text = format!("## {name}\n\n");
        if let Some(why) = &self.refused {
            return text + &format!("Refused: {}\n\n", why.trim());
        }
        let count = |verdict: &str| self.rows.iter().filter(|row| row[4].starts_with(verdict)).count();
        text += &format!(
            "{} columns: {} right, {} more cautious, {} to be corrected in a column, {} left open to publication. To correct: {}.\n\n",
            self.rows.len(),
            count("right") + count("named") + count("not named"),
            count("more cautious"),
            count("to correct"),
            self.open.len(),
            if self.corrections.is_empty() {
                "nothing".into()
            } else {
                format!("{} ({})", self.corrections.len(), self.corrections.join("; "))
            },
        );
        text += "| file | column | by hand | proposed | |\n|---|---|---|---|---|\n";
        for row in &self.rows {
            text += &format!("| {} |\n", row.join(" | "));
        }
        text + "\n"
    }
}
