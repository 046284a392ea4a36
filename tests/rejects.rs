//! Rejected rows are never copied, unless the policy names who may read them; then nobody else can, and not for long.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use afterloan::act::Outcome;
use afterloan::state::commit::no_hook;
use age::x25519::Identity;

use crate::crashes::child_of;
use crate::logs;
use crate::support::inbox::{CANARY, Inbox, both, write_at};
use crate::support::{AS_OF, TestSite, files, snapshot};

const NIGHTS: [&str; 3] = [AS_OF, "2026-11-02T00:00:00-05:00", "2026-11-03T00:00:00-05:00"];

fn site(identity: Option<&Identity>) -> TestSite {
    let site = TestSite::init("koha");
    if let Some(identity) = identity {
        name_recipient(&site, identity);
    }
    site
}

fn name_recipient(site: &TestSite, identity: &Identity) {
    let rejects = format!("[rejects]\nrecipient = \"{}\"\nexpire = \"2 days\"\n", identity.to_public());
    site.edit("policy.toml", |text| format!("{text}\n{rejects}"));
}

/// Twelve good loans, one of them twice, and four rows that can't be read: their lines, reasons and bytes.
fn put(site: &TestSite, written: &str) -> Vec<(u64, &'static str, Vec<u8>)> {
    let mut inbox = Inbox::koha(site, 12);
    inbox.add("old_issues", &[("issue_id", CANARY), ("borrowernumber", "7001"), ("issuedate", "2026-08-03 10:30:00")]);
    inbox.put_at(site, written);
    let mut bytes = inbox.text("old_issues").into_bytes();
    let lines: Vec<Vec<u8>> = bytes.split_inclusive(|c| *c == b'\n').map(<[u8]>::to_vec).collect();
    let width = lines[0].iter().filter(|c| **c == b',').count() + 1;
    let broken = [
        format!("99,{CANARY}\n").into_bytes(),
        format!("{}\"{CANARY}, \"\"twice\"\"\"\n", ",".repeat(width)).into_bytes(),
        [b"98,\xff", CANARY.as_bytes(), b"\n"].concat(),
    ];
    bytes.extend_from_slice(&lines[1]);
    broken.iter().for_each(|line| bytes.extend_from_slice(line));
    write_at(site, inbox.file("old_issues"), bytes, written);
    let [short, long, not_text] = broken;
    vec![
        (14, "bad-id", lines[13].clone()),
        (16, "short-row", short),
        (17, "long-row", long),
        (18, "short-row", not_text),
    ]
}

/// Every file outside `inbox` that has the canary, in its name or its bytes.
fn plain(site: &TestSite) -> Vec<String> {
    let holds = |bytes: &[u8]| bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes());
    let found = files(&site.root()).into_iter().filter(|path| !path.starts_with("inbox")).filter(|path| {
        holds(path.to_string_lossy().as_bytes())
            || std::fs::read(site.root().join(path)).is_ok_and(|bytes| holds(&bytes))
    });
    found.map(|path| path.to_string_lossy().into_owned()).collect()
}

fn kept(site: &TestSite) -> Vec<String> {
    let folder = site.at("state/rejects");
    match folder.exists() {
        true => files(&folder).into_iter().map(|path| path.to_string_lossy().into_owned()).collect(),
        false => Vec::new(),
    }
}

fn without_lock(site: &TestSite) -> Vec<PathBuf> {
    files(&site.root()).into_iter().filter(|path| path != Path::new("state/lock")).collect()
}

fn report(site: &TestSite, outcome: &Outcome) -> serde_json::Value {
    let committed = outcome.committed.as_ref().unwrap();
    serde_json::from_slice(&std::fs::read(site.at(&format!("state/runs/{:06}.json", committed.sequence))).unwrap())
        .unwrap()
}

