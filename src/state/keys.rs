//! The site's keys: `state/keys/*.key`.
//!
//! `site.key` keys every digest of personal data, `signing.key` signs the ledger, and `KIND-YYYY-MM.key` makes the
//! pseudonyms of one kind and month until that month is released, `KIND-year-YYYY-MM.key` those of a year that begins with it.
//! Each file is JSON, `{"format":1,"use":"site","key":"64 hexadecimal digits"}`, with `kind` and `month` too in a pseudonym's,
//! and readable by its owner alone.
//!
//! Keys load all together or not at all: one that is missing, cut, weak, doubled, linked or readable by others refuses
//! the run. A new key for a lost one would be worse than none: old digests and signatures could never be checked.
//! Keys are overwritten in memory when dropped, as far as the libraries that use them allow; they don't print.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Deserializer};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::disk::{self, At, DiskError};
use super::entropy::{Entropy, EntropyError};
use super::json::{self, Format, JsonError};
use super::site::Site;
use crate::treat::pseudonym::{PseudonymKey, keyed};
use crate::words::{Digest, Kind, Month};

const FORMAT: u32 = 1;
const MODE: u32 = 0o600;
const SITE: &str = "site.key";
const SIGNING: &str = "signing.key";
/// Where the key that signs the ledger lies, relative to the site.
pub const SIGNING_PATH: &str = "state/keys/signing.key";

#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("the key {} is missing: put it back from a backup of state/", .0.display())]
    Missing(PathBuf),
    #[error("the key {path} can be read by others: assume that it was. Mend it with: chmod 600 '{path}'")]
    ReadableByOthers { path: String },
    #[error("the key {} is not a plain file: put the file itself there", .0.display())]
    NotAFile(PathBuf),
    #[error("{0}. Put the key back from a backup of state/")]
    Unreadable(JsonError),
    #[error(transparent)]
    Format(#[from] json::FormatError),
    #[error("the key {} is all one byte: that is no key. Put it back from a backup of state/", .0.display())]
    Weak(PathBuf),
    #[error("{} and {} hold the same key: each needs its own", .0.display(), .1.display())]
    Same(PathBuf, PathBuf),
    #[error("{} was made for another use, kind or month than its name says", .0.display())]
    Misnamed(PathBuf),
    #[error("{} is not a key's name: state/keys holds keys alone. Move it away", .0.display())]
    Stranger(PathBuf),
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    #[error(transparent)]
    Disk(#[from] DiskError),
}

impl From<JsonError> for KeysError {
    fn from(error: JsonError) -> KeysError {
        match error {
            JsonError::Format(error) => KeysError::Format(error),
            other => KeysError::Unreadable(other),
        }
    }
}

type Secret = Zeroizing<[u8; 32]>;

/// All keys of a site.
pub struct Keys {
    digests: Hmac<Sha256>,
    signing: SigningKey,
    pseudonyms: BTreeMap<(Kind, Month), PseudonymKey>,
    years: BTreeMap<(Kind, Month), PseudonymKey>,
}

impl Keys {
    /// Makes a new site's two keys. Never writes over one that exists.
    pub fn create(site: &Site, entropy: &mut dyn Entropy) -> Result<Keys, KeysError> {
        for (name, purpose) in [(SITE, Purpose::Site), (SIGNING, Purpose::Signing)] {
            let path = site.keys().join(name);
            let secret = generate(entropy)?;
            refuse_weak(&secret, &path)?;
            disk::write_new(&path, &to_bytes(&purpose, &secret), MODE)?;
        }
        disk::sync(&site.keys())?;
        Keys::load(site)
    }

    /// Loads every key of the site, or says what is wrong with the first that is not as it should be.
    pub fn load(site: &Site) -> Result<Keys, KeysError> {
        let folder = site.keys();
        let (mut digests, mut signing) = (None, None);
        let (mut pseudonyms, mut years) = (BTreeMap::new(), BTreeMap::new());
        let mut seen: Vec<(Secret, PathBuf)> = Vec::new();
        for name in disk::names(&folder)? {
            let path = folder.join(&name);
            let purpose = Purpose::of_name(&name).ok_or_else(|| KeysError::Stranger(path.clone()))?;
            let secret = load_one(&path, &purpose)?;
            if let Some((_, other)) = seen.iter().find(|(other, _)| *other == secret) {
                return Err(KeysError::Same(other.clone(), path));
            }
            match purpose {
                Purpose::Site => digests = Some(keyed(&secret)),
                Purpose::Signing => signing = Some(SigningKey::from_bytes(&secret)),
                Purpose::Pseudonym(kind, month) => {
                    pseudonyms.insert((kind, month), PseudonymKey::new(secret.clone()));
                }
                Purpose::Year(kind, first) => {
                    years.insert((kind, first), PseudonymKey::new(secret.clone()));
                }
            }
            seen.push((secret, path));
        }
        Ok(Keys {
            digests: digests.ok_or_else(|| KeysError::Missing(folder.join(SITE)))?,
            signing: signing.ok_or_else(|| KeysError::Missing(folder.join(SIGNING)))?,
            pseudonyms,
            years,
        })
    }

    /// The pseudonym key of a kind and month that has staged rows; none when it has none yet.
    pub fn pseudonym(&self, kind: Kind, month: Month) -> Option<&PseudonymKey> {
        self.pseudonyms.get(&(kind, month))
    }

    /// The kinds and months that have a pseudonym key: whose staged rows can still be relinked.
    pub fn pseudonym_months(&self) -> impl Iterator<Item = (Kind, Month)> + '_ {
        self.pseudonyms.keys().copied()
    }

    /// The key of a kind's year that begins with this month; none when it has none.
    pub fn year(&self, kind: Kind, first: Month) -> Option<&PseudonymKey> {
        self.years.get(&(kind, first))
    }

    /// The kinds and first months of years that have a key.
    pub fn years(&self) -> impl Iterator<Item = (Kind, Month)> + '_ {
        self.years.keys().copied()
    }

    pub fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// A keyed digest. The label says what is digested: equal bytes under two labels have unrelated digests.
    pub fn digest(&self, label: &str) -> KeyedDigest {
        let mut mac = self.digests.clone();
        mac.update(label.as_bytes());
        let key = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
        KeyedDigest(blake3::Hasher::new_keyed(&key))
    }
}

