//! The commands, as a person meets them.

use crate::support::TestSite;

#[test]
fn a_new_site_plans_accepts_runs_and_verifies() {
    let site = TestSite::small_koha();
    let plan = site.cli(&["plan", "--json", "--as-of", crate::support::AS_OF]);
    assert_eq!(plan.status.code(), Some(1), "{}", String::from_utf8_lossy(&plan.stderr));
    let plan: serde_json::Value = serde_json::from_slice(&plan.stdout).unwrap();
    let digest = plan["digest"].as_str().unwrap();
    let run = site.cli(&["run", "--accept", digest, "--as-of", crate::support::AS_OF]);
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    let verify = site.cli(&["verify"]);
    assert_eq!(verify.status.code(), Some(0), "{}", String::from_utf8_lossy(&verify.stdout));
}

/// A pipeline's own tests are about its rules, and not about where the site is.
#[test]
fn shipped_pipelines_pass_their_tests_in_every_time_zone() {
    for zone in ["Asia/Tokyo", "Europe/Berlin", "Pacific/Honolulu"] {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        let mut init = crate::support::afterloan();
        init.arg("init").arg(&site).args(["--ils", "folio", "--with", "ezproxy", "--with", "wifi", "--with", "bills"]);
        assert!(init.args(["--timezone", zone]).output().unwrap().status.success());
        let check = crate::support::afterloan().arg("check").arg("--site").arg(&site).output().unwrap();
        let told = String::from_utf8(check.stdout).unwrap();
        let passed = told.lines().filter_map(|line| line.split_once("tests ")?.1.split_once(" pass"));
        let passed: Vec<(&str, &str)> = passed.filter_map(|(tests, _)| tests.split_once(" of ")).collect();
        assert!(passed.len() >= 6, "{told}");
        assert!(passed.iter().all(|(passed, all)| passed.trim() == all.trim()), "{zone}: {told}");
    }
}

fn object(output: &std::process::Output) -> serde_json::Map<String, serde_json::Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    value.as_object().unwrap_or_else(|| panic!("no object: {text}")).clone()
}

/// Of a refusal: what it says and the exit code, which are the process's own.
fn refused(output: &std::process::Output) -> String {
    let object = object(output);
    assert_eq!(object["refused"], true, "{object:?}");
    assert_eq!(object["exit"], 2, "{object:?}");
    assert_eq!(output.status.code(), Some(2));
    object["reason"].as_str().unwrap().to_string()
}

#[test]
fn json_is_one_object_on_every_way_out() {
    const AS_OF: &str = crate::support::AS_OF;
    let site = TestSite::small_koha();
    let json = |args: &[&str]| site.cli(&[args, &["--json"]].concat());
    let as_of = |args: &[&str]| json(&[args, &["--as-of", AS_OF]].concat());
    for (args, exit) in [(&["plan"][..], 1), (&["check"], 1), (&["verify"], 0)] {
        let output = if args == ["verify"] { json(args) } else { as_of(args) };
        let object = object(&output);
        assert_eq!(output.status.code(), Some(exit), "{args:?}: {object:?}");
        assert!(!object.contains_key("refused"), "{args:?}: {object:?}");
    }
    let loans = crate::support::files(&site.at("inbox"));
    let loans = loans.iter().find(|path| path.to_string_lossy().starts_with("old_issues")).unwrap();
    let loans = std::fs::read(site.at("inbox").join(loans)).unwrap();
    // Dirty, as exports are.
    let loans = String::from_utf8_lossy(&loans).into_owned();
    let of_line = |line: usize| -> Vec<&str> { loans.lines().nth(line).unwrap().split(',').collect() };
    let column = of_line(0).iter().position(|name| name.trim_matches('"') == "issue_id").unwrap();
    let explained = object(&as_of(&["explain", of_line(1)[column].trim_matches('"')]));
    assert_eq!(explained["explained"].as_array().unwrap().len(), 1, "{explained:?}");
    assert!(!explained.contains_key("refused"));

    let plan = object(&as_of(&["plan"]));
    let held = as_of(&["run"]);
    assert!(refused(&held).starts_with("nothing was done:"));
    assert_eq!(object(&held)["digest"], plan["digest"], "what a person may accept");
    let other = as_of(&["run", "--accept", &"0".repeat(64)]);
    assert!(refused(&other).contains("not tonight's"));
    assert_eq!(object(&other)["digest"], plan["digest"]);

    assert!(refused(&as_of(&["explain", "nobody"])).contains("no transaction has the id"));
    assert!(refused(&json(&["plan", "--as-of", "soon"])).contains("--as-of is no time"));
    assert!(refused(&json(&["explain"])).contains("required arguments"));
    assert!(refused(&json(&["verify", "--head", "x"])).contains("--head"));
    assert!(refused(&json(&["unheard-of"])).contains("unheard-of"));
    assert!(refused(&json(&["help"])).contains("leave --json out"));

    let run = object(&as_of(&["run", "--accept", plan["digest"].as_str().unwrap()]));
    assert_eq!(run["digest"], plan["digest"]);
    std::fs::remove_file(site.at("policy.toml")).unwrap();
    for args in [&["plan"][..], &["run"], &["check"], &["explain", "1"]] {
        assert!(refused(&json(args)).contains("policy.toml"), "{args:?}");
    }
}

