//! Everything that a pass needs and that stays still: the pipeline made ready for rows.

use super::Watch;
use super::coded::{CodedRow, Layout};
use super::columns::{Columns, Patrons};
use super::ids::IdRule;
use super::join::Join;
use super::log::LogRun;
use super::mailing::MailingRule;
use super::requests::Requests;
use super::scope::HoldScope;
use crate::cells::{Nulls, TimeFormat};
use crate::export::{Chunks, ExportError};
use crate::lookup::{self, Table, Test};
use crate::pipeline::declaration::{Closed, Declaration, StateName, Treatment};
use crate::pipeline::{self, Condition, Field, Fields};
use crate::policy::{Mailing, Retention};
use crate::treat::{Bands, ClassRule, TextRule};
use crate::words::{Day, Kind, Way};

/// Why a pipeline can't be made ready. Most mistakes were found when it was read.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error("pipeline {pipeline}: `{name}` names no cell")]
    Field { pipeline: String, name: String },
}

/// What a context is made of.
pub struct Prepare<'a, 'p> {
    pub declaration: &'a Declaration,
    pub retention: Retention,
    pub as_of: Day,
    pub times: TimeFormat,
    pub lookups: Vec<Table>,
    pub holds: HoldScope,
    pub ids: IdRule,
    /// Of logs alone.
    pub log: Option<LogRun>,
    /// The mailing lists that this pipeline makes.
    pub mailing: Vec<&'p Mailing>,
    /// Whether rejected rows are kept for a recipient.
    pub keeps_rejected: bool,
    pub parts: &'p [Chunks],
}

/// A pipeline made ready. Shared by all workers.
pub struct Context<'a> {
    pub declaration: &'a Declaration,
    pub(super) retention: Retention,
    pub(super) as_of: Day,
    pub(super) times: TimeFormat,
    pub(super) plausible: (Day, Day),
    pub(super) null: Nulls,
    pub(super) nobody: Vec<Vec<u8>>,
    pub(super) nothing: Vec<Vec<u8>>,
    pub(super) lookups: Vec<Table>,
    /// By which cells each lookup is joined.
    pub(super) joins: Vec<Join>,
    pub(super) holds: HoldScope,
    pub ids: IdRule,
    pub log: Option<LogRun>,
    pub(super) requests: Option<Requests>,
    pub(super) keeps_rejected: bool,
    pub(super) roles: Roles,
    pub(super) states: Vec<StateRule>,
    pub(super) needs: Needs,
    pub(super) treated: Vec<Treated>,
    pub(super) bound: Vec<Bound>,
    pub(super) mailing: Vec<MailingRule>,
    pub columns: Columns,
    pub patrons: Patrons,
    pub watch: Watch,
}

/// The columns of a transaction that mean something, as places in `Fields::columns`.
pub(super) struct Roles {
    /// A log's rows have none.
    pub id: Option<usize>,
    pub patrons: Vec<usize>,
    /// What makes a row linked; none: that it names a patron.
    pub linked: Vec<Field>,
    pub item: Option<usize>,
    pub opened: usize,
    pub closed: Vec<Field>,
    /// It may close on a day to come, and is open until then: a card expires.
    pub closes_ahead: bool,
    pub closed_latest: bool,
    pub renewals: Option<usize>,
    pub renews: Option<usize>,
    pub identifiers: Vec<usize>,
    pub people: Vec<usize>,
    pub names: Vec<usize>,
    pub alone: Vec<usize>,
    /// What the published `branch` is made from, or what stands for it: legal holds may name branches.
    pub branch: Option<Field>,
}

impl Roles {
    /// An event is over when it is written: one time says both.
    pub fn closed_is_opened(&self) -> bool {
        self.closed == [Field::Column(self.opened)]
    }
}

pub(super) type Conditions = Vec<(Field, Test)>;

/// A state, in which way it ended if that is told, and when it is a transaction's.
pub(super) type StateRule = ((StateName, Option<Way>), Conditions);

#[derive(Default)]
pub(super) struct Needs {
    pub owing: Option<Conditions>,
    pub history: Option<Conditions>,
    pub disputed: Option<Conditions>,
    pub lost: Option<Conditions>,
    pub withdrawn: Option<Conditions>,
    pub settled: Option<(Field, Conditions)>,
    pub refund: Option<(Field, Conditions)>,
}

/// A coded column's treatment, made ready.
pub(super) enum Treated {
    Text { rule: TextRule, from: Field },
    Year { from: Field },
    Class { rule: ClassRule, from: Field },
    Band { bands: Bands, from: Field },
    Age { bands: Bands, born: Field, at: Field },
    Duration { bands: Bands, from: Field, to: Field },
}

