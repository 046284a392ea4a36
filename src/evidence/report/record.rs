//! The fields of a report, as they stand in its JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::evidence::exposure::Exposure;
use crate::evidence::figure::Figure;
use crate::leak::Pattern;
use crate::words::{Day, Digest, Kind, Month, Need, Period, Reason, Side};

/// What afterloan can't know or do. Printed on every report.
pub const NOT_ATTESTED: [&str; 6] = [
    "Backups and file-system snapshots of exports, of the site and of the library system: they keep the links until \
     they expire or are deleted.",
    "The library system itself: it holds the links until it has carried out the worklist. A later run reports as \
     confirmed what it no longer shows as linked.",
    "Vendors and other systems that received the same data.",
    "Paper, mail and copies of exports that somebody took elsewhere.",
    "Deleted files are unlinked, not shredded: a disk may hold their bytes until it reuses the space.",
    "Nothing is known about transactions that no export contained.",
];

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// [`Report::FORMAT`].
    pub format: u32,
    pub copy: Copy,
    /// The library's name.
    pub library: String,
    pub run: Run,
    /// All rows of all pipelines. [`Report::sum_up`] fills it.
    pub totals: Accounting,
    /// The figures of the report's first sentences that are no totals of rows. [`Report::sum_up`] fills it.
    pub summary: Summary,
    /// What could be handed over tomorrow. Reports of before didn't say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<Exposure>,
    pub authority: Authority,
    /// The policy's threshold: patrons.
    pub threshold: u32,
    /// The policy's retention rules in words, one sentence each.
    pub retention: Vec<String>,
    pub pipelines: Vec<PipelineReport>,
    /// Columns of the system's database that lead to patrons and that no pipeline says anything about, `TABLE.COLUMN`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unspoken_columns: Vec<String>,
    /// Brakes that held a pipeline (or, without a name, the site), for a person to accept.
    pub held: Vec<Halt>,
    /// Pipelines that could not be read, each with its error.
    pub stopped: Vec<Halt>,
    /// Brakes that a person had accepted for this run.
    pub accepted: Vec<Halt>,
    /// What the policy lets the leak search pass by, whether it was met tonight or not. Since format 2.
    #[serde(default)]
    pub accepted_patterns: Vec<AcceptedPattern>,
    pub relink_risk: Vec<RelinkRisk>,
    /// Years of which it is remembered who was there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remembered_years: Vec<RememberedYear>,
    /// Files and folders that are deleted after the run.
    pub deletes: Vec<String>,
    /// See [`NOT_ATTESTED`].
    pub not_attested: Vec<String>,
    pub evidence: Evidence,
}

impl Report {
    /// What is written. 1, which is read, too, knows no accepted patterns.
    pub const FORMAT: u32 = 2;

    pub fn is_readable(&self) -> bool {
        (1..=Report::FORMAT).contains(&self.format)
    }
}

/// Whom a copy of the report is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Copy {
    /// All figures are exact.
    Exact,
    /// Figures of breakdowns below the threshold are null, and others where these would show by subtraction.
    Staff,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    pub sequence: u64,
    /// RFC 3339, as in the ledger.
    pub as_of: String,
    /// RFC 3339, as in the ledger.
    pub at: String,
    /// The civil day of as-of in the library's time zone.
    pub day: Day,
    /// The version of afterloan.
    pub afterloan: String,
}

