//! Patron records lose their contact data when circulation is done with them, and a mailing list holds those who asked.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use afterloan::act::Outcome;
use afterloan::words::{Need, Side};

use crate::support::inbox::{Inbox, both, worklist};
use crate::support::library::{five, is_there, only};
use crate::support::{TestSite, files, snapshot};

const NAME: &str = "koha-contacts";
const NEWS: &str = "\n[mailing.newsletter]\npurpose = \"News of the library\"\nopt_in = \"newsletter\"\n\
                    columns = [\"firstname\", \"email\"]\n";
/// What nobody may see but whoever holds the inbox, or is sent to.
const CANARIES: [&str; 4] = ["canary", "Quokka", "Zanzibar", "555-77"];

/// A Koha site that has patron records alone.
fn contacts_site() -> TestSite {
    let site = TestSite::init_with("koha", &["--with", "contacts"]).by_hand();
    for name in ["koha-loans", "koha-holds"] {
        fs::remove_file(site.at(&format!("pipelines/{name}.toml"))).unwrap();
    }
    site
}

/// Patrons from 801, idle, whose cards expired on a day.
fn idle(site: &TestSite, patrons: usize, expired: &str) -> Inbox {
    let mut inbox = Inbox::empty(site);
    inbox.add("categories", &[("categorycode", "AD"), ("category_type", "A")]);
    (801..801 + patrons).for_each(|number| patron(&mut inbox, number, expired));
    inbox
}

fn patron(inbox: &mut Inbox, number: usize, expired: &str) {
    let text = |before: &str, after: &str| format!("{before}{number}{after}");
    let cells = [
        ("borrowernumber", number.to_string()),
        ("cardnumber", text("29999000", "")),
        ("userid", text("canarylogin", "")),
        ("surname", text("Zanzibar", "")),
        ("firstname", text("Quokka", "")),
        ("email", text("canary", "@example.org")),
        ("address", text("", " Quokka Lane")),
        ("phone", text("555-77", "")),
        ("categorycode", "AD".into()),
        ("dateenrolled", "2012-03-04".into()),
        ("dateexpiry", expired.into()),
        ("flags", "0".into()),
        ("privacy", "1".into()),
    ];
    let cells: Vec<(&str, &str)> = cells.iter().map(|(column, cell)| (*column, cell.as_str())).collect();
    inbox.add("contacts", &cells);
}

fn consent(inbox: &mut Inbox, number: &str, kind: &str, given: &str, refused: &str) {
    let cells = [("borrowernumber", number), ("type", kind), ("given_on", given), ("refused_on", refused)];
    inbox.add("patron_consent", &cells);
}

impl TestSite {
    fn contacts(&self, inbox: &Inbox, day: &str) -> Outcome {
        inbox.put(self);
        self.stamp(day);
        let outcome = self.accept_on(day);
        assert!(outcome.stopped.is_empty(), "{:?}", outcome.stopped);
        outcome
    }

    /// What is below `state/mailing`, by name without the run.
    fn mailing(&self) -> Vec<(String, String)> {
        if !is_there(self, "state/mailing") {
            return Vec::new();
        }
        let lists = snapshot(&self.at("state/mailing")).into_iter();
        lists.map(|(path, bytes)| (path.display().to_string(), String::from_utf8(bytes).unwrap())).collect()
    }

    /// Contact data stands nowhere but in the inbox and on mailing lists.
    fn assert_no_canaries(&self) {
        for folder in ["state", "worklists", "reports", "public"] {
            for (path, bytes) in snapshot(&self.at(folder)) {
                if folder == "state" && path.to_string_lossy().contains("mailing") {
                    continue;
                }
                for canary in CANARIES {
                    let seen = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
                    assert!(!seen, "{folder}/{} holds {canary}", path.display());
                }
            }
        }
    }
}

