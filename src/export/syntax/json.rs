//! A JSON object as a row of cells: the members that a pipeline names, by their paths.
//!
//! A text is its characters, a number and a truth value are their own text, null and what is absent are empty. Where a
//! named member holds an object or a list, or a member comes twice, the row has a fault and is rejected: what lies in it
//! would go unseen.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::members::{NOT_TOLD, Named, Unasked, told};
use super::{Asked, Format, LineSyntax, Names, Sample, Syntax};
use crate::export::{Fault, Row};

mod list;

pub(super) const FORMAT: Format = Format {
    name: "json",
    names: Names::Records,
    is_log: false,
    is_text: true,
    comments: false,
    sheets: false,
    read: |keys| {
        let records: Option<String> = keys.take("records")?;
        Ok(Syntax::of_lines(Json { paths: Paths::default(), records: records.as_deref().map(Arc::from) }))
    },
    samples: &[
        Sample {
            keys: "{}",
            asked: &["id", "status.name"],
            file: "{\"id\": 1, \"status\": {\"name\": \"Open\"}}\n[{\"id\": \"a\\nb\", \"other\": []},\n {\"id\": null}]\n",
        },
        Sample {
            keys: r#"{"records": "records"}"#,
            asked: &["id"],
            file: "{\"total\": 2, \"records\": [{\"id\": 1},\n{\"id\": 2}]}\n",
        },
    ],
    wrap: None,
};

/// Objects, one a line or as a document lists them.
#[derive(Debug)]
struct Json {
    paths: Paths,
    /// The member of a document, as an API pages it, that lists the records.
    records: Option<Arc<str>>,
}

impl LineSyntax for Json {
    fn cells(&self, line: &[u8], row: &mut Row) {
        self.paths.read(line, row);
    }

    fn is_as_it_stands(&self) -> bool {
        false
    }

    fn lines(&self, input: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
        Box::new(list::Lines::new(input, self.records.clone()))
    }

    fn of_file(&self, asked: &Asked<'_>) -> Option<Arc<dyn LineSyntax>> {
        let theirs: Vec<String> = asked.names.iter().map(|name| asked.renamed.theirs(name)).collect();
        let paths = Paths::at(asked.names, &theirs).passing_by(&asked.renamed.dropped());
        Some(Arc::new(Json { paths, records: self.records.clone() }))
    }

    fn named(&self) -> Option<&Named> {
        Some(&self.paths.named)
    }

    fn unasked(&self) -> Vec<String> {
        self.paths.unasked()
    }
}

/// How many members of one object are named that nobody asks for.
const UNASKED: usize = 100;

/// The named members, as a tree.
#[derive(Debug, Default)]
struct Paths {
    root: Node,
    named: Named,
}

#[derive(Debug, Default)]
struct Node {
    /// The cell that this member fills.
    cell: Option<usize>,
    /// Known, and not used: be it an object, of which some members are known, or anything else.
    passed_by: bool,
    members: Vec<(String, Node)>,
    /// The other members of this object.
    unasked: Unasked,
}

