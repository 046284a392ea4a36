//! Acts: what is done to a site, and what comes after what. A night has four floors, each with its own error and one result that
//! the next takes; imports run from the last to the first and never back.
//!
//! 1. `begin`: lock, policy, pipelines, keys, hold register, memory: what is wrong here stops everything.
//! 2. `read`: a pipeline's exports, every row decided. What is wrong here stops the pipeline.
//! 3. `months`: month by month, what is retired, staged and released.
//! 4. `end`: brakes, outcome, report, memory; then `committing`.
//!
//! `purge` carries the worklists of a run out, an act of its own; `holds` places and releases legal holds. `night` has their order, the same for `plan` and `run`; a plan writes nothing but run files that go with it. `explain` and
//! `foresee` look at a part of a night and change nothing. What decides a transaction is in `decide`, what may be published in
//! `release`, what is on disk in `state`.

mod begin;
mod by_hand;
mod catalogue;
mod commit;
mod committing;
mod dangers;
mod end;
mod explain;
mod exposure;
mod fault;
mod foresee;
mod holds;
mod key;
mod log_files;
mod logs;
mod months;
mod night;
mod options;
mod progress;
mod purge;
mod read;
mod refusal;
mod sign_off;
mod stages;
mod status;
mod takedown;

pub use begin::known_to_state::KnownToState;
pub use begin::memory::Memory;
pub use begin::{BeginError, Tonight, check_together, load_pipelines, look_around};
pub use catalogue::unspoken;
pub use end::{Attention, Brake, BrakeReason, Committed, EndError, Outcome};
pub use explain::{Explained, OtherTraces, Shown, ShownId, explain, explain_all};
pub use exposure::{Beside, Exposed, TraceLeft, exposure};
pub use fault::{Fault, contained, on_fault_tell_place};
pub use foresee::{Foreseen, foresee, stops_lookup, stops_source};
pub use holds::{Asked, Meeting, PlacedHold, list as list_holds, place as place_hold, release as release_hold};
pub use key::{DestroyedKey, KeyListed, RotatedKey, destroy, keys, rotate};
pub use log_files::{LogFile, Stands};
pub use months::{Choices, PipelineOutcome, PublishedColumn, PublishedTable, PublishedTitles, Publishes, Shares};
pub use night::{plan, run};
pub use options::Options;
pub use progress::{Progress, Seams};
pub use purge::{PipelinePurged, Purged, TracePurged, purge};
pub use read::Stopped;
pub use refusal::Refusal;
pub use sign_off::{Overdue, SignedRun, sign_off};
pub use status::{LastRun, NextRelease, Status, UnfinishedPurge, status};
pub use takedown::{TakenDown, take_down, would_take_down};
