//! Which file is tonight's export, and opening it.

mod names;

use std::fmt;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use super::ExportError;
use super::command::Running;
use super::decode::Utf8;
use super::dialect::Dialect;
use super::unpack::{ENDINGS, unpack};
use crate::plain_file;
use crate::words::{is_hidden, shown};
use names::{Called, UNFINISHED, called};

/// A file of the inbox, as it was when the run took inventory.
#[derive(Clone, Debug)]
pub struct Found {
    pub path: PathBuf,
    pub bytes: u64,
    /// When it was written: by `{date}` in the pattern, else by its modification time.
    pub written: Timestamp,
    /// Files that match, too, and were passed over: by their names they are older copies of something.
    pub passed_over: Arc<[String]>,
    /// How many names the file has on its disk. With more than one (hard links) it isn't gone with this one.
    pub names: u64,
    origin: Origin,
}

#[derive(Clone, Debug)]
enum Origin {
    File {
        modified: SystemTime,
    },
    /// What a program prints, run in this folder.
    Command {
        argv: Arc<[String]>,
        env: Arc<[String]>,
        limit: Duration,
        folder: Arc<Path>,
    },
    StandardInput,
    /// A test's export.
    Memory(Arc<[u8]>),
    Table(OpenTable),
}

/// Rows that are asked for when they are read.
#[derive(Clone)]
struct OpenTable(Arc<dyn Fn() -> Box<dyn Read + Send> + Send + Sync>);

impl fmt::Debug for OpenTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenTable")
    }
}

/// The newest finished file that matches. Never a union with last night's.
pub fn newest(inbox: &Path, pattern: &str) -> Result<Found, ExportError> {
    let Matching { files, others } = matching(inbox, pattern, false)?;
    let newest = files.into_iter().max_by(|a, b| (a.written, &a.path).cmp(&(b.written, &b.path)));
    newest.ok_or_else(|| ExportError::Missing { inbox: inbox.into(), pattern: pattern.into(), others })
}

/// All files that match and have the newest `{date}`, by name. One that is still being written stops the pipeline: without
/// it the export isn't whole.
pub fn newest_together(inbox: &Path, pattern: &str) -> Result<Vec<Found>, ExportError> {
    let Matching { files: mut all, others } = matching(inbox, pattern, false)?;
    for ending in UNFINISHED {
        if let Some(unfinished) = matching_names(inbox, &format!("{pattern}.{ending}"))?.pop() {
            let why = "a file of a split export is still being written".to_string();
            return Err(ExportError::Unusable { path: unfinished, why });
        }
    }
    if let Some(undated) = all.iter().find(|found| found.written == Timestamp::MIN) {
        let why = "no date can be read where the pattern has {date}: which night does it belong to?".to_string();
        return Err(ExportError::Unusable { path: undated.path.clone(), why });
    }
    let newest = all.iter().map(|found| found.written).max();
    let newest = newest.ok_or_else(|| ExportError::Missing { inbox: inbox.into(), pattern: pattern.into(), others })?;
    all.retain(|found| found.written == newest);
    all.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(all)
}

/// All finished files that match, oldest first: the files of a log.
pub fn all(inbox: &Path, pattern: &str) -> Result<Vec<Found>, ExportError> {
    let mut all = matching(inbox, pattern, true)?.files;
    all.sort_by(|a, b| (a.written, &a.path).cmp(&(b.written, &b.path)));
    Ok(all)
}

/// A split export that was read: no further file of it may have arrived meanwhile.
pub fn check_none_arrived(inbox: &Path, pattern: &str, read: &[&Path]) -> Result<(), ExportError> {
    let now = newest_together(inbox, pattern)?;
    match now.into_iter().find(|found| !read.contains(&found.path.as_path())) {
        Some(found) => {
            let why =
                "it arrived while the other files of its export were read: the export was not finished".to_string();
            Err(ExportError::Unusable { path: found.path, why })
        }
        None => Ok(()),
    }
}

fn io(path: &Path) -> impl FnOnce(io::Error) -> ExportError + use<> {
    let path = path.to_path_buf();
    move |source| ExportError::Io { path, source }
}

fn matching_names(inbox: &Path, pattern: &str) -> Result<Vec<PathBuf>, ExportError> {
    let glob = glob::Pattern::new(&pattern.replace("{date}", "*"))
        .map_err(|error| ExportError::Pattern { pattern: pattern.into(), why: error.msg.into() })?;
    let mut all = Vec::new();
    for entry in std::fs::read_dir(inbox).map_err(io(inbox))? {
        let entry = entry.map_err(io(inbox))?;
        let name = entry.file_name();
        let shown = name.to_string_lossy();
        if glob.matches(&shown) && !shown.starts_with('.') {
            all.push(entry.path());
        }
    }
    Ok(all)
}

