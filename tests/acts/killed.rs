//! An act that is killed at every moment of its commit: the site is as before it or as after it, and nobody is accused.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};

use afterloan::act::{KnownToState, Refusal};
use afterloan::evidence::ledger;
use afterloan::evidence::verify::verify;
use afterloan::state::commit::{Hook, Moment, leftover, no_hook, recover};
use afterloan::state::keys::Keys;

use crate::support::{TestSite, snapshot};

/// Done on a site, with a hook around each step.
pub type Act<'a> = &'a dyn Fn(&TestSite, Hook<'_>) -> Result<(), Refusal>;

/// None: it was stopped, as a kill stops it, or as a full disk does.
fn stopped<T, E>(stop: u32, by_panic: bool, action: impl FnOnce(Hook<'_>) -> Result<T, E>) -> Option<T> {
    let moments = AtomicU32::new(0);
    let hook = |_: Moment| {
        if moments.fetch_add(1, Ordering::Relaxed) != stop {
            return Ok(());
        }
        if by_panic {
            std::panic::resume_unwind(Box::new(()));
        }
        Err(std::io::Error::other("stopped"))
    };
    catch_unwind(AssertUnwindSafe(|| action(&hook))).ok().and_then(Result::ok)
}

/// Kills the act before and after each step. Returns the site after it.
pub fn at_every_step(base: &TestSite, act: Act<'_>) -> TestSite {
    let done = base.copy();
    act(&done, &no_hook).unwrap();
    let (before, after) = (snapshot(&base.root()), snapshot(&done.root()));
    assert_sound(&done, "undisturbed");
    let lines = |site: &TestSite| ledger::read(&site.site().ledger()).unwrap().len();
    let before_it = lines(base);
    let (mut was, mut is) = (0, 0);
    for by_panic in [true, false] {
        for stop in 0.. {
            let when = format!("stopped at {stop}, panic {by_panic}");
            let site = base.copy();
            let whole = stopped(stop, by_panic, |hook| act(&site, hook)).is_some();
            assert_sound(&site, &when);
            // What puts it in order may be killed, too.
            let mut again = 0;
            while stopped(again, by_panic, |hook| recover(&site.site(), hook)).is_none() {
                assert_sound(&site, &format!("{when}, again at {again}"));
                again += 1;
            }
            let committed = lines(&site) > before_it;
            let expected = if committed { &after } else { &before };
            assert_same(&snapshot(&site.root()), expected, &format!("{when}, committed {committed}"));
            if committed {
                is += 1;
            } else {
                was += 1;
                act(&site, &no_hook).unwrap();
                assert_same(&snapshot(&site.root()), &after, &format!("{when}, and done again"));
            }
            if whole {
                break;
            }
        }
    }
    assert!(was > 10 && is > 10, "{was} undone, {is} done");
    done
}

/// Nothing is wrong with the evidence; at most an act is unfinished.
fn assert_sound(site: &TestSite, when: &str) {
    let keys = Keys::load(&site.site()).unwrap_or_else(|error| panic!("{when}: {error}"));
    let known = KnownToState::of(&site.site(), &keys);
    let verified = verify(&site.root(), None, Some(&known));
    let problems: Vec<String> = verified.problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{when}: {problems:?}");
    assert_eq!(verified.unfinished.is_some(), leftover(&site.site()).unwrap().is_some(), "{when}");
}

type Files = Vec<(std::path::PathBuf, Vec<u8>)>;

fn assert_same(found: &Files, expected: &Files, when: &str) {
    let names = |files: &Files| files.iter().map(|(path, _)| path.display().to_string()).collect::<Vec<_>>();
    assert_eq!(names(found), names(expected), "{when}");
    for (one, other) in found.iter().zip(expected) {
        assert!(one.1 == other.1, "{when}: {} differs", one.0.display());
    }
}
