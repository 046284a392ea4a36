//! What a pipeline asks of records that name their own cells: members of JSON objects, codes of a history log.
//!
//! Such a file has no header, so two things show only while it is read: whether a name that the pipeline asks for was in
//! any record, and which names it doesn't ask for. Both are noted by every worker at once, without a lock.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// The names that a pipeline asks for, and whether some record had them.
#[derive(Debug, Default)]
pub struct Named {
    names: Vec<String>,
    met: Vec<AtomicBool>,
}

impl Named {
    pub fn new(names: &[String]) -> Named {
        Named { names: names.to_vec(), met: names.iter().map(|_| AtomicBool::new(false)).collect() }
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Notes that a record had the nth.
    #[inline]
    pub fn meet(&self, place: usize) {
        // Read first: a write would take the line from the other cores' caches.
        if !self.met[place].load(Ordering::Relaxed) {
            self.met[place].store(true, Ordering::Relaxed);
        }
    }

    /// Those that no record had.
    pub fn never_met(&self) -> impl Iterator<Item = &str> {
        let never = self.names.iter().zip(&self.met).filter(|(_, met)| !met.load(Ordering::Relaxed));
        never.map(|(name, _)| name.as_str())
    }
}

/// Stands for members whose names aren't told.
pub const NOT_TOLD: &str = "(members whose names may be data)";

/// What may be told of a name. It may be data itself (a list by card number), where it is more than a plain word.
pub fn told(name: &str) -> &str {
    let is_plain = name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphabetic() || "_-".contains(c));
    if is_plain { name } else { NOT_TOLD }
}

/// Names that records had and nobody asks for: the first so many different ones.
#[derive(Debug, Default)]
pub struct Unasked {
    /// Filled from the front; a slot never changes once it is filled.
    slots: Vec<OnceLock<Box<str>>>,
}

impl Unasked {
    pub fn with_room_for(count: usize) -> Unasked {
        Unasked { slots: (0..count).map(|_| OnceLock::new()).collect() }
    }

    #[inline]
    pub fn note(&self, name: &str) {
        self.slots.iter().any(|slot| **slot.get_or_init(|| name.into()) == *name);
    }

    /// Whether it was noted before, or there is no room for it.
    #[inline]
    pub fn has(&self, name: &str) -> bool {
        self.slots.iter().all(|slot| slot.get().is_some()) || self.names().any(|known| known == name)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().map_while(OnceLock::get).map(|name| &**name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_noted_once_and_as_many_as_there_is_room_for() {
        let unasked = Unasked::with_room_for(3);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| ["a", "b", "a", "c", "d", "b"].iter().for_each(|name| unasked.note(name)));
            }
        });
        let names: Vec<&str> = unasked.names().collect();
        assert_eq!(names.len(), 3);
        assert!(["a", "b"].iter().all(|name| names.contains(name)), "{names:?}");
    }

    #[test]
    fn what_was_met_is_no_longer_missed() {
        let named = Named::new(&["id".into(), "card".into()]);
        named.meet(1);
        assert_eq!(named.never_met().collect::<Vec<_>>(), ["id"]);
    }
}