/// BLAKE3 under a key of its own for each label, which HMAC-SHA-256 derives from the site's key. Takes bytes as they
/// come; cheap to clone. Every byte of every export goes through it, and SHA-256 was a twelfth of a night.
#[derive(Clone)]
pub struct KeyedDigest(blake3::Hasher);

impl KeyedDigest {
    /// Under a key of zeros: for what is made up (a pipeline's own tests), where there is nothing to guess.
    pub fn of_made_up_rows() -> KeyedDigest {
        KeyedDigest(blake3::Hasher::new_keyed(&[0; 32]))
    }

    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

/// Where a pseudonym key lies, relative to the site.
pub fn pseudonym_path(kind: Kind, month: Month) -> String {
    format!("state/keys/{kind}-{month}.key")
}

/// Where the key of a year that begins with this month lies, relative to the site.
pub fn year_path(kind: Kind, first: Month) -> String {
    format!("state/keys/{kind}-year-{first}.key")
}

impl PseudonymKey {
    pub fn generate(entropy: &mut dyn Entropy) -> Result<PseudonymKey, EntropyError> {
        Ok(PseudonymKey::new(generate(entropy)?))
    }

    /// What a run's commit writes at [`pseudonym_path`].
    pub fn to_file_bytes(&self, kind: Kind, month: Month) -> Zeroizing<Vec<u8>> {
        to_bytes(&Purpose::Pseudonym(kind, month), self.secret())
    }

    /// What a run's commit writes at [`year_path`].
    pub fn to_year_bytes(&self, kind: Kind, first: Month) -> Zeroizing<Vec<u8>> {
        to_bytes(&Purpose::Year(kind, first), self.secret())
    }
}

fn generate(entropy: &mut dyn Entropy) -> Result<Secret, EntropyError> {
    let mut secret = Zeroizing::new([0; 32]);
    entropy.fill(&mut *secret)?;
    Ok(secret)
}

fn refuse_weak(secret: &Secret, path: &Path) -> Result<(), KeysError> {
    if secret.iter().all(|byte| *byte == secret[0]) { Err(KeysError::Weak(path.to_path_buf())) } else { Ok(()) }
}

/// A new key to sign the ledger, and what the commit that hands over to it writes at [`SIGNING_PATH`].
pub fn new_signing(entropy: &mut dyn Entropy) -> Result<(SigningKey, Zeroizing<Vec<u8>>), KeysError> {
    let secret = generate(entropy)?;
    refuse_weak(&secret, Path::new(SIGNING_PATH))?;
    Ok((SigningKey::from_bytes(&secret), to_bytes(&Purpose::Signing, &secret)))
}

/// A key to sign the ledger that lies elsewhere, as it waits for its commit to be finished.
pub fn load_signing(path: &Path) -> Result<SigningKey, KeysError> {
    Ok(SigningKey::from_bytes(&*load_one(path, &Purpose::Signing)?))
}

/// What a key is for. Months are the first of a period, or of a year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    Site,
    Signing,
    Pseudonym(Kind, Month),
    Year(Kind, Month),
}

