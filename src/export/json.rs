//! A JSON object as a row of cells: the members that a pipeline names, by their paths.
//!
//! A text is its characters, a number and a truth value are their own text, null and what is absent are empty. Where a
//! named member holds an object or a list, or a member comes twice, the row has a fault and is rejected: what lies in it
//! would go unseen.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::rows::{Fault, Row};

/// The named members, as a tree.
#[derive(Debug, Default)]
pub struct Paths {
    root: Node,
    names: Vec<String>,
    /// Which cells some record had.
    met: Vec<AtomicBool>,
}

#[derive(Debug, Default)]
struct Node {
    /// The cell that this member fills.
    cell: Option<usize>,
    members: Vec<(String, Node)>,
}

impl Paths {
    /// `status.name` is the member `name` of the member `status`.
    pub fn new(names: &[String]) -> Paths {
        let met = names.iter().map(|_| AtomicBool::new(false)).collect();
        let mut paths = Paths { root: Node::default(), names: names.to_vec(), met };
        for (cell, name) in names.iter().enumerate() {
            let mut node = &mut paths.root;
            for step in name.split('.') {
                let place = match node.members.iter().position(|(member, _)| member == step) {
                    Some(place) => place,
                    None => {
                        node.members.push((step.to_string(), Node::default()));
                        node.members.len() - 1
                    }
                };
                node = &mut node.members[place].1;
            }
            node.cell = Some(cell);
        }
        paths
    }

    /// The names of members that some record had, be it without a value.
    pub fn met(&self) -> impl Iterator<Item = &str> {
        let met = self.names.iter().zip(&self.met).filter(|(_, met)| met.load(Ordering::Relaxed));
        met.map(|(name, _)| name.as_str())
    }

    /// Reads a line into the row's cells.
    pub(super) fn read(&self, line: &[u8], row: &mut Row) {
        let mut found = Found { texts: vec![None; self.names.len()], fault: None };
        let mut json = serde_json::Deserializer::from_slice(line);
        let read = Members { node: &self.root, found: &mut found }.deserialize(&mut json).and_then(|()| json.end());
        row.begin();
        // An object without a single named member is something else: an error's, or a page around the records.
        if read.is_err() || found.texts.iter().all(Option::is_none) && found.fault.is_none() {
            found.fault = Some(Fault::Malformed);
        }
        for (text, met) in found.texts.iter().zip(&self.met) {
            if text.is_some() && !met.load(Ordering::Relaxed) {
                met.store(true, Ordering::Relaxed);
            }
            row.push(text.as_deref().unwrap_or_default().as_bytes());
        }
        row.fault = found.fault;
    }
}

/// The texts that were found, by cell.
struct Found<'j> {
    texts: Vec<Option<Cow<'j, str>>>,
    fault: Option<Fault>,
}

impl<'j> Found<'j> {
    fn put(&mut self, cell: usize, raw: &'j RawValue) {
        let raw = raw.get();
        let text = match raw.as_bytes().first() {
            Some(b'"') => serde_json::from_str::<Cow<'j, str>>(raw).ok(),
            Some(b'{' | b'[') => {
                self.fault = Some(Fault::Nested);
                return;
            }
            _ if raw == "null" => Some(Cow::Borrowed("")),
            _ => Some(Cow::Borrowed(raw)),
        };
        match text {
            Some(text) if self.texts[cell].is_none() && !text.contains('\0') => self.texts[cell] = Some(text),
            _ => self.fault = Some(Fault::Malformed),
        }
    }
}

/// An object whose members are looked at.
struct Members<'n, 'f, 'j> {
    node: &'n Node,
    found: &'f mut Found<'j>,
}

