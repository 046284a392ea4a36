//! What coarsening cost, for the report: how many rows keep what they came with.

use super::rows::{About, Checked};
use super::said::Tree;
use super::word::{Labels, When, Word};

/// How many rows of a column say what, as published.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Kept {
    /// Their own value.
    pub value: u64,
    /// A run of neighbours, or a declared group.
    pub coarser: u64,
    /// Not recorded.
    pub unknown: u64,
    /// `other`, declared or merged.
    pub other: u64,
}

/// A period in figures. No figure is about fewer rows than a published table tells.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    pub rows: u64,
    /// That name a patron.
    pub linked: u64,
    /// Whether times may be published at all.
    pub tells_day: bool,
    pub days: u64,
    pub weeks: u64,
    pub no_day: u64,
    /// By column, in declared order: places, uses, patrons.
    pub columns: Vec<(String, Kept)>,
    pub hours: Option<Kept>,
}

impl Counts {
    pub fn of(rows: &Checked, tree: &Tree) -> Counts {
        let when = |is: fn(&When) -> bool| tree.time.iter().filter(|when| is(when)).count() as u64;
        let names = [About::Place, About::Use, About::Patron].into_iter().flat_map(|about| rows.about(about));
        let labels = tree.places.iter().chain(&tree.uses).chain(&tree.community);
        Counts {
            rows: rows.len() as u64,
            linked: rows.patron.iter().filter(|patron| **patron > 0).count() as u64,
            tells_day: rows.rows.tells_day,
            days: when(|when| matches!(when, When::Day(_))),
            weeks: when(|when| matches!(when, When::Week(_))),
            no_day: when(|when| *when == When::Period),
            columns: names.zip(labels).map(|(column, labels)| (column.name.clone(), Kept::of(labels))).collect(),
            hours: tree.hours.as_ref().map(|hours| Kept::of(&hours.range)),
        }
    }
}

impl Kept {
    fn of(labels: &Labels) -> Kept {
        let mut kept = Kept::default();
        for word in labels.iter() {
            match word {
                Word::Value(_) => kept.value += 1,
                Word::Run(..) | Word::Group(_) => kept.coarser += 1,
                Word::Unknown => kept.unknown += 1,
                Word::Other => kept.other += 1,
            }
        }
        kept
    }
}
