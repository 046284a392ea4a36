//! `[needs]`: why a link is still needed, beside the state.

use toml_edit::Value;

use super::part::Part;
use super::rules::{Is, When, when};
use crate::profile::Look;
use crate::profile::guess::{About, Nature, Role};
use crate::propose::evidence::evidence;
use crate::propose::page::{Page, inline};
use crate::propose::questions::{Questions, Subject};

/// One need, as it is declared.
pub(super) struct Need {
    above: String,
    key: &'static str,
    needed: Needed,
    aside: String,
}

enum Needed {
    While(When),
    /// From a time that was gathered.
    Since {
        at: String,
        when: When,
    },
}

impl Need {
    fn new(key: &'static str, when: When) -> Need {
        Need { above: String::new(), key, needed: Needed::While(when), aside: String::new() }
    }
}

impl Part<'_> {
    pub(super) fn needs(&self, questions: &mut Questions) -> Vec<Need> {
        let mut needs = self.of_bills(questions);
        let claims = self.used().find(|(lookup, _)| lookup.nature == Nature::Claims && lookup.many);
        needs.extend(claims.map(|(_, name)| Need {
            aside: "       # resolved ones, too: say which those are".into(),
            ..Need::new("disputed", vec![(format!("{name}.any"), Is::Gathered(true))])
        }));
        needs.extend(self.own_debt().map(|place| Need::new("owing", vec![(self.name(place).into(), Is::Positive)])));
        needs.extend(self.history(questions));
        needs
    }

    fn of_bills(&self, questions: &mut Questions) -> Vec<Need> {
        let Some((lookup, name)) = self.bills_file() else { return Vec::new() };
        let has = |role: Role| lookup.guesses.iter().any(|guess| guess.role == role);
        let owing = format!("{name}.owing");
        let mut needs = vec![Need::new("owing", vec![(owing.clone(), Is::Gathered(true))])];
        if has(Role::Changed) {
            let paid = |key, aside: &str| Need {
                above: String::new(),
                key,
                needed: Needed::Since {
                    at: format!("{name}.settled"),
                    when: vec![(owing.clone(), Is::Gathered(false))],
                },
                aside: aside.into(),
            };
            needs.push(paid("settled", ""));
            needs.push(paid("refund", "     # of any bill: which were for lost items isn't known"));
        }
        if !has(Role::Owing) {
            questions.remark("no column of the bills says what is still owed: whatever has a bill is kept");
        }
        needs
    }

    /// The first column by which patrons may have chosen.
    fn history(&self, questions: &mut Questions) -> Option<Need> {
        let mut chosen = self.used().filter(|(lookup, _)| !lookup.many).filter_map(|(lookup, name)| {
            let place = lookup.guesses.iter().position(|guess| guess.role == Role::History)?;
            Some((&self.seen.tables[lookup.table].columns[place], name))
        });
        let (column, name) = chosen.next()?;
        let choice = format!("{name}.{}", column.name);
        questions.ask(
            Subject::Needs,
            format!("which values of {choice} mean that a patron keeps no history? Until that is said all do, and nothing is due"),
        );
        Some(Need {
            above: "# Until it is said which values mean that a patron keeps no history, all do: name those values.\n"
                .into(),
            aside: format!("          # {}", evidence(column)),
            ..Need::new("history", vec![(choice, Is::NoneOf(Vec::new()))])
        })
    }

    /// An amount on the row itself that is owed, where no file of bills is joined.
    pub(super) fn own_debt(&self) -> Option<usize> {
        let mut own = self.table().columns.iter().zip(&self.seen.meaning.guesses);
        if self.seen.meaning.about == About::Bills {
            return None;
        }
        let found = own.position(|(column, guess)| {
            guess.role == Role::Harmless && column.share(&[Look::Amount]) > 0.9 && is_owed(&column.name)
        });
        found.filter(|_| self.bills_file().is_none())
    }
}

pub(super) fn print(needs: &[Need], page: &mut Page) {
    if needs.is_empty() {
        return;
    }
    page.table("needs");
    for need in needs {
        let value = match &need.needed {
            Needed::While(asked) => when(asked),
            Needed::Since { at, when: asked } => {
                inline([("at".to_string(), Value::from(at.as_str())), ("when".to_string(), when(asked))])
            }
        };
        page.above(&need.above);
        page.set(need.key, value, &need.aside);
    }
    page.above("\n");
}

fn is_owed(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    ["billing", "outstanding", "balance", "owed", "amountdue", "unpaid"].iter().any(|word| plain.contains(word))
}
