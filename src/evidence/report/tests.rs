use super::*;
use crate::evidence::exposure::{Counted, Exposure, PipelineExposure};
use crate::evidence::figure::Figure;
use crate::leak::Pattern;
use crate::words::{Age, Digest, Kind, Month, Need, Reason, Side};
use std::collections::BTreeMap;

/// A report with the inventory that its rows make.
pub fn exposed(mut report: Report) -> Report {
    let counted = |pipeline: &PipelineReport| {
        let Accounting { retired, already_retired, kept, rejected, .. } = pipeline.totals;
        Counted {
            run: report.run.sequence,
            day: report.run.day,
            needed: kept,
            waiting: retired + already_retired,
            new: retired,
            unread: rejected,
            traced: 3,
            asked: retired + 49_035,
            severed: 48_935,
            by_need: pipeline.kept_by_need.clone(),
            by_age: [(Age::UpToOneYear, kept), (Age::TwoToFiveYears, retired + already_retired)]
                .map(|(age, rows)| (age, Figure::from(rows)))
                .into(),
        }
    };
    let of = |pipeline: &PipelineReport| PipelineExposure {
        name: pipeline.name.clone(),
        kind: pipeline.kind,
        side: pipeline.side,
        counted: Some(counted(pipeline)),
    };
    let never = PipelineExposure { name: "koha-bills".into(), kind: Kind::Bill, side: Side::Patron, counted: None };
    let all = report.pipelines.iter().map(of).chain([never]).collect();
    report.exposure = Some(Exposure::of(all));
    report
}

