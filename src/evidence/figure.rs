//! A figure that may be hidden, and the rule that hides it.
//!
//! In what many people may read, a breakdown must not say that three patrons' loans are in dispute. [`protect`] hides
//! every figure of a breakdown from 1 to the threshold less one; and where the figures add up to a total that is
//! shown, it goes on with the next smallest until at least two are hidden and those hidden are together not below the
//! threshold either, as the total less what is shown would otherwise give them away.
//!
//! It can't help where there is nothing else to hide: a breakdown of one line is its total. And it says nothing about
//! two reports of different nights, whose totals are exact: that is why reports are for staff.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A count of rows; hidden in the copy for staff when it is small. `null` in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Figure(pub Option<u64>);

impl Figure {
    pub const ZERO: Figure = Figure(Some(0));
    pub const HIDDEN: Figure = Figure(None);

    /// Nothing more or less than zero: a hidden figure is not.
    pub fn is_zero(self) -> bool {
        self == Figure::ZERO
    }

    pub fn is_hidden(self) -> bool {
        self.0.is_none()
    }

    /// What a reader sees: digits in groups of three, or "not shown". Which of those are small isn't told: a figure may be
    /// hidden that is not, since its total would give a small one away.
    pub fn words(self) -> String {
        self.0.map_or_else(|| "not shown".into(), grouped)
    }
}

impl From<u64> for Figure {
    fn from(count: u64) -> Figure {
        Figure(Some(count))
    }
}

impl std::ops::AddAssign<u64> for Figure {
    /// Adding to a hidden figure leaves it hidden.
    fn add_assign(&mut self, more: u64) {
        self.0 = self.0.map(|count| count.saturating_add(more));
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(count) => f.pad(&grouped(count)),
            None => f.pad("not shown"),
        }
    }
}

/// A number with a comma between thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Whether the figures of a breakdown can be subtracted from a total that is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sum {
    Shown,
    NotShown,
}

/// Hides the small figures of one breakdown, and with [`Sum::Shown`] enough others.
pub fn protect<'a>(figures: impl IntoIterator<Item = &'a mut Figure>, threshold: u32, sum: Sum) {
    let mut figures: Vec<&mut Figure> = figures.into_iter().filter(|figure| !figure.is_zero()).collect();
    figures.sort_by_key(|figure| figure.0);
    // Those hidden before sort first; they count as hidden, and as nothing.
    let threshold = u64::from(threshold);
    let (mut hidden, mut together) = (0, 0);
    for figure in figures {
        let count = figure.0.unwrap_or(0);
        let small = count < threshold;
        let needed = sum == Sum::Shown && hidden > 0 && (hidden < 2 || together < threshold);
        if !small && !needed {
            break;
        }
        figure.0 = None;
        hidden += 1;
        together += count;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Hides in `figures` and writes what is left, `-` for hidden.
    fn protected(figures: &[u64], threshold: u32, sum: Sum) -> String {
        let mut figures: Vec<Figure> = figures.iter().copied().map(Figure::from).collect();
        protect(&mut figures, threshold, sum);
        let shown = |figure: &Figure| figure.0.map_or("-".to_owned(), |count| count.to_string());
        figures.iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn small_figures_are_hidden_and_enough_others_where_a_total_would_tell() {
        for (figures, alone, with_total) in [
            (&[100, 200, 300][..], "100 200 300", "100 200 300"),
            (&[9, 200, 300], "- 200 300", "- - 300"),
            (&[10, 200, 300], "10 200 300", "10 200 300"),
            (&[300, 200, 9], "300 200 -", "300 - -"),
            (&[1, 9, 300], "- - 300", "- - 300"),
            (&[1, 2, 300, 400], "- - 300 400", "- - - 400"),
            (&[4, 5, 6, 400], "- - - 400", "- - - 400"),
            (&[0, 0, 300], "0 0 300", "0 0 300"),
            (&[0, 3, 300], "0 - 300", "0 - -"),
            (&[3], "-", "-"),
            (&[300], "300", "300"),
            (&[], "", ""),
        ] {
            assert_eq!(protected(figures, 10, Sum::NotShown), alone, "{figures:?}");
            assert_eq!(protected(figures, 10, Sum::Shown), with_total, "{figures:?} with their total");
        }
        assert_eq!(protected(&[1, 2], 0, Sum::Shown), "1 2", "no threshold hides nothing");
    }

    #[test]
    fn what_is_hidden_is_said_to_be_not_shown_and_not_to_be_small() {
        let mut figures = [4, 13, 26].map(Figure::from);
        protect(&mut figures, 10, Sum::Shown);
        assert_eq!(figures.map(Figure::words), ["not shown", "not shown", "26"], "13 isn't fewer than 10");
    }

    proptest! {
        #[test]
        fn what_is_hidden_cannot_be_had_by_subtraction(
            counts in prop::collection::vec(0u64..40, 0..8), threshold in 1u32..20,
        ) {
            let mut figures: Vec<Figure> = counts.iter().copied().map(Figure::from).collect();
            protect(&mut figures, threshold, Sum::Shown);
            let total: u64 = counts.iter().sum();
            let shown: u64 = figures.iter().filter_map(|figure| figure.0).sum();
            let hidden = figures.iter().filter(|figure| figure.is_hidden()).count();
            let nonzero = counts.iter().filter(|count| **count > 0).count();
            for (figure, count) in figures.iter().zip(&counts) {
                prop_assert!(figure.0.is_none_or(|shown| shown == *count), "a figure is true or hidden");
                prop_assert!(figure.is_hidden() || *count == 0 || *count >= threshold.into());
            }
            let protected = hidden == 0 || hidden >= 2 && total - shown >= threshold.into();
            prop_assert!(protected || hidden == nonzero, "protected, or nothing is left to hide");
        }
    }

    #[test]
    fn numbers_are_written_in_groups() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (16227, "16,227"), (1234567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
