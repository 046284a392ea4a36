//! Periods that are longer than a month: quarters, months that wait for each other, and months that are closed after a year.
//! Whatever was staged when, and under which key, each transaction is counted once; and staging and keys are gone with it.

use std::collections::BTreeMap;
use std::fs;

use jiff::civil::date;

use super::calendar::{Span, expected, month_of};
use super::checker::{Checker, check_all};
use super::published::{Published, periods_in};
use super::truth::{Layout, Row};
use super::{THRESHOLD, check, covers, exports, package, series};
use crate::support::library::{Library, loans_site, only};
use crate::support::{TestSite, files};

const STAGING: &str = "state/staging/koha-loans";
const QUARTER: &str = "2026-07-to-2026-09";

/// What is true of this library, whatever becomes of its exports.
fn truth(site: &TestSite, library: &Library) -> Vec<Row> {
    library.write(site);
    exports::koha(&site.at("inbox"), "loan", date(2027, 12, 31))
}

fn policy(site: &TestSite, from: &str, to: &str) {
    site.edit("policy.toml", |text| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
}

/// All that could lead to a patron of what was staged: keys and staging. Those of years are looked at in `year`.
fn kept(site: &TestSite) -> Vec<String> {
    let names = |folder: &str| match fs::read_dir(site.at(folder)) {
        Ok(entries) => entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect(),
        Err(_) => Vec::new(),
    };
    let keys = names("state/keys").into_iter().filter(|name| name.starts_with("loan-") && !name.contains("-year-"));
    let mut kept: Vec<String> = keys.chain(names(STAGING)).collect();
    kept.sort();
    kept
}

fn released(site: &TestSite) -> Vec<String> {
    periods_in(&site.at("public/dataset/loan/collection")).into_iter().collect()
}

/// As [`check`], where patrons are known under several keys: then fewer may be told than there were.
fn check_under_several_keys(site: &TestSite, truth: &BTreeMap<Span, Vec<Row>>) {
    let (public, layout) = (site.at("public"), Layout::koha_loans());
    check_all(&public, &layout, truth, |rows, period| {
        Checker { rows, layout: &layout, threshold: THRESHOLD, counts_patrons: false }.check(period)
    });
    series::are_the_tables(&public, &layout);
    series::agree_with_the_exports(&public, &layout, truth);
}

/// July and August are staged, by two runs and under one key; half of September still is out.
#[test]
fn a_quarter_is_released_once_from_all_that_was_staged_of_it() {
    let site = loans_site();
    policy(&site, "settle = \"30 days\"", "settle = \"30 days\"\nperiod = \"quarter\"");
    let mut library = Library::default()
        .loans(101, 24, "2026-07-06", Some("2026-07-20"))
        .loans(201, 24, "2026-08-04", Some("2026-08-20"))
        .loans(301, 24, "2026-09-03", None);
    site.night(&library, "2026-09-25");
    assert_eq!(kept(&site), ["loan-2026-07.key", "month=2026-07"]);
    assert_eq!(files(&site.at(STAGING)).len(), 2, "a file for each month");

    (301..313).for_each(|id| library.loan(id).returned = Some("2026-09-10 12:00:00".into()));
    let rows = truth(&site, &library);
    // Of what is on the worklist some is gone, some names nobody, and some is still as it was.
    library.remove(101..113);
    library.sever(201..213);
    site.night(&library, "2026-10-15");
    assert_eq!(files(&site.at(STAGING)).len(), 3);
    site.night(&library, "2026-10-29");
    assert!(files(&site.at("public")).is_empty(), "the day before it settles");

    let night = site.night(&library, "2026-10-30");
    assert_eq!(only(&night).released.iter().map(|month| month.rows).collect::<Vec<_>>(), [24, 24, 24]);
    assert_eq!(released(&site), [QUARTER]);
    let seen = check(&site, &Layout::koha_loans(), &expected(&rows, 3, "2026-09", covers));
    assert_eq!((seen.periods, seen.rows), (1, 72));
    // The same two dozen came in each month, be they staged or not.
    let quarter = Published::read(&site.at("public"), &Layout::koha_loans(), QUARTER);
    assert_eq!(quarter.tables["total"].cells[&Vec::new()]["patrons"], Some(20));
    assert!(kept(&site).is_empty(), "{:?}", kept(&site));
    package::names_what_is_there(&site.at("public"));
    site.assert_verifies();
}

/// Holds are released with July, and have none in August: their series is made anew with the loans'.
#[test]
fn a_night_on_which_one_kind_alone_is_released_keeps_the_series_of_the_other() {
    let site = TestSite::init("koha");
    let library = Library::default().loans(101, 24, "2026-07-06", None).loans(201, 24, "2026-08-04", None);
    let mut holds = String::from(
        "reserve_id,borrowernumber,reservedate,biblionumber,branchcode,notificationdate,cancellationdate,cancellation_reason,\
         reservenotes,priority,found,timestamp,itemnumber,waitingdate,expirationdate,itemtype\n",
    );
    for at in 0..24 {
        holds += &format!(
            "{},{},2026-07-06,1,MAIN,NULL,NULL,NULL,NULL,1,NULL,2026-07-06 10:00:00,NULL,NULL,NULL,NULL\n",
            601 + at,
            501 + at
        );
    }
    let header = holds.lines().next().unwrap().to_owned() + "\n";
    site.export("reserves-1.csv", &holds);
    site.export("old_reserves-1.csv", &header);
    site.night(&library, "2026-08-31");
    let series = site.at("public/statistics/hold/by-branch.csv");
    let before = fs::read(&series).unwrap();
    site.night(&library, "2026-09-30");
    assert_eq!(released(&site), ["2026-07", "2026-08"]);
    assert_eq!(fs::read(&series).unwrap(), before);
    site.assert_verifies();
}

/// Six patrons a month: two months are about enough.
#[test]
fn months_that_are_about_too_few_wait_and_leave_together() {
    let site = loans_site();
    let mut library = Library::default().loans(101, 6, "2026-07-06", None).loans(201, 6, "2026-08-04", None);
    (201..207).for_each(|id| library.loan(id).patron = Some(310 + id as u32));
    let rows = truth(&site, &library);
    site.night(&library, "2026-08-31");
    assert!(files(&site.at("public")).is_empty(), "July is about six");
    site.night(&library, "2026-09-30");
    assert_eq!(released(&site), ["2026-07-to-2026-08"]);
    let seen = check(&site, &Layout::koha_loans(), &expected(&rows, 1, "2026-08", covers));
    assert_eq!((seen.periods, seen.rows), (1, 12));
    package::names_what_is_there(&site.at("public"));
    site.assert_verifies();
}

/// Of July one patron has most; she comes in August, too, where she isn't staged. Nobody can tell that she is the same, and so
/// neither may anybody count on two.
#[test]
fn a_patron_who_is_staged_under_one_key_and_live_beside_another_isnt_counted_twice() {
    let site = loans_site();
    let mut library = Library::default().loans(101, 42, "2026-07-06", Some("2026-07-20")).loans(
        201,
        40,
        "2026-08-04",
        Some("2026-08-10"),
    );
    (113..143).for_each(|id| library.loan(id).patron = Some(501));
    // She, and half of the others, still have theirs of August.
    (201..221).for_each(|id| library.loan(id).returned = None);
    let rows = truth(&site, &library);
    site.night(&library, "2026-08-31");
    assert_eq!(kept(&site), ["loan-2026-07.key", "month=2026-07"], "it waits");
    site.night(&library, "2026-09-15");
    assert_eq!(kept(&site), ["loan-2026-07.key", "loan-2026-08.key", "month=2026-07", "month=2026-08"]);
    library.remove(101..120);
    library.sever(121..130);
    site.night(&library, "2026-09-30");
    assert_eq!(released(&site), ["2026-07-to-2026-08"]);
    let truth = expected(&rows, 1, "2026-08", covers);
    assert_eq!(truth.values().map(Vec::len).collect::<Vec<_>>(), [82]);
    check_under_several_keys(&site, &truth);
    assert!(kept(&site).is_empty(), "{:?}", kept(&site));
    site.assert_verifies();
}

/// Six of each month may be the same six: where they are staged under two keys, they don't make twelve.
#[test]
fn six_under_one_key_and_six_under_another_are_not_twelve() {
    let site = loans_site();
    let mut library = Library::default().loans(101, 6, "2026-07-06", Some("2026-07-10")).loans(
        201,
        6,
        "2026-08-04",
        Some("2026-08-10"),
    );
    (201..207).for_each(|id| library.loan(id).patron = Some(310 + id as u32));
    for night in ["2026-08-20", "2026-09-15", "2026-09-30", "2026-10-31"] {
        site.night(&library, night);
        assert!(files(&site.at("public")).is_empty(), "{night}");
    }
    assert_eq!(kept(&site), ["loan-2026-07.key", "loan-2026-08.key", "month=2026-07", "month=2026-08"]);
    site.assert_verifies();
}

/// Four patrons a month, always the same: a year of it is closed, and what comes later doesn't open it.
#[test]
fn a_year_that_is_about_too_few_is_closed_for_good() {
    let site = loans_site();
    let mut library = Library::default();
    for (place, month) in (9..=20).enumerate() {
        let month = format!("{}-{:02}", 2025 + (month - 1) / 12, (month - 1) % 12 + 1);
        library = library.loans(101 + 4 * place as u64, 4, &format!("{month}-02"), Some(&format!("{month}-09")));
    }
    library = library.loans(201, 4, "2026-09-02", Some("2026-09-09"));
    let night = site.night(&library, "2026-11-01");
    let closed = only(&night).released.iter().filter(|month| month.closed.is_some());
    assert_eq!(closed.map(|month| month.rows).collect::<Vec<_>>(), [4; 12]);
    assert!(files(&site.at("public")).is_empty());
    assert_eq!(kept(&site), ["loan-2026-09.key", "month=2026-09"], "September waits");

    // October is about enough, with those of September; and in January there were more, it turns out.
    library = library.loans(301, 24, "2026-10-05", None);
    let rows = truth(&site, &library);
    library = library.loans(401, 24, "2026-01-15", None);
    site.night(&library, "2026-12-01");
    assert_eq!(released(&site), ["2026-09-to-2026-10"]);
    let truth = expected(&rows, 1, "2026-10", covers);
    assert_eq!(truth.values().map(Vec::len).collect::<Vec<_>>(), [28]);
    check(&site, &Layout::koha_loans(), &truth);
    assert!(kept(&site).is_empty(), "{:?}", kept(&site));
    site.assert_verifies();
}

/// A fiscal year, in which two patrons came each month.
#[test]
fn a_year_that_begins_in_july_is_released_as_one() {
    let site = loans_site();
    policy(&site, "settle = \"30 days\"", "settle = \"30 days\"\nperiod = \"year\"\nyear_begins = 7");
    let mut library = Library::default();
    for (place, month) in (6..18).enumerate() {
        let (first, month) = (101 + 2 * place as u64, format!("{}-{:02}", 2025 + month / 12, month % 12 + 1));
        library = library.loans(first, 2, &format!("{month}-02"), Some(&format!("{month}-09")));
        (first..first + 2).for_each(|id| library.loan(id).patron = Some(400 + id as u32));
    }
    let rows = truth(&site, &library);
    site.night(&library, "2026-03-01");
    assert_eq!(kept(&site), ["loan-2025-07.key", "month=2025-07"]);
    library.remove(101..105);
    site.night(&library, "2026-07-30");
    assert_eq!(released(&site), ["2025-07-to-2026-06"]);
    let truth = BTreeMap::from([(Span::named("2025-07-to-2026-06"), rows)]);
    let seen = check(&site, &Layout::koha_loans(), &truth);
    assert_eq!((seen.periods, seen.rows), (1, 24));
    assert!(kept(&site).is_empty(), "{:?}", kept(&site));
    site.assert_verifies();
}

/// The board turns to quarters, when two months are staged under keys of their own.
#[test]
fn months_that_were_staged_each_leave_as_a_quarter() {
    let site = loans_site();
    policy(&site, "settle = \"30 days\"", "settle = \"90 days\"");
    let mut library = staged_twice();
    let rows = truth(&site, &library);
    site.night(&library, "2026-09-25");
    assert_eq!(kept(&site), ["loan-2026-07.key", "loan-2026-08.key", "month=2026-07", "month=2026-08"]);
    policy(&site, "settle = \"90 days\"", "settle = \"90 days\"\nperiod = \"quarter\"");
    library.remove(101..113);
    library.sever(201..213);
    site.night(&library, "2026-12-28");
    assert!(files(&site.at("public")).is_empty(), "the day before it settles");
    site.night(&library, "2026-12-29");
    assert_eq!(released(&site), [QUARTER]);
    check_under_several_keys(&site, &expected(&rows, 3, "2026-09", covers));
    assert!(kept(&site).is_empty(), "{:?}", kept(&site));
    site.assert_verifies();
}

/// And back, when two months are staged under one key: only together can they be told apart.
#[test]
fn months_that_were_staged_under_one_key_leave_together() {
    let site = loans_site();
    policy(&site, "settle = \"30 days\"", "settle = \"90 days\"\nperiod = \"quarter\"");
    let mut library = staged_twice();
    let rows = truth(&site, &library);
    site.night(&library, "2026-09-25");
    assert_eq!(kept(&site), ["loan-2026-07.key", "month=2026-07"]);
    policy(&site, "\nperiod = \"quarter\"", "");
    library.remove(101..113);
    library.sever(201..213);
    site.night(&library, "2026-12-29");
    assert_eq!(released(&site), ["2026-07-to-2026-08", "2026-09"]);
    let truth = parted(rows, |month| if month == 8 { "2026-09" } else { "2026-07-to-2026-08" });
    check(&site, &Layout::koha_loans(), &truth);
    assert!(kept(&site).is_empty(), "{:?}", kept(&site));
    site.assert_verifies();
}

/// And back, when the quarter's first month had left before: what is staged under its name is still of the two that follow.
#[test]
fn months_that_were_staged_under_the_key_of_one_that_had_left_leave_together() {
    let site = loans_site();
    let mut library = Library::default()
        .loans(101, 24, "2026-07-06", Some("2026-07-20"))
        .loans(201, 24, "2026-08-04", Some("2026-08-20"))
        .loans(301, 24, "2026-09-03", Some("2026-09-09"));
    let rows = truth(&site, &library);
    let mut july = library.clone();
    july.remove(301..325);
    site.night(&july, "2026-09-01");
    assert_eq!(released(&site), ["2026-07"]);
    policy(&site, "settle = \"30 days\"", "settle = \"30 days\"\nperiod = \"quarter\"");
    site.night(&library, "2026-10-12");
    assert_eq!(kept(&site), ["loan-2026-07.key", "month=2026-07"]);
    policy(&site, "\nperiod = \"quarter\"", "");
    library.remove(201..213);
    library.sever(301..313);
    site.night(&library, "2026-11-15");
    assert_eq!(released(&site), ["2026-07", "2026-08-to-2026-09"]);
    let truth = parted(rows, |month| if month == 6 { "2026-07" } else { "2026-08-to-2026-09" });
    check(&site, &Layout::koha_loans(), &truth);
    assert!(kept(&site).is_empty(), "{:?}", kept(&site));
    site.assert_verifies();
}

/// Rows by the period that their month, from 0, leaves with.
fn parted(rows: Vec<Row>, period: impl Fn(i32) -> &'static str) -> BTreeMap<Span, Vec<Row>> {
    let mut parted: BTreeMap<Span, Vec<Row>> = BTreeMap::new();
    for row in rows {
        parted.entry(Span::named(period(month_of(row.day) % 12))).or_default().push(row);
    }
    parted
}

/// July and August, to be staged; September is out.
fn staged_twice() -> Library {
    Library::default()
        .loans(101, 24, "2026-07-06", Some("2026-07-20"))
        .loans(201, 24, "2026-08-04", Some("2026-08-20"))
        .loans(301, 24, "2026-09-03", None)
}
