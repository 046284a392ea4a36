//! What is public: the two halves and the statistics of a month, as any reader of parquet finds them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, UInt32Type, UInt64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use jiff::civil::Date;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::truth::Layout;

/// A row of the collection half, or of the community half (without uses, time and renewals).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Line {
    pub shared: Vec<String>,
    /// The material columns; in the community half the patron columns.
    pub own: Vec<String>,
    pub uses: Vec<String>,
    pub when: When,
    pub renewals: u64,
}

/// The day; or the first day of the week within the month; or the month.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum When {
    Day(Date),
    Week(Date),
    Month,
}

/// A statistic: for each combination of labels its figures by name.
#[derive(Debug)]
pub struct Table {
    pub by: Vec<String>,
    pub cells: BTreeMap<Vec<String>, BTreeMap<String, Option<u64>>>,
}

#[derive(Debug)]
pub struct Month {
    pub collection: Vec<Line>,
    pub community: Vec<Line>,
    pub tables: BTreeMap<String, Table>,
}

impl Month {
    /// None: not released.
    pub fn read(public: &Path, layout: &Layout, month: &str) -> Option<Month> {
        let place = |what: &str, name: &str| public.join(format!("{what}/{}/{name}/month={month}", layout.kind));
        let collection = place("dataset", "collection").join("collection.parquet");
        let community = place("dataset", "community").join("community.parquet");
        if !collection.exists() && !community.exists() {
            let tables = layout.tables.iter().map(|(name, _)| place("statistics", name));
            assert!(
                tables.into_iter().all(|table| !table.exists()),
                "{month}: statistics of a month that isn't released"
            );
            return None;
        }
        let mut names = layout.collection();
        names.extend(["day", "week"]);
        names.extend(layout.renewals.then_some("renewals"));
        let collection = read(&collection);
        assert_eq!(collection.names, names, "collection has other columns");
        let community = read(&community);
        assert_eq!(community.names, [&layout.shared[..], &layout.patron].concat(), "community has other columns");
        let table = |name: &str| (name.to_owned(), table(&place("statistics", name).join(name)));
        Some(Month {
            collection: (0..collection.rows).map(|row| collection.line(layout, &layout.material, row)).collect(),
            community: (0..community.rows).map(|row| community.line(layout, &layout.patron, row)).collect(),
            tables: layout.tables.iter().map(|(name, _)| table(name)).collect(),
        })
    }
}

/// A parquet file, column by column.
pub struct Columns {
    pub names: Vec<String>,
    columns: Vec<Vec<Cell>>,
    pub rows: usize,
}

#[derive(Clone, Debug)]
enum Cell {
    Text(String),
    Day(Date),
    Number(u64),
    Null,
}

pub fn read(path: &Path) -> Columns {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
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
        DataType::UInt32 => Cell::Number(array.as_primitive::<UInt32Type>().value(row).into()),
        DataType::UInt64 => Cell::Number(array.as_primitive::<UInt64Type>().value(row)),
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().value(row);
            Cell::Day(jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(days)))
        }
        other => panic!("a column of type {other}"),
    }
}

impl Columns {
    fn get(&self, name: &str, row: usize) -> &Cell {
        match self.names.iter().position(|column| column == name) {
            Some(at) => &self.columns[at][row],
            None => &Cell::Null,
        }
    }

    /// The distinct texts of a column.
    pub fn texts(&self, name: &str) -> std::collections::BTreeSet<String> {
        (0..self.rows)
            .filter_map(|row| if let Cell::Text(text) = self.get(name, row) { Some(text.clone()) } else { None })
            .collect()
    }

    fn line(&self, layout: &Layout, own: &[&str], row: usize) -> Line {
        let texts = |names: &[&str]| -> Vec<String> {
            names
                .iter()
                .filter_map(|name| match self.get(name, row) {
                    Cell::Text(text) => Some(text.clone()),
                    _ => None,
                })
                .collect()
        };
        let when = match (self.get("day", row), self.get("week", row)) {
            (Cell::Day(day), Cell::Day(week)) => {
                assert_eq!(*week, week_of(*day), "a day of another week");
                When::Day(*day)
            }
            (Cell::Null, Cell::Day(week)) => When::Week(*week),
            (Cell::Null, Cell::Null) => When::Month,
            odd => panic!("day and week read {odd:?}"),
        };
        let renewals = if let Cell::Number(renewals) = self.get("renewals", row) { *renewals } else { 0 };
        Line { shared: texts(&layout.shared), own: texts(own), uses: texts(&layout.uses), when, renewals }
    }
}

/// The first day of a day's week that lies in its month.
pub fn week_of(day: Date) -> Date {
    let monday = day.saturating_sub(jiff::Span::new().days(day.weekday().to_monday_zero_offset()));
    monday.max(day.first_of_month())
}

/// A statistic from its parquet file, the same in CSV; the page is there.
fn table(path: &Path) -> Table {
    let with = |ending: &str| PathBuf::from(format!("{}.{ending}", path.display()));
    let file = read(&with("parquet"));
    let is_label =
        |name: &&String| !["checkouts", "transactions", "renewals", "circulation", "patrons"].contains(&name.as_str());
    let by: Vec<String> = file.names.iter().filter(is_label).cloned().collect();
    let mut cells = BTreeMap::new();
    let mut csv = csv::Reader::from_path(with("csv")).unwrap();
    assert_eq!(csv.headers().unwrap().iter().collect::<Vec<_>>(), file.names, "CSV has other columns");
    let mut records = csv.records();
    for row in 0..file.rows {
        let record = records.next().expect("CSV has fewer rows").unwrap();
        let (mut labels, mut figures) = (Vec::new(), BTreeMap::new());
        for (name, in_csv) in file.names.iter().zip(record.iter()) {
            let text = match file.get(name, row) {
                Cell::Text(text) => {
                    labels.push(text.clone());
                    text.clone()
                }
                Cell::Number(number) => {
                    figures.insert(name.clone(), Some(*number));
                    number.to_string()
                }
                Cell::Null => {
                    figures.insert(name.clone(), None);
                    String::new()
                }
                Cell::Day(_) => panic!("a day in a statistic"),
            };
            assert_eq!(text, in_csv, "CSV says something else");
        }
        assert!(cells.insert(labels, figures).is_none(), "a cell stands twice");
    }
    assert!(records.next().is_none(), "CSV has more rows");
    let shown: Vec<String> =
        (0..file.rows).flat_map(|row| file.columns.iter().map(move |cells| cells[row].shown())).collect();
    assert_eq!(page_cells(&fs::read_to_string(with("html")).unwrap()), shown, "the page says something else");
    Table { by, cells }
}

/// What stands in a page's table.
fn page_cells(page: &str) -> Vec<String> {
    let cells = page.split("<td").skip(1).map(|rest| &rest[rest.find('>').unwrap() + 1..rest.find("</td>").unwrap()]);
    cells
        .map(|cell| cell.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
        .collect()
}

impl Cell {
    fn shown(&self) -> String {
        match self {
            Cell::Text(text) => text.clone(),
            Cell::Day(day) => day.to_string(),
            Cell::Number(number) => number.to_string(),
            Cell::Null => "–".into(),
        }
    }
}
