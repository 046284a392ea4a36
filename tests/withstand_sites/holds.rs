//! A legal hold beats every rule and stays secret.

use crate::support::inbox::{AS_OF_LATER, CANARY, CliNight, Inbox, assert_unseen, worklist};
use crate::support::{AS_OF, TestSite};
use crate::withstand_sites::register::of;

const ALL: [u64; 6] = [1, 2, 3, 4, 5, 6];

/// Six loans: the patron of 4 has a login in capitals, 5 is of another branch, 6 of July.
fn inbox(site: &TestSite) -> Inbox {
    let mut inbox = Inbox::koha(site, 6);
    inbox.set("borrowers", 3, "userid", "KeEper-of-Bees");
    inbox.set("old_issues", 4, "branchcode", "NORTH");
    inbox.set("old_issues", 5, "issuedate", "2026-07-20 10:00:00");
    inbox
}

#[test]
fn what_a_hold_covers_is_kept() {
    // (scope, loans kept, whether the two holds of patron 7001 are kept)
    let cases: [(&str, &[u64], bool); 25] = [
        (r#"{"patron_ids":["7003"]}"#, &[3], false),
        // As a spreadsheet or a data frame writes it.
        (r#"{"patron_ids":["7003.0"]}"#, &[3], false),
        (r#"{"patron_ids":["00007003"]}"#, &[3], false),
        (r#"{"items":["300,002.00"]}"#, &[2], true),
        (r#"{"patron_ids":["7001","7002"]}"#, &[1, 2], true),
        (r#"{"patron_ids":[" 7003 "]}"#, &[3], false),
        (r#"{"identifiers":["29999000007003"]}"#, &[3], false),
        (r#"{"identifiers":[" 29999000007003 "]}"#, &[3], false),
        (r#"{"identifiers":["p7003@EXAMPLE.org"]}"#, &[3], false),
        (r#"{"identifiers":["keeper-of-bees"]}"#, &[4], false),
        (r#"{"identifiers":["29999000007003"],"patron_ids":["7002"]}"#, &[2, 3], false),
        (r#"{"identifiers":["nobody-known"]}"#, &ALL, true),
        (r#"{"identifiers":["29999000007003","nobody-known"]}"#, &ALL, true),
        (r#"{"items":["300002"]}"#, &[2], true),
        (r#"{"branches":["NORTH"]}"#, &[5], false),
        (r#"{"branches":["MAIN"]}"#, &[1, 2, 3, 4, 6], true),
        (r#"{"opened_from":"2026-08-01"}"#, &[1, 2, 3, 4, 5], true),
        (r#"{"opened_to":"2026-07-31"}"#, &[6], false),
        (r#"{"opened_from":"2026-07-20","opened_to":"2026-07-20"}"#, &[6], false),
        (r#"{"opened_from":"2026-07-21","opened_to":"2026-08-02"}"#, &[], false),
        (r#"{"patron_ids":["7003","7005"],"branches":["NORTH"]}"#, &[5], false),
        (r#"{"kinds":["hold"]}"#, &[], true),
        (r#"{"kinds":["loan"],"patron_ids":["7001"]}"#, &[1], false),
        (r#"{"kinds":["bill"]}"#, &[], false),
        (r#"{"everything":true}"#, &ALL, true),
    ];
    for (scope, kept, holds) in cases {
        let site = TestSite::init("koha");
        inbox(&site).put(&site);
        site.edit("state/holds.json", |_| of(&[scope]));
        let outcome = site.accept_and_run(AS_OF);
        let due: Vec<u64> = ALL.into_iter().filter(|id| !kept.contains(id)).collect();
        assert_eq!(worklist(&site, "koha-loans"), due, "{scope}");
        assert_eq!(worklist(&site, "koha-holds").is_empty(), holds, "{scope}");
        assert_eq!(outcome.pipelines[1].totals.kept, kept.len() as u64, "{scope}");
        // It reads as undetermined, everywhere.
        let shown = serde_json::to_string(&outcome).unwrap();
        assert_unseen(&site, &shown, &[CANARY, "legal", "hold-scope", "matter", "keeper-of-bees"]);
    }
}

/// Somebody is found by way of a file that is joined by the wrong column, and she is nobody's patron: a hold that keeps
/// nothing is worse than one that meets nobody.
#[test]
fn whoever_is_held_is_found_on_the_transactions_or_nothing_is_retired() {
    const CLUB: &str = "\n[[lookup]]\nname = \"club\"\nfiles = \"club-*.csv\"\non = { borrowernumber = \"member\" }\n\
                        identifiers = [\"mail\"]\n";
    /// Members of the club, the mail that is held, loans kept; None: the pipeline stops.
    type Case = ([u64; 2], &'static str, Option<&'static [u64]>);
    let cases: [Case; 5] = [
        ([7002, 7003], "second@club.example", Some(&[3])),
        ([7003, 900_003], "second@club.example", Some(&[])),
        ([900_002, 900_003], "second@club.example", None),
        ([900_002, 900_003], "nobody@club.example", Some(&ALL)),
        ([900_002, 900_003], "p7003@example.org", Some(&[3])),
    ];
    for (members, mail, kept) in cases {
        let site = TestSite::init("koha");
        inbox(&site).put(&site);
        site.edit("pipelines/koha-loans.toml", |text| format!("{text}{CLUB}"));
        let [first, second] = members;
        let club = format!("member,mail\n{first},first@club.example\n{second},second@club.example\n");
        crate::support::inbox::write_at(&site, "club-2026-11-01.csv", club.as_bytes(), AS_OF);
        site.edit("state/holds.json", |_| of(&[&format!(r#"{{"identifiers":["{mail}"]}}"#)]));
        let outcome = site.accept_and_run(AS_OF);
        let stopped: Vec<&str> = outcome.stopped.iter().map(|stopped| stopped.why.as_str()).collect();
        match kept {
            Some(kept) => {
                let due: Vec<u64> = ALL.into_iter().filter(|id| !kept.contains(id)).collect();
                assert_eq!((worklist(&site, "koha-loans"), &stopped[..]), (due, &[][..]), "{members:?} {mail}");
            }
            None => {
                assert!(stopped.len() == 1 && stopped[0].contains("club: not one of the patrons"), "{stopped:?}");
                assert!(worklist(&site, "koha-loans").is_empty());
                assert_unseen(&site, stopped[0], &[CANARY, "legal", "matter", mail]);
            }
        }
    }
}

/// A loan whose item was deleted, or that names no branch, may be the one that is meant.
#[test]
fn what_a_hold_may_mean_is_kept() {
    for (scope, column) in [(r#"{"items":["300002"]}"#, "itemnumber"), (r#"{"branches":["NORTH"]}"#, "branchcode")] {
        let site = TestSite::init("koha");
        let mut inbox = inbox(&site);
        inbox.set("old_issues", 0, column, "").put(&site);
        site.edit("state/holds.json", |_| of(&[scope]));
        site.accept_and_run(AS_OF);
        assert!(!worklist(&site, "koha-loans").contains(&1), "{scope}");
    }
    // A loan without a readable day, under a hold on a time.
    let site = TestSite::init("koha");
    let mut inbox = inbox(&site);
    inbox.set("old_issues", 0, "issuedate", "0000-00-00").put(&site);
    site.edit("state/holds.json", |_| of(&[r#"{"opened_to":"2026-01-01"}"#]));
    site.accept_and_run(AS_OF);
    assert_eq!(worklist(&site, "koha-loans"), [2, 3, 4, 5, 6]);
}

#[test]
fn a_hold_is_in_force_until_it_is_released() {
    let held = of(&[r#"{"everything":true}"#]);
    for (released, kept) in [("2026-10-31T00:00:00Z", 0), ("2026-11-01T03:59:59Z", 0), ("2026-11-01T04:00:01Z", 6)] {
        let site = TestSite::init("koha");
        inbox(&site).put(&site);
        let given = format!(r#""released":"{released}","released_by":"the director""#);
        site.edit("state/holds.json", |_| held.replace(r#""released":null,"released_by":null"#, &given));
        assert_eq!(site.accept_and_run(AS_OF).pipelines[1].totals.kept, kept, "{released}");
    }
}

/// Decided anew each night: what was requested and not yet carried out comes off the list.
#[test]
fn a_hold_takes_a_loan_off_the_worklist() {
    let site = TestSite::init("koha").by_hand();
    inbox(&site).put(&site);
    assert_eq!(CliNight::of(&site, AS_OF).code, 0);
    assert_eq!(worklist(&site, "koha-loans"), ALL);
    inbox(&site).put_at(&site, AS_OF_LATER);
    site.edit("state/holds.json", |_| of(&[r#"{"patron_ids":["7003"]}"#]));
    let night = CliNight::of(&site, AS_OF_LATER);
    assert_eq!(worklist(&site, "koha-loans"), [1, 2, 4, 5, 6]);
    assert_unseen(&site, &night.printed, &[CANARY, "legal", "hold-scope"]);
    for (path, bytes) in crate::support::snapshot(&site.at("worklists")) {
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            !text
                .split(|c: char| !c.is_ascii_digit())
                .any(|number| number == "3" && path.to_string_lossy().contains("loans.csv"))
        );
    }
}

/// Evergreen keeps every card that a patron ever had: an order may name an old one.
#[test]
fn an_old_card_leads_to_its_patron() {
    for (scope, due) in [
        (r#"{"identifiers":["OLDCARD51"]}"#, vec![2]),
        (r#"{"identifiers":["newcard51"]}"#, vec![2]),
        (r#"{"identifiers":["login52x"]}"#, vec![1]),
        (r#"{"items":["901"]}"#, vec![2]),
        (r#"{"branches":["BR2"]}"#, vec![1]),
    ] {
        let site = TestSite::init("evergreen");
        let mut inbox = Inbox::empty(&site);
        for (id, login) in [("51", "login51x"), ("52", "login52x")] {
            inbox.add("actor.usr", &[("id", id), ("profile", "2"), ("usrname", login)]);
        }
        inbox.add("actor.card", &[("id", "1"), ("usr", "51"), ("barcode", "oldcard51"), ("active", "f")]);
        inbox.add("actor.card", &[("id", "2"), ("usr", "51"), ("barcode", "NEWCARD51"), ("active", "t")]);
        for (id, name) in [("1", "BR1"), ("2", "BR2")] {
            inbox.add("actor.org_unit", &[("id", id), ("shortname", name)]);
        }
        for (id, usr, copy) in [("1", "51", "901"), ("2", "52", "902")] {
            let times = [
                ("xact_start", "2026-08-03 10:00:00-04"),
                ("checkin_time", "2026-08-12 10:00:00-04"),
                ("xact_finish", "2026-08-12 10:00:00-04"),
            ];
            let circulation = [("id", id), ("usr", usr), ("target_copy", copy), ("circ_lib", id)];
            inbox.add("action.circulation", &[&circulation[..], &times].concat());
        }
        inbox.put(&site);
        site.edit("state/holds.json", |_| of(&[scope]));
        site.accept_and_run(AS_OF);
        assert_eq!(worklist(&site, "evergreen-loans"), due, "{scope}");
    }
}
