use super::*;
use crate::evidence::report::tests::sample;
use crate::words::{Side, Totals};

/// All runs of 16 or more hexadecimal digits.
fn hexadecimal(html: &str) -> Vec<&str> {
    html.split(|c: char| !matches!(c, '0'..='9' | 'a'..='f')).filter(|run| run.len() >= 16).collect()
}

#[test]
fn the_page_begins_with_what_was_severed_what_was_kept_and_what_needs_a_person() {
    let report = sample(24).for_staff(10);
    assert_eq!(
        lead(&report),
        [
            "This run asked for 3,700 transactions to be severed from their patrons; 12 transactions asked for before are \
         still linked and stay on the worklist.",
            "It kept 1,240 that are still needed: still open (1,090); closed so recently that damage may yet be claimed \
         (120); something is owed (31); 2 other needs.",
            "6 things need a person.",
        ]
    );
    let html = page(&report);
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text}"));
    assert!(at("<h1>") < at("This run asked for") && at("6 things need") < at("<h2>"));
    assert!(at("<h2>What needs a person") < at("<h2>What was asked to be severed"));
}

#[test]
fn a_quiet_night_says_so() {
    let mut report = sample(24);
    report.pipelines.clear();
    report.held.clear();
    report.sum_up();
    assert_eq!(
        lead(&report),
        ["Nothing was due: this run asked for no link to be severed.", "It kept none.", "Nothing needs a person."]
    );
    assert!(!page(&report).contains("What needs a person"));
}

#[test]
fn sentences_agree_with_one() {
    let mut report = sample(24);
    report.pipelines.truncate(1);
    report.pipelines[0].totals = (&Totals { read: 2, retired: 1, kept: 1, ..Totals::default() }).into();
    report.pipelines[0].kept_by_need = [(Need::Open, Figure::HIDDEN)].into();
    report.sum_up();
    assert_eq!(
        lead(&report)[..2],
        [
            "This run asked for 1 transaction to be severed from its patron.",
            "It kept 1 that is still needed: still open.",
        ]
    );
}

#[test]
fn the_sentence_says_what_is_severed_from_what() {
    let mut report = sample(24);
    assert!(lead(&report)[0].contains(" to be severed from their patrons"));
    report.pipelines[0].side = Side::Material;
    assert!(lead(&report)[0].contains(" to be severed from their patrons or their material"));
    report.pipelines.truncate(1);
    assert!(lead(&report)[0].contains(" to be severed from their material"));
    report.pipelines[0].side = Side::Contact;
    assert!(lead(&report)[0].contains(" to be severed from contact data"));
}

#[test]
fn hexadecimal_stands_under_evidence_alone() {
    let html = page(&sample(60).for_staff(10));
    let (before, after) = html.split_once("<h2>Evidence</h2>").unwrap();
    assert_eq!(hexadecimal(before), Vec::<&str>::new());
    assert_eq!(hexadecimal(after).len(), 6, "policy, two pipelines, plan, head, export");
    assert!(!after.contains("<h2>"), "Evidence is last");
    assert!(before.contains("9f86d081…"), "the end of a long run is cut");
}

#[test]
fn all_text_is_escaped_and_nothing_is_loaded_or_run() {
    let mut report = sample(60);
    report.pipelines[0].name = "<script>alert(1)</script>".into();
    report.pipelines[0].notes.push("\"><img src=x onerror=y>".into());
    report.pipelines[0].exports[0].file = "<b>&amp;".into();
    let html = page(&report);
    for forbidden in ["<script", "<img", "<b>", "<link", "http:", "https:", "url("] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    assert!(html.contains("Lindenhof &lt;Public&gt; Library"));
    assert!(html.contains("<details><summary>60 months, from 2024-10 to 2029-09</summary>"), "long lists fold");
}

#[test]
fn hidden_figures_read_as_such_and_are_nowhere_else() {
    let report = sample(24).for_staff(10);
    let html = page(&report);
    assert!(html.contains("fewer than 10") && html.contains("by subtraction"));
    // No figure is said to be small: one that is hidden beside it may not be.
    assert!(html.contains("<td class=\"n few\">not shown</td>") && !html.contains(">fewer than 10"), "{html}");
    assert!(!page(&sample(24)).contains("by subtraction"), "the exact copy hides nothing");
}

/// Writes a full page to look at: `cargo test --lib look_at_the_page -- --ignored`.
#[test]
#[ignore = "for eyes"]
fn look_at_the_page() {
    let path = std::env::temp_dir().join("afterloan-report.html");
    std::fs::write(&path, page(&sample(20).for_staff(10))).unwrap();
    eprintln!("{}", path.display());
}
