//! A night that is out of the ordinary waits.

use std::fs;

use super::{accepted, after_one_night, due, library, nothing_is_lost, plan, unwatched, waits};
use crate::support::library::{Library, loans_site};

fn month_first(text: &str) -> String {
    let (day, time) = text.split_once(' ').unwrap();
    let parts: Vec<&str> = day.split('-').collect();
    format!("{}/{}/{} {time}", parts[1], parts[2], parts[0])
}

fn published(site: &crate::support::TestSite) -> usize {
    crate::support::files(&site.at("public")).len()
}

#[test]
fn dates_in_another_order_on_the_first_night() {
    let site = loans_site();
    let mut library = library();
    for loan in library.loans.iter_mut().filter(|loan| loan.returned.is_some()) {
        loan.issued = month_first(&loan.issued);
        loan.returned = loan.returned.as_deref().map(month_first);
    }
    library.write(&site);
    site.stamp("2026-10-10");
    assert!(waits(&plan(&site, "2026-10-10")).contains("rows are undetermined"));
}

#[test]
fn amounts_that_can_no_longer_be_read() {
    let (site, mut library) = after_one_night();
    library.bills.iter_mut().for_each(|bill| bill.1 = "5.0.0");
    library.write(&site);
    site.stamp("2026-10-11");
    assert_ne!(unwatched(&site, "2026-10-11").code, 0);
}

#[test]
fn patrons_that_can_no_longer_be_read() {
    let (site, library) = after_one_night();
    library.write(&site);
    for path in ["inbox/issues-1.csv", "inbox/old_issues-1.csv"] {
        site.edit(path, |text| text.replace(",5", ",'5"));
    }
    site.stamp("2026-10-11");
    let night = unwatched(&site, "2026-10-11");
    nothing_is_lost(&site, &night, "patrons with an apostrophe");
}

#[test]
fn the_bytes_of_yesterday_under_tonights_time() {
    let (site, _) = after_one_night();
    site.stamp_as_they_are("2026-10-11");
    let before = published(&site);
    assert_eq!(unwatched(&site, "2026-10-11").code, 2);
    assert_eq!(published(&site), before);
}

#[test]
fn a_clock_that_is_ahead() {
    let (site, library) = after_one_night();
    library.write(&site);
    site.stamp("2026-11-05");
    assert_eq!(unwatched(&site, "2026-11-05").code, 2);
}

#[test]
fn a_month_of_which_rows_are_missing_on_the_first_night() {
    let site = loans_site();
    let mut library = Library::default();
    for (at, month) in ["2026-03", "2026-04", "2026-05", "2026-06", "2026-07"].into_iter().enumerate() {
        let many = if month == "2026-05" { 4 } else { 110 };
        let first = 1_001 + 200 * at as u64;
        library = library.loans(first, many, &format!("{month}-05"), Some(&format!("{month}-12")));
    }
    library = library.loans(9_001, 5, "2026-10-09", None);
    library.write(&site);
    site.stamp("2026-10-10");
    let waits = waits(&plan(&site, "2026-10-10"));
    assert!(waits.contains("2026-05 would be final with 4 rows"), "{waits}");
}

#[test]
fn late_rows_in_numbers() {
    let (site, library) = after_one_night();
    let late = library.loans(201, 20, "2026-07-05", Some("2026-07-20"));
    late.write(&site);
    site.stamp("2026-10-11");
    let waits = waits(&plan(&site, "2026-10-11"));
    assert!(waits.contains("belong to months that are final"), "{waits}");
}

#[test]
fn a_need_that_collapses() {
    let site = loans_site();
    let mut library = library();
    library.write(&site);
    site.stamp("2026-10-10");
    accepted(&site, "2026-10-10");
    library.sever(due());
    library.claims.iter_mut().for_each(|claim| claim.1 = "RETURNED");
    library.write(&site);
    site.stamp("2026-10-11");
    let waits = waits(&plan(&site, "2026-10-11"));
    assert!(waits.contains("disputed"), "{waits}");
}

#[test]
fn copies_of_exports_are_none() {
    for ending in [".bak", "~", ".old", ".csv.orig", ".1"] {
        let (site, library) = after_one_night();
        library.write(&site);
        let bills = fs::read_to_string(site.at("inbox/accountlines-1.csv")).unwrap();
        site.stamp("2026-10-11");
        let header = format!("{}\n", bills.lines().next().unwrap());
        site.export(&format!("accountlines-1.csv{ending}"), header);
        super::touch_later(&site, &format!("accountlines-1.csv{ending}"), "2026-10-11");
        let night = unwatched(&site, "2026-10-11");
        assert!(site.worklist().is_empty(), "{ending}: {}", night.printed);
        assert_eq!(night.json["pipelines"][0]["totals"]["kept"], 90, "{ending}: {}", night.printed);
    }
}

#[test]
fn sums_and_signatures_beside_an_export_stop_nothing() {
    for ending in [".sha256", ".md5", ".sig", ".asc"] {
        let (site, library) = after_one_night();
        library.write(&site);
        site.stamp("2026-10-11");
        site.export(&format!("accountlines-1.csv{ending}"), "0123456789abcdef  accountlines-1.csv\n");
        super::touch_later(&site, &format!("accountlines-1.csv{ending}"), "2026-10-11");
        let night = unwatched(&site, "2026-10-11");
        assert_eq!(
            (night.code, &night.json["pipelines"][0]["totals"]["kept"]),
            (0, &90.into()),
            "{ending}: {}",
            night.printed
        );
    }
}
