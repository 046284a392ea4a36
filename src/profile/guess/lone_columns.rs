//! What a column is by itself: somebody, or something.

use super::file_names::is_called;
use super::meaning::{Guess, Published, Role};
use crate::profile::TableProfile;
use crate::profile::words::{self, has};
use crate::profile::{Column, Look};

/// Looks that lead to a person wherever they stand; the last may be a machine's of the library.
const PERSONAL: [Look; 5] = [Look::Email, Look::Phone, Look::PatronBarcode, Look::Device, Look::Address];

/// What names a person, by its look or by its name. None: nothing does.
pub(super) fn person(column: &Column) -> Option<Guess> {
    if column.nested {
        return Some(Guess::sure(Role::Nested, "holds an object or a list: nothing of it can be read"));
    }
    let name = column.called.as_str();
    if has(name, words::BIRTH) {
        return Some(Guess::sure(Role::Alone, "called like a birth date"));
    }
    let seen = |look| column.looking(look) > 0;
    let why = [
        (Look::Email, "holds e-mail addresses"),
        (Look::PatronBarcode, "holds patron barcodes: their check digit is right"),
        (Look::Device, "holds addresses of devices"),
        (Look::Address, "holds IP addresses"),
    ];
    if let Some((_, why)) = why.iter().find(|(look, _)| seen(*look)) {
        return Some(Guess::sure(Role::Identifier, *why));
    }
    if column.share(&[Look::Phone]) > 0.3 {
        return Some(Guess::sure(Role::Identifier, "looks like telephone numbers"));
    }
    // Small numbers are keys of something, whatever the column is called.
    let numbers = column.filled > 0 && column.share(&[Look::Integer]) > 0.99 && column.longest <= 6;
    let flags = column.filled > 0 && column.distinct() <= 2 && column.longest <= 5 && column.cells() >= 8;
    if has(name, words::NAMES) && !numbers {
        return Some(Guess::sure(Role::Name, "called like a part of a name"));
    }
    if has(name, words::ALONE) {
        return Some(Guess::sure(Role::Alone, "called like a post code or a number that only stands alone"));
    }
    let acts = name.to_lowercase().ends_with("by") || has(name, words::PEOPLE);
    let vocabulary = has(name, &["group", "type"]) && !has(name, &["key"]);
    if acts && !column.is_time() && !vocabulary {
        return Some(Guess::sure(Role::People, "called like staff, or another person who acts"));
    }
    if has(name, words::FREE) && !column.is_time() && !numbers && !flags && !has(name, &["date", "seen"]) {
        return Some(Guess::sure(Role::Identifier, "called like free text"));
    }
    if has(name, words::IDENTIFIERS)
        && !column.is_time()
        && !numbers
        && !flags
        && !has(name, &["type", "valid", "count", "item"])
    {
        return Some(Guess::sure(Role::Identifier, "called like what names a person"));
    }
    None
}

