//! Years: what periods add up to, and distinct patrons, which nothing adds up to. Whoever was staged, and is gone from the exports
//! by the time her month is released, is counted all the same, once; and what remembered her is gone with the year.

use std::fs;
use std::path::Path;

use super::kept_for_years;
use crate::support::TestSite;
use crate::support::library::{Library, loans_site};

const CALENDAR: &str = "2025-01-to-2025-12";

const SURVEY: &str = r#"
[[survey]]
element = "PHYSCIR"
table = "loan/by-branch"
count = "circulation"
where = { item_type = ["BK"] }
"#;

/// The number of the month that is so many months after January of 2025, and a day of it.
fn day(month: usize, day: u32) -> String {
    format!("{}-{:02}-{day:02}", 2025 + month / 12, month % 12 + 1)
}

/// Twenty loans of each month; one of them is by somebody who comes in that month alone.
fn library(months: std::ops::Range<usize>) -> Library {
    let mut library = Library::default();
    for month in months {
        let first = 101 + 20 * month as u64;
        library = library.loans(first, 20, &day(month, 3), Some(&day(month, 9)));
        library.loan(first).patron = Some(560 + month as u32);
    }
    library
}

/// A night at the end of each of these months: what was retired more than a month ago is gone.
fn nights(site: &TestSite, months: std::ops::Range<usize>) {
    for month in months {
        let mut library = library(0..month + 1);
        library.remove((101..101 + 20 * month.saturating_sub(1) as u64).collect::<Vec<_>>());
        site.night(&library, &day(month, 27));
    }
}

/// What is told of a year.
fn figure(public: &Path, year: &str) -> Option<i64> {
    let path = public.join("statistics/loan/patrons-of-the-year").join(format!("month={year}"));
    let table = afterloan::release::read(&path.join("patrons-of-the-year.parquet")).ok()?;
    table.column("patrons").unwrap().cells.number(0)
}

fn edit(site: &TestSite, from: &str, to: &str) {
    site.edit("policy.toml", |text| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
}

#[test]
fn a_year_of_released_months_tells_its_patrons_and_its_sums() {
    let site = loans_site();
    site.edit("policy.toml", |text| text + SURVEY);
    nights(&site, 0..12);
    assert_eq!(kept_for_years(&site), ["state/keys/loan-year-2025-01.key", "state/years/loan-2025-01.json"]);
    assert_eq!(figure(&site.at("public"), CALENDAR), None, "December isn't released");
    let report = super::files_named(&site.at("reports"), "2025-12-27").pop().unwrap();
    let report = fs::read_to_string(report.with_extension("json")).unwrap();
    assert!(report.contains("\"remembered_years\"") && report.contains(CALENDAR), "{report}");
    nights(&site, 12..14);
    // Nineteen who come each month, and twelve who came once.
    assert_eq!(figure(&site.at("public"), CALENDAR), Some(30));
    assert_eq!(kept_for_years(&site), ["state/keys/loan-year-2026-01.key", "state/years/loan-2026-01.json"]);
    let series = |name: &str| fs::read_to_string(site.at("public/statistics/loan").join(name)).unwrap();
    assert_eq!(series("patrons-of-the-year.csv"), format!("period,patrons\n{CALENDAR},30\n"));
    assert_eq!(
        series("total-years.csv"),
        format!("period,checkouts,renewals,circulation,months\n{CALENDAR},240,0,240,12\n")
    );
    let survey = fs::read_to_string(site.at("public/statistics/survey.csv")).unwrap();
    let year = survey.lines().find(|line| line.starts_with(CALENDAR)).unwrap();
    assert_eq!(year, format!("{CALENDAR},PHYSCIR,,240,0,12,circulation of loan/by-branch where item_type is BK"));
    let page = fs::read_to_string(site.at("public/index.html")).unwrap();
    assert!(page.contains("at least <strong>30</strong>"), "{page}");
    let audit = site.cli(&["audit"]);
    assert!(audit.status.success(), "{}", String::from_utf8_lossy(&audit.stdout));
    super::package::names_what_is_there(&site.at("public"));
    site.assert_verifies();
}

/// December leaves with January, since it is about too few: neither year can tell who was there.
#[test]
fn a_year_that_a_period_runs_across_tells_no_patrons() {
    let site = loans_site();
    for month in 0..15 {
        let mut library = library(0..month + 1);
        library.remove((101..101 + 20 * month.saturating_sub(1) as u64).collect::<Vec<_>>());
        library.remove(101 + 20 * 11 + 4..101 + 20 * 12);
        site.night(&library, &day(month, 27));
    }
    let periods = super::published::periods_in(&site.at("public/dataset/loan/collection"));
    assert!(periods.contains("2025-12-to-2026-01"), "{periods:?}");
    assert_eq!(figure(&site.at("public"), CALENDAR), None);
    assert!(kept_for_years(&site).is_empty(), "{:?}", kept_for_years(&site));
    let years = fs::read_to_string(site.at("public/statistics/loan/total-years.csv")).unwrap();
    assert!(years.ends_with(&format!("{CALENDAR},220,0,220,11\n")), "{years}");
    site.assert_verifies();
}

/// The board turns from calendar to fiscal years: two kinds of year would subtract, so the one that is begun is forgotten, and the
/// other begins with its own first month.
#[test]
fn calendar_and_fiscal_years_are_never_both_told() {
    let site = loans_site();
    nights(&site, 0..10);
    edit(&site, "settle = \"30 days\"", "settle = \"30 days\"\nyear_begins = 7");
    nights(&site, 10..11);
    // July was released when the year was another.
    assert!(kept_for_years(&site).is_empty(), "{:?}", kept_for_years(&site));
    nights(&site, 11..15);
    edit(&site, "\nyear_begins = 7", "");
    nights(&site, 15..16);
    for year in [CALENDAR, "2025-07-to-2026-06", "2026-01-to-2026-12"] {
        assert_eq!(figure(&site.at("public"), year), None, "{year}");
    }
    assert!(kept_for_years(&site).is_empty(), "{:?}", kept_for_years(&site));
    site.assert_verifies();
}
