//! What a published cell says, in codes: whoever has the vocabularies turns them into text.

use super::calendar;

/// The code of a value that the pipeline itself declares to be `other`.
pub const OTHER: u32 = 0;
/// The code of what isn't recorded.
pub const UNKNOWN: u32 = 1;
/// The first code that means a value of the vocabulary.
pub const FIRST: u32 = 2;

/// What a column says of a row. Their order is that of the published files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Word {
    /// Merged with others, so that it says nothing.
    Other,
    /// Not recorded.
    Unknown,
    /// A value of the vocabulary, by its code.
    Value(u32),
    /// A run of neighbours in an ordered column, from the first to the last that has rows, both included.
    Run(u32, u32),
    /// A declared group: of places that are always published together, or child and adult among categories.
    Group(u32),
}

impl Word {
    /// What a code says where nothing had to be merged.
    pub fn of_code(code: u32) -> Word {
        match code {
            OTHER => Word::Other,
            UNKNOWN => Word::Unknown,
            value => Word::Value(value),
        }
    }

    /// The narrowest word for neighbours from `first` to `last`.
    pub fn of_run(first: u32, last: u32) -> Word {
        if first == last { Word::Value(first) } else { Word::Run(first, last) }
    }
}

/// When a row says that it happened. Days count from 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum When {
    Day(i32),
    /// By its first day: a Monday, or the first day of the period where that cuts the week.
    Week(i32),
    Period,
}

impl When {
    /// 0 is Monday; `None` where no day is published.
    pub fn weekday(self) -> Option<u8> {
        match self {
            When::Day(day) => Some(calendar::weekday(day)),
            When::Week(_) | When::Period => None,
        }
    }
}

/// A column as it is published: row `i` says `words[of_row[i]]`. Words are distinct and in their order.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Labels {
    pub words: Vec<Word>,
    pub of_row: Vec<u32>,
}

impl Labels {
    /// From what each of a few cells says, and each row's cell.
    pub fn of_cells(cell: &[u32], says: &[Word]) -> Labels {
        let mut words = says.to_vec();
        words.sort_unstable();
        words.dedup();
        let place = |word: &Word| words.partition_point(|earlier| earlier < word) as u32;
        let of_cell: Vec<u32> = says.iter().map(place).collect();
        Labels { of_row: cell.iter().map(|&cell| of_cell[cell as usize]).collect(), words }
    }

    /// The rows of several periods, one after the other.
    pub fn joined(periods: &[&Labels]) -> Labels {
        let says: Vec<Word> = periods.iter().flat_map(|labels| labels.words.iter().copied()).collect();
        let mut cells = Vec::with_capacity(periods.iter().map(|labels| labels.of_row.len()).sum());
        let mut before = 0;
        for labels in periods {
            cells.extend(labels.of_row.iter().map(|code| before + code));
            before += labels.words.len() as u32;
        }
        Labels::of_cells(&cells, &says)
    }

    pub fn word(&self, row: usize) -> Word {
        self.words[self.of_row[row] as usize]
    }

    pub fn iter(&self) -> impl Iterator<Item = Word> + '_ {
        self.of_row.iter().map(|&code| self.words[code as usize])
    }
}
