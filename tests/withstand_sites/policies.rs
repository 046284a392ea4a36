//! What the board and the systems librarian write: mistakes are pointed at, changes wait for a person.

use std::fs;
use std::path::PathBuf;

use crate::support::inbox::{AS_OF_LATER, CliNight, Inbox, both};
use crate::support::{AS_OF, TestSite, snapshot};
use crate::withstand_sites::{assert_refuses, planned};

#[test]
fn without_an_authorization_a_plan_works_and_a_run_refuses() {
    for given in ["authorization = \"\"", "authorization = \"  \"", ""] {
        let site = planned(2);
        site.edit("policy.toml", |text| text.replace("authorization = \"RC-075\"", given));
        let plan = site.cli(&["plan", "--as-of", AS_OF]);
        assert_eq!(plan.status.code(), Some(1), "{}", both(&plan));
        assert_refuses(&site, given, &["run"], &["names no authorization"]);
    }
}

#[test]
fn a_misspelt_key_or_value_is_pointed_at() {
    // (file, what is written, what is meant, what is said)
    let cases = [
        ("policy.toml", "graze = \"30 days\"", "grace = \"30 days\"", "unknown key `graze`; did you mean `grace`?"),
        ("policy.toml", "[retentoin.loan]", "[retention.loan]", "unknown key `retentoin`; did you mean `retention`?"),
        ("policy.toml", "\"30 dyas\"", "\"30 days\"", "not a period"),
        ("policy.toml", "after_run = \"keap\"", "after_run = \"keep\"", "did you mean `keep`?"),
        ("policy.toml", "America/New_Yrok", "America/New_York", "no such time zone"),
        ("pipelines/koha-loans.toml", "peple = ", "people = ", "unknown key `peple`; did you mean `people`?"),
        (
            "pipelines/koha-loans.toml",
            "treatment = \"kep\"",
            "treatment = \"keep\"",
            "unknown value `kep`; did you mean `keep`?",
        ),
        ("pipelines/koha-loans.toml", "{ clas = ", "{ class = ", "unknown value `clas`; did you mean `class`?"),
        ("pipelines/koha-loans.toml", "{ platform = [\"JSTOR.org\"] }", "\"keep\"", "how its hosts end"),
        ("pipelines/koha-loans.toml", "{ platform = 7 }", "\"keep\"", "write a list of suffixes"),
        ("pipelines/koha-loans.toml", "{ platform = { \"jstor.org\" = \"\" } }", "\"keep\"", "a platform's name"),
        ("pipelines/koha-loans.toml", "format = \"weblog\"", "format = \"csv\"", "needs its `layout`"),
        (
            "pipelines/koha-loans.toml",
            "format = \"weblog\"\nlayout = \"%h%l\"",
            "format = \"csv\"",
            "not the layout of a web log: two cells stand side by side",
        ),
        (
            "pipelines/koha-loans.toml",
            "format = \"csv\"\nlayout = \"%h %l\"",
            "format = \"csv\"",
            "it is a key of weblog files, and these are csv",
        ),
        (
            "pipelines/koha-loans.toml",
            "format = \"weblog\"\nlayout = \"%h %u\"",
            "format = \"csv\"",
            "is no cell of the layout, which has host, user",
        ),
        (
            "pipelines/koha-loans.toml",
            "format = \"csv\"\nskip = 2",
            "format = \"csv\"",
            "it is a key of xlsx files, and these are csv",
        ),
        (
            "pipelines/koha-loans.toml",
            "format = \"xlsx\"\nencoding = \"utf-8\"",
            "format = \"csv\"",
            "files, and these are xlsx",
        ),
        (
            "pipelines/koha-loans.toml",
            "part = \"issues\"\nsheet = \"Page 1\"",
            "part = \"issues\"",
            "csv files have no sheets",
        ),
        (
            "pipelines/koha-loans.toml",
            "part = \"issues\"\ntime_limit = \"2h\"",
            "part = \"issues\"",
            "a time limit is of a `command`",
        ),
        (
            "pipelines/koha-loans.toml",
            "command = [\"psql\"]\ntime_limit = \"2 days\"",
            "files = \"issues-*.csv*\"",
            "a day at most",
        ),
        (
            "pipelines/koha-loans.toml",
            "about = \"patrn\"",
            "about = \"patron\"",
            "unknown value `patrn`; did you mean `patron`?",
        ),
        ("pipelines/koha-loans.toml", "is = \"opne\"", "is = \"open\"", "did you mean `open`?"),
        (
            "pipelines/koha-loans.toml",
            "closed = { frist = [\"returndate\"] }",
            "closed = \"returndate\"",
            "{ first = [columns] }",
        ),
        ("pipelines/koha-loans.toml", "\"patrons.privcy\"", "\"patrons.privacy\"", "did you mean `patrons.privacy`?"),
        ("pipelines/koha-loans.toml", "by = [\"branhc\"", "by = [\"branch\"", "did you mean `branch`?"),
        ("pipelines/koha-loans.toml", "treatment = \"pseudonym\"", "treatment = \"keep\"", "unknown value `pseudonym`"),
        (
            "pipelines/koha-loans.toml",
            "from = \"patrons.dateofbirth\"",
            "from = \"patrons.categorycode\"",
            "identifies people",
        ),
        ("pipelines/koha-loans.toml", "from = \"borrowernumber\"", "from = \"branchcode\"", "identifies people"),
        ("pipelines/koha-loans.toml", "from = \"note\"", "from = \"branchcode\"", "identifies people"),
        (
            "pipelines/koha-loans.toml",
            "WHERE o.returndate IS NOT NULL AND c.resolution IS NOT NULL",
            "WHERE o.issue_id IN ({ids}) AND o.returndate IS NOT NULL AND c.resolution IS NOT NULL",
            "a statement that severs needs {ids}",
        ),
    ];
    for (file, wrong, right, words) in cases {
        let site = planned(2);
        let mut line = 0;
        site.edit(file, |text| {
            let (before, _) = text.split_once(right).unwrap();
            line = before.matches('\n').count() + 1;
            let text = text.replacen(right, wrong, 1);
            // A key of tables, and not what is asked here.
            let is_asked = |line: &&str| !(wrong.contains("weblog") && line.starts_with("multiline"));
            text.split_inclusive('\n').filter(is_asked).collect()
        });
        let printed = assert_refuses(&site, wrong, &["check", "plan", "run"], &[words, file]);
        let place = printed.split(&format!("{file}:")).nth(1).and_then(|rest| rest.split(':').next()).unwrap();
        let off = place.parse::<usize>().unwrap().abs_diff(line);
        assert!(off <= 4, "{wrong} on line {line}, but it says {place}: {printed}");
    }
}

