//! `[[release.accept]]`: what the leak search passes by.

use serde::Deserialize;

use crate::leak::Pattern;
use crate::toml_file::{Located, TomlError, meant};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptText {
    column: String,
    pattern: String,
    reason: String,
}

/// `[[release.accept]]`: a published column in which a pattern leads to nobody, by the word of whoever answers for it.
/// What is a patron's identifier can't be accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accept {
    pub pipeline: String,
    /// The name under which it is published.
    pub column: String,
    pub pattern: Pattern,
    /// Printed on every purge report.
    pub reason: String,
}

/// All of them, each place once.
pub(super) fn read(texts: &[AcceptText], source: &Located) -> Result<Vec<Accept>, TomlError> {
    let mut accepts: Vec<Accept> = Vec::with_capacity(texts.len());
    for text in texts {
        let accept = text.read(source)?;
        if accepts.iter().any(|known| known.place() == accept.place()) {
            return Err(source.error(&text.column, "this column and pattern are accepted twice"));
        }
        accepts.push(accept);
    }
    Ok(accepts)
}

impl AcceptText {
    fn read(&self, source: &Located) -> Result<Accept, TomlError> {
        let Some((pipeline, column)) = self.column.split_once('.') else {
            let why = "write the pipeline and the published column, such as \"koha-loans.title\"";
            return Err(source.error(&self.column, why));
        };
        let names = || Pattern::ALL.into_iter().map(Pattern::name);
        let Some(pattern) = Pattern::ALL.into_iter().find(|pattern| pattern.name() == self.pattern) else {
            let why = if ["identifier", "identifiers", "name", "names"].contains(&self.pattern.as_str()) {
                "a patron's identifier can't be accepted: it is a person; drop the column".to_string()
            } else {
                format!("unknown pattern `{}`{}", self.pattern, meant(&self.pattern, names()))
            };
            return Err(source.error(&self.pattern, why));
        };
        if self.reason.trim().is_empty() {
            return Err(
                source.error("reason", "why may this be published? The reason is printed on every purge report")
            );
        }
        Ok(Accept { pipeline: pipeline.into(), column: column.into(), pattern, reason: self.reason.trim().into() })
    }
}

impl Accept {
    fn place(&self) -> (&str, &str, Pattern) {
        (&self.pipeline, &self.column, self.pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{SMALL, each_is_refused, parse};
    use super::*;

    /// An acceptance, then the rest of `[release]`.
    fn accept(column: &str, pattern: &str, reason: &str) -> String {
        let accept = format!("column = \"{column}\"\npattern = \"{pattern}\"\nreason = \"{reason}\"\n");
        format!("[[release.accept]]\n{accept}[release]")
    }

    #[test]
    fn a_pattern_is_accepted_once_in_a_column_that_is_published() {
        let one = accept("a.title", "phone", " a year and a number ");
        let one = one.trim_end_matches("[release]");
        let policy = parse(format!("{SMALL}{one}")).unwrap();
        let expected = Accept {
            pipeline: "a".into(),
            column: "title".into(),
            pattern: Pattern::Phone,
            reason: "a year and a number".into(),
        };
        assert_eq!(policy.accepts, [expected]);
        assert!(policy.check_accepts(&["b.title".into(), "a.title".into()]).is_ok());
        let error = policy.check_accepts(&["a.titel".into(), "b.day".into()]).unwrap_err().to_string();
        assert!(error.starts_with("policy.toml:15:10: no pipeline publishes"), "{error}");
        assert!(error.ends_with("did you mean `a.titel`?"), "{error}");
        let twice = parse(format!("{SMALL}{one}{one}")).unwrap_err();
        assert!(twice.contains("accepted twice"), "{twice}");
    }

    #[test]
    fn an_acceptance_names_a_column_a_pattern_and_why() {
        each_is_refused(&[
            ("[release]", &accept("koha-loans", "phone", "a year"), "policy.toml:12:10: write the pipeline and the"),
            (
                "[release]",
                &accept("a.title", "phon", "r"),
                "policy.toml:13:11: unknown pattern `phon`; did you mean `phone`?",
            ),
            ("[release]", &accept("a.title", "identifier", "r"), "policy.toml:13:11: a patron's identifier can't be"),
            ("[release]", &accept("a.title", "phone", " "), "policy.toml:14:1: why may this be published?"),
        ]);
    }
}
