//! `init --database`: a site that reads the system's own database. The catalogue says which release it is, the preferences whom it
//! calls nobody.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::made::Made;
use super::systems::Ils;
use crate::cli::out::Failed;
use crate::cli::table::{bold, paragraph};
use crate::live::{Account, Catalogue, DatabaseKind, LiveError, Session, System};
use crate::pipeline::Pipeline;
use crate::propose::adapted;
use crate::toml_file::Located;

#[derive(Args)]
pub(super) struct Database {
    /// The system's own database: a socket (PostgreSQL's folder), HOST or HOST:PORT. Then no exports are needed
    #[arg(long, value_name = "WHERE", requires = "ils")]
    database: Option<String>,
    /// With --database: its name; koha or evergreen, unless given
    #[arg(long, value_name = "NAME", requires = "database")]
    database_name: Option<String>,
    /// With --database: the account that reads
    #[arg(long, value_name = "USER", default_value = "afterloan_reader", requires = "database")]
    reader: String,
    /// With --database: the account that severs
    #[arg(long, value_name = "USER", default_value = "afterloan_purger", requires = "database")]
    purger: String,
    /// With --database: a file that has the password of both in its first line
    #[arg(long, value_name = "FILE", requires = "database")]
    password_file: Option<PathBuf>,
    /// With --database: certificates (PEM) of a server over the network
    #[arg(long, value_name = "FILE", requires = "database")]
    ca_file: Option<PathBuf>,
    /// With --database: the zone in which the system writes its times; the library's, unless given
    #[arg(long, value_name = "ZONE", requires = "database")]
    system_timezone: Option<String>,
}

/// A site's `system.toml`, and the pipelines that fit.
pub(super) struct Connected {
    pub text: String,
    pub pipelines: Vec<Made>,
}

impl Database {
    pub fn is_asked_for(&self) -> bool {
        self.database.is_some()
    }

    /// Asks the database. Nothing is changed there, and nothing is written here.
    pub fn connect(&self, ils: Ils, timezone: &str, pipelines: Vec<Made>) -> Result<Option<Connected>, Failed> {
        let Some(host) = &self.database else { return Ok(None) };
        let (kind, name) = match ils {
            Ils::Koha => (DatabaseKind::MariaDb, "koha"),
            Ils::Evergreen => (DatabaseKind::PostgreSql, "evergreen"),
            _ => {
                return Err(Failed::Plain(
                    "--database: only Koha's and Evergreen's are known; others are read as exports".into(),
                ));
            }
        };
        let name = self.database_name.as_deref().unwrap_or(name);
        let zone = self.system_timezone.as_deref().unwrap_or(timezone);
        let mut text = self.system(kind, host, name, zone);
        let open = |text: &str| {
            let system = System::parse(&Located::new("system.toml".into(), text.into()))
                .map_err(|error| Failed::Plain(error.to_string()))?;
            Session::open(&system.database, Account::Reader)
                .map_err(|error| self.no_way(kind, name, &pipelines, &error))
        };
        let mut session = match open(&text) {
            Err(Failed::Plain(why)) if kind == DatabaseKind::MariaDb && why.contains(NO_ZONES) => {
                text = self.system(kind, host, name, "SYSTEM");
                let mut session = open(&text)?;
                server_is_in(&mut session, zone)?;
                session
            }
            other => other?,
        };
        let failed = |error: LiveError| Failed::Plain(error.to_string());
        let catalogue = Catalogue::read(kind, |sql| session.rows(sql)).map_err(failed)?;
        let nobody = match ils {
            Ils::Koha => anonymous_patron(&mut session).map_err(failed)?,
            _ => Vec::new(),
        };
        let mut fitting = Vec::new();
        let mut problems = Vec::new();
        println!("{}", bold("The system's database"));
        println!(
            "  {} tables; {}",
            catalogue.tables.len(),
            if kind == DatabaseKind::MariaDb { "MariaDB" } else { "PostgreSQL" }
        );
        for number in &nobody {
            paragraph("  - ", &format!("AnonymousPatron is {number}: she stands for nobody"));
        }
        for made in pipelines {
            let mut ask = |sql: &str| session.rows(sql).map(drop);
            let one =
                adapted(&made.text, &catalogue, &nobody, &mut ask).map_err(|error| Failed::Plain(error.to_string()))?;
            one.notes.iter().for_each(|note| paragraph("  - ", &format!("{}: {note}", made.name)));
            problems.extend(one.problems.iter().map(|problem| format!("{}: {problem}", made.name)));
            fitting.push(Made { text: one.text, ..made });
        }
        if !problems.is_empty() {
            return Err(Failed::Plain(format!(
                "the pipelines don't fit this release, and nothing was made:\n  {}",
                problems.join("\n  ")
            )));
        }
        println!("\nThe account that severs needs, from whoever keeps the database (once):\n");
        println!("{}", grants(kind, name, (&self.reader, &self.purger), &fitting));
        Ok(Some(Connected { text, pipelines: fitting }))
    }

