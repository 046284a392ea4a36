//! That there is a hold shows nowhere but in `state/` and in what the director is told.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use afterloan::act::{self, Options, Seams};
use afterloan::state::commit::no_hook;
use afterloan::state::entropy::Fixed;
use afterloan::state::register::Scope;
use afterloan::words::Kind;

use super::{of, on, place, register, told, try_release};
use crate::support::inbox::{AS_OF_LATER, CANARY, Inbox, both};
use crate::support::{AS_OF, TestSite, files, snapshot};

/// Bytes and times of all that is outside `state/`, folders too.
fn outside(site: &TestSite) -> Vec<(PathBuf, i64, i64, Vec<u8>)> {
    let mut all = Vec::new();
    let mut folders = vec![site.root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path == site.at("state") {
                continue;
            }
            let meta = fs::symlink_metadata(&path).unwrap();
            let bytes = if meta.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
            all.push((path.clone(), meta.mtime(), meta.mtime_nsec(), bytes));
            if meta.is_dir() {
                folders.push(path);
            }
        }
    }
    all.sort();
    all
}

#[test]
fn placing_and_releasing_changes_nothing_outside_state() {
    let site = TestSite::init("koha");
    Inbox::koha(&site, 6).put(&site);
    site.accept_and_run(AS_OF);
    let before = outside(&site);
    let hold = on(&["7003", "nobody-known"]);
    place(&site, &hold);
    assert!(outside(&site) == before);
    try_release(&site, &hold).unwrap();
    assert!(outside(&site) == before);
}

/// One loan of three can't be read, so it is undetermined with and without a hold on its item. Two sites of the same keys, clock
/// and randomness, but for the hold: every file that staff or the public see has the same length, and the same bytes but for
/// digests, each of which is keyed or of something keyed: of the plan, which has the register in it, of `state/` in the
/// ledger, and what is signed over these. (Rows that a hold keeps which nothing else keeps are missing from the
/// worklist, and read `undetermined`, as any might: nothing can hide that.)
#[test]
fn staff_see_the_same_with_and_without_a_hold() {
    let site = TestSite::init("koha");
    let mut inbox = Inbox::koha(&site, 6);
    inbox.set("old_issues", 0, "returndate", "0000-99-99").put(&site);
    let [with, ended] = [site.copy(), site.copy()];
    let scope = Scope { items: Some(vec!["300001".into()]), kinds: Some(vec![Kind::Loan]), ..Scope::default() };
    let hold = of(None, scope);
    place(&with, &hold);
    place(&ended, &hold);
    try_release(&ended, &hold).unwrap();
    let seen = [&site, &with, &ended].map(|site| {
        let options = |accept| Options { as_of: AS_OF.parse().unwrap(), now: AS_OF.parse().unwrap(), accept };
        let night = |accept, runs: bool| {
            let seams = Seams { entropy: &mut Fixed::new(1), hook: &no_hook, progress: &|_| {} };
            let act = if runs { act::run } else { act::plan };
            act(&site.site(), options(accept), seams).unwrap()
        };
        let plan = night(None, false);
        night(Some(plan.digest), true);
        let all = snapshot(&site.root()).into_iter().filter(|(path, _)| !path.starts_with("state"));
        all.map(|(path, bytes)| (path, bytes.len(), without_digests(&bytes))).collect::<Vec<_>>()
    });
    assert!(
        seen[0].iter().any(|(path, ..)| path.starts_with("reports") && path.extension().is_some_and(|e| e == "html"))
    );
    for other in &seen[1..] {
        assert_eq!(seen[0].len(), other.len());
        for (one, other) in seen[0].iter().zip(other) {
            assert_eq!((&one.0, one.1), (&other.0, other.1));
            assert!(one.2 == other.2, "{}", one.0.display());
        }
    }
    let held = fs::read_to_string(with.at("state/runs/000001-director.json")).unwrap();
    assert!(held.contains("\"under_legal_hold\": 1"), "{held}");
}

/// Runs of hexadecimal, as digests and signatures are written, made zeros.
fn without_digests(bytes: &[u8]) -> Vec<u8> {
    let is_hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let mut all = bytes.to_vec();
    for run in all.chunk_by_mut(|one, other| is_hex(one) == is_hex(other)) {
        if run.len() >= 16 && is_hex(&run[0]) {
            run.fill(b'0');
        }
    }
    all
}

const FORM: &str = "matter = \"Quokka77Zanzibar v. Library\"\ntrigger = \"litigation\"\nby = \"Director Quokka77Zanzibar\"\n\
                    until = \"2026-01-01\"\n[scope]\npatrons = [\"29999000007003\", \"nobody.Quokka77Zanzibar\"]\n";
const END: &str =
    "matter = \"quokka77zanzibar V. library\"\nby = \"Quokka77Zanzibar\"\nwhy = \"Quokka77Zanzibar settled\"\n";

