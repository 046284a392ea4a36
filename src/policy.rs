//! What the library's board adopted: `policy.toml`. Retention, threshold, authority: nothing here is a default that a
//! board did not see, and nothing in it is about one library system.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::toml_file::{self, Located, TomlError, meant};
use crate::words::{Calendar, Digest, Kind, Length, Side};

mod accept;
mod authority;
mod labels;
mod mailing;
mod period;
mod rejects;
mod retention;
mod survey;

pub use accept::Accept;
use accept::AcceptText;
use authority::AuthorityText;
pub use authority::{Authority, Standing};
pub use labels::Labels;
pub use mailing::Mailing;
pub use rejects::Rejects;
use rejects::RejectsText;
use retention::RetentionText;
pub use retention::{HistoryRule, MissingRule, Retention};
use survey::ElementText;
pub use survey::{Countable, Element, Lines, Rule};

/// A policy as adopted.
#[derive(Debug)]
pub struct Policy {
    pub library: Library,
    pub authority: Authority,
    /// As adopted, by kind. `rules` has those of a pipeline.
    pub retention: BTreeMap<Kind, Retention>,
    pub exports: Exports,
    pub release: Release,
    /// By name.
    pub mailing: BTreeMap<String, Mailing>,
    pub timezone: TimeZone,
    /// None: rejected rows are counted and located, never copied.
    pub rejects: Option<Rejects>,
    /// What the leak search passes by, and why.
    pub accepts: Vec<Accept>,
    /// What surveys ask for, and how it is counted.
    pub survey: Vec<Element>,
    /// SHA-256 of the file: policies are public.
    pub digest: Digest,
    source: Located,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default = "one")]
    format: u32,
    library: Library,
    authority: AuthorityText,
    retention: BTreeMap<Kind, RetentionText>,
    exports: Exports,
    release: ReleaseText,
    #[serde(default)]
    mailing: BTreeMap<String, Mailing>,
    rejects: Option<RejectsText>,
    #[serde(default)]
    survey: Vec<ElementText>,
}

