use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::{ArrayRef, UInt64Array};
use ed25519_dalek::SigningKey;
use hmac::{Hmac, KeyInit as _, Mac as _};
use tempfile::TempDir;

use super::*;
use crate::evidence::hex::Hex;
use crate::evidence::ledger::{
    self, Act, BEFORE_THE_FIRST, Entry, ExportsDeleted, FileEntry, KeyAct, KeyChange, PurgeAct, RunAct, SignOff,
    Takedown, rotation_proof,
};
use crate::evidence::report::{ReleasedMonth, Report, tests::sample};
use crate::evidence::{page, public_key};
use crate::words::{Digest, Month};

/// The ledger alone.
fn check_chain(root: &std::path::Path, verified: &mut Verified) -> chain::Chain {
    let chain = chain::read(root, None, verified);
    chain::check(place::Places { root, unfinished: None }, None, &chain, verified);
    chain
}

struct Key;

impl KeyedCheck for Key {
    fn digest(&self, label: &str, bytes: &mut dyn Read) -> io::Result<Digest> {
        let mut content = Vec::new();
        bytes.read_to_end(&mut content)?;
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&[9; 32]).map_err(io::Error::other)?;
        mac.update(label.as_bytes());
        mac.update(&content);
        Ok(Digest(mac.finalize().into_bytes().into()))
    }
}

/// A site of three runs, each of which releases a month and rewrites the worklist.
struct Site {
    folder: TempDir,
    heads: Vec<Digest>,
    /// Signs the next entry.
    key: SigningKey,
}

const LEDGER: &str = ledger::PATH;
const FIRST_REPORT: &str = "reports/2026-11-01-run-000001.json";
const ROWS: u64 = 60;

impl Site {
    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, content: &[u8]) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), content).unwrap();
    }

    fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap()
    }

    fn verify(&self) -> Verified {
        verify(self.folder.path(), None, Some(&Key))
    }

    fn faults(&self) -> Vec<(Fault, String)> {
        self.verify().problems.into_iter().map(|problem| (problem.fault, problem.to_string())).collect()
    }

    /// The lines of the ledger.
    fn lines(&self) -> Vec<String> {
        String::from_utf8(self.read(LEDGER)).unwrap().lines().map(str::to_owned).collect()
    }

    fn put_lines(&self, lines: &[&str]) {
        self.write(LEDGER, lines.iter().map(|line| format!("{line}\n")).collect::<String>().as_bytes());
    }

    /// Carries out a run. `change` may spoil its report.
    fn run(&mut self, removed: &[&str], change: impl Fn(&mut Report)) {
        let sequence = self.heads.len() as u64 + 1;
        let previous = self.heads.last().copied().unwrap_or(BEFORE_THE_FIRST);
        let month = Month(Month::new(2026, 1).0 + self.heads.len() as i32);
        let mut report = sample(24);
        report.run.sequence = sequence;
        report.evidence.previous_head = previous;
        report.pipelines[0].released = vec![ReleasedMonth {
            month,
            period: None,
            totals_alone: false,
            rows: ROWS.into(),
            closed: None,
            counts: Default::default(),
        }];
        report.sum_up();
        change(&mut report);
        let staff = report.for_staff(10);
        let half = |half: &str| format!("public/dataset/loan/{half}/month={month}/{half}.parquet");
        let table = format!("public/statistics/loan/by-branch/month={month}/by-branch.parquet");
        let json = staff.to_json().unwrap();
        let files = [
            (report.json_path(), json.clone().into_bytes()),
            (report.page_path(), page::page(&staff).into_bytes()),
            (report.exact_path(), report.to_json().unwrap().into_bytes()),
            (half("collection"), parquet("day", &[1; ROWS as usize])),
            (half("community"), parquet("age_band", &[1; ROWS as usize])),
            (table, parquet("checkouts", &[20, 40])),
            ("worklists/koha-loans.csv".into(), format!("id\n{sequence}\n").into_bytes()),
        ];
        let mut entry = Entry {
            format: ledger::FORMAT,
            sequence,
            previous,
            public_key: Hex([0; 32]),
            at: report.run.at.clone(),
            afterloan: report.run.afterloan.clone(),
            act: Act::Run(RunAct {
                as_of: report.run.as_of.clone(),
                report: Digest::of(json.as_bytes()),
                plan: report.evidence.plan,
                exports_deleted: ExportsDeleted::default(),
            }),
            files: Vec::new(),
            removed: removed.iter().map(|path| (*path).to_owned()).collect(),
        };
        for (path, content) in &files {
            entry.files.push(named(path, content));
            self.write(path, content);
        }
        self.append(entry);
    }

    /// Another act: what it leaves, and what it removes.
    fn act(&mut self, act: Act, files: &[(&str, &[u8])], removed: &[&str]) {
        let sequence = self.heads.len() as u64 + 1;
        let previous = self.heads.last().copied().unwrap_or(BEFORE_THE_FIRST);
        for (path, content) in files {
            self.write(path, content);
        }
        for path in removed {
            fs::remove_file(self.path(path)).unwrap();
        }
        let files = files.iter().map(|(path, content)| named(path, content)).collect();
        let removed = removed.iter().map(|path| (*path).to_owned()).collect();
        self.append(Entry { act, files, removed, ..ledger::tests::entry(sequence, previous) });
    }

    fn append(&mut self, entry: Entry) {
        let next = entry.act.next_key(entry.previous);
        let line = ledger::seal(entry, &self.key).unwrap();
        if let Some(next) = next {
            self.key = SigningKey::from_bytes(&[8; 32]);
            assert_eq!(public_key::of(&self.key), next);
        }
        self.heads.push(Digest::of(line.as_bytes()));
        let mut lines = fs::read(self.path(LEDGER)).unwrap_or_default();
        lines.extend(format!("{line}\n").bytes());
        self.write(LEDGER, &lines);
    }
}

