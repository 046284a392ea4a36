//! A hold by any identifier finds all of hers.

use afterloan::state::register::Scope;

use super::{of, on, place, register, try_release};
use crate::support::inbox::{Inbox, worklist};
use crate::support::{AS_OF, TestSite};

const ALL: [u64; 6] = [1, 2, 3, 4, 5, 6];

fn due(kept: &[u64]) -> Vec<u64> {
    ALL.into_iter().filter(|id| !kept.contains(id)).collect()
}

#[test]
fn any_identifier_finds_all_of_hers_and_is_written_nowhere() {
    // (identifiers, how many patrons each meets, loans kept)
    let cases: [(&[&str], &[usize], &[u64]); 10] = [
        (&["29999000007003"], &[1], &[3]),
        (&[" 29999000007003.0"], &[1], &[3]),
        (&["LOGIN7003X"], &[1], &[3]),
        (&["p7003@Example.org"], &[1], &[3]),
        (&["7003"], &[1], &[3]),
        (&["0007003"], &[1], &[3]),
        (&["7003", "login7004x"], &[1, 1], &[3, 4]),
        (&["nobody-known"], &[0], &ALL),
        (&["7003", "nobody-known"], &[1, 0], &ALL),
        // A family's address means all of them.
        (&["1 Elm Street"], &[2], &[5, 6]),
    ];
    for (identifiers, meets, kept) in cases {
        let site = TestSite::init("koha");
        let mut inbox = Inbox::koha(&site, 6);
        inbox.set("borrowers", 4, "address", "1 Elm Street");
        inbox.set("borrowers", 5, "address", "1 Elm Street");
        inbox.put(&site);
        let placed = place(&site, &on(identifiers));
        assert_eq!(placed.unread, [""; 0]);
        assert_eq!(placed.patrons.iter().map(|met| met.patrons).collect::<Vec<_>>(), meets, "{identifiers:?}");
        let text = register(&site).to_lowercase();
        for secret in ["7003", "login", "example.org", "nobody", "elm street"] {
            assert!(
                !text.contains(&format!("\"{secret}")) && !text.contains(&format!("{secret}\"")),
                "{secret}: {text}"
            );
        }
        site.accept_and_run(AS_OF);
        assert_eq!(worklist(&site, "koha-loans"), due(kept), "{identifiers:?}");
    }
}

/// What she was called by when it was placed finds her still, and nobody else who has some of it.
#[test]
fn a_changed_card_is_still_hers_and_a_shared_address_is_nobodys() {
    for identifier in ["29999000007005", "login7005x", "p7005@example.org", "7005"] {
        let site = TestSite::init("koha");
        let mut inbox = Inbox::koha(&site, 6);
        inbox.set("borrowers", 4, "address", "1 Elm Street");
        inbox.set("borrowers", 5, "address", "1 Elm Street");
        inbox.put(&site);
        assert_eq!(place(&site, &on(&[identifier])).patrons[0].patrons, 1);
        inbox.set("borrowers", 4, "cardnumber", "29999000008888");
        inbox.set("borrowers", 4, "userid", "another");
        inbox.set("borrowers", 4, "email", "another@example.org");
        inbox.put(&site);
        site.accept_and_run(AS_OF);
        assert_eq!(worklist(&site, "koha-loans"), due(&[5]), "{identifier}");
    }
}

/// An order may name a card that she lost years ago, or will be misspelt, and mended by another hold.
#[test]
fn one_that_meets_nobody_keeps_all_until_it_meets_somebody() {
    let site = TestSite::init("koha");
    let mut inbox = Inbox::koha(&site, 6);
    inbox.put(&site);
    let misspelt = on(&["29999000009999"]);
    assert_eq!(place(&site, &misspelt).patrons[0].patrons, 0);
    let plan = site.plan(AS_OF).unwrap();
    assert_eq!(plan.pipelines.iter().map(|one| one.totals.retired).sum::<u64>(), 0);
    inbox.set("borrowers", 1, "cardnumber", "29999000009999");
    inbox.put(&site);
    site.accept_and_run(AS_OF);
    assert_eq!(worklist(&site, "koha-loans"), due(&[2]));
    try_release(&site, &misspelt).unwrap();
    assert!(try_release(&site, &misspelt).is_err());
}

