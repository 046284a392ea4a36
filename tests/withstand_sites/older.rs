//! A site that an older version made, with a release, staging and a worklist, lives on: it verifies, has its next night, and
//! verifies again, its ledger in two formats.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::TestSite;

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
