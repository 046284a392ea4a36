//! The library systems and services that there is a pipeline for, as the command line calls them.

use clap::ValueEnum;

use crate::profile::guess;
use crate::propose::shipped::{self, Shipped};

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Ils {
    Koha,
    Evergreen,
    Folio,
    /// SirsiDynix Symphony, its tables
    Symphony,
    /// SirsiDynix Symphony, its history log
    SymphonyLog,
    Sierra,
    /// Polaris, from the history of item records
    Polaris,
    /// Polaris, from the transaction log
    PolarisLog,
    Alma,
    Voyager,
}

/// What else links people to services. A site has one pipeline for each kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Service {
    /// The library system's own bills: who goes after the audit, what was lent long before
    Bills,
    /// The library system's own patron records: addresses, telephones and e-mail go when circulation is done with them
    Contacts,
    /// Reservations of computers
    Computers,
    /// Wi-Fi, as RADIUS accounts for it
    Wifi,
    /// Interlibrary loan with ILLiad
    Illiad,
    /// Registrations for events
    Events,
    /// EZproxy's log of e-resources
    Ezproxy,
}

/// What the transactions of an unknown system are.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum About {
    Loan,
    Hold,
    Session,
    Ill,
    Registration,
    Bill,
}

/// Which of day and month comes first.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Dates {
    DayFirst,
    MonthFirst,
}

impl Dates {
    pub fn meant(self) -> guess::Dates {
        match self {
            Dates::DayFirst => guess::Dates::DayFirst,
            Dates::MonthFirst => guess::Dates::MonthFirst,
        }
    }
}

impl About {
    pub fn meant(self) -> guess::About {
        match self {
            About::Loan => guess::About::Loans,
            About::Hold => guess::About::Holds,
            About::Session => guess::About::Sessions,
            About::Ill => guess::About::Ill,
            About::Registration => guess::About::Registrations,
            About::Bill => guess::About::Bills,
        }
    }
}

impl Ils {
    pub fn pipelines(self) -> Vec<Shipped> {
        match self {
            Ils::Koha => vec![shipped::KOHA_LOANS, shipped::KOHA_HOLDS],
            Ils::Evergreen => vec![shipped::EVERGREEN_LOANS, shipped::EVERGREEN_HOLDS],
            Ils::Folio => vec![shipped::FOLIO_LOANS, shipped::FOLIO_REQUESTS],
            Ils::Symphony => vec![shipped::SYMPHONY_LOANS, shipped::SYMPHONY_HOLDS],
            Ils::SymphonyLog => vec![shipped::SYMPHONY_HISTORY],
            Ils::Sierra => vec![shipped::SIERRA_CIRC_TRANS, shipped::SIERRA_HOLDS],
            Ils::Polaris => vec![shipped::POLARIS_LOANS],
            Ils::PolarisLog => vec![shipped::POLARIS_TRANSACTIONS],
            Ils::Alma => vec![shipped::ALMA_LOANS],
            Ils::Voyager => vec![shipped::VOYAGER_LOANS],
        }
    }

    /// Empty: a bill of Symphony has no number but its patron's and its place among her bills, and a worklist holds no
    /// patron.
    fn bills(self) -> Vec<Shipped> {
        match self {
            Ils::Koha => vec![shipped::KOHA_BILLS, shipped::KOHA_BILLS_MATERIAL],
            Ils::Evergreen => vec![shipped::EVERGREEN_BILLS, shipped::EVERGREEN_BILLS_MATERIAL],
            Ils::Folio => vec![shipped::FOLIO_BILLS, shipped::FOLIO_BILLS_MATERIAL],
            Ils::Sierra => vec![shipped::SIERRA_BILLS],
            Ils::Polaris | Ils::PolarisLog => vec![shipped::POLARIS_BILLS, shipped::POLARIS_BILLS_MATERIAL],
            Ils::Alma => vec![shipped::ALMA_BILLS],
            Ils::Voyager => vec![shipped::VOYAGER_BILLS, shipped::VOYAGER_BILLS_MATERIAL],
            Ils::Symphony | Ils::SymphonyLog => Vec::new(),
        }
    }
}

impl Ils {
    /// Empty: there is none yet.
    fn contacts(self) -> Vec<Shipped> {
        match self {
            Ils::Koha => vec![shipped::KOHA_CONTACTS],
            Ils::Evergreen => vec![shipped::EVERGREEN_CONTACTS],
            _ => Vec::new(),
        }
    }
}

impl Service {
    pub fn pipelines(self, ils: Ils) -> Vec<Shipped> {
        match self {
            Service::Bills => ils.bills(),
            Service::Contacts => ils.contacts(),
            Service::Computers => vec![shipped::COMPUTER_SESSIONS],
            Service::Wifi => vec![shipped::WIFI_RADIUS],
            Service::Illiad => vec![shipped::ILLIAD_ILL],
            Service::Events => vec![shipped::LIBCAL_REGISTRATIONS],
            Service::Ezproxy => vec![shipped::EZPROXY_ACCESS],
        }
    }
}
