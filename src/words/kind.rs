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
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Loan => "loan",
            Kind::Hold => "hold",
            Kind::Bill => "bill",
            Kind::Ill => "ill",
            Kind::Session => "session",
            Kind::Access => "access",
            Kind::Registration => "registration",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}