/// A full report, for every test of evidence. `months` months were retired.
pub fn sample(months: i32) -> Report {
    let loans = Accounting { read: 5000, retired: 3700, already_retired: 12, kept: 1200, unlinked: 85, rejected: 3 };
    let issues = Accounting { read: 1100, retired: 0, already_retired: 0, kept: 1099, unlinked: 0, rejected: 1 };
    let old = Accounting { read: 3900, retired: 3700, already_retired: 12, kept: 101, unlinked: 85, rejected: 2 };
    let holds = Accounting { read: 40, kept: 40, ..Accounting::default() };
    let first = Month::new(2024, 10);
    let mut by_month: BTreeMap<Month, Figure> =
        (1..months).map(|i| (Month(first.0 + i), Figure::from(u64::from(i.unsigned_abs()) + 11))).collect();
    let so_far: u64 = by_month.values().filter_map(|figure| figure.0).sum();
    by_month.insert(first, (3700 - so_far).into());
    let mut residual_by_age = ResidualByAge::default();
    residual_by_age.count(0, 1);
    residual_by_age.count(31, 11);
    let export = |source: &str, file: &str, records, bytes, age_hours| ExportRead {
        source: source.into(),
        file: file.into(),
        records,
        bytes,
        age_hours,
    };
    let released = |month, rows: u64, closed: Option<&str>, counts: &[(&str, u64)]| ReleasedMonth {
        period: None,
        totals_alone: false,
        month,
        rows: rows.into(),
        closed: closed.map(str::to_owned),
        counts: counts.iter().map(|(what, rows)| ((*what).to_owned(), Figure::from(*rows))).collect(),
    };
    let digest = |text: &str| Digest::of(text.as_bytes());
    let mut report = Report {
        exposure: None,
        unspoken_columns: vec![],
        format: Report::FORMAT,
        copy: Copy::Exact,
        library: "Lindenhof <Public> Library".into(),
        run: Run {
            sequence: 1,
            as_of: "2026-11-01T00:00:00-04:00".into(),
            at: "2026-11-01T02:10:00-04:00".into(),
            day: "2026-11-01".parse().unwrap(),
            afterloan: "0.1.0".into(),
        },
        totals: Accounting::default(),
        summary: Summary::default(),
        authority: Authority {
            statute: Some("Conn. Gen. Stat. § 11-25".into()),
            schedule: Some("M11".into()),
            authorization: Some("RC-075 of 2026-09-12".into()),
            ..Authority::default()
        },
        threshold: 10,
        retention: vec![
            "Loans: due 30 days after return; 30 days after the last bill was paid.".into(),
            "Holds: due 30 days after they ended.".into(),
        ],
        pipelines: vec![
            PipelineReport {
                name: "koha-loans".into(),
                kind: Kind::Loan,
                side: Side::Patron,
                exports: vec![
                    export("issues", "issues-20261031233000.csv", 1100, 181_000, 1),
                    export("old_issues", "old_issues-2026-10-31.csv.gz", 3900, 1_410_000, 2),
                    export("patrons", "borrowers-2026-10-31-9f86d081884c7d659a2f.csv", 812, 140_000, -1),
                ],
                totals: loans,
                parts: vec![
                    PartReport { part: "issues".into(), totals: issues },
                    PartReport { part: "old_issues".into(), totals: old },
                ],
                kept_by_need: [
                    (Need::Open, 1050),
                    (Need::Grace, 120),
                    (Need::Owing, 31),
                    (Need::Disputed, 4),
                    (Need::Undetermined, 16),
                ]
                .map(|(need, rows)| (need, Figure::from(rows)))
                .into(),
                review: 14,
                review_by_need: [(Need::Owing, Figure::from(12)), (Need::Disputed, Figure::from(2))].into(),
                rejects: vec![
                    Rejects {
                        reason: Reason::ShortRow,
                        rows: 2.into(),
                        lines: vec![
                            RejectLine { part: "issues".into(), file: None, line: 17 },
                            RejectLine { part: "old_issues".into(), file: Some("old-2.csv".into()), line: 3071 },
                        ],
                    },
                    Rejects {
                        reason: Reason::BadId,
                        rows: 1.into(),
                        lines: vec![RejectLine { part: "old_issues".into(), file: None, line: 12 }],
                    },
                ],
                quarantine: Some(Quarantine {
                    path: "state/rejects/koha-loans/run-000001-until-2026-11-15.age".into(),
                    rows: 2.into(),
                    no_room: false,
                    until: "2026-11-15".parse().unwrap(),
                }),
                undeclared_columns: vec!["patron_nickname".into()],
                severs_nothing: false,
                traces: vec![],
                notes: vec!["the bills export is 3 hours older than the loans".into()],
                mailing: vec![MailingList { name: "news".into(), purpose: "News".into(), patrons: Figure(Some(3)) }],
                retired_by_month: by_month,
                worklist: Some(Worklist {
                    paths: vec!["worklists/koha-loans.csv".into(), "worklists/koha-loans.sql".into()],
                    rows: 3712,
                }),
                confirmed: 0,
                residual: 12,
                residual_by_age,
                late: 1,
                released: vec![
                    released(Month::new(2026, 8), 60, None, &[("days that read their week", 13), ("item types", 2)]),
                    released(Month::new(2020, 4), 4, Some("fewer than 10 patrons"), &[]),
                ],
                titles: Some(Titles { left_out: 3, too_many: false }),
                logs: None,
            },
            PipelineReport {
                name: "koha-holds".into(),
                kind: Kind::Hold,
                side: Side::Patron,
                exports: vec![export("reserves", "reserves-2026-10-31.csv", 40, 900, 30)],
                totals: holds,
                parts: vec![PartReport { part: "reserves".into(), totals: holds }],
                kept_by_need: [(Need::Open, Figure::from(40))].into(),
                review: 0,
                review_by_need: BTreeMap::new(),
                rejects: vec![],
                quarantine: None,
                undeclared_columns: vec![],
                severs_nothing: false,
                traces: vec![],
                notes: vec![],
                mailing: vec![],
                retired_by_month: BTreeMap::new(),
                worklist: None,
                confirmed: 0,
                residual: 0,
                residual_by_age: ResidualByAge::default(),
                late: 0,
                released: vec![],
                titles: None,
                logs: None,
            },
        ],
        held: vec![Halt { pipeline: Some("koha-holds".into()), why: "first run of this pipeline.".into() }],
        stopped: vec![],
        accepted: vec![Halt { pipeline: Some("koha-loans".into()), why: "first run of this pipeline".into() }],
        accepted_patterns: vec![
            AcceptedPattern {
                column: "koha-loans.title".into(),
                pattern: Pattern::Phone,
                reason: "A series <of> numbers".into(),
                used: true,
            },
            AcceptedPattern {
                column: "koha-holds.title".into(),
                pattern: Pattern::ItemBarcode,
                reason: "Call numbers of maps".into(),
                used: false,
            },
        ],
        relink_risk: vec![
            RelinkRisk { kind: Kind::Loan, month: Month::new(2026, 9), key_destroyed: "2026-10-31".parse().unwrap() },
            RelinkRisk { kind: Kind::Loan, month: Month::new(2026, 10), key_destroyed: "2026-12-01".parse().unwrap() },
        ],
        remembered_years: vec![RememberedYear {
            kind: Kind::Loan,
            year: "2026-01-to-2026-12".parse().unwrap(),
            key_destroyed: "2027-01-30".parse().unwrap(),
        }],
        deletes: vec!["inbox/issues-2026-10-31.csv".into(), "state/keys/loan-2026-08.key".into()],
        not_attested: NOT_ATTESTED.map(str::to_owned).into(),
        evidence: Evidence {
            policy: digest("policy"),
            pipelines: [("koha-loans".into(), digest("loans")), ("koha-holds".into(), digest("holds"))].into(),
            plan: digest("plan"),
            previous_head: Digest([0; 32]),
            exports: vec![ExportDigest { file: "issues-20261031233000.csv".into(), keyed: digest("export") }],
        },
    };
    report.sum_up();
    report
}

#[test]
fn both_copies_balance_and_survive_json() {
    let exact = sample(24);
    for report in [exact.for_staff(10), exact] {
        assert_eq!(report.imbalances(), Vec::<String>::new());
        let json = report.to_json().unwrap();
        assert!(json.starts_with("{\n  \"format\": 2,"), "the format comes first");
        assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
        assert!(serde_json::from_str::<Report>(&json.replace("\"library\"", "\"libary\"")).is_err());
    }
}

