//! What a mailing list may be made of: only what was offered, only to those who said yes.

use std::collections::BTreeMap;

use super::checker::Checker;
use crate::pipeline::declaration::*;
use crate::pipeline::fields::Field;
use crate::toml_file::TomlError;
use crate::words::Kind;

impl Checker<'_> {
    pub(super) fn mailing(&self) -> Result<(), TomlError> {
        let Some(mailing) = &self.declaration.mailing else { return Ok(()) };
        if self.declaration.kind != Kind::Contact {
            return self.fail("mailing", "mailing lists are made from patron records alone: kind = \"contact\"");
        }
        if mailing.columns.is_empty() || mailing.opt_in.is_empty() {
            return self.fail("mailing", "say which `columns` a list may hold, and under `opt_in` who may be on it");
        }
        for name in &mailing.columns {
            if matches!(self.field(name)?, Field::Gather { .. }) {
                return self.fail(name, "what a lookup gathers decides; it can't stand on a list");
            }
        }
        mailing.opt_in.iter().try_for_each(|(name, when)| self.opt_in(name, when))
    }

    /// Something must be a yes: that nothing says no is not one.
    fn opt_in(&self, name: &str, when: &BTreeMap<String, Condition>) -> Result<(), TomlError> {
        self.name(name)?;
        let mut says_yes = false;
        for (cell, condition) in when {
            let field = self.field(cell)?;
            self.condition(cell, condition, matches!(field, Field::Gather { .. }))?;
            match (condition, field) {
                (Condition::OneOf(values), _) if values.iter().all(|value| !value.is_empty()) => says_yes = true,
                (Condition::Is(true), Field::Gather { lookup, slot }) => {
                    self.gathers_yes(cell, lookup, slot)?;
                    says_yes = true;
                }
                (Condition::Is(false), _) => {}
                _ => return self.fail(cell, "an opt-in lists the values that mean yes: any other is a no"),
            }
        }
        if says_yes {
            return Ok(());
        }
        self.fail(name, format!("nothing in the opt-in `{name}` says yes: that nobody said no is not enough"))
    }

    fn gathers_yes(&self, cell: &str, lookup: usize, slot: usize) -> Result<(), TomlError> {
        let any = self.declaration.lookups[lookup].gather.values().nth(slot).and_then(|gather| gather.any.as_ref());
        let listed = |condition: &Condition| matches!(condition, Condition::OneOf(values) if values.iter().all(|value| !value.is_empty()));
        let open = |condition: &Condition| matches!(condition, Condition::Not { .. });
        match any {
            Some(any) if any.values().any(listed) && !any.values().any(open) => Ok(()),
            _ => self.fail(
                cell,
                format!(
                    "`{cell}` makes an opt-in: gather it by `any`, with the values that mean yes, and without `not`"
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::refused;

    const CONTACTS: &str = include_str!("../../../pipelines/koha-contacts.toml");
    const LOANS: &str = include_str!("../../../pipelines/koha-loans.toml");

    #[test]
    fn only_a_yes_is_an_opt_in() {
        let opt_in = "{ \"consents.newsletter\" = true, \"consents.no_newsletter\" = false }";
        let any = "{ type = [\"NEWSLETTER\"], given_on = \"set\", refused_on = \"unset\" }";
        for (from, to, why) in [
            (opt_in, "{ \"consents.no_newsletter\" = false }", "nothing in the opt-in `newsletter` says yes"),
            (opt_in, "{}", "nothing in the opt-in `newsletter` says yes"),
            (opt_in, "{ flags = { not = [\"0\"] } }", "lists the values that mean yes"),
            (opt_in, "{ flags = \"set\" }", "lists the values that mean yes"),
            (opt_in, "{ flags = \"unset\" }", "lists the values that mean yes"),
            (opt_in, "{ flags = [\"yes\", \"\"] }", "lists the values that mean yes"),
            (opt_in, "{ flags = [\"yes\"] }", ""),
            (opt_in, "{ \"bills.owing\" = true }", "gather it by `any`"),
            (any, "{ type = { not = [\"X\"] }, given_on = \"set\" }", "gather it by `any`"),
            (any, "{ type = [\"NEWSLETTER\"], given_on = { not = [\"0\"] } }", "gather it by `any`"),
            (any, "{ given_on = \"set\" }", "gather it by `any`"),
            ("[mailing]\ncolumns = [\"firstname\",", "[mailing]\ncolumns = [\"bills.owing\",", "can't stand on a list"),
            ("[mailing]\ncolumns = [", "[mailing]\ncolums = [", "did you mean `columns`?"),
        ] {
            let error = refused(CONTACTS, from, to);
            assert!(error.contains(why) && error.is_empty() == why.is_empty(), "{from} → {to}: {error}");
        }
        let error = refused(LOANS, "# ---- what may leave", "[mailing]\ncolumns = [\"note\"]\nopt_in = {}\n#");
        assert!(error.contains("from patron records alone"), "{error}");
    }
}
