//! What legal holds cover, made ready for single rows. Fails closed: where a hold's scope can't be matched with
//! tonight's exports, everything that it may cover is kept.

use hashbrown::HashSet;

use crate::decide::Answer;
use crate::leak::alike;
use crate::lookup::HeldPatrons;
use crate::pipeline::Declaration;
use crate::state::register::{Hold, Names, Patron};
use crate::words::{Day, Digest, Kind};

/// The holds in force that may cover transactions of one kind.
#[derive(Debug)]
pub struct HoldScope {
    matters: Vec<Matter>,
    names: Names,
    /// Whether any of them says who.
    has_patrons: bool,
}

#[derive(Debug)]
struct Matter {
    patrons: Option<HashSet<Digest>>,
    /// Whom the matter means isn't known: one of those whom it names met nobody in tonight's exports.
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

/// Whether whom a hold names is known to a pipeline: she is met in tonight's exports, or was in its patron records when the hold
/// was placed, whose numbers it has. A log names patrons as it likes, so there she must be met.
pub fn is_met(patron: &Patron, declaration: &Declaration, held: &HeldPatrons) -> bool {
    let is_known = !declaration.is_log() && (patron.number || patron.met.contains(&declaration.name));
    is_known || patron.digests.iter().any(|digest| held.met.contains(digest))
}

impl HoldScope {
    pub fn new(holds: &[&Hold], (declaration, names): (&Declaration, &Names), held: &HeldPatrons) -> HoldScope {
        let kind = declaration.kind;
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
            let named = scope.patrons.as_deref();
            let unmatched = named.into_iter().flatten().any(|patron| !is_met(patron, declaration, held));
            let patrons = named.map(|named| {
                let own: HashSet<Digest> = named.iter().flat_map(|patron| patron.digests.iter().copied()).collect();
                let met = held.patrons.iter().filter(|(_, by)| !by.is_disjoint(&own));
                let met: Vec<Digest> = met.map(|(patron, _)| names.digest(patron)).collect();
                own.into_iter().chain(met).collect()
            });
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
        let matters: Vec<Matter> = matters.collect();
        let has_patrons = matters.iter().any(|matter| matter.patrons.is_some());
        HoldScope { matters, names: names.clone(), has_patrons }
    }

    pub fn is_empty(&self) -> bool {
        self.matters.is_empty()
    }

    /// Whether a hold covers the transaction; unreadable: it can't be told.
    pub fn covers(&self, covered: &Covered<'_>) -> Answer {
        let mut answer = Answer::No;
        // None: it stands there empty.
        let digest = |patron: &&[u8]| Some(*patron).filter(|name| !name.is_empty()).map(|name| self.names.digest(name));
        let patrons: Vec<Option<Digest>> =
            if self.has_patrons { covered.patrons.iter().map(digest).collect() } else { Vec::new() };
        for matter in &self.matters {
            match matter.covers(covered, &patrons) {
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
    fn of_patron_records(hold: &Hold, patrons: Option<HashSet<Digest>>, unmatched: bool) -> Matter {
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

    /// Whether it means one of these patrons.
    fn means(&self, patrons: &[Option<Digest>]) -> Answer {
        let Some(whom) = &self.patrons else { return Answer::Yes };
        if patrons.iter().flatten().any(|patron| whom.contains(patron)) {
            Answer::Yes
        // A row that names nobody (of another side than the patron's, or of a log) may be anybody's.
        } else if self.unmatched || patrons.is_empty() || patrons.contains(&None) {
            Answer::Unreadable
        } else {
            Answer::No
        }
    }

    fn covers(&self, covered: &Covered<'_>, patrons: &[Option<Digest>]) -> Answer {
        let within = |set: &Option<HashSet<Vec<u8>>>, value: Option<&[u8]>| match (set, value) {
            (None, _) => Answer::Yes,
            // Not said, by the pipeline or on this row (its item was deleted, its branch has no row): it may be meant.
            (Some(_), None | Some(b"")) => Answer::Unreadable,
            (Some(set), Some(value)) if set.contains(&*alike(value.trim_ascii())) => Answer::Yes,
            (Some(_), Some(_)) => Answer::No,
        };
        let patron = self.means(patrons);
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
