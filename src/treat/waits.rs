//! What came of a hold: how many days until its copy came, if one did, and in which way it ended.

use super::bands::Bands;
use super::labels::UNKNOWN;
use crate::words::Way;

/// It hadn't come when the period was released.
const NOT_COME: &str = "not come";
/// It was open when the period was released.
const NOT_ENDED: &str = "not ended";

/// Days until something came, by the lower edges of their bands; apart from them, that it hadn't.
#[derive(Clone, Debug)]
pub struct Waits {
    bands: Bands,
    labels: Vec<String>,
}

impl Waits {
    /// `edges` rise.
    pub fn new(edges: &[i32]) -> Waits {
        let bands = Bands::new(edges);
        let labels = bands.labels().iter().cloned().chain([NOT_COME.to_owned()]).collect();
        Waits { bands, labels }
    }

    /// Every label; a code is a place in this list.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    pub fn code(&self, days: i32) -> u16 {
        self.bands.code(Some(days))
    }

    pub fn unknown(&self) -> u16 {
        self.bands.unknown()
    }

    pub fn not_come(&self) -> u16 {
        self.labels.len() as u16 - 1
    }
}

/// How a hold ended, if it did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    In(Way),
    NotEnded,
    /// It ended in a way that isn't told, or nothing is known of it.
    Unknown,
}

/// A code: a place in [`ends`].
pub fn end_code(end: End) -> u16 {
    match end {
        End::In(Way::Fulfilled) => 0,
        End::In(Way::Cancelled) => 1,
        End::In(Way::Expired) => 2,
        End::NotEnded => 3,
        End::Unknown => 4,
    }
}

/// Every label of how a hold ended.
pub fn ends() -> &'static [String] {
    static ENDS: std::sync::LazyLock<Vec<String>> = std::sync::LazyLock::new(|| {
        let ways = Way::ALL.map(Way::as_str);
        ways.into_iter().chain([NOT_ENDED, UNKNOWN]).map(str::to_owned).collect()
    });
    &ENDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_label() {
        let waits = Waits::new(&[0, 8, 15]);
        assert_eq!(waits.labels(), ["0 to 7", "8 to 14", "15+", "unknown", "not come"]);
        let said = |code: u16| waits.labels()[usize::from(code)].as_str();
        assert_eq!([said(waits.code(7)), said(waits.code(90)), said(waits.unknown())], ["0 to 7", "15+", "unknown"]);
        assert_eq!(said(waits.not_come()), "not come");
        for way in Way::ALL {
            assert_eq!(ends()[usize::from(end_code(End::In(way)))], way.as_str());
        }
        assert_eq!(ends()[usize::from(end_code(End::NotEnded))], "not ended");
        assert_eq!(ends()[usize::from(end_code(End::Unknown))], "unknown");
    }
}
