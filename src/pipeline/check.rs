//! What makes a declaration acceptable. Everything here is refused before a single row is read.

use super::declaration::*;
use super::fields::{Field, Fields};
use crate::cells::TimeFormat;
use crate::toml_file::{Located, TomlError, nearest};
use crate::words::Day;

pub(super) fn check(declaration: &Declaration, source: &Located) -> Result<(), TomlError> {
    let checker = Checker { declaration, source, fields: Fields::new(declaration) };
    checker.frame()?;
    checker.names_resolve()?;
    checker.lookups()?;
    checker.publication()?;
    checker.statistics()?;
    checker.purges()
}

struct Checker<'a> {
    declaration: &'a Declaration,
    source: &'a Located,
    fields: Fields<'a>,
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c))
}

impl Checker<'_> {
    fn fail<T>(&self, needle: &str, message: impl Into<String>) -> Result<T, TomlError> {
        Err(self.source.error(needle, message))
    }

    fn name(&self, name: &str) -> Result<(), TomlError> {
        if is_name(name) {
            return Ok(());
        }
        self.fail(name, "a name has lower-case letters, digits, - and _, at most 40: it becomes part of file names")
    }

    fn frame(&self) -> Result<(), TomlError> {
        let declaration = self.declaration;
        if declaration.format != 1 {
            return self.fail("format", "this afterloan reads pipelines of format 1");
        }
        self.name(&declaration.name)?;
        if declaration.sources.is_empty() {
            return self.fail("source", "a pipeline needs at least one [[source]]");
        }
        if declaration.sources.len() > 200 {
            return self.fail("source", "at most 200 sources");
        }
        for part in &declaration.sources {
            self.name(&part.part)?;
            self.origin(&part.part, part.files.as_ref(), part.command.as_ref(), part.split)?;
        }
        for lookup in &declaration.lookups {
            self.origin(&lookup.name, lookup.files.as_ref(), lookup.command.as_ref(), lookup.split)?;
        }
        let inputs = declaration.sources.iter().map(Source::origin);
        let rows_have_identifiers = !declaration.columns.identifiers.is_empty();
        if rows_have_identifiers && declaration.sources.iter().any(|s| matches!(s.origin(), Origin::StandardInput)) {
            return self.fail(
                "-",
                "transactions that hold identifiers are read twice when a legal hold names one, and standard input can't be",
            );
        }
        let inputs = inputs.chain(declaration.lookups.iter().map(Lookup::origin));
        if inputs.filter(|origin| matches!(origin, Origin::StandardInput)).count() > 1 {
            return self.fail("-", "standard input can be read once: only one export may come from it");
        }
        if let Some(delimiter) = declaration.read.delimiter
            && (!delimiter.is_ascii() || "\"\n\r".contains(delimiter))
        {
            return self.fail("delimiter", "the delimiter is one ASCII character, and neither a quote nor a line end");
        }
        self.reading()?;
        let (first, last) = &declaration.read.plausible;
        for bound in [first, last] {
            if bound != "now" && bound.parse::<Day>().is_err() {
                return self.fail(bound, "a plausible bound is a date (YYYY-MM-DD) or \"now\"");
            }
        }
        if declaration.states.is_empty() {
            return self.fail("columns", "a pipeline needs [[state]] rules: without one every row is undetermined");
        }
        let columns = &declaration.columns;
        if columns.patron.columns().is_empty() {
            return self.fail("patron", "the patron is named in at least one column");
        }
        if self.declaration.begin.contains('\n') {
            return self.fail("begin", "one statement that begins a transaction, without a semicolon");
        }
        let used = &self.fields.columns;
        if let Some(twice) = columns.drop.iter().find(|column| used.contains(&column.as_str())) {
            return self.fail(twice, format!("column `{twice}` is both used and dropped"));
        }
        Ok(())
    }

    /// Either files or a command, and what may be split.
    fn origin(
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
    fn reading(&self) -> Result<(), TomlError> {
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
        let headers = self.declaration.sources.iter().map(|source| &source.header);
        let headers = headers.chain(self.declaration.lookups.iter().map(|lookup| &lookup.header)).flatten();
        for header in headers {
            if !is(&[Format::Csv, Format::Delimited]) {
                return self.fail("header", "names of cells are given for csv and delimited files that have none");
            }
            if let Some(twice) = header.iter().enumerate().find(|(at, name)| header[..*at].contains(name)) {
                return self.fail(twice.1, format!("the header names `{}` twice", twice.1));
            }
        }
        Ok(())
    }

    fn names_resolve(&self) -> Result<(), TomlError> {
        let needs = &self.declaration.needs;
        let states = self.declaration.states.iter().flat_map(|state| &state.when);
        let conditions = [&needs.owing, &needs.history, &needs.disputed, &needs.lost, &needs.withdrawn];
        let times = [&needs.settled, &needs.refund].into_iter().flatten();
        let all = states.chain(conditions.into_iter().flatten().flatten());
        for (name, condition) in all.chain(times.clone().flat_map(|at| &at.when)) {
            let field = self.field(name)?;
            self.condition(name, condition, matches!(field, Field::Gather { .. }))?;
        }
        times.map(|at| &at.at).try_for_each(|name| self.field(name).map(drop))
    }

    fn field(&self, name: &str) -> Result<Field, TomlError> {
        if let Some(field) = self.fields.resolve(name) {
            return Ok(field);
        }
        let lookups = self.declaration.lookups.iter();
        let names: Vec<String> = lookups
            .flat_map(|l| l.r#use.iter().chain(l.gather.keys()).map(move |column| format!("{}.{column}", l.name)))
            .collect();
        let hint = nearest(name, names.iter().map(String::as_str)).unwrap_or("a column");
        self.fail(
            name,
            format!("`{name}` names no cell: the lookup doesn't `use` or `gather` it; did you mean `{hint}`?"),
        )
    }

    fn condition(&self, name: &str, condition: &Condition, gathered: bool) -> Result<(), TomlError> {
        match condition {
            Condition::Is(_) if !gathered => {
                self.fail(name, "true and false are for what a lookup gathers; write \"set\", \"unset\" or a list")
            }
            Condition::Word(word) if !["set", "unset", "positive"].contains(&word.as_str()) => self.fail(
                word,
                format!(
                    "unknown condition `{word}`; write \"set\", \"unset\", \"positive\", a list of values, or \
                     {{ not = [...] }}"
                ),
            ),
            Condition::Word(word) if word == "positive" && gathered => {
                self.fail(name, "what a lookup gathers is true, false, \"set\" or \"unset\"")
            }
            Condition::OneOf(_) | Condition::Not { .. } if gathered => {
                self.fail(name, "what a lookup gathers is true, false, \"set\" or \"unset\"")
            }
            _ => Ok(()),
        }
    }

    fn lookups(&self) -> Result<(), TomlError> {
        for (index, lookup) in self.declaration.lookups.iter().enumerate() {
            self.name(&lookup.name)?;
            if lookup.on.len() != 1 {
                return self.fail(&lookup.name, "`on` names exactly one key: { ours = \"theirs\" }");
            }
            for ours in lookup.on.keys() {
                match self.field(ours)? {
                    Field::Column(_) => {}
                    Field::Lookup { lookup, .. } if lookup < index => {}
                    _ => return self.fail(ours, "a key comes from the transaction or from a lookup above this one"),
                }
            }
            if lookup.rows == Rows::One && !lookup.gather.is_empty() {
                return self.fail(&lookup.name, "`gather` needs rows = \"many\"");
            }
            if lookup.rows == Rows::Many && !lookup.r#use.is_empty() {
                return self.fail(&lookup.name, "with rows = \"many\", `gather` says what is taken; `use` can't");
            }
            for gather in lookup.gather.values() {
                let ways = [gather.any_positive.is_some(), gather.max.is_some(), gather.any.is_some()];
                if ways.iter().filter(|way| **way).count() != 1 {
                    return self.fail(&lookup.name, "gather exactly one of any_positive, max, any");
                }
                for (name, condition) in gather.any.iter().flatten().chain(&gather.when) {
                    self.condition(name, condition, false)?;
                }
            }
            let names = !(lookup.identifiers.is_empty() && lookup.names.is_empty() && lookup.alone.is_empty());
            if !lookup.required && (names || lookup.rows == Rows::Many || self.decides(index)) {
                return self.fail(
                    &lookup.name,
                    "this lookup decides something or names people: its absence would go unseen, so it is required",
                );
            }
        }
        Ok(())
    }

    /// Whether a state or a need looks at this lookup.
    fn decides(&self, lookup: usize) -> bool {
        let needs = &self.declaration.needs;
        let conditions = [&needs.owing, &needs.history, &needs.disputed, &needs.lost, &needs.withdrawn];
        let times = [&needs.settled, &needs.refund].into_iter().flatten();
        let names = self.declaration.states.iter().flat_map(|state| state.when.keys());
        let names = names.chain(conditions.into_iter().flatten().flat_map(|condition| condition.keys()));
        let mut names = names.chain(times.flat_map(|at| std::iter::once(&at.at).chain(at.when.keys())));
        names.any(|name| {
            matches!(self.fields.resolve(name),
                Some(Field::Lookup { lookup: l, .. } | Field::Gather { lookup: l, .. }) if l == lookup)
        })
    }

    fn publication(&self) -> Result<(), TomlError> {
        let mut seen: Vec<&str> = Vec::new();
        for publish in &self.declaration.publish {
            let name = publish.name.as_str();
            self.name(name)?;
            if seen.contains(&name)
                || ["day", "week"].contains(&name) && !matches!(publish.treatment, Treatment::Day | Treatment::Week)
            {
                return self.fail(name, format!("`{name}` is published twice, or its name is taken"));
            }
            seen.push(name);
            self.inputs(publish)?;
            self.place(publish)?;
        }
        Ok(())
    }

    fn inputs(&self, publish: &Publish) -> Result<(), TomlError> {
        let name = &publish.name;
        let two = matches!(publish.treatment, Treatment::Age(_) | Treatment::Duration(_));
        let from = publish.from.columns();
        if from.len() != if two { 2 } else { 1 } {
            return self
                .fail(name, if two { "this treatment takes two columns" } else { "this treatment takes one column" });
        }
        for column in from {
            if matches!(self.field(column)?, Field::Gather { .. }) {
                return self.fail(column, "what a lookup gathers decides needs; it can't be published");
            }
            let identity = self.identity(column);
            match (identity, &publish.treatment) {
                (None, _) => {}
                (Some("alone"), Treatment::Keep) | (Some("identifier"), Treatment::Keep) => {
                    return self.fail(name, format!("`{column}` identifies people: it can't be kept as it is"));
                }
                (Some("alone"), _) | (Some("identifier"), Treatment::Platform) => {}
                _ => return self.fail(name, format!("`{column}` identifies people: nothing of it can be published")),
            }
        }
        let edges = match &publish.treatment {
            Treatment::Band(edges) | Treatment::Age(edges) | Treatment::Duration(edges) => Some(edges),
            _ => None,
        };
        if edges.is_some_and(|edges| edges.is_empty() || edges.len() > 100 || !edges.is_sorted_by(|a, b| a < b)) {
            return self.fail(name, "the edges of bands rise, and there is at least one");
        }
        if matches!(publish.treatment, Treatment::Prefix(0)) {
            return self.fail(name, "a prefix has at least one character");
        }
        Ok(())
    }

    /// How a column is declared, if it is about people.
    fn identity(&self, name: &str) -> Option<&'static str> {
        let has = |list: &[String], name: &str| list.iter().any(|column| column == name);
        let columns = &self.declaration.columns;
        match name.split_once('.').and_then(|(lookup, column)| self.fields.lookup(lookup).map(|(_, l)| (l, column))) {
            Some((lookup, column)) => {
                let keys = lookup.on.iter().any(|(ours, theirs)| {
                    columns.patron.has(ours) && theirs.columns().iter().any(|their| their == column)
                });
                if keys || has(&lookup.names, column) {
                    Some("person")
                } else if has(&lookup.identifiers, column) {
                    Some("identifier")
                } else {
                    has(&lookup.alone, column).then_some("alone")
                }
            }
            None if columns.patron.has(name) || has(&columns.people, name) || has(&columns.names, name) => {
                Some("person")
            }
            None if columns.transaction.column == name || columns.renews.as_deref() == Some(name) => Some("person"),
            None if has(&columns.identifiers, name) => Some("identifier"),
            None => has(&columns.alone, name).then_some("alone"),
        }
    }

    /// Which treatment may stand in which half: times finer than a day, and times other than the opening, may not.
    fn place(&self, publish: &Publish) -> Result<(), TomlError> {
        let name = &publish.name;
        let collection = publish.half.has(Half::Collection);
        let community = publish.half.has(Half::Community);
        let statistics = publish.half.has(Half::Statistics);
        let opening = publish.from.columns() == std::slice::from_ref(&self.declaration.columns.opened);
        if statistics && (collection || community) || !(statistics || collection || community) {
            return self.fail(name, "half is \"collection\", \"community\", both of these, or \"statistics\" alone");
        }
        let wrong = |why: &str| self.fail(name, why);
        match &publish.treatment {
            Treatment::Day if name != "day" => wrong("the opening day is published under the name `day`"),
            Treatment::Day if !(opening && collection && !community) => {
                wrong("only the opening time is published as a day, in the collection half alone")
            }
            Treatment::Hour | Treatment::Weekday if !(opening && statistics) => wrong(
                "hours and weekdays are of the opening time, and counted in \"statistics\" alone: a time finer than a day leads to people",
            ),
            Treatment::Hour if name != "hour" => wrong("the opening hour is counted under the name `hour`"),
            Treatment::Weekday if name != "weekday" => wrong("the opening weekday is counted under the name `weekday`"),
            Treatment::Week | Treatment::Month => {
                wrong("weeks come with the day, and the month is the folder: publish the opening time as a day")
            }
            Treatment::Duration(_) if !collection || community => {
                wrong("a duration describes the use: it stands in the collection half alone")
            }
            Treatment::Count if name != "renewals" => wrong("the count that is published is `renewals`"),
            Treatment::Count if !collection || community => wrong("renewals stand in the collection half alone"),
            Treatment::Count
                if self.declaration.columns.renewals.as_ref().map(std::slice::from_ref)
                    != Some(publish.from.columns()) =>
            {
                wrong("what is counted is the column that `renewals` names under [columns]")
            }
            Treatment::Age(_) if !community || collection => wrong("an age stands in the community half alone"),
            Treatment::Hour | Treatment::Weekday => Ok(()),
            _ if statistics => wrong("only hours and weekdays are counted in statistics alone"),
            _ => self.shared_once(publish, collection, community),
        }
    }

    /// A source column in both halves under two names would let the halves be joined.
    fn shared_once(&self, publish: &Publish, collection: bool, community: bool) -> Result<(), TomlError> {
        if collection == community {
            return Ok(());
        }
        let time = &self.declaration.columns.opened;
        let other = self.declaration.publish.iter().find(|other| {
            let elsewhere = if collection { Half::Community } else { Half::Collection };
            let one_half = other.half.has(Half::Community) != other.half.has(Half::Collection);
            one_half
                && other.half.has(elsewhere)
                && other.from.columns().iter().any(|c| c != time && publish.from.columns().contains(c))
        });
        match other {
            Some(other) => self.fail(
                &publish.name,
                format!(
                    "`{}` and `{}` come from the same column in different halves: what both halves know is shared; \
                     publish one of them in both",
                    publish.name, other.name
                ),
            ),
            None => Ok(()),
        }
    }

    fn statistics(&self) -> Result<(), TomlError> {
        for table in &self.declaration.statistics {
            self.name(&table.name)?;
            if table.by.len() == 2 && table.by[0] == "weekday" && table.by[1] == "hour" {
                let hour = self.declaration.publish.iter().any(|p| matches!(p.treatment, Treatment::Hour));
                let weekday = self.declaration.publish.iter().any(|p| matches!(p.treatment, Treatment::Weekday));
                if hour && weekday {
                    continue;
                }
                return self.fail(&table.name, "weekday × hour needs both published in \"statistics\"");
            }
            let (mut collection, mut community) = (true, true);
            for by in &table.by {
                let Some(publish) = self.declaration.publish.iter().find(|publish| publish.name == *by) else {
                    let names = self.declaration.publish.iter().map(|publish| publish.name.as_str());
                    let hint = nearest(by, names).unwrap_or("a published column");
                    return self.fail(by, format!("`{by}` isn't published; did you mean `{hint}`?"));
                };
                if matches!(
                    publish.treatment,
                    Treatment::Day | Treatment::Hour | Treatment::Weekday | Treatment::Count | Treatment::Duration(_)
                ) {
                    return self.fail(by, format!("`{by}` can't head a table"));
                }
                collection &= publish.half.has(Half::Collection);
                community &= publish.half.has(Half::Community);
            }
            if table.by.is_empty() || !(collection || community) {
                return self.fail(&table.name, "a table counts one half: its columns must all stand in the same");
            }
        }
        Ok(())
    }

    fn purges(&self) -> Result<(), TomlError> {
        match self.declaration.purge.iter().find(|purge| !purge.sql.contains("{ids}")) {
            Some(purge) => {
                self.fail(&purge.sql, "a purge statement needs {ids}: without it, it would sever every link")
            }
            None => Ok(()),
        }
    }
}
