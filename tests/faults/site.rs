//! A night that writes all that a night can write.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

use jiff::SignedDuration;

use crate::crashes::Night;
use crate::logs::site::{after_run, counting, day, log, put};
use crate::support::library::{Library, loans_site, night_of};
use crate::support::{TestSite, files};

const FIRST: &str = "2026-10-15";
const SECOND: &str = "2026-10-31";

/// The second night of a library with a proxy: September is released from what was staged and its key destroyed, October is
/// staged under a new one; a log is retired and deleted, with the other exports, and one waits; there are worklists, and a
/// list of what a person should look at.
pub fn night() -> Night {
    let site = site();
    put(&site, "proxy-1.csv", log(&[day("2026-08-03", 12), day("2026-09-01", 12)]), "2026-09-02");
    first().write(&site);
    stamp(&site, FIRST, 2);
    site.accept_on(FIRST);
    second().write(&site);
    put(&site, "proxy-2.csv", log(&[day("2026-09-02", 12)]), "2026-09-03");
    put(&site, "proxy-3.csv", log(&[day("2026-10-28", 12)]), "2026-10-29");
    stamp(&site, SECOND, 2);
    let night = Night::exported_again(site, SECOND, export_again);
    night.assert_brings(&[
        "run-000002-koha-loans.sql",
        "run-000002-koha-loans-review.csv",
        "run-000002-proxy.csv",
        "public/dataset/loan/collection/month=2026-09",
        "public/dataset/access/collection/month=2026-09",
        "public/statistics/access/platforms/month=2026-09",
        "state/staging/koha-loans/month=2026-10",
        "state/keys/loan-2026-10.key",
    ]);
    night.assert_ends(&[
        "inbox/proxy-2.csv",
        "inbox/old_issues-1.csv",
        "state/staging/koha-loans/month=2026-09",
        "state/staging/proxy/month=2026-09",
        "state/keys/loan-2026-09.key",
        "run-000001-koha-loans.csv",
    ]);
    night
}

fn first() -> Library {
    let library = Library::default().loans(101, 12, "2026-08-03", Some("2026-08-12"));
    library.loans(201, 12, "2026-09-01", Some("2026-09-09"))
}

fn second() -> Library {
    let mut library = first().loans(301, 12, "2026-10-01", Some("2026-10-01")).loans(313, 12, "2026-10-20", None);
    library.sever(101..107);
    library.remove(201..207);
    library.loan(312).issued = "2020-01-01 10:00:00".into();
    library.bills = vec![(312, "0.25", "2020-01-01 10:00:00")];
    library
}

/// The same exports once more, an hour later: the run before has deleted them.
fn export_again(site: &TestSite) {
    second().write(site);
    stamp(site, SECOND, 1);
}

/// All but the logs were written so many hours before a night.
fn stamp(site: &TestSite, day: &str, hours: i64) {
    let written = night_of(day) - SignedDuration::from_hours(hours);
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(written.as_second() as u64);
    for name in files(&site.at("inbox")).iter().filter(|name| !name.to_string_lossy().starts_with("proxy-")) {
        File::options().append(true).open(site.at("inbox").join(name)).unwrap().set_modified(written).unwrap();
    }
}

/// Loans alone, and a proxy; exports are deleted.
fn site() -> TestSite {
    let site = loans_site();
    fs::write(site.at("pipelines/proxy.toml"), counting()).unwrap();
    fs::set_permissions(site.at("pipelines/proxy.toml"), fs::Permissions::from_mode(0o644)).unwrap();
    site.edit("policy.toml", |text| text + "\n[retention.access]\ngrace = \"30 days\"\n");
    after_run(&site, "delete");
    site
}