fn hold(site: &TestSite, scope: &str) {
    let hold = format!(
        r#"{{"format":1,"count":1,"holds":[{{"matter":"A","placed":"2026-10-13T20:00:00Z","placed_by":"director",
        "trigger":"subpoena","released":null,"released_by":null,"scope":{scope}}}]}}"#
    );
    fs::write(site.at("state/holds.json"), hold).unwrap();
}

#[test]
fn idle_records_are_listed_by_number_and_confirmed_once_they_are_empty() {
    let site = contacts_site();
    let mut inbox = idle(&site, 12, "2020-04-01");
    patron(&mut inbox, 813, "2027-04-01");
    let first = site.contacts(&inbox, "2026-10-15");
    assert_eq!((five(&first), only(&first).side), ([13, 12, 0, 1, 0], Side::Contact));
    assert_eq!(worklist(&site, NAME), (801..813).collect::<Vec<u64>>());
    let list = |ending: &str| {
        let path = site.at(&format!("worklists/2026-10-15-run-000001-{NAME}.{ending}"));
        (fs::metadata(&path).unwrap().permissions().mode() & 0o777, fs::read_to_string(path).unwrap())
    };
    let ((mode, csv), (_, sql)) = (list("csv"), list("sql"));
    assert_eq!((mode, csv.lines().next()), (0o600, Some("patron")));
    assert!(sql.lines().next().unwrap().ends_with("it severs the contact data"), "{sql}");
    assert!(sql.contains("(SELECT COUNT(*) FROM issues") && !sql.contains("b.surname"), "{sql}");
    // Nothing is published, staged or final.
    assert!(files(&site.at("public")).is_empty() && only(&first).released.is_empty());
    assert!(!is_there(&site, "state/staging") && files(&site.at("state/keys")).len() == 2);
    assert!(site.mailing().is_empty());
    site.assert_no_canaries();

    let second = site.contacts(&inbox, "2026-10-16");
    assert_eq!((five(&second), only(&second).tally.residual()), ([13, 0, 12, 1, 0], 12));
    for row in 0..11 {
        for column in ["email", "address", "phone"] {
            inbox.set("contacts", row, column, "");
        }
    }
    let third = site.contacts(&inbox, "2026-10-17");
    assert_eq!((five(&third), only(&third).tally.confirmed, only(&third).tally.residual()), ([13, 0, 1, 1, 11], 11, 1));
    // She came back and has something out: off the list again.
    inbox.add("issues", &[("issue_id", "1"), ("borrowernumber", "812")]);
    let fourth = site.contacts(&inbox, "2026-10-18");
    assert_eq!((five(&fourth), worklist(&site, NAME)), ([13, 0, 0, 2, 11], vec![]));
    site.assert_verifies();
}

#[test]
fn the_last_day_keeps_and_the_next_is_due() {
    for (day, listed) in [("2026-10-14", 0), ("2026-10-15", 12)] {
        let site = contacts_site();
        // Two years are 731 days.
        let outcome = site.contacts(&idle(&site, 12, "2024-10-14"), day);
        assert_eq!(only(&outcome).totals.retired, listed, "{day}");
    }
}

