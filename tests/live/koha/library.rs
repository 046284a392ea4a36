//! The made-up library: what happens day by day, as Koha writes it, and what must be left of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::model::{Bill, Claim, Loan, Named};
use crate::live::clock::{BEGIN, Clock, DAY, written};
use crate::live::compare::Leads;
use crate::live::harness::Live;
use crate::live::made_up::{ITEMS, PATRONS, TRANSACTIONS};
use crate::live::random::Random;
use crate::servers::server::Server;

const STAFF: u64 = 7;

pub struct Library {
    random: Random,
    a_day: u64,
    loans: Vec<Loan>,
    patrons: Vec<Patron>,
    /// Items that are there; weeded ones aren't.
    items: Vec<u64>,
    out: BTreeMap<u64, usize>,
    last: BTreeMap<u64, usize>,
    held: Option<u64>,
    next_item: u64,
    sql: String,
    statistics: Vec<String>,
    logs: Vec<String>,
    /// Loans that a claim was made about between a night and its purge.
    claimed: BTreeSet<usize>,
}

struct Patron {
    number: u64,
    privacy: u8,
    there: bool,
}

impl Library {
    pub fn new(a_day: u64) -> Library {
        let privacy = |number: u64| match number % 10 {
            0 => 0,
            1 | 2 => 2,
            _ => 1,
        };
        let patrons = (0..3_000).map(|n| Patron { number: PATRONS + n, privacy: privacy(n), there: true });
        Library {
            random: Random(0x9E37_79B9_7F4A_7C15),
            a_day,
            loans: Vec::new(),
            patrons: patrons.collect(),
            items: (0..18_000).map(|n| ITEMS + n).collect(),
            out: BTreeMap::new(),
            last: BTreeMap::new(),
            held: None,
            next_item: ITEMS + 18_000,
            sql: String::new(),
            statistics: Vec::new(),
            logs: Vec::new(),
            claimed: BTreeSet::new(),
        }
    }

    pub fn setup(&self) -> String {
        let mut sql = String::from(
            "SET time_zone = 'America/New_York';\nINSERT INTO categories VALUES ('AD', 'A'), ('STAFF', 'S');\n\
             INSERT INTO systempreferences (variable, value) VALUES ('AnonymousPatron', '');\n",
        );
        let _ = writeln!(
            sql,
            "INSERT INTO borrowers (borrowernumber, cardnumber, userid, surname, branchcode, categorycode, privacy) VALUES \
             ({STAFF}, 'S7', 'staff7', 'Staff', 'MAIN', 'STAFF', 1);"
        );
        for patron in &self.patrons {
            let n = patron.number;
            let _ = writeln!(
                sql,
                "INSERT INTO borrowers (borrowernumber, cardnumber, userid, surname, branchcode, categorycode, privacy) VALUES \
                 ({n}, 'C{}', 'u{}', 'Quillfeather', 'MAIN', 'AD', {});",
                n - PATRONS,
                n - PATRONS,
                patron.privacy
            );
        }
        for item in &self.items {
            let _ = writeln!(
                sql,
                "INSERT INTO items (itemnumber, biblionumber, homebranch, itype) VALUES ({item}, 1, 'MAIN', 'BK');"
            );
        }
        sql
    }

    pub fn loans(&self) -> usize {
        self.loans.len()
    }

    /// A day: what comes back, what goes out, what is paid, claimed, weeded, deleted.
    pub fn day(&mut self, day: i64) {
        let open = BEGIN + day * DAY + 10 * 3_600;
        let mut clock = open;
        let mut later = |random: &mut Random| {
            clock += 1 + random.below(60) as i64;
            clock
        };
        // Closed for the holidays: what lies in the book drop is taken in afterwards, and dated back.
        let holidays = day % 45 == 7;
        let out: Vec<usize> = self.out.values().copied().collect();
        for loan in out {
            if self.random.once_in(16) {
                let now = later(&mut self.random);
                let back = if holidays && self.random.once_in(2) { 1 + self.random.below(11) as i64 } else { 0 };
                let dated = (now - back * DAY).max(self.loans[loan].issued + 60);
                self.comes_back(loan, dated, now);
            } else if self.random.once_in(40) {
                let now = later(&mut self.random);
                self.renew(loan, now);
            } else if self.random.once_in(900) {
                self.is_lost(loan);
            }
        }
        for _ in 0..self.a_day {
            let now = later(&mut self.random);
            self.lend(now);
        }
        self.pay_and_settle(open + 9 * 3_600);
        if day % 9 == 4 {
            self.weed();
            self.delete_patron();
        }
        if day % 20 == 15 {
            self.anonymise(BEGIN + (day - 60) * DAY);
        }
    }

