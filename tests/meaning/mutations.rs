//! What happens to exports on their way: spreadsheets, data frames, scripts and people have been between.
//!
//! A mutation is made from a seed, and is about one export, whose cells it changes by name; JSON's members are cells, too.

use super::written::{Export, Syntax};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    KeysForm,
    DatesForm,
    AmountsForm,
    RowsSwallowed,
    Cut,
    Repeated,
    YesterdaysBytes,
    NeighboursSwapped,
    NullsSpelling,
}

const KINDS: [Kind; 9] = [
    Kind::KeysForm,
    Kind::DatesForm,
    Kind::AmountsForm,
    Kind::RowsSwallowed,
    Kind::Cut,
    Kind::Repeated,
    Kind::YesterdaysBytes,
    Kind::NeighboursSwapped,
    Kind::NullsSpelling,
];

pub struct Mutation {
    pub kind: Kind,
    /// Its place among the exports.
    pub export: usize,
    column: String,
    /// Which of the forms, and where.
    form: u64,
    place: u64,
}

/// A small generator of numbers (SplitMix64), so that a seed is a mutation for good.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

const KEYS: &[&str] = &[
    "issue_id",
    "old_issue_id",
    "borrowernumber",
    "itemnumber",
    "id",
    "usr",
    "target_copy",
    "xact",
    "parent_circ",
    "userId",
    "itemId",
    "loanId",
    "call_number",
];
const DATES: &[&str] = &[
    "issuedate",
    "returndate",
    "timestamp",
    "date",
    "created_on",
    "xact_start",
    "xact_finish",
    "checkin_time",
    "loanDate",
    "returnDate",
    "systemReturnDate",
    "updatedDate",
    "dateofbirth",
    "dob",
];
const AMOUNTS: &[&str] = &["amountoutstanding", "amount", "remaining"];

impl Mutation {
    pub fn of(seed: u64, exports: &[Export]) -> Mutation {
        let mut numbers = Numbers(seed);
        loop {
            let kind = KINDS[(seed % KINDS.len() as u64) as usize];
            let export = numbers.below(exports.len());
            let names = names(&exports[export]);
            let fits = |name: &&String| match kind {
                Kind::KeysForm => KEYS.contains(&name.as_str()),
                Kind::DatesForm => DATES.contains(&name.as_str()),
                Kind::AmountsForm => AMOUNTS.contains(&name.as_str()),
                _ => true,
            };
            let names: Vec<&String> = names.iter().filter(fits).collect();
            let Some(column) = names.get(numbers.below(names.len())) else { continue };
            return Mutation { kind, export, column: (*column).clone(), form: numbers.next(), place: numbers.next() };
        }
    }

    /// In words.
    pub fn told(&self, exports: &[Export]) -> String {
        format!("{:?} in {}, `{}`, form {}", self.kind, exports[self.export].name, self.column, self.form % 16)
    }

    pub fn apply(&self, today: &[Export], yesterday: &[Export]) -> Vec<u8> {
        let export = &today[self.export];
        let text = String::from_utf8(export.bytes.clone()).unwrap();
        let changed = match self.kind {
            Kind::KeysForm => cells(export, &self.column, |cell| self.key(cell)),
            Kind::DatesForm => cells(export, &self.column, |cell| self.date(cell)),
            Kind::AmountsForm => cells(export, &self.column, |cell| self.amount(cell)),
            Kind::NullsSpelling => self.nulls(export),
            Kind::YesterdaysBytes => return yesterday[self.export].bytes.clone(),
            Kind::Cut => return self.cut(&text),
            Kind::RowsSwallowed => self.swallow(export, &text),
            Kind::Repeated => self.repeat(export, &text),
            Kind::NeighboursSwapped => self.swap(export),
        };
        changed.into_bytes()
    }

