//! The commands, as a person meets them.

use crate::support::TestSite;

#[test]
fn a_new_site_plans_accepts_runs_and_verifies() {
    let site = TestSite::small_koha();
    let plan = site.cli(&["plan", "--json", "--as-of", crate::support::AS_OF]);
    assert_eq!(plan.status.code(), Some(1), "{}", String::from_utf8_lossy(&plan.stderr));
    let plan: serde_json::Value = serde_json::from_slice(&plan.stdout).unwrap();
    let digest = plan["digest"].as_str().unwrap();
    let run = site.cli(&["run", "--accept", digest, "--as-of", crate::support::AS_OF]);
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    let verify = site.cli(&["verify"]);
    assert_eq!(verify.status.code(), Some(0), "{}", String::from_utf8_lossy(&verify.stdout));
}

/// A pipeline's own tests are about its rules, and not about where the site is.
#[test]
fn shipped_pipelines_pass_their_tests_in_every_time_zone() {
    for zone in ["Asia/Tokyo", "Europe/Berlin", "Pacific/Honolulu"] {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        let mut init = crate::support::afterloan();
        init.arg("init").arg(&site).args(["--ils", "folio", "--with", "ezproxy", "--with", "wifi", "--with", "bills"]);
        assert!(init.args(["--timezone", zone]).output().unwrap().status.success());
        let check = crate::support::afterloan().arg("check").arg("--site").arg(&site).output().unwrap();
        let told = String::from_utf8(check.stdout).unwrap();
        let passed = told.lines().filter_map(|line| line.split_once("tests ")?.1.split_once(" pass"));
        let passed: Vec<(&str, &str)> = passed.filter_map(|(tests, _)| tests.split_once(" of ")).collect();
        assert!(passed.len() >= 6, "{told}");
        assert!(passed.iter().all(|(passed, all)| passed.trim() == all.trim()), "{zone}: {told}");
    }
}
