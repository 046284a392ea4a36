//! What a pipeline publishes of a month that isn't closed, for whoever accepts a plan: that is final.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::act::read::Read;
use crate::leak::Pattern;
use crate::pipeline::Pipeline;
use crate::pipeline::declaration::Treatment;

/// Columns and tables, in the order of the pipeline.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Publishes {
    pub columns: Vec<PublishedColumn>,
    pub tables: Vec<PublishedTable>,
    /// Columns and patterns that the leak search passed by, since the policy accepts them.
    #[serde(skip)]
    pub accepted_patterns: BTreeSet<(String, Pattern)>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PublishedColumn {
    pub name: String,
    pub from: Vec<String>,
    /// `place`, `time`, `patron` or `use`.
    pub about: &'static str,
    /// It is published as it is, and has so many values that it is no vocabulary.
    pub is_no_vocabulary: bool,
    /// Values that it has in tonight's rows, where it is published as it is.
    #[serde(skip)]
    pub values: u64,
}

#[derive(Clone, Debug, Serialize)]
pub struct PublishedTable {
    pub name: String,
    pub by: Vec<String>,
}

impl Publishes {
    /// Of a side that isn't released: nothing.
    pub fn of(pipeline: &Pipeline, read: &Read<'_>, accepted_patterns: BTreeSet<(String, Pattern)>) -> Publishes {
        let declaration = &pipeline.declaration;
        if !declaration.side.is_released() {
            return Publishes { accepted_patterns, ..Publishes::default() };
        }
        let rows: u64 = read.passed.parts.iter().map(|part| part.records).sum();
        let columns = declaration.publish.iter().map(|publish| {
            let place = declaration.coded().position(|coded| coded.name == publish.name);
            let place = place.filter(|_| matches!(publish.treatment, Treatment::Keep));
            let values = place.map_or(0, |place| read.context.columns.texts(place).len() as u64);
            PublishedColumn {
                name: publish.name.clone(),
                from: publish.from.columns().to_vec(),
                about: publish.about.name(),
                // As `check` judges it.
                is_no_vocabulary: values > 20 && values * 2 > rows,
                values,
            }
        });
        let tables = declaration.statistics.iter();
        let tables = tables.map(|table| PublishedTable { name: table.name.clone(), by: table.by.clone() });
        Publishes { columns: columns.collect(), tables: tables.collect(), accepted_patterns }
    }
}
