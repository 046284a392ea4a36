//! `[[publish]]` and `[[statistics]]`: what may leave.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::meaning::Condition;
use crate::treat::{Platforms, Scheme};

/// One published column: the allowlist.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    pub name: String,
    #[serde(default)]
    pub from: From,
    pub treatment: Treatment,
    /// What it tells of: that alone decides where it may stand.
    pub about: About,
    /// The values are codes that the library itself declared (branches, item types), so a code that looks like a
    /// patron's number is not one.
    #[serde(default)]
    pub codes: bool,
    /// Of what is about patrons: values that are kept apart from those of another group as long as possible, by what the group
    /// is called. `{ child = ["JUV", "KID"], adult = ["AD"] }`: children's circulation is what is asked for most.
    #[serde(default)]
    pub groups: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "write a column, or a list of columns")]
pub enum From {
    One(String),
    Many(Vec<String>),
}

impl Default for From {
    fn default() -> From {
        From::Many(Vec::new())
    }
}

impl From {
    pub fn columns(&self) -> &[String] {
        match self {
            From::One(column) => std::slice::from_ref(column),
            From::Many(columns) => columns,
        }
    }
}

/// What a published column tells of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// Branch, then the area within it: in every table.
    Place,
    /// The day and the hour of opening.
    Time,
    /// What kind of patron: in the community alone.
    Patron,
    /// What was used, and how: in the collection alone.
    Use,
    /// The title of what was used: in a table of the whole library alone, where the policy says so.
    Title,
}

impl About {
    pub fn name(self) -> &'static str {
        match self {
            About::Place => "place",
            About::Time => "time",
            About::Patron => "patron",
            About::Use => "use",
            About::Title => "title",
        }
    }
}

/// What turns an input into a published value: a closed list.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase", remote = "Self")]
pub enum Treatment {
    /// As it is. An error on an identifier.
    Keep,
    /// The first n characters.
    Prefix(u8),
    /// A number, by the lower edges of its bands.
    Band(Vec<i32>),
    /// Years from the first input (a birth date) to the second (a time), by the lower edges of their bands.
    Age(Vec<i32>),
    Day,
    Year,
    Hour,
    /// Days from the first input (a time) to the second, by the lower edges of their bands. Unfinished: the top band.
    Duration(Vec<i32>),
    /// The same of what may never come, such as the copy that a hold waits for: `not come` where it hadn't, as the period was
    /// released. So the bands are of those that came alone.
    Wait(Vec<i32>),
    /// In which way a hold ended, as the [[state]] says it; `not ended` where it is open. It takes no column.
    Ended,
    /// A call number's class.
    Class(Scheme),
    /// Whose site a URL is of: never a path, a query, a login or an address. `"platform"` alone: the registrable domain of
    /// its host (`jstor.org`). `{ platform = ["ebscohost.com", …] }`: the longest of these that the host ends with, and
    /// otherwise that domain. `{ platform = { "ebscohost.com" = "EBSCO", … } }`: the same, by a name.
    Platform(Suffixes),
    /// A value's other name; one that isn't listed reads `other`.
    Map(BTreeMap<String, String>),
    /// A small number as it is: how often a loan was renewed; of a log with [requests], whether one begins a session.
    Count,
}

/// A treatment is a word, or a table of one word and what it takes. `platform` is either.
impl<'de> Deserialize<'de> for Treatment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Treatment, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Treatment;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a treatment: a word, or { word = … }")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Treatment, E> {
                match word {
                    "platform" => Ok(Treatment::Platform(Suffixes::default())),
                    word => Treatment::deserialize(word.into_deserializer()),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Treatment, A::Error> {
                Treatment::deserialize(MapAccessDeserializer::new(map))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// The declared platforms, by suffixes of hosts.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "write a list of suffixes, or a table of suffixes and names")]
pub enum Suffixes {
    /// A suffix stands for itself.
    List(Vec<String>),
    /// By its name.
    Table(BTreeMap<String, String>),
}

impl Default for Suffixes {
    fn default() -> Suffixes {
        Suffixes::List(Vec::new())
    }
}

impl Suffixes {
    pub fn suffixes(&self) -> Vec<&String> {
        match self {
            Suffixes::List(list) => list.iter().collect(),
            Suffixes::Table(table) => table.keys().collect(),
        }
    }

    /// What they are called where they are published.
    pub fn names(&self) -> Vec<&String> {
        match self {
            Suffixes::List(list) => list.iter().collect(),
            Suffixes::Table(table) => table.values().collect(),
        }
    }

    pub fn ready(&self) -> Platforms {
        let pairs = self.suffixes().into_iter().cloned().zip(self.names().into_iter().cloned());
        Platforms::new(pairs.collect())
    }
}

/// A table of figures by these columns, all of one node: places and uses; places and what is about patrons; or the first
/// place, `weekday` and `hours`. None: the totals.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    pub name: String,
    #[serde(default)]
    pub by: Vec<String>,
}

/// `[counts]`: where rows aren't all checkouts, which count as what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Such a row is a renewal, and no checkout.
    pub renewal: BTreeMap<String, Condition>,
    /// Such a row is neither: a return.
    pub neither: Option<BTreeMap<String, Condition>>,
}

impl Counts {
    pub fn conditions(&self) -> impl Iterator<Item = &BTreeMap<String, Condition>> {
        std::iter::once(&self.renewal).chain(&self.neither)
    }
}
