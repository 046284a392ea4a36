//! The guide for a first night (`docs/first-night.md`): each command in it is run, as it stands there, for each system that
//! it speaks of. What a person does by hand between two commands (putting exports into the inbox, entering the
//! authorization) stands in the guide as a mark that no reader sees.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::{Timestamp, tz::TimeZone};

use crate::support::{afterloan, generate};

/// What the guide has the reader do, in order.
enum Step {
    Exports,
    Authorize,
    Command(String),
}

/// The steps for one system.
fn steps(guide: &str, system: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut lines = guide.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(mark) = line.strip_prefix("<!-- tested: ").and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        let (systems, deed) = mark.split_once("; ").unwrap_or((mark, ""));
        if !systems.split(' ').any(|one| one == system) {
            continue;
        }
        match deed {
            "exports" => steps.push(Step::Exports),
            "authorize" => steps.push(Step::Authorize),
            deed => assert_eq!(deed, "", "no such mark"),
        }
        if lines.next_if_eq(&"```console").is_some() {
            let block = lines.by_ref().take_while(|line| *line != "```");
            steps.extend(block.filter_map(|line| line.strip_prefix("$ ")).map(|line| Step::Command(line.into())));
        }
    }
    steps
}

/// A reader, the folder she works in, and what she remembers from one command to the next.
struct Reader {
    folder: tempfile::TempDir,
    system: &'static str,
    /// An id of hers.
    transaction: String,
    digest: String,
    commands: Vec<String>,
}

impl Reader {
    fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// Does one step. A command may end with 0 or 1; 2 is a reader who is stuck.
    fn does(&mut self, step: &Step) {
        match step {
            Step::Exports => self.exports(),
            Step::Authorize => {
                let path = self.site().join("policy.toml");
                let policy = fs::read_to_string(&path).unwrap();
                fs::write(&path, policy.replace("authorization = \"\"", "authorization = \"RC-1\"")).unwrap();
            }
            Step::Command(line) => {
                let site = self.site();
                let line = line.replace("/srv/afterloan", site.to_str().unwrap());
                let line = line.replace("DIGEST", &self.digest).replace("184216", &self.transaction);
                let mut words = words(&line).into_iter();
                assert_eq!(words.next().as_deref(), Some("afterloan"), "{line}");
                let output = afterloan().args(words).current_dir(self.folder.path()).output().unwrap();
                let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
                assert!(matches!(output.status.code(), Some(0 | 1)), "{}: {line}\n{out}{err}", self.system);
                assert!(out.lines().all(|line| line.chars().count() <= 80 || line.contains('/')), "{line}\n{out}");
                // What the guide says in words: gone through, and said to be.
                if self.system == "unknown" && self.commands.is_empty() {
                    let path = self.site().join("pipelines/loans.toml");
                    let text = fs::read_to_string(&path).unwrap();
                    let (before, after) = text.split_once("unfinished = true").unwrap();
                    fs::write(&path, format!("{before}#{after}")).unwrap();
                }
                if let Some((_, after)) = out.split_once("--accept") {
                    self.digest = after.split_whitespace().find(|word| word.len() == 64).unwrap().into();
                }
                self.commands.push(line);
            }
        }
    }

    /// Tonight's exports, of a made-up library.
    fn exports(&mut self) {
        let inbox = self.site().join("inbox");
        let rows = match self.system {
            "koha" => {
                koha(&inbox);
                fs::read(with_name(&inbox, "old_issues-")).unwrap()
            }
            "evergreen" => {
                let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/systems/evergreen");
                for entry in fs::read_dir(fixture).unwrap() {
                    let path = entry.unwrap().path();
                    if path.extension().is_some_and(|ending| ending == "tsv") && !path.ends_with("decisions.tsv") {
                        // A copy is written now: its modification time is tonight's.
                        fs::write(inbox.join(path.file_name().unwrap()), fs::read(&path).unwrap()).unwrap();
                    }
                }
                fs::read(inbox.join("action.circulation.tsv")).unwrap()
            }
            _ => {
                for name in ["loans.csv", "patrons.csv", "bills.csv"] {
                    fs::copy(self.folder.path().join(name), inbox.join(name)).unwrap();
                }
                fs::read(inbox.join("loans.csv")).unwrap()
            }
        };
        let rows = String::from_utf8_lossy(&rows);
        self.transaction = rows.lines().nth(1).unwrap().split([',', '\t']).next().unwrap().into();
    }
}

fn koha(folder: &Path) {
    let zone = TimeZone::get("America/New_York").unwrap();
    let today = zone.to_datetime(Timestamp::now()).date().to_string();
    generate(&["small", folder.to_str().unwrap(), "--as-of", &today]);
}

fn with_name(folder: &Path, start: &str) -> PathBuf {
    let mut paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.find(|path| path.file_name().unwrap().to_str().unwrap().starts_with(start)).unwrap()
}

/// The words of a command line, as a shell takes them: blanks part them, but between double quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Follows the guide to its end.
fn follow(system: &'static str) -> Reader {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/first-night.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    if system == "unknown" {
        let exports = tempfile::tempdir().unwrap();
        koha(exports.path());
        for (from, to) in [("old_issues-", "loans.csv"), ("borrowers-", "patrons.csv"), ("accountlines-", "bills.csv")]
        {
            fs::copy(with_name(exports.path(), from), folder.path().join(to)).unwrap();
        }
    }
    let mut reader = Reader { folder, system, transaction: String::new(), digest: String::new(), commands: Vec::new() };
    steps(&guide, system).iter().for_each(|step| reader.does(step));
    reader
}

#[test]
fn a_koha_library_reaches_its_first_run() {
    let reader = follow("koha");
    assert_eq!(reader.commands.len(), 7);
    assert!(with_name(&reader.site().join("worklists"), "").exists());
}

#[test]
fn an_evergreen_library_reaches_its_first_run() {
    let reader = follow("evergreen");
    assert_eq!(reader.commands.len(), 7);
    assert!(with_name(&reader.site().join("worklists"), "").exists());
}

#[test]
fn a_library_of_an_unknown_system_reaches_its_first_run() {
    let reader = follow("unknown");
    assert_eq!(reader.commands.len(), 7);
}
