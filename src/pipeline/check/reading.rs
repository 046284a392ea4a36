//! Where exports come from and how they are written: what goes with what.

use super::Checker;
use crate::cells::TimeFormat;
use crate::export::{HISTORY_HEAD, Layout, is_code};
use crate::pipeline::declaration::*;
use crate::toml_file::TomlError;

impl Checker<'_> {
    /// Either files or a command, and what may be split.
    pub(super) fn origin(
        &self,
        name: &str,
        files: Option<&String>,
        command: Option<&Vec<String>>,
        split: bool,
    ) -> Result<(), TomlError> {
        if files.is_some() == command.is_some() {
            return self.fail(name, format!("`{name}` has either `files` or a `command`"));
        }
        if command.is_some_and(|command| command.first().is_none_or(String::is_empty)) {
            return self.fail("command", "a command is a list: the program, then its arguments");
        }
        if split && !files.is_some_and(|files| files.contains("{date}")) {
            return self
                .fail(name, format!("`{name}` is split: its `files` need {{date}}, which says what belongs together"));
        }
        let before = files.and_then(|files| files.split("{date}").next());
        if split && before.is_some_and(|before| before.contains(['*', '?', '['])) {
            return self
                .fail(name, format!("`{name}` is split: nothing that varies may stand before {{date}} in `files`"));
        }
        Ok(())
    }

    /// What fits which format.
    pub(super) fn reading(&self) -> Result<(), TomlError> {
        let read = &self.declaration.read;
        let is = |formats: &[Format]| formats.contains(&read.format);
        if let Some(label) = &read.encoding
            && Read::encoding(label).is_none()
        {
            return self.fail(label, "no such encoding; write a label such as \"utf-16le\" or \"windows-1252\"");
        }
        if read.datetime.patterns().is_empty() {
            return self.fail("datetime", "write \"iso\" or a pattern");
        }
        if let Some(pattern) = read.datetime.patterns().iter().find(|pattern| !TimeFormat::knows(pattern)) {
            return self
                .fail(pattern, "not a pattern of times: write `%Y-%m-%d %H:%M:%S` and the like, in strftime's words");
        }
        if !read.decimal.is_ascii_punctuation() || read.decimal == '-' {
            return self.fail("decimal", "what stands before the cents is one character, such as . or ,");
        }
        if read.comment.is_some_and(|c| !c.is_ascii() || "\"\n\r".contains(c)) {
            return self.fail("comment", "comment lines begin with one ASCII character that is no quote");
        }
        if read.comment.is_some_and(|comment| read.delimiter == Some(comment)) {
            return self.fail("comment", "the comment character is the delimiter");
        }
        if read.comment.is_some() && !is(&[Format::Csv, Format::Delimited]) {
            return self.fail("comment", "comment lines are of csv and delimited files");
        }
        if read.trailing && !is(&[Format::Delimited]) {
            return self.fail("trailing", "a trailing delimiter is of delimited files");
        }
        if read.records.is_some() && !is(&[Format::Json]) {
            return self.fail("records", "the list of records is in json documents");
        }
        if is(&[Format::SymphonyHistory]) {
            self.history_cells()?;
        }
        if is(&[Format::Weblog]) || read.layout.is_some() {
            self.layout()?;
        }
        let of_sources = self.declaration.sources.iter().map(|one| (&one.time_limit, &one.command));
        let of_lookups = self.declaration.lookups.iter().map(|one| (&one.time_limit, &one.command));
        for (limit, command) in of_sources.chain(of_lookups) {
            let Some(limit) = limit else { continue };
            if command.is_none() {
                return self.fail(limit, "a time limit is of a `command`");
            }
            if source::time_limit(limit).is_none() {
                return self.fail(limit, "a time limit is a duration such as \"30 minutes\" or \"2h\", a day at most");
            }
        }
        let sheets = self.declaration.sources.iter().map(|source| &source.sheet);
        let mut sheets = sheets.chain(self.declaration.lookups.iter().map(|lookup| &lookup.sheet)).flatten();
        if !is(&[Format::Xlsx])
            && let Some(sheet) = sheets.next()
        {
            return self.fail(sheet, "sheets are of xlsx workbooks");
        }
        if read.skip > 0 && !is(&[Format::Xlsx]) {
            return self.fail("skip", "rows above the header are of xlsx workbooks");
        }
        if read.encoding.is_some() && is(&[Format::Xlsx]) {
            return self.fail("encoding", "a workbook says itself how it is written");
        }
        let headers = self.declaration.sources.iter().map(|source| &source.header);
        let headers = headers.chain(self.declaration.lookups.iter().map(|lookup| &lookup.header)).flatten();
        for header in headers {
            if !is(&[Format::Csv, Format::Delimited, Format::PsqlText]) {
                return self
                    .fail("header", "names of cells are given for csv, delimited and psql-text files that have none");
            }
            if let Some(twice) = header.iter().enumerate().find(|(at, name)| header[..*at].contains(name)) {
                return self.fail(twice.1, format!("the header names `{}` twice", twice.1));
            }
        }
        Ok(())
    }

    /// Cells of a history log: the parts of its head, and data codes.
    fn history_cells(&self) -> Result<(), TomlError> {
        let known = |name: &str| HISTORY_HEAD.contains(&name) || is_code(name);
        let lookups = self.declaration.lookups.iter().flat_map(Lookup::declared);
        match self.fields.declared().chain(lookups).find(|name| !known(name)) {
            Some(name) => self.fail(
                name,
                format!(
                    "`{name}` is no cell of a history log: these are {}, and data codes of two letters or digits",
                    HISTORY_HEAD.join(", ")
                ),
            ),
            None => Ok(()),
        }
    }

    /// The layout of a log, which has each cell that the pipeline speaks of.
    fn layout(&self) -> Result<(), TomlError> {
        let read = &self.declaration.read;
        let Some(layout) = &read.layout else {
            return self
                .fail("weblog", "a web log needs its `layout`: the format string of the server's configuration");
        };
        if read.format != Format::Weblog {
            return self.fail("layout", "a layout is of weblog files");
        }
        let layout = match Layout::new(layout) {
            Ok(layout) => layout,
            Err(why) => return self.fail("layout", format!("not the layout of a web log: {why}")),
        };
        if let Some(none) = self.fields.declared().find(|name| layout.names().iter().all(|cell| cell != name)) {
            let cells = layout.names().join(", ");
            return self.fail("layout", format!("`{none}` is no cell of the layout, which has {cells}"));
        }
        match self.declaration.lookups.first() {
            Some(lookup) => {
                self.fail(&lookup.name, "other exports are read as the transactions are, and a log joins none")
            }
            None => Ok(()),
        }
    }
}
