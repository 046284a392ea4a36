//! Files that don't begin with the names of their cells, and that one of afterloan's own pipelines knows: its names are taken,
//! if it can read the file as it reads its own.

use std::path::PathBuf;

use toml_edit::DocumentMut;

use super::shipped::{self, Shipped};
use crate::export::{Dialect, Found};
use crate::pipeline::Pipeline;
use crate::profile::read;
use crate::profile::sniff::{Declared, FileFormat};
use crate::toml_file::Located;
use crate::words::Kind;

/// What is said of them, before the pipeline's name.
pub const TAKEN: &str = "the names of its columns are those that afterloan's own pipeline";

/// The names of a file's cells, and the pipeline that has them. None: nobody knows such a file, or two know it otherwise.
pub fn names(found: &Found) -> Option<(Vec<String>, &'static str)> {
    let all = shipped::ALL.iter().filter(|known| matches!(known.kind, Kind::Loan | Kind::Hold | Kind::Bill));
    let mut names: Option<(Vec<String>, &'static str)> = None;
    for (known, header) in all.filter_map(|known| Some((known, of(known, found)?))) {
        match &names {
            Some((other, _)) if *other != header => return None,
            Some(_) => {}
            None => names = Some((header, known.name)),
        }
    }
    names
}

fn of(known: &Shipped, found: &Found) -> Option<Vec<String>> {
    // Most pipelines give no names: those needn't be checked.
    let written: DocumentMut = known.text.parse().ok()?;
    let exports = ["source", "lookup"].into_iter().filter_map(|of| written.get(of)?.as_array_of_tables());
    if !exports.flatten().any(|export| export.contains_key("header")) {
        return None;
    }
    let located = Located::new(PathBuf::from(known.name), known.text.to_string());
    let declaration = Pipeline::parse(&located).ok()?.declaration;
    let sources = declaration.sources.iter();
    let sources = sources.map(|one| (&one.files, &one.header, declaration.source_dialect(one)));
    let lookups = declaration.lookups.iter();
    let lookups = lookups.map(|one| (&one.files, &one.header, declaration.lookup_dialect(one)));
    let is_called = |pattern: &str| {
        glob::Pattern::new(&pattern.replace("{date}", "*")).is_ok_and(|pattern| pattern.matches(&found.name()))
    };
    sources.chain(lookups).find_map(|(files, header, dialect)| {
        let header = header.as_ref().filter(|_| files.as_deref().is_some_and(is_called))?;
        fits(found, dialect).then(|| header.clone())
    })
}

/// Whether nearly all of the file's rows have as many cells as they have names.
fn fits(found: &Found, dialect: Dialect) -> bool {
    let written =
        FileFormat { dialect, declared: Declared::default(), named: true, nested: Vec::new(), doubts: Vec::new() };
    read(found, &written).is_ok_and(|table| table.rows > 0 && table.faults * 4 <= table.rows)
}
