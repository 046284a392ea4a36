//! Releases of Koha that are older than the pipelines: `init --database` writes what fits, and a night and its purge come to the
//! same as on the newest.

use std::fs;

use super::harness::{Live, rows};
use crate::servers::{koha, server::Server};
use crate::support::afterloan;
use crate::systems::PipelineFile;

/// Each takes from a release what the one before it didn't have.
const BEFORE_25_11: &str = "
    ALTER TABLE old_issues DROP FOREIGN KEY old_issues_booking_id_fk, DROP COLUMN booking_id;
    ALTER TABLE issues DROP FOREIGN KEY issues_booking_id_fk, DROP COLUMN booking_id;
    ALTER TABLE accountlines DROP FOREIGN KEY accountlines_ibfk_reserves, DROP FOREIGN KEY accountlines_ibfk_old_reserves;
    ALTER TABLE accountlines DROP COLUMN reserve_id, DROP COLUMN old_reserve_id;
    ALTER TABLE reserves DROP FOREIGN KEY reserves_ibfk_hg, DROP COLUMN hold_group_id;
    ALTER TABLE old_reserves DROP FOREIGN KEY old_reserves_ibfk_hg, DROP COLUMN hold_group_id;
    DROP TABLE hold_groups;
";
const BEFORE_24_11: &str = "
    ALTER TABLE accountlines DROP FOREIGN KEY accountlines_ibfk_issues, DROP FOREIGN KEY accountlines_ibfk_old_issues;
    UPDATE accountlines SET issue_id = COALESCE(issue_id, old_issue_id), timestamp = timestamp;
    ALTER TABLE accountlines DROP COLUMN old_issue_id, DROP KEY accountlines_ibfk_issues;
    ALTER TABLE bookings DROP COLUMN status;
";
const BEFORE_24_05: &str = "
    ALTER TABLE action_logs DROP COLUMN diff;
    ALTER TABLE issues CHANGE renewals_count renewals tinyint(4) NOT NULL DEFAULT 0, DROP COLUMN checkin_library;
    ALTER TABLE old_issues CHANGE renewals_count renewals tinyint(4) NOT NULL DEFAULT 0, DROP COLUMN checkin_library;
    DROP TABLE bookings;
";

#[test]
#[ignore = "needs MariaDB: make test-live"]
fn koha_of_every_release_is_read_and_purged() {
    let mut severed = Vec::new();
    for older in [&[][..], &[BEFORE_25_11], &[BEFORE_25_11, BEFORE_24_11], &[BEFORE_25_11, BEFORE_24_11, BEFORE_24_05]]
    {
        let server = Server::mariadb();
        koha::fill(&server);
        older.iter().for_each(|sql| drop(server.must(sql)));
        let pipelines = written_for(&server);
        assert_eq!(pipelines.len(), koha::PIPELINES.len());
        every_statement_is_one(&server, &pipelines);
        let live = Live::with(&server, &pipelines);
        let outcome = live.night("2026-11-01T00:00:00-04:00");
        assert!(outcome.pipelines.iter().all(|one| one.totals.rejected == 0));
        let purged = live.purge("2026-11-01T00:30:00-04:00");
        severed.push(rows(&purged, "koha-loans", "the loan itself"));
        live.site.assert_verifies();
    }
    let (newest, _) = severed[0];
    assert!(newest > 5 && severed.iter().all(|one| *one == (newest, 0)), "{severed:?}");
}

/// The pipelines that `init --database` makes for this server, and no problem.
fn written_for(server: &Server) -> Vec<PipelineFile> {
    server.must("CREATE USER afterloan_init@localhost; GRANT SELECT ON koha.* TO afterloan_init@localhost;");
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    let mut init = afterloan();
    init.arg("init").arg(&site).args(["--ils", "koha", "--with", "bills", "--with", "contacts", "--database"]);
    let output = init.arg(server.host()).args(["--reader", "afterloan_init"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let check = afterloan().arg("check").arg("--site").arg(&site).output().unwrap();
    let told = String::from_utf8(check.stdout).unwrap();
    let read = |name: &str| {
        let text = fs::read_to_string(site.join(format!("pipelines/{name}.toml"))).unwrap();
        assert!(!text.contains("/*"), "{name}: {text}");
        let table: toml::Table = text.parse().unwrap();
        let tests = table["test"].as_array().unwrap().len();
        assert!(told.contains(&format!("{tests} of {tests} pass")), "{name}: {told}");
        PipelineFile { name: name.into(), text, table }
    };
    koha::PIPELINES.map(read).into()
}

/// The server can make something of each statement.
fn every_statement_is_one(server: &Server, pipelines: &[PipelineFile]) {
    for pipeline in pipelines {
        for trace in pipeline.table["trace"].as_array().unwrap() {
            for sql in ["sever", "count"].into_iter().filter_map(|key| trace.get(key)?.as_str()) {
                server.must(&format!("EXPLAIN {};\n", sql.replace("{ids}", "0")));
            }
        }
    }
}
