//! A server of one's own: in a temporary folder, on a Unix socket alone, gone with the test. It is driven by the
//! command-line client that belongs to it.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::table::{Dump, Table};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    MariaDb,
    PostgreSql,
}

pub struct Server {
    kind: Kind,
    folder: tempfile::TempDir,
    child: Child,
    command: Command,
}

/// A session of another client, with a transaction that isn't over.
pub struct Lock(Child);

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a client said.
pub struct Ran {
    pub went_through: bool,
    pub out: String,
    pub err: String,
}

impl Server {
    pub fn mariadb() -> Server {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        // As root the server wants to be told so.
        let me = text(Command::new("id").arg("-un"));
        let mut install = Command::new(program("mariadb-install-db"));
        install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
        quiet(install.arg(format!("--user={me}")).arg(option("datadir", &data)));
        let mut server = Command::new(program("mariadbd"));
        server.args(["--no-defaults", "--skip-networking", "--default-time-zone=+00:00"]).arg(format!("--user={me}"));
        server.arg(option("datadir", &data)).arg(option("socket", &folder.path().join("socket")));
        let started = Server::start(Kind::MariaDb, folder, server);
        // Whoever runs this is known to the server, as a librarian is.
        let users = format!("CREATE USER IF NOT EXISTS `{me}`@localhost; GRANT ALL ON *.* TO `{me}`@localhost;");
        started.client(&["--execute", &format!("CREATE DATABASE koha CHARACTER SET utf8mb4; {users}")], None).must();
        started.load_time_zones();
        started
    }

