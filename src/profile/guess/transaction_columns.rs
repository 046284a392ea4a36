//! What the columns of the transactions are.

use super::meaning::{About, Guess, Meaning, Role};
use super::own_number::{are_numbers, everywhere, of_nobody, own_number};
use super::said::Said;
use super::{bills, lone_columns as alone};
use crate::profile::TableProfile;
use crate::profile::words::{self, has, plain};
use crate::profile::{Column, Look};
use crate::words::is_made_of;

pub(super) struct Roles<'a> {
    tables: &'a [TableProfile],
    sources: &'a [usize],
    about: About,
    said: &'a Said,
    table: &'a TableProfile,
}

impl<'a> Roles<'a> {
    pub fn new(tables: &'a [TableProfile], sources: &'a [usize], about: About, said: &'a Said) -> Roles<'a> {
        Roles { tables, sources, about, said, table: &tables[sources[0]] }
    }

    /// A column, in each of the sources.
    fn everywhere(&self, place: usize) -> impl Iterator<Item = &'a Column> {
        everywhere(self.tables, self.sources, place)
    }

    /// Which part of a column's cells is filled, in all sources.
    fn fill(&self, place: usize) -> f64 {
        let (filled, cells) =
            self.everywhere(place).fold((0, 0), |(f, c), column| (f + column.filled, c + column.cells()));
        filled as f64 / cells.max(1) as f64
    }

    pub fn guess(&self) -> Meaning {
        let columns = &self.table.columns;
        let mut guesses: Vec<Guess> = (0..columns.len()).map(|place| self.one(place)).collect();
        if self.about == About::Bills {
            bills::settle(&mut guesses);
        }
        let mut take = |place: Option<usize>, role: Role, why: &str| {
            if let Some(place) = place {
                guesses[place] = Guess::sure(role, why);
            }
        };
        let named = |column: &String| self.table.column(column);
        let transaction = match self.said.id.as_slice() {
            [] => own_number(self.table, &[]),
            [one] => named(one),
            _ => None,
        };
        let opened = self.said.opened.as_ref().map_or_else(|| self.opened(), named);
        let closed = match self.said.closed.as_slice() {
            [] => self.closed(opened),
            said => said.iter().filter_map(named).collect(),
        };
        take(opened, Role::Opened, "a time that is always there");
        closed.iter().for_each(|place| take(Some(*place), Role::Closed, "a time that is called like an end"));
        take(self.renewals(), Role::Renewals, "a small number that is called so");
        take(self.renews(transaction), Role::Renews, "names another row of this file");
        take(transaction, Role::Transaction, "its values are all different");
        Meaning {
            about: self.about,
            sources: self.sources.to_vec(),
            guesses,
            made: if self.said.id.len() > 1 { self.said.id.iter().filter_map(named).collect() } else { Vec::new() },
            nobody: self.said.nobody.clone(),
            patrons: Vec::new(),
            closed,
            lookups: Vec::new(),
            left_out: Vec::new(),
            also: Vec::new(),
            debts_apart: Vec::new(),
            ids_are_numbers: transaction.is_some_and(|place| are_numbers(self.tables, self.sources, place)),
        }
    }

    fn one(&self, place: usize) -> Guess {
        let column = &self.table.columns[place];
        if !self.table.named {
            return if column.is_time() && column.share(&[Look::Time]) > 0.99 && column.longest > 8 {
                Guess::sure(Role::Harmless, "a time")
            } else {
                Guess::doubtful(Role::Identifier, "nothing says what it is")
            };
        }
        // In any of the sources.
        let others: Vec<&Column> = self.everywhere(place).collect();
        let person = others.iter().find_map(|column| alone::person(column));
        let own = || (self.about == About::Bills).then(|| bills::one(&others, self.table.records)).flatten();
        person.or_else(own).unwrap_or_else(|| alone::thing(&others, self.table.records))
    }