/// The files that match a pattern.
struct Matching {
    /// Exports by their names.
    files: Vec<Found>,
    /// What is passed over and should be seen.
    others: Vec<String>,
}

fn matching(inbox: &Path, pattern: &str, is_log: bool) -> Result<Matching, ExportError> {
    let (mut files, mut others) = (Vec::new(), Vec::new());
    for path in matching_names(inbox, pattern)? {
        check_name(&path)?;
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match called(pattern, name, is_log) {
            Called::Export => {}
            Called::Sum | Called::Unfinished => continue,
            Called::Other => {
                others.push(name.to_string());
                continue;
            }
        }
        let meta = std::fs::metadata(&path).map_err(io(&path))?;
        if let Some(why) = plain_file::not_a_file(meta.file_type()) {
            return Err(ExportError::Unusable { path, why: why.into() });
        }
        let modified = meta.modified().map_err(io(&path))?;
        let changed = Timestamp::try_from(modified).unwrap_or(Timestamp::MIN);
        let written =
            if pattern.contains("{date}") { date_in(pattern, name).unwrap_or(Timestamp::MIN) } else { changed };
        let names = meta.nlink();
        files.push(Found { written, names, ..Found::new(path, meta.len(), Origin::File { modified }) });
    }
    others.sort_unstable();
    let passed_over: Arc<[String]> = others.as_slice().into();
    files.iter_mut().for_each(|found| found.passed_over = passed_over.clone());
    Ok(Matching { files, others })
}

/// Nobody can tell such files apart, and a name may do something to whoever looks at it.
fn check_name(path: &Path) -> Result<(), ExportError> {
    let name = path.file_name().unwrap_or_default();
    let why = match name.to_str() {
        Some(name) if !name.contains(is_hidden) => return Ok(()),
        Some(_) => "its name has a line end or another character that can't be seen: rename it, or take it away",
        None => "its name isn't valid UTF-8: rename it, or take it away",
    };
    Err(ExportError::Unusable { path: path.into(), why: why.into() })
}

