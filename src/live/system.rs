//! `system.toml`: where the library system's database is, and by which accounts it is read and purged.

use std::fs;
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::account::Account;
use super::kind::DatabaseKind;
use crate::toml_file::{self, Located, TomlError};

/// Its name in a site.
pub const FILE: &str = "system.toml";

/// A library system, as `system.toml` says. The file has mode 0600: it leads to every patron.
#[derive(Clone, Debug)]
pub struct System {
    pub database: Database,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database: Database,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub kind: DatabaseKind,
    /// A socket, beginning with `/`, or `HOST`, or `HOST:PORT`. For PostgreSQL a socket is its folder.
    pub host: String,
    pub name: String,
    /// The account that reads: SELECT alone.
    pub reader: String,
    /// The account that carries worklists out. Without it afterloan reads and severs nothing.
    pub purger: Option<String>,
    /// Files of one line. Without one the account has no password, as where the socket tells who it is.
    pub password_file: Option<PathBuf>,
    /// The purger's, where it is another.
    pub purger_password_file: Option<PathBuf>,
    /// Certificates (PEM) that a server over the network must be vouched for by. Every host but this one needs it.
    pub ca_file: Option<PathBuf>,
    /// The time zone in which the system writes times without one, as its own sessions have it.
    pub timezone: String,
}

/// Where a database is.
pub(super) enum Host<'a> {
    Socket(&'a str),
    Tcp(&'a str, u16),
}

impl System {
    /// None: the site has no such file, and reads exports.
    pub fn load(site: &Path) -> Result<Option<System>, TomlError> {
        let path = site.join(FILE);
        let Ok(meta) = fs::symlink_metadata(&path) else { return Ok(None) };
        let located = toml_file::read(&path)?;
        let system = System::parse(&located)?;
        if meta.permissions().mode() & 0o077 != 0 {
            let why = format!("others may read or change it, and it leads to every patron: chmod 600 {FILE}");
            return Err(located.error("[database]", why));
        }
        Ok(Some(system))
    }

    pub fn parse(located: &Located) -> Result<System, TomlError> {
        let File { database } = located.parse()?;
        let host = database.where_it_is();
        if let (Host::Tcp(host, _), None) = (&host, &database.ca_file)
            && !is_here(host)
        {
            let why = "a server over the network is spoken to by TLS alone: name in `ca_file` the certificates that vouch for it";
            return Err(located.error("host", why));
        }
        Ok(System { database })
    }
}

/// Whether a host is this one.
fn is_here(host: &str) -> bool {
    host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Database {
    pub(super) fn where_it_is(&self) -> Host<'_> {
        if self.host.starts_with('/') {
            return Host::Socket(&self.host);
        }
        let port = match self.kind {
            DatabaseKind::MariaDb => 3306,
            DatabaseKind::PostgreSql => 5432,
        };
        match self.host.rsplit_once(':') {
            Some((host, digits)) if !host.contains(':') || host.ends_with(']') => {
                Host::Tcp(host.trim_matches(['[', ']']), digits.parse().unwrap_or(port))
            }
            _ => Host::Tcp(&self.host, port),
        }
    }

    /// An account's name, and its password where it has one.
    pub(super) fn login(&self, account: Account) -> Result<(&str, Option<String>), String> {
        let (user, file) = match account {
            Account::Reader => (&self.reader, &self.password_file),
            Account::Purger => {
                let why = || format!("{FILE} names no `purger`: without one nothing is severed");
                let file =
                    if self.purger_password_file.is_some() { &self.purger_password_file } else { &self.password_file };
                (self.purger.as_ref().ok_or_else(why)?, file)
            }
        };
        let Some(file) = file else { return Ok((user, None)) };
        let text = crate::plain_file::read_to_string(file)
            .map_err(|error| format!("{}: {error}: the password can't be read", crate::words::shown_path(file)))?;
        Ok((user, Some(text.lines().next().unwrap_or_default().to_string())))
    }
}
