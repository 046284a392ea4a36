//! Reading a lookup: the table, and the identifiers it holds.

use std::collections::BTreeMap;
use std::path::PathBuf;

use hashbrown::{HashMap, HashSet};

use super::gather::{CellCount, GatherRule};
use super::join::{Made, together};
use super::reading::Reading;
use super::table::{Gathered, LookupTable};
use crate::export::{Chunk, Chunks, Dialect, ExportError, Found, Needed, Place, Row};
use crate::leak::{Identifiers, hash};
use crate::pipeline::declaration::{Declaration, Keys, Lookup, Rows, SPARE};
use crate::pipeline::{decides_by_absence, needed_in};
use crate::state::keys::KeyedDigest;
use crate::toml_file::nearest;
use crate::words::{Digest, shown_path};

/// Why a lookup can't be used. It stops its pipeline.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error("{path}:{line}: {why}; this export decides, so it must be whole", path = shown_path(path))]
    Row { path: PathBuf, line: u64, why: &'static str },
    #[error("{path}:{line}: a second row for a key, in a lookup that has one row a key", path = shown_path(path))]
    SecondRow { path: PathBuf, line: u64 },
    #[error(
        "{path}: the file is empty: not even a header. Was the export cut off? Where the table may have no rows, and the program \
         that exports it writes nothing then, let its [[lookup]] say `may_be_empty = true`",
        path = shown_path(path)
    )]
    Empty { path: PathBuf },
    #[error(
        "{lookup}: {unreadable} of {rows} keys are not written as the pipeline says (`key = \"{key}\"`), so what they belong to \
         isn't known, and this export decides: did a spreadsheet or a script change it on its way? Export it again"
    )]
    Keys { lookup: String, key: &'static str, unreadable: u64, rows: u64 },
    #[error("{path}: more text than a lookup can hold (4 GiB)", path = shown_path(path))]
    TooLarge { path: PathBuf },
}

/// Patrons whom a legal hold names by an identifier, found through a lookup.
#[derive(Default, Clone, Debug)]
pub struct HeldPatrons {
    /// Their patron numbers, as exported, each with the digests of what met her.
    pub patrons: HashMap<Vec<u8>, HashSet<Digest>>,
    /// The digests, of those that holds have, that met somebody.
    pub met: HashSet<Digest>,
}

/// How the keys of a lookup are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct KeysRead {
    /// Rows that have one.
    pub rows: u64,
    /// Those of which one isn't written as its type.
    pub unreadable: u64,
}

impl KeysRead {
    /// More than a thousandth can't be read.
    pub fn are_strange(self) -> bool {
        self.unreadable.saturating_mul(1_000) > self.rows
    }
}

/// A lookup that was read.
pub struct Loaded {
    pub table: LookupTable,
    pub keys: KeysRead,
    pub identifiers: Identifiers,
    pub held: HeldPatrons,
    /// Hashes of the patrons' numbers that it has, where a legal hold's identifier met one of them: whoever is held must be
    /// found by such a number on the transactions.
    pub patrons: HashSet<u64>,
    /// Of each file, in order.
    pub files: Vec<(u64, Digest)>,
    /// Of the cells that are gathered, by column.
    pub cells: BTreeMap<String, CellCount>,
    /// Columns of the export that the pipeline doesn't name.
    pub undeclared: Vec<String>,
}

/// A lookup, how its files are written, and the columns that must be there.
pub struct Asked<'a> {
    pub lookup: &'a Lookup,
    pub dialect: Dialect,
    pub needed: Vec<(&'a str, Needed)>,
    /// That it has no row for a transaction decides.
    pub decides: bool,
}

impl<'a> Asked<'a> {
    /// A lookup as its library writes it.
    pub fn new(declaration: &'a Declaration, lookup: &'a Lookup) -> Asked<'a> {
        let decides = decides_by_absence(declaration, lookup);
        Asked { lookup, dialect: declaration.lookup_dialect(lookup), needed: needed_in(declaration, lookup), decides }
    }
}

