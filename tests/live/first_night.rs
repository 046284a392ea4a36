//! From `init --database` to `purge`, by the command line: four commands, and no editor but for the authorization.

use std::fs;
use std::process::Output;

use serde_json::Value;

use crate::servers::{koha, server::Server};
use crate::support::afterloan;
use crate::support::inbox::both;

const GRANTS: [&str; 9] = [
    "UPDATE ON statistics",
    "UPDATE ON action_logs",
    "UPDATE ON checkout_renewals",
    "UPDATE ON old_issues",
    "DELETE ON bookings",
    "DELETE ON items_last_borrower",
    "DELETE ON return_claims",
    "UPDATE ON old_reserves",
    "UPDATE ON items_last_borrower",
];

#[test]
#[ignore = "needs MariaDB: make test-live"]
fn a_first_night_needs_four_commands() {
    let server = Server::mariadb();
    koha::fill(&server);
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("site");
    let (site, host) = (dir.to_str().unwrap().to_string(), server.host().to_str().unwrap().to_string());
    let run = |args: &[&str]| -> Output { afterloan().args(args).output().unwrap() };

    // Without the accounts nothing is made, and the statements that make them are printed.
    let init = ["init", &site, "--ils", "koha", "--database", &host, "--name", "Millbrook"];
    let refused = run(&init);
    assert_eq!(refused.status.code(), Some(2));
    let words = both(&refused);
    for grant in GRANTS.iter().take(8) {
        let (right, table) = grant.split_once(" ON ").unwrap();
        assert!(words.contains(&format!("GRANT {right} ON `koha`.{table} TO")), "{grant}: {words}");
    }
    assert!(!dir.exists());
    server.make_accounts("afterloan_reader", "afterloan_purger", &GRANTS.map(String::from));
    server.must("UPDATE systempreferences SET value = '64' WHERE variable = 'AnonymousPatron';");

    let made = run(&init);
    assert!(made.status.success(), "{}", both(&made));
    let words = both(&made);
    assert!(words.contains("AnonymousPatron is 64") && words.contains("afterloan purge"), "{words}");
    let loans = fs::read_to_string(dir.join("pipelines/koha-loans.toml")).unwrap();
    assert!(loans.contains("nobody = [\"0\", \"64\"]") || loans.contains("\"64\""), "AnonymousPatron is nobody");

    let policy = fs::read_to_string(dir.join("policy.toml")).unwrap();
    fs::write(dir.join("policy.toml"), policy.replace("authorization = \"\"", "authorization = \"RC-001\"")).unwrap();
    let plan = run(&["plan", "--site", &site, "--json"]);
    let plan: Value = serde_json::from_slice(&plan.stdout).unwrap();
    let digest = plan["digest"].as_str().unwrap().to_string();
    let committed = run(&["run", "--site", &site, "--accept", &digest, "--json"]);
    assert!(committed.status.code().is_some_and(|code| code < 2), "{}", both(&committed));
    let purged = run(&["purge", "--site", &site, "--by", "Odalys", "--json"]);
    assert!(purged.status.code().is_some_and(|code| code < 2), "{}", both(&purged));
    let purged: Value = serde_json::from_slice(&purged.stdout).unwrap();
    assert!(purged["sequence"] == 2 && purged["stopped"].is_null(), "{purged}");
    let verified = run(&["verify", "--site", &site]);
    assert!(verified.status.success(), "{}", both(&verified));
    let ledger = fs::read_to_string(dir.join("reports/ledger.jsonl")).unwrap();
    assert!(ledger.contains("\"purge\":{\"run\":1,\"by\":\"Odalys\""), "{ledger}");
    // Each night from then on, in one command and one object.
    let night = run(&["run", "--site", &site, "--purge", "--json"]);
    let night: Value = serde_json::from_slice(&night.stdout).unwrap_or_else(|_| panic!("{}", both(&night)));
    assert!(night["purge"]["stopped"].is_null() && night["purge"]["run"].is_u64(), "{night}");
}

#[test]
#[ignore = "needs MariaDB: make test-live"]
fn a_column_that_leads_to_patrons_is_named_by_check_and_by_the_next_report() {
    let server = Server::mariadb();
    koha::fill(&server);
    let live = super::harness::Live::new(&server, &koha::PIPELINES);
    let named = |output: &Output| both(output).contains("loyalty.borrower_id");
    assert!(!named(&live.site.cli(&["check"])));
    server.must(
        "CREATE TABLE loyalty (id INT PRIMARY KEY, item INT, borrower_id INT, CONSTRAINT l FOREIGN KEY (borrower_id) \
         REFERENCES borrowers (borrowernumber));",
    );
    let checked = live.site.cli(&["check"]);
    assert!(named(&checked) && checked.status.code() != Some(0), "{}", both(&checked));
    live.night("2026-11-01T00:00:00-04:00");
    let report = fs::read_to_string(live.site.at("reports/2026-11-01-run-000001.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["unspoken_columns"], serde_json::json!(["loyalty.borrower_id"]));
    let page = fs::read_to_string(live.site.at("reports/2026-11-01-run-000001.html")).unwrap();
    assert!(page.contains("loyalty.borrower_id") && page.contains("What is left, and where"));
}
