//! What is true: every transaction of the exports, whose it is, and what it would say if nothing were coarsened.
//!
//! Nothing here knows the release: values are made from the exports a second time, from design's words alone.

use std::collections::BTreeMap;

use jiff::civil::Date;

/// The published columns of one kind in one library system, by how they are protected.
#[derive(Clone)]
pub struct Layout {
    pub kind: &'static str,
    pub shared: Vec<&'static str>,
    pub material: Vec<&'static str>,
    /// What describes the use alone; the banded duration is the last.
    pub uses: Vec<&'static str>,
    pub patron: Vec<&'static str>,
    pub renewals: bool,
    pub tables: Vec<(&'static str, Vec<&'static str>)>,
}

/// One transaction.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Row {
    /// 0 names nobody.
    pub patron: u32,
    pub day: Date,
    /// 24 is unknown.
    pub hour: u8,
    pub renewals: u64,
    pub shared: Vec<String>,
    pub material: Vec<String>,
    pub uses: Vec<String>,
    pub about: Vec<String>,
}

/// The transactions of each month of opening, "2026-09".
pub type Months = BTreeMap<String, Vec<Row>>;

impl Layout {
    pub fn koha_loans() -> Layout {
        Layout {
            kind: "loan",
            shared: vec!["branch", "material"],
            material: vec!["item_type", "collection"],
            uses: vec!["class", "duration"],
            patron: vec!["patron_category", "age_band"],
            renewals: true,
            tables: vec![
                ("by-branch", vec!["branch", "item_type", "collection"]),
                ("by-patron", vec!["patron_category", "age_band"]),
                ("by-hour", vec!["weekday", "hour"]),
            ],
        }
    }

    /// Koha writes the day of a hold and no hour.
    pub fn koha_holds() -> Layout {
        let mut layout = Layout { kind: "hold", uses: vec!["class", "wait"], renewals: false, ..Layout::koha_loans() };
        layout.tables.pop();
        layout
    }

    /// A renewal is a row of its own.
    pub fn evergreen_loans() -> Layout {
        Layout { renewals: false, ..Layout::koha_loans() }
    }

    pub fn evergreen_holds() -> Layout {
        let mut layout = Layout { material: vec!["item_type", "hold_type"], ..Layout::koha_holds() };
        layout.tables = Layout::koha_loans().tables;
        layout.tables[0].1 = vec!["branch", "item_type", "hold_type"];
        layout
    }

    /// The columns of the collection half, without day, week and renewals.
    pub fn collection(&self) -> Vec<&'static str> {
        [&self.shared[..], &self.material, &self.uses].concat()
    }
}

pub fn by_month(rows: Vec<Row>) -> Months {
    let mut months = Months::new();
    rows.into_iter().for_each(|row| months.entry(row.day.strftime("%Y-%m").to_string()).or_default().push(row));
    months
}

/// Numbers for patrons, from 1. Nothing and "0" name nobody.
#[derive(Default)]
pub struct Numbers(BTreeMap<String, u32>);

impl Numbers {
    pub fn of(&mut self, patron: &str) -> u32 {
        match patron {
            "" => 0,
            patron => {
                let next = self.0.len() as u32 + 1;
                *self.0.entry(patron.to_owned()).or_insert(next)
            }
        }
    }
}

// ---- values ---------------------------------------------------------------------------------------------------------

pub fn or_unknown(cell: &str) -> String {
    if cell.trim().is_empty() { "unknown".into() } else { cell.trim().into() }
}

pub fn mapped(cell: &str, names: &[(&str, &str)]) -> String {
    match or_unknown(cell).as_str() {
        "unknown" => "unknown".into(),
        cell => names.iter().find(|(from, _)| *from == cell).map_or("other", |(_, to)| to).into(),
    }
}

/// Dewey's hundred of a call number; letters may stand before it.
pub fn dewey(label: &str) -> String {
    if label.is_empty() {
        return "unknown".into();
    }
    for word in label.split_ascii_whitespace().take(3) {
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            let (number, rest) = word.split_at(word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len()));
            let whole = number.len() == 3 && (rest.is_empty() || rest.starts_with(['.', '/']));
            return if whole { format!("{}00", &number[..1]) } else { "none".into() };
        }
    }
    "none".into()
}

pub fn age_band(born: Option<Date>, at: Date) -> String {
    let Some(born) = born.filter(|born| *born <= at) else { return "unknown".into() };
    let birthday = (at.month(), at.day()) >= (born.month(), born.day());
    banded(i32::from(at.year() - born.year()) - i32::from(!birthday), &[0, 6, 12, 18, 25, 35, 45, 55, 65, 75])
}

/// From opening to the end. What has no end yet is in the top band.
pub fn duration_band(from: Date, to: &str, read: impl Fn(&str) -> Option<Date>) -> String {
    const EDGES: [i32; 5] = [0, 8, 15, 22, 29];
    match (to, read(to)) {
        ("", _) => "29+".into(),
        (_, Some(to)) if to >= from => banded((to - from).get_days(), &EDGES),
        _ => "unknown".into(),
    }
}

fn banded(number: i32, edges: &[i32]) -> String {
    let at = edges.iter().rposition(|edge| *edge <= number).unwrap();
    match edges.get(at + 1) {
        Some(next) if next - 1 > edges[at] => format!("{}-{}", edges[at], next - 1),
        Some(_) => edges[at].to_string(),
        None => format!("{}+", edges[at]),
    }
}

#[test]
fn values_are_made_as_the_design_says() {
    assert_eq!(dewey("J 523.4 SAG"), "500");
    assert_eq!(dewey("FIC SMI"), "none");
    assert_eq!(dewey("21234"), "none");
    assert_eq!(banded(7, &[0, 8, 15]), "0-7");
    assert_eq!(banded(99, &[0, 8, 15]), "15+");
    assert_eq!(age_band(Some(jiff::civil::date(2008, 11, 2)), jiff::civil::date(2026, 11, 1)), "12-17");
}
