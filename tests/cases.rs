//! Exports as the world really hands them over, each of which an earlier version got wrong.

mod float_numbers;
mod headers;
mod keys;
mod patrons_numbers;
mod spreadsheet_dates;

use std::fs;
use std::path::PathBuf;

use crate::support::inbox::{both, write_at};
use crate::support::{AS_OF, TestSite, afterloan};

/// What `init --from` says of exports, and what it writes.
pub struct Proposed {
    /// All that was printed.
    pub printed: String,
    /// The pipeline; empty where there is none.
    pub text: String,
    pub site: TestSite,
}

impl Proposed {
    /// `files`: names and contents, which lie in the site's inbox afterwards.
    pub fn of(files: &[(&str, String)]) -> Proposed {
        let folder = tempfile::tempdir().unwrap();
        let mut command = afterloan();
        command.arg("init").arg(folder.path().join("site"));
        for (name, text) in files {
            let path: PathBuf = folder.path().join(name);
            fs::write(&path, text).unwrap();
            command.arg("--from").arg(path);
        }
        let output = command.output().unwrap();
        let (code, printed) = (output.status.code().unwrap(), both(&output));
        let site = TestSite::holding(folder);
        let pipelines = fs::read_dir(site.at("pipelines")).into_iter().flatten();
        let text = pipelines.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
        if code == 1 {
            site.edit("policy.toml", |text| text.replace("authorization = \"\"", "authorization = \"RC-075\""));
            files.iter().for_each(|(name, text)| drop(write_at(&site, name, text, AS_OF)));
        }
        Proposed { printed, text, site }
    }

    pub fn toml(&self) -> toml::Table {
        self.text.parse().unwrap_or_else(|_| panic!("{}", self.printed))
    }

    /// What a command says of the site, and with which exit code.
    pub fn says(&self, command: &str) -> (i32, String) {
        let output = self.site.cli(&[command, "--as-of", AS_OF]);
        (output.status.code().unwrap(), both(&output))
    }
}

/// A table of so many rows, under a header.
pub fn csv(header: &str, rows: usize, row: impl Fn(usize) -> String) -> String {
    let rows: String = (0..rows).map(|at| row(at) + "\n").collect();
    format!("{header}\n{rows}")
}
