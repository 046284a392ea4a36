//! What is out of the ordinary waits for a person.

use std::fs;

use afterloan::act::{BrakeReason, EndError, Outcome, Refusal};
use afterloan::state::commit::no_hook;

use crate::support::library::{Library, five, loans_site, only};
use crate::support::snapshot;

fn library() -> Library {
    Library::default().loans(101, 20, "2026-09-01", Some("2026-09-09")).loans(201, 20, "2026-10-01", None)
}

fn reasons(outcome: &Outcome) -> Vec<BrakeReason> {
    outcome.brakes.iter().map(|brake| brake.reason).collect()
}

#[test]
fn a_first_run_a_changed_declaration_a_changed_policy_and_a_long_pause_wait() {
    let site = loans_site();
    let library = library();
    let before = snapshot(&site.root());
    let refused = site.unwatched(&library, "2026-10-10").unwrap_err();
    assert!(
        matches!(&refused, Refusal::End(EndError::NothingToCommit { why, plan: Some(_) }) if why.contains("first run")),
        "{refused}"
    );
    let outside = |all: Vec<(std::path::PathBuf, Vec<u8>)>| -> Vec<_> {
        all.into_iter().filter(|(path, _)| !path.starts_with("inbox") && !path.ends_with("state/lock")).collect()
    };
    assert_eq!(outside(before), outside(snapshot(&site.root())), "nothing was changed");
    assert_eq!(reasons(&site.plan_on("2026-10-10").unwrap()), [BrakeReason::FirstRun]);
    site.accept_on("2026-10-10");

    let pipeline = "pipelines/koha-loans.toml";
    let (whole, policy) = (site.at(pipeline), site.at("policy.toml"));
    let (whole, policy) = (fs::read_to_string(whole).unwrap(), fs::read_to_string(policy).unwrap());
    for (file, original, change, brake) in [
        (pipeline, &whole, whole.clone() + "# adapted\n", BrakeReason::Declaration),
        ("policy.toml", &policy, policy.replace("threshold = 10 ", "threshold = 11 "), BrakeReason::Policy),
    ] {
        fs::write(site.at(file), change).unwrap();
        assert!(
            matches!(site.unwatched(&library, "2026-10-11"), Err(Refusal::End(EndError::NothingToCommit { .. }))),
            "{file}"
        );
        assert_eq!(reasons(&site.plan_on("2026-10-11").unwrap()), [brake]);
        fs::write(site.at(file), original).unwrap();
    }
    library.write(&site);
    site.stamp("2026-11-10");
    assert_eq!(reasons(&site.plan_on("2026-11-10").unwrap()), [], "31 days");
    site.stamp("2026-11-11");
    assert_eq!(reasons(&site.plan_on("2026-11-11").unwrap()), [BrakeReason::Pause]);
    assert!(matches!(site.run_on("2026-11-11", None, &no_hook), Err(Refusal::End(EndError::NothingToCommit { .. }))));
    assert!(site.accept_on("2026-11-11").accepted);
}

#[test]
fn a_snapshot_or_a_lookup_that_shrank_waits() {
    let site = loans_site();
    let mut library = library();
    site.night(&library, "2026-10-10");
    library.remove(201..205);
    assert!(site.unwatched(&library, "2026-10-11").is_ok(), "by a tenth");
    library.remove(205..209);
    site.unwatched(&library, "2026-10-12").unwrap_err();
    assert_eq!(reasons(&site.plan_on("2026-10-12").unwrap()), [BrakeReason::Shrunk]);
    let plan = site.plan_on("2026-10-12").unwrap();
    assert!(plan.brakes[0].why.contains("from 36 to 32 records"), "{}", plan.brakes[0].why);
}

