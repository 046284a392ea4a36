//! Other exports, joined by key: read once, kept as compact tables. Memory grows with patrons, items and bills.
//!
//! A table is whole or its pipeline stops: an unreadable row in it could be the one that decides.

mod all;
mod conditions;
mod gather;
mod join;
mod load;
mod persons;
mod reading;
mod table;
#[cfg(test)]
mod tests;

pub use all::{LookupFiles, Lookups, LookupsRead, load_all};
pub use conditions::Test;
pub use gather::CellCount;
pub use join::{Made, together};
pub use load::{Asked, HeldPatrons, KeysRead, Loaded, LookupError, held_on_rows, load, missing};
pub use persons::{Persons, persons};
pub use reading::Reading;
pub use table::{Gathered, Interned, LookupTable, pack};
