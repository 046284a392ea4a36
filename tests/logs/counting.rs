//! Which requests count, and that nothing of the others or of a URL is kept.

use std::collections::BTreeSet;

use super::site::*;
use crate::support::library::only;
use crate::support::text::layers;
use crate::support::{TestSite, files};

/// The counting pipeline that publishes sessions, too.
fn summing() -> String {
    let sessions = "[[publish]]\nname = \"sessions\"\nfrom = \"url\"\ntreatment = \"count\"\nabout = \"use\"\n";
    counting().replace("[[statistics]]", &format!("{sessions}\n[[statistics]]"))
}

fn line(time: &str, user: &str, url: &str, status: &str) -> String {
    format!("{time},{user},{url},{status}\n")
}

#[test]
fn what_is_no_request_is_accounted_for_and_never_published() {
    let site = site_with(&counting());
    let more = [
        line("2026-08-04 10:00:00", "reader501x", "https://www.jstor.org/a.css?v=1", "200"),
        line("2026-08-04 10:00:01", "reader502x", "https://www.jstor.org/b.PNG", "304"),
        line("2026-08-04 10:00:02", "reader503x", "https://www.jstor.org/c", "404"),
        line("2026-08-04 10:00:03", "-", "https://www.jstor.org/d", "302"),
        line("2026-08-04 10:00:04", "reader504x", "https://www.jstor.org/e", "304"),
        line("2026-08-04 10:00:05", "reader504x", "GET https://www.jstor.org/f HTTP/1.1", "200"),
    ];
    put(&site, "proxy-1.csv", log(&[day("2026-08-03", 24), more.concat()]), "2026-09-01");
    let waits = night(&site, "2026-08-20");
    assert_eq!((stand(&waits), rows(&waits)), ([0, 1, 0], [30, 0, 0, 29, 0]));
    let outcome = night(&site, "2026-09-10");
    assert_eq!((stand(&outcome), rows(&outcome)), ([1, 0, 0], [30, 29, 0, 0, 0]));
    let requests = only(&outcome).logs().unwrap().requests.unwrap();
    assert_eq!((requests.counted, requests.double_clicks, requests.uncounted), (26, 0, 4));
    assert_eq!(only(&outcome).tally.retired_by_month.values().sum::<u64>(), 29);
    assert_eq!(released(only(&night(&site, "2026-09-30"))), [("2026-08".to_string(), 26)]);
}

/// Each page is asked for twice, 20 seconds apart, with thousands of rows in between: wherever a chunk ends, a pair lies
/// across.
#[test]
fn double_clicks_count_once_across_chunks() {
    let site = site_with(&counting());
    let mut rows_of_log = Vec::new();
    for minute in 0..60 {
        for second in [0, 20] {
            for at in 0..200 {
                rows_of_log.push(row(
                    &format!("2026-08-03 10:{minute:02}:{second:02}"),
                    &patron(at),
                    minute * 1_000 + at,
                ));
            }
        }
    }
    let text = log(&rows_of_log);
    assert!(text.len() > 4 << 18);
    put(&site, "proxy-1.csv", text, "2026-09-01");
    let outcome = night(&site, "2026-10-10");
    let requests = only(&outcome).logs().unwrap().requests.unwrap();
    assert_eq!((requests.counted, requests.double_clicks, requests.uncounted), (12_000, 12_000, 0));
    assert_eq!(rows(&outcome), [24_000, 24_000, 0, 0, 0]);
    assert_eq!(released(only(&outcome)), [("2026-08".to_string(), 12_000)]);
}

/// The copy's rows are the same requests in the same second: only what leaves with a file is compared.
#[test]
fn a_copy_takes_no_request_from_its_original() {
    for rows_of_log in [24, 400] {
        for [longer, shorter] in [["proxy-1.csv", "proxy-2.csv"], ["proxy-2.csv", "proxy-1.csv"]] {
            let site = site_with(&summing());
            let text = log(&[day("2026-08-03", rows_of_log)]);
            put(&site, shorter, &text, "2026-09-01");
            put(&site, longer, text.clone() + &day("2026-08-04", 3), "2026-09-01");
            let count = u64::from(rows_of_log);
            let outcome = night(&site, "2026-09-10");
            assert_eq!((stand(&outcome), rows(&outcome)), ([1, 0, 1], [2 * count + 3, count + 3, count, 0, 0]));
            let requests = only(&outcome).logs().unwrap().requests.unwrap();
            assert_eq!((requests.counted, requests.double_clicks, requests.uncounted), (count + 3, 0, 0), "{longer}");
            // It comes again, grown: what was retired takes nothing from what is new.
            put(&site, "proxy-3.csv", text + &day("2026-08-04", 3) + &day("2026-08-04", 3), "2026-09-10");
            let grown = night(&site, "2026-09-11");
            assert_eq!(only(&grown).logs().unwrap().requests.unwrap().counted, 3);
            assert_eq!(released(only(&night(&site, "2026-09-30"))), [("2026-08".to_string(), count + 6)]);
            let table = site.at("public/statistics/access/platforms.csv");
            let table = std::fs::read_to_string(table).unwrap();
            assert!(
                table.starts_with(&format!(
                    "period,platform,requests,sessions\n2026-08,jstor.org,{},{}\n",
                    count + 6,
                    count + 6
                )),
                "{table}"
            );
        }
    }
}