/// Kept as it was written: it must load for ever.
#[test]
fn a_report_of_format_1_is_read() {
    let kept = include_str!("../../../tests/formats/1/reports/2026-11-01-run-000001.json");
    let report: Report = serde_json::from_str(kept).unwrap();
    assert_eq!((report.format, report.accepted_patterns.len(), report.pipelines.len()), (1, 0, 2));
    assert!(report.is_readable());
    assert_eq!(report.imbalances(), Vec::<String>::new());
}

#[test]
fn the_staff_copy_hides_small_figures_of_breakdowns_and_shows_totals() {
    let exact = sample(24);
    let staff = exact.for_staff(10);
    let (loans, told) = (&exact.pipelines[0], &staff.pipelines[0]);
    assert_eq!((told.totals, &staff.totals), (loans.totals, &exact.totals));
    let hidden = |need| told.kept_by_need[&need].is_hidden();
    assert!(hidden(Need::Disputed) && hidden(Need::Undetermined), "the small one and the next smallest");
    assert!(!hidden(Need::Owing) && !hidden(Need::Open));
    assert!(told.rejects.iter().all(|rejects| rejects.rows.is_hidden()));
    assert_eq!(told.rejects[0].lines, loans.rejects[0].lines, "line numbers stay");
    assert!(told.residual_by_age.up_to_1_night.is_hidden() && told.residual_by_age.over_30_nights.is_hidden());
    assert_eq!(told.residual_by_age.up_to_7_nights, Figure::ZERO);
    assert_eq!(told.released[0].rows, 60.into());
    assert!(told.released[0].counts["item types"].is_hidden());
    assert_eq!(told.released[0].counts["days that read their week"], 13.into());
    assert!(told.released[1].rows.is_hidden());
    assert!(!staff.to_json().unwrap().contains("\"rows\": 4"));
}

#[test]
fn a_legal_hold_is_never_named() {
    let mut report = sample(3);
    report.pipelines[0].kept_by_need.insert(Need::LegalHold, 50.into());
    report.pipelines[0].review_by_need.insert(Need::LegalHold, 3.into());
    for report in [report.for_staff(10), {
        report.sum_up();
        report.clone()
    }] {
        let json = report.to_json().unwrap();
        assert!(!json.contains("legal") && json.contains("undetermined"));
        assert!(!crate::evidence::page::page(&report).to_lowercase().contains("legal"));
    }
    assert_eq!(report.pipelines[0].kept_by_need[&Need::Undetermined], 66.into());
    assert!(by_need(&[(Need::LegalHold, 2)].into()).contains_key(&Need::Undetermined));
}

#[test]
fn whatever_does_not_add_up_is_named() {
    type Change = fn(&mut Report);
    let changes: [(Change, &str); 8] = [
        (|r| r.pipelines[0].parts[0].totals.kept += 1, "koha-loans, issues: the rows read are not the sum"),
        (|r| r.pipelines[0].totals.unlinked += 1, "koha-loans: the rows read are not the sum"),
        (|r| r.pipelines[0].retired_by_month.values_mut().for_each(|f| *f += 1), "retired by month"),
        (|r| r.pipelines[0].rejects[0].rows += 1, "rejected by reason"),
        (|r| r.pipelines[0].residual += 1, "residual by age"),
        (|r| r.pipelines[0].worklist.as_mut().unwrap().rows -= 1, "the worklist's rows"),
        (|r| r.totals.read = u64::MAX, "the pipelines don't add up"),
        (|r| r.summary.late += 1, "the summary"),
    ];
    for (change, says) in changes {
        let mut report = sample(24);
        change(&mut report);
        let wrong = report.imbalances();
        assert!(wrong.iter().any(|sentence| sentence.contains(says)), "{says}: {wrong:?}");
    }
}

#[test]
fn what_could_be_handed_over_must_be_what_became_of_the_rows() {
    let report = exposed(sample(24));
    assert_eq!(report.imbalances(), [""; 0]);
    assert_eq!(report.for_staff(10).imbalances(), [""; 0]);
    let wrong = |edit: &dyn Fn(&mut Exposure)| {
        let mut report = report.clone();
        edit(report.exposure.as_mut().unwrap());
        report.imbalances()
    };
    let counted = |exposure: &mut Exposure, edit: &dyn Fn(&mut Counted)| {
        edit(exposure.pipelines[0].counted.as_mut().unwrap());
        *exposure = Exposure::of(exposure.pipelines.clone());
    };
    let edits: [&dyn Fn(&mut Exposure); 6] = [
        &|exposure| exposure.linked -= 1,
        &|exposure| exposure.pipelines[0].counted = None,
        &|exposure| counted(exposure, &|counted| counted.needed -= 1),
        &|exposure| counted(exposure, &|counted| counted.run -= 1),
        &|exposure| counted(exposure, &|counted| counted.severed = counted.asked + 1),
        &|exposure| counted(exposure, &|counted| counted.by_age.clear()),
    ];
    for edit in &edits[..5] {
        assert_eq!(wrong(edit), ["what could be handed over doesn't agree with the rows"]);
    }
    assert_eq!(wrong(edits[5]), [""; 0], "after a purge ages aren't known");
}
