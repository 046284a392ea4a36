//! What surveys ask for, counted from what is published: by period and by year, each figure with the rule that it was counted by.

use std::collections::BTreeMap;

use super::catalogue::{Catalogue, OfKind};
use super::node::{Cells, Table, TableColumn};
use super::vocabulary::{OTHER_TEXT, UNKNOWN_TEXT};
use super::years::MONTHS;
use crate::policy::{Element, Lines, Rule};
use crate::words::Period;

/// Where it lies, relative to `public/`.
pub const SURVEY: &str = "statistics/survey.csv";
/// The column with the survey's own name of a figure.
pub const ELEMENT: &str = "element";

/// A figure of an element.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Figure {
    element: String,
    /// The value of the column that it is by; empty where it is by none.
    of: String,
    /// None: the published table doesn't tell.
    count: Option<i64>,
    /// Lines that may belong to it as well: what they say stands under `other` or `unknown`.
    unplaced: i64,
    months: i64,
    how: String,
}

/// All elements, of all periods and years that tell them. Patron records are of the month in which they were counted.
pub fn survey(elements: &[Element], catalogue: &Catalogue) -> BTreeMap<Period, Table> {
    let mut all: BTreeMap<Period, Vec<Figure>> = BTreeMap::new();
    for element in elements {
        match &element.rule {
            Rule::Lines(lines) => {
                let Some(of_kind) = catalogue.kinds.get(&lines.kind) else { continue };
                for (period, table, months) in of_kind.tables_and_years(&lines.table) {
                    all.entry(period).or_default().extend(lines_of(element, lines, table, months));
                }
            }
            Rule::Sum(names) => {
                for figures in all.values_mut() {
                    figures.extend(sum(element, names, figures));
                }
            }
            Rule::Records(pipeline) => {
                for (period, table) in catalogue.records.get(pipeline).into_iter().flatten() {
                    let count = table.column("patrons").and_then(|column| column.cells.number(0));
                    all.entry(*period).or_default().push(Figure {
                        element: element.name.clone(),
                        of: String::new(),
                        count,
                        unplaced: 0,
                        months: period.length().into(),
                        how: element.how(),
                    });
                }
            }
        }
    }
    all.into_iter()
        .filter(|(_, figures)| !figures.is_empty())
        .map(|(period, figures)| (period, table(&figures)))
        .collect()
}

impl OfKind {
    /// A table's periods, and its years with of how many months each is.
    fn tables_and_years(&self, name: &str) -> Vec<(Period, &Table, i64)> {
        let periods = self.tables.get(name);
        let of_year = |year: Period| {
            let within = periods.into_iter().flat_map(BTreeMap::keys);
            within
                .filter(|period| year.contains(period.first) && year.contains(period.last))
                .map(|one| i64::from(one.length()))
                .sum()
        };
        let years = self.years.get(name).into_iter().flatten().map(|(year, table)| (*year, table, of_year(*year)));
        let periods = periods.into_iter().flatten().map(|(period, table)| (*period, table, i64::from(period.length())));
        periods.chain(years).collect()
    }
}

fn lines_of(element: &Element, lines: &Lines, table: &Table, months: i64) -> Vec<Figure> {
    let Some(counted) = table.column(&lines.count) else { return Vec::new() };
    if lines.columns().any(|name| table.column(name).is_none()) {
        return Vec::new();
    }
    let said = |name: &String, row: usize| table.column(name).map_or(String::new(), |column| column.cells.shown(row));
    let mut by: BTreeMap<String, (Option<i64>, i64)> = BTreeMap::new();
    if lines.by.is_none() {
        by.insert(String::new(), (Some(0), 0));
    }
    for row in 0..table.rows {
        let asked = lines.only.iter().map(|(name, values)| (name, values, true));
        let asked = asked.chain(lines.except.iter().map(|(name, values)| (name, values, false)));
        let (mut counts, mut is_placed) = (true, true);
        for (name, values, wanted) in asked {
            let text = said(name, row);
            if [OTHER_TEXT, UNKNOWN_TEXT].contains(&text.as_str()) && !values.contains(&text) {
                is_placed = false;
            } else {
                counts &= values.contains(&text) == wanted;
            }
        }
        if !counts {
            continue;
        }
        let of = lines.by.as_ref().map_or(String::new(), |name| said(name, row));
        let (count, unplaced) = by.entry(of).or_insert((Some(0), 0));
        match (is_placed, counted.cells.number(row)) {
            (true, Some(number)) => *count = count.map(|count| count + number),
            (true, None) => *count = None,
            (false, number) => *unplaced += number.unwrap_or_default(),
        }
    }
    let figure = |(of, (count, unplaced))| Figure {
        element: element.name.clone(),
        of,
        count,
        unplaced,
        months,
        how: element.how(),
    };
    by.into_iter().map(figure).collect()
}

/// Nothing where a part has no figure.
fn sum(element: &Element, names: &[String], figures: &[Figure]) -> Option<Figure> {
    let mut sum = Figure {
        element: element.name.clone(),
        of: String::new(),
        count: Some(0),
        unplaced: 0,
        months: i64::MAX,
        how: element.how(),
    };
    for name in names {
        let parts: Vec<&Figure> = figures.iter().filter(|figure| figure.element == *name).collect();
        if parts.is_empty() {
            return None;
        }
        for part in parts {
            sum.count = sum.count.zip(part.count).map(|(sum, part)| sum + part);
            sum.unplaced += part.unplaced;
            sum.months = sum.months.min(part.months);
        }
    }
    Some(sum)
}