#[test]
fn rejected_rows_are_for_the_recipient_alone() {
    let identity = Identity::generate();
    let site = site(Some(&identity));
    let rejected = put(&site, AS_OF);
    let before = files(&site.root());
    let plan = site.plan(AS_OF).unwrap();
    assert_eq!(without_lock(&site), before, "a plan writes nothing");
    let steps = AtomicU32::new(0);
    let watch = |step| {
        steps.fetch_add(1, Ordering::Relaxed);
        assert_eq!(plain(&site), [""; 0]);
        no_hook(step)
    };
    let outcome = site.run_with(AS_OF, Some(plan.digest), &watch).unwrap();
    assert!(steps.into_inner() > 5, "it was looked at each step of the commit");
    assert_eq!(plain(&site), [""; 0]);

    assert_eq!(kept(&site), ["koha-loans/run-000001-until-2026-11-03.age"]);
    let path = site.at("state/rejects/koha-loans/run-000001-until-2026-11-03.age");
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let secret = std::fs::read(&path).unwrap();
    assert!(age::decrypt(&Identity::generate(), &secret).is_err(), "only the recipient can read it");
    let text = String::from_utf8(age::decrypt(&identity, &secret).unwrap()).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let heading = serde_json::json!({
        "format": 1, "pipeline": "koha-loans", "run": 1, "day": "2026-11-01", "rows": 4, "left_out": 0
    });
    assert_eq!(lines[0], heading);
    assert_eq!(lines.len(), 5);
    for (line, (number, reason, bytes)) in lines[1..].iter().zip(&rejected) {
        assert_eq!((&line["line"], &line["reason"]), (&(*number).into(), &(*reason).into()), "{line}");
        assert_eq!(line["export"], "old_issues-2026-11-01.csv");
        let found = match line["row"].as_str() {
            Some(row) => row.as_bytes().to_vec(),
            None => {
                let hex = line["hex"].as_str().unwrap();
                (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect()
            }
        };
        assert_eq!(found.trim_ascii_end(), bytes.trim_ascii_end(), "line {number}");
    }
    // The report says so; the fifth rejected row is a repeat.
    let report = report(&site, &outcome);
    let loans = report["pipelines"].as_array().unwrap().iter().find(|one| one["name"] == "koha-loans").unwrap();
    assert_eq!((&loans["totals"]["rejected"], &loans["quarantine"]["rows"]), (&5.into(), &4.into()));
    assert_eq!(loans["quarantine"]["until"], "2026-11-03");
    let verified = site.cli(&["verify"]);
    assert_eq!(verified.status.code(), Some(0), "{}", both(&verified));
}

/// Killed at any moment of the commit: nothing plain is left, and the next night ends as if nothing had happened.
#[test]
fn a_run_that_is_killed_leaves_nothing_plain() {
    const DAY: &str = "2026-11-01";
    let identity = Identity::generate();
    let base = site(Some(&identity));
    put(&base, AS_OF);
    let moments = AtomicUsize::new(0);
    let reference = base.copy();
    let plan = reference.plan_on(DAY).unwrap().digest;
    let count = |_| {
        moments.fetch_add(1, Ordering::Relaxed);
        Ok(())
    };
    reference.run_on(DAY, Some(plan), &count).unwrap();
    let moments = moments.into_inner();
    assert!(moments > 20, "{moments}");
    let (mut before, mut after) = (0, 0);
    for at in (0..moments).step_by(moments / 12) {
        let site = base.copy();
        let killed = child_of(&site, DAY, Some(plan), at).status().unwrap();
        assert!(killed.code().is_none(), "{at}: the child aborts");
        assert_eq!(plain(&site), [""; 0], "killed at {at}");
        match kept(&site).is_empty() {
            true => before += 1,
            false => after += 1,
        }
        // A plan leaves what is committed and not finished to a run.
        let _ = site.run_on(DAY, None, &no_hook);
        site.accept_on(DAY);
        assert_eq!(plain(&site), [""; 0], "after a kill at {at}");
        for path in kept(&site) {
            age::decrypt(&identity, &std::fs::read(site.at("state/rejects").join(path)).unwrap()).unwrap();
        }
        assert!(!kept(&site).is_empty(), "after a kill at {at}");
        site.assert_verifies();
    }
    assert!(before > 0 && after > 0, "killed before and after the file was in place: {before}, {after}");
}

/// Rows without end, without text, without bytes: what is kept has a bound, and says what is left out.
#[test]
fn hostile_rows_find_no_more_room_than_others() {
    let identity = Identity::generate();
    let site = site(Some(&identity));
    put(&site, AS_OF);
    let mut inbox = Inbox::koha(&site, 12);
    inbox.koha_patron(1);
    let mut bytes = inbox.text("old_issues").into_bytes();
    bytes.extend_from_slice(b"\"\"\n".repeat(1_000).as_slice());
    for size in [900_000, 1_000_000] {
        let binary: Vec<u8> = (0..size).map(|at| [0, 1, 0xff, 0x1b, b'x'][at % 5]).collect();
        (0..8).for_each(|_| bytes.extend_from_slice(&[&binary, &b"\n"[..]].concat()));
    }
    bytes.extend_from_slice(b"\"\"\n".repeat(200_000).as_slice());
    write_at(&site, inbox.file("old_issues"), bytes, AS_OF);
    site.accept_and_run(AS_OF);
    let path = kept(&site).pop().unwrap();
    let secret = std::fs::read(site.at("state/rejects").join(path)).unwrap();
    assert!(secret.len() < 64 << 20, "{}", secret.len());
    let text = String::from_utf8(age::decrypt(&identity, &secret).unwrap()).unwrap();
    let heading: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let (rows, left_out) = (heading["rows"].as_u64().unwrap(), heading["left_out"].as_u64().unwrap());
    assert_eq!(text.lines().count() as u64, 1 + rows);
    // Of the long ones there is room for eight and one.
    assert_eq!((rows, rows + left_out), (1_009, 201_016));
}

#[test]
fn a_recipient_that_is_none_is_shown_where_it_stands() {
    let site = site(None);
    put(&site, AS_OF);
    site.edit("policy.toml", |text| format!("[rejects]\nrecipient = \"age1nobody\"\nexpire = \"2 days\"\n{text}"));
    let before = files(&site.root());
    let output = site.cli(&["plan"]);
    assert_ne!(output.status.code(), Some(0));
    assert!(both(&output).contains("policy.toml:2:13: not an age public key"), "{}", both(&output));
    assert_eq!(without_lock(&site), before, "nothing was written");
}

/// Of a log, too, though the log itself is deleted.
#[test]
fn rejected_rows_of_a_log_are_kept() {
    let identity = Identity::generate();
    let site = logs::site::site();
    name_recipient(&site, &identity);
    let rows = [logs::site::day("2026-08-03", 4), format!("too,{CANARY}\n")];
    logs::site::put(&site, "proxy-1.csv", logs::site::log(&rows), "2026-09-01");
    site.accept_on("2026-10-20");
    assert!(!logs::site::has(&site, "proxy-1.csv"));
    assert_eq!(plain(&site), [""; 0]);
    let secret = std::fs::read(site.at("state/rejects/proxy/run-000001-until-2026-10-22.age")).unwrap();
    let text = String::from_utf8(age::decrypt(&identity, &secret).unwrap()).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1);
    assert_eq!((&lines[0]["export"], &lines[0]["line"]), (&"proxy-1.csv".into(), &6.into()));
    assert_eq!(lines[0]["row"].as_str().unwrap().trim_end(), format!("too,{CANARY}"));
}

