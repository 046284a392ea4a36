use serde::Deserialize;

/// In which way a hold ended. Each may have a grace period of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// It was fetched.
    Fulfilled,
    /// Somebody cancelled it.
    Cancelled,
    /// It ran out, in the queue or on the shelf.
    Expired,
}

impl Way {
    pub const ALL: [Way; 3] = [Way::Fulfilled, Way::Cancelled, Way::Expired];

    pub fn as_str(self) -> &'static str {
        match self {
            Way::Fulfilled => "fulfilled",
            Way::Cancelled => "cancelled",
            Way::Expired => "expired",
        }
    }
}

impl std::fmt::Display for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}
