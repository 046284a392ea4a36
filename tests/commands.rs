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
