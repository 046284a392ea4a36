//! The files of a log, each as a whole: which wait, which are retired tonight, and what is listed and remembered of those.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::begin::Tonight;
use super::logs::LogRead;
use super::months::done::MonthDone;
use super::months::tally::LogFiles;
use super::read::{ExportRead, Read};
use crate::export::Found;
use crate::pass::SettledLogs;
use crate::state::logs::RetiredLog;
use crate::words::{Day, Digest, Kind, Totals};

/// A file of a log, and what becomes of it.
#[derive(Clone, Debug)]
pub struct LogFile {
    pub found: Found,
    pub log: LogRead,
    pub records: u64,
    /// Those that were retired, tonight or before.
    pub rows: u64,
    /// So few of its rows can be read that a person must look.
    pub unreadable: bool,
    pub stands: Stands,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stands {
    /// Until the last of its rows is due, where that can be said.
    Waits { until: Option<Day> },
    /// Retired whole, tonight.
    Retired,
    /// Retired by an earlier run, or a copy of another.
    Again,
}

impl LogFile {
    pub fn waits(&self) -> bool {
        matches!(self.stands, Stands::Waits { .. })
    }
}

/// All files of a pipeline's log. Adds to `parts` the rows that can't be read and were retired before: no month has them.
pub fn stand(
    tonight: &Tonight,
    kind: Kind,
    read: &Read<'_>,
    months: &[MonthDone],
    parts: &mut BTreeMap<String, Totals>,
) -> Vec<LogFile> {
    let Some(logs) = read.settled.logs() else { return Vec::new() };
    let grace = tonight.policy.retention.get(&kind).map_or(i32::MAX, |rules| rules.grace);
    let mut files = Vec::new();
    let exports = read.exports.iter().filter_map(|export| export.log.map(|log| (export, log)));
    for (part, (export, log)) in exports.enumerate() {
        let (standing, found) = (&logs.standings[part], &read.passed.logs.parts[part]);
        let of_part = |count: fn(&Totals) -> u64| months.iter().map(|month| count(&month.totals[part])).sum::<u64>();
        let mut rows = of_part(|totals| totals.retired + totals.already_retired);
        if let Some(totals) = parts.get_mut(&export.source) {
            totals.read += found.unread_again;
            if standing.unread {
                totals.kept += found.unread_again;
                *totals.kept_by_need.entry(crate::words::Need::Undetermined).or_default() += found.unread_again;
            } else {
                totals.already_retired += found.unread_again;
                rows += found.unread_again;
            }
        }
        let stands = if export.records == 0 {
            without_rows(tonight, &export.found, grace)
        } else if standing.waits {
            Stands::Waits { until: until(read, logs, part) }
        } else if standing.is_copy() || standing.again >= log.lines {
            Stands::Again
        } else {
            Stands::Retired
        };
        let unreadable = standing.unreadable;
        files.push(LogFile { found: export.found.clone(), log, records: export.records, rows, unreadable, stands });
    }
    let nothing = Digest([0; 32]);
    for (_, found) in &read.logs.empty {
        let log = LogRead { bytes: 0, lines: 0, head: nothing, whole: nothing };
        let stands = without_rows(tonight, found, grace);
        files.push(LogFile { found: found.clone(), log, records: 0, rows: 0, unreadable: false, stands });
    }
    files
}

/// A file without rows may yet get some: it is due like a row of the day on which it was written.
fn without_rows(tonight: &Tonight, found: &Found, grace: i32) -> Stands {
    match tonight.day_written(found).plus(grace) {
        until if until > tonight.day => Stands::Waits { until: Some(until) },
        _ => Stands::Retired,
    }
}

/// When the last need in a file ends, and in those that it is a copy of.
fn until(read: &Read<'_>, logs: &SettledLogs, part: usize) -> Option<Day> {
    let mut latest = None;
    for part in logs.originals(part) {
        let (found, standing) = (&read.passed.logs.parts[part], &logs.standings[part]);
        if found.open_ended || standing.unread || standing.unreadable {
            return None;
        }
        latest = latest.max(found.until).max(standing.young_until);
    }
    latest
}

/// The exports of files that hold no byte.
pub fn empty_exports(read: &Read<'_>) -> impl Iterator<Item = ExportRead> {
    let nothing = Digest([0; 32]);
    let log = LogRead { bytes: 0, lines: 0, head: nothing, whole: nothing };
    read.logs.empty.iter().map(move |(source, found)| ExportRead {
        source: source.clone(),
        found: found.clone(),
        records: 0,
        digest: nothing,
        log: Some(log),
    })
}

pub fn count(files: &[LogFile]) -> LogFiles {
    let mut counts = LogFiles::default();
    for file in files {
        *match file.stands {
            Stands::Waits { .. } => &mut counts.waiting,
            Stands::Retired => &mut counts.retired,
            Stands::Again => &mut counts.again,
        } += 1;
    }
    counts
}

/// All that is remembered from tonight on; None: nothing new.
pub fn remember(files: &[LogFile], mut known: Vec<RetiredLog>, today: Day) -> Option<Vec<RetiredLog>> {
    let before = known.len();
    for file in files.iter().filter(|file| !file.waits() && file.records > 0) {
        let is_it = |log: &RetiredLog| log.bytes == file.log.bytes && log.whole == file.log.whole;
        if !known.iter().any(is_it) {
            known.push(file.log.retired_on(today));
        }
    }
    (known.len() > before).then_some(known)
}

/// Writes the files that were retired whole: whoever has copies of them can do away with those, too.
pub fn write_worklist(path: &Path, files: &[LogFile]) -> io::Result<()> {
    let mut csv = csv::Writer::from_path(path)?;
    csv.write_record(["log", "bytes", "lines"])?;
    for file in files.iter().filter(|file| !file.waits()) {
        let LogRead { bytes, lines, .. } = file.log;
        csv.write_record([file.found.name(), bytes.to_string(), lines.to_string()])?;
    }
    csv.flush()
}
