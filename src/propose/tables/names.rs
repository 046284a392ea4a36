//! The names that the parts of a proposed pipeline get, from those of their files.

use crate::profile::sniff::pattern;

/// A name for a part of a pipeline, from a file's.
pub(super) fn slug(file: &str) -> String {
    let name = pattern(std::path::Path::new(file));
    let name = name.rsplit_once('.').map_or(name.as_str(), |(name, _)| name);
    let mut slug = String::new();
    for c in name.chars() {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_lowercase() || c.is_ascii_digit() => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with('_') => slug.push('_'),
            _ => {}
        }
    }
    let slug = slug.trim_matches('_').trim_start_matches(|c: char| !c.is_ascii_lowercase());
    let short: String = slug.chars().take(30).collect();
    if short.is_empty() { "export".into() } else { short }
}

/// The same with a number behind it, where another has it.
pub(super) fn unique(name: String, taken: &mut Vec<String>, steps: &[&str]) -> String {
    let mut found = name.clone();
    let mut more = 2;
    while taken.contains(&found) || steps.contains(&found.as_str()) {
        found = format!("{name}_{more}");
        more += 1;
    }
    taken.push(found.clone());
    found
}
