//! `init --from` of bills: a pipeline of them, from the patron's side. A bill is over where nothing is owed any more, and where
//! that isn't plain, none is.

use std::fs;
use std::path::{Path, PathBuf};

use super::proposed;
use crate::support::afterloan;

const HEADER: &str = "bill_id,patron_id,item_id,billed_date,amount,balance,bill_type,last_update,note,branch";

fn bills(folder: &Path, header: &str, row: impl Fn(u32) -> String) -> PathBuf {
    let path = folder.join("bills-2026-10-31.csv");
    let rows: String = (1..=40).map(|number| row(number) + "\n").collect();
    fs::write(&path, format!("{header}\n{rows}")).unwrap();
    path
}

fn row(number: u32, balance: &str) -> String {
    let (patron, item, branch) = (number % 9 + 100, number + 7_000, ["MAIN", "EAST"][number as usize % 2]);
    format!(
        "{number},{patron},{item},2026-02-{:02},2.50,{balance},OVERDUE,2026-03-{:02},told Quorbleth,{branch}",
        number % 28 + 1,
        number % 30 + 1
    )
}

fn rules(text: &str) -> toml::Table {
    text.parse().unwrap()
}

#[test]
fn a_bill_is_over_where_nothing_is_owed() {
    let folder = tempfile::tempdir().unwrap();
    let file = bills(folder.path(), HEADER, |number| row(number, ["0.00", "1.25"][number as usize % 2]));
    let (text, _) = proposed(&[file], &[], folder.path()).unwrap();
    let pipeline = rules(&text);
    assert_eq!(pipeline["kind"].as_str(), Some("bill"), "{text}");
    assert!(!pipeline.contains_key("side") && !pipeline.contains_key("publish") && !pipeline.contains_key("needs"));
    let states = pipeline["state"].as_array().unwrap();
    assert_eq!(states[0].to_string(), "{ is = \"closed\", when = { balance = \"zero\" } }", "{text}");
    assert_eq!(states[1].to_string(), "{ is = \"open\" }");
    let columns = &pipeline["columns"];
    assert_eq!((columns["opened"].as_str(), columns["closed"].as_str()), (Some("billed_date"), Some("last_update")));
    assert_eq!((columns["patron"].as_str(), columns["item"].as_str()), (Some("patron_id"), Some("item_id")));
    for line in [
        "# from = \"bill_type\"",
        "# treatment = { band = [0, 1, 5, 10, 25, 100] }",
        "name = \"it was paid long ago: due\"",
    ] {
        assert!(text.lines().any(|one| one == line), "{line}: {text}");
    }
}

/// What was lent has a due date, and so may its bill; what each loan owes in all is no bill.
#[test]
fn a_bill_has_an_amount_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let file = bills(folder.path(), &format!("{HEADER},due_date"), |number| row(number, "1.25") + ",2026-01-05");
    let (text, _) = proposed(&[file], &[], folder.path()).unwrap();
    assert!(text.contains("kind = \"bill\""), "{text}");
    let folder = tempfile::tempdir().unwrap();
    let sums = |number| format!("{number},{},2026-02-{:02},0.00,0.00", number % 9 + 100, number % 28 + 1);
    let file = bills(folder.path(), "id,patron_id,begun,total_paid,balance_owed", sums);
    let refused = proposed(&[file], &[], folder.path()).unwrap_err();
    assert!(refused.contains("none of the files looks like one of transactions"), "{refused}");
}

