//! Over several nights: staging and what comes after it, released months that stay as they are, two sites, an export in
//! another order with other numbers.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use afterloan::act::{self, Options, Outcome, Seams};
use afterloan::state::commit::no_hook;
use afterloan::state::entropy::Fixed;
use jiff::Timestamp;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::calendar::month_of;
use super::published::periods_in;
use super::truth::{Layout, Row};
use super::{as_of, check, exports, months};
use crate::support::{AS_OF, TestSite, files, generate, snapshot};

/// A plan and a run at this time, by a clock that shows it and exports of that night. A seed makes a site's keys.
fn night(site: &TestSite, as_of: &str, seed: u64) -> Outcome {
    let now: Timestamp = as_of.parse().unwrap();
    let written = SystemTime::from(now) - Duration::from_secs(60);
    for name in files(&site.at("inbox")) {
        File::options().append(true).open(site.at("inbox").join(name)).unwrap().set_modified(written).unwrap();
    }
    let options = |accept| Options { as_of: now, now, accept };
    let (mut planning, mut running) = (Fixed::new(seed), Fixed::new(seed));
    let seams = Seams { entropy: &mut planning, hook: &no_hook, progress: &|_| {} };
    let plan = act::plan(&site.site(), options(None), seams).unwrap();
    let seams = Seams { entropy: &mut running, hook: &no_hook, progress: &|_| {} };
    act::run(&site.site(), options(Some(plan.digest)), seams).unwrap()
}

/// Four months, but with patrons and loans enough that all that have settled are released.
pub fn library(site: &TestSite) {
    let folder = site.at("inbox");
    generate(&["demo", folder.to_str().unwrap()]);
    // Only what was opened since July: the rest is years of the same.
    for (name, column) in [("issues", 13), ("old_issues", 13), ("reserves", 2), ("old_reserves", 2)] {
        rewrite(&folder, name, |at, record| {
            let opened = record.get(column).unwrap_or_default();
            (at == 0 || opened >= &b"2026-07"[..]).then(|| record.clone())
        });
    }
}

/// Rewrites a CSV export record by record; the header is the record 0.
pub fn rewrite(folder: &Path, name: &str, mut each: impl FnMut(usize, &csv::ByteRecord) -> Option<csv::ByteRecord>) {
    let path = super::files_named(folder, &format!("{name}-")).pop().unwrap();
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_path(&path).unwrap();
    let records: Vec<csv::ByteRecord> = reader.byte_records().map(Result::unwrap).collect();
    let mut writer = csv::WriterBuilder::new().flexible(true).from_path(&path).unwrap();
    for (at, record) in records.iter().enumerate() {
        if let Some(record) = each(at, record) {
            writer.write_byte_record(&record).unwrap();
        }
    }
    writer.flush().unwrap();
}

pub fn with_cell(record: &csv::ByteRecord, column: usize, value: &[u8]) -> csv::ByteRecord {
    record.iter().enumerate().map(|(at, cell)| if at == column { value } else { cell }).collect()
}

/// The ids on the newest worklist of a pipeline.
fn worklist(site: &TestSite, pipeline: &str) -> BTreeSet<Vec<u8>> {
    let lists = files(&site.at("worklists"));
    let newest = lists.iter().rfind(|path| {
        let name = path.to_str().unwrap();
        name.contains(pipeline) && name.ends_with(".csv") && !name.ends_with("-review.csv")
    });
    let text = fs::read(site.at("worklists").join(newest.unwrap())).unwrap();
    text.split(|byte| *byte == b'\n').skip(1).filter(|id| !id.is_empty()).map(<[u8]>::to_vec).collect()
}

fn rows_of(loans: &[Row], month: &str) -> usize {
    let month = month_of(format!("{month}-01").parse().unwrap());
    loans.iter().filter(|row| month_of(row.day) == month).count()
}

