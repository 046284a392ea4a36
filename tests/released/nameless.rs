//! A library whose system names nobody: patrons can't be counted, and only totals of uses leave, with no place and no day.

use std::collections::BTreeMap;
use std::path::Path;

use super::calendar::Span;
use super::nights::{library, rewrite, with_cell};
use super::published::{periods_in, read, table_path};
use super::truth::{Layout, Row};
use super::{THRESHOLD, as_of, checker, exports, months, package};
use crate::support::{AS_OF, TestSite, files};

/// So many rows a value, since one patron may have this many.
const LEAST: i64 = 10 * THRESHOLD as i64;

#[test]
fn of_loans_that_name_nobody_only_totals_of_uses_leave() {
    let site = TestSite::init("koha");
    library(&site);
    let named = exports::koha(&site.at("inbox"), "loan", as_of());
    for table in ["issues", "old_issues"] {
        let nameless =
            |at, record: &csv::ByteRecord| Some(if at == 0 { record.clone() } else { with_cell(record, 1, b"NULL") });
        rewrite(&site.at("inbox"), table, nameless);
    }
    let rows = exports::koha(&site.at("inbox"), "loan", as_of());
    assert!(rows.len() == named.len() && rows.iter().all(|row| row.patron == 0));
    site.accept_and_run(AS_OF);
    let (public, layout) = (site.at("public"), Layout::koha_loans());
    assert!(checker(&rows, &layout).patrons(&(0..rows.len()).collect::<Vec<_>>()) == 0);
    for path in files(&public) {
        let name = path.to_str().unwrap();
        let is_total = name.starts_with("statistics/loan/total/") || name.starts_with("statistics/loan/total-by-");
        let is_of_loans = name.contains("loan") && name.ends_with(".parquet");
        assert!(!is_of_loans || is_total, "{name} of loans that name nobody");
    }
    // What would leave if they named somebody leaves as totals.
    let periods = months(&named, "2026-09");
    assert_eq!(periods.len(), 3);
    for name in [
        "total",
        "total-by-material",
        "total-by-item_type",
        "total-by-collection",
        "total-by-class",
        "total-by-duration",
    ] {
        let found: Vec<String> = periods_in(&public.join(format!("statistics/loan/{name}"))).into_iter().collect();
        assert_eq!(found, periods.keys().map(ToString::to_string).collect::<Vec<_>>(), "{name}");
    }
    totals_are_true(&public, &layout, &periods, LEAST);
    package::names_what_is_there(&public);
    site.assert_verifies();
}

/// Totals of loans are what the exports say, by one use at a time, and of `least` rows; what is left is `other`.
pub fn totals_are_true(public: &Path, layout: &Layout, periods: &BTreeMap<Span, Vec<Row>>, least: i64) {
    for (span, rows) in periods {
        let renewals: i64 = rows.iter().map(|row| row.numbers[1]).sum();
        let sums = |[rows, renewals]: [i64; 2]| -> BTreeMap<String, Option<i64>> {
            let named = ["checkouts", "renewals", "circulation"].into_iter().zip([rows, renewals, rows + renewals]);
            named.map(|(name, sum)| (name.to_owned(), Some(sum))).collect()
        };
        let table = |name: &str| read(&table_path(public, layout.kind, name, &span.to_string())).table();
        assert_eq!(table("total").cells[&Vec::new()], sums([rows.len() as i64, renewals]), "{span}");
        for (column, name) in layout.uses.iter().enumerate() {
            let mut truth: BTreeMap<&str, [i64; 2]> = BTreeMap::new();
            for row in rows {
                let [count, renewals] = truth.entry(&row.uses[column]).or_default();
                (*count, *renewals) = (*count + 1, *renewals + row.numbers[1]);
            }
            let table = table(&format!("total-by-{name}"));
            assert_eq!(table.by, [*name]);
            let mut other = [rows.len() as i64, renewals];
            for (labels, figures) in &table.cells {
                let count = figures["checkouts"].unwrap();
                assert!(count >= least, "{span} {labels:?}: {count} rows");
                if labels[0] != "other" {
                    let is = truth[labels[0].as_str()];
                    assert_eq!(*figures, sums(is), "{span} {labels:?}");
                    other = [other[0] - is[0], other[1] - is[1]];
                }
            }
            let reads = table.cells.get(&vec!["other".to_owned()]);
            assert_eq!(reads.cloned(), (other != [0, 0]).then(|| sums(other)), "{span} {name}: what is left");
        }
    }
}