#[test]
fn a_site_without_pipelines_or_policy_does_nothing() {
    let site = planned(2);
    fs::remove_file(site.at("policy.toml")).unwrap();
    assert_refuses(&site, "no policy", &["check", "plan", "run"], &["policy.toml"]);
    let site = planned(2);
    for name in ["koha-loans", "koha-holds"] {
        fs::remove_file(site.at(&format!("pipelines/{name}.toml"))).unwrap();
    }
    assert_refuses(&site, "no pipeline", &["check", "plan", "run"], &["no pipeline (*.toml) is there"]);
    let site = planned(2);
    fs::copy(site.at("pipelines/koha-loans.toml"), site.at("pipelines/more.toml")).unwrap();
    assert_refuses(&site, "one twice", &["check", "plan", "run"], &["more.toml", "another pipeline has its name"]);
    let site = planned(2);
    site.edit("policy.toml", |text| text.replace("[retention.loan]", "[retention.bill]"));
    let night = CliNight::of(&site, AS_OF);
    assert_eq!((night.code, night.totals("koha-loans")), (1, None), "{}", night.printed);
    assert!(night.printed.contains("policy.toml has no [retention.loan]"), "{}", night.printed);
}

/// Exports that aren't those of the first night, which is a reason of its own to wait.
fn of_another_night(site: &TestSite, loans: usize) -> Inbox {
    let mut inbox = Inbox::koha(site, loans);
    inbox.set("old_reserves", 1, "borrowernumber", &(7000 + loans).to_string());
    inbox
}