    fn lend(&mut self, now: Clock) {
        let place = self.random.below(self.items.len() as u64) as usize;
        let item = self.items[place];
        let patron = self.random.below(self.patrons.len() as u64) as usize;
        if self.out.contains_key(&item) || !self.patrons[patron].there {
            return;
        }
        let id = TRANSACTIONS + self.loans.len() as u64;
        let by_herself = self.random.once_in(4);
        let loan = Loan {
            id,
            patron: self.patrons[patron].number,
            item,
            issued: now,
            renewed: Vec::new(),
            returned: None,
            closed: None,
            by_herself,
            bill: None,
            claim: None,
            named: Named::Yes,
            issuer_gone: false,
            renewers_gone: false,
            claim_gone: false,
            stored: false,
            moved: false,
        };
        self.note(&loan, now, "issue", "ISSUE", if by_herself { loan.patron } else { STAFF });
        self.out.insert(item, self.loans.len());
        self.loans.push(loan);
    }

    /// The rows that each loan, renewal and return leaves in statistics and in the log.
    fn note(&mut self, loan: &Loan, now: Clock, kind: &str, action: &str, user: u64) {
        let Loan { id, patron, item, .. } = loan;
        self.statistics.push(format!("({}, 'MAIN', '{kind}', 'L{id}', {item}, {patron})", written(now)));
        self.logs
            .push(format!("({}, {user}, 'CIRCULATION', '{action}', {patron}, '{item}', 'L{id}')", written(now + 1)));
    }

    fn renew(&mut self, place: usize, now: Clock) {
        let loan = self.loans[place].clone();
        self.note(&loan, now, "renew", "RENEWAL", loan.patron);
        self.loans[place].renewed.push(now);
        let Loan { id, patron, .. } = loan;
        let _ = writeln!(
            self.sql,
            "INSERT INTO checkout_renewals (checkout_id, renewer_id, interface, timestamp) VALUES ({id}, {patron}, 'opac', {});",
            written(now)
        );
    }

    fn comes_back(&mut self, place: usize, dated: Clock, now: Clock) {
        let loan = self.loans[place].clone();
        self.note(&loan, now, "return", "RETURN", STAFF);
        let patron = self.patron(loan.patron);
        let never = patron.privacy == 2;
        let Loan { id, patron, item, .. } = loan;
        let _ = writeln!(
            self.sql,
            "DELETE FROM items_last_borrower WHERE itemnumber = {item};\nINSERT INTO items_last_borrower (itemnumber, \
             borrowernumber, created_on) VALUES ({item}, {patron}, {});",
            written(now)
        );
        self.out.remove(&item);
        self.last.insert(item, place);
        let late = self.random.once_in(12);
        if late {
            let _ = writeln!(
                self.sql,
                "INSERT INTO accountlines (old_issue_id, borrowernumber, itemnumber, date, amount, debit_type_code, \
                 amountoutstanding, timestamp, interface) VALUES (NULL, {patron}, {item}, {day}, 2, 'OVERDUE', 2, {day}, 'x{id}');",
                day = written(now)
            );
        }
        let loan = &mut self.loans[place];
        (loan.returned, loan.closed) = (Some(dated), Some(now));
        loan.bill = late.then_some(Bill::Owing);
        // A patron who owes is not made anonymous.
        loan.named = if never && !late { Named::NoMore } else { Named::Yes };
    }

    /// It stays where it is, until it turns up.
    fn is_lost(&mut self, place: usize) {
        let item = self.loans[place].item;
        let _ = writeln!(self.sql, "UPDATE items SET itemlost = 1 WHERE itemnumber = {item};");
    }

    fn pay_and_settle(&mut self, now: Clock) {
        for place in 0..self.loans.len() {
            if self.loans[place].bill == Some(Bill::Owing) && self.random.once_in(9) {
                let id = self.loans[place].id;
                let _ = writeln!(
                    self.sql,
                    "UPDATE accountlines SET amountoutstanding = 0, timestamp = {} WHERE interface = 'x{id}';",
                    written(now)
                );
                self.loans[place].bill = Some(Bill::Paid(now));
            }
        }
        // Claims: made while a loan is out, resolved when it turns up.
        let out: Vec<usize> = self.out.values().copied().collect();
        for place in out {
            if self.loans[place].claim.is_none() && self.random.once_in(300) {
                let Loan { id, patron, item, .. } = self.loans[place];
                let _ = writeln!(
                    self.sql,
                    "INSERT INTO return_claims (itemnumber, issue_id, borrowernumber, created_on) VALUES ({item}, {id}, \
                     {patron}, {});",
                    written(now)
                );
                self.loans[place].claim = Some(Claim::Open);
            }
        }
        let claimed: Vec<usize> =
            (0..self.loans.len()).filter(|at| self.loans[*at].claim == Some(Claim::Open)).collect();
        for place in claimed {
            if self.random.once_in(12) {
                let id = self.loans[place].id;
                let _ = writeln!(
                    self.sql,
                    "UPDATE return_claims SET resolution = 'FOUND', resolved_on = {} WHERE issue_id = {id};",
                    written(now)
                );
                self.loans[place].claim = Some(Claim::Resolved);
            }
        }
    }