/// September is retired in October, carried out in part by then, and released in December: from staging, from what is
/// left of the exports, and from both.
#[test]
fn a_month_that_was_staged_is_released_with_every_transaction_once() {
    let site = TestSite::init("koha");
    library(&site);
    let loans = exports::koha(&site.at("inbox"), "loan", as_of());
    let holds = exports::koha(&site.at("inbox"), "hold", as_of());
    site.edit("policy.toml", |text| text.replace("settle = \"30 days\"", "settle = \"60 days\""));
    night(&site, AS_OF, 1);
    let public = site.at("public");
    let released = periods_in(&public.join("dataset/loan/collection"));
    assert!(released.contains("2026-08") && !released.contains("2026-09"), "{released:?}");
    let staged = worklist(&site, "koha-loans");
    assert!(staged.len() > 1_000);
    assert!(site.at("state/staging/koha-loans/month=2026-09").is_dir());

    // Of what is on the worklist a third is gone, a third is emptied, and a third is still as it was.
    for (table, worklist) in [("old_issues", &staged), ("old_reserves", &worklist(&site, "koha-holds"))] {
        let mut turn = 0;
        rewrite(&site.at("inbox"), table, |_, record| {
            if !worklist.contains(&record[0]) {
                return Some(record.clone());
            }
            turn += 1;
            match turn % 3 {
                0 => None,
                1 => Some(with_cell(record, 1, b"NULL")),
                _ => Some(record.clone()),
            }
        });
    }
    night(&site, "2026-12-01T00:00:00-05:00", 1);
    for (layout, rows) in [(Layout::koha_loans(), loans), (Layout::koha_holds(), holds)] {
        assert!(rows_of(&rows, "2026-09") > 100);
        let seen = check(&site, &layout, &months(&rows, "2026-09"));
        assert_eq!(seen.periods, 3, "{}", layout.kind);
    }
    // What could link a staged row to a patron is gone.
    for gone in ["state/staging/koha-loans/month=2026-09", "state/keys/loan-2026-09.key"] {
        assert!(!site.at(gone).exists(), "{gone}");
    }
}

/// A released month is final: nothing that comes later changes a byte of it, and so no two releases can be subtracted.
#[test]
fn a_later_night_leaves_what_is_released_untouched() {
    let site = TestSite::init("koha");
    library(&site);
    night(&site, AS_OF, 1);
    let before = snapshot(&site.at("public"));
    assert!(before.len() > 20);
    // Some of what was released is gone, some says something else by now, and something turns up for a released month.
    let mut new_id = 8_000_000;
    rewrite(&site.at("inbox"), "old_issues", |at, record| match at % 7 {
        0 if at > 0 => None,
        1 => Some(with_cell(record, 5, b"NORTH")),
        2 => {
            new_id += 1;
            Some(with_cell(record, 0, new_id.to_string().as_bytes()))
        }
        _ => Some(record.clone()),
    });
    night(&site, "2026-12-05T00:00:00-05:00", 1);
    let after = snapshot(&site.at("public"));
    let name = |path: &Path| path.to_str().unwrap().to_owned();
    let new = after.iter().filter(|(path, _)| before.iter().all(|(other, _)| other != path));
    let october = new.inspect(|(path, _)| assert!(name(path).contains("2026-10"), "{path:?} is new")).count();
    assert!(october > 10, "October is released");
    for (path, bytes) in &before {
        let (_, after) =
            after.iter().find(|(other, _)| other == path).unwrap_or_else(|| panic!("{path:?} was removed"));
        if name(path).contains("month=") {
            assert!(after == bytes, "{path:?} was changed");
        } else if name(path).ends_with(".csv") {
            assert!(after.starts_with(bytes), "{path:?}: what it said is changed");
        }
    }
    // And the same night again changes nothing.
    night(&site, "2026-12-05T12:00:00-05:00", 1);
    assert!(snapshot(&site.at("public")) == after, "a second run on one day changed what is public");
}

/// What doesn't cover waits, with its staging and its keys; and is released, each transaction once, when it does.
#[test]
fn months_that_waited_are_released_when_the_board_decides_otherwise() {
    let site = TestSite::init("koha");
    library(&site);
    let loans = exports::koha(&site.at("inbox"), "loan", as_of());
    let policy = |from: &str, to: &str| site.edit("policy.toml", |text| text.replace(from, to));
    policy("settle = \"30 days\"", "settle = \"60 days\"");
    policy("threshold = 10", "threshold = 1000");
    night(&site, AS_OF, 1);
    night(&site, "2026-12-01T00:00:00-05:00", 2);
    assert!(files(&site.at("public")).iter().all(|path| path.extension().is_none_or(|ending| ending != "parquet")));
    let kept = ["state/staging/koha-loans/month=2026-09", "state/keys/loan-2026-09.key"];
    kept.iter().for_each(|kept| assert!(site.at(kept).exists(), "{kept}"));
    policy("threshold = 1000", "threshold = 10");
    night(&site, "2026-12-02T00:00:00-05:00", 3);
    let seen = check(&site, &Layout::koha_loans(), &months(&loans, "2026-09"));
    assert_eq!(seen.periods, 3);
    kept.iter().for_each(|gone| assert!(!site.at(gone).exists(), "{gone}"));
}

