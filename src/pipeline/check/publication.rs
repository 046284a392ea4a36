//! What may leave: which treatment of which column in which half, and which tables.

use super::checker::Checker;
use crate::pipeline::declaration::*;
use crate::pipeline::fields::Field;
use crate::release::SECOND_SUM;
use crate::toml_file::{TomlError, meant};
use crate::treat::Platforms;

impl Checker<'_> {
    pub(super) fn publication(&self) -> Result<(), TomlError> {
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
            Treatment::Band(edges) | Treatment::Age(edges) | Treatment::Duration(edges) => Some(edges),
            _ => None,
        };
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
            None if columns.transaction.as_ref().is_some_and(|id| id.column == name) => Some("person"),
            None if columns.renews.as_deref() == Some(name) => Some("person"),
            None if self.declaration.requests.as_ref().is_some_and(|r| r.session.as_deref() == Some(name)) => {
                Some("person")
            }
            None if self.declaration.requests.as_ref().is_some_and(|r| r.url == name) => Some("url"),
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
            Treatment::Count if self.declaration.requests.is_some() && !statistics => wrong(
                "sessions are counted in \"statistics\" alone: in a half, requests of one session would be told to be of one reader",
            ),
            Treatment::Count if self.declaration.requests.is_some() => self.sessions(publish),
            Treatment::Count if !collection || community => wrong("renewals stand in the collection half alone"),
            Treatment::Count if name != "renewals" => {
                wrong("the count that is published is `renewals`, or of a log with [requests] `sessions`")
            }
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

    pub(super) fn statistics(&self) -> Result<(), TomlError> {
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
                    return self.fail(by, format!("`{by}` isn't published{}", meant(by, names)));
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
        match self.declaration.shape().second_sum() {
            None => Ok(()),
            Some(second) => self.fail(&second.name, SECOND_SUM),
        }
    }
}
