//! Who is on a mailing list: patrons whose opt-in for the purpose is set, with what the purpose needs, and nobody whose
//! contact data is due.
//!
//! **A legal hold changes no list.** Under one a patron whose data was due is kept, and would be on a list of which others
//! like her are off. So it is decided as if there were none: whoever would be due without it is not on the list.

use super::context::Conditions;
use super::worker::Reader;
use crate::decide::{Answer, Facts, decide};
use crate::pass::Context;
use crate::pipeline::Field;
use crate::words::TransactionId;

/// A purpose of the policy, made ready.
pub(super) struct MailingRule {
    pub opt_in: Conditions,
    pub columns: Vec<Field>,
}

/// A patron on a list. Prints as `[patron]`.
pub struct Mailed {
    pub id: TransactionId,
    pub cells: Vec<Box<str>>,
}

impl std::fmt::Debug for Mailed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[patron]")
    }
}

/// Notes the patron of a linked record on each list that she wants to be on.
pub(super) fn note(
    lists: &mut [Vec<Mailed>],
    context: &Context<'_>,
    reader: &Reader<'_>,
    id: TransactionId,
    facts: &Facts,
) {
    let without_holds = Facts { legal_hold: Answer::No, ..*facts };
    if decide(&without_holds, &context.retention, context.as_of).needs.is_empty() {
        return;
    }
    for (list, rule) in lists.iter_mut().zip(&context.mailing) {
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
