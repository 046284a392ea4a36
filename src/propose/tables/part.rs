//! What the parts of a pipeline are written from.

use super::names::{slug, unique};
use super::reading::Reading;
use crate::profile::TableProfile;
use crate::profile::guess::{Guess, Joined, Nature, Role};
use crate::propose::study::Study;

/// What the parts of a pipeline are written from.
pub(super) struct Part<'a> {
    pub seen: &'a Study<'a>,
    pub reading: &'a Reading,
    /// Names of lookups, by their place; None: it isn't used.
    pub names: &'a [Option<String>],
}

impl<'a> Part<'a> {
    pub fn table(&self) -> &'a TableProfile {
        &self.seen.tables[self.seen.meaning.sources[0]]
    }

    pub fn name(&self, place: usize) -> &'a str {
        &self.table().columns[place].name
    }

    /// What says when a transaction ended, as the pipeline calls it, and whether it may be unset. Where the transactions' own
    /// file doesn't say it, another may.
    pub fn ends(&self) -> Vec<(String, bool)> {
        let own =
            self.seen.meaning.closed.iter().map(|place| (self.name(*place).to_string(), self.may_be_unset(*place)));
        let of_others = self.used().filter(|(lookup, _)| lookup.nature == Nature::Returns);
        own.chain(of_others.map(|(_, name)| (format!("{name}.{RETURNED}"), true))).collect()
    }

    /// The lookups that are used, with their names.
    pub fn used(&self) -> impl Iterator<Item = (&'a Joined, &'a str)> {
        let all = self.seen.meaning.lookups.iter().zip(self.names);
        all.filter_map(|(lookup, name)| name.as_deref().map(|name| (lookup, name)))
    }
}

/// What is gathered of a file that says when transactions ended.
pub(super) const RETURNED: &str = "ended";

/// The names that lookups have in the pipeline.
pub(super) fn lookup_names(seen: &Study<'_>) -> Vec<Option<String>> {
    let table = &seen.tables[seen.meaning.sources[0]];
    // `status.name` of the transactions is no cell of a lookup.
    let steps: Vec<&str> =
        table.columns.iter().filter_map(|column| column.name.split_once('.')).map(|(step, _)| step).collect();
    let mut taken = Vec::new();
    let mut names: Vec<Option<String>> = Vec::new();
    for (place, lookup) in seen.meaning.lookups.iter().enumerate() {
        let leads_on = seen.meaning.lookups.iter().any(|other| other.from == Some(place));
        let is_used = lookup.guesses.iter().any(|guess| guess.is_identifying() || tells(guess, lookup)) || leads_on;
        let decides = matches!(
            lookup.nature,
            Nature::Bills | Nature::Claims | Nature::Returns | Nature::Current | Nature::Persons
        );
        let from_used = lookup.from.is_none_or(|from| names.get(from).is_some_and(Option::is_some));
        names.push(
            (from_used && (is_used || decides))
                .then(|| unique(slug(&seen.tables[lookup.table].file), &mut taken, &steps)),
        );
    }
    names
}

/// Whether a column of a lookup is worth asking for.
pub(super) fn tells(guess: &Guess, lookup: &Joined) -> bool {
    matches!(guess.role, Role::Published(_) | Role::History) && !lookup.many
}
