//! Periods in civil days.

use crate::toml_file::{Located, TomlError};

/// The days of a period that stands in a file.
pub fn days(text: &str, source: &Located) -> Result<i32, TomlError> {
    period(text).map_err(|why| source.error(text, why))
}

/// A period in civil days: "30 days", "2 years" (of 365 days, plus a day for every four), "0".
fn period(text: &str) -> Result<i32, &'static str> {
    const SHAPE: &str = "not a period; write \"30 days\", \"6 weeks\", \"3 months\" or \"2 years\"";
    let mut words = text.split_whitespace();
    let count: i32 = words.next().and_then(|word| word.parse().ok()).ok_or(SHAPE)?;
    if !(0..=36_500).contains(&count) {
        return Err("a period lies between 0 and 36,500 days");
    }
    let days = match (words.next(), count) {
        (None, 0) => 0,
        (Some("day" | "days"), _) => count,
        (Some("week" | "weeks"), _) => count * 7,
        (Some("month" | "months"), _) => count * 31,
        (Some("year" | "years"), 0..=100) => count * 365 + (count + 3) / 4,
        _ => return Err(SHAPE),
    };
    if words.next().is_some() { Err(SHAPE) } else { Ok(days) }
}

#[cfg(test)]
mod tests {
    use super::period;

    #[test]
    fn periods_are_civil_days() {
        for (text, days) in
            [("0", 0), ("30 days", 30), ("1 day", 1), ("2 weeks", 14), ("3 months", 93), ("2 years", 731)]
        {
            assert_eq!(period(text), Ok(days), "{text}");
        }
        for text in ["", "30", "days", "-1 days", "30 days ago", "1.5 days", "99999999 days"] {
            assert!(period(text).is_err(), "{text}");
        }
    }
}
