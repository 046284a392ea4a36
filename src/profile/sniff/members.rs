//! JSON: where its records lie, and the paths of their members. A member's name may be data itself (a list by card
//! number), so only plain words count, and those that are rarely met only where columns are called so.

use std::collections::BTreeMap;

use encoding_rs::Encoding;
use serde_json::Value;

use super::beginning::first_chunk;
use super::declared::Declared;
use super::format::FileFormat;
use crate::export::{ExportError, Found};
use crate::profile::words;

/// So many records are looked at, and so many members named.
const RECORDS: usize = 2_000;
const MEMBERS: usize = 500;

/// What systems call a list of records.
const LISTS: [&str; 24] = [
    "accounts",
    "bills",
    "charges",
    "checkouts",
    "circulations",
    "circ_trans",
    "content",
    "data",
    "entries",
    "fines",
    "holds",
    "items",
    "loans",
    "member",
    "patrons",
    "records",
    "registrations",
    "requests",
    "results",
    "rows",
    "sessions",
    "transactions",
    "users",
    "value",
];

#[derive(Default)]
struct Met {
    /// Records that have it, be it as null.
    records: usize,
    values: usize,
    nested: usize,
    /// Records in which it holds members.
    objects: usize,
}

pub(super) fn sniff(
    found: &Found,
    text: &str,
    encoding: Option<&'static Encoding>,
    mut doubts: Vec<String>,
) -> Result<FileFormat, ExportError> {
    let records = list_of(text);
    let may_be_data = |name: &String| {
        !(is_plain(name)
            && (words::is_known(name) || words::is_made_up_of_three(name) || LISTS.contains(&name.as_str())))
    };
    let records = match records {
        Some(name) if may_be_data(&name) => {
            doubts.push(
                "the list of records has a name that may be data, so it isn't written here: say `records`".into(),
            );
            None
        }
        records => records,
    };
    let declared = Declared { format: "json", encoding, records, ..Declared::default() };
    let dialect = |names: &[String]| declared.dialect().named(names);
    let chunk = first_chunk(found, &dialect(&[]))?;
    let (mut met, mut read, mut hidden) = (BTreeMap::<String, Met>::new(), 0, 0);
    for line in chunk.bytes().split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).take(RECORDS) {
        if let Ok(Value::Object(members)) = serde_json::from_slice(line) {
            read += 1;
            walk("", &members, &mut met, &mut hidden);
        }
    }
    let is_shown = |path: &str, met: &Met| {
        let last = path.rsplit('.').next().unwrap_or(path);
        words::is_known(last) || words::is_made_up_of_three(last) || met.records * 4 >= read
    };
    // Where it is a value in some records and holds members in others, what is usual counts.
    let outer: Vec<(String, bool)> = met
        .iter()
        .filter(|(_, met)| met.objects > 0)
        .map(|(path, met)| (path.clone(), met.values > met.objects))
        .collect();
    for (path, is_value) in outer {
        let below = |other: &String| other.strip_prefix(&path).is_some_and(|rest| rest.starts_with('.'));
        if is_value {
            met.retain(|other, _| !below(other));
        } else {
            met.remove(&path);
        }
    }
    let before = met.len();
    met.retain(|path, met| is_shown(path, met));
    hidden += before - met.len();
    if met.len() > MEMBERS {
        hidden += met.len() - MEMBERS;
    }
    let (names, nested): (Vec<_>, Vec<_>) = met.into_iter().take(MEMBERS).partition(|(_, met)| met.nested == 0);
    let only = |found: Vec<(String, Met)>| found.into_iter().map(|(path, _)| path).collect::<Vec<String>>();
    if hidden > 0 {
        let often = if hidden == 1 { "once".into() } else { format!("{hidden} times") };
        doubts.push(format!(
            "members whose names may be data, or that are rarely met, aren't named here ({often}): look for them"
        ));
    }
    let dialect = dialect(&only(names));
    Ok(FileFormat { dialect, declared, named: true, nested: only(nested), doubts })
}

/// The member of a document that lists its records. None: the objects are the records.
fn list_of(text: &str) -> Option<String> {
    if text.trim_start().starts_with('[') {
        return None;
    }
    let mut documents = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    match documents.next() {
        Some(Ok(Value::Object(first))) => {
            let of_objects = |value: &Value| {
                value.as_array().is_some_and(|list| list.iter().all(Value::is_object) && !list.is_empty())
            };
            let lists: Vec<&String> =
                first.iter().filter(|(_, value)| of_objects(value)).map(|(name, _)| name).collect();
            let other = first.values().filter(|value| !of_objects(value)).count();
            // A page around its records says little else: how many there are.
            (lists.len() == 1 && other <= 3 && !first.contains_key("id")).then(|| lists[0].clone())
        }
        // A page that is longer than what was read: its list opens before anything closes.
        _ => {
            let (before, _) = text.split_once('[')?;
            let name = before.trim_end().strip_suffix(':')?.trim_end().strip_suffix('"')?.rsplit('"').next()?;
            (!before.contains('}') && before.matches('{').count() == 1).then(|| name.to_string())
        }
    }
}

fn walk(prefix: &str, members: &serde_json::Map<String, Value>, met: &mut BTreeMap<String, Met>, hidden: &mut usize) {
    for (name, value) in members {
        if !is_plain(name) || met.len() > 4 * MEMBERS {
            *hidden += 1;
            continue;
        }
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        let entry = met.entry(path.clone()).or_default();
        entry.records += 1;
        match value {
            Value::Object(inner) if !inner.is_empty() && path.matches('.').count() < 6 => {
                entry.objects += 1;
                walk(&path, inner, met, hidden);
            }
            Value::Object(_) | Value::Array(_) => entry.nested += 1,
            Value::Null => {}
            _ => entry.values += 1,
        }
    }
}

/// A word that names a member, as far as its letters go.
fn is_plain(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        && name.chars().filter(char::is_ascii_digit).count() <= 2
}
