//! What is found in a database, held against what a model says.

use std::collections::{BTreeMap, BTreeSet};

/// How many rows of which table lead from which transaction, or whatever else a row is about, to a patron.
pub type Leads = BTreeMap<(String, u64), u64>;

#[track_caller]
pub fn assert_leads(night: i64, when: &str, found: &Leads, expected: &Leads, tell: &dyn Fn(u64) -> String) {
    let mut wrong: Vec<String> = Vec::new();
    let keys: BTreeSet<_> = found.keys().chain(expected.keys()).collect();
    for key in keys {
        let (is, should) = (found.get(key).copied().unwrap_or(0), expected.get(key).copied().unwrap_or(0));
        if is != should {
            let (table, of) = key;
            wrong.push(format!("{table} of {of}: {is} rows lead to a patron, should be {should}: {}", tell(*of)));
        }
    }
    let many = wrong.len();
    wrong.truncate(20);
    assert!(wrong.is_empty(), "night {night}, {when}: {many} differ:\n{}", wrong.join("\n"));
}