/// Where one export of transactions has the columns that are used.
pub(super) struct Bound {
    pub places: Vec<usize>,
    pub width: usize,
    /// Runs of neighbouring columns that identify the patron, first and last: the longest, and those with names. They
    /// are the same on most of her rows.
    pub persons: Vec<(usize, usize)>,
    /// Other columns with identifiers or single names: notes, say.
    pub other_identifiers: Vec<(usize, Found)>,
}

/// How an identifier is searched for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Found {
    Anywhere,
    Alone,
}

/// First and last plausible day.
pub fn plausible(declaration: &Declaration, as_of: Day) -> (Day, Day) {
    let bound = |text: &str| if text == "now" { as_of } else { text.parse().unwrap_or(as_of) };
    (bound(&declaration.read.plausible.0), bound(&declaration.read.plausible.1))
}

impl<'a> Context<'a> {
    pub fn new(prepare: Prepare<'a, '_>) -> Result<Context<'a>, PrepareError> {
        let declaration = prepare.declaration;
        let fields = Fields::new(declaration);
        let maker = Maker { declaration, fields: &fields };
        let roles = maker.roles()?;
        let treated = maker.treated()?;
        let columns = Columns::new(treated.iter().map(|(name, treated)| (*name, labels(treated))));
        let bound = prepare.parts.iter().map(|chunks| maker.bind(chunks)).collect::<Result<Vec<_>, _>>()?;
        let bytes = |texts: &[String]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        Ok(Context {
            declaration,
            retention: prepare.retention,
            as_of: prepare.as_of,
            times: prepare.times,
            plausible: plausible(declaration, prepare.as_of),
            null: Nulls::new(&declaration.read.null),
            nobody: bytes(&declaration.columns.nobody),
            nothing: bytes(&declaration.columns.nothing),
            lookups: prepare.lookups,
            joins: maker.joins()?,
            holds: prepare.holds,
            ids: prepare.ids,
            log: prepare.log,
            requests: maker.requests()?,
            keeps_rejected: prepare.keeps_rejected,
            roles,
            states: maker.states()?,
            needs: maker.needs()?,
            mailing: maker.mailing(&prepare.mailing)?,
            treated: treated.into_iter().map(|(_, treated)| treated).collect(),
            bound,
            columns,
            patrons: Patrons::default(),
            watch: Watch::None,
        })
    }

    pub fn layout(&self) -> Layout {
        Layout { columns: self.treated.len(), marks: self.requests.as_ref().map_or(0, Requests::marks) }
    }

    /// Once all rows of a month are there: which requests count, and which of them begin a session, among
    /// those that leave with their file tonight. Returns how many don't count after all.
    pub fn settle_requests(&self, bytes: &mut [u8], leaves: impl Fn(CodedRow<'_>) -> bool) -> u64 {
        self.requests.as_ref().map_or(0, |requests| requests.settle(self.layout(), bytes, leaves))
    }

    /// Whether a row, its month being settled, is one that is published.
    pub fn counts(&self, row: CodedRow<'_>) -> bool {
        self.requests.is_none() || super::requests::counts(row)
    }

    /// Whether a row that is kept has been for so long that a person should look; without a day, always.
    pub(super) fn is_for_review(&self, day: Option<Day>) -> bool {
        let from = self.retention.review_after.map(|days| day.map(|day| day.plus(days)));
        from.is_some_and(|from| from.is_none_or(|from| from <= self.as_of))
    }

    /// Whether a legal hold may cover transactions of this kind.
    pub(super) fn has_holds(&self) -> bool {
        !self.holds.is_empty()
    }

    pub(super) fn keeps_last(&self) -> usize {
        if self.roles.item.is_some() { self.retention.last_borrower as usize } else { 0 }
    }
}

/// The columns of a header that the pipeline says nothing about.
pub fn undeclared(declaration: &Declaration, chunks: &Chunks) -> Vec<String> {
    pipeline::undeclared(chunks, &Fields::new(declaration).declared().collect::<Vec<_>>())
}

fn labels(treated: &Treated) -> &[String] {
    match treated {
        Treated::Text { .. } | Treated::Year { .. } => &[],
        Treated::Class { rule, .. } => rule.labels(),
        Treated::Band { bands, .. } | Treated::Age { bands, .. } | Treated::Duration { bands, .. } => bands.labels(),
    }
}

struct Maker<'a, 'f> {
    declaration: &'a Declaration,
    fields: &'f Fields<'a>,
}

