use super::*;
use crate::evidence::exposure::{Exposure, History, Point};
use crate::evidence::report::tests::{exposed, sample};
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

#[test]
fn the_first_sentence_is_what_could_be_handed_over_and_what_was_severed() {
    let report = exposed(sample(24)).for_staff(10);
    assert_eq!(
        lead(&report)[0],
        "4,952 transactions still lead to a patron and could be handed over tomorrow: 1,240 are needed, 3,712 are not and wait to \
         be severed; the library's systems have severed 97,870 of the 98,070 that were asked for before."
    );
    let html = page(&report);
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text}"));
    assert!(at("<h1>") < at("4,952 transactions") && at("4,952 transactions") < at("This run asked for"));
    assert!(at("What could be handed over tomorrow</h2>") < at("<h2>What was asked to be severed"));
    assert!(
        html.contains("never: no run has read it yet")
            && html.contains("rejected rows, encrypted, until 15 November 2026")
    );
    assert!(html.contains("It is allowed by the authorization RC-075 of 2026-09-12, under the records schedule M11, and by the statute Conn. Gen. Stat. § 11-25."));
}

/// A year of nights, in which the number falls.
fn a_year(exposure: &Exposure) -> History {
    let mut history = History::default();
    let last: crate::words::Day = "2026-11-01".parse().unwrap();
    for nights in (0..365u64).rev() {
        let now = Point::of(last.plus(-(nights as i32)), exposure);
        let waiting = now.waiting + nights * 130;
        history.add(Point { waiting, severed: now.severed.saturating_sub(nights * 250), ..now });
    }
    history
}

fn the_index() -> String {
    let last = exposed(sample(20)).for_staff(10);
    let exposure = last.exposure.clone().unwrap();
    let file = |name: &str| ("report", format!("reports/{name}.html"));
    let act = |what: &str| ActDone {
        day: "2026-11-01".into(),
        what: what.into(),
        files: vec![file("2026-11-01-run-000001")],
    };
    index(&Index {
        library: &last.library,
        day: last.run.day,
        exposure: &exposure,
        history: &a_year(&exposure),
        last: &last,
        signed: "The reports up to run 30 were seen and signed by <A. Person>.".into(),
        acts: vec![act("31: run"), act("30: the report of run 29 was signed by A. Person")],
    })
}

#[test]
fn the_page_before_all_reports_answers_the_questions_of_a_trustee() {
    let html = the_index();
    for sentence in [
        "4,952 transactions still lead to a patron and could be handed over tomorrow",
        "Since 1 January 2026 the number of transactions that lead to a patron has fallen from 44,472 to 4,952; 76,000 were severed.",
        "It is allowed by the authorization RC-075 of 2026-09-12",
        "signed by &lt;A. Person&gt;",
        "This run asked for 3,700 transactions to be severed",
        "It kept 1,240 that are still needed",
        "Nothing is known yet of what these pipelines read: koha-bills.",
        "href=\"2026-11-01-run-000001.html\"",
    ] {
        assert!(html.contains(sentence), "{sentence}");
    }
    for forbidden in ["<script", "http:", "https:", "url("] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    assert_eq!(html.matches("<table").count(), html.matches("<caption").count(), "each table is named");
    assert_eq!(hexadecimal(&html), Vec::<&str>::new());
}

/// Writes full pages to look at: `cargo test --lib look_at_the_page -- --ignored`.
#[test]
#[ignore = "for eyes"]
fn look_at_the_page() {
    let folder = std::env::temp_dir().join("afterloan-reports");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("report.html"), page(&exposed(sample(20)).for_staff(10))).unwrap();
    std::fs::write(folder.join("index.html"), the_index()).unwrap();
    eprintln!("{}", folder.display());
}