/// The date at `{date}`: `YYYY-MM-DD` or `YYYYMMDD`.
fn date_in(pattern: &str, name: &str) -> Option<Timestamp> {
    let before = pattern.split("{date}").next()?;
    let start = if before.contains(['*', '?']) { name.find(|c: char| c.is_ascii_digit())? } else { before.len() };
    let digits: String = name.get(start..)?.chars().filter(|c| *c != '-').take(8).collect();
    let date = jiff::civil::Date::strptime("%Y%m%d", &digits).ok()?;
    date.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

impl Found {
    fn new(path: PathBuf, bytes: u64, origin: Origin) -> Found {
        Found { path, bytes, written: Timestamp::MIN, passed_over: Arc::default(), names: 1, origin }
    }

    /// A file that a person named, whatever its name: she means this one.
    pub fn of_path(path: &Path) -> Result<Found, ExportError> {
        let meta = std::fs::metadata(path).map_err(io(path))?;
        if let Some(why) = plain_file::not_a_file(meta.file_type()) {
            return Err(ExportError::Unusable { path: path.into(), why: why.into() });
        }
        let modified = meta.modified().map_err(io(path))?;
        let written = Timestamp::try_from(modified).unwrap_or(Timestamp::MIN);
        Ok(Found { written, ..Found::new(path.into(), meta.len(), Origin::File { modified }) })
    }

    /// An export in memory: a pipeline's own tests.
    pub fn in_memory(name: &str, bytes: Vec<u8>, written: Timestamp) -> Found {
        let memory: Arc<[u8]> = bytes.into();
        Found { written, ..Found::new(name.into(), memory.len() as u64, Origin::Memory(memory)) }
    }

    /// What a program will print when it is opened, if it ends within `limit`. `name` stands for it in messages: its arguments may hold a password.
    /// `env`: what of the environment it is given beside the usual.
    pub fn of_command(
        name: &str,
        (argv, env): (&[String], &[String]),
        limit: Duration,
        folder: &Path,
        now: Timestamp,
    ) -> Found {
        let program = argv.first().map(Path::new).and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        let origin = Origin::Command { argv: argv.into(), env: env.into(), limit, folder: folder.into() };
        Found { written: now, ..Found::new(format!("{name} (from {program})").into(), 0, origin) }
    }

    /// Rows of a table. Each opening reads the same; the first that is read of it is the line of names, and nothing more: whoever
    /// needs no more asks the table for no row.
    pub fn of_table(
        name: &str,
        now: Timestamp,
        open: impl Fn() -> Box<dyn Read + Send> + Send + Sync + 'static,
    ) -> Found {
        let open = OpenTable(Arc::new(open));
        Found { written: now, ..Found::new(format!("{name} (table)").into(), 0, Origin::Table(open)) }
    }

    /// Whether it is a table. Of some databases one is read after the other.
    pub fn is_table(&self) -> bool {
        matches!(self.origin, Origin::Table(_))
    }

    pub fn of_standard_input(name: &str, now: Timestamp) -> Found {
        Found { written: now, ..Found::new(format!("{name} (standard input)").into(), 0, Origin::StandardInput) }
    }

    /// Its modification time; None: it is no file.
    pub fn modified(&self) -> Option<Timestamp> {
        match self.origin {
            Origin::File { modified } => Timestamp::try_from(modified).ok(),
            _ => None,
        }
    }

    /// Its name as it may be shown: with nothing in it that moves a terminal's cursor. What lies in the inbox is called so.
    pub fn name(&self) -> String {
        if !matches!(self.origin, Origin::File { .. }) {
            return shown(&self.path.to_string_lossy());
        }
        shown(&self.path.file_name().unwrap_or_default().to_string_lossy())
    }

    /// Opens it, decompressed.
    pub fn open(&self) -> Result<Opened, ExportError> {
        let mut running = None;
        let reader: Box<dyn Read + Send> = match &self.origin {
            Origin::Memory(bytes) => unpack(&self.path, io::Cursor::new(bytes.clone()))
                .map_err(|why| ExportError::Compressed { path: self.path.clone(), why })?,
            Origin::StandardInput => Box::new(io::stdin()),
            Origin::Table(open) => open.0(),
            Origin::Command { argv, env, limit, folder } => {
                let (started, output) = Running::start(argv, env, folder, *limit)
                    .map_err(|source| ExportError::Command { name: self.name(), why: source.to_string() })?;
                running = Some(started);
                Box::new(output)
            }
            Origin::File { .. } => {
                let file = plain_file::open(&self.path)
                    .map_err(|source| ExportError::Io { path: self.path.clone(), source })?;
                unpack(&self.path, file).map_err(|why| ExportError::Compressed { path: self.path.clone(), why })?
            }
        };
        Ok(Opened { only_names: self.is_table(), found: self.clone(), reader, running })
    }

    fn is_compressed(&self) -> bool {
        self.path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
    }
}

/// An export that is being read.
pub struct Opened {
    found: Found,
    reader: Box<dyn Read + Send>,
    running: Option<Running>,
    /// Of a table, before anything was read: what comes first is its line of names alone.
    only_names: bool,
}

impl Opened {
    pub fn path(&self) -> &Path {
        &self.found.path
    }

    /// The same, with somebody who sees all bytes pass: decompressed, and as they stand.
    pub fn seen_by(mut self, see: impl FnMut(&[u8]) + Send + 'static) -> Opened {
        self.reader = Box::new(Seen { reader: self.reader, see });
        self
    }

    /// Appends up to `most` decompressed bytes; fewer only at the end.
    pub fn read(&mut self, into: &mut Vec<u8>, most: usize) -> Result<usize, ExportError> {
        self.fill(into, most).map_err(|error| self.error(error))
    }

    /// Lets go of the file.
    pub(super) fn close(&mut self) {
        self.reader = Box::new(io::empty());
    }

    /// In UTF-8, and one record a line where a document or a workbook has them.
    pub(super) fn in_dialect(self, dialect: &Dialect) -> Opened {
        let mut reader = self.reader;
        if let Some(encoding) = dialect.encoding {
            reader = Box::new(Utf8::new(reader, encoding));
        }
        if let Some(syntax) = dialect.syntax.lines() {
            reader = syntax.lines(reader);
        }
        Opened { reader, ..self }
    }

    /// Appends up to `most` bytes; fewer only at the end. Of a table first the line of names.
    pub(super) fn fill(&mut self, buffer: &mut Vec<u8>, most: usize) -> io::Result<usize> {
        if self.only_names {
            return self.fill_names(buffer);
        }
        buffer.reserve(most);
        self.reader.by_ref().take(most as u64).read_to_end(buffer)
    }

    /// Whether the next that is read is a table's line of names.
    pub(super) fn gives_names(&self) -> bool {
        self.only_names
    }

    fn fill_names(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        self.only_names = false;
        let (before, mut byte) = (buffer.len(), [0]);
        while self.reader.read(&mut byte)? > 0 {
            buffer.push(byte[0]);
            if byte[0] == b'\n' {
                break;
            }
        }
        Ok(buffer.len() - before)
    }

    pub(super) fn error(&mut self, source: io::Error) -> ExportError {
        // That a command failed is why what it printed can't be read.
        if let Some(Err(why)) = self.running.take().map(Running::finish) {
            return ExportError::Command { name: self.found.name(), why };
        }
        let path = self.found.path.clone();
        if self.found.is_compressed() {
            ExportError::Compressed { path, why: source }
        } else {
            ExportError::Io { path, source }
        }
    }

    /// The file is still what it was when the run took inventory; the program ended well, and had nothing to say.
    pub(super) fn check_whole(&mut self) -> Result<(), ExportError> {
        if let Some(running) = self.running.take() {
            return running.finish().map_err(|why| ExportError::Command { name: self.found.name(), why });
        }
        let Origin::File { modified } = self.found.origin else { return Ok(()) };
        let path = &self.found.path;
        let meta = std::fs::metadata(path).map_err(|source| ExportError::Io { path: path.clone(), source })?;
        if meta.len() != self.found.bytes || meta.modified().ok() != Some(modified) {
            return Err(ExportError::Changed { path: path.clone() });
        }
        Ok(())
    }
}

/// A reader whose bytes are seen as they pass.
struct Seen<F> {
    reader: Box<dyn Read + Send>,
    see: F,
}

impl<F: FnMut(&[u8])> Read for Seen<F> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(into)?;
        (self.see)(&into[..count]);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_copy_of_an_export_is_tonights() {
        let inbox = tempfile::tempdir().unwrap();
        let write = |name: &str| std::fs::write(inbox.path().join(name), "id\n").unwrap();
        let later = ["loans-1.csv.bak", "loans-1.csv~", "loans-1.csv.old", "loans-1.csv.orig", "loans-1.csv.sha256"];
        later.into_iter().for_each(write);
        let error = newest(inbox.path(), "loans-*.csv*").unwrap_err().to_string();
        assert!(error.contains("loans-1.csv.bak") && !error.contains("sha256"), "{error}");
        write("loans-1.csv");
        let past = std::time::SystemTime::now() - Duration::from_secs(3_600);
        std::fs::File::options()
            .write(true)
            .open(inbox.path().join("loans-1.csv"))
            .unwrap()
            .set_modified(past)
            .unwrap();
        let found = newest(inbox.path(), "loans-*.csv*").unwrap();
        assert_eq!(found.name(), "loans-1.csv");
        assert_eq!(*found.passed_over, ["loans-1.csv.bak", "loans-1.csv.old", "loans-1.csv.orig", "loans-1.csv~"]);
        write("loans-2\u{1b}[2J\n.csv");
        let error = newest(inbox.path(), "loans-*.csv*").unwrap_err().to_string();
        assert!(error.contains("\\u{1b}[2J") && !error.contains(char::is_control), "{error}");
    }

    #[test]
    fn a_file_that_arrives_while_its_export_is_read_is_an_error() {
        let inbox = tempfile::tempdir().unwrap();
        let write = |name: &str| std::fs::write(inbox.path().join(name), "id\n").unwrap();
        ["loans-2026-10-31-1.csv", "loans-2026-11-01-1.csv", "loans-2026-11-01-2.csv"].into_iter().for_each(write);
        let pattern = "loans-{date}-*.csv";
        let found = newest_together(inbox.path(), pattern).unwrap();
        let read: Vec<&Path> = found.iter().map(|found| found.path.as_path()).collect();
        assert_eq!(read.len(), 2);
        assert!(check_none_arrived(inbox.path(), pattern, &read).is_ok());
        write("bills-2026-11-01-3.csv");
        write("loans-2026-10-31-2.csv");
        assert!(check_none_arrived(inbox.path(), pattern, &read).is_ok());
        for late in ["loans-2026-11-01-3.csv.part", "loans-2026-11-01-3.csv", "loans-2026-11-02-1.csv"] {
            write(late);
            let error = check_none_arrived(inbox.path(), pattern, &read).unwrap_err().to_string();
            assert!(error.contains(late), "{late}: {error}");
            std::fs::remove_file(inbox.path().join(late)).unwrap();
        }
    }
}
