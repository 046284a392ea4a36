//! What legal holds cover, made ready for single rows. Fails closed: where a hold's scope can't be matched with
//! tonight's exports, everything that it may cover is kept.

use hashbrown::HashSet;

use crate::decide::Answer;
use crate::leak::alike;
use crate::lookup::HeldPatrons;
use crate::state::register::{Hold, normal};
use crate::words::{Day, Kind};

/// The holds in force that may cover transactions of one kind.
#[derive(Default, Debug)]
pub struct HoldScope {
    matters: Vec<Matter>,
}

#[derive(Debug)]
struct Matter {
    patrons: Option<HashSet<Vec<u8>>>,
    /// An identifier of the matter, or in a log a patron number, met nobody in tonight's exports: whom it means can't be told.
    unmatched: bool,
    items: Option<HashSet<Vec<u8>>>,
    branches: Option<HashSet<Vec<u8>>>,
    from: Option<Day>,
    to: Option<Day>,
}

/// A transaction, as far as a hold's scope goes. None: the pipeline doesn't say.
pub struct Covered<'a> {
    /// All that name the patron on it.
    pub patrons: &'a [&'a [u8]],
    pub item: Option<&'a [u8]>,
    pub branch: Option<&'a [u8]>,
    pub opened: Option<Day>,
}

impl HoldScope {
    pub fn new(holds: &[&Hold], kind: Kind, held: &HeldPatrons) -> HoldScope {
        // A number that an export writes as a float, or without its zeros, is the same: a hold covers more rather than less.
        let set = |values: &Option<Vec<String>>| -> Option<HashSet<Vec<u8>>> {
            values
                .as_ref()
                .map(|values| values.iter().map(|value| alike(value.trim().as_bytes()).into_owned()).collect())
        };
        let may_cover = |hold: &&&Hold| {
            kind == Kind::Contact || hold.scope.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
        };
        let matters = holds.iter().filter(may_cover).map(|hold| {
            let scope = &hold.scope;
            let mut patrons = set(&scope.patron_ids);
            // A number that no row of a log names may be one that the log doesn't write.
            let is_met =
                |number: &String| held.numbers_met.as_ref().is_none_or(|met| met.contains(number.trim().as_bytes()));
            let mut unmatched = !scope.patron_ids.iter().flatten().all(is_met);
            if let Some(identifiers) = &scope.identifiers {
                // Which patron an identifier met isn't kept apart by matter: a hold may then cover more, never less.
                patrons.get_or_insert_default().extend(held.patrons.iter().map(|patron| alike(patron).into_owned()));
                unmatched |= identifiers.iter().any(|text| !held.met.contains(normal(text).as_bytes()));
            }
            if kind == Kind::Contact {
                return Matter::of_patron_records(hold, patrons, unmatched);
            }
            Matter {
                patrons,
                unmatched,
                items: set(&scope.items),
                branches: set(&scope.branches),
                from: scope.opened_from,
                to: scope.opened_to,
            }
        });
        HoldScope { matters: matters.collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.matters.is_empty()
    }

    /// Whether a hold covers the transaction; unreadable: it can't be told.
    pub fn covers(&self, covered: &Covered<'_>) -> Answer {
        let mut answer = Answer::No;
        for matter in &self.matters {
            match matter.covers(covered) {
                Answer::Yes => return Answer::Yes,
                Answer::Unreadable => answer = Answer::Unreadable,
                Answer::No => {}
            }
        }
        answer
    }
}

impl Matter {
    /// Whoever has a transaction under a hold must be found by those whom the matter concerns: whatever else narrows the
    /// hold, her record is covered. Where it doesn't say who, her transactions may be meant, and it can't be told from here.
    fn of_patron_records(hold: &Hold, patrons: Option<HashSet<Vec<u8>>>, unmatched: bool) -> Matter {
        let scope = &hold.scope;
        let names_no_transaction = scope.items.is_none()
            && scope.branches.is_none()
            && scope.opened_from.is_none()
            && scope.opened_to.is_none()
            && scope.kinds.as_ref().is_none_or(|kinds| kinds.contains(&Kind::Contact));
        let all = patrons.is_none() && names_no_transaction;
        Matter {
            unmatched: unmatched || patrons.is_none() && !all,
            patrons: if all { None } else { Some(patrons.unwrap_or_default()) },
            items: None,
            branches: None,
            from: None,
            to: None,
        }
    }

    fn covers(&self, covered: &Covered<'_>) -> Answer {
        let within = |set: &Option<HashSet<Vec<u8>>>, value: Option<&[u8]>| match (set, value) {
            (None, _) => Answer::Yes,
            // Not said, by the pipeline or on this row (its item was deleted, its branch has no row): it may be meant.
            (Some(_), None | Some(b"")) => Answer::Unreadable,
            (Some(set), Some(value)) if set.contains(&*alike(value.trim_ascii())) => Answer::Yes,
            (Some(_), Some(_)) => Answer::No,
        };
        // A row that names nobody (of another side than the patron's, or of a log) may be anybody's.
        let nobody = covered.patrons.is_empty().then(|| within(&self.patrons, None));
        let named = covered.patrons.iter().map(|patron| within(&self.patrons, Some(patron)));
        let patrons: Vec<Answer> = named.chain(nobody).collect();
        let patron = if patrons.contains(&Answer::Yes) {
            Answer::Yes
        } else if self.unmatched || patrons.contains(&Answer::Unreadable) {
            Answer::Unreadable
        } else {
            Answer::No
        };
        let opened = match covered.opened {
            None if self.from.is_some() || self.to.is_some() => Answer::Unreadable,
            None => Answer::Yes,
            Some(day) if self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to) => Answer::Yes,
            Some(_) => Answer::No,
        };
        let all = [patron, within(&self.items, covered.item), within(&self.branches, covered.branch), opened];
        if all.contains(&Answer::No) {
            Answer::No
        } else if all.contains(&Answer::Unreadable) {
            Answer::Unreadable
        } else {
            Answer::Yes
        }
    }
}
