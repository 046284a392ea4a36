//! Evidence says what is.

use std::fs;
use std::os::unix::fs::symlink;

use super::{accepted, after_one_night, ended, library, unwatched};
use crate::support::library::loans_site;
use crate::support::{TestSite, files};

const DELETES: (&str, &str) = ("after_run = \"keep\"", "after_run = \"delete\"");

fn deletes(site: &TestSite) {
    site.edit("policy.toml", |text| {
        assert!(text.contains(DELETES.0), "{text}");
        text.replacen(DELETES.0, DELETES.1, 1)
    });
}

#[test]
fn an_export_behind_a_link_is_not_said_to_be_deleted() {
    let site = loans_site();
    deletes(&site);
    library().write(&site);
    let elsewhere = site.root().join("elsewhere.csv");
    fs::rename(site.at("inbox/items-1.csv"), &elsewhere).unwrap();
    symlink(&elsewhere, site.at("inbox/items-1.csv")).unwrap();
    site.stamp("2026-10-10");
    let night = accepted(&site, "2026-10-10");
    assert!(elsewhere.exists());
    assert!(night.code == 1 && night.printed.contains("items-1.csv"), "{}", night.printed);
}

#[test]
fn exports_of_nights_that_stopped_are_named() {
    let (site, library) = after_one_night();
    deletes(&site);
    library.write(&site);
    fs::copy(site.at("inbox/items-1.csv"), site.at("inbox/items-0.csv")).unwrap();
    super::touch_later(&site, "items-0.csv", "2026-10-09");
    for name in ["issues", "old_issues", "borrowers", "items", "accountlines", "return_claims"] {
        super::touch_later(&site, &format!("{name}-1.csv"), "2026-10-11");
    }
    let night = accepted(&site, "2026-10-11");
    let left = site.at("inbox/items-0.csv").exists();
    assert!(!left || night.code == 1 && night.printed.contains("items-0.csv"), "{}", night.printed);
}

#[test]
fn everything_gone() {
    let (site, library) = after_one_night();
    for zone in ["reports", "public", "worklists"] {
        fs::remove_dir_all(site.at(zone)).unwrap();
    }
    assert_eq!(ended(&site, &["verify"]).code, 2);
    library.write(&site);
    site.stamp("2026-10-11");
    assert_eq!(unwatched(&site, "2026-10-11").code, 2);
}

#[test]
fn a_file_of_state_that_is_changed() {
    let (site, library) = after_one_night();
    let known = files(&site.at("state")).into_iter().find(|path| path.to_string_lossy().contains(".known")).unwrap();
    let mut bytes = fs::read(site.at("state").join(&known)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(site.at("state").join(&known), bytes).unwrap();
    assert_eq!(ended(&site, &["verify"]).code, 2);
    library.write(&site);
    site.stamp("2026-10-11");
    assert_eq!(unwatched(&site, "2026-10-11").code, 2);
}

#[test]
fn an_older_whole_site_that_was_put_back() {
    let site = loans_site();
    let mut library = library();
    library.write(&site);
    site.stamp("2026-10-10");
    accepted(&site, "2026-10-10");
    let older = site.copy();
    library.sever(super::due());
    library.write(&site);
    site.stamp("2026-10-11");
    let night = accepted(&site, "2026-10-11");
    let head = night.json["head"].as_str().or(night.json["committed"]["head"].as_str()).unwrap().to_string();
    assert_eq!(ended(&older, &["verify", "--head", &head]).code, 2);
    library.write(&older);
    older.stamp("2026-10-12");
    let night = ended(&older, &["run", "--as-of", &super::as_of("2026-10-12"), "--head", &head]);
    assert!(night.code == 2 && night.printed.contains("put back from an older backup"), "{}", night.printed);
}

#[test]
fn a_refused_night_withdraws_yesterdays_worklist() {
    let (site, library) = after_one_night();
    library.write(&site);
    site.edit("inbox/issues-1.csv", |text| text.replacen("borrowernumber", "patron", 1));
    site.stamp("2026-10-11");
    assert_eq!(unwatched(&site, "2026-10-11").code, 2);
    assert!(site.worklist().is_empty());
}

#[test]
fn worklists_check_their_day_on_the_server() {
    let (site, _) = after_one_night();
    let list = files(&site.at("worklists")).into_iter().find(|path| path.to_string_lossy().ends_with(".sql")).unwrap();
    let sql = fs::read_to_string(site.at("worklists").join(list)).unwrap();
    assert!(sql.contains("2026-10-12") && sql.to_lowercase().contains("current"), "{sql}");
}

#[test]
fn what_is_not_shown_is_not_said_to_be_small() {
    let site = TestSite::small_koha();
    site.stamp("2026-11-01");
    accepted(&site, "2026-11-01");
    for path in files(&site.at("reports")) {
        let text = fs::read_to_string(site.at("reports").join(&path)).unwrap();
        // In the place of a figure; what is not shown is explained, and why a month is closed.
        assert!(!text.contains(">fewer than 10<") && !text.contains("\"fewer than 10\""), "{}", path.display());
    }
}
