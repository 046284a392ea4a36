//! A pipeline that was read, and holds together.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

use super::check::check;
use super::declaration::Declaration;
use crate::toml_file::{self, Located, TomlError};
use crate::words::{Digest, shown_path};

/// A declaration that holds together.
#[derive(Debug)]
pub struct Pipeline {
    pub declaration: Declaration,
    /// SHA-256 of the file: pipelines name columns, not people.
    pub digest: Digest,
    path: PathBuf,
    /// Where each [[publish]] begins, from line 1.
    publish_lines: Vec<usize>,
}

/// The tables whose places are asked for.
#[derive(Deserialize)]
struct Tables {
    #[serde(default)]
    publish: Vec<Spanned<IgnoredAny>>,
}

impl Pipeline {
    pub fn load(path: &Path) -> Result<Pipeline, TomlError> {
        Pipeline::parse(&toml_file::read(path)?)
    }

    pub fn parse(source: &Located) -> Result<Pipeline, TomlError> {
        let mut declaration: Declaration = source.parse()?;
        declaration.put_pieces_in();
        check(&declaration, source)?;
        declaration.be_of_the_newest_release();
        let tables: Tables = source.parse()?;
        let publish_lines = tables.publish.iter().map(|table| source.line(table.span().start)).collect();
        let digest = Digest::of(source.text.as_bytes());
        Ok(Pipeline { declaration, digest, path: source.path.clone(), publish_lines })
    }

    pub fn name(&self) -> &str {
        &self.declaration.name
    }

    /// Where a published column is declared: file and line.
    pub fn publish_at(&self, column: &str) -> String {
        let place = self.declaration.publish.iter().position(|publish| publish.name == column);
        match place.and_then(|place| self.publish_lines.get(place)) {
            Some(line) => format!("{}:{line}", shown_path(&self.path)),
            None => shown_path(&self.path),
        }
    }
}
