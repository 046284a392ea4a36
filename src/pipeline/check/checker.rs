//! What every check asks: names, cells, conditions; and how it says no.

use crate::pipeline::declaration::{Condition, Declaration};
use crate::pipeline::fields::{Field, Fields};
use crate::toml_file::{Located, TomlError, meant};

/// A declaration under examination.
pub(super) struct Checker<'a> {
    pub declaration: &'a Declaration,
    pub source: &'a Located,
    pub fields: Fields<'a>,
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c))
}

impl Checker<'_> {
    pub fn fail<T>(&self, needle: &str, message: impl Into<String>) -> Result<T, TomlError> {
        Err(self.source.error(needle, message))
    }

    pub fn name(&self, name: &str) -> Result<(), TomlError> {
        if is_name(name) {
            return Ok(());
        }
        self.fail(name, "a name has lower-case letters, digits, - and _, at most 40: it becomes part of file names")
    }

    pub fn field(&self, name: &str) -> Result<Field, TomlError> {
        if let Some(field) = self.fields.resolve(name) {
            return Ok(field);
        }
        let lookups = self.declaration.lookups.iter();
        let names: Vec<String> = lookups
            .flat_map(|l| l.r#use.iter().chain(l.gather.keys()).map(move |column| format!("{}.{column}", l.name)))
            .collect();
        let hint = meant(name, names.iter().map(String::as_str));
        self.fail(name, format!("`{name}` names no cell: the lookup doesn't `use` or `gather` it{hint}"))
    }

    pub fn condition(&self, name: &str, condition: &Condition, gathered: bool) -> Result<(), TomlError> {
        match condition {
            Condition::Is(_) if !gathered => {
                self.fail(name, "true and false are for what a lookup gathers; write \"set\", \"unset\" or a list")
            }
            Condition::Word(word) if !["set", "unset", "positive", "zero"].contains(&word.as_str()) => self.fail(
                word,
                format!(
                    "unknown condition `{word}`; write \"set\", \"unset\", \"positive\", \"zero\", a list of values, or \
                     {{ not = [...] }}"
                ),
            ),
            Condition::Word(word) if ["positive", "zero"].contains(&word.as_str()) && gathered => {
                self.fail(name, "what a lookup gathers is true, false, \"set\" or \"unset\"")
            }
            Condition::OneOf(_) | Condition::Not { .. } if gathered => {
                self.fail(name, "what a lookup gathers is true, false, \"set\" or \"unset\"")
            }
            _ => Ok(()),
        }
    }
}
