//! From a record's cells to the facts that a decision needs.

use crate::cells::{Stamp, above_zero, sign};
use crate::decide::{Answer, Dated, Facts, State};
use crate::export::Row;
use crate::lookup::{Gathered, Made, Test, together};
use crate::pass::join::Join;
use crate::pass::outcome::DateCount;
use crate::pass::prepared::Prepared;
use crate::pass::rules::{Conditions, CountRule};
use crate::pass::scope::Covered;
use crate::pipeline::declaration::SPARE;
use crate::pipeline::{Field, StateName};
use crate::release::{CHECKOUT, NEITHER, RENEWAL};
use crate::state::absent::AbsentPatron;
use crate::treat::{End, end_code};
use crate::words::{Day, Reason, ReasonSet, Way};

/// A record, with the rows of lookups that belong to it.
pub struct Reader<'r> {
    prepared: &'r Prepared<'r>,
    row: &'r Row,
    places: &'r [usize],
    resolved: &'r [Joined],
    /// Her row in the export of patrons is gone, and has been for as long as the policy says: what it said is answered with no.
    gone: Option<usize>,
}

/// What of a lookup belongs to a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Joined {
    Row(u32),
    /// It has no row, or the record no key.
    Nothing,
    /// The record's key isn't written as one: which row is its own isn't known.
    Unreadable,
}

impl Joined {
    fn row(row: Option<u32>) -> Joined {
        row.map_or(Joined::Nothing, Joined::Row)
    }
}

/// What one row after the other is joined in.
pub struct Buffers {
    /// The row of each lookup that belongs to the record.
    resolved: Vec<Joined>,
    /// Where keys of several cells are put together.
    key: Vec<u8>,
}

impl Buffers {
    pub fn new(prepared: &Prepared<'_>) -> Buffers {
        Buffers { resolved: vec![Joined::Nothing; prepared.lookups.tables.len()], key: Vec::new() }
    }
}

enum Cell<'r> {
    Text(&'r [u8]),
    Gathered(Gathered),
    /// Another export has no row for it.
    Missing,
    /// The key by which it is joined to another export can't be read.
    Unkeyed,
}

