//! What a pipeline's night came to, as `plan` and `run` show it.
//!
//! The order of the fields is the order of `--json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::choices::Choices;
use super::done::ReleasedMonth;
use super::publishes::Publishes;
use super::tally::{LogFiles, Requests, Tally};
use crate::act::log_files::LogFile;
use crate::act::read::{ExportRead, Whence};
use crate::evidence::report::Rejects;
use crate::words::{Kind, Month, Reason, Side, Totals};

#[derive(Debug, Serialize)]
pub struct PipelineOutcome {
    pub name: String,
    pub kind: Kind,
    /// What its worklist severs.
    pub side: Side,
    pub totals: Totals,
    pub parts: BTreeMap<String, Totals>,
    /// A brake is on, and nobody accepted that.
    #[serde(rename = "held")]
    pub braked: bool,
    #[serde(flatten)]
    pub exports: ExportsOutcome,
    #[serde(flatten)]
    pub tally: Tally,
    pub released: Vec<ReleasedMonth>,
    /// Months whose time has come, and that are about too few: they are released with the next.
    pub waiting: Vec<Month>,
    /// What may leave of each month that isn't closed.
    pub publishes: Publishes,
    /// Of a plan: which periods and groups of places would publish more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choices: Option<Choices>,
    #[serde(flatten)]
    pub lists: ListsOutcome,
}

/// What its exports were.
#[derive(Debug, Default, Serialize)]
pub struct ExportsOutcome {
    #[serde(skip)]
    pub files: Vec<ExportRead>,
    pub rejected: Vec<RejectedOutcome>,
    /// Columns that the pipeline doesn't declare.
    pub undeclared: Vec<String>,
    /// What a person should know of the lookups, in sentences.
    #[serde(skip)]
    pub doubts: Vec<String>,
    /// What a person should know of the pipeline, in sentences.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<&'static str>,
}

/// Rows that could not be read as transactions, for one reason.
#[derive(Clone, Debug, Serialize)]
pub struct RejectedOutcome {
    pub part: String,
    /// Which of the files that the part is split into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    pub reason: Reason,
    pub rows: u64,
    /// The first lines.
    pub lines: Vec<u64>,
}

/// What it has ready to be handed on.
#[derive(Debug, Default, Serialize)]
pub struct ListsOutcome {
    /// Rows: of logs, those of the files that are listed.
    pub worklist: u64,
    #[serde(flatten)]
    pub logs: Option<LogsOutcome>,
    /// Patrons on each mailing list that it makes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub mailing: BTreeMap<String, u64>,
}

/// The files of a pipeline that reads logs.
#[derive(Debug, Serialize)]
pub struct LogsOutcome {
    /// By what becomes of them.
    #[serde(rename = "log_files")]
    pub counts: LogFiles,
    #[serde(skip)]
    pub files: Vec<LogFile>,
    /// How many are known to be retired, once the run is committed.
    #[serde(skip)]
    pub known: u64,
    /// Of logs that say which rows count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<Requests>,
}

impl PipelineOutcome {
    pub fn logs(&self) -> Option<&LogsOutcome> {
        self.lists.logs.as_ref()
    }

    /// The files of a log, each with what becomes of it; of a snapshot none.
    pub fn log_files(&self) -> &[LogFile] {
        self.logs().map_or(&[], |logs| &logs.files)
    }

    /// The names of the files of a log that aren't retired.
    pub fn waiting_logs(&self) -> impl Iterator<Item = String> {
        self.log_files().iter().filter(|file| file.waits()).map(|file| file.found.name())
    }
}

impl ExportsOutcome {
    /// Adds rejected rows of a reason; the lines are the first of them.
    pub fn reject(&mut self, whence: &Whence, reason: Reason, rows: u64, lines: &[u64]) {
        let is_this =
            |known: &RejectedOutcome| (&known.part, &known.file, known.reason) == (&whence.part, &whence.file, reason);
        let place = match self.rejected.iter().position(is_this) {
            Some(place) => place,
            None => {
                let Whence { part, file } = whence.clone();
                self.rejected.push(RejectedOutcome { part, file, reason, rows: 0, lines: Vec::new() });
                self.rejected.len() - 1
            }
        };
        let known = &mut self.rejected[place];
        known.rows += rows;
        let room = Rejects::SHOWN.saturating_sub(known.lines.len());
        known.lines.extend(lines.iter().take(room));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever reads `--json` finds every figure where it was, in whatever struct it is counted.
    #[test]
    fn the_fields_of_json_keep_their_names_and_order() {
        let requests = Some(Requests { counted: 1, double_clicks: 2, uncounted: 3 });
        let counts = LogFiles { retired: 4, again: 5, waiting: 6 };
        let mut outcome = PipelineOutcome {
            name: "proxy".into(),
            kind: Kind::Access,
            side: Side::Patron,
            totals: Totals::default(),
            parts: BTreeMap::new(),
            braked: true,
            exports: ExportsOutcome { undeclared: vec!["seat".into()], ..ExportsOutcome::default() },
            tally: Tally { residual_by_nights: BTreeMap::from([(1, 3), (2, 4)]), gone: 8, ..Tally::default() },
            released: Vec::new(),
            waiting: Vec::new(),
            publishes: Publishes::default(),
            choices: None,
            lists: ListsOutcome {
                worklist: 9,
                logs: Some(LogsOutcome { counts, files: Vec::new(), known: 7, requests }),
                mailing: BTreeMap::from([("news".to_string(), 2)]),
            },
        };
        let totals =
            r#"{"read":0,"retired":0,"already_retired":0,"kept":0,"unlinked":0,"rejected":0,"kept_by_need":{}}"#;
        let rows = format!(
            r#"{{"name":"proxy","kind":"access","side":"patron","totals":{totals},"parts":{{}},"held":true,"rejected":[],"undeclared":["seat"],"review":0,"review_by_need":{{}},"retired_by_month":{{}},"confirmed":0,"residual":7,"new_residual":0,"late":0,"released":[],"waiting":[],"publishes":{{"columns":[],"tables":[]}},"worklist":9"#
        );
        let logs = r#""log_files":{"retired":4,"again":5,"waiting":6},"requests":{"counted":1,"double_clicks":2,"uncounted":3},"mailing":{"news":2}}"#;
        assert_eq!(serde_json::to_string(&outcome).unwrap(), format!("{rows},{logs}"));
        outcome.lists = ListsOutcome { worklist: 9, ..ListsOutcome::default() };
        assert_eq!(serde_json::to_string(&outcome).unwrap(), rows + "}");
    }
}
