//! The audit from `public/` alone, over all periods and kinds: what anybody can check, and anybody could attack.
//!
//! Patrons aren't known here: a cell of fewer rows than the threshold is surely about fewer patrons. Months that the first
//! model published aren't made by the one rule; they are named, and only asked whether another period has their days, too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::catalogue::Publics;
use super::count::groups;
use super::error::ReleaseError;
use super::meanings::{about_of, is_of_titles};
use super::node::{Cells, Table, TableColumn};
use super::parquet_file::read;
use super::shape::{About, HOURS, Node, WEEKDAY};
use super::tree::audit::{Broken, Finding, Node as AuditNode, periods, tables_alone, titles_alone};
use super::tree::{Community, FIRST, HoursCell, Labels, NO_WEEKDAY, Span, Tables, Trunk, When, Word};
use super::vocabulary::{OTHER_TEXT, UNKNOWN_TEXT, WEEKDAYS};
use super::write::node_path;
use crate::words::{Kind, Period};

/// What the audit says of one kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditedKind {
    pub kind: Kind,
    /// Each period with a dataset, and what is wrong with it.
    pub periods: Vec<(Period, Vec<Finding>)>,
    /// Periods of which totals of uses alone are published.
    pub totals_alone: Vec<Period>,
    /// Months that the first model published.
    pub first_model: Vec<Period>,
    /// What is wrong between periods.
    pub between: Vec<Finding>,
}

impl AuditedKind {
    pub fn is_sound(&self) -> bool {
        self.between.is_empty() && self.periods.iter().all(|(_, findings)| findings.is_empty())
    }
}

/// Audits all that is public.
///
/// # Errors
/// When a file can't be read.
pub fn audit_public(public: &Path, threshold: u32) -> Result<Vec<AuditedKind>, ReleaseError> {
    let catalogue = Publics::of([public]).catalogue(&Kind::PUBLISHED)?;
    let mut all = Vec::new();
    for (kind, of_kind) in &catalogue.kinds {
        let dated = of_kind.nodes.get(&Node::Collection).map_or(&[][..], |folder| &folder.periods);
        let of_tables: BTreeSet<Period> = of_kind.tables.values().flat_map(|table| table.keys().copied()).collect();
        let mut audited = AuditedKind {
            kind: *kind,
            periods: Vec::new(),
            totals_alone: of_tables.iter().copied().filter(|period| !dated.contains(period)).collect(),
            first_model: Vec::new(),
            between: between(dated.iter().chain(&of_tables), &of_kind.patrons_of_years, threshold),
        };
        for &period in dated {
            let node = |node: Node| {
                let path = public.join(node_path(*kind, node, period));
                if path.exists() { read(&path).map(Some) } else { Ok(None) }
            };
            let Some(collection) = node(Node::Collection)? else { continue };
            if collection.columns.iter().all(|column| column.means.is_empty()) {
                audited.first_model.push(period);
                continue;
            }
            let (community, hours) = (node(Node::Community)?, node(Node::Hours)?);
            let of_files = Files { collection: &collection, community: community.as_ref(), hours: hours.as_ref() };
            let mut findings = match of_files.tables() {
                Some(tables) => tables_alone(&tables, threshold),
                None => vec![Finding { node: AuditNode::Trunk, broken: Broken::Files, count: 1 }],
            };
            for of_table in of_kind.tables.values() {
                let Some(table) = of_table.get(&period) else { continue };
                findings.extend(of_files.sums(table)?);
                findings.extend(of_files.titles(table, threshold));
            }
            audited.periods.push((period, findings));
        }
        all.push(audited);
    }
    Ok(all)
}

