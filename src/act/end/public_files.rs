//! What is made anew of all periods whenever one is released: series, the data package, pages. Each replaces what stood
//! there.

use std::path::Path;

use super::error::{EndError, cant_write};
use crate::act::begin::Tonight;
use crate::release::{PACKAGE, PackageAbout, Publics, package, pages, series, series_path};
use crate::state::commit::Pending;
use crate::words::Kind;

/// Writes them, from what is public and what this run adds.
pub fn write(tonight: &Tonight, pending: &Pending<'_>) -> Result<(), EndError> {
    let (stands, added) = (tonight.site.at("public"), pending.folder("public")?);
    let catalogue = Publics(vec![&stands, &added]).catalogue(&Kind::PUBLISHED)?;
    for (kind, of_kind) in &catalogue.kinds {
        for (name, periods) in &of_kind.tables {
            let path = added.join(series_path(*kind, name));
            let csv = series(periods).map_err(|error| EndError::Plain(format!("{}: {error}", path.display())))?;
            write_one(&path, &csv)?;
        }
    }
    let about = PackageAbout {
        library: &tonight.policy.library.name,
        threshold: tonight.policy.release.threshold,
        licence: tonight.policy.release.licence.as_deref(),
    };
    let path = added.join(PACKAGE);
    let json = package(&catalogue, &about).map_err(|error| EndError::Plain(format!("{}: {error}", path.display())))?;
    write_one(&path, json.as_bytes())?;
    for page in pages(&catalogue, &about) {
        write_one(&added.join(page.path), page.html.as_bytes())?;
    }
    Ok(())
}

/// Tonight nothing may be released of a kind: then its folder isn't there yet.
fn write_one(path: &Path, bytes: &[u8]) -> Result<(), EndError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| cant_write(folder, error))?;
    }
    std::fs::write(path, bytes).map_err(|error| cant_write(path, error))
}
