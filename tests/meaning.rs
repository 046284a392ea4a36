//! A fuzz of meaning, not of bytes: from a healthy site, one export of the second night is changed as spreadsheets, scripts
//! and people change them: a key's form, a date's order, an amount's form, rows swallowed, cut or repeated, yesterday's
//! bytes, two columns exchanged, another word for nothing. No such change may retire a transaction that the truth keeps,
//! unless a brake holds its pipeline or the pipeline stops.
//!
//! The truth is what the unchanged exports say. A sample is tried with the other tests; `make test-meaning` tries 1,000 for
//! each system, and prints what became of them.

mod healthy;
pub mod library;
mod mutations;
pub mod written;

use std::collections::{BTreeMap, BTreeSet};

use afterloan::act::{Outcome, Shown, ShownId, explain_all};
use rayon::prelude::*;

use crate::support::TestSite;
use library::{Library, System};
use mutations::{Kind, Mutation};
use written::Export;

/// What became of a changed night.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Became {
    /// Its pipeline stopped, or the night was refused.
    Stopped,
    Braked,
    /// Nothing that the truth keeps is retired.
    Harmless,
    /// The change changed nothing.
    Same,
    /// What must not be.
    Wrong,
}

/// A site after its first night, and the exports of the second.
struct Second {
    site: TestSite,
    today: Vec<Export>,
    yesterday: Vec<Export>,
    kept: BTreeSet<String>,
}

const DAY: usize = 1;

impl Second {
    fn of(system: System) -> Second {
        let mut library = Library::new(system);
        let site = system.site();
        // What the first night reads: nothing is severed yet.
        let yesterday = library.exports(0);
        library.night(&site, 0);
        let today = library.exports(DAY);
        write(&site, &today);
        let (kept, _) = decided(&site).unwrap();
        assert!(kept.len() > 100, "{system:?} keeps {}", kept.len());
        Second { site, today, yesterday, kept }
    }

    fn copy(&self) -> Second {
        Second {
            site: self.site.copy(),
            today: self.today.clone(),
            yesterday: self.yesterday.clone(),
            kept: self.kept.clone(),
        }
    }

    /// The site is as it was afterwards.
    fn try_out(&self, mutation: &Mutation) -> (Became, String) {
        let changed = mutation.apply(&self.today, &self.yesterday);
        let name = &self.today[mutation.export].name;
        if changed == self.today[mutation.export].bytes {
            return (Became::Same, String::new());
        }
        self.site.export(name, &changed);
        library::stamp(&self.site, DAY);
        let became = self.became();
        self.site.export(name, &self.today[mutation.export].bytes);
        became
    }

    fn became(&self) -> (Became, String) {
        let outcome = match self.site.plan_on(&library::day(DAY)) {
            Err(refusal) => return (Became::Stopped, refusal.to_string()),
            Ok(outcome) => outcome,
        };
        if let Some(stopped) = outcome.stopped.first() {
            return (Became::Stopped, stopped.why.clone());
        }
        if let Some(brake) = outcome.brakes.first() {
            return (Became::Braked, brake.why.clone());
        }
        let Ok((_, due)) = decided(&self.site) else { return (Became::Stopped, String::new()) };
        let wrong: Vec<&String> = due.iter().filter(|id| self.kept.contains(*id)).collect();
        if wrong.is_empty() {
            (Became::Harmless, String::new())
        } else {
            (Became::Wrong, format!("{} retired, {wrong:?}", wrong.len()))
        }
    }
}

/// The ids of tonight's transactions that are kept, and those that are due.
fn decided(site: &TestSite) -> Result<(BTreeSet<String>, BTreeSet<String>), String> {
    let options = library::options(DAY, None);
    let (explained, stopped) = explain_all(&site.site(), options).map_err(|refusal| refusal.to_string())?;
    if let Some(stopped) = stopped.first() {
        return Err(stopped.why.clone());
    }
    let (mut kept, mut due) = (BTreeSet::new(), BTreeSet::new());
    for one in explained {
        let id = match one.id {
            ShownId::Number(number) => number.to_string(),
            ShownId::Text(text) => text,
        };
        match one.decision {
            Shown::Kept => kept.insert(id),
            Shown::Due | Shown::AlreadyRetired => due.insert(id),
            Shown::Unlinked | Shown::Rejected => false,
        };
    }
    Ok((kept, due))
}

fn write(site: &TestSite, exports: &[Export]) {
    exports.iter().for_each(|export| site.export(&export.name, &export.bytes));
    library::stamp(site, DAY);
}

/// Tries the mutations of these seeds; says what became of each kind, and what went wrong.
fn fuzz(system: System, seeds: std::ops::Range<u64>) -> (BTreeMap<(Kind, Became), u64>, Vec<String>) {
    let first = Second::of(system);
    let seeds: Vec<u64> = seeds.collect();
    let share = seeds.len().div_ceil(rayon::current_num_threads()).max(1);
    let tried: Vec<(Kind, Became, String)> = seeds
        .par_chunks(share)
        .flat_map_iter(|seeds| {
            let second = first.copy();
            let tried = seeds.iter().map(|seed| {
                let mutation = Mutation::of(*seed, &second.today);
                let (became, why) = second.try_out(&mutation);
                (mutation.kind, became, format!("{system:?}, seed {seed}: {}: {why}", mutation.told(&second.today)))
            });
            tried.collect::<Vec<_>>()
        })
        .collect();
    let mut counts = BTreeMap::new();
    let mut wrong = Vec::new();
    for (kind, became, told) in tried {
        *counts.entry((kind, became)).or_default() += 1;
        if became == Became::Wrong {
            wrong.push(told);
        }
    }
    (counts, wrong)
}

fn sample(system: System) {
    let (_, wrong) = fuzz(system, 0..45);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_sample_of_changes_retires_nothing_that_koha_still_needs() {
    sample(System::Koha);
}

#[test]
fn a_sample_of_changes_retires_nothing_that_evergreen_still_needs() {
    sample(System::Evergreen);
}

#[test]
fn a_sample_of_changes_retires_nothing_that_folio_still_needs() {
    sample(System::Folio);
}

#[test]
#[ignore = "takes minutes: make test-meaning"]
fn a_thousand_changes_each() {
    let many = std::env::var("AFTERLOAN_MUTATIONS").map_or(1_000, |many| many.parse().unwrap());
    let mut all = Vec::new();
    for system in System::ALL {
        let (counts, wrong) = fuzz(system, 0..many);
        println!("{system:?}: {many} changes");
        for ((kind, became), many) in counts {
            println!("  {:<22} {:<9} {many:>5}", format!("{kind:?}"), format!("{became:?}"));
        }
        all.extend(wrong);
    }
    assert!(all.is_empty(), "{} wrong:\n{}", all.len(), all.join("\n"));
}

/// Nobody is asked to look at what is in order.
fn brakes_of(outcome: &Outcome) -> Vec<&str> {
    outcome.brakes.iter().map(|brake| brake.why.as_str()).collect()
}
