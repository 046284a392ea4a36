//! What may happen to a purge: the server is killed, a statement changes more than was meant, a hold is placed, another client
//! holds a lock. Nothing is lost, nothing is severed that has a need again, and the next call goes on.

use std::cell::{Cell, RefCell};
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use afterloan::act::Purged;

use super::clock;
use super::evergreen;
use super::harness::Live;
use super::koha::{assert_same, library::Library, small};
use super::random::Random;
use crate::servers::server::Server;

/// Kills a server so many times, while purges of night after night are carried out. `begin` lets a night come and returns when
/// its purge is; `end` compares what it left.
fn kill(
    kills: u32,
    server: &mut Server,
    live: &Live,
    begin: &mut dyn FnMut(i64, &Server) -> String,
    end: &mut dyn FnMut(i64, &Server),
) {
    let mut random = Random(77);
    let (mut killed, mut night, mut went_on) = (0, 0, 0);
    while killed < kills {
        night += 1;
        let at = begin(night, server);
        loop {
            let (purged, was_killed) =
                purge_and_kill(server, live, &at, Duration::from_millis(20 + random.below(1_200)));
            if was_killed {
                killed += 1;
                println!("kill {killed}, night {night}");
                server.start_again();
            }
            if purged.stopped.is_none() {
                break;
            }
            assert!(was_killed, "{:?}", purged.stopped);
            went_on += 1;
            if killed >= kills {
                live.purge(&at);
                break;
            }
        }
        end(night, server);
    }
    live.site.assert_verifies();
    println!("{killed} kills in {night} nights, {went_on} of them in the midst of a purge");
    assert!(went_on > kills / 5);
}

/// A purge, and whether its server was killed while it went on.
fn purge_and_kill(server: &Server, live: &Live, at: &str, wait: Duration) -> (Purged, bool) {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let over = &over;
        let killer = scope.spawn(move || {
            std::thread::sleep(wait);
            let alive = !over.load(Ordering::SeqCst);
            if alive {
                server.kill();
            }
            alive
        });
        let purged = live.try_purge(at);
        over.store(true, Ordering::SeqCst);
        let was_killed = killer.join().unwrap();
        (purged.unwrap(), was_killed)
    })
}

#[test]
#[ignore = "needs MariaDB: make test-live"]
fn a_server_that_is_killed_loses_nothing() {
    let (mut server, library, live) = small();
    let library = RefCell::new(library);
    let mut begin = |night: i64, server: &Server| {
        library.borrow_mut().day(night - 1);
        library.borrow_mut().flush(server);
        live.night(&clock::night(night));
        clock::half_an_hour_later(night)
    };
    let mut end = |night: i64, server: &Server| {
        library.borrow_mut().decide(night);
        assert_same(night, "killed again and again", &library.borrow(), server);
    };
    kill(50, &mut server, &live, &mut begin, &mut end);
}

#[test]
#[ignore = "needs PostgreSQL: make test-live"]
fn an_evergreen_that_is_killed_loses_nothing() {
    let (mut server, library, live) = evergreen::with_history(110, 60);
    let library = RefCell::new(library);
    let mut begin = |night: i64, server: &Server| {
        library.borrow_mut().day(night - 1);
        library.borrow_mut().flush(server);
        live.night(&clock::night(night));
        clock::half_an_hour_later(night)
    };
    let mut end = |night: i64, server: &Server| {
        library.borrow_mut().decide(night);
        evergreen::assert_same(night, "killed again and again", &library.borrow(), server);
    };
    kill(10, &mut server, &live, &mut begin, &mut end);
}

