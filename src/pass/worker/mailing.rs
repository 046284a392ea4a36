//! Who is on a mailing list: patrons whose opt-in for the purpose is set, with what the purpose needs, and nobody whose
//! contact data is due.
//!
//! **A legal hold changes no list.** Under one a patron whose data was due is kept, and would be on a list of which others
//! like her are off. So it is decided as if there were none: whoever would be due without it is not on the list.

use super::reader::Reader;
use crate::decide::{Answer, Facts, decide};
use crate::pass::outcome::Mailed;
use crate::pass::prepared::Prepared;
use crate::pipeline::Field;
use crate::words::TransactionId;

/// Notes the patron of a linked record on each list that she wants to be on.
pub fn note_on_lists(
    lists: &mut [Vec<Mailed>],
    prepared: &Prepared<'_>,
    reader: &Reader<'_>,
    id: TransactionId,
    facts: &Facts,
) {
    let without_holds = Facts { legal_hold: Answer::No, ..*facts };
    if decide(&without_holds, &prepared.retention, prepared.as_of).needs.is_empty() {
        return;
    }
    for (list, rule) in lists.iter_mut().zip(&prepared.rules.mailing) {
        if reader.opted_in(&rule.opt_in) {
            let text = |field: &Field| String::from_utf8_lossy(reader.text(*field)).into();
            let cells: Vec<Box<str>> = rule.columns.iter().map(text).collect();
            // Nothing to reach her by.
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                list.push(Mailed { id, cells });
            }
        }
    }
}
