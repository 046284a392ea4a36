//! Conditions on cells, made ready.

use std::cmp::Ordering;

use crate::cells::{above_zero, sign};
use crate::pipeline::Condition;

/// A test on one cell. Null is the empty cell.
#[derive(Clone, Debug)]
pub enum Test {
    Set,
    Unset,
    OneOf(Vec<Vec<u8>>),
    NoneOf(Vec<Vec<u8>>),
    /// An amount above zero, with this before its cents. One that can't be read may be.
    Positive {
        decimal: u8,
    },
    /// An amount of nothing. One that can't be read is judged by whoever asks.
    Zero {
        decimal: u8,
    },
    /// On something gathered.
    Is(bool),
}

impl Test {
    pub fn new(condition: &Condition, decimal: u8) -> Test {
        let bytes = |values: &[String]| values.iter().map(|value| value.as_bytes().to_vec()).collect();
        match condition {
            Condition::Is(answer) => Test::Is(*answer),
            Condition::Word(word) if word == "set" => Test::Set,
            Condition::Word(word) if word == "positive" => Test::Positive { decimal },
            Condition::Word(word) if word == "zero" => Test::Zero { decimal },
            Condition::Word(_) => Test::Unset,
            Condition::OneOf(values) => Test::OneOf(bytes(values)),
            Condition::Not { not } => Test::NoneOf(bytes(not)),
        }
    }

    /// Whether a cell, null already made empty, passes.
    #[inline]
    pub fn passes(&self, cell: &[u8]) -> bool {
        match self {
            Test::Set => !cell.is_empty(),
            Test::Unset => cell.is_empty(),
            Test::OneOf(values) => values.iter().any(|value| value == cell),
            Test::NoneOf(values) => values.iter().all(|value| value != cell),
            Test::Positive { decimal } => !cell.is_empty() && above_zero(cell, *decimal) != Some(false),
            Test::Zero { decimal } => sign(cell, *decimal) == Some(Ordering::Equal),
            Test::Is(_) => false,
        }
    }
}
