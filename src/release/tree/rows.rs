//! The rows of a period as they come in: codes, whose vocabularies stay outside, and whom each row is about.

use super::calendar::Span;
use super::error::TreeError;
use super::rules::{Rules, Weakness};
use super::word::{FIRST, Word};

/// What a column tells of, which alone decides where it may stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// Trunk and every leaf: branch, then the area within it.
    Place,
    /// The community leaf alone: category, age band, home branch.
    Patron,
    /// The trunk alone: item type, collection, class, duration band.
    Use,
}

/// One column. `codes[i]` is [`OTHER`](super::OTHER), [`UNKNOWN`](super::UNKNOWN), or a value from [`FIRST`] on, below
/// `values`. Codes of values ascend in the order of their texts, or of their bands where `ordered`: ties are broken by them.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub about: About,
    /// Taken from a lookup that is joined by the patron: then it is about the patron, whatever a file says.
    pub from_patron: bool,
    /// Neighbouring values may be joined into runs: ages.
    pub ordered: bool,
    /// For each code, the number of its declared group, or `None`. Places of a group are always published together;
    /// categories (or ages) of a group are kept apart from those of another as long as possible: child and adult.
    pub groups: Vec<Option<u32>>,
    /// The size of the vocabulary, the two reserved codes included.
    pub values: u32,
    pub codes: Vec<u32>,
}

/// The rows of one period of one kind. Their order means nothing and leaves no trace.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Whom a row is about; `None` is unlinked. The numbers mean nothing but that two are the same person.
    pub patron: Vec<Option<u64>>,
    /// Under which key each row's patron was numbered, below [`MOST_KEYS`]; empty: all under one. Months that were staged under
    /// keys of their own and leave as one period: two of them may be about the same person, and nobody can tell.
    pub key: Vec<u8>,
    /// The civil day of opening, counted from 1970-01-01.
    pub day: Vec<i32>,
    /// Whether a time may be published at all.
    pub tells_day: bool,
    /// The hour of opening, 0 to 23; above is unknown. `None`: this kind has no hours.
    pub hour: Option<Vec<u8>>,
    /// Numbers that are summed, published as they are: renewals. Named, one a row.
    pub measures: Vec<(String, Vec<i64>)>,
    /// Places and patron columns each in order of importance.
    pub columns: Vec<Column>,
}

/// How many keys there may be: as many months as make the longest period, and more.
pub const MOST_KEYS: u8 = 32;

/// A patron's number: her key's in the highest bits, and from 1 on below. 0 is nobody.
pub(crate) const KEY_SHIFT: u32 = 27;

/// Rows that were looked through, with their patrons numbered.
#[derive(Debug)]
pub struct Checked<'a> {
    pub rows: &'a Rows,
    pub span: Span,
    /// For each row, 0 where it is unlinked, else the patron's number under her key.
    pub(crate) patron: Vec<u32>,
    /// How many patrons each key has, as far as can be told.
    pub(crate) patrons: Vec<u32>,
    /// All rows in the order of their patrons, unlinked ones first.
    pub(crate) by_patron: Vec<u32>,
}

impl<'a> Checked<'a> {
    /// # Errors
    /// Whatever [`TreeError`] names.
    pub fn new(rows: &'a Rows, span: Span, rules: &Rules) -> Result<Checked<'a>, TreeError> {
        let expected = rows.patron.len();
        if u32::try_from(expected).is_err() {
            return Err(TreeError::TooMany);
        }
        let unequal = |name: &str, rows: usize| {
            if rows == expected { Ok(()) } else { Err(TreeError::Unequal { column: name.to_owned(), rows, expected }) }
        };
        unequal("day", rows.day.len())?;
        unequal("key", if rows.key.is_empty() { expected } else { rows.key.len() })?;
        if rows.key.iter().any(|key| *key >= MOST_KEYS) {
            return Err(TreeError::TooMany);
        }
        unequal("hour", rows.hour.as_ref().map_or(expected, Vec::len))?;
        for (name, numbers) in &rows.measures {
            unequal(name, numbers.len())?;
        }
        for column in &rows.columns {
            unequal(&column.name, column.codes.len())?;
            column.check(rules)?;
        }
        let outside = rows.day.iter().filter(|day| !span.contains(**day)).count();
        if outside > 0 {
            return Err(TreeError::OutsidePeriod { rows: outside });
        }
        let key = |row: usize| match rows.key.get(row) {
            Some(key) if !rules.lacks(Weakness::KeysAreOne) => *key,
            _ => 0,
        };
        let mut checked = Checked { rows, span, patron: vec![0; expected], patrons: Vec::new(), by_patron: Vec::new() };
        checked.number(key)?;
        Ok(checked)
    }

    /// Numbers the patrons of each key, in the order of what they come with, and brings rows in order.
    fn number(&mut self, key: impl Fn(usize) -> u8) -> Result<(), TreeError> {
        let patrons = || self.rows.patron.iter().zip(0_u32..);
        let unlinked = patrons().filter(|(patron, _)| patron.is_none()).map(|(_, row)| row);
        self.by_patron = unlinked.collect();
        let named = |(patron, row): (&Option<u64>, u32)| patron.map(|patron| (key(row as usize), patron, row));
        let mut named: Vec<(u8, u64, u32)> = patrons().filter_map(named).collect();
        named.sort_unstable();
        self.patrons = vec![0; MOST_KEYS.into()];
        for of_one in named.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let count = &mut self.patrons[usize::from(of_one[0].0)];
            *count += 1;
            if *count >= 1 << KEY_SHIFT {
                return Err(TreeError::TooMany);
            }
            for (key, _, row) in of_one {
                self.patron[*row as usize] = u32::from(*key) << KEY_SHIFT | *count;
            }
        }
        self.by_patron.extend(named.iter().map(|(_, _, row)| *row));
        Ok(())
    }

    pub fn len(&self) -> usize {
        self.patron.len()
    }

    pub fn is_empty(&self) -> bool {
        self.patron.is_empty()
    }

    /// The columns about this, in declared order.
    pub fn about(&self, about: About) -> Vec<&'a Column> {
        self.rows.columns.iter().filter(|column| column.about == about).collect()
    }
}

impl Column {
    fn check(&self, rules: &Rules) -> Result<(), TreeError> {
        let column = || self.name.clone();
        if self.from_patron && self.about != About::Patron && !rules.lacks(Weakness::PatronAsUse) {
            return Err(TreeError::LeadsToPatron { column: column() });
        }
        if self.values < FIRST || self.codes.iter().any(|&code| code >= self.values) {
            return Err(TreeError::NoSuchCode { column: column() });
        }
        if self.groups.is_empty() || self.groups.len() == self.values as usize {
            Ok(())
        } else {
            Err(TreeError::NoGroups { column: column() })
        }
    }

    /// The declared group of a value; the reserved codes have none.
    pub fn group(&self, code: u32) -> Option<u32> {
        if code < FIRST { None } else { self.groups.get(code as usize).copied().flatten() }
    }

    /// What a value's declared group is called. Of an ordered column it is the run from its first value to its last, which is
    /// read the same: two words for it would be two cells here and one to whoever reads the file.
    pub fn group_word(&self, code: u32) -> Option<Word> {
        let group = self.group(code)?;
        let mut members = (FIRST..self.values).filter(|code| self.group(*code) == Some(group));
        let (first, between) = (members.next()?, members.clone().count());
        let last = members.next_back().unwrap_or(first);
        let is_run = self.ordered && (last - first) as usize == between;
        Some(if is_run { Word::of_run(first, last) } else { Word::Group(group) })
    }
}
