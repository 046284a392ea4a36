//! From a night to its report.

use std::collections::BTreeMap;

use serde::Serialize;

use super::brakes::Brake;
use super::log_files::Stands;
use super::memory::ToDelete;
use super::outcome::{LogFiles, PipelineOutcome, ReleasedMonth, Stopped};
use super::tonight::Tonight;
use crate::evidence::figure::Figure;
use crate::evidence::report::{
    self, AcceptedPattern, Accounting, Authority, Copy, Evidence, ExportDigest, ExportRead, Halt, NOT_ATTESTED,
    PartReport, PipelineReport, Quarantine, RejectLine, Rejects, RelinkRisk, Report, ResidualByAge, Run, Summary,
    Worklist,
};
use crate::policy::{Accept, HistoryRule, Retention};
use crate::release::Counts;
use crate::words::{Digest, Kind, Month, Reason, Side, Way};

/// Everything that a report tells.
pub struct Night<'a> {
    pub tonight: &'a Tonight,
    pub digest: Digest,
    pub pipelines: &'a [&'a PipelineOutcome],
    pub stopped: &'a [Stopped],
    pub brakes: &'a [Brake],
    pub accepted: bool,
    pub worklists: &'a [(String, Vec<String>)],
    pub to_delete: &'a [ToDelete],
    /// Encrypted rejected rows of earlier runs whose day has come.
    pub expired: &'a [String],
    /// By pipeline.
    pub quarantines: &'a BTreeMap<String, Quarantine>,
    pub staged: &'a [(Kind, Month)],
}

/// The exact report. Held pipelines are named, and their rows are in no figure: nothing was done about them.
pub fn report(night: &Night<'_>) -> Report {
    let tonight = night.tonight;
    let policy = &tonight.policy;
    let committed: Vec<&PipelineOutcome> = night.pipelines.iter().copied().filter(|one| !one.held).collect();
    let halts = |brakes: &[Brake]| -> Vec<Halt> {
        brakes.iter().map(|brake| Halt { pipeline: brake.pipeline.clone(), why: brake.why.clone() }).collect()
    };
    let given = |text: &String| Some(text.clone()).filter(|text| !text.trim().is_empty());
    let mut report = Report {
        format: Report::FORMAT,
        copy: Copy::Exact,
        library: policy.library.name.clone(),
        run: Run {
            sequence: tonight.sequence,
            as_of: tonight.options.as_of.to_string(),
            at: tonight.options.now.to_string(),
            day: tonight.day,
            afterloan: env!("CARGO_PKG_VERSION").into(),
        },
        totals: Accounting::default(),
        summary: Summary::default(),
        authority: Authority {
            statute: given(&policy.authority.statute),
            schedule: given(&policy.authority.schedule),
            authorization: given(&policy.authority.authorization),
        },
        threshold: policy.release.threshold,
        retention: policy.retention.iter().map(|(kind, rules)| in_words(*kind, rules)).collect(),
        pipelines: committed.iter().map(|outcome| pipeline(night, outcome)).collect(),
        held: if night.accepted { Vec::new() } else { halts(night.brakes) },
        stopped: night
            .stopped
            .iter()
            .map(|stopped| Halt { pipeline: Some(stopped.pipeline.clone()), why: stopped.why.clone() })
            .collect(),
        accepted: if night.accepted { halts(night.brakes) } else { Vec::new() },
        accepted_patterns: policy.accepts.iter().map(|accept| accepted(accept, &committed)).collect(),
        relink_risk: night
            .staged
            .iter()
            .map(|(kind, month)| RelinkRisk {
                kind: *kind,
                month: *month,
                key_destroyed: month.last_day().plus(policy.release.settle),
            })
            .collect(),
        deletes: night
            .to_delete
            .iter()
            .map(|export| format!("inbox/{}", export.name))
            .chain(night.expired.iter().cloned())
            .collect(),
        not_attested: NOT_ATTESTED.iter().map(|sentence| sentence.to_string()).collect(),
        evidence: Evidence {
            policy: policy.digest,
            pipelines: tonight.pipelines.iter().map(|one| (one.name().to_string(), one.digest)).collect(),
            plan: night.digest,
            previous_head: tonight.head,
            exports: committed
                .iter()
                .flat_map(|outcome| &outcome.exports)
                .map(|export| ExportDigest { file: export.found.name(), keyed: export.digest })
                .collect(),
        },
    };
    report.sum_up();
    report
}

