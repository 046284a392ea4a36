//! What may leave: which treatment of which column, what it may be about, and which tables.

use super::checker::Checker;
use crate::pipeline::declaration::*;
use crate::pipeline::fields::Field;
use crate::release::{HOURS, TableShape, WEEKDAY};
use crate::toml_file::{TomlError, meant};
use crate::treat::Platforms;
use crate::words::Kind;

impl Checker<'_> {
    pub(super) fn publication(&self) -> Result<(), TomlError> {
        let mut seen: Vec<&str> = Vec::new();
        for publish in &self.declaration.publish {
            let name = publish.name.as_str();
            self.name(name)?;
            if seen.contains(&name) || ["day", "week"].contains(&name) && !matches!(publish.treatment, Treatment::Day) {
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
        let (takes, why) = match publish.treatment {
            Treatment::Age(_) | Treatment::Duration(_) | Treatment::Wait(_) => (2, "this treatment takes two columns"),
            Treatment::Ended => (0, "this treatment takes no column: the [[state]] rules say how a hold ended"),
            _ => (1, "this treatment takes one column"),
        };
        let from = publish.from.columns();
        if from.len() != takes {
            return self.fail(name, why);
        }
        for column in from {
            if matches!(self.field(column)?, Field::Gather { .. }) {
                return self.fail(column, "what a lookup gathers decides needs; it can't be published");
            }
            let identity = self.identity(column);
            match (identity, &publish.treatment) {
                (None, _) => {}
                (Some("alone" | "identifier"), Treatment::Keep) => {
                    return self.fail(name, format!("`{column}` identifies people: it can't be kept as it is"));
                }
                (Some("alone"), _) | (Some("identifier" | "url"), Treatment::Platform(_)) => {}
                // How many sessions: nothing of the URL itself.
                (Some("url"), Treatment::Count) => {}
                _ => return self.fail(name, format!("`{column}` identifies people: nothing of it can be published")),
            }
        }
        let edges = match &publish.treatment {
            Treatment::Band(edges) | Treatment::Age(edges) | Treatment::Duration(edges) | Treatment::Wait(edges) => {
                Some(edges)
            }
            _ => None,
        };
        if let Treatment::Wait(edges) = &publish.treatment
            && edges.windows(2).any(|two| two[1].saturating_sub(two[0]) == 1)
        {
            return self.fail(name, "a band of a single day would tell the day: let each have two or more");
        }
        if edges.is_some_and(|edges| edges.is_empty() || edges.len() > 100 || !edges.is_sorted_by(|a, b| a < b)) {
            return self.fail(name, "the edges of bands rise, and there is at least one");
        }
        if let Treatment::Platform(suffixes) = &publish.treatment {
            if let Some(wrong) = suffixes.suffixes().into_iter().find(|suffix| !Platforms::knows(suffix)) {
                return self
                    .fail(wrong, "a platform is declared by how its hosts end, such as `jstor.org`, in lower case");
            }
            let fits = |name: &str| !name.trim().is_empty() && name.len() <= 80 && !name.contains(char::is_control);
            let mut named = suffixes.suffixes().into_iter().zip(suffixes.names());
            if let Some((suffix, _)) = named.find(|(_, name)| !fits(name)) {
                return self.fail(suffix, "a platform's name is a text of at most 80 characters");
            }
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
            None if columns.transaction.as_ref().and_then(TransactionColumn::own).is_some_and(|own| own == name) => {
                Some("person")
            }
            None if columns.renews.as_deref() == Some(name) => Some("person"),
            None if self.declaration.requests.as_ref().is_some_and(|r| r.session.as_deref() == Some(name)) => {
                Some("person")
            }
            None if self.declaration.requests.as_ref().is_some_and(|r| r.url == name) => Some("url"),
            None if has(&columns.identifiers, name) => Some("identifier"),
            None => has(&columns.alone, name).then_some("alone"),
        }
    }

    /// What a treatment may be about: times finer than a day, and times other than the opening, may not leave; and whatever is
    /// taken from an export that is joined by the patron is about her, whatever a file says.
    fn place(&self, publish: &Publish) -> Result<(), TomlError> {
        let name = &publish.name;
        let is = |about: About| publish.about == about;
        let opening = publish.from.columns() == std::slice::from_ref(&self.declaration.columns.opened);
        let wrong = |why: &str| self.fail(name, why);
        if !is(About::Patron)
            && let Some(column) = publish.from.columns().iter().find(|column| self.fields.leads_to_patron(column))
        {
            let what = format!("`{column}` is taken from the patron's record: `{name}` is about = \"patron\"");
            return self.fail(name, what);
        }
        if !publish.groups.is_empty() && !is(About::Patron) {
            return wrong("groups are of what is about patrons; places are grouped in the policy, under [release]");
        }
        if is(About::Title) {
            return self.title(publish);
        }
        match &publish.treatment {
            Treatment::Day if name != "day" => wrong("the opening day is published under the name `day`"),
            Treatment::Day if !(opening && is(About::Time)) => {
                wrong("only the opening time is published as a day: about = \"time\"")
            }
            Treatment::Hour if !(opening && is(About::Time)) => {
                wrong("only the opening time is published by hours, in ranges: about = \"time\"")
            }
            Treatment::Hour if name != "hours" => {
                wrong("the ranges of opening hours are published under the name `hours`; weekdays come with them")
            }
            Treatment::Wait(_) | Treatment::Ended if self.declaration.kind != Kind::Hold => {
                wrong("holds alone wait, and end in several ways")
            }
            Treatment::Duration(_) | Treatment::Wait(_) | Treatment::Ended | Treatment::Count if !is(About::Use) => {
                wrong("it describes the use: about = \"use\"")
            }
            Treatment::Count if self.declaration.requests.is_some() => self.sessions(publish),
            Treatment::Count if self.declaration.counts.is_some() => {
                wrong("with [counts] a renewal is a row of its own: no number of renewals is published beside")
            }
            Treatment::Count if name != "renewals" => {
                wrong("the count that is published is `renewals`, or of a log with [requests] `sessions`")
            }
            Treatment::Count
                if self.declaration.columns.renewals.as_ref().map(std::slice::from_ref)
                    != Some(publish.from.columns()) =>
            {
                wrong("what is counted is the column that `renewals` names under [columns]")
            }
            Treatment::Age(_) if !is(About::Patron) => wrong("an age is the patron's: about = \"patron\""),
            Treatment::Day | Treatment::Hour | Treatment::Count => Ok(()),
            _ if is(About::Time) => wrong("about = \"time\" is for the opening's day and hours alone"),
            _ => self.once(publish),
        }
    }

    /// A title is published as it is, or not at all; and it is searched like any free text.
    fn title(&self, publish: &Publish) -> Result<(), TomlError> {
        let name = &publish.name;
        if !matches!(publish.treatment, Treatment::Keep) {
            return self.fail(name, "a title is published as it is: treatment = \"keep\"");
        }
        if publish.codes {
            return self.fail(name, "a title is no code: leave `codes` out, so that names are searched for in it");
        }
        if self.declaration.publish.iter().filter(|other| other.is_title()).count() > 1 {
            return self.fail(name, "one column is about = \"title\": its table has a line a title");
        }
        self.once(publish)
    }

    /// Sessions are made from requests: the column that they are said to come from is the URL's.
    fn sessions(&self, publish: &Publish) -> Result<(), TomlError> {
        let url = self.declaration.requests.as_ref().map(|requests| std::slice::from_ref(&requests.url));
        if publish.name == "sessions" && Some(publish.from.columns()) == url {
            return Ok(());
        }
        self.fail(
            &publish.name,
            "with [requests], the count that is published is `sessions`, from the column of the URL",
        )
    }

    /// A column that is published twice, once about patrons and once not, would let the tables be joined.
    fn once(&self, publish: &Publish) -> Result<(), TomlError> {
        let time = &self.declaration.columns.opened;
        let is_elsewhere = |other: &&Publish| {
            let both = [publish.about, other.about];
            both.contains(&About::Patron) && publish.about != other.about && other.about != About::Time
        };
        let shares = |other: &&Publish| {
            other.from.columns().iter().any(|column| column != time && publish.from.columns().contains(column))
        };
        match self.declaration.publish.iter().filter(is_elsewhere).find(shares) {
            Some(other) => self.fail(
                &publish.name,
                format!(
                    "`{}` and `{}` come from the same column, and one of them is about patrons: the tables could be joined by \
                     it. Publish one of them",
                    publish.name, other.name
                ),
            ),
            None => Ok(()),
        }
    }

    /// What rows count as.
    pub(super) fn counts(&self) -> Result<(), TomlError> {
        let Some(counts) = &self.declaration.counts else { return Ok(()) };
        if self.declaration.kind != Kind::Loan {
            return self.fail("counts", "checkouts and renewals are of loans: leave [counts] out");
        }
        for (name, condition) in counts.conditions().flatten() {
            let field = self.field(name)?;
            self.condition(name, condition, matches!(field, Field::Gather { .. }))?;
        }
        Ok(())
    }

    pub(super) fn statistics(&self) -> Result<(), TomlError> {
        let shape = self.declaration.shape();
        for table in &self.declaration.statistics {
            self.name(&table.name)?;
            let names = || {
                let columns = shape.columns.iter().map(|column| column.name.as_str());
                columns.chain(shape.hour.then_some([WEEKDAY, HOURS]).into_iter().flatten()).collect::<Vec<_>>()
            };
            if let Some(by) = table.by.iter().find(|by| !names().contains(&by.as_str())) {
                return self.fail(by, format!("no table can be by `{by}`{}", meant(by, names().into_iter())));
            }
            let of_shape = TableShape { name: table.name.clone(), by: table.by.clone() };
            if let Err(why) = shape.node(&of_shape) {
                return self.fail(&table.name, why);
            }
        }
        // What it doesn't find in any line.
        shape.check().map_err(|error| self.source.error("publish", error.to_string()))
    }
}
