//! Titles: a leaf that hangs by nothing. Of the whole library and the period, no place and no day; so few of them are told that
//! it isn't a column of the trunk, but a table of counts.
//!
//! The one rule is that of every leaf: within its separator, which is the period, its cells cover, what is `other` among them;
//! where there would be one cell alone, it reads `other`. So the overlap of a title with any cell of who, where or when is known
//! no more narrowly than a cell that covers: what is left when titles are subtracted from the period is `other`, and covers.

use super::cover::Crowd;
use super::rows::Checked;
use super::rules::{Rules, Weakness};
use super::totals::TotalsValue;
use super::word::{FIRST, OTHER, Word};

/// The titles of a period's rows. Codes are those of a column: ties are broken by their order.
pub struct TitleCodes {
    pub codes: Vec<u32>,
    /// The size of the vocabulary, the two reserved codes included.
    pub values: u32,
}

/// A line each, in the order of their words: those that cover, and `other`. All rows are in one of them. `unknown` is one of
/// them where it covers. `None`: the codes aren't those of the rows.
pub fn titles(rows: &Checked, titles: &TitleCodes, rules: &Rules) -> Option<Vec<TotalsValue>> {
    let fits = titles.codes.len() == rows.len() && titles.values >= FIRST;
    if !fits || titles.codes.iter().any(|code| *code >= titles.values) {
        return None;
    }
    let mut crowds = Crowd::of_cells(rows, &titles.codes, titles.values as usize);
    let mut other = std::mem::take(&mut crowds[OTHER as usize]);
    let (mut told, rest): (Vec<_>, Vec<_>) = (0_u32..)
        .zip(&crowds)
        .filter(|(_, crowd)| !crowd.is_empty())
        .partition(|(_, crowd)| crowd.covers(rules) || rules.lacks(Weakness::RareTitles));
    other = Crowd::union(rest.into_iter().map(|(_, crowd)| crowd).chain([&other]));
    // From the one with most rows to the one with fewest; of equals the first comes first.
    told.sort_by_key(|(code, crowd)| (std::cmp::Reverse(crowd.rows), *code));
    while !other.is_empty() && !other.covers(rules) && !rules.lacks(Weakness::BareRest) {
        // The whole period covers, so that there is always one more, or no need of it.
        let Some((_, smallest)) = told.pop() else { break };
        other = Crowd::union([&other, smallest]);
    }
    if told.len() == 1 && other.is_empty() {
        told.clear();
    }
    let mut says = vec![Word::Other; titles.values as usize];
    told.iter().for_each(|(code, _)| says[*code as usize] = Word::of_code(*code));
    Some(counted(rows, &titles.codes, &says))
}

/// Lines for what each code says.
fn counted(rows: &Checked, codes: &[u32], says: &[Word]) -> Vec<TotalsValue> {
    let mut words = says.to_vec();
    words.sort_unstable();
    words.dedup();
    let measures = &rows.rows.measures;
    let line = |word: &Word| TotalsValue { word: *word, rows: 0, measures: vec![0; measures.len()] };
    let mut lines: Vec<TotalsValue> = words.iter().map(line).collect();
    let place: Vec<usize> = says.iter().map(|word| words.partition_point(|earlier| earlier < word)).collect();
    for (row, code) in codes.iter().enumerate() {
        let line = &mut lines[place[*code as usize]];
        line.rows += 1;
        for (sum, (_, numbers)) in line.measures.iter_mut().zip(measures) {
            *sum = sum.saturating_add(numbers[row]);
        }
    }
    lines.retain(|line| line.rows > 0);
    lines
}
