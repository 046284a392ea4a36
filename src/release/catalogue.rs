//! All that is public of a library: every kind's dataset and statistics, over all periods. What series, the package and the
//! pages are made from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::coarsening::COARSENING;
use super::error::ReleaseError;
use super::names::{PATRONS_OF_YEAR, YEARS};
use super::node::Table;
use super::parquet_file::{read, read_columns_alone};
use super::series::series_path;
use super::shape::Node;
use super::write::{RECORDS, node_path, records_path, table_path};
use super::years::{years, years_path};
use crate::words::{Calendar, Kind, Period};

/// All that is public.
#[derive(Debug, Default)]
pub struct Catalogue {
    pub kinds: BTreeMap<Kind, OfKind>,
    /// How many patron records a pipeline read, by its name and by the month.
    pub records: BTreeMap<String, BTreeMap<Period, Table>>,
    /// What surveys ask for.
    pub survey: BTreeMap<Period, Table>,
}

/// What the package and the pages say beside tables.
pub struct PackageAbout<'a> {
    pub library: &'a str,
    pub threshold: u32,
    /// An SPDX name, where the policy gives one.
    pub licence: Option<&'a str>,
    /// By column and value: what people call it.
    pub labels: &'a BTreeMap<String, BTreeMap<String, String>>,
}

impl PackageAbout<'_> {
    /// What a value of a column is called; without a label, itself.
    pub fn label<'t>(&'t self, column: &str, value: &'t str) -> &'t str {
        self.labels.get(column).and_then(|labels| labels.get(value)).map_or(value, String::as_str)
    }
}

/// What is public of one kind.
#[derive(Debug, Default)]
pub struct OfKind {
    /// By node: the periods that have it, and what columns the newest has.
    pub nodes: BTreeMap<Node, InFolder>,
    /// By table.
    pub tables: BTreeMap<String, BTreeMap<Period, Table>>,
    /// By table, the sums of its years.
    pub years: BTreeMap<String, BTreeMap<Period, Table>>,
    /// Distinct patrons of each year.
    pub patrons_of_years: BTreeMap<Period, Table>,
}

/// A node in its folder.
#[derive(Debug, Default)]
pub struct InFolder {
    pub periods: Vec<Period>,
    /// Of the newest period, with no row.
    pub columns: Table,
}

/// Where what is public may lie: what stands, and what a run has just made, which counts for more; without what is taken down.
pub struct Publics<'a> {
    at: Vec<&'a Path>,
    /// Folders relative to `public/`.
    without: BTreeSet<String>,
}

impl Catalogue {
    /// With the sums of years, by this calendar.
    ///
    /// # Errors
    /// When Polars can't group, which it can.
    pub fn with_years(mut self, calendar: Calendar) -> Result<Catalogue, ReleaseError> {
        for of_kind in self.kinds.values_mut() {
            for (name, periods) in of_kind.tables.iter().filter(|(name, _)| *name != COARSENING) {
                let path = || PathBuf::from(format!("{name}{YEARS}"));
                let years = years(periods, calendar).map_err(|source| ReleaseError::Polars { path: path(), source })?;
                if !years.is_empty() {
                    of_kind.years.insert(name.clone(), years);
                }
            }
        }
        Ok(self)
    }
}

impl OfKind {
    /// All that is a series: tables, their years, patrons of years; each with where its CSV lies.
    pub fn series(&self, kind: Kind) -> Vec<(String, String, &BTreeMap<Period, Table>)> {
        let tables = self.tables.iter().map(|(name, periods)| (name.clone(), series_path(kind, name), periods));
        let years = self.years.iter();
        let years = years.map(|(name, years)| (format!("{name}{YEARS}"), years_path(kind, name), years));
        let patrons = (PATRONS_OF_YEAR.to_owned(), series_path(kind, PATRONS_OF_YEAR), &self.patrons_of_years);
        let patrons = Some(patrons).filter(|_| !self.patrons_of_years.is_empty());
        tables.chain(years).chain(patrons).collect()
    }
}

impl<'a> Publics<'a> {
    pub fn of(at: impl IntoIterator<Item = &'a Path>) -> Publics<'a> {
        Publics { at: at.into_iter().collect(), without: BTreeSet::new() }
    }

    /// As if these folders, relative to `public/`, weren't there.
    pub fn without(self, folders: impl IntoIterator<Item = String>) -> Publics<'a> {
        Publics { without: folders.into_iter().collect(), ..self }
    }
}

impl Publics<'_> {
    /// Reads the catalogue of these kinds.
    ///
    /// # Errors
    /// When a folder or a file can't be read. Folders of other names than periods are passed by.
    pub fn catalogue(&self, kinds: &[Kind]) -> Result<Catalogue, ReleaseError> {
        let mut catalogue = Catalogue::default();
        for name in self.names(RECORDS)? {
            let mut months = BTreeMap::new();
            for month in self.periods(&format!("{RECORDS}/{name}"))? {
                months.insert(month, read(&self.find(&records_path(&name, month)))?);
            }
            if !months.is_empty() {
                catalogue.records.insert(name, months);
            }
        }
        for &kind in kinds {
            let mut of_kind = OfKind::default();
            for node in Node::ALL {
                let periods: Vec<Period> = self.periods(&format!("dataset/{kind}/{}", node.name()))?;
                if let Some(newest) = periods.last() {
                    let columns = read_columns_alone(&self.find(&node_path(kind, node, *newest)))?;
                    of_kind.nodes.insert(node, InFolder { periods, columns });
                }
            }
            for name in self.names(&format!("statistics/{kind}"))? {
                let mut periods = BTreeMap::new();
                for period in self.periods(&format!("statistics/{kind}/{name}"))? {
                    periods.insert(period, read(&self.find(&table_path(kind, &name, period)))?);
                }
                if name == PATRONS_OF_YEAR {
                    of_kind.patrons_of_years = periods;
                } else if !periods.is_empty() {
                    of_kind.tables.insert(name, periods);
                }
            }
            if !of_kind.nodes.is_empty() || !of_kind.tables.is_empty() {
                catalogue.kinds.insert(kind, of_kind);
            }
        }
        Ok(catalogue)
    }

    /// The file where it was made last.
    fn find(&self, relative: &str) -> PathBuf {
        let mut all = self.at.iter().rev().map(|public| public.join(relative));
        let found = all.find(|path| path.exists());
        found.unwrap_or_else(|| self.at.first().map_or(PathBuf::new(), |public| public.join(relative)))
    }

    /// The periods of a folder, in order.
    pub(super) fn periods(&self, folder: &str) -> Result<Vec<Period>, ReleaseError> {
        let names = self.names(folder)?;
        let period = |name: String| name.strip_prefix("month=").and_then(|period| period.parse().ok());
        let mut periods: Vec<Period> = names.into_iter().filter_map(period).collect();
        periods.sort_unstable();
        Ok(periods)
    }

    /// The folders in a folder, in order; none where it isn't there.
    fn names(&self, folder: &str) -> Result<Vec<String>, ReleaseError> {
        let mut names = Vec::new();
        for public in &self.at {
            let path = public.join(folder);
            let failed = |source| ReleaseError::Write { path: path.clone(), source };
            let entries = match fs::read_dir(&path) {
                Ok(entries) => entries,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(failed(error)),
            };
            for entry in entries {
                let entry = entry.map_err(failed)?;
                if entry.path().is_dir() {
                    names.extend(entry.file_name().into_string().ok());
                }
            }
        }
        names.retain(|name| !self.without.contains(&format!("{folder}/{name}")));
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }
}
