//! Which of the files that match a pattern are exports by their names.
//!
//! A pattern such as `loans-*.csv*` means the file and what compresses it. Beside it lie sums and signatures, backups that an editor
//! or a script made, and what is still being written: none of them is tonight's export, however new it is.

/// What a name says of its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Called {
    Export,
    /// A sum or a signature, which people leave beside exports.
    Sum,
    /// Programs give such names to what they are still writing.
    Unfinished,
    /// An older copy, or something that isn't known.
    Other,
}

const COMPRESSED: [&str; 3] = [".gz", ".zst", ".zip"];
const SUMS: [&str; 18] = [
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "sha1sum",
    "sha256sum",
    "sha512sum",
    "md5",
    "md5sum",
    "b2",
    "b3",
    "crc",
    "sum",
    "sfv",
    "asc",
    "sig",
    "minisig",
];
/// Endings of what is being written.
pub(super) const UNFINISHED: [&str; 8] = ["part", "partial", "tmp", "temp", "filepart", "crdownload", "swp", "swo"];
const BACKUPS: [&str; 6] = ["bak", "bck", "backup", "old", "orig", "prev"];
/// What exports are called. A pattern may have any other name, too.
const DATA: [&str; 15] =
    ["csv", "tsv", "tab", "psv", "txt", "dat", "data", "json", "jsonl", "ndjson", "xlsx", "log", "hist", "lst", "out"];

/// What the name of a file that matches `pattern` says. Logs may be rotated: `proxy.log.1`, `proxy.log-20260801.gz`.
pub(super) fn called(pattern: &str, name: &str, is_log: bool) -> Called {
    let (pattern, name) = (pattern.to_ascii_lowercase(), name.to_ascii_lowercase());
    // A name that the pattern has word for word is what a person asked for.
    let asked = |ending: &str| pattern.contains(&format!(".{ending}"));
    for ending in name.split('.').skip(1).filter(|ending| !asked(ending)) {
        let word = ending.trim_end_matches(|c: char| c.is_ascii_digit() || "~_-".contains(c));
        if SUMS.contains(&ending) {
            return Called::Sum;
        }
        if UNFINISHED.contains(&ending) {
            return Called::Unfinished;
        }
        if BACKUPS.contains(&ending) || BACKUPS.contains(&word) {
            return Called::Other;
        }
    }
    if name.ends_with('~') || name.starts_with('#') {
        return Called::Other;
    }
    let whole = COMPRESSED.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name);
    if ends_as_an_export(&pattern, whole, is_log) { Called::Export } else { Called::Other }
}

/// Whether nothing stands behind an export's own ending but what rotates logs. `name`: without what compresses it.
fn ends_as_an_export(pattern: &str, name: &str, is_log: bool) -> bool {
    if !pattern.ends_with('*') {
        return true;
    }
    let mut endings = name.split('.').skip(1);
    let Some(at) = endings.clone().position(|ending| DATA.iter().any(|data| is_data(ending, data))) else {
        return true;
    };
    let Some(data) = endings.nth(at) else { return true };
    let known = DATA.iter().filter(|known| is_data(data, known)).map(|known| known.len()).max().unwrap_or(0);
    let behind = std::iter::once(&data[known..]).chain(endings);
    let is_rotated = |text: &str| is_log && text.chars().all(|c| c.is_ascii_digit() || "-_".contains(c));
    behind.into_iter().all(|text| text.is_empty() || is_rotated(text) || DATA.contains(&text))
}

/// Whether an ending is a known one, perhaps with something behind it that is no letter: `log-20260801`.
fn is_data(ending: &str, data: &str) -> bool {
    ending.strip_prefix(data).is_some_and(|behind| !behind.starts_with(|c: char| c.is_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_are_exports() {
        use Called::{Export, Other, Sum, Unfinished};
        let cases = [
            ("loans-*.csv*", "loans-1.csv", Export),
            ("loans-*.csv*", "loans-1.csv.gz", Export),
            ("loans-*.csv*", "Loans-1.CSV.ZIP", Export),
            ("loans-*.csv*", "loans-2026.10.31.csv.zst", Export),
            ("loans-*.csv*", "loans-1.csv.sha256", Sum),
            ("loans-*.csv*", "loans-1.csv.gz.asc", Sum),
            ("loans-*.csv*", "loans-1.csv.md5", Sum),
            ("loans-*.csv*", "loans-1.csv.part", Unfinished),
            ("loans-*.csv*", "loans-1.tmp.csv", Unfinished),
            ("loans-*.csv*", "loans-1.csv~", Other),
            ("loans-*.csv*", "loans-1.csv.~2~", Other),
            ("loans-*.csv*", "loans-1.csv.bak", Other),
            ("loans-*.csv*", "loans-1.csv.bak2", Other),
            ("loans-*.csv*", "loans-1.csv.bak.gz", Other),
            ("loans-*.csv*", "loans-1.csv_old", Other),
            ("loans-*.csv*", "loans-1.old.csv", Other),
            ("loans-*.csv*", "loans-1.csv.1", Other),
            ("loans-*.csv*", "loans-1.csv.2026-10-01", Other),
            ("loans-*.csv*", "loans-1.csv copy", Other),
            ("fines-*.*", "fines-1.csv", Export),
            ("fines-*.*", "fines-1.xlsx", Export),
            ("fines-*.*", "fines-1.xlsx.orig", Other),
            ("loans.old", "loans.old", Export),
            ("loans.old*", "loans.old.gz", Export),
            ("actor.usr.tsv*", "actor.usr.tsv", Export),
            ("export-*", "export-20261031", Export),
            ("export-*", "export-20261031~", Other),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(called(pattern, name, false), expected, "{pattern} {name}");
        }
        for (name, expected) in [
            ("proxy.log", Export),
            ("proxy.log.1", Export),
            ("proxy.log.2.gz", Export),
            ("proxy.log-20260801.gz", Export),
            ("proxy.log.bak", Other),
            ("proxy.log.1.sha512", Sum),
        ] {
            assert_eq!(called("proxy.log*", name, true), expected, "{name}");
        }
        assert_eq!(called("proxy-*.csv*", "proxy-1.csv.1", true), Export);
    }
}
