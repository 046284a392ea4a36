//! What a pipeline publishes of a month that isn't closed, for whoever accepts a plan: that is final.

use std::collections::BTreeSet;

use serde::Serialize;

use super::leak_scan::Searched;
use crate::act::read::Read;
use crate::leak::Pattern;
use crate::pipeline::Pipeline;
use crate::pipeline::declaration::Treatment;
use crate::release::TITLES;

/// Columns and tables, in the order of the pipeline.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Publishes {
    pub columns: Vec<PublishedColumn>,
    pub tables: Vec<PublishedTable>,
    /// Of titles, where the policy publishes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub titles: Option<PublishedTitles>,
    /// Columns and patterns that the leak search passed by, since the policy accepts them.
    #[serde(skip)]
    pub accepted_patterns: BTreeSet<(String, Pattern)>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PublishedColumn {
    pub name: String,
    pub from: Vec<String>,
    /// `place`, `time`, `patron`, `use` or `title`.
    pub about: &'static str,
    /// It is published as it is, and has so many values that it is no vocabulary.
    pub is_no_vocabulary: bool,
    /// Values that it has in tonight's rows, where it is published as it is.
    #[serde(skip)]
    pub values: u64,
}

/// What is told of titles as such: how many aren't, and never which.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PublishedTitles {
    /// Something in them may lead to a person.
    pub left_out: u64,
    /// There are more than a night can tell apart: none is told.
    pub too_many: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct PublishedTable {
    pub name: String,
    pub by: Vec<String>,
}

impl Publishes {
    /// Of a side that isn't released: nothing.
    pub fn of(pipeline: &Pipeline, read: &Read<'_>, searched: Searched) -> Publishes {
        let Searched { accepted_patterns, titles_left_out } = searched;
        let declaration = &pipeline.declaration;
        if !declaration.side.is_released() {
            return Publishes { accepted_patterns, ..Publishes::default() };
        }
        let rows: u64 = read.passed.parts.iter().map(|part| part.records).sum();
        let columns = declaration.publish.iter().map(|publish| {
            let place = declaration.coded().position(|coded| coded.name == publish.name);
            // A title is no word of a vocabulary, and stands where enough patrons carry it.
            let is_kept = matches!(publish.treatment, Treatment::Keep) && !publish.is_title();
            let place = place.filter(|_| is_kept);
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
        let title = declaration.title().map(|(_, publish)| publish.name.clone());
        let of_titles = title.iter().map(|title| PublishedTable { name: TITLES.into(), by: vec![title.clone()] });
        let too_many = read.context.columns.has_too_many_titles();
        Publishes {
            columns: columns.collect(),
            tables: tables.chain(of_titles).collect(),
            titles: title.as_ref().map(|_| PublishedTitles { left_out: titles_left_out, too_many }),
            accepted_patterns,
        }
    }
}
