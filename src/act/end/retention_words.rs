//! A policy's retention rules in words, for the report.

use crate::policy::{HistoryRule, Retention};
use crate::words::{Kind, Way};

/// A kind's retention rules as a sentence.
pub fn in_words(kind: Kind, rules: &Retention) -> String {
    let days = |days: i32| match days {
        1 => "1 day".to_string(),
        days => format!("{days} days"),
    };
    let mut sentence = match rules.audit {
        Some(audit) => format!(
            "A {kind} names its patron for {} after it closed, for the audit, and its material for {}",
            days(audit),
            days(rules.grace)
        ),
        None if kind == Kind::Contact => format!(
            "A patron record keeps its contact data for {} after the card expired, while anything is out, owed or waited for, \
             and after the last of it",
            days(rules.grace)
        ),
        None if kind == Kind::Bill => format!("A {kind} names its material for {} after it closed", days(rules.grace)),
        None => {
            let article = if matches!(kind, Kind::Access | Kind::Ill) { "An" } else { "A" };
            format!("{article} {kind} stays linked for {} after it closed", days(rules.grace))
        }
    };
    for way in Way::ALL {
        let period = rules.grace_of(Some(way));
        if period != rules.grace {
            sentence += &format!(", {} where it was {way}", days(period));
        }
    }
    if rules.settled > 0 {
        sentence += &format!(", {} after its last bill was paid", days(rules.settled));
    }
    if rules.refund > 0 {
        sentence += &format!(", {} after a lost item was paid for", days(rules.refund));
    }
    if let Some(most) = rules.owing_at_most {
        sentence += &format!(
            ", while something on it is owed or lost, but for no longer than {} after it closed, or was opened if it never \
             closed",
            days(most)
        );
    }
    if let Some(absent) = rules.absent_patron {
        sentence += &format!(
            ", and what is owed, lost or disputed on it no longer once its patron has been missing from the export of patrons for {}",
            days(absent)
        );
    }
    if rules.last_borrower > 0 {
        sentence += &format!(", and while it is among the newest {} of its item", rules.last_borrower);
    }
    // A wish for a history is about what was borrowed, and keeps no bill.
    if rules.history == HistoryRule::OptIn && kind != Kind::Bill {
        sentence += "; for patrons who asked to keep theirs, until they change their mind";
    }
    sentence + "."
}
