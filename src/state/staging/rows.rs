//! Staged rows in memory: fitting together, without unused values, one after the other.

use std::collections::HashMap;

use super::staged::{Staged, StagedColumn, StagingError, UNKNOWN};

impl Staged {
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Every column as long as the ids, no two of one name, and no code beyond its texts.
    pub(super) fn check(&self) -> Result<(), StagingError> {
        let rows = self.len();
        let lengths = [self.opened.len(), self.day.len(), self.hour.len(), self.measure.len(), self.pseudonyms.len()];
        if lengths.iter().any(|length| *length != rows) {
            return Err(StagingError::Misfit("unequally many values"));
        }
        for (at, column) in self.columns.iter().enumerate() {
            if column.codes.len() != rows {
                return Err(StagingError::Misfit("unequally many codes"));
            }
            if self.columns[..at].iter().any(|earlier| earlier.name == column.name) {
                return Err(StagingError::Misfit("two columns of one name"));
            }
            if column.codes.iter().any(|code| *code as usize >= column.texts.len()) {
                return Err(StagingError::Misfit("a code without a text"));
            }
        }
        Ok(())
    }

    /// Adds rows below these. A column that only one side has reads [`UNKNOWN`] in the other's rows. Checks what is added.
    pub(super) fn append(&mut self, other: Staged) -> Result<(), StagingError> {
        other.check()?;
        let (before, added) = (self.len(), other.len());
        self.ids.extend(other.ids);
        self.opened.extend(other.opened);
        self.day.extend(other.day);
        self.hour.extend(other.hour);
        self.measure.extend(other.measure);
        self.pseudonyms.extend(other.pseudonyms);
        for column in &mut self.columns {
            match other.columns.iter().find(|theirs| theirs.name == column.name) {
                Some(theirs) => column.append(theirs),
                None => column.append(&StagedColumn::unknown("", added)),
            }
        }
        for theirs in other.columns {
            if !self.columns.iter().any(|column| column.name == theirs.name) {
                let mut column = StagedColumn::unknown(&theirs.name, before);
                column.append(&theirs);
                self.columns.push(column);
            }
        }
        Ok(())
    }
}

impl StagedColumn {
    fn unknown(name: &str, rows: usize) -> StagedColumn {
        let texts = if rows == 0 { Vec::new() } else { vec![UNKNOWN.to_owned()] };
        StagedColumn { name: name.to_owned(), codes: vec![0; rows], texts }
    }

    /// The same column with used texts alone, sorted, each once. Expects codes that have a text.
    pub(super) fn compact(&self) -> StagedColumn {
        let mut used = vec![false; self.texts.len()];
        self.codes.iter().for_each(|code| used[*code as usize] = true);
        let mut texts: Vec<String> =
            self.texts.iter().zip(&used).filter(|(_, used)| **used).map(|(text, _)| text.clone()).collect();
        texts.sort_unstable();
        texts.dedup();
        let place = |text: &String| texts.binary_search(text).map_or(0, |at| at as u32);
        let recode: Vec<u32> = self.texts.iter().map(place).collect();
        let codes = self.codes.iter().map(|code| recode[*code as usize]).collect();
        StagedColumn { name: self.name.clone(), codes, texts }
    }

    fn append(&mut self, other: &StagedColumn) {
        let mut places: HashMap<String, u32> =
            self.texts.iter().enumerate().map(|(at, text)| (text.clone(), at as u32)).collect();
        let texts = &mut self.texts;
        let mut place = |text: &String| {
            *places.entry(text.clone()).or_insert_with(|| {
                texts.push(text.clone());
                texts.len() as u32 - 1
            })
        };
        let recode: Vec<u32> = other.texts.iter().map(&mut place).collect();
        self.codes.extend(other.codes.iter().map(|code| recode[*code as usize]));
    }
}