impl Paths {
    /// The nth name is asked for at the nth path: `status.name` is the member `name` of the member `status`.
    fn at(names: &[String], places: &[String]) -> Paths {
        let mut paths = Paths { root: Node::default(), named: Named::new(names) };
        for (cell, name) in places.iter().enumerate() {
            let mut node = &mut paths.root;
            for step in name.split('.') {
                if node.members.is_empty() {
                    node.unasked = Unasked::with_room_for(UNASKED);
                }
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

    /// The same, where these paths are known and not used. A member's name may look like data, so that it isn't told: one
    /// that the pipeline drops must be known by its name.
    fn passing_by(mut self, paths: &[String]) -> Paths {
        for path in paths {
            let mut node = &mut self.root;
            for step in path.split('.') {
                let known = node.members.iter().position(|(member, _)| member == step);
                let place = known.unwrap_or_else(|| {
                    if node.members.is_empty() {
                        node.unasked = Unasked::with_room_for(UNASKED);
                    }
                    node.members.push((step.to_string(), Node { passed_by: true, ..Node::default() }));
                    node.members.len() - 1
                });
                node = &mut node.members[place].1;
            }
        }
        self
    }

    /// Members that no name covers or leads into, by the shortest path that says so: what lies in them isn't told.
    fn unasked(&self) -> Vec<String> {
        fn walk(prefix: &str, node: &Node, found: &mut Vec<String>) {
            let path = |name: &str| if prefix.is_empty() { name.to_string() } else { format!("{prefix}.{name}") };
            for name in node.unasked.names() {
                found.push(if name == NOT_TOLD { name.to_string() } else { path(name) });
            }
            node.members.iter().for_each(|(name, node)| walk(&path(name), node, found));
        }
        let mut found = Vec::new();
        walk("", &self.root, &mut found);
        found
    }

    /// Reads a line into the row's cells.
    fn read(&self, line: &[u8], row: &mut Row) {
        let mut found = Found { texts: vec![None; self.named.len()], fault: None, unasked: Vec::new() };
        let mut json = serde_json::Deserializer::from_slice(line);
        let read = Members { node: &self.root, found: &mut found }.deserialize(&mut json).and_then(|()| json.end());
        row.begin();
        // An object without a single named member is something else: an error's, or a page around the records.
        if read.is_err() || found.texts.iter().all(Option::is_none) && found.fault.is_none() {
            found.fault = Some(Fault::Malformed);
        }
        // Of what is no record, a member's name is most likely data: a list by login.
        if found.fault.is_none() {
            found.unasked.iter().for_each(|(node, name)| node.unasked.note(name));
        }
        for (place, text) in found.texts.iter().enumerate() {
            // Nor does such a record show that a member wasn't renamed.
            if text.is_some() && found.fault.is_none() {
                self.named.meet(place);
            }
            row.push(text.as_deref().unwrap_or_default().as_bytes());
        }
        if let Some(fault) = found.fault {
            row.fail(fault);
        }
    }
}

/// The texts that were found, by cell.
struct Found<'n, 'j> {
    texts: Vec<Option<Cow<'j, str>>>,
    fault: Option<Fault>,
    /// Members that nobody asks for, and that are news.
    unasked: Vec<(&'n Node, Cow<'j, str>)>,
}

impl<'n, 'j> Found<'n, 'j> {
    fn note(&mut self, node: &'n Node, name: Cow<'j, str>) {
        let name = if told(&name) == name { name } else { Cow::Borrowed(NOT_TOLD) };
        if self.unasked.len() < UNASKED && !node.unasked.has(&name) {
            self.unasked.push((node, name));
        }
    }

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
    found: &'f mut Found<'n, 'j>,
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
                self.found.note(self.node, name);
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if !seen.insert(place) {
                self.found.fault = Some(Fault::Malformed);
            }
            let node = &self.node.members[place].1;
            match node.cell {
                None if node.passed_by && node.members.is_empty() => {
                    map.next_value::<IgnoredAny>()?;
                }
                None if node.passed_by => {
                    let raw = map.next_value::<&'j RawValue>()?.get();
                    if raw.starts_with('{') {
                        let inner = &mut serde_json::Deserializer::from_str(raw);
                        Members { node, found: self.found }.deserialize(inner).map_err(A::Error::custom)?;
                    }
                }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(names: &[String]) -> Paths {
        Paths::at(names, names)
    }

    fn read(line: &str) -> (Vec<String>, Option<Fault>) {
        let names = ["id", "status.name", "item.copy.number", "note"].map(String::from);
        let mut row = Row::default();
        asked(&names).read(line.as_bytes(), &mut row);
        (row.cells().map(|cell| String::from_utf8(cell.to_vec()).unwrap()).collect(), row.fault())
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
    fn what_is_dropped_is_known_by_its_name() {
        let names = ["id", "a.b"].map(String::from);
        let dropped = ["address2", "a.x1", "a", "c.d9", "id"].map(String::from);
        let paths = asked(&names).passing_by(&dropped);
        let mut row = Row::default();
        paths.read(br#"{"id":1,"address2":{"x":1},"a":{"b":2,"x1":3},"c":{"d9":4},"e5":6}"#, &mut row);
        assert_eq!((row.cell(0), row.cell(1), row.len(), row.fault()), (&b"1"[..], &b"2"[..], 2, None));
        assert_eq!(paths.unasked(), [NOT_TOLD]);
        let more = [
            r#"{"id":2,"c":null}"#,
            r#"{"id":3,"c":"text"}"#,
            r#"{"id":4,"c":[1]}"#,
            r#"{"id":5,"c":{"d9":[],"new":{}}}"#,
        ];
        for line in more {
            paths.read(line.as_bytes(), &mut row);
            assert_eq!(row.fault(), None, "{line}");
        }
        assert_eq!(paths.unasked(), [NOT_TOLD, "c.new"]);
    }

    #[test]
    fn what_is_new_is_named_and_no_data() {
        let paths = asked(&["id", "a.b"].map(String::from));
        let lines = [
            r#"{"id":1,"a":{"b":null,"c":{"d":[{"e":1}]}},"a.b":1,"21234000012345":true,"new":{"x":1}}"#,
            r#"{"id":2,"new":7,"later":{"x":1},"a":{"98":1}}"#,
            // No records: a list by login, and one that is cut.
            r#"{"zzyzx":{"x":1},"quilla-vantablack":{"x":1}}"#,
            r#"{"id":3,"quilla-vantablack":{"x":1}"#,
        ];
        lines.iter().for_each(|line| paths.read(line.as_bytes(), &mut Row::default()));
        let mut found = paths.unasked();
        found.sort();
        found.dedup();
        assert_eq!(found, [NOT_TOLD, "a.c", "later", "new"]);
    }
}
