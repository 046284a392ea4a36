//! What a person is asked to look at: the proposal of a pipeline for exports that nobody knows, a new site's policy, and
//! what is doubtful where a pipeline and its exports disagree.
//!
//! Nothing here drives a purge, and no cell of an export is quoted but what the pipeline declares to be a
//! code. `init` and `check` show what this room says.

mod adapted;
pub mod doubts;
mod evidence;
mod log;
mod page;
mod policy;
mod proposal;
mod questions;
pub mod shipped;
mod shipped_names;
mod study;
mod tables;

pub use adapted::{Adapted, adapted};
pub use log::{ProposedLog, of as log_of, propose as propose_log};
pub use policy::policy;
pub use proposal::Proposal;
pub use study::{Exports, Study, StudyError};
pub use tables::propose;