    fn times(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.table.columns.len()).filter(|place| {
            let mut all = self.everywhere(*place);
            all.any(|column| column.is_time()) && !has(&self.table.columns[*place].called, words::BIRTH)
        })
    }

    fn name(&self, place: usize) -> &'a str {
        &self.table.columns[place].called
    }

    /// The time that is always there; by name where there are several.
    fn opened(&self) -> Option<usize> {
        let always: Vec<usize> = self.times().filter(|place| self.fill(*place) >= 0.9).collect();
        let rank = |place: &usize| {
            let name = plain(self.name(*place));
            let by_word = words::OPENED.iter().position(|word| has(&name, &[word]));
            let ends = has(&name, words::CLOSED) || has(&name, words::NO_END) || has(&name, &["update", "modif"]);
            let ends = ends || self.about == About::Bills && bills::ends(&name);
            (ends, by_word.unwrap_or(usize::MAX), *place)
        };
        let first = always.into_iter().min_by_key(rank)?;
        // Without a name, or with the name of an end, it is only the best that there is.
        Some(first).filter(|place| !self.table.named || !has(self.name(*place), words::NO_END))
    }

    /// The times that may end a transaction. The latest of them counts: rather kept too long.
    fn closed(&self, opened: Option<usize>) -> Vec<usize> {
        if !self.table.named {
            return Vec::new();
        }
        let is_end = |place: &usize| {
            let name = self.name(*place);
            Some(*place) != opened && has(name, words::CLOSED) && !has(name, words::NO_END)
        };
        if self.about == About::Bills {
            return self.times().filter(|place| Some(*place) != opened && bills::ends(self.name(*place))).collect();
        }
        let empty = |place: &usize| self.everywhere(*place).all(|column| column.filled == 0);
        let mut ends: Vec<usize> = (0..self.table.columns.len())
            .filter(|place| is_end(place) && (self.is_time(*place) || empty(place) && looks_timed(self.name(*place))))
            .collect();
        // In other languages one word is said of the day on which it came back and of that on which it should: of one that
        // is always there it isn't known which.
        ends.retain(|place| !(self.table.columns[*place].is_translated() && self.fill(*place) >= 1.0));
        let without = |ends: &[usize]| ends.iter().all(|place| self.fill(*place) < 0.6);
        // Where most rows have no end, when they were last changed may stand for it.
        if without(&ends) && (self.about != About::Loans || ends.is_empty()) {
            let changed = |place: &usize| Some(*place) != opened && has(self.name(*place), words::CHANGED);
            let more: Vec<usize> = self.times().filter(changed).collect();
            ends.extend(more);
        } else if self.name_steps() {
            let changed = |place: &usize| Some(*place) != opened && has(self.name(*place), &["metadataupdateddate"]);
            let more: Vec<usize> = self.times().filter(changed).collect();
            ends.extend(more);
        }
        ends.sort_unstable();
        ends.dedup();
        ends
    }

    fn is_time(&self, place: usize) -> bool {
        self.everywhere(place).any(Column::is_time)
    }

    fn name_steps(&self) -> bool {
        self.table.columns.iter().any(|column| column.name.contains('.'))
    }

    fn renewals(&self) -> Option<usize> {
        (0..self.table.columns.len()).find(|place| {
            let column = &self.table.columns[*place];
            has(&column.called, words::RENEWALS)
                && !has(&column.called, &["unseen", "remaining", "auto", "max"])
                && column.filled > 0
                && column.share(&[Look::Integer]) > 0.95
                && column.longest <= 3
        })
    }

    /// A column whose values are ids of other rows.
    fn renews(&self, transaction: Option<usize>) -> Option<usize> {
        let id = &self.table.columns[transaction?];
        (0..self.table.columns.len()).find(|place| {
            let column = &self.table.columns[*place];
            Some(*place) != transaction
                && has(&column.called, words::RENEWS)
                && (column.filled == 0 || column.within(id) > 0.6)
        })
    }
}

fn looks_timed(name: &str) -> bool {
    has(name, &["date", "time", "gmt", "start", "end", "finish"])
}

