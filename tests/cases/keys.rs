//! The type of each key that `init --from` joins by, from what stands in its cells.

use super::{Proposed, csv};

#[test]
fn keys_are_proposed_with_the_type_that_their_cells_have() {
    let uuid = |at: usize| format!("a10000{at:02}-5b2e-4c7a-9d10-8e3f6a2b4c01");
    let code = |at: usize| format!("{:05}", at + 7);
    let number = |at: usize| (4_000 + at).to_string();
    let padded = |at: usize| if at == 3 { "04003".into() } else { (4_000 + at).to_string() };
    type Form<'f> = &'f dyn Fn(usize) -> String;
    let cases: [(Form<'_>, &str); 4] = [(&number, "integer"), (&uuid, "uuid"), (&code, "text"), (&padded, "text")];
    for (form, expected) in cases {
        let loans = csv("loan_id,item_id,patron_id,loan_date,return_date", 40, |at| {
            let (day, month) = (at % 27 + 1, at % 9 + 1);
            format!("{},{at},{},2025-0{month}-{day:02},2025-0{month}-28", at + 1, form(at % 12))
        });
        let readers = csv("patron_id,surname,email", 12, |at| format!("{},Zyx{at},r{at}@example.org", form(at)));
        let proposed = Proposed::of(&[("loans.csv", loans), ("patrons.csv", readers)]);
        let lookup = &proposed.toml()["lookup"][0];
        assert_eq!(lookup["key"].as_str(), Some(expected), "{}", proposed.text);
    }
}