#[test]
fn whoever_is_needed_is_kept_and_the_need_is_told() {
    let site = contacts_site();
    let mut inbox = idle(&site, 12, "2020-04-01");
    inbox.add("issues", &[("issue_id", "1"), ("borrowernumber", "801")]);
    inbox.add("reserves", &[("reserve_id", "1"), ("borrowernumber", "802")]);
    let bill = |inbox: &mut Inbox, patron, amount| {
        let cells = [("borrowernumber", patron), ("amountoutstanding", amount), ("timestamp", "2020-01-01 10:00:00")];
        inbox.add("accountlines", &cells);
    };
    bill(&mut inbox, "803", "2.500000");
    bill(&mut inbox, "803", "-2.500000");
    bill(&mut inbox, "804", "0.000000");
    inbox.add("return_claims", &[("id", "1"), ("borrowernumber", "805")]);
    inbox.add("illrequests", &[("illrequest_id", "1"), ("borrowernumber", "811")]);
    let child = [("guarantor_id", "806"), ("guarantee_id", "950"), ("dateexpiry", "2019-01-01"), ("busy", "1")];
    inbox.add("linked", &child);
    inbox.set("contacts", 6, "dateexpiry", "");
    inbox.set("contacts", 7, "dateexpiry", "01/04/2020");
    inbox.set("contacts", 8, "flags", "1");
    inbox.set("contacts", 9, "privacy", "0");
    let outcome = site.contacts(&inbox, "2026-10-15");
    assert_eq!(worklist(&site, NAME), [804, 812]);
    let needs: Vec<(Need, u64)> = only(&outcome).totals.kept_by_need.clone().into_iter().collect();
    let expected =
        [(Need::Open, 7), (Need::Owing, 1), (Need::Disputed, 1), (Need::History, 1), (Need::Undetermined, 1)];
    for one in expected {
        assert!(needs.contains(&one), "{one:?} in {needs:?}");
    }
    let explained = site.cli(&["explain", "803", "--as-of", "2026-10-15T12:00:00-04:00", "--json"]);
    let explained = both(&explained);
    assert!(explained.contains("\"owing\"") && explained.contains("\"kept\""), "{explained}");
    assert!(CANARIES.iter().all(|canary| !explained.contains(canary)), "{explained}");
}

#[test]
fn without_one_of_the_exports_that_decide_nothing_is_listed() {
    let exports = "categories issues returns reserves accountlines return_claims illrequests linked patron_consent";
    for export in exports.split(' ') {
        let site = contacts_site();
        let inbox = idle(&site, 2, "2020-04-01");
        inbox.put(&site);
        fs::remove_file(site.at("inbox").join(inbox.file(export))).unwrap();
        site.stamp("2026-10-15");
        let plan = site.plan_on("2026-10-15").unwrap();
        assert_eq!((plan.pipelines.len(), plan.stopped.len()), (0, 1), "{export}");
    }
}

