//! The head of a register: how many acts it has, and the seal of the last. Whoever remembers one knows an older copy.

use serde::{Deserialize, Serialize};

use super::super::disk;
use super::super::json::{self, Format, JsonError};
use super::super::site::Site;
use crate::words::Digest;

/// Says nothing of what the acts were.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    pub entries: u64,
    /// None: there was no act yet.
    pub head: Option<Digest>,
}

/// `state/holds-head.json`: what whoever placed or released last left.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Left {
    pub format: Format<1>,
    pub head: Head,
}

impl Head {
    /// None: nobody has placed or released anything yet.
    pub fn left(site: &Site) -> Result<Option<Head>, JsonError> {
        let path = site.holds_head();
        if !path.exists() {
            return Ok(None);
        }
        let left: Left = json::parse(&disk::read(&path)?, &path, 1)?;
        Ok(Some(left.head))
    }
}
