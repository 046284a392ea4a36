//! Since when the patrons of linked transactions have been missing from the export of patrons: for a policy that ends by it what
//! else would never end (`absent_patron`).
//!
//! `state/absent/PIPELINE.json`, JSON. Of each patron who is missing and still on a transaction, eight bytes of a keyed digest of
//! her number and the day of the first run that missed her; nothing of anybody else. Who is there again, or on no transaction any
//! more, is forgotten. `sha256` is that of the list as compact JSON: it guards against accidents, as everywhere in `state/`.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::json::{self, Format, JsonError};
use super::keys::KeyedDigest;
use super::site::Site;
use crate::words::{Day, Digest};

const FORMAT: u32 = 1;

/// Since when each has been missing.
pub type Absent = HashMap<AbsentPatron, Day>;

/// A patron, as she is remembered while she is missing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AbsentPatron(u64);

impl AbsentPatron {
    /// `digest`: the site's, of absent patrons.
    pub fn of(digest: &KeyedDigest, patron: &[u8]) -> AbsentPatron {
        let mut digest = digest.clone();
        digest.update(patron);
        let bytes = digest.finish().0;
        AbsentPatron(bytes.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }
}

impl std::fmt::Debug for AbsentPatron {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[patron]")
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: Format<FORMAT>,
    absent: BTreeMap<String, Day>,
    sha256: Digest,
}

#[derive(Debug, thiserror::Error)]
pub enum AbsentError {
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error("{} was changed: put it back from a backup of state/", .0.display())]
    Damaged(PathBuf),
}

/// Where a pipeline's file lies, relative to the site. `pipeline` is its checked name.
pub fn path(pipeline: &str) -> String {
    format!("state/absent/{pipeline}.json")
}

/// What is remembered; nothing before the first run that asked, or where the file is lost: then nobody has been missing for long.
pub fn load(site: &Site, pipeline: &str) -> Result<Absent, AbsentError> {
    let path = site.at(path(pipeline));
    let file = match json::load::<File>(&path, FORMAT) {
        Err(JsonError::Disk(error)) if error.is_missing() => return Ok(Absent::new()),
        file => file?,
    };
    if file.sha256 != sum(&file.absent, &path)? {
        return Err(AbsentError::Damaged(path));
    }
    let read = |(patron, since): (String, Day)| Some((AbsentPatron(u64::from_str_radix(&patron, 16).ok()?), since));
    file.absent.into_iter().map(read).collect::<Option<Absent>>().ok_or(AbsentError::Damaged(path))
}

/// The bytes of a file.
pub fn encode(absent: &Absent, path: &Path) -> Result<Vec<u8>, AbsentError> {
    let absent: BTreeMap<String, Day> =
        absent.iter().map(|(patron, since)| (format!("{:016x}", patron.0), *since)).collect();
    let sha256 = sum(&absent, path)?;
    Ok(json::to_bytes(&File { format: Format, absent, sha256 }, path)?)
}

fn sum(absent: &BTreeMap<String, Day>, path: &Path) -> Result<Digest, AbsentError> {
    let bytes = serde_json::to_vec(absent).map_err(|_| JsonError::Unwritable(path.into()))?;
    Ok(Digest::of(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_reads_back_and_names_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let site = Site::create(folder.path().join("site")).unwrap();
        assert!(load(&site, "loans").unwrap().is_empty());
        let patron = |number: &str| AbsentPatron::of(&KeyedDigest::of_made_up_rows(), number.as_bytes());
        let absent = Absent::from([(patron("7001"), Day(20_000)), (patron("7002"), Day(20_090))]);
        let path = site.at(path("loans"));
        std::fs::create_dir(path.parent().unwrap()).unwrap();
        let bytes = encode(&absent, &path).unwrap();
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(load(&site, "loans").unwrap(), absent);
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("7001"), "{text}");
        std::fs::write(&path, text.replacen("2024", "2023", 1)).unwrap();
        assert!(matches!(load(&site, "loans"), Err(AbsentError::Damaged(_))), "{text}");
    }
}
