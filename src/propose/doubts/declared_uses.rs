//! What a pipeline says of each column of one of its exports.

use std::collections::BTreeMap;

use crate::pipeline::declaration::{Declaration, TransactionColumn, Treatment};

/// All that is said of a column.
#[derive(Clone, Default)]
pub struct Said {
    words: Vec<String>,
    /// It is searched for, or never leaves.
    pub identifies: bool,
    pub is_patron: bool,
    /// It is read as a time.
    pub is_time: bool,
    /// What becomes of a row depends on that time.
    pub time_decides: bool,
    /// It is published as a text, under this name.
    pub published_text: Option<String>,
    /// It is published as it is.
    pub is_kept: bool,
}

impl Said {
    pub fn text(&self) -> String {
        if self.words.is_empty() { "dropped".into() } else { self.words.join(", ") }
    }

    pub fn is_dropped(&self) -> bool {
        self.words.iter().all(|word| word == "dropped")
    }
}

/// What is said of the transactions' columns, or of a lookup's.
pub fn said(declaration: &Declaration, lookup: Option<usize>) -> BTreeMap<String, Said> {
    let mut uses = Uses { declaration, lookup, all: BTreeMap::new() };
    match lookup {
        None => uses.of_transactions(),
        Some(place) => uses.of_lookup(place),
    }
    uses.asked();
    uses.published();
    // Used for what is said besides.
    for said in uses.all.values_mut().filter(|said| said.words.len() > 1) {
        said.words.retain(|word| word != "used");
        said.words.dedup();
    }
    uses.all
}

/// What is said, while it is put together.
struct Uses<'a> {
    declaration: &'a Declaration,
    /// Of which export; None: of the transactions.
    lookup: Option<usize>,
    all: BTreeMap<String, Said>,
}

impl Uses<'_> {
    fn note(&mut self, column: &str, word: &str) {
        let said = self.all.entry(column.into()).or_default();
        if !said.words.iter().any(|known| known == word) {
            said.words.push(word.into());
        }
        said.identifies |=
            ["patron", "patron's key", "other people", "identifier", "name", "not alone", "transaction id"]
                .contains(&word);
        said.is_patron |= word == "patron";
        said.time_decides |= ["opened", "closed", "latest"].contains(&word);
        said.is_time |= said.time_decides;
    }

    fn note_lists(&mut self, lists: &[(&Vec<String>, &str)]) {
        for (list, word) in lists {
            list.iter().for_each(|column| self.note(column, word));
        }
    }

    /// Whether a name is of a lookup's cell.
    fn is_of_lookup(&self, name: &str) -> bool {
        self.declaration.lookups.iter().any(|lookup| name.starts_with(&format!("{}.", lookup.name)))
    }

    /// The column that a name means here.
    fn here(&self, name: &str) -> Option<String> {
        match self.lookup {
            Some(place) => name.strip_prefix(&format!("{}.", self.declaration.lookups[place].name)).map(String::from),
            None => Some(name.to_string()),
        }
    }

    fn of_transactions(&mut self) {
        let declaration = self.declaration;
        let columns = &declaration.columns;
        let ids = columns.transaction.iter().flat_map(TransactionColumn::columns);
        ids.for_each(|column| self.note(column, "transaction id"));
        columns.patron.columns().iter().for_each(|column| self.note(column, "patron"));
        self.note_lists(&[
            (&columns.people, "other people"),
            (&columns.identifiers, "identifier"),
            (&columns.names, "name"),
            (&columns.alone, "not alone"),
            (&columns.drop, "dropped"),
        ]);
        columns.item.iter().for_each(|column| self.note(column, "item"));
        self.note(&columns.opened, "opened");
        for column in columns.closed.iter().flat_map(|closed| closed.columns()) {
            if !self.is_of_lookup(column) {
                self.note(column, "closed");
            }
        }
        columns.renewals.iter().for_each(|column| self.note(column, "renewals"));
        columns.renews.iter().for_each(|column| self.note(column, "renews"));
        for key in declaration.lookups.iter().flat_map(|lookup| lookup.on.keys()) {
            if !self.is_of_lookup(key) {
                self.note(key, "key");
            }
        }
    }

    fn of_lookup(&mut self, place: usize) {
        let declaration = self.declaration;
        let lookup = &declaration.lookups[place];
        for (ours, theirs) in &lookup.on {
            let word = if declaration.columns.patron.has(ours) { "patron's key" } else { "key" };
            theirs.columns().iter().for_each(|column| self.note(column, word));
        }
        self.note_lists(&[
            (&lookup.identifiers, "identifier"),
            (&lookup.names, "name"),
            (&lookup.alone, "not alone"),
            (&lookup.drop, "dropped"),
        ]);
        for gather in lookup.gather.values() {
            gather.any_positive.iter().for_each(|column| self.note(column, "owed"));
            gather.max.iter().for_each(|column| self.note(column, "latest"));
            let asked = gather.when.keys().chain(gather.any.iter().flat_map(|any| any.keys()));
            asked.for_each(|column| self.note(column, "asked"));
        }
        lookup.r#use.iter().for_each(|column| self.note(column, "used"));
    }

    fn asked(&mut self) {
        let declaration = self.declaration;
        for name in declaration.asked() {
            let Some(column) = self.here(name) else { continue };
            let is_cell = self.lookup.is_some() || !self.is_of_lookup(name);
            if is_cell && (self.all.contains_key(&column) || self.lookup.is_none()) {
                self.all.entry(column).or_default().words.push("asked".into());
            }
        }
    }

    fn published(&mut self) {
        let declaration = self.declaration;
        for publish in &declaration.publish {
            for (place, name) in publish.from.columns().iter().enumerate() {
                let of_another = self.lookup.is_none() && self.is_of_lookup(name);
                let Some(column) = self.here(name).filter(|_| !of_another) else { continue };
                let said = self.all.entry(column).or_default();
                said.words.push(format!("as {}", publish.name));
                let bands =
                    matches!(publish.treatment, Treatment::Age(_) | Treatment::Duration(_) | Treatment::Wait(_));
                said.is_time |= bands || matches!(publish.treatment, Treatment::Day | Treatment::Hour);
                if matches!(publish.treatment, Treatment::Keep | Treatment::Prefix(_)) && place == 0 {
                    said.published_text = Some(publish.name.clone());
                    // Titles are no vocabulary, and published where enough patrons carry them.
                    said.is_kept = matches!(publish.treatment, Treatment::Keep) && !publish.is_title();
                }
            }
        }
    }
}
