//! A night of logs that is killed at any step: none is lost, deleted early or counted twice.

use super::site::*;
use crate::crashes::Night;

/// A log is retired and deleted, one waits, a month is released from an earlier night's staging, one is staged.
#[test]
fn a_night_of_logs_that_is_killed_at_any_step() {
    let site = site_with(&counting());
    put(&site, "proxy-1.csv", log(&[day("2026-08-03", 24)]), "2026-09-01");
    assert_eq!(stand(&night(&site, "2026-09-10")), [1, 0, 0]);
    put(&site, "proxy-2.csv", log(&[day("2026-08-10", 24), day("2026-09-01", 12)]), "2026-09-02");
    put(&site, "proxy-3.csv", log(&[day("2026-09-02", 24), day("2026-09-29", 2)]), "2026-09-30");
    let night = Night::of(site, "2026-10-01");
    night.kill_at_every_step();
}
