//! Who connects to the database.

/// One of the two accounts that `system.toml` names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Account {
    /// It may SELECT, and nothing else.
    Reader,
    /// What the traces need, no more.
    Purger,
}
