//! A pipeline: how the exports of one kind of transaction from one library system are read, what they mean, and what
//! of them may leave. A pipeline is a TOML file; a new system needs one and nothing else.
//!
//! `declaration` is the file as written, `fields` the names of cells in it, `check` what makes a declaration
//! acceptable, `dialect` how its exports are written, in the words of `export`, `shape` what it publishes, in the words of
//! `release`.

mod check;
pub mod declaration;
mod dialect;
mod fields;
mod shape;

use std::path::Path;

pub use declaration::{
    Condition, Declaration, Gather, Half, Lookup, Origin, Publish, Source, State, StateName, Treatment,
};
pub use dialect::undeclared;
pub use fields::{Field, Fields, needed, needed_in};

use crate::toml_file::{self, Located, TomlError};
use crate::words::Digest;

/// A declaration that holds together.
#[derive(Debug)]
pub struct Pipeline {
    pub declaration: Declaration,
    /// SHA-256 of the file: pipelines name columns, not people.
    pub digest: Digest,
}

impl Pipeline {
    pub fn load(path: &Path) -> Result<Pipeline, TomlError> {
        Pipeline::parse(&toml_file::read(path)?)
    }

    pub fn parse(source: &Located) -> Result<Pipeline, TomlError> {
        let declaration: Declaration = source.parse()?;
        check::check(&declaration, source)?;
        Ok(Pipeline { declaration, digest: Digest::of(source.text.as_bytes()) })
    }

    pub fn name(&self) -> &str {
        &self.declaration.name
    }
}
