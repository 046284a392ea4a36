//! Between texts and the codes that the tree is made of: values in an order that depends on nothing but themselves.

use std::sync::Arc;

use super::error::ReleaseError;
use super::shape::{Bands, ShapeColumn};
use super::tree::{self, FIRST, OTHER, TitleCodes, UNKNOWN, Word};
use crate::words::{band, bands};

/// The text that stands for what was merged. A value that is literally this text belongs to what was merged.
pub const OTHER_TEXT: &str = "other";
/// The text that stands for what isn't recorded.
pub const UNKNOWN_TEXT: &str = "unknown";
/// The lowest age of an adult: what is published of younger ones counts as children's.
const ADULT: i32 = 18;

/// One column of a period, coded: `codes[i]` indexes `texts`. The dictionary is the run's and may hold values that no row
/// of this period uses: they never reach a file.
pub struct Coded {
    pub codes: Vec<u32>,
    pub texts: Arc<Vec<String>>,
}

/// What each code of a column means.
pub struct Vocabulary {
    /// From [`FIRST`] on: texts in their order, or of the bands in theirs.
    values: Values,
    groups: Vec<String>,
}

enum Values {
    Texts(Vec<String>),
    Bands(Vec<(i32, Option<i32>)>),
}

impl Vocabulary {
    /// The column as the tree takes it, and what its codes mean.
    ///
    /// # Errors
    /// A code that has no text.
    pub fn of(coded: &Coded, shape: &ShapeColumn) -> Result<(tree::Column, Vocabulary), ReleaseError> {
        let values = match &shape.bands {
            Some(bands_of) => Values::Bands(bands(&bands_of.edges).collect()),
            None => Values::Texts(used(coded)?),
        };
        let mut vocabulary = Vocabulary { values, groups: Vec::new() };
        let group_of = vocabulary.groups(shape);
        let code_of: Vec<u32> = coded.texts.iter().map(|text| vocabulary.code(text, shape.bands.as_ref())).collect();
        let code =
            |code: &u32| code_of.get(*code as usize).copied().ok_or(ReleaseError::Malformed("a code has no text"));
        let column = tree::Column {
            name: shape.name.clone(),
            about: shape.about,
            from_patron: shape.from_patron,
            ordered: shape.bands.is_some(),
            groups: group_of,
            values: FIRST + vocabulary.len() as u32,
            codes: coded.codes.iter().map(code).collect::<Result<_, _>>()?,
        };
        Ok((column, vocabulary))
    }

    /// The same of titles. Their dictionary has all that the run met, of which a period uses few.
    ///
    /// # Errors
    /// A code that has no text.
    pub fn of_titles(coded: &Coded) -> Result<(TitleCodes, Vocabulary), ReleaseError> {
        let vocabulary = Vocabulary { values: Values::Texts(used(coded)?), groups: Vec::new() };
        let mut code_of: Vec<Option<u32>> = vec![None; coded.texts.len()];
        let code = |code: &u32| {
            let place = *code as usize;
            *code_of[place].get_or_insert_with(|| vocabulary.code(&coded.texts[place], None))
        };
        let codes = coded.codes.iter().map(code).collect();
        Ok((TitleCodes { codes, values: FIRST + vocabulary.len() as u32 }, vocabulary))
    }

    fn len(&self) -> usize {
        match &self.values {
            Values::Texts(texts) => texts.len(),
            Values::Bands(bands) => bands.len(),
        }
    }

    fn code(&self, text: &str, bands: Option<&Bands>) -> u32 {
        match text {
            OTHER_TEXT => return OTHER,
            UNKNOWN_TEXT => return UNKNOWN,
            _ => {}
        }
        let place = match &self.values {
            Values::Texts(texts) => texts.binary_search_by(|known| known.as_str().cmp(text)).ok(),
            Values::Bands(all) => all.iter().position(|(low, high)| band(*low, *high) == text).filter(|place| {
                let is_one_number = all[*place].1 == Some(all[*place].0);
                !(is_one_number && bands.is_some_and(|bands| bands.are_durations))
            }),
        };
        // A text that isn't used is never asked for, and a band of other edges (staged before) is merged.
        place.map_or(OTHER, |place| FIRST + place as u32)
    }