/// Reads one lookup whole, from one file or from the several that it is split into.
pub fn load(
    asked: &Asked<'_>,
    files: &[Found],
    reading: &Reading<'_>,
    digest: KeyedDigest,
) -> Result<Loaded, LookupError> {
    let Asked { lookup, dialect, needed, decides } = asked;
    let mut loader: Option<Loader<'_>> = None;
    let mut read = Vec::new();
    // Files of no byte, as some programs write a table of no rows.
    let mut empty = Vec::new();
    for found in files {
        let chunks = match Chunks::new(found.open()?, dialect) {
            Ok(chunks) => chunks,
            Err(ExportError::Empty { .. }) if lookup.may_be_empty => {
                empty.push((0, digest.clone().finish()));
                continue;
            }
            Err(ExportError::Empty { path }) => return Err(LookupError::Empty { path }),
            Err(error) => return Err(error.into()),
        };
        let loader = match &mut loader {
            Some(loader) if loader.header != chunks.header() => {
                let why = "its header is not that of the other files of the export".to_string();
                return Err(ExportError::Unusable { path: found.path.clone(), why }.into());
            }
            Some(loader) => {
                loader.path = found.path.clone();
                loader
            }
            none => none.insert(Loader::new(lookup, &chunks, reading)?),
        };
        let counted = loader.file(&chunks, digest.clone())?;
        loader.loaded.files.push(counted);
        loader.loaded.undeclared.extend(lookup.undeclared(&chunks));
        read.push(chunks);
    }
    let records: u64 = loader.iter().flat_map(|loader| &loader.loaded.files).map(|(records, _)| records).sum();
    if !empty.is_empty() {
        return match read.first() {
            // Of a split export each part has what there is, or none has anything.
            Some(chunks) => Err(LookupError::Empty { path: chunks.path().to_path_buf() }),
            None => Ok(Loaded::of_no_rows(lookup, empty)),
        };
    }
    if let Some(chunks) = read.first().filter(|_| records == 0) {
        // Where there is no header, and no list that has none, nothing shows that the export was made at all.
        let is_shown = dialect.names.is_none() || dialect.records_name_cells();
        if !is_shown && !lookup.may_be_empty {
            return Err(LookupError::Empty { path: chunks.path().to_path_buf() });
        }
    } else if let Some(chunks) = read.first() {
        let persons = || lookup.identifiers.iter().chain(&lookup.names);
        let unseen = persons().count() > 0
            && persons().all(|name| read.iter().all(|c: &Chunks| c.never_met().contains(&name.as_str())));
        if unseen && let Some(column) = persons().next() {
            let (path, column) = (chunks.path().to_path_buf(), column.clone());
            return Err(ExportError::NeverMet { path, column, needed: Needed::ToDecide }.into());
        }
        // A split export is judged as one.
        let never_met = |column: &str| read.iter().all(|chunks: &Chunks| chunks.never_met().contains(&column));
        if let Some((column, needed)) = needed.iter().find(|(column, _)| never_met(column)) {
            let (path, column) = (chunks.path().to_path_buf(), column.to_string());
            return Err(ExportError::NeverMet { path, column, needed: *needed }.into());
        }
    }
    let nothing = || ExportError::Unusable { path: PathBuf::new(), why: format!("{}: no file is there", lookup.name) };
    let loader = loader.ok_or_else(nothing)?;
    let found_by_identifier = loader.found_by_identifier;
    let mut loaded = loader.loaded;
    for (gather, count) in lookup.gather.values().zip(&loader.cells) {
        if let Some(column) = gather.any_positive.as_ref().or(gather.max.as_ref()) {
            let all = loaded.cells.entry(column.clone()).or_default();
            all.set += count.set;
            all.unreadable += count.unreadable;
        }
    }
    if *decides && loaded.keys.are_strange() {
        let (lookup, key, KeysRead { unreadable, rows }) = (lookup.name.clone(), lookup.key.as_str(), loaded.keys);
        return Err(LookupError::Keys { lookup, key, unreadable, rows });
    }
    if !found_by_identifier {
        loaded.patrons.clear();
    }
    Ok(loaded)
}

