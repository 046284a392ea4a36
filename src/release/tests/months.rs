//! Months to test with.

use super::*;

/// A row in plain words.
#[derive(Clone, Debug)]
pub struct Row {
    pub patron: u32,
    /// From 0, in March 2024.
    pub day: u8,
    pub hour: u8,
    pub measure: u32,
    pub columns: [String; 8],
}

/// What a lending library publishes.
pub fn library() -> Shape {
    let column = |name: &str, place| super::super::ShapeColumn { name: name.into(), place };
    let table = |name: &str, by: &[&str]| TableShape {
        name: name.into(),
        by: by.iter().map(|name| (*name).to_owned()).collect(),
        sums: name != "by-branch-and-age",
    };
    Shape {
        kind: Kind::Loan,
        columns: vec![
            column("branch", Place::Shared),
            column("material", Place::Shared),
            column("item_type", Place::Material),
            column("collection", Place::Material),
            column("class", Place::Use),
            column("duration", Place::Duration),
            column("category", Place::Patron),
            column("age", Place::Patron),
        ],
        day: true,
        measure: Some(Measure::Renewals),
        tables: vec![
            table("by-item", &["branch", "item_type", "collection"]),
            table("by-patron", &["category", "age"]),
            table("by-branch-and-age", &["branch", "age"]),
            table("by-hour", &["weekday", "hour"]),
        ],
    }
}

pub fn any_rows(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Row>> {
    let words: [&[&str]; 8] = [
        &["Main", "Main", "Mill", "other", "Hill"],
        &["book", "book", "film"],
        &["novel", "novel", "comic", "other"],
        &["fiction", "local", "other"],
        &["800", "810", "910"],
        &["0-6", "7-13", "14+", "3"],
        &["adult", "adult", "adult", "child", "other", "staff"],
        &["0-5", "6-11", "18-24", "65+", "other"],
    ];
    let patron = prop_oneof![12 => 1_u32..25, 3 => 1_u32..3, 1 => Just(0_u32)];
    let hour = prop_oneof![8 => 9_u8..13, 1 => Just(255_u8)];
    let measure = prop_oneof![4 => Just(0_u32), 1 => 1_u32..4, 1 => Just(70_000_u32)];
    let row = (patron, 0_u8..31, hour, measure, any::<[u8; 8]>()).prop_map(move |(patron, day, hour, measure, at)| {
        let columns = std::array::from_fn(|column| words[column][at[column] as usize % words[column].len()].to_owned());
        Row { patron, day, hour, measure, columns }
    });
    proptest::collection::vec(row, count)
}

/// As the run would give them: dictionaries hold a text that no row uses.
pub fn month(rows: &[Row]) -> MonthRows {
    self::rows(rows, |texts| texts.insert(0, "never used".to_owned()))
}

/// `order` may change a column's dictionary before the codes are given.
pub fn rows(rows: &[Row], order: impl Fn(&mut Vec<String>)) -> MonthRows {
    let first = Day::from_date(jiff::civil::date(2024, 3, 1));
    let column = |column: usize| {
        let mut texts: Vec<String> = Vec::new();
        for row in rows {
            if !texts.contains(&row.columns[column]) {
                texts.push(row.columns[column].clone());
            }
        }
        order(&mut texts);
        let code = |row: &Row| texts.iter().position(|text| *text == row.columns[column]).unwrap() as u32;
        Coded { codes: rows.iter().map(code).collect(), texts: texts.into() }
    };
    MonthRows {
        patron: rows.iter().map(|row| row.patron).collect(),
        day: rows.iter().map(|row| first.plus(row.day.into())).collect(),
        hour: rows.iter().map(|row| row.hour).collect(),
        measure: rows.iter().map(|row| row.measure).collect(),
        columns: (0..8).map(column).collect(),
    }
}

/// The same rows in another order, with other codes and other patron numbers.
pub fn shuffled(original: &[Row], seed: u64) -> MonthRows {
    let mut random = Random(seed);
    let mut rows = original.to_vec();
    for at in (1..rows.len()).rev() {
        rows.swap(at, random.below(at as u64 + 1) as usize);
    }
    let shift = random.below(1 << 31) as u32;
    for row in rows.iter_mut().filter(|row| row.patron != 0) {
        row.patron = (row.patron ^ 31) + shift;
    }
    self::rows(&rows, |texts| texts.reverse())
}

/// A busy month: 40 branches, some of them small; patrons of very unequal use.
pub fn large(count: usize) -> MonthRows {
    let mut random = Random(7);
    let mut skewed = |below: u64| (random.below(below) * (random.below(below) + 1) / below) as u32;
    let first = Day::from_date(jiff::civil::date(2024, 3, 1));
    let sizes = [40, 8, 25, 40, 100, 8, 12, 10];
    let texts: Vec<std::sync::Arc<Vec<String>>> =
        sizes.iter().map(|&size| std::sync::Arc::new((0..size).map(|word| format!("word {word}")).collect())).collect();
    MonthRows {
        patron: (0..count).map(|_| skewed(125_000)).collect(),
        day: (0..count).map(|_| first.plus(skewed(31) as i32)).collect(),
        hour: (0..count).map(|_| 8 + skewed(12) as u8).collect(),
        measure: (0..count).map(|_| skewed(4)).collect(),
        columns: sizes
            .iter()
            .zip(texts)
            .map(|(&size, texts)| Coded { codes: (0..count).map(|_| skewed(size)).collect(), texts })
            .collect(),
    }
}

/// Numbers that look random and are the same each time (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }
}
