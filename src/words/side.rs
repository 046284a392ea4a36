use serde::{Deserialize, Serialize};

/// Which side of a record a pipeline severs. A record of one kind may lose one side years before the other: a bill the
/// material when circulation no longer needs it, its patron when the audit is over.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Who. Its transactions are released by month, once and for good.
    #[default]
    Patron,
    /// What: item, title, loan, note. The record stays, and nothing of it is published from this side.
    Material,
    /// How to reach her: addresses, telephones, e-mail. Of patron records alone; name, card and number stay.
    Contact,
}

impl Side {
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Patron => "patron",
            Side::Material => "material",
            Side::Contact => "contact",
        }
    }

    /// Whether months are released from this side. From the patron's alone, so that each transaction counts once: on any
    /// other side nothing is published, staged or made final, and what is due goes straight onto the worklist.
    pub fn is_released(self) -> bool {
        self == Side::Patron
    }
}

/// As it is read after "severs the".
impl std::fmt::Display for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Side::Contact => "contact data",
            side => side.as_str(),
        })
    }
}