impl Loaded {
    fn of_no_rows(lookup: &Lookup, files: Vec<(u64, Digest)>) -> Loaded {
        let width = lookup.r#use.len().max(lookup.gather.len());
        Loaded {
            table: LookupTable { width, ..LookupTable::default() },
            keys: KeysRead::default(),
            cells: BTreeMap::new(),
            identifiers: Identifiers::default(),
            held: HeldPatrons::default(),
            patrons: HashSet::new(),
            files,
            undeclared: Vec::new(),
        }
    }
}

struct Loader<'a> {
    lookup: &'a Lookup,
    reading: &'a Reading<'a>,
    path: PathBuf,
    many: bool,
    /// Columns that have the patron's number.
    patrons: Vec<usize>,
    width: usize,
    columns: usize,
    keys: Vec<usize>,
    /// Whether the keys are one, together.
    together: bool,
    /// Where that is put together.
    key: Vec<u8>,
    used: Vec<usize>,
    gather: Vec<GatherRule>,
    /// How many cells each rule could read.
    cells: Vec<CellCount>,
    identifiers: Vec<usize>,
    names: Vec<usize>,
    alone: Vec<usize>,
    header: Vec<String>,
    /// Whether one of a legal hold met somebody, and not by her number.
    found_by_identifier: bool,
    loaded: Loaded,
}

impl<'a> Loader<'a> {
    fn new(lookup: &'a Lookup, chunks: &Chunks, reading: &'a Reading<'a>) -> Result<Loader<'a>, LookupError> {
        let header = chunks.header();
        let place = |name: &String| -> Result<usize, LookupError> {
            header.iter().position(|column| column == name).ok_or_else(|| missing(chunks, name).into())
        };
        let places = |names: &[String]| names.iter().map(place).collect::<Result<Vec<_>, _>>();
        let gather = lookup.gather.values().map(|gather| GatherRule::new(gather, reading.decimal, place));
        let gather = gather.collect::<Result<Vec<_>, _>>()?;
        let patrons = lookup.on.iter().filter(|(ours, _)| reading.patron.has(ours)).map(|(_, theirs)| theirs);
        let keys = lookup.on.values().flat_map(Keys::columns).map(place).collect::<Result<Vec<_>, _>>()?;
        let width = lookup.r#use.len().max(lookup.gather.len());
        Ok(Loader {
            lookup,
            reading,
            path: chunks.path().to_path_buf(),
            many: lookup.rows == Rows::Many,
            patrons: patrons.flat_map(Keys::columns).map(place).collect::<Result<Vec<_>, _>>()?,
            width,
            columns: header.len(),
            keys,
            together: lookup.on.len() > 1,
            key: Vec::new(),
            used: places(&lookup.r#use)?,
            cells: vec![CellCount::default(); gather.len()],
            gather,
            identifiers: places(&lookup.identifiers)?,
            names: places(&lookup.names)?,
            alone: places(&lookup.alone)?,
            header: header.to_vec(),
            found_by_identifier: false,
            loaded: Loaded::of_no_rows(lookup, Vec::new()),
        })
    }

    /// Reads a file: how many records it has, and its digest.
    fn file(&mut self, chunks: &Chunks, mut digest: KeyedDigest) -> Result<(u64, Digest), LookupError> {
        digest.update(chunks.header_bytes());
        let mut records = 0;
        let (mut chunk, mut row) = (Chunk::default(), Row::default());
        while chunks.next(&mut chunk)? {
            digest.update(chunk.bytes());
            let clean = std::str::from_utf8(chunk.bytes()).is_ok() && memchr::memchr(0, chunk.bytes()).is_none();
            let first_line = chunk.first_line;
            let each = |row: &Row, place: Place| self.row(row, first_line + place.line, clean);
            let parsed = row.parse_each(chunk.bytes(), chunks.dialect(), each)?;
            if parsed != chunk.records {
                let (counted, path) = (chunk.records, self.path.clone());
                return Err(ExportError::Unaccounted { path, line: chunk.first_line, counted, parsed }.into());
            }
            records += parsed;
        }
        Ok((records, digest.finish()))
    }

    fn row(&mut self, row: &Row, line: u64, clean: bool) -> Result<(), LookupError> {
        let why = if row.fault().is_some() {
            Some(
                "the row is not written as the pipeline says: it was cut, or a cell that it names holds more than a value",
            )
        } else if row.len() < self.columns {
            Some("the row has fewer cells than the header")
        } else if row.len() > self.columns {
            Some("the row has more cells than the header")
        } else if !clean && row.cells().any(|cell| std::str::from_utf8(cell).is_err() || cell.contains(&0)) {
            Some("the row is not valid text: is it written in an encoding that [read] doesn't declare?")
        } else {
            None
        };
        if let Some(why) = why {
            return Err(LookupError::Row { path: self.path.clone(), line, why });
        }
        self.collect_identifiers(row);
        // A row without a key belongs to no transaction (a fee raised by hand): it decides nothing here.
        if self.together { self.by_several(row, line) } else { self.by_each(row, line) }
    }

    /// A cell of a key; empty where it stands for none.
    fn key_cell<'r>(&self, row: &'r Row, place: usize) -> &'r [u8] {
        self.lookup.key_of(self.reading.null.value(row.cell(place)))
    }

