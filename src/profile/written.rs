//! In which ways a cell may be written as a time, by its digits, words and signs: patterns, of which two only where both orders
//! of day and month may be meant.

use crate::cells::is_month;

/// No time is longer: a weekday, a day, a month's name and a year in words, a clock with nine decimals, an offset.
const LONGEST: usize = 60;

/// The patterns in which a cell may be written; none where it is no time. `called_so`: the column is called like a time, and so
/// seconds since 1970 and the days of a spreadsheet may be meant.
pub fn written(cell: &str, called_so: bool) -> Vec<String> {
    let cell = cell.trim();
    if cell.len() < 5 || cell.len() > LONGEST || cell.bytes().filter(u8::is_ascii_digit).count() < 3 {
        return Vec::new();
    }
    if cell.bytes().all(|c| c.is_ascii_digit() || c == b'.') && cell.bytes().filter(|c| *c == b'.').count() <= 1 {
        return number(cell, called_so).into_iter().map(str::to_string).collect();
    }
    if let Some(inner) = cell.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return written(inner, false).into_iter().map(|pattern| format!("[{pattern}]")).collect();
    }
    let mut rest = Rest(cell);
    // `Sat, 31 Oct 2026`
    let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].iter().any(|day| rest.0.starts_with(day));
    let weekday = if weekday && rest.0.get(3..5) == Some(", ") {
        rest.skip(5);
        "%a, "
    } else {
        ""
    };
    let Some(dates) = date(&mut rest) else { return Vec::new() };
    let Some(clock) = clock(&mut rest) else { return Vec::new() };
    if dates == ["%Y-%m-%d"] && is_iso(&clock) {
        return vec!["iso".into()];
    }
    if clock.ends_with('Z') {
        return Vec::new();
    }
    dates.into_iter().map(|date| format!("{weekday}{date}{clock}")).collect()
}

/// Whether what stands behind a date is as ISO 8601 has it, or as PostgreSQL writes it.
fn is_iso(clock: &str) -> bool {
    let clock = clock.strip_suffix("%:z").or(clock.strip_suffix("%z")).or(clock.strip_suffix('Z')).unwrap_or(clock);
    ["", " %H:%M", "T%H:%M", " %H:%M:%S", "T%H:%M:%S", " %H:%M:%S%.f", "T%H:%M:%S%.f"].contains(&clock)
}

/// Digits alone, with a point perhaps.
fn number(cell: &str, called_so: bool) -> Option<&'static str> {
    let whole = cell.split('.').next().unwrap_or_default();
    match (whole.len(), whole.len() == cell.len()) {
        (8, true) => Some("%Y%m%d"),
        (14, true) => Some("%Y%m%d%H%M%S"),
        // From 1973 on, and from 1954 to 2064.
        (9 | 10, _) if called_so => Some("epoch"),
        (12 | 13, true) if called_so => Some("epoch-ms"),
        (5, _) if called_so && ("20000".."60000").contains(&whole) => Some("excel"),
        _ => None,
    }
}

/// What of a cell wasn't read yet.
struct Rest<'c>(&'c str);

impl<'c> Rest<'c> {
    fn skip(&mut self, bytes: usize) {
        self.0 = &self.0[bytes..];
    }

