//! What the library needs, by rules of its own: nothing here is afterloan's.

use std::collections::BTreeMap;

use crate::live::clock::{Clock, DAY};

const GRACE: i64 = 30;
/// Since a bill was paid.
const SETTLED: i64 = 30;
/// For so long is paid back what was lost, if it is found.
const REFUND: i64 = 180;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bill {
    Owing,
    /// Since when.
    Paid(Clock),
    Voided(Clock),
}

/// Evergreen's stop_fines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    No,
    CheckedIn,
    Renewed,
    MostFines,
    Lost,
    LongOverdue,
    ClaimsReturned,
    NeverHad,
}

/// A loan, or a renewal of one.
#[derive(Clone, Debug)]
pub struct Loan {
    pub id: u64,
    pub patron: u64,
    pub item: u64,
    /// The place of the loan that it renews, and of the first of its chain: a chain stands or falls together.
    pub renews: Option<usize>,
    pub first: usize,
    pub lent: Clock,
    pub lent_by: u64,
    /// As Evergreen dates it: staff may date a return back.
    pub returned: Option<Clock>,
    /// When it truly came in.
    pub came_in: Option<Clock>,
    pub taken_by: Option<u64>,
    pub stop: Stop,
    pub bill: Option<Bill>,
    pub owed: u32,
    /// The library lets what was lost stay open when it is paid for.
    pub stays_open: bool,
    pub severed: bool,
    /// How many rows of which other tables lead from it to its patron.
    pub rows: BTreeMap<&'static str, u64>,
    /// Written to the database, and as it is there.
    pub stored: bool,
    pub changed: bool,
}

impl Loan {
    pub fn is_lost(&self) -> bool {
        self.returned.is_none() && matches!(self.stop, Stop::Lost | Stop::LongOverdue)
    }

    /// Nothing is owed any more: Evergreen's xact_finish.
    pub fn finished(&self) -> Option<Clock> {
        match self.bill {
            Some(Bill::Owing) => None,
            Some(Bill::Paid(_)) if self.is_lost() && self.stays_open => None,
            Some(Bill::Paid(since) | Bill::Voided(since)) => Some(since),
            None => self.came_in,
        }
    }

    /// Whether this loan itself is a reason to know who, on a day (counted from 1970).
    pub fn is_needed(&self, day: i64) -> bool {
        let within = |since: Clock, days: i64| day < since.div_euclid(DAY) + days;
        match (self.stop, self.returned.max(self.came_in), self.bill) {
            (Stop::NeverHad, ..) | (_, _, Some(Bill::Owing)) => true,
            (_, Some(back), Some(Bill::Paid(since))) => within(back, GRACE) || within(since, SETTLED),
            (_, Some(back), _) => within(back, GRACE),
            (_, None, Some(Bill::Paid(since))) => within(since, REFUND),
            (_, None, _) => true,
        }
    }
}
