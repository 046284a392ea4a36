//! The library systems and services that there is a pipeline for.

use clap::ValueEnum;

use crate::profile::guess;
use crate::profile::sniff::Log;
use crate::words::{Kind, Side};

/// A pipeline of the repository.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub name: &'static str,
    pub kind: Kind,
    pub side: Side,
    pub text: &'static str,
}

macro_rules! side {
    () => {
        Side::Patron
    };
    ($side:ident) => {
        Side::$side
    };
}

macro_rules! known {
    ($($name:literal $kind:ident $($side:ident)?),* $(,)?) => {
        &[$(Known {
            name: $name,
            kind: Kind::$kind,
            side: side!($($side)?),
            text: include_str!(concat!("../../../pipelines/", $name, ".toml")),
        }),*]
    };
}

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
    pub fn pipelines(self) -> &'static [Known] {
        match self {
            Ils::Koha => known!["koha-loans" Loan, "koha-holds" Hold],
            Ils::Evergreen => known!["evergreen-loans" Loan, "evergreen-holds" Hold],
            Ils::Folio => known!["folio-loans" Loan, "folio-requests" Hold],
            Ils::Symphony => known!["symphony-loans" Loan, "symphony-holds" Hold],
            Ils::SymphonyLog => known!["symphony-history" Loan],
            Ils::Sierra => known!["sierra-circ-trans" Loan, "sierra-holds" Hold],
            Ils::Polaris => known!["polaris-loans" Loan],
            Ils::PolarisLog => known!["polaris-transactions" Loan],
            Ils::Alma => known!["alma-loans" Loan],
            Ils::Voyager => known!["voyager-loans" Loan],
        }
    }

    /// Empty: a bill of Symphony has no number but its patron's and its place among her bills, and a worklist holds no
    /// patron.
    fn bills(self) -> &'static [Known] {
        match self {
            Ils::Koha => known!["koha-bills" Bill, "koha-bills-material" Bill Material],
            Ils::Evergreen => known!["evergreen-bills" Bill, "evergreen-bills-material" Bill Material],
            Ils::Folio => known!["folio-bills" Bill, "folio-bills-material" Bill Material],
            Ils::Sierra => known!["sierra-bills" Bill],
            Ils::Polaris | Ils::PolarisLog => known!["polaris-bills" Bill, "polaris-bills-material" Bill Material],
            Ils::Alma => known!["alma-bills" Bill],
            Ils::Voyager => known!["voyager-bills" Bill, "voyager-bills-material" Bill Material],
            Ils::Symphony | Ils::SymphonyLog => &[],
        }
    }
}

impl Ils {
    /// Empty: there is none yet.
    fn contacts(self) -> &'static [Known] {
        match self {
            Ils::Koha => known!["koha-contacts" Contact Contact],
            Ils::Evergreen => known!["evergreen-contacts" Contact Contact],
            _ => &[],
        }
    }
}

impl Service {
    pub fn pipelines(self, ils: Ils) -> &'static [Known] {
        match self {
            Service::Bills => ils.bills(),
            Service::Contacts => ils.contacts(),
            Service::Computers => known!["computer-sessions" Session],
            Service::Wifi => known!["wifi-radius" Session],
            Service::Illiad => known!["illiad-ill" Ill],
            Service::Events => known!["libcal-registrations" Registration],
            Service::Ezproxy => known!["ezproxy-access" Access],
        }
    }
}

/// The pipeline for a log that was recognised.
pub(super) fn log(log: Log) -> Known {
    let [known] = match log {
        Log::Web => known!["ezproxy-access" Access],
        Log::Symphony => known!["symphony-history" Loan],
    };
    *known
}

/// What the policy proposes for a kind beside loans. A board decides it; these are where it begins.
pub(super) fn retention(kind: Kind) -> &'static str {
    match kind {
        Kind::Hold => {
            r#"
[retention.hold]
grace = "30 days"                   # after it was fetched or cancelled, or ran out. Each may have its own:
# fulfilled = "30 days"
# cancelled = "30 days"
# expired = "30 days"
settled = "30 days"
refund = "0 days"
history = "opt-in"
last_borrower = 0
review_after = "2 years"
"#
        }
        Kind::Session => {
            r#"
[retention.session]
grace = "1 day"                     # after the session ended
review_after = "90 days"
"#
        }
        Kind::Ill => {
            r#"
[retention.ill]
grace = "30 days"                   # after the request was finished or cancelled
settled = "30 days"
review_after = "2 years"
"#
        }
        Kind::Registration => {
            r#"
[retention.registration]
grace = "7 days"                    # after the event
review_after = "1 year"
"#
        }
        Kind::Bill => {
            r#"
# Bills are fiscal records: what was lent goes first, who owed it when the audit is over.
[retention.bill]
grace = "30 days"                   # what was lent: after the bill was paid; no shorter than `settled` above
refund = "0 days"                   # what was lost: after it was paid for; no shorter than `refund` above
audit = "7 years"                   # who: after the bill was paid. Ask whoever audits the library
review_after = "2 years"            # what is still named then, and who after so long beyond the audit: to look at
"#
        }
        Kind::Contact => {
            r#"
# How to reach a patron: for circulation alone. Gone so long after her card expired and after the last thing that was out,
# owed or waited for. No shorter than any period above.
[retention.contact]
grace = "2 years"
history = "opt-in"                  # patrons who asked to keep their history keep a record that can be written to; or: never

# Mailing lists: none, unless the board names a purpose. A list holds patrons who asked for it, and what the purpose needs.
# [mailing.newsletter]
# purpose = "News of the library, by e-mail"
# opt_in = "newsletter"             # as the pipeline knows it
# columns = ["firstname", "email"]  # of those that the pipeline offers
"#
        }
        Kind::Access => {
            r#"
[retention.access]
grace = "7 days"                    # after the request: for whoever must find out about an abuse
review_after = "90 days"
"#
        }
        Kind::Loan => "",
    }
}
