//! The independent checker of what is published. It shares no code with the release: it reads the exports itself to know
//! who, where and when; reads what is public as any stranger could; and looks for a row that isn't true, a cell about fewer than
//! ten patrons, a sum that isn't one, and for traces of what shouldn't be there.

mod calendar;
mod checker;
mod community;
mod exported;
mod exports;
mod figures;
mod hours;
mod made_up;
mod nameless;
mod nights;
mod one_patron;
mod package;
mod periods;
mod program;
mod published;
mod rules;
mod sabotage;
mod series;
mod simulated;
mod slowly;
mod solved;
mod statistics;
mod traces;
mod truth;
mod year;
mod years;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::support::{AS_OF, TestSite, generate};
use calendar::{Span, expected};
use checker::{Checker, check_all};
use truth::{Layout, Row};

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

/// All that could tell who was there in a year.
fn kept_for_years(site: &TestSite) -> Vec<String> {
    let of_folder = |folder: &'static str| {
        let all = fs::read_dir(site.at(folder)).into_iter().flatten();
        all.map(move |entry| format!("{folder}/{}", entry.unwrap().file_name().into_string().unwrap()))
    };
    let keys = of_folder("state/keys").filter(|path| path.contains("-year-"));
    let mut kept: Vec<String> = keys.chain(of_folder("state/years")).collect();
    kept.sort();
    kept
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

/// A small library after its first night.
fn small() -> &'static TestSite {
    static SMALL: OnceLock<TestSite> = OnceLock::new();
    SMALL.get_or_init(|| {
        let site = TestSite::small_koha();
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

fn checker<'a>(rows: &'a [Row], layout: &'a Layout) -> Checker<'a> {
    Checker { rows, layout, threshold: THRESHOLD, counts_patrons: true }
}

fn covers(rows: &[Row]) -> bool {
    let layout = Layout::koha_loans();
    checker(rows, &layout).covers(&(0..rows.len()).collect::<Vec<_>>())
}

/// The periods that must be released of months, by what was opened in them.
fn months(rows: &[Row], last: &str) -> BTreeMap<Span, Vec<Row>> {
    expected(rows, 1, last, covers)
}

/// How much was checked.
#[derive(Default, Debug)]
struct Seen {
    periods: usize,
    rows: usize,
    /// Places in periods, and how many of them are told.
    places: usize,
    told: usize,
}

/// Checks every period of a kind, its series and its sums over periods.
fn check(site: &TestSite, layout: &Layout, truth: &BTreeMap<Span, Vec<Row>>) -> Seen {
    let public = site.at("public");
    check_all(&public, layout, truth, |rows, period| checker(rows, layout).check(period));
    let mut seen = Seen { periods: truth.len(), rows: truth.values().map(Vec::len).sum(), ..Seen::default() };
    if !truth.is_empty() {
        series::are_the_tables(&public, layout);
        let (told, other) = series::agree_with_the_exports(&public, layout, truth);
        (seen.places, seen.told) = (told + other, told);
    }
    seen
}

#[test]
fn what_the_demo_library_publishes_is_true_and_about_enough_patrons() {
    let site = demo();
    let loans = months(&exports::koha(&site.at("inbox"), "loan", as_of()), "2026-09");
    let seen = check(site, &Layout::koha_loans(), &loans);
    assert!(seen.periods >= 18 && seen.rows > 40_000 && seen.told * 2 > seen.places, "{seen:?}");
    let holds = months(&exports::koha(&site.at("inbox"), "hold", as_of()), "2026-09");
    let seen = check(site, &Layout::koha_holds(), &holds);
    assert!(seen.periods >= 18 && seen.rows > 3_000 && seen.told * 3 > seen.places, "{seen:?}");
    package::names_what_is_there(&site.at("public"));
}

#[test]
fn what_a_small_library_publishes_is_true_and_about_enough_patrons() {
    let site = small();
    let loans = months(&exports::koha(&site.at("inbox"), "loan", as_of()), "2026-09");
    let holds = months(&exports::koha(&site.at("inbox"), "hold", as_of()), "2026-09");
    let seen = check(site, &Layout::koha_loans(), &loans);
    assert!(seen.periods > 0, "it publishes nothing");
    check(site, &Layout::koha_holds(), &holds);
    package::names_what_is_there(&site.at("public"));
}

#[test]
#[ignore = "needs Evergreen's Concerto data: make test-concerto"]
fn what_concerto_publishes_is_true_and_about_enough_patrons() {
    let site = concerto();
    let loans = months(&exports::evergreen(&site.at("inbox"), "loan", as_of()), "2026-09");
    let seen = check(site, &Layout::evergreen_loans(), &loans);
    assert!(seen.periods >= 18 && seen.rows > 15_000 && seen.told * 2 > seen.places, "{seen:?}");
    let holds = months(&exports::evergreen(&site.at("inbox"), "hold", as_of()), "2026-09");
    let seen = check(site, &Layout::evergreen_holds(), &holds);
    assert!(seen.periods >= 18 && seen.rows > 1_500 && seen.told * 2 > seen.places, "{seen:?}");
    package::names_what_is_there(&site.at("public"));
}
