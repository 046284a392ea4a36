//! `[retention.KIND]`: how long the link of one kind of record is needed.

use serde::Deserialize;

use super::period;
use crate::toml_file::{Located, TomlError};
use crate::words::{Kind, Side, Way};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(super) struct RetentionText {
    grace: String,
    settled: Option<String>,
    refund: Option<String>,
    history: Option<HistoryRule>,
    last_borrower: Option<u32>,
    review_after: Option<String>,
    owing_at_most: Option<String>,
    absent_patron: Option<String>,
    audit: Option<String>,
    fulfilled: Option<String>,
    cancelled: Option<String>,
    expired: Option<String>,
}

/// How long the link of one kind of transaction is needed, in civil days: due when the end ≤ as-of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Days after it closed. Of a bill: until its material is severed.
    pub grace: i32,
    /// Of holds: days after it closed in this way, where that differs.
    pub fulfilled: Option<i32>,
    pub cancelled: Option<i32>,
    pub expired: Option<i32>,
    /// Of bills, which are fiscal records: days after it closed, until its patron is severed.
    pub audit: Option<i32>,
    /// Days after its last bill was paid.
    pub settled: i32,
    /// Days after a lost item was paid for.
    pub refund: i32,
    pub history: HistoryRule,
    /// How many of the newest loans of each item are kept.
    pub last_borrower: u32,
    /// Still kept this many days after it was opened: listed for a person to look at.
    pub review_after: Option<i32>,
    /// What is owed or lost keeps it for no longer than this many days after it closed, or was opened if it never did.
    pub owing_at_most: Option<i32>,
    /// What is owed, lost or disputed, or kept for a wish of hers, keeps it no longer once its patron has been missing from the
    /// export of patrons for this many days.
    pub absent_patron: Option<i32>,
}

impl Retention {
    /// No period, no history but for patrons who asked, no last borrower.
    pub const NONE: Retention = Retention {
        grace: 0,
        fulfilled: None,
        cancelled: None,
        expired: None,
        audit: None,
        settled: 0,
        refund: 0,
        history: HistoryRule::OptIn,
        last_borrower: 0,
        review_after: None,
        owing_at_most: None,
        absent_patron: None,
    };

    /// Days after it closed in this way. One whose way isn't told may have closed in any: the longest holds.
    pub fn grace_of(&self, way: Option<Way>) -> i32 {
        let of = |way| match way {
            Way::Fulfilled => self.fulfilled.unwrap_or(self.grace),
            Way::Cancelled => self.cancelled.unwrap_or(self.grace),
            Way::Expired => self.expired.unwrap_or(self.grace),
        };
        match way {
            Some(way) => of(way),
            None => Way::ALL.into_iter().map(of).fold(self.grace, i32::max),
        }
    }

    /// The rules for a pipeline that severs this side of records of this kind. The patron of a bill stays for the audit,
    /// which takes the place of grace, and what is kept is looked at only when that is over, too.
    pub fn of(self, kind: Kind, side: Side) -> Result<Retention, MissingRule> {
        match (kind, side) {
            (Kind::Bill, Side::Patron) => {
                let audit = self.audit.ok_or(MissingRule::Audit)?;
                let review_after = self.review_after.map(|days| days.saturating_add(audit));
                Ok(Retention { grace: audit, review_after, ..self })
            }
            _ => Ok(self),
        }
    }
}

/// What the board must decide before a pipeline retires anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MissingRule {
    #[error(
        "policy.toml has no [retention.{0}]: what isn't decided by the board isn't retired. Write it as for another kind, \
         for example [retention.{0}] and below it grace = \"30 days\"{more}",
        more = if *.0 == Kind::Bill { " and audit = \"7 years\"" } else { "" }
    )]
    Kind(Kind),
    #[error(
        "policy.toml has no `audit` under [retention.bill]: for how many years a bill must name its patron is for the \
         board to say, for example audit = \"7 years\""
    )]
    Audit,
}

/// Whether a patron's wish to keep a history is a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HistoryRule {
    /// Patrons who asked to keep theirs keep it.
    OptIn,
    /// The library keeps nobody's history.
    Never,
}

