//! Thirty nights of a made-up Koha on MariaDB, beside a model that shares nothing with afterloan.

pub mod library;
mod model;

use library::Library;

use super::clock;
use super::compare::{Leads, assert_leads};
use super::dump::leads;
use super::harness::Live;
use crate::servers::server::Server;

const TABLES: &str = include_str!("../servers/koha.sql");

/// Days of history before the first night, and nights.
const HISTORY: i64 = 200;
const NIGHTS: i64 = 30;

/// Leads by table and loan. Bills are of another kind, with pipelines of their own.
fn found(server: &Server, library: &Library) -> Leads {
    let mut found = Leads::new();
    for lead in leads(server, &["accountlines"]) {
        let loan = match lead.transaction {
            Some(loan) => loan,
            None => library.had_last(lead.item.unwrap(), lead.patron),
        };
        *found.entry((lead.table, loan)).or_default() += 1;
    }
    found
}

#[track_caller]
pub fn assert_same(night: i64, when: &str, library: &Library, server: &Server) {
    assert_leads(night, when, &found(server, library), &library.leads(), &|id| library.tell(id));
}

/// A library of some thousand loans, most of them due, and its site.
pub fn small() -> (Server, Library, Live) {
    let server = Server::mariadb();
    server.must(TABLES);
    let mut library = Library::new(60);
    server.must(&library.setup());
    for day in -110..0 {
        library.day(day);
    }
    library.flush(&server);
    let live = Live::new(&server, &["koha-loans"]);
    (server, library, live)
}

/// Loans that name a patron, counted by the server.
fn linked(server: &Server) -> u64 {
    let counted = server.query(
        "SELECT COUNT(borrowernumber) AS linked FROM \
         (SELECT borrowernumber FROM issues UNION ALL SELECT borrowernumber FROM old_issues) a",
    );
    counted.rows[0][0].as_deref().unwrap().parse().unwrap()
}

#[test]
#[ignore = "needs MariaDB: make test-live"]
fn thirty_nights_sever_all_that_is_due_and_nothing_that_is_needed() {
    let server = Server::mariadb();
    server.must(TABLES);
    let mut library = Library::new(290);
    let setup = library.setup();
    server.must(&setup);
    for day in -HISTORY..0 {
        library.day(day);
    }
    library.flush(&server);
    // As a server does that has stood for a while.
    server.must("ANALYZE TABLE old_issues, issues, statistics, action_logs, borrowers, items, items_last_borrower, checkout_renewals;");
    let live = Live::new(&server, &["koha-loans"]);
    let (mut severed, mut spared) = (0, 0);
    for night in 0..NIGHTS {
        let clock = std::time::Instant::now();
        let told = |what: &str| println!("night {night}, {what}: {:.1} s", clock.elapsed().as_secs_f64());
        library.day(night);
        library.flush(&server);
        match night {
            10 => library.hold(&live, true),
            20 => library.hold(&live, false),
            _ => {}
        }
        let at = clock::night(night + 1);
        let outcome = live.night(&at);
        assert_eq!(outcome.pipelines[0].totals.rejected, 0);
        told("run");
        assert_eq!(live.exposure(&at).0, linked(&server), "night {night}: what could be handed over, before the purge");
        // Between the night and its purge: claimed again, and lent again behind its back.
        spared += library.meanwhile(night + 1, &server);
        let later = clock::half_an_hour_later(night + 1);
        let purged = live.purge(&later);
        told("purged");
        assert_eq!(live.exposure(&later).0, linked(&server), "night {night}: what could be handed over, after it");
        severed += purged.pipelines[0].traces.iter().filter_map(|trace| trace.severed).sum::<u64>();
        library.decide(night + 1);
        assert_same(night, "after the purge", &library, &server);
        told("compared");
    }
    live.site.assert_verifies();
    assert!(
        severed > 100_000 && spared > 10,
        "{severed} rows were severed, {spared} loans spared: {}",
        library.loans()
    );
    println!("{} loans, {severed} rows severed, {spared} spared", library.loans());
}
