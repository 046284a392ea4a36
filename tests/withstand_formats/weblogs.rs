//! Web logs: a line that doesn't fit its layout, or fits it twice, costs that line; a log that isn't whole stops its
//! pipeline.

use std::fs;

use serde_json::json;

use super::failures;
use super::made_up::gz;
use crate::support::inbox::{CANARY, CliNight, assert_unseen, write_at};
use crate::support::{AS_OF, TestSite, files};

const PIPELINE: &str = r#"
format = 1
kind = "loan"
name = "web"
about = "A made-up server, whose log gives each line a number"

[read]
format = "weblog"
layout = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %{Number}e'
coverage = "snapshot"
null = ["-"]
datetime = "%d/%b/%Y:%H:%M:%S %z"

[[source]]
part = "log"
files = "web-*.log*"

[columns]
transaction = { column = "env-number", type = "integer" }
patron = "user"
opened = "time"
closed = "time"
identifiers = ["host", "user"]
drop = ["ident", "method", "protocol", "status", "bytes", "referer", "user-agent"]

[[state]]
is = "closed"

[[publish]]
name = "platform"
from = "url"
treatment = { platform = { "ebscohost.com" = "EBSCO" } }
about = "use"
[[publish]]
name = "day"
from = "time"
treatment = "day"
about = "time"

[[trace]]
name = "the line"
about = "the patron of a line"
link = true
sever = "UPDATE log SET line = NULL WHERE number IN ({ids})"
"#;

/// Twelve lines of eleven patrons; the fifth has the canary wherever a reader types.
fn log() -> String {
    let line = |number: usize| {
        let canary = if number == 5 { CANARY } else { "x" };
        let user = match number {
            3 => "cn=Jane Größe, ou=Staff".to_string(),
            4 => "p4@example.org".to_string(),
            12 => "-".to_string(),
            _ => format!("login{number:05}"),
        };
        let host = if number.is_multiple_of(2) { "www.jstor.org" } else { "web.p.ebscohost.com:443" };
        format!(
            "192.0.2.{number} - {user} [0{}/Aug/2026:10:30:00 -0400] \"GET https://{host}/{canary}?user={canary} HTTP/1.1\" \
             200 512 \"http://{canary}.example.org/\" \"Mozilla/5.0 ({canary})\" {number}\n",
            1 + number % 9
        )
    };
    (1..=12).map(line).collect()
}

fn fifth(log: &str, from: &str, to: &str) -> String {
    let change = |line: &str| match line.contains(CANARY) {
        true => {
            assert!(line.contains(from), "{from}");
            line.replacen(from, to, 1)
        }
        false => line.into(),
    };
    log.split_inclusive('\n').map(change).collect()
}