/// The same rows in another order, with numbers that rise the other way: not a byte of what is public shows it.
#[test]
fn neither_order_nor_numbers_of_the_export_show() {
    let one = TestSite::init("koha");
    library(&one);
    night(&one, AS_OF, 1);
    let other = TestSite::init("koha");
    library(&other);
    let (loan, hold) = (["issue_id", "old_issue_id"], ["reserve_id", "old_reserve_id"]);
    let numbers = [loan, hold].concat();
    for name in
        ["issues", "old_issues", "reserves", "old_reserves", "accountlines", "return_claims", "borrowers", "items"]
    {
        let path = super::files_named(&other.at("inbox"), &format!("{name}-")).pop().unwrap();
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_path(&path).unwrap();
        let mut records: Vec<csv::ByteRecord> = reader.byte_records().map(Result::unwrap).collect();
        let is_number = |cell: &[u8]| numbers.iter().any(|name| name.as_bytes() == cell);
        let places: Vec<usize> = (0..records[0].len()).filter(|place| is_number(&records[0][*place])).collect();
        records[1..].reverse();
        let mut writer = csv::WriterBuilder::new().flexible(true).from_path(&path).unwrap();
        for record in &records {
            let mut renumbered = record.clone();
            for place in &places {
                let id = record.get(*place).and_then(|id| std::str::from_utf8(id).ok()?.parse::<u64>().ok());
                if let Some(id) = id {
                    renumbered = with_cell(&renumbered, *place, (5_000_000 - id).to_string().as_bytes());
                }
            }
            writer.write_byte_record(&renumbered).unwrap();
        }
        writer.flush().unwrap();
    }
    // Other keys, too.
    night(&other, AS_OF, 2);
    let (one, other) = (snapshot(&one.at("public")), snapshot(&other.at("public")));
    assert!(one.len() > 20);
    for (one, other) in one.iter().zip(&other) {
        assert!(one == other, "{:?} and {:?}", one.0, other.0);
    }
    assert_eq!(one.len(), other.len());
}

/// Every value of sixteen bytes in staging, by month: its pseudonyms.
fn pseudonyms(site: &TestSite) -> Vec<(String, BTreeSet<Vec<u8>>)> {
    let staging = site.at("state/staging");
    let of_file = |path: &std::path::PathBuf| {
        let file = SerializedFileReader::new(File::open(staging.join(path)).unwrap()).unwrap();
        let mut tokens = BTreeSet::new();
        for row in file.get_row_iter(None).unwrap() {
            for (_, field) in row.unwrap().get_column_iter() {
                match field {
                    parquet::record::Field::Bytes(bytes) if bytes.len() == 16 => {
                        tokens.insert(bytes.data().to_vec());
                    }
                    _ => {}
                }
            }
        }
        (path.parent().unwrap().display().to_string(), tokens)
    };
    files(&staging).iter().map(of_file).collect()
}

/// A patron has another token in every month, kind and site, and none is public.
#[test]
fn no_token_of_a_patron_is_shared() {
    let sites = [1, 2].map(|seed| {
        let site = TestSite::init("koha");
        library(&site);
        site.edit("policy.toml", |text| text.replace("settle = \"30 days\"", "settle = \"70 days\""));
        night(&site, AS_OF, seed);
        site
    });
    let mut all: HashSet<Vec<u8>> = HashSet::new();
    let mut groups = 0;
    for (group, tokens) in sites.iter().flat_map(pseudonyms) {
        assert!(!tokens.is_empty(), "{group}: nobody");
        groups += 1;
        for token in tokens {
            assert!(all.insert(token), "{group}: a token that another month, kind or site has, too");
        }
    }
    assert!(groups >= 6 && all.len() > 1_000, "{groups} files, {} tokens", all.len());
    for (path, bytes) in snapshot(&sites[0].at("public")) {
        assert!(!bytes.windows(16).any(|window| all.contains(window)), "{path:?}: a pseudonym");
    }
}
