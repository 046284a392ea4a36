//! A join that is dead decides nothing.

use super::{accepted, after_one_night, library, nothing_is_lost, plan, unwatched, waits};
use crate::meaning::library::{Library as MadeUp, System, day, stamp};
use crate::support::TestSite;
use crate::support::library::loans_site;

/// Writes a cell of every row otherwise.
fn respell(site: &TestSite, path: &str, column: usize, form: fn(&str) -> String) {
    site.edit(path, |text| {
        let line = |(at, line): (usize, &str)| {
            let mut cells: Vec<String> = line.split(',').map(String::from).collect();
            if at > 0 {
                cells[column] = form(&cells[column]);
            }
            cells.join(",") + "\n"
        };
        text.lines().enumerate().map(line).collect()
    });
}

fn respelled(path: &str, column: usize, form: fn(&str) -> String) {
    let (site, library) = after_one_night();
    library.write(&site);
    respell(&site, path, column, form);
    site.stamp("2026-10-11");
    let night = unwatched(&site, "2026-10-11");
    nothing_is_lost(&site, &night, path);
}

macro_rules! respelled {
    ($($name:ident: $path:literal, $column:literal, $form:expr;)*) => {
        $(#[test]
        fn $name() {
            respelled($path, $column, $form);
        })*
    };
}

respelled! {
    bills_of_loans_written_as_floats: "inbox/accountlines-1.csv", 1, |key| format!("{key}.0");
    bills_of_loans_with_leading_zeros: "inbox/accountlines-1.csv", 1, |key| format!("{key:0>8}");
    bills_of_loans_with_a_blank_behind: "inbox/accountlines-1.csv", 1, |key| format!("{key} ");
    bills_of_loans_with_an_apostrophe: "inbox/accountlines-1.csv", 1, |key| format!("'{key}");
    bills_of_loans_in_thousands: "inbox/accountlines-1.csv", 1, |key| format!("\"1,000,{key}\"");
    claims_of_loans_written_as_floats: "inbox/return_claims-1.csv", 0, |key| format!("{key}.0");
    claims_of_loans_with_leading_zeros: "inbox/return_claims-1.csv", 0, |key| format!("{key:0>8}");
    claims_of_loans_with_a_blank_behind: "inbox/return_claims-1.csv", 0, |key| format!("{key} ");
    claims_of_loans_with_an_apostrophe: "inbox/return_claims-1.csv", 0, |key| format!("'{key}");
    claims_of_loans_in_thousands: "inbox/return_claims-1.csv", 0, |key| format!("\"1,000,{key}\"");
    bills_of_other_loans: "inbox/accountlines-1.csv", 1, |key| format!("9{key}");
    claims_without_a_loan: "inbox/return_claims-1.csv", 0, |_| "NULL".into();
}

#[test]
fn uuids_in_capitals() {
    let site = System::Folio.site();
    let library = MadeUp::new(System::Folio);
    let mut retired = Vec::new();
    for capitals in [false, true] {
        for mut export in library.exports(0) {
            if capitals && export.name.starts_with("folio-accounts") {
                let text = String::from_utf8(export.bytes).unwrap();
                export.bytes = text.lines().map(crate::joins::in_capitals).collect::<String>().into_bytes();
            }
            site.export(&export.name, export.bytes);
        }
        stamp(&site, 0);
        let plan = plan(&site, &day(0));
        retired.push(plan.json["pipelines"][0]["totals"]["retired"].as_u64().unwrap());
    }
    assert!(retired[0] > 0);
    assert_eq!(retired[0], retired[1]);
}

#[test]
fn rows_that_a_quoted_cell_has_swallowed() {
    let (site, library) = after_one_night();
    library.write(&site);
    // A stray quote where a cell begins, and five rows further another where one ends.
    site.edit("inbox/accountlines-1.csv", |text| {
        let mut lines: Vec<String> = text.lines().map(String::from).collect();
        lines[10] = lines[10].replacen(",OVERDUE,", ",\"OVERDUE,", 1);
        lines[15] = lines[15].replacen(",OVERDUE,", ",OVERDUE\",", 1);
        lines.join("\n") + "\n"
    });
    site.stamp("2026-10-11");
    let night = unwatched(&site, "2026-10-11");
    nothing_is_lost(&site, &night, "two quotes");
}

#[test]
fn bills_of_which_none_is_about_a_loan_on_the_first_night() {
    let site = loans_site();
    let mut library = library();
    library.bills.iter_mut().for_each(|bill| bill.0 += 900_000);
    library.write(&site);
    site.stamp("2026-10-10");
    assert!(waits(&plan(&site, "2026-10-10")).contains("not one of its 60 keys"));
}

#[test]
fn bills_of_which_few_are_about_a_loan_on_the_first_night() {
    let site = loans_site();
    let mut library = library();
    library.bills.iter_mut().skip(1).for_each(|bill| bill.0 += 900_000);
    library.write(&site);
    site.stamp("2026-10-10");
    let waits = waits(&plan(&site, "2026-10-10"));
    assert!(waits.contains("of the 60 keys of `bills`, 1 "), "{waits}");
}

#[test]
fn bills_that_are_gone() {
    let (site, mut library) = after_one_night();
    library.bills.retain(|(loan, ..)| !(121..126).contains(loan));
    library.write(&site);
    site.stamp("2026-10-11");
    let night = unwatched(&site, "2026-10-11");
    nothing_is_lost(&site, &night, "five bills");
}

#[test]
fn claims_that_went_with_what_was_severed_are_no_reason_to_wait() {
    let site = loans_site();
    let mut library = library();
    library.claims.extend((171..191).map(|loan| (loan, "RETURNED")));
    library.write(&site);
    site.stamp("2026-10-10");
    accepted(&site, "2026-10-10");
    library.remove(171..191);
    library.claims.retain(|(loan, _)| *loan < 171);
    library.write(&site);
    site.stamp("2026-10-11");
    let night = unwatched(&site, "2026-10-11");
    assert_eq!(night.code, 0, "{}", night.printed);
}
