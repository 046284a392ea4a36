//! Identifiers in published columns stop the run, and what libraries call their branches does no harm.

use std::fs;
use std::path::Component;

use crate::support::inbox::{CliNight, Inbox, assert_unseen, both, write_at};
use crate::support::{AS_OF, TestSite, files, snapshot};

/// Without `codes`, a text that is nothing but a patron's number stops the run, too.
fn without_codes(site: &TestSite) {
    site.edit("pipelines/koha-loans.toml", |text| text.replace("codes = true\n", ""));
}

#[test]
fn an_identifier_in_a_published_column_stops_the_run() {
    let cases = [
        ("an e-mail", "items", "itype", "p7009@example.org", "item_type", false),
        ("a barcode", "items", "ccode", "29999000007009", "collection", false),
        ("a barcode among words", "old_issues", "branchcode", "desk 2999 9000 007009 north", "branch", false),
        ("a login", "borrowers", "categorycode", "Login7009X", "patron_category", false),
        ("a full name", "old_issues", "branchcode", "SURNAME7009, Given", "branch", false),
        ("a patron's number", "items", "itype", "7009", "item_type", true),
        ("a single name", "old_issues", "branchcode", "surname7009", "branch", true),
        ("a birth date", "items", "ccode", "1980-02-03", "collection", true),
    ];
    for (what, table, column, value, published, strict) in cases {
        let site = TestSite::init("koha");
        if strict {
            without_codes(&site);
        }
        let mut inbox = Inbox::koha(&site, 12);
        inbox.set(table, 4, column, value).put(&site);
        site.cli(&["check", "--as-of", AS_OF]);
        fs::write(site.at("state/lock"), "").unwrap();
        let before = snapshot(&site.root());
        for command in ["plan", "run"] {
            let output = site.cli(&[command, "--as-of", AS_OF]);
            let printed = both(&output);
            assert_eq!(output.status.code(), Some(2), "{what}: {printed}");
            let place = format!("\n  `{published}`: 1 value, in 1 row, ");
            assert!(
                printed.contains("pipeline koha-loans would publish") && printed.contains(&place),
                "{what}: {printed}"
            );
            assert!(printed.contains(": old_issues, line 6\n"), "{what}: {printed}");
            assert!(snapshot(&site.root()) == before, "{what}: the site changed");
            assert_unseen(&site, &printed, &[value]);
        }
    }
}

/// In columns of declared codes a number is a code: location 7009 is not patron 7009.
#[test]
fn a_code_that_looks_like_a_patrons_number_is_a_code() {
    let site = TestSite::init("koha");
    let mut inbox = Inbox::koha(&site, 12);
    inbox.set("items", 4, "itype", "7009").put(&site);
    let night = CliNight::of(&site, AS_OF);
    assert_eq!((night.code, night.totals("koha-loans")), (0, Some([12, 12, 0, 0, 0])), "{}", night.printed);
}

#[test]
fn names_of_branches_do_no_harm() {
    let names = [
        "../../x",
        "=cmd()",
        "<script>alert(1)</script>",
        "+1+1",
        "@SUM(A1)",
        "-2",
        "a\u{1b}[31mb",
        "/etc/passwd",
        "x\"y,\nz",
        "\t=1",
    ];
    let site = TestSite::init("koha");
    for pipeline in ["koha-loans", "koha-holds"] {
        // One of them goes on over a line.
        let allow = |text: String| text.replace("multiline = [", "multiline = [\"branchcode\", \"itype\", ");
        site.edit(&format!("pipelines/{pipeline}.toml"), allow);
    }
    let mut inbox = Inbox::koha(&site, names.len() * 12);
    for (row, name) in (0..names.len() * 12).zip(names.iter().cycle()) {
        inbox.set("old_issues", row, "branchcode", name);
        inbox.set("items", row, "itype", name);
    }
    inbox.put(&site);
    let night = CliNight::of(&site, AS_OF);
    let read = names.len() as u64 * 12;
    assert_eq!((night.code, night.totals("koha-loans")), (0, Some([read, read, 0, 0, 0])), "{}", night.printed);
    let released = night.json["pipelines"][1]["released"][0].clone();
    assert_eq!((&released["month"], &released["closed"]), (&"2026-08".into(), &serde_json::Value::Null));

    // Nothing was written beside the site, nor under another name than ours.
    assert!(files(site.root().parent().unwrap()).iter().all(|path| path.starts_with("site")));
    for path in files(&site.at("public")) {
        assert!(path.components().all(|part| matches!(part, Component::Normal(_))), "{}", path.display());
        assert!(
            path.to_string_lossy().chars().all(|c| c.is_ascii_alphanumeric() || "/.=-_".contains(c)),
            "{}",
            path.display()
        );
    }
    let (mut tables, mut pages) = (String::new(), String::new());
    for (path, bytes) in snapshot(&site.root()) {
        let text = || String::from_utf8(bytes.clone()).unwrap();
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("csv") if path.starts_with("public") => tables += &text(),
            Some("html") => pages += &text(),
            _ => {}
        }
    }
    // They are there, and harmless.
    for name in ["../../x", "=cmd()", "@SUM(A1)", "/etc/passwd"] {
        assert!(tables.contains(name) && pages.contains(name), "{name} in {tables}");
    }
    let mut csv = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(tables.as_bytes());
    for cell in csv.records().flat_map(|record| record.unwrap().iter().map(String::from).collect::<Vec<_>>()) {
        assert!(!cell.starts_with(['=', '+', '@', '-', '\t', '\r']), "{cell:?} is a formula");
    }
    assert!(pages.contains("&lt;script&gt;alert(1)"), "{pages}");
    for wrong in ["<script", "\u{1b}"] {
        assert!(!pages.contains(wrong) && !tables.contains('\u{1b}') && !night.printed.contains(wrong));
    }
}

/// The name of a new column is shown, so it is escaped; one that gives orders to a terminal stops its pipeline.
#[test]
fn the_name_of_a_new_column_is_escaped() {
    for (name, stops) in [("<script>alert(2)", false), ("\u{1b}[31m", true), ("\"new\nline\"", true)] {
        let site = TestSite::init("koha");
        let inbox = Inbox::koha(&site, 12);
        inbox.put(&site);
        let lines = inbox.text("old_issues");
        let (header, rows) = lines.split_once('\n').unwrap();
        let text = format!("{header},{name}\n{}", rows.replace('\n', ",\n"));
        write_at(&site, inbox.file("old_issues"), text, AS_OF);
        let night = CliNight::of(&site, AS_OF);
        assert_eq!((night.code, night.totals("koha-loans").is_none()), (1, stops), "{}", night.printed);
        let ending = |path: &std::path::Path| path.extension().is_some_and(|ending| ending == "html");
        let pages = snapshot(&site.at("reports")).into_iter().filter(|(path, _)| ending(path));
        let pages: String = pages.map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect();
        assert_eq!(pages.contains("&lt;script&gt;alert(2)"), !stops, "{pages}");
        assert!(!pages.contains("<script>") && !pages.contains('\u{1b}'), "{pages}");
        assert!(!night.printed.contains('\u{1b}'), "an order to the terminal: {:?}", night.printed);
    }
}
