//! A pipeline: how the exports of one kind of transaction from one library system are read, what they mean, and what
//! of them may leave. A pipeline is a TOML file; a new system needs one and nothing else.
//!
//! `declaration` is the file as written, `fields` the names of cells in it, `check` what makes a declaration
//! acceptable, `accepted` one that is, `dialect` how its exports are written, in the words of `export`, `shape` what it publishes, in the words of
//! `release`, `titles` a pipeline without them, `live` one
//! that reads a database, `releases` what of its SQL depends on the release of the system.

mod accepted;
mod check;
pub mod declaration;
mod dialect;
mod fields;
mod live;
pub mod releases;
mod shape;
mod titles;

pub use accepted::Pipeline;
pub use declaration::{Condition, Declaration, Gather, Lookup, Origin, Publish, Source, State, StateName, Treatment};
pub use fields::{Field, Fields, decides_by_absence, needed, needed_in, patrons_lookup};
