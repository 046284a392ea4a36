//! How old a transaction is, in bands that a board reads: by the months since it was opened.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Month;

/// A band of ages. Whole months are counted, so the edges are true to a month.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Age {
    UpToOneYear,
    OneToTwoYears,
    TwoToFiveYears,
    FiveToTenYears,
    OverTenYears,
    /// When it was opened can't be read.
    Unknown,
}

impl Age {
    /// The age on a day of the month `now`. One that is opened later than that is young.
    pub fn of(opened: Month, now: Month) -> Age {
        match now.0.saturating_sub(opened.0) {
            ..12 => Age::UpToOneYear,
            12..24 => Age::OneToTwoYears,
            24..60 => Age::TwoToFiveYears,
            60..120 => Age::FiveToTenYears,
            120.. => Age::OverTenYears,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Age::UpToOneYear => "up to 1 year",
            Age::OneToTwoYears => "1 to 2 years",
            Age::TwoToFiveYears => "2 to 5 years",
            Age::FiveToTenYears => "5 to 10 years",
            Age::OverTenYears => "over 10 years",
            Age::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_counted_in_whole_months() {
        for (opened, age) in [
            ("2027-01", Age::UpToOneYear),
            ("2026-11", Age::UpToOneYear),
            ("2025-12", Age::UpToOneYear),
            ("2025-11", Age::OneToTwoYears),
            ("2024-11", Age::TwoToFiveYears),
            ("2021-11", Age::FiveToTenYears),
            ("2016-12", Age::FiveToTenYears),
            ("2016-11", Age::OverTenYears),
            ("1950-01", Age::OverTenYears),
        ] {
            assert_eq!(Age::of(opened.parse().unwrap(), "2026-11".parse().unwrap()), age, "{opened}");
        }
    }
}
