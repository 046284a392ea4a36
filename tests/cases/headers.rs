//! Names of columns that don't look like such at once: below them stand words, and numbers with a letter before them.

use super::{Proposed, csv};

#[test]
fn a_header_over_lettered_numbers_is_read_as_one() {
    let loans = csv("loan_id,item_id,patron_id,loan_date,return_date", 40, |at| {
        let (day, month) = (at % 27 + 1, at % 9 + 1);
        format!("{},{at},R{:06},2025-0{month}-{day:02},2025-0{month}-28", at + 1, 20 + at % 9)
    });
    let readers = csv("patron_id,patron_group,risk_profile", 9, |at| format!("R{:06},Staff,high", 20 + at));
    let proposed = Proposed::of(&[("loans.csv", loans), ("patrons.csv", readers)]);
    let toml = proposed.toml();
    let lookup = &toml["lookup"][0];
    assert!(lookup.get("header").is_none(), "{}", proposed.text);
    assert_eq!(lookup["on"]["patron_id"].as_str(), Some("patron_id"));
    let (code, said) = proposed.says("check");
    assert!(code < 2, "{said}");
    let (code, said) = proposed.says("plan");
    assert!(code < 2, "{said}");
}
