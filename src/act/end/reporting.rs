//! From a night to its report.

use std::collections::BTreeMap;

use serde::Serialize;

use super::exposed::exposure;
use super::night_done::NightDone;
use super::pipeline_report::pipeline;
use super::reported::Reported;
use super::retention_words::in_words;
use crate::act::begin::Tonight;
use crate::evidence::page::{self, Director, HeldRows, HoldInForce};
use crate::evidence::report::{
    AcceptedPattern, Accounting, Authority, Copy, Evidence, ExportDigest, Halt, NOT_ATTESTED, RelinkRisk,
    RememberedYear, Report, Run, Summary,
};
use crate::policy::{Accept, Policy, Standing};
use crate::words::{Day, Kind, Month, Period, Reason};

/// The exact report. Braked pipelines are named, and their rows are in no figure: nothing was done about them.
pub fn report(reported: &Reported<'_>) -> Report {
    let Reported { tonight, night, .. } = reported;
    let policy = &tonight.policy;
    let stopped = night.stopped.iter();
    let stopped = stopped.map(|stopped| Halt { pipeline: Some(stopped.pipeline.clone()), why: stopped.why.clone() });
    let brakes: Vec<Halt> =
        night.brakes.iter().map(|brake| Halt { pipeline: brake.pipeline.clone(), why: brake.why.clone() }).collect();
    let (held, accepted) = if night.accepted { (Vec::new(), brakes) } else { (brakes, Vec::new()) };
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
        exposure: Some(exposure(tonight, reported.memory)),
        authority: authority(policy, tonight.day),
        threshold: policy.release.threshold,
        retention: policy.retention.iter().map(|(kind, rules)| in_words(*kind, rules)).collect(),
        pipelines: night.carried_out().map(|one| pipeline(reported, &one.outcome)).collect(),
        unspoken_columns: night.unspoken.clone(),
        held,
        stopped: stopped.collect(),
        accepted,
        accepted_patterns: policy.accepts.iter().map(|accept| accepted_pattern(accept, night)).collect(),
        relink_risk: reported.staged.iter().map(|(kind, month)| relink_risk(policy, *kind, *month)).collect(),
        remembered_years: reported.years.iter().map(|(kind, year)| remembered(policy, *kind, *year)).collect(),
        deletes: deletes(reported),
        not_attested: NOT_ATTESTED.iter().map(|sentence| sentence.to_string()).collect(),
        evidence: evidence(tonight, night),
    };
    report.sum_up();
    report
}

fn authority(policy: &Policy, day: Day) -> Authority {
    let given = |text: &String| Some(text.clone()).filter(|text| !text.trim().is_empty());
    Authority {
        statute: given(&policy.authority.statute),
        schedule: given(&policy.authority.schedule),
        authorization: given(&policy.authority.authorization),
        until: policy.authority.until,
        ends_in: match policy.authority.on(day) {
            Standing::Ends { days, .. } => Some(days),
            _ => None,
        },
        custodian: given(&policy.authority.custodian),
        series: given(&policy.authority.series),
    }
}

fn relink_risk(policy: &Policy, kind: Kind, month: Month) -> RelinkRisk {
    let period = policy.release.calendar.regular(month);
    RelinkRisk { kind, month, key_destroyed: period.last_day().plus(policy.release.settle) }
}

fn remembered(policy: &Policy, kind: Kind, year: Period) -> RememberedYear {
    RememberedYear { kind, year, key_destroyed: year.last_day().plus(policy.release.settle) }
}

fn deletes(reported: &Reported<'_>) -> Vec<String> {
    let exports = reported.to_delete.iter().map(|export| format!("inbox/{}", export.name));
    exports.chain(reported.expired.iter().cloned()).collect()
}

fn evidence(tonight: &Tonight, night: &NightDone<'_>) -> Evidence {
    let exports = night.carried_out().flat_map(|one| &one.outcome.exports.files);
    Evidence {
        policy: tonight.policy.digest,
        pipelines: tonight.pipelines.iter().map(|one| (one.name().to_string(), one.digest)).collect(),
        plan: night.digest,
        previous_head: tonight.head,
        exports: exports.map(|export| ExportDigest { file: export.found.name(), keyed: export.digest }).collect(),
    }
}

fn accepted_pattern(accept: &Accept, night: &NightDone<'_>) -> AcceptedPattern {
    let used = night.carried_out().filter(|one| one.outcome.name == accept.pipeline).any(|one| {
        one.outcome
            .publishes
            .accepted_patterns
            .iter()
            .any(|(column, pattern)| (column, pattern) == (&accept.column, &accept.pattern))
    });
    AcceptedPattern {
        column: format!("{}.{}", accept.pipeline, accept.column),
        pattern: accept.pattern,
        reason: accept.reason.clone(),
        used,
    }
}

/// Why rows are undetermined, and how many a legal hold covers: for the director, in `state/` alone.
pub fn director(tonight: &Tonight, night: &NightDone<'_>) -> String {
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
    let pipelines = night.pipelines.iter().map(|done| {
        let outcome = &done.outcome;
        let reasons = Reasons {
            under_legal_hold: outcome.tally.director.under_legal_hold,
            undetermined_by_reason: &outcome.tally.director.reasons,
        };
        (outcome.name.as_str(), reasons)
    });
    let director = Director { format: 1, sequence: tonight.sequence, pipelines: pipelines.collect() };
    serde_json::to_string_pretty(&director).unwrap_or_default() + "\n"
}

/// The same to be read, with the holds that are in force.
pub fn director_page(tonight: &Tonight, night: &NightDone<'_>) -> String {
    let day = |at| Day::from_date(tonight.policy.timezone.to_datetime(at).date());
    let holds = tonight.register.in_force(tonight.options.as_of).into_iter().map(|hold| HoldInForce {
        matter: &hold.matter,
        since: day(hold.placed),
        trigger: hold.note.as_deref().unwrap_or(hold.trigger.as_str()),
        by: &hold.placed_by,
        until: hold.until,
    });
    let pipelines = night.pipelines.iter().map(|done| HeldRows {
        name: &done.outcome.name,
        under_legal_hold: done.outcome.tally.director.under_legal_hold,
        reasons: done.outcome.tally.director.reasons.iter().map(|(reason, rows)| (*reason, *rows)).collect(),
    });
    page::director(&Director {
        library: &tonight.policy.library.name,
        sequence: tonight.sequence,
        day: tonight.day,
        holds: holds.collect(),
        pipelines: pipelines.collect(),
    })
}
