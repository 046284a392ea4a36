//! The annex that a run leaves to be signed.

use std::fs;

use afterloan::evidence::ledger;

use super::site;
use crate::support::files;
use crate::support::library::only;

#[test]
fn a_run_that_retires_leaves_one_and_the_ledger_names_it() {
    let (site, library) = site();
    let annex = "reports/2026-10-15-run-000001-annex.html";
    let text = fs::read_to_string(site.at(annex)).unwrap();
    for part in
        ["Certificate of disposition", "RC-075", "koha-loans", "Aug 2026 to Sep 2026", ">48<", "Records officer"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let page = fs::read_to_string(site.at("reports/2026-10-15-run-000001.html")).unwrap();
    assert!(page.contains("href=\"2026-10-15-run-000001-annex.html\""));
    let lines = ledger::read(&site.site().ledger()).unwrap();
    assert!(lines[0].entry.files.iter().any(|file| file.path == annex));
    // Nothing new is due: nothing to sign.
    let night = site.unwatched(&library, "2026-10-16").unwrap();
    assert_eq!(only(&night).totals.retired, 0);
    let annexes = files(&site.at("reports")).iter().filter(|path| path.display().to_string().contains("annex")).count();
    assert_eq!(annexes, 1);
    site.assert_verifies();
    site.edit(annex, |text| text.replace(">48<", ">47<"));
    assert_eq!(site.cli(&["verify"]).status.code(), Some(2), "an edited one is found");
}
