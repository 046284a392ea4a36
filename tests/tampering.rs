//! What somebody changes afterwards, `verify` finds, and says so in the right words.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::{Command, Output};

use afterloan::act::Refusal;
use afterloan::evidence::verify::{KeyedCheck, Verified, verify};
use afterloan::evidence::{ledger, public_key};
use afterloan::state::commit::{CommitError, no_hook};
use afterloan::state::keys::Keys;
use afterloan::words::Digest;
use ed25519_dalek::SigningKey;

use crate::support::{TestSite, files};

const LEDGER: &str = "reports/ledger.jsonl";

struct WithKeys(Keys);

impl KeyedCheck for WithKeys {
    fn digest(&self, label: &str, bytes: &mut dyn Read) -> io::Result<Digest> {
        let mut all = Vec::new();
        bytes.read_to_end(&mut all)?;
        let mut digest = self.0.digest(label);
        digest.update(&all);
        Ok(digest.finish())
    }
}

/// A site after three runs, with released months, staging and worklists.
fn site() -> TestSite {
    let site = TestSite::small_koha();
    for day in ["2026-10-25", "2026-10-26", "2026-11-01"] {
        site.stamp(day);
        site.accept_on(day);
    }
    let here = files(&site.root());
    let has = |part: &str| here.iter().any(|path| path.to_string_lossy().contains(part));
    assert!(has(".parquet") && has("worklists/") && has("state/known/") && has("month=2026-09"));
    site
}

fn check(site: &TestSite) -> Verified {
    let keys = Keys::load(&site.site()).ok().map(WithKeys);
    verify(&site.root(), None, keys.as_ref().map(|keys| keys as &dyn KeyedCheck))
}

fn said(verified: &Verified) -> Vec<String> {
    verified.problems.iter().map(ToString::to_string).collect()
}

/// Changes one byte of a file, asks `find`, and puts it back.
fn with_byte(site: &TestSite, path: &str, at: usize, find: impl FnOnce(&Verified) -> bool) {
    let whole = fs::read(site.at(path)).unwrap();
    let mut bytes = whole.clone();
    bytes[at] ^= 1;
    fs::write(site.at(path), bytes).unwrap();
    let verified = check(site);
    assert!(find(&verified), "{path}, byte {at}: {:?}", said(&verified));
    fs::write(site.at(path), whole).unwrap();
}

/// The site's evidence alone: what isn't there is said to be removed, so look at what is said of a file itself.
fn evidence_alone(site: &TestSite) -> TestSite {
    let bare = site.copy();
    for zone in ["public", "worklists", "state", "inbox"] {
        fs::remove_dir_all(bare.at(zone)).unwrap();
    }
    bare
}

fn bare(site: &TestSite) -> Verified {
    verify(&site.root(), None, None)
}

#[test]
fn any_byte_of_the_ledger_or_of_a_report() {
    let site = evidence_alone(&site());
    let about = |path: &str| {
        let verified = bare(&site);
        verified.problems.iter().filter(|problem| problem.file == path).map(ToString::to_string).collect::<Vec<_>>()
    };
    let reports: Vec<String> = files(&site.at("reports"))
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .map(|path| format!("reports/{}", path.display()))
        .collect();
    assert_eq!(reports.len(), 3);
    for path in reports.iter().map(String::as_str).chain([LEDGER]) {
        assert!(about(path).is_empty());
        let whole = fs::read(site.at(path)).unwrap();
        // A prime step, from another byte in each file: a run of three files and lines meets every kind of field.
        for at in (path.len() % 7..whole.len()).step_by(if path == LEDGER { 7 } else { 23 }).chain([whole.len() - 1]) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(site.at(path), bytes).unwrap();
            let said = about(path);
            let right = match path == LEDGER {
                true => said.iter().any(|one| one.contains(", line ")),
                false => said.iter().any(|one| one.contains("was edited: it is not what ledger line")),
            };
            assert!(right, "{path}, byte {at}: {said:?}");
        }
        fs::write(site.at(path), whole).unwrap();
    }
}

