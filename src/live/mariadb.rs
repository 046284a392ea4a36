//! MariaDB and MySQL, by the `mysql` driver, in its text protocol: every cell comes as the client would print it.

use std::time::Duration;

use mysql::prelude::Queryable;
use mysql::{Conn, OptsBuilder, SslOpts, Value};

use super::account::Account;
use super::error::LiveError;
use super::system::{Database, Host};
use super::text::{self, Cells};

const PATIENCE: Duration = Duration::from_secs(30);

pub struct Connection(Conn);

impl Connection {
    pub fn open(database: &Database, account: Account) -> Result<Connection, LiveError> {
        let unreachable = |why: String| LiveError::Unreachable { host: database.host.clone(), why };
        let (user, password) = database.login(account).map_err(unreachable)?;
        let options = OptsBuilder::new().user(Some(user)).pass(password).db_name(Some(&database.name));
        // A reader that is slow, as where another core is at work on the rows, isn't hung up on.
        let options = options.init(vec![
            "SET NAMES utf8mb4",
            "SET SESSION net_write_timeout = 3600",
            "SET SESSION wait_timeout = 28800",
        ]);
        let options = match database.where_it_is() {
            Host::Socket(path) => options.socket(Some(path)),
            Host::Tcp(host, port) => {
                let tls = database.ca_file.clone().map(|file| SslOpts::default().with_root_cert_path(Some(file)));
                let options = options.ip_or_hostname(Some(host)).tcp_port(port).prefer_socket(false).ssl_opts(tls);
                options.tcp_connect_timeout(Some(PATIENCE))
            }
        };
        match Conn::new(options) {
            Ok(connection) => Ok(Connection(connection)),
            Err(error) => match LiveError::from(error) {
                LiveError::Gone(why) => Err(unreachable(why)),
                other => Err(other),
            },
        }
    }

    pub fn run(&mut self, sql: &str) -> Result<u64, LiveError> {
        self.0.query_drop(sql)?;
        Ok(self.0.affected_rows())
    }

    pub fn rows(&mut self, sql: &str) -> Result<Vec<Cells>, LiveError> {
        let rows: Vec<mysql::Row> = self.0.query(sql)?;
        let text = |value: Value| match value {
            Value::NULL => None,
            Value::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            other => Some(other.as_sql(true)),
        };
        Ok(rows.into_iter().map(|row| row.unwrap().into_iter().map(text).collect()).collect())
    }

    /// Begins the one transaction in which everything is read.
    pub fn begin_reading(&mut self) -> Result<(), LiveError> {
        self.run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")?;
        self.run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY").map(drop)
    }

    /// Gives the rows of a query to `take`, as text in blocks, until it has enough.
    pub fn stream(&mut self, sql: &str, take: &mut dyn FnMut(Vec<u8>) -> bool) -> Result<(), LiveError> {
        let mut result = self.0.query_iter(sql)?;
        let mut block = text::Block::default();
        if let Some(rows) = result.iter() {
            for row in rows {
                let row = row?;
                block.row((0..row.len()).map(|place| match row.as_ref(place) {
                    Some(Value::NULL) => None,
                    Some(Value::Bytes(bytes)) => Some(bytes.as_slice()),
                    // In the text protocol there is nothing else.
                    _ => Some(&b""[..]),
                }));
                if block.is_full() && !take(block.take()) {
                    return Ok(());
                }
            }
        }
        take(block.take());
        Ok(())
    }
}
