//! What the policy and a site's pipelines must agree on.

use super::error::BeginError;
use crate::pipeline::{Lookup, Origin, Pipeline, Source, Treatment, patrons_lookup};
use crate::policy::{Countable, Policy};
use crate::release::{TableShape, figures};
use crate::toml_file::meant;
use crate::words::{Kind, Side};

/// What policy and pipelines must agree on: a loan that is still open at its month's release reads the top band of its
/// duration, so that band must begin by then; and what the policy accepts in a column must be about a column that there
/// is.
pub fn check_together(policy: &Policy, pipelines: &[Pipeline]) -> Result<(), BeginError> {
    let texts = |pipeline: &Pipeline| -> Vec<String> {
        let published = pipeline.declaration.publish.iter().filter(|publish| publish.is_text());
        published.map(|publish| format!("{}.{}", pipeline.name(), publish.name)).collect()
    };
    policy.check_accepts(&pipelines.iter().flat_map(texts).collect::<Vec<_>>())?;
    let mut readers = pipelines.iter().filter(|pipeline| {
        let origins = pipeline.declaration.sources.iter().map(Source::origin);
        let mut origins = origins.chain(pipeline.declaration.lookups.iter().map(Lookup::origin));
        origins.any(|origin| matches!(origin, Origin::StandardInput))
    });
    if let (Some(one), Some(other)) = (readers.next(), readers.next()) {
        return Err(BeginError::Plain(format!(
            "pipelines {} and {} both read standard input, which can be read once",
            one.name(),
            other.name()
        )));
    }
    policy.check_survey(&countable(pipelines), &contacts(pipelines))?;
    check_absent(policy, pipelines)?;
    check_bills(policy, pipelines)?;
    check_contacts(policy, pipelines)?;
    check_mailing(policy, pipelines)?;
    let last = |kind: Kind| policy.retention.get(&kind).is_some_and(|rules| rules.last_borrower > 0);
    if let Some(log) = pipelines.iter().find(|one| one.declaration.is_log() && last(one.declaration.kind)) {
        let (name, kind) = (log.name(), log.declaration.kind);
        return Err(BeginError::Plain(format!(
            "pipeline {name} reads logs, which are retired whole: `last_borrower` under [retention.{kind}] can't be kept"
        )));
    }
    for pipeline in pipelines {
        for publish in &pipeline.declaration.publish {
            if let Treatment::Duration(edges) = &publish.treatment
                && edges.last().is_some_and(|top| *top > policy.release.settle)
            {
                return Err(BeginError::Plain(format!(
                    "pipeline {}: the top band of `{}` begins after the {} days that policy.toml gives a month to settle: \
                     a loan that is still out would not be in it. Let it begin earlier",
                    pipeline.name(),
                    publish.name,
                    policy.release.settle
                )));
            }
        }
    }
    Ok(())
}

/// The tables that surveys may be counted from.
fn countable(pipelines: &[Pipeline]) -> Vec<Countable> {
    let of_pipeline = |pipeline: &Pipeline| {
        let shape = pipeline.declaration.shape();
        let table = |table: &TableShape| Countable {
            name: format!("{}/{}", shape.kind, table.name),
            columns: table.by.clone(),
            figures: figures(&shape, table),
        };
        shape.tables.iter().map(table).collect::<Vec<_>>()
    };
    pipelines.iter().filter(|pipeline| pipeline.declaration.side.is_released()).flat_map(of_pipeline).collect()
}

fn contacts(pipelines: &[Pipeline]) -> Vec<&str> {
    pipelines.iter().filter(|one| one.declaration.kind == Kind::Contact).map(Pipeline::name).collect()
}

/// Who is missing can be told where an export of patrons is joined by the one column that names the patron.
fn check_absent(policy: &Policy, pipelines: &[Pipeline]) -> Result<(), BeginError> {
    let asks = |pipeline: &&Pipeline| {
        policy.retention.get(&pipeline.declaration.kind).is_some_and(|rules| rules.absent_patron.is_some())
    };
    let cant_tell =
        |pipeline: &&Pipeline| pipeline.declaration.is_log() || patrons_lookup(&pipeline.declaration).is_none();
    match pipelines.iter().filter(asks).find(cant_tell) {
        Some(pipeline) => Err(BeginError::Plain(format!(
            "policy.toml: `absent_patron` under [retention.{}] can't be kept: pipeline {} joins no export of patrons by the one \
             column that names the patron, so who is missing can't be told",
            pipeline.declaration.kind,
            pipeline.name()
        ))),
        None => Ok(()),
    }
}

