//! Thirty nights of a library where nothing is out of the ordinary: no brake holds one of them, whatever the system.

use std::fs::File;
use std::path::PathBuf;

use afterloan::act;
use afterloan::state::commit::no_hook;
use parquet::file::reader::{FileReader, SerializedFileReader};

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
        on_its_disk(&site, day);
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

/// What lies on the site's own disk is what a walk through its folders finds, every night.
fn on_its_disk(site: &TestSite, night: usize) {
    let told = act::exposure(&site.site(), library::options(night, None)).unwrap().besides;
    let told: Vec<(&str, u64)> =
        told.iter().map(|one| (one.what.split([' ', ',']).next().unwrap(), one.count)).collect();
    let files = |folder: &str, ending: &str| -> Vec<PathBuf> {
        let pattern = format!("{}/**/*{ending}", site.at(folder).display());
        glob::glob(&pattern).unwrap().map(Result::unwrap).filter(|path| path.is_file()).collect()
    };
    let rows = |path: &PathBuf| -> u64 {
        let file = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
        file.metadata().file_metadata().num_rows() as u64
    };
    let count = |folder: &str, ending: &str| files(folder, ending).len() as u64;
    let found = [
        ("exports", count("inbox", "")),
        ("staged", files("state/staging", ".parquet").iter().map(rows).sum()),
        ("years", count("state/years", ".json")),
        ("files", count("state/rejects", ".age")),
        ("mailing", count("state/mailing", ".csv")),
        ("worklist", count("worklists", "")),
    ];
    let found: Vec<(&str, u64)> = found.into_iter().filter(|(_, count)| *count > 0).collect();
    assert_eq!(told, found, "night {night}");
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
