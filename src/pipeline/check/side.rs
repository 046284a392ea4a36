//! Which side of a record is severed, and what follows from it.

use super::checker::Checker;
use crate::pipeline::declaration::*;
use crate::pipeline::fields::Field;
use crate::toml_file::TomlError;
use crate::words::{Kind, Side};

impl Checker<'_> {
    pub(super) fn side(&self) -> Result<(), TomlError> {
        self.ways()?;
        let declaration = self.declaration;
        let columns = &declaration.columns;
        if let Some(branch) = &columns.branch {
            self.field(branch)?;
            if declaration.publish.iter().any(|publish| publish.name == "branch") {
                return self.fail(branch, "`branch` is published: what legal holds by branch mean is made from that");
            }
        }
        if declaration.side == Side::Patron {
            if declaration.kind == Kind::Contact {
                return self
                    .fail("kind", "a patron record loses its contact data, and nothing else: side = \"contact\"");
            }
            return match columns.linked.first().or(columns.nothing.first()) {
                Some(_) => {
                    self.fail("linked", "on the patron's side the patron makes the link; `linked` is for other sides")
                }
                None => Ok(()),
            };
        }
        let side = declaration.side;
        match (declaration.kind, side) {
            (Kind::Contact, _) => self.patron_record()?,
            (_, Side::Contact) => {
                return self.fail("side", "contact data stand on patron records: kind = \"contact\"");
            }
            (Kind::Bill, _) => {}
            (kind, _) => {
                return self.fail("side", format!("a {kind} is nothing without its {side}: bills alone have sides"));
            }
        }
        if declaration.kind == Kind::Bill && !declaration.name.ends_with(&format!("-{side}")) {
            let why = format!("a pipeline that severs the {side} is named …-{side}: its worklists have its name");
            return self.fail(&declaration.name, why);
        }
        // What the patron's side releases would be counted twice, and a published title is the material itself.
        if !declaration.publish.is_empty() || !declaration.statistics.is_empty() {
            return self
                .fail("publish", "nothing is published from this side: the patron's side releases these transactions");
        }
        if columns.linked.is_empty() {
            return self.fail(
                "columns",
                format!("`linked` lists the columns that hold the {side}: without them no row is linked"),
            );
        }
        if columns.renews.is_some() || columns.renewals.is_some() {
            return self.fail("columns", "renewals are of loans, on the patron's side");
        }
        for name in &columns.linked {
            if let Field::Gather { lookup, slot } = self.field(name)?
                && declaration.lookups[lookup].gather.values().nth(slot).is_none_or(|gather| gather.any.is_none())
            {
                return self.fail(name, "what is severed in another export is gathered by `any`");
            }
            let decides = columns.transaction.as_ref().is_some_and(|id| id.has(name)) || columns.opened == *name;
            let closes = columns.closed.iter().flat_map(Closed::columns).any(|column| column == name);
            if decides || closes || columns.patron.has(name) || columns.people.contains(name) {
                return self
                    .fail(name, format!("`{name}` stays when the {side} goes: it can't be listed under `linked`"));
            }
        }
        Ok(())
    }

    /// The patron is the record: a legal hold on her, or on anything of hers, is found by its number.
    fn patron_record(&self) -> Result<(), TomlError> {
        let columns = &self.declaration.columns;
        if self.declaration.side != Side::Contact {
            return self.fail("side", "a patron record loses its contact data, and nothing else: side = \"contact\"");
        }
        let number = columns.transaction.as_ref().and_then(TransactionColumn::own).map(std::slice::from_ref);
        if Some(columns.patron.columns()) != number {
            return self
                .fail("patron", "the patron of a patron record is the record: name the column of `transaction`");
        }
        if let Some(name) = columns.item.as_ref().or(columns.branch.as_ref()) {
            return self.fail(name, "a patron record has neither item nor branch");
        }
        Ok(())
    }

    /// Holds alone end in several ways, and only what is closed has ended.
    fn ways(&self) -> Result<(), TomlError> {
        for state in self.declaration.states.iter().filter(|state| state.way.is_some()) {
            if self.declaration.kind != Kind::Hold {
                return self.fail("way", "holds alone end in several ways");
            }
            if state.is != StateName::Closed {
                return self.fail("way", "`way` says how a hold closed: it goes with is = \"closed\"");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::refused;

    const MATERIAL: &str = include_str!("../../../pipelines/koha-bills-material.toml");
    const HOLDS: &str = include_str!("../../../pipelines/koha-holds.toml");
    const PUBLISH: &str =
        "[[publish]]\nname = \"debit\"\nfrom = \"debit_type_code\"\ntreatment = \"keep\"\nabout = \"use\"\n#";

    #[test]
    fn a_side_that_is_not_the_patrons_publishes_nothing_and_says_what_it_severs() {
        let linked = "linked = [\"itemnumber\",";
        let statistics = "[[statistics]]\nname = \"by-branch\"\nby = [\"debit\"]\n#";
        let cases = [
            ("# What is out.", PUBLISH.to_string(), "nothing is published from this side"),
            ("# What is out.", statistics.to_string(), "nothing is published from this side"),
            ("name = \"koha-bills-material\"", "name = \"koha-what\"".into(), "is named …-material"),
            ("side = \"material\"", String::new(), "on the patron's side the patron makes the link"),
            ("side = \"material\"", "side = \"loan\"".into(), "unknown value `loan`"),
            ("kind = \"bill\"", "kind = \"loan\"".into(), "bills alone have sides"),
            (linked, "drop2 = [\"itemnumber\",".into(), "unknown key `drop2`"),
            (linked, "nothing = [\"itemnumber\",".into(), "`linked` lists the columns that hold the material"),
            (linked, format!("{linked} \"borrowernumber\","), "`borrowernumber` stays when the material goes"),
            (linked, format!("{linked} \"accountlines_id\","), "`accountlines_id` stays"),
            (linked, format!("{linked} \"timestamp\","), "`timestamp` stays"),
            (linked, format!("{linked} \"date\","), "`date` stays"),
            (linked, format!("{linked} \"manager_id\","), "`manager_id` stays"),
            (linked, format!("{linked} \"amount\","), "column `amount` is both used and dropped"),
            ("closed = \"timestamp\"", "closed = \"timestamp\"\nrenews = \"status2\"".into(), "renewals are of loans"),
            ("branch = \"branchcode\"", "branch = \"loans.nowhere\"".into(), "`loans.nowhere` names no cell"),
            ("is = \"open\"\nwhen", "is = \"open\"\nway = \"expired\"\nwhen".into(), "holds alone end in several ways"),
        ];
        for (from, to, why) in cases {
            let error = refused(MATERIAL, from, &to);
            assert!(error.contains(why), "{from} → {to}: {error}");
        }
    }

    #[test]
    fn a_patron_record_loses_its_contact_data_and_nothing_else() {
        const CONTACTS: &str = include_str!("../../../pipelines/koha-contacts.toml");
        let opened = "opened = \"dateenrolled\"";
        for (from, to, why) in [
            ("side = \"contact\"", "", "and nothing else: side = \"contact\""),
            ("side = \"contact\"", "side = \"material\"", "and nothing else: side = \"contact\""),
            ("kind = \"contact\"", "kind = \"loan\"", "contact data stand on patron records"),
            ("patron = \"borrowernumber\"", "patron = \"cardnumber\"", "the patron of a patron record is the record"),
            (opened, "item = \"branchcode2\"\nopened = \"dateenrolled\"", "neither item nor branch"),
            ("    \"streetnumber\",", "    \"bills.owing\",", "is gathered by `any`"),
            ("    \"streetnumber\",", "    \"borrowernumber\",", "stays when the contact data goes"),
            ("\"returns.last\"", "\"loans.out\"", "`loans.out` is no time"),
            ("\"returns.last\"", "\"returns.first\"", "`returns.first` names no cell"),
        ] {
            let error = refused(CONTACTS, from, to);
            assert!(error.contains(why), "{from} → {to}: {error}");
        }
        let error = refused(CONTACTS, "# ---- tests", PUBLISH);
        assert!(error.contains("nothing is published from this side"), "{error}");
    }

    #[test]
    fn only_what_is_closed_ended_in_some_way() {
        let error = refused(HOLDS, "is = \"closed\"\nway = \"fulfilled\"", "is = \"open\"\nway = \"fulfilled\"");
        assert!(error.contains("it goes with is = \"closed\""), "{error}");
        let error = refused(HOLDS, "way = \"fulfilled\"", "way = \"lost\"");
        assert!(error.contains("unknown value `lost`"), "{error}");
        let error = refused(HOLDS, "opened = \"reservedate\"", "opened = \"reservedate\"\nbranch = \"branchcode\"");
        assert!(error.contains("`branch` is published"), "{error}");
    }

    #[test]
    fn zero_is_asked_of_the_transaction_alone() {
        let error = refused(MATERIAL, "any = { issue_id = \"set\" }", "any = { issue_id = \"zero\" }");
        assert!(error.contains("\"zero\" is asked of the transaction"), "{error}");
    }
}