/// Every row is one of five things: guarantee 2. Without the needs: those are told once, by pipeline, so that no
/// figure can be had by subtracting one table from another.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounting {
    pub read: u64,
    pub retired: u64,
    pub already_retired: u64,
    pub kept: u64,
    pub unlinked: u64,
    pub rejected: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Rows kept for longer than the policy's `review_after`.
    pub review: u64,
    pub confirmed: u64,
    pub residual: u64,
    pub late: u64,
    pub released_months: u64,
    pub closed_months: u64,
    pub undeclared_columns: u64,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    pub statute: Option<String>,
    pub schedule: Option<String>,
    pub authorization: Option<String>,
    /// The last day on which the authorization is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// Days from which on its end is near, so that a person is told. None: it isn't.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_in: Option<i32>,
    /// Who keeps the records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custodian: Option<String>,
    /// The record series that the schedule names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PipelineReport {
    pub name: String,
    pub kind: Kind,
    /// What its worklist severs. Reports of before there were sides were all about the patron's.
    #[serde(default)]
    pub side: Side,
    pub exports: Vec<ExportRead>,
    pub totals: Accounting,
    pub parts: Vec<PartReport>,
    /// A row counts under each of its needs.
    pub kept_by_need: BTreeMap<Need, Figure>,
    /// Rows kept for longer than the policy's `review_after`.
    pub review: u64,
    pub review_by_need: BTreeMap<Need, Figure>,
    pub rejects: Vec<Rejects>,
    /// Where rejected rows are kept, encrypted. Since format 2.
    #[serde(default)]
    pub quarantine: Option<Quarantine>,
    /// Names of columns that the declaration doesn't know. They are dropped.
    pub undeclared_columns: Vec<String>,
    pub notes: Vec<String>,
    /// How many patrons are on each mailing list that it made: never who.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mailing: Vec<MailingList>,
    /// Retired by month of opening.
    pub retired_by_month: BTreeMap<Month, Figure>,
    pub worklist: Option<Worklist>,
    /// Its exports have no id that the system knows: what is due stays linked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub severs_nothing: bool,
    /// Everywhere the system keeps who it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traces: Vec<TraceReport>,
    /// On an earlier worklist and no longer linked; first seen by this run.
    pub confirmed: u64,
    /// On an earlier worklist and still linked.
    pub residual: u64,
    pub residual_by_age: ResidualByAge,
    /// Transactions that turned up for a month already released: retired, never published.
    pub late: u64,
    pub released: Vec<ReleasedMonth>,
    /// Where titles are published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub titles: Option<Titles>,
    /// Of a pipeline that reads logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logs: Option<Logs>,
}

/// A place in the library system that says whose a transaction was.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceReport {
    pub name: String,
    pub about: String,
    /// The one that the exports show.
    pub link: bool,
    /// Why afterloan doesn't sever it, and what does.
    pub never: Option<String>,
    pub instead: Option<String>,
    /// Rows that still led to a patron when a worklist was last carried out by afterloan: of what was on it, and where
    /// nothing severs the trace, of all. None: nobody counted.
    pub left: Option<Figure>,
}

/// Titles that aren't told: how many, and never which. They say nothing of how many patrons.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Titles {
    /// Something in them may lead to a patron.
    pub left_out: u64,
    /// There were more than a night can tell apart: none of that night's was told.
    pub too_many: bool,
}

/// The files of a log. How many there are says nothing about patrons.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logs {
    /// Retired whole, by this run.
    pub retired: u64,
    /// Retired by an earlier run, or copies of others.
    pub again: u64,
    pub waiting: Vec<WaitingLog>,
    /// Of the rows of those that this run retired, linked or not; where the pipeline says which of them count.
    pub requests: Option<Requests>,
}

/// A file that waits until all of it is due.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitingLog {
    pub file: String,
    /// When it will be, where that is known.
    pub until: Option<Day>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requests {
    pub counted: Figure,
    /// Another request of the same patron for the same URL followed within seconds.
    pub double_clicks: Figure,
    /// Failed, or a page's furniture.
    pub uncounted: Figure,
}

impl Requests {
    pub(super) fn figures(&mut self) -> [&mut Figure; 3] {
        [&mut self.counted, &mut self.double_clicks, &mut self.uncounted]
    }
}

/// A mailing list for a purpose that the policy names; it lies in `state/`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailingList {
    pub name: String,
    pub purpose: String,
    pub patrons: Figure,
}

/// An export, of transactions or of a lookup.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportRead {
    /// The part or the lookup that it was read for.
    pub source: String,
    pub file: String,
    pub records: u64,
    pub bytes: u64,
    /// Hours before as-of; negative when it was written after.
    pub age_hours: i64,
}

/// The rows of one source of a pipeline.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartReport {
    pub part: String,
    pub totals: Accounting,
}

/// Rows that could not be read as transactions, for one reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rejects {
    pub reason: Reason,
    pub rows: Figure,
    /// The first of them (at most [`Rejects::SHOWN`]). Kept in every copy, also where `rows` is hidden: whoever mends
    /// an export needs them, and a line number says nothing about a patron.
    pub lines: Vec<RejectLine>,
}

