//! From codes back to texts: the tree's tables as they will be published.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::count::Group;
use super::error::ReleaseError;
use super::figures::sums;
use super::meanings::{DAY, HOURS_MEANS, WEEK, WEEKDAY_MEANS, means, measure_means};
use super::node::{Cells, Table, TableColumn, days_and_weeks};
use super::published::CellFigures;
use super::rows::PeriodRows;
use super::shape::{About, HOURS, Measure, Node, Shape, WEEKDAY};
use super::tree::{self, Checked, NO_WEEKDAY, Released, Rules, Span, Word};
use super::vocabulary::{Vocabulary, WEEKDAYS, hours_text};

/// From codes back to texts.
pub(super) struct Publisher<'a> {
    pub shape: &'a Shape,
    pub vocabularies: Vec<Vocabulary>,
    pub span: Span,
}

impl Publisher<'_> {
    /// The columns about this, each with its vocabulary.
    fn about(&self, about: About) -> impl Iterator<Item = (&str, &Vocabulary)> {
        let columns = self.shape.columns.iter().zip(&self.vocabularies);
        columns.filter(move |(column, _)| column.about == about).map(|(column, words)| (column.name.as_str(), words))
    }

    fn texts(&self, about: About, labels: &[tree::Labels]) -> Vec<TableColumn> {
        let column = |((name, vocabulary), labels): ((&str, &Vocabulary), &tree::Labels)| {
            TableColumn::new(name, means(about), Cells::of_labels(labels, |word| vocabulary.text(word)))
        };
        self.about(about).zip(labels).map(column).collect()
    }

    pub fn nodes(&self, released: &Released) -> Vec<(Node, Table)> {
        let tables = &released.tables;
        let rows = tables.trunk.time.len();
        let mut trunk = self.texts(About::Place, &tables.trunk.places);
        trunk.extend(self.texts(About::Use, &tables.trunk.uses));
        if self.shape.day {
            let (days, weeks) = days_and_weeks(&tables.trunk.time, |day| self.span.week(day));
            trunk.push(TableColumn::new("day", DAY, days));
            trunk.push(TableColumn::new("week", WEEK, weeks));
        }
        for (name, numbers) in &tables.trunk.measures {
            trunk.push(TableColumn::new(name, measure_means(name), Cells::numbers(numbers.iter().copied())));
        }
        if trunk.is_empty() {
            // A file must have a column to have rows.
            trunk.push(TableColumn::new(
                self.shape.rows_are(),
                "Always 1: a row is one.",
                Cells::numbers(vec![1; rows]),
            ));
        }
        let mut nodes = vec![(Node::Collection, Table::new(trunk, rows))];
        if let Some(leaf) = &tables.community {
            let mut columns = self.texts(About::Place, &leaf.places);
            columns.extend(self.texts(About::Patron, &leaf.patrons));
            nodes.push((Node::Community, Table::new(columns, rows)));
        }
        if let Some(hours) = &tables.hours {
            nodes.push((Node::Hours, self.hours(hours)));
        }
        nodes
    }

    fn hours(&self, cells: &[tree::HoursCell]) -> Table {
        let texts = |said: Vec<String>| {
            let places: Vec<u32> = (0..said.len() as u32).collect();
            Cells::of_texts(&places, &said)
        };
        let mut columns = Vec::new();
        if let Some((name, vocabulary)) = self.about(About::Place).next() {
            let said = cells.iter().map(|cell| vocabulary.text(cell.place.unwrap_or(Word::Other)));
            columns.push(TableColumn::new(name, means(About::Place), texts(said.collect())));
        }
        let weekday = |cell: &tree::HoursCell| WEEKDAYS[usize::from(cell.weekday.min(NO_WEEKDAY))].to_owned();
        columns.push(TableColumn::new(WEEKDAY, WEEKDAY_MEANS, texts(cells.iter().map(weekday).collect())));
        let range = cells.iter().map(|cell| hours_text(cell.range)).collect();
        columns.push(TableColumn::new(HOURS, HOURS_MEANS, texts(range)));
        let counts = Cells::numbers(cells.iter().map(|cell| i64::try_from(cell.rows).unwrap_or(i64::MAX)));
        let means = format!("How many {} of the period were opened then.", self.shape.rows_are());
        columns.push(TableColumn::new(self.shape.rows_are(), means, counts));
        Table::new(columns, cells.len())
    }

    /// Distinct patrons for each table that may tell them: of places and what is about patrons alone.
    pub fn patrons(
        &self,
        checked: &Checked<'_>,
        released: &Released,
        rules: &Rules,
    ) -> Result<Vec<CellFigures>, ReleaseError> {
        let mut all = Vec::new();
        for table in &self.shape.tables {
            let column = |name: &String| {
                let mut columns = self.shape.columns.iter().zip(&self.vocabularies);
                columns.find(|(c, _)| c.name == *name && c.about != About::Use)
            };
            let Some(columns) = table.by.iter().map(column).collect::<Option<Vec<_>>>() else { continue };
            let names: Vec<&str> = table.by.iter().map(String::as_str).collect();
            let mut cells = BTreeMap::new();
            for (words, patrons) in tree::patrons(checked, &released.tree, &names, rules)? {
                let texts: Vec<String> =
                    words.iter().zip(&columns).map(|(word, (_, texts))| texts.text(*word)).collect();
                let patrons = patrons.and_then(|patrons| i64::try_from(patrons).ok());
                // Two words of one text are one cell in the file; then neither figure is right for it.
                cells.entry(texts).and_modify(|known| *known = None).or_insert(patrons);
            }
            all.push(CellFigures { table: table.name.clone(), cells });
        }
        Ok(all)
    }

    /// Sessions by places and at most one use: of each such cell, since no row tells whether it begins one.
    pub fn sessions(&self, rows: &PeriodRows, released: &Released) -> Option<Vec<CellFigures>> {
        if self.shape.measure != Some(Measure::Sessions) {
            return None;
        }
        let tree = &released.tree;
        let labels = |name: &String| {
            let find = |about: About, labels: &'_ [tree::Labels]| -> Option<usize> {
                self.about(about).position(|(column, _)| column == name).filter(|place| *place < labels.len())
            };
            let vocabulary = self.shape.columns.iter().position(|column| column.name == *name)?;
            let place = find(About::Place, &tree.places).map(|place| (&tree.places[place], true));
            let found = place.or_else(|| find(About::Use, &tree.uses).map(|place| (&tree.uses[place], false)));
            found.map(|(labels, is_place)| (labels, is_place, &self.vocabularies[vocabulary]))
        };
        let mut all = Vec::new();
        for table in &self.shape.tables {
            let Some(columns) = table.by.iter().map(labels).collect::<Option<Vec<_>>>() else { continue };
            if columns.iter().filter(|(_, is_place, _)| !is_place).count() > 1 {
                continue;
            }
            // By codes, since every request passes here: a row of each cell, and its sum.
            let mut by_code: HashMap<u64, (usize, i64)> = HashMap::new();
            for (row, begins) in rows.measure.iter().enumerate() {
                let code = columns.iter().fold(0_u64, |code, (labels, ..)| {
                    code.wrapping_mul(labels.words.len() as u64).wrapping_add(labels.of_row[row].into())
                });
                by_code.entry(code).or_insert((row, 0)).1 += i64::from(*begins);
            }
            let mut cells: BTreeMap<Vec<String>, Option<i64>> = BTreeMap::new();
            for (row, sum) in by_code.into_values() {
                let texts = columns.iter().map(|(labels, _, words)| words.text(labels.word(row))).collect();
                let cell = cells.entry(texts).or_insert(Some(0));
                *cell = cell.map(|before| before + sum);
            }
            all.push(CellFigures { table: table.name.clone(), cells });
        }
        Some(all)
    }

    pub fn totals(&self, totals: &tree::Totals) -> Vec<(String, Table)> {
        // The same figures as where a tree leaves: one table has one set of columns, whatever its periods tell.
        let figures = |of: &[Group]| sums(self.shape, Node::Collection, of);
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let mut tables = Vec::new();
        for table in &totals.tables {
            let Some((name, vocabulary)) = self.about(About::Use).find(|(name, _)| *name == table.by) else { continue };
            let said: Vec<String> = table.values.iter().map(|value| vocabulary.text(value.word)).collect();
            let places: Vec<u32> = (0..said.len() as u32).collect();
            let mut columns = vec![TableColumn::new(name, means(About::Use), Cells::of_texts(&places, &said))];
            let group = |(place, value): (u32, &tree::TotalsValue)| Group {
                places: vec![place],
                rows: number(value.rows),
                sums: value.measures.clone(),
            };
            columns.extend(figures(&(0..).zip(&table.values).map(group).collect::<Vec<_>>()));
            tables.push((format!("total-by-{name}"), Table::new(columns, table.values.len())));
        }
        let whole = Group {
            places: Vec::new(),
            rows: number(totals.rows),
            sums: totals.measures.iter().map(|(_, sum)| *sum).collect(),
        };
        tables.push(("total".to_owned(), Table::new(figures(&[whole]), 1)));
        tables
    }
}
