//! A system whose exports are each written in another way: what is out between tildes, what came back as JSON, readers in
//! UTF-16, under names of their own. One pipeline reads them all.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::inbox::write_at;
use crate::support::library::{five, night_of, only};
use crate::support::{TestSite, files};

const PIPELINE: &str = r##"
format = 1
kind = "loan"
name = "mixed"
about = "A made-up system"

[read]
format = "delimited"
delimiter = "~"
comment = "#"
coverage = "snapshot"
null = [""]
datetime = ["%Y%m%d %H%M%S", "iso"]

[[source]]
part = "out"
files = "LOANS.DAT"
absent = ["back"]
[[source]]
part = "returned"
files = "returned.jsonl"
read = { format = "json" }
rename = { "reader.no" = "reader", checkout = "out" }
absent = ["status", "shelf2"]

[columns]
transaction = { column = "loan", type = "integer" }
patron = "reader"
opened = "out"
closed = "back"
names = ["name"]
drop = ["shelf2"]

[[lookup]]
name = "readers"
files = "READERS.TXT"
read = { format = "delimited", delimiter = "\t", encoding = "utf-16le" }
rename = { "Reader No" = "number" }
on = { reader = "number" }
use = ["Keep history"]
identifiers = ["E-mail"]

[[state]]
is = "closed"
when = { back = "set" }
[[state]]
is = "lost"
when = { status = ["L"] }
[[state]]
is = "open"
when = { status = ["O"] }

[needs]
history = { "readers.Keep history" = { not = ["N"] } }
"##;

const OUT: &str = "# out tonight\nloan~reader~out~status~name~shelf2\n1~51~20261001 100000~O~Quilla~\n2~52~20260101 100000~L~Orrin~\n";
const RETURNED: &str = concat!(
    r#"{"loan":3,"reader":{"no":51},"checkout":"2026-08-01T10:00:00+02:00","back":"2026-08-11","name":"Quilla","shelf2":""}"#,
    "\n",
    r#"{"loan":4,"reader":{"no":52},"checkout":"2026-08-02T10:00:00+02:00","back":"2026-08-12","name":"Orrin","shelf2":""}"#,
    "\n"
);
const READERS: &str = "Reader No\tE-mail\tKeep history\n51\tquilla@example.org\tN\n52\torrin@example.org\tY\n";

fn site(pipeline: &str) -> TestSite {
    let site = TestSite::init("koha");
    for name in files(&site.at("pipelines")) {
        fs::remove_file(site.at("pipelines").join(name)).unwrap();
    }
    fs::write(site.at("pipelines/mixed.toml"), pipeline).unwrap();
    fs::set_permissions(site.at("pipelines/mixed.toml"), fs::Permissions::from_mode(0o644)).unwrap();
    site
}

/// What a plan comes to: read, retired, already retired, kept, rejected or so; or why it was refused.
fn planned(pipeline: &str, out: &str, returned: &str) -> Result<[u64; 5], String> {
    let site = site_with_exports(pipeline, out, returned);
    let outcome = site.plan_on("2026-11-01").map_err(|refused| refused.to_string())?;
    match outcome.stopped.first() {
        Some(stopped) => Err(stopped.why.to_string()),
        None => {
            assert!(only(&outcome).exports.undeclared.is_empty(), "{:?}", only(&outcome).exports.undeclared);
            Ok(five(&outcome))
        }
    }
}

fn site_with_exports(pipeline: &str, out: &str, returned: &str) -> TestSite {
    let site = site(pipeline);
    let written = night_of("2026-11-01").to_string();
    let readers: Vec<u8> = READERS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, bytes) in
        [("LOANS.DAT", out.as_bytes()), ("returned.jsonl", returned.as_bytes()), ("READERS.TXT", &readers)]
    {
        write_at(&site, name, bytes, &written);
    }
    site
}

/// `check` asks what `plan` does.
#[test]
fn check_finds_nothing_to_mend() {
    let site = site_with_exports(PIPELINE, OUT, RETURNED);
    let check = site.cli(&["check", "--as-of", "2026-11-01"]);
    let told = String::from_utf8_lossy(&check.stdout).into_owned() + &String::from_utf8_lossy(&check.stderr);
    assert!(!told.contains("is missing") && told.contains("Nothing must be mended"), "{told}");
}

#[test]
fn each_file_is_read_as_it_is_written() {
    // Out, lost, back long ago, and back long ago by one who keeps a history.
    let come = planned(PIPELINE, OUT, RETURNED).unwrap();
    assert_eq!(come, planned(PIPELINE, OUT, RETURNED).unwrap());
    assert_eq!((come[0], come[1]), (4, 1), "{come:?}");
}

#[test]
fn a_column_that_is_said_to_be_absent_may_not_be_there() {
    let there = OUT
        .replace("shelf2\n", "shelf2~back\n")
        .replace("~Quilla~\n", "~Quilla~~\n")
        .replace("~Orrin~\n", "~Orrin~~\n");
    let refused = planned(PIPELINE, &there, RETURNED).unwrap_err();
    assert!(refused.contains("LOANS.DAT") && refused.contains("`back` is there"), "{refused}");
    let there = RETURNED.replace("\"shelf2\"", "\"status\":\"O\",\"shelf2\"");
    let refused = planned(PIPELINE, OUT, &there).unwrap_err();
    assert!(refused.contains("returned.jsonl") && refused.contains("`status` is there"), "{refused}");
    // And one that isn't said to be absent may not be missing.
    let missing = PIPELINE.replace("absent = [\"status\", \"shelf2\"]\n", "");
    let refused = planned(&missing, OUT, RETURNED).unwrap_err();
    assert!(refused.contains("`status`"), "{refused}");
    let missing = PIPELINE.replace("absent = [\"back\"]\n", "");
    let refused = planned(&missing, OUT, RETURNED).unwrap_err();
    assert!(refused.contains("the declared column `back` is missing"), "{refused}");
}

#[test]
fn a_new_name_that_another_column_has_is_refused() {
    let out = OUT.replace("~shelf2\n", "~number\n");
    let twice = PIPELINE.replacen("absent = [\"back\"]", "absent = [\"back\"]\nrename = { number = \"reader\" }", 1);
    let refused = planned(&twice, &out, RETURNED).unwrap_err();
    assert!(refused.contains("LOANS.DAT:2: the header names columns 2 and 6 alike"), "{refused}");
}