impl Purpose {
    /// By the name of the key's file.
    pub fn of_name(name: &str) -> Option<Purpose> {
        if name == SITE {
            return Some(Purpose::Site);
        }
        if name == SIGNING {
            return Some(Purpose::Signing);
        }
        let (kind, month) = name.strip_suffix(".key")?.split_once('-')?;
        let kind = Kind::PUBLISHED.into_iter().find(|known| known.as_str() == kind)?;
        Some(match month.strip_prefix("year-") {
            Some(first) => Purpose::Year(kind, first.parse().ok()?),
            None => Purpose::Pseudonym(kind, month.parse().ok()?),
        })
    }

    fn word(&self) -> &'static str {
        match self {
            Purpose::Site => "site",
            Purpose::Signing => "signing",
            Purpose::Pseudonym(..) => "pseudonym",
            Purpose::Year(..) => "year",
        }
    }
}

fn load_one(path: &Path, purpose: &Purpose) -> Result<Secret, KeysError> {
    let found = fs::symlink_metadata(path).at("look at", path)?;
    if !found.is_file() {
        return Err(KeysError::NotAFile(path.to_path_buf()));
    }
    if found.permissions().mode() & 0o777 & !MODE != 0 {
        return Err(KeysError::ReadableByOthers { path: path.display().to_string() });
    }
    let bytes = Zeroizing::new(disk::read(path)?);
    let file: KeyFile = json::parse(&bytes, path, FORMAT)?;
    let says = match (file.purpose.as_str(), file.kind, file.month) {
        ("site", None, None) => Some(Purpose::Site),
        ("signing", None, None) => Some(Purpose::Signing),
        ("pseudonym", Some(kind), Some(month)) => Some(Purpose::Pseudonym(kind, month)),
        ("year", Some(kind), Some(month)) => Some(Purpose::Year(kind, month)),
        _ => None,
    };
    if says.as_ref() != Some(purpose) {
        return Err(KeysError::Misnamed(path.to_path_buf()));
    }
    refuse_weak(&file.key.0, path)?;
    Ok(file.key.0)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    #[serde(rename = "format")]
    _format: Format<FORMAT>,
    #[serde(rename = "use")]
    purpose: String,
    kind: Option<Kind>,
    month: Option<Month>,
    key: Hex,
}

/// Written by hand and into one buffer of sufficient size: a buffer that grows leaves copies of the key behind.
fn to_bytes(purpose: &Purpose, secret: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    let mut text = String::with_capacity(256);
    // Writing into a String can't fail.
    let _ = write!(text, "{{\"format\":{FORMAT},\"use\":\"{}\"", purpose.word());
    if let Purpose::Pseudonym(kind, month) | Purpose::Year(kind, month) = purpose {
        let _ = write!(text, ",\"kind\":\"{kind}\",\"month\":\"{month}\"");
    }
    text.push_str(",\"key\":\"");
    for byte in secret {
        let _ = write!(text, "{byte:02x}");
    }
    text.push_str("\"}\n");
    Zeroizing::new(text.into_bytes())
}

struct Hex(Secret);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Hex, D::Error> {
        let wrong = || serde::de::Error::custom("not 64 hexadecimal digits");
        // Borrowed, so that no copy of the text is made.
        let digits: &[u8; 64] = <&str>::deserialize(deserializer)?.as_bytes().try_into().map_err(|_| wrong())?;
        let nibble = |digit: u8| (digit as char).to_digit(16).map(|value| value as u8).ok_or_else(wrong);
        let mut secret = Zeroizing::new([0; 32]);
        for (byte, pair) in secret.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(Hex(secret))
    }
}

#[cfg(test)]
mod tests;
