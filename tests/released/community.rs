//! Kinds of patrons: which published cell each row is in.
//!
//! All rows of one place that are truly alike read the same. Which of the cells that they fit in has them, the numbers of rows
//! say. Nearly always it is the narrowest. Where it can't be, other ways are tried until one fits in which all cells cover (if
//! none does, the release is wrong); it needn't be the right one, and so what is said of patrons is held against all that each
//! row may read.

use std::collections::{BTreeMap, HashSet};

use super::checker::{Checker, OTHER, UNKNOWN, groups};
use super::published::{Line, Who};

/// What the columns about patrons read of a row.
#[derive(Clone, Debug, Default)]
pub struct About {
    pub reads: Vec<String>,
    /// What else it may read, where the numbers of rows leave it open.
    pub or: Vec<Vec<String>>,
}

/// What the columns about patrons read of each row.
pub fn told(checker: &Checker<'_>, lines: &[Line], published: &[Who]) -> Result<Vec<About>, String> {
    let rows = checker.rows;
    let mut cells: BTreeMap<&Vec<String>, BTreeMap<&Vec<String>, usize>> = BTreeMap::new();
    for who in published {
        *cells.entry(&who.places).or_default().entry(&who.about).or_default() += 1;
    }
    let mut told: Vec<About> = vec![About::default(); rows.len()];
    for (place, of_place) in groups(lines.iter().map(|line| &line.places)) {
        let Some(cells) = cells.get(place) else { return Err(format!("community: {place:?} isn't there")) };
        let mut alike: BTreeMap<&Vec<String>, Vec<usize>> = BTreeMap::new();
        of_place.iter().for_each(|row| alike.entry(&rows[*row].about).or_default().push(*row));
        let covers = |rows: &[usize]| checker.covers(rows);
        let found = assigned(&alike, cells, &covers).map_err(|what| format!("community, {place:?}: {what}"))?;
        for row in of_place {
            told[row] = found[&rows[row].about].clone();
        }
    }
    Ok(told)
}

/// For each kind of patron, the cell that it reads, so that every cell has as many rows as it says.
fn assigned<'a>(
    kinds: &BTreeMap<&'a Vec<String>, Vec<usize>>,
    cells: &BTreeMap<&Vec<String>, usize>,
    covers: &dyn Fn(&[usize]) -> bool,
) -> Result<BTreeMap<&'a Vec<String>, About>, String> {
    let names: Vec<&Vec<String>> = cells.keys().copied().collect();
    let mut open: Vec<Kind<'_>> = Vec::new();
    for (kind, rows) in kinds {
        let mut fit: Vec<usize> = (0..names.len()).filter(|cell| is_coarser(names[*cell], kind)).collect();
        fit.sort_by_key(|cell| width(names[*cell]));
        if fit.is_empty() {
            return Err(format!("{kind:?} fits no cell"));
        }
        open.push((kind, rows.len(), fit));
    }
    // Who has least choice first.
    open.sort_by_key(|(_, rows, fit)| (fit.len(), std::cmp::Reverse(*rows)));
    let room: Vec<usize> = cells.values().copied().collect();
    let all_cover = |choice: &[usize]| {
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); names.len()];
        open.iter().zip(choice).for_each(|((kind, _, _), cell)| rows[*cell].extend(&kinds[*kind]));
        rows.iter().all(|rows| covers(rows))
    };
    let with = Search::new(&open, &room, &all_cover).placed(MOST);
    let Some(choice) = with.or_else(|| Search::new(&open, &room, &|_| true).placed(MOST)) else {
        let there = kinds.iter().map(|(kind, rows)| (*kind, rows.len()));
        return Err(format!("no kinds of patrons make up {cells:?}: {:?}", there.collect::<Vec<_>>()));
    };
    let is_sure = open.iter().zip(&choice).all(|((_, _, fit), cell)| fit[0] == *cell);
    let mut found = BTreeMap::new();
    for (at, ((kind, rows, fit), cell)) in open.iter().zip(&choice).enumerate() {
        let mut about = About { reads: names[*cell].clone(), or: Vec::new() };
        for other in fit.iter().filter(|other| !is_sure && *other != cell) {
            // Could all others be placed if this kind were there?
            let mut others = open.clone();
            others.remove(at);
            let mut room = room.clone();
            let Some(left) = room[*other].checked_sub(*rows) else { continue };
            room[*other] = left;
            let mut search = Search::new(&others, &room, &|_| true);
            if search.placed(FEW).is_some() || search.steps >= FEW {
                about.or.push(names[*other].clone());
            }
        }
        found.insert(*kind, about);
    }
    Ok(found)
}

