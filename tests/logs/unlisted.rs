//! Lines of a history log of which the pipeline doesn't say what they are.

use std::fs;

use crate::support::inbox::{both, write_at};
use crate::support::library::only;
use crate::support::{AS_OF, TestSite, files};

use super::site::stand;

/// Twelve charges, and what comes behind them.
fn history(more: &str) -> String {
    let line = |number: usize| {
        format!("E202608031012{number:02}0634R ^S{number:02}CVFFCIRC^FEMAIN^UO2999900000{number:04}^NQ3123^^O00113\n")
    };
    (1..=12).map(line).collect::<String>() + more
}

fn site(more: &str) -> TestSite {
    let site = TestSite::init("koha");
    for other in files(&site.at("pipelines")) {
        fs::remove_file(site.at("pipelines").join(other)).unwrap();
    }
    let pipeline = include_str!("../../pipelines/symphony-history.toml");
    fs::write(site.at("pipelines/symphony-history.toml"), pipeline).unwrap();
    write_at(&site, "symphony-history-2026-08.hist", history(more), "2026-09-01T00:00:00-04:00");
    site
}

#[test]
fn a_command_that_is_not_listed_lets_its_file_wait_and_is_named() {
    let named = "E202608040910000634R ^S11IYFWSELF^FEMAIN^UO29999000000001^OAY^^O\n";
    // It names nobody, and goes with its file.
    let nobody = "E202608040911000634R ^S12I2FWSELF^FEMAIN^zq29999000000001^^O\n";
    let cases = [
        (named.to_string(), vec!["IY (1 line, from line 13 on)"]),
        (named.repeat(3), vec!["IY (3 lines, from line 13 on)"]),
        (format!("{nobody}{named}{nobody}"), vec!["IY (1 line, from line 14 on)"]),
    ];
    for (more, words) in cases {
        let site = site(&more);
        let plan = site.plan(AS_OF).unwrap();
        assert_eq!(stand(&plan), [0, 1, 0], "{more}");
        let told: Vec<&str> = plan.attention.iter().map(|one| one.what.as_str()).collect();
        let told = told.into_iter().find(|what| what.contains("doesn't list")).unwrap();
        assert!(told.starts_with("symphony-history-2026-08.hist: it waits"), "{told}");
        words.iter().for_each(|word| assert!(told.contains(word), "{word}: {told}"));
        let printed = both(&site.cli(&["plan", "--as-of", AS_OF]));
        let words = printed.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("the pipeline doesn't say what they are") && !printed.contains("29999"), "{printed}");
        let outcome = site.accept_and_run(AS_OF);
        assert_eq!((only(&outcome).totals.retired, stand(&outcome)), (0, [0, 1, 0]));
        assert!(site.at("inbox/symphony-history-2026-08.hist").exists());
    }
    assert_eq!(stand(&site("").plan(AS_OF).unwrap()), [1, 0, 0]);
    assert_eq!(stand(&site(nobody).plan(AS_OF).unwrap()), [1, 0, 0]);
}
