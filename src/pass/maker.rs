//! From a declaration to the rules that rows are read by.

use super::error::PrepareError;
use super::join::Join;
use super::requests::Requests;
use super::rules::{Bound, Conditions, CountRule, MailingRule, Needs, Roles, SearchedAs, StateRule, Treated};
use crate::export::Chunks;
use crate::lookup::{self, Test};
use crate::pipeline::declaration::{At, Closed, Declaration, Treatment};
use crate::pipeline::{Condition, Field, Fields};
use crate::policy::Mailing;
use crate::treat::{Bands, ClassRule, TextRule, Waits};
use crate::words::Kind;

/// Makes the rules of one declaration.
pub(super) struct Maker<'a> {
    declaration: &'a Declaration,
    fields: Fields<'a>,
}

/// Runs of neighbours that identify the patron, first and last; and single columns elsewhere.
type Identifying = (Vec<(usize, usize)>, Vec<(usize, SearchedAs)>);

impl<'a> Maker<'a> {
    pub fn new(declaration: &'a Declaration) -> Maker<'a> {
        Maker { declaration, fields: Fields::new(declaration) }
    }

    fn field(&self, name: &str) -> Result<Field, PrepareError> {
        self.fields.resolve(name).ok_or_else(|| self.unknown(name))
    }

    pub fn column(&self, name: &str) -> Result<usize, PrepareError> {
        self.fields.column(name).ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> PrepareError {
        PrepareError::Field { pipeline: self.declaration.name.clone(), name: name.into() }
    }

    pub fn roles(&self) -> Result<Roles, PrepareError> {
        let columns = &self.declaration.columns;
        let optional = |name: &Option<String>| name.as_deref().map(|name| self.column(name)).transpose();
        let list = |names: &[String]| names.iter().map(|name| self.column(name)).collect::<Result<Vec<_>, _>>();
        let fields = |names: &[String]| names.iter().map(|name| self.field(name)).collect::<Result<Vec<_>, _>>();
        let branch = self.declaration.publish.iter().find(|publish| publish.name == "branch");
        Ok(Roles {
            patrons: list(columns.patron.columns())?,
            linked: fields(&columns.linked)?,
            item: optional(&columns.item)?,
            opened: self.column(&columns.opened)?,
            closed: columns
                .closed
                .iter()
                .flat_map(Closed::columns)
                .map(|name| self.field(name))
                .collect::<Result<_, _>>()?,
            closed_together: columns.closed.as_ref().map_or(0, |closed| closed.parts().0.len()),
            closes_ahead: self.declaration.kind == Kind::Contact,
            renewals: optional(&columns.renewals)?,
            renews: optional(&columns.renews)?,
            identifiers: list(&columns.identifiers)?,
            people: list(&columns.people)?,
            names: list(&columns.names)?,
            alone: list(&columns.alone)?,
            branch: branch
                .and_then(|publish| publish.from.columns().first())
                .or(columns.branch.as_ref())
                .map(|name| self.field(name))
                .transpose()?,
        })
    }

    pub fn requests(&self) -> Result<Option<Requests>, PrepareError> {
        let Some(declared) = &self.declaration.requests else { return Ok(None) };
        let platform = self.declaration.coded().position(|publish| matches!(publish.treatment, Treatment::Platform(_)));
        Requests::new(declared, platform, |name| self.column(name)).map(Some)
    }

    fn conditions<'c>(
        &self,
        when: impl IntoIterator<Item = (&'c String, &'c Condition)>,
    ) -> Result<Conditions, PrepareError> {
        when.into_iter()
            .map(|(name, condition)| Ok((self.field(name)?, Test::new(condition, self.declaration.read.decimal as u8))))
            .collect()
    }

    pub fn states(&self) -> Result<Vec<StateRule>, PrepareError> {
        self.declaration.states.iter().map(|state| Ok(((state.is, state.way), self.conditions(&state.when)?))).collect()
    }

    pub fn needs(&self) -> Result<Needs, PrepareError> {
        let needs = &self.declaration.needs;
        let when = |when: &Option<_>| when.as_ref().map(|when| self.conditions(when)).transpose();
        let at = |at: &Option<At>| {
            at.as_ref().map(|at| Ok::<_, PrepareError>((self.field(&at.at)?, self.conditions(&at.when)?))).transpose()
        };
        Ok(Needs {
            owing: when(&needs.owing)?,
            history: when(&needs.history)?,
            disputed: when(&needs.disputed)?,
            lost: when(&needs.lost)?,
            withdrawn: when(&needs.withdrawn)?,
            settled: at(&needs.settled)?,
            refund: at(&needs.refund)?,
        })
    }

    /// Which rows are renewals, and which are neither checkout nor renewal.
    pub fn counts(&self) -> Result<Option<CountRule>, PrepareError> {
        let Some(counts) = &self.declaration.counts else { return Ok(None) };
        let neither = counts.neither.as_ref().map(|when| self.conditions(when)).transpose()?;
        Ok(Some(CountRule { renewal: self.conditions(&counts.renewal)?, neither }))
    }

    pub fn mailing(&self, asked: &[&Mailing]) -> Result<Vec<MailingRule>, PrepareError> {
        let Some(offered) = &self.declaration.mailing else { return Ok(Vec::new()) };
        let rule = |asked: &&Mailing| {
            let opt_in = offered.opt_in.get(&asked.opt_in).ok_or_else(|| self.unknown(&asked.opt_in))?;
            // Never what isn't offered, whoever asks.
            let column = |name: &String| {
                if offered.columns.contains(name) { self.field(name) } else { Err(self.unknown(name)) }
            };
            let columns = asked.columns.iter().map(column).collect::<Result<Vec<_>, _>>()?;
            Ok(MailingRule { opt_in: self.conditions(opt_in)?, columns })
        };
        asked.iter().map(rule).collect()
    }

    pub fn treated(&self) -> Result<Vec<(&'a str, Treated)>, PrepareError> {
        let mut all = Vec::new();
        for publish in &self.declaration.publish {
            let from = |index: usize| -> Result<Field, PrepareError> {
                let name = publish.from.columns().get(index).ok_or_else(|| self.unknown(&publish.name))?;
                self.field(name)
            };
            let text = |rule| Ok::<_, PrepareError>(Treated::Text { rule, from: from(0)? });
            let treated = match &publish.treatment {
                Treatment::Keep if publish.is_title() => text(TextRule::Title)?,
                Treatment::Keep => text(TextRule::Keep)?,
                Treatment::Prefix(count) => text(TextRule::Prefix(usize::from(*count)))?,
                Treatment::Map(names) => text(TextRule::Map(names.clone()))?,
                Treatment::Platform(suffixes) => text(TextRule::Platform(suffixes.ready()))?,
                Treatment::Year => Treated::Year { from: from(0)? },
                Treatment::Class(scheme) => Treated::Class { rule: ClassRule::new(*scheme), from: from(0)? },
                Treatment::Band(edges) => Treated::Band { bands: Bands::new(edges), from: from(0)? },
                Treatment::Age(edges) => Treated::Age { bands: Bands::new(edges), born: from(0)?, at: from(1)? },
                Treatment::Duration(edges) => {
                    Treated::Duration { bands: Bands::new(edges), from: from(0)?, to: from(1)? }
                }
                Treatment::Wait(edges) => Treated::Wait { waits: Waits::new(edges), from: from(0)?, to: from(1)? },
                Treatment::Ended => Treated::Ended,
                // These come with the row itself, not as codes.
                Treatment::Day | Treatment::Hour | Treatment::Count => continue,
            };
            all.push((publish.name.as_str(), treated));
        }
        Ok(all)
    }

    pub fn joins(&self) -> Result<Vec<Join>, PrepareError> {
        self.declaration.lookups.iter().map(|lookup| Join::of(lookup, |ours| self.field(ours))).collect()
    }

    pub fn bind(&self, chunks: &Chunks) -> Result<Bound, PrepareError> {
        let header = chunks.header();
        let place = |name: &str| -> Result<usize, PrepareError> {
            // A cell behind the last one is empty.
            if chunks.dialect().renamed.is_absent(name) && !chunks.dialect().records_name_cells() {
                return Ok(header.len());
            }
            header.iter().position(|column| column == name).ok_or_else(|| lookup::missing(chunks, name).into())
        };
        let places = self.fields.columns.iter().map(|name| place(name)).collect::<Result<Vec<_>, _>>()?;
        // Where records name their own cells, none need be there; nor need what is only dropped.
        if !chunks.dialect().records_name_cells() {
            self.declaration.columns.people.iter().try_for_each(|name| place(name).map(drop))?;
        }
        let identifiers = self.identifiers(place, header.len())?;
        Ok(Bound { places, width: header.len(), persons: identifiers.0, other_identifiers: identifiers.1 })
    }

    /// Runs of neighbours that identify the patron, and what identifies elsewhere.
    fn identifiers(
        &self,
        place: impl Fn(&str) -> Result<usize, PrepareError>,
        width: usize,
    ) -> Result<Identifying, PrepareError> {
        let columns = &self.declaration.columns;
        let persons = columns.identifiers.iter().chain(&columns.names).chain(&columns.alone);
        let mut persons = persons.map(|name| place(name)).collect::<Result<Vec<_>, _>>()?;
        persons.retain(|place| *place < width);
        persons.sort_unstable();
        let runs: Vec<(usize, usize)> =
            persons.chunk_by(|a, b| a + 1 == *b).map(|run| (run[0], run[run.len() - 1])).collect();
        let longest = runs.iter().map(|(first, last)| last - first).max();
        let names = columns.names.iter().map(|name| place(name)).collect::<Result<Vec<_>, _>>()?;
        // A full name is put together from its parts, so all of them belong to the tuple.
        let mut longest_taken = false;
        let mut persons = runs;
        persons.retain(|(first, last)| {
            let is_longest = !longest_taken && Some(last - first) == longest;
            longest_taken |= is_longest;
            is_longest || names.iter().any(|name| (*first..=*last).contains(name))
        });
        let within = |place: usize| persons.iter().any(|(first, last)| (*first..=*last).contains(&place));
        let mut other_identifiers = Vec::new();
        for (names, found) in [
            (&columns.identifiers, SearchedAs::Anywhere),
            (&columns.names, SearchedAs::Alone),
            (&columns.alone, SearchedAs::Alone),
        ] {
            for name in names {
                other_identifiers.push((place(name)?, found));
            }
        }
        other_identifiers.retain(|(place, _)| !within(*place));
        Ok((persons, other_identifiers))
    }
}
