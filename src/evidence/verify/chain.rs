//! The ledger itself: its lines, their order, their chain and their signatures.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::Path;

use super::found::{Fault, Verified};
use super::keyed::Unfinished;
use super::place::Places;
use crate::evidence::ledger::{self, Line};
use crate::evidence::public_key::{self, PublicKey, PublicKeyError};
use crate::plain_file;
use crate::words::Digest;

/// A ledger line and where it stands, from 1.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub number: usize,
    pub line: Line,
}

/// What could be read of the ledger.
pub(super) struct Chain {
    /// The lines that could be read.
    pub lines: Vec<Placed>,
    /// The digest of every line, also of those that could not be read.
    pub digests: Vec<Digest>,
    /// Whether some line could not be read: then nobody knows what it named.
    pub damaged: bool,
    /// Whether there is a ledger at all.
    pub found: bool,
}

impl Chain {
    /// Whether some line has this digest.
    pub fn has(&self, digest: Digest) -> bool {
        self.digests.contains(&digest)
    }
}

/// `own`: the site's signing key, where `state/` can be read.
pub(super) fn check(places: Places<'_>, own: Option<PublicKey>, chain: &Chain, verified: &mut Verified) {
    check_order(chain, verified);
    check_signatures(places, own, chain, verified);
}

/// Reads all lines; one that can't be read is a problem, and leaves the others readable. `unfinished`: a run that may have been
/// killed while it wrote its line.
pub(super) fn read(site_root: &Path, unfinished: Option<&Unfinished>, verified: &mut Verified) -> Chain {
    let mut chain = Chain { lines: Vec::new(), digests: Vec::new(), damaged: false, found: true };
    let bytes = match plain_file::read(&site_root.join(ledger::PATH)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            chain.found = false;
            Vec::new()
        }
        Err(error) => {
            chain.damaged = true;
            verified.problem(Fault::Unreadable, ledger::PATH, None, format!("can't be read: {error}"));
            return chain;
        }
    };
    let (texts, rest) = ledger::split(&bytes);
    for (i, text) in texts.into_iter().enumerate() {
        chain.digests.push(Digest::of(text));
        match Line::parse(text) {
            Ok(line) => chain.lines.push(Placed { number: i + 1, line }),
            Err(error) => {
                chain.damaged = true;
                verified.problem(Fault::Edited, ledger::PATH, Some(i + 1), error.to_string());
            }
        }
    }
    let torn_by_a_kill = unfinished.is_some_and(|run| run.line.as_bytes().starts_with(rest));
    if !rest.is_empty() && !torn_by_a_kill {
        chain.damaged = true;
        let number = chain.digests.len() + 1;
        let what = "has no end: it was edited or cut, or a run was killed while writing it (the next run mends that)";
        verified.problem(Fault::Edited, ledger::PATH, Some(number), what);
    }
    verified.head = Some(chain.digests.last().copied().unwrap_or(ledger::BEFORE_THE_FIRST));
    chain
}

/// Sequence numbers first, as they tell best what happened; then the chain.
pub(super) fn check_order(chain: &Chain, verified: &mut Verified) {
    let mut expected = 1;
    let mut place = 0;
    for (i, Placed { number, line }) in chain.lines.iter().enumerate() {
        // A line that can't be read stands for the run whose place it has.
        expected = u64::saturating_add(expected, (number - place - 1) as u64);
        place = *number;
        let sequence = line.entry.sequence;
        let elsewhere = |run: u64, lines: &[Placed]| lines.iter().any(|other| other.line.entry.sequence == run);
        let (before, after) = (&chain.lines[..i], &chain.lines[i + 1..]);
        let found = if sequence == expected {
            None
        } else if elsewhere(sequence, before) {
            Some((Fault::Added, format!("repeats run {sequence}: it was added")))
        } else if sequence < expected {
            Some((Fault::Reordered, format!("is run {sequence} after a later one: lines were reordered")))
        } else if elsewhere(expected, after) {
            let what = format!("is run {sequence} where run {expected} should be: lines were reordered");
            Some((Fault::Reordered, what))
        } else {
            let what = match sequence - expected {
                1 => format!("is run {sequence}, but run {expected} is missing before it: a line was removed"),
                _ => {
                    let last = sequence - 1;
                    format!(
                        "is run {sequence}, but runs {expected} to {last} are missing before it: lines were removed"
                    )
                }
            };
            Some((Fault::Removed, what))
        };
        let previous = match number.checked_sub(2) {
            Some(before) => chain.digests.get(before).copied(),
            None => Some(ledger::BEFORE_THE_FIRST),
        };
        let linked = previous == Some(line.entry.previous);
        match found {
            Some((fault, what)) => verified.problem(fault, ledger::PATH, Some(*number), what),
            None if !linked => verified.problem(
                Fault::Edited,
                ledger::PATH,
                Some(*number),
                "doesn't follow from the line before it: that line was edited or exchanged",
            ),
            None => verified.checked.entries += 1,
        }
        expected = expected.max(sequence.saturating_add(1));
    }
}

