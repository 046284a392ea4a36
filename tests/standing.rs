//! `status` and `exposure`: how a site stands, and what could be handed over, at each stage of its life.

use afterloan::act::{self, Options, Status};
use afterloan::state::commit::{Moment, Step, no_hook};
use jiff::SignedDuration;

use crate::support::inbox::Inbox;
use crate::support::library::{Library, loans_site, night_of};
use crate::support::{TestSite, options};

fn at(day: &str, hours: i64) -> Options {
    let as_of = night_of(day) + SignedDuration::from_hours(hours);
    Options { as_of, now: as_of, accept: None }
}

#[track_caller]
fn status(site: &TestSite, day: &str, hours: i64) -> Status {
    act::status(&site.site(), at(day, hours)).unwrap()
}

fn library() -> Library {
    Library::default().loans(101, 24, "2026-08-03", Some("2026-08-12")).loans(201, 24, "2026-09-01", None)
}

#[test]
fn a_site_tells_how_it_stands_from_before_its_first_night_on() {
    let site = loans_site();
    let before = status(&site, "2026-10-15", 0);
    assert!(before.last_run.is_none() && before.next_release.is_none());
    assert_eq!((before.linked, before.never_read.len()), (0, 1));

    let mut library = library();
    library.write(&site);
    site.stamp("2026-10-15");
    let told = act::exposure(&site.site(), at("2026-10-15", 0)).unwrap();
    assert_eq!((told.run, told.exposure.never_counted().count()), (0, 1));
    let exports = std::fs::read_dir(site.at("inbox")).unwrap().count() as u64;
    let besides: u64 = told.besides.iter().map(|beside| beside.count).sum();
    assert_eq!(besides, exports, "what is in the inbox, and nothing else");

    site.night(&library, "2026-10-15");
    let after = status(&site, "2026-10-15", 9);
    let run = after.last_run.as_ref().unwrap();
    assert_eq!((run.run, run.hours_ago, run.is_old, run.purged), (1, 8, false, None));
    assert_eq!((after.linked, after.needed, after.waiting), (48, 24, 24));
    assert!(after.never_read.is_empty() && after.held.is_empty() && after.unfinished_run.is_none());
    let next = after.next_release.unwrap();
    assert_eq!((next.period.to_string(), next.from.to_string()), ("2026-09".into(), "2026-10-30".into()));
    assert!(status(&site, "2026-10-17", 0).last_run.unwrap().is_old, "two nights without a run");

    // What was listed is severed: nothing says so before a run has seen it.
    library.sever(101..125);
    assert_eq!(status(&site, "2026-10-15", 10).waiting, 24);
    site.night(&library, "2026-10-16");
    let told = act::exposure(&site.site(), at("2026-10-16", 2)).unwrap();
    assert_eq!((told.exposure.linked, told.exposure.severed, told.exposure.asked), (24, 24, 24));
    assert_eq!(
        told.changed.unwrap(),
        "Since 15 October 2026 the number of transactions that lead to a patron has fallen from 48 to 24; 24 were severed."
    );
}

#[test]
fn what_a_brake_holds_back_could_be_handed_over_all_the_same() {
    let site = TestSite::init("koha");
    let mut inbox = Inbox::koha(&site, 24);
    let holds = site.at("pipelines/koha-holds.toml");
    let later = std::fs::read(&holds).unwrap();
    std::fs::remove_file(&holds).unwrap();
    inbox.put_at(&site, "2026-10-31T23:00:00-04:00");
    site.accept_and_run("2026-11-01T03:00:00-04:00");
    // A second pipeline's first run is held until a person accepts it.
    std::fs::write(&holds, later).unwrap();
    inbox.set("old_issues", 0, "returndate", "2026-08-13 09:00:00").put_at(&site, "2026-11-01T23:00:00-04:00");
    let outcome = site.run("2026-11-02T03:00:00-04:00", None).unwrap();
    let held = outcome.pipelines.iter().find(|one| one.braked).unwrap();
    let stands = act::status(&site.site(), options("2026-11-02T03:00:00-04:00", None)).unwrap();
    assert!(stands.held.iter().any(|halt| halt.pipeline.as_ref() == Some(&held.name)));
    let told = act::exposure(&site.site(), options("2026-11-02T03:00:00-04:00", None)).unwrap().exposure;
    let more = told.pipelines.iter().find(|one| one.name == held.name).unwrap().counted.as_ref().unwrap();
    let waiting = held.totals.retired + held.totals.already_retired;
    assert_eq!((more.needed, more.waiting, more.new, more.asked), (held.totals.kept, waiting, 0, 0));
}

#[test]
fn a_stopped_pipeline_is_as_it_was_last_seen() {
    let site = loans_site();
    let library = library();
    site.night(&library, "2026-10-15");
    for export in std::fs::read_dir(site.at("inbox")).unwrap() {
        std::fs::remove_file(export.unwrap().path()).unwrap();
    }
    assert!(site.run_on("2026-10-17", None, &no_hook).is_err(), "there is nothing to read");
    let told = act::exposure(&site.site(), at("2026-10-17", 2)).unwrap();
    assert_eq!((told.exposure.linked, told.run), (48, 1));
}

#[test]
fn a_run_that_is_committed_and_not_finished_is_told() {
    let site = loans_site();
    let mut library = library();
    site.night(&library, "2026-10-15");
    assert_eq!(status(&site, "2026-10-15", 1).unfinished_run, None);
    library.sever(101..125);
    library.write(&site);
    site.stamp("2026-10-16");
    let full = |moment: Moment| match moment {
        Moment::Before(Step::PlaceFolder | Step::PlaceFile) => Err(std::io::Error::other("the disk is full")),
        _ => Ok(()),
    };
    assert!(site.run_on("2026-10-16", None, &full).is_err());
    let stands = status(&site, "2026-10-16", 1);
    assert_eq!((stands.unfinished_run, stands.last_run.unwrap().run), (Some(2), 2));
}

/// What `status` prints fits a terminal, however bad the night was.
#[test]
fn status_is_at_most_twenty_lines_of_eighty_columns() {
    let site = loans_site();
    let mut library = library();
    library.write(&site);
    for night in ["none", "2026-10-15"] {
        if night != "none" {
            site.night(&library, night);
            library.sever(101..110);
        }
        let output = site.cli(&["status", "--as-of", "2026-10-20"]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.lines().count() <= 20 && text.lines().all(|line| line.chars().count() <= 80), "{text}");
        let json = site.cli(&["status", "--as-of", "2026-10-20", "--json"]).stdout;
        let object: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(object["last_run"].is_null(), night == "none");
        let json = site.cli(&["exposure", "--as-of", "2026-10-20", "--json"]).stdout;
        let object: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(object["linked"], if night == "none" { 0 } else { 48 });
        let text = String::from_utf8(site.cli(&["exposure", "--as-of", "2026-10-20"]).stdout).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
}