/// Shorter periods would destroy more: a person looks at what that comes to.
#[test]
fn a_changed_policy_holds_the_whole_site() {
    let site = planned(12);
    assert_eq!(CliNight::of(&site, AS_OF).code, 0);
    of_another_night(&site, 12).put_at(&site, AS_OF_LATER);
    site.edit("policy.toml", |text| text.replace("grace = \"30 days\"", "grace = \"3 days\""));
    let before = snapshot(&site.root());
    let run = site.cli(&["run", "--as-of", AS_OF_LATER]);
    assert_eq!(run.status.code(), Some(2), "{}", both(&run));
    assert!(both(&run).contains("the site is held: the policy changed since the last run"), "{}", both(&run));
    // The lists of the night before are withdrawn; nothing else is touched.
    let but = |prefix: &str, mut files: Vec<(PathBuf, Vec<u8>)>| {
        files.retain(|(path, _)| !path.starts_with(prefix));
        files
    };
    assert!(but("state/withdrawn.json", snapshot(&site.root())) == but("worklists", before));
    let night = CliNight::of(&site, AS_OF_LATER);
    assert_eq!((night.code, &night.json["accepted"]), (1, &true.into()), "{}", night.printed);
    // Accepted once is enough.
    let third = "2026-11-03T00:00:00-05:00";
    of_another_night(&site, 14).put_at(&site, third);
    let run = site.cli(&["run", "--as-of", third]);
    assert!(!both(&run).contains("held"), "{}", both(&run));
}

#[test]
fn a_changed_pipeline_is_held_alone() {
    let site = planned(12);
    assert_eq!(CliNight::of(&site, AS_OF).code, 0);
    of_another_night(&site, 13).put_at(&site, AS_OF_LATER);
    site.edit("pipelines/koha-loans.toml", |text| text + "\n# A remark.\n");
    let run = site.cli(&["run", "--json", "--as-of", AS_OF_LATER]);
    let json: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let held = |place: usize| {
        (json["pipelines"][place]["name"].as_str().unwrap(), json["pipelines"][place]["held"].as_bool().unwrap())
    };
    assert_eq!((run.status.code(), held(0), held(1)), (Some(1), ("koha-holds", false), ("koha-loans", true)));
    assert!(crate::support::inbox::worklist(&site, "koha-loans").is_empty());
}

/// Only that plan: what changed since it was looked at is named.
#[test]
fn another_plan_than_the_accepted_one_is_refused() {
    type Change = fn(&TestSite);
    let cases: &[(Change, &str)] = &[
        (
            |site| site.edit("policy.toml", |text| text.replace("grace = \"30 days\"", "grace = \"31 days\"")),
            "the policy",
        ),
        (|site| site.edit("pipelines/koha-loans.toml", |text| text + "\n# A remark.\n"), "a pipeline"),
        (|site| Inbox::koha(site, 13).put(site), "the exports"),
        (
            |site| site.edit("state/holds.json", |_| crate::withstand_sites::register::of(&[r#"{"everything":true}"#])),
            "the decisions",
        ),
    ];
    for (change, words) in cases {
        let site = planned(12);
        let plan = site.plan(AS_OF).unwrap().digest.to_string();
        change(&site);
        let before = snapshot(&site.root());
        let run = site.cli(&["run", "--accept", &plan, "--as-of", AS_OF]);
        let printed = both(&run);
        assert_eq!(run.status.code(), Some(2), "{words}: {printed}");
        assert!(printed.contains("is not tonight's") && printed.contains(words), "{words}: {printed}");
        assert!(snapshot(&site.root()) == before, "{words}");
    }
}
