//! Which files stand, by the ledger alone: what the lines name last, and none has removed since.

use std::collections::BTreeSet;

use super::line::Line;

/// Whether `path` is `file` or a folder that it lies in.
pub fn covers(path: &str, file: &str) -> bool {
    let path = path.trim_end_matches('/');
    file.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The files that stand below a folder, from the site's folder.
pub fn standing<'l>(lines: &'l [Line], below: &str) -> BTreeSet<&'l str> {
    let mut standing: BTreeSet<&str> = BTreeSet::new();
    for entry in lines.iter().map(|line| &line.entry) {
        for removed in &entry.removed {
            standing.retain(|file| !covers(removed, file));
        }
        let files = entry.files.iter().map(|file| file.path.as_str());
        standing.extend(files.filter(|file| covers(below, file)));
    }
    standing
}
