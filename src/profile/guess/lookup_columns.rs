//! What the columns of joined files are. In a file about persons everything is an identifier that isn't known to be
//! harmless; elsewhere what isn't used is dropped, unless it looks like a person.

use super::file_names::is_called;
use super::joins::is_by_transaction;
use super::lone_columns as alone;
use super::meaning::{Guess, Joined, Meaning, Nature, Published, Role};
use crate::profile::TableProfile;
use crate::profile::words::{self, has};
use crate::profile::{Column, Look};

pub(super) fn guess(tables: &[TableProfile], meaning: &mut Meaning) {
    for place in 0..meaning.lookups.len() {
        let nature = if meaning.lookups[place].doubtful {
            Nature::Persons
        } else {
            nature(tables, meaning, &meaning.lookups[place])
        };
        let lookup = &meaning.lookups[place];
        let table = &tables[lookup.table];
        let used_as_key: Vec<usize> =
            meaning.lookups.iter().filter(|other| other.from == Some(place)).map(|other| other.ours).collect();
        let guesses = (0..table.columns.len())
            .map(|column| one(table, lookup, nature, column, used_as_key.contains(&column)))
            .collect();
        let lookup = &mut meaning.lookups[place];
        (lookup.nature, lookup.guesses) = (nature, guesses);
        // A patron may owe twice.
        lookup.many |= matches!(nature, Nature::Bills | Nature::Claims | Nature::Current | Nature::Returns);
        decide(table, lookup);
    }
}

/// Payments, where the bills that they pay are joined and don't say what is still owed: whatever has one of these is kept,
/// whenever it was paid.
fn is_of_bills_that_keep_anyway(tables: &[TableProfile], meaning: &Meaning, lookup: &Joined) -> bool {
    let owes = |table: &TableProfile| table.columns.iter().any(|column| has(&column.called, words::OUTSTANDING));
    let are_payments = |table: &TableProfile| is_called(table, &["payment"]) && !owes(table);
    let keeps = |other: &Joined| {
        let table = &tables[other.table];
        let amount = table.columns.iter().any(|column| has(&column.called, &["amount", "paid"]));
        !other.doubtful
            && is_called(table, words::BILLS)
            && !is_called(table, &["payment", "type"])
            && amount
            && !owes(table)
    };
    are_payments(&tables[lookup.table])
        && meaning.lookups.iter().any(|other| other.table != lookup.table && keeps(other))
}

fn nature(tables: &[TableProfile], meaning: &Meaning, lookup: &Joined) -> Nature {
    let table = &tables[lookup.table];
    let any = |words: &[&str]| table.columns.iter().any(|column| has(&column.called, words));
    let to_patron = match lookup.from {
        None => meaning.patrons.contains(&lookup.ours),
        // What a patron's code stands for is about nobody.
        Some(from) => meaning.lookups[from].nature == Nature::Persons && (!table.named || table.columns.len() > 4),
    };
    let bills = is_called(table, words::BILLS) && !is_called(table, &["type", "patron_", "address"]);
    if bills && is_of_bills_that_keep_anyway(tables, meaning, lookup) {
        return Nature::Other;
    }
    let narrow = table.columns.len() <= 6 && !bills && !is_called(table, &["claim"]);
    if narrow && meaning.closed.is_empty() && is_by_transaction(meaning, lookup) && ended(table).is_some() {
        return Nature::Returns;
    }
    if bills && (any(words::OUTSTANDING) || any(&["amount", "voided", "paid", "balance"])) {
        Nature::Bills
    } else if is_called(table, &["claim"]) {
        Nature::Claims
    } else if alone::is_of_persons(table) || to_patron {
        Nature::Persons
    } else if lookup.many && is_called(table, &["checkout", "charge", "hold", "issue"]) && lookup.from.is_none()
        || is_by_transaction(meaning, lookup) && is_called(table, &["checkout", "open"])
    {
        Nature::Current
    } else {
        Nature::Other
    }
}

