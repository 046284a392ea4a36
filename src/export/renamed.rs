//! What a pipeline says of a file's names: which it calls otherwise, which the file doesn't have, which it passes by.

use std::collections::BTreeMap;

/// Empty for most files.
#[derive(Clone, Debug, Default)]
pub struct Renamed {
    /// The file's name, and the pipeline's.
    pairs: Vec<(String, String)>,
    /// By the pipeline's names: columns that the file doesn't have. Their cells are empty.
    absent: Vec<String>,
    /// By the pipeline's names: what is in it and not used.
    dropped: Vec<String>,
}

impl Renamed {
    /// `rename`: the file's name = the pipeline's.
    pub fn new(rename: &BTreeMap<String, String>, absent: &[String], dropped: &[String]) -> Renamed {
        let pairs = rename.iter().map(|(theirs, ours)| (theirs.clone(), ours.clone()));
        Renamed { pairs: pairs.collect(), absent: absent.to_vec(), dropped: dropped.to_vec() }
    }

    pub(super) fn ours(&self, theirs: String) -> String {
        let found = self.pairs.iter().find(|(name, _)| *name == theirs);
        found.map_or(theirs, |(_, ours)| ours.clone())
    }

    pub(super) fn theirs(&self, ours: &str) -> String {
        let found = self.pairs.iter().find(|(_, name)| name == ours);
        found.map_or(ours, |(theirs, _)| theirs).to_string()
    }

    /// By the file's names.
    pub(super) fn dropped(&self) -> Vec<String> {
        self.dropped.iter().map(|name| self.theirs(name)).collect()
    }

    pub fn is_absent(&self, ours: &str) -> bool {
        self.absent.iter().any(|name| name == ours)
    }
}
