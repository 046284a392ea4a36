//! A patron's number is taken for a transaction's by nobody: worklists consist of transactions' numbers.

use super::{Proposed, csv};

/// An odd number, as sixteen hexadecimal digits.
fn card(at: usize) -> String {
    format!("{:016x}", (at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

fn date(at: usize, month: usize) -> String {
    format!("2025-{:02}-{:02}", at % 9 + month, at % 27 + 1)
}

/// Loans of whom each is another's; the number of each is the item's, and items are lent again. `who`: what the patron's
/// column is called.
fn loans(who: &str) -> String {
    csv(&format!("id,{who},library_id,date_checkout,date_returned"), 120, |at| {
        format!("bk{:03}x,{},lib-{:02},{},{}", at * 7 % 50, card(at), at % 6, date(at, 1), date(at, 2))
    })
}

fn readers() -> (&'static str, String) {
    let row = |at| {
        format!("{},Vrulo Zyx{at:03},{} Kwor St,{:05},19{:02}-03-04", card(at), at + 1, 101 + at % 9, 40 + at % 50)
    };
    ("customers.csv", csv("id,name,street_address,zipcode,birth_date", 120, row))
}

fn libraries() -> (&'static str, String) {
    let row = |at| format!("lib-{at:02},Kwor County Library East,{} Library Rd,Kwor,{:05}", 100 + at, 101 + at);
    ("libraries.csv", csv("id,name,street_address,city,postal_code", 6, row))
}

#[test]
fn init_takes_no_patron_for_a_transaction_and_no_library_for_a_patron() {
    // By its name, and by the file of patrons that it joins.
    for who in ["patron_id", "who"] {
        let proposed = Proposed::of(&[("checkouts.csv", loans(who)), readers(), libraries()]);
        let id = &proposed.toml()["columns"]["transaction"];
        assert!(id.get("column").is_none() && id["columns"].as_array().unwrap().len() > 1, "{who}: {}", proposed.text);
        assert!(proposed.printed.contains("nothing is severed"), "{who}: {}", proposed.printed);
    }
    // With a number of their own behind it.
    let numbered = |who: &str| {
        let loans = loans(who);
        let lines = loans.lines().enumerate();
        lines
            .map(|(at, line)| format!("{line},{}\n", if at == 0 { "visit".into() } else { format!("V{at:05}") }))
            .collect()
    };
    for who in ["patron_id", "who"] {
        let proposed = Proposed::of(&[("checkouts.csv", numbered(who)), readers(), libraries()]);
        let columns = &proposed.toml()["columns"];
        assert_eq!(columns["transaction"]["column"].as_str(), Some("visit"), "{who}: {}", proposed.text);
        assert_eq!(columns["patron"].as_str(), Some(who), "{}", proposed.text);
    }
}

/// A proposal that holds, and what becomes of it with another transaction and another patron.
fn with(transaction: &str, patron: &str) -> Proposed {
    let loans = loans("patron_id");
    let lines = loans.lines().enumerate();
    let loans =
        lines.map(|(at, line)| format!("{line},{}\n", if at == 0 { "visit".into() } else { format!("V{at:05}") }));
    let proposed = Proposed::of(&[("checkouts.csv", loans.collect()), readers(), libraries()]);
    proposed.site.edit("pipelines/loans.toml", |text| {
        let without_tests = text.split("[[test]]").next().unwrap();
        without_tests
            .replace("transaction = { column = \"visit\"", &format!("transaction = {{ column = \"{transaction}\""))
            .replace("\npatron = \"patron_id\"", &format!("\npatron = \"{patron}\""))
            .replace("    \"id\",", "    \"visit\",")
    });
    proposed
}

#[test]
fn a_pipeline_that_takes_a_patrons_number_is_refused_at_its_line() {
    for (patron, why) in [("library_id", "called like a patron's number"), ("patron_id", "is `patron`, too")] {
        let proposed = with("patron_id", patron);
        for command in ["check", "plan"] {
            let (code, said) = proposed.says(command);
            assert!(code == 2 && said.contains(why) && said.contains("loans.toml:"), "{command}: {code} {said}");
        }
    }
}

#[test]
fn numbers_that_repeat_stop_the_pipeline() {
    let proposed = with("id", "patron_id");
    for command in ["check", "plan"] {
        let (code, said) = proposed.says(command);
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            code == 2 && said.contains("`id`: 120 of 120 rows have a number there that another"),
            "{command}: {code} {said}"
        );
        assert!(!said.contains("bk0"), "{said}");
    }
}