#[test]
fn rows_that_were_emptied_excuse_none_that_are_missing() {
    let site = loans_site();
    let mut library = library();
    site.night(&library, "2026-10-10");
    // The worklist was carried out by emptying: all its rows are still there. Ten others are not.
    library.sever(101..121);
    library.remove(201..211);
    library.write(&site);
    site.stamp("2026-10-11");
    assert_eq!(reasons(&site.plan_on("2026-10-11").unwrap()), [BrakeReason::Shrunk]);
    // Rows that were purged away excuse themselves, and a tenth more.
    let mut library = self::library();
    library.remove(101..121);
    library.write(&site);
    site.stamp("2026-10-11");
    assert_eq!(reasons(&site.plan_on("2026-10-11").unwrap()), []);
}

#[test]
fn five_times_the_usual_waits_from_the_seventh_run_on_and_never_below_a_hundred() {
    let site = loans_site();
    // Numbers of patrons and items repeat; nothing here depends on them.
    let mut library = Library::default().loans(1_001, 1, "2026-07-01", Some("2026-07-02"));
    site.night(&library, "2026-10-10");
    for (run, day) in (11..15).enumerate() {
        library = library.loans(2_001 + 1_000 * run as u64, 1, "2026-07-01", Some("2026-07-02"));
        assert_eq!(five(&site.unwatched(&library, &format!("2026-10-{day}")).unwrap())[1], 1);
    }
    // Somebody borrows every day.
    library = library.loans(90_001, 1, "2026-10-13", None);
    // The sixth run: no median yet.
    let many = library.clone().loans(10_001, 101, "2026-09-01", Some("2026-09-02"));
    many.write(&site);
    site.stamp("2026-10-15");
    assert_eq!(reasons(&site.plan_on("2026-10-15").unwrap()), []);
    site.unwatched(&library, "2026-10-15").unwrap();
    // The seventh.
    let hundred = library.clone().loans(10_001, 100, "2026-09-01", Some("2026-09-02"));
    hundred.write(&site);
    site.stamp("2026-10-16");
    assert_eq!(reasons(&site.plan_on("2026-10-16").unwrap()), []);
    let held = site.unwatched(&many, "2026-10-16").unwrap_err();
    assert!(held.to_string().contains("it would retire 101 transactions"), "{held}");
    assert_eq!(only(&site.accept_on("2026-10-16")).totals.retired, 101);
}

#[test]
fn dates_that_can_no_longer_be_read_wait() {
    let site = loans_site();
    let mut library = library();
    site.night(&library, "2026-10-10");
    library.loan(101).issued = "09/01/2026 10:00".into();
    library.write(&site);
    site.stamp("2026-10-11");
    assert_eq!(reasons(&site.plan_on("2026-10-11").unwrap()), [BrakeReason::Dates]);
}

#[test]
fn a_brake_holds_its_own_pipeline_and_no_other() {
    let site = crate::support::TestSite::small_koha();
    site.stamp("2026-11-01");
    site.accept_on("2026-11-01");
    let loans = fs::read_to_string(site.at("pipelines/koha-loans.toml")).unwrap();
    fs::write(site.at("pipelines/koha-loans.toml"), loans + "# adapted\n").unwrap();
    // Tonight's exports have their rows in another order.
    for path in crate::support::files(&site.at("inbox")) {
        if path.to_string_lossy().contains("reserves") {
            let text = fs::read_to_string(site.at("inbox").join(&path)).unwrap();
            let mut lines: Vec<&str> = text.lines().collect();
            lines.swap(1, 2);
            fs::write(site.at("inbox").join(&path), lines.join("\n") + "\n").unwrap();
        }
    }
    site.stamp("2026-11-02");
    let lists = |name: &str| {
        crate::support::files(&site.at("worklists")).iter().any(|path| path.to_string_lossy().contains(name))
    };
    assert!(lists("koha-loans") && lists("koha-holds"));
    let outcome = site.run_on("2026-11-02", None, &no_hook).unwrap();
    let held: Vec<(&str, bool)> = outcome.pipelines.iter().map(|one| (one.name.as_str(), one.braked)).collect();
    assert_eq!(held, [("koha-holds", false), ("koha-loans", true)]);
    assert!(!outcome.attention.is_empty(), "exit 1");
    assert!(lists("koha-holds") && !lists("koha-loans"), "a list that was not decided anew tonight is gone");
    site.assert_verifies();
}