impl Rejects {
    /// How many line numbers a report gives for a reason.
    pub const SHOWN: usize = 20;
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RejectLine {
    pub part: String,
    /// Which of the files that the part is split into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line on which the record begins, from 1.
    pub line: u64,
}

/// Rejected rows, encrypted to the recipient whom the policy names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quarantine {
    /// From the site's folder.
    pub path: String,
    /// The other rejected rows are repeats of rows that were read, or found no room.
    pub rows: Figure,
    /// Whether some found no room.
    pub no_room: bool,
    /// The day from which a run removes them.
    pub until: Day,
}

/// The worklist of a pipeline: all that is due and linked tonight; of logs, the files that were retired whole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worklist {
    /// From the site's folder: the list, and the SQL made from it.
    pub paths: Vec<String>,
    /// Retired and already retired; of logs, those in the files that are listed.
    pub rows: u64,
}

/// Residuals by the nights since they were first put on a worklist.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResidualByAge {
    pub up_to_1_night: Figure,
    pub up_to_7_nights: Figure,
    pub up_to_30_nights: Figure,
    pub over_30_nights: Figure,
}

impl Default for ResidualByAge {
    fn default() -> ResidualByAge {
        let none = Figure::ZERO;
        ResidualByAge { up_to_1_night: none, up_to_7_nights: none, up_to_30_nights: none, over_30_nights: none }
    }
}

impl ResidualByAge {
    /// Counts `rows` residuals that were first requested `nights` ago.
    pub fn count(&mut self, nights: i32, rows: u64) {
        let figure = match nights {
            ..=1 => &mut self.up_to_1_night,
            2..=7 => &mut self.up_to_7_nights,
            8..=30 => &mut self.up_to_30_nights,
            31.. => &mut self.over_30_nights,
        };
        *figure += rows;
    }

    /// From the youngest to the oldest, with their words.
    pub fn by_age(&self) -> [(&'static str, Figure); 4] {
        [
            ("up to 1 night", self.up_to_1_night),
            ("2 to 7 nights", self.up_to_7_nights),
            ("8 to 30 nights", self.up_to_30_nights),
            ("over 30 nights", self.over_30_nights),
        ]
    }

    pub(super) fn figures(&mut self) -> [&mut Figure; 4] {
        [&mut self.up_to_1_night, &mut self.up_to_7_nights, &mut self.up_to_30_nights, &mut self.over_30_nights]
    }
}

/// A month that this run made final.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleasedMonth {
    pub month: Month,
    /// What it was released or closed with, where that is longer than the month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// The system names nobody: only totals of uses were published.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub totals_alone: bool,
    /// All transactions of the month, linked or not; each table of its period has as many when it is published.
    pub rows: Figure,
    /// Why it was closed: no files were published. Without: it was released.
    pub closed: Option<String>,
    /// What was coarsened, merged or withheld: words for people → rows or cells.
    pub counts: BTreeMap<String, Figure>,
}

/// Staged rows that whoever has `state/` and a list of patrons could still link, and the date on which that ends. No
/// count: with the retired of the same month it would undo what the staff copy hides.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelinkRisk {
    pub kind: Kind,
    pub month: Month,
    /// The first day on which a run will release the month and destroy its key.
    pub key_destroyed: Day,
}

/// A year of which it is remembered who was there, by keyed hashes, until it can be told how many they were.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RememberedYear {
    pub kind: Kind,
    pub year: Period,
    /// The first day on which a run can release the year's last month and destroy its key.
    pub key_destroyed: Day,
}

/// A brake or an error, for one pipeline or, without a name, for the site.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Halt {
    pub pipeline: Option<String>,
    /// A sentence.
    pub why: String,
}

/// A pattern that the policy accepts in a published column.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptedPattern {
    /// `PIPELINE.COLUMN`.
    pub column: String,
    pub pattern: Pattern,
    /// The board's reason.
    pub reason: String,
    /// Whether something was passed by in this run.
    pub used: bool,
}

/// The only place for digests.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    pub policy: Digest,
    pub pipelines: BTreeMap<String, Digest>,
    pub plan: Digest,
    /// The ledger's head before this run's entry.
    pub previous_head: Digest,
    pub exports: Vec<ExportDigest>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportDigest {
    pub file: String,
    pub keyed: Digest,
}
