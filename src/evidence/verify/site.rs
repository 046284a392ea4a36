//! A whole site: chain, files, reports, in this order.

use std::path::Path;

use super::chain::{self, Chain};
use super::found::{Fault, Verified};
use super::keyed::KeyedCheck;
use super::{files, reports};
use crate::evidence::ledger;
use crate::words::Digest;

/// Checks the site at `site_root`. `head` was noted or printed earlier.
pub fn verify(site_root: &Path, head: Option<Digest>, keys: Option<&dyn KeyedCheck>) -> Verified {
    let mut verified = Verified::default();
    let chain = chain::check(site_root, &mut verified);
    if let Some(head) = head {
        compare_head(head, &chain, &mut verified);
    }
    let files = files::check(site_root, &chain, keys, &mut verified);
    reports::check(site_root, &chain, &files, &mut verified);
    verified
}

/// `head` must be the ledger's, or have been.
fn compare_head(head: Digest, chain: &Chain, verified: &mut Verified) {
    let position = if head == ledger::BEFORE_THE_FIRST {
        Some(0)
    } else {
        chain.digests.iter().position(|digest| *digest == head).map(|before| before + 1)
    };
    match position {
        Some(lines) => verified.runs_since_head = Some((chain.digests.len() - lines) as u64),
        None => verified.problem(
            Fault::RolledBack,
            ledger::PATH,
            None,
            "was rolled back or rewritten: no line of it has the head that was noted",
        ),
    }
}
