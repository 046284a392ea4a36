//! What `init --from` and `check` say and write, held against what stood in the cells; and files that aren't what they
//! seem to be.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::support::{afterloan, snapshot};

/// Words that occur nowhere but in cells.
const CANARIES: [&str; 14] = [
    "Quokkazan",
    "Vrajbeluga",
    "jyxnarwhal",
    "pluqwombat",
    "21234555666777",
    "29999444333222",
    "999-556-7788",
    "Tchuwlane",
    "xiqstatus",
    "zujbranch",
    "wejtitle",
    "1961-07-13",
    "kiqnote",
    "muvschool",
];

const NAMES: [&str; 14] = [
    "loan_id",
    "patron_id",
    "surname",
    "firstname",
    "login",
    "email",
    "card",
    "barcode",
    "phone",
    "address",
    "status",
    "branch",
    "dateofbirth",
    "note",
];

/// Loans with canaries in every cell that isn't a number or a time of the loan.
fn rows() -> Vec<Vec<String>> {
    let row = |number: usize| {
        let last = if number == 3 { "kiqnote muvschool calls Vrajbeluga at 999-556-7788 about wejtitle" } else { "" };
        [
            &format!("{}", 1000 + number),
            &format!("{}", 50 + number % 3),
            "Vrajbeluga",
            "Quokkazan",
            "jyxnarwhal",
            "pluqwombat@example.net",
            "21234555666777",
            "29999444333222",
            "999-556-7788",
            "12 Tchuwlane",
            "xiqstatus",
            "zujbranch",
            "1961-07-13",
            last,
        ]
        .map(String::from)
        .to_vec()
    };
    (0..40).map(row).collect()
}

fn with_times(names: bool) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = Vec::new();
    if names {
        all.push([&NAMES[..], &["loandate", "returndate"]].concat().into_iter().map(String::from).collect());
    }
    for (number, mut row) in rows().into_iter().enumerate() {
        row.push(format!("2026-{:02}-{:02} 10:11:12", number % 9 + 1, number % 27 + 1));
        row.push(if number % 4 == 0 { String::new() } else { format!("2026-{:02}-28 10:11:12", number % 9 + 1) });
        all.push(row);
    }
    all
}

fn joined(rows: &[Vec<String>], delimiter: &str, null: &str) -> Vec<u8> {
    let cell = |cell: &String| if cell.is_empty() { null.to_string() } else { cell.clone() };
    let lines = rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(delimiter) + "\n");
    lines.collect::<String>().into_bytes()
}

fn json(rows: &[Vec<String>]) -> String {
    let object = |row: &Vec<String>| {
        let names = NAMES.iter().copied().chain(["loandate", "returndate"]);
        let members: Vec<String> = names.zip(row).map(|(name, cell)| format!("\"{name}\":\"{cell}\"")).collect();
        // Members whose names are data.
        format!("{{{},\"by_card\":{{\"21234555666777\":1,\"Vrajbeluga, Quokkazan\":2}}}}", members.join(","))
    };
    rows.iter().map(object).collect::<Vec<_>>().join("\n") + "\n"
}

