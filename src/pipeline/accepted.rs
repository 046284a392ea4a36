//! A pipeline that was read, and holds together.

use std::path::Path;

use super::check::check;
use super::declaration::Declaration;
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
        check(&declaration, source)?;
        Ok(Pipeline { declaration, digest: Digest::of(source.text.as_bytes()) })
    }

    pub fn name(&self) -> &str {
        &self.declaration.name
    }
}
