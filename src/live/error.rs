//! What can go wrong with a database, in words that quote no cell: a server's messages may, so only those that can't are passed on.

use std::io;

/// An error of the database, or on the way to it.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    #[error("the database can't be reached at {host}: {why}")]
    Unreachable { host: String, why: String },
    #[error("the database says no ({code}): {what}")]
    Refused { code: String, what: String },
    /// Another client holds what is needed; later it may go through.
    #[error("another client of the database holds rows that are needed ({code}); try again later")]
    Locked { code: String },
    /// The server is gone, or the way to it is.
    #[error("the connection to the database broke off: {0}")]
    Gone(String),
    #[error("{0}")]
    Unexpected(String),
}

impl LiveError {
    /// Whether a table isn't there.
    pub fn is_missing_table(&self) -> bool {
        matches!(self, LiveError::Refused { code, .. } if code.ends_with(" 1146") || code.ends_with(" 42P01"))
    }

    pub fn is_locked(&self) -> bool {
        matches!(self, LiveError::Locked { .. })
    }
}

impl From<LiveError> for io::Error {
    fn from(error: LiveError) -> io::Error {
        io::Error::other(error)
    }
}

impl From<mysql::Error> for LiveError {
    fn from(error: mysql::Error) -> LiveError {
        match error {
            mysql::Error::MySqlError(error) => of_mariadb(error.code, &error.message),
            mysql::Error::IoError(error) => LiveError::Gone(error.kind().to_string()),
            // What the driver says of itself: packets, TLS, options. Values don't come this far.
            mysql::Error::DriverError(error) => LiveError::Gone(error.to_string()),
            mysql::Error::TlsError(error) => LiveError::Gone(error.to_string()),
            _ => LiveError::Gone("the driver doesn't understand what came".into()),
        }
    }
}

/// Codes whose messages name tables, columns, accounts and nothing else.
fn of_mariadb(code: u16, message: &str) -> LiveError {
    let code_text = format!("MariaDB {code}");
    match code {
        1205 | 1213 | 3572 => LiveError::Locked { code: code_text },
        1053 | 1077 | 1079 | 1927 | 2006 | 2013 | 3024 | 4031 => LiveError::Gone(code_text),
        // Databases, tables, columns, rights; syntax is of pipelines, which quote no cell either, but a list of ids.
        1044 | 1045 | 1049 | 1054 | 1109 | 1142 | 1143 | 1146 | 1227 | 1298 | 1370 => {
            LiveError::Refused { code: code_text, what: message.into() }
        }
        1064 => LiveError::Refused {
            code: code_text,
            what: "a statement isn't written as this server understands it".into(),
        },
        _ => LiveError::Refused {
            code: code_text,
            what: "its message may quote a row, so it isn't repeated here".into(),
        },
    }
}

impl From<postgres::Error> for LiveError {
    fn from(error: postgres::Error) -> LiveError {
        let Some(said) = error.as_db_error() else {
            return LiveError::Gone(if error.is_closed() { "it is closed".into() } else { whole(&error) });
        };
        let state = said.code().code();
        let code = format!("PostgreSQL {state}");
        match state {
            "40001" | "40P01" | "55P03" => LiveError::Locked { code },
            _ if state.starts_with("57P") || state.starts_with("08") => LiveError::Gone(code),
            "42601" => {
                LiveError::Refused { code, what: "a statement isn't written as this server understands it".into() }
            }
            _ if ["28", "3D", "3F", "42"].iter().any(|class| state.starts_with(class)) => {
                LiveError::Refused { code, what: said.message().into() }
            }
            _ => LiveError::Refused { code, what: "its message may quote a row, so it isn't repeated here".into() },
        }
    }
}

/// What the driver says of itself, with its causes.
fn whole(error: &postgres::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text += &format!(": {cause}");
        source = cause.source();
    }
    text
}
