//! `[authority]`: on whose authority records are destroyed, until when that is good, and who signs for it.

use jiff::civil::Date;
use serde::Deserialize;

use super::period;
use crate::toml_file::{Located, TomlError};
use crate::words::Day;

/// From how many days before its last day on an authorization is said to end.
const NOTICE: i32 = 30;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthorityText {
    #[serde(default)]
    statute: String,
    #[serde(default)]
    schedule: String,
    #[serde(default)]
    authorization: String,
    until: Option<toml::Value>,
    #[serde(default)]
    custodian: String,
    #[serde(default)]
    series: String,
    sign_within: Option<String>,
}

/// On whose authority records are destroyed. Printed on every purge report.
#[derive(Clone, Debug)]
pub struct Authority {
    pub statute: String,
    pub schedule: String,
    /// The signed authorization. Empty: `plan` works and `run` refuses.
    pub authorization: String,
    /// The last day on which it is good; none: until it is replaced.
    pub until: Option<Day>,
    /// Who keeps the records: an office or a title, for the annex.
    pub custodian: String,
    /// The record series that the schedule names.
    pub series: String,
    /// How many days a run's report may wait for a person's sign-off; none: nobody is reminded.
    pub sign_within: Option<i32>,
}

/// How an authorization stands on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// None was entered.
    Missing,
    Good,
    /// Good, and its last day is near: in so many days.
    Ends {
        on: Day,
        days: i32,
    },
    Expired {
        on: Day,
    },
}

impl Authority {
    pub fn on(&self, day: Day) -> Standing {
        match self.until {
            _ if self.authorization.trim().is_empty() => Standing::Missing,
            Some(on) if day > on => Standing::Expired { on },
            Some(on) if on.0 - day.0 <= NOTICE => Standing::Ends { on, days: on.0 - day.0 },
            _ => Standing::Good,
        }
    }
}

impl Standing {
    /// What a person should do about it; none where it is good.
    pub fn notice(self) -> Option<String> {
        let renew = "have it renewed, and write its number and its last day (`until`) under [authority] of policy.toml";
        match self {
            Standing::Missing | Standing::Good => None,
            Standing::Ends { on, days: 0 } => Some(format!("the authorization is good until today ({on}): {renew}")),
            Standing::Ends { on, days: 1 } => {
                Some(format!("the authorization is good until {on}, for one more day: {renew}"))
            }
            Standing::Ends { on, days } => {
                Some(format!("the authorization is good until {on}, for {days} more days: {renew}"))
            }
            Standing::Expired { on } => {
                Some(format!("the authorization was good until {on}, so `run` and `purge` refuse: {renew}"))
            }
        }
    }
}

impl AuthorityText {
    pub(super) fn read(self, source: &Located) -> Result<Authority, TomlError> {
        let until = self.until.as_ref().map(|value| day(value, source)).transpose()?;
        let sign_within = self.sign_within.as_ref().map(|text| period::days(text, source)).transpose()?;
        let AuthorityText { statute, schedule, authorization, custodian, series, .. } = self;
        Ok(Authority { statute, schedule, authorization, until, custodian, series, sign_within })
    }
}

/// A day, with quotes or without.
fn day(value: &toml::Value, source: &Located) -> Result<Day, TomlError> {
    let text = match value {
        toml::Value::Datetime(date) => date.to_string(),
        toml::Value::String(text) => text.clone(),
        _ => String::new(),
    };
    let date: Option<Date> = text.parse().ok().filter(|_| text.len() == "2027-06-30".len());
    date.map(Day::from_date)
        .ok_or_else(|| source.error("until", "the last day on which the authorization is good: write 2027-06-30"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{SMALL, each_is_refused, parse};
    use super::*;

    fn with(lines: &str) -> Authority {
        let to = format!("authorization = \"RC-075\"\n{lines}");
        parse(SMALL.replacen("authorization = \"RC-075\"", &to, 1)).unwrap().authority
    }

    #[test]
    fn an_authorization_ends_after_its_last_day_and_says_so_before() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let until = with("until = 2027-06-30");
        assert_eq!(with("until = \"2027-06-30\"").until, until.until);
        let on = day("2027-06-30");
        for (today, standing) in [
            ("2027-05-30", Standing::Good),
            ("2027-05-31", Standing::Ends { on, days: 30 }),
            ("2027-06-30", Standing::Ends { on, days: 0 }),
            ("2027-07-01", Standing::Expired { on }),
            ("2031-01-01", Standing::Expired { on }),
        ] {
            assert_eq!(until.on(day(today)), standing, "{today}");
            assert_eq!(standing.notice().is_some(), standing != Standing::Good, "{today}");
        }
        assert_eq!(with("").on(day("2999-01-01")), Standing::Good, "without a last day it doesn't end");
        let none = parse(SMALL.replacen("RC-075", " ", 1)).unwrap().authority;
        assert_eq!(none.on(day("2026-01-01")), Standing::Missing);
    }

    #[test]
    fn what_nobody_asked_for_is_not_asked() {
        let plain = with("");
        assert_eq!((plain.until, plain.sign_within), (None, None));
        assert!(plain.custodian.is_empty() && plain.series.is_empty());
        assert_eq!(with("sign_within = \"6 weeks\"").sign_within, Some(42));
    }

    #[test]
    fn a_last_day_is_a_day() {
        let from = "authorization = \"RC-075\"";
        let cases: Vec<String> =
            ["until = 2027-06-31", "until = 2027-06-30T00:00:00Z", "until = \"June\"", "until = 2027"]
                .map(|line| format!("{line}\n{from}"))
                .into();
        for to in &cases {
            each_is_refused(&[(from, to, "policy.toml:6:")]);
        }
        each_is_refused(&[(from, "sign_within = \"soon\"", "policy.toml:6:15: not a period")]);
    }
}