enum Ends {
    Fine,
    /// The fifth line, for this reason.
    Rejects(&'static str),
    /// Kept as undetermined, for this reason.
    Keeps,
    Stops(&'static str),
}

use Ends::{Fine, Keeps, Rejects, Stops};

fn withstands(what: &str, bytes: Vec<u8>, name: &str, ends: &Ends) {
    let site = TestSite::init("koha");
    for other in files(&site.at("pipelines")) {
        fs::remove_file(site.at("pipelines").join(other)).unwrap();
    }
    fs::write(site.at("pipelines/web.toml"), PIPELINE).unwrap();
    write_at(&site, name, &bytes, AS_OF);
    let night = CliNight::of(&site, AS_OF);
    let printed = &night.printed;
    let totals = night.totals("web");
    match ends {
        Fine => assert_eq!((night.code, totals), (0, Some([12, 11, 0, 1, 0])), "{what}: {printed}"),
        Rejects(reason) => {
            assert_eq!((night.code, totals), (1, Some([12, 10, 0, 1, 1])), "{what}: {printed}");
            let expected = json!([{"part": "log", "reason": reason, "rows": 1, "lines": [5]}]);
            assert_eq!(night.json["pipelines"][0]["rejected"], expected, "{what}");
        }
        Keeps => assert_eq!(totals, Some([12, 10, 1, 1, 0]), "{what}: {printed}"),
        Stops(words) => {
            assert_eq!((night.code, totals), (2, None), "{what}: {printed}");
            assert!(printed.contains(words), "{what}: {words} in {printed}");
        }
    }
    assert_unseen(&site, printed, &[CANARY, "Größe", "login0000", "p4@example", "192.0.2."]);
}

#[test]
fn a_line_that_does_not_fit_costs_that_line() {
    let log = log();
    let f = |from: &str, to: &str| fifth(&log, from, to).into_bytes();
    let user = "login00005";
    let end = " HTTP/1.1\"";
    let cases = [
        ("as it is", log.clone().into_bytes(), Fine),
        ("CR LF", log.replace('\n', "\r\n").into(), Fine),
        ("CR LF and LF mixed", log.replacen('\n', "\r\n", 4).into(), Fine),
        ("empty lines at the end", format!("{log}\n\r\n\n").into(), Fine),
        ("a byte order mark", format!("\u{feff}{log}").into(), Fine),
        ("a quote in the login", f(user, "o\"neil"), Fine),
        ("a quote in the request", f(end, "\"/x HTTP/1.1\""), Fine),
        ("escaped quotes in the agent", f("Mozilla/5.0", "\\\"Mozilla\\\"/5"), Fine),
        // The text behind the agent could begin there.
        ("escaped quotes and a blank", f("Mozilla/5.0", "\\\"Mozilla\\\" 5"), Rejects("ambiguous")),
        ("blanks in the request", f("?user=", "? a b="), Fine),
        ("no protocol", f(end, "\""), Fine),
        ("a request that is none", f("GET https", "\\x16\\x03 https"), Fine),
        ("no bytes", f(" 512 ", " - "), Fine),
        ("an IPv6 address", f("192.0.2.5", "2001:db8::5"), Fine),
        // What proxies add is the host's: her login is one and the same, and searched for.
        ("forwarded addresses", f("192.0.2.5", "192.0.2.5, 198.51.100.1, 2001:db8::7"), Fine),
        ("forwarded addresses with ports", f("192.0.2.5", "unknown,192.0.2.5:4711"), Fine),
        ("an address and a name", f("192.0.2.5", "192.0.2.5, login00005"), Rejects("malformed")),
        ("an address too many", f("192.0.2.5", "192.0.2.5 198.51.100.1"), Rejects("malformed")),
        ("a blank in the login", f(user, "login 00005"), Rejects("malformed")),
        ("a session in a login's place", f("- login00005", "login00005 aB3dE6gH9kLmN2p"), Rejects("malformed")),
        ("a quote that never closes", f(end, " HTTP/1.1"), Rejects("malformed")),
        ("no opening quote", f("\"GET", "GET"), Rejects("malformed")),
        ("a cell too few", f(" 512 ", " "), Rejects("malformed")),
        ("a cell too many", f(" 512 ", " 512 7 "), Rejects("malformed")),
        ("a status in words", f(" 200 ", " OK "), Rejects("malformed")),
        ("no time", f("[06/Aug/2026:10:30:00 -0400] ", ""), Rejects("malformed")),
        ("text behind the line", f(" 5\n", " 5 x\"\n"), Rejects("bad-id")),
        ("a login that looks like a border", f(user, "a [x] \"GET"), Rejects("ambiguous")),
        ("a request that looks like a border", f("?user=", "?\" 200 5 \""), Rejects("ambiguous")),
        ("an agent that looks like a border", f("Mozilla", "\" \"Mozilla"), Rejects("ambiguous")),
        ("a NUL", f("?user=", "?\0="), Rejects("nul-byte")),
        ("an id that is none", f(" 5\n", " 5)\n"), Rejects("bad-id")),
        ("a day that doesn't exist", f("06/Aug/2026", "31/Jun/2026"), Keeps),
        ("29 February", f("06/Aug/2026", "29/Feb/2026"), Keeps),
        ("no such hour", f("10:30:00", "24:30:00"), Keeps),
        ("no offset", f(" -0400", ""), Keeps),
        ("an offset that is none", f(" -0400", " EDT"), Keeps),
        ("another pattern", f("06/Aug/2026:10", "2026-08-06 10"), Keeps),
        ("the future", f("06/Aug/2026", "06/Aug/2027"), Keeps),
        ("before the web", f("06/Aug/2026", "06/Aug/1970"), Keeps),
    ];
    failures(cases.into_iter().map(|(what, bytes, ends)| move || withstands(what, bytes, "web-1.log", &ends)));
}

#[test]
fn bytes_that_are_no_text_cost_their_line() {
    let log = log().into_bytes();
    let at = log.windows(CANARY.len()).position(|window| window == CANARY.as_bytes()).unwrap();
    let mut broken = log.clone();
    broken[at] = 0xFF;
    withstands("invalid UTF-8", broken, "web-1.log", &Rejects("encoding"));
}

#[test]
fn a_log_that_is_not_whole_stops() {
    let log = log();
    let packed = |text: &str| gz(text.as_bytes());
    let [first, second] = [&log[..400], &log[400..]];
    let cases = [
        ("gzip", packed(&log), "web-1.log.gz", Fine),
        ("gzip of two members", [packed(first), packed(second)].concat(), "web-1.log.gz", Fine),
        ("gzip, cut", packed(&log)[..200].into(), "web-1.log.gz", Stops("web-1.log.gz")),
        ("cut", log[..log.len() - 1].into(), "web-1.log", Stops("web-1.log:12: the file ends without a line end")),
        ("empty", Vec::new(), "web-1.log", Stops("the file is empty")),
        ("zeros without end", packed(&"\0".repeat(3 << 20)), "web-1.log.gz", Stops("web-1.log.gz:1: ")),
        ("one endless line", format!("{log}{}\n", "x".repeat(2 << 20)).into(), "web-1.log", Stops("web-1.log:13: ")),
    ];
    failures(cases.into_iter().map(|(what, bytes, name, ends)| move || withstands(what, bytes, name, &ends)));
}
