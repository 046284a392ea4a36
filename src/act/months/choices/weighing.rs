//! What periods of one length would publish, one after the other: each by itself, or with what the one before left to it.
//!
//! As `period` and `chain` do it, night after night: a period that is about too few leaves its months to the next, and is closed
//! after a year.

use std::collections::BTreeMap;

use super::shares::Sums;
use crate::release::{History, ReleaseError, Rules, Weighed};
use crate::words::{LONGEST, Period};

/// What comes of it.
pub struct Weighing {
    pub sums: Sums,
    /// What is released.
    pub released: Vec<Weighed>,
}

/// Weighs regular periods, in their order.
pub fn weighing(
    history: &History,
    regular: &[Period],
    groups: &BTreeMap<String, Vec<String>>,
    rules: Rules,
) -> Result<Weighing, ReleaseError> {
    let mut all = Weighing { sums: Sums::default(), released: Vec::new() };
    // What is left so far, and with how many rows.
    let mut left: Option<(Vec<Period>, Weighed)> = None;
    for period in regular {
        let mut of = vec![*period];
        if let Some((before, weighed)) = left.take() {
            if before.first().is_some_and(|first| period.last.0 - first.first.0 < LONGEST) {
                of = [before, of].concat();
            } else {
                all.sums += &weighed;
            }
        }
        let weighed = history.weigh(&of, groups, &rules)?;
        if weighed.told.is_some() {
            all.sums += &weighed;
            all.released.push(weighed);
        } else {
            left = Some((of, weighed));
        }
    }
    // Nothing is published of what waits at the end.
    left.iter().for_each(|(_, weighed)| all.sums += weighed);
    Ok(all)
}
