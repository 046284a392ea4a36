//! Thirty nights of a library where nothing is out of the ordinary: no brake holds one of them, whatever the system.

use afterloan::act;
use afterloan::state::commit::no_hook;

use super::brakes_of;
use super::library::{self, Library, System};
use crate::support::TestSite;

fn thirty_nights(system: System) {
    let mut library = Library::new(system);
    let site = system.site();
    library.night(&site, 0);
    for day in 1..=30 {
        for export in library.exports(day) {
            site.export(&export.name, export.bytes);
        }
        library::stamp(&site, day);
        let outcome = site.run_on(&library::day(day), None, &no_hook).unwrap_or_else(|refusal| {
            panic!("{system:?}, night {day}: {refusal}");
        });
        assert_eq!(brakes_of(&outcome), [""; 0], "{system:?}, night {day}");
        assert!(outcome.stopped.is_empty(), "{system:?}, night {day}: {:?}", outcome.stopped);
        exposure(&site, &library, day);
        library.sever(&site);
    }
}

/// What could be handed over is what the library's own loans say, every night: so many name a patron, and so many were severed of
/// those that were listed before.
fn exposure(site: &TestSite, library: &Library, night: usize) {
    let exposed = act::exposure(&site.site(), library::options(night, None)).unwrap().exposure;
    let linked = library.loans(night).iter().filter(|loan| loan.linked).count() as u64;
    let severed = library.severed.len() as u64;
    assert_eq!((exposed.linked, exposed.severed, exposed.asked), (linked, severed, severed), "night {night}");
    assert!(exposed.adds_up() && exposed.never_counted().next().is_none());
}

#[test]
fn thirty_healthy_nights_of_koha_are_never_braked() {
    thirty_nights(System::Koha);
}

#[test]
fn thirty_healthy_nights_of_evergreen_are_never_braked() {
    thirty_nights(System::Evergreen);
}

#[test]
fn thirty_healthy_nights_of_folio_are_never_braked() {
    thirty_nights(System::Folio);
}
