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
        for written in self.declaration.all_written() {
            self.written(&written)?;
        }
        self.own()?;
        let is = |formats: &[Format]| formats.contains(&read.format);
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
        Ok(())
    }

    /// What fits how one file is written.
    fn written(&self, written: &Written) -> Result<(), TomlError> {
        let is = |formats: &[Format]| formats.contains(&written.format);
        if let Some(label) = &written.encoding
            && Read::encoding(label).is_none()
        {
            return self.fail(label, "no such encoding; write a label such as \"utf-16le\" or \"windows-1252\"");
        }
        if let Some(delimiter) = written.delimiter
            && (!delimiter.is_ascii() || "\"\n\r".contains(delimiter))
        {
            return self.fail("delimiter", "the delimiter is one ASCII character, and neither a quote nor a line end");
        }
        if written.delimiter.is_some() && !is(&[Format::Csv, Format::Delimited]) {
            return self.fail("delimiter", "a delimiter is of csv and delimited files");
        }
        if written.comment.is_some_and(|c| !c.is_ascii() || "\"\n\r".contains(c)) {
            return self.fail("comment", "comment lines begin with one ASCII character that is no quote");
        }
        if written.comment.is_some_and(|comment| written.delimiter == Some(comment)) {
            return self.fail("comment", "the comment character is the delimiter");
        }
        if written.comment.is_some() && !is(&[Format::Csv, Format::Delimited]) {
            return self.fail("comment", "comment lines are of csv and delimited files");
        }
        if written.trailing && !is(&[Format::Delimited]) {
            return self.fail("trailing", "a trailing delimiter is of delimited files");
        }
        if written.records.is_some() && !is(&[Format::Json]) {
            return self.fail("records", "the list of records is in json documents");
        }
        if written.skip > 0 && !is(&[Format::Xlsx]) {
            return self.fail("skip", "rows above the header are of xlsx workbooks");
        }
        if written.encoding.is_some() && is(&[Format::Xlsx]) {
            return self.fail("encoding", "a workbook says itself how it is written");
        }
        Ok(())
    }

    /// What a file may say of itself.
    fn own(&self) -> Result<(), TomlError> {
        let declaration = self.declaration;
        let sources = declaration.sources.iter().map(|one| (&one.read, &one.sheet, &one.header, &one.rename));
        let lookups = declaration.lookups.iter().map(|one| (&one.read, &one.sheet, &one.header, &one.rename));
        const TABLES: [Format; 5] = [Format::Csv, Format::PsqlText, Format::Delimited, Format::Json, Format::Xlsx];
        for (own, sheet, header, rename) in sources.chain(lookups) {
            let format = declaration.written(own).format;
            let among = [format, declaration.read.format];
            if own.is_some() && !among.iter().all(|format| TABLES.contains(format)) {
                return self.fail("read", "logs are all written alike: `read` is of tables");
            }
            if let Some(sheet) = sheet.as_ref().filter(|_| format != Format::Xlsx) {
                return self.fail(sheet, "sheets are of xlsx workbooks");
            }
            if let Some(header) = header {
                if ![Format::Csv, Format::Delimited, Format::PsqlText].contains(&format) {
                    return self.fail(
                        "header",
                        "names of cells are given for csv, delimited and psql-text files that have none",
                    );
                }
                if let Some(twice) = header.iter().enumerate().find(|(at, name)| header[..*at].contains(name)) {
                    return self.fail(twice.1, format!("the header names `{}` twice", twice.1));
                }
            }
            if !rename.is_empty() && (header.is_some() || !TABLES.contains(&format)) {
                return self.fail("rename", "`rename` is of tables that name their own columns");
            }
            let ours: Vec<&String> = rename.values().collect();
            if let Some((_, twice)) = ours.iter().enumerate().find(|(at, name)| ours[..*at].contains(name)) {
                return self.fail("rename", format!("two columns are renamed `{twice}`"));
            }
        }
        for source in &declaration.sources {
            let roles =
                [declaration.columns.transaction.as_ref().map(|id| &id.column), Some(&declaration.columns.opened)];
            let needed = |name: &&String| roles.contains(&Some(*name));
            if let Some(name) = source.absent.iter().find(needed) {
                return self.fail("absent", format!("without `{name}` nothing can be told of a transaction"));
            }
            let unknown = |name: &&String| self.fields.column(name).is_none() && !self.declares(name);
            if let Some(name) = source.absent.iter().find(unknown) {
                return self.fail(name, format!("`{name}` is absent, and nothing asks for it"));
            }
            if !source.absent.is_empty() && (source.header.is_some() || declaration.is_log()) {
                return self.fail("absent", "`absent` is of tables that name their own columns");
            }
        }
        Ok(())
    }

    fn declares(&self, name: &str) -> bool {
        self.fields.declared().any(|declared| declared == name)
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
