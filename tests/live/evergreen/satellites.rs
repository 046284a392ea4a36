//! What loans leave around them: bills and payments, letters, events, categories, the patron's own history. And all rows that
//! must lead from a loan to its patron.

use std::collections::BTreeMap;

use super::library::{LIBRARIAN, Library, STAFF};
use super::model::{Bill, Loan};
use super::tables::due;
use crate::live::clock::{Clock, cell};
use crate::live::compare::Leads;
use crate::live::made_up::{CLOSINGS, HISTORIES, LETTERS, PAYMENTS, TRANSACTIONS};

/// It may be about several loans.
pub struct Letter(Vec<usize>);

const EVENTS: &str = "action_trigger.event";

impl Loan {
    fn leads(&mut self, table: &'static str) {
        *self.rows.entry(table).or_default() += 1;
    }

    /// What free text says of it, in tables that have no column for a loan, or none for a patron.
    fn told(&self) -> String {
        format!("L{} of {}", self.id, self.patron)
    }

    /// The librarian stands in another's loan: that is her work, and stays.
    fn by_librarian(&self) -> u64 {
        let at_work = self.lent_by == LIBRARIAN || self.taken_by == Some(LIBRARIAN);
        u64::from(at_work && self.patron != LIBRARIAN)
    }

    fn keeps_history(&self) -> bool {
        self.patron.is_multiple_of(10) && self.renews.is_none()
    }
}

impl Library {
    /// At checkout: the patron's school, and her history, where she wants one.
    pub fn remember(&mut self, place: usize) {
        let loan = &mut self.loans[place];
        if loan.keeps_history() {
            let (id, due) = (HISTORIES + place as u64, cell(due(loan)));
            let Loan { id: source, patron, item, lent, .. } = *loan;
            let row = [id.to_string(), patron.to_string(), cell(lent), item.to_string(), due, source.to_string()];
            self.tables.add("action.usr_circ_history", row);
        }
        if self.random.once_in(3) {
            let table = "action.archive_actor_stat_cat";
            self.tables.add(table, [loan.id.to_string(), "1".into(), loan.told()]);
            loan.leads(table);
        }
    }

    pub fn charge(&mut self, place: usize, what: &str, amount: u32, now: Clock) {
        let loan = &mut self.loans[place];
        (loan.bill, loan.changed) = (Some(Bill::Owing), true);
        loan.owed += amount;
        let note = if self.random.once_in(2) { loan.told() } else { "\\N".into() };
        if note != "\\N" {
            loan.leads("money.billing");
        }
        self.tables.add("money.billing", [loan.id.to_string(), cell(now), amount.to_string(), what.into(), note]);
    }

    pub fn void(&mut self, place: usize, now: Clock) {
        let loan = &mut self.loans[place];
        (loan.bill, loan.owed, loan.changed) = (Some(Bill::Voided(now)), 0, true);
        self.tables.sql += &format!("UPDATE money.billing SET voided = TRUE WHERE xact = {};\n", loan.id);
    }

    pub fn take_payment(&mut self, place: usize, now: Clock) {
        let loan = &mut self.loans[place];
        (loan.bill, loan.changed) = (Some(Bill::Paid(now)), true);
        let id = PAYMENTS + self.payments;
        self.payments += 1;
        let amount = loan.owed.to_string();
        loan.owed = 0;
        let row = |note: String| {
            let xact = loan.id.to_string();
            [id.to_string(), xact, cell(now), amount.clone(), note, amount.clone(), STAFF.to_string()]
        };
        match self.random.below(4) {
            0 => {
                let [id, xact, at, amount, _, collected, _] = row(String::new());
                let (patron, last) = (loan.patron.to_string(), loan.told());
                self.tables.add("money.credit_card_payment", [id, xact, at, amount, collected, patron, last]);
                loan.leads("money.credit_card_payment");
                self.send(&[place], 2, Some(id_of_payment(self.payments)), now);
            }
            1 => {
                let [id, xact, at, amount, _, collected, staff] = row(String::new());
                let number = loan.told();
                self.tables.add("money.check_payment", [id, xact, at, amount, collected, staff, number]);
                loan.leads("money.check_payment");
            }
            2 => {
                self.tables.add("money.cash_payment", row(loan.told()));
                loan.leads("money.cash_payment");
            }
            _ => self.tables.add("money.cash_payment", row("\\N".into())),
        }
    }

