//! A connection to the database, as one account.

use super::account::Account;
use super::error::LiveError;
use super::kind::DatabaseKind;
use super::mariadb;
use super::postgresql;
use super::system::Database;
use super::text::Cells;

/// A session in the system's own time zone.
pub enum Session {
    MariaDb(mariadb::Connection),
    PostgreSql(Box<postgresql::Connection>),
}

impl Session {
    pub fn open(database: &Database, account: Account) -> Result<Session, LiveError> {
        let mut session = match database.kind {
            DatabaseKind::MariaDb => Session::MariaDb(mariadb::Connection::open(database, account)?),
            DatabaseKind::PostgreSql => Session::PostgreSql(Box::new(postgresql::Connection::open(database, account)?)),
        };
        if database.timezone != "SYSTEM" {
            session.run(&database.kind.set_timezone(&database.timezone))?;
        }
        Ok(session)
    }

    /// A statement that answers with no rows; how many rows it changed.
    pub fn run(&mut self, sql: &str) -> Result<u64, LiveError> {
        match self {
            Session::MariaDb(connection) => connection.run(sql),
            Session::PostgreSql(connection) => connection.run(sql),
        }
    }

    /// The rows of a query, all at once: for counts and catalogues.
    pub fn rows(&mut self, sql: &str) -> Result<Vec<Cells>, LiveError> {
        match self {
            Session::MariaDb(connection) => connection.rows(sql),
            Session::PostgreSql(connection) => connection.rows(sql),
        }
    }

    /// The one number that a query answers with.
    pub fn number(&mut self, sql: &str) -> Result<u64, LiveError> {
        let rows = self.rows(sql)?;
        let cell = rows.first().and_then(|row| row.first()).and_then(Option::as_deref);
        cell.and_then(|cell| cell.parse().ok())
            .ok_or_else(|| LiveError::Unexpected("a count answers with something else than one number".into()))
    }

    /// Waits for other clients' locks no longer than so many seconds.
    pub fn wait_for_locks(&mut self, seconds: u32) -> Result<(), LiveError> {
        let sql = match self {
            Session::MariaDb(_) => format!("SET SESSION innodb_lock_wait_timeout = {seconds}"),
            Session::PostgreSql(_) => format!("SET lock_timeout = '{seconds}s'"),
        };
        self.run(&sql).map(drop)
    }
}
