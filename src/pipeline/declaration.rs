//! The TOML of a pipeline, as written. Every key is documented here and in the files beside, one for each of its questions;
//! an unknown key is an error.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::words::{Kind, Need, Side, Way};

mod columns;
mod database;
mod key;
mod mailing;
mod meaning;
mod publish;
mod read;
mod requests;
pub(super) mod source;
mod trace;

pub use columns::{Closed, Columns, IdType, Patron, TransactionColumn};
pub use database::Database;
pub use key::{KeyType, SPARE};
pub use mailing::Mailing;
pub use meaning::{At, Condition, Needs, State, StateName};
pub use publish::{About, Counts, From, Publish, Statistics, Suffixes, Treatment};
pub use read::{Coverage, Datetime, Read, WrittenAs};
pub use requests::Requests;
pub use source::{Gather, Keys, Lookup, Origin, Rows, Source};
pub use trace::{Of, Statements, Trace};

/// A pipeline file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// 1.
    pub format: u32,
    pub kind: Kind,
    /// Which side of a record is severed: "patron" unless declared. A kind may have one pipeline for each side; that of any
    /// side but the patron's publishes nothing.
    #[serde(default)]
    pub side: Side,
    /// Lower-case letters, digits and dashes: it becomes part of file names.
    pub name: String,
    /// One line for people.
    pub about: String,
    /// Proposed, and not yet gone through: a plan shows what it would do, and a run leaves it out, so that no month is settled
    /// of which nothing was published.
    #[serde(default)]
    pub unfinished: bool,
    pub read: Read,
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
    pub columns: Columns,
    #[serde(default, rename = "lookup")]
    pub lookups: Vec<Lookup>,
    #[serde(default, rename = "state")]
    pub states: Vec<State>,
    #[serde(default)]
    pub needs: Needs,
    /// Of a log alone. Without it every row counts.
    pub requests: Option<Requests>,
    /// Of loans whose renewals are rows of their own. Without it every row is a checkout.
    pub counts: Option<Counts>,
    #[serde(default, rename = "publish")]
    pub publish: Vec<Publish>,
    #[serde(default)]
    pub statistics: Vec<Statistics>,
    /// Of patron records alone.
    pub mailing: Option<Mailing>,
    /// Everywhere the system keeps who it was.
    #[serde(default, rename = "trace")]
    pub traces: Vec<Trace>,
    /// SQL that several statements have in common, by name: there `{name}` stands for it.
    #[serde(default)]
    pub pieces: BTreeMap<String, String>,
    /// What `[[trace]]` was called before; refused.
    #[serde(default)]
    pub(in crate::pipeline) purge: Vec<serde::de::IgnoredAny>,
    /// The system's own database, where afterloan knows how to reach one of its kind.
    pub database: Option<Database>,
    /// How a transaction begins in the system's SQL.
    #[serde(default = "begin")]
    pub begin: String,
    #[serde(default, rename = "test")]
    pub tests: Vec<Test>,
}

fn begin() -> String {
    "BEGIN".into()
}

impl Declaration {
    /// Whether its transactions have no id that the system knows: then nothing is severed by it.
    pub fn severs_nothing(&self) -> bool {
        matches!(self.columns.transaction, Some(TransactionColumn::Made { .. }))
    }

    /// Whether what tells its transactions apart says whose they are: such a row changes its id with its patron's name.
    pub fn knows_by_patron(&self) -> bool {
        let made = self.columns.transaction.iter().flat_map(TransactionColumn::columns);
        self.severs_nothing() && made.into_iter().any(|column| self.columns.patron.has(column))
    }

    /// Whether the worklist of these transactions has SQL: whether anything severs a trace of theirs.
    pub fn severs(&self, of: Of) -> bool {
        self.traces.iter().any(|trace| !trace.severs(of).is_empty())
    }

    /// Puts the pieces in where statements name them.
    pub(in crate::pipeline) fn put_pieces_in(&mut self) {
        for (name, piece) in &self.pieces {
            let name = format!("{{{name}}}");
            for trace in &mut self.traces {
                let severs = trace.sever.iter_mut().flat_map(Statements::all_mut);
                severs.chain(&mut trace.count).for_each(|sql| *sql = sql.replace(&name, piece.trim()));
            }
        }
    }

    pub fn is_log(&self) -> bool {
        self.read.coverage == Coverage::Log
    }

    /// How a file is written that may say it itself.
    pub fn written<'a>(&'a self, own: &'a Option<WrittenAs>) -> &'a WrittenAs {
        own.as_ref().unwrap_or(&self.read.written)
    }

    /// Every name of a cell that decides: what states and needs ask for, and who wants to be on a list.
    pub fn asked(&self) -> impl Iterator<Item = &String> {
        let opt_ins = self.mailing.iter().flat_map(|mailing| mailing.opt_in.values()).flat_map(BTreeMap::keys);
        let closed = self.columns.closed.iter().flat_map(|closed| closed.columns());
        let states = self.states.iter().flat_map(|state| state.when.keys());
        states.chain(self.needs.asked()).chain(opt_ins).chain(closed).chain(&self.columns.linked)
    }
}

/// A transaction, what other exports say of it, and what must follow.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    pub name: String,
    pub as_of: String,
    /// The library's time zone; America/New_York unless said, wherever the site is.
    pub timezone: Option<String>,
    /// Which source the rows come from; the first, if it isn't said.
    pub part: Option<String>,
    /// Days of grace by the way in which a hold ended; 30 unless said.
    #[serde(default)]
    pub graces: BTreeMap<Way, i32>,
    /// The first is the one that is tested. Columns that aren't named are null.
    pub rows: Vec<BTreeMap<String, String>>,
    /// Rows of lookups, by the lookup's name.
    #[serde(default)]
    pub lookup: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    pub expect: Expect,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// "due", "kept", "unlinked" or "rejected".
    pub decision: String,
    #[serde(default)]
    pub needs: Vec<Need>,
    /// With `[requests]`: whether it is a request that counts.
    pub counts: Option<bool>,
    /// Published values, by column.
    #[serde(default)]
    pub publish: BTreeMap<String, String>,
}
