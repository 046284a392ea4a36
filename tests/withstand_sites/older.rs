//! A site that an older version made, with a release, staging and a worklist, lives on: it verifies, has its next night, and
//! verifies again, its ledger in two formats.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::{TestSite, files, snapshot};

/// The site as it was kept, with the modes that a site has, and the zones that no version control keeps when empty.
fn kept(name: &str) -> TestSite {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("site");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats").join(name), &to, 0o755);
    TestSite::holding(folder)
}

fn copy(from: &Path, to: &Path, folder_mode: u32) {
    fs::create_dir_all(to).unwrap();
    fs::set_permissions(to, Permissions::from_mode(folder_mode)).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        let mode = match entry.file_name().to_str() {
            Some("state" | "inbox" | "worklists") => 0o700,
            Some("reports") => 0o750,
            _ => folder_mode,
        };
        if entry.path().is_dir() {
            copy(&entry.path(), &to, mode);
        } else {
            fs::copy(entry.path(), &to).unwrap();
            fs::set_permissions(&to, Permissions::from_mode(folder_mode & 0o666)).unwrap();
        }
    }
}

fn ledger(site: &TestSite) -> Vec<String> {
    fs::read_to_string(site.at("reports/ledger.jsonl")).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_site_of_ledger_format_1_has_its_next_night() {
    let site = kept("site-1");
    site.assert_verifies();
    let before = ledger(&site);
    assert!(before.len() == 1 && before[0].starts_with("{\"entry\":{\"format\":1,\"sequence\":1,"));

    site.stamp("2026-11-01");
    let outcome = site.accept_on("2026-11-01");
    assert_eq!(outcome.committed.as_ref().unwrap().sequence, 2);
    let after = ledger(&site);
    assert_eq!(after[0], before[0], "what was signed stays as it was spelled");
    assert!(after[1].starts_with("{\"entry\":{\"format\":2,\"sequence\":2,"), "{}", after[1]);
    assert!(after[1].contains("\"act\":{\"run\":{\"as_of\":"), "{}", after[1]);
    assert!(after[1].contains("\"exports_deleted\":{\"count\":"), "{}", after[1]);
    site.assert_verifies();

    // Of a file that few may read, nobody learns how long it is.
    for file in after[1].split("{\"path\":").skip(1) {
        let keyed = file.contains("\"digest\":{\"keyed\"");
        assert_eq!(keyed, !file.contains("\"bytes\""), "{file}");
    }
    // And a changed line of either format is found.
    for line in 0..2 {
        let mut lines = after.clone();
        lines[line] = lines[line].replacen("\"removed\":[", "\"removed\":[\"public/x\",", 1).replace(",]", "]");
        fs::write(site.at("reports/ledger.jsonl"), lines.join("\n") + "\n").unwrap();
        assert_eq!(site.cli(&["verify"]).status.code(), Some(2), "line {line}");
    }
}

/// What the first model published stays as it is, to the byte; the next months are of the tree; and everything knows both.
#[test]
fn months_of_the_first_model_stay_and_the_next_ones_are_of_the_tree() {
    let site = kept("site-1");
    let public = site.at("public");
    let before = snapshot(&public);
    let first_model = ["2026-07", "2026-08"];
    let months = |node: &str| -> Vec<String> {
        let folders = fs::read_dir(site.at(&format!("public/{node}"))).unwrap().map(|entry| entry.unwrap().file_name());
        let mut months: Vec<String> = folders.map(|name| name.into_string().unwrap().replace("month=", "")).collect();
        months.sort();
        months
    };
    assert_eq!(months("dataset/loan/collection"), first_model);
    assert!(before.iter().all(|(path, _)| first_model.iter().any(|month| path.to_str().unwrap().contains(month))));

    let inbox = snapshot(&site.at("inbox"));
    for (night, all) in [
        ("2026-11-01", &["2026-07", "2026-08", "2026-09"][..]),
        ("2026-12-05", &["2026-07", "2026-08", "2026-09", "2026-10"]),
    ] {
        // The policy has exports deleted once they were read.
        inbox.iter().for_each(|(name, bytes)| site.export(name.to_str().unwrap(), bytes));
        site.stamp(night);
        site.accept_on(night);
        for (path, bytes) in &before {
            assert!(fs::read(public.join(path)).unwrap() == *bytes, "{night}: {path:?} was changed");
        }
        assert_eq!(months("dataset/loan/collection"), all, "{night}");
        site.assert_verifies();
        // It says that a person should look: of months of before it can't say that they are sound.
        let audit = site.cli(&["audit", "--json"]);
        assert_eq!(audit.status.code(), Some(1), "{}", String::from_utf8_lossy(&audit.stderr));
        let said: serde_json::Value = serde_json::from_slice(&audit.stdout).unwrap();
        let loans = &said["kinds"][0];
        assert_eq!((&said["sound"], &loans["first_model"]), (&true.into(), &serde_json::json!(first_model)));
        let audited: Vec<&str> =
            loans["periods"].as_array().unwrap().iter().map(|period| period["period"].as_str().unwrap()).collect();
        assert_eq!(audited, all[2..], "a month is of one model");
    }
    // New months are of the tree alone; a table has all months in one file; all data is named, and every month has its page.
    for path in files(&public).iter().map(|path| path.to_str().unwrap()) {
        let is_new = ["2026-09", "2026-10"].iter().any(|month| path.contains(&format!("month={month}/")));
        assert!(!is_new || path.ends_with(".parquet"), "{path}");
    }
    let series = fs::read_to_string(site.at("public/statistics/loan/by-branch.csv")).unwrap();
    let package = fs::read_to_string(site.at("public/datapackage.json")).unwrap();
    for month in ["2026-07", "2026-08", "2026-09", "2026-10"] {
        assert!(series.lines().any(|line| line.starts_with(month)), "{month}: {series}");
        assert!(site.at(&format!("public/pages/loan-{month}.html")).exists(), "{month} has no page");
        assert!(
            package.contains(&format!("collection/month={month}/collection.parquet")),
            "{month} isn't in the package"
        );
    }
}
