//! A hold is placed while a run is at work, at each of its steps.

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use afterloan::state::commit::{Moment, Step};

use super::{on, place, register};
use crate::support::inbox::{AS_OF_LATER, CANARY, Inbox, assert_unseen, worklist};
use crate::support::{AS_OF, TestSite, snapshot};

fn ready() -> TestSite {
    let site = TestSite::init("koha");
    Inbox::koha(&site, 3).put(&site);
    site
}

const BEFORE: [Moment; 10] = [
    Moment::Before(Step::BeginAct),
    Moment::After(Step::BeginAct),
    Moment::After(Step::CreateFolder),
    Moment::After(Step::ClearPass),
    Moment::After(Step::SyncFiles),
    Moment::After(Step::SyncFolders),
    Moment::Before(Step::WriteManifest),
    Moment::After(Step::WriteManifest),
    Moment::Before(Step::SealManifest),
    Moment::After(Step::SealManifest),
];

/// Before the instant of commit: nothing that was decided without it happens.
#[test]
fn a_run_that_decided_without_it_refuses() {
    for at in BEFORE {
        let site = ready();
        let plan = site.plan(AS_OF).unwrap();
        let before: Vec<_> = outside(&site);
        let placed = Mutex::new(None);
        let refused = site.run_with(AS_OF, Some(plan.digest), &|moment| {
            let mut placed = placed.lock().unwrap();
            if moment == at && placed.is_none() {
                *placed = Some(place(&site, &on(&["7002"])));
            }
            Ok(())
        });
        let why = refused.unwrap_err().to_string();
        assert!(why.contains("run again"), "{at}: {why}");
        assert_unseen(&site, &why, &["hold", "legal", "register", CANARY, "7002"]);
        assert!(placed.lock().unwrap().as_ref().unwrap().run_at_work == (at != Moment::Before(Step::BeginAct)), "{at}");
        assert!(outside(&site) == before, "{at}: something changed");
        site.accept_and_run(AS_OF);
        assert_eq!(worklist(&site, "koha-loans"), [1, 3], "{at}");
    }
}

/// From the last look to the instant of commit it waits; from then on it finds the list that was made.
#[test]
fn at_the_instant_of_commit_it_waits_and_after_it_names_the_list() {
    for at in [Step::AppendLedger, Step::SyncLedger] {
        let site = ready();
        let plan = site.plan(AS_OF).unwrap();
        thread::scope(|scope| {
            let waits = Mutex::new(None);
            let ran = site.run_with(AS_OF, Some(plan.digest), &|moment| {
                if moment == Moment::Before(at) {
                    let before = register(&site);
                    let site = &site;
                    *waits.lock().unwrap() = Some(scope.spawn(move || place(site, &on(&["7002"]))));
                    thread::sleep(Duration::from_millis(300));
                    assert!(register(site) == before, "it was placed before the instant of commit");
                }
                Ok(())
            });
            assert!(ran.is_ok(), "{at}: {ran:?}");
            waits.lock().unwrap().take().unwrap().join().unwrap();
        });
        assert_eq!(worklist(&site, "koha-loans"), [1, 2, 3], "it was acknowledged after");
        Inbox::koha(&site, 3).put_at(&site, AS_OF_LATER);
        site.accept_and_run(AS_OF_LATER);
        assert_eq!(worklist(&site, "koha-loans"), [1, 3]);
    }
    let site = ready();
    site.accept_and_run(AS_OF);
    let placed = place(&site, &on(&["7002"]));
    assert!(placed.worklists.iter().any(|path| path.ends_with("koha-loans.csv")), "{placed:?}");
    assert!(!placed.run_at_work);
}

/// While files move into place a hold is placed at once.
#[test]
fn after_the_instant_of_commit_it_waits_for_nobody() {
    for at in [Step::PlaceFile, Step::SyncPlaced, Step::RemoveAct] {
        let site = ready();
        let plan = site.plan(AS_OF).unwrap();
        let placed = Mutex::new(false);
        site.run_with(AS_OF, Some(plan.digest), &|moment| {
            let mut placed = placed.lock().unwrap();
            if moment == Moment::Before(at) && !*placed {
                place(&site, &on(&["7002"]));
                *placed = true;
            }
            Ok(())
        })
        .unwrap();
        assert!(*placed.lock().unwrap());
        Inbox::koha(&site, 3).put_at(&site, AS_OF_LATER);
        site.accept_and_run(AS_OF_LATER);
        assert_eq!(worklist(&site, "koha-loans"), [1, 3], "{at}");
    }
}

fn outside(site: &TestSite) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    snapshot(&site.root()).into_iter().filter(|(path, _)| !path.starts_with("state")).collect()
}
