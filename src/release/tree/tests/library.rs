//! Simulated libraries: who they have, when they open, what is lent in a month.

use super::random::Random;
use crate::release::tree::{About, Column, FIRST, OTHER, Rows, Span, UNKNOWN};

/// What kind of library it is.
#[derive(Clone, Copy, Debug)]
pub struct Library {
    pub seed: u64,
    pub borrowers: u32,
    pub branches: u32,
    /// A second place column: three areas in each branch.
    pub areas: bool,
    /// The last branch comes on two afternoons a week, and few borrow there.
    pub bookmobile: bool,
    /// Every Tuesday at ten a school class comes to the first branch.
    pub school_class: bool,
    /// The share of borrowers whose loans are anonymous at return.
    pub privacy: f64,
    /// From the 15th on, Mondays are open until 21.
    pub hours_change: bool,
}

pub const PLAIN: Library = Library {
    seed: 1,
    borrowers: 800,
    branches: 2,
    areas: false,
    bookmobile: false,
    school_class: true,
    privacy: 0.04,
    hours_change: true,
};

struct Patron {
    home: u32,
    category: u32,
    age: u32,
    zip: u32,
    /// Ten times the visits that are to be expected in a month.
    visits: u64,
    private: bool,
}

/// Categories: adults, children, teens, elders, staff, homebound, classes.
pub const CHILD: u32 = 1;
const CATEGORIES: [u32; 7] = [51, 22, 10, 14, 2, 1, 0];
const GROUP_OF_CATEGORY: [u32; 7] = [0, CHILD, CHILD, 0, 0, 0, CHILD];
/// The bands that each category's ages fall in, from the first to the last of ten.
const AGES: [(u64, u64); 7] = [(3, 7), (0, 1), (2, 2), (8, 9), (3, 7), (7, 9), (4, 7)];
const SCHOOL_CLASS: usize = 6;

struct Columns {
    branch: Vec<u32>,
    area: Vec<u32>,
    uses: [Vec<u32>; 4],
    category: Vec<u32>,
    age: Vec<u32>,
    zip: Vec<u32>,
}

impl Library {
    fn patrons(&self) -> Vec<Patron> {
        let mut random = Random(self.seed);
        let weights: Vec<u32> = (0..self.branches).map(|branch| self.weight(branch)).collect();
        let patron = |number| {
            let category = if number == 0 { SCHOOL_CLASS } else { random.among(&CATEGORIES) };
            let (youngest, oldest) = AGES[category];
            let age = youngest + random.below(oldest - youngest + 1);
            Patron {
                home: random.among(&weights) as u32,
                category: category as u32,
                age: if random.chance(0.02) { UNKNOWN } else { FIRST + age as u32 },
                zip: FIRST + random.among(&[60, 25, 10, 4, 1]) as u32,
                visits: [0, 5, 10, 25, 60][random.among(&[35, 30, 20, 12, 3])],
                private: random.chance(self.privacy),
            }
        };
        (0..self.borrowers).map(patron).collect()
    }

    fn weight(&self, branch: u32) -> u32 {
        if self.bookmobile && branch + 1 == self.branches { 2 } else { 100 / (branch + 1) }
    }

    /// When a branch is open on a day: from, to (excluded). `None` is closed.
    pub fn opens(&self, branch: u32, day: i32, span: Span) -> Option<(u8, u8)> {
        let weekday = (day + 3).rem_euclid(7);
        if self.bookmobile && branch + 1 == self.branches {
            return (weekday == 1 || weekday == 3).then_some((14, 17));
        }
        match weekday {
            6 => None,
            5 => Some((10, 14)),
            0 if self.hours_change && day - span.first >= 14 => Some((9, 21)),
            0 | 2 if branch > 2 => None,
            _ => Some((9, 18)),
        }
    }

