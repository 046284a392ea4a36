//! What somebody changes afterwards, `verify` finds, and says so in the right words.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::Output;

use afterloan::evidence::verify::{KeyedCheck, Verified, verify};
use afterloan::state::keys::Keys;
use afterloan::words::Digest;

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
    let unnamed = ["state/lock", "state/holds.json", "state/keys", LEDGER];
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
