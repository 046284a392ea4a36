//! From what a person names to what goes.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use crate::act::refusal::Refusal;
use crate::evidence::ledger::covers;
use crate::state::site::Site;

/// The folders that are asked for, a period of a table each. `stands`: the published files, as the ledger has them.
pub fn folders(site: &Site, stands: &BTreeSet<&str>, paths: &[String]) -> Result<BTreeSet<String>, Refusal> {
    let mut all = BTreeSet::new();
    for asked in paths {
        let path = within(site, asked)
            .ok_or_else(|| plain(asked, "isn't below public/: only what was published can be taken down"))?;
        let covered: Vec<&str> = stands.iter().copied().filter(|file| covers(&path, file)).collect();
        let of_periods: Vec<String> =
            covered.iter().filter(|file| is_of_period(file)).filter_map(|file| folder(file)).collect();
        match (covered.is_empty(), of_periods.is_empty()) {
            (true, _) => return Err(plain(asked, "isn't published: it never was, or is taken down already")),
            (false, true) => {
                return Err(plain(
                    asked,
                    "is made of tables, anew whenever one comes or goes: take down the table, or a period of it (public/statistics/\
                     KIND/TABLE/month=…)",
                ));
            }
            (false, false) => all.extend(of_periods),
        }
    }
    let leaves: Vec<String> = all.iter().flat_map(|folder| leaves(folder)).collect();
    all.extend(leaves.into_iter().filter(|leaf| stands.iter().any(|file| covers(leaf, file))));
    Ok(all)
}

/// Whether a file is what was published of a period; other files are made of these.
pub fn is_of_period(file: &str) -> bool {
    file.ends_with(".parquet") && folder(file).is_some()
}

/// The folder of a period that a file lies in.
fn folder(file: &str) -> Option<String> {
    let (folder, _) = file.rsplit_once('/')?;
    let (_, period) = folder.rsplit_once('/')?;
    period.starts_with("month=").then(|| folder.to_owned())
}

/// With the trunk of a period go its leaves.
fn leaves(folder: &str) -> Vec<String> {
    if !folder.starts_with("public/dataset/") || !folder.contains("/collection/") {
        return Vec::new();
    }
    ["/community/", "/hours/"].map(|leaf| folder.replacen("/collection/", leaf, 1)).into()
}

/// A path as the ledger has it: from the site's folder, or as a shell completes it from elsewhere.
fn within(site: &Site, asked: &str) -> Option<String> {
    let path = Path::new(asked);
    let from_here = || {
        let (path, root) = (path.canonicalize().ok()?, site.root().canonicalize().ok()?);
        Some(path.strip_prefix(root).ok()?.to_owned())
    };
    let path = if path.starts_with("public") {
        path.to_owned()
    } else {
        path.strip_prefix("./").ok().filter(|path| path.starts_with("public")).map(Path::to_owned).or_else(from_here)?
    };
    let parts = path.components().map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    let parts: Vec<&str> = parts.collect::<Option<_>>()?;
    (parts.first() == Some(&"public")).then(|| parts.join("/"))
}

fn plain(asked: &str, why: &str) -> Refusal {
    Refusal::Plain(format!("{} {why}. Nothing was done", crate::words::shown(asked)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANDS: [&str; 7] = [
        "public/datapackage.json",
        "public/dataset/loan/collection/month=2026-08/collection.parquet",
        "public/dataset/loan/community/month=2026-08/community.parquet",
        "public/dataset/loan/collection/month=2026-09/collection.parquet",
        "public/statistics/loan/by-branch/month=2026-08/by-branch.parquet",
        "public/statistics/loan/by-branch.csv",
        "public/statistics/loan/by-branch-years.csv",
    ];

    fn asked(paths: &[&str]) -> Result<Vec<String>, String> {
        let folder = tempfile::tempdir().unwrap();
        let site = Site::create(folder.path().join("site")).unwrap();
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        let found = folders(&site, &BTreeSet::from(STANDS), &paths);
        found.map(|folders| folders.into_iter().collect()).map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn what_is_named_is_whole_periods_of_tables() {
        let (collection, community) =
            ("public/dataset/loan/collection/month=2026-08", "public/dataset/loan/community/month=2026-08");
        let september = "public/dataset/loan/collection/month=2026-09";
        let table = "public/statistics/loan/by-branch/month=2026-08";
        for (paths, folders) in [
            (&["public/statistics/loan/by-branch"][..], &[table][..]),
            (&["./public/statistics/loan/by-branch/month=2026-08/"], &[table]),
            (&["public/statistics/loan/by-branch/month=2026-08/by-branch.parquet"], &[table]),
            (&[community], &[community]),
            // The trunk, and what hangs on it.
            (&[collection], &[collection, community]),
            (&["public/dataset"], &[collection, september, community]),
            (&[september, "public/statistics"], &[september, table]),
        ] {
            assert_eq!(asked(paths).unwrap(), folders, "{paths:?}");
        }
    }

    #[test]
    fn what_was_not_published_is_refused() {
        for (path, why) in [
            ("reports/ledger.jsonl", "isn't below public/"),
            ("public/../reports/ledger.jsonl", "isn't below public/"),
            ("state", "isn't below public/"),
            ("/etc/passwd", "isn't below public/"),
            ("", "isn't below public/"),
            ("public/statistics/loan/by-bran", "isn't published"),
            ("public/dataset/hold", "isn't published"),
            ("public/statistics/loan/by-branch.csv", "is made of tables"),
            ("public/datapackage.json", "is made of tables"),
        ] {
            let error = asked(&["public/dataset", path]).unwrap_err();
            assert!(error.contains(why) && error.ends_with("Nothing was done"), "{path}: {error}");
        }
    }
}
