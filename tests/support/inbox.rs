//! A whole inbox of a few rows, made from what the pipelines declare, so that a test can break one thing in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Output;

use afterloan::act::load_pipelines;
use afterloan::pipeline::Fields;
use afterloan::policy::Policy;
use jiff::{SignedDuration, Timestamp};

use super::{AS_OF, TestSite};

/// A value that must never be shown: tests put it into the cells of what they break.
pub const CANARY: &str = "Quokka77Zanzibar";

/// The night after `AS_OF`.
pub const AS_OF_LATER: &str = "2026-11-02T00:00:00-05:00";

/// The exports of one site, by the beginning of their names.
pub struct Inbox {
    tables: BTreeMap<String, Table>,
}

struct Table {
    file: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Inbox {
    /// Every export that the site's pipelines name, with every declared column and no row.
    pub fn empty(site: &TestSite) -> Inbox {
        let titles = Policy::load(&site.site().policy()).unwrap().release.titles;
        let pipelines = load_pipelines(&site.site(), titles, None).unwrap();
        let mut columns: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for pipeline in &pipelines {
            let declaration = &pipeline.declaration;
            let own: Vec<String> = Fields::new(declaration).declared().map(String::from).collect();
            for source in &declaration.sources {
                columns.entry(source.files.clone().unwrap()).or_default().extend(own.iter().cloned());
            }
            for lookup in &declaration.lookups {
                columns.entry(lookup.files.clone().unwrap()).or_default().extend(lookup.declared().map(String::from));
            }
        }
        let tables = columns.into_iter().map(|(pattern, columns)| {
            let file = pattern.replace("-*.csv*", "-2026-11-01.csv").trim_end_matches('*').to_string();
            let name = pattern.split(['-', '*']).next().unwrap().trim_end_matches(".tsv").to_string();
            (name, Table { file, columns: columns.into_iter().collect(), rows: Vec::new() })
        });
        Inbox { tables: tables.collect() }
    }

    /// Koha: so many loans (numbered from 1, of as many patrons from 7001, lent on 3 August and returned on 12 August
    /// 2026) and two old holds. All of them are due at `AS_OF`.
    pub fn koha(site: &TestSite, loans: usize) -> Inbox {
        let mut inbox = Inbox::empty(site);
        for number in 1..=loans {
            inbox.koha_patron(7000 + number);
            let [id, patron, item] = [number, 7000 + number, 300_000 + number].map(|number| number.to_string());
            inbox.add("items", &[("itemnumber", &item), ("itype", "BK"), ("itemlost", "0"), ("withdrawn", "0")]);
            let loan = [
                ("issue_id", id.as_str()),
                ("borrowernumber", &patron),
                ("itemnumber", &item),
                ("issuedate", "2026-08-03 10:30:00"),
                ("returndate", "2026-08-12 17:00:00"),
                ("branchcode", "MAIN"),
            ];
            inbox.add("old_issues", &loan);
        }
        for id in ["1", "2"] {
            let hold = [
                ("reserve_id", id),
                ("borrowernumber", "7001"),
                ("reservedate", "2026-08-03"),
                ("timestamp", "2026-08-09 09:00:00"),
                ("found", "F"),
                ("branchcode", "MAIN"),
            ];
            inbox.add("old_reserves", &hold);
        }
        inbox
    }

    /// A Koha patron, of whom nothing but the number resembles anybody else's.
    pub fn koha_patron(&mut self, number: usize) {
        let [id, card] = [number.to_string(), format!("29999{number:09}")];
        let [login, surname, email] =
            [format!("login{number}x"), format!("Surname{number}"), format!("p{number}@example.org")];
        let patron = [
            ("borrowernumber", id.as_str()),
            ("cardnumber", &card),
            ("userid", &login),
            ("surname", &surname),
            ("firstname", "Given"),
            ("email", &email),
            ("dateofbirth", "1980-02-03"),
            ("categorycode", "AD"),
            ("privacy", "1"),
        ];
        self.add("borrowers", &patron);
    }

    /// Adds a row; columns that aren't named are null.
    pub fn add(&mut self, table: &str, cells: &[(&str, &str)]) -> &mut Inbox {
        let table = self.tables.get_mut(table).unwrap();
        let mut row = vec![String::new(); table.columns.len()];
        for (column, value) in cells {
            row[table.place(column)] = value.to_string();
        }
        table.rows.push(row);
        self
    }

    /// Changes a cell; rows count from 0.
    pub fn set(&mut self, table: &str, row: usize, column: &str, value: &str) -> &mut Inbox {
        let table = self.tables.get_mut(table).unwrap();
        let place = table.place(column);
        table.rows[row][place] = value.to_string();
        self
    }

    /// Takes rows out.
    pub fn retain(&mut self, table: &str, keep: impl Fn(usize) -> bool) -> &mut Inbox {
        let mut row = 0;
        self.tables.get_mut(table).unwrap().rows.retain(|_| {
            row += 1;
            keep(row - 1)
        });
        self
    }

    pub fn file(&self, table: &str) -> &str {
        &self.tables[table].file
    }

    /// The table as its system writes it.
    pub fn text(&self, table: &str) -> String {
        let table = &self.tables[table];
        if table.file.ends_with(".tsv") {
            let line = |row: &[String]| {
                let cells = row.iter().map(|cell| if cell.is_empty() { "\\N" } else { cell });
                cells.collect::<Vec<_>>().join("\t") + "\n"
            };
            return line(&table.columns) + &table.rows.iter().map(|row| line(row)).collect::<String>();
        }
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(&table.columns).unwrap();
        table.rows.iter().for_each(|row| csv.write_record(row).unwrap());
        String::from_utf8(csv.into_inner().unwrap()).unwrap()
    }

    /// Writes every export, as of `AS_OF`.
    pub fn put(&self, site: &TestSite) {
        self.put_at(site, AS_OF);
    }

    /// Writes every export, as of another night.
    pub fn put_at(&self, site: &TestSite, written: &str) {
        for (name, table) in &self.tables {
            write_at(site, &table.file, self.text(name), written);
        }
    }
}

impl Table {
    fn place(&self, column: &str) -> usize {
        let found = self.columns.iter().position(|known| known == column);
        found.unwrap_or_else(|| panic!("{} has no column {column}", self.file))
    }
}

/// Writes an export that was finished at a time.
pub fn write_at(site: &TestSite, name: &str, bytes: impl AsRef<[u8]>, written: &str) -> PathBuf {
    let path = site.at("inbox").join(name);
    fs::write(&path, bytes).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    date(&path, written);
    path
}

/// Sets a file's time of change.
pub fn date(path: &std::path::Path, written: &str) {
    let written: Timestamp = written.parse().unwrap();
    File::options().write(true).open(path).unwrap().set_modified(written.into()).unwrap();
}

/// `AS_OF`, some hours later or earlier.
pub fn hours_from_as_of(hours: i64) -> String {
    (AS_OF.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hours)).to_string()
}

