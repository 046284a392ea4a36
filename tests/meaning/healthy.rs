//! Thirty nights of a library where nothing is out of the ordinary: no brake holds one of them, whatever the system.

use afterloan::state::commit::no_hook;

use super::brakes_of;
use super::library::{self, Library, System};

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
        library.sever(&site);
    }
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
