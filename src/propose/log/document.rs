//! A pipeline of ours, changed for one library's log; its comments stay. What publishes goes into comments, whatever it is.

use toml_edit::{Array, DocumentMut, Item, RawString, Table, TomlError, Value};

use crate::propose::page::{Entry, Page, commented, lines, put_above};

/// A pipeline while it is changed.
pub struct Adapted {
    document: DocumentMut,
}

impl Adapted {
    pub fn new(text: &str) -> Result<Adapted, TomlError> {
        Ok(Adapted { document: text.parse()? })
    }

    pub fn text(&self) -> String {
        self.document.to_string()
    }

    /// Writes lines above everything.
    pub fn head(&mut self, text: &str) {
        let table = self.document.as_table_mut();
        let first = table.iter().next().map(|(name, _)| name.to_string());
        if let Some(mut key) = first.and_then(|name| table.key_mut(&name)) {
            let before = key.leaf_decor().prefix().and_then(RawString::as_str).unwrap_or_default().to_string();
            key.leaf_decor_mut().set_prefix(format!("{text}{before}"));
        }
    }

    /// Says a key anew. `of`: the table that it stands in; None: it stands before all tables.
    pub fn set(&mut self, of: Option<&str>, key: &str, text: &str) {
        let table = match of {
            Some(of) => self.document.get_mut(of).and_then(Item::as_table_mut),
            None => Some(self.document.as_table_mut()),
        };
        if let Some(table) = table {
            table[key] = toml_edit::value(text);
        }
    }

    /// Puts sources in the place of those that there are: the name of each, and its files.
    pub fn sources(&mut self, sources: &[(String, String)]) {
        let Some(all) = self.document.get_mut("source").and_then(Item::as_array_of_tables_mut) else { return };
        let Some(mut source) = all.get(0).cloned() else { return };
        all.clear();
        for (part, files) in sources {
            source.clear();
            source["part"] = toml_edit::value(part);
            source["files"] = toml_edit::value(files);
            all.push(source.clone());
            // The others stand behind the first.
            source.set_position(None);
            source.decor_mut().set_prefix("");
        }
    }

    fn columns(&mut self, key: &str) -> Option<&mut Array> {
        self.document.get_mut("columns")?.get_mut(key)?.as_array_mut()
    }

    /// The names in a list of `[columns]`.
    pub fn list(&mut self, key: &str) -> Vec<String> {
        let list = self.columns(key).into_iter().flat_map(|list| list.iter());
        list.filter_map(|one| one.as_str().map(String::from)).collect()
    }

    /// Writes a list of `[columns]` anew, an entry a line. Comments within it go.
    pub fn replace(&mut self, key: &str, entries: &[Entry]) {
        if let (Some(list), Value::Array(new)) = (self.columns(key), lines(entries)) {
            *list = new;
        }
    }

    /// Adds entries to a list of `[columns]`, each on a line.
    pub fn add(&mut self, key: &str, entries: &[Entry]) {
        let Some(list) = self.columns(key) else { return };
        let in_lines = list.trailing().as_str().is_some_and(|end| end.contains('\n'));
        if !in_lines {
            list.iter_mut().for_each(|value| value.decor_mut().set_prefix("\n    "));
        }
        // What stands behind the last entry, on its line.
        let mut behind = list.trailing().as_str().unwrap_or_default().trim_end().to_string();
        for entry in entries {
            let mut value = Value::from(entry.value.as_str());
            value.decor_mut().set_prefix(format!("{behind}\n    "));
            list.push_formatted(value);
            behind = if entry.aside.is_empty() { String::new() } else { format!("  # {}", entry.aside) };
        }
        list.set_trailing_comma(true);
        list.set_trailing(format!("{behind}\n"));
    }

    /// Puts into comments whatever publishes, and what the pipeline's own tests say of it. `why`: what speaks for a value and
    /// against it, by its name.
    pub fn publish_nothing(&mut self, why: impl Fn(&str) -> Option<String>) {
        let mut asleep: Vec<(isize, String)> = Vec::new();
        for name in ["publish", "statistics"] {
            let Some(Item::ArrayOfTables(all)) = self.document.remove(name) else { continue };
            for table in all {
                let value = table.get("name").and_then(Item::as_str).filter(|_| name == "publish");
                let why = value.and_then(&why).map_or(String::new(), |why| format!("# {why}\n"));
                asleep.push((table.position().unwrap_or_default(), in_comments(name, table, &why)));
            }
        }
        let tests = self.document.get_mut("test").and_then(Item::as_array_of_tables_mut);
        for test in tests.into_iter().flat_map(|tests| tests.iter_mut()) {
            let position = test.position().unwrap_or_default();
            let expected = test.get_mut("expect").and_then(Item::as_table_like_mut);
            if let Some(said) = expected.and_then(|expected| expected.remove("publish")) {
                asleep.push((position, expectation(said)));
            }
        }
        // Each stands where it stood: above what comes next.
        asleep.sort_by_key(|(position, _)| *position);
        for (position, text) in asleep.into_iter().rev() {
            match self.behind(position) {
                Some(table) => put_above(table, &text),
                None => {
                    let end = self.document.trailing().as_str().unwrap_or_default().to_string();
                    self.document.set_trailing(format!("{text}{end}"));
                }
            }
        }
    }