#[test]
fn they_go_on_the_day_that_the_policy_says() {
    let identity = Identity::generate();
    let site = site(Some(&identity));
    let mut last = None;
    for (night, expected) in NIGHTS.iter().zip([vec![1], vec![1, 2], vec![2, 3]]) {
        put(&site, night);
        last = Some(site.accept_and_run(night));
        let kept = kept(&site);
        let runs: Vec<u64> = kept.iter().map(|path| path["koha-loans/run-".len()..][..6].parse().unwrap()).collect();
        assert_eq!(runs, expected, "{night}: {kept:?}");
    }
    let deletes = report(&site, &last.unwrap())["deletes"].clone();
    assert_eq!(deletes, serde_json::json!(["state/rejects/koha-loans/run-000001-until-2026-11-03.age"]));
    let verified = site.cli(&["verify"]);
    assert_eq!(verified.status.code(), Some(0), "{}", both(&verified));
    // Without a recipient what is there still goes, and nothing new comes.
    site.edit("policy.toml", |text| text[..text.find("\n[rejects]").unwrap()].to_string());
    let night = "2026-11-06T00:00:00-05:00";
    put(&site, night);
    site.accept_and_run(night);
    assert_eq!(kept(&site), [""; 0]);
}

#[test]
fn without_a_recipient_nothing_is_kept() {
    let site = site(None);
    put(&site, AS_OF);
    site.accept_and_run(AS_OF);
    assert!(!site.at("state/rejects").exists());
    assert_eq!(plain(&site), [""; 0]);
    assert!(!snapshot(&site.at("reports")).is_empty());
}
