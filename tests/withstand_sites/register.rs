//! A hold register that isn't whole stops everything, and never shows what it says.

use std::fs;

use crate::support::inbox::{CANARY, assert_unseen};
use crate::withstand_sites::{assert_refuses, planned};

/// A register with a hold in force of each of these scopes.
pub fn of(scopes: &[&str]) -> String {
    let holds = scopes.iter().enumerate().map(|(number, scope)| {
        format!(
            r#"{{"matter":"{CANARY} {number}","placed":"2026-03-01T09:00:00-05:00","placed_by":"{CANARY}",
               "trigger":"{CANARY}","released":null,"released_by":null,"scope":{scope}}}"#
        )
    });
    format!(r#"{{"format":1,"count":{},"holds":[{}]}}"#, scopes.len(), holds.collect::<Vec<_>>().join(","))
}

#[test]
fn a_register_that_is_not_whole_stops_everything() {
    let whole = of(&[r#"{"patron_ids":["7003"]}"#, r#"{"patron_ids":["7004"]}"#]);
    let only = |scope: &str| of(&[scope]);
    let cases: Vec<(&str, Option<String>)> = vec![
        ("missing", None),
        ("empty", Some(String::new())),
        ("cut", Some(whole[..whole.len() / 2].into())),
        ("without its last byte", Some(whole[..whole.len() - 1].into())),
        ("a hold taken out", Some(of(&[r#"{"patron_ids":["7003"]}"#]).replace(r#""count":1"#, r#""count":2"#))),
        ("all taken out", Some(r#"{"format":1,"count":1,"holds":[]}"#.into())),
        ("no count", Some(r#"{"format":1,"holds":[]}"#.into())),
        ("another format", Some(whole.replace(r#""format":1"#, r#""format":3"#))),
        ("by hand, as if it were not", Some(whole.replace(r#""format":1"#, r#""format":2"#))),
        ("not JSON", Some(format!("matter: {CANARY}"))),
        ("a list", Some(format!("[\"{CANARY}\"]"))),
        ("a word for a hold", Some(format!(r#"{{"format":1,"count":1,"holds":["{CANARY}"]}}"#))),
        ("a word for the count", Some(format!(r#"{{"format":1,"count":"{CANARY}","holds":[]}}"#))),
        ("an unknown field", Some(only(&format!(r#"{{"{CANARY}":["7003"]}}"#)))),
        ("an unknown kind", Some(only(&format!(r#"{{"kinds":["{CANARY}"]}}"#)))),
        ("a date that isn't one", Some(only(&format!(r#"{{"opened_from":"{CANARY}"}}"#)))),
        ("no scope", Some(only("{}"))),
        ("an empty list", Some(only(r#"{"patron_ids":[]}"#))),
        ("an empty value", Some(only(r#"{"patron_ids":["7003",""]}"#))),
        ("null", Some(only(r#"{"patron_ids":null}"#))),
        ("everything, but", Some(only(r#"{"everything":true,"patron_ids":["7003"]}"#))),
        ("everything not", Some(only(r#"{"everything":false}"#))),
        ("dates backward", Some(only(r#"{"opened_from":"2026-02-01","opened_to":"2026-01-01"}"#))),
        ("one matter twice", Some(whole.replace(&format!("{CANARY} 1"), &format!("{CANARY} 0")))),
        ("half released", Some(whole.replacen(r#""released":null"#, r#""released":"2026-04-01T00:00:00Z""#, 1))),
        (
            "released before it was placed",
            Some(whole.replacen(
                r#""released":null,"released_by":null"#,
                r#""released":"2025-04-01T00:00:00Z","released_by":"x""#,
                1,
            )),
        ),
        ("placed at no time", Some(whole.replace("2026-03-01T09:00:00-05:00", CANARY))),
    ];
    let site = planned(2);
    for (what, text) in cases {
        match text {
            None => fs::remove_file(site.at("state/holds.json")).unwrap(),
            Some(text) => {
                use std::os::unix::fs::PermissionsExt;
                fs::write(site.at("state/holds.json"), text).unwrap();
                fs::set_permissions(site.at("state/holds.json"), fs::Permissions::from_mode(0o600)).unwrap();
            }
        }
        let printed = assert_refuses(&site, what, &["plan", "run"], &["hold", "holds.json"]);
        assert!(printed.to_lowercase().contains("retire"), "{what}: {printed}");
        assert_unseen(&site, &printed, &[CANARY, "7003"]);
    }
}
