//! A search of the whole database for rows that lead to patrons, that knows no table and no pipeline: only that patrons, items and
//! transactions have numbers from ranges of their own.

use std::collections::BTreeSet;

use super::made_up::{is_item, is_patron, is_transaction};
use crate::servers::server::Server;

/// A row that leads from an item or a transaction to a patron.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Lead {
    pub table: String,
    pub patron: u64,
    /// The transaction, where the row says it: of several the newest, since a renewal names what it renews.
    pub transaction: Option<u64>,
    pub item: Option<u64>,
    /// All cells, for messages and for times.
    pub cells: Vec<Option<String>>,
}

/// Every row of every table that has a patron's number, and an item's or a transaction's.
pub fn leads(server: &Server, but: &[&str]) -> Vec<Lead> {
    let mut found = Vec::new();
    for (name, table) in server.dump() {
        if but.contains(&name.as_str()) {
            continue;
        }
        for row in table.rows {
            // Numbers that stand within texts, too: a log's or a letter's.
            let numbers: BTreeSet<u64> = row.iter().flatten().flat_map(|cell| numbers(cell)).collect();
            let (transaction, item) =
                (numbers.iter().copied().rfind(|n| is_transaction(*n)), numbers.iter().copied().find(|n| is_item(*n)));
            if transaction.is_none() && item.is_none() {
                continue;
            }
            for patron in numbers.iter().copied().filter(|number| is_patron(*number)) {
                found.push(Lead { table: name.clone(), patron, transaction, item, cells: row.clone() });
            }
        }
    }
    found
}

fn numbers(text: &str) -> impl Iterator<Item = u64> + '_ {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() >= 6)
        .filter_map(|digits| digits.parse().ok())
}
