//! A site with a made-up proxy's log, and what stands in it after a night.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use afterloan::act::{Outcome, PipelineOutcome};
use jiff::SignedDuration;

use crate::support::library::{night_of, only};
use crate::support::{TestSite, files};

pub const PIPELINE: &str = r#"
format = 1
kind = "access"
name = "proxy"
about = "A made-up proxy's log"

[read]
format = "csv"
coverage = "log"
null = ["", "-"]
datetime = "%Y-%m-%d %H:%M:%S"

[[source]]
part = "proxy"
files = "proxy-*"

[columns]
patron = "user"
opened = "time"
closed = "time"
alone = ["user"]

[[state]]
is = "closed"

[[publish]]
name = "platform"
from = "url"
treatment = "platform"
about = "use"

[[publish]]
name = "day"
from = "time"
treatment = "day"
about = "time"

[[statistics]]
name = "platforms"
by = ["platform"]
"#;

/// What follows `[columns]` in a pipeline that says which rows count.
pub const REQUESTS: &str = r#"
[requests]
url = "url"
status = "status"
counts = ["200", "304"]
furniture = [".css", ".png"]
"#;

pub const HEADER: &str = "time,user,url,status\n";

/// A site with the proxy's pipeline alone: a grace of 30 days, and exports are deleted.
pub fn site() -> TestSite {
    site_with(PIPELINE)
}

pub fn site_with(pipeline: &str) -> TestSite {
    let site = TestSite::init("koha").by_hand();
    for name in files(&site.at("pipelines")) {
        fs::remove_file(site.at("pipelines").join(name)).unwrap();
    }
    fs::write(site.at("pipelines/proxy.toml"), pipeline).unwrap();
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(site.at("pipelines/proxy.toml"), fs::Permissions::from_mode(0o644)).unwrap();
    site.edit("policy.toml", |text| text + "\n[retention.access]\ngrace = \"30 days\"\n");
    after_run(&site, "delete");
    site
}

pub fn after_run(site: &TestSite, what: &str) {
    site.edit("policy.toml", |text| {
        let lines = text.lines().map(|line| match line.starts_with("after_run") {
            true => format!("after_run = \"{what}\"\n"),
            false => format!("{line}\n"),
        });
        lines.collect()
    });
}

/// The pipeline with `[requests]`.
pub fn counting() -> String {
    PIPELINE.replace("[[state]]", &format!("{REQUESTS}\n[[state]]"))
}

/// A request each by so many patrons (numbered from 501), some minutes apart.
pub fn day(day: &str, patrons: u32) -> String {
    (0..patrons).map(|at| row(&format!("{day} 10:{:02}:00", at % 60), &patron(at), at)).collect()
}

pub fn patron(at: u32) -> String {
    format!("reader{}x", 501 + at)
}

pub fn row(time: &str, user: &str, page: u32) -> String {
    format!("{time},{user},https://www.jstor.org/stable/{page}?u={user},200\n")
}

pub fn log(rows: &[String]) -> String {
    HEADER.to_string() + &rows.concat()
}

/// Puts a log into the inbox, written at midnight of a day.
pub fn put(site: &TestSite, name: &str, bytes: impl AsRef<[u8]>, day: &str) {
    site.export(name, bytes);
    let written = night_of(day) - SignedDuration::from_hours(3);
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(written.as_second() as u64);
    File::options().append(true).open(site.at("inbox").join(name)).unwrap().set_modified(written).unwrap();
}

pub fn inbox(site: &TestSite) -> Vec<PathBuf> {
    files(&site.at("inbox"))
}

pub fn has(site: &TestSite, name: &str) -> bool {
    site.at("inbox").join(name).exists()
}

/// Retired, waiting, retired before: the files of a night.
pub fn stand(outcome: &Outcome) -> [u64; 3] {
    let files = only(outcome).logs().unwrap().counts;
    [files.retired, files.waiting, files.again]
}

/// Read, retired, already retired, kept, rejected.
pub fn rows(outcome: &Outcome) -> [u64; 5] {
    let totals = &only(outcome).totals;
    assert!(totals.balance());
    [totals.read, totals.retired, totals.already_retired, totals.kept, totals.rejected]
}

pub fn night(site: &TestSite, day: &str) -> Outcome {
    let outcome = site.accept_on(day);
    site.assert_verifies();
    outcome
}

pub fn released(outcome: &PipelineOutcome) -> Vec<(String, u64)> {
    outcome.released.iter().map(|month| (month.month.to_string(), month.rows)).collect()
}

/// A run's report for staff, as JSON.
pub fn report(site: &TestSite, run: u64) -> String {
    let paths = files(&site.at("reports"));
    let path = paths.iter().find(|path| path.to_string_lossy().ends_with(&format!("{run:06}.json"))).unwrap();
    fs::read_to_string(site.at("reports").join(path)).unwrap()
}

/// The worklist's lines below its header; none where there is none.
pub fn worklist(site: &TestSite) -> Vec<String> {
    let lists = files(&site.at("worklists"));
    let Some(list) = lists.first() else { return Vec::new() };
    assert_eq!(lists.len(), 1, "{lists:?}");
    let text = fs::read_to_string(site.at("worklists").join(list)).unwrap();
    assert!(text.starts_with("log,bytes,lines\n"), "{text}");
    text.lines().skip(1).map(String::from).collect()
}
