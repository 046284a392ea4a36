//! Where a file of the site is to be looked for, while a run may be unfinished: a committed one's files wait in its folder
//! until the next run puts them in place.

use std::path::{Path, PathBuf};

use super::keyed::Unfinished;

/// The site, and what a killed run left to be finished in it.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    pub root: &'a Path,
    /// Only one that is committed: of another nothing will come.
    pub unfinished: Option<&'a Unfinished>,
}

impl Places<'_> {
    /// Where the file is now that belongs at `path`.
    pub fn of(&self, path: &str) -> PathBuf {
        let waits = self.unfinished.map(|run| run.files.join(path)).filter(|path| path.symlink_metadata().is_ok());
        waits.unwrap_or_else(|| self.root.join(path))
    }

    /// Whether what lies at `path` will go when the run is finished.
    pub fn will_go(&self, path: &str) -> bool {
        let covers = |removal: &String| Path::new(path).starts_with(removal);
        self.unfinished.is_some_and(|run| run.removals.iter().any(covers))
    }
}
