//! One transaction's needs and dates. No patron data: nothing here shows who, or what else she borrowed.
//!
//! A legal hold reads `undetermined`, and no reason is given for what is undetermined: that there is none would tell a
//! hold. The director's file in `state/runs` has the reasons.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::begin::{self, Footing};
use super::months::walk::outcome;
use super::options::Options;
use super::progress::Progress;
use super::read::{Read, Stopped, id_rule, read};
use super::refusal::Refusal;
use crate::pass::{CodedRow, Settled, SettledLogs, UNDATED, Watch, Watched};
use crate::pipeline::Pipeline;
use crate::pipeline::declaration::Of;
use crate::state::known::{self, Known, Traces};
use crate::state::site::Site;
use crate::words::{Day, Month, Need, Outcome, Reason};

/// What is known of one row that has the number.
#[derive(Debug, Serialize)]
pub struct Explained {
    pub pipeline: String,
    pub part: String,
    pub id: ShownId,
    pub line: u64,
    pub decision: Shown,
    pub opened: Option<Day>,
    pub needs: Vec<ExplainedNeed>,
    /// Why it is undetermined: for the director alone, so in no view of this command.
    #[serde(skip)]
    pub reasons: Vec<Reason>,
    /// When it was first put on a worklist, and whether it was found severed since.
    pub requested: Option<Day>,
    pub confirmed: bool,
    /// Of one that names nobody: how what other traces there are of it stand, where the pipeline severs them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_traces: Option<OtherTraces>,
    /// Of logs that say which rows count: whether this is a request that does, double clicks aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<bool>,
}

/// How the traces stand of a transaction that names nobody any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtherTraces {
    /// Something is still needed of it, or it can't be determined.
    Wait,
    /// The next run puts them on its worklist.
    Due,
    /// They are on a worklist.
    Asked,
    /// They were on a worklist that was carried out.
    Done,
}

/// What becomes of a row, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Due,
    /// Due, and on an earlier worklist.
    AlreadyRetired,
    Kept,
    Unlinked,
    /// It repeats another row exactly.
    Rejected,
}

impl Shown {
    pub fn as_str(self) -> &'static str {
        match self {
            Shown::Due => "due",
            Shown::AlreadyRetired => "already-retired",
            Shown::Kept => "kept",
            Shown::Unlinked => "unlinked",
            Shown::Rejected => "rejected",
        }
    }
}

impl Serialize for Shown {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// An id as it stands in the library system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ShownId {
    Number(u64),
    Text(String),
}

#[derive(Debug, Serialize)]
pub struct ExplainedNeed {
    pub need: Need,
    /// The day from which it no longer holds, where that is known.
    pub ends: Option<Day>,
}

