//! Lookups: how they are joined, and that none which decides may be missing.

use super::checker::Checker;
use crate::pipeline::declaration::*;
use crate::pipeline::fields::Field;
use crate::toml_file::TomlError;

impl Checker<'_> {
    pub(super) fn lookups(&self) -> Result<(), TomlError> {
        for (index, lookup) in self.declaration.lookups.iter().enumerate() {
            self.name(&lookup.name)?;
            if lookup.on.is_empty() || lookup.on.values().any(|theirs| theirs.columns().is_empty()) {
                return self.fail(&lookup.name, "`on` says by which key the rows are joined: { ours = \"theirs\" }");
            }
            if lookup.on.len() > 1 && lookup.on.values().any(|theirs| theirs.columns().len() > 1) {
                return self.fail(
                    &lookup.name,
                    "several keys of `on` are one key together, so each of ours is one of theirs and no list",
                );
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
                    if matches!(condition, Condition::Word(word) if word == "zero") {
                        return self.fail(
                            name,
                            "\"zero\" is asked of the transaction: here an amount that can't be read would go unseen",
                        );
                    }
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
        self.declaration.asked().any(|name| {
            matches!(self.fields.resolve(name),
                Some(Field::Lookup { lookup: l, .. } | Field::Gather { lookup: l, .. }) if l == lookup)
        })
    }
}
