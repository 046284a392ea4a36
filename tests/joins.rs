//! Nothing is decided by a join that is dead: on a second night that nobody watches, keys are spelled otherwise or rows are gone,
//! and no loan that owes is retired.

use std::collections::BTreeSet;

use afterloan::act::{BrakeReason, Outcome};
use afterloan::state::commit::no_hook;

use crate::meaning::library::{self, System};
use crate::support::TestSite;
use crate::support::library::{Library, loans_site, only};

const BILLS: &str = "inbox/accountlines-1.csv";
const CLAIMS: &str = "inbox/return_claims-1.csv";
/// The cell of the loan in each.
const BILLED: usize = 1;
const CLAIMED: usize = 0;

/// Loans that all are over: sixty owe, ten are disputed, twenty are due.
fn library() -> Library {
    let mut library = Library::default().loans(101, 90, "2026-07-01", Some("2026-07-10"));
    library.bills = (101..161).map(|loan| (loan, "5.00", "2026-07-10 12:00:00")).collect();
    library.claims = (161..171).map(|loan| (loan, "NULL")).collect();
    library
}

/// After a first night that a person watched, and its worklist carried out.
fn after_one_night() -> (TestSite, Library) {
    let site = loans_site();
    let mut library = library();
    site.night(&library, "2026-10-10");
    assert_eq!(site.worklist(), (171..191).collect::<Vec<u64>>());
    library.sever(171..191);
    (site, library)
}

/// Writes the cell of the first `rows` otherwise.
fn respell(site: &TestSite, path: &str, column: usize, rows: usize, form: impl Fn(&str) -> String) {
    site.edit(path, |text| {
        let line = |(at, line): (usize, &str)| {
            let mut cells: Vec<String> = line.split(',').map(String::from).collect();
            if (1..=rows).contains(&at) {
                cells[column] = form(&cells[column]);
            }
            cells.join(",") + "\n"
        };
        text.lines().enumerate().map(line).collect()
    });
}