impl<'r> Reader<'r> {
    /// `buffers`: the same for row after row.
    pub fn new(prepared: &'r Prepared<'r>, part: usize, row: &'r Row, buffers: &'r mut Buffers) -> Reader<'r> {
        let Buffers { resolved, key } = buffers;
        let places = &prepared.rules.bound[part].places;
        for lookup in 0..prepared.lookups.tables.len() {
            let reader = Reader { prepared, row, places, resolved, gone: None };
            let found = match &prepared.lookups.joins[lookup] {
                Join::Nothing => continue,
                Join::One(ours) => reader.row_of_one(lookup, *ours),
                Join::Several(ours) => reader.row_of_several(lookup, ours, key),
            };
            resolved[lookup] = found;
        }
        Reader { prepared, row, places, resolved, gone: None }
    }

    /// The patron, if the export of patrons has no row for her.
    #[inline]
    pub fn absent(&self) -> Option<AbsentPatron> {
        let rule = self.prepared.absent.as_ref()?;
        let patron = self.patron();
        (self.resolved[rule.lookup] == Joined::Nothing && !patron.is_empty()).then(|| rule.patron(patron))
    }

    /// The same record, of a patron who has been missing for as long as the policy says.
    pub fn without_patron(&self) -> Reader<'r> {
        let gone = self.prepared.absent.as_ref().map(|rule| rule.lookup);
        Reader { prepared: self.prepared, row: self.row, places: self.places, resolved: self.resolved, gone }
    }

    /// The row of a lookup that is found by one cell.
    #[inline]
    fn row_of_one(&self, lookup: usize, ours: Field) -> Joined {
        let declared = &self.prepared.declaration.lookups[lookup];
        let cell = declared.key_of(self.text(ours));
        let mut spare = SPARE;
        match declared.key.read(cell, &mut spare) {
            Some(key) => Joined::row(self.prepared.lookups.tables[lookup].row(key)),
            None if cell.is_empty() => Joined::Nothing,
            None => Joined::Unreadable,
        }
    }

    /// The row of a lookup that is found by several cells together.
    #[inline(never)]
    fn row_of_several(&self, lookup: usize, ours: &[Field], key: &mut Vec<u8>) -> Joined {
        let declared = &self.prepared.declaration.lookups[lookup];
        let cells = ours.iter().map(|field| declared.key_of(self.text(*field)));
        match together(cells, declared.key, key) {
            Made::Key => Joined::row(self.prepared.lookups.tables[lookup].row(key)),
            Made::Nothing => Joined::Nothing,
            Made::Unreadable => Joined::Unreadable,
        }
    }

    /// A cell of the transaction, null made empty.
    #[inline]
    pub fn column(&self, column: usize) -> &'r [u8] {
        self.prepared.cells.null.value(self.row.cell(self.places[column]))
    }

    /// The first cell that names somebody; empty where none does.
    #[inline]
    pub fn patron(&self) -> &'r [u8] {
        self.patrons().next().unwrap_or_default()
    }

    /// All cells that name the patron.
    #[inline]
    fn patrons(&self) -> impl Iterator<Item = &'r [u8]> {
        let cells = self.prepared.rules.roles.patrons.iter().map(|column| self.column(*column));
        cells.filter(|cell| !cell.is_empty() && !self.prepared.cells.nobody.iter().any(|nobody| nobody == cell))
    }

    /// Whether it says what the pipeline severs.
    #[inline]
    pub fn is_linked(&self, named: bool) -> bool {
        match self.prepared.rules.roles.linked.as_slice() {
            [] => named,
            linked => linked.iter().any(|field| match self.cell(*field) {
                Cell::Text(cell) => {
                    !cell.is_empty() && !self.prepared.cells.nothing.iter().any(|nothing| nothing == cell)
                }
                Cell::Gathered(gathered) => gathered != Gathered::Nothing,
                Cell::Missing => false,
                Cell::Unkeyed => true,
            }),
        }
    }

    /// A cell as text; empty where there is none.
    #[inline]
    pub fn text(&self, field: Field) -> &'r [u8] {
        match self.cell(field) {
            Cell::Text(text) => text,
            Cell::Gathered(_) | Cell::Missing | Cell::Unkeyed => b"",
        }
    }

    #[inline]
    fn cell(&self, field: Field) -> Cell<'r> {
        match field {
            Field::Column(column) => Cell::Text(self.column(column)),
            Field::Lookup { lookup, column } => match self.resolved[lookup] {
                Joined::Row(row) => Cell::Text(self.prepared.lookups.tables[lookup].cell(row, column)),
                Joined::Nothing if self.gone == Some(lookup) => Cell::Text(b""),
                Joined::Nothing | Joined::Unreadable => Cell::Missing,
            },
            // No row of a lookup with many: that says that there is nothing, since the lookup is whole.
            Field::Gather { lookup, slot } => match self.resolved[lookup] {
                Joined::Row(row) => Cell::Gathered(self.prepared.lookups.tables[lookup].gathered(row, slot)),
                Joined::Nothing => Cell::Gathered(Gathered::Nothing),
                Joined::Unreadable => Cell::Unkeyed,
            },
        }
    }

    /// What of a lookup belongs to it.
    #[inline]
    pub fn joined(&self, lookup: usize) -> Joined {
        self.resolved[lookup]
    }

    pub fn item(&self) -> Option<&'r [u8]> {
        self.prepared.rules.roles.item.map(|item| self.column(item))
    }

    pub fn withdrawn(&self) -> bool {
        let withdrawn = self.prepared.rules.needs.withdrawn.as_ref();
        withdrawn.is_some_and(|conditions| self.holds(conditions, &mut ReasonSet::default()) == Answer::Yes)
    }

    /// A date of the transaction: for decisions, and as it is read, if it is plausible.
    pub fn date(&self, column: usize, problems: &mut ReasonSet, count: &mut DateCount) -> (Dated, Option<Stamp>) {
        self.date_until(column, self.prepared.as_of, problems, count)
    }

    fn date_until(
        &self,
        column: usize,
        until: Day,
        problems: &mut ReasonSet,
        count: &mut DateCount,
    ) -> (Dated, Option<Stamp>) {
        let cell = self.column(column);
        if cell.is_empty() {
            return (Dated::Unset, None);
        }
        let stamp = self.prepared.cells.times.read(cell);
        let dated = self.plausible(stamp.map(|stamp| stamp.day), until, problems);
        count.note(stamp.map(|stamp| stamp.day), until);
        (dated, stamp.filter(|_| dated != Dated::Unreadable))
    }

    fn plausible(&self, day: Option<Day>, until: Day, problems: &mut ReasonSet) -> Dated {
        let (first, last) = self.prepared.cells.plausible;
        match day {
            None => {
                problems.insert(Reason::UnreadableDate);
                Dated::Unreadable
            }
            Some(day) if day > until => {
                problems.insert(Reason::FutureDate);
                Dated::Unreadable
            }
            Some(day) if day < first || day > last => {
                problems.insert(Reason::ImplausibleDate);
                Dated::Unreadable
            }
            Some(day) => Dated::On(day),
        }
    }

    /// When it closed.
    pub fn closed(&self, problems: &mut ReasonSet, count: &mut DateCount) -> Dated {
        let roles = &self.prepared.rules.roles;
        let until = if roles.closes_ahead { self.prepared.cells.plausible.1 } else { self.prepared.as_of };
        let mut closed = Dated::Unset;
        for (place, field) in roles.closed.iter().enumerate() {
            if place >= roles.closed_together && closed != Dated::Unset {
                break;
            }
            let dated = match field {
                Field::Column(column) => self.date_until(*column, until, problems, count).0,
                field => self.day(*field, until, problems),
            };
            closed = match (closed, dated) {
                (Dated::Unreadable, _) | (_, Dated::Unreadable) => Dated::Unreadable,
                (known, Dated::Unset) => known,
                (Dated::On(known), Dated::On(day)) => Dated::On(known.max(day)),
                (Dated::Unset, known) => known,
            };
        }
        closed
    }

    pub fn facts(&self, opened: Dated, closed: Dated, problems: ReasonSet) -> Facts {
        self.facts_of(opened, closed, problems, &self.prepared.rules.needs.history)
    }

    /// The facts of a row that names nobody. What she wished for isn't known any more, and was seen to by whoever took her name away.
    pub fn facts_of_nobody(&self, opened: Dated, closed: Dated, problems: ReasonSet) -> Facts {
        self.facts_of(opened, closed, problems, &None)
    }

    fn facts_of(&self, opened: Dated, closed: Dated, mut problems: ReasonSet, history: &Option<Conditions>) -> Facts {
        let needs = &self.prepared.rules.needs;
        let (state, way) = match (self.state(&mut problems), closed) {
            ((State::Closed, way), Dated::On(day)) if day > self.prepared.as_of => (State::Open, way),
            (state, _) => state,
        };
        let answer = |conditions: &Option<Conditions>, problems: &mut ReasonSet| {
            conditions.as_ref().map_or(Answer::No, |conditions| self.holds(conditions, problems))
        };
        // An open transaction owes nothing by an unset closing date: what it owes is asked of closed ones, and of what
        // other exports say of it.
        let owing = match (&needs.owing, state) {
            (Some(conditions), State::Closed) => self.holds(conditions, &mut problems),
            (Some(conditions), _) if conditions.iter().any(|(field, _)| matches!(field, Field::Gather { .. })) => {
                self.holds(conditions, &mut problems)
            }
            _ => Answer::No,
        };
        let dated = |need: &Option<(Field, Conditions)>, problems: &mut ReasonSet| match need {
            Some((at, when)) if state == State::Closed => match self.holds(when, problems) {
                Answer::No => Dated::Unset,
                Answer::Yes => self.day(*at, self.prepared.as_of, problems),
                Answer::Unreadable => Dated::Unreadable,
            },
            _ => Dated::Unset,
        };
        Facts {
            way,
            opened,
            closed,
            disputed: answer(&needs.disputed, &mut problems),
            lost: answer(&needs.lost, &mut problems),
            owing,
            settled: dated(&needs.settled, &mut problems),
            refund: dated(&needs.refund, &mut problems),
            history: answer(history, &mut problems),
            legal_hold: self.legal_hold(opened),
            problems,
            ..Facts::of(state)
        }
    }

    /// What a row counts as, where renewals are rows of their own: a checkout, a renewal, or neither.
    pub fn counts_as(&self, rule: &CountRule) -> u16 {
        let holds = |conditions: &Conditions| self.holds(conditions, &mut ReasonSet::default()) == Answer::Yes;
        if holds(&rule.renewal) {
            RENEWAL
        } else if rule.neither.as_ref().is_some_and(holds) {
            NEITHER
        } else {
            CHECKOUT
        }
    }

    /// Whether she said yes: what can't be read is a no.
    pub fn opted_in(&self, opt_in: &Conditions) -> bool {
        self.holds(opt_in, &mut ReasonSet::default()) == Answer::Yes
    }

    /// The code of how a hold ended.
    pub fn ended(&self) -> u16 {
        match self.state(&mut ReasonSet::default()) {
            (State::Open, _) => end_code(End::NotEnded),
            (State::Closed, Some(way)) => end_code(End::In(way)),
            _ => end_code(End::Unknown),
        }
    }

    fn state(&self, problems: &mut ReasonSet) -> (State, Option<Way>) {
        for ((name, way), conditions) in &self.prepared.rules.states {
            match self.holds(conditions, problems) {
                Answer::No => {}
                Answer::Unreadable => break,
                Answer::Yes => {
                    let state = match name {
                        StateName::Open => State::Open,
                        StateName::Closed => State::Closed,
                        StateName::Disputed => State::Disputed,
                        StateName::Lost => State::Lost,
                    };
                    return (state, *way);
                }
            }
        }
        (State::Unknown, None)
    }

    /// Whether all conditions hold. One that can't be judged matters only where the others hold.
    fn holds(&self, conditions: &Conditions, problems: &mut ReasonSet) -> Answer {
        let mut all = Answer::Yes;
        let (mut missing, mut unreadable, mut unkeyed) = (false, false, false);
        for (field, test) in conditions {
            let answer = match self.cell(*field) {
                Cell::Text(text) => match test {
                    Test::Positive { decimal } if !text.is_empty() && above_zero(text, *decimal).is_none() => {
                        unreadable = true;
                        Answer::Unreadable
                    }
                    Test::Zero { decimal } if sign(text, *decimal).is_none() => {
                        unreadable = true;
                        Answer::Unreadable
                    }
                    test => yes(test.passes(text)),
                },
                Cell::Missing => {
                    missing = true;
                    Answer::Unreadable
                }
                Cell::Unkeyed => {
                    unkeyed = true;
                    Answer::Unreadable
                }
                Cell::Gathered(gathered) => of_gathered(gathered, test),
            };
            match answer {
                Answer::No => return Answer::No,
                Answer::Unreadable => all = Answer::Unreadable,
                Answer::Yes => {}
            }
        }
        if missing {
            problems.insert(Reason::MissingLookup);
        }
        if unkeyed {
            problems.insert(Reason::UnreadableKey);
        }
        if unreadable {
            problems.insert(Reason::UnreadableAmount);
        }
        all
    }

    fn day(&self, field: Field, until: Day, problems: &mut ReasonSet) -> Dated {
        match self.cell(field) {
            Cell::Text(b"") => Dated::Unset,
            Cell::Text(text) => {
                self.plausible(self.prepared.cells.times.read(text).map(|stamp| stamp.day), until, problems)
            }
            Cell::Gathered(Gathered::Nothing | Gathered::Yes) => Dated::Unset,
            Cell::Gathered(Gathered::Latest(day)) => Dated::On(day),
            Cell::Gathered(Gathered::Unreadable) => {
                problems.insert(Reason::UnreadableDate);
                Dated::Unreadable
            }
            Cell::Missing => {
                problems.insert(Reason::MissingLookup);
                Dated::Unset
            }
            Cell::Unkeyed => {
                problems.insert(Reason::UnreadableKey);
                Dated::Unreadable
            }
        }
    }

    pub fn legal_hold(&self, opened: Dated) -> Answer {
        if self.prepared.holds.is_empty() {
            return Answer::No;
        }
        let opened = match opened {
            Dated::On(day) => Some(day),
            Dated::Unset | Dated::Unreadable => None,
        };
        let branch = self.prepared.rules.roles.branch.map(|field| self.text(field));
        let patrons: Vec<&[u8]> = self.patrons().collect();
        self.prepared.holds.covers(&Covered { patrons: &patrons, item: self.item(), branch, opened })
    }
}

fn yes(answer: bool) -> Answer {
    if answer { Answer::Yes } else { Answer::No }
}

fn of_gathered(gathered: Gathered, test: &Test) -> Answer {
    let something = match gathered {
        Gathered::Nothing => false,
        Gathered::Yes | Gathered::Latest(_) => true,
        Gathered::Unreadable => return Answer::Unreadable,
    };
    match test {
        Test::Is(wanted) => yes(something == *wanted),
        Test::Set => yes(something),
        Test::Unset => yes(!something),
        Test::OneOf(_) | Test::NoneOf(_) | Test::Positive { .. } | Test::Zero { .. } => Answer::Unreadable,
    }
}
