//! What the numbers of coded rows mean: the texts of each published column, and the patrons.
//!
//! A batch numbers what it meets for itself, in the order in which it meets it, and asks nobody. When batches are merged each
//! learns what its numbers are in all: numbers mean nothing outside a run, and nothing that is published depends on them.

use super::coded::Renumbering;
use super::error::PassError;
use super::patrons::PatronsMet;
use crate::lookup::Interned;
use crate::treat::OTHER;
use crate::words::PatronNumber;

/// The texts of each coded column, by code.
#[derive(Clone, Default)]
pub struct Columns {
    columns: Vec<Column>,
}

#[derive(Clone)]
struct Column {
    name: String,
    texts: Interned,
    /// Of titles: there are more than can be told apart tonight, so none is told.
    titles: Option<Fit>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    All,
    None,
}

/// More are too many to say anything of groups; and a code has 16 bits.
const MOST_TEXTS: u32 = 65_000;
/// Titles lie in memory, of which a night has about 60 bytes for each.
const MOST_TITLES: u32 = if cfg!(test) { 12 } else { 4_000_000 };
/// What every title reads where they are too many; the first text of their column.
const NO_TITLE: u32 = 0;

impl Columns {
    /// Columns by name, each with the labels of its closed vocabulary: their codes are their places. `title`: the place of
    /// the one that has titles.
    pub fn new<'a>(columns: impl Iterator<Item = (&'a str, &'a [String])>, title: Option<usize>) -> Columns {
        let columns = columns.enumerate().map(|(place, (name, labels))| {
            let titles = (title == Some(place)).then_some(Fit::All);
            let mut texts = Interned::default();
            if titles.is_some() {
                texts.insert(OTHER.as_bytes());
            }
            for label in labels {
                texts.insert(label.as_bytes());
            }
            Column { name: name.into(), texts, titles }
        });
        Columns { columns: columns.collect() }
    }

    pub fn len(&self) -> usize {
        self.columns.len()
    }

    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    pub fn name(&self, column: usize) -> &str {
        &self.columns[column].name
    }

    /// Whether there are more titles than can be told apart, so that none is.
    pub fn has_too_many_titles(&self) -> bool {
        self.columns.iter().any(|column| column.titles == Some(Fit::None))
    }

    /// Every text of a column, by code.
    pub fn texts(&self, column: usize) -> Vec<String> {
        if self.columns[column].titles == Some(Fit::None) {
            return vec![OTHER.to_owned(); self.columns[column].texts.len()];
        }
        self.columns[column].texts.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect()
    }

    /// More titles than fit stop no night: whoever has met too many has met them in every order of the rows, so that none of
    /// them being told depends on nothing else.
    pub(super) fn code(&mut self, column: usize, text: &[u8]) -> Result<u32, PassError> {
        let column = &mut self.columns[column];
        let most = if column.titles.is_some() { MOST_TITLES } else { MOST_TEXTS };
        if column.titles == Some(Fit::None) {
            return Ok(NO_TITLE);
        }
        match column.texts.insert(text) {
            Some((code, _)) if code < most => Ok(code),
            _ if column.titles.is_some() => {
                column.titles = Some(Fit::None);
                Ok(NO_TITLE)
            }
            _ => Err(PassError::TooManyValues { column: column.name.clone() }),
        }
    }

    /// Takes in the texts of a batch: by column, what its codes are here. What is the same here isn't named.
    fn take_in(&mut self, batch: &Columns) -> Result<Vec<(usize, Vec<u32>)>, PassError> {
        let mut renumbered = Vec::new();
        for (place, column) in batch.columns.iter().enumerate() {
            if column.titles == Some(Fit::None) {
                self.columns[place].titles = Some(Fit::None);
            }
            let codes = column.texts.iter().map(|text| self.code(place, text)).collect::<Result<Vec<u32>, _>>()?;
            if codes.iter().enumerate().any(|(of_batch, code)| of_batch != *code as usize) {
                renumbered.push((place, codes));
            }
        }
        Ok(renumbered)
    }
}

/// The patrons of the run, numbered from 1.
#[derive(Default)]
pub struct Patrons {
    numbers: Interned,
}

impl Patrons {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Calls `each` with a patron's number in the library system, for making pseudonyms.
    pub fn with<T>(&self, patron: PatronNumber, each: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let place = patron.0.checked_sub(1).filter(|place| (*place as usize) < self.numbers.len())?;
        Some(each(self.numbers.get(place)))
    }

    /// Calls `each` with every patron's number in the library system.
    pub fn for_each(&self, each: impl FnMut(&[u8])) {
        self.numbers.iter().for_each(each);
    }