/// What describes a thing, or can't be told: then it is an identifier. `columns`: one column in each of the sources.
pub(super) fn thing(columns: &[&Column], records: u64) -> Guess {
    let Some(column) = columns.first() else { return Guess::doubtful(Role::Identifier, "nothing says what it is") };
    let name = column.called.as_str();
    if columns.iter().any(|column| column.filled > 0)
        && columns.iter().all(|column| column.filled == 0 || column.is_time())
    {
        return Guess::sure(Role::Harmless, "a time");
    }
    let distinct = columns.iter().map(|column| column.distinct()).max().unwrap_or(0);
    if distinct == 0 && has(name, &["time$", "date$", "gmt$"]) {
        return Guess::sure(Role::Harmless, "called like a time");
    }
    let free = columns.iter().any(|column| column.share(&[Look::FreeText]) > 0.1);
    // As many values as a vocabulary has.
    let few = distinct <= 40.max(records / 50) && !free;
    let repeats = columns.iter().any(|column| column.uniqueness() < 0.7) || records < 12;
    if has(name, words::STATUS) && few {
        return Guess::sure(Role::Status, format!("a vocabulary of {distinct}"));
    }
    let known = published(name);
    if (known.is_some() || has(name, words::CALL_NUMBER)) && columns.iter().any(|column| !is_worth_publishing(column)) {
        return Guess::sure(Role::Harmless, "keys of something else: they tell nobody anything");
    }
    if let Some(published) = known.filter(|_| few && distinct > 0 && repeats) {
        return Guess::sure(Role::Published(published), format!("a vocabulary of {distinct}"));
    }
    if has(name, words::CALL_NUMBER) && distinct > 0 {
        return Guess::sure(Role::Published(Published::CallNumber), "called like a call number");
    }
    if columns.iter().all(|column| column.filled == 0 || column.distinct() <= 2 && column.longest <= 5)
        && distinct > 0
        && column.cells() >= 8
        && column.letters == 0
    {
        return Guess::sure(Role::Harmless, "one or two values");
    }
    let is_money = has(name, words::AMOUNT) || has(name, words::OUTSTANDING);
    let amounts = |column: &Column| if is_money { column.share(&[Look::Amount]) } else { column.amounts() };
    if columns.iter().all(|column| column.filled == 0 || amounts(column) > 0.9) && distinct > 0 {
        return Guess::sure(Role::Harmless, "an amount");
    }
    let like_a_person = |column: &&Column| {
        column.are_long_numbers()
            || column.share(&[Look::LongNumber, Look::Name, Look::Phone]) > 0.3
            || column.share(&[Look::FreeText]) > 0.1
            || column.filled > 20 && column.letters * 2 > column.filled && column.uniqueness() > 0.9
    };
    if has(name, words::MATERIALS) || has(name, words::HARMLESS) && !columns.iter().any(like_a_person) {
        return Guess::sure(Role::Harmless, "called like what describes no person");
    }
    let item = has(name, &["item", "copy"]) && !free;
    if item || columns.iter().any(|column| column.share(&[Look::ItemBarcode]) > 0.9) {
        return Guess::sure(Role::Harmless, "about the material");
    }
    if columns.iter().any(|column| PERSONAL.iter().any(|look| column.looking(*look) > 0)) {
        return Guess::sure(Role::Identifier, "some cells look like what reaches a person");
    }
    let why = match distinct {
        0 => "nothing stands in it, and its name says nothing".to_string(),
        _ if free => "free text".into(),
        _ if columns.iter().any(|column| column.uniqueness() > 0.9 && column.filled > 3) => {
            "as unique as the rows".into()
        }
        _ => "nothing says that it is harmless".into(),
    };
    Guess::doubtful(Role::Identifier, why)
}

/// Ids as machines make them, or one number for all branches, say nothing to whoever reads a table.
pub(super) fn is_worth_publishing(column: &Column) -> bool {
    let number = published(&column.called) == Some(Published::Branch)
        && column.filled > 1
        && column.distinct() == 1
        && column.share(&[Look::Integer]) >= 1.0;
    column.share(&[Look::Uuid]) < 0.5 && !number
}

pub(super) fn published(name: &str) -> Option<Published> {
    let is = |words: &[&str]| has(name, words);
    if is(words::PATRON_GROUP) {
        Some(Published::PatronGroup)
    } else if is(words::COLLECTION) && !is(&["locationid"]) {
        Some(Published::Collection)
    } else if is(words::MATERIAL) {
        Some(Published::Material)
    } else if is(words::BRANCH) {
        Some(Published::Branch)
    } else {
        None
    }
}

/// Whether any column of a file names somebody.
pub(super) fn names_anybody(table: &TableProfile) -> bool {
    let by_name = |column: &Column| {
        person(column).is_some_and(|guess| matches!(guess.role, Role::Identifier | Role::Name | Role::Alone))
            && (column.share(&PERSONAL) > 0.0 || column.letters > 0)
    };
    table.columns.iter().any(by_name)
}

/// Whether a file is about people: several of its columns name somebody.
pub(super) fn is_of_persons(table: &TableProfile) -> bool {
    let persons = table.columns.iter().filter(|column| {
        person(column).is_some_and(|guess| matches!(guess.role, Role::Identifier | Role::Name | Role::Alone))
            && !has(&column.called, words::FREE)
    });
    let by_look = table.columns.iter().filter(|column| column.share(&PERSONAL[..4]) > 0.3).count();
    let cards = table
        .columns
        .iter()
        .any(|column| column.longest == 14 && column.share(&[Look::LongNumber, Look::PatronBarcode]) > 0.9);
    // A library has a telephone, too.
    let of_places =
        is_called(table, &["org", "branch", "location", "library", "libraries", "unit", "nas", "group", "code"]);
    if of_places {
        return table
            .columns
            .iter()
            .any(|column| has(&column.called, words::BIRTH) || has(&column.called, &["lastname", "surname"]));
    }
    persons.count() >= 2 || by_look >= 1 || !table.named && cards
}
