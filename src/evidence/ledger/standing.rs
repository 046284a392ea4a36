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

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;

    use super::super::tests::entry;
    use super::super::{BEFORE_THE_FIRST, Entry, FileEntry, seal};
    use super::*;
    use crate::words::Digest;

    #[test]
    fn what_was_named_last_and_not_removed_since_stands() {
        let line = |files: &[&str], removed: &[&str]| {
            let file = |path: &&str| FileEntry::open((*path).to_owned(), 1, Digest([1; 32]));
            let removed = removed.iter().map(|path| (*path).to_owned()).collect();
            let entry = Entry { files: files.iter().map(file).collect(), removed, ..entry(1, BEFORE_THE_FIRST) };
            Line::parse(seal(entry, &SigningKey::from_bytes(&[7; 32])).unwrap().as_bytes()).unwrap()
        };
        let lines = [
            line(&["public/a/1", "public/a/2", "public/ab", "reports/a"], &[]),
            line(&["public/c"], &["public/a"]),
            line(&["public/a/2"], &["public/c", "public/none"]),
        ];
        let of =
            |lines: &[Line], below: &str| standing(lines, below).into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(of(&lines[..1], "public"), ["public/a/1", "public/a/2", "public/ab"]);
        assert_eq!(of(&lines[..2], "public"), ["public/ab", "public/c"]);
        assert_eq!(of(&lines, "public"), ["public/a/2", "public/ab"]);
        assert_eq!(of(&lines, "reports"), ["reports/a"]);
    }
}