fn one() -> u32 {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Library {
    pub name: String,
    /// IANA name. Every rule counts in civil days there.
    pub timezone: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exports {
    pub after_run: AfterRun,
}

/// What becomes of the exports once a run has committed. A policy must say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AfterRun {
    Delete,
    Keep,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleaseText {
    threshold: u32,
    settle: String,
    #[serde(default = "month")]
    period: Length,
    #[serde(default = "one_month")]
    year_begins: i32,
    #[serde(default)]
    places: BTreeMap<String, Vec<String>>,
    licence: Option<String>,
    #[serde(default)]
    titles: bool,
    #[serde(default)]
    labels: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    accept: Vec<AcceptText>,
}

fn month() -> Length {
    Length::Month
}

fn one_month() -> i32 {
    1
}

#[derive(Clone, Debug)]
pub struct Release {
    /// No figure about fewer patrons than this is published.
    pub threshold: u32,
    /// Days between a period's end and its release.
    pub settle: i32,
    /// The regular periods: months, unless a small library does with quarters or years.
    pub calendar: Calendar,
    /// Places that are always published together, by what the group is called: so series don't break where one of them is
    /// too small now and then.
    pub places: BTreeMap<String, Vec<String>>,
    /// Under which licence what is published may be used, by its SPDX name.
    pub licence: Option<String>,
    /// Whether titles are published that enough patrons borrowed.
    pub titles: bool,
    /// By column: what its values are called on pages. Files keep the values.
    pub labels: Labels,
}

impl ReleaseText {
    fn read(&self, source: &Located) -> Result<Release, TomlError> {
        if self.threshold < 2 {
            return Err(source.error("threshold", "a threshold below 2 patrons protects nobody"));
        }
        if !(1..=12).contains(&self.year_begins) {
            return Err(source.error("year_begins", "the month that a year begins with, from 1 to 12"));
        }
        let mut seen: Vec<&String> = Vec::new();
        for (name, places) in &self.places {
            if name.trim().is_empty() || places.len() < 2 {
                return Err(source.error(name, "a group has a name, and at least two places"));
            }
            // What is merged reads so, and what isn't recorded: a group of that name couldn't be told from it.
            if ["other", "unknown"].contains(&name.trim().to_lowercase().as_str()) {
                let why =
                    "what is merged reads `other`, and what isn't recorded `unknown`: call the group by another name";
                return Err(source.error(name, why));
            }
            if let Some(twice) = places.iter().find(|place| seen.contains(place)) {
                return Err(source.error(twice, format!("`{twice}` is in two groups")));
            }
            seen.extend(places);
        }
        Ok(Release {
            threshold: self.threshold,
            settle: period::days(&self.settle, source)?,
            calendar: Calendar { length: self.period, year_begins: self.year_begins },
            places: self.places.clone(),
            licence: self.licence.clone(),
            titles: self.titles,
            labels: labels::read(&self.labels, source)?,
        })
    }
}

impl Policy {
    pub fn load(path: &Path) -> Result<Policy, TomlError> {
        Policy::parse(&toml_file::read(path)?)
    }

    pub fn parse(source: &Located) -> Result<Policy, TomlError> {
        let file: File = source.parse()?;
        if file.format != 1 {
            return Err(source.error("format", "this afterloan reads policies of format 1"));
        }
        let timezone = TimeZone::get(&file.library.timezone).map_err(|_| {
            source.error(&file.library.timezone, "no such time zone; write an IANA name such as America/New_York")
        })?;
        if file.library.name.trim().is_empty() {
            return Err(source.error("name", "the library needs a name: it is printed on every report"));
        }
        let mut retention = BTreeMap::new();
        for (kind, text) in &file.retention {
            retention.insert(*kind, text.read(*kind, source)?);
        }
        let rejects = file.rejects.map(|text| text.read(source)).transpose()?;
        let accepts = accept::read(&file.release.accept, source)?;
        for (name, mailing) in &file.mailing {
            mailing.check(name).map_err(|why| source.error(&format!("[mailing.{name}"), why))?;
        }
        let release = file.release.read(source)?;
        let survey = survey::read(&file.survey, source)?;
        Ok(Policy {
            library: file.library,
            authority: file.authority.read(source)?,
            retention,
            exports: file.exports,
            release,
            mailing: file.mailing,
            timezone,
            rejects,
            accepts,
            survey,
            digest: Digest::of(source.text.as_bytes()),
            source: source.clone(),
        })
    }

    /// Whether every column in which a pattern is accepted is one that is published: `columns` lists those of all
    /// pipelines, as `PIPELINE.COLUMN`.
    pub fn check_accepts(&self, columns: &[String]) -> Result<(), TomlError> {
        let names = self.accepts.iter().map(|accept| format!("{}.{}", accept.pipeline, accept.column));
        match names.into_iter().find(|name| !columns.contains(name)) {
            None => Ok(()),
            Some(name) => {
                let near = meant(&name, columns.iter().map(String::as_str));
                Err(self.source.error(&name, format!("no pipeline publishes a text under the name `{name}`{near}")))
            }
        }
    }

    /// Whether every element of a survey can be counted: from these tables, and by these pipelines of contacts.
    pub fn check_survey(&self, tables: &[Countable], contacts: &[&str]) -> Result<(), TomlError> {
        survey::check(&self.survey, tables, contacts, &self.source)
    }

    /// The rules for a pipeline that severs this side of records of this kind.
    pub fn rules(&self, kind: Kind, side: Side) -> Result<Retention, MissingRule> {
        self.retention.get(&kind).ok_or(MissingRule::Kind(kind))?.of(kind, side)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a policy says at least; the rooms below this one change it in one place each.
    pub(super) const SMALL: &str = r#"
[library]
name = "A library"
timezone = "America/New_York"
[authority]
authorization = "RC-075"
[retention.loan]
grace = "30 days"
[exports]
after_run = "keep"
[release]
threshold = 10
settle = "30 days"
"#;

    pub(super) fn parse(text: String) -> Result<Policy, String> {
        Policy::parse(&Located::new("policy.toml".into(), text)).map_err(|error| error.to_string())
    }

    /// What a policy is refused with after each change.
    pub(super) fn each_is_refused(cases: &[(&str, &str, &str)]) {
        for (from, to, message) in cases {
            assert!(SMALL.contains(from), "{from}");
            let error = parse(SMALL.replacen(from, to, 1)).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn mistakes_are_located_and_the_nearest_key_is_named() {
        each_is_refused(&[
            ("grace = \"30 days\"", "grce = \"30 days\"", "policy.toml:8:1: unknown key `grce`; did you mean `grace`?"),
            ("\"30 days\"\n[exports]", "\"soon\"\n[exports]", "policy.toml:8:9: not a period"),
            ("America/New_York", "Middle/Earth", "policy.toml:4:12: no such time zone"),
            ("threshold = 10", "threshold = 1", "policy.toml:12:1: a threshold below 2"),
            ("after_run = \"keep\"\n", "", "policy.toml:9:1: missing field `after_run`"),
            ("\"A library\"", "\" \"", "policy.toml:3:1: the library needs a name"),
            (
                "threshold = 10",
                "threshold = 10\nplaces = { \"Other\" = [\"HBR\", \"BKM\"] }",
                "policy.toml:13:12: what is merged reads `other`",
            ),
            (
                "threshold = 10",
                "threshold = 10\nplaces = { unknown = [\"HBR\", \"BKM\"] }",
                "policy.toml:13:12: what is merged reads `other`",
            ),
            ("[library]", "format = 2\n[library]", "policy.toml:2:1: this afterloan reads policies of format 1"),
        ]);
    }
}