    /// That things are due soon: one letter to each patron whose turn it is.
    pub fn send_letters(&mut self, now: Clock) {
        let mut by_patron: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for place in self.out.values().filter(|place| !self.loans[**place].is_lost()) {
            by_patron.entry(self.loans[*place].patron).or_default().push(*place);
        }
        for places in by_patron.into_values() {
            if self.random.once_in(30) {
                self.send(&places[..places.len().min(4)], 1, None, now);
            }
        }
    }

    /// An emergency: some due dates are put off.
    pub fn close(&mut self, now: Clock) {
        let out: Vec<usize> = self.out.values().copied().collect();
        for place in out {
            if !self.loans[place].is_lost() && self.random.once_in(30) {
                let id = CLOSINGS + self.closings.len() as u64;
                self.closings.push(place);
                let loan = self.loans[place].id.to_string();
                self.tables.add("action.emergency_closing_circulation", [id.to_string(), "1".into(), loan]);
                self.send(&[place], 3, Some(id), now);
            }
        }
    }

    /// One letter, and an event for each loan: about the loan itself, or about what hangs on it.
    fn send(&mut self, places: &[usize], definition: u64, target: Option<u64>, now: Clock) {
        let letter = LETTERS + self.letters.len() as u64;
        self.letters.push(Letter(places.to_vec()));
        let told: Vec<String> = places.iter().map(|place| self.loans[*place].told()).collect();
        self.tables.add("action_trigger.event_output", [letter.to_string(), format!("Dear Ms: {}", told.join(", "))]);
        for (place, told) in places.iter().zip(told) {
            let loan = &mut self.loans[*place];
            // Evergreen's data about an event: always where its target is no loan, for then nothing else says which one.
            let said = if target.is_some() || loan.id.is_multiple_of(3) { told } else { "\\N".into() };
            let cells = [target.unwrap_or(loan.id), definition].map(|number| number.to_string());
            let [target, definition] = cells;
            let about = [letter, loan.patron, loan.item].map(|number| number.to_string());
            let [letter, patron, item] = about;
            self.tables.add(EVENTS, [target, definition, cell(now), letter, patron, item, said]);
            loan.leads(EVENTS);
        }
    }

    /// How many rows of which table must lead from which loan to a patron; or from which letter, or line of her history.
    pub fn leads(&self) -> Leads {
        let mut all = Leads::new();
        let mut add = |table: &str, of: u64, rows: u64| {
            if rows > 0 {
                all.insert((table.to_string(), of), rows);
            }
        };
        for (place, loan) in self.loans.iter().enumerate() {
            // She asked for it: it is the last that still says.
            add("action.usr_circ_history", HISTORIES + place as u64, loan.keeps_history().into());
            if loan.severed {
                add("action.aged_circulation", loan.id, loan.by_librarian());
            } else {
                add("action.circulation", loan.id, 1 + loan.by_librarian());
                add("money.materialized_billable_xact_summary", loan.id, 1);
                loan.rows.iter().for_each(|(table, rows)| add(table, loan.id, *rows));
            }
        }
        for (number, letter) in self.letters.iter().enumerate() {
            let stays = letter.0.iter().any(|place| !self.loans[*place].severed);
            add("action_trigger.event_output", LETTERS + number as u64, stays.into());
        }
        all
    }

    /// What a number is about.
    pub fn tell(&self, number: u64) -> String {
        let loan = |number: u64| {
            let found = self.loans.get(number as usize);
            found.map_or("no loan".into(), |loan| format!("{loan:?}"))
        };
        match number {
            LETTERS..PAYMENTS => {
                let letter = self.letters.get((number - LETTERS) as usize);
                let about = letter.iter().flat_map(|letter| &letter.0).map(|place| loan(*place as u64));
                about.collect::<Vec<_>>().join("\n    ")
            }
            HISTORIES..LETTERS => loan(number - HISTORIES),
            _ => loan(number.wrapping_sub(TRANSACTIONS)),
        }
    }
}

fn id_of_payment(payments: u64) -> u64 {
    PAYMENTS + payments - 1
}