    /// Items that aren't out are withdrawn: their loans say nothing of them any more.
    fn weed(&mut self) {
        for _ in 0..25 {
            let place = self.random.below(self.items.len() as u64) as usize;
            let item = self.items[place];
            // With the item its claims go, and what lost a claim waits for a person (it is undetermined): not here.
            if self.out.contains_key(&item) || self.loans.iter().any(|loan| loan.item == item && loan.claim.is_some()) {
                continue;
            }
            let _ = writeln!(self.sql, "DELETE FROM items WHERE itemnumber = {item};");
            self.items.swap_remove(place);
            self.last.remove(&item);
            self.loans
                .iter_mut()
                .filter(|loan| loan.item == item)
                .for_each(|loan| loan.claim_gone |= loan.claim.is_some());
            let new = self.next_item;
            self.next_item += 1;
            let _ = writeln!(
                self.sql,
                "INSERT INTO items (itemnumber, biblionumber, homebranch, itype) VALUES ({new}, 1, 'MAIN', 'BK');"
            );
            self.items.push(new);
        }
    }

    /// A patron who has nothing out and owes nothing is deleted.
    fn delete_patron(&mut self) {
        for _ in 0..4 {
            let place = self.random.below(self.patrons.len() as u64) as usize;
            let number = self.patrons[place].number;
            let busy =
                |loan: &Loan| loan.patron == number && (loan.returned.is_none() || loan.bill == Some(Bill::Owing));
            if !self.patrons[place].there || self.held == Some(number) || self.loans.iter().any(busy) {
                continue;
            }
            self.patrons[place].there = false;
            let _ = writeln!(self.sql, "DELETE FROM borrowers WHERE borrowernumber = {number};");
            for at in 0..self.loans.len() {
                let loan = &mut self.loans[at];
                if loan.patron == number && loan.named != Named::Severed {
                    loan.named = Named::NoMore;
                    (loan.issuer_gone, loan.renewers_gone) = (true, true);
                    loan.claim_gone |= loan.claim.is_some();
                }
                if loan.patron == number && self.last.get(&loan.item) == Some(&at) {
                    self.last.remove(&loan.item);
                }
            }
        }
    }

    /// Koha's own batch: what came back before a day is made anonymous, but for who wants it kept.
    fn anonymise(&mut self, before: Clock) {
        let _ = writeln!(
            self.sql,
            "UPDATE old_issues o JOIN borrowers b ON b.borrowernumber = o.borrowernumber SET o.borrowernumber = NULL, \
             o.timestamp = o.timestamp WHERE o.returndate < {} AND b.privacy <> 0 AND o.issue_id % 3 = 0;",
            written(before)
        );
        let kept: BTreeSet<u64> = self.patrons.iter().filter(|one| one.privacy == 0).map(|one| one.number).collect();
        let is_old = |loan: &&mut Loan| {
            loan.returned.is_some_and(|returned| returned < before)
                && loan.id.is_multiple_of(3)
                && !kept.contains(&loan.patron)
        };
        for loan in self.loans.iter_mut().filter(is_old) {
            if loan.named == Named::Yes {
                loan.named = Named::NoMore;
            }
        }
    }

    fn patron(&self, number: u64) -> &Patron {
        &self.patrons[(number - PATRONS) as usize]
    }