#[test]
fn holds_add_up_and_fields_narrow_each_other() {
    let days = |from: &str, to: &str| Scope {
        opened_from: Some(from.parse().unwrap()),
        opened_to: Some(to.parse().unwrap()),
        ..Scope::default()
    };
    let items = |item: &str| Scope { items: Some(vec![item.into()]), ..Scope::default() };
    let branches = |name: &str| Scope { branches: Some(vec![name.into()]), ..Scope::default() };
    let site = TestSite::init("koha");
    let mut inbox = Inbox::koha(&site, 6);
    inbox.set("old_issues", 4, "branchcode", "NORTH");
    inbox.set("old_issues", 5, "issuedate", "2026-07-20 10:00:00");
    inbox.put(&site);
    let mut number = 0;
    let mut holds = Vec::new();
    let kept = |site: &TestSite| {
        let outcome = site.plan(AS_OF).unwrap();
        outcome.pipelines.iter().find(|one| one.name == "koha-loans").unwrap().totals.kept
    };
    let cases: [(Option<Vec<String>>, Scope, u64); 6] = [
        (Some(vec!["7001".into()]), Scope::default(), 1),
        (Some(vec!["7002".into()]), branches("NORTH"), 1),
        (None, items("300003"), 2),
        (None, branches("NORTH"), 3),
        (None, days("2026-07-20", "2026-07-20"), 4),
        (None, Scope { everything: true, ..Scope::default() }, 6),
    ];
    for (patrons, scope, sum) in cases {
        number += 1;
        let asked = afterloan::act::Asked { matter: format!("matter {number}"), ..of(patrons, scope) };
        place(&site, &asked);
        assert_eq!(kept(&site), sum, "with {number}");
        holds.push(asked);
    }
    for (left, hold) in [4, 3, 2, 1, 1, 0].into_iter().zip(holds.iter().rev()) {
        try_release(&site, hold).unwrap();
        assert_eq!(kept(&site), left, "after {}", hold.matter);
    }
}

/// Evergreen keeps every card that a patron ever had, in a table of its own.
#[test]
fn an_old_card_of_a_table_of_its_own_leads_to_all_else() {
    for identifier in ["OLDCARD51", "newcard51", "login51x", "51"] {
        let site = TestSite::init("evergreen");
        let mut inbox = Inbox::empty(&site);
        for (id, login) in [("51", "login51x"), ("52", "login52x")] {
            inbox.add("actor.usr", &[("id", id), ("profile", "2"), ("usrname", login)]);
        }
        inbox.add("actor.card", &[("id", "1"), ("usr", "51"), ("barcode", "oldcard51"), ("active", "f")]);
        inbox.add("actor.card", &[("id", "2"), ("usr", "51"), ("barcode", "NEWCARD51"), ("active", "t")]);
        inbox.add("actor.org_unit", &[("id", "1"), ("shortname", "BR1")]);
        for (id, usr, copy) in [("1", "51", "901"), ("2", "52", "902")] {
            let circulation = [
                ("id", id),
                ("usr", usr),
                ("target_copy", copy),
                ("circ_lib", "1"),
                ("xact_start", "2026-08-03 10:00:00-04"),
                ("checkin_time", "2026-08-12 10:00:00-04"),
                ("xact_finish", "2026-08-12 10:00:00-04"),
            ];
            inbox.add("action.circulation", &circulation);
        }
        inbox.put(&site);
        let placed = place(&site, &on(&[identifier]));
        assert_eq!(placed.patrons[0].patrons, 1, "{identifier}: {placed:?}");
        site.accept_and_run(AS_OF);
        assert_eq!(worklist(&site, "evergreen-loans"), [2], "{identifier}");
    }
}

/// Where nobody's records are there, everything is kept, and the hold is placed all the same.
#[test]
fn without_patron_records_it_is_placed_and_keeps_all() {
    let site = TestSite::init("koha");
    let placed = place(&site, &on(&["7003"]));
    assert!(placed.patrons[0].patrons == 0 && !placed.unread.is_empty(), "{placed:?}");
    Inbox::koha(&site, 6).put(&site);
    site.accept_and_run(AS_OF);
    assert_eq!(worklist(&site, "koha-loans"), due(&[3]), "tonight's exports have her number");
}
