//! What is made anew of all periods whenever one is released, or taken down: series, the data package, pages. Each replaces what stood
//! there.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::{EndError, cant_write};
use super::night_done::NightDone;
use crate::act::begin::Tonight;
use crate::policy::{Element, Policy, Rule};
use crate::release::{
    LABELS, PACKAGE, PackageAbout, Publics, RECORDS, SURVEY, SURVEY_PAGE, Table, labels, package, pages, series,
    survey, write_records, years_path,
};
use crate::state::commit::Pending;
use crate::words::{Kind, Period};

/// Writes them, from what is public and what this run adds.
pub fn write(tonight: &Tonight, pending: &mut Pending<'_>, night: &NightDone<'_>) -> Result<(), EndError> {
    let (stands, added) = (tonight.site.at("public"), pending.folder("public")?);
    let elements = &tonight.policy.survey;
    for pipeline in night.carried_out().filter(|one| is_asked(elements, &one.outcome.name)) {
        let (name, records) = (&pipeline.outcome.name, pipeline.outcome.totals.read);
        if tonight.memory.taken_down.contains(&format!("{RECORDS}/{name}/month={}", tonight.day.month())) {
            continue;
        }
        write_records(name, tonight.day.month(), records, tonight.policy.release.threshold, (&stands, &added))?;
    }
    made_anew(&tonight.policy, pending, Publics::of([&*stands, &*added]), (&stands, &added))
}

/// Makes anew what is made of all periods: of what stands, and what is added.
pub fn made_anew(
    policy: &Policy,
    pending: &mut Pending<'_>,
    publics: Publics<'_>,
    (stands, added): (&Path, &Path),
) -> Result<(), EndError> {
    let elements = &policy.survey;
    let catalogue = publics.catalogue(&Kind::PUBLISHED)?;
    let mut catalogue = catalogue.with_years(policy.release.calendar)?;
    catalogue.survey = survey(elements, &catalogue);
    if catalogue.survey.is_empty() {
        stale(pending, stands, [SURVEY.to_owned(), SURVEY_PAGE.to_owned()])?;
    } else {
        write_series(&added.join(SURVEY), &catalogue.survey)?;
    }
    for (kind, of_kind) in &catalogue.kinds {
        // Those of another calendar.
        let untold = of_kind.tables.keys().filter(|name| !of_kind.years.contains_key(*name));
        stale(pending, stands, untold.map(|name| years_path(*kind, name)))?;
        for (_, path, periods) in of_kind.series(*kind) {
            write_series(&added.join(path), periods)?;
        }
    }
    let about = PackageAbout {
        library: &policy.library.name,
        threshold: policy.release.threshold,
        licence: policy.release.licence.as_deref(),
        labels: &policy.release.labels,
    };
    let path = added.join(LABELS);
    match labels(&catalogue, &about).map_err(|error| EndError::Plain(format!("{}: {error}", path.display())))? {
        Some(csv) => {
            write_one(&path, &csv)?;
        }
        // Those of before are no longer what the board calls them.
        None => stale(pending, stands, [LABELS.to_owned()])?,
    }
    let path = added.join(PACKAGE);
    let json = package(&catalogue, &about).map_err(|error| EndError::Plain(format!("{}: {error}", path.display())))?;
    write_one(&path, json.as_bytes())?;
    for page in pages(&catalogue, &about) {
        write_one(&added.join(page.path), page.html.as_bytes())?;
    }
    Ok(())
}

/// Takes away what no longer says what is so, where it stands.
fn stale(pending: &mut Pending<'_>, stands: &Path, paths: impl IntoIterator<Item = String>) -> Result<(), EndError> {
    for path in paths.into_iter().filter(|path| stands.join(path).exists()) {
        pending.remove(format!("public/{path}"))?;
    }
    Ok(())
}

/// Whether an element is the number of this pipeline's patron records.
fn is_asked(elements: &[Element], pipeline: &str) -> bool {
    elements.iter().any(|element| matches!(&element.rule, Rule::Records(name) if name == pipeline))
}

fn write_series(path: &Path, periods: &BTreeMap<Period, Table>) -> Result<(), EndError> {
    let csv = series(periods).map_err(|error| EndError::Plain(format!("{}: {error}", path.display())))?;
    write_one(path, &csv)
}

/// Tonight nothing may be released of a kind: then its folder isn't there yet.
fn write_one(path: &Path, bytes: &[u8]) -> Result<(), EndError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| cant_write(folder, error))?;
    }
    std::fs::write(path, bytes).map_err(|error| cant_write(path, error))
}
