//! Lines that stand in two logs, of which neither begins with the other: a rotation that sends a part twice. Counted twice, they
//! would be published for good; so the later file waits until a person has taken them out.

use std::collections::{BTreeSet, HashMap};

use super::LogRead;
use crate::pass::LogRun;
use crate::state::logs::{Blocks, RetiredLog};
use crate::words::Day;

/// What of a file stands in another log, too.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Repeat {
    /// At least so many lines, and the first that is known to be one.
    pub lines: u64,
    pub first: u64,
    pub of: Other,
}

/// The log in which lines stand, too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Other {
    /// An earlier run's.
    Retired(Day),
    /// Another of tonight's, by its place.
    Tonight(usize),
}

/// Of each of tonight's files what it repeats. `run`: what is known otherwise to have been retired, or to be a copy, repeats nothing.
pub fn repeats(read: &[LogRead], retired: &[RetiredLog], run: &LogRun) -> Vec<Option<Repeat>> {
    let is_news = |place: usize| run.copy_of[place].is_none() && run.again[place] < read[place].lines;
    let tonight: Vec<(usize, &Blocks)> = read
        .iter()
        .enumerate()
        .filter(|(place, _)| is_news(*place))
        .filter_map(|(place, log)| Some((place, log.blocks.as_ref()?)))
        .collect();
    let before: Vec<(Day, &Blocks)> =
        retired.iter().filter_map(|log| Some((log.retired, log.blocks.as_ref()?))).collect();
    let levels = tonight.iter().map(|(_, blocks)| *blocks).chain(before.iter().map(|(_, blocks)| *blocks));
    let levels: BTreeSet<u32> = levels.map(Blocks::level).collect();
    let mut found: Vec<Option<Repeat>> = vec![None; read.len()];
    for level in levels {
        let mut known: HashMap<u64, Other> = HashMap::new();
        for (day, blocks) in before.iter().filter(|(_, blocks)| blocks.level() <= level) {
            known.extend(blocks.at(level).map(|block| (block.value, Other::Retired(*day))));
        }
        for (place, blocks) in tonight.iter().filter(|(_, blocks)| blocks.level() <= level) {
            let mut repeat: Option<Repeat> = None;
            for block in blocks.at(level).filter(|block| block.from > run.again[*place]) {
                match known.get(&block.value) {
                    // What a file itself repeats is its own affair.
                    Some(Other::Tonight(own)) if own == place => {}
                    Some(of) => {
                        let so_far = repeat.get_or_insert(Repeat { lines: 0, first: block.from, of: *of });
                        so_far.lines += block.lines;
                    }
                    None => {
                        known.insert(block.value, Other::Tonight(*place));
                    }
                }
            }
            let more = |known: &Repeat| repeat.as_ref().is_some_and(|repeat| repeat.lines > known.lines);
            if found[*place].as_ref().is_none_or(more) && repeat.is_some() {
                found[*place] = repeat;
            }
        }
    }
    found
}