fn named(path: &str, content: &[u8]) -> FileEntry {
    if path.starts_with("state/") || path.starts_with("worklists/") {
        return FileEntry::closed(path.into(), Key.digest(path, &mut &*content).unwrap());
    }
    FileEntry::open(path.into(), content.len() as u64, Digest::of(content))
}

fn parquet(column: &str, values: &[u64]) -> Vec<u8> {
    let column = (column, Arc::new(UInt64Array::from(values.to_vec())) as ArrayRef);
    let batch = arrow_array::RecordBatch::try_from_iter([column]).unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn empty_site() -> Site {
    let key = SigningKey::from_bytes(&[7; 32]);
    let site = Site { folder: tempfile::tempdir().unwrap(), heads: Vec::new(), key };
    site.write(public_key::PATH, public_key::file(&site.key).as_bytes());
    site
}

fn site() -> Site {
    let mut site = empty_site();
    (0..3).for_each(|_| site.run(&[], |_| ()));
    site
}

#[test]
fn a_site_as_its_runs_left_it_is_sound() {
    assert!(empty_site().verify().is_sound(), "before the first run");
    let site = site();
    let verified = site.verify();
    assert_eq!((&verified.problems, &verified.unchecked), (&vec![], &vec![]));
    let counts = Checked { entries: 3, signatures: 3, files: 15, keyed_files: 4, reports: 3, halves: 6, tables: 3 };
    assert_eq!(verified.checked, counts);

    let without_keys = verify(site.folder.path(), None, None);
    assert!(without_keys.is_sound());
    assert_eq!(without_keys.unchecked.len(), 4, "three exact reports and the worklist: {:?}", without_keys.unchecked);

    fs::remove_dir_all(site.path("state")).unwrap();
    fs::remove_dir_all(site.path("worklists")).unwrap();
    let copied = site.verify();
    assert!(copied.is_sound(), "a copy for staff, without what is closed to them");
    assert_eq!(copied.unchecked.len(), 2);
}

#[test]
fn any_changed_byte_of_the_ledger_is_found() {
    let site = empty_site();
    let key = SigningKey::from_bytes(&[7; 32]);
    let mut head = BEFORE_THE_FIRST;
    let mut whole = Vec::new();
    for sequence in 1..=3 {
        let line = ledger::seal(ledger::tests::entry(sequence, head), &key).unwrap();
        head = Digest::of(line.as_bytes());
        whole.extend(format!("{line}\n").bytes());
    }
    site.write(LEDGER, &whole);
    assert!(check_chain(site.folder.path(), &mut Verified::default()).digests.len() == 3);
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        site.write(LEDGER, &bytes);
        let mut verified = Verified::default();
        let chain = chain::read(site.folder.path(), None, &mut verified);
        chain::check_order(&chain, &mut verified);
        // Checking signatures is slow without optimisation: the last line's matters only where nothing else tells.
        let found = verified.problems.iter().any(|problem| problem.file == LEDGER && problem.line.is_some());
        let last = &chain.lines.last().unwrap().line;
        assert!(found || !last.is_signed_by(&public_key::of(&key)), "byte {at}");
    }
    for at in [20, whole.len() / 2, whole.len() - 20] {
        let mut bytes = whole.clone();
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
        site.write(LEDGER, &bytes);
        let mut verified = Verified::default();
        check_chain(site.folder.path(), &mut verified);
        assert!(!verified.is_sound(), "byte {at}, with all checks");
    }
}

