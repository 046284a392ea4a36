//! Logs: a file waits until all of it is due, is retired whole, once, and is then deleted if the policy says so.

mod again;
mod counting;
mod crashes;
mod files;
mod forwarded;
mod months;
mod repeated;
pub mod site;
mod unlisted;