#[test]
fn any_of_a_thousand_bytes_of_the_rest() {
    let site = site();
    assert!(check(&site).is_sound(), "{:?}", said(&check(&site)));
    assert!(check(&site).unchecked.is_empty());
    let unnamed = ["state/lock", "state/holds.lock", "state/holds.json", "state/keys", LEDGER];
    let rest: Vec<(String, usize)> = files(&site.root())
        .iter()
        .map(|path| path.to_string_lossy().into_owned())
        .filter(|path| ["public/", "reports/", "worklists/", "state/"].iter().any(|zone| path.starts_with(zone)))
        .filter(|path| !unnamed.iter().any(|prefix| path.starts_with(prefix)))
        .filter(|path| !(path.starts_with("reports/") && path.ends_with(".json")))
        .map(|path| (path.clone(), fs::read(site.at(&path)).unwrap().len()))
        .filter(|(_, length)| *length > 0)
        .collect();
    let zones: BTreeSet<&str> = rest.iter().filter_map(|(path, _)| path.split('/').next()).collect();
    assert_eq!(zones.len(), 4);
    let mut seed: u64 = 20_261_101;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for _ in 0..1_000 {
        let (path, length) = &rest[random(rest.len())];
        let at = random(*length);
        with_byte(&site, path, at, |verified| {
            let about: Vec<String> =
                verified.problems.iter().filter(|problem| problem.file == *path).map(ToString::to_string).collect();
            match path.as_str() {
                "reports/public-key" => !verified.is_sound(),
                _ => about.iter().any(|one| one.contains("was edited: it is not what ledger line")),
            }
        });
    }
    assert!(check(&site).is_sound());
}

fn cli(site: &TestSite, args: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = site.cli(args);
    (status.code(), String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr))
}

/// What a person reads; line breaks are the terminal's.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn lines_and_files_that_come_and_go() {
    let site = site();
    let ledger = fs::read_to_string(site.at(LEDGER)).unwrap();
    let lines: Vec<&str> = ledger.lines().collect();
    let [a, b, c] = lines[..] else { panic!("three runs") };
    for (order, says) in [
        (vec![a, c], "line 2: is run 3, but run 2 is missing before it: a line was removed"),
        (vec![b, c], "line 1: is run 2, but run 1 is missing before it"),
        (vec![a, b], "is a report without its entry"),
        (vec![a, c, b], "line 2: is run 3 where run 2 should be: lines were reordered"),
        (vec![b, a, c], "line 1: is run 2 where run 1 should be: lines were reordered"),
        (vec![a, b, b, c], "line 3: repeats run 2: it was added"),
    ] {
        fs::write(site.at(LEDGER), order.join("\n") + "\n").unwrap();
        let (code, text) = cli(&site, &["verify"]);
        assert_eq!(code, Some(2), "{says}");
        assert!(words(&text).contains(says), "{says}\n{text}");
    }
    fs::write(site.at(LEDGER), &ledger).unwrap();

    let named: Vec<PathBuf> = files(&site.root());
    let find = |part: &str, end: &str| {
        let found = named.iter().find(|path| {
            let text = path.to_string_lossy();
            text.contains(part) && text.ends_with(end)
        });
        found.unwrap().to_string_lossy().into_owned()
    };
    for (path, says) in [
        (find("public/dataset", ".parquet"), "was removed: ledger line"),
        (find("public/statistics", ".csv"), "was removed: ledger line"),
        (find("reports/", "000002.json"), "an entry without its report: ledger line 2 names it"),
        (find("reports/", "000002.html"), "was removed: ledger line 2"),
        (find("worklists/", ".sql"), "was removed: ledger line 3"),
        (find("state/known", ".known"), "was removed: ledger line"),
        ("reports/public-key".into(), "is missing: it was removed"),
    ] {
        let bytes = fs::read(site.at(&path)).unwrap();
        fs::remove_file(site.at(&path)).unwrap();
        let (code, text) = cli(&site, &["verify"]);
        assert_eq!(code, Some(2), "{path}");
        assert!(words(&text).contains(&format!("{path}: {says}")), "{path}\n{text}");
        fs::write(site.at(&path), bytes).unwrap();
    }
    for (path, says) in [
        ("public/dataset/more.parquet", "was added: no ledger line names it"),
        ("public/.hidden", "was added: no ledger line names it"),
        ("reports/2026-11-02-run-000004.json", "is a report without its entry"),
        ("worklists/more.csv", "was added: no ledger line names it"),
    ] {
        fs::write(site.at(path), "x").unwrap();
        let (code, text) = cli(&site, &["verify"]);
        assert_eq!(code, Some(2), "{path}");
        assert!(words(&text).contains(&format!("{path}: {says}")), "{path}\n{text}");
        fs::remove_file(site.at(path)).unwrap();
    }
    site.assert_verifies();
}

