//! Which tables and columns the database has, and which of them refer to which.

use std::collections::{BTreeMap, BTreeSet};

use super::error::LiveError;
use super::kind::DatabaseKind;

/// What the server's own catalogue says.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Columns by table, in their order; PostgreSQL's tables with their schema.
    pub tables: BTreeMap<String, Vec<Column>>,
    /// Columns that a foreign key leads from, as `TABLE.COLUMN`, and where to.
    pub keys: BTreeSet<(String, String)>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    pub name: String,
    /// As the server calls its type.
    pub kind: String,
}

const COLUMNS_MARIADB: &str = "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
    JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
   WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position";
const KEYS_MARIADB: &str = "SELECT CONCAT(table_name, '.', column_name),
       CONCAT(referenced_table_name, '.', referenced_column_name) FROM information_schema.key_column_usage
   WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL";
const COLUMNS_POSTGRESQL: &str = "SELECT n.nspname || '.' || t.relname, a.attname, format_type(a.atttypid, NULL)
    FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid JOIN pg_namespace n ON n.oid = t.relnamespace
   WHERE t.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
     AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1, a.attnum";
const KEYS_POSTGRESQL: &str = "SELECT n.nspname || '.' || t.relname || '.' || a.attname,
       fn.nspname || '.' || ft.relname || '.' || fa.attname
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_class ft ON ft.oid = c.confrelid JOIN pg_namespace fn ON fn.oid = ft.relnamespace
    CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k (mine, theirs)
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.mine
    JOIN pg_attribute fa ON fa.attrelid = ft.oid AND fa.attnum = k.theirs
   WHERE c.contype = 'f'";

impl Catalogue {
    /// `rows` answers a query: within the snapshot that is read, or by a session.
    pub fn read(
        kind: DatabaseKind,
        mut rows: impl FnMut(&str) -> Result<Vec<Vec<Option<String>>>, LiveError>,
    ) -> Result<Catalogue, LiveError> {
        let (columns, keys) = match kind {
            DatabaseKind::MariaDb => (COLUMNS_MARIADB, KEYS_MARIADB),
            DatabaseKind::PostgreSql => (COLUMNS_POSTGRESQL, KEYS_POSTGRESQL),
        };
        let mut catalogue = Catalogue::default();
        for row in rows(columns)? {
            if let [Some(table), Some(name), Some(kind)] = row.as_slice() {
                let column = Column { name: name.clone(), kind: kind.clone() };
                catalogue.tables.entry(table.clone()).or_default().push(column);
            }
        }
        for row in rows(keys)? {
            if let [Some(from), Some(to)] = row.as_slice() {
                catalogue.keys.insert((from.clone(), to.clone()));
            }
        }
        Ok(catalogue)
    }

    pub fn has(&self, table: &str, column: &str) -> bool {
        self.tables.get(table).is_some_and(|columns| columns.iter().any(|one| one.name == column))
    }

    /// The columns that lead to patrons: those that refer to one of `patron`, and those whose name is like one of `named`.
    /// `TABLE.COLUMN`, sorted.
    pub fn lead_to(&self, patron: &[String], named: &[String]) -> Vec<String> {
        let by_key = self.keys.iter().filter(|(_, to)| patron.contains(to)).map(|(from, _)| from.clone());
        let by_name = self.tables.iter().flat_map(|(table, columns)| {
            let alike = columns.iter().filter(|column| named.iter().any(|pattern| like(pattern, &column.name)));
            alike.map(move |column| format!("{table}.{}", column.name))
        });
        let all: BTreeSet<String> = by_key.chain(by_name).collect();
        all.into_iter().collect()
    }
}

/// SQL's LIKE, whatever the case: `%` is any text, all else itself.
fn like(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_ascii_lowercase(), name.to_ascii_lowercase());
    let pieces: Vec<&str> = pattern.split('%').collect();
    let [first, middle @ .., last] = pieces.as_slice() else { return pattern == name };
    let Some(rest) = name.strip_prefix(first) else { return false };
    let Some(mut rest) = rest.strip_suffix(last) else { return false };
    middle.iter().all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_like_a_pattern_whatever_its_case() {
        for (pattern, name, is) in [
            ("%borrowernumber%", "borrowernumber", true),
            ("%borrowernumber%", "old_BorrowerNumber2", true),
            ("borrowernumber", "borrowernumber", true),
            ("borrowernumber", "borrowernumbers", false),
            ("patron_%", "patron_id", true),
            ("patron_%", "a_patron_id", false),
            ("%a%a", "a", false),
        ] {
            assert_eq!(like(pattern, name), is, "{pattern} {name}");
        }
    }
}
