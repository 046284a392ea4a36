//! The files of a log, each as a whole: which wait, which are retired tonight, and what is listed and remembered of those.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::begin::Tonight;
use super::logs::LogRead;
use super::logs::repeats::{Other, Repeat};
use super::months::done::MonthDone;
use super::months::tally::LogFiles;
use super::read::{ExportRead, Read};
use crate::evidence::figure::grouped;
use crate::export::Found;
use crate::pass::{SettledLogs, Unlisted};
use crate::state::logs::RetiredLog;
use crate::words::{Day, Kind, Totals, shown};

/// For so many days it is remembered of which blocks of lines a log was.
const BLOCKS_LAST: i32 = 100;

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
    /// Rows of sorts that the pipeline doesn't list, by their codes, where the system has such.
    pub unlisted: BTreeMap<String, Unlisted>,
    /// What of it stands in another log, too.
    pub repeat: Option<Repeated>,
    pub stands: Stands,
}

/// What of a file stands in another log, too.
#[derive(Clone, Debug)]
pub struct Repeated {
    /// At least so many lines, and the first that is known to be one.
    pub lines: u64,
    pub first: u64,
    /// The other log, in words.
    pub of: String,
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

    /// Of one that waits for a person: why, and what she can do.
    pub fn why(&self) -> Option<String> {
        if self.unreadable {
            let why = "fewer than half of its rows can be read, so it waits, whatever the day. Has the log's format changed? \
                       Mend the pipeline, or take the file away";
            return Some(why.into());
        }
        if let Some(Repeated { lines, first, of }) = &self.repeat {
            return Some(format!(
                "at least {} of its lines, the first of them near line {}, stand in {of}, too: they would be counted twice, so it \
                 waits, whatever the day. Take those lines out of it, or take the file away",
                grouped(*lines),
                grouped(*first)
            ));
        }
        if self.unlisted.is_empty() {
            return None;
        }
        Some(format!(
            "it waits, whatever the day, for what the pipeline doesn't list in any [[state]]: {}. Look it up in the system's \
             own list, and declare it: as `closed` if it is over once it is written",
            self.unlisted_words()
        ))
    }

    fn unlisted_words(&self) -> String {
        const SHOWN: usize = 12;
        let sort = |(code, unlisted): (&String, &Unlisted)| {
            let rows = if unlisted.rows == 1 { "1 line".into() } else { format!("{} lines", grouped(unlisted.rows)) };
            let what = if code.is_empty() { String::new() } else { format!("{} ", shown(code)) };
            format!("{what}({rows}, from line {} on)", grouped(unlisted.first))
        };
        let mut words: Vec<String> = self.unlisted.iter().take(SHOWN).map(sort).collect();
        match self.unlisted.len().saturating_sub(SHOWN) {
            0 => {}
            more => words.push(format!("{more} more")),
        }
        words.join(", ")
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
    let exports = read.exports.iter().filter_map(|export| export.log.as_ref().map(|log| (export, log)));
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
        files.push(LogFile {
            found: export.found.clone(),
            log: log.clone(),
            records: export.records,
            rows,
            unreadable: standing.unreadable,
            unlisted: found.unlisted.clone(),
            repeat: read.logs.repeats[part].as_ref().map(|repeat| repeated(read, repeat)),
            stands,
        });
    }
    files.extend(read.logs.empty.iter().map(|(_, found)| LogFile {
        found: found.clone(),
        log: LogRead::empty(),
        records: 0,
        rows: 0,
        unreadable: false,
        unlisted: BTreeMap::new(),
        repeat: None,
        stands: without_rows(tonight, found, grace),
    }));
    files
}

fn repeated(read: &Read<'_>, repeat: &Repeat) -> Repeated {
    let of = match repeat.of {
        Other::Retired(day) => format!("a log that was retired on {day}"),
        Other::Tonight(part) => read.sources[part].file.clone().unwrap_or_else(|| read.sources[part].part.clone()),
    };
    Repeated { lines: repeat.lines, first: repeat.first, of }
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
        if found.open_ended || found.repeats || standing.unread || standing.unreadable {
            return None;
        }
        latest = latest.max(found.until).max(standing.young_until);
    }
    latest
}

/// The exports of files that hold no byte.
pub fn empty_exports(read: &Read<'_>) -> impl Iterator<Item = ExportRead> {
    read.logs.empty.iter().map(|(source, found)| ExportRead {
        source: source.clone(),
        found: found.clone(),
        records: 0,
        digest: LogRead::empty().whole,
        log: Some(LogRead::empty()),
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
            known.push(file.log.clone().retired_on(today));
        }
    }
    // A rotation sends a part again within days; what is remembered for it needn't last.
    for log in known.iter_mut().filter(|log| log.retired.plus(BLOCKS_LAST) < today) {
        log.blocks = None;
    }
    (known.len() > before).then_some(known)
}

/// Writes the files that were retired whole: whoever has copies of them can do away with those, too.
pub fn write_worklist(path: &Path, files: &[LogFile]) -> io::Result<()> {
    let mut csv = csv::Writer::from_path(path)?;
    csv.write_record(["log", "bytes", "lines"])?;
    for file in files.iter().filter(|file| !file.waits()) {
        csv.write_record([file.found.name(), file.log.bytes.to_string(), file.log.lines.to_string()])?;
    }
    csv.flush()
}