#[test]
fn a_noted_head_a_rollback_and_a_state_that_is_closed() {
    let site = TestSite::small_koha();
    let mut heads = Vec::new();
    let mut older = None;
    for day in ["2026-10-25", "2026-10-26", "2026-11-01"] {
        site.stamp(day);
        heads.push(site.accept_on(day).committed.unwrap().head.to_string());
        older.get_or_insert_with(|| site.copy());
    }
    for (head, code, says) in [
        (heads[2].as_str(), 0, "the head that was given is 0 runs old"),
        (heads[0].as_str(), 0, "the head that was given is 2 runs old"),
        (&"0".repeat(64), 0, "the head that was given is 3 runs old"),
        (&"7".repeat(64), 2, "was rolled back or rewritten: no line of it has the head that was noted"),
    ] {
        let (found, text) = cli(&site, &["verify", "--head", head]);
        assert_eq!(found, Some(code), "{text}");
        assert!(words(&text).contains(says), "{text}");
    }
    // The whole site as it was after its first run: true, but older than the head that was noted.
    let older = older.unwrap();
    assert_eq!(cli(&older, &["verify"]).0, Some(0));
    assert_eq!(cli(&older, &["verify", "--head", &heads[2]]).0, Some(2));
    // State and reports of two different nights.
    fs::copy(older.at("state/memory.json"), site.at("state/memory.json")).unwrap();
    let refused = site.plan_on("2026-11-01").unwrap_err().to_string();
    assert!(refused.contains("one of them was put back from a backup"), "{refused}");
    assert_eq!(cli(&site, &["verify"]).0, Some(2));

    // Without its keys, what needs them is named as not checked, and the rest holds.
    fs::rename(older.at("state/keys/site.key"), older.root().join("kept-elsewhere")).unwrap();
    let (code, text) = cli(&older, &["verify"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(words(&text).contains("not checked, without the site's keys"), "{text}");
    assert!(words(&text).contains("its digest is keyed"), "{text}");
}

/// Who may write `reports/` alone signs the history anew, by a key of her own, and exchanges the public key.
#[test]
fn a_ledger_that_was_signed_anew() {
    let site = TestSite::small_koha();
    site.stamp("2026-10-25");
    site.accept_on("2026-10-25");
    let own = SigningKey::from_bytes(&[7; 32]);
    let ledger = fs::read_to_string(site.at(LEDGER)).unwrap();
    let line = ledger::Line::parse(ledger.trim_end().as_bytes()).unwrap();
    fs::write(site.at(LEDGER), ledger::seal(line.entry, &own).unwrap() + "\n").unwrap();
    fs::write(site.at("reports/public-key"), public_key::file(&own)).unwrap();
    let (code, text) = cli(&site, &["verify"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(words(&text).contains("public-key: is not the key of state/keys/signing.key"), "{text}");
    site.stamp("2026-10-26");
    for refused in [site.plan_on("2026-10-26"), site.run_on("2026-10-26", None, &no_hook)] {
        let refused = refused.map(|_| ()).unwrap_err().to_string();
        assert!(refused.contains("the evidence doesn't hold") && refused.contains("signing.key"), "{refused}");
    }
}

#[test]
fn everything_that_is_not_state_gone() {
    let site = site();
    for zones in [&["reports", "public", "worklists"][..], &["reports"], &["public"], &["worklists"]] {
        let site = site.copy();
        zones.iter().for_each(|zone| fs::remove_dir_all(site.at(zone)).unwrap());
        let (code, text) = cli(&site, &["verify"]);
        assert_eq!(code, Some(2), "{zones:?}\n{text}");
        if zones.contains(&"reports") {
            assert!(words(&text).contains("state/ remembers run 3"), "{text}");
        }
        assert_refused(&site, &format!("{zones:?}"));
    }
}

/// Neither a plan nor a run adds anything, and both say why.
fn assert_refused(site: &TestSite, what: &str) {
    let before = fs::read(site.at(LEDGER)).ok();
    for refused in [site.plan_on("2026-11-02"), site.run_on("2026-11-02", None, &no_hook)] {
        let refused = refused.map(|_| ()).unwrap_err().to_string();
        let says = ["the evidence doesn't hold", "one of them was put back from a backup", "can't look at"];
        assert!(says.iter().any(|says| refused.contains(says)), "{what}: {refused}");
    }
    assert!(fs::read(site.at(LEDGER)).ok() == before, "{what}");
}

/// What `verify` finds a run finds, too, and adds nothing to it.
#[test]
fn a_run_finds_what_verify_finds() {
    let site = site();
    site.stamp("2026-11-02");
    let here: Vec<String> = files(&site.root()).iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let find = |part: &str, end: &str| {
        here.iter().find(|path| path.contains(part) && path.ends_with(end)).unwrap_or_else(|| panic!("{part}")).clone()
    };
    let published = [find("public/dataset", ".parquet"), find("public/statistics", ".csv"), find("public/", ".html")];
    let reported = [find("reports/", "000001.json"), find("reports/", "000002.html"), "reports/public-key".into()];
    let listed = [find("worklists/", ".csv"), find("worklists/", ".sql")];
    let needed = [find("state/met/", ".met"), find("state/known/", ".known")];
    for path in [&published[..], &reported, &listed, &needed].concat() {
        let changed = site.copy();
        let mut bytes = fs::read(changed.at(&path)).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(changed.at(&path), bytes).unwrap();
        assert_eq!(cli(&changed, &["verify"]).0, Some(2), "a byte of {path}");
        assert_refused(&changed, &format!("a byte of {path}"));
        let changed = site.copy();
        fs::remove_file(changed.at(&path)).unwrap();
        assert_eq!(cli(&changed, &["verify"]).0, Some(2), "{path} gone");
        // A worklist may have been carried out.
        if !path.starts_with("worklists/") {
            assert_refused(&changed, &format!("{path} gone"));
        }
    }
    let ledger = fs::read_to_string(site.at(LEDGER)).unwrap();
    let lines: Vec<&str> = ledger.lines().collect();
    for (without, what) in [(0, "first"), (1, "second"), (2, "last")] {
        let changed = site.copy();
        let left: Vec<&str> = (0..3).filter(|line| *line != without).map(|line| lines[line]).collect();
        fs::write(changed.at(LEDGER), left.join("\n") + "\n").unwrap();
        assert_eq!(cli(&changed, &["verify"]).0, Some(2), "without the {what} entry");
        assert_refused(&changed, &format!("without the {what} entry"));
    }
}

/// Zones of two nights: what is put back alone is told, whichever it is.
#[test]
fn a_part_of_an_older_site_put_back() {
    let site = site();
    let older = site.copy();
    site.stamp("2026-11-02");
    site.accept_on("2026-11-02");
    for zones in [&["state"][..], &["reports"], &["reports", "public", "worklists"], &["state", "worklists"]] {
        let mixed = site.copy();
        for zone in zones {
            fs::remove_dir_all(mixed.at(zone)).unwrap();
            let done = Command::new("cp").arg("-a").arg(older.at(zone)).arg(mixed.root()).status().unwrap();
            assert!(done.success());
        }
        assert_eq!(cli(&mixed, &["verify"]).0, Some(2), "{zones:?}");
        assert_refused(&mixed, &format!("an older {zones:?}"));
    }
}

/// A run builds on nothing that isn't what the run before it left.
#[test]
fn a_run_looks_before_it_adds() {
    let site = TestSite::small_koha();
    for day in ["2026-10-25", "2026-10-26"] {
        site.stamp(day);
        site.accept_on(day);
    }
    site.stamp("2026-11-02");
    let named: Vec<String> = files(&site.root()).iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let find = |part: &str| named.iter().find(|path| path.contains(part)).unwrap().clone();
    for path in [find("state/staging/"), find("state/known/"), "state/memory.json".into(), LEDGER.into()] {
        let site = site.copy();
        let mut bytes = fs::read(site.at(&path)).unwrap();
        // Within a number of the memory, a digest of the ledger, the rows of the others.
        let at = match path.as_str() {
            LEDGER => String::from_utf8_lossy(&bytes).find("\"previous\":\"").unwrap() + 20,
            _ => bytes.iter().rposition(u8::is_ascii_digit).unwrap(),
        };
        bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
        fs::write(site.at(&path), bytes).unwrap();
        let refused = site.run_on("2026-11-02", None, &no_hook).map(|_| ()).unwrap_err().to_string();
        assert!(refused.contains("the evidence doesn't hold"), "{path}: {refused}");
        let site = site.copy();
        fs::remove_file(site.at(&path)).unwrap();
        assert!(site.run_on("2026-11-02", None, &no_hook).is_err(), "{path} gone");
    }
}

/// A whole site as it was after an earlier night is true; a noted head tells, for a run as for verify.
#[test]
fn a_run_with_a_noted_head() {
    let site = site();
    let older = site.copy();
    site.stamp("2026-11-02");
    let head = site.accept_on("2026-11-02").committed.unwrap().head.to_string();
    let (code, text) = cli(&older, &["run", "--as-of", "2026-11-02", "--head", &head]);
    assert_eq!(code, Some(2), "{text}");
    assert!(words(&text).contains("has the head that was noted"), "{text}");
    let (_, text) = cli(&site, &["run", "--as-of", "2026-11-02", "--head", &head]);
    assert!(!words(&text).contains("has the head that was noted"), "{text}");
}

/// Committed, and a file can't be put in place: an error of its own, which the next run mends.
#[test]
fn a_run_that_is_committed_and_not_finished() {
    let site = TestSite::small_koha();
    site.stamp("2026-10-25");
    let plan = site.plan_on("2026-10-25").unwrap().digest;
    let page = site.at("reports/2026-10-25-run-000001.html");
    fs::create_dir_all(page.join("in the way")).unwrap();
    let refused = site.run_on("2026-10-25", Some(plan), &no_hook).map(|_| ()).unwrap_err();
    assert!(matches!(refused, Refusal::Commit(CommitError::Unfinished(_))), "{refused}");
    let (code, text) = cli(&site, &["verify"]);
    assert!(words(&text).contains("unfinished run: run 1") && code.is_some(), "{text}");
    let (code, text) = cli(&site, &["run", "--as-of", "2026-10-25"]);
    assert_eq!(code, Some(3), "{text}");
    fs::remove_dir_all(&page).unwrap();
    let _ = cli(&site, &["run", "--as-of", "2026-10-25"]);
    assert!(page.is_file());
    site.assert_verifies();
}
