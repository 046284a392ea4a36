//! The last floor of a night: brakes and what a person accepted, then what is shown, reported, remembered and written. It ends with
//! an [`Outcome`]; `committing` commits what is written.

mod after_run;
mod attention;
mod brakes;
mod error;
mod exposed;
mod index_page;
mod join_brakes;
mod judge;
mod mailing;
mod night_done;
mod outcome;
mod pipeline_files;
mod pipeline_report;
mod plan_digest;
mod public_files;
mod remember;
mod reported;
mod reporting;
mod retention_words;
mod worklist;
mod writing;

pub use after_run::exports_that_stayed;
pub use attention::Attention;
pub use brakes::{Brake, BrakeReason};
pub use error::{EndError, cant_write};
pub use exposed::exposure;
pub use index_page::{ThisAct, last_report, words as act_words, write as write_index};
pub use judge::{judge, may_commit};
pub use night_done::NightDone;
pub use outcome::{Committed, Outcome};
pub use public_files::made_anew;
pub use worklist::BATCHES;
pub use writing::write_all;
