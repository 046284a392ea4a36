//! What is public: the nodes and the statistics of a period, as any reader of parquet finds them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use jiff::civil::Date;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::calendar::Span;
use super::truth::Layout;

/// A row of the trunk.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Line {
    pub places: Vec<String>,
    pub uses: Vec<String>,
    pub when: When,
    pub numbers: Vec<i64>,
}

/// The day; or the first day of the week within the period; or the period.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum When {
    Day(Date),
    Week(Date),
    Period,
}

/// A row of the leaf of who.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Who {
    pub places: Vec<String>,
    pub about: Vec<String>,
}

/// A cell of the leaf of hours.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct HoursCell {
    /// None where the kind has no places.
    pub place: Option<String>,
    pub weekday: String,
    pub range: String,
    pub rows: i64,
}

/// A statistic: for each combination of labels its figures by name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    pub by: Vec<String>,
    pub figures: Vec<String>,
    pub cells: Cells,
}

/// By labels, the figures by name.
pub type Cells = BTreeMap<Vec<String>, BTreeMap<String, Option<i64>>>;

/// All that is public of a kind's period.
#[derive(Clone, Debug)]
pub struct Published {
    pub span: Span,
    pub collection: Vec<Line>,
    pub community: Vec<Who>,
    pub hours: Option<Vec<HoursCell>>,
    pub tables: BTreeMap<String, Table>,
}

/// The periods that a folder has.
pub fn periods_in(folder: &Path) -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeSet::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.map(|name| name.strip_prefix("month=").expect("a folder that is no period's").to_owned()).collect()
}

pub fn node_path(public: &Path, kind: &str, node: &str, period: &str) -> PathBuf {
    public.join(format!("dataset/{kind}/{node}/month={period}/{node}.parquet"))
}

pub fn table_path(public: &Path, kind: &str, table: &str, period: &str) -> PathBuf {
    public.join(format!("statistics/{kind}/{table}/month={period}/{table}.parquet"))
}

impl Published {
    /// Reads a period that is released; its files must be those of the layout, and have its columns.
    pub fn read(public: &Path, layout: &Layout, period: &str) -> Published {
        let span = Span::named(period);
        let node = |name: &str| read(&node_path(public, layout.kind, name, period));
        let mut names = [&layout.places[..], &layout.uses].concat();
        names.extend(["day", "week"]);
        names.extend(layout.numbers());
        let collection = node("collection");
        assert_eq!(collection.names, names, "collection has other columns");
        let community = (!layout.patron.is_empty()).then(|| node("community"));
        if let Some(community) = &community {
            assert_eq!(community.names, [&layout.places[..], &layout.patron].concat(), "community has other columns");
        }
        let hours = layout.hours.then(|| {
            let hours = node("hours");
            let first = layout.places.first().copied();
            let rows_are = if layout.kind == "access" { "requests" } else { "transactions" };
            let names: Vec<&str> = first.into_iter().chain(["weekday", "hours", rows_are]).collect();
            assert_eq!(hours.names, names, "hours has other columns");
            (0..hours.rows).map(|row| hours.hours_cell(first, rows_are, row)).collect()
        });
        assert_eq!(
            hours.is_some(),
            node_path(public, layout.kind, "hours", period).exists(),
            "hours that nobody records"
        );
        let mut names: Vec<&str> = layout.tables.iter().map(|(name, _)| *name).collect();
        names.push("coarsening");
        let table = |name: &&str| ((*name).to_owned(), read(&table_path(public, layout.kind, name, period)).table());
        Published {
            collection: (0..collection.rows).map(|row| collection.line(layout, span, row)).collect(),
            community: community.iter().flat_map(|community| community.who(layout)).collect(),
            tables: names.iter().map(table).collect(),
            span,
            hours,
        }
    }
}

/// A parquet file, column by column.
pub struct Columns {
    pub names: Vec<String>,
    columns: Vec<Vec<Cell>>,
    pub rows: usize,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    Text(String),
    Day(Date),
    Number(i64),
    Null,
}

