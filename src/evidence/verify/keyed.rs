//! The seam by which whoever may read `state/` lends what it knows: its keys, and what it remembers of the last run.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::PathBuf;

use crate::evidence::public_key::PublicKey;
use crate::words::Digest;

/// Recomputes keyed digests, and says what else `state/` knows. Whoever may read `state/` can offer one.
pub trait KeyedCheck {
    /// The keyed digest of all `bytes`. `label` is the file's path from the site's folder, with `/`.
    fn digest(&self, label: &str, bytes: &mut dyn Read) -> io::Result<Digest>;

    /// The key that signs the site's ledger: what `reports/public-key` says must be this one.
    fn signing_key(&self) -> Option<PublicKey> {
        None
    }

    /// The key that will sign, once what waits to be finished is: asked for where that is committed.
    fn waiting_signing_key(&self) -> Option<PublicKey> {
        None
    }

    /// The last run that `state/` knows of.
    fn last_run(&self) -> Option<LastRun> {
        None
    }

    /// What a killed run left to be finished.
    fn unfinished(&self) -> Option<&Unfinished> {
        None
    }

    /// Worklists that a refused night withdrew: they are rightly gone.
    fn withdrawn(&self) -> &[String] {
        &[]
    }
}

/// What `state/` remembers of the last run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LastRun {
    /// Its number; 0 before the first.
    pub sequence: u64,
    /// The ledger's head before its entry; older versions didn't remember it.
    pub previous: Option<Digest>,
}

/// A run that was killed once its manifest was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unfinished {
    pub sequence: u64,
    /// Its line for the ledger.
    pub line: String,
    /// Where its files wait, laid out like the site.
    pub files: PathBuf,
    /// What it removes.
    pub removals: BTreeSet<String>,
}