/// A night by the command line: the plan, then the run that accepts it.
pub struct CliNight {
    pub code: i32,
    /// What `run --json` printed, if it printed anything.
    pub json: serde_json::Value,
    /// Everything that the plan (in words) and the run (in JSON) printed.
    pub printed: String,
}

impl CliNight {
    pub fn of(site: &TestSite, as_of: &str) -> CliNight {
        let mut printed = String::new();
        let mut cli = |args: &[&str]| {
            let output = site.cli(&[args, &["--as-of", as_of]].concat());
            printed += &both(&output);
            assert!(!printed.contains("panicked"), "{printed}");
            output
        };
        let plan = String::from_utf8(cli(&["plan"]).stdout).unwrap();
        let run = match plan.split("--accept \\\n").nth(1) {
            Some(digest) => cli(&["run", "--json", "--accept", digest.trim()]),
            None => cli(&["run", "--json"]),
        };
        let json = serde_json::from_slice(&run.stdout).unwrap_or_default();
        CliNight { code: run.status.code().unwrap(), json, printed }
    }

    /// A pipeline's totals, if it went through: (read, retired, kept, unlinked, rejected).
    pub fn totals(&self, pipeline: &str) -> Option<[u64; 5]> {
        let found = self.json["pipelines"].as_array()?.iter().find(|one| one["name"] == pipeline)?;
        Some(["read", "retired", "kept", "unlinked", "rejected"].map(|name| found["totals"][name].as_u64().unwrap()))
    }
}

/// Standard output and standard error.
pub fn both(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Nothing that a person may read outside `inbox/` and `state/` has one of these texts: neither what was printed nor
/// any file or its name.
pub fn assert_unseen(site: &TestSite, printed: &str, needles: &[&str]) {
    for needle in needles {
        assert!(!printed.contains(needle), "printed {needle}:\n{printed}");
        for zone in ["reports", "worklists", "public"] {
            for (path, bytes) in super::snapshot(&site.at(zone)) {
                let seen = bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
                assert!(!seen && !path.to_string_lossy().contains(needle), "{zone}/{} holds {needle}", path.display());
            }
        }
    }
}

/// The numbers on the worklist that stands for a pipeline, sorted; none where there is no list.
pub fn worklist(site: &TestSite, pipeline: &str) -> Vec<u64> {
    let ending = format!("-{pipeline}.csv");
    let lists = super::files(&site.at("worklists"));
    let found: Vec<_> = lists.iter().filter(|path| path.to_string_lossy().ends_with(&ending)).collect();
    assert!(found.len() <= 1, "one list at a time: {found:?}");
    let Some(path) = found.first() else { return Vec::new() };
    let text = fs::read_to_string(site.at("worklists").join(path)).unwrap();
    let mut ids: Vec<u64> = text.lines().skip(1).map(|line| line.parse().unwrap()).collect();
    ids.sort_unstable();
    ids
}

/// `koha-loans` as it was before it knew titles: for tests that publish the items' own as if they were words of a vocabulary.
pub fn without_titles(pipeline: &str) -> String {
    let title = "[[publish]]\nname = \"title\"\nfrom = \"titles.title\"\ntreatment = \"keep\"\nabout = \"title\"\n\n";
    pipeline.replace(title, "").replace("title = \"Cooking without tears /\"\n", "")
}