    /// Takes in the patrons of a batch: by number there, from 1 on, their numbers here. None: they are the same.
    fn take_in(&mut self, batch: &PatronsMet) -> Result<Option<Vec<u32>>, PassError> {
        let mut numbers = Vec::with_capacity(batch.len());
        let mut is_same = true;
        batch.for_each(|patron| {
            let (place, _) = self.numbers.insert(patron).ok_or(PassError::TooManyPatrons)?;
            is_same &= place as usize == numbers.len();
            numbers.push(place + 1);
            Ok(())
        })?;
        Ok((!is_same).then_some(numbers))
    }
}

/// What the numbers of all batches mean.
#[derive(Default)]
pub struct Vocabulary {
    pub columns: Columns,
    pub patrons: Patrons,
}

impl Vocabulary {
    /// Takes in what a batch has met: what its numbers are here.
    pub(super) fn take_in(&mut self, columns: &Columns, patrons: &PatronsMet) -> Result<Renumbering, PassError> {
        Ok(Renumbering { patrons: self.patrons.take_in(patrons)?, columns: self.columns.take_in(columns)? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whoever met what, and in whichever order batches are merged: a number reads as what it was given for.
        #[test]
        fn numbers_of_every_batch_mean_what_they_meant(
            batches in prop::collection::vec(prop::collection::vec((0usize..6, 0usize..5), 0..12), 1..5),
        ) {
            let patrons = ["7", "07", "4194303", "4194304", "0", "3f2504e0-4f89-41d3"];
            let texts = ["unknown", "north", "south", "", "a text of more than fifteen bytes"];
            let labels = ["unknown".to_string()];
            let columns = Columns::new([("branch", &labels[..])].into_iter(), None);
            let mut all = Vocabulary { columns: columns.clone(), ..Vocabulary::default() };
            let mut rows = Vec::new();
            for batch in &batches {
                let (mut columns, mut met) = (columns.clone(), PatronsMet::default());
                let number = |(patron, text): &(usize, usize)| {
                    let (number, _) = met.meet(patrons[*patron].as_bytes(), 1).unwrap();
                    (number.0, columns.code(0, texts[*text].as_bytes()).unwrap(), *patron, *text)
                };
                let numbered: Vec<_> = batch.iter().map(number).collect();
                let renumbering = all.take_in(&columns, &met).unwrap();
                for (number, code, patron, text) in numbered {
                    let number = renumbering.patrons.as_ref().map_or(number, |all| all[number as usize - 1]);
                    let code = renumbering.columns.first().map_or(code, |(_, all)| all[code as usize]);
                    rows.push((number, code, patron, text));
                }
            }
            for (number, code, patron, text) in rows {
                let found = all.patrons.with(PatronNumber(number), |patron| patron.to_vec());
                prop_assert_eq!(found.as_deref(), Some(patrons[patron].as_bytes()));
                prop_assert_eq!(&all.columns.texts(0)[code as usize], texts[text]);
            }
        }
    }

    /// Each batch fits, and all together don't: then none is told, whichever came first.
    #[test]
    fn titles_that_are_too_many_are_all_other() {
        let columns = Columns::new([("title", &[][..])].into_iter(), Some(0));
        let batch = |from: u32, to: u32| {
            let mut batch = columns.clone();
            let codes: Vec<u32> =
                (from..to).map(|title| batch.code(0, format!("A title {title}").as_bytes()).unwrap()).collect();
            (batch, codes)
        };
        for batches in [[(0, 8), (4, 11)], [(0, 8), (8, 16)], [(8, 16), (0, 8)], [(0, 30), (0, 1)]] {
            let mut all = Vocabulary { columns: columns.clone(), ..Vocabulary::default() };
            for (from, to) in batches {
                let (batch, codes) = batch(from, to);
                let renumbering = all.take_in(&batch, &PatronsMet::default()).unwrap();
                let code = |code: &u32| renumbering.columns.first().map_or(*code, |(_, all)| all[*code as usize]);
                let in_range = codes.iter().all(|of_batch| (code(of_batch) as usize) < all.columns.texts(0).len());
                assert!(in_range, "{batches:?}");
            }
            let too_many = batches != [(0, 8), (4, 11)];
            assert_eq!(all.columns.has_too_many_titles(), too_many, "{batches:?}");
            let texts = all.columns.texts(0);
            assert_eq!(texts.iter().all(|text| text == OTHER), too_many, "{texts:?}");
        }
    }

    #[test]
    fn identifiers_are_collected_when_they_are_news_of_the_patron() {
        let mut met = PatronsMet::default();
        for (patron, tuple, news) in [("7", 1, true), ("7", 1, false), ("x", 1, true), ("7", 2, true), ("x", 1, false)]
        {
            assert_eq!(met.meet(patron.as_bytes(), tuple).unwrap().1, news, "{patron} {tuple}");
        }
    }
}