/// A loan asks its bills when they were paid: a bill must know its loan for as long as a loan may ask.
fn check_bills(policy: &Policy, pipelines: &[Pipeline]) -> Result<(), BeginError> {
    let severs = |pipeline: &Pipeline| pipeline.declaration.side == Side::Material;
    let (Some(bill), true) = (policy.retention.get(&Kind::Bill), pipelines.iter().any(severs)) else { return Ok(()) };
    for (kind, rules) in policy.retention.iter().filter(|(kind, _)| **kind != Kind::Bill) {
        let asks = pipelines.iter().any(|pipeline| pipeline.declaration.kind == *kind);
        let short = [("settled", rules.settled, bill.grace, "grace"), ("refund", rules.refund, bill.refund, "refund")];
        let short = short.into_iter().find(|(_, asked, kept, _)| asked > kept);
        if let (true, Some((asked, _, _, kept))) = (asks, short) {
            return Err(BeginError::Plain(format!(
                "policy.toml: `{asked}` of a {kind} is longer than `{kept}` of a bill: the bill would forget the {kind} before \
                 the {kind} is done with it. Let `{kept}` under [retention.bill] be at least as long"
            )));
        }
    }
    Ok(())
}

/// Whoever may still be asked about a transaction must be reached: a patron record keeps its contact data for at least as long
/// as any transaction of hers stays linked after it closed.
fn check_contacts(policy: &Policy, pipelines: &[Pipeline]) -> Result<(), BeginError> {
    let reads = |kind| pipelines.iter().any(|pipeline| pipeline.declaration.kind == kind);
    let Some(contact) = policy.retention.get(&Kind::Contact).filter(|_| reads(Kind::Contact)) else { return Ok(()) };
    for (kind, rules) in policy.retention.iter().filter(|(kind, _)| reads(**kind)) {
        let asked = [("grace", rules.grace_of(None)), ("settled", rules.settled), ("refund", rules.refund)];
        if let Some((key, _)) = asked.into_iter().find(|(_, days)| *days > contact.grace) {
            return Err(BeginError::Plain(format!(
                "policy.toml: `{key}` of a {kind} is longer than `grace` of contact data: the library could no longer write to \
                 whom it still has a question for. Let `grace` under [retention.contact] be at least as long"
            )));
        }
    }
    Ok(())
}

/// Refuses a policy that asks for what no pipeline offers.
fn check_mailing(policy: &Policy, pipelines: &[Pipeline]) -> Result<(), BeginError> {
    let Some((first, _)) = policy.mailing.iter().next() else { return Ok(()) };
    let offers = pipelines.iter().find_map(|pipeline| Some((pipeline.name(), pipeline.declaration.mailing.as_ref()?)));
    let Some((pipeline, offered)) = offers else {
        return Err(BeginError::Plain(format!(
            "policy.toml has [mailing.{first}], and no pipeline offers anything for mailing lists: one of kind contact does, \
             with [mailing]. Take it out of the policy, or put such a pipeline in place"
        )));
    };
    for (name, asked) in &policy.mailing {
        if !offered.opt_in.contains_key(&asked.opt_in) {
            let near = meant(&asked.opt_in, offered.opt_in.keys().map(String::as_str));
            return Err(BeginError::Plain(format!(
                "policy.toml, [mailing.{name}]: without an opt-in nobody is on a list, and pipeline {pipeline} knows no opt-in \
                 `{}`{near}",
                asked.opt_in
            )));
        }
        if let Some(column) = asked.columns.iter().find(|column| !offered.columns.contains(column)) {
            let near = meant(column, offered.columns.iter().map(String::as_str));
            return Err(BeginError::Plain(format!(
                "policy.toml, [mailing.{name}]: pipeline {pipeline} doesn't offer `{column}` for mailing lists{near}"
            )));
        }
    }
    Ok(())
}
