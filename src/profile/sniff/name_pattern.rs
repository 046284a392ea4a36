//! What of a file's name stays the same every night.

use std::path::Path;

/// The part of a file's name that stays the same every night, as a pattern: a date becomes `*`, and so does a month.
pub fn pattern(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plain = ["gz", "zst", "zip"].iter().find_map(|ending| name.strip_suffix(&format!(".{ending}")));
    let mut pattern = String::new();
    let mut rest = plain.unwrap_or(&name);
    while let Some(next) = rest.chars().next() {
        let digits = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '-').collect::<String>();
        let date = digits.trim_end_matches('-');
        if next != '-' && (date.chars().filter(char::is_ascii_digit).count() >= 8 || is_month(date)) {
            if !pattern.ends_with('*') {
                pattern.push('*');
            }
            rest = &rest[date.len()..];
            continue;
        }
        match next {
            '*' | '?' | '[' | ']' => pattern += &format!("[{next}]"),
            '{' | '}' => pattern.push('?'),
            next => pattern.push(next),
        }
        rest = &rest[next.len_utf8()..];
    }
    pattern.push('*');
    pattern
}

/// `2026-08` or `202608`.
fn is_month(digits: &str) -> bool {
    let plain = digits.replacen('-', "", 1);
    let dashed = digits.find('-').is_none_or(|at| at == 4);
    plain.len() == 6
        && dashed
        && plain.split_at_checked(4).is_some_and(|(year, month)| {
            (year.starts_with("19") || year.starts_with("20")) && ("01"..="12").contains(&month)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_night_in_a_name_is_left_open() {
        for (name, expected) in [
            ("issues-2026-10-31.csv", "issues-*.csv*"),
            ("issues_20261031.csv.gz", "issues_*.csv*"),
            ("actor.usr.tsv", "actor.usr.tsv*"),
            ("ezproxy-2026-08.log.gz", "ezproxy-*.log*"),
            ("ex202608.log", "ex*.log*"),
            ("export-202613.csv", "export-202613.csv*"),
            ("export[1].csv", "export[[]1[]].csv*"),
        ] {
            assert_eq!(pattern(Path::new(name)), expected);
        }
    }
}
