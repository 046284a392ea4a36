//! What is asked for, as a file has it. Mistakes are told by line, and never in its words.

use std::io::Read;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::act::Asked;
use crate::cli::out::Failed;
use crate::plain_file;
use crate::state::register::{Scope, Trigger};
use crate::words::{Day, Kind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceForm {
    matter: Option<String>,
    trigger: Option<String>,
    by: Option<String>,
    until: Option<String>,
    scope: Option<ScopeForm>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct ScopeForm {
    pub everything: Option<bool>,
    pub patrons: Option<Vec<String>>,
    pub items: Option<Vec<String>>,
    pub branches: Option<Vec<String>>,
    pub kinds: Option<Vec<String>>,
    pub opened_from: Option<String>,
    pub opened_to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleaseForm {
    matter: Option<String>,
    by: Option<String>,
    why: Option<String>,
}

/// What is asked of a release. It doesn't print.
pub struct Release {
    pub matter: String,
    pub by: String,
    pub why: String,
}

pub fn place(file: &Path) -> Result<Asked, Failed> {
    let form: PlaceForm = read(
        file,
        "matter, trigger, by, until, and under [scope] everything, patrons, items, branches, kinds, opened_from, opened_to",
    )?;
    let trigger = said(form.trigger, "trigger")?;
    let until = form.until.as_deref().map(|day| self::day(day, "until")).transpose()?;
    let (patrons, scope) = form.scope.unwrap_or_default().checked()?;
    let trigger = Trigger::of(&trigger).ok_or_else(|| {
        let known: Vec<&str> = Trigger::ALL.into_iter().map(Trigger::as_str).collect();
        Failed::Plain(format!("`trigger` is none of {}. Nothing was changed", known.join(", ")))
    })?;
    Ok(Asked { matter: said(form.matter, "matter")?, trigger, by: said(form.by, "by")?, until, patrons, scope })
}

pub fn release(file: &Path) -> Result<Release, Failed> {
    let form: ReleaseForm = read(file, "matter, by, why")?;
    Ok(Release { matter: said(form.matter, "matter")?, by: said(form.by, "by")?, why: said(form.why, "why")? })
}

impl ScopeForm {
    /// Whom it names, and the rest.
    pub fn checked(self) -> Result<(Option<Vec<String>>, Scope), Failed> {
        let day = |text: &Option<String>, key| text.as_deref().map(|day| self::day(day, key)).transpose();
        if self.everything == Some(false) {
            return Err(Failed::Plain("`everything` is true, or left out. Nothing was changed".into()));
        }
        let scope = Scope {
            everything: self.everything.is_some(),
            kinds: self.kinds.as_ref().map(|kinds| kinds.iter().map(|kind| self::kind(kind)).collect()).transpose()?,
            patrons: None,
            opened_from: day(&self.opened_from, "opened_from")?,
            opened_to: day(&self.opened_to, "opened_to")?,
            items: self.items,
            branches: self.branches,
        };
        Ok((self.patrons, scope))
    }
}

fn said(text: Option<String>, key: &str) -> Result<String, Failed> {
    let text = text.filter(|text| !text.trim().is_empty());
    text.ok_or_else(|| Failed::Plain(format!("`{key}` isn't said: it must be. Nothing was changed")))
}

pub(super) fn day(text: &str, key: &str) -> Result<Day, Failed> {
    let wrong = || Failed::Plain(format!("`{key}` is no day; write it as \"2026-11-01\". Nothing was changed"));
    text.trim().parse().map_err(|_| wrong())
}

fn kind(text: &str) -> Result<Kind, Failed> {
    let known: Vec<Kind> = Kind::PUBLISHED.into_iter().chain([Kind::Contact]).collect();
    let names: Vec<&str> = known.iter().map(|kind| kind.as_str()).collect();
    let wrong = || Failed::Plain(format!("`kinds` has what is none of {}. Nothing was changed", names.join(", ")));
    known.into_iter().find(|kind| kind.as_str() == text.trim()).ok_or_else(wrong)
}

fn read<T: DeserializeOwned>(file: &Path, keys: &str) -> Result<T, Failed> {
    let shown = if file == Path::new("-") { "standard input".into() } else { file.display().to_string() };
    let text = if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        plain_file::read_to_string(file)
    };
    let text = text.map_err(|error| Failed::Plain(format!("{shown}: {error}. Nothing was changed")))?;
    toml::from_str(&text).map_err(|error| {
        // The parser's own words quote the file.
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Failed::Plain(format!(
            "{shown}, line {line}: that isn't as it is written there: texts and days stand between quotes, several in square \
             brackets; the keys are {keys}. `afterloan help holds` shows a whole one. Nothing was changed"
        ))
    })
}
