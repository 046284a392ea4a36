//! Exit codes that tell news, and words that mean what they say.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{Ended, accepted, after_one_night, ended, library, plan, unwatched};
use crate::support::inbox::both;
use crate::support::library::{Library, is_there, loans_site};

/// Twenty-five cents of 2016.
fn with_an_old_debt() -> Library {
    let mut library = library();
    library.loan(101).issued = "2016-03-01 10:00:00".into();
    library.loan(101).returned = Some("2016-03-10 10:00:00".into());
    library.bills[0] = (101, "0.25", "2016-03-10 12:00:00");
    library
}

#[test]
fn a_debt_of_ten_years_ago_is_news_once_and_listed() {
    let site = loans_site();
    let mut library = with_an_old_debt();
    library.write(&site);
    site.stamp("2026-10-10");
    assert_eq!(accepted(&site, "2026-10-10").code, 1);
    let list = site.at("worklists/2026-10-10-run-000001-koha-loans-review.csv");
    assert_eq!(fs::read_to_string(&list).unwrap().lines().nth(1), Some("101,owing"));
    assert_eq!(fs::metadata(&list).unwrap().permissions().mode() & 0o777, 0o600);
    library.sever(super::due());
    library.write(&site);
    site.stamp("2026-10-11");
    let night = unwatched(&site, "2026-10-11");
    assert_eq!(night.code, 0, "{}", night.printed);
}

#[test]
fn what_never_ends_may_be_ended_by_the_policy() {
    let site = loans_site();
    with_an_old_debt().write(&site);
    site.edit("policy.toml", |text| {
        text.replacen("[retention.loan]\n", "[retention.loan]\nowing_at_most = \"7 years\"\n", 1)
    });
    site.stamp("2026-10-10");
    let night = accepted(&site, "2026-10-10");
    assert!(site.worklist().contains(&101), "{}", night.printed);
}

#[test]
fn an_as_of_with_a_time_is_that_time() {
    let site = loans_site();
    library().write(&site);
    site.stamp("2026-10-10");
    let plan = ended(&site, &["plan", "--json", "--as-of", "2026-10-10T08:00"]);
    assert!(
        plan.json["as_of"].to_string().contains("08:00") || plan.json["as_of"].to_string().contains("12:00"),
        "{}",
        plan.printed
    );
}

#[test]
fn names_in_the_inbox_reach_no_terminal_as_they_are() {
    let (site, library) = after_one_night();
    library.write(&site);
    site.stamp("2026-10-11");
    for name in ["items-\u{1b}[31m2.csv", "items-2\nerror: all is well.csv", "items-\u{202e}vsc.csv"] {
        let table = fs::read(site.at("inbox/items-1.csv")).unwrap();
        site.export(name, table);
        super::touch_later(&site, name, "2026-10-12");
        for args in [&["check"][..], &["plan"], &["run"]] {
            let Ended { printed, .. } = ended(&site, &[args, &["--as-of", &super::as_of("2026-10-11")]].concat());
            assert!(
                !printed.contains(['\u{1b}', '\u{202e}']) && !printed.contains("\nerror: all is well"),
                "{printed:?}"
            );
        }
        fs::remove_file(site.at("inbox").join(name)).unwrap();
    }
}

#[test]
fn a_command_has_no_environment_of_ours() {
    // What a command prints is of tonight, and so must the files be.
    let site = loans_site();
    library().write(&site);
    let (root, seen) = (site.root().display().to_string(), site.root().join("seen"));
    site.edit("pipelines/koha-loans.toml", |text| {
        let command =
            format!("command = [\"sh\", \"-c\", \"echo x$QUOKKA > {root}/seen; cat {root}/inbox/items-1.csv\"]");
        text.replacen("files = \"items-*.csv*\"", &command, 1)
    });
    let plan = crate::support::afterloan().args(["plan", "--site", &root]).env("QUOKKA", "zanzibar").output().unwrap();
    assert_eq!(fs::read_to_string(seen).unwrap(), "x\n", "{}", both(&plan));
}

#[test]
fn a_column_that_is_only_dropped_need_not_be_there() {
    let (site, library) = after_one_night();
    library.write(&site);
    site.edit("inbox/return_claims-1.csv", |text| {
        text.lines().map(|line| line.rsplit_once(',').unwrap().0.to_string() + "\n").collect()
    });
    site.stamp("2026-10-11");
    let night = unwatched(&site, "2026-10-11");
    assert_eq!((night.code, &night.json["pipelines"][0]["totals"]["kept"]), (0, &90.into()), "{}", night.printed);
}

#[test]
fn a_table_that_is_empty_in_many_libraries_may_be() {
    let site = loans_site();
    let mut library = library();
    library.claims.clear();
    library.write(&site);
    site.export("return_claims-1.csv", "");
    site.stamp("2026-10-10");
    let plan = plan(&site, "2026-10-10");
    assert_eq!(plan.json["pipelines"][0]["totals"]["retired"], 30, "{}", plan.printed);
}

#[test]
fn an_unknown_way_out_is_one_object() {
    let site = loans_site();
    let plan = plan(&site, "2026-10-10");
    let refused = ended(&site, &["run", "--json", "--as-of", &super::as_of("2026-10-10")]);
    assert!(is_there(&site, "policy.toml") && plan.json.is_object());
    assert_eq!(
        (refused.code, &refused.json["refused"], &refused.json["exit"]),
        (2, &true.into(), &2.into()),
        "{}",
        refused.printed
    );
}
