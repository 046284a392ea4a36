//! The same exports, policy, randomness and as-of: the same decisions and the same published bytes.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use afterloan::words::Totals;

use crate::support::library::{Library, five, loans_site};
use crate::support::{TestSite, snapshot};

const SITE: &str = "AFTERLOAN_TEST_SITE";
const DAY: &str = "2026-11-01";

/// Paths and bytes.
type Files = Vec<(PathBuf, Vec<u8>)>;

/// What everybody may see, and the decisions.
fn seen(site: &TestSite) -> (Files, Files) {
    (snapshot(&site.at("public")), snapshot(&site.at("worklists")))
}

#[test]
fn twice_the_same_and_with_one_thread_or_many() {
    let base = TestSite::small_koha();
    base.stamp(DAY);
    let first = base.copy();
    let totals: Totals = first.accept_on(DAY).totals;
    let expected = seen(&first);
    assert!(!expected.0.is_empty());
    for threads in ["1", "7"] {
        let site = base.copy();
        let done = Command::new(env::current_exe().unwrap())
            .args(["--exact", "nights::same::child", "--ignored"])
            .env("RAYON_NUM_THREADS", threads)
            .env(SITE, site.root())
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
        assert!(seen(&site) == expected, "{threads} threads");
        assert_eq!(site.accept_on("2026-11-02").totals.already_retired, totals.retired);
    }
    // Rows in another order, and files with other names.
    let site = base.copy();
    for name in ["old_issues-2026-11-01.csv", "borrowers-2026-11-01.csv", "items-2026-11-01.csv"] {
        reverse(&site, name);
    }
    site.stamp(DAY);
    assert_eq!(site.accept_on(DAY).totals.retired, totals.retired);
    let reversed = seen(&site);
    assert!(reversed.0 == expected.0, "the order of an export doesn't show in what is published");
}

/// A CSV with its records in the reverse order; bytes that are no text stay as they are.
fn reverse(site: &TestSite, name: &str) {
    let path = site.at("inbox").join(name);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(&path).unwrap();
    let mut records: Vec<csv::ByteRecord> = reader.byte_records().map(Result::unwrap).collect();
    records[1..].reverse();
    let mut writer = csv::WriterBuilder::new().flexible(true).from_path(&path).unwrap();
    records.iter().for_each(|record| writer.write_byte_record(record).unwrap());
}

/// Run by the test above in a process of its own.
#[test]
#[ignore = "a child of twice_the_same_and_with_one_thread_or_many"]
fn child() {
    let Some(root) = env::var_os(SITE) else { return };
    TestSite::around(root.into()).accept_on(DAY);
}

#[test]
fn keys_and_the_patrons_numbers_do_not_show_in_what_is_published() {
    // Two libraries whose patrons have other numbers and whose sites have other keys publish the same.
    let library = Library::default().loans(101, 24, "2026-09-01", Some("2026-09-09"));
    let mut renumbered = library.clone();
    renumbered.loans.iter_mut().for_each(|loan| loan.patron = loan.patron.map(|patron| patron + 56));
    let published: Vec<_> = [library, renumbered]
        .map(|library| {
            let site = loans_site();
            // Staged first, released later: through pseudonyms.
            assert_eq!(five(&site.night(&library, "2026-10-10"))[1], 24);
            site.unwatched(&library, "2026-10-31").unwrap();
            snapshot(&site.at("public"))
        })
        .into();
    assert!(!published[0].is_empty());
    assert!(published[0] == published[1]);
}
