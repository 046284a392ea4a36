//! What a pipeline says of each column of one of its exports.

use std::collections::BTreeMap;

use crate::pipeline::declaration::{Declaration, Treatment};

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
    let mut all: BTreeMap<String, Said> = BTreeMap::new();
    let mut note = |column: &str, word: &str| {
        let said = all.entry(column.into()).or_default();
        if !said.words.iter().any(|known| known == word) {
            said.words.push(word.into());
        }
        said.identifies |=
            ["patron", "patron's key", "other people", "identifier", "name", "not alone", "transaction id"]
                .contains(&word);
        said.is_patron |= word == "patron";
        said.time_decides |= ["opened", "closed", "latest"].contains(&word);
        said.is_time |= said.time_decides;
    };
    let columns = &declaration.columns;
    let prefix = lookup.map(|place| format!("{}.", declaration.lookups[place].name));
    // The column that a name means here.
    let here = |name: &str| match &prefix {
        Some(prefix) => name.strip_prefix(prefix.as_str()).map(String::from),
        None => Some(name.to_string()),
    };
    match lookup {
        None => {
            columns.transaction.iter().for_each(|id| note(&id.column, "transaction id"));
            columns.patron.columns().iter().for_each(|column| note(column, "patron"));
            let lists = [
                (&columns.people, "other people"),
                (&columns.identifiers, "identifier"),
                (&columns.names, "name"),
                (&columns.alone, "not alone"),
                (&columns.drop, "dropped"),
            ];
            lists.iter().for_each(|(list, word)| list.iter().for_each(|column| note(column, word)));
            columns.item.iter().for_each(|column| note(column, "item"));
            note(&columns.opened, "opened");
            columns.closed.iter().flat_map(|closed| closed.columns()).for_each(|column| note(column, "closed"));
            columns.renewals.iter().for_each(|column| note(column, "renewals"));
            columns.renews.iter().for_each(|column| note(column, "renews"));
            let keys = declaration.lookups.iter().flat_map(|lookup| lookup.on.keys());
            let own = keys.filter(|key| !declaration.lookups.iter().any(|l| key.starts_with(&format!("{}.", l.name))));
            own.for_each(|column| note(column, "key"));
        }
        Some(place) => {
            let lookup = &declaration.lookups[place];
            for (ours, theirs) in &lookup.on {
                let word = if columns.patron.has(ours) { "patron's key" } else { "key" };
                theirs.columns().iter().for_each(|column| note(column, word));
            }
            let lists = [
                (&lookup.identifiers, "identifier"),
                (&lookup.names, "name"),
                (&lookup.alone, "not alone"),
                (&lookup.drop, "dropped"),
            ];
            lists.iter().for_each(|(list, word)| list.iter().for_each(|column| note(column, word)));
            for gather in lookup.gather.values() {
                gather.any_positive.iter().for_each(|column| note(column, "owed"));
                gather.max.iter().for_each(|column| note(column, "latest"));
                let asked = gather.when.keys().chain(gather.any.iter().flat_map(|any| any.keys()));
                asked.for_each(|column| note(column, "asked"));
            }
            lookup.r#use.iter().for_each(|column| note(column, "used"));
        }
    }
    for name in declaration.asked() {
        if let Some(column) = here(name) {
            let is_cell =
                lookup.is_some() || !declaration.lookups.iter().any(|l| name.starts_with(&format!("{}.", l.name)));
            if is_cell && all.contains_key(&column) | lookup.is_none() {
                all.entry(column).or_default().words.push("asked".into());
            }
        }
    }
    for publish in &declaration.publish {
        for (place, name) in publish.from.columns().iter().enumerate() {
            let of_another =
                lookup.is_none() && declaration.lookups.iter().any(|l| name.starts_with(&format!("{}.", l.name)));
            let Some(column) = here(name).filter(|_| !of_another) else { continue };
            let said = all.entry(column).or_default();
            said.words.push(format!("as {}", publish.name));
            let bands = matches!(publish.treatment, Treatment::Age(_) | Treatment::Duration(_));
            said.is_time |= bands || matches!(publish.treatment, Treatment::Day | Treatment::Hour | Treatment::Weekday);
            if matches!(publish.treatment, Treatment::Keep | Treatment::Prefix(_)) && place == 0 {
                said.published_text = Some(publish.name.clone());
                said.is_kept = matches!(publish.treatment, Treatment::Keep);
            }
        }
    }
    // Used for what is said besides.
    for said in all.values_mut().filter(|said| said.words.len() > 1) {
        said.words.retain(|word| word != "used");
        said.words.dedup();
    }
    all
}