    /// The table that comes next behind a place.
    fn behind(&mut self, position: isize) -> Option<&mut Table> {
        let mut all: Vec<&mut Table> = Vec::new();
        for (_, item) in self.document.as_table_mut().iter_mut() {
            match item {
                Item::Table(table) => all.push(table),
                Item::ArrayOfTables(tables) => all.extend(tables.iter_mut()),
                _ => {}
            }
        }
        let place = |table: &&mut Table| table.position().filter(|place| *place > position);
        all.into_iter().filter(|table| place(table).is_some()).min_by_key(|table| table.position())
    }
}

/// A table as comments, under what stands above it and a reason.
fn in_comments(name: &str, mut table: Table, why: &str) -> String {
    let above = table.decor().prefix().and_then(RawString::as_str).unwrap_or_default().to_string();
    table.decor_mut().set_prefix("");
    let mut alone = DocumentMut::new();
    let mut all = toml_edit::ArrayOfTables::new();
    all.push(table);
    alone.insert(name, Item::ArrayOfTables(all));
    format!("{above}{why}{}", commented(&alone.to_string()))
}

/// What a test expects to be published, as a comment.
fn expectation(said: Item) -> String {
    let mut page = Page::default();
    if let Ok(mut value) = said.into_value() {
        if let Value::InlineTable(table) = &mut value {
            table.fmt();
        }
        page.set_dotted("expect", "publish", value);
    }
    commented(&page.print())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# about\nname = \"ours\"\n[read]\nlayout = '%h'\n[[source]]\npart = \"a\"\nfiles = \"b*\"\n\n[columns]\n\
                        identifiers = [\n    \"UO\",   # who\n]\ndrop = [\"FE\", \"FF\"]  # codes\n\n# on branches\n[[publish]]\nname = \"branch\"\n\
                        from = \"FE\"\n[publish.treatment.map]\nA = \"a\"\n\n[[statistics]]\nname = \"branch\"\n\n# its tests\n\n[[test]]\n\
                        name = \"branch\"\nexpect.decision = \"due\"\nexpect.publish = { branch = \"A\" }\n\n[[test]]\nname = \"last\"\n\
                        expect.decision = \"due\"\n[test.expect.publish]\nbranch = \"A\"\n# end\n";

    fn entry(value: &str, aside: &str) -> Entry {
        Entry { value: value.into(), aside: aside.into() }
    }

    #[test]
    fn what_publishes_goes_into_comments_with_its_reason() {
        let mut adapted = Adapted::new(TEXT).unwrap();
        adapted.publish_nothing(|name| (name == "branch").then(|| "safe?".into()));
        let text = adapted.text();
        let said: Vec<&str> = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
        assert_eq!(
            said[said.len() - 6..],
            [
                "[[test]]",
                "name = \"branch\"",
                "expect.decision = \"due\"",
                "[[test]]",
                "name = \"last\"",
                "expect.decision = \"due\""
            ]
        );
        assert!(
            text.contains("\n\n# on branches\n# safe?\n# [[publish]]\n# name = \"branch\"\n# from = \"FE\"\n"),
            "{text}"
        );
        assert!(text.contains("# [publish.treatment.map]\n# A = \"a\"\n\n# [[statistics]]\n# name = \"branch\"\n\n# its tests\n\n[[test]]"), "{text}");
        assert!(text.contains("\"due\"\n# expect.publish = { branch = \"A\" }\n\n[[test]]\nname = \"last\""), "{text}");
        assert!(text.ends_with("expect.decision = \"due\"\n# expect.publish = { branch = \"A\" }\n# end\n"), "{text}");
        assert_eq!(text.matches("safe?").count(), 1, "{text}");
    }

    #[test]
    fn keys_and_lists_are_replaced_where_they_stand() {
        let mut adapted = Adapted::new(TEXT).unwrap();
        adapted.set(Some("read"), "layout", "%h \"%u\"");
        adapted.set(Some("read"), "encoding", "utf-8");
        adapted.set(None, "name", "theirs");
        adapted.head("# first\n");
        adapted.sources(&[("x".into(), "x*".into()), ("y".into(), "y*".into())]);
        adapted.add("identifiers", &[entry("zq", "in doubt"), entry("zr", "")]);
        assert_eq!(adapted.list("identifiers"), ["UO", "zq", "zr"]);
        assert_eq!(adapted.list("drop"), ["FE", "FF"]);
        adapted.add("drop", &[entry("FG", "new")]);
        let text = adapted.text();
        let expected = "# first\n# about\nname = \"theirs\"\n[read]\nlayout = '%h \"%u\"'\nencoding = \"utf-8\"\n[[source]]\npart = \"x\"\nfiles = \"x*\"\n\
                        [[source]]\npart = \"y\"\nfiles = \"y*\"\n\n[columns]\nidentifiers = [\n    \"UO\",   # who\n    \"zq\",  # in doubt\n    \"zr\",\n]\n\
                        drop = [\n    \"FE\",\n    \"FF\",\n    \"FG\",  # new\n]  # codes\n\n# on branches";
        assert!(text.starts_with(expected), "{text}");
        adapted.replace("drop", &[entry("FF", "")]);
        assert!(adapted.text().contains("drop = [\n    \"FF\",\n]\n\n# on branches"), "{}", adapted.text());
    }
}
