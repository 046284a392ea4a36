//! `[[publish]]` and `[[statistics]]`: what may leave.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::treat::{Platforms, Scheme};

/// One published column: the allowlist.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    pub name: String,
    pub from: From,
    pub treatment: Treatment,
    pub half: Halves,
    /// The values are codes that the library itself declared (branches, item types), so a code that looks like a
    /// patron's number is not one.
    #[serde(default)]
    pub codes: bool,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "write a column, or a list of columns")]
pub enum From {
    One(String),
    Many(Vec<String>),
}

impl From {
    pub fn columns(&self) -> &[String] {
        match self {
            From::One(column) => std::slice::from_ref(column),
            From::Many(columns) => columns,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "write \"collection\", \"community\", a list of both, or \"statistics\"")]
pub enum Halves {
    One(Half),
    Both(Vec<Half>),
}

impl Halves {
    pub fn has(&self, half: Half) -> bool {
        match self {
            Halves::One(one) => *one == half,
            Halves::Both(halves) => halves.contains(&half),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Half {
    /// What, where and when.
    Collection,
    /// What kind of patron.
    Community,
    /// In no half: counted in statistics alone.
    Statistics,
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
    Week,
    Month,
    Year,
    Hour,
    Weekday,
    /// Days from the first input (a time) to the second, by the lower edges of their bands. Unfinished: the top band.
    Duration(Vec<i32>),
    /// A call number's class.
    Class(Scheme),
    /// Whose site a URL is of: never a path, a query, a login or an address. `"platform"` alone: the registrable domain of
    /// its host (`jstor.org`). `{ platform = ["ebscohost.com", …] }`: the longest of these that the host ends with, and
    /// otherwise that domain. `{ platform = { "ebscohost.com" = "EBSCO", … } }`: the same, by a name.
    Platform(Suffixes),
    /// A value's other name; one that isn't listed reads `other`.
    Map(BTreeMap<String, String>),
    /// A small number as it is: how often a loan was renewed.
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

/// A table of figures by these columns; `["weekday", "hour"]` is counted over the opening time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    pub name: String,
    pub by: Vec<String>,
    /// Whether it sums renewals or sessions, where the pipeline publishes those.
    #[serde(default = "yes")]
    pub sums: bool,
}

fn yes() -> bool {
    true
}