/// Who the patron is, once it is known which files are joined how.
pub(super) fn settle(tables: &[TableProfile], meaning: &mut Meaning, said: &Said) {
    if said.id.is_empty() {
        of_nobody(tables, meaning);
    }
    let table = &tables[meaning.sources[0]];
    let name = |place: usize| table.columns[place].called.as_str();
    let persons: Vec<usize> =
        (0..tables.len()).filter(|t| alone::is_of_persons(&tables[*t]) && !meaning.sources.contains(t)).collect();
    let free = |meaning: &Meaning, place: usize| {
        !matches!(
            meaning.guesses[place].role,
            Role::Transaction | Role::Opened | Role::Closed | Role::Renewals | Role::Renews
        )
    };
    // Columns that join a file of persons, or hold such keys.
    let joins = |meaning: &Meaning, place: usize| {
        meaning
            .lookups
            .iter()
            .any(|lookup| lookup.from.is_none() && lookup.ours == place && persons.contains(&lookup.table))
    };
    let rank = |meaning: &Meaning, place: usize| -> i64 {
        let called = words::PATRON.iter().position(|word| has(name(place), &[word])).map_or(0, |at| 40 - at as i64);
        let other = has(name(place), words::PEOPLE) || name(place).to_lowercase().ends_with("by");
        let vocabulary = has(name(place), &["type", "code", "group", "status", "library", "agency", "category"])
            && !joins(meaning, place);
        let unlike = is_called_a_place(name(place))
            || table.columns[place].is_time()
            || table.columns[place].nested
            || has(name(place), words::FREE);
        let deep = name(place).matches('.').count() as i64 * 5;
        i64::from(joins(meaning, place)) * 30 - deep + called
            - i64::from(other) * 60
            - i64::from(vocabulary || unlike) * 100
    };
    let best = (0..table.columns.len())
        .filter(|place| free(meaning, *place) && rank(meaning, *place) > 0)
        .max_by_key(|place| (rank(meaning, *place), std::cmp::Reverse(*place)));
    if !said.patron.is_empty() {
        meaning.patrons = said.patron.iter().filter_map(|column| table.column(column)).collect();
    } else if let Some(best) = best {
        meaning.patrons.push(best);
        // Who borrows for somebody else stands in where nobody else is named.
        let proxies = (0..table.columns.len()).filter(|place| {
            *place != best
                && has(name(*place), words::PROXY)
                && !table.columns[*place].nested
                && name(*place).matches('.').count() == 0
                && (has(name(*place), &["id"]) || table.columns[*place].within(&table.columns[best]) > 0.5)
        });
        meaning.patrons.extend(proxies);
    } else {
        // Nobody's number: what reaches them.
        let mut contacts: Vec<usize> = (0..table.columns.len())
            .filter(|place| free(meaning, *place) && table.columns[*place].filled > 0)
            .filter(|place| {
                let column = &table.columns[*place];
                column.share(&[Look::Email, Look::Phone, Look::PatronBarcode, Look::Device]) > 0.5
            })
            .collect();
        contacts.sort_by_key(|place| std::cmp::Reverse(table.columns[*place].filled));
        meaning.patrons = contacts;
    }
    // A device stands in for a login.
    if meaning.about == About::Sessions && said.patron.is_empty() {
        let devices = (0..table.columns.len()).filter(|place| {
            let column = &table.columns[*place];
            column.share(&[Look::Device]) > 0.9 && !meaning.patrons.contains(place) && column.fill() > 0.5
        });
        let devices: Vec<usize> = devices.collect();
        meaning.patrons.extend(devices);
    }
    for place in meaning.patrons.clone() {
        meaning.guesses[place] = Guess::sure(Role::Patron, "names whom it is about");
    }
    match said.item.as_ref().and_then(|column| table.column(column)) {
        Some(place) => meaning.guesses[place] = Guess::sure(Role::Item, "said to be the material"),
        None => item(tables, meaning),
    }
    // Keys that join a file of persons otherwise are other people.
    if let Some(patron) = meaning.patrons.first().copied() {
        let same: Vec<usize> = (0..table.columns.len())
            .filter(|place| {
                let column = &table.columns[*place];
                let guess = &meaning.guesses[*place];
                guess.role == Role::Identifier
                    && guess.doubtful
                    && column.filled > 0
                    && column.distinct() > 1
                    && column.longest >= 3
                    && column.within(&table.columns[patron]) > 0.9
            })
            .collect();
        same.into_iter()
            .for_each(|place| meaning.guesses[place] = Guess::sure(Role::People, "its values are patrons'"));
    }
    for lookup in 0..meaning.lookups.len() {
        let (from, ours) = (meaning.lookups[lookup].from, meaning.lookups[lookup].ours);
        if from.is_none()
            && matches!(
                meaning.guesses[ours].role,
                Role::Identifier | Role::Harmless | Role::Published(_) | Role::Status
            )
            && (meaning.guesses[ours].doubtful || meaning.guesses[ours].role != Role::Identifier)
        {
            meaning.guesses[ours] = Guess::sure(Role::Key, "joins another file");
        }
    }
}

/// Whatever its own file says of it: a library has a name and a street, too.
fn is_called_a_place(name: &str) -> bool {
    const PLACES: [&str; 9] =
        ["library", "branch", "location", "site", "agency", "servicepoint", "orgunit", "circlib", "biblioteca"];
    const BESIDE: [&str; 9] = ["home", "owning", "checkout", "pickup", "name", "number", "code", "key", "id"];
    is_made_of(&plain(name), &PLACES, &BESIDE)
}

fn item(tables: &[TableProfile], meaning: &mut Meaning) {
    let table = &tables[meaning.sources[0]];
    let joined = |place: usize| meaning.lookups.iter().any(|lookup| lookup.from.is_none() && lookup.ours == place);
    let rank = |place: usize| {
        let column = &table.columns[place];
        let name = column.called.as_str();
        let role = &meaning.guesses[place].role;
        let barcode = column.share(&[Look::ItemBarcode]) > 0.5;
        let unfit = matches!(
            role,
            Role::Transaction
                | Role::Opened
                | Role::Closed
                | Role::Renewals
                | Role::Renews
                | Role::Patron
                | Role::People
                | Role::Name
        ) || column.is_time()
            || column.nested
            || !barcode
                && has(
                    name,
                    &[
                        "type",
                        "status",
                        "location",
                        "code",
                        "field",
                        "policy",
                        "agency",
                        "^copynumber",
                        "note",
                        "lib",
                        "date",
                        "user",
                    ],
                )
            || has(name, &["order", "count", "collection", "level"]);
        if unfit || !has(name, words::ITEM) {
            return 0;
        }
        let id = has(name, &["id$", "number$", "key$", "itemrecord"]);
        4 + i64::from(joined(place)) * 3
            + i64::from(id) * 2
            + i64::from(barcode)
            + i64::from(has(name, &["item", "copy"]) && !has(name, &["holding", "barcode"])) * 2
    };
    let best = (0..table.columns.len())
        .filter(|place| rank(*place) > 0)
        .max_by_key(|place| (rank(*place), std::cmp::Reverse(*place)));
    if let Some(best) = best {
        meaning.guesses[best] = Guess::sure(Role::Item, "names the material");
    }
}
