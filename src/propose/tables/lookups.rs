//! `[[lookup]]`: other exports, joined by key.

use super::columns::entry;
use super::gather::{Gathered, gather, reads};
use super::part::{Part, tells};
use super::sources::FileKeys;
use crate::pipeline::declaration::KeyType;
use crate::profile::Column;
use crate::profile::guess::{Guess, Joined, Nature, Published, Role};
use crate::propose::page::{Entry, Page, inline, lines, list};
use crate::propose::questions::{Questions, Subject};

/// A lookup, as it is declared.
pub(super) struct Lookup<'a> {
    name: &'a str,
    file: FileKeys<'a>,
    /// Whether several of its rows have one key.
    many: bool,
    ours: String,
    theirs: Vec<&'a str>,
    why: &'a str,
    /// How its keys are read. None: nobody knows how it joins.
    key: Option<KeyType>,
    required: bool,
    lists: [(&'static str, Vec<Entry>); 5],
    gather: Vec<Gathered>,
}

impl<'a> Part<'a> {
    /// The lookups that are used, and what a person must say of each.
    pub(super) fn lookups(&self, questions: &mut Questions) -> Vec<Lookup<'a>> {
        let mut all = Vec::new();
        for (lookup, name) in self.used() {
            all.push(self.lookup(lookup, name));
            self.ask_of_bills(lookup, name, questions);
            if lookup.doubtful {
                questions.ask(
                    Subject::Needs,
                    format!(
                        "how does {name} join? Until that is said what it holds is searched for, but a legal hold that names it \
                         finds no patron, and keeps everything"
                    ),
                );
            }
            let doubtful = lookup.guesses.iter().filter(|guess| guess.doubtful && guess.is_identifying()).count();
            if doubtful > 0 {
                questions.remark(format!(
                    "columns of {name} that are identifiers because nothing says that they are harmless: {doubtful}"
                ));
            }
        }
        all
    }

    fn lookup(&self, lookup: &'a Joined, name: &'a str) -> Lookup<'a> {
        let table = &self.seen.tables[lookup.table];
        let ours = match lookup.from {
            None => self.name(lookup.ours).to_string(),
            Some(from) => {
                let other = &self.seen.tables[self.seen.meaning.lookups[from].table];
                format!("{}.{}", self.names[from].as_deref().unwrap_or_default(), other.columns[lookup.ours].name)
            }
        };
        let gather = gather(self, lookup);
        let decides = !gather.is_empty()
            || lookup.guesses.iter().any(|guess| guess.is_identifying() || guess.role == Role::History)
            || lookup.many;
        Lookup {
            name,
            file: self.file_keys(lookup.table),
            many: lookup.many,
            ours,
            theirs: lookup.theirs.iter().map(|place| table.columns[*place].name.as_str()).collect(),
            why: &lookup.why,
            key: (!lookup.doubtful).then(|| self.key_type(lookup)),
            required: decides || lookup.nature == Nature::Persons || self.leads_to_decision(lookup),
            lists: self.lookup_lists(lookup),
            gather,
        }
    }

    /// What all cells of a key are, on both sides: one that is written otherwise would meet nothing.
    fn key_type(&self, lookup: &Joined) -> KeyType {
        let meaning = self.seen.meaning;
        let ours: Vec<&Column> = match lookup.from {
            None => {
                let tables = meaning.sources.iter().map(|source| &self.seen.tables[*source]);
                let name = self.name(lookup.ours);
                tables.filter_map(|table| table.column(name).map(|place| &table.columns[place])).collect()
            }
            Some(from) => vec![&self.seen.tables[meaning.lookups[from].table].columns[lookup.ours]],
        };
        let theirs = lookup.theirs.iter().map(|place| &self.seen.tables[lookup.table].columns[*place]);
        let all: Vec<&Column> = ours.into_iter().chain(theirs).filter(|column| column.filled > 0).collect();
        if all.is_empty() {
            KeyType::Text
        } else if all.iter().all(|column| column.whole_numbers == column.filled) {
            KeyType::Integer
        } else if all.iter().all(|column| column.uuids == column.filled) {
            KeyType::Uuid
        } else {
            KeyType::Text
        }
    }

    fn lookup_lists(&self, lookup: &Joined) -> [(&'static str, Vec<Entry>); 5] {
        let table = &self.seen.tables[lookup.table];
        let of = |wanted: &dyn Fn(usize, &Guess) -> bool| -> Vec<Entry> {
            let all = table.columns.iter().zip(&lookup.guesses).enumerate();
            let wanted = all.filter(|(place, (_, guess))| wanted(*place, guess));
            wanted.map(|(_, (column, guess))| entry(column, guess)).collect()
        };
        let at = self.place_of(lookup);
        let leads = |place: usize| {
            let mut others = self.seen.meaning.lookups.iter().zip(self.names);
            others.any(|(other, name)| other.from == at && other.ours == place && name.is_some())
        };
        let used = |place: usize, guess: &Guess| !lookup.many && (tells(guess, lookup) || leads(place));
        let drop = |place: usize, guess: &Guess| {
            !lookup.theirs.contains(&place)
                && !used(place, guess)
                && !guess.is_identifying()
                && !reads(self, lookup, place)
        };
        [
            ("use", of(&used)),
            ("identifiers", of(&|_, guess| matches!(guess.role, Role::Identifier | Role::Patron | Role::People))),
            ("names", of(&|_, guess| guess.role == Role::Name)),
            ("alone", of(&|_, guess| matches!(guess.role, Role::Alone | Role::Published(Published::Birth)))),
            ("drop", of(&drop)),
        ]
    }

    fn place_of(&self, lookup: &Joined) -> Option<usize> {
        self.seen.meaning.lookups.iter().position(|other| std::ptr::eq(other, lookup))
    }

    /// Whether a lookup that decides is joined through this one.
    fn leads_to_decision(&self, lookup: &Joined) -> bool {
        let at = self.place_of(lookup);
        self.used().any(|(other, _)| other.from == at && other.from.is_some())
    }
}

impl Lookup<'_> {
    pub(super) fn print(&self, page: &mut Page) {
        page.next("lookup");
        page.set("name", self.name, "");
        self.file.print(page);
        if self.many {
            page.set("rows", "many", "");
        }
        let theirs = match self.theirs.as_slice() {
            [one] => (*one).into(),
            several => list(several),
        };
        page.set("on", inline([(self.ours.clone(), theirs)]), &format!("     # {}", self.why));
        if let Some(key) = self.key {
            page.set("key", key.as_str(), "");
        }
        if !self.required {
            page.set("required", false, "                   # it decides nothing, and names nobody");
        }
        for (key, entries) in self.lists.iter().filter(|(_, entries)| !entries.is_empty()) {
            page.set(key, lines(entries), "");
        }
        if !self.gather.is_empty() {
            page.under("lookup", "gather");
        }
        self.gather.iter().for_each(|gathered| gathered.print(page));
        page.above("\n");
    }
}