#[test]
fn any_changed_byte_of_a_report_or_the_public_key_is_found() {
    let site = site();
    let chain = check_chain(site.folder.path(), &mut Verified::default());
    let entry = &chain.lines[0].line.entry.files[0];
    assert_eq!(entry.path, FIRST_REPORT);
    let whole = site.read(FIRST_REPORT);
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        site.write(FIRST_REPORT, &bytes);
        let mut verified = Verified::default();
        files::check_file(&site.path(FIRST_REPORT), entry, 1, None, &mut verified);
        assert_eq!(verified.problems[0].fault, Fault::Edited, "byte {at}");
    }
    assert!(site.faults()[0].1.contains("was edited: it is not what ledger line 1 names"));
    site.write(FIRST_REPORT, &whole);

    let whole = site.read(public_key::PATH);
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        site.write(public_key::PATH, &bytes);
        let mut verified = Verified::default();
        check_chain(site.folder.path(), &mut verified);
        assert!(!verified.is_sound(), "byte {at} of the public key");
    }
}

#[test]
fn lines_removed_reordered_doubled_and_added_are_told_apart() {
    let site = site();
    let lines = site.lines();
    let [a, b, c] = [&lines[0], &lines[1], &lines[2]].map(String::as_str);
    let forged = b.replace("\"sequence\":2", "\"sequence\":4");
    for (ledger, fault, says) in [
        (&[a, c][..], Fault::Removed, "line 2: is run 3, but run 2 is missing before it"),
        (&[b, c], Fault::Removed, "line 1: is run 2, but run 1 is missing before it"),
        (&[c], Fault::Removed, "line 1: is run 3, but runs 1 to 2 are missing"),
        (&[a, b], Fault::ReportWithoutEntry, "000003.json: is a report without its entry"),
        (&[], Fault::ReportWithoutEntry, "000001.json: is a report without its entry"),
        (&[a, c, b], Fault::Reordered, "line 2: is run 3 where run 2 should be"),
        (&[b, a, c], Fault::Reordered, "line 1: is run 2 where run 1 should be"),
        (&[a, b, b, c], Fault::Added, "line 3: repeats run 2"),
        (&[a, b, c, a], Fault::Added, "line 4: repeats run 1"),
        (&[a, b, c, &forged], Fault::Edited, "line 4: its signature doesn't fit"),
        (&[a, "{}", c], Fault::Edited, "line 2: is not a ledger line"),
        (&[a, &forged.replace(":4,", ":2,").replace("0.1.0", "0.1.1"), c], Fault::Edited, "line 3: doesn't follow"),
    ] {
        site.put_lines(ledger);
        let faults = site.faults();
        assert!(faults.iter().any(|(f, text)| *f == fault && text.contains(says)), "{says}\n{faults:#?}");
    }
    site.write(LEDGER, &format!("{a}\n{b}\n{c}").into_bytes());
    assert!(site.faults().iter().any(|(_, text)| text.contains("line 3: has no end")));
    fs::remove_file(site.path(LEDGER)).unwrap();
    assert!(
        site.faults().iter().any(|(fault, text)| *fault == Fault::Removed && text.contains("ledger.jsonl: is missing"))
    );
}

