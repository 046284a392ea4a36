//! Decisions: which needs a transaction has. Pure: no clock, no file, no order of `if`s that retires.
//!
//! `decide` returns *every* need that holds. What can't be read, or contradicts itself, is a need too (`undetermined`,
//! with reasons): undecided means kept. Needs that depend on other rows (chains, repeated numbers, the last borrower)
//! are settled in `chain` and in the pass, over what `decide` said of each row.

mod chain;

pub use chain::Chains;

use crate::policy::{HistoryRule, Retention};
use crate::words::{Day, Need, NeedSet, Reason, ReasonSet, Way};

/// A date that a rule asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dated {
    /// There is none.
    Unset,
    On(Day),
    /// There is one, and it can't be read, or it is implausible.
    Unreadable,
}

/// Yes, no, or it can't be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    No,
    Yes,
    Unreadable,
}

/// The state that the pipeline's rules found. The three unresolved ones exclude each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Open,
    Closed,
    Disputed,
    Lost,
    /// No rule knows its values.
    Unknown,
}

/// What is known of one transaction, as far as needs go.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    pub state: State,
    /// In which way it closed, where the pipeline tells.
    pub way: Option<Way>,
    pub opened: Dated,
    /// When it closed, by the latest date that says so.
    pub closed: Dated,
    pub disputed: Answer,
    pub lost: Answer,
    pub owing: Answer,
    /// When its last bill was paid.
    pub settled: Dated,
    /// When a lost item was paid for.
    pub refund: Dated,
    /// The patron asked to keep it.
    pub history: Answer,
    /// A matter covers it; unreadable: it can't be told which transactions a matter covers.
    pub legal_hold: Answer,
    /// Since when its patron has been missing from the export of patrons, where the policy asks and that can be told.
    pub absent: Option<Day>,
    /// Reasons found before: a date that is implausible, an amount or a lookup that is missing.
    pub problems: ReasonSet,
}

impl Facts {
    /// A transaction of a state of which nothing else is known; the rest is for the caller to set.
    pub fn of(state: State) -> Facts {
        Facts {
            state,
            way: None,
            opened: Dated::Unset,
            closed: Dated::Unset,
            disputed: Answer::No,
            lost: Answer::No,
            owing: Answer::No,
            settled: Dated::Unset,
            refund: Dated::Unset,
            history: Answer::No,
            legal_hold: Answer::No,
            absent: None,
            problems: ReasonSet::default(),
        }
    }
}

/// Every need that holds, why it is undetermined if it is, and when needs end where that is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Decision {
    pub needs: NeedSet,
    pub reasons: ReasonSet,
    /// The day from the start of which the need no longer holds.
    pub grace_ends: Option<Day>,
    pub settled_ends: Option<Day>,
    pub refund_ends: Option<Day>,
    /// Of what is owed or lost, where the policy ends it.
    pub owing_ends: Option<Day>,
    /// Of what else ends once its patron has been missing for long enough.
    pub absent_ends: Option<Day>,
}

impl Decision {
    /// When a need is expected to end, where that is known.
    pub fn ends(&self, need: Need) -> Option<Day> {
        match need {
            Need::Grace => self.grace_ends,
            Need::Settled => self.settled_ends,
            Need::Refund => self.refund_ends,
            Need::Owing | Need::Lost => [self.owing_ends, self.absent_ends].into_iter().flatten().min(),
            Need::Disputed | Need::History => self.absent_ends,
            _ => None,
        }
    }
}

