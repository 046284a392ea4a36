//! Joining neighbours on a line: ages, hours. The cheapest cut into runs of which each is acceptable.

use super::cover::{Crowd, Growing};
use super::rules::Rules;

/// Cuts a line of values that all have rows into runs (first and last place, both included), each of which covers and is
/// acceptable. What is lost is least: a row loses as many neighbours as its run has besides its own value. `None` where
/// not even the whole line will do.
///
/// By dynamic programming over the last run's beginning; of equal cuts the one whose last run begins earliest.
pub fn cheapest_cut(
    line: &[Crowd],
    growing: &mut Growing,
    rules: &Rules,
    acceptable: impl Fn(usize, usize) -> bool,
) -> Option<Vec<(usize, usize)>> {
    // covering[first] holds, for each last that will do, the price of that run.
    let mut price: Vec<Vec<Option<u64>>> = Vec::with_capacity(line.len());
    for first in 0..line.len() {
        growing.clear();
        let mut prices = vec![None; line.len()];
        for last in first..line.len() {
            growing.join(&line[last]);
            if acceptable(first, last) && growing.covers(rules) {
                prices[last] = Some(growing.rows().saturating_mul((last - first) as u64));
            }
        }
        price.push(prices);
    }
    growing.clear();
    // best[end]: the least price of a cut of all before `end`, and where its last run begins.
    let mut best: Vec<Option<(u64, usize)>> = vec![Some((0, 0))];
    for end in 1..=line.len() {
        let with = |first: usize| {
            let (before, _) = best[first]?;
            Some((before.saturating_add(price[first][end - 1]?), first))
        };
        best.push((0..end).filter_map(with).min());
    }
    let mut runs = Vec::new();
    let mut end = line.len();
    while end > 0 {
        let (_, first) = best[end]?;
        runs.push((first, end - 1));
        end = first;
    }
    runs.reverse();
    Some(runs)
}
