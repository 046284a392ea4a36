//! `[mailing]`: what a mailing list may be made of, where the policy names a purpose.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::meaning::Condition;

/// What of a patron record may stand on a mailing list, and how the system says that she wants it. The pipeline offers; which
/// purposes there are, and what each needs, is the policy's to say. A pipeline without this makes none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailing {
    /// Columns that a purpose may ask for.
    pub columns: Vec<String>,
    /// By name: all that must hold for a yes. Values that mean yes, or something gathered that must be `true`; any other
    /// value is a no, and so is what can't be read. `false` on something gathered narrows it.
    pub opt_in: BTreeMap<String, BTreeMap<String, Condition>>,
}