impl<'a> Maker<'a, '_> {
    fn field(&self, name: &str) -> Result<Field, PrepareError> {
        self.fields.resolve(name).ok_or_else(|| self.unknown(name))
    }

    fn column(&self, name: &str) -> Result<usize, PrepareError> {
        self.fields.column(name).ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> PrepareError {
        PrepareError::Field { pipeline: self.declaration.name.clone(), name: name.into() }
    }

    fn roles(&self) -> Result<Roles, PrepareError> {
        let columns = &self.declaration.columns;
        let optional = |name: &Option<String>| name.as_deref().map(|name| self.column(name)).transpose();
        let list = |names: &[String]| names.iter().map(|name| self.column(name)).collect::<Result<Vec<_>, _>>();
        let fields = |names: &[String]| names.iter().map(|name| self.field(name)).collect::<Result<Vec<_>, _>>();
        let branch = self.declaration.publish.iter().find(|publish| publish.name == "branch");
        Ok(Roles {
            id: columns.transaction.as_ref().map(|id| self.column(&id.column)).transpose()?,
            patrons: list(columns.patron.columns())?,
            linked: fields(&columns.linked)?,
            item: optional(&columns.item)?,
            opened: self.column(&columns.opened)?,
            closed: fields(columns.closed.as_ref().map_or(&[], Closed::columns))?,
            closes_ahead: self.declaration.kind == Kind::Contact,
            closed_latest: matches!(columns.closed, Some(Closed::Latest { .. })),
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

    fn requests(&self) -> Result<Option<Requests>, PrepareError> {
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

    fn states(&self) -> Result<Vec<StateRule>, PrepareError> {
        self.declaration.states.iter().map(|state| Ok(((state.is, state.way), self.conditions(&state.when)?))).collect()
    }

    fn needs(&self) -> Result<Needs, PrepareError> {
        let needs = &self.declaration.needs;
        let when = |when: &Option<_>| when.as_ref().map(|when| self.conditions(when)).transpose();
        let at = |at: &Option<crate::pipeline::declaration::At>| {
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

    fn mailing(&self, asked: &[&Mailing]) -> Result<Vec<MailingRule>, PrepareError> {
        let Some(offered) = &self.declaration.mailing else { return Ok(Vec::new()) };
        let rule = |asked: &&Mailing| {
            let opt_in = offered.opt_in.get(&asked.opt_in).ok_or_else(|| self.unknown(&asked.opt_in))?;
            // Never what isn't offered, whoever asks.
            let column = |name: &String| match offered.columns.contains(name) {
                true => self.field(name),
                false => Err(self.unknown(name)),
            };
            let columns = asked.columns.iter().map(column).collect::<Result<Vec<_>, _>>()?;
            Ok(MailingRule { opt_in: self.conditions(opt_in)?, columns })
        };
        asked.iter().map(rule).collect()
    }

    fn treated(&self) -> Result<Vec<(&'a str, Treated)>, PrepareError> {
        let mut all = Vec::new();
        for publish in &self.declaration.publish {
            let from = |index: usize| -> Result<Field, PrepareError> {
                let name = publish.from.columns().get(index).ok_or_else(|| self.unknown(&publish.name))?;
                self.field(name)
            };
            let text = |rule| Ok::<_, PrepareError>(Treated::Text { rule, from: from(0)? });
            let treated = match &publish.treatment {
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
                // These come with the row itself, not as codes.
                Treatment::Day | Treatment::Hour | Treatment::Weekday | Treatment::Count => continue,
                Treatment::Week | Treatment::Month => continue,
            };
            all.push((publish.name.as_str(), treated));
        }
        Ok(all)
    }

    fn joins(&self) -> Result<Vec<Join>, PrepareError> {
        self.declaration.lookups.iter().map(|lookup| Join::of(lookup, |ours| self.field(ours))).collect()
    }

    fn bind(&self, chunks: &Chunks) -> Result<Bound, PrepareError> {
        let header = chunks.header();
        let place = |name: &str| -> Result<usize, PrepareError> {
            // A cell behind the last one is empty.
            if chunks.dialect().renamed.is_absent(name) && !chunks.dialect().records_name_cells() {
                return Ok(header.len());
            }
            header.iter().position(|column| column == name).ok_or_else(|| lookup::missing(chunks, name).into())
        };
        let places = self.fields.columns.iter().map(|name| place(name)).collect::<Result<Vec<_>, _>>()?;
        let columns = &self.declaration.columns;
        // Where records name their own cells, none need be there; nor need what is only dropped.
        if !chunks.dialect().records_name_cells() {
            columns.people.iter().try_for_each(|name| place(name).map(drop))?;
        }
        let persons = columns.identifiers.iter().chain(&columns.names).chain(&columns.alone);
        let mut persons = persons.map(|name| place(name)).collect::<Result<Vec<_>, _>>()?;
        persons.retain(|place| *place < header.len());
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
        for (names, found) in
            [(&columns.identifiers, Found::Anywhere), (&columns.names, Found::Alone), (&columns.alone, Found::Alone)]
        {
            for name in names {
                other_identifiers.push((place(name)?, found));
            }
        }
        other_identifiers.retain(|(place, _)| !within(*place));
        Ok(Bound { places, width: header.len(), persons, other_identifiers })
    }
}