    fn key(&self, cell: &str) -> String {
        let grouped = |cell: &str| match cell.len() {
            4 if cell.bytes().all(|byte| byte.is_ascii_digit()) => format!("\"{},{}\"", &cell[..1], &cell[1..]),
            _ => cell.to_string(),
        };
        match self.form % 10 {
            0 => format!("{cell}.0"),
            1 => format!("0000{cell}"),
            2 => format!("{cell} "),
            3 => format!("'{cell}"),
            4 => grouped(cell),
            5 => cell.to_uppercase(),
            6 => format!(" {cell}"),
            7 => format!("+{cell}"),
            8 => format!("{{{cell}}}"),
            _ => format!("{cell}\u{a0}"),
        }
    }

    /// From `YYYY-MM-DD…`.
    fn date(&self, cell: &str) -> String {
        let Some((date, time)) = cell.split_at_checked(10) else { return cell.into() };
        let parts: Vec<&str> = date.split('-').collect();
        let [year, month, day] = parts.as_slice() else { return cell.into() };
        match self.form % 8 {
            0 => format!("{month}/{day}/{year}{time}"),
            1 => format!("{day}/{month}/{year}{time}"),
            2 => format!("{day}.{month}.{year}{time}"),
            3 => format!("{year}-{day}-{month}{time}"),
            4 => format!("{month}/{day}/{}{time}", &year[2..]),
            5 => date.into(),
            6 => "46000.5".into(),
            _ => format!("{year}/{month}/{day}{time}"),
        }
    }

    fn amount(&self, cell: &str) -> String {
        match self.form % 8 {
            0 => format!("\"{}\"", cell.replace('.', ",")),
            1 => format!("${cell}"),
            2 => format!("({cell})"),
            3 => format!("{cell}-"),
            4 => format!("{cell} USD"),
            5 => format!("'{cell}"),
            6 => format!("{cell} "),
            _ => format!("\"1,{cell}\""),
        }
    }

    fn nulls(&self, export: &Export) -> String {
        let words = ["\\N", "", "null", "None", "NaN", "0", "-", "0000-00-00 00:00:00", "NULL ", "(null)"];
        let word = words[(self.form % words.len() as u64) as usize];
        match export.syntax {
            Syntax::Csv => {
                cells_too(export, &self.column, |cell| if cell == "NULL" { word.into() } else { cell.into() })
            }
            Syntax::Tabs => {
                cells_too(export, &self.column, |cell| if cell == "\\N" { word.into() } else { cell.into() })
            }
            Syntax::Lines => text_of(export).replace(": null", &format!(": \"{word}\"")),
        }
    }

    /// Anywhere, or at a line's end.
    fn cut(&self, text: &str) -> Vec<u8> {
        let share = 50 + (self.place % 50) as usize;
        let mut end = text.len() * share / 100;
        if self.form.is_multiple_of(2) {
            end = text[..end].rfind('\n').map_or(end, |at| at + 1);
        }
        text.as_bytes()[..end].to_vec()
    }

    /// A quote at a cell's beginning, and one at a cell's end some lines on; where there are no quotes, lines are lost.
    fn swallow(&self, export: &Export, text: &str) -> String {
        let mut lines: Vec<String> = text.lines().map(String::from).collect();
        if lines.len() < 4 {
            return text.into();
        }
        let first = 1 + (self.place % (lines.len() as u64 - 2)) as usize;
        let last = (first + 1 + (self.form % 6) as usize).min(lines.len() - 1);
        if export.syntax == Syntax::Csv && !self.form.is_multiple_of(3) {
            let quoted = |line: &str, begins: bool| {
                let mut cells: Vec<String> = line.split(',').map(String::from).collect();
                let at = cells.len() / 2;
                cells[at] = if begins { format!("\"{}", cells[at]) } else { format!("{}\"", cells[at]) };
                cells.join(",")
            };
            lines[first] = quoted(&lines[first], true);
            lines[last] = quoted(&lines[last], false);
        } else {
            lines.drain(first..=last);
        }
        lines.join("\n") + "\n"
    }

