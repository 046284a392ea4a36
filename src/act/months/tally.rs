//! What is counted of a month, and by adding months of a pipeline: once, in one place. What a night shows, remembers and
//! reports contains it or reads from it. What became of each row is counted in `words::Totals`.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::{Serialize, Serializer};

use crate::words::{Month, Need, Reason, TransactionId};

/// Figures that add up over months.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Tally {
    /// Kept for longer than the policy's `review_after`.
    pub review: u64,
    pub review_by_need: BTreeMap<Need, u64>,
    pub retired_by_month: BTreeMap<Month, u64>,
    /// On an earlier worklist and no longer linked; first seen tonight.
    pub confirmed: u64,
    /// Nights since they were requested → residual rows.
    #[serde(rename = "residual", serialize_with = "as_their_sum")]
    pub residual_by_nights: BTreeMap<i32, u64>,
    /// Residuals that are news: requested by the last run, or linked again after they were confirmed.
    pub new_residual: u64,
    pub late: u64,
    /// Of the confirmed, those that are no longer in the snapshot: it may have shrunk by as much.
    #[serde(skip)]
    pub gone: u64,
    /// Linked rows that lost what another export said of them, and whether nothing else keeps them.
    #[serde(skip)]
    pub vanished: Vec<(TransactionId, bool)>,
    /// By the place of a lookup that decides, how many of the confirmed had a row in it: it may have shrunk by as much.
    #[serde(skip)]
    pub excused: BTreeMap<usize, u64>,
    #[serde(skip)]
    pub director: ForDirector,
    #[serde(skip)]
    pub inventory: Inventory,
    /// Shown with the logs, where the pipeline says which requests count.
    #[serde(skip)]
    pub requests: Requests,
}

/// What still leads to a patron, and what no longer does: for the inventory of what could be handed over.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Inventory {
    /// Rows that name a patron, by month of opening.
    pub linked_by_month: BTreeMap<Month, u64>,
    /// Transactions that name nobody any more, and whose other traces are asked for tonight.
    pub traced: u64,
    /// Of what was ever asked to be severed, tonight included: how many, and how many of them no longer name a patron.
    pub asked: u64,
    pub severed: u64,
}

/// What the director alone is told.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ForDirector {
    /// Why rows are undetermined.
    pub reasons: BTreeMap<Reason, u64>,
    pub under_legal_hold: u64,
}

/// Of the rows of logs that were retired tonight, linked or not: which are requests that count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Requests {
    pub counted: u64,
    /// Another request followed within seconds, and counts.
    pub double_clicks: u64,
    /// Failed, or a page's furniture.
    pub uncounted: u64,
}

/// How many files of a log there are, by what becomes of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct LogFiles {
    /// Retired whole, tonight.
    pub retired: u64,
    /// Retired by an earlier run, or copies of others.
    pub again: u64,
    /// Not all of them is due.
    pub waiting: u64,
}

impl Tally {
    /// On an earlier worklist and still linked.
    pub fn residual(&self) -> u64 {
        self.residual_by_nights.values().sum()
    }
}

impl AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, other: &Tally) {
        // By name, so that none can be forgotten.
        let Tally {
            review,
            review_by_need,
            retired_by_month,
            confirmed,
            residual_by_nights,
            new_residual,
            late,
            gone,
            vanished,
            excused,
            director,
            inventory,
            requests,
        } = other;
        self.review += review;
        add(&mut self.review_by_need, review_by_need);
        add(&mut self.retired_by_month, retired_by_month);
        self.confirmed += confirmed;
        add(&mut self.residual_by_nights, residual_by_nights);
        self.new_residual += new_residual;
        self.late += late;
        self.gone += gone;
        self.vanished.extend(vanished);
        add(&mut self.excused, excused);
        add(&mut self.director.reasons, &director.reasons);
        self.director.under_legal_hold += director.under_legal_hold;
        self.inventory += inventory;
        self.requests += *requests;
    }
}

impl AddAssign<&Inventory> for Inventory {
    fn add_assign(&mut self, other: &Inventory) {
        let Inventory { linked_by_month, traced, asked, severed } = other;
        add(&mut self.linked_by_month, linked_by_month);
        self.traced += traced;
        self.asked += asked;
        self.severed += severed;
    }
}

impl AddAssign for Requests {
    fn add_assign(&mut self, other: Requests) {
        self.counted += other.counted;
        self.double_clicks += other.double_clicks;
        self.uncounted += other.uncounted;
    }
}

fn add<K: Ord + Copy>(to: &mut BTreeMap<K, u64>, more: &BTreeMap<K, u64>) {
    for (key, count) in more {
        *to.entry(*key).or_default() += count;
    }
}

fn as_their_sum<S: Serializer>(by_nights: &BTreeMap<i32, u64>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(by_nights.values().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_of_two_months_is_their_sum_and_tells_no_hold() {
        let month = |month: &str| Tally {
            review: 1,
            review_by_need: BTreeMap::from([(Need::Open, 1)]),
            retired_by_month: BTreeMap::from([(month.parse().unwrap(), 2)]),
            confirmed: 3,
            residual_by_nights: BTreeMap::from([(1, 4), (9, 5)]),
            new_residual: 6,
            late: 7,
            gone: 8,
            vanished: vec![(TransactionId(14), true)],
            excused: BTreeMap::from([(0, 15)]),
            director: ForDirector { reasons: BTreeMap::from([(Reason::Repeat, 9)]), under_legal_hold: 10 },
            inventory: Inventory {
                linked_by_month: BTreeMap::from([(month.parse().unwrap(), 16)]),
                traced: 17,
                asked: 18,
                severed: 19,
            },
            requests: Requests { counted: 11, double_clicks: 12, uncounted: 13 },
        };
        let mut both = month("2026-01");
        both += &month("2026-02");
        assert_eq!((both.gone, both.director.reasons[&Reason::Repeat], both.director.under_legal_hold), (16, 18, 20));
        assert_eq!((both.vanished.len(), both.excused[&0]), (2, 30));
        let Inventory { linked_by_month, traced, asked, severed } = &both.inventory;
        assert_eq!((linked_by_month.len(), *traced, *asked, *severed), (2, 34, 36, 38));
        assert_eq!(both.requests, Requests { counted: 22, double_clicks: 24, uncounted: 26 });
        let shown = serde_json::to_string(&both).unwrap();
        assert_eq!(
            shown,
            r#"{"review":2,"review_by_need":{"open":2},"retired_by_month":{"2026-01":2,"2026-02":2},"confirmed":6,"residual":18,"new_residual":12,"late":14}"#
        );
    }
}
