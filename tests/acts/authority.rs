//! `[authority]`: what an authorization that has ended stops, and what it doesn't.

use std::fs;

use afterloan::act::{Options, purge, sign_off};
use afterloan::state::commit::no_hook;
use jiff::{SignedDuration, Timestamp};

use super::{json, noon, said, site};
use crate::support::library::night_of;
use crate::support::{TestSite, snapshot};

fn until(site: &TestSite, day: &str) {
    site.edit("policy.toml", |text| {
        let lines = text.lines().filter(|line| !line.starts_with("until =")).map(|line| format!("{line}\n"));
        let text: String = lines.collect();
        text.replace("authorization = \"RC-075\"", &format!("authorization = \"RC-075\"\nuntil = {day}"))
    });
}

#[test]
fn after_its_last_day_nothing_is_retired_and_all_else_works() {
    let (site, library) = site();
    library.write(&site);
    site.stamp("2026-10-16");
    for (day, is_over) in [("2026-10-15", true), ("2026-10-16", false), ("2026-11-15", false)] {
        let site = site.copy();
        until(&site, day);
        let before = snapshot(&site.root());
        let plan = site.plan_on("2026-10-16").unwrap();
        let told: Vec<&String> = plan.attention.iter().map(|attention| &attention.what).collect();
        let about = told.iter().find(|what| what.contains("authorization")).unwrap();
        assert_eq!(about.contains(&format!("was good until {day}, so `run` and `purge` refuse")), is_over, "{about}");
        assert!(snapshot(&site.root()) == before);
        let done = site.run_on("2026-10-16", Some(plan.digest), &no_hook);
        let as_of = night_of("2026-10-16");
        let options = Options { as_of, now: as_of + SignedDuration::from_hours(1), accept: None };
        let purged = purge(&site.site(), options, "A. Person", &no_hook, &|_, _, _| {}).map(|_| ()).unwrap_err();
        if is_over {
            let refused = done.map(|_| ()).unwrap_err().to_string();
            for refused in [refused, purged.to_string()] {
                assert!(
                    refused.contains("was good until 2026-10-15: records are destroyed only with one"),
                    "{refused}"
                );
                assert!(refused.contains("`until`"), "{refused}");
            }
            let worklists = fs::read_dir(site.at("worklists")).unwrap().count();
            assert_eq!(worklists, 0, "the night's list is withdrawn: it has no authority any more");
        } else {
            let page = fs::read_to_string(site.at(&done.unwrap().committed.unwrap().page)).unwrap();
            let in_words = if day == "2026-10-16" { "16 October 2026" } else { "15 November 2026" };
            assert!(page.contains(&format!("RC-075, good until {in_words}")), "{page}");
            assert!(page.contains("The authorization is good until"), "within 30 days: {page}");
            assert!(purged.to_string().contains("no connection"), "{purged}");
        }
        // Without an authorization a person may sign, all the same.
        sign_off(&site.site(), noon("2026-10-16"), "A. Person", Some(1), &no_hook).unwrap();
        site.assert_verifies();
    }
}

#[test]
fn an_as_of_of_before_brings_no_authorization_back() {
    let (site, library) = site();
    library.write(&site);
    site.stamp("2026-10-16");
    until(&site, "2026-11-01");
    let accept = site.plan_on("2026-10-16").unwrap().digest;
    let now: Timestamp = noon("2026-11-02");
    let options = Options { as_of: night_of("2026-10-16"), now, accept: Some(accept) };
    let mut entropy = afterloan::state::entropy::Fixed::new(1);
    let seams = afterloan::act::Seams { entropy: &mut entropy, hook: &no_hook, progress: &|_| {} };
    let refused = afterloan::act::run(&site.site(), options, seams).map(|_| ()).unwrap_err().to_string();
    assert!(refused.contains("was good until 2026-11-01"), "{refused}");
}

/// By the clock of the machine, which is later than all of this.
#[test]
fn commands_say_what_to_do() {
    let (site, _) = site();
    until(&site, "2026-10-20");
    let run = site.cli(&["run"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(said(&run).contains("Have it renewed") && said(&run).contains("afterloan plan"), "{}", said(&run));
    let object = json(&site.cli(&["run", "--json"]));
    assert_eq!((&object["refused"], &object["exit"]), (&true.into(), &2.into()));
    assert_eq!(site.cli(&["purge"]).status.code(), Some(2));
    assert!(said(&site.cli(&["check"])).contains("the authorization was good until 2026-10-20"));
    assert_eq!(site.cli(&["verify"]).status.code(), Some(0));
}
