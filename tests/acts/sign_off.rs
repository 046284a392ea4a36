//! `verify --sign`: what may be signed, what is overdue, and that nothing else is touched.

use std::fs;

use afterloan::act::{Options, Purged, purge, sign_off};
use afterloan::evidence::ledger::{self, Act, Signed};
use afterloan::state::commit::no_hook;
use afterloan::words::Digest;
use jiff::SignedDuration;

use super::{json, killed, noon, said, site};
use crate::support::library::{Library, five, night_of, only};
use crate::support::{TestSite, snapshot};

fn sign(site: &TestSite, by: &str, run: Option<u64>) -> Result<(u64, Vec<u64>), String> {
    let signed = sign_off(&site.site(), noon("2026-10-31"), by, run, &no_hook);
    signed.map(|signed| (signed.run, signed.covers)).map_err(|refusal| refusal.to_string())
}

fn signed(site: &TestSite) -> Signed {
    Signed::of(&ledger::read(&site.site().ledger()).unwrap())
}

/// Lines of the ledger by their acts.
fn acts(site: &TestSite) -> Vec<&'static str> {
    ledger::read(&site.site().ledger()).unwrap().iter().map(|line| line.entry.act.name()).collect()
}

#[test]
fn a_person_signs_the_newest_report_or_another_and_with_it_all_before() {
    let (site, library) = site();
    site.unwatched(&library, "2026-10-16").unwrap();
    assert_eq!(sign(&site, "A. Person", Some(1)), Ok((1, vec![1])));
    assert_eq!(signed(&site).unsigned.iter().map(|run| run.run).collect::<Vec<_>>(), [2]);
    site.unwatched(&library, "2026-10-17").unwrap();
    assert_eq!(acts(&site), ["run", "run", "sign-off", "run"]);
    assert_eq!(sign(&site, " B. Person ", None), Ok((4, vec![2, 4])));
    assert!(signed(&site).unsigned.is_empty());
    // A second person may sign the same, and the first one an older one; once.
    assert_eq!(sign(&site, "A. Person", None), Ok((4, vec![])));
    assert_eq!(signed(&site).up_to.unwrap().by, "B. Person");
    assert_eq!(sign(&site, "B. Person", Some(2)), Ok((2, vec![])));
    let whole = snapshot(&site.root());
    for (by, run, why) in [
        ("B. Person", None, "B. Person signed run 4 already"),
        ("B. Person", Some(2), "B. Person signed run 2 already"),
        ("C. Person", Some(3), "entry 3 of the ledger is no run (sign-off): the newest run is 4"),
        ("C. Person", Some(99), "entry 99 isn't in the ledger: the newest run is 4"),
        (" ", None, "the name is empty"),
        ("C.\nPerson", None, "the name has characters that don't show"),
    ] {
        let error = sign(&site, by, run).unwrap_err();
        assert!(error.starts_with(why), "{error}");
    }
    assert!(snapshot(&site.root()) == whole, "a refusal changes nothing");
    site.assert_verifies();
    // The next night goes on as if nobody had signed.
    let night = site.unwatched(&library, "2026-10-18").unwrap();
    assert_eq!(five(&night), [72, 0, 48, 24, 0]);
    site.assert_verifies();
}

