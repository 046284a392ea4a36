//! Sites after a run: all bytes, all cells, all modes.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::needles::{Columns, Needles};
use crate::support::text::{cells, layers, open_files};
use crate::support::{TestSite, files, generate};

pub const KOHA: Columns<'_> = Columns {
    anywhere: &["cardnumber", "userid", "email", "phone", "mobile", "address"],
    names: &["surname", "firstname"],
    alone: &["borrowernumber", "dateofbirth", "zipcode", "cardnumber", "userid"],
    hashed: &["cardnumber", "borrowernumber"],
};

/// Values of a column of an export: codes that the library itself declared.
fn codes(path: &Path, tabs: bool, column: &str, into: &mut HashSet<String>) {
    let mut reader = csv::ReaderBuilder::new();
    reader.flexible(true);
    if tabs {
        reader.delimiter(b'\t').quoting(false);
    }
    let mut reader = reader.from_path(path).unwrap();
    let place = reader.headers().unwrap().iter().position(|name| name == column).expect(column);
    into.extend(
        reader
            .byte_records()
            .filter_map(|record| record.unwrap().get(place).map(|cell| String::from_utf8_lossy(cell).into_owned())),
    );
}

/// What charts of the public pages have below their bars, whoever is called so.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Words of the Data Package specification, whoever is called so.
const OF_PACKAGES: [&str; 12] = [
    "description",
    "encoding",
    "extrapaths",
    "fields",
    "format",
    "name",
    "path",
    "profile",
    "resources",
    "schema",
    "title",
    "type",
];

/// Searches the whole site; the number of texts that were looked at.
fn search(site: &TestSite, needles: &Needles, declared: &HashSet<String>) -> usize {
    let mut looked = 0;
    for path in open_files(site) {
        for layer in layers(site, &path) {
            looked += 1;
            if let Some(needle) = needles.find(&layer) {
                panic!("{}: {needle}", path.display());
            }
        }
        if path.starts_with("worklists") {
            // Numbers of transactions alone, and the needs of those to review; that some patron has the same number says nothing.
            let text = fs::read_to_string(site.root().join(&path)).unwrap();
            let is_sql = path.extension().is_some_and(|end| end == "sql");
            let is_review = path.to_string_lossy().ends_with("-review.csv");
            let is_need = |word: &str| afterloan::words::Need::from_name(word).is_some();
            let says_no_more = |line: &str| {
                let (id, needs) = line.split_once(',').filter(|_| is_review).unwrap_or((line, ""));
                id.bytes().all(|byte| byte.is_ascii_digit()) && needs.split_whitespace().all(is_need)
            };
            assert!(is_sql || text.lines().skip(1).all(says_no_more));
            continue;
        }
        for (column, cell) in cells(site, &path) {
            looked += 1;
            // Closed vocabularies: hours, and the hundreds of Dewey's classes, whoever is patron 16 or 100.
            let is_hour = column == "hours" && cell.parse().is_ok_and(|hour: u8| hour < 24);
            let is_class = column == "class" && cell.len() == 3 && cell.ends_with("00");
            let is_of_package = path.ends_with("datapackage.json") && OF_PACKAGES.contains(&cell.as_str());
            let is_month = path.starts_with("public") && MONTHS.contains(&cell.as_str());
            if is_hour || is_class || is_of_package || is_month {
                continue;
            }
            // Figures are numbers in parquet and JSON, and their like in CSV and HTML.
            let is_figure =
                cell.replace(',', "").parse::<u64>().is_ok() && !path.to_string_lossy().ends_with("parquet");
            if !is_figure && !declared.contains(&cell) && needles.is_alone(&cell) {
                panic!("{}: {cell} stands alone", path.display());
            }
        }
    }
    looked
}

fn check_modes(site: &TestSite) {
    for path in files(&site.at("state")) {
        let mode = fs::metadata(site.at("state").join(&path)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "state/{}", path.display());
        let folder = site.at("state").join(&path);
        let mode = fs::metadata(folder.parent().unwrap()).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o700, "the folder of state/{}", path.display());
    }
    for path in files(&site.at("worklists")) {
        let mode = fs::metadata(site.at("worklists").join(&path)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "worklists/{}", path.display());
    }
}

pub fn koha_needles(site: &TestSite, date: &str) -> Needles {
    let mut needles = Needles::default();
    let rows = needles.read(&site.at(&format!("inbox/borrowers-{date}.csv")), false, &KOHA);
    assert!(needles.len() > rows * 8);
    needles
}

