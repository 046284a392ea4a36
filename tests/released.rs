//! The independent checker of what is published. It shares no code with the release: it reads the exports itself to know
//! who, where and when; reads what is public as any stranger could; and looks for a figure about fewer than ten patrons,
//! for a total that isn't true, for a difference that gives somebody away, and for traces of what shouldn't be there.

mod checker;
mod exports;
mod hours;
mod nights;
mod one_patron;
mod published;
mod rules;
mod statistics;
mod subtract;
mod traces;
mod truth;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::support::{AS_OF, TestSite, generate};
use checker::Checker;
use published::Month;
use truth::{Layout, Months, by_month};

/// As the shipped policy says.
const THRESHOLD: usize = 10;

fn as_of() -> jiff::civil::Date {
    jiff::civil::date(2026, 11, 1)
}

/// Files of a folder whose names start so, by name.
fn files_named(folder: &Path, start: &str) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(start);
    let mut files: Vec<PathBuf> = all.filter(named).collect();
    files.sort();
    files
}

/// The demo library after its first night.
fn demo() -> &'static TestSite {
    static DEMO: OnceLock<TestSite> = OnceLock::new();
    DEMO.get_or_init(|| {
        let site = TestSite::init("koha");
        generate(&["demo", site.at("inbox").to_str().unwrap()]);
        site.accept_and_run(AS_OF);
        site
    })
}

/// Evergreen's sample library.
fn concerto() -> &'static TestSite {
    static CONCERTO: OnceLock<TestSite> = OnceLock::new();
    CONCERTO.get_or_init(|| {
        let site = crate::concerto::site("history");
        site.accept_and_run(AS_OF);
        site
    })
}

/// Checks every month that had transactions and has settled; returns how many were released, and with how many rows.
fn check_all(public: &Path, layout: &Layout, months: &Months, last: &str) -> (usize, usize) {
    let (mut released, mut count, mut wrong) = (0, 0, Vec::new());
    for (month, rows) in months {
        let public = Month::read(public, layout, month);
        if month.as_str() > last {
            assert!(public.is_none(), "{month} is released and hasn't settled");
            continue;
        }
        released += usize::from(public.is_some());
        count += public.as_ref().map_or(0, |_| rows.len());
        if let Err(what) = (Checker { rows, layout, threshold: THRESHOLD }).check(public.as_ref()) {
            wrong.push(format!("{} {month}: {what}", layout.kind));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    (released, count)
}

#[test]
fn what_the_demo_library_publishes_is_true_and_about_enough_patrons() {
    let site = demo();
    let loans = by_month(exports::koha(&site.at("inbox"), "loan", as_of()));
    let (released, rows) = check_all(&site.at("public"), &Layout::koha_loans(), &loans, "2026-09");
    assert!(released >= 18 && rows > 40_000, "{released} months, {rows} rows");
    let holds = by_month(exports::koha(&site.at("inbox"), "hold", as_of()));
    let (released, rows) = check_all(&site.at("public"), &Layout::koha_holds(), &holds, "2026-09");
    assert!(released >= 18 && rows > 3_000, "{released} months, {rows} rows");
}

#[test]
fn what_a_small_library_publishes_is_true_and_about_enough_patrons() {
    let site = TestSite::small_koha();
    site.accept_and_run(AS_OF);
    let loans = by_month(exports::koha(&site.at("inbox"), "loan", as_of()));
    check_all(&site.at("public"), &Layout::koha_loans(), &loans, "2026-09");
    let holds = by_month(exports::koha(&site.at("inbox"), "hold", as_of()));
    check_all(&site.at("public"), &Layout::koha_holds(), &holds, "2026-09");
}

#[test]
#[ignore = "needs Evergreen's Concerto data: make test-concerto"]
fn what_concerto_publishes_is_true_and_about_enough_patrons() {
    let site = concerto();
    let loans = by_month(exports::evergreen(&site.at("inbox"), "loan", as_of()));
    let (released, rows) = check_all(&site.at("public"), &Layout::evergreen_loans(), &loans, "2026-09");
    assert!(released >= 18 && rows > 15_000, "{released} months, {rows} rows");
    let holds = by_month(exports::evergreen(&site.at("inbox"), "hold", as_of()));
    let (released, rows) = check_all(&site.at("public"), &Layout::evergreen_holds(), &holds, "2026-09");
    assert!(released >= 18 && rows > 1_500, "{released} months, {rows} rows");
}

#[test]
fn no_table_of_one_cell_gives_a_few_patrons_away() {
    nobody_is_left_over(demo(), [Layout::koha_loans(), Layout::koha_holds()]);
}

#[test]
#[ignore = "needs Evergreen's Concerto data: make test-concerto"]
fn no_table_of_concertos_gives_a_few_patrons_away() {
    nobody_is_left_over(concerto(), [Layout::evergreen_loans(), Layout::evergreen_holds()]);
}

fn nobody_is_left_over(site: &TestSite, layouts: [Layout; 2]) {
    let mut wrong = Vec::new();
    for layout in layouts {
        for month in (2025..=2026).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}"))) {
            let Some(published) = Month::read(&site.at("public"), &layout, &month) else { continue };
            if let Err(what) = subtract::patrons_left_over(&published, THRESHOLD) {
                wrong.push(format!("{} {month}: {what}", layout.kind));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
