//! The digits of a text that no letter parts, and the groups in which they are written.

use super::shapes::Group;

/// Digits of a number that is put together from groups, at most.
const LONGEST_NUMBER: usize = 40;

/// The digits between two letters, and where their groups begin.
pub(super) struct Stretch {
    pub digits: Vec<u8>,
    starts: Vec<usize>,
}

impl Stretch {
    /// From the beginning of a group to the end of one.
    pub fn runs(&self) -> impl Iterator<Item = (usize, usize)> {
        let ends = || self.starts.iter().skip(1).copied().chain([self.digits.len()]);
        self.starts.iter().enumerate().flat_map(move |(place, from)| {
            ends().skip(place).take_while(move |to| to - from <= LONGEST_NUMBER).map(move |to| (*from, to))
        })
    }
}

/// Every stretch of a folded text.
pub(super) fn stretches(text: &str) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    let mut last_end = None;
    for Group { from, to } in Group::all(text) {
        let goes_on = last_end.is_some_and(|end: usize| !text[end..from].contains(char::is_alphabetic));
        match all.last_mut() {
            Some(stretch) if goes_on => {
                stretch.starts.push(stretch.digits.len());
                stretch.digits.extend_from_slice(&text.as_bytes()[from..to]);
            }
            _ => all.push(Stretch { digits: text.as_bytes()[from..to].to_vec(), starts: vec![0] }),
        }
        last_end = Some(to);
    }
    all
}
