//! What depends on other rows, settled once over the whole pipeline, to be asked for each row: of a snapshot repeated numbers,
//! last borrowers and chains, of logs which files wait.

mod logs;
mod snapshot;

pub use logs::{SettledLogs, Standing};
pub use snapshot::SettledSnapshot;

use roaring::RoaringTreemap;

use super::coded::CodedRow;
use super::intake::Intake;
use super::outcome::Passed;
use super::prepared::Prepared;
use super::runfiles::{RunFileError, RunFiles};
use crate::words::{NeedSet, ReasonSet, TransactionId};

#[allow(clippy::large_enum_variant, reason = "there is one of a pipeline")]
pub enum Settled {
    Snapshot(SettledSnapshot),
    Log(SettledLogs),
}

/// Takes out of `passed` what is settled here. `vanished`: transactions that had a row in a lookup that decides when it was last
/// read, and have none.
pub fn settle(
    passed: &mut Passed,
    files: &RunFiles,
    prepared: &Prepared<'_>,
    vanished: RoaringTreemap,
) -> Result<Settled, RunFileError> {
    match &prepared.intake {
        Intake::Snapshot(_) => SettledSnapshot::new(passed, files, prepared.layout(), vanished).map(Settled::Snapshot),
        Intake::Log(log) => Ok(Settled::Log(SettledLogs::new(passed, &log.run, prepared))),
    }
}

impl Settled {
    pub fn is_log(&self) -> bool {
        matches!(self, Settled::Log(_))
    }

    /// Of logs: how their files stand.
    pub fn logs(&self) -> Option<&SettledLogs> {
        match self {
            Settled::Snapshot(_) => None,
            Settled::Log(logs) => Some(logs),
        }
    }

    /// All needs of a row, with the reasons why it is undetermined. None: it repeats another row exactly.
    #[inline]
    pub fn needs(&self, row: CodedRow<'_>) -> Option<(NeedSet, ReasonSet)> {
        match self {
            Settled::Snapshot(snapshot) => snapshot.needs(row),
            Settled::Log(logs) => Some(logs.needs(row)),
        }
    }

    /// How many rows have a number that another row has, too, with other facts.
    pub fn of_reused_numbers(&self) -> u64 {
        match self {
            Settled::Snapshot(snapshot) => snapshot.of_reused_numbers(),
            Settled::Log(_) => 0,
        }
    }

    /// How far the row is from the newest of its chain; 0: nothing renews it.
    pub fn height(&self, id: TransactionId) -> u32 {
        match self {
            Settled::Snapshot(snapshot) => snapshot.chains.height(id),
            Settled::Log(_) => 0,
        }
    }

    /// Whether a linked row lost what another export said of it.
    #[inline]
    pub fn is_vanished(&self, row: CodedRow<'_>) -> bool {
        matches!(self, Settled::Snapshot(snapshot) if snapshot.is_vanished(row))
    }

    /// Whether the other traces of a row that names nobody may be severed.
    #[inline]
    pub fn frees_traces(&self, row: CodedRow<'_>) -> bool {
        matches!(self, Settled::Snapshot(snapshot) if snapshot.frees_traces(row))
    }

    /// Whether a row was retired before, by another run or in another file. Of a snapshot that is known row by row.
    #[inline]
    pub fn is_again(&self, row: CodedRow<'_>) -> bool {
        self.logs().is_some_and(|logs| logs.is_again(row))
    }

    /// All needs of rows of a log that are alike: what they need themselves, and while their file waits, that.
    pub fn needs_in_log(
        &self,
        part: usize,
        again: bool,
        linked: bool,
        own: (NeedSet, ReasonSet),
    ) -> (NeedSet, ReasonSet) {
        self.logs().map_or(own, |logs| logs.needs_of(part, again, linked, own))
    }

    /// Whether all rows of a file of a log are in another of tonight's.
    pub fn is_copy(&self, part: usize) -> bool {
        self.logs().is_some_and(|logs| logs.is_copy(part))
    }

    /// Whether a file of a log waits.
    pub fn file_waits(&self, part: usize) -> bool {
        self.logs().is_some_and(|logs| logs.file_waits(part))
    }

    /// Whether a row leaves tonight with its file, and hasn't before. A snapshot's rows leave one by one.
    #[inline]
    pub fn leaves(&self, row: CodedRow<'_>) -> bool {
        match self {
            Settled::Snapshot(_) => true,
            Settled::Log(logs) => logs.leaves(row),
        }
    }
}