/// The forms in which spreadsheets, data frames and people write a number.
/// What a form is called, and how it writes a key.
type Form = (&'static str, fn(&str) -> String);

fn forms() -> [Form; 5] {
    [
        ("4.0", |key| format!("{key}.0")),
        ("00000004", |key| format!("{key:0>8}")),
        ("4 ", |key| format!("{key} ")),
        ("'4", |key| format!("'{key}")),
        ("1,000,004", |key| format!("\"1,000,{key}\"")),
    ]
}

fn reasons(outcome: &Outcome) -> Vec<BrakeReason> {
    outcome.brakes.iter().map(|brake| brake.reason).collect()
}

#[test]
fn keys_in_another_spelling_stop_what_they_decide() {
    let (site, library) = after_one_night();
    for (path, column, all) in [(BILLS, BILLED, 60), (CLAIMS, CLAIMED, 10)] {
        for (form, respelled) in forms() {
            for rows in [1, all] {
                library.write(&site);
                respell(&site, path, column, rows, respelled);
                site.stamp("2026-10-11");
                let plan = site.plan_on("2026-10-11").unwrap();
                let why: Vec<&str> = plan.stopped.iter().map(|stopped| stopped.why.as_str()).collect();
                assert!(
                    why.len() == 1 && why[0].contains(&format!("{rows} of {all} keys")),
                    "{path}, {rows} like {form}: {why:?}, {:?}",
                    plan.brakes
                );
                site.run_on("2026-10-11", None, &no_hook).unwrap_err();
            }
        }
    }
    library.write(&site);
    site.stamp("2026-10-11");
    let outcome = site.run_on("2026-10-11", None, &no_hook).unwrap();
    assert_eq!((reasons(&outcome), only(&outcome).totals.kept), (Vec::new(), 70), "as it was");
}

#[test]
fn a_key_of_a_transaction_that_cant_be_read_keeps_it() {
    let site = loans_site();
    library().write(&site);
    // By what the bills are joined: the pipeline calls a note the loan's number.
    site.edit("pipelines/koha-loans.toml", |text| {
        let without_tests = text.split("[[test]]").next().unwrap();
        let (before, bills) = without_tests.split_at(without_tests.find("name = \"bills\"").unwrap());
        let before: String =
            before.lines().filter(|line| !line.starts_with("multiline")).map(|l| l.to_string() + "\n").collect();
        before + &bills.replacen("on = { issue_id", "on = { note", 1)
    });
    for (loans, form) in [("inbox/old_issues-1.csv", "4.0"), ("inbox/issues-1.csv", "4")] {
        respell(&site, loans, 8, usize::MAX, |_| form.into());
    }
    site.stamp("2026-10-10");
    let plan = site.plan_on("2026-10-10").unwrap();
    assert!(plan.stopped.is_empty(), "{:?}", plan.stopped);
    assert_eq!(only(&plan).totals.retired, 0);
    assert_eq!(only(&plan).totals.kept_by_need[&afterloan::words::Need::Undetermined], 90);
}

#[test]
fn bills_of_which_none_is_about_a_loan_stop_on_the_first_night() {
    let site = loans_site();
    let mut library = library();
    library.bills.iter_mut().for_each(|bill| bill.0 += 900_000);
    library.write(&site);
    site.stamp("2026-10-10");
    let plan = site.plan_on("2026-10-10").unwrap();
    assert!(plan.stopped[0].why.starts_with("bills: not one of its 60 keys"), "{:?}", plan.stopped);
    // One that is about nothing is told, and no more.
    library.bills[0].0 = 101;
    library.write(&site);
    site.stamp("2026-10-10");
    assert!(reasons(&site.plan_on("2026-10-10").unwrap()).contains(&BrakeReason::FewMeet));
}

#[test]
fn bills_that_are_gone_are_believed_once_a_person_has_looked() {
    let (site, mut library) = after_one_night();
    let gone: BTreeSet<u64> = (121..126).collect();
    library.bills.retain(|(loan, ..)| !gone.contains(loan));
    site.unwatched(&library, "2026-10-11").unwrap_err();
    let plan = site.plan_on("2026-10-11").unwrap();
    assert_eq!(reasons(&plan), [BrakeReason::Vanished]);
    assert!(plan.brakes[0].why.contains("`bills` had a row for 5 transactions"), "{}", plan.brakes[0].why);
    assert_eq!((only(&plan).totals.retired, only(&plan).totals.kept), (0, 70));
    // As long as nobody does, they are missed: and that they come back is in order.
    let outcome = site.unwatched(&self::library(), "2026-10-11").unwrap();
    assert_eq!(reasons(&outcome), []);
    library.write(&site);
    site.stamp("2026-10-12");
    assert_eq!(reasons(&site.plan_on("2026-10-12").unwrap()), [BrakeReason::Vanished]);
    let accepted = site.accept_on("2026-10-12");
    assert_eq!(only(&accepted).totals.retired, 0, "what was planned");
    let outcome = site.unwatched(&library, "2026-10-13").unwrap();
    assert_eq!((reasons(&outcome), only(&outcome).totals.retired), (Vec::new(), 5));
    assert_eq!(site.worklist(), gone.into_iter().collect::<Vec<u64>>());
    site.assert_verifies();
}

#[test]
fn a_bill_that_vanishes_while_something_else_keeps_its_loan_is_missed_when_nothing_does() {
    let site = loans_site();
    let mut library = library().loans(301, 30, "2026-09-01", Some("2026-09-20"));
    library.bills.extend((301..331).map(|loan| (loan, "5.00", "2026-09-20 12:00:00")));
    site.night(&library, "2026-10-10");
    library.sever(171..191);
    library.bills.retain(|(loan, ..)| *loan != 301);
    let outcome = site.unwatched(&library, "2026-10-11").unwrap();
    assert_eq!(reasons(&outcome), [], "it came back less than 30 days ago");
    library.write(&site);
    site.stamp("2026-10-25");
    let plan = site.plan_on("2026-10-25").unwrap();
    assert!(reasons(&plan).contains(&BrakeReason::Vanished));
    assert_eq!(only(&plan).totals.retired, 0);
}

#[test]
fn rows_that_went_with_what_was_severed_are_no_shrinking() {
    let site = loans_site();
    let mut library = Library::default().loans(101, 40, "2026-07-01", Some("2026-07-10"));
    library.bills = (101..141).map(|loan| (loan, "0.00", "2026-07-10 12:00:00")).collect();
    site.night(&library, "2026-10-10");
    assert_eq!(site.worklist().len(), 40);
    library = library.loans(301, 30, "2026-10-01", None);
    library.remove(101..131);
    library.bills.retain(|(loan, ..)| *loan > 130);
    let outcome = site.unwatched(&library, "2026-10-11").unwrap();
    assert_eq!(reasons(&outcome), []);
}

#[test]
fn a_uuid_in_capitals_is_the_same_key() {
    let mut library = library::Library::new(System::Folio);
    let site = System::Folio.site();
    library.night(&site, 0);
    let kept = |capitals: bool| {
        for mut export in library.exports(1) {
            if capitals && export.name.starts_with("folio-accounts") {
                let mut text = String::from_utf8(export.bytes).unwrap();
                text = text.lines().map(in_capitals).collect();
                export.bytes = text.into_bytes();
            }
            site.export(&export.name, export.bytes);
        }
        library::stamp(&site, 1);
        let plan = site.plan_on(&library::day(1)).unwrap();
        assert!(plan.stopped.is_empty(), "{:?}", plan.stopped);
        assert_eq!(reasons(&plan), []);
        (only(&plan).totals.kept_by_need.clone(), only(&plan).totals.retired)
    };
    assert_eq!(kept(true), kept(false));
}

/// A line with its loan's id in capitals.
pub fn in_capitals(line: &str) -> String {
    const MEMBER: &str = "\"loanId\": \"";
    let at = line.find(MEMBER).unwrap() + MEMBER.len();
    format!("{}{}{}\n", &line[..at], line[at..at + 36].to_uppercase(), &line[at + 36..])
}