#[test]
fn a_plan_that_is_no_longer_tonights_says_what_changed() {
    let site = loans_site().by_hand();
    let library = library();
    site.night(&library, "2026-10-10");
    site.stamp("2026-10-11");
    let plan = site.plan_on("2026-10-11").unwrap().digest;
    let changed = |day: &str| match site.run_on(day, Some(plan), &no_hook).unwrap_err() {
        Refusal::End(EndError::OtherPlan { changed, accepted, now }) => {
            assert!(accepted == plan && now != plan);
            changed
        }
        other => panic!("{other}"),
    };
    let original = |path: &str| fs::read(site.at(path)).unwrap();
    let (policy, pipeline, register) =
        (original("policy.toml"), original("pipelines/koha-loans.toml"), original("state/holds.json"));

    site.edit("policy.toml", |text| text + "# read\n");
    assert_eq!(changed("2026-10-11"), ["the policy"]);
    fs::write(site.at("policy.toml"), policy).unwrap();
    site.edit("pipelines/koha-loans.toml", |text| text + "# read\n");
    assert_eq!(changed("2026-10-11"), ["a pipeline"]);
    fs::write(site.at("pipelines/koha-loans.toml"), pipeline).unwrap();
    assert_eq!(changed("2026-10-12"), ["the day"]);
    let mut other = library.clone();
    other.bills = vec![(101, "1.00", "2026-10-10 12:00:00")];
    other.write(&site);
    site.stamp("2026-10-11");
    assert_eq!(changed("2026-10-11"), ["the exports", "the decisions"]);
    library.write(&site);
    site.stamp("2026-10-11");
    // That a hold was placed must not show as such.
    let hold = r#"{"format":1,"count":1,"holds":[{"matter":"A","placed":"2026-10-10T00:00:00Z","placed_by":"director",
        "trigger":"subpoena","released":null,"released_by":null,"scope":{"patron_ids":["9999"]}}]}"#;
    fs::write(site.at("state/holds.json"), hold).unwrap();
    assert_eq!(changed("2026-10-11"), ["the decisions"]);
    fs::write(site.at("state/holds.json"), register).unwrap();
    site.run_on("2026-10-11", None, &no_hook).unwrap();
    assert_eq!(changed("2026-10-11"), ["the last run"]);
}

/// A library where a hundred loans came back long ago, and somebody borrowed something the day before the tenth of October.
fn lively() -> Library {
    library().loans(301, 100, "2026-08-01", Some("2026-08-20")).loans(401, 1, "2026-10-09", None)
}

fn months_first(text: &str) -> String {
    let (day, time) = text.split_once(' ').unwrap();
    let parts: Vec<&str> = day.split('-').collect();
    format!("{}/{}/{} {time}", parts[1], parts[2], parts[0])
}

#[test]
fn dates_in_another_order_wait_on_the_first_night_too() {
    let site = loans_site();
    let mut library = lively();
    for loan in &mut library.loans {
        loan.issued = months_first(&loan.issued);
        loan.returned = loan.returned.as_deref().map(months_first);
    }
    library.write(&site);
    site.stamp("2026-10-10");
    let plan = site.plan_on("2026-10-10").unwrap();
    let found = reasons(&plan);
    assert_eq!(found[..2], [BrakeReason::FirstRun, BrakeReason::Undetermined]);
    assert!(found.contains(&BrakeReason::Dates), "{:?}", plan.brakes);
    let why = &plan.brakes[1].why;
    assert!(why.contains("141 of 141 linked rows are undetermined"), "{why}");
}

