//! What a period would tell of where and when, were it released so: counted by the release's own rules, without what hangs
//! on it. For whoever chooses periods and groups of places; nothing of it is published.

use super::cover::Crowd;
use super::grow::where_and_when;
use super::rows::{About, Checked};
use super::rules::Rules;
use super::word::{When, Word};

/// Rows of a period that keep what they came with.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Told {
    /// That don't say `other` for their first place.
    pub place: u64,
    /// That say their day.
    pub day: u64,
}

/// What is told of where and when. None: the period doesn't cover as a whole.
pub fn told(checked: &Checked<'_>, rules: &Rules) -> Option<Told> {
    let (places, time) = where_and_when(checked, rules)?;
    let is_told = |labels: &super::word::Labels| labels.iter().filter(|word| *word != Word::Other).count();
    Some(Told {
        place: places.labels.first().map_or(checked.len(), is_told) as u64,
        day: time.iter().filter(|when| matches!(when, When::Day(_))).count() as u64,
    })
}

/// Of each code of the first place, as it came in, whom its rows are about; none where there are no places.
pub fn crowds_of_places(checked: &Checked<'_>) -> Vec<Crowd> {
    let first = checked.about(About::Place).into_iter().next();
    first.map_or_else(Vec::new, |column| Crowd::of_cells(checked, &column.codes, column.values as usize))
}
