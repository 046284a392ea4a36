//! Bills as transactions of their own: which file holds them, and what its columns are beside those that any transaction
//! has. When a bill is over is said by what is still owed, and by nothing else that could be guessed.

use super::file_names::{TRANSACTIONS, is_called};
use super::lone_columns::is_of_persons;
use super::meaning::{Guess, Meaning, Published, Role};
use crate::profile::TableProfile;
use crate::profile::words::{self, has};
use crate::profile::{Column, Look};

/// A number, be it a sum in cents; a report may have had no room for a few.
fn is_number(column: &Column) -> bool {
    column.filled > 0 && column.share(&[Look::Amount, Look::Integer]) >= 0.8
}

fn is_owing(column: &Column) -> bool {
    has(&column.called, words::OUTSTANDING)
        && !has(&column.called, &["type", "date", "reason", "code"])
        && is_number(column)
}

fn is_amount(column: &Column) -> bool {
    has(&column.called, words::AMOUNT) && !is_owing(column) && is_number(column)
}

/// Whether the rows of a file are bills: each names a patron, has an amount, and either says what is still owed or stands in
/// a file that is called so. A sum of what a patron or a loan owes is no bill: it has no amount of its own.
pub(super) fn are_bills(table: &TableProfile) -> bool {
    let columns = || table.columns.iter().filter(|column| !column.nested);
    let patron =
        columns().any(|column| has(&column.called, words::PATRON) && !has(&column.called, words::PATRON_GROUP));
    let time = columns().any(|column| column.is_time() && !has(&column.called, words::BIRTH));
    // In a file that isn't called so: what a loan may cost makes no bill, nor does a patron's address.
    let called = is_called(table, words::BILLS);
    let of_others = || columns().any(|column| has(&column.called, words::NO_BILL)) || is_of_persons(table);
    let said = called || columns().any(is_owing) && !of_others();
    table.named && patron && time && columns().any(is_amount) && said && !is_called(table, TRANSACTIONS)
}

/// Files that seem to say what is owed, and of which it isn't known to whom or for what they belong: what they say would go
/// unheard.
pub(super) fn apart(tables: &[TableProfile], meaning: &Meaning) -> Vec<usize> {
    let unknown = meaning.lookups.iter().filter(|lookup| lookup.doubtful).map(|lookup| lookup.table);
    let all = meaning.left_out.iter().map(|(table, _)| *table).chain(unknown);
    let says = |table: &usize| {
        let table = &tables[*table];
        is_called(table, words::BILLS) || table.columns.iter().any(|column| has(&column.called, words::OUTSTANDING))
    };
    all.filter(says).collect()
}

/// Columns with few values of which nobody knows what they are, such as `disputed` or `suspended`: one that says the same of
/// all bills tonight may say another thing tomorrow.
pub fn may_have_a_say(columns: &[Column], guesses: &[Guess]) -> impl Iterator<Item = usize> {
    columns.iter().zip(guesses).enumerate().filter_map(|(place, (column, guess))| {
        let unknown = guess.role == Role::Harmless || guess.role == Role::Identifier && guess.doubtful;
        let few = (1..=6).contains(&column.distinct()) && column.filled > 2 * column.distinct();
        (unknown && !column.is_time() && (few || has(&column.called, words::SAYS))).then_some(place)
    })
}

/// What of a bill's own columns is told by its name. None: it is a column like any transaction's.
pub(super) fn one(columns: &[&Column], records: u64) -> Option<Guess> {
    let column = columns.first()?;
    let name = column.called.as_str();
    if columns.iter().any(|column| is_owing(column)) {
        return Some(Guess::sure(Role::Owing, "called like what is still owed"));
    }
    if columns.iter().any(|column| is_amount(column)) {
        return Some(Guess::sure(Role::Published(Published::Amount), "an amount"));
    }
    let distinct = columns.iter().map(|column| column.distinct()).max().unwrap_or(0);
    let free = columns.iter().any(|column| column.share(&[Look::FreeText]) > 0.1);
    let few = distinct > 0 && distinct <= 40.max(records / 50) && !free;
    // What was paid, waived or refunded stands beside what was charged: which is which, its code says.
    if has(name, words::ENTRY) && few {
        return Some(Guess::sure(Role::Status, format!("a vocabulary of {distinct}")));
    }
    let published = match () {
        () if has(name, words::BILL_TYPE) => Published::Debit,
        () if has(name, &["owner$"]) => Published::Branch,
        () => return None,
    };
    few.then(|| Guess::sure(Role::Published(published), format!("a vocabulary of {distinct}")))
}

/// One amount that is owed decides, and one amount may be published: the first of each.
pub(super) fn settle(guesses: &mut [Guess]) {
    for role in [Role::Owing, Role::Published(Published::Amount)] {
        for guess in guesses.iter_mut().filter(|guess| guess.role == role).skip(1) {
            *guess = Guess::sure(Role::Harmless, "another amount");
        }
    }
}

/// Times that may be when a bill was paid or last changed. What happened to the loan is none.
pub(super) fn ends(name: &str) -> bool {
    // When somebody's record changed says nothing of her bill.
    let of_another = has(name, OF_ANOTHER) || has(name, words::PEOPLE);
    let of_a_bill = !of_another || has(name, &["paid", "payment", "settled"]);
    (has(name, words::PAID) || has(name, words::CHANGED) || has(name, &["finish", "closed", "settled"]))
        && of_a_bill
        && !has(name, words::NO_END)
}

/// Records that a bill's row may say something of.
const OF_ANOTHER: &[&str] = &[
    "patron", "user", "usr", "borrower", "member", "reader", "customer", "person", "student", "item", "copy",
    "holding", "title", "bib", "loan", "circ", "record",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_ends_when_it_was_paid_and_not_when_somebody_was_changed() {
        for name in ["datepaid", "metadataupdateddate", "timestamp", "lastmodified", "xactfinish", "statusdateclosed"] {
            assert!(ends(name), "{name}");
        }
        for name in ["patronupdated", "usermodified", "itemlastmodified", "loanclosed", "opened", "borrowertimestamp"] {
            assert!(!ends(name), "{name}");
        }
    }
}
