//! A proxy that writes a list of forwarded addresses where its layout has one: still one reader, and her login is searched for.

use std::fs;
use std::path::Path;

use crate::support::inbox::{CliNight, both, write_at};
use crate::support::{AS_OF, TestSite, afterloan, files};

/// Lines of EZproxy's log of August, so many a day, with what stands in the host's place and the login of each.
fn log(per_day: usize, host: impl Fn(usize) -> String, user: impl Fn(usize) -> String, platform: &str) -> String {
    let line = |day: usize, at: usize| {
        format!(
            "{} - {} [{day:02}/Aug/2026:{}:20:18 -0400] \"GET https://{platform}:443/stable/{at} HTTP/1.1\" 200 511\n",
            host(at),
            user(at),
            8 + at % 12
        )
    };
    (1..=14).flat_map(|day| (0..per_day).map(move |at| line(day, at)).collect::<Vec<_>>()).collect()
}

fn list(at: usize) -> String {
    format!("203.0.113.7, 198.51.100.{at}, 192.0.2.{}", 11 + at)
}

fn night(log: &str) -> (TestSite, CliNight) {
    let site = TestSite::init_with("koha", &["--with", "ezproxy"]);
    for other in files(&site.at("pipelines")).iter().filter(|path| !path.to_string_lossy().contains("ezproxy")) {
        fs::remove_file(site.at("pipelines").join(other)).unwrap();
    }
    write_at(&site, "ezproxy-2026-08.log", log, "2026-09-01T00:00:00-04:00");
    let night = CliNight::of(&site, AS_OF);
    (site, night)
}

fn published(site: &TestSite) -> Vec<std::path::PathBuf> {
    files(&site.at("public"))
}

/// One reader is fewer than ten, however many addresses her requests came by.
#[test]
fn one_reader_behind_many_addresses_is_one() {
    let many = log(14, list, |at| format!("reader{at:02}x"), "www.jstor.org");
    let (site, of_many) = night(&many);
    assert_eq!(of_many.totals("ezproxy-access"), Some([196, 196, 0, 0, 0]), "{}", of_many.printed);
    assert!(!published(&site).is_empty(), "fourteen readers are enough: {}", of_many.printed);
    let one = log(14, list, |_| "qzephyr".into(), "www.jstor.org");
    let (site, of_one) = night(&one);
    assert_eq!(of_one.totals("ezproxy-access"), Some([196, 196, 0, 0, 0]), "{}", of_one.printed);
    assert!(published(&site).is_empty(), "{:?}", published(&site));
    assert!(!of_one.printed.contains("qzephyr"));
}

#[test]
fn a_login_behind_forwarded_addresses_is_searched_for() {
    let user = |at: usize| if at == 3 { "qzephyr".to_string() } else { format!("reader{at:02}x") };
    for host in [list as fn(usize) -> String, |at| format!("203.0.113.{at}")] {
        let (site, night) = night(&log(14, host, user, "www.qzephyr.com"));
        assert_eq!(night.code, 2, "{}", night.printed);
        assert!(published(&site).is_empty());
    }
}

/// Such lines among others: `init --from` proposes one layout for both.
#[test]
fn a_log_of_which_some_lines_have_lists_is_proposed_whole() {
    let mixed = |at: usize| if at.is_multiple_of(5) { list(at) } else { format!("203.0.113.{at}") };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("proxy-2026-08.log");
    fs::write(&file, log(14, mixed, |at| format!("reader{at:02}x"), "www.oed.com")).unwrap();
    let site = folder.path().join("site");
    let init = |file: &Path| afterloan().arg("init").arg(&site).arg("--from").arg(file).output().unwrap();
    let said = both(&init(&file));
    assert!(said.contains("196 records;") && !said.contains("can't be read"), "{said}");
    let pipelines = files(&site.join("pipelines"));
    let text = fs::read_to_string(site.join("pipelines").join(&pipelines[0])).unwrap();
    assert!(text.contains("layout = '%h %l %u %t \"%r\" %s %b'"), "{text}");
}