    /// Under one key, put together from several cells.
    fn by_several(&mut self, row: &Row, line: u64) -> Result<(), LookupError> {
        let mut key = std::mem::take(&mut self.key);
        let cells = self.keys.iter().map(|place| self.key_cell(row, *place));
        let made = together(cells, self.lookup.key, &mut key);
        self.loaded.keys.rows += u64::from(made != Made::Nothing);
        self.loaded.keys.unreadable += u64::from(made == Made::Unreadable);
        let added = if made == Made::Key { self.add(&key, row, line) } else { Ok(()) };
        self.key = key;
        added
    }

    /// Under each of its keys.
    fn by_each(&mut self, row: &Row, line: u64) -> Result<(), LookupError> {
        let (mut any, mut unreadable) = (false, false);
        for place in 0..self.keys.len() {
            let cell = self.key_cell(row, self.keys[place]);
            if cell.is_empty() {
                continue;
            }
            any = true;
            let mut spare = SPARE;
            match self.lookup.key.read(cell, &mut spare) {
                Some(key) => self.add(key, row, line)?,
                None => unreadable = true,
            }
            // The first of one row's keys is its own.
            if !self.many {
                break;
            }
        }
        self.loaded.keys.rows += u64::from(any);
        self.loaded.keys.unreadable += u64::from(unreadable);
        Ok(())
    }

    fn add(&mut self, key: &[u8], row: &Row, line: u64) -> Result<(), LookupError> {
        let too_large = || LookupError::TooLarge { path: self.path.clone() };
        let (place, new) = self.loaded.table.keys.insert(key).ok_or_else(too_large)?;
        if !new && !self.many {
            return Err(LookupError::SecondRow { path: self.path.clone(), line });
        }
        if !self.many {
            return self.keep(row);
        }
        self.gather(row, place, new);
        Ok(())
    }

    fn keep(&mut self, row: &Row) -> Result<(), LookupError> {
        for column in &self.used {
            let cell = self.reading.null.value(row.cell(*column));
            let too_large = || LookupError::TooLarge { path: self.path.clone() };
            let (place, _) = self.loaded.table.values.insert(cell).ok_or_else(too_large)?;
            self.loaded.table.cells.push(place);
        }
        Ok(())
    }

    fn gather(&mut self, row: &Row, place: u32, new: bool) {
        let table = &mut self.loaded.table;
        if new {
            table.gathered.resize(table.gathered.len() + self.width, Gathered::Nothing);
        }
        let slots = &mut table.gathered[place as usize * self.width..][..self.width];
        for ((rule, count), slot) in self.gather.iter().zip(&mut self.cells).zip(slots) {
            *slot = rule.after(row, self.reading, *slot, count);
        }
    }