#[test]
fn what_check_and_verify_found_stands_beside_the_refusal() {
    let site = TestSite::small_koha();
    std::fs::write(site.at("pipelines/koha-loans.toml"), "kind = \"loan\"\n").unwrap();
    assert!(refused(&site.cli(&["check", "--json"])).contains("koha-loans"));

    let site = TestSite::small_koha();
    for export in std::fs::read_dir(site.at("inbox")).unwrap() {
        std::fs::remove_file(export.unwrap().path()).unwrap();
    }
    for command in ["check", "plan"] {
        let output = site.cli(&[command, "--json", "--as-of", crate::support::AS_OF]);
        refused(&output);
        let shown = object(&output);
        let told = if command == "check" { "problems" } else { "stopped" };
        assert!(!shown[told].as_array().unwrap().is_empty(), "{command}: {shown:?}");
    }
}

/// A pipe that nobody reads, and a disk that is full.
#[test]
fn nobody_listening_is_no_fault() {
    let site = TestSite::small_koha();
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    for args in [&["plan"][..], &["explain", "nobody"], &["check"], &["unheard-of"], &["run", "--as-of", "3000-01-01"]]
    {
        let command = || {
            let mut command = crate::support::afterloan();
            command.args(args).arg("--site").arg(site.root());
            command
        };
        let code = |mut command: std::process::Command| command.status().unwrap().code().unwrap();
        let usual = command().output().unwrap().status.code().unwrap();
        let mut full_stderr = command();
        full_stderr.stdout(std::process::Stdio::null()).stderr(full());
        assert_eq!(code(full_stderr), usual, "{args:?}");
        let mut unread = command();
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        unread.stdout(writer.try_clone().unwrap()).stderr(writer);
        assert_eq!(code(unread), usual, "{args:?}");
        let mut both = command();
        both.stdout(full()).stderr(full());
        assert!([1, 2].contains(&code(both)), "{args:?}");
    }
}

/// What `check` knows and is dangerous, whoever accepts a plan must see, too.
#[test]
fn a_plan_says_what_check_knows_to_be_dangerous() {
    use crate::support::inbox::{Inbox, both};
    let site = TestSite::init("koha");
    let mut inbox = Inbox::koha(&site, 12);
    for row in 0..12 {
        inbox.set("old_issues", row, "checkin_library", &format!("someone{row}@mail.example"));
    }
    inbox.put(&site);
    let as_of = ["--as-of", crate::support::AS_OF];
    let says = |command: &str| {
        let printed = both(&site.cli(&[&[command], &as_of[..]].concat()));
        let words = printed.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("What would not be searched for"), "{command}: {printed}");
        assert!(
            words.contains("`checkin_library` is dropped, and 12 cells of it look like e-mail addresses"),
            "{printed}"
        );
        assert!(!printed.contains("someone"), "{printed}");
    };
    says("check");
    says("plan");
    let plan = object(&site.cli(&[&["plan", "--json"], &as_of[..]].concat()));
    assert_eq!(plan["doubts"][0]["danger"], "unsearched");
    // A run has no time for it, and says nothing.
    let run = site.cli(&[&["run", "--json", "--accept", plan["digest"].as_str().unwrap()], &as_of[..]].concat());
    assert!(!object(&run).contains_key("doubts"));
    let healthy = TestSite::init("koha");
    Inbox::koha(&healthy, 12).put(&healthy);
    assert!(!object(&healthy.cli(&[&["plan", "--json"], &as_of[..]].concat())).contains_key("doubts"));
}

/// Twenty loans of a kit, all at one small branch: `check` says the line, and the value where it is a code; never a text.
#[test]
fn check_names_what_one_branch_has_alone() {
    use crate::support::inbox::{CANARY, Inbox};
    let site = TestSite::init("koha");
    let mut inbox = Inbox::koha(&site, 200);
    for row in 0..60 {
        inbox.set("old_issues", row, "branchcode", "NBR");
    }
    let mut check = |collection: &str, like: usize| {
        for row in 0..like {
            inbox.set("items", row, "ccode", collection);
        }
        inbox.put(&site);
        let output = site.cli(&["check", "--json", "--as-of", crate::support::AS_OF]);
        let notes = object(&output)["notes"].as_array().unwrap().clone();
        let notes = notes.iter().map(|note| note.as_str().unwrap().to_owned());
        let told: Vec<String> = notes.filter(|note| note.contains("nearly alone")).collect();
        assert_eq!(output.status.code(), Some(i32::from(!told.is_empty())), "a hint: {told:?}");
        told
    };
    assert!(check("KIT", 19).is_empty(), "too few to tell");
    let told = check("KIT", 20);
    let [told] = told.as_slice() else { panic!("{told:?}") };
    let pipeline = std::fs::read_to_string(site.at("pipelines/koha-loans.toml")).unwrap();
    let lines: Vec<&str> = pipeline.lines().collect();
    let named = lines.iter().position(|line| *line == "name = \"collection\"").unwrap();
    assert!(told.contains(&format!("koha-loans.toml:{named}: of `collection`")), "{told}");
    assert!(told.contains("`KIT` at `NBR`") && told.contains("fewer than 10 patrons"), "{told}");
    // What doesn't look like a code may be a person's name.
    let told = check(&format!("{CANARY} club"), 20);
    assert!(told[0].contains("1 value, which is no declared word") && !told[0].contains(CANARY), "{told:?}");
}
