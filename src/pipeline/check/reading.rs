//! Where exports come from and how they are written: what goes with what.

use super::checker::Checker;
use crate::cells::TimeFormat;
use crate::export::{Format, Names, Needed};
use crate::pipeline::declaration::*;
use crate::pipeline::fields::{needed, needed_in, published};
use crate::toml_file::{TomlError, meant};

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
        self.own()?;
        self.cells()?;
        self.multiline()?;
        let of_sources = self.declaration.sources.iter().map(|one| (&one.time_limit, &one.command, &one.env));
        let of_lookups = self.declaration.lookups.iter().map(|one| (&one.time_limit, &one.command, &one.env));
        for (limit, command, env) in of_sources.chain(of_lookups) {
            let is_name = |name: &&String| {
                name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            };
            if let Some(name) = env.iter().find(|name| command.is_none() || !is_name(name)) {
                return self.fail(
                    name,
                    "`env` lists names of the environment that a `command` is given, such as \"PGPASSWORD\"",
                );
            }
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

    /// What a file may say of itself.
    fn own(&self) -> Result<(), TomlError> {
        let declaration = self.declaration;
        let sources = declaration.sources.iter().map(|one| (&one.read, &one.sheet, &one.header, &one.rename));
        let lookups = declaration.lookups.iter().map(|one| (&one.read, &one.sheet, &one.header, &one.rename));
        for (own, sheet, header, rename) in sources.chain(lookups) {
            let format = declaration.written(own).format;
            if own.is_some() && (format.is_log || declaration.read.written.format.is_log) {
                return self.fail("read", "logs are all written alike: `read` is of tables");
            }
            if let Some(sheet) = sheet.as_ref().filter(|_| !format.sheets) {
                return self.fail(sheet, format!("{} files have no sheets", format.name));
            }
            if let Some(header) = header {
                if format.names != Names::Header {
                    return self.fail("header", format!("{} files name their own cells: no `header` can", format.name));
                }
                if let Some(twice) = header.iter().enumerate().find(|(at, name)| header[..*at].contains(name)) {
                    return self.fail(twice.1, format!("the header names `{}` twice", twice.1));
                }
            }
            if !rename.is_empty() && (header.is_some() || format.is_log || format.names == Names::Keys) {
                return self.fail("rename", "`rename` is of tables that name their own columns");
            }
            let ours: Vec<&String> = rename.values().collect();
            if let Some((_, twice)) = ours.iter().enumerate().find(|(at, name)| ours[..*at].contains(name)) {
                return self.fail("rename", format!("two columns are renamed `{twice}`"));
            }
        }
        self.optional()?;
        for source in &declaration.sources {
            let ids = declaration.columns.transaction.iter().flat_map(TransactionColumn::columns);
            let roles: Vec<&String> = ids.chain([&declaration.columns.opened]).collect();
            let needed = |name: &&String| roles.contains(name);
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

    /// What records may all leave out: published, and nothing that decides.
    fn optional(&self) -> Result<(), TomlError> {
        let declaration = self.declaration;
        let all: Vec<&str> = published(declaration).collect();
        for source in &declaration.sources {
            let format = declaration.written(&source.read).format;
            self.each_optional(&source.optional, format, &needed(declaration, source), &all)?;
        }
        for lookup in &declaration.lookups {
            let format = declaration.written(&lookup.read).format;
            let of_this = all.iter().filter_map(|name| name.split_once('.'));
            let of_this: Vec<&str> = of_this.filter(|(of, _)| *of == lookup.name).map(|(_, column)| column).collect();
            self.each_optional(&lookup.optional, format, &needed_in(declaration, lookup), &of_this)?;
        }
        Ok(())
    }

    fn each_optional(
        &self,
        optional: &[String],
        format: &Format,
        needed: &[(&str, Needed)],
        published: &[&str],
    ) -> Result<(), TomlError> {
        if !optional.is_empty() && (format.names != Names::Records || format.is_log) {
            return self.fail("optional", "`optional` is of tables whose records name their own cells, such as json");
        }
        if let Some(name) = optional.iter().find(|name| needed.iter().any(|(column, _)| column == name)) {
            let why = format!("without `{name}` nothing can be decided: a record that leaves it out says nothing");
            return self.fail("optional", why);
        }
        match optional.iter().find(|name| !published.contains(&name.as_str())) {
            Some(name) => {
                let hint = meant(name, published.iter().copied());
                self.fail(name, format!("`{name}` is optional, and nothing of it is published{hint}"))
            }
            None => Ok(()),
        }
    }

    /// Cells that may hold line ends: free text that the pipeline knows of, and nothing that tells one row from another.
    fn multiline(&self) -> Result<(), TomlError> {
        let declaration = self.declaration;
        let own = declaration.sources.iter().map(|one| &one.read);
        let own = own.chain(declaration.lookups.iter().map(|one| &one.read)).flatten();
        let written = own.chain([&declaration.read.written]);
        let roles = declaration.columns.transaction.iter().flat_map(TransactionColumn::columns);
        let roles = roles.chain([&declaration.columns.opened]);
        let keys: Vec<&String> = roles.chain(declaration.lookups.iter().flat_map(|one| one.on.keys())).collect();
        for name in written.flat_map(|written| written.dialect.multiline.iter().flat_map(|names| names.iter())) {
            if keys.contains(&name) {
                return self.fail(name, format!("`{name}` tells one row from another: it holds no line ends"));
            }
            let of_lookup =
                |name: &str| declaration.lookups.iter().any(|one| one.declared().any(|known| known == name));
            if !self.declares(name) && !of_lookup(name) {
                let why =
                    format!("`{name}` may hold line ends, and nothing else is said of it: name it under `drop`, too");
                return self.fail(name, why);
            }
        }
        Ok(())
    }

    fn declares(&self, name: &str) -> bool {
        self.fields.declared().any(|declared| declared == name)
    }

    /// That cells can be called as the pipeline calls them, where the syntax has a say in it.
    fn cells(&self) -> Result<(), TomlError> {
        let written = &self.declaration.read.written;
        if let Some(mistake) = self.fields.declared().find_map(|name| written.dialect.refuses(name)) {
            return self.fail(mistake.key(), mistake.to_string());
        }
        match self.declaration.lookups.first() {
            Some(lookup) if written.format.is_log => {
                self.fail(&lookup.name, "other exports are read as the transactions are, and a log joins none")
            }
            _ => Ok(()),
        }
    }
}
