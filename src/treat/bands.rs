//! Bands: a number by the lower edges of its bands.

use super::labels::UNKNOWN;
use crate::words::{band, bands};

/// The labels of bands and where they begin. Below the first edge, and what is no number: `unknown`.
#[derive(Clone, Debug)]
pub struct Bands {
    edges: Vec<i32>,
    labels: Vec<String>,
}

impl Bands {
    /// `edges` rise. Edges 0, 18, 65 make "0 to 17", "18 to 64", "65+", and "unknown" at the end.
    pub fn new(edges: &[i32]) -> Bands {
        let mut labels: Vec<String> = bands(edges).map(|(low, high)| band(low, high)).collect();
        labels.push(UNKNOWN.into());
        Bands { edges: edges.to_vec(), labels }
    }

    /// Every label; a code is a place in this list.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    pub fn unknown(&self) -> u16 {
        self.edges.len() as u16
    }

    /// The top band: also where an open loan's duration belongs.
    pub fn top(&self) -> u16 {
        (self.edges.len() - 1) as u16
    }

    pub fn code(&self, value: Option<i32>) -> u16 {
        let below = value.map_or(0, |value| self.edges.partition_point(|edge| *edge <= value));
        if below == 0 { self.unknown() } else { (below - 1) as u16 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_falls_into_the_band_whose_lower_edge_it_reaches() {
        let bands = Bands::new(&[0, 1, 18, 65]);
        assert_eq!(bands.labels(), ["0", "1 to 17", "18 to 64", "65+", "unknown"]);
        let cases =
            [(Some(-1), "unknown"), (Some(0), "0"), (Some(17), "1 to 17"), (Some(18), "18 to 64"), (Some(900), "65+")];
        for (value, label) in cases {
            assert_eq!(bands.labels()[usize::from(bands.code(value))], label, "{value:?}");
        }
        assert_eq!(bands.code(None), bands.unknown());
        assert_eq!(bands.labels()[usize::from(bands.top())], "65+");
    }
}
