//! What sites must withstand: a run that can't keep a guarantee refuses, says why, and changes nothing.

mod disk_full;
mod holds;
mod older;
mod policies;
mod register;
mod workbooks;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use afterloan::state::lock::Lock;

use crate::support::inbox::{CliNight, Inbox, both, hours_from_as_of};
use crate::support::{AS_OF, TestSite, snapshot};

/// A site with some loans, ready to run, after a plan. The lock file of an earlier run is there.
pub fn planned(loans: usize) -> TestSite {
    let site = TestSite::init("koha");
    Inbox::koha(&site, loans).put(&site);
    assert_eq!(site.cli(&["plan", "--as-of", AS_OF]).status.code(), Some(1));
    drop(Lock::take(&site.site()).unwrap());
    site
}

/// `plan` and `run` refuse with exit code 2, say all of these words, and change nothing.
pub fn assert_refuses(site: &TestSite, what: &str, commands: &[&str], words: &[&str]) -> String {
    let before = snapshot(&site.root());
    let mut printed = String::new();
    for command in commands {
        let output = site.cli(&[command, "--as-of", AS_OF]);
        let text = both(&output);
        assert_eq!(output.status.code(), Some(2), "{what}, {command}: {text}");
        words.iter().for_each(|word| assert!(text.contains(word), "{what}, {command}: {word} in {text}"));
        assert!(snapshot(&site.root()) == before, "{what}, {command}: the site changed");
        printed += &text;
    }
    printed
}

fn chmod(site: &TestSite, path: &str, mode: u32) {
    fs::set_permissions(site.at(path), Permissions::from_mode(mode)).unwrap();
}

#[test]
fn keys_that_are_not_as_they_should_be() {
    type Break = fn(&TestSite);
    let cases: &[(&str, Break, &[&str])] = &[
        ("missing", |site| fs::remove_file(site.at("state/keys/site.key")).unwrap(), &["site.key is missing"]),
        (
            "the signing key missing",
            |site| fs::remove_file(site.at("state/keys/signing.key")).unwrap(),
            &["signing.key is missing"],
        ),
        ("all missing", |site| fs::remove_dir_all(site.at("state/keys")).unwrap(), &["state/keys"]),
        ("empty", |site| site.edit("state/keys/site.key", |_| String::new()), &["site.key is empty"]),
        ("cut", |site| site.edit("state/keys/site.key", |text| text[..60].into()), &["site.key", "was cut"]),
        (
            "short",
            |site| {
                site.edit("state/keys/site.key", |text| {
                    let end = text.rfind('"').unwrap();
                    text[..end - 2].to_string() + &text[end..]
                })
            },
            &["site.key", "isn't as its format says"],
        ),
        (
            "zeros",
            |site| {
                site.edit("state/keys/site.key", |_| {
                    format!("{{\"format\":1,\"use\":\"site\",\"key\":\"{}\"}}", "0".repeat(64))
                })
            },
            &["site.key is all one byte"],
        ),
        ("readable by others", |site| chmod(site, "state/keys/site.key", 0o644), &["state/keys/site.key", "chmod"]),
        (
            "readable by the group",
            |site| chmod(site, "state/keys/signing.key", 0o640),
            &["state/keys/signing.key", "chmod"],
        ),
        (
            "for another use",
            |site| drop(fs::copy(site.at("state/keys/signing.key"), site.at("state/keys/site.key"))),
            &["site.key was made for another use"],
        ),
        (
            "something else beside them",
            |site| {
                fs::write(site.at("state/keys/notes.txt"), "x").unwrap();
                chmod(site, "state/keys/notes.txt", 0o600);
            },
            &["notes.txt is not a key's name"],
        ),
    ];
    for (what, change, words) in cases {
        let site = planned(2);
        let secret = fs::read_to_string(site.at("state/keys/site.key")).unwrap();
        let digits = &secret.split("\"key\":\"").nth(1).unwrap()[..20];
        change(&site);
        let printed = assert_refuses(&site, what, &["check", "plan", "run"], words);
        assert!(!printed.contains(digits), "{what}: it prints a key");
    }
}

#[test]
fn folders_and_files_that_are_looser_than_they_were_made() {
    let site = planned(2);
    let cases = [
        ("inbox", 0o750),
        ("inbox", 0o701),
        ("state", 0o710),
        ("state/keys", 0o755),
        ("worklists", 0o704),
        ("reports", 0o755),
        ("public", 0o775),
        ("public/dataset", 0o757),
        ("public/statistics", 0o777),
        ("pipelines", 0o775),
        ("pipelines/koha-loans.toml", 0o664),
        ("policy.toml", 0o666),
        ("state/holds.json", 0o640),
        ("reports/ledger.jsonl", 0o660),
    ];
    for (path, mode) in cases {
        let was = fs::metadata(site.at(path)).unwrap().permissions();
        chmod(&site, path, mode);
        let words = [path, &format!("has mode {mode:04o}"), "chmod"];
        assert_refuses(&site, path, &["check", "plan", "run"], &words);
        fs::set_permissions(site.at(path), was).unwrap();
    }
    // Tighter is fine.
    chmod(&site, "reports", 0o700);
    assert_eq!(CliNight::of(&site, AS_OF).code, 0);
}

#[test]
fn folders_that_are_links_or_gone() {
    for zone in ["inbox", "state", "worklists", "reports", "public", "pipelines"] {
        let site = planned(2);
        let elsewhere: PathBuf = site.root().parent().unwrap().join("elsewhere");
        fs::rename(site.at(zone), &elsewhere).unwrap();
        let refused = |site: &TestSite, what: &str| {
            let output = site.cli(&["run", "--as-of", AS_OF]);
            assert_eq!(output.status.code(), Some(2), "{what}: {}", both(&output));
            assert!(both(&output).contains(zone), "{what}: {}", both(&output));
        };
        refused(&site, "gone");
        std::os::unix::fs::symlink(&elsewhere, site.at(zone)).unwrap();
        refused(&site, "a link");
    }
}

#[test]
fn one_run_at_a_time() {
    let site = planned(2);
    let lock = Lock::take(&site.site()).unwrap();
    assert_refuses(&site, "locked", &["run"], &["another run is at work"]);
    drop(lock);
    assert_eq!(CliNight::of(&site, AS_OF).code, 0);
}

#[test]
fn time_goes_neither_back_nor_ahead() {
    let site = planned(2);
    assert_eq!(CliNight::of(&site, AS_OF).code, 0);
    let before = snapshot(&site.root());
    for command in ["plan", "run"] {
        let output = site.cli(&[command, "--as-of", &hours_from_as_of(-1)]);
        assert_eq!(output.status.code(), Some(2), "{command}");
        assert!(both(&output).contains("is earlier than the last run (2026-11-01T04:00:00Z)"), "{}", both(&output));
    }
    // Later than the clock: a plan may look ahead (and thinks tonight's exports stale), a run may not.
    let ahead = "2200-01-01T00:00:00Z";
    let run = site.cli(&["run", "--as-of", ahead]);
    assert_eq!(run.status.code(), Some(2));
    assert!(both(&run).contains("is later than the clock"), "{}", both(&run));
    assert!(snapshot(&site.root()) == before);
    Inbox::koha(&site, 2).put_at(&site, ahead);
    let plan = site.cli(&["plan", "--as-of", ahead]);
    assert_eq!(plan.status.code(), Some(1), "{}", both(&plan));
}