#[test]
fn undetermined_rows_that_were_accepted_are_no_news_and_more_of_them_are() {
    let site = loans_site();
    let mut library = lively();
    for id in 301..321 {
        library.loan(id).returned = Some("2026-07-01 10:00:00".into());
    }
    library.write(&site);
    site.stamp("2026-10-10");
    assert_eq!(reasons(&site.plan_on("2026-10-10").unwrap()), [BrakeReason::FirstRun, BrakeReason::Undetermined]);
    site.accept_on("2026-10-10");
    // Now those that could be retired are gone, and the share is another.
    library.sever(321..401);
    site.unwatched(&library, "2026-10-11").unwrap();
    for id in 201..211 {
        library.loan(id).returned = Some("2026-07-01 10:00:00".into());
    }
    library.write(&site);
    site.stamp("2026-10-12");
    assert!(reasons(&site.plan_on("2026-10-12").unwrap()).contains(&BrakeReason::Undetermined));
}

#[test]
fn the_bytes_of_yesterday_wait_whatever_the_time_of_their_file() {
    let site = loans_site();
    let library = lively();
    site.night(&library, "2026-10-10");
    site.stamp_as_they_are("2026-10-11");
    let plan = site.plan_on("2026-10-11").unwrap();
    assert_eq!(reasons(&plan), [BrakeReason::Same]);
    assert!(plan.brakes[0].why.starts_with("issues, old_issues: byte for byte"), "{}", plan.brakes[0].why);
    site.run_on("2026-10-11", None, &no_hook).unwrap_err();
    // Again on the same day they may well be the same.
    assert_eq!(reasons(&site.plan_on("2026-10-10").unwrap()), []);
    // One of the tables is enough.
    library.write(&site);
    site.stamp("2026-10-11");
    let old = fs::read_to_string(site.at("inbox/old_issues-1.csv")).unwrap();
    fs::write(site.at("inbox/old_issues-1.csv"), old.replacen("20261011", "20261010", 1)).unwrap();
    site.stamp_as_they_are("2026-10-11");
    let plan = site.plan_on("2026-10-11").unwrap();
    assert!(plan.brakes[0].why.starts_with("old_issues: byte for byte"), "{:?}", plan.brakes);
}

#[test]
fn dates_tell_that_the_clock_is_wrong_or_the_exports_old() {
    let site = loans_site();
    let mut library = lively();
    library.write(&site);
    site.stamp("2026-11-05");
    let ahead = site.plan_on("2026-11-05").unwrap();
    assert_eq!(reasons(&ahead), [BrakeReason::FirstRun, BrakeReason::Clock], "26 days ahead");
    assert!(ahead.brakes[1].why.contains("2026-10-09, 27 days before"), "{}", ahead.brakes[1].why);
    site.night(&library, "2026-10-10");
    library.write(&site);
    for (day, braked) in [("2026-10-11", false), ("2026-10-12", false), ("2026-10-13", true)] {
        site.stamp(day);
        let expected = if braked { vec![BrakeReason::Clock] } else { Vec::new() };
        assert_eq!(reasons(&site.plan_on(day).unwrap()), expected, "{day}");
    }
    for id in 201..204 {
        library.loan(id).issued = "2026-10-13 10:00:00".into();
    }
    library.write(&site);
    site.stamp("2026-10-11");
    let behind = site.plan_on("2026-10-11").unwrap();
    assert!(behind.brakes.iter().any(|brake| brake.why.contains("is the clock right?")), "{:?}", behind.brakes);
}

#[test]
fn late_rows_wait_where_they_are_many() {
    let site = loans_site();
    let library = lively();
    site.night(&library, "2026-10-10");
    let late = library.clone().loans(411, 9, "2026-08-05", Some("2026-08-20"));
    late.write(&site);
    site.stamp("2026-10-11");
    assert_eq!(reasons(&site.plan_on("2026-10-11").unwrap()), []);
    let late = library.loans(411, 10, "2026-08-05", Some("2026-08-20"));
    late.write(&site);
    site.stamp("2026-10-11");
    assert_eq!(reasons(&site.plan_on("2026-10-11").unwrap()), [BrakeReason::Late]);
}

