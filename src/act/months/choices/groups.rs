//! Groups of places in which every place would stand, in every period: a place that is too small now and then is joined with
//! other small ones, or with the smallest sibling with which it is enough.

use std::collections::{BTreeMap, BTreeSet};

use crate::release::Weighed;

/// Places that are published under one name.
#[derive(Clone, PartialEq, Eq)]
struct Group {
    /// What the policy calls it.
    name: Option<String>,
    rows: u64,
    places: BTreeSet<String>,
}

/// So many places that are too small are looked at.
const SMALL: usize = 20;

/// The policy's groups, with those that are added. Nothing is proposed that would leave one place alone.
pub fn groups(released: &[Weighed], declared: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    let stands = |places: &BTreeSet<String>| released.iter().all(|period| period.stands(places));
    let mut all = as_declared(released, declared);
    let (mut hopeless, mut adds): (Vec<Group>, bool) = (Vec::new(), false);
    while hopeless.len() < SMALL {
        all.sort_by(|a, b| (a.rows, &a.places).cmp(&(b.rows, &b.places)));
        let (large, small): (Vec<Group>, Vec<Group>) = all.iter().cloned().partition(|group| stands(&group.places));
        let Some(first) = small.iter().find(|group| !hopeless.contains(group)) else { break };
        let joined = tries(first, &small, &large).find(|group| stands(&group.places));
        let Some(joined) = joined else {
            hopeless.push(first.clone());
            continue;
        };
        let others = all.iter().filter(|group| group.places.is_disjoint(&joined.places));
        let mut others: Vec<Group> = others.cloned().collect();
        if others.iter().all(|group| group.rows == 0) {
            hopeless.push(first.clone());
            continue;
        }
        others.push(joined);
        (all, adds) = (others, true);
    }
    Some(all).filter(|_| adds).and_then(named).unwrap_or_else(|| declared.clone())
}

/// What a small place may be joined with: other small ones, as few as will do; a large one; a large one with all small ones.
/// The smallest first.
fn tries<'g>(first: &'g Group, small: &'g [Group], large: &'g [Group]) -> impl Iterator<Item = Group> + 'g {
    let others = small.iter().filter(move |group| *group != first);
    let with_small = others.scan(first.clone(), |joined, next| {
        *joined = joined.with(next);
        Some(joined.clone())
    });
    let all_small = small.iter().filter(move |group| *group != first).fold(first.clone(), |all, next| all.with(next));
    let with_large = large.iter().map(move |group| first.with(group));
    with_small.chain(with_large).chain(large.iter().map(move |group| all_small.with(group)))
}

impl Group {
    fn with(&self, other: &Group) -> Group {
        Group {
            name: self.name.clone().or_else(|| other.name.clone()),
            rows: self.rows + other.rows,
            places: self.places.union(&other.places).cloned().collect(),
        }
    }
}

/// Every place that has rows, or that the policy names, in its group.
fn as_declared(released: &[Weighed], declared: &BTreeMap<String, Vec<String>>) -> Vec<Group> {
    let mut rows: BTreeMap<&str, u64> = BTreeMap::new();
    for (place, of_place) in released.iter().flat_map(Weighed::places) {
        *rows.entry(place).or_default() += of_place;
    }
    let mut groups: Vec<Group> = Vec::new();
    for (name, members) in declared {
        // A place that is called what a group is called belongs to it.
        let called_so = Some(name).filter(|name| rows.contains_key(name.as_str()));
        let places: BTreeSet<String> = members.iter().chain(called_so).cloned().collect();
        let of_group = places.iter().filter_map(|place| rows.remove(place.as_str())).sum();
        groups.push(Group { name: Some(name.clone()), rows: of_group, places });
    }
    let single = |(place, rows): (&str, u64)| Group { name: None, rows, places: BTreeSet::from([place.to_owned()]) };
    groups.extend(rows.into_iter().map(single));
    groups
}

/// As a policy has them; none where a new name would say two things.
fn named(all: Vec<Group>) -> Option<BTreeMap<String, Vec<String>>> {
    let places: BTreeSet<String> = all.iter().flat_map(|group| group.places.iter().cloned()).collect();
    let mut named = BTreeMap::new();
    for group in all.into_iter().filter(|group| group.name.is_some() || group.places.len() > 1) {
        let name = match group.name {
            Some(name) => name,
            None => Some(listed(&group.places)).filter(|name| !places.contains(name))?,
        };
        let members = group.places.into_iter().filter(|place| *place != name).collect();
        if named.insert(name, members).is_some() {
            return None;
        }
    }
    Some(named)
}