fn accepted(accept: &Accept, committed: &[&PipelineOutcome]) -> AcceptedPattern {
    let used = committed.iter().filter(|outcome| outcome.name == accept.pipeline).any(|outcome| {
        outcome.accepted_patterns.iter().any(|(column, pattern)| (column, pattern) == (&accept.column, &accept.pattern))
    });
    AcceptedPattern {
        column: format!("{}.{}", accept.pipeline, accept.column),
        pattern: accept.pattern,
        reason: accept.reason.clone(),
        used,
    }
}

fn pipeline(night: &Night<'_>, outcome: &PipelineOutcome) -> PipelineReport {
    let as_of = night.tonight.options.as_of;
    let mut residual_by_age = ResidualByAge::default();
    outcome.residual_by_nights.iter().for_each(|(nights, rows)| residual_by_age.count(*nights, *rows));
    let paths = night.worklists.iter().find(|(name, _)| *name == outcome.name).map(|(_, paths)| paths.clone());
    PipelineReport {
        name: outcome.name.clone(),
        kind: outcome.kind,
        side: outcome.side,
        exports: outcome
            .exports
            .iter()
            .map(|export| ExportRead {
                source: export.source.clone(),
                file: export.found.name(),
                records: export.records,
                bytes: export.found.bytes,
                age_hours: as_of.duration_since(export.found.written).as_hours(),
            })
            .collect(),
        totals: (&outcome.totals).into(),
        parts: outcome
            .parts
            .iter()
            .map(|(part, totals)| PartReport { part: part.clone(), totals: totals.into() })
            .collect(),
        kept_by_need: report::by_need(&outcome.totals.kept_by_need),
        review: outcome.review,
        review_by_need: report::by_need(&outcome.review_by_need),
        rejects: rejects(outcome),
        quarantine: night.quarantines.get(&outcome.name).cloned(),
        undeclared_columns: outcome.undeclared.clone(),
        notes: notes(outcome.side),
        mailing: mailing(night.tonight, outcome),
        retired_by_month: outcome.retired_by_month.iter().map(|(month, rows)| (*month, Figure::from(*rows))).collect(),
        worklist: paths.filter(|paths| !paths.is_empty()).map(|paths| Worklist { paths, rows: outcome.worklist }),
        confirmed: outcome.confirmed,
        residual: outcome.residual,
        residual_by_age,
        late: outcome.late,
        released: outcome.released.iter().map(released).collect(),
        logs: outcome.log_files.map(|files| logs(outcome, files)),
    }
}

fn logs(outcome: &PipelineOutcome, files: LogFiles) -> report::Logs {
    let waiting = outcome.logs.iter().filter_map(|file| match file.stands {
        Stands::Waits { until } => Some(report::WaitingLog { file: file.found.name(), until }),
        Stands::Retired | Stands::Again => None,
    });
    report::Logs {
        retired: files.retired,
        again: files.again,
        waiting: waiting.collect(),
        requests: outcome.requests.map(|requests| report::Requests {
            counted: requests.counted.into(),
            double_clicks: requests.double_clicks.into(),
            uncounted: requests.uncounted.into(),
        }),
    }
}

fn mailing(tonight: &Tonight, outcome: &PipelineOutcome) -> Vec<report::MailingList> {
    let asked = |name: &String| tonight.policy.mailing.get(name).map(|asked| asked.purpose.clone());
    let list = |(name, patrons): (&String, &u64)| report::MailingList {
        name: name.clone(),
        purpose: asked(name).unwrap_or_default(),
        patrons: (*patrons).into(),
    };
    outcome.mailing.iter().map(list).collect()
}

/// What a reader of the figures must know of a pipeline.
fn notes(side: Side) -> Vec<String> {
    let contact = "Its rows are patron records, not transactions, and its worklist names them by patron number: give it to nobody \
                   but whoever carries it out, and delete it then.";
    if side == Side::Contact { vec![contact.into()] } else { Vec::new() }
}