    /// All loans of a period. Patrons are the same in every month.
    pub fn month(&self, span: Span) -> Rows {
        let mut random = Random(self.seed.wrapping_mul(31).wrapping_add(span.first as u64));
        let mut rows = Rows { tells_day: true, hour: Some(Vec::new()), ..Rows::default() };
        let mut columns = Columns {
            branch: Vec::new(),
            area: Vec::new(),
            uses: Default::default(),
            category: Vec::new(),
            age: Vec::new(),
            zip: Vec::new(),
        };
        let mut renewals = Vec::new();
        let days = (span.last - span.first + 1) as u64;
        let patrons = self.patrons();
        for (number, patron) in patrons.iter().enumerate() {
            let mut expected = patron.visits * days;
            let mut visits = Vec::new();
            if self.school_class && number == 0 {
                let tuesdays = (span.first..=span.last).filter(|day| (day + 3).rem_euclid(7) == 1);
                visits.extend(tuesdays.map(|day| (0, day, 10, 5 + u64::from(self.borrowers.min(1_000) / 50))));
                expected = 0;
            }
            while random.below(300) < expected {
                expected = expected.saturating_sub(300);
                let branch = if random.chance(0.9) { patron.home } else { random.below(self.branches.into()) as u32 };
                let day = span.first + random.below(days) as i32;
                if let Some((from, to)) = self.opens(branch, day, span) {
                    let hour = from + random.below(u64::from(to - from)) as u8;
                    visits.push((branch, day, hour, 1 + random.below(6)));
                }
            }
            for (branch, day, hour, items) in visits {
                for _ in 0..items {
                    let returned = random.chance(0.8);
                    let unlinked = patron.private && returned;
                    rows.patron.push((!unlinked).then_some(number as u64 * 7 + 3));
                    rows.day.push(day);
                    rows.hour.get_or_insert_default().push(hour);
                    renewals.push(random.among(&[70, 20, 8, 2]) as i64);
                    columns.branch.push(FIRST + branch);
                    let child = GROUP_OF_CATEGORY[patron.category as usize] == CHILD;
                    columns.area.push(FIRST + if child { 0 } else { 1 + random.among(&[90, 10]) as u32 });
                    let uses =
                        [&[70, 15, 8, 4, 1, 1][..], &[30, 20, 20, 10, 10, 5, 3, 1, 1], &[40, 30, 20, 10], &[1; 30]];
                    for (column, weights) in columns.uses.iter_mut().zip(uses) {
                        column.push(FIRST + random.among(weights) as u32);
                    }
                    let known = |code: u32| if unlinked { UNKNOWN } else { code };
                    columns.category.push(known(FIRST + patron.category));
                    columns.age.push(known(patron.age));
                    columns.zip.push(known(patron.zip));
                }
            }
        }
        rows.measures.push(("renewals".into(), renewals));
        rows.columns = self.declared(columns);
        rows
    }

    fn declared(&self, columns: Columns) -> Vec<Column> {
        let place = |name: &str, values: u32, codes| plain(name, About::Place, values, codes);
        let mut declared = vec![place("branch", FIRST + self.branches, columns.branch)];
        if self.areas {
            declared.push(place("area", FIRST + 3, columns.area));
        }
        let names = [("item_type", 6), ("collection", 9), ("duration", 4), ("class", 30)];
        for ((name, values), codes) in names.into_iter().zip(columns.uses) {
            declared.push(plain(name, About::Use, FIRST + values, codes));
        }
        let mut category = plain("category", About::Patron, FIRST + 7, columns.category);
        category.groups = vec![None, None];
        category.groups.extend(GROUP_OF_CATEGORY.map(Some));
        let mut age = plain("age", About::Patron, FIRST + 10, columns.age);
        age.ordered = true;
        declared.extend([category, age, plain("zip", About::Patron, FIRST + 5, columns.zip)]);
        declared
    }
}

pub fn plain(name: &str, about: About, values: u32, codes: Vec<u32>) -> Column {
    Column {
        name: name.into(),
        about,
        from_patron: about == About::Patron,
        ordered: false,
        groups: Vec::new(),
        values,
        codes,
    }
}

/// The declared group of places that share a number, for a column of places.
pub fn grouped(rows: &mut Rows, column: &str, groups: &[(u32, u32)]) {
    for column in rows.columns.iter_mut().filter(|declared| declared.name == column) {
        column.groups = vec![None; column.values as usize];
        for (code, group) in groups {
            column.groups[*code as usize] = Some(*group);
        }
        column.codes.iter_mut().for_each(|code| assert_ne!(*code, OTHER));
    }
}

/// The months of 2026.
pub fn months() -> Vec<Span> {
    let mut first = 20_454;
    let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let span = |days: i32| {
        let span = Span { first, last: first + days - 1 };
        first += days;
        span
    };
    days.into_iter().map(span).collect()
}

/// The rows of two periods as one.
pub fn joined(mut rows: Rows, more: Rows) -> Rows {
    rows.patron.extend(more.patron);
    rows.day.extend(more.day);
    rows.key.extend(more.key);
    if let (Some(hours), Some(more)) = (&mut rows.hour, more.hour) {
        hours.extend(more);
    }
    for ((_, numbers), (_, more)) in rows.measures.iter_mut().zip(more.measures) {
        numbers.extend(more);
    }
    for (column, more) in rows.columns.iter_mut().zip(more.columns) {
        column.codes.extend(more.codes);
    }
    rows
}

#[test]
fn the_year_begins_on_a_thursday() {
    let year = months();
    assert_eq!((year[0].first + 3).rem_euclid(7), 3);
    assert_eq!(year[11].last, 20_454 + 364);
}
