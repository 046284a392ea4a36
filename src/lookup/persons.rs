//! Patron records as such: whoever has a row, the numbers that she has there, and all else that she is called. For whoever looks
//! somebody up; nothing is kept.

use super::load::{LookupError, missing};
use crate::cells::Nulls;
use crate::export::{Chunk, Chunks, Dialect, Found, Row};
use crate::pipeline::Declaration;
use crate::pipeline::declaration::{Keys, Lookup};
use crate::words::Kind;

/// Which columns of an export name patrons, and how it is written.
pub struct Persons<'a> {
    pub dialect: Dialect,
    numbers: Vec<&'a str>,
    identifiers: Vec<&'a str>,
    null: Nulls,
    nobody: &'a [String],
}

impl<'a> Persons<'a> {
    /// A lookup that is joined by the patron, and says what she is called.
    pub fn of_lookup(declaration: &'a Declaration, lookup: &'a Lookup) -> Option<Persons<'a>> {
        let by_patron = lookup.on.iter().filter(|(ours, _)| declaration.columns.patron.has(ours));
        let numbers: Vec<&str> = by_patron.flat_map(|(_, theirs)| Keys::columns(theirs)).map(String::as_str).collect();
        let dialect = declaration.lookup_dialect(lookup);
        let identifiers: Vec<&str> = lookup.identifiers.iter().map(String::as_str).collect();
        (!numbers.is_empty() && !identifiers.is_empty())
            .then(|| Persons::new(declaration, dialect, numbers, identifiers))
    }

    /// The records of patrons themselves, if a pipeline is about them.
    pub fn of_records(declaration: &'a Declaration, dialect: Dialect) -> Option<Persons<'a>> {
        let numbers = declaration.columns.patron.columns().iter().map(String::as_str).collect();
        let identifiers = declaration.columns.identifiers.iter().map(String::as_str).collect();
        (declaration.kind == Kind::Contact).then(|| Persons::new(declaration, dialect, numbers, identifiers))
    }

    fn new(
        declaration: &'a Declaration,
        dialect: Dialect,
        numbers: Vec<&'a str>,
        identifiers: Vec<&'a str>,
    ) -> Persons<'a> {
        let null = Nulls::new(&declaration.read.null);
        Persons { dialect, numbers, identifiers, null, nobody: &declaration.columns.nobody }
    }
}

/// Who sees a row: numbers, then names.
type See<'s> = &'s mut dyn FnMut(&[&[u8]], &[&[u8]]);

/// Shows every row that has a patron's number: her numbers, then all that she is called.
pub fn persons(found: &Found, of: &Persons<'_>, see: See<'_>) -> Result<(), LookupError> {
    let chunks = Chunks::new(found.open()?, &of.dialect)?;
    let place =
        |name: &&str| chunks.header().iter().position(|column| column == name).ok_or_else(|| missing(&chunks, name));
    let numbers = of.numbers.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    // What she is called may stand in another export of the pipeline's: then it is found there.
    let identifiers: Vec<usize> = of.identifiers.iter().filter_map(|name| place(name).ok()).collect();
    let (mut chunk, mut row) = (Chunk::default(), Row::default());
    while chunks.next(&mut chunk)? {
        row.parse_each(chunk.bytes(), &of.dialect, |row, _| {
            let cell = |column: &usize| of.null.value(row.cell(*column)).trim_ascii();
            let somebody = |cell: &&[u8]| !cell.is_empty() && of.nobody.iter().all(|nobody| nobody.as_bytes() != *cell);
            let numbers: Vec<&[u8]> = numbers.iter().map(cell).filter(somebody).collect();
            if !numbers.is_empty() {
                let called: Vec<&[u8]> = identifiers.iter().map(cell).filter(|cell| !cell.is_empty()).collect();
                see(&numbers, &called);
            }
            Ok::<(), LookupError>(())
        })?;
    }
    Ok(())
}
