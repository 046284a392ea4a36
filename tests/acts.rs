//! Acts beside nights: sign-offs, keys, takedowns; and on whose authority nights are.

mod annex;
mod authority;
mod key;
mod killed;
mod sign_off;
mod takedown;

use std::process::Output;

use jiff::{SignedDuration, Timestamp};

use crate::support::TestSite;
use crate::support::library::{Library, loans_site, night_of};

/// Three months of loans by a night: August is released, September is staged, October is kept.
fn site() -> (TestSite, Library) {
    let library = Library::default()
        .loans(101, 24, "2026-08-03", Some("2026-08-12"))
        .loans(201, 24, "2026-09-01", Some("2026-09-09"))
        .loans(301, 24, "2026-10-01", Some("2026-10-02"));
    let site = loans_site();
    site.night(&library, "2026-10-15");
    (site, library)
}

/// Noon after a night.
fn noon(day: &str) -> Timestamp {
    night_of(day) + SignedDuration::from_hours(9)
}

/// What a command said, its line breaks being the terminal's.
fn said(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8_lossy(&both).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(output)))
}
