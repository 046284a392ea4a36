//! The headers of what is in the inbox: columns that are missing, and such that nobody names.

use super::columns::InboxFiles;
use crate::export::{Chunk, Chunks, Dialect, ExportError, Found, Row};
use crate::lookup;
use crate::pipeline::{Declaration, Fields, Lookup, Origin, Source};
use crate::words::few;

/// An export as the pipeline speaks of it.
pub struct Expected<'a> {
    pub name: &'a str,
    pub origin: Origin<'a>,
    pub dialect: Dialect,
    pub of: ExpectedOf<'a>,
    pub files: &'a [Found],
}

#[derive(Clone, Copy)]
pub enum ExpectedOf<'a> {
    Source(&'a Source),
    /// With its place among the lookups.
    Lookup(usize, &'a Lookup),
}

/// The exports of a pipeline, its sources first.
pub fn expected<'a>(declaration: &'a Declaration, inbox: &InboxFiles<'a>) -> Vec<Expected<'a>> {
    let sources = declaration.sources.iter().zip(inbox.sources).map(|(source, files)| Expected {
        name: &source.part,
        origin: source.origin(),
        dialect: declaration.source_dialect(source),
        of: ExpectedOf::Source(source),
        files,
    });
    let lookups = declaration.lookups.iter().zip(inbox.lookups).enumerate();
    let lookups = lookups.map(|(place, (lookup, files))| Expected {
        name: &lookup.name,
        origin: lookup.origin(),
        dialect: declaration.lookup_dialect(lookup),
        of: ExpectedOf::Lookup(place, lookup),
        files,
    });
    sources.chain(lookups).collect()
}

/// What the headers of an export say.
#[derive(Default)]
pub struct Header {
    /// Files whose header was read.
    pub files: Vec<String>,
    pub problems: Vec<String>,
    pub notes: Vec<String>,
    /// Where records of transactions name their own cells, all were read; lookups are read by those who load them.
    pub read: Vec<Chunks>,
}

/// Looks at the header of each file of an export.
pub fn headers(declaration: &Declaration, export: &Expected<'_>) -> Header {
    let mut said = Header::default();
    for found in export.files {
        match opened(declaration, export, found) {
            Ok(Some(chunks)) => {
                hold_against(declaration, export, &chunks, &mut said);
                said.files.push(found.name());
                said.read.push(chunks);
            }
            Ok(None) => {}
            Err(error) => said.problems.push(error.to_string()),
        }
    }
    said
}

/// A file, with as many of its records read as it takes to know its names. None: a log with nothing in it.
fn opened(declaration: &Declaration, export: &Expected<'_>, found: &Found) -> Result<Option<Chunks>, ExportError> {
    let chunks = match found.open().and_then(|opened| Chunks::new(opened, &export.dialect)) {
        Ok(chunks) => chunks,
        // Such a log has nothing to read.
        Err(ExportError::Empty { .. }) if matches!(export.of, ExpectedOf::Source(_)) && declaration.is_log() => {
            return Ok(None);
        }
        // Nor has a table that may have no rows; who loads it says where it may not.
        Err(ExportError::Empty { .. }) if matches!(export.of, ExpectedOf::Lookup(_, lookup) if lookup.may_be_empty) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    // Where records name their own cells, they show which there are: of a lookup the first.
    let (mut chunk, mut row) = (Chunk::default(), Row::default());
    while export.dialect.records_name_cells() && chunks.next(&mut chunk)? {
        let _ = row.parse_each(chunk.bytes(), chunks.dialect(), |_, _| Ok::<(), ()>(()));
        if matches!(export.of, ExpectedOf::Lookup(..)) {
            break;
        }
    }
    Ok(Some(chunks))
}

/// Holds a header against what is declared.
fn hold_against(declaration: &Declaration, export: &Expected<'_>, chunks: &Chunks, said: &mut Header) {
    let fields = Fields::new(declaration);
    let (declared, undeclared): (Vec<&str>, Vec<String>) = match export.of {
        ExpectedOf::Source(_) => (fields.declared().collect(), declaration.undeclared(chunks)),
        ExpectedOf::Lookup(_, lookup) => (lookup.declared().collect(), lookup.undeclared(chunks)),
    };
    let is_there = |column: &str| chunks.header().iter().any(|known| known == column);
    let absent = |column: &str| chunks.dialect().renamed.is_absent(column);
    // What is only dropped need not be there.
    let dropped = match export.of {
        ExpectedOf::Source(_) => &declaration.columns.drop,
        ExpectedOf::Lookup(_, lookup) => &lookup.drop,
    };
    let only_dropped = |column: &str| dropped.iter().any(|name| name == column);
    let missing = declared.iter().filter(|column| !is_there(column) && !absent(column) && !only_dropped(column));
    let missing: Vec<&&str> = missing.filter(|_| !export.dialect.records_name_cells()).collect();
    said.problems.extend(missing.iter().map(|column| lookup::missing(chunks, column).to_string()));
    // Where a declared column is missing, what stands there instead may be no header but a patron's row.
    if !undeclared.is_empty() && missing.is_empty() {
        let (part, undeclared) = (export.name, few(&undeclared));
        let note = format!("{part}: columns that the pipeline doesn't name are dropped: {undeclared}");
        if !said.notes.contains(&note) {
            said.notes.push(note);
        }
    }
}
