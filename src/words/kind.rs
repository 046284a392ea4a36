use serde::{Deserialize, Serialize};

/// What a transaction is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Loan,
    Hold,
    Bill,
    Ill,
    Session,
    Access,
    Registration,
    /// A patron's own record. No transaction: nothing links it to material or a service. It goes the same way, since it, too,
    /// holds what leads to a person for as long as a need says so, and no longer; nothing of it is ever published.
    Contact,
}

impl Kind {
    /// Those of which anything may be published: a patron record is no transaction.
    pub const PUBLISHED: [Kind; 7] =
        [Kind::Loan, Kind::Hold, Kind::Bill, Kind::Ill, Kind::Session, Kind::Access, Kind::Registration];

    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Loan => "loan",
            Kind::Hold => "hold",
            Kind::Bill => "bill",
            Kind::Ill => "ill",
            Kind::Session => "session",
            Kind::Access => "access",
            Kind::Registration => "registration",
            Kind::Contact => "contact",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}
