//! Titles: which are told, what is left, and that the audit misses each half of the rule.

use proptest::prelude::*;

use super::made_up;
use super::random::Random;
use crate::release::tree::audit::{Broken, Finding, Node, titles_alone, titles_with_patrons};
use crate::release::tree::rules::Weakness;
use crate::release::tree::{Checked, FIRST, OTHER, Rows, Rules, Span, TitleCodes, TotalsValue, UNKNOWN, Word, titles};

const SPAN: Span = Span { first: 20_454, last: 20_484 };
const A: u32 = FIRST;
const B: u32 = FIRST + 1;
const C: u32 = FIRST + 2;

/// A title: its code, the rows of each of its patrons, from the first of these on, and rows of nobody.
type Lent<'a> = (u32, u64, &'a [u64], u64);

/// What it shows, what was lent, and the lines.
type Case<'a> = (&'a str, &'a [Lent<'a>], &'a [(Word, u64)]);

fn lent(all: &[Lent<'_>]) -> (Rows, TitleCodes) {
    let (mut rows, mut codes) = (Rows::default(), Vec::new());
    for (code, first, of_patrons, unlinked) in all {
        for (patron, count) in (*first..).zip(*of_patrons) {
            rows.patron.extend((0..*count).map(|_| Some(patron)));
        }
        rows.patron.extend((0..*unlinked).map(|_| None));
        codes.resize(rows.patron.len(), *code);
    }
    rows.day.resize(codes.len(), SPAN.first);
    rows.measures = vec![("renewals".to_owned(), (0..codes.len() as i64).collect())];
    (rows, TitleCodes { codes, values: FIRST + 3 })
}

fn lines(rows: &Rows, codes: &TitleCodes, rules: &Rules) -> Vec<TotalsValue> {
    titles(&Checked::new(rows, SPAN, rules).unwrap(), codes, rules).unwrap()
}

fn audited(rows: &Rows, codes: &TitleCodes, lines: &[TotalsValue], threshold: u32) -> Vec<Finding> {
    let mut findings = titles_with_patrons(rows, codes, lines, threshold);
    let alone: Vec<(bool, u64)> = lines.iter().map(|line| (line.word == Word::Other, line.rows)).collect();
    findings.extend(titles_alone(&alone, codes.codes.len() as u64, threshold));
    findings
}

#[test]
fn titles_are_told_that_cover_and_what_is_left_covers() {
    let (a, b, unknown, other) = (Word::Value(A), Word::Value(B), Word::Unknown, Word::Other);
    // At a threshold of 3.
    let cases: [Case<'_>; 13] = [
        ("two that cover, and nothing else", &[(A, 1, &[1; 4], 0), (B, 1, &[1; 5], 0)], &[(a, 4), (b, 5)]),
        ("what is left covers", &[(A, 1, &[1; 4], 0), (B, 1, &[2], 0), (C, 2, &[1, 1], 0)], &[(other, 4), (a, 4)]),
        (
            "what is left is about few: the smallest joins it",
            &[(A, 1, &[1; 4], 0), (B, 1, &[1; 5], 0), (C, 1, &[1, 1], 0)],
            &[(other, 6), (b, 5)],
        ),
        (
            "of equals the last joins it",
            &[(A, 1, &[1; 4], 0), (B, 1, &[1; 4], 0), (C, 1, &[1, 1], 0)],
            &[(other, 6), (a, 4)],
        ),
        ("few patrons", &[(A, 1, &[1; 2], 0), (B, 1, &[1; 4], 0), (C, 5, &[1; 3], 0)], &[(other, 5), (b, 4)]),
        (
            "one patron has more than half",
            &[(A, 1, &[3, 1, 1], 0), (B, 1, &[1; 4], 0), (C, 5, &[1; 2], 0)],
            &[(other, 7), (b, 4)],
        ),
        (
            "rows of nobody are somebody's, beside what is told and in what is left",
            &[(A, 1, &[1; 3], 2), (B, 1, &[1; 5], 0), (C, 5, &[1; 3], 0)],
            &[(other, 8), (b, 5)],
        ),
        ("one of nobody's is not too many", &[(A, 1, &[1; 3], 1), (B, 1, &[1; 5], 0)], &[(a, 4), (b, 5)]),
        ("one alone reads other", &[(A, 1, &[1; 9], 0)], &[(other, 9)]),
        ("one alone after the rest has joined", &[(A, 1, &[1; 9], 0), (B, 1, &[1], 0)], &[(other, 10)]),
        (
            "what isn't recorded is told like a title",
            &[(UNKNOWN, 1, &[1; 3], 0), (B, 1, &[1; 4], 0)],
            &[(unknown, 3), (b, 4)],
        ),
        ("what was left out before is left", &[(OTHER, 1, &[1; 3], 0), (B, 1, &[1; 4], 0)], &[(other, 3), (b, 4)]),
        ("nothing", &[], &[]),
    ];
    for (what, all, expected) in cases {
        let (rows, codes) = lent(all);
        let lines = lines(&rows, &codes, &Rules::new(3));
        let mut said: Vec<(Word, u64)> = lines.iter().map(|line| (line.word, line.rows)).collect();
        let mut expected = expected.to_vec();
        said.sort_unstable();
        expected.sort_unstable();
        assert_eq!(said, expected, "{what}");
        assert_eq!(audited(&rows, &codes, &lines, 3), [], "{what}");
        let sum: i64 = lines.iter().map(|line| line.measures[0]).sum();
        assert_eq!(sum, (0..rows.patron.len() as i64).sum::<i64>(), "{what}");
    }
}

/// Six patrons of each of two months may be the same six.
#[test]
fn patrons_of_two_keys_may_be_the_same() {
    let (mut rows, codes) = lent(&[(A, 1, &[1; 6], 0), (A, 11, &[1; 6], 0), (B, 1, &[1; 9], 0), (B, 11, &[1; 9], 0)]);
    rows.key = rows.patron.iter().map(|patron| u8::from(*patron > Some(10))).collect();
    let told = |threshold: u32| {
        let lines = lines(&rows, &codes, &Rules::new(threshold));
        assert_eq!(audited(&rows, &codes, &lines, threshold), []);
        lines.len()
    };
    assert_eq!([6, 7].map(told), [2, 1]);
}

#[test]
fn each_half_of_the_rule_is_missed() {
    let (rows, codes) = lent(&[(A, 1, &[1; 4], 0), (B, 1, &[1; 5], 0), (C, 1, &[1, 1], 0)]);
    for weakness in [Weakness::RareTitles, Weakness::BareRest] {
        let lines = lines(&rows, &codes, &Rules::without(3, weakness));
        let expected = [true, false].map(|_| Finding { node: Node::Titles, broken: Broken::DoesNotCover, count: 1 });
        assert_eq!(audited(&rows, &codes, &lines, 3), expected, "{weakness:?}");
    }
}

#[test]
fn the_audit_counts_for_itself() {
    let (rows, codes) = lent(&[(A, 1, &[1; 4], 0), (B, 1, &[1; 5], 0), (C, 1, &[1; 3], 0)]);
    let sound = lines(&rows, &codes, &Rules::new(3));
    let found = |change: fn(&mut Vec<TotalsValue>)| {
        let mut lines = sound.clone();
        change(&mut lines);
        let findings = titles_with_patrons(&rows, &codes, &lines, 3);
        findings.iter().map(|finding| finding.broken).collect::<Vec<_>>()
    };
    assert_eq!(found(|_| {}), []);
    assert_eq!(found(|lines| lines[0].rows += 1), [Broken::Untrue]);
    assert_eq!(found(|lines| lines[1].measures[0] -= 1), [Broken::Untrue]);
    assert_eq!(found(|lines| drop(lines.pop())), [Broken::Sum]);
    assert_eq!(found(|lines| lines[0].word = Word::Value(77)), [Broken::Untrue, Broken::Sum]);
    let (one, codes) = lent(&[(A, 1, &[1; 4], 0)]);
    let alone = vec![TotalsValue { word: Word::Value(A), rows: 4, measures: vec![6] }];
    assert_eq!(titles_with_patrons(&one, &codes, &alone, 3)[0].broken, Broken::OneCellAlone);
    assert_eq!(titles_alone(&[(false, 4)], 4, 3)[0].broken, Broken::OneCellAlone);
    assert_eq!(titles_alone(&[(true, 4), (false, 2)], 6, 3)[0].broken, Broken::DoesNotCover);
    assert_eq!(titles_alone(&[(true, 4), (false, 3)], 8, 3)[0].broken, Broken::Sum);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever comes in, what comes out covers and adds up, and the order of rows leaves no trace.
    #[test]
    fn nothing_is_found(count in 0usize..400, seed: u64, patrons in 1u64..60, many in 1u64..30, unlinked in 0.0f64..0.6) {
        let rows = made_up::rows(count, seed, patrons, unlinked);
        let mut random = Random(seed ^ 7);
        let codes = (0..count).map(|_| random.below(many).min(random.below(many)) as u32).collect();
        let codes = TitleCodes { codes, values: FIRST + many as u32 };
        let rules = Rules::new(4);
        let span = made_up::SPAN;
        let checked = Checked::new(&rows, span, &rules).unwrap();
        let whole = crate::release::tree::cover::Crowd::of_cells(&checked, &vec![0; count], 1);
        prop_assume!(whole[0].covers(&rules));
        let lines = titles(&checked, &codes, &rules).unwrap();
        prop_assert_eq!(audited(&rows, &codes, &lines, 4), vec![]);
        let mut turned = rows.clone();
        turned.patron.reverse();
        turned.key.reverse();
        turned.day.reverse();
        turned.hour.as_mut().unwrap().reverse();
        turned.measures[0].1.reverse();
        turned.columns.iter_mut().for_each(|column| column.codes.reverse());
        let mut codes = codes;
        codes.codes.reverse();
        let again = titles(&Checked::new(&turned, span, &rules).unwrap(), &codes, &rules).unwrap();
        prop_assert_eq!(again, lines);
    }
}
