//! What is near to somebody: a branch that is called as a patron logs in, her birthday in other words, another of her name.

use afterloan::act::Refusal;

use super::{inbox, site};
use crate::support::AS_OF;

/// Declared codes are the library's own words. A login with digits in it is nobody's word but hers.
#[test]
fn a_branch_may_be_called_as_a_patron_logs_in() {
    let site = site();
    let mut inbox = inbox(&site, 60);
    inbox.set("borrowers", 9, "userid", "rottnest").set("borrowers", 10, "userid", "quokka77");
    inbox.set("borrowers", 11, "surname", "Park").set("borrowers", 11, "firstname", "Morgan");
    for row in 20..30 {
        inbox.set("old_issues", row, "branchcode", "ROTTNEST").set("old_issues", row + 10, "branchcode", "Morgan Park");
    }
    inbox.put(&site);
    site.plan(AS_OF).unwrap();
    for (code, row) in [("Quokka77", 41), ("Park, Morgan", 42)] {
        inbox.set("old_issues", row, "branchcode", code).put(&site);
        let Err(Refusal::Leak(leaks)) = site.plan(AS_OF) else { panic!("{code} would be published") };
        let told = leaks.to_string();
        assert!(told.contains("`branch`: 1 value, in 1 row, holds a patron's identifier: "), "{told}");
        inbox.set("old_issues", row, "branchcode", "MAIN");
    }
    // A title is no code.
    inbox.set("items", 43, "title", "The quokkas of Rottnest").put(&site);
    assert!(matches!(site.plan(AS_OF), Err(Refusal::Leak(_))));
}

#[test]
fn a_birthday_and_a_post_code_are_found_in_other_words() {
    let site = site();
    let mut inbox = inbox(&site, 60);
    inbox.set("borrowers", 8, "zipcode", "06019-1234");
    let titles = ["3 Feb 1980", "3.2.1980", "Feb. 3rd, 1980", "06019", "06019-9876"];
    for (row, title) in titles.iter().enumerate() {
        inbox.set("items", 20 + row, "title", title);
    }
    inbox.put(&site);
    let Err(Refusal::Leak(leaks)) = site.plan(AS_OF) else { panic!("they would be published") };
    let told = leaks.to_string();
    let found = "`title`: 5 values, in 5 rows, are patrons' numbers, names, birth dates or post codes: ";
    assert!(told.contains(found) && titles.iter().all(|title| !told.contains(title)), "{told}");
}

/// Patron 7009 is Zoë Quilla Núñez.
#[test]
fn titles_near_to_a_patron_stop_no_night() {
    let site = site();
    let mut inbox = inbox(&site, 60);
    let titles = [
        "Zoe Rose Nunez : a biography",
        "Dinner at Eight, example of a play",
        "1809 : the target. Road to war",
        "Feb 3, 1981",
        "11/22/63",
        "The 541 best books of 1980 (at a glance) & 100 % more",
        "QA76.73 .L63 2019",
        "299990000070",
    ];
    for (row, title) in titles.iter().enumerate() {
        inbox.set("items", 20 + row, "title", title);
    }
    inbox.put(&site);
    site.plan(AS_OF).unwrap();
}
