//! `[mailing.NAME]`: lists of patrons who asked to be written to.

use serde::Deserialize;

/// A mailing list that the board wants made. Contact data serves circulation alone, unless the patron asks for more.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailing {
    /// In a sentence: what the list is for.
    pub purpose: String,
    /// The name under which a pipeline knows that a patron wants it.
    pub opt_in: String,
    /// What the purpose needs, of what the pipeline offers.
    pub columns: Vec<String>,
}

impl Mailing {
    pub(super) fn check(&self, name: &str) -> Result<(), &'static str> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if name.is_empty() || name.len() > 40 || !name.chars().all(fits) {
            return Err(
                "a mailing list's name has lower-case letters, digits, - and _: it becomes part of a file name",
            );
        }
        if self.purpose.trim().is_empty() {
            return Err("say in `purpose` what the mailing list is for: it is printed on every report");
        }
        let columns = &self.columns;
        if columns.is_empty() || columns.iter().enumerate().any(|(at, column)| columns[..at].contains(column)) {
            return Err("list in `columns` what the purpose needs, each once");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::each_is_refused;

    #[test]
    fn a_list_has_a_name_a_purpose_and_columns() {
        let list = |name: &str, purpose: &str, columns: &str| {
            let keys = format!("purpose = \"{purpose}\"\nopt_in = \"newsletter\"\ncolumns = [{columns}]");
            format!("[mailing.{name}]\n{keys}\n[exports]")
        };
        let long = "a".repeat(41);
        each_is_refused(&[
            ("[exports]", &list("News", "News", "\"email\""), "policy.toml:9:1: a mailing list's name has"),
            ("[exports]", &list("\"../x\"", "News", "\"email\""), "policy.toml:1:1: a mailing list's name has"),
            ("[exports]", &list(&long, "News", "\"email\""), "policy.toml:9:1: a mailing list's name has"),
            ("[exports]", &list("news", " ", "\"email\""), "policy.toml:9:1: say in `purpose`"),
            ("[exports]", &list("news", "News", ""), "policy.toml:9:1: list in `columns` what the purpose needs"),
            ("[exports]", &list("news", "News", "\"a\", \"a\""), "policy.toml:9:1: list in `columns`"),
        ]);
    }
}