#[test]
fn what_is_typed_shows_in_the_list_and_nowhere_else() {
    let site = TestSite::init("koha");
    Inbox::koha(&site, 6).put(&site);
    let silent = |output: &std::process::Output, code: i32| {
        let printed = both(output);
        assert_eq!(output.status.code(), Some(code), "{printed}");
        assert!(!printed.contains(CANARY) && !printed.contains("7003"), "{printed}");
        printed
    };
    let placed = silent(&told(&site, &["hold", "place", "--from", "-"], FORM), 1);
    for words in ["In force since", "Identifier 1 of 2 meets one patron", "Identifier 2 of 2 meets nobody"] {
        assert!(placed.contains(words), "{words}: {placed}");
    }
    silent(&told(&site, &["hold", "place", "--from", "-"], FORM), 2);
    let listed = both(&told(&site, &["hold", "list"], ""));
    for words in [CANARY, "in force", "past its date", "litigation", "1 met nobody"] {
        assert!(listed.contains(words), "{words}: {listed}");
    }
    assert!(!listed.contains("7003") && !listed.contains("nobody.Q"), "{listed}");
    let plan = site.cli(&["plan", "--as-of", AS_OF]);
    silent(&plan, 1);
    let accepted = site.plan(AS_OF).unwrap().digest.to_string();
    silent(&site.cli(&["run", "--as-of", AS_OF, "--accept", &accepted]), 0);
    // By file, as JSON; and it stays.
    fs::write(site.root().with_extension("toml"), END).unwrap();
    let file = site.root().with_extension("toml");
    let args = ["hold", "release", "--json", "--from", file.to_str().unwrap()];
    silent(&told(&site, &args, ""), 0);
    silent(&told(&site, &args, ""), 2);
    let listed = told(&site, &["hold", "list", "--json"], "");
    let shown: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(
        (&shown["holds"][0]["in_force"], &shown["holds"][0]["released"]["why"]),
        (&false.into(), &"Quokka77Zanzibar settled".into())
    );
    Inbox::koha(&site, 6).put_at(&site, AS_OF_LATER);
    let accepted = site.plan(AS_OF_LATER).unwrap().digest.to_string();
    silent(&site.cli(&["run", "--as-of", AS_OF_LATER, "--accept", &accepted]), 0);
    for path in files(&site.root()) {
        let bytes = fs::read(site.at(path.to_str().unwrap())).unwrap();
        let has =
            |needle: &str| bytes.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle.as_bytes()));
        let is_told = path == Path::new("state/holds.json") || path.to_string_lossy().contains("-director.");
        assert!(is_told || !has(CANARY), "{}", path.display());
        assert!(!has("nobody.Quokka"), "{}", path.display());
    }
}

#[test]
fn a_form_that_is_wrong_is_told_by_its_line_alone() {
    let site = TestSite::init("koha");
    let before = register(&site);
    let cases: [(String, &str); 12] = [
        (String::new(), "`trigger` isn't said"),
        (FORM.replace("\"litigation\"", "\"Quokka77Zanzibar\""), "`trigger` is none of subpoena"),
        (FORM.replace("matter = ", "Quokka77Zanzibar = "), "line 1"),
        (FORM.replace("\"2026-01-01\"", "\"Quokka77Zanzibar\""), "`until` is no day"),
        (FORM.replace("\"29999000007003\"", "29999000007003"), "line 6"),
        (FORM.replace("[scope]", "[Quokka77Zanzibar"), "line 5"),
        (FORM.replace("patrons = ", "names = "), "line 6"),
        (FORM.replace("\"29999000007003\"", "\" \""), "empty list or an empty value"),
        (FORM.split("[scope]").next().unwrap().into(), "an empty scope"),
        (FORM.to_string() + "everything = true\n", "it stands alone"),
        (FORM.to_string() + "kinds = [\"Quokka77Zanzibar\"]\n", "`kinds` has what is none of loan"),
        (FORM.to_string() + "opened_from = \"2026-02-01\"\nopened_to = \"2026-01-01\"\n", "before it starts"),
    ];
    for (form, words) in cases {
        let output = told(&site, &["hold", "place", "--from", "-"], &form);
        let printed = both(&output);
        assert_eq!(output.status.code(), Some(2), "{words}: {printed}");
        assert!(
            printed.contains(words) && !printed.contains(CANARY) && !printed.contains("7003"),
            "{words}: {printed}"
        );
        assert!(register(&site) == before, "{words}");
    }
    let output = told(&site, &["hold", "place"], FORM);
    assert!(output.status.code() == Some(2) && both(&output).contains("--from -"), "{}", both(&output));
    let output = told(&site, &["hold", "release", "--from", "-"], END);
    assert!(both(&output).contains("there is no hold of that matter"), "{}", both(&output));
    // Nothing of it can be given where a process list shows it.
    for args in [["hold", "place", "--matter"], ["hold", "release", "Case"]] {
        assert_eq!(told(&site, &args, "").status.code(), Some(2));
    }
}

/// By the next night at the latest an older copy is known as such, whatever else was put back beside it.
#[test]
fn an_older_register_is_refused_by_every_command() {
    let site = TestSite::init("koha");
    Inbox::koha(&site, 6).put(&site);
    let empty = register(&site);
    place(&site, &on(&["7003"]));
    let head = fs::read(site.at("state/holds-head.json")).unwrap();
    let refused = |what: &str| {
        for args in [&["plan", "--as-of", AS_OF][..], &["run", "--as-of", AS_OF], &["hold", "list"]] {
            let printed = both(&told(&site, args, ""));
            assert!(printed.contains("older copy") && !printed.contains(CANARY), "{what}, {args:?}: {printed}");
        }
    };
    let newest = register(&site);
    site.edit("state/holds.json", |_| empty.clone());
    refused("before a night");
    site.edit("state/holds.json", |_| newest.clone());
    site.accept_and_run(AS_OF);
    fs::remove_file(site.at("state/holds-head.json")).unwrap();
    site.edit("state/holds.json", |_| empty.clone());
    refused("after a night, without its head");
    site.edit("state/holds.json", |_| r#"{"format":1,"count":0,"holds":[]}"#.into());
    refused("one by hand");
    site.edit("state/holds.json", |_| newest);
    fs::write(site.at("state/holds-head.json"), head).unwrap();
    assert_eq!(told(&site, &["hold", "list"], "").status.code(), Some(0));
}
