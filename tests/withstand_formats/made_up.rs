//! A made-up library system: twelve loans, their patrons and bills, and one pipeline for whatever dialect they are
//! written in. Only what stands under `[read]`, and where exports come from, differs.

use std::fs;
use std::process::Stdio;

pub use super::dialects::*;
use crate::support::inbox::{CANARY, CliNight, both, date, write_at};
use crate::support::{AS_OF, TestSite, afterloan, files};

const PIPELINE: &str = r#"
format = 1
kind = "loan"
name = "made-up-loans"
about = "A made-up system"

[read]
{read}
coverage = "snapshot"
null = ["", "NEVER"]

[[source]]
part = "loans"
{loans}

[columns]
transaction = { column = "id", type = "text" }
patron = "patron.id"
item = "item"
opened = "out"
closed = "back"
identifiers = ["note"]

[[lookup]]
name = "patrons"
{patrons}
on = { "patron.id" = "id" }
use = ["history"]
identifiers = ["card"]
names = ["name.last", "name.first"]

[[lookup]]
name = "bills"
{bills}
rows = "many"
on = { id = "loan" }
drop = ["number"]
[lookup.gather]
owing = { any_positive = "owed" }

[[state]]
is = "open"
when = { back = "unset", "status.name" = ["ausgeliehen"] }
[[state]]
is = "closed"
when = { back = "set", "status.name" = ["zurückgegeben"] }

[needs]
owing = { "bills.owing" = true }
history = { "patrons.history" = ["behält"] }

[[publish]]
name = "branch"
from = "branch"
treatment = "keep"
about = "place"
codes = true
[[publish]]
name = "day"
from = "out"
treatment = "day"
about = "time"

[[trace]]
name = "the loan"
about = "the patron of a loan"
link = true
sever = "UPDATE loans SET patron = NULL WHERE id IN ({ids})"
"#;

/// What a night comes to on whole exports: read, retired, kept, unlinked, rejected.
pub const TOTALS: [u64; 5] = [12, 6, 5, 1, 0];

/// The loan of this number in the worklist; 1 to 6 are due, and the notes of 5 hold the canary.
pub fn id(number: usize) -> String {
    match number % 3 {
        0 => format!("7b2F1f0e-9d0f-4c5a-8f00-0123456789{number:02}"),
        1 => format!("{number}"),
        _ => format!("Loan_{number}:2026.08-x"),
    }
}

/// An export before it is written.
#[derive(Clone)]
pub struct Table {
    pub name: &'static str,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
}

pub fn loans() -> Table {
    let columns = vec!["id", "note", "patron.id", "item", "out", "back", "status.name", "branch"];
    let row = |number: usize| {
        let note = match number {
            3 => "12\" disc, its sleeve # 4 torn",
            5 => CANARY,
            _ => "",
        };
        let back = match number {
            8 => "2026-10-20 09:00:00",
            9 => "",
            _ => "2026-08-12 17:00:00",
        };
        let status = match number {
            7 => "verschollen",
            9 => "ausgeliehen",
            _ => "zurückgegeben",
        };
        let patron = if number == 12 { String::new() } else { format!("{}", 7000 + number) };
        let item = format!("{}", 300_000 + number);
        let [note, back, status, out, branch] = [note, back, status, "2026-08-03 10:30:00", "MAIN"].map(String::from);
        vec![id(number), note, patron, item, out, back, status, branch]
    };
    Table { name: "loans", columns, rows: (1..=12).map(row).collect() }
}

fn patrons() -> Table {
    let row = |number: usize| {
        let history = if number == 11 { "behält" } else { "löscht" };
        let [card, last] = [format!("29999{number:09}"), format!("Größe{number}")];
        vec![format!("{}", 7000 + number), card, last, "Zoë".into(), history.into()]
    };
    let columns = vec!["id", "card", "name.last", "name.first", "history"];
    Table { name: "patrons", columns, rows: (1..=11).map(row).collect() }
}

fn bills() -> Table {
    let row = |number: usize, loan: usize, owed: &str| vec![number.to_string(), id(loan), owed.to_string()];
    let rows = vec![row(1, 1, "0"), row(2, 10, "2.50"), row(3, 10, "0"), row(4, 2, "0.00")];
    Table { name: "bills", columns: vec!["number", "loan", "owed"], rows }
}

