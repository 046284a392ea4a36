//! Which column is a transaction's own number. A worklist consists of them: a patron's number is never one, however
//! different its values are in a sample.

use super::joins::is_id;
use super::lone_columns::is_of_persons;
use super::meaning::{Guess, Joined, Meaning, Role};
use crate::profile::words::plain;
use crate::profile::{Column, Look, TableProfile};
use crate::words::{is_called_a_patron, is_made_of};

/// The first column whose values are all different and that neither is called a patron's nor looks like one. `others`: columns that are known to
/// be something else.
pub(super) fn own_number(table: &TableProfile, others: &[usize]) -> Option<usize> {
    (0..table.columns.len()).find(|place| {
        let column = &table.columns[*place];
        let reaches_a_person = column.share(&[Look::PatronBarcode, Look::Email, Look::Phone, Look::Device]) > 0.5;
        let is_a_patrons = reaches_a_person || table.named && is_called_a_patron(&column.called);
        let is_taken = is_a_patrons || table.named && is_of_the_material(column) || others.contains(place);
        is_id(column) && !is_taken
    })
}

/// Whether a number is an item's, or says what it is: in a sample in which nothing was lent twice it tells rows apart.
fn is_of_the_material(column: &Column) -> bool {
    const THINGS: [&str; 12] =
        ["item", "copy", "barcode", "exemplar", "book", "title", "author", "isbn", "issn", "callnumber", "bib", "mms"];
    const BESIDE: [&str; 9] = ["record", "number", "code", "key", "id", "no", "nr", "physical", "permanent"];
    column.share(&[Look::ItemBarcode]) > 0.5 || is_made_of(&plain(&column.called), &THINGS, &BESIDE)
}

/// Takes another column for the transactions' number, or none, where the one that was taken is a patron's own in a file of
/// patrons.
pub(super) fn of_nobody(tables: &[TableProfile], meaning: &mut Meaning) {
    let mut patrons = Vec::new();
    while let Some(place) = meaning.first(Role::Transaction).filter(|place| is_of_a_patron(tables, meaning, *place)) {
        patrons.push(place);
        meaning.guesses[place] = Guess::doubtful(Role::Identifier, "the number of a patron, in a file of patrons");
        let taken = |place: usize| {
            matches!(meaning.guesses[place].role, Role::Opened | Role::Closed | Role::Renewals | Role::Renews)
        };
        let others: Vec<usize> = (0..meaning.guesses.len()).filter(|p| patrons.contains(p) || taken(*p)).collect();
        if let Some(next) = own_number(&tables[meaning.sources[0]], &others) {
            meaning.ids_are_numbers = are_numbers(tables, &meaning.sources, next);
            meaning.guesses[next] = Guess::sure(Role::Transaction, "its values are all different");
        }
    }
}

/// A column of the first source, in each of them.
pub(super) fn everywhere<'t>(
    tables: &'t [TableProfile],
    sources: &'t [usize],
    place: usize,
) -> impl Iterator<Item = &'t Column> {
    let name = tables[sources[0]].columns[place].name.as_str();
    let column = move |source: &usize| tables[*source].column(name).map(|at| &tables[*source].columns[at]);
    sources.iter().filter_map(column)
}

/// Whether a column holds numbers, in digits alone.
pub(super) fn are_numbers(tables: &[TableProfile], sources: &[usize], place: usize) -> bool {
    let numbers = [Look::Integer, Look::LongNumber, Look::ItemBarcode, Look::PatronBarcode];
    everywhere(tables, sources, place).all(|column| column.share(&numbers) > 0.9)
}

fn is_of_a_patron(tables: &[TableProfile], meaning: &Meaning, place: usize) -> bool {
    let by_own_number = |lookup: &Joined| {
        let table = &tables[lookup.table];
        let own = |key: &usize| {
            let name = &table.columns[*key].called;
            !table.named || ["id", "key", "number", "code"].contains(&plain(name).as_str()) || is_called_a_patron(name)
        };
        is_of_persons(table) && !lookup.many && lookup.theirs.iter().all(own)
    };
    meaning.lookups.iter().any(|lookup| lookup.from.is_none() && lookup.ours == place && by_own_number(lookup))
}
