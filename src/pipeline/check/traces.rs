//! `[[trace]]` and `[database]`: that each trace says what is done about it, and nothing severs more than it was asked to.

use super::checker::Checker;
use crate::pipeline::declaration::*;
use crate::pipeline::releases;
use crate::toml_file::TomlError;

impl Checker<'_> {
    pub(super) fn traces(&self) -> Result<(), TomlError> {
        let declaration = self.declaration;
        if !declaration.purge.is_empty() {
            return self.fail(
                "purge",
                "[[purge]] is [[trace]] now: each statement becomes `sever`, with a `name`, an `about`, and `link = true` in \
                 the last (`afterloan help pipelines`)",
            );
        }
        let traces = &declaration.traces;
        for (place, trace) in traces.iter().enumerate() {
            if trace.name.trim().is_empty() || trace.about.trim().is_empty() {
                return self.fail("[[trace]]", "a trace has a `name` and says in `about` what it is, for people");
            }
            if traces[..place].iter().any(|other| other.name == trace.name) {
                return self.fail(&trace.name, format!("two traces are called `{}`", trace.name));
            }
            self.treated(trace)?;
            self.statements(trace)?;
        }
        match traces.iter().position(|trace| trace.link) {
            None if traces.is_empty() => Ok(()),
            None => {
                self.fail("[[trace]]", "one trace is the link that the export shows: say `link = true` in the last")
            }
            Some(place) if place + 1 < traces.len() => {
                let after = &traces[place + 1].name;
                self.fail(after, "the link is the last: the other traces are found by it")
            }
            Some(_) => self.database(),
        }
    }

    /// Severed or not, and if not, why.
    fn treated(&self, trace: &Trace) -> Result<(), TomlError> {
        let name = &trace.name;
        if self.declaration.is_log() && trace.link {
            if trace.sever.is_some() || trace.never.is_some() {
                return self.fail(name, "a log is retired whole, as a file: its link has neither `sever` nor `never`");
            }
            return Ok(());
        }
        match (&trace.sever, &trace.never) {
            (Some(_), None) | (None, Some(_)) => {}
            (None, None) => {
                return self.fail(name, format!("`{name}` is severed by `sever`, or says in `never` why not"));
            }
            (Some(_), Some(_)) => return self.fail(name, format!("`{name}` has either `sever` or `never`")),
        }
        if trace.never.is_some() && trace.instead.is_none() {
            return self.fail(
                name,
                format!("`{name}` is never severed: say in `instead` what removes it, or what can be done"),
            );
        }
        if trace.sever.is_some() && trace.instead.is_some() {
            return self.fail(name, "`instead` is of a trace that is never severed");
        }
        if self.declaration.is_log() && trace.sever.is_some() {
            return self.fail(name, "a log is retired whole, as a file: there is nothing to sever by SQL");
        }
        if trace.of.is_empty() || (trace.link && trace.sever.is_some() && !trace.of.contains(&Of::Linked)) {
            return self.fail(name, "`of` says of which transactions it is severed: \"linked\", \"unlinked\" or both");
        }
        Ok(())
    }

    /// Each names its transactions, and each is one.
    fn statements(&self, trace: &Trace) -> Result<(), TomlError> {
        // A list of what it leaves alone doesn't say what it takes.
        let names_them = |sql: &str| sql.to_ascii_lowercase().replace("not in ({ids})", "").contains("{ids}");
        let severs = trace.sever.as_ref().map_or(&[][..], Statements::all);
        if trace.sever.is_some() && severs.is_empty() {
            return self.fail(&trace.name, "`sever` has no statement");
        }
        for sql in severs.iter().chain(&trace.count) {
            if let Some(unknown) = named(sql).find(|name| *name != "ids") {
                return self.fail(&format!("{{{unknown}}}"), format!("[pieces] has no `{unknown}`"));
            }
            if sql.trim().trim_end_matches(';').contains(';') {
                return self.fail(sql, "one statement at a time, without a semicolon: several are a list");
            }
            self.marks(sql)?;
        }
        if let Some(sql) = severs.iter().find(|sql| !names_them(sql)) {
            return self.fail(sql, "a statement that severs needs {ids}: without it, it would sever every link");
        }
        if !severs.is_empty() && trace.count.as_ref().is_some_and(|count| !names_them(count)) {
            return self
                .fail(&trace.name, "what is severed is counted of the same transactions: its `count` needs {ids}");
        }
        Ok(())
    }

    /// What is of some releases only is marked so that it can be told.
    pub(super) fn marks(&self, sql: &str) -> Result<(), TomlError> {
        releases::newest(sql).map_or_else(|mistake| self.fail(sql, mistake.to_string()), |_| Ok(()))
    }

    fn database(&self) -> Result<(), TomlError> {
        let Some(database) = &self.declaration.database else { return Ok(()) };
        let uncounted = |trace: &&Trace| trace.sever.is_some() && trace.count.is_none();
        if let Some(trace) = self.declaration.traces.iter().find(uncounted) {
            let why = "with a `[database]` what is severed is counted: without `count` nobody knows what is left";
            return self.fail(&trace.name, why);
        }
        for place in database.patron.iter().map(String::as_str).chain(database.spoken_of()) {
            if !place.contains('.') {
                return self.fail(place, "a column of the database is written TABLE.COLUMN");
            }
        }
        match database.grants.iter().find(|grant| !grant.contains(" ON ")) {
            Some(grant) => self.fail(grant, "a right is written RIGHT ON TABLE, such as \"UPDATE ON old_issues\""),
            None => Ok(()),
        }
    }
}

/// What stands in braces, as names do.
fn named(sql: &str) -> impl Iterator<Item = &str> {
    let parts = sql.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name));
    parts.filter(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()))
}