/// What is wrong between periods; and with the patrons of years, of which none may overlap another either.
fn between<'p>(
    all: impl Iterator<Item = &'p Period>,
    patrons_of_years: &BTreeMap<Period, Table>,
    threshold: u32,
) -> Vec<Finding> {
    let distinct: BTreeSet<Period> = all.copied().collect();
    let spans = |periods: &mut dyn Iterator<Item = &Period>| periods.map(|period| span(*period)).collect::<Vec<Span>>();
    let mut findings = periods(&spans(&mut distinct.iter()));
    findings.extend(periods(&spans(&mut patrons_of_years.keys())));
    let is_rounded =
        |figure: Option<i64>| figure.is_some_and(|figure| figure > 0 && figure % i64::from(threshold) == 0);
    let figure = |table: &Table| table.column("patrons").and_then(|column| column.cells.number(0));
    let exact = patrons_of_years.values().filter(|table| table.rows != 1 || !is_rounded(figure(table))).count();
    if exact > 0 {
        findings.push(Finding { node: AuditNode::Totals, broken: Broken::DoesNotCover, count: exact as u64 });
    }
    findings
}

fn span(period: Period) -> Span {
    Span { first: period.first_day().0, last: period.last_day().0 }
}

/// The column of a table that counts rows: the first that it has. Where renewals are rows of their own, checkouts are fewer.
const COUNTS: [&str; 3] = ["transactions", "requests", "checkouts"];

/// The files of one period.
struct Files<'a> {
    collection: &'a Table,
    community: Option<&'a Table>,
    hours: Option<&'a Table>,
}

impl Files<'_> {
    /// The tables in codes; none: they aren't such as afterloan writes.
    fn tables(&self) -> Option<Tables> {
        let mut vocabularies = Vocabularies::default();
        let all = [Some(self.collection), self.community, self.hours];
        all.into_iter().flatten().flat_map(Table::texts).for_each(|(column, text)| vocabularies.add(column, text));
        let about = |table: &Table, about: About| -> Vec<Labels> {
            let columns = table.columns.iter().filter(|column| about_of(&column.means) == Some(about));
            columns.filter_map(|column| vocabularies.labels(column)).collect()
        };
        let trunk = Trunk {
            places: about(self.collection, About::Place),
            time: time(self.collection)?,
            uses: about(self.collection, About::Use),
            measures: Vec::new(),
        };
        let community = self
            .community
            .map(|leaf| Community { places: about(leaf, About::Place), patrons: about(leaf, About::Patron) });
        let hours = match self.hours {
            None => None,
            Some(leaf) => Some(hours(leaf, &vocabularies)?),
        };
        Some(Tables { trunk, community, hours })
    }

    /// Whether each line of a table of titles is about enough, and all together are the period.
    fn titles(&self, table: &Table, threshold: u32) -> Vec<Finding> {
        let Some(titles) = table.columns.iter().find(|column| is_of_titles(&column.means)) else { return Vec::new() };
        let counts = COUNTS.iter().find_map(|name| table.column(name));
        let rows = |row: usize| counts.and_then(|counts| u64::try_from(counts.cells.number(row)?).ok());
        let line = |row: usize| (titles.cells.shown(row) == OTHER_TEXT, rows(row).unwrap_or_default());
        let lines: Vec<(bool, u64)> = (0..table.rows).map(line).collect();
        titles_alone(&lines, self.collection.rows as u64, threshold)
    }

    /// Whether a table that is counted from a node is a sum of what the node has.
    fn sums(&self, table: &Table) -> Result<Option<Finding>, ReleaseError> {
        let by: Vec<String> = table
            .columns
            .iter()
            .filter(|column| matches!(column.cells, Cells::Texts { .. }))
            .map(|column| column.name.clone())
            .collect();
        let has_all = |node: &Table| by.iter().all(|name| node.column(name).is_some());
        let nodes = [Some(self.collection), self.community, self.hours];
        let Some(count) = COUNTS.iter().find_map(|name| table.column(name)) else { return Ok(None) };
        let Some(node) = nodes.into_iter().flatten().find(|node| has_all(node)) else { return Ok(None) };
        // Checkouts are a number of each row; other rows are counted, but for hours, which are counted already.
        let sum: Vec<&str> = node.column(&count.name).map(|column| column.name.as_str()).into_iter().collect();
        let failed = |source| ReleaseError::Polars { path: count.name.clone().into(), source };
        let mut expected: BTreeMap<Vec<String>, i64> = BTreeMap::new();
        for group in groups(node, &by, &sum).map_err(failed)? {
            let text = |(name, place): (&String, &u32)| match node.column(name).map(|column| &column.cells) {
                Some(Cells::Texts { texts, .. }) => texts[*place as usize].clone(),
                _ => String::new(),
            };
            let cell = by.iter().zip(&group.places).map(text).collect();
            *expected.entry(cell).or_default() += group.sums.first().copied().unwrap_or(group.rows);
        }
        let mut wrong = 0;
        for row in 0..table.rows {
            let texts = table.columns.iter().filter(|column| matches!(column.cells, Cells::Texts { .. }));
            let cell: Vec<String> = texts.map(|column| column.cells.shown(row)).collect();
            wrong += u64::from(expected.remove(&cell) != count.cells.number(row));
        }
        wrong += expected.len() as u64;
        Ok((wrong > 0).then_some(Finding { node: AuditNode::Totals, broken: Broken::Sum, count: wrong }))
    }
}

