//! Dates of birth, however they are written: `1980-02-03`, `3.2.1980`, `02/03/1980`, `3 Feb 1980`, `Feb 3, 1980`.
//!
//! A date has one form, `19800203`: the normal form of what most exports write. Where day and month can't be told apart it is
//! both dates. Years of two digits are read in records alone: *11/22/63* is a novel.

use jiff::civil::Date;

use super::date_words::{FILLERS, MONTHS, ROMAN, WEEKDAYS};

/// So many bytes has no date with its time of day and a weekday.
const LONGEST: usize = 48;

/// Whose date it is that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Record,
    Text,
}

/// The forms of a folded text that is a date and nothing else.
pub(super) fn keys(text: &str, of: Of, mut note: impl FnMut(&str) -> bool) -> bool {
    let fewest = if of == Of::Text { 5 } else { 3 };
    if text.len() > LONGEST || text.bytes().filter(u8::is_ascii_digit).count() < fewest {
        return false;
    }
    read(&parts(without_time(text)), of).into_iter().flatten().any(|date| note(&date.to_string().replace('-', "")))
}

/// `1980-02-03 00:00:00`, `1980-02-03t00:00z` without what follows the day.
fn without_time(text: &str) -> &str {
    let text = text.trim();
    let Some(colon) = text.find(':') else { return text };
    let hour = text[..colon].trim_end_matches(|c: char| c.is_ascii_digit());
    hour.strip_suffix('t').unwrap_or(hour).trim_end_matches([' ', ','])
}

/// Runs of digits and of letters, without fillers and weekdays.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some(from) = rest.find(char::is_alphanumeric) {
        rest = &rest[from..];
        let is_digit = rest.starts_with(|c: char| c.is_ascii_digit());
        let ends = |c: char| !c.is_alphanumeric() || c.is_ascii_digit() != is_digit;
        let (part, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        let is_weekday = part.ends_with("day") && WEEKDAYS.contains(&part.get(..3).unwrap_or_default());
        if !FILLERS.contains(&part) && !WEEKDAYS.contains(&part) && !is_weekday {
            parts.push(part);
        }
        rest = after;
    }
    parts
}

fn read(parts: &[&str], of: Of) -> [Option<Date>; 2] {
    let year = |part: &str| match (part.len(), of) {
        (4, _) => part.parse::<i16>().ok().filter(|year| (1850..=2100).contains(year)),
        (2, Of::Record) => part.parse::<i16>().ok().map(|year| if year <= 30 { 2000 + year } else { 1900 + year }),
        _ => None,
    };
    let small = |part: &str| part.parse::<i8>().ok().filter(|_| part.len() <= 2);
    let date = |y: &str, m: Option<i8>, d: &str| Date::new(year(y)?, m?, small(d)?).ok();
    match parts {
        [one] if one.len() == 8 && one.bytes().all(|c| c.is_ascii_digit()) => {
            [date(&one[..4], small(&one[4..6]), &one[6..]), None]
        }
        [y, m, d] if y.len() == 4 && month(y).is_none() => [date(y, month(m).or_else(|| small(m)), d), None],
        [d, m, y] if month(m).is_some() => [date(y, month(m), d), None],
        [m, d, y] if month(m).is_some() => [date(y, month(m), d), None],
        [one, two, y] => {
            let dates = [date(y, small(two), one), date(y, small(one), two)];
            if dates[0] == dates[1] { [dates[0], None] } else { dates }
        }
        _ => [None, None],
    }
}

/// The month that a word names.
fn month(word: &str) -> Option<i8> {
    let named = |names: &[&str]| word.len() >= 3 && names.iter().any(|name| name.starts_with(word));
    let place =
        MONTHS.iter().position(|names| named(names)).or_else(|| ROMAN.iter().position(|roman| *roman == word))?;
    i8::try_from(place + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    fn dates(text: &str, of: Of) -> Vec<String> {
        let mut all = Vec::new();
        keys(&fold(text), of, |date| {
            all.push(date.to_string());
            false
        });
        all
    }

    #[test]
    fn a_date_is_read_in_every_usual_form() {
        for text in [
            "1980-02-03",
            "1980-2-3",
            "1980/02/03",
            "1980.02.03",
            "19800203",
            "1980-02-03 00:00:00",
            "1980-02-03T00:00:00Z",
            "3 Feb 1980",
            "3 febr. 1980",
            "03FEB1980",
            "3rd of February, 1980",
            "Feb 3, 1980",
            "February 3rd 1980",
            "Sunday, 3 February 1980",
            "1980 Feb 3",
            "3 février 1980",
            "3 de febrero de 1980",
            "3.II.1980",
            "born 3 Feb. 1980",
        ] {
            assert_eq!(dates(text, Of::Text), ["19800203"], "{text}");
        }
        for text in ["3.2.1980", "03/02/1980", "3-2-1980"] {
            assert_eq!(dates(text, Of::Text), ["19800203", "19800302"], "{text}");
        }
        assert_eq!(dates("02/30/1980", Of::Text), Vec::<String>::new());
        assert_eq!(dates("23/2/1980", Of::Text), ["19800223"]);
        assert_eq!(dates("23/2/80", Of::Record), ["19800223"]);
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in [
            "",
            "1984",
            "11/22/63",
            "1914-1918",
            "Feb 1980",
            "12.1980",
            "198002",
            "03021980",
            "613.7046 541 2019",
            "Marbles 3, 1980",
            "QA76 2019",
            "3 Feb 1980 and later",
            "March of 3 Penguins",
            "1 2 3",
            "99999999",
            "1980-13-45",
        ] {
            assert_eq!(dates(text, Of::Text), Vec::<String>::new(), "{text}");
        }
    }
}
