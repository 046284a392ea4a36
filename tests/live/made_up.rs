//! Numbers from ranges of their own: a cell says of itself what it is.

pub const PATRONS: u64 = 1_000_000;
pub const ITEMS: u64 = 5_000_000;
pub const TRANSACTIONS: u64 = 20_000_000;

pub fn is_patron(number: u64) -> bool {
    (PATRONS..2_000_000).contains(&number)
}

pub fn is_item(number: u64) -> bool {
    (ITEMS..6_000_000).contains(&number)
}

pub fn is_transaction(number: u64) -> bool {
    (TRANSACTIONS..40_000_000).contains(&number)
}