    /// For each code its group; names the groups.
    fn groups(&mut self, shape: &ShapeColumn) -> Vec<Option<u32>> {
        let mut group_of = vec![None; FIRST as usize + self.len()];
        match &self.values {
            Values::Texts(texts) => {
                for (number, (name, members)) in shape.groups.iter().enumerate() {
                    self.groups.push(name.clone());
                    // A value that is called what a group is called can't be told from it.
                    let belongs = |text: &String| text == name || members.contains(text);
                    for (place, _) in texts.iter().enumerate().filter(|(_, text)| belongs(text)) {
                        group_of[FIRST as usize + place] = Some(number as u32);
                    }
                }
            }
            // Ages: where no band lies on both sides, child or adult is kept longest.
            Values::Bands(all) if shape.about == tree::About::Patron && all.iter().any(|(low, _)| *low == ADULT) => {
                let (first, last) = (all.first().map_or(0, |(low, _)| *low), all.last().and_then(|(_, high)| *high));
                self.groups = vec![band(first, Some(ADULT - 1)), band(ADULT, last)];
                for (place, (low, _)) in all.iter().enumerate() {
                    group_of[FIRST as usize + place] = Some(u32::from(*low >= ADULT));
                }
            }
            Values::Bands(_) => {}
        }
        if self.groups.is_empty() { Vec::new() } else { group_of }
    }

    /// What a word says in a file.
    pub fn text(&self, word: Word) -> String {
        let value = |code: u32| match &self.values {
            Values::Texts(texts) => texts.get((code - FIRST) as usize).cloned(),
            Values::Bands(bands) => bands.get((code - FIRST) as usize).map(|(low, high)| band(*low, *high)),
        };
        let text = match word {
            Word::Other => None,
            Word::Unknown => Some(UNKNOWN_TEXT.to_owned()),
            Word::Value(code) => value(code),
            Word::Run(first, last) => match &self.values {
                Values::Bands(bands) => {
                    let of = |code: u32| bands.get((code - FIRST) as usize);
                    of(first).zip(of(last)).map(|((low, _), (_, high))| band(*low, *high))
                }
                Values::Texts(_) => None,
            },
            Word::Group(group) => self.groups.get(group as usize).cloned(),
        };
        text.unwrap_or_else(|| OTHER_TEXT.to_owned())
    }
}

/// The distinct values that rows use, in text order; those with a code of their own aside.
fn used(coded: &Coded) -> Result<Vec<String>, ReleaseError> {
    let mut is_used = vec![false; coded.texts.len()];
    for &code in &coded.codes {
        *is_used.get_mut(code as usize).ok_or(ReleaseError::Malformed("a code has no text"))? = true;
    }
    let mut texts: Vec<String> = coded
        .texts
        .iter()
        .zip(&is_used)
        .filter(|(text, is_used)| **is_used && ![OTHER_TEXT, UNKNOWN_TEXT].contains(&text.as_str()))
        .map(|(text, _)| text.clone())
        .collect();
    texts.sort_unstable();
    texts.dedup();
    Ok(texts)
}

/// What a range of hours says: `09`, or `09 to 11`.
pub fn hours_text(word: Word) -> String {
    match word {
        Word::Value(hour) => format!("{hour:02}"),
        Word::Run(first, last) => format!("{first:02} to {last:02}"),
        Word::Unknown => UNKNOWN_TEXT.to_owned(),
        Word::Other | Word::Group(_) => OTHER_TEXT.to_owned(),
    }
}

pub const WEEKDAYS: [&str; 8] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "no weekday"];
