//! `audit`: whether what is public can be solved for a few patrons, as far as anybody can tell from it alone.

use std::path::PathBuf;

use super::out::{Ended, Failed, print_json};
use super::table::{bold, paragraph, warn};
use crate::policy::Policy;
use crate::release::{AuditedKind, audit_public};
use crate::state::site::Site;
use crate::words::Period;

/// Audits a site's public folder, or another, by the policy's threshold or another.
pub fn run(
    site: impl FnOnce() -> Result<Site, Failed>,
    public: Option<&PathBuf>,
    threshold: Option<u32>,
    json: bool,
) -> Result<Ended, Failed> {
    let (public, threshold) = match (public, threshold) {
        (Some(public), Some(threshold)) => (public.clone(), threshold),
        (public, threshold) => {
            let site = site()?;
            let threshold = match threshold {
                Some(threshold) => threshold,
                None => {
                    let policy = Policy::load(&site.at("policy.toml"));
                    policy.map_err(|error| Failed::Plain(error.to_string()))?.release.threshold
                }
            };
            (public.cloned().unwrap_or_else(|| site.at("public")), threshold)
        }
    };
    if !public.is_dir() {
        return Err(Failed::Plain(format!("{}: there is no such folder", public.display())));
    }
    let audited = audit_public(&public, threshold).map_err(|error| Failed::Plain(error.to_string()))?;
    let sound = audited.iter().all(AuditedKind::is_sound);
    let first_model = audited.iter().any(|kind| !kind.first_model.is_empty());
    let shown = serde_json::json!({
        "sound": sound,
        "threshold": threshold,
        "kinds": audited.iter().map(in_json).collect::<Vec<_>>(),
    });
    if !json {
        audited.iter().for_each(in_words);
    }
    if !sound {
        let why = "what is public can be solved: see above, and take those periods down".to_owned();
        return Err(Failed::with(why, &shown, json)?);
    }
    if json {
        print_json(&shown)?;
    } else if audited.is_empty() {
        println!("Nothing is public.");
    } else {
        paragraph(
            "",
            &format!(
                "As far as it tells by itself, no figure of it about who, where or when is of fewer than {threshold} \
                 transactions, or can be solved for fewer."
            ),
        );
    }
    Ok(if first_model { Ended::Look } else { Ended::Done })
}

fn in_json(kind: &AuditedKind) -> serde_json::Value {
    let texts = |periods: &[Period]| periods.iter().map(ToString::to_string).collect::<Vec<_>>();
    let period = |(period, findings): &(Period, Vec<crate::release::tree::audit::Finding>)| {
        let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
        serde_json::json!({ "period": period.to_string(), "findings": findings })
    };
    serde_json::json!({
        "kind": kind.kind,
        "periods": kind.periods.iter().map(period).collect::<Vec<_>>(),
        "totals_alone": texts(&kind.totals_alone),
        "first_model": texts(&kind.first_model),
        "between": kind.between.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn in_words(kind: &AuditedKind) {
    println!("{}", bold(&format!("{}s", kind.kind)));
    let sound = kind.periods.iter().filter(|(_, findings)| findings.is_empty()).count();
    println!("  periods        {:>8}, of which sound {sound}", kind.periods.len());
    if !kind.totals_alone.is_empty() {
        println!("  totals alone   {:>8}", kind.totals_alone.len());
    }
    if !kind.first_model.is_empty() {
        let why = format!(
            "{} {} months were published before the one rule; what they tell isn't audited by it",
            warn("first model:"),
            kind.first_model.len()
        );
        paragraph("  ", &why);
    }
    for (period, findings) in &kind.periods {
        for finding in findings {
            paragraph(&format!("  - {period}  "), &finding.to_string());
        }
    }
    for finding in &kind.between {
        paragraph("  - ", &finding.to_string());
    }
}