fn check_signatures(places: Places<'_>, own: Option<PublicKey>, chain: &Chain, verified: &mut Verified) {
    let key = match public_key::read(&places.of(public_key::PATH)) {
        Ok(key) => Some(key),
        Err(PublicKeyError::Unreadable { error, .. }) if error.kind() == ErrorKind::NotFound => {
            if !chain.digests.is_empty() || own.is_some() {
                let what = "is missing: it was removed. Signatures were checked with the keys that the lines name";
                verified.problem(Fault::Removed, public_key::PATH, None, what);
            }
            None
        }
        Err(PublicKeyError::Unreadable { error, .. }) => {
            verified.problem(Fault::Unreadable, public_key::PATH, None, format!("can't be read: {error}"));
            None
        }
        Err(PublicKeyError::Malformed { .. }) => {
            let what = "is not a public key as afterloan writes it: it was edited";
            verified.problem(Fault::Edited, public_key::PATH, None, what);
            None
        }
        Err(PublicKeyError::Format { format, .. }) => {
            let what = format!("has format {format}; this afterloan reads format 1: it was edited, or use a newer one");
            verified.problem(Fault::Unreadable, public_key::PATH, None, what);
            None
        }
    };
    if let (Some(key), Some(own)) = (key, own)
        && key != own
    {
        let what =
            "is not the key of state/keys/signing.key: it was exchanged, and the ledger may have been signed anew";
        verified.problem(Fault::KeyExchanged, public_key::PATH, None, what);
    }
    let (key, whose) = match own {
        Some(own) => (Some(own), "state/keys/signing.key"),
        None => (key, public_key::PATH),
    };
    check_signers(chain, key, whose, verified);
}

/// Each line against the key that it names, and that against the key in force there: the file's, from the last line
/// back to where another handed over to it.
fn check_signers(chain: &Chain, key: Option<PublicKey>, whose: &str, verified: &mut Verified) {
    let mut in_force = key;
    let mut others: BTreeMap<PublicKey, usize> = BTreeMap::new();
    let mut unsigned = Vec::new();
    for Placed { number, line } in chain.lines.iter().rev() {
        let named = line.entry.public_key;
        if in_force.is_some() && in_force == line.entry.act.next_key(line.entry.previous) {
            in_force = Some(named);
        }
        if in_force.is_some_and(|key| key != named) {
            // Reading backwards, the first line that names it comes last.
            others.insert(named, *number);
        }
        if line.is_signed_by(&named) {
            verified.checked.signatures += u64::from(in_force == Some(named));
        } else {
            unsigned.push(*number);
        }
    }
    for number in others.into_values().collect::<BTreeSet<_>>() {
        let what = format!("names another key than {whose}: the key file was exchanged, or the line was");
        verified.problem(Fault::KeyExchanged, ledger::PATH, Some(number), what);
    }
    for number in unsigned.into_iter().rev() {
        let what = "its signature doesn't fit what it says: it was edited";
        verified.problem(Fault::Edited, ledger::PATH, Some(number), what);
    }
}
