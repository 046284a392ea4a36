//! Which rows of a log are requests that count, and how a month's are counted: as COUNTER 5 does where the log allows it.
//!
//! A request counts if its status is one of those declared and its path isn't a page's furniture. Of two requests of one
//! patron for one URL within 30 seconds the last counts. A session is a patron's, on one platform, within one hour of one
//! day, or what the log says; it begins with its first request.
//!
//! Double clicks and sessions are looked for within a month and within what one run reads: of two that lie in files
//! retired by different runs, both count. Where nobody is named, nothing can be told apart: such a request is no double
//! click and begins no session.
//!
//! Of a URL the run files hold 64 bits of a hash under a seed that is drawn for the run, and nothing else does.

use std::hash::BuildHasher;

use super::coded::{CodedRow, Layout};
use crate::pipeline::declaration::Requests as Declared;

/// A request for the same URL so many seconds later replaces the one before.
const DOUBLE_CLICK: i64 = 30;

pub(super) struct Requests {
    url: usize,
    status: usize,
    session: Option<usize>,
    counts: Vec<Vec<u8>>,
    furniture: Vec<Vec<u8>>,
    /// The coded column that holds the platform, if one is published.
    platform: Option<usize>,
    seed: foldhash::quality::RandomState,
}

/// A row that counts: the marks that its run file keeps.
#[derive(Clone, Copy)]
pub(super) struct Marks {
    marks: [u64; 2],
    count: usize,
}

impl Marks {
    pub const NONE: Marks = Marks { marks: [0; 2], count: 0 };

    pub fn as_slice(&self) -> &[u64] {
        &self.marks[..self.count]
    }
}

impl Requests {
    /// `column`: the column of a name.
    pub fn new<E>(
        declared: &Declared,
        platform: Option<usize>,
        column: impl Fn(&str) -> Result<usize, E>,
    ) -> Result<Requests, E> {
        let bytes = |texts: &[String]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        Ok(Requests {
            url: column(&declared.url)?,
            status: column(&declared.status)?,
            session: declared.session.as_deref().map(column).transpose()?,
            counts: bytes(&declared.counts),
            furniture: bytes(&declared.furniture),
            platform,
            seed: foldhash::quality::RandomState::default(),
        })
    }

    pub fn marks(&self) -> usize {
        1 + usize::from(self.session.is_some())
    }

    /// `cell`: the cell of a column. None: the row doesn't count.
    #[inline]
    pub fn read<'r>(&self, cell: impl Fn(usize) -> &'r [u8]) -> Option<Marks> {
        let status = cell(self.status);
        if !self.counts.iter().any(|counts| counts == status) {
            return None;
        }
        let url = url(cell(self.url));
        if url.is_empty() || self.is_furniture(url) {
            return None;
        }
        // 0 is what a request reads that turned out not to count.
        let hash = |bytes: &[u8]| self.seed.hash_one(bytes).max(1);
        Some(match self.session {
            None => Marks { marks: [hash(url), 0], count: 1 },
            Some(session) => {
                let session = cell(session);
                Marks { marks: [if session.is_empty() { 0 } else { hash(session) }, hash(url)], count: 2 }
            }
        })
    }

    fn is_furniture(&self, url: &[u8]) -> bool {
        let path = &url[..memchr::memchr2(b'?', b'#', url).unwrap_or(url.len())];
        let ends = |ending: &Vec<u8>| {
            path.len() >= ending.len() && path[path.len() - ending.len()..].eq_ignore_ascii_case(ending)
        };
        self.furniture.iter().any(ends)
    }

    /// Settles a month's rows: those that turn out not to count lose the mark of their URL, and those that begin a session
    /// read 1. The same whatever the order of the rows. Returns how many didn't count.
    ///
    /// Rows that don't `leave` tonight take no part: else a copy's request would stand for its original's, and be published
    /// by neither.
    pub fn settle(&self, layout: Layout, bytes: &mut [u8], leaves: impl Fn(CodedRow<'_>) -> bool) -> u64 {
        let clicks = sorted(layout, bytes, &leaves, |row| self.seed.hash_one((row.patron().0, row.mark_from_end(1))));
        let again = |pair: &&[Place]| pair[0].group == pair[1].group && pair[1].opened - pair[0].opened <= DOUBLE_CLICK;
        let mut dropped = 0;
        for pair in clicks.windows(2).filter(again) {
            layout.set_url(bytes, pair[0].row as usize, 0);
            dropped += 1;
        }
        drop(clicks);
        let sessions = sorted(layout, bytes, &leaves, |row| {
            let platform = self.platform.map_or(0, |column| layout.code(row, column));
            let session = match self.session.map(|_| row.mark_from_end(2)) {
                None | Some(0) => (0, row.opened().div_euclid(3_600)),
                Some(said) => (said, 0),
            };
            self.seed.hash_one((row.patron().0, platform, session))
        });
        for session in sessions.chunk_by(|a, b| a.group == b.group) {
            layout.set_measure(bytes, session[0].row as usize, 1);
        }
        dropped
    }
}

/// A row among those that it is compared with: rows of one patron, and of one URL or one session.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    group: u64,
    opened: i64,
    id: u64,
    row: u32,
}

/// The rows that leave, count and name somebody, by group and time.
fn sorted(
    layout: Layout,
    bytes: &[u8],
    leaves: impl Fn(CodedRow<'_>) -> bool,
    group: impl Fn(CodedRow<'_>) -> u64,
) -> Vec<Place> {
    let rows = layout.rows(bytes).zip(0..);
    let counts = rows.filter(|(row, _)| row.patron().names_somebody() && counts(*row) && leaves(*row));
    let place = |(row, place): (CodedRow<'_>, u32)| Place {
        group: group(row),
        opened: row.opened(),
        id: row.id().0,
        row: place,
    };
    let mut places: Vec<Place> = counts.map(place).collect();
    places.sort_unstable();
    places
}

/// Whether a row of a month that was settled is a request that counts.
#[inline]
pub(super) fn counts(row: CodedRow<'_>) -> bool {
    row.mark_from_end(1) != 0
}

/// The URL in a cell that may hold a request's whole first line: `GET URL HTTP/1.1`.
fn url(cell: &[u8]) -> &[u8] {
    let Some(blank) = memchr::memchr(b' ', cell) else { return cell };
    let is_method = blank > 0 && cell[..blank].iter().all(u8::is_ascii_uppercase);
    if !is_method {
        return cell;
    }
    let rest = cell[blank + 1..].trim_ascii();
    match memchr::memrchr(b' ', rest) {
        Some(end) if rest[end + 1..].starts_with(b"HTTP/") => rest[..end].trim_ascii_end(),
        _ => rest,
    }
}

#[cfg(test)]
mod tests;