    pub fn postgresql() -> Server {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let owner = postgres_user();
        let owned = |command: &mut Command| {
            if let Some((user, group)) = owner {
                command.uid(user).gid(group);
            }
        };
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let mut init = Command::new(program("initdb"));
        init.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
        owned(init.current_dir(folder.path()).arg("--pgdata").arg(&data));
        quiet(&mut init);
        let mut server = Command::new(program("postgres"));
        server
            .args(["-c", "listen_addresses=", "-c", "timezone=America/New_York", "-c", "fsync=off"])
            .arg("-D")
            .arg(&data);
        owned(server.current_dir(folder.path()).arg("-k").arg(folder.path()));
        let started = Server::start(Kind::PostgreSql, folder, server);
        started.client(&["--dbname=postgres", "--command=CREATE DATABASE evergreen"], None).must();
        started
    }

    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::MariaDb => "mariadb",
            Kind::PostgreSql => "postgresql",
        }
    }

    pub fn database(&self) -> &'static str {
        match self.kind {
            Kind::MariaDb => "koha",
            Kind::PostgreSql => "evergreen",
        }
    }

    /// Where a driver finds it: a socket, or PostgreSQL's folder.
    pub fn host(&self) -> PathBuf {
        match self.kind {
            Kind::MariaDb => self.folder.path().join("socket"),
            Kind::PostgreSql => self.folder.path().to_path_buf(),
        }
    }

    /// Two accounts, known by the socket: one that reads, and one that may do beside that what is granted and no more.
    pub fn make_accounts(&self, reader: &str, purger: &str, grants: &[String]) {
        let mut sql = String::new();
        for user in [reader, purger] {
            sql += &match self.kind {
                Kind::MariaDb => {
                    format!("CREATE USER '{user}'@localhost; GRANT SELECT ON koha.* TO '{user}'@localhost;\n")
                }
                Kind::PostgreSql => format!("CREATE ROLE {user} LOGIN; GRANT pg_read_all_data TO {user};\n"),
            };
        }
        for grant in grants {
            sql += &match self.kind {
                Kind::MariaDb => {
                    let (rights, table) = grant.split_once(" ON ").unwrap();
                    format!("GRANT {rights} ON koha.{table} TO '{purger}'@localhost;\n")
                }
                Kind::PostgreSql => format!("GRANT {grant} TO {purger};\n"),
            };
        }
        self.must(&sql);
    }

    fn start(kind: Kind, folder: tempfile::TempDir, mut command: Command) -> Server {
        let log = folder.path().join("log");
        let (out, err) = (File::create(&log).unwrap(), File::options().append(true).open(&log).unwrap());
        let child = command.stdin(Stdio::null()).stdout(out).stderr(err).spawn().unwrap();
        let mut started = Server { kind, folder, child, command };
        started.wait_until_it_answers();
        started
    }

    /// As if the machine had lost its power.
    pub fn kill(&self) {
        let server = self.child.id().to_string();
        // PostgreSQL has a process for each connection, which would go on for a while, and for which it would wait.
        let others = text(Command::new("ps").args(["-o", "pid=", "--ppid", &server]));
        quiet(Command::new("kill").arg("-KILL").arg(server).args(others.split_whitespace()));
    }

    pub fn start_again(&mut self) {
        let _ = self.child.wait();
        self.child = self.command.spawn().unwrap();
        self.wait_until_it_answers();
    }

    /// Another client that begins a transaction with this statement, and doesn't end it.
    pub fn hold_lock(&self, sql: &str) -> Lock {
        let mut client = Command::new(program("mariadb"));
        client.args(["--no-defaults", "--user=root", "koha", "--unbuffered"]);
        client.arg(option("socket", &self.folder.path().join("socket")));
        let mut child = client.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let input = child.stdin.as_mut().unwrap();
        input.write_all(format!("BEGIN;\n{sql};\nSELECT 'locked';\n").as_bytes()).unwrap();
        input.flush().unwrap();
        let mut said = [0; 6];
        std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut said).unwrap();
        Lock(child)
    }

    fn wait_until_it_answers(&mut self) {
        let kind = self.kind;
        let log = self.folder.path().join("log");
        let patience = Instant::now() + Duration::from_secs(120);
        let ask: &[&str] = match kind {
            Kind::MariaDb => &["--execute", "SELECT 1"],
            Kind::PostgreSql => &["--dbname=postgres", "--command=SELECT 1"],
        };
        while !self.client(ask, None).went_through {
            let over = self.child.try_wait().unwrap();
            if over.is_some() || Instant::now() > patience {
                panic!("the server did not start: {over:?}\n{}", fs::read_to_string(&log).unwrap_or_default());
            }
            sleep(Duration::from_millis(100));
        }
    }

    /// MariaDB knows time zones by name once their tables are loaded, as Koha asks for; every client then is in the library's.
    fn load_time_zones(&self) {
        let path = self.folder.path().join("zones.sql");
        let zones = File::create(&path).unwrap();
        let mut print = Command::new(program("mariadb-tzinfo-to-sql"));
        assert!(print.arg("/usr/share/zoneinfo").stdout(zones).stderr(Stdio::null()).status().unwrap().success());
        self.client(&["mysql"], Some(File::open(&path).unwrap())).must();
        self.client(&["--execute", "SET GLOBAL time_zone = 'America/New_York'"], None).must();
    }

    fn client(&self, args: &[&str], input: Option<File>) -> Ran {
        let mut client = match self.kind {
            Kind::MariaDb => {
                let mut client = Command::new(program("mariadb"));
                client.args(["--no-defaults", "--user=root", "--default-character-set=utf8mb4"]);
                client.arg(option("socket", &self.folder.path().join("socket")));
                client
            }
            Kind::PostgreSql => {
                let mut client = Command::new(program("psql"));
                client.args(["--no-psqlrc", "--username=postgres"]).arg("--host").arg(self.folder.path());
                client
            }
        };
        Ran::of(client.args(args).stdin(input.map_or_else(Stdio::null, Stdio::from)))
    }

    /// Statements of the test's own, with whatever client options suit.
    #[track_caller]
    pub fn must(&self, sql: &str) -> String {
        let path = self.folder.path().join("statements.sql");
        File::create(&path).unwrap().write_all(sql.as_bytes()).unwrap();
        let input = Some(File::open(&path).unwrap());
        match self.kind {
            Kind::MariaDb => self.client(&["koha", "--batch"], input).must(),
            Kind::PostgreSql => {
                self.client(&["--dbname=evergreen", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"], input).must()
            }
        }
    }

    /// Statements of which the server may refuse some.
    pub fn as_far_as_it_goes(&self, sql: &str) {
        let path = self.folder.path().join("statements.sql");
        fs::write(&path, sql).unwrap();
        self.carry_out_carelessly(&path);
    }

    /// A worklist, as README tells a librarian to run it; MariaDB's client is asked for its warnings, too.
    pub fn carry_out(&self, worklist: &Path) -> Ran {
        match self.kind {
            Kind::MariaDb => self.client(&["koha", "--show-warnings"], Some(File::open(worklist).unwrap())),
            Kind::PostgreSql => {
                let file = format!("--file={}", worklist.display());
                self.client(&["--dbname=evergreen", "--set=ON_ERROR_STOP=1", &file], None)
            }
        }
    }

    /// The same by somebody who left out what the README says: psql then goes on after a mistake. MariaDB's client has another
    /// character set, as old installations do.
    pub fn carry_out_carelessly(&self, worklist: &Path) -> Ran {
        match self.kind {
            Kind::MariaDb => {
                self.client(&["koha", "--default-character-set=latin1"], Some(File::open(worklist).unwrap()))
            }
            Kind::PostgreSql => self.client(&["--dbname=evergreen", &format!("--file={}", worklist.display())], None),
        }
    }

    /// A script, whose clients find this server in their own places.
    pub fn shell(&self, script: &str) -> Ran {
        let socket = option("socket", &self.folder.path().join("socket"));
        fs::write(self.folder.path().join(".my.cnf"), format!("[client]\n{}\n", &socket[2..])).unwrap();
        let mut bash = Command::new("bash");
        bash.args(["-c", script]).env("HOME", self.folder.path());
        Ran::of(bash.env("PGUSER", "postgres").env("PGHOST", self.folder.path()).stdin(Stdio::null()))
    }

    /// What a query prints, under a header.
    #[track_caller]
    pub fn query(&self, query: &str) -> Table {
        match self.kind {
            Kind::MariaDb => Table::read(&self.must(&format!("{query};\n")), "NULL"),
            Kind::PostgreSql => {
                Table::read(&self.copy(&format!("COPY ({query}) TO STDOUT (FORMAT text, HEADER)")), "\\N")
            }
        }
    }

    /// What PostgreSQL's COPY prints, as it stands in an export.
    #[track_caller]
    pub fn copy(&self, copy: &str) -> String {
        self.client(&["--dbname=evergreen", &format!("--command={copy}")], None).must()
    }

    /// Every table, row by row; but not Evergreen's former versions of rows, whose numbers count what was taken back, too.
    #[track_caller]
    pub fn dump(&self) -> Dump {
        let (names, only) = match self.kind {
            Kind::MariaDb => ("SELECT table_name FROM information_schema.tables WHERE table_schema = 'koha'", ""),
            Kind::PostgreSql => (
                "SELECT schemaname || '.' || tablename FROM pg_tables
                  WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'auditor')",
                "ONLY ",
            ),
        };
        let names = self.query(names).rows.into_iter().map(|row| row[0].clone().unwrap());
        names.map(|name| (name.clone(), self.query(&format!("SELECT * FROM {only}{name}")))).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let signal = if self.kind == Kind::MariaDb { "-TERM" } else { "-INT" };
        let asked = Command::new("kill").arg(signal).arg(self.child.id().to_string()).status();
        if asked.is_ok_and(|status| status.success()) {
            let patience = Instant::now() + Duration::from_secs(30);
            while Instant::now() < patience {
                if self.child.try_wait().is_ok_and(|over| over.is_some()) {
                    return;
                }
                sleep(Duration::from_millis(50));
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ran {
    fn of(command: &mut Command) -> Ran {
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ran { went_through: output.status.success(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    #[track_caller]
    pub fn must(self) -> String {
        assert!(self.went_through && self.err.is_empty(), "{}{}", self.out, self.err);
        self.out
    }
}

fn option(name: &str, path: &Path) -> String {
    format!("--{name}={}", path.display())
}

/// Where Debian and others keep a program that may not be on the path.
fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::env::split_paths(&path).chain(["/usr/sbin".into()]).collect();
    let versions = glob::glob("/usr/lib/postgresql/*/bin").unwrap().chain(glob::glob("/usr/pgsql-*/bin").unwrap());
    places.extend(versions.flatten());
    let found = places.into_iter().map(|place| place.join(name)).rfind(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{name} is not installed: see CONTRIBUTING.md, make test-servers"))
}

/// PostgreSQL refuses to run as root: then as the user that its package made.
fn postgres_user() -> Option<(u32, u32)> {
    let number = |what: &[&str]| text(Command::new("id").args(what)).parse().unwrap();
    (number(&["-u"]) == 0).then(|| (number(&["-u", "postgres"]), number(&["-g", "postgres"])))
}

fn text(command: &mut Command) -> String {
    String::from_utf8(command.output().unwrap().stdout).unwrap().trim().to_string()
}

fn quiet(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
