//! Names of files that do something to whoever looks at them: no command shows one as it is, on the terminal or as JSON, and no
//! page or report has it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::inbox::{Inbox, both};
use crate::support::{AS_OF, TestSite, afterloan, files};

/// Clears the screen, ends a line, turns the text around, makes a tag, and can't be seen.
const ODD: [&str; 6] =
    ["\u{1b}[2J", "\r\nerror: all is lost\n", "\u{202e}vsc.", "\u{9b}31m", "\u{200b}", "\u{e0041}\u{61c}"];

fn hidden(c: char) -> bool {
    c.is_control() && !"\n\t".contains(c)
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{e0000}'..='\u{e0fff}')
}

fn assert_plain(what: &str, printed: &str) {
    assert!(!printed.contains(hidden), "{what}: {printed:?}");
    assert!(!printed.lines().any(|line| line.starts_with("error: all is lost")), "{what}: {printed}");
}

/// All that a site has to show, and what its commands say.
fn assert_shows_plainly(site: &TestSite, what: &str) {
    let mut commands: Vec<Vec<String>> = Vec::new();
    for args in [&["plan"][..], &["run"], &["check"], &["explain", "1"], &["verify"]] {
        for json in [false, true] {
            let mut args: Vec<String> = args.iter().map(ToString::to_string).collect();
            args.extend(json.then(|| "--json".to_string()));
            if args[0] != "verify" {
                args.extend(["--as-of", AS_OF].map(String::from));
            }
            commands.push(args);
        }
    }
    for args in commands {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        assert_plain(&format!("{what}, {args:?}"), &both(&site.cli(&args)));
    }
    let plan = both(&site.cli(&["plan", "--as-of", AS_OF]));
    if let Some(digest) = plan.split("--accept \\\n").nth(1).and_then(|rest| rest.split_whitespace().next()) {
        assert_plain(what, &both(&site.cli(&["run", "--accept", digest, "--as-of", AS_OF])));
    }
    for zone in ["reports", "worklists", "public"] {
        for path in files(&site.at(zone)) {
            assert_plain(what, &path.to_string_lossy());
            if path.extension().is_some_and(|ending| ["html", "json", "csv", "jsonl"].iter().any(|one| ending == *one))
            {
                let text = fs::read_to_string(site.at(zone).join(&path)).unwrap();
                assert_plain(&format!("{what}, {}", path.display()), &text.replace('\r', ""));
            }
        }
    }
}

#[test]
fn no_command_shows_an_odd_name_as_it_is() {
    for (place, odd) in ODD.iter().enumerate() {
        let site = TestSite::init("koha");
        Inbox::koha(&site, 3).put(&site);
        // In the place of an export; else beside it, unfinished, and as what nobody asks for.
        let names = match place % 2 {
            0 => vec![format!("old_issues-{odd}.csv")],
            _ => vec![format!("old_issues-2{odd}.csv.part"), format!("notes{odd}")],
        };
        names.iter().for_each(|name| site.export(name, "issue_id\n"));
        assert_shows_plainly(&site, &format!("{names:?}"));
    }
}

#[test]
fn an_unfinished_part_of_a_split_export_is_shown_plainly() {
    let site = TestSite::init("koha");
    Inbox::koha(&site, 3).put(&site);
    site.edit("pipelines/koha-loans.toml", |text| {
        text.replacen("files = \"old_issues-*.csv*\"", "files = \"old_issues-{date}*.csv*\"\nsplit = true", 1)
    });
    site.export("old_issues-2026-11-01\u{1b}[2J.csv.part", "issue_id\n");
    assert_shows_plainly(&site, "a part");
}

/// Names that are no text at all are named, and not passed over.
#[test]
fn a_name_that_is_no_text_is_told() {
    use std::os::unix::ffi::OsStrExt;
    let site = TestSite::init("koha");
    Inbox::koha(&site, 3).put(&site);
    let name = std::ffi::OsStr::from_bytes(b"old_issues-\xff.csv");
    fs::write(site.at("inbox").join(name), "issue_id\n").unwrap();
    let plan = both(&site.cli(&["plan", "--as-of", AS_OF]));
    assert!(plan.split_whitespace().collect::<Vec<_>>().join(" ").contains("its name isn't valid UTF-8"), "{plan}");
}

#[test]
fn init_shows_no_odd_name() {
    for odd in ODD {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: PathBuf| -> PathBuf {
            fs::create_dir_all(name.parent().unwrap()).unwrap();
            fs::write(&name, "id,patron,opened\n1,7,2026-08-03\n").unwrap();
            name
        };
        let init = |file: &Path| {
            let site = folder.path().join("site");
            both(&afterloan().arg("init").arg(&site).arg("--from").arg(file).output().unwrap())
        };
        let said = init(&put(folder.path().join(format!("loans-{odd}.csv"))));
        assert_plain(&format!("{odd:?}"), &said);
        assert_plain(&format!("{odd:?}"), &init(&folder.path().join(format!("none-{odd}.csv"))));
        assert_plain(&format!("{odd:?}"), &init(&put(folder.path().join(format!("in{odd}box")).join("loans.csv"))));
    }
}

/// What a person asks for is often pasted.
#[test]
fn what_is_asked_for_is_shown_plainly() {
    let site = TestSite::init("koha");
    Inbox::koha(&site, 3).put(&site);
    for odd in ODD {
        for json in [&[][..], &["--json"]] {
            let args = [&["explain", odd, "--as-of", AS_OF], json].concat();
            assert_plain(odd, &both(&site.cli(&args)));
        }
    }
}
