//! Release: a settled period of one kind becomes a tree of tables from which nobody can be solved, and statistics that are
//! sums of what it publishes.
//!
//! What it promises: the one rule of [`tree`] holds in what is written, since the audit, which shares no decision with it, is
//! held against it before; nothing is published but values that rows carry (after coarsening), their counts, and numbers of
//! distinct patrons, rounded; no row is withheld; the same rows in any order give the same bytes.
//!
//! What it doesn't: it knows no export, no clock and no key. That no text names a person, others see to.
//!
//! The flow: [`settle`] has [`vocabulary`] turn texts into codes, [`tree`] decide what each row says, and `publisher` turn it
//! back; [`write`] writes the nodes, reads them again, and has `statistics` count from that.

mod catalogue;
mod coarsening;
mod count;
mod error;
mod figures;
mod history;
mod labels;
mod meanings;
mod names;
mod node;
mod package;
mod pages;
mod parquet_file;
mod patrons_of_year;
mod public_audit;
mod published;
mod publisher;
mod rows;
mod series;
mod settle;
mod shape;
mod statistics;
mod survey;
mod titles;
pub mod tree;
mod vocabulary;
mod write;
mod years;

pub use catalogue::{Catalogue, InFolder, OfKind, PackageAbout, Publics};
pub use coarsening::COARSENING;
pub use error::ReleaseError;
pub use figures::figures;
pub use history::{History, Weighed};
pub use labels::{LABELS, labels};
pub use names::PATRONS_OF_YEAR;
pub use node::{Cells, Table, TableColumn};
pub use package::{PACKAGE, package};
pub use pages::{Page, SURVEY_PAGE, pages};
pub use parquet_file::read;
pub use patrons_of_year::{write_patrons_of_year, write_records};
pub use public_audit::{AuditedKind, audit_public};
pub use published::Published;
pub use rows::PeriodRows;
pub use series::{series, series_path};
pub use settle::{Settled, settle};
pub use shape::{
    About, Bands, CHECKOUT, HOURS, Measure, NEITHER, Node, RENEWAL, Shape, ShapeColumn, TITLES, TableShape, WEEKDAY,
};
pub use survey::{SURVEY, survey};
pub use tree::{Counts, Kept, Rules, Told};
pub use vocabulary::{Coded, OTHER_TEXT};
pub use write::{RECORDS, node_path, table_path, write};
pub use years::years_path;

#[cfg(test)]
mod tests;
