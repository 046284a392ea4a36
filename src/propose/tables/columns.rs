//! `[columns]`: what each column of the transactions is.

use super::part::Part;
use crate::evidence::figure::grouped;
use crate::profile::guess::{Guess, Role};
use crate::profile::{Column, Look};
use crate::propose::evidence::evidence;
use crate::propose::page::{Entry, Page, inline, lines, list};
use crate::propose::questions::{Questions, Subject};

/// What each column of the transactions is, as a pipeline says it.
pub(super) struct Columns<'a> {
    transaction: Transaction<'a>,
    /// The best first.
    patrons: Vec<&'a str>,
    nobody: Vec<&'a str>,
    /// The patron's column, where one value stands in most of its cells, in how many, and of how many.
    one_for_most: Option<(&'a str, u64, u64)>,
    item: Option<&'a str>,
    opened: &'a str,
    closed: Vec<String>,
    /// Times that are always there, of which it isn't known whether they end it.
    maybe_due: Vec<&'a str>,
    renewals: Option<&'a str>,
    renews: Option<&'a str>,
    /// Lists by their key, in the order of the pipeline.
    lists: [(&'static str, Vec<Entry>); 5],
    /// Columns that identify because nothing says that they are harmless.
    doubtful: usize,
}

/// What tells the transactions apart.
enum Transaction<'a> {
    /// A column, its type, and what was seen of it.
    Own(&'a str, &'static str, String),
    Made(Vec<&'a str>),
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
        let patrons: Vec<&str> = meaning.patrons.iter().map(|place| self.name(*place)).collect();
        if patrons.is_empty() {
            return Err(
                "no column seems to name the patron, and without one nothing can be decided: say which does (--patron COLUMN), \
                 what the rows are (--kind), or give the patrons' file, too"
                    .into(),
            );
        }
        let opened = one(Role::Opened)
            .ok_or("no column seems to say when a transaction began, a time that is always there: say which does (--opened COLUMN)")?;
        let transaction = self.transaction(&patrons, opened)?;
        Ok(Columns {
            transaction,
            patrons,
            nobody: meaning.nobody.iter().map(String::as_str).collect(),
            one_for_most: self.one_for_most(),
            item: one(Role::Item),
            opened,
            closed: self.ends().into_iter().map(|(name, _)| name).collect(),
            maybe_due: self.maybe_due(),
            renewals: one(Role::Renewals),
            renews: one(Role::Renews),
            lists: self.lists(),
            doubtful: meaning.guesses.iter().filter(|guess| guess.doubtful).count(),
        })
    }

    fn maybe_due(&self) -> Vec<&'a str> {
        let guesses = self.table().columns.iter().zip(&self.seen.meaning.guesses);
        let may = guesses
            .filter(|(column, guess)| column.is_translated() && column.may_be_an_end() && guess.role == Role::Harmless);
        may.map(|(column, _)| column.name.as_str()).collect()
    }

    fn one_for_most(&self) -> Option<(&'a str, u64, u64)> {
        let place = *self.seen.meaning.patrons.first().filter(|_| self.seen.meaning.nobody.is_empty())?;
        let column = &self.table().columns[place];
        let asked = column.in_most() > 0 && column.filled >= 20 && column.distinct() > 1;
        asked.then(|| (self.name(place), column.in_most(), column.filled))
    }

    fn transaction(&self, patrons: &[&str], opened: &str) -> Result<Transaction<'a>, String> {
        let meaning = self.seen.meaning;
        match (meaning.first(Role::Transaction), meaning.made.as_slice()) {
            (Some(id), []) => {
                let r#type = if meaning.ids_are_numbers { "integer" } else { "text" };
                Ok(Transaction::Own(self.name(id), r#type, evidence(&self.table().columns[id])))
            }
            (_, made @ [_, _, ..]) => Ok(Transaction::Made(made.iter().map(|place| self.name(*place)).collect())),
            _ => Err(format!(
                "no column of the transactions has a value of its own in each row, nor do several together (`{}` and \
                 `{opened}`, say): name the column of their numbers (--id COLUMN), or those that together tell one from \
                 another (--id COLUMN --id COLUMN); a patron's number is none",
                patrons.first().copied().unwrap_or_default()
            )),
        }
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
    pub(super) fn print(&self, page: &mut Page, questions: &mut Questions) {
        page.table("columns");
        match &self.transaction {
            Transaction::Own(id, r#type, seen) => {
                page.above(&format!("# {seen}\n"));
                page.set("transaction", inline([("column".into(), *id), ("type".into(), *r#type)]), "");
            }
            Transaction::Made(columns) => {
                page.above("# No column has a number of its own in each row: these together tell one from another. The system doesn't\n# know such an id, so nothing is severed by this pipeline.\n");
                page.set("transaction", inline([("columns".to_string(), list(columns))]), "");
            }
        }
        match self.patrons.as_slice() {
            [one] => page.set("patron", *one, ""),
            several => page.set("patron", inline([("first".to_string(), list(several))]), ""),
        }
        if self.nobody.is_empty() {
            page.above("# nobody = [\"0\"]                    # values of it that name nobody, beside null\n");
        } else {
            page.set("nobody", list(&self.nobody), "");
        }
        if let Some(item) = self.item {
            page.set("item", item, "");
        }
        page.set("opened", self.opened, "");
        match self.closed.as_slice() {
            [] => {
                let question = if self.maybe_due.is_empty() {
                    "when did a transaction end? No column seems to say it: until one does (--closed COLUMN) all are kept".into()
                } else {
                    format!(
                        "when did a transaction end? {} is always there, and may say when it was due: if it says when it ended, say so \
                         (--closed COLUMN); until then all are kept",
                        self.maybe_due.join(", ")
                    )
                };
                questions.ask(Subject::Ends, question);
                page.above(
                    "# closed = \"…\"                      # when it ended: not found, so everything counts as open\n",
                );
            }
            [one] => page.set("closed", one.as_str(), ""),
            several => {
                let several: Vec<&str> = several.iter().map(String::as_str).collect();
                let latest = inline([("latest".to_string(), list(&several))]);
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
        if let Some((patron, in_most, filled)) = self.one_for_most {
            questions.ask(
                Subject::Patrons,
                format!(
                    "does one value of {patron} name somebody? It stands in {} of {} rows at least: if it means nobody, say it \
                     (--nobody VALUE); until then it counts as one patron",
                    grouped(in_most),
                    grouped(filled)
                ),
            );
        }
        if self.doubtful > 0 {
            questions.remark(format!(
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
