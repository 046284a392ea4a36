//! Which databases afterloan speaks to.

use std::fmt;

use serde::Deserialize;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseKind {
    /// MariaDB, and MySQL.
    MariaDb,
    PostgreSql,
}

impl DatabaseKind {
    pub fn as_str(self) -> &'static str {
        match self {
            DatabaseKind::MariaDb => "mariadb",
            DatabaseKind::PostgreSql => "postgresql",
        }
    }

    /// A name as it stands in a statement, a table's with its schema.
    pub fn quoted(self, name: &str) -> String {
        let quote = match self {
            DatabaseKind::MariaDb => '`',
            DatabaseKind::PostgreSql => '"',
        };
        let part = |part: &str| format!("{quote}{}{quote}", part.replace(quote, &format!("{quote}{quote}")));
        name.split('.').map(part).collect::<Vec<_>>().join(".")
    }

    /// The statement that sets a session's time zone.
    pub fn set_timezone(self, zone: &str) -> String {
        let zone = zone.replace('\'', "");
        match self {
            DatabaseKind::MariaDb => format!("SET time_zone = '{zone}'"),
            DatabaseKind::PostgreSql => format!("SET TIME ZONE '{zone}'"),
        }
    }
}

impl fmt::Display for DatabaseKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DatabaseKind::MariaDb => "MariaDB",
            DatabaseKind::PostgreSql => "PostgreSQL",
        })
    }
}
