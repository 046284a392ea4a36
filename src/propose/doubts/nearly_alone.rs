//! Which values of a column rows of one place have nearly alone.

use std::collections::BTreeMap;

/// Rows of each place, and of each value at it, by codes.
pub struct Rows {
    all: u64,
    of_place: BTreeMap<u32, u64>,
    /// By column.
    of_value: Vec<BTreeMap<u32, BTreeMap<u32, u64>>>,
}

/// A value that a place has nearly alone, by codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Alone {
    pub value: usize,
    pub place: usize,
}

/// With fewer rows nineteen in twenty can't be told from all of them. That twenty rows fall so to a place that has less than half
/// of all is no chance: once in fifty thousand values.
const FEWEST: u64 = 20;
/// Two places of this size make a library of more than one.
const PLACE: u64 = 50;

impl Rows {
    pub fn new(columns: usize) -> Rows {
        Rows { all: 0, of_place: BTreeMap::new(), of_value: vec![BTreeMap::new(); columns] }
    }

    /// Notes a row: its place, and its value of each column.
    pub fn note(&mut self, place: u32, values: impl Iterator<Item = u32>) {
        self.all += 1;
        *self.of_place.entry(place).or_default() += 1;
        for (column, value) in self.of_value.iter_mut().zip(values) {
            *column.entry(value).or_default().entry(place).or_default() += 1;
        }
    }

    /// The values of a column that one place has nearly alone. `is_place`: whether a code is one; not what isn't recorded.
    pub fn nearly_alone(&self, column: usize, is_place: impl Fn(usize) -> bool) -> Vec<Alone> {
        let is_place = |place: &u32| is_place(*place as usize);
        let large = self.of_place.iter().filter(|(place, rows)| is_place(place) && **rows >= PLACE);
        if large.count() < 2 {
            return Vec::new();
        }
        let alone = |(value, places): (&u32, &BTreeMap<u32, u64>)| {
            let rows: u64 = places.values().sum();
            let (place, most) = places.iter().max_by_key(|(_, rows)| **rows)?;
            let is_alone = rows >= FEWEST && most * 20 >= rows * 19;
            let is_small = self.of_place.get(place).is_some_and(|rows| rows * 2 < self.all);
            let alone = Alone { value: *value as usize, place: *place as usize };
            (is_alone && is_small && is_place(place)).then_some(alone)
        };
        self.of_value.get(column).map(|values| values.iter().filter_map(alone).collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of each value at places 1, 2 and 0, which isn't recorded; and what place 1 has nearly alone.
    #[test]
    fn a_value_is_told_where_one_smaller_place_has_it_nearly_alone() {
        const KIT: usize = 7;
        let kit = |place| vec![Alone { value: KIT, place }];
        for (why, of_kit, of_others, expected) in [
            ("all at one place", [20, 0, 0], [60, 200, 0], kit(1)),
            ("nineteen in twenty", [19, 1, 0], [60, 200, 0], kit(1)),
            ("eighteen in twenty", [18, 2, 0], [60, 200, 0], vec![]),
            ("too few rows", [19, 0, 0], [60, 200, 0], vec![]),
            ("just less than half of all", [20, 0, 0], [60, 81, 0], kit(1)),
            ("half of all", [20, 0, 0], [60, 80, 0], vec![]),
            ("at the larger place", [0, 20, 0], [60, 200, 0], vec![]),
            ("a second place that is no place", [20, 0, 0], [40, 49, 300], vec![]),
            ("where no place is recorded", [0, 0, 20], [100, 100, 30], vec![]),
        ] {
            let mut rows = Rows::new(1);
            for (value, places) in [(KIT as u32, of_kit), (1, of_others)] {
                for (place, count) in [1_u32, 2, 0].into_iter().zip(places) {
                    (0..count).for_each(|_| rows.note(place, std::iter::once(value)));
                }
            }
            let found: Vec<Alone> =
                rows.nearly_alone(0, |place| place > 0).into_iter().filter(|alone| alone.value == KIT).collect();
            assert_eq!(found, expected, "{why}");
        }
    }
}