    fn take(&mut self, of: impl Fn(char) -> bool) -> &'c str {
        let (taken, rest) = self.0.split_at(self.0.find(|c| !of(c)).unwrap_or(self.0.len()));
        self.0 = rest;
        taken
    }

    fn digits(&mut self) -> &'c str {
        self.take(|c| c.is_ascii_digit())
    }

    /// A text that stands here, whatever its case.
    fn one_of(&mut self, texts: &[&'static str]) -> Option<&'static str> {
        let found =
            texts.iter().find(|text| self.0.get(..text.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(text)))?;
        self.skip(found.len());
        Some(found)
    }
}

/// What stands between the parts of a date, the longer first.
const BETWEEN: [&str; 8] = [" de ", ". ", ", ", "-", "/", ".", "  ", " "];

/// The date that begins a cell, in one or two ways.
fn date(rest: &mut Rest<'_>) -> Option<Vec<String>> {
    let first = rest.digits();
    if first.is_empty() {
        // `Oct 31 2026`, `October 31, 2026`
        let word = rest.take(char::is_alphabetic);
        // What follows a month's name is read away with it.
        rest.one_of(&["."]);
        rest.one_of(&["  ", " "])?;
        let day = rest.digits();
        let comma = rest.one_of(&[", ", " "])?;
        let year = rest.digits();
        let fits = is_month(word) && (1..=2).contains(&day.len()) && year.len() == 4;
        return fits.then(|| vec![format!("%b %d{comma}%Y")]);
    }
    let sign = rest.one_of(&BETWEEN)?;
    if rest.0.starts_with(char::is_alphabetic) {
        let word = rest.take(char::is_alphabetic);
        let dotted = rest.0.starts_with('.') && !rest.0[1..].starts_with(|c: char| c.is_ascii_digit());
        if dotted {
            rest.skip(1);
        }
        let second = rest.one_of(&BETWEEN)?;
        let year = rest.digits();
        let (one, other) = match (first.len(), year.len()) {
            (4, 1 | 2) => ("%Y", "%d"),
            (1 | 2, 4) => ("%d", "%Y"),
            (1 | 2, 2) => ("%d", "%y"),
            _ => return None,
        };
        return is_month(word).then(|| vec![format!("{one}{sign}%b{second}{other}")]);
    }
    let second = rest.digits();
    // `20260411 210055`
    if first.len() == 8 && sign == " " && second.len() == 6 && rest.0.is_empty() {
        return Some(vec!["%Y%m%d %H%M%S".into()]);
    }
    let next = rest.one_of(&[sign])?;
    let third = rest.digits();
    let short = |part: &str| (1..=2).contains(&part.len());
    if !short(second) {
        return None;
    }
    match (first.len(), third.len()) {
        (4, 1 | 2) => Some(vec![format!("%Y{sign}%m{next}%d")]),
        (1 | 2, 4) => Some(vec![format!("%m{sign}%d{next}%Y"), format!("%d{sign}%m{next}%Y")]),
        // `192.0.2` is no date, and a telephone number has blanks.
        (1 | 2, 2) if sign != " " => Some(vec![format!("%m{sign}%d{next}%y"), format!("%d{sign}%m{next}%y")]),
        _ => None,
    }
}

/// The clock behind a date; empty where there is none.
fn clock(rest: &mut Rest<'_>) -> Option<String> {
    if rest.0.is_empty() {
        return Some(String::new());
    }
    let before = rest.one_of(&["T", ", ", " - ", "  ", " klo ", " kl. ", " um ", " ", ":"])?;
    let hour = rest.digits();
    let colon = rest.one_of(&[":", ".", "h"])?;
    let minute = rest.digits();
    if !(1..=2).contains(&hour.len()) || minute.len() != 2 {
        return None;
    }
    let mut seconds = String::new();
    if colon != "h"
        && let Some(sign) = rest.one_of(&[colon])
    {
        if rest.digits().len() != 2 {
            return None;
        }
        seconds = format!("{sign}%S");
        if let Some(point) = rest.one_of(&[".", ",", ":"]) {
            if !(1..=9).contains(&rest.digits().len()) {
                return None;
            }
            seconds += if point == "." {
                "%.f"
            } else if point == "," {
                ",%f"
            } else {
                ":%f"
            };
        }
    }
    let blank = rest.one_of(&[" ", "\u{a0}", "\u{202f}"]).map_or("", |_| " ");
    if rest.one_of(&["AM", "PM", "a.m.", "p.m.", "a. m.", "p. m.", "a.\u{a0}m.", "p.\u{a0}m."]).is_some() {
        return rest.0.is_empty().then(|| format!("{before}%I{colon}%M{seconds}{blank}%p"));
    }
    let time = format!("{before}%H{colon}%M{seconds}");
    match rest.0 {
        "" if blank.is_empty() => Some(time),
        // Read so in ISO 8601 alone: anywhere else it would pass for a time of the library's zone.
        "Z" if blank.is_empty() && colon == ":" => Some(format!("{time}Z")),
        "Uhr" | "h" => Some(format!("{time}{blank}{}", rest.0)),
        offset if offset.starts_with(['+', '-']) => {
            let digits = offset[1..].bytes().filter(u8::is_ascii_digit).count();
            let colons = offset[1..].bytes().filter(|c| *c == b':').count();
            match (digits, colons, offset.len()) {
                (2, 0, 3) | (4, 0, 5) => Some(format!("{time}{blank}%z")),
                (4, 1, 6) => Some(format!("{time}{blank}%:z")),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::cells::TimeFormat;

    /// As databases and office programs write one moment, each with the patterns that may be meant.
    #[test]
    fn times_are_known_however_they_are_written() {
        let both = |date: &str, clock: &str| {
            vec![format!("{date}{clock}"), format!("{}{clock}", crate::profile::swapped(date))]
        };
        let one = |pattern: &str| vec![pattern.to_string()];
        for (cell, called_so, patterns) in [
            ("2026-10-31", false, one("iso")),
            ("2026-10-31 09:30", false, one("iso")),
            ("2026-10-31T09:30:00Z", false, one("iso")),
            ("2026-10-31T09:30:00.1234567", false, one("iso")),
            ("2026-10-31 09:30:00.123456-04", false, one("iso")),
            ("2026-10-31 09:30:00 +0000", false, one("%Y-%m-%d %H:%M:%S %z")),
            ("2026/10/31 09:30:00", false, one("%Y/%m/%d %H:%M:%S")),
            ("2026.10.31", false, one("%Y.%m.%d")),
            ("10/9/2026", false, both("%m/%d/%Y", "")),
            ("10/9/2026 9:30", false, both("%m/%d/%Y", " %H:%M")),
            ("31/10/2026 09:30:00 AM", false, both("%m/%d/%Y", " %I:%M:%S %p")),
            ("31/10/2026 9:30 p. m.", false, both("%m/%d/%Y", " %I:%M %p")),
            ("10/31/26", false, both("%m/%d/%y", "")),
            ("31.10.2026, 09:30", false, both("%m.%d.%Y", ", %H:%M")),
            ("31.10.2026 klo 9.30", false, both("%m.%d.%Y", " klo %H.%M")),
            ("31-10-2026 09:30:00", false, both("%m-%d-%Y", " %H:%M:%S")),
            ("31-OCT-26", false, one("%d-%b-%y")),
            ("31-OKT-2026", false, one("%d-%b-%Y")),
            ("31-OCT-26 09.30.00.000000 AM", false, one("%d-%b-%y %I.%M.%S%.f %p")),
            ("31 déc. 2026", false, one("%d %b %Y")),
            ("31 de octubre de 2026", false, one("%d de %b de %Y")),
            ("31. Oktober 2026", false, one("%d. %b %Y")),
            ("Oct 31 2026  9:30AM", false, one("%b %d %Y  %I:%M%p")),
            ("October 31, 2026", false, one("%b %d, %Y")),
            ("Sat, 31 Oct 2026 09:30:00 +0000", false, one("%a, %d %b %Y %H:%M:%S %z")),
            ("31/Oct/2026:09:30:00 -0400", false, one("%d/%b/%Y:%H:%M:%S %z")),
            ("[31/Oct/2026:09:30:00 -0400]", false, one("[%d/%b/%Y:%H:%M:%S %z]")),
            ("20261031", false, one("%Y%m%d")),
            ("20261031093000", false, one("%Y%m%d%H%M%S")),
            ("20261031 093000", false, one("%Y%m%d %H%M%S")),
            ("1793453400", true, one("epoch")),
            ("1793453400.5", true, one("epoch")),
            ("1793453400123", true, one("epoch-ms")),
            ("46326.395833333", true, one("excel")),
            ("31/10/2026 09:30:00Z", false, Vec::new()),
            ("46326", false, Vec::new()),
            ("1793453400", false, Vec::new()),
            ("555-0161", false, Vec::new()),
            ("(203) 555-0171", false, Vec::new()),
            ("192.0.2.11", false, Vec::new()),
            ("QA76.73 .R87 2019", false, Vec::new()),
            ("978-3-16-148410-0", false, Vec::new()),
            ("104001", false, Vec::new()),
            ("", false, Vec::new()),
        ] {
            assert_eq!(written(cell, called_so), patterns, "{cell}");
            let read =
                |pattern: &String| TimeFormat::new(std::slice::from_ref(pattern), TimeZone::UTC).read(cell.as_bytes());
            assert_eq!(patterns.is_empty(), !patterns.iter().any(|pattern| read(pattern).is_some()), "{cell}");
            assert!(patterns.iter().all(|pattern| TimeFormat::knows(pattern)), "{cell}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_looked_at(cell in proptest::prelude::any::<String>(), called_so: bool) {
            written(&cell, called_so);
        }

        #[test]
        fn whatever_looks_like_one_is_looked_at(cell in "[0-9]{0,5}[-/. T:]{0,2}[0-9A-Za-zé]{0,4}[-/. T:]{0,2}[0-9]{0,5}[ T][0-9:.APMZ+-]{0,16}") {
            written(&cell, true);
        }
    }
}
