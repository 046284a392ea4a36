//! Everything that a report tells.

use std::collections::BTreeMap;

use super::night_done::NightDone;
use crate::act::begin::Tonight;
use crate::act::begin::memory::{Memory, ToDelete};
use crate::evidence::report::Quarantine;
use crate::words::{Kind, Month, Period};

pub struct Reported<'a> {
    pub tonight: &'a Tonight,
    pub night: &'a NightDone<'a>,
    /// By pipeline: the paths of its worklist.
    pub worklists: &'a BTreeMap<String, Vec<String>>,
    pub to_delete: &'a [ToDelete],
    /// Encrypted rejected rows of earlier runs whose day has come.
    pub expired: &'a [String],
    /// By pipeline.
    pub quarantines: &'a BTreeMap<String, Quarantine>,
    pub staged: &'a [(Kind, Month)],
    /// Of which it is remembered who was there.
    pub years: &'a [(Kind, Period)],
    /// As the run leaves it.
    pub memory: &'a Memory,
}
