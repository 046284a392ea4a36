//! Rules of `[[state]]`, as types: what is asked of a row, and what it then is.

use toml_edit::{Array, Value};

use crate::propose::page::{Page, inline, list};

/// What is asked of a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Is {
    Set,
    Unset,
    Zero,
    Positive,
    /// Of what was gathered.
    Gathered(bool),
    OneOf(Vec<String>),
    NoneOf(Vec<String>),
}

/// Columns, or what was gathered, with what is asked of each.
pub(super) type When = Vec<(String, Is)>;

impl From<&Is> for Value {
    fn from(is: &Is) -> Value {
        let texts = |all: &[String]| list(&all.iter().map(String::as_str).collect::<Vec<_>>());
        match is {
            Is::Set => "set".into(),
            Is::Unset => "unset".into(),
            Is::Zero => "zero".into(),
            Is::Positive => "positive".into(),
            Is::Gathered(is) => (*is).into(),
            Is::OneOf(values) => texts(values),
            Is::NoneOf(values) if values.is_empty() => inline([("not".to_string(), Array::new())]),
            Is::NoneOf(values) => inline([("not".to_string(), texts(values))]),
        }
    }
}

/// What is asked, in braces.
pub(super) fn when(asked: &When) -> Value {
    inline(asked.iter().map(|(name, is)| (name.clone(), Value::from(is))))
}

/// What a rule takes its rows for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    Open,
    Disputed,
    Closed,
}

/// A rule of `[[state]]`.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// Lines above it: comments.
    pub above: String,
    pub is: State,
    /// Empty: it takes every row.
    pub when: When,
    /// Behind its conditions.
    pub aside: String,
    /// It stands in a comment until a person has said what is missing.
    pub asleep: bool,
}

impl Rule {
    pub(super) fn new(is: State, when: When) -> Rule {
        Rule { above: String::new(), is, when, aside: String::new(), asleep: false }
    }

    /// The rule that takes what no other took, and keeps it.
    pub(super) fn open() -> Rule {
        Rule::new(State::Open, Vec::new())
    }

    pub(super) fn print(&self, page: &mut Page) {
        page.above(&self.above);
        if self.asleep {
            let mut own = Page::default();
            self.write(&mut own);
            page.asleep(own);
        } else {
            self.write(page);
        }
    }

    fn write(&self, page: &mut Page) {
        page.next("state");
        let is = match self.is {
            State::Open => "open",
            State::Disputed => "disputed",
            State::Closed => "closed",
        };
        page.set("is", is, "");
        if self.when.is_empty() {
            return;
        }
        let asked = when(&self.when);
        if format!("when ={asked}\n").len() <= 110 {
            page.set("when", asked, &self.aside);
            return;
        }
        page.under("state", "when");
        for (name, is) in &self.when {
            page.set(name, is, "");
        }
    }
}