/// When each row of the trunk says that it happened.
fn time(collection: &Table) -> Option<Vec<When>> {
    let days = |name: &str| match collection.column(name).map(|column| &column.cells) {
        Some(Cells::Days(days)) => Some(days),
        _ => None,
    };
    match (days("day"), days("week")) {
        (None, None) => Some(vec![When::Period; collection.rows]),
        (Some(days), Some(weeks)) => Some(
            days.iter()
                .zip(weeks)
                .map(|both| match both {
                    (Some(day), _) => When::Day(*day),
                    (None, Some(week)) => When::Week(*week),
                    (None, None) => When::Period,
                })
                .collect(),
        ),
        _ => None,
    }
}

fn hours(leaf: &Table, vocabularies: &Vocabularies) -> Option<Vec<HoursCell>> {
    let place = leaf.columns.iter().find(|column| about_of(&column.means) == Some(About::Place));
    let place = place.map(|column| vocabularies.labels(column));
    let (weekday, range) = (leaf.column(WEEKDAY)?, vocabularies.labels(leaf.column(HOURS)?)?);
    let counts = ["transactions", "requests"].iter().find_map(|name| leaf.column(name))?;
    let cell = |row: usize| {
        let weekday = WEEKDAYS.iter().position(|name| *name == weekday.cells.shown(row))?;
        Some(HoursCell {
            place: match &place {
                None => None,
                Some(labels) => Some(labels.as_ref()?.word(row)),
            },
            weekday: u8::try_from(weekday).unwrap_or(NO_WEEKDAY),
            range: range.word(row),
            rows: u64::try_from(counts.cells.number(row)?).ok()?,
        })
    };
    (0..leaf.rows).map(cell).collect()
}

/// The texts of each column in all nodes, in their order.
#[derive(Default)]
struct Vocabularies(BTreeMap<String, BTreeSet<String>>);

impl Vocabularies {
    fn add(&mut self, column: &str, text: &str) {
        self.0.entry(column.to_owned()).or_default().insert(text.to_owned());
    }

    fn labels(&self, column: &TableColumn) -> Option<Labels> {
        let Cells::Texts { words, texts } = &column.cells else { return None };
        let known = self.0.get(&column.name)?;
        let code = |text: &String| known.iter().position(|other| other == text);
        let word = |text: &String| match text.as_str() {
            OTHER_TEXT => Some(Word::Other),
            UNKNOWN_TEXT => Some(Word::Unknown),
            _ => code(text).map(|code| Word::Value(FIRST + code as u32)),
        };
        let says: Vec<Word> = texts.iter().map(word).collect::<Option<_>>()?;
        Some(Labels::of_cells(words, &says))
    }
}