/// The exports of one night in one dialect, to be broken in one place.
#[derive(Clone)]
pub struct Exports {
    pub dialect: Dialect,
    /// Each file's name, without the folder, and its bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// For each table, how the pipeline says where it is.
    origins: [(&'static str, String); 3],
}

impl Exports {
    pub fn new(dialect: &Dialect) -> Exports {
        let tables = [loans(), patrons(), bills()];
        let origins = tables.each_ref().map(|table| (table.name, origin(dialect, table)));
        let files = tables.iter().flat_map(|table| {
            let pieces = if dialect.from == From::Split { 3 } else { 1 };
            let rows = table.rows.len().div_ceil(pieces);
            table.rows.chunks(rows).enumerate().map(move |(piece, rows)| {
                let part = Table { rows: rows.to_vec(), ..table.clone() };
                let piece = if pieces > 1 { format!("-{}", piece + 1) } else { String::new() };
                let name = format!("{}-2026-11-01{piece}{}", table.name, dialect.ending);
                (name, (dialect.pack)(&(dialect.encode)(&(dialect.text)(&part))))
            })
        });
        Exports { dialect: *dialect, files: files.collect(), origins }
    }

    /// Says another way to a table's records.
    pub fn origin(&mut self, table: &str, lines: impl Into<String>) -> &mut Exports {
        self.origins.iter_mut().find(|(name, _)| *name == table).unwrap().1 = lines.into();
        self
    }

    /// A library in which nobody was ever billed: where no loan can be read, no bill is about one.
    pub fn without_bills(mut self) -> Exports {
        let none = Table { rows: Vec::new(), ..bills() };
        let dialect = self.dialect;
        *self.file("bills") = (dialect.pack)(&(dialect.encode)(&(dialect.text)(&none)));
        let lines = origin(&dialect, &none) + "\nmay_be_empty = true";
        self.origin("bills", lines);
        self
    }

    pub fn file(&mut self, name: &str) -> &mut Vec<u8> {
        let found = self.files.iter_mut().find(|(known, _)| known.starts_with(name));
        &mut found.unwrap_or_else(|| panic!("no file {name}")).1
    }

    /// The name of a file in the inbox.
    pub fn name(&self, begins: &str) -> &str {
        &self.files.iter().find(|(known, _)| known.starts_with(begins)).unwrap().0
    }

    /// A site with this pipeline alone and these exports.
    pub fn site(&self) -> TestSite {
        let site = TestSite::init("koha");
        for other in files(&site.at("pipelines")) {
            fs::remove_file(site.at("pipelines").join(other)).unwrap();
        }
        let mut pipeline = PIPELINE.replace("{read}", self.dialect.read);
        for (table, lines) in &self.origins {
            pipeline = pipeline.replace(&format!("{{{table}}}"), lines);
        }
        if self.dialect.from == From::StandardInput {
            // A legal hold may have rows with identifiers read twice.
            pipeline = pipeline.replace("identifiers = [\"note\"]", "drop = [\"note\"]");
        }
        fs::write(site.at("pipelines/made-up-loans.toml"), pipeline).unwrap();
        for (name, bytes) in &self.files {
            let path = write_at(&site, name, bytes, AS_OF);
            if matches!(self.dialect.from, From::StandardInput | From::Command) {
                // What a program prints is of now.
                date(&path, &jiff::Timestamp::now().to_string());
            }
        }
        site
    }

    /// The plan, and the run that accepts it.
    pub fn night(&self, site: &TestSite) -> CliNight {
        let plan = self.cli(site, &["plan", "--as-of", AS_OF]);
        let mut printed = both(&plan);
        let said = String::from_utf8_lossy(&plan.stdout).to_string();
        let digest = said.split("--accept \\\n").nth(1).map(str::trim);
        let accept: Vec<&str> = digest.iter().flat_map(|digest| ["--accept", digest]).collect();
        let run = self.cli(site, &[&["run", "--json", "--as-of", AS_OF], &accept[..]].concat());
        printed += &both(&run);
        assert!(!printed.contains("panicked"), "{printed}");
        let json = serde_json::from_slice(&run.stdout).unwrap_or_default();
        CliNight { code: run.status.code().unwrap(), json, printed }
    }

    /// The binary on the site, with the loans on standard input where they come from there.
    fn cli(&self, site: &TestSite, args: &[&str]) -> std::process::Output {
        if self.dialect.from != From::StandardInput {
            return site.cli(args);
        }
        let path = site.at("inbox").join(self.name("loans"));
        let input = fs::File::open(path).unwrap();
        afterloan().args(args).arg("--site").arg(site.root()).stdin(Stdio::from(input)).output().unwrap()
    }
}

/// The pipeline's lines for a table.
fn origin(dialect: &Dialect, table: &Table) -> String {
    let name = table.name;
    let ending = dialect.ending;
    let from = match dialect.from {
        From::StandardInput if name == "loans" => "files = \"-\"".into(),
        From::Files | From::StandardInput => format!("files = \"{name}-*{ending}\""),
        From::Split => format!("files = \"{name}-{{date}}-*{ending}\"\nsplit = true"),
        From::Command => format!("command = [\"cat\", \"inbox/{name}-2026-11-01{ending}\"]"),
    };
    if dialect.bare { format!("{from}\nheader = {:?}", table.columns) } else { from }
}

/// The worklist's ids, sorted; none where there is no list.
pub fn worklist(site: &TestSite) -> Vec<String> {
    let mut ids: Vec<String> = list(site, ".csv").lines().skip(1).map(String::from).collect();
    ids.sort();
    ids
}

/// The worklist with this ending.
pub fn list(site: &TestSite, ending: &str) -> String {
    let lists = files(&site.at("worklists"));
    let found = lists.iter().find(|path| path.to_string_lossy().ends_with(ending));
    found.map(|path| fs::read_to_string(site.at("worklists").join(path)).unwrap()).unwrap_or_default()
}

/// The ids of loans, as the worklist sorts them.
pub fn ids(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    let mut ids: Vec<String> = numbers.into_iter().map(id).collect();
    ids.sort();
    ids
}