/// Every row with this id, as tonight's exports show it; and the pipelines that could not be read.
pub fn explain(
    site: &Site,
    options: Options,
    id: &str,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<(Vec<Explained>, Vec<Stopped>), Refusal> {
    unchanged(site, || explain_watched(site, options, Some(id), progress))
}

/// Every row of tonight's exports: for tests that hold decisions against a list of right ones.
#[doc(hidden)]
pub fn explain_all(site: &Site, options: Options) -> Result<(Vec<Explained>, Vec<Stopped>), Refusal> {
    unchanged(site, || explain_watched(site, options, None, &|_| {}))
}

/// No lock is taken: a run that commits meanwhile would mix what is explained.
fn unchanged<T>(site: &Site, explain: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    let footing = Footing::of(site);
    let explained = explain();
    footing.check_same(site)?;
    explained
}

fn explain_watched(
    site: &Site,
    options: Options,
    id: Option<&str>,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<(Vec<Explained>, Vec<Stopped>), Refusal> {
    let (scratch, tonight) = begin::look(site, options)?;
    let (mut explained, mut stopped) = (Vec::new(), Vec::new());
    for pipeline in &tonight.pipelines {
        // What is no id in one pipeline may be one in another.
        let Some(watch) = id.map_or(Some(Watch::All), |id| match id_rule(&tonight, pipeline) {
            Some(rule) => rule.read(id.as_bytes()).map(Watch::One),
            // A log's rows have no ids: they are asked for by file and line.
            None => file_and_line(id).map(|(_, line)| Watch::Line(line)),
        }) else {
            continue;
        };
        let folder = scratch.folder().join(pipeline.name());
        std::fs::create_dir(&folder).map_err(|error| Refusal::Plain(format!("{}: {error}", folder.display())))?;
        match read(&tonight, pipeline, &folder, watch, progress, &mut |_| {}) {
            Ok(read) => explained.extend(of_pipeline(site, pipeline, &read, id)?),
            Err(why) => stopped.push(Stopped { pipeline: pipeline.name().into(), why: why.to_string() }),
        }
    }
    Ok((explained, stopped))
}

/// `FILE:LINE`.
fn file_and_line(id: &str) -> Option<(&str, u32)> {
    let (file, line) = id.rsplit_once(':')?;
    Some((file, line.parse().ok()?))
}

fn of_log(pipeline: &Pipeline, read: &Read<'_>, logs: &SettledLogs, id: Option<&str>) -> Vec<Explained> {
    let file = id.and_then(file_and_line).map(|(file, _)| file);
    let name = |watched: &Watched| read.sources[watched.part].file.as_deref().unwrap_or_default();
    let asked = |watched: &&Watched| file.is_none_or(|file| name(watched) == file);
    let explained = read.passed.watched.iter().filter(asked).map(|watched| {
        let own = (watched.decision.needs, watched.decision.reasons);
        let again = logs.is_line_again(watched.part, watched.line);
        let (needs, reasons) = logs.needs_of(watched.part, again, watched.linked, own);
        let needs = needs.without_secrets();
        Explained {
            pipeline: pipeline.name().into(),
            part: read.sources[watched.part].part.clone(),
            id: ShownId::Text(format!("{}:{}", name(watched), watched.line)),
            line: watched.line,
            decision: match (watched.linked, needs.is_empty(), again) {
                (false, _, _) => Shown::Unlinked,
                (true, false, _) => Shown::Kept,
                (true, true, true) => Shown::AlreadyRetired,
                (true, true, false) => Shown::Due,
            },
            opened: watched.opened,
            reasons: reasons.iter().collect(),
            needs: needs.iter().map(|need| ExplainedNeed { need, ends: watched.decision.ends(need) }).collect(),
            requested: None,
            confirmed: false,
            other_traces: None,
            counts: pipeline.declaration.requests.as_ref().map(|_| watched.counts),
        }
    });
    explained.collect()
}

fn of_pipeline(site: &Site, pipeline: &Pipeline, read: &Read<'_>, id: Option<&str>) -> Result<Vec<Explained>, Refusal> {
    match &read.settled {
        Settled::Log(logs) => Ok(of_log(pipeline, read, logs, id)),
        Settled::Snapshot(_) => of_snapshot(site, pipeline, read, id),
    }
}

fn of_snapshot(site: &Site, pipeline: &Pipeline, read: &Read<'_>, id: Option<&str>) -> Result<Vec<Explained>, Refusal> {
    let mut by_month: BTreeMap<Month, Vec<&Watched>> = BTreeMap::new();
    for watched in &read.passed.watched {
        by_month.entry(watched.opened.map_or(UNDATED, Day::month)).or_default().push(watched);
    }
    let mut explained = Vec::new();
    for (month, all) in by_month {
        let bytes = read.files.read(month)?;
        let rows: HashMap<(usize, u64), CodedRow<'_>> =
            read.context.layout().rows(&bytes).map(|row| ((row.part(), u64::from(row.line())), row)).collect();
        let known = match month {
            UNDATED => Vec::new(),
            month => known::load_or_empty(&site.at(known::path(pipeline.name(), month)), month)
                .map_err(super::months::MonthError::from)?,
        };
        for watched in all {
            let Some(row) = rows.get(&(watched.part, watched.line)) else { continue };
            let place = known.binary_search_by_key(&(row.id(), row.opened()), |known| (known.id, known.opened));
            let known = place.ok().map(|place| known[place]);
            explained.push((watched.part, of_row(pipeline, read, (watched, id), *row, known)));
        }
    }
    // In the order of the exports.
    explained.sort_by_key(|(part, one)| (*part, one.line));
    Ok(explained.into_iter().map(|(_, one)| one).collect())
}

fn of_row(
    pipeline: &Pipeline,
    read: &Read<'_>,
    (watched, id): (&Watched, Option<&str>),
    row: CodedRow<'_>,
    known: Option<Known>,
) -> Explained {
    let requested = known.and_then(|known| known.requested);
    let settled = read.settled.needs(row);
    let needs = settled.map(|(needs, _)| needs).unwrap_or_default();
    let decision = match settled.map(|(needs, _)| outcome(row, needs, requested)) {
        None | Some(Outcome::Rejected) => Shown::Rejected,
        Some(Outcome::Unlinked) => Shown::Unlinked,
        Some(Outcome::Kept) => Shown::Kept,
        Some(Outcome::AlreadyRetired) => Shown::AlreadyRetired,
        Some(Outcome::Retired) => Shown::Due,
    };
    let needs = needs.without_secrets();
    Explained {
        pipeline: pipeline.name().into(),
        part: read.sources[watched.part].part.clone(),
        id: match id {
            Some(id) if read.context.has_text_ids() => ShownId::Text(id.into()),
            _ => ShownId::Number(row.id().0),
        },
        line: watched.line,
        decision,
        opened: watched.opened,
        reasons: settled.map(|(_, reasons)| reasons.iter().collect()).unwrap_or_default(),
        needs: needs.iter().map(|need| ExplainedNeed { need, ends: watched.decision.ends(need) }).collect(),
        requested,
        confirmed: known.is_some_and(|known| known.confirmed),
        other_traces: (decision == Shown::Unlinked && pipeline.declaration.severs(Of::Unlinked))
            .then(|| other_traces(read, row, known)),
        counts: None,
    }
}

fn other_traces(read: &Read<'_>, row: CodedRow<'_>, known: Option<Known>) -> OtherTraces {
    match known.map(|known| known.traces) {
        Some(Traces::Asked) => OtherTraces::Asked,
        Some(Traces::Done) => OtherTraces::Done,
        _ if read.settled.frees_traces(row) => OtherTraces::Due,
        _ => OtherTraces::Wait,
    }
}
