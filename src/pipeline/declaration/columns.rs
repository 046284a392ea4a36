//! `[columns]`: what the columns of a transaction mean.

use serde::Deserialize;

/// What the columns of a transaction mean. Each column of the export is named once somewhere in the pipeline.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// Of a snapshot alone, and required there: a row of a log is known by its file and line.
    pub transaction: Option<TransactionColumn>,
    pub patron: Patron,
    /// Patron values that name nobody, beside null.
    #[serde(default)]
    pub nobody: Vec<String>,
    /// Of a side other than the patron's: what is severed there. A row is linked while any of these says anything; `[[purge]]`
    /// empties them all.
    #[serde(default)]
    pub linked: Vec<String>,
    /// Values of `linked` that say nothing, beside null.
    #[serde(default)]
    pub nothing: Vec<String>,
    /// Other persons (staff, proxies, requestors): never leave.
    #[serde(default)]
    pub people: Vec<String>,
    pub item: Option<String>,
    /// What legal holds by branch mean, where no `branch` is published: a column of the transaction or of a lookup.
    pub branch: Option<String>,
    pub opened: String,
    pub closed: Option<Closed>,
    /// How often it was renewed, where that is a number on the row.
    pub renewals: Option<String>,
    /// The transaction that this one renews, where a renewal is a row of its own.
    pub renews: Option<String>,
    /// Never leave, and searched for, anywhere in a text, in all that does.
    #[serde(default)]
    pub identifiers: Vec<String>,
    /// Parts of a person's name: the full name is searched for anywhere, each part as a text of its own.
    #[serde(default)]
    pub names: Vec<String>,
    /// Never leave as they are; searched for as a text of their own (birth dates, post codes, patron numbers).
    #[serde(default)]
    pub alone: Vec<String>,
    /// Not used, and never leave.
    #[serde(default)]
    pub drop: Vec<String>,
}

/// Where the patron is named.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "write a column, or { first = [columns] }")]
pub enum Patron {
    Column(String),
    /// The first of these that names somebody: a row without a login may still name a device.
    First {
        first: Vec<String>,
    },
}

impl Patron {
    pub fn columns(&self) -> &[String] {
        match self {
            Patron::Column(column) => std::slice::from_ref(column),
            Patron::First { first } => first,
        }
    }

    pub fn has(&self, name: &str) -> bool {
        self.columns().iter().any(|column| column == name)
    }
}

/// What tells one transaction from another.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "write { column = \"…\", type = \"integer\" } (or \"text\"), or, where no column has an id, { columns = [several] }"
)]
pub enum TransactionColumn {
    /// The system's own number.
    #[serde(rename_all = "lowercase")]
    Own {
        column: String,
        /// Ids end up in SQL: a row whose id isn't of this type is rejected.
        r#type: IdType,
    },
    /// Several cells that together no other transaction has. The system doesn't know such an id: it stands on no worklist, and
    /// nothing is severed by it.
    Made { columns: Vec<String> },
}

impl TransactionColumn {
    pub fn columns(&self) -> &[String] {
        match self {
            TransactionColumn::Own { column, .. } => std::slice::from_ref(column),
            TransactionColumn::Made { columns } => columns,
        }
    }

    pub fn has(&self, name: &str) -> bool {
        self.columns().iter().any(|column| column == name)
    }

    /// The column of the system's own number, if it has one.
    pub fn own(&self) -> Option<&String> {
        match self {
            TransactionColumn::Own { column, .. } => Some(column),
            TransactionColumn::Made { .. } => None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdType {
    Integer,
    /// Letters, digits and `-_.:`, up to 64 of them (a UUID, say).
    Text,
}

/// Where the closing time stands.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "write a column, { first = [columns] } or { latest = [columns] }, and with the latter, if you like, else = [columns]"
)]
pub enum Closed {
    Column(String),
    /// The first of these that is set.
    First {
        first: Vec<String>,
    },
    /// The latest of these that are set; where none is, the first that is set of `else`.
    Latest {
        latest: Vec<String>,
        #[serde(default, rename = "else")]
        otherwise: Vec<String>,
    },
}

impl Closed {
    /// All of them, in the order in which they are looked at.
    pub fn columns(&self) -> impl Iterator<Item = &String> {
        let (together, one_by_one) = self.parts();
        together.iter().chain(one_by_one)
    }

    /// Those of which the latest counts, and those of which the first counts where none of the others is set.
    pub fn parts(&self) -> (&[String], &[String]) {
        match self {
            Closed::Column(column) => (&[], std::slice::from_ref(column)),
            Closed::First { first } => (&[], first),
            Closed::Latest { latest, otherwise } => (latest, otherwise),
        }
    }
}
