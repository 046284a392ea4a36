//! Weekdays and hours: what each row reads, and opening hours as the public knows them.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};

use super::checker::{OTHER, UNKNOWN};
use super::published::{HoursCell, Line, When};
use super::truth::Row;

pub fn weekday(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// The weekday that the trunk tells of a row.
pub fn weekday_told(when: When) -> &'static str {
    match when {
        When::Day(day) => weekday(day),
        When::Week(_) | When::Period => "no weekday",
    }
}

/// First and last hour of a range, both included.
pub fn hours(range: &str) -> Option<(u8, u8)> {
    let (first, last) = range.split_once(" to ").unwrap_or((range, range));
    let hour = |text: &str| (text.len() == 2).then(|| text.parse().ok())?;
    Some((hour(first)?, hour(last)?))
}

/// What each row's hour reads: the range that has it, if one is published where it was; else `other`.
pub fn told(rows: &[Row], lines: &[Line], cells: &[HoursCell]) -> Vec<String> {
    let mut published: BTreeMap<(Option<&String>, &str), Vec<&String>> = BTreeMap::new();
    for cell in cells {
        published.entry((cell.place.as_ref(), &cell.weekday)).or_default().push(&cell.range);
    }
    let told = |(row, line): (&Row, &Line)| {
        let separator = (line.places.first(), weekday_told(line.when));
        let fits = |range: &&&String| match row.hour {
            24 => range.as_str() == UNKNOWN,
            hour => hours(range).is_some_and(|(first, last)| (first..=last).contains(&hour)),
        };
        let found = published.get(&separator).and_then(|ranges| ranges.iter().find(fits));
        found.map_or(OTHER.into(), |range| (*range).clone())
    };
    rows.iter().zip(lines).map(told).collect()
}

/// The hours that everybody can think possible, from the first to the last that is known, and whether there are unknown ones.
#[derive(Clone, Copy, Default, Debug)]
pub struct Hull {
    known: Option<(u8, u8)>,
    unknown: bool,
}

impl Hull {
    pub fn of(hours: impl IntoIterator<Item = u8>) -> Hull {
        let mut hull = Hull::default();
        for hour in hours {
            match hour {
                24 => hull.unknown = true,
                hour => {
                    let (first, last) = hull.known.unwrap_or((hour, hour));
                    hull.known = Some((first.min(hour), last.max(hour)));
                }
            }
        }
        hull
    }

    /// What a published range may be about; `other` about all from the first to the last of `its` hours.
    pub fn of_range(range: &str, its: impl IntoIterator<Item = u8>) -> Hull {
        match range {
            OTHER => Hull::of(its),
            UNKNOWN => Hull { known: None, unknown: true },
            range => Hull { known: hours(range), unknown: false },
        }
    }

    pub fn meets(self, other: Hull) -> bool {
        let known = self.known.zip(other.known).is_some_and(|((a, b), (c, d))| a <= d && c <= b);
        known || (self.unknown && other.unknown)
    }
}

#[test]
fn ranges_meet_where_they_have_an_hour_in_common() {
    let range = |text: &str| Hull::of_range(text, [9, 24]);
    let day = Hull::of([10, 17]);
    assert!(range("08 to 10").meets(day) && range("12").meets(day) && !range("18 to 20").meets(day));
    assert!(!range("unknown").meets(day) && !range("other").meets(day) && range("unknown").meets(Hull::of([24])));
    assert_eq!((hours("9 to 11"), hours("09")), (None, Some((9, 9))));
}
