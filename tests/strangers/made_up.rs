//! A library that nobody knows, made up from a seed: its loans, and what may become of each, written in whatever way.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{DateTime, date};

use super::forms::{FORMS, written};
use super::languages::{ALL, Words};

/// What such an export is like.
#[derive(Clone, Debug)]
pub struct Shape {
    pub language: usize,
    pub form: usize,
    pub delimiter: char,
    pub encoding: &'static str,
    /// Whether a column has the loans' own numbers.
    pub has_ids: bool,
    /// Files beside the loans: patrons, items, bills.
    pub patrons: bool,
    pub items: bool,
    pub bills: bool,
    /// When they came back stands in a file of its own.
    pub returns: bool,
    /// How a patron's number is written.
    pub numbers: Numbers,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Numbers {
    Plain,
    Lettered,
    Float,
    Card,
}

pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

impl Shape {
    /// One file of loans, as plain as can be.
    pub fn plain() -> Shape {
        Shape {
            language: 0,
            form: 0,
            delimiter: ';',
            encoding: "utf-8",
            has_ids: true,
            patrons: false,
            items: false,
            bills: false,
            returns: false,
            numbers: Numbers::Plain,
        }
    }

    pub fn of(seed: u64) -> Shape {
        let mut random = Random::new(seed + 1);
        let has_ids = random.below(4) > 0;
        let delimiter = random.one(&[',', ';', '\t', '|']);
        Shape {
            language: seed as usize % ALL.len(),
            form: (seed as usize * 7 + 3) % FORMS.len(),
            delimiter,
            encoding: random.one(&["utf-8", "utf-8", "bom", "windows-1252", "utf-16le"]),
            has_ids,
            patrons: random.below(3) > 0,
            items: random.below(2) > 0,
            bills: has_ids && random.below(3) == 0,
            returns: has_ids && random.below(5) == 0,
            numbers: random.one(&[Numbers::Plain, Numbers::Lettered, Numbers::Float, Numbers::Card]),
        }
    }
}

/// What was made up, and what is true of it.
pub struct Library {
    pub words: &'static Words,
    /// Names and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// How its times are written, and what they are.
    pub times: Vec<(String, DateTime)>,
    /// Loans that may be retired: by their number, or, without numbers, how many.
    pub due: BTreeSet<u64>,
    pub loans: u64,
    /// What no published file may hold.
    pub secrets: Vec<String>,
    /// Columns that lead to a person: file and name.
    pub personal: Vec<(String, String)>,
}

const PATRONS: u64 = 60;
const ITEMS: u64 = 150;
const LOANS: u64 = 700;

fn card(first: &str, number: u64) -> String {
    let stem = format!("{first}9999{number:08}");
    let digit = |last: u64| {
        let whole = format!("{stem}{last}");
        let sum: u64 = whole
            .bytes()
            .rev()
            .enumerate()
            .map(|(at, c)| {
                let digit = u64::from(c - b'0');
                let doubled = if at % 2 == 1 { digit * 2 } else { digit };
                doubled / 10 + doubled % 10
            })
            .sum();
        sum.is_multiple_of(10)
    };
    let last = (0..10).find(|last| digit(*last)).unwrap();
    format!("{stem}{last}")
}

impl Numbers {
    fn of(self, patron: u64) -> String {
        match self {
            Numbers::Plain => format!("{}", 70_400 + patron * 13),
            Numbers::Lettered => format!("L{:06}", 70_400 + patron * 13),
            Numbers::Float => format!("{}.0", 99_990_800_000 + patron * 1_301),
            Numbers::Card => card("2", 70_400 + patron * 13),
        }
    }
}

impl Library {
    pub fn make(seed: u64, shape: &Shape) -> Library {
        let words = &ALL[shape.language];
        let mut random = Random::new(seed + 77);
        let night = date(2026, 11, 1).at(0, 0, 0, 0);
        let time = |moment: DateTime| written(FORMS[shape.form], words.language, moment);
        let [loans, patrons, items, bills, returns] = words.files;
        let mut tables: Vec<(String, Vec<Vec<String>>)> = Vec::new();
        let mut header: Vec<&str> = words.loans.to_vec();
        if shape.returns {
            header.remove(6);
        }
        if !shape.has_ids {
            header.remove(0);
        }
        let mut rows = vec![header.iter().map(|name| name.to_string()).collect::<Vec<_>>()];
        let mut returned = vec![vec![words.loans[0].to_string(), words.loans[6].to_string()]];
        let mut billed = vec![words.bills.iter().map(|name| name.to_string()).collect::<Vec<_>>()];
        let mut due = BTreeSet::new();
        let mut times = Vec::new();
        // Each item is lent one time after the other.
        let mut free = vec![date(2026, 3, 2).at(9, 0, 0, 0); ITEMS as usize];
        for loan in 0..LOANS {
            let (item, patron) = (random.below(ITEMS), random.below(PATRONS));
            let opened = free[item as usize]
                .checked_add(
                    (random.below(40) as i64).days().hours(random.below(9) as i64).minutes(random.below(60) as i64),
                )
                .unwrap();
            if opened.date() > date(2026, 10, 25) {
                continue;
            }
            let closed = opened.checked_add((random.below(35) as i64 + 1).days().hours(1)).unwrap();
            free[item as usize] = closed;
            let is_back = closed < night.checked_sub(2.days()).unwrap();
            times.extend([opened, closed].map(|moment| (time(moment), moment)));
            let number = 810_000 + loan;
            let mut owes = false;
            if shape.bills && random.below(9) == 0 && is_back {
                owes = random.below(2) == 0;
                let open = if owes { "4.50" } else { "0.00" };
                billed.push(vec![number.to_string(), "4.50".into(), open.into(), time(closed)]);
            }
            // Thirty days of grace, and a day for zones.
            if is_back && !owes && closed < night.checked_sub(29.days()).unwrap() {
                due.insert(number);
            }
            let end = if is_back { time(closed) } else { String::new() };
            let mut row = vec![
                number.to_string(),
                shape.numbers.of(patron),
                card("3", 500_000 + item),
                format!("A book of {}", ["bees", "maps", "tides", "bread"][item as usize % 4]),
                time(opened),
                time(opened.checked_add(28.days()).unwrap()),
                end.clone(),
                ["CENTRO", "NORTE", "SUL"][item as usize % 3].into(),
                ["ADULT", "CHILD", "STAFF"][patron as usize % 3].into(),
            ];
            if shape.returns {
                row.remove(6);
                if is_back {
                    returned.push(vec![number.to_string(), end]);
                }
            }
            if !shape.has_ids {
                row.remove(0);
            }
            rows.push(row);
        }
        let count = rows.len() as u64 - 1;
        tables.push((loans.into(), rows));
        let mut secrets: Vec<String> = (0..PATRONS).map(|patron| shape.numbers.of(patron)).collect();
        let mut personal = vec![(loans.to_string(), words.loans[1].to_string())];
        if shape.patrons {
            let mut rows = vec![words.patrons.iter().map(|name| name.to_string()).collect::<Vec<_>>()];
            for patron in 0..PATRONS {
                let (last, first) = (format!("Zzyx{}son", letters(patron)), format!("Qui{}la", letters(patron)));
                let mail = format!("{}@example.org", last.to_lowercase());
                let phone = format!("({}) 555-01{:02}", 203 + patron % 7, patron);
                rows.push(vec![
                    shape.numbers.of(patron),
                    last.clone(),
                    first.clone(),
                    mail.clone(),
                    phone.clone(),
                    format!("{} Quillwort Lane", patron + 3),
                    written(
                        FORMS[shape.form],
                        words.language,
                        date(1950 + (patron % 55) as i16, 1 + (patron % 12) as i8, 1 + (patron % 28) as i8)
                            .at(0, 0, 0, 0),
                    ),
                    ["ADULT", "CHILD", "STAFF"][patron as usize % 3].into(),
                ]);
                secrets.extend([last, first, mail, phone]);
            }
            personal.extend(words.patrons[..7].iter().map(|name| (patrons.to_string(), name.to_string())));
            tables.push((patrons.into(), rows));
        }
        if shape.items {
            let mut rows = vec![words.items.iter().map(|name| name.to_string()).collect::<Vec<_>>()];
            for item in 0..ITEMS {
                rows.push(vec![
                    card("3", 500_000 + item),
                    format!("A book of {}", ["bees", "maps", "tides", "bread"][item as usize % 4]),
                    "Vantablack, Ottoline".into(),
                    format!("{}.{}", 100 + item * 5, item % 10),
                    ["BOOK", "DVD"][item as usize % 2].into(),
                ]);
            }
            tables.push((items.into(), rows));
        }
        if shape.bills {
            tables.push((bills.into(), billed));
        }
        if shape.returns {
            tables.push((returns.into(), returned));
        }
        let files = tables.into_iter().map(|(name, rows)| (format!("{name}.csv"), encode(shape, &rows))).collect();
        Library { words, files, times, due, loans: count, secrets, personal }
    }
}

/// Letters for a number: no digits in a name.
fn letters(number: u64) -> String {
    let letter = |n: u64| char::from(b'a' + (n % 26) as u8);
    [letter(number / 26 + 3), letter(number)].iter().collect()
}

fn encode(shape: &Shape, rows: &[Vec<String>]) -> Vec<u8> {
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| {
                if cell.contains([shape.delimiter, '"']) {
                    format!("\"{}\"", cell.replace('"', "\"\""))
                } else {
                    cell.clone()
                }
            })
            .collect();
        text += &cells.join(&shape.delimiter.to_string());
        text += "\r\n";
    }
    match shape.encoding {
        "bom" => ["\u{feff}".as_bytes(), text.as_bytes()].concat(),
        "windows-1252" => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        "utf-16le" => std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        _ => text.into_bytes(),
    }
}
