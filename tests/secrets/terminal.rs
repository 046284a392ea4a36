//! What the commands say, on good exports and on broken ones.

use std::fs;

use super::needles::Needles;
use super::sites::koha_needles;
use crate::support::{AS_OF, TestSite};

/// Runs every command, in words and as JSON, and searches what it says.
fn say_everything(site: &TestSite, needles: &Needles, when: &str) -> String {
    let mut all = String::new();
    let plan = site.cli(&["plan", "--json", "--as-of", AS_OF]);
    let digest = serde_json::from_slice::<serde_json::Value>(&plan.stdout)
        .map_or_else(|_| "0".repeat(64), |plan| plan["digest"].as_str().unwrap_or_default().to_string());
    for json in [&[][..], &["--json"]] {
        for command in [
            &["check"][..],
            &["plan", "--as-of", AS_OF],
            &["run", "--as-of", AS_OF],
            &["run", "--as-of", AS_OF, "--accept", &digest],
            &["explain", "1", "--as-of", AS_OF],
            &["verify"],
        ] {
            let output = site.cli(&[command, json].concat());
            for (stream, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                // Paths of the temporary folder are random letters.
                let text = text.replace(site.root().to_str().unwrap(), "SITE");
                if let Some(needle) = needles.find(text.as_bytes()) {
                    panic!("{when}: {command:?} says {needle} on {stream}:\n{text}");
                }
                for word in text.split(|c: char| !(c.is_alphanumeric() || c == '-')) {
                    let telling = word.len() > 3 && word.parse::<u64>().is_err();
                    assert!(
                        !telling || !needles.is_alone(word),
                        "{when}: {command:?} says {word} on {stream}:\n{text}"
                    );
                }
                all += &text;
            }
        }
    }
    all
}

fn small() -> (TestSite, Needles) {
    let site = TestSite::small_koha();
    site.stamp("2026-11-01");
    let needles = koha_needles(&site, "2026-11-01");
    (site, needles)
}

#[test]
fn good_exports() {
    let (site, needles) = small();
    let said = say_everything(&site, &needles, "good exports");
    assert!(said.contains("already retired") && said.contains("The evidence holds"));
}

#[test]
fn exports_without_their_header() {
    for part in ["borrowers", "old_issues", "items", "accountlines"] {
        let (site, needles) = small();
        let name = format!("{part}-2026-11-01.csv");
        let bytes = fs::read(site.at("inbox").join(&name)).unwrap();
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        site.export(&name, &bytes[end..]);
        site.stamp("2026-11-01");
        let said = say_everything(&site, &needles, &name);
        assert!(said.contains(&format!("{name}:1:")), "{said}");
    }
}

#[test]
fn exports_whose_rows_are_broken() {
    type Break = fn(&str) -> String;
    let breaks: [(&str, Break); 5] = [
        ("a quote that is never closed", |text| text.replacen("\n", "\n\"", 2)),
        ("a cell too many in each row", |text| text.replace('\n', ",x\n").replacen(",x\n", "\n", 1)),
        ("every row twice", |text| text.to_string() + text.split_once('\n').unwrap().1),
        ("cut in the middle", |text| text[..text.len() / 2 + 3].to_string()),
        ("another delimiter", |text| text.replace(',', ";")),
    ];
    for (when, change) in breaks {
        for part in ["borrowers", "old_issues"] {
            let (site, needles) = small();
            let name = format!("{part}-2026-11-01.csv");
            let bytes = fs::read(site.at("inbox").join(&name)).unwrap();
            site.export(&name, change(&String::from_utf8_lossy(&bytes)));
            site.stamp("2026-11-01");
            say_everything(&site, &needles, &format!("{when} in {part}"));
        }
    }
}

#[test]
fn an_identifier_in_a_published_column_stops_the_run_without_being_quoted() {
    let (site, needles) = small();
    let patrons = fs::read_to_string(site.at("inbox/borrowers-2026-11-01.csv")).unwrap();
    let card = patrons.lines().nth(5).unwrap().split(',').nth(1).unwrap();
    let items = fs::read_to_string(site.at("inbox/items-2026-11-01.csv")).unwrap();
    site.export("items-2026-11-01.csv", items.replace("FIC", card));
    site.stamp("2026-11-01");
    let said = say_everything(&site, &needles, "a card in a collection code");
    assert!(said.contains("hold patrons' identifiers"), "{said}");
    assert!(crate::support::files(&site.at("public")).is_empty());
}