#[test]
fn files_added_removed_and_edited_are_told_apart() {
    let half = "public/dataset/loan/collection/month=2026-01/collection.parquet";
    for (path, content, fault) in [
        (FIRST_REPORT, None, Fault::EntryWithoutReport),
        (half, None, Fault::Removed),
        ("worklists/koha-loans.csv", None, Fault::Removed),
        ("state/runs/000002.json", None, Fault::Removed),
        (FIRST_REPORT, Some("{}"), Fault::Edited),
        (half, Some("PAR1"), Fault::Edited),
        ("reports/2026-11-01-run-000002.html", Some("<html>"), Fault::Edited),
        ("worklists/koha-loans.csv", Some("id\n4\n"), Fault::Edited),
        ("public/dataset/loan/collection/month=2026-01/other.parquet", Some("x"), Fault::Added),
        ("public/.hidden", Some("x"), Fault::Added),
        ("worklists/other.csv", Some("x"), Fault::Added),
        ("reports/2026-11-02-run-000004.json", Some("{}"), Fault::ReportWithoutEntry),
        (public_key::PATH, None, Fault::Removed),
    ] {
        let site = site();
        match content {
            Some(content) => site.write(path, content.as_bytes()),
            None => fs::remove_file(site.path(path)).unwrap(),
        }
        let problems = site.verify().problems;
        assert_eq!(problems.iter().map(|p| (p.fault, p.file.as_str())).collect::<Vec<_>>(), [(fault, path)]);
    }
    let site = site();
    fs::remove_file(site.path(half)).unwrap();
    std::os::unix::fs::symlink(site.path(FIRST_REPORT), site.path(half)).unwrap();
    assert_eq!(site.verify().problems[0].fault, Fault::Edited, "a link is no file");
}

#[test]
fn what_a_run_removed_must_be_gone() {
    let mut site = site();
    site.write("state/keys/loan-2026-01.key", b"key");
    site.write("public/old/page.html", b"page");
    let removed = ["state/keys/loan-2026-01.key", "public/old", "state/runs/000001.json"];
    site.run(&removed, |_| ());
    let faults = site.faults();
    assert_eq!(faults.len(), 3, "{faults:#?}");
    assert!(faults.iter().all(|(fault, text)| *fault == Fault::NotDeleted && text.contains("run 4 deleted it")));
    fs::remove_file(site.path("state/keys/loan-2026-01.key")).unwrap();
    fs::remove_dir_all(site.path("public/old")).unwrap();
    fs::remove_file(site.path("state/runs/000001.json")).unwrap();
    assert!(site.verify().is_sound());
}

#[test]
fn an_exchanged_key_and_a_ledger_signed_anew_are_found() {
    let site = site();
    let other = SigningKey::from_bytes(&[8; 32]);
    site.write(public_key::PATH, public_key::file(&other).as_bytes());
    let faults = site.faults();
    assert!(matches!(&faults[..], [(Fault::KeyExchanged, text)] if text.contains("line 1")), "{faults:#?}");
}

#[test]
fn a_noted_head_finds_a_rollback_and_counts_the_runs_since() {
    let site = site();
    let with = |head| verify(site.folder.path(), Some(head), Some(&Key));
    for (head, runs) in [(BEFORE_THE_FIRST, 3), (site.heads[0], 2), (site.heads[1], 1), (site.heads[2], 0)] {
        let verified = with(head);
        assert!(verified.is_sound());
        assert_eq!((verified.runs_since_head, verified.head), (Some(runs), Some(site.heads[2])));
    }
    // Cut back, with the reports of the lost run.
    let lines = site.lines();
    site.put_lines(&[&lines[0], &lines[1]]);
    let rolled_back = with(site.heads[2]);
    assert!(rolled_back.problems.iter().any(|problem| problem.fault == Fault::RolledBack));
}

