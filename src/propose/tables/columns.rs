//! `[columns]`: what each column of the transactions is.

use super::part::Part;
use crate::profile::guess::{Guess, Role};
use crate::profile::{Column, Look};
use crate::propose::evidence::evidence;
use crate::propose::page::{Entry, Page, inline, lines, list};

/// What each column of the transactions is, as a pipeline says it.
pub(super) struct Columns<'a> {
    transaction: (&'a str, &'static str, String),
    /// The best first.
    patrons: Vec<&'a str>,
    item: Option<&'a str>,
    opened: &'a str,
    closed: Vec<&'a str>,
    renewals: Option<&'a str>,
    renews: Option<&'a str>,
    /// Lists by their key, in the order of the pipeline.
    lists: [(&'static str, Vec<Entry>); 5],
    /// Columns that identify because nothing says that they are harmless.
    doubtful: usize,
}

/// A column in a list, with what was seen of it.
pub(super) fn entry(column: &Column, guess: &Guess) -> Entry {
    let doubt = if guess.doubtful { "in doubt: " } else { "" };
    Entry { value: column.name.clone(), aside: format!("{doubt}{}; {}", guess.why, evidence(column)) }
}

impl<'a> Part<'a> {
    /// An error says what is missing for a pipeline.
    pub(super) fn columns(&self) -> Result<Columns<'a>, String> {
        let meaning = self.seen.meaning;
        let one = |role: Role| meaning.first(role).map(|place| self.name(place));
        let id = meaning
            .first(Role::Transaction)
            .ok_or("no column of the transactions has a value of its own in each row: an id is needed, and a patron's number is none")?;
        let patrons: Vec<&str> = meaning.patrons.iter().map(|place| self.name(*place)).collect();
        if patrons.is_empty() {
            return Err(
                "no column seems to name the patron: without one nothing can be severed. Say `--kind`, or give the \
                        patrons' file"
                    .into(),
            );
        }
        let opened = one(Role::Opened)
            .ok_or("no column seems to say when a transaction began: a time that is always there is needed")?;
        let r#type = if meaning.ids_are_numbers { "integer" } else { "text" };
        Ok(Columns {
            transaction: (self.name(id), r#type, evidence(&self.table().columns[id])),
            patrons,
            item: one(Role::Item),
            opened,
            closed: meaning.closed.iter().map(|place| self.name(*place)).collect(),
            renewals: one(Role::Renewals),
            renews: one(Role::Renews),
            lists: self.lists(),
            doubtful: meaning.guesses.iter().filter(|guess| guess.doubtful).count(),
        })
    }

    fn lists(&self) -> [(&'static str, Vec<Entry>); 5] {
        let meaning = self.seen.meaning;
        let of = |wanted: &dyn Fn(usize, &Guess) -> bool| -> Vec<Entry> {
            let all = self.table().columns.iter().zip(&meaning.guesses).enumerate();
            let wanted = all.filter(|(place, (_, guess))| wanted(*place, guess));
            wanted.map(|(_, (column, guess))| entry(column, guess)).collect()
        };
        // Who borrows for somebody else may stand in for her, and is another person all the same.
        let acts = |place: usize, guess: &Guess| match meaning.patrons.iter().position(|patron| *patron == place) {
            None => guess.role == Role::People,
            Some(rank) => rank > 0 && self.name(place).to_lowercase().contains("proxy"),
        };
        let identifies = |place: usize, guess: &Guess| {
            guess.role == Role::Identifier || guess.role == Role::Patron && is_told(&self.table().columns[place])
        };
        let drop = |place: usize, guess: &Guess| match guess.role {
            Role::Harmless | Role::Published(_) | Role::Nested | Role::Status | Role::Owing => !self.is_asked(place),
            Role::Key => !self.used().any(|(lookup, _)| lookup.from.is_none() && lookup.ours == place),
            // A second item, a second opening.
            _ => false,
        };
        [
            ("people", of(&acts)),
            ("identifiers", of(&identifies)),
            ("names", of(&|_, guess| guess.role == Role::Name)),
            ("alone", of(&|_, guess| guess.role == Role::Alone)),
            ("drop", of(&drop)),
        ]
    }

    /// Whether a need asks for a column.
    fn is_asked(&self, place: usize) -> bool {
        self.own_debt() == Some(place) || self.settled() == Some(place)
    }
}

impl Columns<'_> {
    pub(super) fn print(&self, page: &mut Page, questions: &mut Vec<String>) {
        let (id, r#type, seen) = &self.transaction;
        page.table("columns");
        page.above(&format!("# {seen}\n"));
        page.set("transaction", inline([("column".into(), *id), ("type".into(), *r#type)]), "");
        match self.patrons.as_slice() {
            [one] => page.set("patron", *one, ""),
            several => page.set("patron", inline([("first".to_string(), list(several))]), ""),
        }
        page.above("# nobody = [\"0\"]                    # values of it that name nobody, beside null\n");
        if let Some(item) = self.item {
            page.set("item", item, "");
        }
        page.set("opened", self.opened, "");
        match self.closed.as_slice() {
            [] => {
                questions.push("nothing says when a transaction ends: until `closed` is named all are kept".into());
                page.above(
                    "# closed = \"…\"                      # when it ended: not found, so everything counts as open\n",
                );
            }
            [one] => page.set("closed", *one, ""),
            several => {
                let latest = inline([("latest".to_string(), list(several))]);
                page.set("closed", latest, "     # rather late than early");
            }
        }
        for (key, column) in [("renewals", self.renewals), ("renews", self.renews)] {
            if let Some(column) = column {
                page.set(key, column, "");
            }
        }
        for (key, entries) in &self.lists {
            if *key == "drop" {
                page.above("# Not used. What you publish, or ask for in a [[state]], comes off this list.\n");
            }
            if !entries.is_empty() {
                page.set(key, lines(entries), "");
            }
        }
        if self.doubtful > 0 {
            questions.push(format!(
                "columns of the transactions that are identifiers because nothing says that they are harmless: {}",
                self.doubtful
            ));
        }
        page.above("\n");
    }
}

/// Whether a patron's column tells more than a number of the system's own.
fn is_told(column: &Column) -> bool {
    column.letters > 0 && column.share(&[Look::Uuid]) < 0.9
        || column.are_long_numbers()
        || column.share(&[Look::LongNumber, Look::PatronBarcode, Look::Phone, Look::Email, Look::Device, Look::Address])
            > 0.1
            && column.longest >= 13
}