    fn repeat(&self, export: &Export, text: &str) -> String {
        let lines: Vec<&str> = text.lines().collect();
        let header = usize::from(export.syntax != Syntax::Lines);
        let rows = &lines[header.min(lines.len())..];
        match self.form % 3 {
            // The whole file once more, with its header.
            0 => format!("{text}{text}"),
            1 => format!("{text}{}\n", rows.join("\n")),
            _ => {
                let many = (self.place % rows.len().max(1) as u64) as usize;
                format!("{text}{}\n", rows[..many.max(1).min(rows.len())].join("\n"))
            }
        }
    }

    /// The cells change places, their names don't.
    fn swap(&self, export: &Export) -> String {
        if export.syntax == Syntax::Lines {
            let each = |line: &str| {
                let mut record: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
                let names: Vec<String> = record.keys().cloned().collect();
                let at = (self.place % (names.len() as u64 - 1).max(1)) as usize;
                if let (Some(one), Some(other)) = (names.get(at), names.get(at + 1)) {
                    let (a, b) = (record[one].clone(), record[other].clone());
                    record.insert(one.clone(), b);
                    record.insert(other.clone(), a);
                }
                serde_json::to_string(&record).unwrap() + "\n"
            };
            return text_of(export).lines().map(each).collect();
        }
        let between = between(export);
        let each = |(at, line): (usize, &str)| {
            let mut cells: Vec<&str> = line.split(between).collect();
            let place = names(export).iter().position(|name| *name == self.column).unwrap();
            if at > 0 && place + 1 < cells.len() {
                cells.swap(place, place + 1);
            }
            cells.join(&between.to_string()) + "\n"
        };
        text_of(export).lines().enumerate().map(each).collect()
    }
}

fn text_of(export: &Export) -> String {
    String::from_utf8(export.bytes.clone()).unwrap()
}

fn between(export: &Export) -> char {
    if export.syntax == Syntax::Csv { ',' } else { '\t' }
}

/// The names of an export's cells; of JSON, those of its members, the inner ones by their last name.
fn names(export: &Export) -> Vec<String> {
    let text = text_of(export);
    let first = text.lines().next().unwrap_or_default();
    match export.syntax {
        Syntax::Csv | Syntax::Tabs => first.split(between(export)).map(String::from).collect(),
        Syntax::Lines => first
            .split('"')
            .skip(1)
            .step_by(2)
            .filter(|name| first.contains(&format!("\"{name}\":")))
            .map(String::from)
            .collect(),
    }
}

/// Changes the cells of a column that say something.
fn cells(export: &Export, column: &str, change: impl Fn(&str) -> String) -> String {
    cells_too(export, column, |cell| match cell {
        "" | "NULL" | "\\N" => cell.into(),
        cell => change(cell),
    })
}

/// Changes all cells of a column.
fn cells_too(export: &Export, column: &str, change: impl Fn(&str) -> String) -> String {
    if export.syntax == Syntax::Lines {
        let member = format!("\"{column}\": ");
        let each = |line: &str| {
            let Some(at) = line.find(&member) else { return format!("{line}\n") };
            let begin = at + member.len();
            let quoted = line[begin..].starts_with('"');
            let end = if quoted {
                begin + 1 + line[begin + 1..].find('"').unwrap()
            } else {
                begin + line[begin..].find([',', '}']).unwrap()
            };
            if line[begin..].starts_with(['{', 'n']) {
                return format!("{line}\n");
            }
            let inner = if quoted { &line[begin + 1..end] } else { &line[begin..end] };
            let changed = change(inner).replace('"', "");
            let rest = if quoted { &line[end + 1..] } else { &line[end..] };
            format!("{}\"{changed}\"{rest}\n", &line[..begin])
        };
        return text_of(export).lines().map(each).collect();
    }
    let (between, place) = (between(export), names(export).iter().position(|name| name == column).unwrap());
    let each = |(at, line): (usize, &str)| {
        let mut cells: Vec<String> = line.split(between).map(String::from).collect();
        if at > 0 {
            cells[place] = change(&cells[place]);
        }
        cells.join(&between.to_string()) + "\n"
    };
    text_of(export).lines().enumerate().map(each).collect()
}
