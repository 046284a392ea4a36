//! A library that lends, takes back, bills and forgives, whatever its system: what is out of each need there are some.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, SystemTime};

use afterloan::act::Options;
use afterloan::words::Digest;
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};

use super::written::{self, Export};
use crate::support::TestSite;
use crate::support::library::night_of;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum System {
    Koha,
    Evergreen,
    Folio,
}

/// How a loan stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stands {
    Out,
    Lost,
    Returned,
    /// It came back, and the patron had said so before.
    Disputed,
}

/// What was charged for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bill {
    None,
    Owed,
    /// Days before the first night.
    Paid(i64),
    LostPaid(i64),
}

#[derive(Clone, Debug)]
pub struct Loan {
    pub number: u64,
    pub patron: u64,
    pub issued: Date,
    pub returned: Option<Date>,
    pub stands: Stands,
    pub bill: Bill,
    pub linked: bool,
}

pub struct Library {
    pub system: System,
    loans: Vec<Loan>,
    pub severed: BTreeSet<u64>,
}

const FIRST: u64 = 1_001;
const LOANS: u64 = 520;
pub const PATRONS: u64 = 90;

/// The day of the first night.
fn first_day() -> Date {
    "2026-10-12".parse().unwrap()
}

/// The day of a night.
pub fn day(night: usize) -> String {
    (first_day() + (night as i64).days()).to_string()
}

pub fn options(night: usize, accept: Option<Digest>) -> Options {
    let as_of = night_of(&day(night));
    Options { as_of, now: as_of + SignedDuration::from_hours(1), accept }
}

/// Exports are as if written two hours before the night.
pub fn stamp(site: &TestSite, night: usize) {
    let written = night_of(&day(night)) - SignedDuration::from_hours(2);
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(written.as_second() as u64);
    for entry in fs::read_dir(site.at("inbox")).unwrap() {
        fs::File::options().append(true).open(entry.unwrap().path()).unwrap().set_modified(written).unwrap();
    }
}

impl System {
    pub const ALL: [System; 3] = [System::Koha, System::Evergreen, System::Folio];

    /// A site of the system that has loans alone.
    pub fn site(self) -> TestSite {
        let (name, pipeline) = match self {
            System::Koha => ("koha", "koha-loans.toml"),
            System::Evergreen => ("evergreen", "evergreen-loans.toml"),
            System::Folio => ("folio", "folio-loans.toml"),
        };
        let site = TestSite::init(name);
        for entry in fs::read_dir(site.at("pipelines")).unwrap() {
            let path = entry.unwrap().path();
            if !path.ends_with(pipeline) {
                fs::remove_file(path).unwrap();
            }
        }
        site
    }
}

impl Library {
    pub fn new(system: System) -> Library {
        Library { system, loans: (0..LOANS).map(loan).collect(), severed: BTreeSet::new() }
    }

    /// The loans as a night finds them.
    pub fn loans(&self, night: usize) -> Vec<Loan> {
        let today = first_day() + (night as i64).days();
        let mut loans = self.loans.clone();
        for loan in &mut loans {
            // What is out comes back one day, a few each day.
            let back = first_day() + (1 + (loan.number as i64 * 7) % 40).days();
            if loan.stands == Stands::Out && back < today {
                (loan.stands, loan.returned) = (Stands::Returned, Some(back));
            }
            // Of those who owe, one pays every few days.
            if loan.bill == Bill::Owed && (loan.number / 13) % 40 + 2 < night as u64 {
                loan.bill = Bill::Paid(-((loan.number / 13) as i64 % 40) - 2);
            }
            loan.linked = !self.severed.contains(&loan.number);
        }
        // A dozen new ones a day.
        for at in 0..12 * night as u64 {
            let issued = first_day() + ((at / 12) as i64).days();
            let number = FIRST + LOANS + at;
            let (stands, bill) = (Stands::Out, Bill::None);
            loans.push(Loan { number, patron: at % PATRONS, issued, returned: None, stands, bill, linked: true });
        }
        loans
    }

    pub fn exports(&self, night: usize) -> Vec<Export> {
        written::exports(self.system, &self.loans(night), first_day())
    }

    /// The exports of a night, a run that a person accepted, and its worklist carried out.
    pub fn night(&mut self, site: &TestSite, night: usize) {
        for export in self.exports(night) {
            site.export(&export.name, export.bytes);
        }
        stamp(site, night);
        let outcome = site.accept_on(&day(night));
        assert!(outcome.stopped.is_empty(), "{:?}", outcome.stopped);
        self.sever(site);
    }

    /// Carries the worklist out.
    pub fn sever(&mut self, site: &TestSite) {
        for name in crate::support::files(&site.at("worklists")) {
            if name.extension().is_none_or(|ending| ending != "csv") || name.to_string_lossy().contains("review") {
                continue;
            }
            let text = fs::read_to_string(site.at("worklists").join(name)).unwrap();
            let number = |id: &str| match self.system {
                System::Folio => written::folio_number(id),
                System::Koha | System::Evergreen => id.parse().unwrap(),
            };
            self.severed.extend(text.lines().skip(1).map(number));
        }
    }
}

fn loan(at: u64) -> Loan {
    let number = FIRST + at;
    let today = first_day();
    let issued = today - (90 + (at % 120) as i64).days();
    let long_ago = issued + 14.days();
    let (stands, returned, bill) = match at % 13 {
        0..=3 => (Stands::Returned, Some(long_ago), Bill::None),
        4 => (Stands::Returned, Some(long_ago), Bill::Paid(45 + (at % 90) as i64)),
        5 => (Stands::Returned, Some(long_ago), Bill::Owed),
        6 => (Stands::Returned, Some(long_ago), Bill::Paid((at % 29) as i64)),
        7 => (Stands::Returned, Some(long_ago), Bill::LostPaid(60 + (at % 60) as i64)),
        8 => (Stands::Disputed, Some(long_ago), Bill::None),
        // Patrons of these keep a history, where their system has such a wish.
        9 => (Stands::Returned, Some(long_ago), Bill::None),
        10 => (Stands::Returned, Some(today - (1 + (at / 13 % 29) as i64).days()), Bill::None),
        11 => (Stands::Out, None, Bill::None),
        _ => (Stands::Lost, None, Bill::None),
    };
    let issued = if at % 13 == 10 { today - 60.days() } else { issued };
    let patron = if at % 13 == 9 { at % 10 } else { 10 + at % (PATRONS - 10) };
    Loan { number, patron, issued, returned, stands, bill, linked: true }
}