fn one(table: &TableProfile, lookup: &Joined, nature: Nature, place: usize, key: bool) -> Guess {
    let column = &table.columns[place];
    let is_key = lookup.theirs.contains(&place);
    if is_key && !lookup.doubtful {
        return Guess::sure(Role::Key, "the key");
    }
    if nature == Nature::Returns && ended(table) == Some(place) {
        return Guess::sure(Role::Closed, "the one time that is called like an end");
    }
    if column.nested {
        return Guess::sure(Role::Nested, "holds an object or a list: nothing of it can be read");
    }
    if !table.named {
        return if key {
            Guess::sure(Role::Key, "joins another file")
        } else {
            Guess::doubtful(Role::Identifier, "nothing says what it is")
        };
    }
    let guess = match nature {
        Nature::Persons => of_person(table, column),
        _ => of_thing(table, column, nature),
    };
    // Of a key that nobody is sure of all that leads to a person is searched for.
    if (key || is_key) && !guess.is_identifying() { Guess::sure(Role::Key, "joins another file") } else { guess }
}

fn of_person(table: &TableProfile, column: &Column) -> Guess {
    let name = column.called.as_str();
    if has(name, words::BIRTH) {
        return Guess::sure(Role::Published(Published::Birth), "called like a birth date");
    }
    if let Some(guess) = alone::person(column) {
        // Whose record it is, every one who is named in it is searched for.
        let role = match guess.role {
            Role::People => Role::Identifier,
            role => role,
        };
        return Guess { role, ..guess };
    }
    if has(name, words::HISTORY) && column.distinct() <= 10 {
        return Guess::sure(Role::History, format!("a choice of {}", column.distinct()));
    }
    // Who says `barcode` in a patron's file means hers.
    if has(name, &["barcode", "card", "name", "user1", "user2", "user3", "user4", "user5", "^ident"]) && !small(column)
    {
        return Guess::sure(Role::Identifier, "called like what names a person");
    }
    let years = column.times.years.filter(|_| column.is_time());
    if years.is_some_and(|(first, last)| last - first > 30 && column.times.clocks * 2 < column.filled) {
        return Guess::doubtful(Role::Alone, "dates over more than 30 years: birth dates, perhaps");
    }
    match alone::thing(&[column], table.records) {
        Guess { role: Role::Status, .. }
            if has(name, words::PATRON_GROUP) || column.distinct() > 1 && column.letters > 0 =>
        {
            Guess::sure(Role::Published(Published::PatronGroup), format!("a vocabulary of {}", column.distinct()))
        }
        Guess { role: Role::Status, why, .. } => Guess::sure(Role::Harmless, why),
        guess if guess.doubtful && small(column) && column.share(&[Look::Integer]) > 0.99 => {
            Guess::sure(Role::Harmless, "small numbers: keys of something else")
        }
        guess => guess,
    }
}

/// The one time of a file that is called like an end.
fn ended(table: &TableProfile) -> Option<usize> {
    let is_end =
        |column: &Column| column.is_time() && has(&column.called, words::CLOSED) && !has(&column.called, words::NO_END);
    let mut ends = (0..table.columns.len()).filter(|place| is_end(&table.columns[*place]));
    let first = ends.next()?;
    let alone = ends.next().is_none() && !has_amounts(table);
    alone.then_some(first)
}

/// What was paid or owed ends no loan.
fn has_amounts(table: &TableProfile) -> bool {
    table.columns.iter().any(|column| has(&column.called, words::AMOUNT) || has(&column.called, words::OUTSTANDING))
}

/// Numbers of a few digits.
fn small(column: &Column) -> bool {
    column.filled > 0 && column.share(&[Look::Integer]) > 0.99 && column.longest <= 4
}

