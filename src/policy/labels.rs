//! `[release.labels.COLUMN]`: what the board calls the values of a published column, for whoever reads the pages.

use std::collections::BTreeMap;

use crate::toml_file::{Located, TomlError};

/// By column and value. It is the board's own public text: it isn't searched for patrons, and nothing in it is one's.
pub type Labels = BTreeMap<String, BTreeMap<String, String>>;

/// More is no name of anything.
const LONGEST: usize = 80;
/// These stand for no value of their own, and read the same in every table.
const NO_VALUES: [&str; 2] = ["other", "unknown"];

pub(super) fn read(labels: &Labels, source: &Located) -> Result<Labels, TomlError> {
    for (column, of_column) in labels {
        let mut seen: Vec<&str> = Vec::new();
        for (value, label) in of_column {
            if let Some(word) = NO_VALUES.into_iter().find(|word| word == value) {
                let why =
                    format!("`{word}` is no value of `{column}`, and reads the same in every table: it has no label");
                return Err(source.error(value, why));
            }
            if value.trim().is_empty() {
                return Err(source.error(value, format!("a label of `{column}` has no value that it is for")));
            }
            if label.trim().is_empty() || label.chars().count() > LONGEST || label.contains(char::is_control) {
                let why = format!("a label is a text of 1 to {LONGEST} characters, on one line");
                return Err(source.error(value, why));
            }
            if NO_VALUES.contains(&label.trim()) {
                let why = format!("a label can't be `{}`: it would read as what has no value", label.trim());
                return Err(source.error(value, why));
            }
            if seen.contains(&label.trim()) {
                let why =
                    format!("two values of `{column}` are called `{}`: nobody could tell them apart", label.trim());
                return Err(source.error(value, why));
            }
            seen.push(label.trim());
        }
    }
    Ok(labels.clone())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{SMALL, each_is_refused, parse};

    fn labels(lines: &str) -> String {
        format!("[release.labels.branch]\n{lines}\n[release]")
    }

    #[test]
    fn values_have_labels() {
        let text =
            format!("{SMALL}titles = true\n[release.labels.branch]\nCPL = \"Central Library\"\n\"N 1\" = \"=Nord\"\n");
        let policy = parse(text).unwrap();
        assert_eq!(policy.release.labels["branch"]["CPL"], "Central Library");
        assert_eq!(policy.release.labels["branch"]["N 1"], "=Nord");
        assert!(policy.release.titles);
        let silent = parse(SMALL.to_owned()).unwrap();
        assert!(silent.release.labels.is_empty() && !silent.release.titles);
    }

    #[test]
    fn what_is_no_label_is_refused_where_it_stands() {
        each_is_refused(&[
            ("[release]", &labels("other = \"The rest\""), "policy.toml:12:1: `other` is no value of `branch`"),
            ("[release]", &labels("unknown = \"?\""), "policy.toml:12:1: `unknown` is no value"),
            ("[release]", &labels("CPL = \" \""), "policy.toml:12:1: a label is a text of 1 to 80 characters"),
            ("[release]", &labels("CPL = \"a\\tb\""), "policy.toml:12:1: a label is a text"),
            ("[release]", &labels(&format!("CPL = \"{}\"", "é".repeat(81))), "policy.toml:12:1: a label is a text"),
            ("[release]", &labels("CPL = \"other\""), "policy.toml:12:1: a label can't be `other`"),
            (
                "[release]",
                &labels("A = \"Nord\"\nB = \"Nord \""),
                "policy.toml:13:1: two values of `branch` are called `Nord`",
            ),
            ("[release]", &labels("\" \" = \"a\""), "policy.toml:12:1: a label of `branch` has no value"),
        ]);
        assert!(parse(format!("{SMALL}[release.labels.branch]\nCPL = \"{}\"\n", "é".repeat(80))).is_ok());
    }
}
