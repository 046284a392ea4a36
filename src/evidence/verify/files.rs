//! The files that the ledger names, against those that are there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Component, Path};

use sha2::Digest as _;

use super::chain::{Chain, Placed};
use super::found::{Fault, Verified};
use super::keyed::KeyedCheck;
use super::place::Places;
use crate::evidence::ledger::{self, Act, FileDigest, FileEntry, covers};
use crate::evidence::public_key;
use crate::plain_file;
use crate::words::Digest;

/// The zones in which every file must be named by an entry.
const WALKED: [&str; 3] = ["public", "reports", "worklists"];
/// The zones that staff may be unable to read; then they are not checked, and nothing is wrong.
const CLOSED: [&str; 2] = ["state", "worklists"];

/// What the ledger says should be there now.
pub(super) struct Files<'a> {
    /// Path → the line that named it last, and how.
    pub named: BTreeMap<&'a str, (usize, &'a FileEntry)>,
    /// Those of them that are there with the plain digest they should have.
    pub sound: BTreeSet<&'a str>,
    /// Files and folders that a takedown withdrew, with its entry's number.
    pub withdrawn: BTreeMap<&'a str, u64>,
}

impl Files<'_> {
    /// Whether a takedown withdrew the file, or a folder that it lay in.
    pub fn is_withdrawn(&self, path: &str) -> bool {
        self.withdrawn.keys().any(|withdrawn| covers(withdrawn, path))
    }
}

/// Which files are looked at.
#[derive(Clone, Copy)]
pub(super) enum Which<'a> {
    /// All that are named, and what lies beside them.
    All,
    /// Those that are named and begin with one of these; of worklists, which people use up, those that are there, while their
    /// folder is.
    Within(&'a [&'a str]),
}

impl Which<'_> {
    fn has(self, path: &str) -> bool {
        match self {
            Which::All => true,
            Which::Within(prefixes) => prefixes.iter().any(|prefix| path.starts_with(prefix)),
        }
    }
}

pub(super) fn check<'a>(
    places: Places<'_>,
    chain: &'a Chain,
    keys: Option<&dyn KeyedCheck>,
    which: Which<'_>,
    verified: &mut Verified,
) -> Files<'a> {
    let site_root = places.root;
    let (named, removed) = latest(&chain.lines, verified);
    let mut files = Files { named, sound: BTreeSet::new(), withdrawn: withdrawn(&chain.lines) };
    // Who has the site's keys has the site: there, a zone that isn't there is gone.
    let has_state = keys.is_some_and(|state| state.signing_key().is_some());
    let readable = |zone: &str| match fs::read_dir(site_root.join(zone)) {
        Ok(_) => true,
        Err(error) => has_state && error.kind() == ErrorKind::NotFound,
    };
    let closed: Vec<&str> = CLOSED.into_iter().filter(|zone| !readable(zone)).collect();
    for zone in &closed {
        if files.named.keys().any(|path| zone_of(path) == Some(zone)) {
            verified.unchecked.push(format!("{zone}/ can't be read here: nothing in it was checked"));
        }
    }
    let withdrawn_worklists = keys.map_or(&[][..], |state| state.withdrawn());
    let may_be_used_up = matches!(which, Which::Within(_)) && site_root.join("worklists").is_dir();
    let may_be_gone = |path: &str| {
        let used_up = may_be_used_up && zone_of(path) == Some("worklists");
        let gone = places.of(path).symlink_metadata().is_err();
        gone && (used_up || withdrawn_worklists.iter().any(|withdrawn| withdrawn == path))
    };
    for (path, (line, entry)) in &files.named {
        if zone_of(path).is_none_or(|zone| closed.contains(&zone)) || !which.has(path) || may_be_gone(path) {
            continue;
        }
        if check_file(&places.of(path), entry, *line, keys, verified) {
            files.sound.insert(path);
        }
    }
    for (path, run) in removed {
        let here = fs::symlink_metadata(site_root.join(path)).is_ok();
        if here && which.has(path) && !places.will_go(path) && !is_folder_of_named(path, &files) {
            let what = format!("should be gone: run {run} deleted it. It was put back, or its deletion failed");
            verified.problem(Fault::NotDeleted, path, None, what);
        }
    }
    if matches!(which, Which::Within(_)) {
        return files;
    }
    let mut found = Vec::new();
    for zone in WALKED.into_iter().filter(|zone| !closed.contains(zone)) {
        walk(site_root, zone, &mut found, verified);
    }
    found.retain(|path| {
        !places.will_go(path)
            && ![ledger::PATH, public_key::PATH].contains(&path.as_str())
            && !files.named.contains_key(path.as_str())
    });
    if !chain.found && !found.is_empty() {
        verified.problem(Fault::Removed, ledger::PATH, None, "is missing: it was removed");
    } else if chain.damaged && !found.is_empty() {
        let what = format!("{} files that no readable ledger line names: a damaged one may", found.len());
        verified.unchecked.push(what);
        return files;
    }
    for path in found {
        // Said above.
        if verified.problems.iter().any(|problem| problem.fault == Fault::NotDeleted && covers(&problem.file, &path)) {
            continue;
        }
        if path.starts_with("reports/") && path.ends_with(".json") {
            let what = "is a report without its entry: no ledger line names it. The line was removed, or the report \
                        was added";
            verified.problem(Fault::ReportWithoutEntry, &path, None, what);
        } else {
            verified.problem(Fault::Added, &path, None, "was added: no ledger line names it");
        }
    }
    files
}

