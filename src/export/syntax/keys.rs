//! The keys of `[read]` that are a syntax's own.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Keys and their values. A syntax takes those that it knows; each that is left is a mistake.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    values: BTreeMap<String, Value>,
    /// What was asked for.
    known: Vec<&'static str>,
}

/// What is wrong with a key.
#[derive(Debug, thiserror::Error)]
pub enum Mistake {
    /// No syntax of that name has it. `known`: the keys that it has.
    #[error("{format} files have no key `{key}`")]
    Unknown { format: &'static str, key: String, known: Vec<&'static str> },
    #[error("{why}")]
    Wrong { key: String, why: String },
}

impl Mistake {
    pub fn new(key: &str, why: impl Into<String>) -> Mistake {
        Mistake::Wrong { key: key.into(), why: why.into() }
    }

    /// Where to point.
    pub fn key(&self) -> &str {
        match self {
            Mistake::Unknown { key, .. } | Mistake::Wrong { key, .. } => key,
        }
    }
}

impl Keys {
    pub fn set(&mut self, key: String, value: Value) {
        self.values.insert(key, value);
    }

    /// What a key says, if it is there.
    pub fn take<T: DeserializeOwned>(&mut self, key: &'static str) -> Result<Option<T>, Mistake> {
        self.known.push(key);
        let Some(value) = self.values.remove(key) else { return Ok(None) };
        serde_json::from_value(value).map(Some).map_err(|error| Mistake::new(key, error.to_string()))
    }

    /// A key that is true or false; false, if it isn't there.
    pub fn flag(&mut self, key: &'static str) -> Result<bool, Mistake> {
        Ok(self.take(key)?.unwrap_or(false))
    }

    /// What stands between two cells.
    pub fn delimiter(&mut self, usual: u8) -> Result<u8, Mistake> {
        let why = "the delimiter is one ASCII character, and neither a quote nor a line end";
        Ok(self.character("delimiter", why)?.unwrap_or(usual))
    }

    /// What a comment begins with.
    pub(in crate::export) fn comment(&mut self) -> Result<Option<u8>, Mistake> {
        self.character("comment", "comment lines begin with one ASCII character that is no quote")
    }

    fn character(&mut self, key: &'static str, why: &str) -> Result<Option<u8>, Mistake> {
        let Some(text) = self.take::<String>(key)? else { return Ok(None) };
        match text.as_bytes() {
            [byte] if byte.is_ascii() && !b"\"\n\r".contains(byte) => Ok(Some(*byte)),
            _ => Err(Mistake::new(key, why)),
        }
    }

    /// What was asked for so far.
    pub(in crate::export) fn known(self) -> Vec<&'static str> {
        self.known
    }

    /// Nothing remains.
    pub(in crate::export) fn end(mut self, format: &'static str) -> Result<(), Mistake> {
        match self.values.pop_first() {
            Some((key, _)) => Err(Mistake::Unknown { format, key, known: self.known }),
            None => Ok(()),
        }
    }
}

impl FromIterator<(&'static str, Value)> for Keys {
    fn from_iter<I: IntoIterator<Item = (&'static str, Value)>>(all: I) -> Keys {
        Keys { values: all.into_iter().map(|(key, value)| (key.into(), value)).collect(), known: Vec::new() }
    }
}