#[test]
#[ignore = "needs MariaDB: make test-live"]
fn a_batch_that_changes_more_than_was_meant_is_taken_back() {
    let (server, _, live) = small();
    // A count that doesn't see a row that the statement changes.
    live.site.edit("pipelines/koha-loans.toml", |text| {
        let seen = "WHERE o.issue_id IN ({ids}) AND o.borrowernumber IS NOT NULL)";
        let (before, after) = text.rsplit_once(seen).unwrap();
        format!("{before}{} AND o.issue_id % 101 <> 0){after}", seen.trim_end_matches(')'))
    });
    live.night(&clock::night(0));
    let before = server.dump();
    let purged = live.try_purge(&clock::half_an_hour_later(0)).unwrap();
    let why = purged.stopped.unwrap();
    assert!(why.contains("`the loan itself` changed") && why.contains("taken back"), "{why}");
    let after = server.dump();
    let differ: Vec<&String> = before.keys().filter(|table| before[*table].rows != after[*table].rows).collect();
    assert!(differ.is_empty(), "{differ:?}");
}

#[test]
#[ignore = "needs MariaDB: make test-live"]
fn a_hold_that_is_placed_meanwhile_ends_the_purge_without_a_word_about_it() {
    let (server, mut library, live) = small();
    live.night(&clock::night(0));
    let at = clock::half_an_hour_later(0);
    let batches = Cell::new(0);
    let severed = Cell::new(0);
    let purged = live.watched_purge(&at, &|_, done, _| {
        batches.set(batches.get() + 1);
        if batches.get() == 1 {
            severed.set(done);
            let hold = r#"{"format":1,"count":1,"holds":[{"matter":"m","placed":"2026-06-01T00:00:00-04:00","placed_by":"d","trigger":"t","released":null,"released_by":null,"scope":{"everything":true}}]}"#;
            fs::write(live.site.at("state/holds.json"), hold).unwrap();
        }
    });
    let why = purged.unwrap_err().to_string();
    assert!(why.contains("Run again first") && !why.contains("hold"), "{why}");
    assert_eq!(batches.get(), 1);
    let left =
        server.query("SELECT COUNT(*) FROM old_issues WHERE borrowernumber IS NOT NULL").rows[0][0].clone().unwrap();
    assert!(left.parse::<u64>().unwrap() > 1_000 && severed.get() > 0);
    // And so does the next call; the next night lists nothing that is held.
    assert!(live.try_purge(&at).is_err());
    library.day(0);
    library.flush(&server);
    let outcome = live.night(&clock::night(1));
    assert_eq!(outcome.pipelines[0].totals.retired + outcome.pipelines[0].totals.already_retired, 0);
}

#[test]
#[ignore = "needs MariaDB: make test-live"]
fn another_clients_lock_is_waited_for_and_the_next_call_goes_on() {
    let (server, mut library, live) = small();
    live.night(&clock::night(0));
    let at = clock::half_an_hour_later(0);
    let lock = server.hold_lock("UPDATE old_issues SET note = note, timestamp = timestamp WHERE issue_id % 50 = 0");
    let purged = live.try_purge(&at).unwrap();
    let why = purged.stopped.unwrap();
    assert!(why.contains("another client"), "{why}");
    drop(lock);
    live.purge(&at);
    library.decide(0);
    assert_same(0, "after a lock", &library, &server);
}

/// A hold, a pipeline or a policy that changed, a list that isn't the run's: nothing is begun.
#[test]
#[ignore = "needs MariaDB: make test-live"]
fn a_list_that_is_not_the_last_nights_is_refused() {
    let (server, library, live) = small();
    let refused = |live: &Live, at: &str, why: &str| {
        let error = live.try_purge(at).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    };
    refused(&live, &clock::half_an_hour_later(0), "there was no run yet");
    live.night(&clock::night(0));
    let before = server.dump();
    refused(&live, &clock::half_an_hour_later(2), "more than a day ago");
    let batches = live.worklist("batches");
    let text = fs::read_to_string(&batches).unwrap();
    fs::write(&batches, text.replacen("20000", "20001", 1)).unwrap();
    refused(&live, &clock::half_an_hour_later(0), "was edited");
    fs::write(&batches, &text).unwrap();
    live.site.edit("pipelines/koha-loans.toml", |text| format!("{text}\n# Changed.\n"));
    refused(&live, &clock::half_an_hour_later(0), "was changed since the last run");
    assert!(before.iter().all(|(table, rows)| server.dump()[table].rows == rows.rows));
    let _: &Library = &library;
}
