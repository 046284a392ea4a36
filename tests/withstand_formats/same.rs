//! What a library exports decides, and not how it is written.

use std::path::PathBuf;

use serde_json::json;

use super::made_up::{ALL, Dialect, Exports, TOTALS, ids, worklist};
use super::{NEVER_SEEN, failures};
use crate::support::inbox::assert_unseen;
use crate::support::snapshot;

/// What is published.
fn published(dialect: &Dialect) -> Vec<(PathBuf, Vec<u8>)> {
    let name = dialect.name;
    let exports = Exports::new(dialect);
    let site = exports.site();
    let night = exports.night(&site);
    // What a program prints is written now, days after the as-of.
    let look = i32::from(night.printed.contains("days newer than the as-of"));
    assert_eq!((night.code, night.totals("made-up-loans")), (look, Some(TOTALS)), "{name}: {}", night.printed);
    let pipeline = &night.json["pipelines"][0];
    let needs = json!({"grace": 1, "history": 1, "open": 1, "owing": 1, "undetermined": 1});
    assert_eq!(pipeline["totals"]["kept_by_need"], needs, "{name}");
    assert_eq!(pipeline["retired_by_month"], json!({"2026-08": 6}), "{name}");
    assert_eq!(pipeline["undeclared"], json!([]), "{name}");
    assert_eq!(worklist(&site), ids(1..=6), "{name}");
    assert_eq!(pipeline["released"], json!([{"month": "2026-08", "rows": 12, "closed": null}]), "{name}");
    assert_unseen(&site, &night.printed, &NEVER_SEEN);
    assert_eq!(site.cli(&["verify"]).status.code(), Some(0), "{name}");

    // A second run on the same exports: all that was retired is still there, and nothing more is due.
    let again = exports.night(&site);
    let totals = &again.json["pipelines"][0]["totals"];
    assert_eq!((&totals["retired"], &totals["already_retired"]), (&json!(0), &json!(6)), "{name}: {}", again.printed);
    assert_eq!(worklist(&site), ids(1..=6), "{name}");
    snapshot(&site.at("public"))
}

#[test]
fn every_dialect_comes_to_the_same() {
    let first = published(&ALL[0]);
    assert!(first.iter().any(|(path, _)| path.to_string_lossy().contains("2026-08")));
    failures(ALL[1..].iter().map(|dialect| {
        let first = &first;
        move || assert!(published(dialect) == *first, "{}: the same bytes are published", dialect.name)
    }));
}
