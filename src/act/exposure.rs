//! What could be handed over tomorrow, as of now: what the last run and purge counted, and what lies on the site's own disk.
//! Changes nothing and takes no lock.

use std::collections::BTreeMap;

use serde::Serialize;

use super::begin::{BeginError, Footing, Tonight, look_around};
use super::end;
use super::options::Options;
use crate::evidence::exposure::{Exposure, how_it_changed};
use crate::state::site::Site;
use crate::state::{disk, rejects, staging, years};
use crate::words::Day;

/// Everything that the director is told.
#[derive(Debug, Serialize)]
pub struct Exposed {
    pub library: String,
    /// The last run; 0: there was none.
    pub run: u64,
    pub day: Option<Day>,
    #[serde(flatten)]
    pub exposure: Exposure,
    /// How it has changed since the year began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<String>,
    /// By pipeline: the traces that are counted, beside the link.
    pub traces: BTreeMap<String, Vec<TraceLeft>>,
    pub besides: Vec<Beside>,
}

/// A trace of which rows were left when it was last counted.
#[derive(Debug, Serialize)]
pub struct TraceLeft {
    pub name: String,
    pub about: String,
    pub left: u64,
    /// What clears it, where afterloan doesn't.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
}

/// Something on the site's own disk that leads to patrons, or could be made to.
#[derive(Debug, Serialize)]
pub struct Beside {
    pub what: &'static str,
    /// Files, rows or patrons, as `what` says.
    pub count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

pub fn exposure(site: &Site, options: Options) -> Result<Exposed, BeginError> {
    let footing = Footing::of(site);
    let tonight = look_around(site, options)?;
    let exposed = Exposed {
        library: tonight.policy.library.name.clone(),
        run: tonight.memory.exposure.values().map(|counted| counted.run).max().unwrap_or(0),
        day: tonight.memory.day,
        exposure: end::exposure(&tonight, &tonight.memory),
        changed: how_it_changed(&tonight.memory.history),
        traces: traces(&tonight),
        besides: besides(&tonight)?,
    };
    footing.check_same(site)?;
    Ok(exposed)
}

fn traces(tonight: &Tonight) -> BTreeMap<String, Vec<TraceLeft>> {
    let mut all = BTreeMap::new();
    for pipeline in &tonight.pipelines {
        let Some(known) = tonight.memory.pipelines.get(pipeline.name()) else { continue };
        let left = pipeline.declaration.traces.iter().filter(|trace| !trace.link).filter_map(|trace| {
            let left = *known.traces.get(&trace.name)?;
            let (name, about, instead) = (trace.name.clone(), trace.about.clone(), trace.instead.clone());
            (left > 0).then_some(TraceLeft { name, about, left, instead })
        });
        let left: Vec<TraceLeft> = left.collect();
        if !left.is_empty() {
            all.insert(pipeline.name().to_string(), left);
        }
    }
    all
}

fn besides(tonight: &Tonight) -> Result<Vec<Beside>, BeginError> {
    let plain = |error: &dyn std::fmt::Display| BeginError::Plain(error.to_string());
    let settle = tonight.policy.release.settle;
    let calendar = tonight.policy.release.calendar;
    let mut all = Vec::new();
    let mut add = |what, count: u64, until: Option<Day>| {
        if count > 0 {
            all.push(Beside { what, count, until });
        }
    };
    let exports = disk::names(&tonight.site.inbox())?;
    add("exports in inbox/, in files", exports.len() as u64, None);
    let (mut staged, mut until) = (0, None);
    for pipeline in &tonight.pipelines {
        for home in staging::months(&tonight.site, pipeline.name()).map_err(|error| plain(&error))? {
            let rows = staging::load_month(&tonight.site, pipeline.name(), home).map_err(|error| plain(&error))?;
            staged += rows.len() as u64;
            until = until.max(Some(calendar.regular(home).last_day().plus(settle)));
        }
    }
    add("staged rows that can be linked again until their month's key goes", staged, until);
    let years = crate::words::Kind::PUBLISHED.into_iter().map(|kind| years::load(&tonight.site, kind));
    let years: Vec<_> = years.collect::<Result<Vec<_>, _>>().map_err(|error| plain(&error))?;
    let firsts: Vec<_> = years.iter().flat_map(|of_kind| of_kind.keys()).collect();
    let last = firsts.iter().map(|first| calendar.year(**first).last_day().plus(settle)).max();
    add("years of which hashes say who was there", firsts.len() as u64, last);
    let rejected = rejects::all(&tonight.site).map_err(|error| plain(&error))?;
    add("files of rejected rows, encrypted", rejected.len() as u64, rejected.iter().map(|(_, until)| *until).max());
    let mailing: usize = tonight.memory.pipelines.values().map(|known| known.mailing.len()).sum();
    add("mailing lists", mailing as u64, None);
    let lists: usize = tonight.memory.pipelines.values().map(|known| known.worklists.len()).sum();
    add("worklist files, which name transactions and no patron but in those of contact data", lists as u64, None);
    Ok(all)
}
