//! Up to which run people have signed: who has seen which report, by the ledger alone.
//!
//! A sign-off covers the report that it names and, as the chain holds them, all before it. One that names another report than
//! the run left covers nothing. What it proves is what every line proves: that the site's key signed it, not whose hand it was.

use super::act::{Act, SignOff};
use super::line::Line;

/// How far the runs of a ledger are signed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Signed {
    /// The sign-off that reaches furthest, the first of those that reach as far. None: nobody has signed yet.
    pub up_to: Option<SignedOff>,
    /// The runs after it, oldest first.
    pub unsigned: Vec<Unsigned>,
}

/// A person has seen the report of this run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedOff {
    pub run: u64,
    pub by: String,
    /// The clock when it was signed, RFC 3339.
    pub at: String,
}

/// A run that no sign-off covers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unsigned {
    pub run: u64,
    /// The clock when it began, RFC 3339.
    pub at: String,
}

impl Signed {
    /// Of all lines of a ledger, in their order.
    pub fn of(lines: &[Line]) -> Signed {
        let mut signed = Signed::default();
        for entry in lines.iter().map(|line| &line.entry) {
            match &entry.act {
                Act::Run(_) => signed.unsigned.push(Unsigned { run: entry.sequence, at: entry.at.clone() }),
                Act::SignOff(sign_off) if is_of_its_run(sign_off, entry.sequence, lines) => {
                    signed.take(sign_off, &entry.at);
                }
                _ => {}
            }
        }
        signed
    }

    /// One that reaches no further adds nothing.
    fn take(&mut self, sign_off: &SignOff, at: &str) {
        let run = sign_off.of;
        if self.up_to.as_ref().is_some_and(|known| known.run >= run) {
            return;
        }
        self.up_to = Some(SignedOff { run, by: sign_off.by.clone(), at: at.to_owned() });
        self.unsigned.retain(|one| one.run > run);
    }
}

/// Whether it names the report of a run before it.
fn is_of_its_run(sign_off: &SignOff, sequence: u64, lines: &[Line]) -> bool {
    let run = lines.iter().map(|line| &line.entry).find(|entry| entry.sequence == sign_off.of);
    run.is_some_and(|run| {
        matches!(run.act, Act::Run(_)) && run.sequence < sequence && run.act.report() == Some(sign_off.report)
    })
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;

    use super::super::tests::entry;
    use super::super::{BEFORE_THE_FIRST, Entry, Line, seal};
    use super::*;
    use crate::words::Digest;

    /// What an entry is of: a run, or the sign-off of a run.
    #[derive(Clone, Copy)]
    enum Does {
        Run,
        Signs(u64),
        /// With the digest of another report.
        SignsAnother(u64),
        Else,
    }
    use Does::{Else, Run, Signs, SignsAnother};

    fn signed(all: &[Does]) -> (Option<(u64, String)>, Vec<u64>) {
        let key = SigningKey::from_bytes(&[7; 32]);
        let line = |(at, does): (usize, &Does)| {
            let run = entry(at as u64 + 1, BEFORE_THE_FIRST);
            let sign = |of, report| Act::SignOff(SignOff { of, report, by: format!("Person {}", at + 1) });
            let act = match *does {
                Run => run.act.clone(),
                Signs(of) => sign(of, Digest([1; 32])),
                SignsAnother(of) => sign(of, Digest([9; 32])),
                Else => Act::Director,
            };
            let text = seal(Entry { at: format!("at {}", at + 1), act, ..run }, &key).unwrap();
            Line::parse(text.as_bytes()).unwrap()
        };
        let Signed { up_to, unsigned } = Signed::of(&all.iter().enumerate().map(line).collect::<Vec<_>>());
        assert!(unsigned.iter().all(|one| one.at == format!("at {}", one.run)));
        (up_to.map(|up_to| (up_to.run, up_to.by)), unsigned.iter().map(|one| one.run).collect())
    }

    #[test]
    fn a_sign_off_covers_its_run_and_all_before_it() {
        let by = |entry: u64| format!("Person {entry}");
        for (all, up_to, unsigned) in [
            (&[][..], None, &[][..]),
            (&[Run, Else, Run], None, &[1, 3]),
            (&[Run, Run, Signs(2)], Some((2, by(3))), &[]),
            (&[Run, Run, Signs(1), Run], Some((1, by(3))), &[2, 4]),
            // An older one adds nothing, and a second of the same run isn't the one that counts.
            (&[Run, Run, Signs(2), Signs(1), Signs(2)], Some((2, by(3))), &[]),
            (&[Run, Signs(1), Run, Signs(3), Run], Some((3, by(4))), &[5]),
            // Of another report, of no run, of one that doesn't stand before it.
            (&[Run, SignsAnother(1)], None, &[1]),
            (&[Else, Run, Signs(1)], None, &[2]),
            (&[Signs(2), Run], None, &[2]),
            (&[Run, Signs(2)], None, &[1]),
            (&[Run, Signs(77)], None, &[1]),
        ] {
            assert_eq!(signed(all), (up_to, unsigned.to_vec()));
        }
    }
}
