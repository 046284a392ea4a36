//! What is doubtful, and what it leads to.

use serde::Serialize;

/// What it leads to; the first is the worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Danger {
    Published,
    Unsearched,
    Retired,
    Kept,
    Unknown,
}

impl Danger {
    pub fn text(self) -> &'static str {
        match self {
            Danger::Published => "would be published",
            Danger::Unsearched => "would not be searched for",
            Danger::Retired => "could be retired too early",
            Danger::Kept => "is kept, and need not be",
            Danger::Unknown => "would be published as `unknown`",
        }
    }
}

/// Where declaration and data disagree.
#[derive(Clone, Debug, Serialize)]
pub struct Doubt {
    pub danger: Danger,
    pub what: String,
}