fn of_thing(table: &TableProfile, column: &Column, nature: Nature) -> Guess {
    let name = column.called.as_str();
    if nature == Nature::Bills {
        if has(name, words::OUTSTANDING) && !has(name, &["type", "date"]) {
            return Guess::sure(Role::Owing, "called like what is still owed");
        }
        if column.is_time() && (has(name, words::PAID) || has(name, words::CHANGED)) {
            return Guess::sure(Role::Changed, "called like the last change");
        }
        if may_end(column) {
            return Guess::sure(Role::Status, "may say whether a bill is over");
        }
    }
    if let Some(guess) = alone::person(column)
        && !column.is_time()
    {
        let about_library =
            matches!(nature, Nature::Other) && !guess.why.starts_with("holds") && !has(name, words::FREE);
        // The library's own telephone, or the creator of a catalogue record.
        return if about_library {
            Guess::sure(Role::Harmless, "of a file that is about no patron")
        } else if guess.role == Role::People {
            Guess::sure(Role::Harmless, "not read")
        } else {
            Guess { role: if guess.role == Role::Name { Role::Name } else { Role::Identifier }, ..guess }
        };
    }
    if nature == Nature::Other {
        let found = if has(name, words::CALL_NUMBER) { Some(Published::CallNumber) } else { alone::published(name) };
        // A short list of words by key: what a code stands for.
        let list = table.columns.len() <= 8
            && has(name, &["name", "description", "^code$", "^group$", "abbreviation", "shortname"]);
        let found = found.or(list.then(|| of_list(table)).flatten());
        if let Some(found) = found
            .filter(|_| alone::is_worth_publishing(column))
            .filter(|found| column.filled > 0 && (*found == Published::CallNumber || column.distinct() <= 200))
        {
            return Guess::sure(Role::Published(found), format!("a vocabulary of {}", column.distinct()));
        }
    }
    match alone::thing(&[column], table.records) {
        // What isn't named isn't read: nothing of it can leave.
        guess if guess.doubtful && column.share(&[Look::FreeText, Look::Name]) < 0.5 => {
            Guess::sure(Role::Harmless, "not read")
        }
        Guess { role: Role::Status, why, .. } => Guess::sure(Role::Harmless, why),
        guess => guess,
    }
}

/// Whether a column of bills may say that one is over, or isn't yet: a status, a flag, or what tells charges from what was
/// paid for them. A sum and a time are none.
fn may_end(column: &Column) -> bool {
    let name = column.called.as_str();
    let few = column.distinct() <= 40 && column.share(&[Look::FreeText]) <= 0.1;
    let flag = column.distinct() <= 4 && column.share(&[Look::Amount]) < 0.5 && !has(name, words::AMOUNT);
    few && !column.is_time()
        && (has(name, words::STATUS) && !has(name, &["statement", "date$"])
            || has(name, words::ENTRY)
            || flag && has(name, words::ENDED) && !has(name, &["date", "time", "by$", "id$", "type", "total", "sum"]))
}

fn of_list(table: &TableProfile) -> Option<Published> {
    let called = |words: &[&str]| is_called(table, words);
    if called(&["patron", "usergroup", "group", "ptype"]) && !called(&["statgroup"]) {
        Some(Published::PatronGroup)
    } else if called(&["material", "itemtype", "itype", "format"]) {
        Some(Published::Material)
    } else if called(&["collection"]) {
        Some(Published::Collection)
    } else {
        called(&["branch", "org", "location", "library", "servicepoint", "nas", "statgroup"])
            .then_some(Published::Branch)
    }
}

/// One amount and one time decide.
fn decide(table: &TableProfile, lookup: &mut Joined) {
    let later = ["timestamp", "updated", "modified", "paid", "statusdate", "txndate", "last"];
    let rank =
        |place: usize| later.iter().position(|word| has(&table.columns[place].called, &[word])).unwrap_or(later.len());
    let all = |lookup: &Joined, role: Role| -> Vec<usize> {
        (0..lookup.guesses.len()).filter(|place| lookup.guesses[*place].role == role).collect()
    };
    let changed = all(lookup, Role::Changed);
    let best = changed.iter().copied().min_by_key(|place| rank(*place));
    let owing = all(lookup, Role::Owing);
    for place in changed.into_iter().filter(|place| Some(*place) != best).chain(owing.into_iter().skip(1)) {
        lookup.guesses[place] = Guess::sure(Role::Harmless, "another one decides");
    }
}
