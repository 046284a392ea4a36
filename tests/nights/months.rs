//! A month settles and is released once, with everything that was staged of it and nothing that came too late.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};

use crate::support::library::{Library, five, is_there, loans_site, only};
use crate::support::{TestSite, files, snapshot};

const STAGING: &str = "state/staging/koha-loans/month=2026-09";
const KEY: &str = "state/keys/loan-2026-09.key";

pub fn node(node: &str, month: &str) -> PathBuf {
    format!("public/dataset/loan/{node}/month={month}/{node}.parquet").into()
}

fn rows(path: &Path) -> i64 {
    SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap().metadata().file_metadata().num_rows()
}

/// Rows of September in the trunk and in its leaf.
fn september(site: &TestSite) -> [i64; 2] {
    ["collection", "community"].map(|name| rows(&site.at(node(name, "2026-09").to_str().unwrap())))
}

#[test]
fn a_month_is_released_once_from_staging_and_tonights_snapshot() {
    let site = loans_site();
    // Retired from the 9th of October on; a second dozen from the 25th on; the last dozen still out.
    let mut library = Library::default()
        .loans(101, 12, "2026-09-01", Some("2026-09-09"))
        .loans(201, 12, "2026-09-02", Some("2026-09-25"))
        .loans(301, 12, "2026-09-03", None);
    assert_eq!(five(&site.night(&library, "2026-10-10")), [36, 12, 0, 24, 0]);
    library.remove(101..107);
    library.sever(107..113);
    assert_eq!(five(&site.unwatched(&library, "2026-10-25").unwrap()), [30, 12, 0, 12, 6]);
    assert_eq!(files(&site.at(STAGING)).len(), 2, "one file for each run that retired");
    assert!(is_there(&site, KEY));
    assert!(files(&site.at("public")).is_empty());

    // The day before it settles, and exports of the day before.
    let early = site.unwatched(&library, "2026-10-29").unwrap();
    assert!(only(&early).released.is_empty());
    library.remove(201..213);
    library.write(&site);
    site.stamp("2026-10-29");
    let stale = site.run_on("2026-10-30", None, &afterloan::state::commit::no_hook).unwrap();
    assert!(only(&stale).released.is_empty(), "written before the day on which it settled");
    assert_eq!(only(&stale).tally.confirmed, 12);

    let released = site.unwatched(&library, "2026-10-30").unwrap();
    assert_eq!(only(&released).released[0].rows, 36);
    assert_eq!(september(&site), [36, 36], "staged and gone, staged and emptied, and never retired");
    assert!(!is_there(&site, STAGING) && !is_there(&site, KEY));

    // What is retired of it later changes nothing.
    let published = snapshot(&site.at("public"));
    for id in 301..313 {
        library.loan(id).returned = Some("2026-10-31 12:00:00".into());
    }
    let later = site.unwatched(&library, "2026-11-30").unwrap();
    assert_eq!(five(&later), [18, 12, 0, 0, 6]);
    assert_eq!((only(&later).tally.late, only(&later).released.len()), (0, 0));
    assert_eq!(snapshot(&site.at("public")), published);
    assert!(!is_there(&site, STAGING) && !is_there(&site, KEY), "nothing is staged of a final month");
    assert_eq!(site.worklist(), (301..313).collect::<Vec<u64>>());
    site.assert_verifies();
}

#[test]
fn what_turns_up_for_a_released_month_is_late_and_never_published() {
    let site = loans_site();
    let mut library = Library::default().loans(101, 24, "2026-09-01", Some("2026-09-09"));
    site.night(&library, "2026-11-01");
    assert_eq!(september(&site), [24, 24]);
    let published = snapshot(&site.at("public"));

    // One that is due, one that is out, one that names nobody.
    library = library.loans(301, 3, "2026-09-20", Some("2026-09-22"));
    library.loan(302).returned = None;
    library.loan(303).patron = None;
    let late = site.unwatched(&library, "2026-11-02").unwrap();
    assert_eq!(five(&late), [27, 1, 24, 1, 1]);
    assert_eq!(only(&late).tally.late, 3);
    assert!(site.worklist().contains(&301));
    let again = site.unwatched(&library, "2026-11-03").unwrap();
    assert_eq!(only(&again).tally.late, 0, "counted once");
    assert_eq!(snapshot(&site.at("public")), published);
    assert!(!is_there(&site, STAGING) && !is_there(&site, KEY));
}

