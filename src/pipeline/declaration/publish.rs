//! `[[publish]]` and `[[statistics]]`: what may leave.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::treat::Scheme;

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
#[serde(rename_all = "lowercase")]
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
    /// A URL's host, without a leading `www.`: never a path, a query or a login.
    Platform,
    /// A value's other name; one that isn't listed reads `other`.
    Map(BTreeMap<String, String>),
    /// A small number as it is: how often a loan was renewed.
    Count,
}

/// A table of figures by these columns; `["weekday", "hour"]` is counted over the opening time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    pub name: String,
    pub by: Vec<String>,
}
