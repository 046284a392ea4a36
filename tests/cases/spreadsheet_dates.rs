//! Dates as a spreadsheet writes them in the United States: month first, not padded, no seconds.

use super::{Proposed, csv};

#[test]
fn they_are_recognised_and_read() {
    let loans = csv("loan_id,item_id,patron_id,checkout_date,return_date", 80, |at| {
        let (month, day, hour) = (at % 9 + 1, at % 19 + 1, at % 24);
        let end = day + 9;
        format!(
            "{},{},{},{month}/{day}/2025 {hour}:{:02},{month}/{end}/2025 {hour}:{:02}",
            at + 1,
            at * 911,
            at % 30,
            at % 60,
            at % 60
        )
    });
    let proposed = Proposed::of(&[("export.csv", loans)]);
    let toml = proposed.toml();
    assert_eq!(toml["read"]["datetime"].as_str(), Some("%m/%d/%Y %H:%M"), "{}", proposed.text);
    assert_eq!(toml["columns"]["opened"].as_str(), Some("checkout_date"));
    assert_eq!(toml["columns"]["closed"].as_str(), Some("return_date"));
    // That there are no bills is said by a person; then all that came back is due.
    proposed.site.edit("pipelines/loans.toml", |text| {
        text.replace("# [[state]]", "[[state]]").replace("# is =", "is =").replace("# when =", "when =")
    });
    let output = proposed.site.cli(&["plan", "--json", "--as-of", crate::support::AS_OF]);
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let totals = &plan["pipelines"][0]["totals"];
    assert_eq!(totals["read"], 80, "{}", crate::support::inbox::both(&output));
    assert_eq!(totals["rejected"], 0, "{plan}");
    assert!(totals["kept_by_need"].get("undetermined").is_none(), "{plan}");
}
