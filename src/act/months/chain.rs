//! What a period that is about too few leaves to the next one.
//!
//! Periods are worked out as many at a time as there are cores, each by itself; but whether it is released by itself only the
//! one before can tell. So each waits for its word, which comes from a thread that is at work.

use std::sync::{Condvar, Mutex};

use super::periods::Due;

/// The word of each period to the next: what it leaves, if anything.
pub struct Chain {
    words: Mutex<Vec<Option<Option<Due>>>>,
    said: Condvar,
}

impl Chain {
    pub fn new(periods: usize) -> Chain {
        Chain { words: Mutex::new((0..periods).map(|_| None).collect()), said: Condvar::new() }
    }

    /// What the period before this one leaves to it. The first has none before.
    pub fn before(&self, place: usize) -> Option<Due> {
        let before = place.checked_sub(1)?;
        let mut words = self.words.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        loop {
            match words.get_mut(before).map(Option::take) {
                Some(Some(word)) => return word,
                Some(None) => words = self.said.wait(words).unwrap_or_else(|poisoned| poisoned.into_inner()),
                None => return None,
            }
        }
    }

    fn say(&self, place: usize, word: Option<Due>) {
        let mut words = self.words.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(of_this) = words.get_mut(place) {
            *of_this = Some(word);
        }
        self.said.notify_all();
    }
}

/// A period's turn to say its word: dropped without one, as where it failed, it leaves nothing.
pub struct Turn<'c> {
    chain: &'c Chain,
    place: usize,
    word: Option<Due>,
}

impl<'c> Turn<'c> {
    pub fn new(chain: &'c Chain, place: usize) -> Turn<'c> {
        Turn { chain, place, word: None }
    }

    pub fn before(&self) -> Option<Due> {
        self.chain.before(self.place)
    }

    /// Whether there is a period after it to leave anything to.
    pub fn is_last(&self) -> bool {
        let words = self.chain.words.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        self.place + 1 == words.len()
    }

    pub fn leave(mut self, due: Due) {
        self.word = Some(due);
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.chain.say(self.place, self.word.take());
    }
}
