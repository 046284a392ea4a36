//! A table as it is published: columns of texts, days and numbers, each with what it means. The same
//! before it is written and after it was read again.

use std::collections::BTreeMap;

use super::tree::{Labels, When, Word};

/// A table of one period, or of all.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Table {
    pub columns: Vec<TableColumn>,
    pub rows: usize,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableColumn {
    pub name: String,
    /// One sentence for whoever loads it.
    pub means: String,
    pub cells: Cells,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cells {
    /// For each row a place in the texts, which are distinct and all in use, in the order of what they mean.
    Texts {
        words: Vec<u32>,
        texts: Vec<String>,
    },
    /// Days from 1970-01-01.
    Days(Vec<Option<i32>>),
    Numbers(Vec<Option<i64>>),
}

impl Table {
    pub fn new(columns: Vec<TableColumn>, rows: usize) -> Table {
        Table { columns, rows }
    }

    pub fn column(&self, name: &str) -> Option<&TableColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Every distinct text, with its column.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().flat_map(|column| match &column.cells {
            Cells::Texts { texts, .. } => {
                texts.iter().map(|text| (column.name.as_str(), text.as_str())).collect::<Vec<_>>()
            }
            Cells::Days(_) | Cells::Numbers(_) => Vec::new(),
        })
    }
}

impl TableColumn {
    pub fn new(name: impl Into<String>, means: impl Into<String>, cells: Cells) -> TableColumn {
        TableColumn { name: name.into(), means: means.into(), cells }
    }
}

impl Cells {
    /// What words say, in texts. Two words of one text are one.
    pub fn of_labels(labels: &Labels, text: impl Fn(Word) -> String) -> Cells {
        let texts: Vec<String> = labels.words.iter().map(|word| text(*word)).collect();
        Cells::of_texts(&labels.of_row, &texts)
    }

    /// From each row's place in some texts, of which not all may be in use.
    pub fn of_texts(of_row: &[u32], all: &[String]) -> Cells {
        let mut is_used = vec![false; all.len()];
        of_row.iter().for_each(|&place| is_used[place as usize] = true);
        let (mut texts, mut place_of): (Vec<String>, BTreeMap<&str, u32>) = Default::default();
        let mut word = vec![0; all.len()];
        for (at, text) in all.iter().enumerate().filter(|(at, _)| is_used[*at]) {
            word[at] = *place_of.entry(text).or_insert_with(|| {
                texts.push(text.clone());
                texts.len() as u32 - 1
            });
        }
        Cells::Texts { words: of_row.iter().map(|&place| word[place as usize]).collect(), texts }
    }

    pub fn numbers(numbers: impl IntoIterator<Item = i64>) -> Cells {
        Cells::Numbers(numbers.into_iter().map(Some).collect())
    }

    /// What a row says, as people and CSV read it; nothing where it says nothing.
    pub fn shown(&self, row: usize) -> String {
        match self {
            Cells::Texts { words, texts } => texts[words[row] as usize].clone(),
            Cells::Days(days) => days[row].map_or(String::new(), |day| crate::words::Day(day).to_string()),
            Cells::Numbers(numbers) => numbers[row].map_or(String::new(), |number| number.to_string()),
        }
    }

    pub fn number(&self, row: usize) -> Option<i64> {
        match self {
            Cells::Numbers(numbers) => numbers.get(row).copied().flatten(),
            Cells::Texts { .. } | Cells::Days(_) => None,
        }
    }
}

/// The day and the week that a time reads: of a week no day, of a period neither.
pub fn days_and_weeks(time: &[When], week_of: impl Fn(i32) -> i32) -> (Cells, Cells) {
    let day = |when: &When| if let When::Day(day) = when { Some(*day) } else { None };
    let week = |when: &When| match when {
        When::Day(day) => Some(week_of(*day)),
        When::Week(first) => Some(*first),
        When::Period => None,
    };
    (Cells::Days(time.iter().map(day).collect()), Cells::Days(time.iter().map(week).collect()))
}