    /// Writes everything that happened to the server.
    pub fn flush(&mut self, server: &Server) {
        let mut sql =
            String::from("SET time_zone = 'America/New_York';\nSET foreign_key_checks = 0;\nSTART TRANSACTION;\n");
        // Loans first: what refers to them comes after.
        for loan in &mut self.loans {
            let Loan { id, patron, item, .. } = *loan;
            let issuer = if loan.by_herself { patron } else { STAFF };
            let renewed = loan.renewed.last().map_or("NULL".into(), |clock| written(*clock));
            let times = format!("{}, {}, {renewed}", written(loan.issued), loan.renewed.len());
            if !loan.stored && loan.returned.is_none() {
                let _ = writeln!(
                    sql,
                    "INSERT INTO issues (issue_id, borrowernumber, issuer_id, itemnumber, branchcode, issuedate, renewals_count, \
                     lastreneweddate) \
                     VALUES ({id}, {patron}, {issuer}, {item}, 'MAIN', {times});"
                );
            }
            if let (Some(returned), Some(closed), false) = (loan.returned, loan.closed, loan.moved) {
                if loan.stored {
                    let _ = writeln!(sql, "DELETE FROM issues WHERE issue_id = {id};");
                }
                let named =
                    if loan.named == Named::Yes || loan.issuer_gone { patron.to_string() } else { "NULL".into() };
                let _ = writeln!(
                    sql,
                    "INSERT INTO old_issues (issue_id, borrowernumber, issuer_id, itemnumber, branchcode, issuedate, \
                     renewals_count, lastreneweddate, returndate, timestamp) VALUES ({id}, {named}, {issuer}, {item}, 'MAIN', {times}, {}, {});",
                    written(returned),
                    written(closed)
                );
                loan.moved = true;
            }
            loan.stored = true;
        }
        for (table, rows) in [
            ("statistics (datetime, branch, type, other, itemnumber, borrowernumber)", &mut self.statistics),
            ("action_logs (timestamp, user, module, action, object, info, interface)", &mut self.logs),
        ] {
            for rows in rows.chunks(500) {
                let _ = writeln!(sql, "INSERT INTO {table} VALUES\n{};", rows.join(",\n"));
            }
            rows.clear();
        }
        sql += "SET foreign_key_checks = 1;\n";
        sql += &std::mem::take(&mut self.sql);
        // A late return's bill is of the old loan.
        sql += "UPDATE accountlines SET old_issue_id = SUBSTRING(interface, 2), timestamp = timestamp WHERE old_issue_id IS NULL;\n";
        sql += "COMMIT;\n";
        server.must(&sql);
    }

    /// Places a legal hold on a patron who has many loans, or releases it.
    pub fn hold(&mut self, live: &Live, place: bool) {
        self.held = place.then_some(PATRONS + 5);
        live.hold(self.held);
    }

    /// Between a night and its purge somebody claims that she never had what she brought back. Returns how many.
    pub fn meanwhile(&mut self, day: i64, server: &Server) -> u64 {
        let due: Vec<usize> = (0..self.loans.len())
            .filter(|at| {
                self.loans[*at].named == Named::Yes && !self.is_needed(*at, day) && self.loans[*at].claim.is_none()
            })
            .filter(|at| self.items.contains(&self.loans[*at].item))
            .take(2)
            .collect();
        for place in &due {
            let Loan { id, patron, item, .. } = self.loans[*place];
            server.must(&format!(
                "INSERT INTO return_claims (itemnumber, issue_id, borrowernumber) VALUES ({item}, {id}, {patron});"
            ));
            self.loans[*place].claim = Some(Claim::Open);
            self.claimed.insert(*place);
        }
        due.len() as u64
    }

    fn is_needed(&self, at: usize, day: i64) -> bool {
        let loan = &self.loans[at];
        let named = loan.named == Named::Yes;
        let history = named && self.patron(loan.patron).privacy == 0;
        // Of one that names nobody it can't be told whether it is hers.
        let held = self.held.is_some_and(|held| !named || held == loan.patron);
        loan.is_needed(BEGIN / DAY + day, history, held)
    }

    /// Takes in that everything due was severed.
    pub fn decide(&mut self, day: i64) {
        for at in 0..self.loans.len() {
            if self.loans[at].named != Named::Severed && self.loans[at].moved && !self.is_needed(at, day) {
                self.loans[at].named = Named::Severed;
            }
        }
    }

    /// Whose row in items_last_borrower it is.
    pub fn had_last(&self, item: u64, patron: u64) -> u64 {
        self.last.get(&item).map(|at| &self.loans[*at]).filter(|loan| loan.patron == patron).map_or(0, |loan| loan.id)
    }

    /// How many rows of which table must lead from which loan to its patron.
    pub fn leads(&self) -> Leads {
        let mut all = Leads::new();
        for (at, loan) in self.loans.iter().enumerate().filter(|(_, loan)| loan.named != Named::Severed) {
            let mut add = |table: &str, rows: u64| {
                if rows > 0 {
                    all.insert((table.to_string(), loan.id), rows);
                }
            };
            let own = loan.named == Named::Yes || loan.by_herself && !loan.issuer_gone;
            add(if loan.moved { "old_issues" } else { "issues" }, u64::from(own));
            let noted = 1 + loan.renewed.len() as u64 + u64::from(loan.returned.is_some());
            add("statistics", noted);
            add("action_logs", noted);
            add("checkout_renewals", if loan.renewers_gone { 0 } else { loan.renewed.len() as u64 });
            add("return_claims", u64::from(loan.claim.is_some() && !loan.claim_gone));
            add("items_last_borrower", u64::from(self.last.get(&loan.item) == Some(&at)));
        }
        all
    }

    pub fn tell(&self, id: u64) -> String {
        self.loans.get((id.wrapping_sub(TRANSACTIONS)) as usize).map_or("no loan".into(), |loan| format!("{loan:?}"))
    }
}
