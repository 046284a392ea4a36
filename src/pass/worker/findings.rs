//! What rows came to, beside what is written of them: of one batch, and by merging of all. It doesn't matter which batch met
//! what, and in which order they are merged.

use std::collections::{HashMap, HashSet};

use roaring::RoaringTreemap;

use super::ids_seen::IdsSeen;
use super::newest::Newest;
use crate::pass::log::LogPart;
use crate::pass::met::Meeting;
use crate::pass::outcome::{DateCount, Mailed, PartPassed, Watched};
use crate::pass::prepared::Prepared;
use crate::state::absent::AbsentPatron;
use crate::words::TransactionId;

pub struct Findings {
    pub parts: Vec<PartPassed>,
    pub dates: [DateCount; 2],
    pub seen: IdsSeen,
    /// Numbers of rows that are there and can't be placed.
    pub unplaced: RoaringTreemap,
    /// Renewals: the newer, and the older that it renews.
    pub links: Vec<(TransactionId, TransactionId)>,
    pub newest: Newest,
    pub met: Vec<Meeting>,
    /// Patrons of linked rows who are missing from the export of patrons.
    pub absent: HashSet<AbsentPatron>,
    pub watched: Vec<Watched>,
    /// Of logs, by part.
    pub logs: Vec<LogPart>,
    /// By mailing list.
    pub mailed: Vec<Vec<Mailed>>,
}

impl Findings {
    pub fn new(prepared: &Prepared<'_>, parts: usize) -> Findings {
        Findings {
            parts: vec![PartPassed::default(); parts],
            dates: Default::default(),
            seen: IdsSeen::default(),
            unplaced: RoaringTreemap::new(),
            links: Vec::new(),
            newest: Newest { keep: prepared.keeps_last(), items: HashMap::new() },
            met: prepared.nothing_met(),
            absent: HashSet::new(),
            watched: Vec::new(),
            logs: vec![LogPart::default(); parts],
            mailed: prepared.rules.mailing.iter().map(|_| Vec::new()).collect(),
        }
    }

    pub fn merge(&mut self, other: Findings) {
        // By name, so that none can be forgotten.
        let Findings { parts, dates, seen, unplaced, links, newest, met, absent, watched, logs, mailed } = other;
        self.parts.iter_mut().zip(parts).for_each(|(all, part)| all.merge(part));
        self.dates.iter_mut().zip(dates).for_each(|(all, date)| all.add(date));
        self.seen.merge(seen);
        self.unplaced |= unplaced;
        self.links.extend(links);
        self.newest.merge(newest);
        self.met.iter_mut().zip(met).for_each(|(all, met)| all.merge(met));
        self.absent.extend(absent);
        self.watched.extend(watched);
        self.logs.iter_mut().zip(logs).for_each(|(all, log)| all.merge(log));
        self.mailed.iter_mut().zip(mailed).for_each(|(all, list)| all.extend(list));
    }
}