type Named<'a> = BTreeMap<&'a str, (usize, &'a FileEntry)>;

/// For every path the last word on it: named by a line, or removed by a run.
fn latest<'a>(lines: &'a [Placed], verified: &mut Verified) -> (Named<'a>, BTreeMap<&'a str, u64>) {
    let mut named: Named<'_> = BTreeMap::new();
    let mut removed: BTreeMap<&str, u64> = BTreeMap::new();
    for Placed { number, line } in lines {
        for path in &line.entry.removed {
            if zone_of(path).is_some() {
                named.retain(|file, _| !covers(path, file));
                removed.insert(path, line.entry.sequence);
            }
        }
        for file in &line.entry.files {
            match zone_of(&file.path) {
                Some(_) => {
                    removed.remove(file.path.as_str());
                    named.insert(&file.path, (*number, file));
                }
                None => {
                    let what = "names a file outside public/, reports/, worklists/ and state/: it was edited";
                    verified.problem(Fault::Edited, ledger::PATH, Some(*number), what);
                }
            }
        }
    }
    (named, removed)
}

/// What takedowns withdrew, and no later act put there again.
fn withdrawn(lines: &[Placed]) -> BTreeMap<&str, u64> {
    let mut withdrawn = BTreeMap::new();
    for entry in lines.iter().map(|placed| &placed.line.entry) {
        if matches!(entry.act, Act::Takedown(_)) {
            withdrawn.extend(entry.removed.iter().map(|path| (path.as_str(), entry.sequence)));
        } else {
            withdrawn.retain(|path, _| !entry.files.iter().any(|file| covers(path, &file.path)));
        }
    }
    withdrawn
}

/// The zone of a path that stays within it.
fn zone_of(path: &str) -> Option<&str> {
    let stays = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let (zone, _) = path.split_once('/')?;
    (stays && (WALKED.contains(&zone) || CLOSED.contains(&zone))).then_some(zone)
}

/// A folder that was deleted may have been made anew, for a later file.
fn is_folder_of_named(path: &str, files: &Files) -> bool {
    files.named.range(path..).take_while(|(file, _)| file.starts_with(path)).any(|(file, _)| covers(path, file))
}

/// Whether the file is there with the plain digest it should have.
pub(super) fn check_file(
    on_disk: &Path,
    entry: &FileEntry,
    line: usize,
    keys: Option<&dyn KeyedCheck>,
    verified: &mut Verified,
) -> bool {
    let path = entry.path.as_str();
    let is_report = path.starts_with("reports/") && path.ends_with(".json");
    let file = fs::symlink_metadata(on_disk).and_then(|about| plain_file::open(on_disk).map(|file| (about, file)));
    let (about, file) = match file {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound && is_report => {
            let what = format!("an entry without its report: ledger line {line} names it, and it was removed");
            verified.problem(Fault::EntryWithoutReport, path, None, what);
            return false;
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            verified.problem(Fault::Removed, path, None, format!("was removed: ledger line {line} names it"));
            return false;
        }
        Err(error) if error.kind() == ErrorKind::PermissionDenied && matches!(entry.digest, FileDigest::Keyed(_)) => {
            verified.unchecked.push(format!("{path} can't be read here"));
            return false;
        }
        Err(error) => {
            verified.problem(Fault::Unreadable, path, None, format!("can't be read: {error}"));
            return false;
        }
    };
    let edited = |verified: &mut Verified| {
        verified.problem(Fault::Edited, path, None, format!("was edited: it is not what ledger line {line} names"));
        false
    };
    if !about.is_file() || entry.bytes.is_some_and(|bytes| bytes != about.len()) {
        return edited(verified);
    }
    let (digest, wanted) = match (entry.digest, keys) {
        (FileDigest::Sha256(wanted), _) => (sha256(file), wanted),
        (FileDigest::Keyed(wanted), Some(keys)) => (keys.digest(path, &mut io::BufReader::new(file)), wanted),
        (FileDigest::Keyed(_), None) => {
            verified.unchecked.push(format!("{path}: its digest is keyed, and the key of state/ was not given"));
            return false;
        }
    };
    match digest {
        Ok(digest) if digest == wanted => {}
        Ok(_) => return edited(verified),
        Err(error) => {
            verified.problem(Fault::Unreadable, path, None, format!("can't be read: {error}"));
            return false;
        }
    }
    let plain = matches!(entry.digest, FileDigest::Sha256(_));
    *(if plain { &mut verified.checked.files } else { &mut verified.checked.keyed_files }) += 1;
    plain
}

fn sha256(mut file: File) -> io::Result<Digest> {
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(Digest(hasher.finalize().into())),
            Ok(read) => hasher.update(buffer.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// All that is in a folder and is no folder, in order of name.
fn walk(site_root: &Path, folder: &str, found: &mut Vec<String>, verified: &mut Verified) {
    let listed = fs::read_dir(site_root.join(folder)).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = match listed {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return,
        Err(error) => {
            return verified.problem(Fault::Unreadable, folder, None, format!("can't be listed: {error}"));
        }
    };
    let mut entries: Vec<_> =
        entries.into_iter().map(|e| (format!("{folder}/{}", e.file_name().to_string_lossy()), e.file_type())).collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (path, file_type) in entries {
        if file_type.is_ok_and(|file_type| file_type.is_dir()) {
            walk(site_root, &path, found, verified);
        } else {
            found.push(path);
        }
    }
}
