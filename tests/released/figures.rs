//! Every number that is published of a kind: all tables over all periods, as one finds them in their CSV files.

use std::fs;
use std::path::Path;

use super::calendar::Span;
use super::truth::Layout;

/// One published number.
#[derive(Clone, Debug)]
pub struct Figure {
    pub table: String,
    /// The months that it is about.
    pub span: Span,
    /// Columns and what they read.
    pub labels: Vec<(String, String)>,
    /// What is counted: `transactions`, `patrons`, …
    pub name: String,
    pub number: i64,
}

/// What counts rows, what counts patrons, and what only says more of rows of the trunk.
pub const ROWS: [&str; 3] = ["transactions", "requests", "checkouts"];
const OF_THE_TRUNK: [&str; 3] = ["renewals", "circulation", "sessions"];

/// All figures of a kind. A column that isn't known here stops the test: whoever publishes a new one must say what it tells.
pub fn figures(public: &Path, layout: &Layout) -> Vec<Figure> {
    let folder = public.join(format!("statistics/{}", layout.kind));
    let mut figures = Vec::new();
    for path in super::files_named(&folder, "").into_iter().filter(|path| path.extension().is_some_and(|e| e == "csv"))
    {
        let table = path.file_stem().unwrap().to_str().unwrap().to_owned();
        // How many rows of the nodes read what: the nodes say it themselves, and the checker compares.
        if table == "coarsening" {
            continue;
        }
        let mut csv = csv::Reader::from_reader(fs::File::open(&path).unwrap());
        let header: Vec<String> = csv.headers().unwrap().iter().map(str::to_owned).collect();
        for record in csv.records().map(Result::unwrap) {
            let cells: Vec<(&String, &str)> = header.iter().zip(record.iter()).collect();
            let (mut span, mut labels, mut numbers) = (None, Vec::new(), Vec::new());
            for (name, cell) in cells {
                match name.as_str() {
                    "period" => span = Some(Span::named(cell)),
                    "year" => span = Some(year(cell)),
                    // Of how many months a year's line is a sum: which ones, the periods say.
                    "months" => {}
                    name if is_label(layout, name) => labels.push((name.to_owned(), cell.to_owned())),
                    name if ROWS.contains(&name) || OF_THE_TRUNK.contains(&name) || name == "patrons" => {
                        numbers.extend(cell.parse().ok().map(|number: i64| (name.to_owned(), number)));
                    }
                    other => panic!("{table} has a column {other} of which the program doesn't know what it tells"),
                }
            }
            let span = span.unwrap_or_else(|| panic!("{table} doesn't say of which period it is"));
            for (name, number) in numbers {
                figures.push(Figure { table: table.clone(), span, labels: labels.clone(), name, number });
            }
        }
    }
    figures
}

fn is_label(layout: &Layout, name: &str) -> bool {
    let all = [&layout.places[..], &layout.uses, &layout.patron].concat();
    all.contains(&name) || ["weekday", "hours"].contains(&name)
}

/// `2026`, or as a period is written.
fn year(text: &str) -> Span {
    if text.len() == 4 { Span::named(&format!("{text}-01-to-{text}-12")) } else { Span::named(text) }
}
