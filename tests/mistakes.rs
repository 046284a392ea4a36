//! Mistakes of a first night: `check` finds what stops a plan, a plan says what is odd about it, and what is proposed to be
//! typed next can be.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::support::{AS_OF, TestSite, afterloan, options};

fn exports(site: &TestSite, start: &str) -> Vec<PathBuf> {
    let paths = fs::read_dir(site.at("inbox")).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(start)).collect()
}

fn rewrite(site: &TestSite, start: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) {
    for path in exports(site, start) {
        fs::write(&path, change(fs::read(&path).unwrap())).unwrap();
    }
}

/// Makes exports older than they are.
fn age(site: &TestSite, start: &str, hours: u64) {
    for path in exports(site, start) {
        let then = SystemTime::now() - Duration::from_secs(hours * 3600);
        File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
    }
}

fn remove(site: &TestSite, start: &str) {
    exports(site, start).iter().for_each(|path| fs::remove_file(path).unwrap());
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_string()).collect()
}

fn words(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

/// What was done to the exports, and what both commands say of it.
type Mistake = (&'static str, fn(&TestSite), &'static [&'static str]);

#[test]
fn check_finds_what_stops_a_plan() {
    let mistakes: [Mistake; 9] = [
        ("an empty inbox", |site| remove(site, ""), &["`issues-*.csv*`"]),
        (
            "one cut",
            |site| rewrite(site, "old_issues-", |bytes| bytes[..bytes.len() * 2 / 3].to_vec()),
            &["old_issues-"],
        ),
        (
            "UTF-16",
            |site| {
                rewrite(site, "borrowers-", |bytes| {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
                })
            },
            &["borrowers-"],
        ),
        ("another night", |site| age(site, "items-", 20), &["items-", "another night"]),
        ("a lookup that isn't there", |site| remove(site, "return_claims-"), &["`return_claims-*.csv*`", "missing"]),
        ("stale", |site| age(site, "", 80), &["stale", "80 hours"]),
        (
            "a lookup's short row",
            |site| rewrite(site, "items-", |b| [&b[..], b"1\n"].concat()),
            &["items-", "fewer cells"],
        ),
        (
            "semicolons",
            |site| rewrite(site, "old_issues-", |b| b.iter().map(|b| if *b == b',' { b';' } else { *b }).collect()),
            &["old_issues-", "delimiter = \";\""],
        ),
        (
            "tabs",
            |site| rewrite(site, "issues-", |b| b.iter().map(|b| if *b == b',' { b'\t' } else { *b }).collect()),
            &["issues-", "delimiter = \"\\t\""],
        ),
    ];
    for (what, mistake, said) in mistakes {
        let site = TestSite::small_koha();
        mistake(&site);
        let checked = site.cli(&["check", "--json"]);
        let problems = texts(&json(&checked)["problems"]);
        let of_loans: Vec<&String> = problems.iter().filter(|problem| problem.starts_with("koha-loans: ")).collect();
        let all = said.iter().all(|said| of_loans.iter().any(|problem| problem.contains(said)));
        assert!(all && checked.status.code() == Some(2), "{what}: {problems:#?}");
        // A mistake about the whole file is told once, not for each of its columns.
        assert!(what == "stale" || of_loans.len() == 1, "{what}: {problems:#?}");
        let plan = json(&site.cli(&["plan", "--json"]));
        let stopped = plan["stopped"].as_array().unwrap().iter().find(|one| one["pipeline"] == "koha-loans");
        let why = stopped.unwrap_or_else(|| panic!("{what} stops no plan"))["why"].as_str().unwrap();
        assert!(said.iter().all(|said| why.contains(said)) || what == "an empty inbox", "{what}: {why}");
    }
}

#[test]
fn what_check_finds_in_order_plan_reads() {
    let site = TestSite::small_koha();
    let (out, _) = words(&site.cli(&["check"]));
    let plan = format!("afterloan plan --site {}", site.root().display());
    assert!(out.contains("Nothing must be mended") && out.contains(&plan), "{out}");
    let plan = json(&site.cli(&["plan", "--json"]));
    assert_eq!(plan["stopped"].as_array().unwrap().len(), 0);
}

#[test]
fn check_tells_rows_that_are_rejected() {
    let site = TestSite::small_koha();
    let told = || -> u64 {
        let doubts = json(&site.cli(&["check", "--json"]))["doubts"].clone();
        let whats = doubts.as_array().unwrap().iter().map(|doubt| doubt["what"].as_str().unwrap().to_string());
        let rest = whats.filter_map(|what| what.strip_prefix("koha-loans: old_issues: ").map(String::from));
        let rows = rest.filter(|what| what.contains("can't be read") && what.contains("line"));
        rows.map(|what| what.split(' ').next().unwrap().parse::<u64>().unwrap()).sum()
    };
    let before = told();
    rewrite(&site, "old_issues-", |bytes| [&bytes[..], b"1,2,3\n"].concat());
    assert_eq!(told(), before + 1);
}

/// Each key meets by itself, and never the other: as of a file of another night, or with columns interchanged.
#[test]
fn check_tells_keys_that_never_meet_together() {
    const FINES: &str = "\n[[lookup]]\nname = \"fines\"\nfiles = \"fines-*.csv\"\nrows = \"many\"\n\
                         on = { borrowernumber = \"reader\", itemnumber = \"thing\" }\n\
                         [lookup.gather]\nowed = { any_positive = \"amount\" }\n";
    for (are_loans, expected) in [(true, 0), (false, 1)] {
        let site = TestSite::small_koha();
        site.edit("pipelines/koha-loans.toml", |text| format!("{text}{FINES}"));
        let mut pairs: Vec<(String, String)> = Vec::new();
        for path in exports(&site, "issues-").into_iter().chain(exports(&site, "old_issues-")) {
            let bytes = fs::read(path).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
            let place = |name: &str| rows[0].iter().position(|column| *column == name).unwrap();
            let (reader, thing) = (place("borrowernumber"), place("itemnumber"));
            let whole = rows[1..].iter().filter(|row| row.len() == rows[0].len());
            pairs.extend(whole.map(|row| (row[reader].to_string(), row[thing].to_string())));
        }
        let apart = |(reader, _): &(String, String)| {
            let mut things = pairs.iter().map(|(_, thing)| thing);
            let never = things.find(|thing| !pairs.contains(&(reader.clone(), (*thing).clone()))).unwrap();
            (reader.clone(), never.clone())
        };
        let fines: Vec<(String, String)> = if are_loans { pairs.clone() } else { pairs.iter().map(apart).collect() };
        let lines: String = fines.iter().map(|(reader, thing)| format!("{reader},{thing},1.00\n")).collect();
        fs::write(site.at("inbox/fines-2026-11-01.csv"), format!("reader,thing,amount\n{lines}")).unwrap();
        let doubts = json(&site.cli(&["check", "--json"]))["doubts"].clone();
        let doubts = doubts.as_array().unwrap().iter();
        let told = doubts.filter(|doubt| doubt["what"].as_str().unwrap().contains("fines: not one of its rows meets"));
        assert_eq!(told.filter(|doubt| doubt["danger"] == "retired").count(), expected);
    }
}

#[test]
fn an_as_of_long_before_the_exports_is_said() {
    let site = TestSite::small_koha();
    let says = |outcome: &Value| {
        let attention = outcome["attention"].as_array().unwrap().iter();
        attention.filter(|one| one["what"].as_str().unwrap().contains("days newer than the as-of")).count()
    };
    assert_eq!(says(&json(&site.cli(&["plan", "--json"]))), 0, "tonight");
    let plan = json(&site.cli(&["plan", "--json", "--as-of", "2025-11-01"]));
    assert_eq!(says(&plan), 2, "{plan:#}");
    let digest = plan["digest"].as_str().unwrap();
    let run = json(&site.cli(&["run", "--json", "--as-of", "2025-11-01", "--accept", digest]));
    assert_eq!(says(&run), 2);
    let page = fs::read_to_string(site.at(run["committed"]["page"].as_str().unwrap())).unwrap();
    assert!(page.contains("days newer than the as-of"));
}

#[test]
fn the_next_command_can_be_copied() {
    let site = TestSite::small_koha();
    let (_, refused) = words(&site.cli(&["run", "--as-of", AS_OF]));
    assert!(refused.starts_with("error: nothing was done:\n"), "{refused}");
    let (_, command) = refused.split_once("If it is right:\n").unwrap();
    let command = command.replace("afterloan run", &format!("'{}' run", env!("CARGO_BIN_EXE_afterloan")));
    let run = Command::new("sh").args(["-c", &command]).current_dir("/").output().unwrap();
    let (out, error) = words(&run);
    assert_eq!(run.status.code(), Some(1), "{command}\n{out}{error}");
    let report = out.lines().find_map(|line| line.strip_prefix("Report:  ")).unwrap();
    assert!(PathBuf::from(report).is_file(), "{report}");
    // A plan that was accepted and is no longer tonight's.
    let (_, other) = words(&site.cli(&["run", "--as-of", AS_OF, "--accept", &"0".repeat(64)]));
    let again = format!("run --site {} --as-of {AS_OF} --accept", site.root().display());
    assert!(other.contains(&again), "{other}");
    site.edit("policy.toml", |text| text.replace("authorization = \"RC-075\"", "authorization = \"\""));
    let (_, unauthorized) = words(&site.cli(&["run"]));
    let plan = format!("shows what a run would do\n  afterloan plan --site {}\n", site.root().display());
    assert!(unauthorized.ends_with(&plan), "{unauthorized}");
    let (_, nowhere) = words(&afterloan().args(["plan", "--site", "/nowhere/at/all"]).output().unwrap());
    assert!(nowhere.contains("there is no such folder") && !nowhere.contains("state"), "{nowhere}");
}

#[test]
fn a_plan_says_what_leaves_and_groups_its_months() {
    let site = TestSite::small_koha();
    let plan = site.cli(&["plan", "--as-of", AS_OF]);
    let (out, _) = words(&plan);
    let plan = json(&site.cli(&["plan", "--json", "--as-of", AS_OF]));
    assert_eq!(plan["threshold"], 10);
    assert!(out.contains("fewer than 10 patrons"), "{out}");
    assert!(out.contains("branch ← branchcode") && out.contains("    patron      "), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 80 || line.contains('/')), "{out}");
    for pipeline in plan["pipelines"].as_array().unwrap() {
        assert!(!pipeline["publishes"]["columns"].as_array().unwrap().is_empty());
        let needs: u64 =
            pipeline["totals"]["kept_by_need"].as_object().unwrap().values().map(|v| v.as_u64().unwrap()).sum();
        let name = pipeline["name"].as_str().unwrap();
        let (_, of_it) = out.split_once(&format!("{name}  held")).unwrap();
        let of_it = of_it.split("\n\n").next().unwrap();
        let more = needs > pipeline["totals"]["kept"].as_u64().unwrap();
        assert_eq!(of_it.contains("for several reasons"), more, "{of_it}");
        let months = pipeline["released"].as_array().unwrap();
        let closed = months.iter().filter(|month| !month["closed"].is_null()).count();
        let line = format!("to publish: {}; closed: {closed}", months.len() - closed);
        assert!(months.is_empty() || of_it.contains(&line), "{line}: {of_it}");
        assert!(of_it.matches("too few patrons").count() <= 1, "{of_it}");
    }
}

#[test]
fn what_is_undetermined_is_explained_alike_for_all() {
    let site = TestSite::small_koha();
    let (all, _) = afterloan::act::explain_all(&site.site(), options(AS_OF, None)).unwrap();
    let undetermined = |one: &&afterloan::act::Explained| {
        one.pipeline == "koha-loans" && one.needs.iter().any(|need| need.need.as_str() == "undetermined")
    };
    let ids = all.iter().filter(undetermined).filter_map(|one| match one.id {
        afterloan::act::ShownId::Number(id) => Some(id.to_string()),
        _ => None,
    });
    let mut reasons = Vec::new();
    for id in ids.take(3) {
        let (out, _) = words(&site.cli(&["explain", &id, "--as-of", AS_OF]));
        let (_, reason) = out.split_once("until it can be determined\n").unwrap();
        assert!(reason.contains("another row has its number") || reason.contains("another row"), "{out}");
        let check = format!("afterloan check --site {} --as-of {AS_OF}", site.root().display());
        assert!(reason.contains(&check), "{out}");
        reasons.push(reason.split("afterloan check").next().unwrap().to_string());
    }
    assert!(!reasons.is_empty() && reasons.iter().all(|reason| *reason == reasons[0]), "{reasons:?}");
}
