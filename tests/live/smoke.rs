//! A night by table and its purge come to what a night by export and a client come to.

use super::dump::leads;
use super::harness::{Live, rows};
use crate::servers::{evergreen, koha, server::Server};

#[test]
#[ignore = "needs MariaDB: make test-live"]
fn koha_is_read_by_table_and_purged() {
    let server = Server::mariadb();
    koha::fill(&server);
    let live = Live::new(&server, &koha::PIPELINES);
    let outcome = live.night("2026-11-01T00:00:00-04:00");
    assert!(outcome.pipelines.iter().all(|one| one.totals.rejected == 0));
    let purged = live.purge("2026-11-01T00:30:00-04:00");
    let (severed, left) = rows(&purged, "koha-loans", "the loan itself");
    assert!(severed > 5 && left == 0, "{purged:?}");
    let again = live.try_purge("2026-11-01T00:40:00-04:00").unwrap_err().to_string();
    assert!(again.contains("carried out already"), "{again}");
    live.site.assert_verifies();
    // The next night finds it.
    let outcome = live.night("2026-11-02T00:00:00-05:00");
    let loans = outcome.pipelines.iter().find(|one| one.name == "koha-loans").unwrap();
    assert_eq!((loans.tally.confirmed, loans.tally.residual()), (severed, 0));
    let _ = leads(&server, &[]);
}

#[test]
#[ignore = "needs PostgreSQL: make test-live"]
fn evergreen_is_read_by_table_and_purged() {
    let server = Server::postgresql();
    evergreen::fill(&server);
    let live = Live::new(&server, &evergreen::PIPELINES);
    live.night("2026-11-01T00:00:00-04:00");
    let purged = live.purge("2026-11-01T00:30:00-04:00");
    let (severed, _) = rows(&purged, "evergreen-loans", "the loan itself");
    assert!(severed > 3, "{purged:?}");
    live.site.assert_verifies();
    live.night("2026-11-02T00:00:00-05:00");
}
