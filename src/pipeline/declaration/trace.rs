//! `[[trace]]`: everywhere the system keeps who it was, and what is done about it.

use serde::Deserialize;

/// A place in the library system where the patron of a transaction can still be found: a column, a log, a letter. A pipeline
/// lists all that its system has, in the order in which they are severed: the link itself, by which the others are found, is last.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// As reports call it.
    pub name: String,
    /// One line for people: where it is, and what it says.
    pub about: String,
    /// The column that the export shows: exactly one, and last. When it names nobody, the next night sees it.
    #[serde(default)]
    pub link: bool,
    /// The system's own SQL. `{ids}` becomes a list of transaction ids. What depends on the system's release is marked: see
    /// `releases`.
    pub sever: Option<Statements>,
    /// Counts the rows that still lead from `{ids}` to a patron; without `{ids}`, from any transaction.
    pub count: Option<String>,
    /// Why it isn't severed.
    pub never: Option<String>,
    /// What removes it, or what a library can do, where it isn't severed.
    pub instead: Option<String>,
    /// Of which transactions it is severed.
    #[serde(default = "linked")]
    pub of: Vec<Of>,
}

/// Whether a transaction still names its patron where the export shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Of {
    Linked,
    /// It names nobody any more, since the system saw to that itself; other places may.
    Unlinked,
}

fn linked() -> Vec<Of> {
    vec![Of::Linked]
}

/// One statement, or several in order.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "write one statement, or a list of statements")]
pub enum Statements {
    One(String),
    Several(Vec<String>),
}

impl Statements {
    pub(in crate::pipeline) fn all_mut(&mut self) -> &mut [String] {
        match self {
            Statements::One(one) => std::slice::from_mut(one),
            Statements::Several(several) => several,
        }
    }

    pub fn all(&self) -> &[String] {
        match self {
            Statements::One(one) => std::slice::from_ref(one),
            Statements::Several(several) => several,
        }
    }
}

impl Trace {
    /// Every statement of it.
    pub fn statements_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let severs = self.sever.as_mut().map_or(&mut [][..], Statements::all_mut);
        severs.iter_mut().chain(&mut self.count)
    }

    /// The statements that sever it of these transactions; none where nothing does.
    pub fn severs(&self, of: Of) -> &[String] {
        match &self.sever {
            Some(statements) if self.of.contains(&of) => statements.all(),
            _ => &[],
        }
    }
}
