//! What one run leaves for the next: state/memory.json. Counts and digests, no ids.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::evidence::exposure::{Counted, History};
use crate::evidence::ledger::ExportsDeleted;
use crate::export::Found;
use crate::pass::DateCount;
use crate::state::json::Format;
use crate::state::register::Head;
use crate::words::{Day, Digest, Kind, Month, Need, Side};

pub const PATH: &str = "state/memory.json";
/// How many runs' retirements are remembered for the median.
pub const RUNS_REMEMBERED: usize = 28;

/// Everything that is remembered between runs, beside what is known of single transactions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    pub format: Format<1>,
    /// The last committed run; 0 before the first.
    pub sequence: u64,
    /// The ledger's head before its entry. Older versions didn't remember it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_head: Option<Digest>,
    /// Its as-of, RFC 3339.
    pub as_of: Option<String>,
    pub day: Option<Day>,
    pub policy: Option<Digest>,
    /// Of the hold register by which it decided. Older versions didn't remember it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<Digest>,
    /// Its head: what isn't in it any more was cut, or an older copy was put back. None: it was written by hand, or an older
    /// version ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<Head>,
    pub pipelines: BTreeMap<String, PipelineMemory>,
    pub released: BTreeMap<Kind, BTreeMap<Month, Final>>,
    /// By pipeline, what led to a patron when it was last read or purged. Older versions didn't remember it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exposure: BTreeMap<String, Counted>,
    /// How that has changed, over all pipelines.
    #[serde(default, skip_serializing_if = "History::is_empty")]
    pub history: History,
    /// Months of years that are never told, as the year's key was destroyed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub untold: BTreeMap<Kind, BTreeSet<Month>>,
    /// Folders that a takedown withdrew, relative to `public/`: none of them is published again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub taken_down: BTreeSet<String>,
    /// The exports that were deleted after the last run: the next entry records it.
    pub exports_deleted: ExportsDeleted,
    /// The same as files: a run that was killed before it could delete them leaves that to the next.
    pub to_delete: Vec<ToDelete>,
}

/// An export that the policy says to delete, as it was when it was read: a newer one of the same name stays.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToDelete {
    /// Its name in the inbox.
    pub name: String,
    pub bytes: u64,
    /// Its modification time, RFC 3339.
    pub modified: String,
}

impl ToDelete {
    /// Whether a file is what was read.
    pub fn is(&self, found: &Found) -> bool {
        let modified = found.modified().map(|modified| modified.to_string());
        found.name() == self.name && found.bytes == self.bytes && modified.as_ref() == Some(&self.modified)
    }
}

/// A month that is final.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Final {
    pub sequence: u64,
    pub rows: u64,
    /// Why nothing was published.
    pub closed: Option<String>,
    /// A person closed it, between two nights, before all of its transactions were seen: none that comes later is late.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PipelineMemory {
    /// What its known ids were requested for.
    #[serde(default)]
    pub side: Side,
    pub declaration: Option<Digest>,
    /// Records of each part and lookup.
    pub parts: BTreeMap<String, u64>,
    pub lookups: BTreeMap<String, u64>,
    pub dates: BTreeMap<String, Dates>,
    /// By lookup that decides by having no row, the linked transactions that had one.
    #[serde(default)]
    pub met: BTreeMap<String, u64>,
    /// Retired in each of the last runs, the newest last.
    pub retired: Vec<u64>,
    pub undeclared: Vec<String>,
    /// The worklist that stands: it goes when the next one comes.
    pub worklists: Vec<String>,
    /// It was carried out to its end.
    #[serde(default)]
    pub purged: bool,
    /// By trace, how many rows a purge found that still lead to a patron; none: nobody counted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub traces: BTreeMap<String, u64>,
    /// The mailing lists that stand: they go when the next run commits.
    #[serde(default)]
    pub mailing: Vec<String>,
    /// Of a log: how many files are known to be retired.
    #[serde(default)]
    pub logs: u64,
    /// Undetermined rows; None: a run of before didn't say.
    #[serde(default)]
    pub undetermined: Option<u64>,
    /// What each export held.
    #[serde(default)]
    pub contents: BTreeMap<String, Content>,
    /// By how many days the newest date was behind the exports.
    #[serde(default)]
    pub behind: i32,
    /// Kept rows by need.
    #[serde(default)]
    pub needs: BTreeMap<Need, u64>,
    /// What a person has been asked to look at, by sort: how much of it there was.
    #[serde(default)]
    pub attention: BTreeMap<String, u64>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    pub set: u64,
    pub unreadable: u64,
    /// The newest that doesn't lie ahead, and how many lie more than a day ahead.
    #[serde(default)]
    pub newest: Option<Day>,
    #[serde(default)]
    pub ahead: u64,
}

/// What an export held, to tell whether it is the same again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Of its files, sorted.
    pub digests: Vec<Digest>,
    /// For how many runs in a row it has been another than before.
    pub changed: u32,
    /// Whether it ever was the same in two runs, and a person or nobody minded.
    pub repeated: bool,
}

impl From<DateCount> for Dates {
    fn from(count: DateCount) -> Dates {
        Dates { set: count.set, unreadable: count.unreadable, newest: count.newest, ahead: count.ahead }
    }
}

impl Memory {
    /// Whether a month of a kind is final.
    pub fn is_final(&self, kind: Kind, month: Month) -> bool {
        self.released.get(&kind).is_some_and(|months| months.contains_key(&month))
    }

    /// Whether a person closed it.
    pub fn is_closed_by_hand(&self, kind: Kind, month: Month) -> bool {
        self.released.get(&kind).and_then(|months| months.get(&month)).is_some_and(|known| known.by_hand)
    }

    /// Whether a month's year is never told.
    pub fn is_untold(&self, kind: Kind, month: Month) -> bool {
        self.untold.get(&kind).is_some_and(|months| months.contains(&month))
    }
}
