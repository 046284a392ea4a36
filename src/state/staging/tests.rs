use std::fs;

use proptest::prelude::*;

use super::super::site::Site;
use super::*;
use crate::treat::pseudonym::Pseudonym;
use crate::words::{Month, TransactionId};

const MONTH: Month = Month(2026 * 12 + 1);

fn column(name: &str, codes: &[u32], texts: &[&str]) -> StagedColumn {
    StagedColumn { name: name.into(), codes: codes.into(), texts: texts.iter().map(|text| (*text).into()).collect() }
}

fn rows(first: u64, columns: Vec<StagedColumn>) -> Staged {
    let count = columns.first().map_or(3, |column| column.codes.len());
    let each = 0..count as u64;
    Staged {
        ids: each.clone().map(|n| TransactionId(first + n)).collect(),
        opened: each.clone().map(|n| 1_770_000_000 + n as i64).collect(),
        day: each.clone().map(|n| MONTH.first_day().plus(n as i32)).collect(),
        hour: each.clone().map(|n| if n == 0 { 255 } else { n as u8 }).collect(),
        measure: each.clone().map(|n| n as u32 * 2).collect(),
        pseudonyms: each.map(|n| (n != 1).then_some(Pseudonym([n as u8; 16]))).collect(),
        columns,
    }
}

/// What each row reads in a column.
fn reads<'a>(staged: &'a Staged, name: &str) -> Vec<&'a str> {
    let column = staged.columns.iter().find(|column| column.name == name).unwrap();
    column.codes.iter().map(|code| column.texts[*code as usize].as_str()).collect()
}

fn site_with(files: &[(u64, &Staged)]) -> (tempfile::TempDir, Site) {
    let folder = crate::state::scratch();
    let site = Site::create(folder.path().join("site")).unwrap();
    for (run, staged) in files {
        let path = site.at(path("koha-loans", MONTH, MONTH, *run));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, encode(staged).unwrap()).unwrap();
    }
    (folder, site)
}

#[test]
fn the_files_of_a_month_read_as_one() {
    let first = rows(1, vec![column("branch", &[2, 0, 2], &["MAIN", "never used", "EAST"])]);
    let second = rows(9, vec![column("class", &[0, 1], &["800", "500"]), column("branch", &[0, 1], &["WEST", "MAIN"])]);
    let (_folder, site) = site_with(&[(3, &first), (12, &second)]);
    let all = load_month(&site, "koha-loans", MONTH).unwrap();
    assert_eq!(all.ids.iter().map(|id| id.0).collect::<Vec<_>>(), [1, 2, 3, 9, 10]);
    assert_eq!(reads(&all, "branch"), ["EAST", "MAIN", "EAST", "WEST", "MAIN"]);
    assert_eq!(reads(&all, "class"), ["unknown", "unknown", "unknown", "800", "500"]);
    assert!(all.pseudonyms[1].is_none() && all.pseudonyms[0] == first.pseudonyms[0]);
    assert_eq!((all.hour[0], all.day[2], all.measure[4]), (255, first.day[2], 2));
    assert_eq!(months(&site, "koha-loans").unwrap(), [MONTH]);
    assert!(months(&site, "koha-holds").unwrap().is_empty());
    assert!(load_month(&site, "koha-loans", MONTH.next()).unwrap().is_empty());
    fs::write(site.at(folder("koha-loans", MONTH)).join("core"), "x").unwrap();
    assert!(matches!(load_month(&site, "koha-loans", MONTH), Err(StagingError::Stranger(_))));
}

#[test]
fn unused_values_and_unfitting_rows_are_not_written() {
    let staged = rows(1, vec![column("branch", &[1], &["CANARY-4711", "MAIN"])]);
    let bytes = encode(&staged).unwrap();
    let (_folder, site) = site_with(&[(1, &staged)]);
    assert_eq!(load_month(&site, "koha-loans", MONTH).unwrap().columns[0].texts, ["MAIN"]);
    assert!(!bytes.windows(6).any(|window| window == b"CANARY"));

    let short = Staged { hour: vec![1], ..rows(1, vec![]) };
    let beyond = rows(1, vec![column("branch", &[0, 1], &["MAIN"])]);
    let twice = rows(1, vec![column("branch", &[0], &["MAIN"]), column("branch", &[0], &["MAIN"])]);
    for misfit in [short, beyond, twice] {
        assert!(matches!(encode(&misfit), Err(StagingError::Misfit(_))));
    }
}

#[test]
fn a_cut_file_and_a_changed_byte_are_errors() {
    let staged = rows(1, vec![column("branch", &[1, 0, 1, 1], &["EAST", "MAIN"])]);
    let bytes = encode(&staged).unwrap();
    let folder = crate::state::scratch();
    let path = folder.path().join("run-000001.parquet");
    fs::write(&path, &bytes).unwrap();
    let whole = load(&path).unwrap();
    assert!(whole.ids == staged.ids && whole.pseudonyms == staged.pseudonyms && whole.columns == staged.columns);
    for at in (0..bytes.len()).step_by(7) {
        fs::write(&path, &bytes[..at]).unwrap();
        assert!(load(&path).is_err(), "cut at {at}");
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        fs::write(&path, &changed).unwrap();
        assert!(load(&path).is_err(), "byte {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn rows_read_as_they_were_written(codes in prop::collection::vec(0u32..5, 0..200), cut in 0usize..200) {
        let texts = ["e", "", "ä", "e", "x".repeat(300).leak()];
        let cut = cut.min(codes.len());
        let parts = [(1, &codes[..cut]), (2, &codes[cut..])]
            .map(|(run, codes)| (run, rows(run, vec![column("c", codes, &texts)])));
        let (_folder, site) = site_with(&parts.each_ref().map(|(run, staged)| (*run, staged)));
        let all = load_month(&site, "koha-loans", MONTH).unwrap();
        let want: Vec<&str> = codes.iter().map(|code| texts[*code as usize]).collect();
        prop_assert_eq!(reads(&all, "c"), want);
        prop_assert_eq!(all.len(), codes.len());
    }
}
