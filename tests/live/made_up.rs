//! Numbers from ranges of their own: a cell says of itself what it is.

pub const PATRONS: u64 = 1_000_000;
pub const ITEMS: u64 = 5_000_000;
pub const TRANSACTIONS: u64 = 20_000_000;
/// What else has numbers of its own, so that a row that names no transaction can be told from others.
pub const HISTORIES: u64 = 60_000_000;
pub const LETTERS: u64 = 70_000_000;
pub const PAYMENTS: u64 = 80_000_000;
pub const CLOSINGS: u64 = 90_000_000;

pub fn is_patron(number: u64) -> bool {
    (PATRONS..2_000_000).contains(&number)
}

pub fn is_item(number: u64) -> bool {
    (ITEMS..6_000_000).contains(&number)
}

pub fn is_transaction(number: u64) -> bool {
    (TRANSACTIONS..40_000_000).contains(&number)
}
