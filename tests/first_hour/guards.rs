//! Bills that are joined: of each it must be known that nothing is owed, since when, and that its status is a last one. A
//! rule that loses one of these fails the proposal's own tests.

use std::fs;
use std::path::{Path, PathBuf};

use super::proposed;
use crate::support::afterloan;

fn loans(folder: &Path) -> PathBuf {
    let path = folder.join("loans.csv");
    let row = |row: u32| {
        format!("{row},{},{},2026-08-{:02},2026-09-{:02}\n", row % 9 + 100, row + 700, row % 28 + 1, row % 28 + 1)
    };
    fs::write(&path, format!("loan_id,patron_id,item_id,checkout_date,return_date\n{}", rows(row))).unwrap();
    path
}

fn fines(folder: &Path, header: &str, row: &dyn Fn(u32) -> String) -> PathBuf {
    let path = folder.join("fines.csv");
    fs::write(&path, format!("{header}\n{}", rows(|number| row(number) + "\n"))).unwrap();
    path
}

fn rows(row: impl Fn(u32) -> String) -> String {
    (1..=40).map(row).collect()
}

fn checked(site: &Path) -> String {
    let output = afterloan().args(["check", "--site"]).arg(site).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

const HEADER: &str = "fine_id,loan_id,amount,balance,last_update";

fn fine(row: u32) -> String {
    format!("{},{row},2.50,0.00,2026-09-{:02}", row + 5_000, row % 28 + 1)
}

/// A header, its rows, the guards that a rule asks, and how many of them wait for a person.
type Case<'a> = (&'a str, &'a dyn Fn(u32) -> String, &'a [&'a str], usize);

#[test]
fn a_rule_for_what_is_over_asks_when_a_bill_was_paid_and_what_it_says_of_itself() {
    let statuses = ["open", "paid", ""];
    let flags = ["Y", "N"];
    let cases: [Case<'_>; 6] = [
        (HEADER, &fine, &["undated"], 0),
        (
            "fine_id,loan_id,amount,balance,status,last_update",
            &|row| fine(row).replace("0.00,", &format!("0.00,{},", statuses[row as usize % 3])),
            &["undated", "unsaid"],
            1,
        ),
        (
            "fine_id,loan_id,amount,balance,paid_in_full,txn_code,last_update",
            &|row| fine(row).replace("0.00,", &format!("0.00,{},{},", flags[row as usize % 2], row % 4)),
            &["undated", "unsaid", "unsaid_2"],
            2,
        ),
        // Empty in the whole sample: it says nothing, until it does.
        (
            "fine_id,loan_id,amount,balance,status,last_update",
            &|row| fine(row).replace("0.00,", "0.00,,"),
            &["undated", "unsaid"],
            0,
        ),
        // Whoever has one stays undetermined: no column says when it was paid.
        ("fine_id,loan_id,amount,balance", &|row| format!("{},{row},2.50,0.00", row + 5_000), &["undated"], 1),
        // Sums and days are no statuses.
        (
            "fine_id,loan_id,amount,balance,amount_paid,closed_date,last_update",
            &|row| fine(row).replace("0.00,", "0.00,2.50,2026-09-01,"),
            &["undated"],
            0,
        ),
    ];
    for (header, row, guards, asked) in cases {
        let folder = tempfile::tempdir().unwrap();
        let files = [loans(folder.path()), fines(folder.path(), header, row)];
        let (text, site) = proposed(&files, &[], folder.path()).unwrap();
        let pipeline: toml::Table = text.parse().unwrap();
        let closed = pipeline["state"].as_array().unwrap().iter().find(|state| state["is"].as_str() == Some("closed"));
        let when = closed.unwrap()["when"].as_table().unwrap();
        let found: Vec<&str> = when.keys().filter_map(|name| name.strip_prefix("fines.")).collect();
        assert_eq!(found, guards, "{header}: {text}");
        let questions =
            text.matches("{ not = [] }").count() + usize::from(text.contains("undated = { any = { loan_id"));
        assert_eq!(questions, asked, "{header}: {text}");
        // As it is it can be read, and whichever guard is lost, a test of its own notices it: of the last, alone.
        let path = site.join("pipelines/loans.toml");
        assert!(!checked(&site).contains("a bill"), "{header}: {}", checked(&site));
        let lost =
            guards.iter().fold(text.clone(), |text, guard| text.replace(&format!(", \"fines.{guard}\" = false"), ""));
        assert_ne!(lost, text);
        fs::write(path, lost).unwrap();
        assert!(checked(&site).contains("a bill on which nothing is owed, and nobody knows since when"), "{header}");
    }
}

/// A second file can't say since when: `settled` asks one.
#[test]
fn what_has_a_bill_in_a_further_file_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let first = fines(folder.path(), HEADER, &fine);
    let more = folder.path().join("fees.csv");
    fs::write(&more, fs::read_to_string(&first).unwrap().replace("fine_id", "fee_id")).unwrap();
    let (text, _) = proposed(&[loans(folder.path()), first, more], &[], folder.path()).unwrap();
    let pipeline: toml::Table = text.parse().unwrap();
    let states = pipeline["state"].as_array().unwrap();
    let further = states.iter().find(|state| state["is"].as_str() == Some("disputed")).unwrap();
    assert!(further["when"].to_string().contains(".there\" = true"), "{text}");
}

/// What is owed there would go unheard: whatever the file is called, and whether it names people besides.
#[test]
fn debts_that_join_nothing_let_nothing_be_over() {
    let cases = [
        ("fines.csv", "fine_id,circulation_record,raised_on,amount,balance", ""),
        ("fines.csv", "fine_id,circulation_record,raised_on,amount,balance,email", ",ann@example.org"),
        ("odd\nname.csv", "fine_id,circulation_record,raised_on,amount,outstanding", ""),
        ("bills.csv", "number,about,raised_on,sum", ""),
    ];
    for (name, header, more) in cases {
        let folder = tempfile::tempdir().unwrap();
        let loans = loans(folder.path());
        let debts = folder.path().join(name);
        let row = |row: u32| format!("{},{},2026-09-{:02},2.50,2.50{more}\n", row + 7_000, row + 9_000, row % 28 + 1);
        fs::write(&debts, format!("{header}\n{}", rows(row))).unwrap();
        let (text, _) = proposed(&[loans, debts], &[], folder.path()).unwrap();
        let pipeline: toml::Table = text.parse().unwrap();
        let is_closed = |state: &toml::Value| state["is"].as_str() == Some("closed");
        assert!(!pipeline["state"].as_array().unwrap().iter().any(is_closed), "{header}: {text}");
        assert!(text.contains("# is = \"closed\""), "{header}: {text}");
        assert!(text.contains("seems to say is owed"), "{header}: {text}");
    }
}

/// Below the rule for what is out, one for what is lost would never be reached.
#[test]
fn rules_for_what_is_lost_are_asked_for_where_they_are_reached() {
    let folder = tempfile::tempdir().unwrap();
    let path = loans(folder.path());
    let with_status = |(number, line): (usize, &str)| match number {
        0 => format!("{line},status\n"),
        _ if number % 5 == 0 => format!("{},LOST\n", line.rsplit_once(',').unwrap().0.to_string() + ","),
        _ => format!("{line},BACK\n"),
    };
    let text: String = fs::read_to_string(&path).unwrap().lines().enumerate().map(with_status).collect();
    fs::write(&path, text).unwrap();
    let (text, _) = proposed(&[path], &[], folder.path()).unwrap();
    let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
    assert!(place("# What is lost must be `lost`") < place("[[state]]\nis = \"open\""), "{text}");
    assert!(place("[[state]]\nis = \"open\"") < place("# [[state]]\n# is = \"closed\""), "{text}");
}

/// One record that is cut: of a joined file, a night would stop on it.
#[test]
fn a_joined_file_that_is_not_whole_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let fines = fines(folder.path(), HEADER, &fine);
    let text = fs::read_to_string(&fines).unwrap() + "9000,1,2.50\n";
    fs::write(&fines, text).unwrap();
    let (site, loans) = (folder.path().join("site"), loans(folder.path()));
    let output = afterloan().arg("init").arg(&site).arg("--from").arg(loans).arg("--from").arg(fines).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("1 record can't be read as the others are, on line 42. A joined file must be whole"),
        "{told}"
    );
}

/// What is unpaid would read as paid: absence proves nothing.
#[test]
fn loans_without_any_bills_let_nothing_be_over() {
    let folder = tempfile::tempdir().unwrap();
    let loans = loans(folder.path());
    let (text, _) = proposed(&[loans], &[], folder.path()).unwrap();
    let pipeline: toml::Table = text.parse().unwrap();
    let is_closed = |state: &toml::Value| state["is"].as_str() == Some("closed");
    assert!(!pipeline["state"].as_array().unwrap().iter().any(is_closed), "{text}");
    assert!(text.contains("# is = \"closed\"") && text.contains("# No file says what is owed"), "{text}");
}
