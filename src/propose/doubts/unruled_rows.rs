//! Rows that no [[state]] rule takes, as far as one export shows it. What stands in another export is taken to fit, so
//! whatever is said to fall through does.

use std::collections::BTreeSet;

use crate::lookup::Test;
use crate::pipeline::declaration::{Condition, Declaration, StateName};

/// The [[state]] rules, as conditions on the columns of one export.
pub struct StateRules {
    rules: Vec<Vec<(String, Test)>>,
    /// Columns whose values every rule for what is over must name.
    vocabularies: BTreeSet<String>,
    /// The values that some rule names.
    named: Vec<(String, Test)>,
}

impl StateRules {
    /// `lookup`: the place of the export among the lookups; None: it is of transactions.
    pub fn new(declaration: &Declaration, lookup: Option<usize>) -> StateRules {
        let decimal = declaration.read.decimal as u8;
        let of_lookup = |asked: &str| {
            declaration
                .lookups
                .iter()
                .position(|lookup| asked.strip_prefix(lookup.name.as_str()).is_some_and(|rest| rest.starts_with('.')))
        };
        let here = |asked: &str| match (of_lookup(asked), lookup) {
            (None, None) => Some(asked.to_string()),
            (Some(place), Some(lookup)) if place == lookup => {
                asked.split_once('.').map(|(_, column)| column.to_string())
            }
            _ => None,
        };
        let rule = |when: &std::collections::BTreeMap<String, Condition>| -> Vec<(String, Test)> {
            // What was gathered is no cell.
            let of_cells = when.iter().filter(|(_, condition)| !matches!(condition, Condition::Is(_)));
            of_cells.filter_map(|(asked, condition)| Some((here(asked)?, Test::new(condition, decimal)))).collect()
        };
        let closing: Vec<_> = declaration.states.iter().filter(|state| state.is == StateName::Closed).collect();
        let asked = declaration.states.iter().flat_map(|state| &state.when);
        let named = asked.filter_map(|(asked, condition)| match condition {
            Condition::OneOf(_) => Some((here(asked)?, asked, Test::new(condition, decimal))),
            _ => None,
        });
        let named: Vec<_> = named.collect();
        let in_all = |asked: &str| {
            let names = closing.iter().map(|state| matches!(state.when.get(asked), Some(Condition::OneOf(_))));
            !closing.is_empty() && names.into_iter().all(|names| names)
        };
        let vocabularies = named.iter().filter(|(_, asked, _)| in_all(asked)).map(|(column, ..)| column.clone());
        StateRules {
            rules: declaration.states.iter().map(|state| rule(&state.when)).collect(),
            vocabularies: vocabularies.collect(),
            named: named.iter().map(|(column, _, test)| (column.clone(), test.clone())).collect(),
        }
    }

    /// Whether some rule takes a row. `cell` gives a column's cell, null made empty.
    pub fn take<'c>(&self, cell: impl Fn(&str) -> Option<&'c [u8]>) -> bool {
        let passes = |(column, test): &(String, Test)| cell(column).is_none_or(|cell| test.passes(cell));
        self.rules.iter().any(|rule| rule.iter().all(passes))
    }

    /// Of a row that no rule takes: the column whose value none of them names.
    pub fn falls_through<'c>(&self, cell: impl Fn(&str) -> Option<&'c [u8]>) -> Option<&str> {
        let unnamed = |column: &&String| {
            let mut named = self.named.iter().filter(|(of, _)| of == *column);
            cell(column).is_some_and(|cell| named.all(|(_, test)| !test.passes(cell)))
        };
        self.vocabularies.iter().find(unnamed).map(String::as_str)
    }
}