/// Which needs the transaction has on the day `as_of`. A period of `n` days from day D ends at the start of day D + n.
pub fn decide(facts: &Facts, policy: &Retention, as_of: Day) -> Decision {
    let mut decision = Decision { reasons: facts.problems, ..Decision::default() };
    match facts.state {
        State::Open => decision.needs.insert(Need::Open),
        State::Disputed => decision.needs.insert(Need::Disputed),
        State::Lost => decision.needs.insert(Need::Lost),
        State::Unknown => decision.reasons.insert(Reason::UnknownState),
        State::Closed => {}
    }
    for (answer, need) in [
        (facts.disputed, Need::Disputed),
        (facts.lost, Need::Lost),
        (facts.history, Need::History),
        (facts.legal_hold, Need::LegalHold),
    ] {
        match answer {
            Answer::Yes if need == Need::History && policy.history == HistoryRule::Never => {}
            Answer::Yes => decision.needs.insert(need),
            Answer::Unreadable if need == Need::LegalHold => decision.reasons.insert(Reason::HoldScope),
            Answer::Unreadable => decision.reasons.insert(Reason::MissingLookup),
            Answer::No => {}
        }
    }
    match facts.owing {
        Answer::Yes => decision.needs.insert(Need::Owing),
        // A debit whose balance can't be read may be a debt.
        Answer::Unreadable => {
            decision.needs.insert(Need::Owing);
            decision.reasons.insert(Reason::UnreadableAmount);
        }
        Answer::No => {}
    }
    if facts.opened == Dated::Unset || facts.opened == Dated::Unreadable {
        decision.reasons.insert(Reason::NoOpening);
    }
    if facts.state == State::Closed {
        match facts.closed {
            Dated::On(closed) => {
                decision.grace_ends = period(closed, policy.grace_of(facts.way), as_of);
                if matches!(facts.opened, Dated::On(opened) if closed < opened) {
                    decision.reasons.insert(Reason::ClosedBeforeOpened);
                }
            }
            Dated::Unset | Dated::Unreadable => decision.reasons.insert(Reason::NoClosing),
        }
    }
    for (date, days, ends) in [
        (facts.settled, policy.settled, &mut decision.settled_ends),
        (facts.refund, policy.refund, &mut decision.refund_ends),
    ] {
        match date {
            Dated::On(day) => *ends = period(day, days, as_of),
            Dated::Unreadable => decision.reasons.insert(Reason::UnreadableDate),
            Dated::Unset => {}
        }
    }
    for (ends, need) in [
        (decision.grace_ends, Need::Grace),
        (decision.settled_ends, Need::Settled),
        (decision.refund_ends, Need::Refund),
    ] {
        if ends.is_some() {
            decision.needs.insert(need);
        }
    }
    end_owing(facts, policy, as_of, &mut decision);
    end_absent(facts, policy, as_of, &mut decision);
    if !decision.reasons.is_empty() {
        decision.needs.insert(Need::Undetermined);
    }
    decision
}

/// What is owed or lost never ends by itself; the policy may end it. What can't be read still keeps the transaction.
fn end_owing(facts: &Facts, policy: &Retention, as_of: Day, decision: &mut Decision) {
    let Some(days) = policy.owing_at_most else { return };
    let from = match (facts.closed, facts.opened) {
        (Dated::On(closed), _) => closed,
        (Dated::Unset, Dated::On(opened)) => opened,
        _ => return,
    };
    decision.owing_ends = period(from, days, as_of);
    if decision.owing_ends.is_none() {
        decision.needs.remove(Need::Owing);
        decision.needs.remove(Need::Lost);
    }
}

/// Nobody pays, finds or answers any more where the patron is gone; the policy may end what waits for it. What is still out, what
/// can't be read, and a legal hold keep the transaction all the same.
fn end_absent(facts: &Facts, policy: &Retention, as_of: Day, decision: &mut Decision) {
    let (Some(days), Some(since)) = (policy.absent_patron, facts.absent) else { return };
    decision.absent_ends = period(since, days, as_of);
    if decision.absent_ends.is_none() {
        [Need::Owing, Need::Lost, Need::Disputed, Need::History]
            .into_iter()
            .for_each(|need| decision.needs.remove(need));
    }
}

/// The end of a period, if it lies ahead.
fn period(from: Day, days: i32, as_of: Day) -> Option<Day> {
    Some(from.plus(days)).filter(|end| *end > as_of)
}

#[cfg(test)]
mod tests;
