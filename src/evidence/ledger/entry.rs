//! One entry of the ledger: what is signed about one act.

use serde::{Deserialize, Serialize};

use super::act::Act;
use crate::evidence::public_key::PublicKey;
use crate::words::Digest;

/// Where the ledger lies, from the site's folder.
pub const PATH: &str = "reports/ledger.jsonl";

/// The format of new entries.
pub const FORMAT: u32 = 2;

/// The head of an empty ledger, and `previous` of the first entry.
pub const BEFORE_THE_FIRST: Digest = Digest([0; 32]);

/// What is signed about one act. The order of the fields is the order in the file: changing it makes another format.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// [`FORMAT`], or 1 where an older version wrote it.
    pub format: u32,
    /// The number of the act, from 1 on, without gaps.
    pub sequence: u64,
    /// The head before this entry.
    pub previous: Digest,
    /// The key that signs this entry; [`super::seal`] sets it.
    pub public_key: PublicKey,
    /// The clock when the act began, RFC 3339.
    pub at: String,
    /// The version of afterloan.
    pub afterloan: String,
    pub act: Act,
    /// Every file that the act left, under `public/`, `reports/`, `worklists/` and `state/`; not the ledger itself.
    pub files: Vec<FileEntry>,
    /// Files and folders, from the site's folder, that the act deletes: staging, keys.
    pub removed: Vec<String>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// From the site's folder, with `/`.
    pub path: String,
    /// How long it is. From format 2 on none where the digest is keyed: a length lets rows be counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    pub digest: FileDigest,
}

/// Files that anyone in the house may read have a plain digest; a worklist's would let its ids be guessed, so it and
/// all of `state/` have keyed ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileDigest {
    Sha256(Digest),
    Keyed(Digest),
}

impl FileEntry {
    /// A file that anyone in the house may read.
    pub fn open(path: String, bytes: u64, digest: Digest) -> FileEntry {
        FileEntry { path, bytes: Some(bytes), digest: FileDigest::Sha256(digest) }
    }

    /// A file of which the ledger tells nothing to who hasn't the site's key.
    pub fn closed(path: String, digest: Digest) -> FileEntry {
        FileEntry { path, bytes: None, digest: FileDigest::Keyed(digest) }
    }

    /// Whether it tells its length as its format has it.
    pub(super) fn tells_length_as(&self, format: u32) -> bool {
        self.bytes.is_some() == (format == 1 || matches!(self.digest, FileDigest::Sha256(_)))
    }
}
