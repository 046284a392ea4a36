//! Which file is tonight's export, and opening it.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use jiff::Timestamp;

use super::ExportError;
use super::decode::Utf8;
use super::dialect::{Dialect, Syntax};
use super::list::Lines;
use super::unpack::{ENDINGS, unpack};

/// A file of the inbox, as it was when the run took inventory.
#[derive(Clone, Debug)]
pub struct Found {
    pub path: PathBuf,
    pub bytes: u64,
    /// When it was written: by `{date}` in the pattern, else by its modification time.
    pub written: Timestamp,
    modified: Option<SystemTime>,
    /// A test's export, which never was a file.
    memory: Option<Arc<[u8]>>,
}

/// Endings that programs give to files they are still writing.
const UNFINISHED: [&str; 6] = [".part", ".tmp", ".temp", ".filepart", ".crdownload", ".swp"];

/// The newest finished file that matches. Never a union with last night's.
pub fn newest(inbox: &Path, pattern: &str) -> Result<Found, ExportError> {
    let io = |path: &Path| {
        let path = path.to_path_buf();
        move |source| ExportError::Io { path, source }
    };
    let glob = glob::Pattern::new(&pattern.replace("{date}", "*"))
        .map_err(|error| ExportError::Pattern { pattern: pattern.into(), why: error.msg.into() })?;
    let mut best: Option<Found> = None;
    for entry in std::fs::read_dir(inbox).map_err(io(inbox))? {
        let entry = entry.map_err(io(inbox))?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        if !glob.matches(name) || name.starts_with('.') || UNFINISHED.iter().any(|ending| name.ends_with(ending)) {
            continue;
        }
        let path = entry.path();
        let meta = std::fs::metadata(&path).map_err(io(&path))?;
        if !meta.is_file() {
            continue;
        }
        let modified = meta.modified().map_err(io(&path))?;
        let changed = Timestamp::try_from(modified).unwrap_or(Timestamp::MIN);
        let written = match pattern.contains("{date}") {
            true => date_in(pattern, name).unwrap_or(Timestamp::MIN),
            false => changed,
        };
        let found = Found { path, bytes: meta.len(), written, modified: Some(modified), memory: None };
        let newer = best.as_ref().is_none_or(|best| (found.written, &found.path) > (best.written, &best.path));
        if newer {
            best = Some(found);
        }
    }
    best.ok_or_else(|| ExportError::Missing { inbox: inbox.into(), pattern: pattern.into() })
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
    /// An export in memory: a pipeline's own tests.
    pub fn in_memory(name: &str, bytes: Vec<u8>, written: Timestamp) -> Found {
        let memory: Arc<[u8]> = bytes.into();
        Found { path: name.into(), bytes: memory.len() as u64, written, modified: None, memory: Some(memory) }
    }

    /// Its modification time; None: it never was a file.
    pub fn modified(&self) -> Option<Timestamp> {
        self.modified.and_then(|modified| Timestamp::try_from(modified).ok())
    }

    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Opens it, decompressed.
    pub fn open(&self) -> Result<Opened, ExportError> {
        let reader: Box<dyn Read + Send> = match &self.memory {
            Some(bytes) => Box::new(io::Cursor::new(bytes.clone())),
            None => {
                let file =
                    File::open(&self.path).map_err(|source| ExportError::Io { path: self.path.clone(), source })?;
                unpack(&self.path, file).map_err(|why| ExportError::Compressed { path: self.path.clone(), why })?
            }
        };
        Ok(Opened { found: self.clone(), reader })
    }

    fn is_compressed(&self) -> bool {
        self.path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
    }
}

/// An export that is being read.
pub struct Opened {
    found: Found,
    reader: Box<dyn Read + Send>,
}

impl Opened {
    pub fn path(&self) -> &Path {
        &self.found.path
    }

    /// In UTF-8, and one record a line where a document lists them.
    pub(super) fn in_dialect(self, dialect: &Dialect) -> Opened {
        let mut reader = self.reader;
        if let Some(encoding) = dialect.encoding {
            reader = Box::new(Utf8::new(reader, encoding));
        }
        if let Syntax::Json { records, .. } = &dialect.syntax {
            reader = Box::new(Lines::new(reader, records.clone()));
        }
        Opened { found: self.found, reader }
    }

    /// Appends up to `most` bytes; fewer only at the end.
    pub(super) fn fill(&mut self, buffer: &mut Vec<u8>, most: usize) -> io::Result<usize> {
        buffer.reserve(most);
        self.reader.by_ref().take(most as u64).read_to_end(buffer)
    }

    pub(super) fn error(&self, source: io::Error) -> ExportError {
        let path = self.found.path.clone();
        match self.found.is_compressed() {
            true => ExportError::Compressed { path, why: source },
            false => ExportError::Io { path, source },
        }
    }

    /// The file is still what it was when the run took inventory.
    pub(super) fn check_unchanged(&self) -> Result<(), ExportError> {
        let Some(modified) = self.found.modified else { return Ok(()) };
        let path = &self.found.path;
        let meta = std::fs::metadata(path).map_err(|source| ExportError::Io { path: path.clone(), source })?;
        if meta.len() != self.found.bytes || meta.modified().ok() != Some(modified) {
            return Err(ExportError::Changed { path: path.clone() });
        }
        Ok(())
    }
}
