//! Symphony's history log: what its lines must withstand, with the pipeline as it stands in `pipelines/`.

use std::fs;

use serde_json::json;

use super::failures;
use super::made_up::gz;
use crate::support::inbox::{CANARY, assert_unseen, both, write_at};
use crate::support::{AS_OF, TestSite, files, snapshot};

/// Twelve charges of August, each by another patron. The fifth patron's e-mail address is the canary.
fn log() -> String {
    let line = |number: usize| {
        let mail = if number == 5 { format!("^0E{CANARY}@example.org") } else { String::new() };
        format!(
            "E202608031012{number:02}0634R ^S{number:02}CVFFCIRC^FEMAIN^UO2999900000{number:04}{mail}^NQ3123^^O00113\n"
        )
    };
    (1..=12).map(line).collect()
}

/// What a night comes to: read, retired, kept, unlinked, rejected; or words of why it is stopped. A file with rows that
/// can't be read waits: it was written tonight.
enum Ends {
    Comes([u64; 5]),
    Stops(&'static str),
    /// All is retired, and this code is named.
    New(&'static str),
}

use Ends::{Comes, New, Stops};

fn ends_so(what: &str, name: &str, bytes: &[u8], ends: &Ends) {
    let site = TestSite::init("koha");
    for other in files(&site.at("pipelines")) {
        fs::remove_file(site.at("pipelines").join(other)).unwrap();
    }
    let pipeline = include_str!("../../pipelines/symphony-history.toml");
    fs::write(site.at("pipelines/symphony-history.toml"), pipeline).unwrap();
    write_at(&site, name, bytes, AS_OF);
    let plan = site.cli(&["plan", "--as-of", AS_OF]);
    let before = snapshot(&site.root());
    let said = String::from_utf8_lossy(&plan.stdout).to_string();
    let digest = said.split("--accept \\\n").nth(1).map(str::trim);
    let accept: Vec<&str> = digest.iter().flat_map(|digest| ["--accept", digest]).collect();
    let run = site.cli(&[&["run", "--json", "--as-of", AS_OF], &accept[..]].concat());
    let printed = both(&plan) + &both(&run);
    let json: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap_or_default();
    let pipeline = &json["pipelines"][0];
    let totals = ["read", "retired", "kept", "unlinked", "rejected"].map(|name| pipeline["totals"][name].as_u64());
    match ends {
        Comes(expected) => assert_eq!(totals, expected.map(Some), "{what}: {printed}"),
        New(code) => {
            assert_eq!(totals, [12, 12, 0, 0, 0].map(Some), "{what}: {printed}");
            assert_eq!(pipeline["undeclared"], json!([code]), "{what}");
        }
        Stops(words) => {
            assert_eq!(run.status.code(), Some(2), "{what}: {printed}");
            assert!(printed.contains(words), "{what}: {words} in {printed}");
            assert!(snapshot(&site.root()) == before, "{what}: the site changed");
        }
    }
    assert_unseen(&site, &printed, &[CANARY, "29999000"]);
}

#[test]
fn faults_of_history_logs() {
    const NAME: &str = "symphony-history-2026-11-01.hist";
    type Change = fn(String) -> String;
    let cases: [(&str, Change, Ends); 16] = [
        ("whole", |text| text, Comes([12, 12, 0, 0, 0])),
        ("CR LF", |text| text.replace('\n', "\r\n"), Comes([12, 12, 0, 0, 0])),
        ("empty lines", |text| text.replace('\n', "\n\n"), Comes([12, 12, 0, 0, 0])),
        ("a byte order mark", |text| format!("\u{feff}{text}"), Comes([12, 0, 11, 0, 1])),
        ("cut", |text| text[..text.len() - 4].into(), Stops("was cut")),
        ("empty", |_| String::new(), Comes([0; 5])),
        ("an error page", |_| format!("<html>\n{CANARY}\n</html>\n"), Stops("no record has the declared member")),
        (
            "its patron's code renamed",
            |text| text.replace("^UO", "^UX"),
            Stops("no record has the declared member `UO`"),
        ),
        ("a line again", |text| format!("{text}{}\n", text.lines().nth(4).unwrap()), Comes([13, 13, 0, 0, 0])),
        ("a new code", |text| text.replace("^0E", "^zq"), New("history.zq")),
        ("a NUL byte", |text| text.replace(CANARY, "a\0b"), Comes([12, 0, 11, 0, 1])),
        ("a caret in a value", |text| text.replace(CANARY, "a^ b"), Comes([12, 0, 11, 0, 1])),
        ("a line end in a value", |text| text.replace(CANARY, "a\nb"), Comes([13, 0, 11, 0, 2])),
        (
            "a month of another order",
            |text| text.replace("E202608031012050", "E202603081012050"),
            Comes([12, 12, 0, 0, 0]),
        ),
        (
            "a day that doesn't exist",
            // One line that a person must look at, and its file waits.
            |text| text.replace("E202608031012050", "E202602301012050"),
            Comes([12, 0, 12, 0, 0]),
        ),
        ("a line without end", |text| text.replace(CANARY, &"x".repeat(2 << 20)), Stops("longer than 1 MiB")),
    ];
    failures(cases.iter().map(|(what, change, ends)| {
        move || ends_so(what, NAME, &change(log()).chars().map(latin_1).collect::<Vec<u8>>(), ends)
    }));
    ends_so("gzip", &format!("{NAME}.gz"), &gz(log().as_bytes()), &Comes([12, 12, 0, 0, 0]));
    let packed = gz(log().as_bytes());
    ends_so("gzip, cut", &format!("{NAME}.gz"), &packed[..packed.len() / 2], &Stops("is cut or damaged"));
}

/// A byte order mark has no byte in this encoding; any other byte does as well.
fn latin_1(c: char) -> u8 {
    u8::try_from(u32::from(c)).unwrap_or(0xFE)
}