#[test]
fn a_legal_hold_on_anything_of_hers_keeps_the_record() {
    let all: Vec<u64> = (801..807).collect();
    for (scope, kept) in [
        (r#"{"patron_ids":["804"]}"#, vec![804]),
        (r#"{"identifiers":["29999000804"]}"#, vec![804]),
        (r#"{"identifiers":["CANARY804@example.org "]}"#, vec![804]),
        // Whatever narrows the hold on her transactions.
        (r#"{"patron_ids":["804"],"items":["9"],"kinds":["loan"],"opened_from":"2026-01-01"}"#, vec![804]),
        (r#"{"patron_ids":["999"],"kinds":["loan"]}"#, vec![]),
        // Whose it is can't be told from here.
        (r#"{"items":["9"]}"#, all.clone()),
        (r#"{"branches":["MAIN"],"kinds":["contact"]}"#, all.clone()),
        (r#"{"kinds":["session"]}"#, all.clone()),
        (r#"{"opened_to":"2020-01-01"}"#, all.clone()),
        (r#"{"identifiers":["misspelt"]}"#, all.clone()),
        (r#"{"kinds":["contact"]}"#, all.clone()),
        (r#"{"everything":true}"#, all.clone()),
    ] {
        let site = contacts_site();
        hold(&site, scope);
        let outcome = site.contacts(&idle(&site, 6, "2020-04-01"), "2026-10-15");
        let list = worklist(&site, NAME);
        let off: Vec<u64> = all.iter().copied().filter(|id| !list.contains(id)).collect();
        assert_eq!(off, kept, "{scope}");
        let shown: Vec<Need> = only(&outcome).totals.kept_by_need.keys().copied().collect();
        assert!(shown.iter().all(|need| *need == Need::Undetermined), "a hold is never named");
    }
}

/// 801 said yes and is idle: due. From 802 on cards are valid.
fn asked(site: &TestSite) -> Inbox {
    let mut inbox = idle(site, 1, "2020-04-01");
    (802..812).for_each(|number| patron(&mut inbox, number, "2027-04-01"));
    patron(&mut inbox, 812, "2026-01-01");
    let yes = "2025-01-01 10:00:00";
    for number in ["801", "802", "812"] {
        consent(&mut inbox, number, "NEWSLETTER", yes, "");
    }
    consent(&mut inbox, "803", "NEWSLETTER", "", yes);
    consent(&mut inbox, "804", "GDPR_PROCESSING", yes, "");
    consent(&mut inbox, "805", "newsletter", yes, "");
    consent(&mut inbox, "806", "NEWSLETTER", "", "");
    // Yes, and no: which is the later can't be told.
    consent(&mut inbox, "807", "NEWSLETTER", yes, "");
    consent(&mut inbox, "807", "NEWSLETTER", yes, yes);
    // Yes, and nothing to reach her by on this list.
    consent(&mut inbox, "808", "NEWSLETTER", yes, "");
    inbox.set("contacts", 7, "email", "").set("contacts", 7, "firstname", " ");
    // Two records with one number: which of them said yes?
    consent(&mut inbox, "809", "NEWSLETTER", yes, "");
    patron(&mut inbox, 809, "2027-05-01");
    inbox.set("contacts", 11, "firstname", "=cmd|' /C calc'!A1");
    inbox
}

const LIST: &str = "\"firstname\",\"email\"\n\"Quokka802\",\"canary802@example.org\"\n\"'=cmd|' /C calc'!A1\",\"canary812@example.org\"\n";

#[test]
fn a_mailing_list_holds_those_who_asked_and_what_the_purpose_needs() {
    let site = contacts_site();
    let mut inbox = asked(&site);
    site.edit("policy.toml", |text| text + NEWS);
    let first = site.contacts(&inbox, "2026-10-15");
    assert_eq!(worklist(&site, NAME), [801], "and whoever is due is on no list");
    assert_eq!(site.mailing(), [("2026-10-15-run-000001-newsletter.csv".to_string(), LIST.to_string())]);
    let path = site.at("state/mailing/2026-10-15-run-000001-newsletter.csv");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(only(&first).lists.mailing.clone().into_iter().collect::<Vec<_>>(), [("newsletter".to_string(), 2)]);
    site.assert_no_canaries();
    // Few: hidden from staff, exact for the operator.
    let report =
        |path: &str| -> serde_json::Value { serde_json::from_slice(&fs::read(site.at(path)).unwrap()).unwrap() };
    let staff = &report("reports/2026-10-15-run-000001.json")["pipelines"][0]["mailing"][0];
    assert!(staff["patrons"].is_null() && staff["purpose"] == "News of the library", "{staff}");
    assert_eq!(report("state/runs/000001.json")["pipelines"][0]["mailing"][0]["patrons"], 2);
    site.assert_verifies();

    // A plan shows figures alone.
    site.stamp("2026-10-16");
    let plan = both(&site.cli(&["plan", "--as-of", "2026-10-16T03:00:00-04:00"]));
    assert!(plan.contains("mailing list newsletter"), "{plan}");
    assert!(CANARIES.iter().all(|canary| !plan.contains(canary)), "{plan}");

    // She changed her mind; the list of yesterday is gone.
    inbox.set("patron_consent", 1, "refused_on", "2026-10-15 20:00:00");
    site.contacts(&inbox, "2026-10-16");
    let lists = site.mailing();
    assert_eq!(lists.len(), 1);
    assert!(!lists[0].1.contains("canary802") && lists[0].1.contains("canary812"));

    // The board no longer wants it.
    site.edit("policy.toml", |text| text.replace(NEWS, ""));
    site.contacts(&inbox, "2026-10-17");
    assert_eq!(site.mailing(), []);
    site.assert_verifies();
}

#[test]
fn a_legal_hold_shows_on_no_mailing_list() {
    for scope in
        [r#"{"patron_ids":["801"]}"#, r#"{"patron_ids":["802"]}"#, r#"{"everything":true}"#, r#"{"items":["9"]}"#]
    {
        let site = contacts_site();
        site.edit("policy.toml", |text| text + NEWS);
        hold(&site, scope);
        site.contacts(&asked(&site), "2026-10-15");
        assert_eq!(site.mailing()[0].1, LIST, "{scope}");
    }
}

#[test]
fn a_list_does_not_outlive_a_night_on_which_its_pipeline_stops() {
    let site = TestSite::init_with("koha", &["--with", "contacts"]);
    fs::remove_file(site.at("pipelines/koha-holds.toml")).unwrap();
    site.edit("policy.toml", |text| text + NEWS);
    let inbox = asked(&site);
    site.contacts(&inbox, "2026-10-15");
    assert_eq!(site.mailing().len(), 1);
    inbox.put(&site);
    fs::remove_file(site.at("inbox").join(inbox.file("patron_consent"))).unwrap();
    site.stamp("2026-10-16");
    let outcome = site.accept_on("2026-10-16");
    assert_eq!((outcome.stopped.len(), site.mailing()), (1, vec![]));
    site.assert_verifies();
}

#[test]
fn what_the_policy_asks_for_and_nobody_offers_is_refused() {
    let refused = |site: &TestSite, change: &dyn Fn(String) -> String| {
        site.edit("policy.toml", |text| change(text + NEWS));
        site.plan_on("2026-10-15").unwrap_err().to_string()
    };
    let with = |from: &'static str, to: &'static str| move |text: String| text.replace(from, to);
    let site = contacts_site();
    idle(&site, 2, "2020-04-01").put(&site);
    site.stamp("2026-10-15");
    for (from, to, why) in [
        (
            "\"firstname\", \"email\"",
            "\"firstname\", \"emial\"",
            "doesn't offer `emial` for mailing lists; did you mean `email`?",
        ),
        ("\"firstname\", \"email\"", "\"cardnumber\"", "doesn't offer `cardnumber`"),
        ("\"firstname\", \"email\"", "", "list in `columns` what the purpose needs"),
        ("\"News of the library\"", "\" \"", "say in `purpose`"),
        (
            "opt_in = \"newsletter\"\n",
            "opt_in = \"newsleter\"\n",
            "knows no opt-in `newsleter`; did you mean `newsletter`?",
        ),
        ("opt_in = \"newsletter\"\n", "", "missing field `opt_in`"),
        ("[mailing.newsletter]\np", "[mailing.\"../x\"]\np", "a mailing list's name"),
        ("grace = \"2 years\"\n", "grace = \"2 years\"\nrefund = \"0\"\n", "a patron record is no transaction"),
    ] {
        let before = fs::read_to_string(site.at("policy.toml")).unwrap();
        let error = refused(&site, &with(from, to));
        assert!(error.contains(why), "{from} → {to}: {error}");
        site.edit("policy.toml", |_| before);
    }
    let nobody = TestSite::init("koha");
    let error = refused(&nobody, &|text| text);
    assert!(error.contains("no pipeline offers anything for mailing lists"), "{error}");
    // Whoever may still be asked about a loan must be reached.
    let both_kinds = TestSite::init_with("koha", &["--with", "contacts"]);
    let error = refused(&both_kinds, &with("grace = \"2 years\"", "grace = \"29 days\""));
    assert!(error.contains("`grace` of a hold is longer") || error.contains("`grace` of a loan is longer"), "{error}");
    // And a board that hasn't said how long keeps all.
    let silent = contacts_site();
    idle(&silent, 2, "2020-04-01").put(&silent);
    silent.stamp("2026-10-15");
    silent.edit("policy.toml", |text| text.replace("[retention.contact]\ngrace", "[retention.ill]\ngrace"));
    let plan = silent.plan_on("2026-10-15").unwrap();
    assert!(plan.stopped[0].why.contains("no [retention.contact]"), "{:?}", plan.stopped);
    assert!(!Path::new(&silent.at("state/mailing")).exists());
}
