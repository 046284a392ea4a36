//! Files that lead back to themselves: of each knot of them, its shortest circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::imports::Arrow;

pub struct Circle<'a> {
    /// All files that lead to each other.
    pub files: BTreeSet<&'a str>,
    /// The shortest way round.
    pub round: Vec<&'a Arrow>,
}

pub fn circles(arrows: &[Arrow]) -> Vec<Circle<'_>> {
    let mut next: BTreeMap<&str, Vec<&Arrow>> = BTreeMap::new();
    for arrow in arrows {
        next.entry(&arrow.from).or_default().push(arrow);
    }
    let rounds: BTreeMap<&str, Vec<&Arrow>> =
        next.keys().filter_map(|file| Some((*file, round(&next, file)?))).collect();
    let mut circles: Vec<Circle<'_>> = Vec::new();
    for file in rounds.keys() {
        if circles.iter().any(|circle| circle.files.contains(file)) {
            continue;
        }
        let reached = reached(&next, file);
        let files: BTreeSet<&str> =
            reached.into_iter().filter(|other| self::reached(&next, other).contains(file)).collect();
        let shortest = files.iter().filter_map(|one| rounds.get(one)).min_by_key(|round| round.len());
        circles.extend(shortest.map(|round| Circle { round: round.clone(), files }));
    }
    circles
}

fn reached<'a>(next: &BTreeMap<&'a str, Vec<&'a Arrow>>, from: &'a str) -> BTreeSet<&'a str> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(file) = open.pop() {
        for arrow in next.get(file).into_iter().flatten() {
            if reached.insert(arrow.to.as_str()) {
                open.push(&arrow.to);
            }
        }
    }
    reached
}

/// The shortest way from a file back to it.
fn round<'a>(next: &BTreeMap<&'a str, Vec<&'a Arrow>>, start: &'a str) -> Option<Vec<&'a Arrow>> {
    let mut came_by: BTreeMap<&str, &Arrow> = BTreeMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(file) = open.pop_front() {
        for arrow in next.get(file).into_iter().flatten() {
            if came_by.contains_key(arrow.to.as_str()) {
                continue;
            }
            came_by.insert(&arrow.to, arrow);
            if arrow.to == start {
                let mut round = vec![*arrow];
                while round[round.len() - 1].from != start {
                    round.push(came_by[round[round.len() - 1].from.as_str()]);
                }
                round.reverse();
                return Some(round);
            }
            open.push_back(&arrow.to);
        }
    }
    None
}
