//! The made-up library: what happens day by day, as Evergreen writes it.

use std::collections::BTreeMap;

use super::model::{Bill, Loan, Stop};
use super::satellites::Letter;
use super::tables::Tables;
use crate::live::clock::{BEGIN, Clock, DAY};
use crate::live::harness::Live;
use crate::live::made_up::{ITEMS, PATRONS, TRANSACTIONS};
use crate::live::random::Random;
use crate::servers::server::Server;

pub const STAFF: u64 = 901;
/// She works at the desk, and borrows.
pub const LIBRARIAN: u64 = PATRONS + 7;
/// She reads more than others, and the law wants her loans kept for ten nights.
const READER: u64 = PATRONS + 5;
pub const PEOPLE: u64 = 3_000;
pub const COPIES: u64 = 12_000;

pub struct Library {
    pub random: Random,
    a_day: u64,
    pub loans: Vec<Loan>,
    pub letters: Vec<Letter>,
    pub payments: u64,
    /// The loans that closing in an emergency changed.
    pub closings: Vec<usize>,
    /// By item; what is lost is out.
    pub out: BTreeMap<u64, usize>,
    pub held: Option<u64>,
    pub tables: Tables,
}

impl Library {
    pub fn new(a_day: u64) -> Library {
        Library {
            random: Random(0x9E37_79B9_7F4A_7C15),
            a_day,
            loans: Vec::new(),
            letters: Vec::new(),
            payments: 0,
            closings: Vec::new(),
            out: BTreeMap::new(),
            held: None,
            tables: Tables::default(),
        }
    }

    pub fn flush(&mut self, server: &Server) {
        self.tables.flush(&mut self.loans, server);
    }

    /// A day: what comes back, what is renewed, lost, claimed, lent and paid, and which letters are sent.
    pub fn day(&mut self, day: i64) {
        let open = BEGIN + day * DAY + 10 * 3_600;
        let mut clock = open;
        // After holidays staff date returns back.
        let holidays = day.rem_euclid(45) == 7;
        let out: Vec<usize> = self.out.values().copied().collect();
        for place in out {
            clock += 1 + self.random.below(12) as i64;
            self.may_change(place, clock, holidays);
        }
        for _ in 0..self.a_day {
            clock += 1 + self.random.below(60) as i64;
            self.may_lend(clock);
        }
        self.pay(open + 9 * 3_600);
        self.send_letters(open + 10 * 3_600);
        if holidays {
            self.close(open + 11 * 3_600);
        }
    }

    fn may_change(&mut self, place: usize, now: Clock, holidays: bool) {
        let once_in = |random: &mut Random, many| random.once_in(many);
        let random = &mut self.random;
        let loan = &self.loans[place];
        match loan.stop {
            Stop::Lost | Stop::LongOverdue if loan.bill == Some(Bill::Owing) && once_in(random, 60) => {
                self.comes_back(place, now, now);
            }
            Stop::ClaimsReturned if once_in(random, 20) => self.comes_back(place, now, now),
            Stop::Lost | Stop::LongOverdue | Stop::ClaimsReturned => {}
            _ if once_in(random, 16) => {
                let back = if holidays && once_in(random, 2) { 1 + random.below(11) as i64 } else { 0 };
                let dated = (now - back * DAY).max(loan.lent + 60);
                self.comes_back(place, dated, now);
            }
            _ if once_in(random, 40) => self.renew(place, now),
            _ if once_in(random, 500) => {
                self.stop(place, if place.is_multiple_of(3) { Stop::LongOverdue } else { Stop::Lost });
                self.charge(place, "Lost Materials", 25, now);
            }
            _ if once_in(random, 900) => self.stop(place, Stop::ClaimsReturned),
            _ if once_in(random, 300) => self.stop(place, Stop::MostFines),
            _ if once_in(random, 2_000) => self.was_never_lent(place, now),
            _ => {}
        }
    }

    fn stop(&mut self, place: usize, stop: Stop) {
        (self.loans[place].stop, self.loans[place].changed) = (stop, true);
    }

    fn may_lend(&mut self, now: Clock) {
        let item = ITEMS + self.random.below(COPIES);
        if self.out.contains_key(&item) {
            return;
        }
        let patron = match self.random.below(60) {
            0 => LIBRARIAN,
            1 => READER,
            _ => PATRONS + self.random.below(PEOPLE),
        };
        let by = self.at_the_desk();
        self.lend(patron, item, by, now, None);
    }

    fn at_the_desk(&mut self) -> u64 {
        if self.random.once_in(20) { LIBRARIAN } else { STAFF }
    }

    fn lend(&mut self, patron: u64, item: u64, by: u64, now: Clock, renews: Option<usize>) {
        let place = self.loans.len();
        self.loans.push(Loan {
            id: TRANSACTIONS + place as u64,
            patron,
            item,
            renews,
            first: renews.map_or(place, |older| self.loans[older].first),
            lent: now,
            lent_by: by,
            returned: None,
            came_in: None,
            taken_by: None,
            stop: Stop::No,
            bill: None,
            owed: 0,
            stays_open: place.is_multiple_of(2),
            severed: false,
            rows: BTreeMap::new(),
            stored: false,
            changed: false,
        });
        self.out.insert(item, place);
        self.remember(place);
    }

