//! What is doubtful where a pipeline and its exports disagree, as `check` shows it.

mod column_doubts;
mod columns;
mod composite_keys;
mod declared_uses;
mod disguised;
mod doubt;
mod export_profile;
mod header;
mod join_check;
mod nearly_alone;
mod one_for_many;
mod own_number;
mod unreached_states;
mod unruled_rows;

pub use columns::{InboxFiles, Line, dangers, look};
pub use disguised::disguised;
pub use doubt::{Danger, Doubt};
pub use header::{Expected, ExpectedOf, Header, expected, headers};
pub use unreached_states::unreached;
