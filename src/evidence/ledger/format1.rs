//! Entries of format 1, which knew runs alone and told how long every file is. Read, and never written anew.

use serde::{Deserialize, Serialize};

use super::act::{Act, ExportsDeleted, RunAct};
use super::entry::{Entry, FileDigest, FileEntry};
use crate::evidence::public_key::PublicKey;
use crate::words::Digest;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry1 {
    format: u32,
    sequence: u64,
    previous: Digest,
    public_key: PublicKey,
    run: RunStamp1,
    report: Digest,
    plan: Digest,
    files: Vec<FileEntry1>,
    removed: Vec<String>,
    exports_deleted: ExportsDeleted,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RunStamp1 {
    as_of: String,
    at: String,
    afterloan: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileEntry1 {
    path: String,
    bytes: u64,
    digest: FileDigest,
}

impl From<Entry1> for Entry {
    fn from(entry: Entry1) -> Entry {
        let Entry1 { format, sequence, previous, public_key, run, report, plan, files, removed, exports_deleted } =
            entry;
        let RunStamp1 { as_of, at, afterloan } = run;
        let file = |FileEntry1 { path, bytes, digest }| FileEntry { path, bytes: Some(bytes), digest };
        let files = files.into_iter().map(file).collect();
        let act = Act::Run(RunAct { as_of, report, plan, exports_deleted });
        Entry { format, sequence, previous, public_key, at, afterloan, act, files, removed }
    }
}
