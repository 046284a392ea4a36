//! What is true: every transaction of the exports, whose it is, and what it would say if nothing were coarsened.
//!
//! Nothing here knows the release: values are made from the exports a second time.

use std::collections::BTreeMap;

use jiff::civil::Date;

/// The published columns of one kind in one library system, by what they are about.
#[derive(Clone)]
pub struct Layout {
    pub kind: &'static str,
    pub places: Vec<&'static str>,
    /// What places that are always published together are called.
    pub groups: Vec<&'static str>,
    pub uses: Vec<&'static str>,
    /// The last is a band of ages.
    pub patron: Vec<&'static str>,
    pub counts: Counts,
    pub hours: bool,
    pub tables: Vec<(&'static str, Vec<&'static str>)>,
}

/// What a row counts for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// A checkout, and its renewals.
    Renewals,
    /// A checkout or a renewal.
    Events,
    /// Itself.
    Rows,
    /// A request; tables tell sessions, too.
    Requests,
}

/// One transaction, and what it would say if nothing were coarsened.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Row {
    /// 0 names nobody.
    pub patron: u32,
    pub day: Date,
    /// 24 is unknown.
    pub hour: u8,
    /// What it counts for, as the layout names it.
    pub numbers: Vec<i64>,
    pub places: Vec<String>,
    pub uses: Vec<String>,
    pub about: Vec<String>,
}

impl Row {
    /// Of nobody, about nothing.
    #[cfg(test)]
    pub fn at(day: Date) -> Row {
        let nothing = Vec::new;
        Row { patron: 0, day, hour: 24, numbers: Vec::new(), places: nothing(), uses: nothing(), about: nothing() }
    }
}

impl Layout {
    pub fn koha_loans() -> Layout {
        Layout {
            kind: "loan",
            places: vec!["branch"],
            groups: Vec::new(),
            uses: vec!["material", "item_type", "collection", "class", "duration"],
            patron: vec!["patron_category", "age_band"],
            counts: Counts::Renewals,
            hours: true,
            tables: vec![
                ("total", vec![]),
                ("by-branch", vec!["branch", "item_type", "collection"]),
                ("by-patron", vec!["patron_category", "age_band"]),
                ("by-hour", vec!["weekday", "hours"]),
            ],
        }
    }

    /// Koha writes the day of a hold and no hour.
    pub fn koha_holds() -> Layout {
        let mut layout = Layout { kind: "hold", counts: Counts::Rows, hours: false, ..Layout::koha_loans() };
        layout.uses[4] = "wait";
        layout.uses.push("ended");
        layout.tables.pop();
        layout.tables.extend([("by-end", vec!["branch", "ended"]), ("by-wait", vec!["branch", "wait"])]);
        layout
    }

    /// A renewal is a row of its own.
    pub fn evergreen_loans() -> Layout {
        Layout { counts: Counts::Events, ..Layout::koha_loans() }
    }

    pub fn evergreen_holds() -> Layout {
        let mut layout = Layout { hours: true, ..Layout::koha_holds() };
        layout.uses[2] = "hold_type";
        layout.tables.push(("by-hour", vec!["weekday", "hours"]));
        layout.tables[1].1 = vec!["branch", "item_type", "hold_type"];
        layout
    }

    /// Places are branches and the areas within.
    pub fn with_areas(mut self) -> Layout {
        self.places.push("area");
        self
    }

    pub fn computer_sessions() -> Layout {
        Layout {
            kind: "session",
            places: vec!["branch", "area"],
            groups: Vec::new(),
            uses: vec!["minutes"],
            patron: vec!["patron_category"],
            counts: Counts::Rows,
            hours: true,
            tables: vec![
                ("total", vec![]),
                ("by-branch", vec!["branch", "area"]),
                ("by-patron", vec!["branch", "patron_category"]),
                ("by-hour", vec!["weekday", "hours"]),
            ],
        }
    }

    /// A proxy knows neither places nor what its patrons are.
    pub fn proxy() -> Layout {
        Layout {
            kind: "access",
            places: Vec::new(),
            groups: Vec::new(),
            uses: vec!["platform"],
            patron: Vec::new(),
            counts: Counts::Requests,
            hours: true,
            tables: vec![("total", vec![]), ("by-platform", vec!["platform"]), ("by-hour", vec!["weekday", "hours"])],
        }
    }

    /// What a row is called where rows are counted.
    pub fn rows_are(&self) -> &'static str {
        match self.counts {
            Counts::Renewals => "checkouts",
            Counts::Events | Counts::Rows => "transactions",
            Counts::Requests => "requests",
        }
    }

    /// The numbers that each row of the trunk says.
    pub fn numbers(&self) -> &'static [&'static str] {
        match self.counts {
            Counts::Renewals | Counts::Events => &["checkouts", "renewals"],
            Counts::Rows | Counts::Requests => &[],
        }
    }
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

/// Where bands of ages begin.
pub const AGES: [i32; 10] = [0, 6, 12, 18, 25, 35, 45, 55, 65, 75];

pub fn age_band(born: Option<Date>, at: Date) -> String {
    let Some(born) = born.filter(|born| *born <= at) else { return "unknown".into() };
    let birthday = (at.month(), at.day()) >= (born.month(), born.day());
    banded(i32::from(at.year() - born.year()) - i32::from(!birthday), &AGES)
}

/// Where bands of days begin.
pub const DAYS: [i32; 5] = [0, 8, 15, 22, 29];

/// Where bands of minutes begin.
pub const MINUTES: [i32; 5] = [0, 16, 31, 61, 121];

/// From opening to the end. What has no end yet is in the top band.
pub fn duration_band(from: Date, to: &str, read: impl Fn(&str) -> Option<Date>) -> String {
    match (to, read(to)) {
        ("", _) => "29+".into(),
        (_, Some(to)) if to >= from => banded((to - from).get_days(), &DAYS),
        _ => "unknown".into(),
    }
}

/// From a hold's opening until its copy came, if one did.
pub fn wait_band(from: Date, to: &str, read: impl Fn(&str) -> Option<Date>) -> String {
    if to.is_empty() { "not come".into() } else { duration_band(from, to, read) }
}

/// Every band of these edges.
pub fn bands(edges: &[i32]) -> Vec<String> {
    edges.iter().map(|edge| banded(*edge, edges)).collect()
}

pub fn banded(number: i32, edges: &[i32]) -> String {
    let at = edges.iter().rposition(|edge| *edge <= number).unwrap();
    match edges.get(at + 1) {
        Some(next) if next - 1 > edges[at] => format!("{} to {}", edges[at], next - 1),
        Some(_) => edges[at].to_string(),
        None => format!("{}+", edges[at]),
    }
}

#[test]
fn values_are_made_as_the_design_says() {
    assert_eq!(dewey("J 523.4 SAG"), "500");
    assert_eq!(dewey("FIC SMI"), "none");
    assert_eq!(dewey("21234"), "none");
    assert_eq!(banded(7, &[0, 8, 15]), "0 to 7");
    assert_eq!(banded(99, &[0, 8, 15]), "15+");
    assert_eq!(age_band(Some(jiff::civil::date(2008, 11, 2)), jiff::civil::date(2026, 11, 1)), "12 to 17");
}
