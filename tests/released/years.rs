//! A year of simulated libraries, by the program: loans, holds, sessions at computers and a proxy's log in one site, read on four
//! nights, what staff severed in between. Whatever is published of it is true, and about enough patrons.

use std::collections::BTreeMap;
use std::fs;
use std::sync::OnceLock;

use jiff::civil::Date;

use super::calendar::{Span, expected, month_of};
use super::checker::{Checker, check_all};
use super::exported::{Severed, write};
use super::nameless::totals_are_true;
use super::published::{Published, periods_in};
use super::simulated::{Library, PLAIN, Year};
use super::truth::{Layout, Row};
use super::{package, series};
use crate::support::TestSite;

/// October has settled on the last one.
const NIGHTS: [&str; 4] = ["2026-03-05", "2026-06-03", "2026-09-05", "2026-12-04"];

/// A library's site after its year, and what is true of it.
pub struct Lived {
    pub site: TestSite,
    pub year: Year,
    pub threshold: usize,
}

impl Lived {
    pub fn layouts(&self) -> [Layout; 4] {
        let areas = |layout: Layout| if self.year.library.areas { layout.with_areas() } else { layout };
        let koha = [Layout::koha_loans(), Layout::koha_holds()].map(areas);
        let [loans, holds] = koha;
        [loans, holds, Layout::computer_sessions(), Layout::proxy()]
    }

    /// That night's exports and run; its worklists are carried out in part before the next.
    pub fn night(&self, night: &str, severed: &mut Severed) {
        write(&self.year, &self.site, night.parse::<Date>().unwrap(), severed);
        self.site.stamp_as_they_are(night);
        logs_were_finished(&self.site);
        let outcome = self.site.accept_on(night);
        assert!(
            outcome.stopped.is_empty(),
            "{night}: {:?}",
            outcome.stopped.iter().map(|s| &s.why).collect::<Vec<_>>()
        );
        severed.read(&self.site);
    }

    /// The rows of each published period of a kind.
    pub fn published(&self, layout: &Layout) -> BTreeMap<Span, Vec<Row>> {
        self.in_periods_of(layout, &format!("dataset/{}/collection", layout.kind))
    }

    /// Those of the periods that a folder has.
    pub fn in_periods_of(&self, layout: &Layout, folder: &str) -> BTreeMap<Span, Vec<Row>> {
        let mut published: BTreeMap<Span, Vec<Row>> = BTreeMap::new();
        let periods = periods_in(&self.site.at("public").join(folder));
        let spans: Vec<Span> = periods.iter().map(|name| Span::named(name)).collect();
        for row in self.year.truth(layout) {
            let month = month_of(row.day);
            if let Some(span) = spans.iter().find(|span| (span.first..=span.last).contains(&month)) {
                published.entry(*span).or_default().push(row);
            }
        }
        published
    }
}

/// The year of a library, in four nights.
pub fn lived(library: &Library, threshold: usize) -> Lived {
    let lived = begun(library, library.year(), threshold);
    let mut severed = Severed::default();
    NIGHTS.iter().for_each(|night| lived.night(night, &mut severed));
    lived
}

/// Before its first night.
pub fn begun(library: &Library, year: Year, threshold: usize) -> Lived {
    let site = TestSite::init_with("koha", &["--with", "computers", "--with", "ezproxy"]);
    site.edit("policy.toml", |text| text.replace("threshold = 10", &format!("threshold = {threshold}")));
    if library.areas {
        with_areas(&site);
    }
    Lived { site, year, threshold }
}

/// The shelf that an item stands on is a place within its branch.
fn with_areas(site: &TestSite) {
    const AREA: &str = "[[publish]]\nname = \"area\"\nfrom = \"items.location\"\ntreatment = \"keep\"\nabout = \"place\"\n\
                        codes = true\n\n[[publish]]\nname = \"material\"";
    for pipeline in ["koha-loans", "koha-holds"] {
        site.edit(&format!("pipelines/{pipeline}.toml"), |text| {
            let used = text.replacen("\"itype\", ", "\"location\", \"itype\", ", 1);
            let used = used.replacen("\"homebranch\", \"location\", ", "\"homebranch\", ", 1);
            used.replacen("[[publish]]\nname = \"material\"", AREA, 1)
        });
    }
}

/// A log is as old as its month's end.
fn logs_were_finished(site: &TestSite) {
    for path in super::files_named(&site.at("inbox"), "ezproxy-") {
        let name = path.file_name().unwrap().to_str().unwrap();
        let month: Date = format!("{}-01", &name["ezproxy-".len()..][..7]).parse().unwrap();
        let end = month.saturating_add(jiff::Span::new().months(1)).at(1, 0, 0, 0);
        let end = end.to_zoned(jiff::tz::TimeZone::get("America/New_York").unwrap()).unwrap();
        let file = fs::File::options().append(true).open(&path).unwrap();
        file.set_modified(std::time::SystemTime::from(end.timestamp())).unwrap();
    }
}

