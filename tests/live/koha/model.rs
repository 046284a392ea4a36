//! What the library needs, by rules of its own: nothing here is afterloan's.

use crate::live::clock::{Clock, DAY};

const GRACE: i64 = 30;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bill {
    Owing,
    /// Since when.
    Paid(Clock),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Claim {
    Open,
    Resolved,
}

/// Whether the loan's own row still names its patron.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Named {
    Yes,
    /// Koha took the name away itself.
    NoMore,
    /// afterloan severed all.
    Severed,
}

#[derive(Clone, Debug)]
pub struct Loan {
    pub id: u64,
    pub patron: u64,
    pub item: u64,
    pub issued: Clock,
    pub renewed: Vec<Clock>,
    /// As Koha dates it: a book drop's return is dated back.
    pub returned: Option<Clock>,
    /// When it truly was.
    pub closed: Option<Clock>,
    pub by_herself: bool,
    pub bill: Option<Bill>,
    pub claim: Option<Claim>,
    pub named: Named,
    /// What a deleted patron or a weeded item took with it.
    pub issuer_gone: bool,
    pub renewers_gone: bool,
    pub claim_gone: bool,
    /// Written to the database.
    pub stored: bool,
    pub moved: bool,
}

impl Loan {
    /// Whether anybody still needs to know who, on a day (counted from 1970). `history`: she wants it kept; `held`: by law.
    pub fn is_needed(&self, day: i64, history: bool, held: bool) -> bool {
        let Some(returned) = self.returned else { return true };
        let within = |since: Clock, days: i64| day < since.div_euclid(DAY) + days;
        let bill = match self.bill {
            None => false,
            Some(Bill::Owing) => true,
            Some(Bill::Paid(since)) => within(since, GRACE),
        };
        history || held || bill || within(returned, GRACE) || self.claim == Some(Claim::Open)
    }
}
