//! The library system's own database: tables out, in one snapshot; statements in, a transaction at a time.
//!
//! `system` is `system.toml`, `session` a connection, `snapshot` what a night reads, `text` how rows become an export,
//! `catalogue` which columns there are. What a column means, and what is severed, stands in pipelines.

mod account;
mod catalogue;
mod error;
mod kind;
mod mariadb;
mod postgresql;
mod session;
mod snapshot;
mod system;
mod text;

pub use account::Account;
pub use catalogue::{Catalogue, Column};
pub use error::LiveError;
pub use kind::DatabaseKind;
pub use session::Session;
pub use snapshot::{Selection, Snapshot};
pub use system::{FILE, System};
