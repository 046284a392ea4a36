//! What files are called, and what that says of their rows.

use crate::profile::TableProfile;
use crate::profile::words::{self, english_stem};

/// What files of transactions are called.
pub(super) const TRANSACTIONS: &[&str] = &[
    "loan",
    "circ",
    "issue",
    "checkout",
    "charge",
    "transaction",
    "hold",
    "reserve",
    "request",
    "session",
    "registration",
    "radacct",
    "illiad",
    "borrowing",
    "emprestimo",
    "prestamo",
];
/// What files are called that hold no transactions.
pub(super) const OTHERS: &[&str] = &[
    "patron",
    "user",
    "borrower",
    "usr",
    "address",
    "phone",
    "card",
    "barcode",
    "item",
    "copy",
    "copies",
    "bill",
    "fine",
    "fee",
    "account",
    "payment",
    "claim",
    "location",
    "branch",
    "org",
    "group",
    "type",
    "code",
    "nas",
    "catalog",
    "bib",
    "status",
    "callnumber",
    "collection",
    "servicepoint",
    "member",
    "grocery",
    "statgroup",
];

/// A file's name without its ending, the night and the folder, in plain letters.
pub(super) fn stem(table: &TableProfile) -> String {
    let name = table.file.split(['/', '\\']).next_back().unwrap_or_default();
    let name = name.trim_end_matches(".gz").trim_end_matches(".zst").trim_end_matches(".zip");
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    let plain =
        |name: &str| -> String { name.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect() };
    let own = plain(name);
    // What an English name says isn't read in another language: `fine` would end something in Italian.
    let says = |words: &[&str]| words.iter().any(|word| own.contains(word));
    if says(TRANSACTIONS) || says(OTHERS) || says(words::BILLS) {
        return own;
    }
    english_stem(name).as_deref().map_or(own, plain)
}

pub(super) fn is_called(table: &TableProfile, words: &[&str]) -> bool {
    let stem = stem(table);
    words.iter().any(|word| stem.contains(word))
}
