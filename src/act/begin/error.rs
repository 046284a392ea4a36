//! Why a night can't begin.

use jiff::Timestamp;

use crate::evidence::ledger::LedgerError;
use crate::state::commit::CommitError;
use crate::state::disk::DiskError;
use crate::state::json::JsonError;
use crate::state::keys::KeysError;
use crate::state::lock::LockError;
use crate::state::register::RegisterError;
use crate::state::site::SiteError;
use crate::toml_file::TomlError;
use crate::words::Day;

/// Why a night can't begin. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    #[error(transparent)]
    Site(#[from] SiteError),
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error(transparent)]
    Toml(#[from] TomlError),
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error("{0}\nWithout a whole hold register nothing may be retired.")]
    Register(#[from] RegisterError),
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Commit(#[from] CommitError),
    #[error("{0}")]
    Plain(String),
    #[error(
        "run {0} was killed while it committed, or is not finished. A plan changes nothing, so it leaves that as it is: the \
         next `afterloan run` puts it in order before anything else. If a run is at work just now, ask again once it has ended"
    )]
    UnfinishedRun(u64),
    #[error(
        "a run committed while this was read, so what was read is partly of before and partly of after. Nothing was changed \
         by this command; give it again"
    )]
    ChangedMeanwhile,
    #[error(
        "what this night was decided by isn't as it was when it began. Nothing was retired; run again, and it is decided anew"
    )]
    DecidedOtherwise,
    #[error(
        "as-of {as_of} is later than the clock ({now}): retiring ahead of time is never done. A plan may look ahead"
    )]
    AheadOfClock { as_of: Timestamp, now: Timestamp },
    #[error("as-of {as_of} is earlier than the last run ({last}): time doesn't go back")]
    BeforeLastRun { as_of: Timestamp, last: String },
    #[error(
        "policy.toml names no authorization: records are destroyed only with one. Enter it under [authority] once it is \
         signed; until then a plan shows what a run would do"
    )]
    Unauthorized,
    #[error(
        "the authorization of policy.toml was good until {on}: records are destroyed only with one in force. Have it renewed, \
         and write its number and its last day (`until`) under [authority]; until then a plan shows what a run would do"
    )]
    Expired { on: Day },
}