#[test]
fn a_patron_of_staging_and_snapshot_is_one_patron() {
    // Nine patrons, each with a loan that is staged and one that is out: below the threshold, counted twice above it.
    let site = loans_site();
    let library = Library::default().loans(101, 9, "2026-09-01", Some("2026-09-09")).loans(301, 9, "2026-09-03", None);
    site.night(&library, "2026-10-10");
    let outcome = site.unwatched(&library, "2026-10-31").unwrap();
    assert!(only(&outcome).released.is_empty(), "it waits for the next month");
    assert!(files(&site.at("public")).is_empty());
    assert!(is_there(&site, STAGING) && is_there(&site, KEY), "what waits is kept");
    // A tenth makes a crowd of them.
    let tenth = library.loans(401, 10, "2026-09-05", None);
    let outcome = site.unwatched(&tenth, "2026-11-01").unwrap();
    assert_eq!((only(&outcome).released[0].rows, &only(&outcome).released[0].closed), (28, &None));
    assert!(!is_there(&site, STAGING) && !is_there(&site, KEY));
}

#[test]
fn a_held_pipeline_releases_and_destroys_nothing() {
    let site = loans_site();
    let library = Library::default().loans(101, 24, "2026-09-01", Some("2026-09-09"));
    site.night(&library, "2026-10-10");
    let before = snapshot(&site.root());
    // Half of the patrons are missing from tonight's export, on the night of the release.
    library.write(&site);
    let patrons = fs::read_to_string(site.at("inbox/borrowers-1.csv")).unwrap();
    site.export("borrowers-1.csv", patrons.lines().take(60).map(|line| format!("{line}\n")).collect::<String>());
    site.stamp("2026-10-31");
    site.run_on("2026-10-31", None, &afterloan::state::commit::no_hook).unwrap_err();
    let after = snapshot(&site.root());
    let outside = |all: &[(PathBuf, Vec<u8>)]| -> Vec<(PathBuf, Vec<u8>)> {
        // The worklist of the night before is withdrawn, and that is all.
        let changes = ["inbox", "worklists", "state/withdrawn.json"];
        all.iter().filter(|(path, _)| !changes.iter().any(|one| path.starts_with(one))).cloned().collect()
    };
    assert_eq!(outside(&before), outside(&after));
    assert!(crate::support::files(&site.at("worklists")).is_empty());
}

/// What rows of a parquet file say in a column.
pub fn texts(path: &Path, column: &str) -> BTreeSet<String> {
    let reader = SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
    let rows = reader.get_row_iter(None).unwrap().map(Result::unwrap);
    let text = |row: Row| {
        let (_, field) = row.get_column_iter().find(|(name, _)| *name == column).unwrap();
        let Field::Str(text) = field else { panic!("{column} is no text") };
        text.clone()
    };
    rows.map(text).collect()
}

/// Nobody searches a closed vocabulary, and it needn't merge.
#[test]
fn staged_texts_of_a_column_that_is_a_closed_vocabulary_now_are_unknown() {
    let site = loans_site();
    let path = "pipelines/koha-loans.toml";
    let class = "treatment = { class = \"dewey-hundreds\" }";
    site.edit(path, |text| {
        assert!(text.contains(class));
        text.replace(class, "treatment = { prefix = 12 }").replace("\nclass = \"600\"", "\nclass = \"641.5 ALD\"")
    });
    let library =
        Library::default().loans(101, 12, "2026-09-01", Some("2026-09-09")).loans(301, 12, "2026-09-03", None);
    assert_eq!(five(&site.night(&library, "2026-10-10")), [24, 12, 0, 12, 0]);
    site.edit(path, |text| {
        text.replace("treatment = { prefix = 12 }", class).replace("\nclass = \"641.5 ALD\"", "\nclass = \"600\"")
    });
    assert_eq!(only(&site.night(&library, "2026-10-31")).released[0].rows, 24);
    assert_eq!(september(&site), [24, 24]);
    let classes = texts(&site.at(node("collection", "2026-09").to_str().unwrap()), "class");
    assert_eq!(classes, ["800".to_string(), "unknown".to_string()].into());
}
