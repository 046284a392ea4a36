//! What a proposal would do tonight, uncorrected: nothing may be due that is kept by hand, and it says of each night
//! that it can be read. Nothing of it is published.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use afterloan::night::{ShownId, explain_all};
use afterloan::state::site::Site;
use jiff::Timestamp;

use super::{Case, cases, proposed, with_names};
use crate::support::{AS_OF, options};

/// Decisions by hand, by transaction.
fn by_hand(case: &Case) -> BTreeMap<String, String> {
    let folder = case.files[0].parent().unwrap();
    let name = case.name.split(' ').next().unwrap();
    let concerto = match name {
        "evergreen-loans" if case.name != name => Some("truth.loans.tsv"),
        "evergreen-holds" if case.name != name => Some("truth.holds.tsv"),
        _ => None,
    };
    let lines =
        |file: &Path| fs::read_to_string(file).unwrap_or_default().lines().map(String::from).collect::<Vec<_>>();
    let mut decisions = BTreeMap::new();
    for line in lines(&folder.join(concerto.unwrap_or("decisions.tsv"))) {
        let cells: Vec<&str> = line.split('\t').collect();
        let (id, decision) = match concerto {
            Some(_) => (cells[0], cells[1]),
            None if cells[0] == name => (cells[1], cells[2]),
            None => continue,
        };
        // An exact repeat is rejected, and its first row decided.
        if decisions.get(id).is_none_or(|before: &String| before != "due") {
            decisions.insert(id.to_string(), decision.to_string());
        }
    }
    decisions
}

fn fill(site: &Path, case: &Case) {
    let written: Timestamp = "2026-10-31T23:00:00-04:00".parse().unwrap();
    for file in &case.files {
        let path = site.join("inbox").join(file.file_name().unwrap());
        fs::write(&path, fs::read(file).unwrap()).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(written.as_second() as u64);
        File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    }
    // What the decisions by hand are for.
    let policy = site.join("policy.toml");
    let text = fs::read_to_string(&policy).unwrap().replace("refund = \"0 days\"", "refund = \"180 days\"");
    let text =
        text.replace("grace = \"1 day\"", "grace = \"30 days\"").replace("grace = \"7 days\"", "grace = \"30 days\"");
    fs::write(&policy, text).unwrap();
}

#[test]
fn nothing_is_due_that_is_kept_by_hand() {
    let mut wrong = Vec::new();
    for mut case in cases() {
        // The tables as they came: the decisions are for the history.
        if case.name.ends_with("(raw)") {
            continue;
        }
        with_names(&mut case);
        let folder = tempfile::tempdir().unwrap();
        let (text, site) = proposed(&case.files, &case.headers, folder.path()).unwrap();
        assert!(!text.lines().any(|line| line.starts_with("[[publish]]")), "{} publishes", case.name);
        fill(&site, &case);
        let (explained, stopped) = explain_all(&Site::open(&site).unwrap(), options(AS_OF, None)).unwrap();
        if !stopped.is_empty() {
            wrong.push(format!("{} can't be read: {stopped:?}", case.name));
        }
        let by_hand = by_hand(&case);
        let mut due = 0;
        for one in explained.iter().filter(|one| one.decision.as_str() == "due") {
            due += 1;
            let id = match &one.id {
                ShownId::Number(id) => id.to_string(),
                ShownId::Text(id) => id.clone(),
            };
            match by_hand.get(&id).map(String::as_str) {
                Some("due") => {}
                other => wrong.push(format!("{}: {id} is due, and {other:?} by hand", case.name)),
            }
        }
        println!("{}: {due} of {} due as proposed", case.name, by_hand.values().filter(|one| *one == "due").count());
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