/// A waiting file may never be retired: it takes no request from one that is.
#[test]
fn a_file_that_waits_takes_no_request_from_one_that_is_retired() {
    let site = site_with(&counting());
    put(&site, "proxy-1.csv", log(&[day("2026-08-03", 24)]), "2026-09-01");
    let seconds_later = day("2026-08-03", 24).replace(":00,", ":09,");
    put(&site, "proxy-2.csv", log(&[seconds_later, day("2026-09-20", 1)]), "2026-09-21");
    let outcome = night(&site, "2026-09-25");
    assert_eq!(stand(&outcome), [1, 1, 0]);
    assert_eq!(only(&outcome).logs().unwrap().requests.unwrap().counted, 24);
}

/// Of the URLs nothing but platforms is in any file outside the inbox, `state/` included.
#[test]
fn no_path_or_login_is_in_any_file() {
    let site = site_with(&counting());
    put(&site, "proxy-1.csv", log(&[day("2026-08-03", 24), day("2026-09-02", 24)]), "2026-09-01");
    let retired = night(&site, "2026-10-03");
    assert_eq!((stand(&retired), released(only(&retired)).len()), ([1, 0, 0], 1));
    assert!(site.at("state/staging/proxy/month=2026-09").exists());
    let seen: BTreeSet<_> = leaks(&site).into_iter().collect();
    assert!(seen.is_empty(), "{seen:?}");
}

fn leaks(site: &TestSite) -> Vec<String> {
    let mut found = Vec::new();
    for path in files(&site.root()).iter().filter(|path| !path.starts_with("inbox")) {
        for layer in layers(site, path) {
            for needle in [&b"stable"[..], b"reader50", b"?u="] {
                if memchr::memmem::find(&layer, needle).is_some() {
                    found.push(path.display().to_string());
                }
            }
        }
    }
    found
}

/// 24 readers, each with two pages in one hour and one in the next; staged first, or released at once.
#[test]
fn sessions_are_published_and_summed() {
    let site = site_with(&summing());
    let of = |at: u32| {
        let times = ["2026-08-03 10:00:00", "2026-08-03 10:59:59", "2026-08-03 11:00:00"];
        (0..3).map(|page| row(times[page], &patron(at), page as u32)).collect::<String>()
    };
    let text = log(&(0..24).map(of).collect::<Vec<_>>());
    put(&site, "proxy-1.csv", &text, "2026-09-01");
    let at_once = site.copy();
    assert_eq!(released(only(&night(&at_once, "2026-10-10"))), [("2026-08".to_string(), 72)]);
    assert_eq!(rows(&night(&site, "2026-09-10")), [72, 72, 0, 0, 0]);
    assert_eq!(released(only(&night(&site, "2026-09-30"))), [("2026-08".to_string(), 72)]);
    for site in [site, at_once] {
        let table = site.at("public/statistics/access/platforms.csv");
        let table = std::fs::read_to_string(table).unwrap();
        assert_eq!(table, "period,platform,requests,sessions\n2026-08,jstor.org,72,48\n");
        // Rows whose sessions add up to 1 would all be one reader's.
        let path = site.at("public/dataset/access/collection/month=2026-08/collection.parquet");
        let bytes = std::fs::read(path).unwrap();
        assert_eq!(memchr::memmem::find(&bytes, b"sessions"), None);
    }
}

/// What the log says is one session is one, however long it lasts; a request without one is in its hour's.
#[test]
fn a_session_that_the_log_names_is_one_through_hours_and_nights() {
    let pipeline = summing();
    let pipeline = pipeline.replace("status = \"status\"", "status = \"status\"\nsession = \"sid\"");
    let site = site_with(&pipeline.replace("alone = [\"user\"]", "alone = [\"user\"]\nidentifiers = [\"sid\"]"));
    let with = |row: String, session: &str| row.replace(",200\n", &format!(",200,{session}\n"));
    let of = |at: u32| {
        let named = ["2026-08-03 10:00:00", "2026-08-03 11:30:00", "2026-08-04 00:10:00"];
        let named = named.map(|time| with(row(time, &patron(at), at), &format!("SESSION{at:04}SECRET")));
        // Two of one hour, of one URL, far apart; and one of the next.
        let unnamed = ["2026-08-05 10:00:00", "2026-08-05 10:00:31", "2026-08-05 11:00:00"];
        named.concat() + &unnamed.map(|time| with(row(time, &patron(at), at), "-")).concat()
    };
    let text = log(&(0..24).map(of).collect::<Vec<_>>()).replace("url,status", "url,status,sid");
    put(&site, "proxy-1.csv", &text, "2026-09-01");
    assert_eq!(released(only(&night(&site, "2026-10-10"))), [("2026-08".to_string(), 144)]);
    let table = site.at("public/statistics/access/platforms.csv");
    let table = std::fs::read_to_string(table).unwrap();
    assert_eq!(table, "period,platform,requests,sessions\n2026-08,jstor.org,144,72\n");
    for path in files(&site.root()).iter().filter(|path| !path.starts_with("inbox")) {
        let secret = |layer: &Vec<u8>| memchr::memmem::find(layer, b"SECRET").is_some();
        assert!(!layers(&site, path).iter().any(secret), "{}", path.display());
    }
}

#[test]
fn sessions_are_about_the_use() {
    for about in ["place", "patron", "time"] {
        let site =
            site_with(&summing().replace("\"count\"\nabout = \"use\"", &format!("\"count\"\nabout = \"{about}\"")));
        let output = site.cli(&["check"]);
        let printed = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(2), "{about}: {printed}");
        assert!(
            ["it describes the use", "come from the same column"].iter().any(|why| printed.contains(why)),
            "{about}: {printed}"
        );
    }
}