    fn system(&self, kind: DatabaseKind, host: &str, name: &str, zone: &str) -> String {
        let mut database = toml_edit::Table::new();
        for (key, value) in [
            ("kind", kind.as_str()),
            ("host", host),
            ("name", name),
            ("reader", &self.reader),
            ("purger", &self.purger),
            ("timezone", zone),
        ] {
            database[key] = toml_edit::value(value);
        }
        for (key, file) in [("password_file", &self.password_file), ("ca_file", &self.ca_file)] {
            if let Some(file) = file {
                database[key] =
                    toml_edit::value(std::path::absolute(file).unwrap_or_else(|_| file.clone()).display().to_string());
            }
        }
        let mut document = toml_edit::DocumentMut::new();
        document["database"] = toml_edit::Item::Table(database);
        format!("# The library system's own database. This file leads to every patron: it has mode 0600.\n\n{document}")
    }

    /// The database can't be read, and what would help.
    fn no_way(&self, kind: DatabaseKind, name: &str, pipelines: &[Made], error: &LiveError) -> Failed {
        let grants = grants(kind, name, (&self.reader, &self.purger), pipelines);
        Failed::Plain(format!(
            "{error}\nNothing was made. Whoever keeps the database makes the two accounts so, with passwords or as the socket \
             tells who somebody is:\n\n{grants}"
        ))
    }
}

/// What MariaDB says of a zone whose tables aren't loaded.
const NO_ZONES: &str = "MariaDB 1298";

/// Where zones have no names there, the server's own must be the one that is meant, now and half a year from now: that can't be
/// asked, so it is asked of its name.
fn server_is_in(session: &mut Session, zone: &str) -> Result<(), Failed> {
    let failed = |error: LiveError| Failed::Plain(error.to_string());
    let seconds = session.rows("SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), SYSDATE())").map_err(failed)?;
    let theirs: Option<i32> = seconds.first().and_then(|row| row.first()?.as_ref()?.parse().ok());
    let ours = jiff::tz::TimeZone::get(zone)
        .map_err(|_| Failed::Plain(format!("--system-timezone: `{zone}` is no IANA time zone, such as Europe/Berlin")))?
        .to_offset(jiff::Timestamp::now())
        .seconds();
    if theirs.is_some_and(|theirs| (theirs - ours).abs() < 90) {
        return Ok(());
    }
    Err(Failed::Plain(format!(
        "the database server's clock isn't in {zone}, and it knows no zones by name, so hours in its logs couldn't be compared \
         with loans. Nothing was made. Load the zones (mariadb-tzinfo-to-sql /usr/share/zoneinfo | mariadb mysql), or say with \
         --system-timezone in which zone the system writes"
    )))
}

/// Koha's preference of that name, where it names somebody.
fn anonymous_patron(session: &mut Session) -> Result<Vec<String>, LiveError> {
    let rows = session.rows("SELECT value FROM systempreferences WHERE variable = 'AnonymousPatron'")?;
    let numbers = rows.into_iter().flatten().flatten().map(|value| value.trim().to_string());
    Ok(numbers.filter(|value| !value.is_empty() && value != "0").collect())
}

/// The statements that make both accounts: the reader reads, the purger may do what the traces need and no more.
fn grants(kind: DatabaseKind, name: &str, (reader, purger): (&str, &str), pipelines: &[Made]) -> String {
    let mut needs: Vec<String> = Vec::new();
    for made in pipelines {
        let located = Located::new(made.name.clone().into(), made.text.clone());
        let Ok(pipeline) = Pipeline::parse(&located) else { continue };
        let database = pipeline.declaration.database.iter();
        needs.extend(database.flat_map(|database| database.grants.iter().cloned()));
    }
    needs.sort();
    needs.dedup();
    let mut text = String::new();
    let mut line = |line: String| {
        let _ = writeln!(text, "  {line}");
    };
    match kind {
        DatabaseKind::MariaDb => {
            for user in [reader, purger] {
                line(format!("CREATE USER IF NOT EXISTS '{user}'@'localhost' IDENTIFIED BY '…';"));
                line(format!("GRANT SELECT ON `{name}`.* TO '{user}'@'localhost';"));
            }
            for need in needs {
                let (rights, table) = need.split_once(" ON ").unwrap_or((&need, "*"));
                line(format!("GRANT {rights} ON `{name}`.{table} TO '{purger}'@'localhost';"));
            }
        }
        DatabaseKind::PostgreSql => {
            for user in [reader, purger] {
                line(format!("CREATE ROLE {user} LOGIN PASSWORD '…';"));
                line(format!("GRANT pg_read_all_data TO {user};"));
            }
            for need in needs {
                line(format!("GRANT {need} TO {purger};"));
            }
        }
    }
    text
}