#[test]
fn before_the_first_run_and_where_the_evidence_does_not_hold_nobody_signs() {
    let fresh = crate::support::library::loans_site();
    assert!(sign(&fresh, "A. Person", None).unwrap_err().contains("there was no run yet"));
    let (base, _) = site();
    type Harm = fn(&TestSite);
    let harms: [(Harm, &str); 5] = [
        (|site| site.edit("public/index.html", |text| text + " "), "public/index.html: was edited"),
        (|site| site.edit("state/runs/000001.json", |text| text + " "), "state/runs/000001.json: was edited"),
        (|site| fs::write(site.at("public/statistics/extra.csv"), "a").unwrap(), "was added"),
        (|site| site.edit("reports/ledger.jsonl", |text| text + "{}\n"), "ledger.jsonl, line 2"),
        (|site| fs::remove_file(site.at("reports/public-key")).unwrap(), "public-key"),
    ];
    for (harm, why) in harms {
        let site = base.copy();
        harm(&site);
        let ledger = fs::read(site.at("reports/ledger.jsonl")).unwrap();
        let error = sign(&site, "A. Person", None).unwrap_err();
        assert!(error.contains(why), "{why}: {error}");
        assert_eq!(fs::read(site.at("reports/ledger.jsonl")).unwrap(), ledger);
        let output = site.cli(&["verify", "--sign", "A. Person"]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert_eq!(json(&site.cli(&["verify", "--sign", "A. Person", "--json"]))["refused"], true);
    }
}

#[test]
fn killed_at_every_step_the_ledger_is_whole() {
    let (base, library) = site();
    let after = killed::at_every_step(&base, &|site, hook| {
        sign_off(&site.site(), noon("2026-10-15"), "A. Person", None, hook).map(|_| ())
    });
    let mut library = library;
    library.remove(101..125);
    let night = after.unwatched(&library, "2026-10-16").unwrap();
    assert_eq!(only(&night).tally.confirmed, 24);
    after.assert_verifies();
}

/// A purge carries out the worklists of the last run, whoever has signed since.
#[test]
fn a_sign_off_is_no_run() {
    let (site, _) = site();
    sign(&site, "A. Person", None).unwrap();
    let as_of = night_of("2026-10-15");
    let options = Options { as_of, now: as_of + SignedDuration::from_hours(2), accept: None };
    let purged: Result<Purged, _> = purge(&site.site(), options, "A. Person", &no_hook, &|_, _, _| {});
    // It comes as far as asking for the connection.
    assert!(purged.unwrap_err().to_string().contains("no connection to the library system"));
}

#[test]
fn what_should_be_signed_is_said_by_every_command() {
    let (site, _) = site();
    let commands: [&[&str]; 6] =
        [&["check"], &["plan"], &["explain", "101"], &["audit"], &["verify"], &["run", "--accept", &"0".repeat(64)]];
    let told = |args: &[&str]| {
        let output = site.cli(args);
        let notes = String::from_utf8_lossy(&output.stderr).lines().filter(|line| line.starts_with("note: ")).count();
        let object = json(&site.cli(&[args, &["--json"]].concat()));
        (output.status.code(), notes, object.get("unsigned").cloned())
    };
    let before: Vec<_> = commands.iter().map(|args| told(args)).collect();
    assert!(before.iter().all(|(_, notes, unsigned)| *notes == 0 && unsigned.is_none()), "{before:?}");
    site.edit("policy.toml", |text| text.replace("# sign_within = \"6 weeks\"", "sign_within = \"2 weeks\""));
    let silent: Vec<_> = commands.iter().map(|args| told(args)).collect();
    let codes =
        |all: &[(Option<i32>, usize, Option<serde_json::Value>)]| all.iter().map(|one| one.0).collect::<Vec<_>>();
    // By the clock, which is of November at least.
    for (args, (_, notes, unsigned)) in commands.iter().zip(&silent) {
        assert_eq!(*notes, 1, "{args:?}");
        let unsigned = unsigned.as_ref().unwrap();
        assert_eq!(
            (&unsigned["first"], &unsigned["last"], &unsigned["sign_within"]),
            (&1.into(), &1.into(), &14.into())
        );
        assert!(unsigned["days"].as_i64() > Some(14));
    }
    assert_eq!(codes(&silent), codes(&before), "it changes no exit code");
    // Signed, nobody is reminded any more; the object says what was signed.
    let output = site.cli(&["verify", "--sign", "A. Person", "--json"]);
    let object = json(&output);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!((&object["signed"]["run"], &object["sound"]), (&1.into(), &true.into()));
    assert!(object.get("unsigned").is_none());
    assert!(!said(&site.cli(&["verify"])).contains("note:"));
    let Act::SignOff(sign_off) = &ledger::read(&site.site().ledger()).unwrap()[1].entry.act else { panic!() };
    assert_eq!((sign_off.of, sign_off.by.as_str()), (1, "A. Person"));
    assert_eq!(object["signed"]["head"], ledger::head(&ledger::read(&site.site().ledger()).unwrap()).to_string());
}

#[test]
fn a_number_to_sign_needs_a_name() {
    let (site, _) = site();
    let output = site.cli(&["verify", "--run", "1"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--sign"), "{}", said(&output));
    assert_eq!(acts(&site), ["run"]);
    // A noted head that the ledger never had: nothing is signed.
    let head = Digest([7; 32]).to_string();
    assert_eq!(site.cli(&["verify", "--head", &head, "--sign", "A. Person"]).status.code(), Some(2));
    assert_eq!(acts(&site), ["run"]);
}

/// A plan that was made before somebody signed is none of tonight's any more: the ledger has gone on.
#[test]
fn a_plan_is_of_the_ledger_that_it_saw() {
    let library = Library::default().loans(101, 24, "2026-08-03", Some("2026-08-12"));
    let (site, _) = site();
    library.write(&site);
    site.stamp("2026-10-16");
    let plan = site.plan_on("2026-10-16").unwrap().digest;
    sign_off(&site.site(), noon("2026-10-15"), "A. Person", None, &no_hook).unwrap();
    let refused = site.run_on("2026-10-16", Some(plan), &no_hook).map(|_| ()).unwrap_err().to_string();
    assert!(refused.contains("the last run changed since"), "{refused}");
}