/// How many periods and rows of a library were found right.
fn checked(lived: &Lived) -> (usize, usize) {
    let (public, library) = (lived.site.at("public"), &lived.year.library);
    let (mut periods, mut rows_seen, mut mixed) = (0, 0, false);
    for layout in lived.layouts() {
        let checker = |rows: &[Row], counts_patrons: bool, period: &Published| {
            Checker { rows, layout: &layout, threshold: lived.threshold, counts_patrons }.check(period)
        };
        let published = lived.published(&layout);
        // Where months wait for each other, patrons may be known under several keys, and fewer may be told than there were.
        let check = |rows: &[Row], period: &Published| checker(rows, period.span.months() == 1, period);
        // Where most loans name nobody, of some months totals alone leave.
        let totals = lived.in_periods_of(&layout, &format!("statistics/{}/total", layout.kind));
        let totals: BTreeMap<Span, Vec<Row>> =
            totals.into_iter().filter(|(span, _)| !published.contains_key(span)).collect();
        mixed |= !totals.is_empty();
        if totals.is_empty() {
            check_all(&public, &layout, &published, check);
        } else {
            assert!(layout.kind == "loan" && library.privacy > 0.2, "{library:?}: totals of {}", layout.kind);
            totals_are_true(&public, &layout, &totals, 10 * lived.threshold as i64);
            for (span, rows) in &published {
                let right = check(rows, &Published::read(&public, &layout, &span.to_string()));
                assert_eq!(right, Ok(()), "{library:?}, {} {span}", layout.kind);
            }
        }
        // Of a large library whose loans name somebody, each month that covers must be there.
        if library.borrowers >= 800 && library.privacy < 0.1 && layout.kind == "loan" {
            let covers = |rows: &[Row]| {
                let checker = Checker { rows, layout: &layout, threshold: lived.threshold, counts_patrons: true };
                checker.covers(&(0..rows.len()).collect::<Vec<_>>())
            };
            let must = expected(&lived.year.truth(&layout), 1, "2026-10", covers);
            assert_eq!(published.keys().collect::<Vec<_>>(), must.keys().collect::<Vec<_>>(), "{library:?}");
        }
        if !published.is_empty() && totals.is_empty() {
            series::are_the_tables(&public, &layout);
        }
        periods += published.len() + totals.len();
        rows_seen += published.values().map(Vec::len).sum::<usize>();
    }
    // Months of totals alone have other columns in the same table, of which the package doesn't know.
    if !mixed {
        package::names_what_is_there(&public);
    }
    lived.site.assert_verifies();
    let audit = lived.site.cli(&["audit"]);
    assert!(audit.status.success(), "{library:?}: {}", String::from_utf8_lossy(&audit.stdout));
    (periods, rows_seen)
}

/// A small one with two places, of whose borrowers three in ten want no history.
pub fn small() -> &'static Lived {
    static SMALL: OnceLock<Lived> = OnceLock::new();
    SMALL
        .get_or_init(|| lived(&Library { seed: 2, borrowers: 200, branches: 2, areas: true, privacy: 0.3, ..PLAIN }, 5))
}

/// Thirty kinds of libraries.
fn libraries() -> Vec<Library> {
    let mut libraries = vec![
        Library { seed: 1, borrowers: 150, branches: 1, ..PLAIN },
        Library { seed: 2, borrowers: 400, branches: 3, areas: true, bookmobile: true, privacy: 0.3, ..PLAIN },
    ];
    let sizes = [(150, 2), (250, 2), (400, 4), (800, 2), (1_500, 5), (2_500, 6)];
    for (place, (borrowers, branches)) in sizes.into_iter().enumerate() {
        for (variant, privacy) in [0.0, 0.04, 0.3, 0.6].into_iter().enumerate() {
            libraries.push(Library {
                seed: (10 + place * 10 + variant) as u64,
                borrowers,
                branches,
                areas: (place + variant) % 2 == 1,
                bookmobile: variant % 2 == 0,
                school_class: variant != 2,
                privacy,
                hours_change: variant != 3,
                names_nobody: false,
            });
        }
    }
    libraries.push(Library { seed: 80, borrowers: 800, privacy: 1.0, ..PLAIN });
    libraries.push(Library { seed: 81, borrowers: 3_000, branches: 12, bookmobile: true, areas: true, ..PLAIN });
    libraries.push(Library { seed: 82, borrowers: 8_000, branches: 6, hours_change: false, ..PLAIN });
    libraries.push(Library { seed: 83, borrowers: 20_000, branches: 12, areas: true, bookmobile: true, ..PLAIN });
    assert_eq!(libraries.len(), 30);
    libraries
}

#[test]
fn a_year_of_a_small_library_is_true_and_about_enough_patrons() {
    let (periods, rows) = checked(small());
    assert!(periods > 24 && rows > 3_000, "{periods} periods, {rows} rows");
}

#[test]
#[ignore = "takes minutes: make test-release-whole"]
fn a_year_of_thirty_libraries_is_true_and_about_enough_patrons() {
    let mut all = (0, 0);
    // Where it failed it may go on.
    let from = std::env::var("AFTERLOAN_FROM").map_or(0, |from| from.parse().unwrap());
    for library in libraries().into_iter().skip(from) {
        for threshold in [5, 10] {
            let (periods, rows) = checked(&lived(&library, threshold));
            println!("{library:?}, threshold {threshold}: {periods} periods, {rows} rows");
            all = (all.0 + periods, all.1 + rows);
        }
    }
    println!("{} periods, {} rows: no violation", all.0, all.1);
    assert!(from > 0 || all.0 > 1_500, "{all:?}");
}
