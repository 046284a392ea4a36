//! Statistics over columns of one half: true, about enough patrons, and renewals with a cover of their own.

use std::collections::BTreeMap;

use super::checker::{Checker, Counted, Rows, Told, places, same};
use super::published::Table;

/// What each cell counts, or what is wrong with it.
pub fn counted(
    checker: &Checker<'_>,
    name: &str,
    by: &[&str],
    table: &Table,
    told: &[Told<'_>],
) -> Result<Vec<Counted>, String> {
    same("labels", &table.by.iter().map(String::as_str).collect(), &by.to_vec())?;
    let layout = checker.layout;
    let is_about_patrons = |column: &&str| layout.patron.contains(column);
    let of_patrons = by.iter().any(is_about_patrons);
    let of_rows = if layout.kind == "loan" { "checkouts" } else { "transactions" };
    let labels = |told: &Told<'_>| by.iter().map(|column| told.label(layout, column)).collect::<Vec<_>>();
    let mut groups = places(told.iter().map(labels));
    let mut counted = Vec::new();
    for (labels, figures) in &table.cells {
        let wrong = |what: &str| Err(format!("{name} {labels:?}: {what}"));
        let figure = |name: &str| figures.get(name).copied().flatten();
        let rows = groups.remove(labels).unwrap_or_default();
        // `other` may be there for withheld renewals alone.
        let alone =
            rows.is_empty() && layout.renewals && of_patrons && family(layout.patron.as_slice(), by, labels) == *labels;
        if figure(of_rows) != Some(rows.len() as u64) || (rows.is_empty() && !alone) {
            return wrong("rows aren't true");
        }
        let patrons = (table.cells.len() > 1).then(|| checker.patrons(&rows));
        if !alone && figure("patrons") != patrons {
            return wrong("patrons aren't true");
        }
        if !alone && !checker.covers(&rows) {
            return wrong("doesn't cover");
        }
        let circulation = figure("renewals").map(|renewals| renewals + rows.len() as u64);
        if figure("circulation") != circulation || figures.contains_key("renewals") != layout.renewals {
            return wrong("circulation isn't checkouts and renewals");
        }
        let renewing = figure("renewals").map(|_| checker.renewing(&rows));
        counted.push(Counted { labels: labels.clone(), rows, renewing });
    }
    if !groups.is_empty() {
        return Err(format!("{name}: groups are missing"));
    }
    if of_patrons {
        let families: Vec<_> = counted.iter().map(|cell| family(&layout.patron, by, &cell.labels)).collect();
        pool(checker, &mut counted, &families).map_err(|what| format!("{name}: {what}"))?;
    }
    for cell in &counted {
        let Some(renewing) = &cell.renewing else { continue };
        let wrong = |what: &str| Err(format!("{name} {:?}: {what}", cell.labels));
        let figures = &table.cells[&cell.labels];
        if figures["renewals"] != Some(checker.renewals(renewing)) {
            return wrong("renewals aren't true");
        }
        if of_patrons && !checker.renewals_cover(renewing) {
            return wrong("renewals don't cover");
        }
        if cell.rows.is_empty() && figures["patrons"] != Some(checker.patrons(renewing)) {
            return wrong("patrons of renewals aren't true");
        }
    }
    Ok(counted)
}

/// The `other` that counts what a cell withholds: the same in what isn't about patrons.
fn family(about: &[&str], by: &[&str], labels: &[String]) -> Vec<String> {
    let of = |(column, label): (&&str, &String)| if about.contains(column) { "other".into() } else { label.clone() };
    by.iter().zip(labels).map(of).collect()
}

/// Adds to each family's `other` the renewals that its siblings withhold. A family tells all of them, or none.
fn pool(checker: &Checker<'_>, counted: &mut [Counted], families: &[Vec<String>]) -> Result<(), String> {
    let mut withheld: BTreeMap<&Vec<String>, Rows> = BTreeMap::new();
    let mut tells: BTreeMap<&Vec<String>, bool> = BTreeMap::new();
    for (cell, family) in counted.iter().zip(families) {
        *tells.entry(family).or_default() |= cell.renewing.is_some();
        if cell.renewing.is_none() {
            withheld.entry(family).or_default().extend(checker.renewing(&cell.rows));
        }
    }
    for (cell, family) in counted.iter_mut().zip(families).filter(|(cell, family)| cell.labels == **family) {
        if let Some(renewing) = &mut cell.renewing {
            renewing.extend(withheld.remove(family).unwrap_or_default());
        }
    }
    match withheld.iter().any(|(family, rows)| tells[family] && !rows.is_empty()) {
        true => Err("withheld renewals are counted nowhere, though others are told".into()),
        false => Ok(()),
    }
}
