//! TOML that is written from top to bottom, with comments where a person reads them. It is printed by `toml_edit`: nothing
//! here puts quotation marks around a word.

use toml_edit::{Array, ArrayOfTables, Decor, DocumentMut, InlineTable, Item, Key, RawString, Table, Value};

/// A document while it is written.
#[derive(Clone)]
pub struct Page {
    sections: Vec<Section>,
    /// Lines that will stand above what comes next.
    above: String,
}

#[derive(Clone)]
struct Section {
    place: Place,
    table: Table,
}

#[derive(Clone)]
enum Place {
    /// Before all tables.
    Top,
    /// `[name]`
    Alone(String),
    /// `[[name]]`
    Next(String),
    /// `[of.name]`, of the last `[[of]]`.
    Under(String, String),
}

/// An entry of a list that has a line for each.
pub struct Entry {
    pub value: String,
    /// Behind it, on its line. Empty: nothing.
    pub aside: String,
}

impl Default for Page {
    fn default() -> Page {
        Page { sections: vec![Section { place: Place::Top, table: Table::new() }], above: String::new() }
    }
}

impl Page {
    /// Comments and empty lines, as they stand.
    pub fn above(&mut self, text: &str) {
        self.above += text;
    }

    /// What a person may take out of its comment.
    pub fn asleep(&mut self, page: Page) {
        self.above += &commented(&page.print());
    }

    /// The same without the empty lines at its end.
    pub fn without_end(mut self) -> Page {
        self.above.truncate(self.above.trim_end().len());
        self
    }

    /// Begins `[name]`.
    pub fn table(&mut self, name: &str) {
        self.begin(Place::Alone(name.into()));
    }

    /// Begins the next `[[name]]`.
    pub fn next(&mut self, name: &str) {
        self.begin(Place::Next(name.into()));
    }

    /// Begins `[of.name]`, of the last `[[of]]`.
    pub fn under(&mut self, of: &str, name: &str) {
        self.begin(Place::Under(of.into(), name.into()));
    }

    fn begin(&mut self, place: Place) {
        let mut table = Table::new();
        table.decor_mut().set_prefix(std::mem::take(&mut self.above));
        self.sections.push(Section { place, table });
    }

    /// Writes a key. `aside` stands behind it, on its line.
    pub fn set(&mut self, key: &str, value: impl Into<Value>, aside: &str) {
        let above = std::mem::take(&mut self.above);
        if let Some(section) = self.sections.last_mut() {
            write(&mut section.table, key, value.into(), above, aside);
        }
    }

    /// Writes `group.key`.
    pub fn set_dotted(&mut self, group: &str, key: &str, value: impl Into<Value>) {
        let above = std::mem::take(&mut self.above);
        let Some(section) = self.sections.last_mut() else { return };
        let group = section.table.entry(group).or_insert_with(|| {
            let mut table = Table::new();
            table.set_dotted(true);
            Item::Table(table)
        });
        if let Some(table) = group.as_table_mut() {
            write(table, key, value.into(), above, "");
        }
    }

    pub fn print(self) -> String {
        let mut document = DocumentMut::new();
        for Section { place, table } in self.sections {
            match place {
                Place::Top => *document.as_table_mut() = table,
                Place::Alone(name) => drop(document.insert(&name, Item::Table(table))),
                Place::Next(name) => {
                    let all = document.entry(&name).or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
                    if let Some(all) = all.as_array_of_tables_mut() {
                        all.push(table);
                    }
                }
                Place::Under(of, name) => {
                    let all = document.get_mut(&of).and_then(Item::as_array_of_tables_mut);
                    if let Some(last) = all.and_then(|all| all.iter_mut().last()) {
                        last.insert(&name, Item::Table(table));
                    }
                }
            }
        }
        document.set_trailing(self.above);
        document.to_string()
    }
}

fn write(table: &mut Table, key: &str, mut value: Value, above: String, aside: &str) {
    *value.decor_mut() = Decor::new(" ", aside);
    let name = Key::new(key).with_leaf_decor(Decor::new(above, " "));
    table.insert_formatted(&name, Item::Value(value));
}

/// Lines as comments.
pub fn commented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "#\n".into() } else { format!("# {line}\n") }).collect()
}

/// Writes lines above what stands above a table.
pub fn put_above(table: &mut Table, text: &str) {
    let before = table.decor().prefix().and_then(RawString::as_str).unwrap_or_default().to_string();
    table.decor_mut().set_prefix(format!("{text}{before}"));
}

/// A list of texts; a long one has a line for each.
pub fn list(names: &[&str]) -> Value {
    let mut array: Array = names.iter().copied().collect();
    if names.iter().map(|name| name.len() + 2).sum::<usize>() >= 80 {
        array.iter_mut().for_each(|value| value.decor_mut().set_prefix("\n    "));
        array.set_trailing_comma(true);
        array.set_trailing("\n");
    }
    array.into()
}

/// A list with a line for each entry, and what stands behind it.
pub fn lines(entries: &[Entry]) -> Value {
    let mut array = Array::new();
    let mut behind = String::new();
    for entry in entries {
        let mut value = Value::from(entry.value.as_str());
        *value.decor_mut() = Decor::new(format!("{behind}\n    "), "");
        array.push_formatted(value);
        behind = if entry.aside.is_empty() { String::new() } else { format!("  # {}", entry.aside) };
    }
    array.set_trailing_comma(true);
    array.set_trailing(format!("{behind}\n"));
    array.into()
}

/// `{ key = value, … }`
pub fn inline<V: Into<Value>>(pairs: impl IntoIterator<Item = (String, V)>) -> Value {
    let table: InlineTable = pairs.into_iter().map(|(key, value)| -> (String, Value) { (key, value.into()) }).collect();
    table.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_stand_where_they_were_written() {
        let mut page = Page::default();
        page.above("# head\n\n");
        page.set("format", 1_i64, "   # first");
        page.above("\n");
        page.next("state");
        page.set("is", "open", "");
        page.under("state", "when");
        page.set("End Time", "unset", "");
        page.above("# why\n");
        let mut own = Page::default();
        own.next("state");
        own.set("when", inline([("a".to_string(), list(&["x", "y"]))]), "");
        page.asleep(own);
        page.table("columns");
        let entry = |value: &str| Entry { value: value.into(), aside: format!("of {value}") };
        page.set("drop", lines(&[entry("a"), entry("say \"b\"")]), "");
        page.set_dotted("expect", "decision", "due");
        page.set_dotted("expect", "needs", list(&[]));
        page.above("# end\n");
        let text = page.print();
        let expected = "# head\n\nformat = 1   # first\n\n[[state]]\nis = \"open\"\n[state.when]\n\"End Time\" = \"unset\"\n# why\n\
                        # [[state]]\n# when = { a = [\"x\", \"y\"] }\n[columns]\ndrop = [\n    \"a\",  # of a\n    'say \"b\"',  # of say \"b\"\n]\n\
                        expect.decision = \"due\"\nexpect.needs = []\n# end\n";
        assert_eq!(text, expected);
        assert!(text.parse::<DocumentMut>().is_ok());
    }
}