/// So many steps until it gives up: on all, and on whether it could be otherwise.
const MOST: usize = 100_000;
const FEW: usize = 2_000;

/// A kind of patron, its rows, and the cells that it fits in, the narrowest first.
type Kind<'a> = (&'a Vec<String>, usize, Vec<usize>);

struct Search<'a> {
    open: &'a [Kind<'a>],
    is_good: &'a dyn Fn(&[usize]) -> bool,
    /// How many rows each cell still lacks.
    room: Vec<usize>,
    choice: Vec<usize>,
    /// From where no way leads on.
    failed: HashSet<(usize, Vec<usize>)>,
    /// Ways that made up all cells, and weren't good.
    ways: usize,
    steps: usize,
}

impl<'a> Search<'a> {
    fn new(open: &'a [Kind<'a>], room: &[usize], is_good: &'a dyn Fn(&[usize]) -> bool) -> Search<'a> {
        let (room, choice) = (room.to_vec(), vec![0; open.len()]);
        Search { open, is_good, room, choice, failed: HashSet::new(), ways: 0, steps: 0 }
    }

    fn placed(&mut self, most: usize) -> Option<Vec<usize>> {
        self.place(0, most).then(|| self.choice.clone())
    }

    fn place(&mut self, at: usize, most: usize) -> bool {
        let Some((_, rows, fit)) = self.open.get(at) else {
            let is_full = self.room.iter().all(|room| *room == 0);
            self.ways += usize::from(is_full);
            return is_full && (self.is_good)(&self.choice);
        };
        self.steps += 1;
        if self.steps >= most || self.failed.contains(&(at, self.room.clone())) {
            return false;
        }
        let ways = self.ways;
        for &cell in fit {
            if self.room[cell] >= *rows {
                self.room[cell] -= rows;
                self.choice[at] = cell;
                if self.place(at + 1, most) {
                    return true;
                }
                self.room[cell] += rows;
            }
        }
        if self.ways == ways {
            self.failed.insert((at, self.room.clone()));
        }
        false
    }
}

/// Whether a cell is what a kind of patron may read: in each column its value, a run of bands that has it, or `other`.
fn is_coarser(cell: &[String], kind: &[String]) -> bool {
    cell.iter().zip(kind).all(|(cell, value)| {
        let has = |(low, high): (i32, i32)| band(value).is_some_and(|(first, last)| low <= first && last <= high);
        cell == OTHER || cell == value || (value != UNKNOWN && band(cell).is_some_and(has))
    })
}

/// The lowest and the highest number of a band, or of a run of bands: "6 to 17", "75+".
pub fn band(text: &str) -> Option<(i32, i32)> {
    match (text.split_once(" to "), text.strip_suffix('+')) {
        (Some((low, high)), _) => Some((low.parse().ok()?, high.parse().ok()?)),
        (_, Some(low)) => Some((low.parse().ok()?, i32::MAX)),
        _ => text.parse().ok().map(|number| (number, number)),
    }
}

/// How little a cell says.
fn width(cell: &[String]) -> i64 {
    let of = |text: &String| match (text.as_str(), band(text)) {
        (OTHER, _) => 1_000_000,
        (_, Some((low, high))) => i64::from(high.min(150)) - i64::from(low),
        _ => 0,
    };
    cell.iter().map(of).sum()
}

#[test]
fn kinds_of_patrons_are_found_in_their_cells() {
    let texts = |texts: [&str; 2]| texts.map(str::to_owned).to_vec();
    let kinds = [["AD", "18 to 24"], ["AD", "75+"], ["JU", "6 to 11"], ["JU", "unknown"]].map(texts);
    let kinds: BTreeMap<&Vec<String>, Vec<usize>> =
        kinds.iter().zip([0..5, 5..12, 12..15, 15..17].map(Iterator::collect)).collect();
    let found = |cells: &[([&str; 2], usize)]| {
        let cells: Vec<(Vec<String>, usize)> = cells.iter().map(|(cell, rows)| (texts(*cell), *rows)).collect();
        assigned(&kinds, &cells.iter().map(|(cell, rows)| (cell, *rows)).collect(), &|_| true).is_ok()
    };
    assert!(found(&[(["AD", "18 to 24"], 5), (["AD", "75+"], 7), (["other", "other"], 5)]));
    assert!(found(&[(["AD", "18+"], 12), (["JU", "other"], 5)]));
    // One that would fit the narrower cell is in `other`.
    assert!(found(&[(["AD", "18+"], 7), (["other", "other"], 10)]));
    assert!(!found(&[(["AD", "18+"], 11), (["JU", "other"], 6)]));
    assert!(!found(&[(["AD", "25+"], 12), (["JU", "other"], 5)]));
}
