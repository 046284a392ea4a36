//! The calls by which a night writes, as `strace` tells them, and a night of which one fails.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::crashes::Night;
use crate::support::TestSite;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fault {
    Kill,
    NoSpace,
    Broken,
}

impl Fault {
    pub const ALL: [Fault; 3] = [Fault::Kill, Fault::NoSpace, Fault::Broken];

    fn injected(self) -> &'static str {
        match self {
            Fault::Kill => "signal=KILL",
            Fault::NoSpace => "error=ENOSPC",
            Fault::Broken => "error=EIO",
        }
    }
}

/// One call: the `place`th of its name about this path in its thread.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    pub name: String,
    /// Relative to the site.
    path: String,
    place: usize,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} of {}", self.name, self.place, self.path)
    }
}

/// What changes a disk; of `openat` those that open for writing.
const WRITING: &[&str] = &[
    "openat",
    "creat",
    "write",
    "pwrite64",
    "writev",
    "pwritev",
    "copy_file_range",
    "sendfile",
    "splice",
    "ftruncate",
    "truncate",
    "fallocate",
    "fsync",
    "fdatasync",
    "sync_file_range",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "unlink",
    "unlinkat",
    "rmdir",
    "mkdir",
    "mkdirat",
    "chmod",
    "fchmod",
    "fchmodat",
    "utimensat",
];

/// All of them, in the order of a night that nothing disturbs.
pub fn of(night: &Night) -> Vec<Call> {
    let site = night.fresh();
    let told = site.root().with_extension("calls");
    let trace = format!("trace={}", WRITING.join(","));
    let ended = traced(night, &site, &told, &["--seccomp-bpf", "-e", &trace]);
    assert_eq!(ended, Some(0), "the undisturbed night");
    let root = format!("{}/", site.root().display());
    let mut counts: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    let mut calls = Vec::new();
    for line in fs::read_to_string(&told).unwrap().lines() {
        let Some((thread, rest)) = line.split_once(char::is_whitespace) else { continue };
        let Some((name, arguments)) = rest.trim_start().split_once('(') else { continue };
        if !WRITING.contains(&name) {
            continue;
        }
        let mut paths = paths(arguments, &root);
        // By its second path it counts no rename.
        if ["rename", "link", "symlink"].contains(&name) {
            paths.truncate(1);
        }
        let mut place_of = |path: &String| {
            let count = counts.entry((thread.into(), name.into(), path.clone())).or_default();
            *count += 1;
            *count
        };
        let places: Vec<usize> = paths.iter().map(&mut place_of).collect();
        let writes = name != "openat" || ["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|way| arguments.contains(way));
        if let (true, Some(path), Some(place)) = (writes, paths.first(), places.first()) {
            calls.push(Call { name: name.into(), path: path.clone(), place: *place });
        }
    }
    assert!(calls.len() > 300, "{} calls", calls.len());
    calls
}

/// The paths below the site that a call names, each once.
fn paths(arguments: &str, root: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = arguments;
    while let Some(at) = rest.find(root) {
        rest = &rest[at + root.len()..];
        let end = rest.find(['>', '"']).unwrap_or(rest.len());
        let path = rest[..end].trim_end_matches(" (deleted)").to_string();
        if !found.contains(&path) {
            found.push(path);
        }
    }
    found
}

/// The night with this fault; its exit code, or none if it was killed.
pub fn disturbed(night: &Night, site: &TestSite, call: &Call, fault: Fault) -> Option<i32> {
    let told = site.root().with_extension("calls");
    let path = site.at(&call.path);
    let (trace, path) = (format!("trace={}", call.name), path.to_str().unwrap());
    let inject = format!("inject={}:{}:when={}", call.name, fault.injected(), call.place);
    // Quicker, but a signal would be lost there.
    let filter: &[&str] = if fault == Fault::Kill { &[] } else { &["--seccomp-bpf"] };
    let ended = traced(night, site, &told, &[filter, &["-P", path, "-e", &trace, "-e", &inject]].concat());
    let said = fs::read_to_string(told).unwrap();
    let came = if fault == Fault::Kill { "killed by SIGKILL" } else { "(INJECTED)" };
    assert!(said.contains(came), "{fault:?} at {call}: the night never came to it:\n{said}");
    ended
}

/// The night below `strace`, with one thread of each kind, so that it makes the same calls every time.
fn traced(night: &Night, site: &TestSite, told: &Path, args: &[&str]) -> Option<i32> {
    let child = night.undisturbed(site);
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "-y", "-s", "0", "-o"])
        .arg(told)
        .args(args)
        .arg(child.get_program())
        .args(child.get_args());
    strace.envs(child.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
    strace.env("RAYON_NUM_THREADS", "1").env("POLARS_MAX_THREADS", "1");
    strace.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().code()
}
