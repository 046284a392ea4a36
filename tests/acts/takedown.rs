//! Takedowns: what goes, what is made anew, and that it never comes back.

use std::collections::BTreeSet;
use std::fs;

use afterloan::act::{Refusal, take_down};
use afterloan::evidence::ledger::{self, Act};
use afterloan::state::commit::{Hook, no_hook};

use super::{json, killed, noon, said, site};
use crate::support::library::only;
use crate::support::{TestSite, files, snapshot};

fn taken(site: &TestSite, paths: &[&str], hook: Hook<'_>) -> Result<Vec<String>, Refusal> {
    let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    let by = ("A. Person", "a branch's code was a person's name");
    take_down(&site.site(), noon("2026-10-15"), &paths, by, hook).map(|taken| taken.folders)
}

fn public(site: &TestSite) -> BTreeSet<String> {
    files(&site.at("public")).iter().map(|path| path.display().to_string()).collect()
}

/// Every file that the package names is there, and every page's links lead to one.
fn assert_whole(site: &TestSite) {
    let all = public(site);
    let package: serde_json::Value =
        serde_json::from_slice(&fs::read(site.at("public/datapackage.json")).unwrap()).unwrap();
    let mut named = 0;
    for resource in package["resources"].as_array().unwrap() {
        let paths = match &resource["path"] {
            serde_json::Value::Array(paths) => paths.clone(),
            one => vec![one.clone()],
        };
        let extra = resource["extrapaths"].as_array().cloned().unwrap_or_default();
        for path in paths.iter().chain(&extra).filter_map(|path| path.as_str()) {
            named += 1;
            assert!(all.contains(path), "the package names {path}");
        }
    }
    assert!(named > 0 || !all.iter().any(|path| path.ends_with(".parquet")));
    for page in all.iter().filter(|path| path.ends_with(".html")) {
        let text = fs::read_to_string(site.at("public").join(page)).unwrap();
        let folder = site.at("public").join(page).parent().unwrap().to_owned();
        for link in text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let path = link.split('#').next().unwrap();
            assert!(path.is_empty() || folder.join(path).exists(), "{page} leads to {link}");
        }
    }
    site.assert_verifies();
    let audit = site.cli(&["audit"]);
    assert_eq!(audit.status.code(), Some(0), "{}", said(&audit));
}

const BY_BRANCH: &str = "public/statistics/loan/by-branch/month=2026-08";

#[test]
fn a_period_of_a_table_goes_and_all_that_was_made_of_it() {
    let (base, library) = site();
    assert_whole(&base);
    assert!(base.at(BY_BRANCH).exists(), "{:?}", public(&base));
    let site = killed::at_every_step(&base, &|site, hook| {
        let folders = taken(site, &[&format!("{BY_BRANCH}/by-branch.parquet")], hook)?;
        assert_eq!(folders, [BY_BRANCH]);
        Ok(())
    });
    assert_whole(&site);
    let gone: Vec<String> = public(&base).difference(&public(&site)).cloned().collect();
    // It was the table's only period.
    assert!(gone.contains(&"statistics/loan/by-branch.csv".to_owned()), "{gone:?}");
    assert!(gone.contains(&"pages/loan-by-branch.html".to_owned()), "{gone:?}");
    assert!(gone.iter().all(|path| path.contains("by-branch")), "{gone:?}");
    let lines = ledger::read(&site.site().ledger()).unwrap();
    let entry = &lines[1].entry;
    let Act::Takedown(act) = &entry.act else { panic!() };
    assert_eq!((act.by.as_str(), act.why.as_str()), ("A. Person", "a branch's code was a person's name"));
    assert!(entry.removed.contains(&BY_BRANCH.to_owned()), "{:?}", entry.removed);
    // The month stays final; later months are published as ever.
    let night = site.night(&library, "2026-12-02");
    let released: Vec<String> = only(&night).released.iter().map(|month| month.month.to_string()).collect();
    assert_eq!(released, ["2026-09", "2026-10"]);
    assert!(!site.at(BY_BRANCH).exists());
    assert!(public(&site).contains("statistics/loan/by-branch.csv"));
    let csv = fs::read_to_string(site.at("public/statistics/loan/by-branch.csv")).unwrap();
    assert!(!csv.contains("2026-08") && csv.contains("2026-09"), "{csv}");
    assert_whole(&site);
}

#[test]
fn each_thing_that_is_public_can_go_and_what_remains_is_sound() {
    let (base, library) = site();
    let tables: BTreeSet<String> = public(&base)
        .iter()
        .filter(|path| path.ends_with(".parquet"))
        .map(|path| path.split("/month=").next().unwrap().to_owned())
        .collect();
    assert!(tables.len() > 3, "{tables:?}");
    let whole = ["dataset", "statistics", "dataset/loan", "statistics/loan"].map(str::to_owned);
    for table in tables.iter().chain(&whole) {
        let site = base.copy();
        taken(&site, &[&format!("public/{table}")], &no_hook).unwrap_or_else(|error| panic!("{table}: {error}"));
        assert!(!public(&site).iter().any(|path| path.starts_with(&format!("{table}/"))), "{table}");
        assert_whole(&site);
        site.night(&library, "2026-12-02");
        assert_whole(&site);
        assert!(!public(&site).iter().any(|path| path.starts_with(&format!("{table}/")) && path.contains("2026-08")));
    }
    let site = base.copy();
    taken(&site, &["public/dataset", "public/statistics"], &no_hook).unwrap();
    assert!(!public(&site).iter().any(|path| path.ends_with(".parquet") || path.ends_with(".csv")));
    assert_whole(&site);
}

#[test]
fn what_was_taken_down_and_is_put_back_is_found() {
    let (site, library) = site();
    let copy = site.copy();
    taken(&site, &[BY_BRANCH], &no_hook).unwrap();
    fs::create_dir_all(site.at(BY_BRANCH)).unwrap();
    let file = format!("{BY_BRANCH}/by-branch.parquet");
    fs::copy(copy.at(&file), site.at(&file)).unwrap();
    let verify = site.cli(&["verify"]);
    assert_eq!(verify.status.code(), Some(2));
    assert!(said(&verify).contains("should be gone"), "{}", said(&verify));
    assert!(site.unwatched(&library, "2026-10-16").is_err());
}

#[test]
fn nothing_goes_that_was_not_published_or_is_gone_already() {
    let (site, _) = site();
    let before = snapshot(&site.root());
    for (path, why) in [
        ("reports/ledger.jsonl", "isn't below public/"),
        ("public/../policy.toml", "isn't below public/"),
        ("public/statistics/loan/by-branch/month=2026-07", "isn't published"),
        ("public/index.html", "is made of tables"),
    ] {
        let error = taken(&site, &[BY_BRANCH, path], &no_hook).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    let args = ["takedown", BY_BRANCH, "--by", "A. Person", "--why", "a mistake"];
    let output = site.cli(&args);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("give --yes"), "{}", said(&output));
    assert_eq!(json(&site.cli(&[&args[..], &["--json"]].concat()))["refused"], true);
    assert!(snapshot(&site.root()) == before, "a refusal changes nothing");
    // As a shell completes it from elsewhere.
    let full = site.at(BY_BRANCH).display().to_string();
    let output = site.cli(&["takedown", &full, "--by", "A. Person", "--why", "a mistake", "--yes", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(json(&output)["folders"], serde_json::json!([BY_BRANCH]));
    let error = taken(&site, &[BY_BRANCH], &no_hook).unwrap_err().to_string();
    assert!(error.contains("or is taken down already"), "{error}");
    assert_whole(&site);
}