impl<'j> DeserializeSeed<'j> for Members<'_, '_, 'j> {
    type Value = ();

    fn deserialize<D: Deserializer<'j>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'j> Visitor<'j> for Members<'_, '_, 'j> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'j>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(name) = map.next_key::<Cow<'j, str>>()? {
            let Some(place) = self.node.members.iter().position(|(member, _)| *member == *name) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if !seen.insert(place) {
                self.found.fault = Some(Fault::Malformed);
            }
            let node = &self.node.members[place].1;
            match node.cell {
                Some(cell) => self.found.put(cell, map.next_value::<&'j RawValue>()?),
                None => map.next_value_seed(Members { node, found: self.found })?,
            }
        }
        Ok(())
    }

    /// `"status": null`: all that lies in it is null.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'j>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        self.found.fault = Some(Fault::Nested);
        Ok(())
    }
}

/// The members of an object that no name covers or leads into, by the shortest path that says so: what lies in them isn't
/// told. A member's name may be data itself (a list by card number): None stands for one that is more than a plain word.
pub(super) fn unnamed(line: &[u8], names: &[String]) -> Vec<Option<String>> {
    fn walk(prefix: &str, value: &serde_json::Value, names: &[String], found: &mut Vec<Option<String>>) {
        let serde_json::Value::Object(members) = value else { return };
        for (name, value) in members {
            let plain = name.len() <= 40 && name.starts_with(|c: char| c.is_ascii_alphabetic());
            let plain = plain && name.chars().all(|c| c.is_ascii_alphabetic() || "_-".contains(c));
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
            // A name with a dot in it is no path.
            let known = !name.contains('.') && names.contains(&path);
            if known {
                continue;
            }
            if !plain {
                found.push(None);
            } else if names.iter().any(|known| known.strip_prefix(&path).is_some_and(|rest| rest.starts_with('.'))) {
                walk(&path, value, names, found);
            } else {
                found.push(Some(path));
            }
        }
    }
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_slice(line) {
        walk("", &value, names, &mut found);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> (Vec<String>, Option<Fault>) {
        let names = ["id", "status.name", "item.copy.number", "note"].map(String::from);
        let mut row = Row::default();
        Paths::new(&names).read(line.as_bytes(), &mut row);
        (row.cells().map(|cell| String::from_utf8(cell.to_vec()).unwrap()).collect(), row.fault)
    }

    #[test]
    fn members_become_cells_or_a_fault() {
        let cases = [
            (r#"{"id":"a","status":{"name":"Open","x":[1]},"more":{}}"#, ["a", "Open", "", ""], None),
            (r#"{"id":1.50,"status":null,"item":{"copy":{"number":true}}}"#, ["1.50", "", "true", ""], None),
            (r#"{"id":"\u00e9\n","note":null}"#, ["é\n", "", "", ""], None),
            (r#"{"id":["a"]}"#, ["", "", "", ""], Some(Fault::Nested)),
            (r#"{"status":[{"name":"Open"}]}"#, ["", "", "", ""], Some(Fault::Nested)),
            (r#"{"id":"a","id":"b"}"#, ["a", "", "", ""], Some(Fault::Malformed)),
            (r#"{"id":"a"} x"#, ["a", "", "", ""], Some(Fault::Malformed)),
            (r#"{"id":"a\u0000"}"#, ["", "", "", ""], Some(Fault::Malformed)),
            (r#"{"status":"Open"}"#, ["", "", "", ""], Some(Fault::Malformed)),
            (r#"["a"]"#, ["", "", "", ""], Some(Fault::Nested)),
            (r#"{"errors":[{"message":"timeout"}]}"#, ["", "", "", ""], Some(Fault::Malformed)),
            (r#"{"id":"a"#, ["", "", "", ""], Some(Fault::Malformed)),
            ("", ["", "", "", ""], Some(Fault::Malformed)),
        ];
        for (line, cells, fault) in cases {
            assert_eq!(read(line), (cells.map(String::from).to_vec(), fault), "{line}");
        }
    }

    #[test]
    fn what_is_new_is_named_and_no_data() {
        let names = ["id", "a.b"].map(String::from);
        let line = br#"{"id":1,"a":{"b":null,"c":{"d":[{"e":1}]}},"a.b":1,"21234000012345":true,"new":{"x":1}}"#;
        let mut found = unnamed(line, &names);
        found.sort();
        assert_eq!(found, [None, None, Some("a.c".into()), Some("new".into())]);
    }
}