fn table(figures: &[Figure]) -> Table {
    let texts = |said: fn(&Figure) -> &String| {
        let all: Vec<String> = figures.iter().map(|figure| said(figure).clone()).collect();
        Cells::of_texts(&(0..all.len() as u32).collect::<Vec<u32>>(), &all)
    };
    let columns = vec![
        TableColumn::new(ELEMENT, "What the survey calls it.", texts(|figure| &figure.element)),
        TableColumn::new(
            "of",
            "The value that it is counted for, where it is counted by a column.",
            texts(|figure| &figure.of),
        ),
        TableColumn::new(
            "count",
            "The sum of the published lines that count. Missing: they don't tell it.",
            Cells::Numbers(figures.iter().map(|figure| figure.count).collect()),
        ),
        TableColumn::new(
            "unplaced",
            "The sum of the lines that may count as well: what decides reads \"other\" or \"unknown\" there.",
            Cells::numbers(figures.iter().map(|figure| figure.unplaced)),
        ),
        TableColumn::new(
            MONTHS,
            "Of how many months it is.",
            Cells::numbers(figures.iter().map(|figure| figure.months)),
        ),
        TableColumn::new("how", "The rule by which it was counted.", texts(|figure| &figure.how)),
    ];
    Table::new(columns, figures.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Calendar, Kind, Length};

    fn lines(table: &str, by: Option<&str>, only: &[(&str, &[&str])], except: &[(&str, &[&str])]) -> Rule {
        let owned = |all: &[(&str, &[&str])]| -> BTreeMap<String, Vec<String>> {
            let values = |values: &[&str]| values.iter().map(ToString::to_string).collect();
            all.iter().map(|(column, of)| ((*column).to_owned(), values(of))).collect()
        };
        Rule::Lines(Lines {
            kind: Kind::Loan,
            table: table.into(),
            count: "circulation".into(),
            only: owned(only),
            except: owned(except),
            by: by.map(str::to_owned),
        })
    }

    /// What is lent in a month: by item type and branch.
    fn table(rows: &[(&str, &str, Option<i64>)]) -> Table {
        let places: Vec<u32> = (0..rows.len() as u32).collect();
        let texts = |said: Vec<String>| Cells::of_texts(&places, &said);
        let columns = vec![
            TableColumn::new("item_type", "", texts(rows.iter().map(|(item, ..)| (*item).to_owned()).collect())),
            TableColumn::new("branch", "", texts(rows.iter().map(|(_, branch, _)| (*branch).to_owned()).collect())),
            TableColumn::new("circulation", "", Cells::Numbers(rows.iter().map(|(.., figure)| *figure).collect())),
        ];
        Table::new(columns, rows.len())
    }

    #[test]
    fn every_figure_is_a_sum_of_published_lines_and_says_what_may_be_missing() {
        let month = |text: &str| text.parse::<Period>().unwrap();
        let mut of_kind = OfKind::default();
        let months = BTreeMap::from([
            (
                month("2026-01"),
                table(&[("BK", "A", Some(5)), ("BK", "B", Some(7)), ("EB", "A", Some(11)), ("other", "A", Some(2))]),
            ),
            (month("2026-02-to-2026-12"), table(&[("BK", "A", Some(1)), ("EB", "B", None)])),
        ]);
        of_kind.tables.insert("by-branch".into(), months);
        let mut catalogue = Catalogue { kinds: BTreeMap::from([(Kind::Loan, of_kind)]), ..Catalogue::default() };
        let figure = Cells::numbers([430]);
        let patrons = Table::new(vec![TableColumn::new("patrons", "", figure)], 1);
        catalogue.records.insert("contacts".into(), BTreeMap::from([(month("2026-01"), patrons)]));
        let catalogue = catalogue.with_years(Calendar { length: Length::Month, year_begins: 1 }).unwrap();
        let element = |name: &str, rule| Element { name: name.into(), rule };
        let elements = [
            element("PHYSCIR", lines("by-branch", None, &[("item_type", &["BK"])], &[])),
            element("ELMATCIR", lines("by-branch", None, &[("item_type", &["EB"])], &[])),
            element("TOTCIR", Rule::Sum(vec!["PHYSCIR".into(), "ELMATCIR".into()])),
            element("NOT B", lines("by-branch", Some("item_type"), &[], &[("branch", &["B"])])),
            element("REGBOR", Rule::Records("contacts".into())),
            element("GONE", lines("no-such-table", None, &[], &[])),
        ];
        let said = |period: &str| {
            let all = survey(&elements, &catalogue);
            let table = &all[&month(period)];
            let row = |row: usize| {
                let cells = table.columns[..5].iter().map(|column| column.cells.shown(row));
                cells.collect::<Vec<String>>().join(",")
            };
            (0..table.rows).map(row).collect::<Vec<String>>()
        };
        assert_eq!(
            said("2026-01"),
            [
                "PHYSCIR,,12,2,1",
                "ELMATCIR,,11,2,1",
                "TOTCIR,,23,4,1",
                "NOT B,BK,5,0,1",
                "NOT B,EB,11,0,1",
                "NOT B,other,2,0,1",
                "REGBOR,,430,0,1"
            ]
        );
        // Eleven months in one period, of which a figure isn't told; and with January the year.
        assert_eq!(said("2026-02-to-2026-12")[..3], ["PHYSCIR,,1,0,11", "ELMATCIR,,,0,11", "TOTCIR,,,0,11"]);
        let year = said("2026-01-to-2026-12");
        assert_eq!(year[0], "PHYSCIR,,13,2,12");
        assert!(year.contains(&"NOT B,BK,6,0,12".to_owned()), "{year:?}");
    }
}