#[test]
fn amounts_that_can_no_longer_be_read_wait() {
    let site = loans_site();
    let mut library = lively();
    library.bills = (101..105).map(|loan| (loan, "0.00", "2026-09-10 10:00:00")).collect();
    site.night(&library, "2026-10-10");
    library.bills[0].1 = "1.2.3";
    library.write(&site);
    site.stamp("2026-10-11");
    let plan = site.plan_on("2026-10-11").unwrap();
    assert_eq!(reasons(&plan), [BrakeReason::Dates]);
    assert!(plan.brakes[0].why.contains("amountoutstanding"), "{}", plan.brakes[0].why);
}

#[test]
fn a_need_that_keeps_hardly_anything_any_longer_waits() {
    let site = loans_site();
    let mut library = lively();
    library.bills = (301..307).map(|loan| (loan, "2.00", "2026-09-10 10:00:00")).collect();
    site.night(&library, "2026-10-10");
    library.bills.truncate(3);
    library.write(&site);
    site.stamp("2026-10-11");
    let found = site.plan_on("2026-10-11").unwrap();
    assert!(reasons(&found).contains(&BrakeReason::Needs), "{:?}", found.brakes);
    assert!(found.brakes.iter().any(|brake| brake.why.contains("`owing` kept 6 rows")), "{:?}", found.brakes);
}

#[test]
fn what_a_person_was_asked_to_look_at_is_news_once() {
    let site = loans_site();
    let mut library = lively();
    library.bills = vec![(101, "0.25", "2016-01-01 10:00:00")];
    // A row that can't be read, every night.
    let broken = |site: &crate::support::TestSite| {
        site.edit("inbox/issues-1.csv", |text| text.replacen("\n201,", "\nx,", 1));
    };
    library.write(&site);
    broken(&site);
    site.stamp("2026-10-10");
    let first = site.accept_on("2026-10-10");
    assert_eq!((first.attention.len(), first.still.len()), (1, 0), "{:?}", first.attention);
    library.sever(301..401);
    library.sever(102..121);
    library.write(&site);
    broken(&site);
    site.stamp("2026-10-11");
    let second = site.run_on("2026-10-11", None, &no_hook).unwrap();
    assert!(second.attention.is_empty(), "{:?}", second.attention);
    assert!(second.still[0].what.contains("1 row can't be read"), "{:?}", second.still);
    library.write(&site);
    broken(&site);
    site.edit("inbox/issues-1.csv", |text| text.replacen("\n202,", "\ny,", 1));
    site.stamp("2026-10-12");
    let third = site.plan_on("2026-10-12").unwrap();
    assert!(third.attention.iter().any(|one| one.what.contains("2 rows")), "{:?}", third.attention);
}

#[test]
fn what_is_kept_for_long_is_listed_until_the_next_run() {
    let site = loans_site();
    let mut library = library();
    library.loan(103).issued = "2020-01-01 10:00:00".into();
    library.bills = vec![(103, "0.25", "2020-01-01 10:00:00")];
    let lists = || -> Vec<String> {
        let found = crate::support::files(&site.at("worklists"));
        found.iter().map(|path| path.to_string_lossy().into_owned()).filter(|path| path.contains("review")).collect()
    };
    site.night(&library, "2026-10-10");
    assert_eq!(lists(), ["2026-10-10-run-000001-koha-loans-review.csv"]);
    let text = fs::read_to_string(site.at("worklists").join(&lists()[0])).unwrap();
    assert_eq!(text, "transaction,needs\n103,owing\n");
    site.assert_verifies();
    library.sever([103]);
    site.night(&library, "2026-10-11");
    assert!(lists().is_empty());
    site.assert_verifies();
}
