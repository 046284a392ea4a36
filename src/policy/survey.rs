//! `[[survey]]`: the elements that a survey asks the library for, and by which rule each is counted. Every one is a sum of published
//! lines, so that none tells anything that isn't public, and anybody can count it again.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::toml_file::{Located, TomlError, meant};
use crate::words::Kind;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ElementText {
    element: String,
    table: Option<String>,
    count: Option<String>,
    #[serde(default, rename = "where")]
    only: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    except: BTreeMap<String, Vec<String>>,
    by: Option<String>,
    sum: Option<Vec<String>>,
    records: Option<String>,
}

/// What a survey asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Element {
    /// As the survey calls it, such as `PHYSCIR`.
    pub name: String,
    pub rule: Rule,
}

/// How it is counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rule {
    Lines(Lines),
    /// Elements that stand above it.
    Sum(Vec<String>),
    /// How many patron records a pipeline of contacts reads, rounded down.
    Records(String),
}

/// A figure of lines of a published table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lines {
    pub kind: Kind,
    pub table: String,
    pub count: String,
    /// By column: the values that count; and those that don't. A line counts where all columns agree.
    pub only: BTreeMap<String, Vec<String>>,
    pub except: BTreeMap<String, Vec<String>>,
    /// One figure for each value of this column.
    pub by: Option<String>,
}

/// A published table, as far as a survey may ask for it.
pub struct Countable {
    /// `KIND/TABLE`.
    pub name: String,
    pub columns: Vec<String>,
    pub figures: Vec<String>,
}

/// All of them, each name once.
pub(super) fn read(texts: &[ElementText], source: &Located) -> Result<Vec<Element>, TomlError> {
    let mut elements: Vec<Element> = Vec::with_capacity(texts.len());
    for text in texts {
        let name = text.element.trim();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_ .".contains(c);
        if name.is_empty() || !name.chars().all(plain) {
            return Err(source.error(&text.element, "an element is called by letters, digits, spaces, -, _ and ."));
        }
        if elements.iter().any(|known| known.name == name) {
            return Err(source.error(&text.element, "this element is counted twice"));
        }
        let rule = text.rule(&elements, source)?;
        elements.push(Element { name: name.to_owned(), rule });
    }
    Ok(elements)
}

impl ElementText {
    fn rule(&self, above: &[Element], source: &Located) -> Result<Rule, TomlError> {
        let wrong = |why: &str| Err(source.error(&self.element, why.to_owned()));
        let is_bare = self.count.is_none() && self.only.is_empty() && self.except.is_empty() && self.by.is_none();
        match (&self.table, &self.sum, &self.records) {
            (Some(table), None, None) => self.lines(table, source),
            (None, Some(names), None) if is_bare => {
                let is_above = |name: &&String| above.iter().any(|element| element.name == **name);
                if let Some(unknown) = names.iter().find(|name| !is_above(name)) {
                    let known = above.iter().map(|element| element.name.as_str());
                    let near = meant(unknown, known);
                    return Err(source.error(unknown, format!("no element `{unknown}` stands above{near}")));
                }
                if names.len() < 2 { wrong("a sum is of two elements or more") } else { Ok(Rule::Sum(names.clone())) }
            }
            (None, None, Some(pipeline)) if is_bare => Ok(Rule::Records(pipeline.clone())),
            _ => wrong(
                "an element is counted in one way: `table` (with `count`, and maybe `where`, `except`, `by`), `sum`, or `records`",
            ),
        }
    }

    fn lines(&self, table: &str, source: &Located) -> Result<Rule, TomlError> {
        let parts = table.split_once('/');
        let Some((kind, name)) = parts.and_then(|(kind, name)| {
            let kind = Kind::PUBLISHED.into_iter().find(|known| known.as_str() == kind)?;
            Some((kind, name.to_owned()))
        }) else {
            return Err(source.error(table, "write the kind and the table, such as \"loan/by-branch\""));
        };
        let Some(count) = self.count.clone() else {
            return Err(source.error(&self.element, "which figure of the table? Write count = \"circulation\", say"));
        };
        let (only, except, by) = (self.only.clone(), self.except.clone(), self.by.clone());
        Ok(Rule::Lines(Lines { kind, table: name, count, only, except, by }))
    }
}

impl Lines {
    /// All columns that it asks.
    pub fn columns(&self) -> impl Iterator<Item = &String> {
        self.only.keys().chain(self.except.keys()).chain(&self.by)
    }
}

