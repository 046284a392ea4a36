//! A fault of afterloan's own (a panic), where it may not reach further: it becomes an error that says in which line of
//! code it happened, and never what it was about, since a message could quote a cell.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};
use std::sync::{Mutex, MutexGuard};

/// The first place since the last one was taken: a fault on one thread can bring about others.
static PLACE: Mutex<Option<String>> = Mutex::new(None);

#[derive(Debug, thiserror::Error)]
#[error("afterloan itself has a fault (it panicked at {place}): please report this line")]
pub struct Fault {
    place: String,
}

/// Does some work. A fault in it, on whichever thread, is an error; so nothing that it began may be used any further.
pub fn contained<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| Fault { place: place().take().unwrap_or_else(|| "a place that isn't known".into()) })
}

/// From now on a fault says on standard error where it happened, and nothing else. For the program's beginning.
pub fn on_fault_tell_place() {
    set_hook(Box::new(|fault| {
        use std::io::Write;
        let told = note(fault);
        let _ = writeln!(std::io::stderr(), "afterloan panicked at {told}");
    }));
}

fn note(fault: &PanicHookInfo<'_>) -> String {
    let told = fault.location().map_or_else(|| "a place that isn't known".into(), ToString::to_string);
    place().get_or_insert_with(|| told.clone());
    told
}

fn place() -> MutexGuard<'static, Option<String>> {
    PLACE.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::*;

    /// Other tests' faults are told as before.
    fn noting() {
        let before = std::panic::take_hook();
        set_hook(Box::new(move |fault| {
            note(fault);
            before(fault);
        }));
    }

    #[test]
    fn a_fault_is_an_error_that_names_its_place_and_no_cell() {
        noting();
        assert_eq!(contained(|| 7).unwrap(), 7);
        let on_this_thread: fn() = || panic!("Quillfeather, Odalys");
        let on_a_worker: fn() = || (0..64).into_par_iter().for_each(|at| assert!(at != 40, "Quillfeather, Odalys"));
        let on_a_thread_of_its_own: fn() = || {
            std::thread::scope(|scope| {
                scope.spawn(|| panic!("Quillfeather, Odalys"));
            });
        };
        for work in [on_this_thread, on_a_worker, on_a_thread_of_its_own] {
            let told = contained(work).unwrap_err().to_string();
            assert!(told.contains("src/act/fault.rs:"), "{told}");
            assert!(!told.contains("Quillfeather"), "{told}");
        }
        assert_eq!(contained(|| 8).unwrap(), 8, "and work goes on");
    }
}
