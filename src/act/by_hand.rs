//! What a person does to a site beside nights: an act with her name and, but for a sign-off, a reason. This commits it: what it
//! writes, and a memory that follows the ledger.

use std::fs;

use super::begin::memory::{self, Memory};
use super::begin::{BeginError, Ground};
use super::commit::{self, Place};
use super::end::{ThisAct, act_words, cant_write, last_report, write_index};
use super::refusal::Refusal;
use crate::evidence::ledger::Act;
use crate::state::commit::{Hook, Pending, no_hook, recover};
use crate::state::json;
use crate::words::{Digest, is_hidden};

/// Names and reasons are a line in the ledger, which everybody in the house reads.
const LONGEST: usize = 200;

/// A name or a reason as it enters the ledger; `what` it is, for the error.
pub fn said(what: &str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let why = if text.is_empty() {
        "is empty"
    } else if text.chars().count() > LONGEST {
        "is longer than 200 characters"
    } else if text.contains(is_hidden) {
        "has characters that don't show"
    } else {
        return Ok(text.to_owned());
    };
    Err(Refusal::Plain(format!("{what} {why}: the ledger keeps it for good. Nothing was done")))
}

/// Commits an act: `write` makes its files and says what it is. Returns the ledger's new head. Where it fails before the instant
/// of commit, the site is as it was.
pub fn commit(
    ground: &Ground,
    hook: Hook<'_>,
    write: impl FnOnce(&mut Pending<'_>, &mut Memory) -> Result<Act, Refusal>,
) -> Result<Digest, Refusal> {
    let mut pending = Pending::begin(&ground.site, ground.sequence(), hook).map_err(|error| {
        // A part of the act's folder may be there.
        let _ = recover(&ground.site, &no_hook);
        BeginError::from(error)
    })?;
    let act = match written(ground, &mut pending, write) {
        Ok(act) => act,
        Err(refusal) => {
            pending.discard()?;
            return Err(refusal);
        }
    };
    let place = Place {
        site: &ground.site,
        keys: &ground.keys,
        sequence: ground.sequence(),
        previous: ground.head(),
        at: ground.now,
        // It retires nothing: a hold that is placed meanwhile changes nothing in it.
        still: &|| Ok(None),
    };
    commit::commit(&place, pending, |_| Ok(act))
}

fn written(
    ground: &Ground,
    pending: &mut Pending<'_>,
    write: impl FnOnce(&mut Pending<'_>, &mut Memory) -> Result<Act, Refusal>,
) -> Result<Act, Refusal> {
    let mut memory = ground.memory.clone();
    memory.sequence = ground.sequence();
    memory.previous_head = Some(ground.head());
    let act = write(pending, &mut memory)?;
    let bytes = json::to_bytes(&memory, &ground.site.at(memory::PATH)).map_err(BeginError::from)?;
    let now_at = pending.file(memory::PATH)?;
    fs::write(&now_at, bytes).map_err(|error| cant_write(&now_at, error))?;
    if let Some(last) = last_report(&ground.site) {
        let this = ThisAct {
            site: &ground.site,
            policy: &ground.policy,
            sequence: ground.sequence(),
            at: ground.now,
            day: ground.day,
            what: act_words(&act),
            files: &[],
            signs: if let Act::SignOff(sign) = &act { Some((sign.of, &sign.by)) } else { None },
        };
        write_index(pending, &memory, &last, &this)?;
    }
    Ok(act)
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn a_name_is_a_line_that_shows() {
        assert_eq!(said("the name", "  A. Person ").unwrap(), "A. Person");
        let long = "x".repeat(201);
        for (text, why) in [
            ("", "is empty"),
            (" \t", "is empty"),
            (&long, "longer than 200"),
            ("a\nb", "don't show"),
            ("a\u{202e}b", "don't show"),
        ] {
            let error = said("the name", text).unwrap_err().to_string();
            assert!(error.starts_with("the name ") && error.contains(why), "{text:?}: {error}");
        }
    }
}
