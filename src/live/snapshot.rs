//! What a night reads: all tables as they were at one moment.
//!
//! MariaDB reads one table after the other by the connection whose transaction it is; PostgreSQL joins further connections to
//! it. Rows are streamed: a thread of its own reads the server, a few blocks ahead of whoever takes them.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use super::account::Account;
use super::error::LiveError;
use super::kind::DatabaseKind;
use super::mariadb;
use super::postgresql;
use super::session::Session;
use super::system::{Database, System};
use super::text;

/// How many blocks may wait.
const WAITING: usize = 8;

/// One transaction, read only, and all that is read in it.
#[derive(Clone)]
pub struct Snapshot(Arc<Inner>);

struct Inner {
    system: System,
    main: Mutex<Session>,
    /// PostgreSQL's name of it.
    exported: String,
}

/// What is read of one table, or of a query.
#[derive(Clone, Debug)]
pub struct Selection {
    /// What stands for it in messages.
    pub name: String,
    pub columns: Vec<String>,
    pub sql: String,
}

impl Selection {
    /// These columns of a table.
    pub fn of_table(kind: DatabaseKind, table: &str, columns: Vec<String>) -> Selection {
        let quoted: Vec<String> = columns.iter().map(|column| kind.quoted(column)).collect();
        let sql = format!("SELECT {} FROM {}", quoted.join(", "), kind.quoted(table));
        Selection { name: table.into(), columns, sql }
    }

    /// These columns of what a query answers with.
    pub fn of_query(kind: DatabaseKind, name: &str, query: &str, columns: Vec<String>) -> Selection {
        let quoted: Vec<String> = columns.iter().map(|column| kind.quoted(column)).collect();
        let sql = format!("SELECT {} FROM ({}) AS q", quoted.join(", "), query.trim().trim_end_matches(';'));
        Selection { name: name.into(), columns, sql }
    }
}

impl Snapshot {
    /// Connects as the reader and begins the transaction.
    pub fn begin(system: &System) -> Result<Snapshot, LiveError> {
        let mut main = Session::open(&system.database, Account::Reader)?;
        let exported = match &mut main {
            Session::MariaDb(connection) => connection.begin_reading().map(|()| String::new())?,
            Session::PostgreSql(connection) => connection.begin_reading()?,
        };
        Ok(Snapshot(Arc::new(Inner { system: system.clone(), main: Mutex::new(main), exported })))
    }

    pub fn database(&self) -> &Database {
        &self.0.system.database
    }

    /// The rows of a query that answers with few.
    pub fn rows(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, LiveError> {
        self.0.main.lock().unwrap_or_else(PoisonError::into_inner).rows(sql)
    }

    /// What is selected, as text with a line of names. The server is asked once the names were read.
    pub fn read(&self, selection: &Selection) -> Box<dyn Read + Send> {
        let start = Start { inner: self.0.clone(), sql: selection.sql.clone() };
        Box::new(Rows { start: Some(start), blocks: None, block: text::header(&selection.columns), given: 0 })
    }
}

struct Start {
    inner: Arc<Inner>,
    sql: String,
}

impl Start {
    fn go(self) -> Receiver<io::Result<Vec<u8>>> {
        let (sender, blocks) = sync_channel(WAITING);
        std::thread::spawn(move || self.stream(&sender));
        blocks
    }

    /// An empty block is the end: a stream that breaks off otherwise is an error.
    fn stream(self, sender: &SyncSender<io::Result<Vec<u8>>>) {
        let mut take = |block: Vec<u8>| block.is_empty() || sender.send(Ok(block)).is_ok();
        let inner = &self.inner;
        let mut own;
        let mut main;
        let ended = if inner.exported.is_empty() {
            main = inner.main.lock().unwrap_or_else(PoisonError::into_inner);
            match &mut *main {
                Session::MariaDb(connection) => mariadb::Connection::stream(connection, &self.sql, &mut take),
                Session::PostgreSql(connection) => postgresql::Connection::stream(connection, &self.sql, &mut take),
            }
        } else {
            own = Session::open(&inner.system.database, Account::Reader);
            match &mut own {
                Ok(Session::PostgreSql(connection)) => {
                    connection.join_reading(&inner.exported).and_then(|()| connection.stream(&self.sql, &mut take))
                }
                Ok(Session::MariaDb(connection)) => connection.stream(&self.sql, &mut take),
                Err(error) => Err(LiveError::Gone(error.to_string())),
            }
        };
        let _ = sender.send(ended.map(|()| Vec::new()).map_err(io::Error::from));
    }
}

struct Rows {
    start: Option<Start>,
    blocks: Option<Receiver<io::Result<Vec<u8>>>>,
    block: Vec<u8>,
    given: usize,
}

impl Read for Rows {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.block.len() {
            if let Some(start) = self.start.take() {
                self.blocks = Some(start.go());
            }
            let Some(blocks) = &self.blocks else { return Ok(0) };
            let broken = |_| io::Error::other("the database's rows broke off");
            self.block = blocks.recv().map_err(broken)??;
            self.given = 0;
            if self.block.is_empty() {
                self.blocks = None;
                return Ok(0);
            }
        }
        let count = (&self.block[self.given..]).read(into)?;
        self.given += count;
        Ok(count)
    }
}