    /// A renewal is a loan of its own, that takes the older one in. Online it is the patron who does both.
    fn renew(&mut self, place: usize, now: Clock) {
        let Loan { patron, item, .. } = self.loans[place];
        let by = if self.random.once_in(3) { self.at_the_desk() } else { patron };
        let older = &mut self.loans[place];
        (older.returned, older.came_in, older.taken_by) = (Some(now), Some(now), Some(by));
        (older.stop, older.changed) = (Stop::Renewed, true);
        if self.random.once_in(15) {
            self.charge(place, "Overdue materials", 2, now);
        }
        self.lend(patron, item, by, now, Some(place));
    }

    fn comes_back(&mut self, place: usize, dated: Clock, now: Clock) {
        let by = self.at_the_desk();
        let loan = &mut self.loans[place];
        if loan.stop == Stop::No {
            loan.stop = Stop::CheckedIn;
        }
        (loan.returned, loan.came_in, loan.taken_by, loan.changed) = (Some(dated), Some(now), Some(by), true);
        self.out.remove(&loan.item);
        // What was lost is found.
        if loan.bill == Some(Bill::Owing) {
            self.void(place, now);
        } else if self.random.once_in(12) {
            self.charge(place, "Overdue materials", 2, now);
            if self.random.once_in(8) {
                self.void(place, now);
            }
        }
    }

    /// So she says: Evergreen takes it in at once, as of when it was lent.
    fn was_never_lent(&mut self, place: usize, now: Clock) {
        let loan = &mut self.loans[place];
        (loan.returned, loan.came_in, loan.taken_by) = (Some(loan.lent), Some(now), Some(STAFF));
        (loan.stop, loan.changed) = (Stop::NeverHad, true);
        self.out.remove(&loan.item);
    }

    fn pay(&mut self, now: Clock) {
        for place in 0..self.loans.len() {
            if self.loans[place].bill == Some(Bill::Owing) && self.random.once_in(9) {
                self.take_payment(place, now);
            }
        }
    }

    /// Places a legal hold, or releases it.
    pub fn hold(&mut self, live: &Live, place: bool) {
        self.held = place.then_some(READER);
        live.hold(self.held);
    }

    /// Between a night and its purge: of what was due she says that she never had it, or something is owed again. Returns how
    /// many loans that keeps.
    pub fn meanwhile(&mut self, day: i64, server: &Server) -> u64 {
        let before = self.needed(day);
        let is_due = |loan: &Loan| !loan.severed && !before[loan.first];
        let due: Vec<usize> = (0..self.loans.len()).filter(|at| is_due(&self.loans[*at])).collect();
        let first = |which: &dyn Fn(&Loan) -> bool| due.iter().copied().find(|at| which(&self.loans[*at]));
        let renewed = first(&|loan| loan.stop == Stop::Renewed);
        let renewal = due.iter().copied().rfind(|at| self.loans[*at].renews.is_some());
        let lost = first(&|loan| loan.is_lost());
        for place in [renewed, lost, due.first().copied()].into_iter().flatten() {
            self.charge(place, "Damaged item", 5, BEGIN + day * DAY + 8_000);
        }
        for place in [renewal, due.last().copied()].into_iter().flatten() {
            if self.loans[place].returned.is_some() && self.loans[place].bill != Some(Bill::Owing) {
                self.stop(place, Stop::NeverHad);
            }
        }
        self.flush(server);
        let after = self.needed(day);
        let (spared, still): (Vec<usize>, Vec<usize>) = due.into_iter().partition(|at| after[self.loans[*at].first]);
        self.age(&still, server);
        spared.len() as u64
    }

    /// Evergreen's own purge comes first: it takes the loan, and not what hangs on it. Where the patron lent, took in or
    /// paid herself nobody can tell so afterwards, nor which loan a letter about a closing was about: no such loans.
    fn age(&self, due: &[usize], server: &Server) {
        let loans = due.iter().filter(|place| !self.closings.contains(place)).map(|place| &self.loans[*place]);
        let simple = |loan: &&Loan| {
            let herself = loan.lent_by == loan.patron
                || loan.taken_by == Some(loan.patron)
                || loan.rows.contains_key("money.credit_card_payment");
            loan.renews.is_none() && loan.stop == Stop::CheckedIn && !herself && loan.rows.len() > 1
        };
        for loan in loans.filter(simple).take(3) {
            server.must(&format!("DELETE FROM action.circulation WHERE id = {};", loan.id));
        }
    }

    /// By the first of each chain: whether anybody still needs to know who had it.
    fn needed(&self, day: i64) -> Vec<bool> {
        let mut needed = vec![false; self.loans.len()];
        for loan in &self.loans {
            needed[loan.first] |= loan.is_needed(BEGIN / DAY + day) || self.held == Some(loan.patron);
        }
        needed
    }

    /// Takes in that everything due was severed.
    pub fn decide(&mut self, day: i64) {
        let needed = self.needed(day);
        self.loans.iter_mut().for_each(|loan| loan.severed |= !needed[loan.first]);
    }
}