/// `A, B and C`.
fn listed(places: &BTreeSet<String>) -> String {
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    match places.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        one => one.concat(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::release::{About, Coded, History, PeriodRows, Rules, Shape, ShapeColumn};
    use crate::words::{Kind, Month, Period};

    /// How many patrons each place has, month by month; each of them once.
    type Patrons<'a> = &'a [(&'a str, &'a [u64])];

    fn released(patrons: Patrons<'_>) -> Vec<Weighed> {
        let january: Month = "2026-01".parse().unwrap();
        let months = patrons.iter().map(|(_, months)| months.len()).max().unwrap();
        let (mut rows, mut codes) = (PeriodRows::default(), Vec::new());
        for month in 0..months {
            for (code, (_, of_place)) in patrons.iter().enumerate() {
                for _ in 0..of_place.get(month).copied().unwrap_or_default() {
                    rows.patron.push(Some(rows.patron.len() as u64));
                    rows.day.push(Month(january.0 + month as i32).first_day());
                    codes.push(code as u32);
                }
            }
        }
        let texts = patrons.iter().map(|(place, _)| (*place).to_owned()).collect();
        rows.columns.push(Coded { codes, texts: Arc::new(texts) });
        let column = ShapeColumn {
            name: "branch".into(),
            about: About::Place,
            from_patron: false,
            bands: None,
            groups: BTreeMap::new(),
        };
        let shape = Shape {
            kind: Kind::Loan,
            columns: vec![column],
            day: true,
            hour: false,
            measure: None,
            title: None,
            tables: Vec::new(),
        };
        let history = History::new(rows, &shape);
        let month = |place: usize| Period::of_month(Month(january.0 + place as i32));
        let weigh = |place| history.weigh(&[month(place)], &BTreeMap::new(), &Rules::new(10)).unwrap();
        (0..months).map(weigh).collect()
    }

    fn policy(groups: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
        let group = |(name, places): &(&str, &[&str])| {
            ((*name).to_owned(), places.iter().map(|place| (*place).to_owned()).collect())
        };
        groups.iter().map(group).collect()
    }

    /// A declared group and its places.
    type Declared<'a> = &'a [(&'a str, &'a [&'a str])];

    #[test]
    fn a_small_place_joins_other_small_ones_or_the_smallest_with_which_it_is_enough() {
        let cases: &[(&str, Patrons<'_>, Declared<'_>, Declared<'_>)] = &[
            ("all stand", &[("A", &[40, 40]), ("B", &[12, 10])], &[], &[]),
            (
                "one doesn't in one month",
                &[("A", &[40, 40]), ("B", &[15, 15]), ("C", &[12, 6])],
                &[],
                &[("B and C", &["B", "C"])],
            ),
            ("not there isn't too few", &[("A", &[40, 40]), ("B", &[15, 15]), ("C", &[12, 0])], &[], &[]),
            (
                "two small ones",
                &[("A", &[40]), ("B", &[15]), ("C", &[6]), ("D", &[5])],
                &[],
                &[("C and D", &["C", "D"])],
            ),
            (
                "three small ones",
                &[("A", &[40]), ("B", &[4]), ("C", &[5]), ("D", &[3])],
                &[],
                &[("B, C and D", &["B", "C", "D"])],
            ),
            (
                "small ones that aren't enough",
                &[("A", &[40]), ("B", &[15]), ("C", &[2])],
                &[],
                &[("B and C", &["B", "C"])],
            ),
            ("one place alone says nothing", &[("A", &[40]), ("B", &[4])], &[], &[]),
            (
                "the policy's group takes one in",
                &[("A", &[40]), ("B", &[8]), ("C", &[7]), ("D", &[3])],
                &[("Both", &["B", "C"])],
                &[("Both", &["B", "C", "D"])],
            ),
            (
                "the policy's group stays",
                &[("A", &[40]), ("B", &[8]), ("C", &[7])],
                &[("Both", &["C", "B"])],
                &[("Both", &["C", "B"])],
            ),
            (
                "a place is called like the group",
                &[("A", &[40]), ("B", &[15]), ("C", &[6]), ("B and C", &[90])],
                &[],
                &[],
            ),
        ];
        for (why, patrons, declared, expected) in cases {
            assert_eq!(groups(&released(patrons), &policy(declared)), policy(expected), "{why}");
        }
    }
}