fn rejects(outcome: &PipelineOutcome) -> Vec<Rejects> {
    let mut by_reason: BTreeMap<Reason, Rejects> = BTreeMap::new();
    for rejected in &outcome.rejected {
        let all = by_reason.entry(rejected.reason).or_insert_with(|| Rejects {
            reason: rejected.reason,
            rows: Figure::ZERO,
            lines: Vec::new(),
        });
        all.rows += rejected.rows;
        let of_line = |line: &u64| RejectLine { part: rejected.part.clone(), file: rejected.file.clone(), line: *line };
        let lines = rejected.lines.iter().map(of_line);
        let room = Rejects::SHOWN.saturating_sub(all.lines.len());
        all.lines.extend(lines.take(room));
    }
    by_reason.into_values().collect()
}

fn released(month: &ReleasedMonth) -> report::ReleasedMonth {
    report::ReleasedMonth {
        month: month.month,
        rows: month.rows.into(),
        closed: month.closed.clone(),
        counts: month.counts.as_ref().map(counts).unwrap_or_default(),
    }
}

/// What was coarsened, in words; what was not is left out.
fn counts(counts: &Counts) -> BTreeMap<String, Figure> {
    let words = [
        ("branch or material merged", counts.shared_merged),
        ("patron groups coarsened", counts.community_coarsened),
        ("patron groups merged", counts.community_merged),
        ("item type and collection merged", counts.material_merged),
        ("durations merged", counts.durations_merged),
        ("days read as weeks", counts.to_week),
        ("days read as the month", counts.to_month),
        ("under no weekday", counts.no_weekday),
        ("hours merged", counts.hours_merged),
        ("cells without renewals or sessions", counts.measure_withheld),
    ];
    words.into_iter().filter(|(_, rows)| *rows > 0).map(|(word, rows)| (word.into(), rows.into())).collect()
}

/// A kind's retention rules as a sentence.
fn in_words(kind: Kind, rules: &Retention) -> String {
    let days = |days: i32| match days {
        1 => "1 day".to_string(),
        days => format!("{days} days"),
    };
    let mut sentence = match rules.audit {
        Some(audit) => format!(
            "A {kind} names its patron for {} after it closed, for the audit, and its material for {}",
            days(audit),
            days(rules.grace)
        ),
        None if kind == Kind::Contact => format!(
            "A patron record keeps its contact data for {} after the card expired, while anything is out, owed or waited for, \
             and after the last of it",
            days(rules.grace)
        ),
        None if kind == Kind::Bill => format!("A {kind} names its material for {} after it closed", days(rules.grace)),
        None => {
            let article = if matches!(kind, Kind::Access | Kind::Ill) { "An" } else { "A" };
            format!("{article} {kind} stays linked for {} after it closed", days(rules.grace))
        }
    };
    for way in Way::ALL {
        let period = rules.grace_of(Some(way));
        if period != rules.grace {
            sentence += &format!(", {} where it was {way}", days(period));
        }
    }
    if rules.settled > 0 {
        sentence += &format!(", {} after its last bill was paid", days(rules.settled));
    }
    if rules.refund > 0 {
        sentence += &format!(", {} after a lost item was paid for", days(rules.refund));
    }
    if rules.last_borrower > 0 {
        sentence += &format!(", and while it is among the newest {} of its item", rules.last_borrower);
    }
    // A wish for a history is about what was borrowed, and keeps no bill.
    if rules.history == HistoryRule::OptIn && kind != Kind::Bill {
        sentence += "; for patrons who asked to keep theirs, until they change their mind";
    }
    sentence + "."
}

/// Why rows are undetermined, and how many a legal hold covers: for the director, in `state/` alone.
pub fn director(tonight: &Tonight, pipelines: &[&PipelineOutcome]) -> String {
    #[derive(Serialize)]
    struct Director<'a> {
        format: u32,
        sequence: u64,
        pipelines: BTreeMap<&'a str, Reasons<'a>>,
    }
    #[derive(Serialize)]
    struct Reasons<'a> {
        under_legal_hold: u64,
        undetermined_by_reason: &'a BTreeMap<Reason, u64>,
    }
    let pipelines = pipelines.iter().map(|outcome| {
        let reasons = Reasons { under_legal_hold: outcome.under_legal_hold, undetermined_by_reason: &outcome.reasons };
        (outcome.name.as_str(), reasons)
    });
    let director = Director { format: 1, sequence: tonight.sequence, pipelines: pipelines.collect() };
    serde_json::to_string_pretty(&director).unwrap_or_default() + "\n"
}
