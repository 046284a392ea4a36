//! Tables as a client prints them, and what differs between two states of a database.

use std::collections::BTreeMap;

/// A table's rows, each by its key. A null is None.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Option<String>>>,
}

pub type Dump = BTreeMap<String, Table>;

/// Columns that a system moves with any change of a row: their new values are the clock's.
const MOVES: [&str; 2] = ["updated_on", "last_update_time"];

impl Table {
    /// Reads what `mariadb --batch` and PostgreSQL's COPY print: one row a line, cells between tabs, with escapes.
    pub fn read(text: &str, null: &str) -> Table {
        let mut lines = text.lines().map(|line| line.split('\t'));
        let columns = lines.next().map(|names| names.map(String::from).collect()).unwrap_or_default();
        let cell = |cell: &str| (cell != null).then(|| unescaped(cell));
        Table { columns, rows: lines.map(|cells| cells.map(cell).collect()).collect() }
    }

    /// As a librarian's program writes it: a null as NULL.
    pub fn csv(&self) -> Vec<u8> {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(&self.columns).unwrap();
        for row in &self.rows {
            csv.write_record(row.iter().map(|cell| cell.as_deref().unwrap_or("NULL"))).unwrap();
        }
        csv.into_inner().unwrap()
    }

    fn by_key(&self) -> BTreeMap<String, &Vec<Option<String>>> {
        let named = |name: &str| self.columns.iter().position(|column| column == name);
        let key = named("id").or_else(|| named("other")).unwrap_or(0);
        let keyed: BTreeMap<_, _> = self.rows.iter().map(|row| (row[key].clone().unwrap_or_default(), row)).collect();
        assert_eq!(keyed.len(), self.rows.len(), "{:?}: its rows have no key", self.columns);
        keyed
    }
}

fn unescaped(cell: &str) -> String {
    let (mut text, mut chars) = (String::new(), cell.chars());
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some(other) => other,
                None => '\\',
            },
            c => c,
        });
    }
    text
}

/// What became of which rows: `table: change: keys`, a line for each change, with the new values. Empty: nothing.
pub fn changes(before: &Dump, after: &Dump) -> Vec<String> {
    assert!(before.keys().eq(after.keys()), "other tables than before");
    let mut changes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, table) in before {
        let now = &after[name];
        let (old, new) = (table.by_key(), now.by_key());
        let mut add = |change: &str, key: &str| {
            changes.entry(format!("{name}: {change}")).or_default().push(key.to_string());
        };
        for (key, row) in &old {
            let Some(other) = new.get(key) else {
                add("gone", key);
                continue;
            };
            let cells = table.columns.iter().zip(row.iter().zip(other.iter())).filter(|(_, (was, is))| was != is);
            let cells = cells.map(|(column, (_, is))| match (MOVES.contains(&column.as_str()), is) {
                (true, _) => column.clone(),
                (false, None) => format!("{column}=NULL"),
                (false, Some(is)) => format!("{column}={is:?}"),
            });
            let cells: Vec<String> = cells.collect();
            if !cells.is_empty() {
                add(&cells.join(" "), key);
            }
        }
        new.keys().filter(|key| !old.contains_key(*key)).for_each(|key| add("new", key));
    }
    changes.into_iter().map(|(change, keys)| format!("{change}: {}", keys.join(" "))).collect()
}

#[track_caller]
pub fn assert_changes(what: &str, before: &Dump, after: &Dump, expected: &[&str]) {
    let found = changes(before, after);
    let missing = expected.iter().filter(|line| !found.iter().any(|other| other == *line));
    let missing: String = missing.map(|line| format!("\n  should:     {line}")).collect();
    let further = found.iter().filter(|line| !expected.contains(&line.as_str()));
    let further: String = further.map(|line| format!("\n  and did:    {line}")).collect();
    assert!(missing.is_empty() && further.is_empty(), "{what}:{missing}{further}");
}
