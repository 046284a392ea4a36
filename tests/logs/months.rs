//! Months of logs: staged, released once no waiting file has rows in them, and then final.

use super::site::*;
use crate::support::library::only;
use crate::support::{TestSite, snapshot};

#[test]
fn a_month_is_released_once_no_waiting_file_has_rows_in_it() {
    let site = site();
    put(&site, "proxy-1.csv", log(&[day("2026-08-03", 24)]), "2026-09-01");
    // One undetermined row keeps the file, and with it August; July has no row in a waiting file.
    let torn = "31 July,reader501x,https://a.org/,200\n".to_string();
    put(&site, "proxy-2.csv", log(&[day("2026-08-31", 3), torn]), "2026-09-01");
    put(&site, "proxy-3.csv", log(&[day("2026-07-31", 15)]), "2026-09-01");
    let outcome = night(&site, "2026-10-10");
    assert_eq!(stand(&outcome), [2, 1, 0]);
    assert_eq!(released(only(&outcome)), [("2026-07".to_string(), 15)]);
    assert!(site.at("state/staging/proxy/month=2026-08").exists());
    put(&site, "proxy-2.csv", log(&[day("2026-08-31", 3)]), "2026-10-10");
    let outcome = night(&site, "2026-10-11");
    assert_eq!(stand(&outcome), [1, 0, 0]);
    assert_eq!(released(only(&outcome)), [("2026-08".to_string(), 27)]);
    assert!(!site.at("state/staging/proxy/month=2026-08").exists());
    assert!(!site.at("state/keys/access-2026-08.key").exists());
}

#[test]
fn a_month_is_released_from_staging_when_no_log_is_there() {
    let site = site();
    put(&site, "proxy-1.csv", log(&[day("2026-08-03", 24)]), "2026-09-01");
    let nobody: String = (0..2).map(|at| format!("2026-08-05 11:0{at}:00,-,https://a.org/,200\n")).collect();
    put(&site, "proxy-2.csv", log(&[day("2026-08-04", 12), nobody]), "2026-09-01");
    let staged = night(&site, "2026-09-20");
    assert_eq!((stand(&staged), rows(&staged)), ([2, 0, 0], [38, 36, 0, 0, 0]));
    let outcome = night(&site, "2026-09-30");
    assert_eq!(released(only(&outcome)), [("2026-08".to_string(), 38)], "rows that name nobody, too");
    assert!(site.at("public/statistics/access/platforms/month=2026-08/platforms.parquet").exists());
}

#[test]
fn rows_of_a_month_that_is_final_are_late_once() {
    let site = site();
    put(&site, "proxy-1.csv", log(&[day("2026-08-03", 24)]), "2026-09-01");
    assert_eq!(released(only(&night(&site, "2026-10-10"))).len(), 1);
    let before = snapshot(&site.at("public"));
    put(&site, "proxy-2.csv", log(&[day("2026-08-04", 5), day("2026-09-20", 1)]), "2026-10-10");
    let waits = night(&site, "2026-10-11");
    assert_eq!((stand(&waits), only(&waits).tally.late), ([0, 1, 0], 0));
    let late = night(&site, "2026-10-20");
    assert_eq!((stand(&late), rows(&late), only(&late).tally.late), ([1, 0, 0], [6, 6, 0, 0, 0], 5));
    assert_eq!(only(&night(&site, "2026-10-21")).tally.late, 0);
    assert!(snapshot(&site.at("public")) == before);
}

/// Published and remembered alike, whatever the number of workers.
#[test]
fn the_same_logs_leave_the_same_bytes() {
    let site = site_with(&counting());
    for (name, month) in [("proxy-1.csv", "2026-07"), ("proxy-2.csv", "2026-08"), ("proxy-3.csv", "2026-09")] {
        let rows = (1..=28).map(|of_month| day(&format!("{month}-{of_month:02}"), 150));
        put(&site, name, log(&rows.collect::<Vec<_>>()), "2026-10-01");
    }
    let zones = |site: &TestSite| ["state", "public", "worklists"].map(|zone| snapshot(&site.at(zone)));
    let of = |threads: usize| {
        let site = site.copy();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let outcome = pool.install(|| site.accept_on("2026-10-29"));
        assert_eq!(stand(&outcome), [3, 0, 0]);
        zones(&site)
    };
    let one = of(1);
    for threads in [2, 4] {
        let more = of(threads);
        for (one, more) in one.iter().flatten().zip(more.iter().flatten()) {
            assert!(one == more || one.0.ends_with("lock"), "{threads} threads: {}", one.0.display());
        }
    }
}
