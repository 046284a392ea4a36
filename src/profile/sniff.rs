//! How a file is written: its encoding, its syntax, and whether it begins with the names of its columns.
//!
//! What begins a file may be a patron's row: it counts as names only where it can't be one. Everything here is a guess
//! for a person to check, and what is doubtful says so; a pipeline's encoding drives a run only once somebody has
//! written it down.

mod beginning;
mod declared;
mod delimited;
mod encoding;
mod format;
mod header;
mod layout;
mod logs;
mod members;
mod name_pattern;
mod sniffed;
mod workbook;

pub use declared::Declared;
pub use format::FileFormat;
pub use layout::{Cell, Fitted, NoLayout, layout};
pub use logs::{Log, common_encoding, log, symphony, web};
pub use name_pattern::pattern;
pub use sniffed::{sniff, sniff_sheet};