#[test]
fn a_report_that_does_not_add_up_or_fit_is_found_though_signed() {
    type Change = fn(&mut Report);
    let changes: [(Change, Fault, &str); 6] = [
        (|r| r.pipelines[0].parts[1].totals.kept += 1, Fault::Accounting, "old_issues: the rows read"),
        (|r| r.pipelines[0].worklist.as_mut().unwrap().rows += 1, Fault::Accounting, "the worklist's rows"),
        (|r| r.pipelines[0].released[0].rows += 1, Fault::Accounting, "collection.parquet: has 60 rows"),
        (|r| r.pipelines[0].released[0].month = Month::new(2025, 1), Fault::Removed, "no ledger line names this file"),
        (|r| r.run.sequence = 9, Fault::EntryWithoutReport, "its run's number differs"),
        (|r| r.evidence.previous_head = Digest([1; 32]), Fault::EntryWithoutReport, "its previous head differs"),
    ];
    for (change, fault, says) in changes {
        let mut site = empty_site();
        // The entry tells the run's true number and head.
        site.run(&[], change);
        let faults = site.faults();
        assert!(faults.iter().any(|(f, text)| *f == fault && text.contains(says)), "{says}\n{faults:#?}");
    }
}

#[test]
fn every_act_enters_the_chain_and_verifies() {
    let mut site = site();
    let by = || "A. Person".to_owned();
    let json = "reports/2026-11-02-purge-000004.json";
    let report = Digest::of(b"{}");
    site.act(Act::Purge(PurgeAct { run: 3, by: by(), report, traces: Vec::new() }), &[(json, b"{}")], &[]);
    site.act(Act::Director, &[("state/holds.json", b"{}")], &[]);
    site.act(Act::SignOff(SignOff { of: 4, report, by: by() }), &[], &[]);
    let key = "state/keys/loan-2026-01.key";
    site.write(key, b"key");
    let destroyed = KeyChange::Destroyed { key: "loan-2026-01.key".into() };
    site.act(Act::Key(KeyAct { change: destroyed, by: by(), why: "asked".into() }), &[], &[key]);
    let half = "public/dataset/loan/collection/month=2026-01/collection.parquet";
    site.act(Act::Takedown(Takedown { by: by(), why: "wrong".into() }), &[], &[half]);
    site.run(&[], |_| ());
    let verified = site.verify();
    assert_eq!((&verified.problems, &verified.unchecked), (&vec![], &vec![]));
    assert_eq!((verified.checked.entries, verified.checked.halves), (9, 7), "one half of eight is withdrawn");

    site.write(half, b"back");
    assert!(matches!(&site.faults()[..], [(Fault::NotDeleted, text)] if text.contains("run 8 deleted it")));
    fs::remove_file(site.path(half)).unwrap();
    fs::remove_file(site.path(json)).unwrap();
    assert!(matches!(&site.faults()[..], [(Fault::EntryWithoutReport, text)] if text.contains("line 4")));
}

#[test]
fn a_signing_key_hands_over_to_one_that_agrees_and_to_no_other() {
    let mut site = site();
    let next = SigningKey::from_bytes(&[8; 32]);
    let change = rotation_proof(&next, *site.heads.last().unwrap());
    site.act(Act::Key(KeyAct { change, by: "A. Person".into(), why: "yearly".into() }), &[], &[]);
    site.write(public_key::PATH, public_key::file(&next).as_bytes());
    assert_eq!(site.faults(), [], "right after");
    site.run(&[], |_| ());
    assert_eq!(site.faults(), []);
    assert_eq!(site.verify().checked.signatures, 5);

    // A history of somebody else's, which ends by handing over to the site's key: without that key's own word.
    let mut forged = empty_site();
    forged.key = SigningKey::from_bytes(&[9; 32]);
    (0..3).for_each(|_| forged.run(&[], |_| ()));
    let KeyChange::Signing { next, proof } = rotation_proof(&SigningKey::from_bytes(&[8; 32]), site.heads[2]) else {
        unreachable!()
    };
    let change = KeyChange::Signing { next, proof };
    forged.act(Act::Key(KeyAct { change, by: "Somebody".into(), why: "none".into() }), &[], &[]);
    forged.write(public_key::PATH, public_key::file(&SigningKey::from_bytes(&[8; 32])).as_bytes());
    assert!(forged.faults().iter().any(|(fault, _)| *fault == Fault::KeyExchanged), "{:#?}", forged.faults());
}