fn init(file: &Path, site: &Path) -> Output {
    afterloan().arg("init").arg(site).arg("--from").arg(file).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn search(text: &str, what: &str) {
    // The folder of the test is random letters.
    for canary in CANARIES {
        for part in canary.split('-').filter(|part| part.len() >= 4).chain([canary]) {
            assert!(!tells(text, part) || part == "1961" && !text.contains("1961"), "{what} tells {part}:\n{text}");
        }
    }
}

/// Four digits stand in one of a hundred digests and keys by chance: those count as a word of their own alone.
fn tells(text: &str, part: &str) -> bool {
    let is_short_number = part.len() < 8 && part.bytes().all(|byte| byte.is_ascii_digit());
    let of_a_word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    text.match_indices(part).any(|(at, _)| {
        let (before, after) = (&text.as_bytes()[..at], &text.as_bytes()[at + part.len()..]);
        !is_short_number || !of_a_word(before.last()) && !of_a_word(after.first())
    })
}

#[test]
fn no_cell_is_shown_or_written_whatever_the_file() {
    let utf16 = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let named = with_times(true);
    let nameless = with_times(false);
    let comment = {
        let mut text = b"# spooled\n# ".to_vec();
        text.extend(joined(&named, "\t", ""));
        text
    };
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("loans.csv", joined(&named, ",", "")),
        ("nameless-loans.csv", joined(&nameless, ",", "")),
        ("loans.psv", joined(&nameless, "|", "NEVER")),
        ("loans.tsv", joined(&named, "\t", "\\N")),
        ("loans-2026-10-31.txt", comment),
        ("wide-loans.csv", utf16(joined(&named, ",", "NULL"))),
        ("loans.jsonl", json(&nameless).into_bytes()),
        (
            "loans.json",
            format!("{{\"loans\":[{}],\"total\":40}}\n", json(&nameless).trim_end().replace('\n', ",")).into_bytes(),
        ),
        ("latin-loans.csv", [joined(&named, ",", ""), b"1,2,caf\xE9\n".repeat(9)].concat()),
        // A row of somebody's words, and no number below.
        ("words.csv", b"Vrajbeluga,Quokkazan,Tchuwlane\nVrajbeluga,Quokkazan,zujbranch\n".to_vec()),
        ("cut.csv", joined(&named, ",", "").into_iter().rev().skip(8).rev().collect()),
    ];
    for (name, bytes) in files {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        let site = folder.path().join("site");
        let output = init(&file, &site);
        let path = folder.path().to_str().unwrap();
        let mut text = said(&output).replace(path, "");
        assert!(output.status.code().is_some(), "{name}");
        if output.status.code() == Some(1) {
            fs::copy(&file, site.join("inbox").join(name)).unwrap();
            for args in [&["check"][..], &["check", "--json"]] {
                text += &said(&afterloan().args(args).arg("--site").arg(&site).output().unwrap()).replace(path, "");
            }
            for (path, bytes) in snapshot(&site) {
                if !path.starts_with("inbox") && !path.starts_with("state/keys") {
                    text += &format!("{}\n{}", path.display(), String::from_utf8_lossy(&bytes));
                }
            }
        }
        search(&text, name);
    }
}

/// What is no export, or not one that can be told: refused in words, and no site is made.
#[test]
fn what_cannot_be_an_export_is_refused() {
    let many = (0..10_000).map(|n| format!("c{n}")).collect::<Vec<_>>().join(",") + "\n";
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty.csv", Vec::new(), "empty"),
        ("many.csv", format!("{many}{}", many.replace('c', "1")).into_bytes(), "columns"),
        ("twice.csv", b"loan_id,patron,patron,date\n1,2,3,2026-01-02\n".to_vec(), ""),
        ("control.csv", b"loan_id,pat\x1b[31mron,date\n1,2,2026-01-02\n2,3,2026-01-03\n".to_vec(), ""),
        ("noise.bin", (0..5_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect(), ""),
        ("text.txt", b"Dear Vrajbeluga,\nyour book is overdue.\n".to_vec(), ""),
        ("cut.csv", b"loan_id,patron,date\n1,2,2026-01-02\n2,3".to_vec(), "cut"),
    ];
    for (name, bytes, says) in cases {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        let site = folder.path().join("site");
        let output = init(&file, &site);
        let text = said(&output);
        assert!(text.contains(says), "{name}: {text}");
        assert!(!text.contains("panicked") && !text.contains('\u{1b}'), "{name}: {text}");
        search(&text.replace(folder.path().to_str().unwrap(), ""), name);
        assert!(output.status.code() == Some(2), "{name}: {text}");
        assert!(!site.exists(), "{name}");
    }
}

#[test]
fn options_that_exclude_each_other_or_are_mistyped_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("loans.csv");
    fs::write(&file, joined(&with_times(true), ",", "")).unwrap();
    let run = |args: &[&str]| {
        let mut command = afterloan();
        said(&command.arg("init").arg(folder.path().join("site")).arg("--from").arg(&file).args(args).output().unwrap())
    };
    assert!(run(&["--ils", "koha"]).contains("cannot be used with"));
    assert!(run(&["--kind", "laon"]).contains("loan"));
    assert!(run(&["--header", "laons.csv=a,b"]).contains("did you mean `loans.csv`"));
    assert!(run(&["--header", "loans.csv"]).contains("write the file's name"));
    let missing: PathBuf = folder.path().join("nothing.csv");
    let output = afterloan().arg("init").arg(folder.path().join("site")).arg("--from").arg(missing).output().unwrap();
    assert!(said(&output).contains("nothing.csv"));
}

/// The table of columns, and the pipeline, of one system.
#[test]
fn what_is_shown_and_what_is_written() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/systems/computer-sessions");
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    let output = init(&fixture.join("pc-sessions-2026-10-31.csv"), &site);
    let shown = said(&output).replace(site.to_str().unwrap(), "SITE");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    insta::assert_snapshot!("shown", shown);
    insta::assert_snapshot!("written", fs::read_to_string(site.join("pipelines/sessions.toml")).unwrap());
}
