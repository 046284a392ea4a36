//! What makes a declaration acceptable. Everything here is refused before a single row is read.

use checker::Checker;

use super::declaration::*;
use super::fields::{Field, Fields};
use crate::toml_file::{Located, TomlError};
use crate::words::Day;

mod checker;
mod logs;
mod lookups;
mod mailing;
mod publication;
mod reading;
mod side;
#[cfg(test)]
mod tests;
mod traces;
mod transaction;

pub(super) fn check(declaration: &Declaration, source: &Located) -> Result<(), TomlError> {
    let checker = Checker { declaration, source, fields: Fields::new(declaration) };
    checker.frame()?;
    checker.names_resolve()?;
    checker.side()?;
    checker.transaction()?;
    checker.coverage()?;
    checker.lookups()?;
    checker.publication()?;
    checker.mailing()?;
    checker.counts()?;
    checker.statistics()?;
    checker.traces()
}

impl Checker<'_> {
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
            part.query.as_ref().map_or(Ok(()), |query| self.marks(query))?;
        }
        for lookup in &declaration.lookups {
            self.origin(&lookup.name, lookup.files.as_ref(), lookup.command.as_ref(), lookup.split)?;
            lookup.query.as_ref().map_or(Ok(()), |query| self.marks(query))?;
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

    fn names_resolve(&self) -> Result<(), TomlError> {
        let needs = &self.declaration.needs;
        let states = self.declaration.states.iter().flat_map(|state| &state.when);
        let all = states.chain(needs.conditions().flatten());
        for (name, condition) in all.chain(needs.times().flat_map(|at| &at.when)) {
            let field = self.field(name)?;
            self.condition(name, condition, matches!(field, Field::Gather { .. }))?;
        }
        let closed = self.declaration.columns.closed.iter().flat_map(Closed::columns);
        for name in needs.times().map(|at| &at.at).chain(closed) {
            if let Field::Gather { lookup, slot } = self.field(name)?
                && self.declaration.lookups[lookup].gather.values().nth(slot).is_none_or(|gather| gather.max.is_none())
            {
                return self.fail(name, format!("`{name}` is no time: what is gathered as one has `max`"));
            }
        }
        Ok(())
    }
}
