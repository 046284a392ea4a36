//! Thirty nights of a made-up Evergreen on PostgreSQL, beside a model that shares nothing with afterloan.

pub mod library;
mod model;
mod satellites;
mod setup;
mod tables;

use afterloan::words::Need;
use library::Library;

use super::clock;
use super::compare::{Leads, assert_leads};
use super::dump::leads;
use super::harness::Live;
use crate::servers::server::Server;

const TABLES: &str = include_str!("../servers/evergreen.sql");

/// At least so many loans, with their renewals.
const LOANS: i64 = 50_000;

/// Days of history before the first night, and nights.
const HISTORY: i64 = 200;
const NIGHTS: i64 = 30;

/// Leads by table and loan. No table is left out: notes on bills, and who paid them, are traces of loans.
fn found(server: &Server) -> Leads {
    let mut found = Leads::new();
    for lead in leads(server, &[]) {
        let own = || lead.cells[0].as_deref().unwrap().parse().unwrap();
        let of = match lead.table.as_str() {
            // A letter may be about several loans; a history forgets which one it was.
            "action_trigger.event_output" | "action.usr_circ_history" => own(),
            _ => lead.transaction.unwrap_or(0),
        };
        *found.entry((lead.table, of)).or_default() += 1;
    }
    found
}

#[track_caller]
pub fn assert_same(night: i64, when: &str, library: &Library, server: &Server) {
    assert_leads(night, when, &found(server), &library.leads(), &|number| library.tell(number));
    // What no number says: a copy that Evergreen keeps of a loan, with the year of birth, and the history's link to it.
    let says = server.query(
        "SELECT COUNT(*) FROM action.aged_circulation WHERE COALESCE(usr_post_code, usr_birth_year::TEXT) <> ''",
    );
    assert_eq!(
        says.rows[0][0].as_deref(),
        Some("0"),
        "night {night}, {when}: aged copies say post code or year of birth"
    );
    let aged = server.query("SELECT COUNT(*) FROM action.aged_circulation");
    let severed = library.loans.iter().filter(|loan| loan.severed).count().to_string();
    assert_eq!(aged.rows[0][0].as_deref(), Some(severed.as_str()), "night {night}, {when}: aged copies");
}

/// A library with its history, and its site.
pub fn with_history(days: i64, a_day: i64) -> (Server, Library, Live) {
    let server = Server::postgresql();
    server.must(TABLES);
    let mut library = Library::new(a_day as u64);
    server.must(&setup::setup());
    for day in -days..0 {
        library.day(day);
    }
    library.flush(&server);
    // As a server does that has stood for a while.
    server.must("ANALYZE;");
    let live = Live::new(&server, &["evergreen-loans"]);
    (server, library, live)
}

/// Loans that name a patron, counted by the server.
fn linked(server: &Server) -> u64 {
    let counted = server.query("SELECT COUNT(*) FROM action.circulation WHERE usr IS NOT NULL");
    counted.rows[0][0].as_deref().unwrap().parse().unwrap()
}

#[test]
#[ignore = "needs PostgreSQL: make test-live"]
fn thirty_nights_sever_all_that_is_due_and_nothing_that_is_needed() {
    let start = std::time::Instant::now();
    let (server, mut library, live) = with_history(HISTORY, LOANS / (HISTORY + NIGHTS));
    println!("history: {} loans in {:.1} s", library.loans.len(), start.elapsed().as_secs_f64());
    assert_same(0, "before the first night", &library, &server);
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
        let totals = &outcome.pipelines[0].totals;
        assert_eq!(totals.rejected, 0);
        // What is held by law is called undetermined, so that no report tells of a hold.
        let undetermined = totals.kept_by_need.contains_key(&Need::Undetermined);
        assert_eq!(undetermined, library.held.is_some());
        told("run");
        assert_eq!(live.exposure(&at).0, linked(&server), "night {night}: what could be handed over, before the purge");
        // Between the night and its purge: claimed, and owing again.
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
    let loans = library.loans.len();
    assert!(loans as i64 >= LOANS, "{loans}");
    assert!(severed > 60_000 && spared > 60, "{severed} rows were severed, {spared} loans spared: {loans}");
    let all = start.elapsed().as_secs();
    println!("{loans} loans, {severed} rows severed, {spared} spared, {all} s");
}