/// What is still owed isn't in each row, isn't a number in each, isn't said at all, or isn't all that has a say.
#[test]
fn where_that_is_not_plain_every_bill_stays_open() {
    let cases: [(&str, &dyn Fn(u32) -> String); 7] = [
        (&format!("{HEADER},disputed"), &|number| row(number, "0.00") + [",0", ",1"][number as usize % 2]),
        (&format!("{HEADER},suspended"), &|number| row(number, "0.00") + ",0"),
        (&format!("{HEADER},quux"), &|number| row(number, "0.00") + [",yes", ",no", ","][number as usize % 3]),
        (HEADER, &|number| row(number, ["0.00", ""][number as usize % 2])),
        (HEADER, &|number| row(number, if number == 7 { "?" } else { "0.00" })),
        (&HEADER.replace("balance", "quux"), &|number| row(number, "0.00")),
        (&HEADER.replace("bill_type", "bill_status"), &|number| row(number, "0.00")),
    ];
    for (header, row) in cases {
        let folder = tempfile::tempdir().unwrap();
        let file = bills(folder.path(), header, row);
        let (text, _) = proposed(&[file], &[], folder.path()).unwrap();
        let pipeline = rules(&text);
        assert_eq!(pipeline["kind"].as_str(), Some("bill"), "{text}");
        assert_eq!(pipeline["state"].as_array().unwrap().len(), 1, "{text}");
        assert_eq!(pipeline["state"][0].to_string(), "{ is = \"open\" }");
    }
}

/// Beside loans they are joined, and asked for by their kind.
#[test]
fn bills_beside_loans_are_asked_for_by_their_kind() {
    let folder = tempfile::tempdir().unwrap();
    let file = bills(folder.path(), HEADER, |number| row(number, "0.00"));
    let loans = folder.path().join("loans-2026-10-31.csv");
    let lent: String =
        (1..=60).map(|n| format!("{},{},{},2026-01-{:02},\n", n + 300, n % 9 + 100, n + 7_000, n % 28 + 1)).collect();
    fs::write(&loans, format!("loan_id,patron_id,item_id,checkout_date,return_date\n{lent}")).unwrap();
    let of = |kind: Option<&str>, site: &str| {
        let mut command = afterloan();
        command.arg("init").arg(folder.path().join(site)).arg("--from").arg(&file).arg("--from").arg(&loans);
        kind.iter().for_each(|kind| {
            command.args(["--kind", kind]);
        });
        let shown = String::from_utf8_lossy(&command.output().unwrap().stdout).into_owned();
        (shown.split_whitespace().collect::<Vec<_>>().join(" "), folder.path().join(site).join("pipelines"))
    };
    let (shown, pipelines) = of(None, "loans");
    assert!(pipelines.join("loans.toml").exists(), "{shown}");
    assert!(
        shown.contains("bills-2026-10-31.csv looks like transactions of its own") && shown.contains("--kind bill"),
        "{shown}"
    );
    let (shown, pipelines) = of(Some("bill"), "bills");
    assert!(pipelines.join("bills.toml").exists(), "{shown}");
}

/// Once the rule is taken out of its comment and completed, the proposal's own tests still hold.
#[test]
fn the_tests_hold_before_the_rule_is_complete_and_after() {
    let folder = tempfile::tempdir().unwrap();
    let header = HEADER.replace("bill_type", "bill_status");
    let file = bills(folder.path(), &header, |number| row(number, ["0.00", "1.25"][number as usize % 2]));
    let (text, site) = proposed(&[file], &[], folder.path()).unwrap();
    let waits = "# [[state]]\n# is = \"closed\"\n# when = { balance = \"zero\", bill_status = [\"…\"] }\n";
    assert!(text.contains(waits), "{text}");
    // Also where a bill that says nothing may be over.
    let rule = waits.replace("# ", "").replace("\"…\"", "\"PAID\", \"\"");
    let whole = text.replace(waits, &rule);
    let whole: String = whole
        .lines()
        .filter(|line| !["    \"bill_status\"", "    \"balance\""].iter().any(|name| line.starts_with(name)))
        .map(|line| line.to_string() + "\n")
        .collect();
    let checked = |text: &str| {
        fs::write(site.join("pipelines/bills.toml"), text).unwrap();
        let output = afterloan().args(["check", "--site"]).arg(&site).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    };
    for text in [&text, &whole] {
        let told = checked(text);
        assert!(!told.contains("expected") && told.contains("inbox"), "{told}");
    }
    assert!(checked(&whole.replace("\"5.00\"", "\"0.00\"")).contains("expected"), "{whole}");
}