/// Bills, paid lately and eight years ago, whose notes and descriptions hold what identifies a canary, and a title that
/// nothing else has: neither may leave, from either side.
fn bills_about(canaries: &str, needles: &mut Needles) -> String {
    let mut lines = String::new();
    for (at, needle) in canaries.lines().enumerate() {
        let title = format!("Zwurblig Atlas {at:05}");
        let paid = if at % 2 == 0 { "2018-06-01 09:00:00" } else { "2026-06-01 09:00:00" };
        lines += &format!(
            "{},NULL,NULL,NULL,NULL,1,NULL,2018-05-01 09:00:00,2.500000,\"{title}, {needle}\",NULL,OVERDUE,NULL,NULL,0.000000,{paid},\
             \"for {needle}\",7,intranet,MAIN\n",
            900_000 + at
        );
        needles.add(&title);
    }
    lines
}

/// A site of fixtures after one night; staging and release both.
fn koha(command: &str, canaries: &str) {
    let site = TestSite::init_with("koha", &["--with", "bills"]);
    generate(&[command, site.at("inbox").to_str().unwrap(), "--canaries", canaries]);
    let mut needles = koha_needles(&site, "2026-11-01");
    let canaries = fs::read_to_string(site.at("inbox/canaries.txt")).unwrap();
    canaries.lines().for_each(|needle| needles.add(needle));
    let bills = site.at("inbox/accountlines-2026-11-01.csv");
    fs::write(&bills, fs::read_to_string(&bills).unwrap() + &bills_about(&canaries, &mut needles)).unwrap();
    site.stamp("2026-11-01");
    let mut declared = HashSet::new();
    for (file, column) in
        [("old_issues", "branchcode"), ("items", "itype"), ("items", "ccode"), ("borrowers", "categorycode")]
    {
        codes(&site.at(&format!("inbox/{file}-2026-11-01.csv")), false, column, &mut declared);
    }
    let outcome = site.accept_on("2026-11-01");
    assert_eq!(outcome.pipelines.len(), 4, "{:?}", outcome.stopped);
    assert!(outcome.pipelines.iter().all(|one| one.totals.retired > 0 && one.totals.kept > 0));
    assert!(search(&site, &needles, &declared) > 100);
    check_modes(&site);
    // The search would have seen them: they are where they may be.
    assert!(needles.find(&fs::read(site.at("inbox/borrowers-2026-11-01.csv")).unwrap()).is_some());
}

#[test]
fn a_small_library() {
    koha("small", "40");
}

#[test]
fn the_demo_with_a_thousand_canaries() {
    koha("demo", "1000");
}

/// Evergreen's own sample data.
#[test]
#[ignore = "needs Evergreen's Concerto data: make test-concerto"]
fn concerto() {
    let site = crate::concerto::site("history");
    site.stamp("2026-11-01");
    let inbox = |name: &str| site.at(&format!("inbox/{name}.tsv"));
    let mut needles = Needles::default();
    let users = Columns {
        anywhere: &["usrname", "email", "passwd", "day_phone", "evening_phone", "other_phone", "alias", "guardian"],
        names: &["first_given_name", "second_given_name", "family_name", "pref_first_given_name", "pref_family_name"],
        alone: &["id", "dob"],
        hashed: &["id", "usrname"],
    };
    let none: &[&str] = &[];
    needles.read(&inbox("actor.usr"), true, &users);
    let cards = Columns { anywhere: &["barcode"], names: none, alone: none, hashed: &["barcode"] };
    needles.read(&inbox("actor.card"), true, &cards);
    let streets = Columns { anywhere: &["street1", "street2"], names: none, alone: &["post_code"], hashed: none };
    assert!(needles.read(&inbox("actor.usr_address"), true, &streets) > 100);
    let mut declared = HashSet::new();
    for (file, column) in [
        ("actor.org_unit", "shortname"),
        ("asset.copy", "circ_modifier"),
        ("asset.copy", "location"),
        ("actor.usr", "profile"),
    ] {
        codes(&inbox(file), true, column, &mut declared);
    }
    let outcome = site.accept_on("2026-11-01");
    assert!(outcome.totals.retired > 10_000);
    assert!(search(&site, &needles, &declared) > 100);
    check_modes(&site);
}