    fn collect_identifiers(&mut self, row: &Row) {
        let cell = |column: &usize| self.reading.null.value(row.cell(*column));
        let identifiers = &mut self.loaded.identifiers;
        for column in &self.identifiers {
            let found = cell(column);
            identifiers.add(found);
            if !self.reading.held.is_empty() {
                let is_met = note_held(&mut self.loaded.held, self.reading, found, !self.patrons.is_empty(), || {
                    self.patrons.iter().map(cell).find(|key| self.reading.is_somebody(key)).map(<[u8]>::to_vec)
                });
                self.found_by_identifier |= is_met;
            }
        }
        if !self.names.is_empty() {
            let names: Vec<&[u8]> = self.names.iter().map(cell).collect();
            identifiers.add_names(&names);
        }
        self.alone.iter().for_each(|column| identifiers.add_alone(cell(column)));
        self.patrons.iter().for_each(|column| identifiers.add_alone(cell(column)));
        if !self.reading.held.is_empty() {
            for key in self.patrons.iter().map(cell) {
                note_held(&mut self.loaded.held, self.reading, key, true, || {
                    Some(key).filter(|key| self.reading.is_somebody(key)).map(<[u8]>::to_vec)
                });
            }
            self.loaded.patrons.extend(self.patrons.iter().map(|column| hash(cell(column))));
        }
    }
}

/// Notes whoever an identifier means, if a legal hold does; whether one does.
fn note_held(
    held: &mut HeldPatrons,
    reading: &Reading<'_>,
    identifier: &[u8],
    by_patron: bool,
    patron: impl FnOnce() -> Option<Vec<u8>>,
) -> bool {
    if !by_patron || identifier.is_empty() {
        return false;
    }
    let digest = reading.names.digest(identifier);
    let Some(patron) = Some(digest).filter(|digest| reading.held.contains(digest)).and_then(|_| patron()) else {
        return false;
    };
    held.patrons.entry(patron).or_default().insert(digest);
    held.met.insert(digest);
    true
}

/// The error for a declared column that a header lacks, with the place of the nearest name that it has.
pub fn missing(chunks: &Chunks, column: &str) -> ExportError {
    if let Some(delimiter) = chunks.other_delimiter() {
        let (path, line) = (chunks.path().to_path_buf(), chunks.header_line());
        return ExportError::Delimiter { path, line, delimiter: char::from(delimiter).into() };
    }
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(column, name);
    let near = nearest(column, chunks.header().iter().map(String::as_str)).filter(|name| likeness(name) > 0.5);
    let near = near.and_then(|near| chunks.header().iter().position(|name| name == near)).map(|place| place + 1);
    let (path, line) = (chunks.path().to_path_buf(), chunks.header_line());
    ExportError::MissingColumn { path, line, column: column.into(), near }
}

/// Looks for whom a legal hold names on the transactions of an export, by their number and by the identifiers on them. A log may
/// name its patrons otherwise than the library system does. Rows that can't be read as transactions are passed over: they
/// are never retired.
pub fn held_on_rows(
    found: &Found,
    dialect: &Dialect,
    reading: &Reading<'_>,
    identifiers: &[String],
    held: &mut HeldPatrons,
) -> Result<(), LookupError> {
    let chunks = Chunks::new(found.open()?, dialect)?;
    let place =
        |name: &str| chunks.header().iter().position(|column| column == name).ok_or_else(|| missing(&chunks, name));
    let patrons = reading.patron.columns().iter().map(|name| place(name)).collect::<Result<Vec<_>, _>>()?;
    let identifiers = identifiers.iter().map(|name| place(name)).collect::<Result<Vec<_>, _>>()?;
    let (mut chunk, mut row) = (Chunk::default(), Row::default());
    let width = chunks.header().len();
    while chunks.next(&mut chunk)? {
        row.parse_each(chunk.bytes(), dialect, |row, _| {
            let is_whole = row.len() == width && row.fault().is_none();
            for patron in &patrons {
                let owner = reading.null.value(row.cell(*patron));
                note_held(held, reading, owner, is_whole && reading.is_somebody(owner), || Some(owner.to_vec()));
                for column in &identifiers {
                    let cell = reading.null.value(row.cell(*column));
                    note_held(held, reading, cell, reading.is_somebody(owner), || Some(owner.to_vec()));
                }
            }
            Ok::<(), LookupError>(())
        })?;
    }
    Ok(())
}
