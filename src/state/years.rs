//! Who was there in a year: for the one figure that no sum of periods gives, the distinct patrons of a year.
//!
//! `state/years/KIND-YYYY-MM.json`, JSON, by the year's first month: pseudonyms under the year's own key
//! (`state/keys/KIND-year-YYYY-MM.key`), of all released months together, and of each month that has staged rows by itself, since
//! a month that is closed takes hers along. Nothing else: not how often, not where. File and key go when the year is published,
//! or can't be any more. Until then whoever has `state/` and a list of patrons can tell who of them was there. `sha256` is that of
//! the rest as compact JSON: it guards against accidents, as everywhere in `state/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::{self, DiskError};
use super::json::{self, Format, JsonError};
use super::site::Site;
use crate::treat::pseudonym::Pseudonym;
use crate::words::{Digest, Kind, Month, Period};

const FORMAT: u32 = 1;
const FOLDER: &str = "state/years";

/// Patrons, each once.
pub type Patrons = BTreeSet<Pseudonym>;

/// What is remembered of a year.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct YearSoFar {
    pub year: Period,
    /// The months whose patrons are among `patrons`.
    pub released: BTreeSet<Month>,
    pub patrons: Patrons,
    /// Of months that aren't released.
    pub staged: BTreeMap<Month, Patrons>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: Format<FORMAT>,
    year: Period,
    released: BTreeSet<Month>,
    patrons: String,
    staged: BTreeMap<Month, String>,
    sha256: Digest,
}

#[derive(Debug, thiserror::Error)]
pub enum YearsError {
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("{} was changed: put it back from a backup of state/", .0.display())]
    Damaged(PathBuf),
}

impl YearSoFar {
    pub fn new(year: Period) -> YearSoFar {
        YearSoFar { year, released: BTreeSet::new(), patrons: Patrons::new(), staged: BTreeMap::new() }
    }
}

/// Where a year's file lies, relative to the site.
pub fn path(kind: Kind, year: Period) -> String {
    format!("{FOLDER}/{kind}-{}.json", year.first)
}

/// All that is remembered of a kind's years, by their first months.
///
/// # Errors
/// When a file can't be read, was changed, or is another year's than its name says.
pub fn load(site: &Site, kind: Kind) -> Result<BTreeMap<Month, YearSoFar>, YearsError> {
    let folder = site.at(FOLDER);
    let mut all = BTreeMap::new();
    for name in disk::names(&folder)? {
        let first = name.strip_prefix(kind.as_str()).and_then(|rest| rest.strip_prefix('-'));
        let Some(first) = first.and_then(|rest| rest.strip_suffix(".json")) else { continue };
        let path = folder.join(&name);
        let year = load_one(&path)?;
        if year.year.first.to_string() != first {
            return Err(YearsError::Damaged(path));
        }
        all.insert(year.year.first, year);
    }
    Ok(all)
}

fn load_one(path: &Path) -> Result<YearSoFar, YearsError> {
    let File { format: _, year, released, patrons, staged, sha256 } = json::load(path, FORMAT)?;
    if sha256 != sum(year, &released, &patrons, &staged) {
        return Err(YearsError::Damaged(path.into()));
    }
    let read = |hex: &String| from_hex(hex).ok_or_else(|| YearsError::Damaged(path.into()));
    let mut read_staged = BTreeMap::new();
    for (month, patrons) in &staged {
        read_staged.insert(*month, read(patrons)?);
    }
    Ok(YearSoFar { year, released, patrons: read(&patrons)?, staged: read_staged })
}

/// The bytes of a year's file.
///
/// # Errors
/// When it can't be written as JSON.
pub fn encode(so_far: &YearSoFar, path: &Path) -> Result<Vec<u8>, YearsError> {
    let YearSoFar { year, released, patrons, staged } = so_far;
    let (year, released, patrons) = (*year, released.clone(), to_hex(patrons));
    let staged = staged.iter().map(|(month, patrons)| (*month, to_hex(patrons))).collect();
    let sha256 = sum(year, &released, &patrons, &staged);
    Ok(json::to_bytes(&File { format: Format, year, released, patrons, staged, sha256 }, path)?)
}

fn sum(year: Period, released: &BTreeSet<Month>, patrons: &str, staged: &BTreeMap<Month, String>) -> Digest {
    let released = released.iter().map(|month| format!(" {month}"));
    let staged = staged.iter().map(|(month, patrons)| format!("\n{month} {patrons}"));
    let text: String = [format!("{year} {patrons}\n")].into_iter().chain(released).chain(staged).collect();
    Digest::of(text.as_bytes())
}

fn to_hex(patrons: &Patrons) -> String {
    let mut hex = String::with_capacity(patrons.len() * 32);
    for byte in patrons.iter().flat_map(|patron| patron.bytes()) {
        // Writing into a String can't fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

fn from_hex(hex: &str) -> Option<Patrons> {
    let mut patrons = Patrons::new();
    for digits in hex.as_bytes().chunks(32) {
        let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.len() == 32)?;
        patrons.insert(Pseudonym(u128::from_str_radix(digits, 16).ok()?.to_be_bytes()));
    }
    Some(patrons)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_reads_back_and_a_changed_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let site = Site::create(folder.path().join("site")).unwrap();
        assert!(load(&site, Kind::Loan).unwrap().is_empty());
        let month = |text: &str| text.parse::<Month>().unwrap();
        let patrons = |seeds: &[u8]| seeds.iter().map(|seed| Pseudonym([*seed; 16])).collect::<Patrons>();
        let so_far = YearSoFar {
            year: "2025-07-to-2026-06".parse().unwrap(),
            released: [month("2025-07"), month("2025-08")].into(),
            patrons: patrons(&[0, 7, 255]),
            staged: BTreeMap::from([(month("2025-09"), patrons(&[7]))]),
        };
        let path = site.at(path(Kind::Loan, so_far.year));
        std::fs::create_dir(path.parent().unwrap()).unwrap();
        let text = String::from_utf8(encode(&so_far, &path).unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
        assert_eq!(load(&site, Kind::Loan).unwrap(), BTreeMap::from([(month("2025-07"), so_far)]));
        assert!(load(&site, Kind::Hold).unwrap().is_empty());
        std::fs::write(&path, text.replacen("0707", "0708", 1)).unwrap();
        assert!(matches!(load(&site, Kind::Loan), Err(YearsError::Damaged(_))));
    }
}
