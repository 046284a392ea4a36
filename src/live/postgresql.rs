//! PostgreSQL, by the `postgres` driver; tables come by COPY, as they always did.

use std::io::BufRead;
use std::path::Path;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::{Client, Config, NoTls, SimpleQueryMessage};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::account::Account;
use super::error::LiveError;
use super::system::{Database, Host};
use super::text::Cells;

const PATIENCE: Duration = Duration::from_secs(30);

pub struct Connection(Client);

impl Connection {
    pub fn open(database: &Database, account: Account) -> Result<Connection, LiveError> {
        let unreachable = |why: String| LiveError::Unreachable { host: database.host.clone(), why };
        let (user, password) = database.login(account).map_err(unreachable)?;
        let mut config = Config::new();
        config.user(user).dbname(&database.name).application_name("afterloan").connect_timeout(PATIENCE);
        if let Some(password) = password {
            config.password(password);
        }
        match database.where_it_is() {
            Host::Socket(folder) => config.host_path(folder),
            Host::Tcp(host, port) => config.host(host).port(port),
        };
        let client = match &database.ca_file {
            Some(file) => {
                let tls = tls(file).map_err(unreachable)?;
                config.ssl_mode(SslMode::Require).connect(MakeRustlsConnect::new(tls))
            }
            None => config.ssl_mode(SslMode::Disable).connect(NoTls),
        };
        match client {
            Ok(client) => Ok(Connection(client)),
            Err(error) => match LiveError::from(error) {
                LiveError::Gone(why) => Err(unreachable(why)),
                other => Err(other),
            },
        }
    }

    /// One statement, in the simple protocol: it is the server that says how many rows changed.
    pub fn run(&mut self, sql: &str) -> Result<u64, LiveError> {
        let said = self.0.simple_query(sql)?;
        let changed = said.iter().filter_map(|message| match message {
            SimpleQueryMessage::CommandComplete(rows) => Some(*rows),
            _ => None,
        });
        Ok(changed.sum())
    }

    pub fn rows(&mut self, sql: &str) -> Result<Vec<Cells>, LiveError> {
        let said = self.0.simple_query(sql)?;
        let rows = said.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|at| row.get(at).map(String::from)).collect()),
            _ => None,
        });
        Ok(rows.collect())
    }

    /// Begins the transaction in which everything is read; what others join it by.
    pub fn begin_reading(&mut self) -> Result<String, LiveError> {
        self.run("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        let rows = self.rows("SELECT pg_export_snapshot()")?;
        let name = rows.into_iter().flatten().flatten().next();
        name.ok_or_else(|| LiveError::Unexpected("the database exports no snapshot".into()))
    }

    /// Joins a transaction that another connection began.
    pub fn join_reading(&mut self, snapshot: &str) -> Result<(), LiveError> {
        self.run("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        self.run(&format!("SET TRANSACTION SNAPSHOT '{snapshot}'")).map(drop)
    }

    /// Gives the rows of a query to `take`, as text in blocks, until it has enough.
    pub fn stream(&mut self, sql: &str, take: &mut dyn FnMut(Vec<u8>) -> bool) -> Result<(), LiveError> {
        const BLOCK: usize = 1 << 16;
        let mut reader = self.0.copy_out(&format!("COPY ({sql}) TO STDOUT"))?;
        let mut block = Vec::with_capacity(BLOCK + 4096);
        loop {
            let part = reader.fill_buf().map_err(|error| match error.downcast::<postgres::Error>() {
                Ok(error) => LiveError::from(error),
                Err(error) => LiveError::Gone(error.kind().to_string()),
            })?;
            if part.is_empty() {
                break;
            }
            block.extend_from_slice(part);
            let read = part.len();
            reader.consume(read);
            if block.len() >= BLOCK && !take(std::mem::replace(&mut block, Vec::with_capacity(BLOCK + 4096))) {
                return Ok(());
            }
        }
        take(block);
        Ok(())
    }
}

fn tls(file: &Path) -> Result<ClientConfig, String> {
    let wrong = |why: &dyn std::fmt::Display| format!("{}: no certificates that can be read: {why}", file.display());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| wrong(&error))? {
        roots.add(certificate.map_err(|error| wrong(&error))?).map_err(|error| wrong(&error))?;
    }
    if roots.is_empty() {
        return Err(wrong(&"it has none"));
    }
    let provider = rustls::crypto::ring::default_provider();
    let builder = ClientConfig::builder_with_provider(provider.into()).with_safe_default_protocol_versions();
    Ok(builder.map_err(|error| error.to_string())?.with_root_certificates(roots).with_no_client_auth())
}