pub fn read(path: &Path) -> Columns {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let names: Vec<String> = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    let mut columns = vec![Vec::new(); names.len()];
    for batch in reader.build().unwrap() {
        let batch: RecordBatch = batch.unwrap();
        for (cells, array) in columns.iter_mut().zip(batch.columns()) {
            cells.extend((0..array.len()).map(|row| cell(array, row)));
        }
    }
    Columns { names, rows: columns.first().map_or(0, Vec::len), columns }
}

fn cell(array: &dyn Array, row: usize) -> Cell {
    match array.data_type() {
        _ if array.is_null(row) => Cell::Null,
        DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row).to_owned()),
        DataType::Int64 => Cell::Number(array.as_primitive::<Int64Type>().value(row)),
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().value(row);
            Cell::Day(jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(days)))
        }
        other => panic!("a column of type {other}"),
    }
}

impl Columns {
    pub fn get(&self, name: &str, row: usize) -> &Cell {
        match self.names.iter().position(|column| column == name) {
            Some(at) => &self.columns[at][row],
            None => &Cell::Null,
        }
    }

    /// The distinct values of a column, as they are read.
    pub fn shown(&self, name: &str) -> BTreeSet<String> {
        let shown = |cell: &Cell| match cell {
            Cell::Text(text) => Some(text.clone()),
            Cell::Day(day) => Some(day.to_string()),
            Cell::Number(number) => Some(number.to_string()),
            Cell::Null => None,
        };
        (0..self.rows).filter_map(|row| shown(self.get(name, row))).collect()
    }

    fn text(&self, name: &str, row: usize) -> String {
        let Cell::Text(text) = self.get(name, row) else { panic!("{name} is no text") };
        text.clone()
    }

    fn texts_of(&self, names: &[&str], row: usize) -> Vec<String> {
        names.iter().map(|name| self.text(name, row)).collect()
    }

    fn number(&self, name: &str, row: usize) -> i64 {
        let Cell::Number(number) = self.get(name, row) else { panic!("{name} is no number") };
        *number
    }

    fn line(&self, layout: &Layout, span: Span, row: usize) -> Line {
        let when = match (self.get("day", row), self.get("week", row)) {
            (Cell::Day(day), Cell::Day(week)) => {
                assert_eq!(*week, span.week(*day), "a day of another week");
                When::Day(*day)
            }
            (Cell::Null, Cell::Day(week)) => When::Week(*week),
            (Cell::Null, Cell::Null) => When::Period,
            odd => panic!("day and week read {odd:?}"),
        };
        let numbers = layout.numbers().iter().map(|name| self.number(name, row)).collect();
        Line { places: self.texts_of(&layout.places, row), uses: self.texts_of(&layout.uses, row), when, numbers }
    }

    fn who(&self, layout: &Layout) -> impl Iterator<Item = Who> {
        let who = |row| Who { places: self.texts_of(&layout.places, row), about: self.texts_of(&layout.patron, row) };
        (0..self.rows).map(who)
    }

    fn hours_cell(&self, place: Option<&str>, rows_are: &str, row: usize) -> HoursCell {
        HoursCell {
            place: place.map(|place| self.text(place, row)),
            weekday: self.text("weekday", row),
            range: self.text("hours", row),
            rows: self.number(rows_are, row),
        }
    }

    /// As a statistic: texts are labels, numbers are figures.
    pub fn table(&self) -> Table {
        let is_text = |name: &&String| (0..self.rows).all(|row| matches!(self.get(name, row), Cell::Text(_)));
        let (by, figures): (Vec<String>, Vec<String>) = self.names.iter().cloned().partition(|name| is_text(&name));
        let mut cells = BTreeMap::new();
        for row in 0..self.rows {
            let labels = by.iter().map(|name| self.text(name, row)).collect();
            let figure = |name: &String| match self.get(name, row) {
                Cell::Number(number) => (name.clone(), Some(*number)),
                Cell::Null => (name.clone(), None),
                odd => panic!("{name} reads {odd:?}"),
            };
            assert!(cells.insert(labels, figures.iter().map(figure).collect()).is_none(), "a cell stands twice");
        }
        Table { by, figures, cells }
    }
}
