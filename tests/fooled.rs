//! What once fooled a night: each by the program alone, on a site that the program made, so that `AFTERLOAN_PROGRAM` can name an
//! older build, and every test here shows that it fails there.

mod evidence;
mod joins;
mod nights;
mod words;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::TestSite;
use crate::support::inbox::both;
use crate::support::library::{Library, loans_site, night_of};

/// Loans that all are over: sixty owe, ten are disputed, twenty are due. And others are out.
fn library() -> Library {
    let mut library =
        Library::default().loans(101, 90, "2026-07-01", Some("2026-07-10")).loans(401, 20, "2026-10-09", None);
    library.bills = (101..161).map(|loan| (loan, "5.00", "2026-07-10 12:00:00")).collect();
    library.claims = (161..171).map(|loan| (loan, "NULL")).collect();
    library
}

/// The twenty of `library`.
fn due() -> Vec<u64> {
    (171..191).collect()
}

/// What a command ended with: its code, its JSON, all that it printed.
struct Ended {
    code: i32,
    json: Value,
    printed: String,
}

fn ended(site: &TestSite, args: &[&str]) -> Ended {
    let output = site.cli(args);
    let json = serde_json::from_slice(&output.stdout).unwrap_or_default();
    Ended { code: output.status.code().unwrap(), json, printed: both(&output) }
}

fn as_of(day: &str) -> String {
    night_of(day).to_string()
}

fn plan(site: &TestSite, day: &str) -> Ended {
    ended(site, &["plan", "--json", "--as-of", &as_of(day)])
}

/// A run that nobody watches.
fn unwatched(site: &TestSite, day: &str) -> Ended {
    ended(site, &["run", "--json", "--as-of", &as_of(day)])
}

/// A run that a person has accepted.
fn accepted(site: &TestSite, day: &str) -> Ended {
    let plan = plan(site, day);
    let digest = plan.json["digest"].as_str().unwrap_or_else(|| panic!("no plan: {}", plan.printed)).to_string();
    ended(site, &["run", "--json", "--as-of", &as_of(day), "--accept", &digest])
}

/// After a first night that a person watched, and its worklist carried out.
fn after_one_night() -> (TestSite, Library) {
    let site = loans_site();
    let mut library = library();
    library.write(&site);
    site.stamp("2026-10-10");
    let night = accepted(&site, "2026-10-10");
    assert_eq!(site.worklist(), due(), "{}", night.printed);
    library.sever(due());
    (site, library)
}

/// Nothing that is still needed went on a worklist, and a person is called.
fn nothing_is_lost(site: &TestSite, night: &Ended, what: &str) {
    assert_ne!(night.code, 0, "{what}: {}", night.printed);
    let listed: BTreeSet<u64> = site.worklist().into_iter().collect();
    let needed: BTreeSet<u64> = (101..171).chain(401..421).collect();
    assert!(listed.is_disjoint(&needed), "{what}: {listed:?}");
}

/// What waits, and why, as `plan` tells it.
fn waits(plan: &Ended) -> String {
    plan.json["brakes"].to_string() + &plan.json["stopped"].to_string()
}

/// A file of the inbox, as if written two hours before a night.
fn touch_later(site: &TestSite, name: &str, day: &str) {
    let written = night_of(day) - jiff::SignedDuration::from_hours(2);
    let file = std::fs::File::options().append(true).open(site.at("inbox").join(name)).unwrap();
    file.set_modified(written.into()).unwrap();
}
