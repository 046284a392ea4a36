//! Every single thing that a commit does to the disk, numbered in one place, and the seam through which a test stops
//! it there.

use std::fmt;
use std::io;

/// A step, in the order in which a run takes them. Some happen many times in a run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Step {
    BeginAct = 1,
    CreateFolder,
    ClearPass,
    SyncFiles,
    SyncFolders,
    WriteManifest,
    SealManifest,
    AppendLedger,
    /// Once this is done, the run is committed.
    SyncLedger,
    PlaceFolder,
    PlaceFile,
    SyncPlaced,
    RemoveOld,
    SyncRemoved,
    ClearFiles,
    RemoveManifest,
    RemoveAct,
    /// In a recovery alone.
    CutLedger,
    /// In a recovery alone: a run that was not committed goes.
    DiscardAct,
}

impl Step {
    pub fn number(self) -> u8 {
        self as u8
    }

    pub fn text(self) -> &'static str {
        match self {
            Step::BeginAct => "make the run's folder",
            Step::CreateFolder => "make a folder for the run's files",
            Step::ClearPass => "throw away the pass's files",
            Step::SyncFiles => "sync the run's files",
            Step::SyncFolders => "sync the run's folders",
            Step::WriteManifest => "write the run's manifest",
            Step::SealManifest => "put the run's manifest in place",
            Step::AppendLedger => "append to the ledger",
            Step::SyncLedger => "sync the ledger",
            Step::PlaceFolder => "make a folder in the site",
            Step::PlaceFile => "move a file into place",
            Step::SyncPlaced => "sync the folders of moved files",
            Step::RemoveOld => "remove what the run ends",
            Step::SyncRemoved => "sync the folders of what was removed",
            Step::ClearFiles => "clear the run's folder",
            Step::RemoveManifest => "remove the run's manifest",
            Step::RemoveAct => "remove the run's folder",
            Step::CutLedger => "cut a torn line off the ledger",
            Step::DiscardAct => "discard an uncommitted run",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// An instant at which a run can be stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    Before(Step),
    After(Step),
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, step) = match self {
            Moment::Before(step) => ("before", step),
            Moment::After(step) => ("after", step),
        };
        write!(f, "{word} step {} ({step})", step.number())
    }
}

/// Called at every moment. An error from it is taken for the disk's; it may also end the process.
pub type Hook<'h> = &'h (dyn Fn(Moment) -> io::Result<()> + Sync);

/// For every run but those of tests.
pub fn no_hook(_: Moment) -> io::Result<()> {
    Ok(())
}
