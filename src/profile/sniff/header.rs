//! Whether a row is the names of columns, or somebody's data.

use crate::profile::column::MARKERS;
use crate::profile::words;

/// Whether a first row is the names of columns, and can't be somebody's data: no cell of it is empty, a number, a time or
/// an address, none comes again below, each is another, and either most are words that columns are called by or, in
/// two columns at least, numbers or times stand below letters. `P000011` is a number, too.
pub(super) fn are_names(first: &[String], below: &[Vec<String>]) -> bool {
    let is_name = |name: &&String| {
        let length = name.chars().count();
        (1..=80).contains(&length)
            && name.starts_with(char::is_alphabetic)
            && !MARKERS.contains(&name.as_str())
            && !name.contains('@')
            && !name.contains(char::is_control)
            && name.chars().filter(char::is_ascii_digit).count() <= 2
    };
    let unique = first.iter().enumerate().all(|(place, name)| !first[..place].contains(name));
    if first.is_empty() || !unique || !first.iter().all(|name| is_name(&name)) {
        return false;
    }
    let again = |(place, name): (usize, &String)| below.iter().any(|row| row.get(place) == Some(name));
    if first.iter().enumerate().any(again) {
        return false;
    }
    let known = first.iter().filter(|name| words::is_known(name)).count();
    let below_are_numbers = |place: usize| {
        let filled = below.iter().filter_map(|row| row.get(place)).map(|cell| cell.trim());
        let filled: Vec<&str> = filled.filter(|cell| !MARKERS.contains(cell)).collect();
        let is_number = |cell: &&str| {
            cell.starts_with(|c: char| c.is_ascii_digit() || c == '-')
                || cell.chars().filter(char::is_ascii_digit).count() >= 3
        };
        !filled.is_empty() && filled.iter().all(is_number)
    };
    let contrasts = (0..first.len()).filter(|place| below_are_numbers(*place)).count();
    known * 2 >= first.len() && contrasts >= 1
        || known * 5 >= first.len() * if below.is_empty() { 3 } else { 4 }
        || contrasts >= 2 && (known >= 1 || contrasts * 2 >= first.len())
}