impl RetentionText {
    pub fn read(&self, kind: Kind, source: &Located) -> Result<Retention, TomlError> {
        self.fit(kind).map_err(|(key, why)| source.error(key, why))?;
        let days = |text: &str| period::days(text, source);
        let optional = |text: &Option<String>| text.as_deref().map(days).transpose();
        let rules = Retention {
            grace: days(&self.grace)?,
            fulfilled: optional(&self.fulfilled)?,
            cancelled: optional(&self.cancelled)?,
            expired: optional(&self.expired)?,
            audit: optional(&self.audit)?,
            settled: optional(&self.settled)?.unwrap_or(0),
            refund: optional(&self.refund)?.unwrap_or(0),
            history: self.history.unwrap_or(HistoryRule::OptIn),
            last_borrower: self.last_borrower.unwrap_or(0),
            review_after: optional(&self.review_after)?,
            owing_at_most: optional(&self.owing_at_most)?,
            absent_patron: optional(&self.absent_patron)?,
        };
        let material = rules.grace.max(rules.settled).max(rules.refund);
        if rules.audit.is_some_and(|audit| audit < material) {
            let why = "a bill's patron would go before its material: let `audit` be no shorter than grace, settled and refund";
            return Err(source.error(self.audit.as_deref().unwrap_or("audit"), why));
        }
        Ok(rules)
    }

    /// What is a rule of one kind alone.
    fn fit(&self, kind: Kind) -> Result<(), (&'static str, &'static str)> {
        let ways = [("fulfilled", &self.fulfilled), ("cancelled", &self.cancelled), ("expired", &self.expired)];
        match ways.into_iter().find(|(_, period)| period.is_some()) {
            Some((key, _)) if kind != Kind::Hold => return Err((key, "holds alone end in several ways")),
            _ => {}
        }
        let of_transactions = [
            ("settled", self.settled.is_some()),
            ("refund", self.refund.is_some()),
            ("last_borrower", self.last_borrower.is_some()),
            ("review_after", self.review_after.is_some()),
            ("owing_at_most", self.owing_at_most.is_some()),
            ("absent_patron", self.absent_patron.is_some()),
        ];
        match of_transactions.into_iter().find(|(_, given)| *given) {
            Some((key, _)) if kind == Kind::Contact => {
                return Err((key, "a patron record is no transaction: it has `grace`, and `history`"));
            }
            _ => {}
        }
        if self.owing_at_most.is_some() && kind == Kind::Bill {
            return Err(("owing_at_most", "a bill is what is owed: it is open until it is paid"));
        }
        if self.absent_patron.is_some() && kind == Kind::Bill {
            return Err(("absent_patron", "a bill is what is owed: it is open until it is paid, or written off"));
        }
        if self.audit.is_some() && kind != Kind::Bill {
            return Err(("audit", "bills alone are kept for an audit"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{SMALL, each_is_refused, parse};
    use super::*;

    #[test]
    fn a_rule_stands_where_it_has_a_meaning() {
        let bill = "[retention.bill]\ngrace = \"30 days\"\nrefund = \"180 days\"\naudit = \"179 days\"\n[exports]";
        let contact = "[retention.contact]\ngrace = \"2 years\"\nlast_borrower = 1\n[exports]";
        let absent =
            "[retention.bill]\ngrace = \"30 days\"\naudit = \"7 years\"\nabsent_patron = \"90 days\"\n[exports]";
        let audit = "\"30 days\"\naudit = \"7 years\"\n";
        each_is_refused(&[
            ("\"30 days\"\n", audit, "policy.toml:9:1: bills alone are kept for an audit"),
            ("\"30 days\"\n", "\"30 days\"\nexpired = \"0\"\n", "policy.toml:9:1: holds alone end in several ways"),
            ("[exports]", bill, "policy.toml:12:9: a bill's patron would go before its material"),
            ("[exports]", absent, "policy.toml:12:1: a bill is what is owed"),
            ("[exports]", contact, "policy.toml:11:1: a patron record is no transaction"),
        ]);
    }

    #[test]
    fn a_kind_has_rules_of_its_own() {
        let text = "[retention.hold]\ngrace = \"30 days\"\nfulfilled = \"1 week\"\nexpired = \"0\"\n\
                    [retention.bill]\ngrace = \"30 days\"\naudit = \"7 years\"\n[exports]";
        let policy = parse(SMALL.replacen("[exports]", text, 1)).unwrap();
        let hold = policy.rules(Kind::Hold, Side::Patron).unwrap();
        let graces =
            [Some(Way::Fulfilled), Some(Way::Cancelled), Some(Way::Expired), None].map(|way| hold.grace_of(way));
        assert_eq!(graces, [7, 30, 0, 30]);
        let bill = |side| policy.rules(Kind::Bill, side).unwrap().grace;
        assert_eq!((bill(Side::Patron), bill(Side::Material)), (2_557, 30));
        assert_eq!(policy.rules(Kind::Ill, Side::Patron), Err(MissingRule::Kind(Kind::Ill)));
    }
}
