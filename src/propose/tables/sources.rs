//! `[[source]]`, and what a file says of itself where it is written otherwise than most.

use toml_edit::Value;

use super::names::{slug, unique};
use super::part::Part;
use crate::profile::sniff::pattern;
use crate::propose::page::{Page, inline, list};
use crate::propose::shipped_names::TAKEN;

/// Which files an export has, and how they are read.
pub(super) struct FileKeys<'a> {
    files: String,
    sheet: Option<String>,
    /// How it is read, where it is written in a way of its own.
    read: Vec<(&'static str, Value)>,
    /// The names of its cells, where it doesn't begin with them, and whence they are.
    header: Option<(String, Vec<&'a str>)>,
}

impl<'a> Part<'a> {
    /// The sources, each with its name.
    pub(super) fn sources(&self) -> Vec<(String, FileKeys<'a>)> {
        let mut parts = Vec::new();
        let sources = self.seen.meaning.sources.iter();
        sources
            .map(|source| {
                let part = unique(slug(&self.seen.tables[*source].file), &mut parts, &[]);
                (part, self.file_keys(*source))
            })
            .collect()
    }

    pub(super) fn file_keys(&self, table: usize) -> FileKeys<'a> {
        let files = pattern(&self.seen.files[table]);
        FileKeys {
            files,
            sheet: self.seen.written[table].declared.sheet.clone(),
            read: self.reading.own(self.seen, table),
            header: self.header(table),
        }
    }

    /// The names of the cells, for a file that doesn't begin with them.
    fn header(&self, table: usize) -> Option<(String, Vec<&'a str>)> {
        let dialect = &self.seen.written[table].dialect;
        if dialect.records_name_cells() || dialect.names.is_none() {
            return None;
        }
        let names = self.seen.tables[table].columns.iter().map(|column| column.name.as_str()).collect();
        let taken = self.seen.written[table].doubts.iter().find(|doubt| doubt.contains(TAKEN));
        let whence = match taken {
            _ if !self.seen.tables[table].named => "# invented: name each cell, and then go through [columns]\n".into(),
            Some(doubt) => format!("# {doubt}.\n"),
            None => "# from the comment at its beginning, or as it was given\n".into(),
        };
        Some((whence, names))
    }
}

impl FileKeys<'_> {
    pub(super) fn print(&self, page: &mut Page) {
        page.set("files", self.files.as_str(), "");
        if let Some(sheet) = &self.sheet {
            page.set("sheet", sheet.as_str(), "");
        }
        if !self.read.is_empty() {
            let read = self.read.iter().map(|(key, value)| (key.to_string(), value.clone()));
            page.set("read", inline(read), "");
        }
        if let Some((whence, names)) = &self.header {
            page.above(whence);
            page.set("header", list(names), "");
        }
    }
}

pub(super) fn print(sources: &[(String, FileKeys<'_>)], page: &mut Page) {
    for (part, file) in sources {
        page.next("source");
        page.set("part", part.as_str(), "");
        file.print(page);
    }
    page.above("\n");
}