impl Element {
    /// How it was counted, for whoever reads the figure.
    pub fn how(&self) -> String {
        match &self.rule {
            Rule::Sum(names) => names.join(" + "),
            Rule::Records(pipeline) => format!("patron records that {pipeline} read, rounded down to the threshold"),
            Rule::Lines(lines) => {
                let mut how = format!("{} of {}/{}", lines.count, lines.kind, lines.table);
                let listed = |all: &BTreeMap<String, Vec<String>>, is: &str| {
                    let each = all.iter().map(|(column, values)| format!("{column} {is} {}", values.join(" or ")));
                    each.collect::<Vec<String>>()
                };
                let all = [listed(&lines.only, "is"), listed(&lines.except, "isn't")].concat();
                if !all.is_empty() {
                    how += &format!(" where {}", all.join(" and "));
                }
                how
            }
        }
    }
}

/// Whether every table, column, figure and pipeline that is asked for is there.
pub(super) fn check(
    elements: &[Element],
    tables: &[Countable],
    contacts: &[&str],
    source: &Located,
) -> Result<(), TomlError> {
    for element in elements {
        let lines = match &element.rule {
            Rule::Lines(lines) => lines,
            Rule::Records(pipeline) if !contacts.contains(&pipeline.as_str()) => {
                let near = meant(pipeline, contacts.iter().copied());
                return Err(source.error(pipeline, format!("no pipeline of contacts is called `{pipeline}`{near}")));
            }
            Rule::Records(_) | Rule::Sum(_) => continue,
        };
        let name = format!("{}/{}", lines.kind, lines.table);
        let Some(table) = tables.iter().find(|table| table.name == name) else {
            let near = meant(&name, tables.iter().map(|table| table.name.as_str()));
            return Err(source.error(&name, format!("no pipeline publishes a table `{name}`{near}")));
        };
        if let Some(column) = lines.columns().find(|column| !table.columns.contains(column)) {
            let near = meant(column, table.columns.iter().map(String::as_str));
            return Err(source.error(column, format!("the table `{name}` has no column `{column}`{near}")));
        }
        if !table.figures.contains(&lines.count) {
            let near = meant(&lines.count, table.figures.iter().map(String::as_str));
            return Err(source.error(&lines.count, format!("the table `{name}` doesn't count `{}`{near}", lines.count)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{SMALL, parse};
    use super::*;
    use crate::policy::Policy;

    const ELEMENTS: &str = r#"
[[survey]]
element = "PHYSCIR"
table = "loan/by-branch"
count = "circulation"
where = { item_type = ["BK", "DVD"] }
[[survey]]
element = "TOTCIR"
sum = ["PHYSCIR", "PHYSCIR"]
[[survey]]
element = "REGBOR"
records = "koha-contacts"
"#;

    fn with(change: (&str, &str)) -> Result<Policy, String> {
        parse(format!("{SMALL}{}", ELEMENTS.replacen(change.0, change.1, 1)))
    }

    #[test]
    fn each_element_says_how_it_is_counted() {
        let policy = with(("", "")).unwrap();
        let said: Vec<String> = policy.survey.iter().map(Element::how).collect();
        let lines = "circulation of loan/by-branch where item_type is BK or DVD";
        let records = "patron records that koha-contacts read, rounded down to the threshold";
        assert_eq!(said, [lines, "PHYSCIR + PHYSCIR", records]);
    }

    #[test]
    fn what_cant_be_counted_is_refused_at_its_line() {
        let table = Countable {
            name: "loan/by-branch".into(),
            columns: vec!["branch".into(), "item_type".into()],
            figures: vec!["checkouts".into(), "circulation".into()],
        };
        for (from, to, why) in [
            ("element = \"PHYSCIR\"", "element = \"\"", "an element is called"),
            ("TOTCIR", "PHYSCIR", "this element is counted twice"),
            ("loan/by-branch", "by-branch", "write the kind and the table"),
            ("count = \"circulation\"\n", "", "which figure of the table?"),
            (
                "[\"PHYSCIR\", \"PHYSCIR\"]",
                "[\"PHYSCIR\", \"PHYSIR\"]",
                "no element `PHYSIR` stands above; did you mean",
            ),
            ("records = \"koha", "sum = []\nrecords = \"koha", "an element is counted in one way"),
            ("\"loan/by-branch\"", "\"loan/by-brnch\"", "no pipeline publishes a table `loan/by-brnch`; did you mean"),
            ("item_type =", "itemtype =", "the table `loan/by-branch` has no column `itemtype`; did you mean"),
            ("\"circulation\"", "\"renewals\"", "the table `loan/by-branch` doesn't count `renewals`"),
            ("koha-contacts", "koha-contact", "no pipeline of contacts is called `koha-contact`; did you mean"),
        ] {
            let policy = with((from, to));
            let checked = policy.and_then(|policy| {
                let checked = policy.check_survey(std::slice::from_ref(&table), &["koha-contacts"]);
                checked.map_err(|error| error.to_string())
            });
            let error = checked.unwrap_err();
            assert!(error.starts_with("policy.toml:") && error.contains(why), "{to}: {error}");
        }
    }
}
