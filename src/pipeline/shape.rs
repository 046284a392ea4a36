//! What a pipeline publishes, in the words of `release`.

use super::declaration::{Declaration, Half, Publish, Statistics, Treatment};
use crate::release::{Measure, Place, Shape, ShapeColumn, TableShape};

impl Publish {
    /// Whether its values are coded, a column each. The others come with the row itself: its day, its hour, how often
    /// it was renewed.
    pub fn is_coded(&self) -> bool {
        !matches!(
            self.treatment,
            Treatment::Day
                | Treatment::Week
                | Treatment::Month
                | Treatment::Hour
                | Treatment::Weekday
                | Treatment::Count
        )
    }

    /// Whether its values are texts. The others have closed vocabularies.
    pub fn is_text(&self) -> bool {
        matches!(
            self.treatment,
            Treatment::Keep | Treatment::Prefix(_) | Treatment::Map(_) | Treatment::Platform(_) | Treatment::Year
        )
    }

    /// Whether a text of it must be searched for patrons' identifiers. What a map or a list of platforms names stands in the
    /// pipeline, and so do `unknown` and `other`: a patron's record that holds such a word tells nothing.
    pub fn is_searched(&self, text: &str) -> bool {
        let mapped = match &self.treatment {
            // Rows may have been staged before the column had a map.
            Treatment::Map(names) => names.values().any(|name| name == text),
            Treatment::Platform(suffixes) => suffixes.names().iter().any(|name| *name == text),
            _ => false,
        };
        self.is_text() && !mapped && ![crate::treat::UNKNOWN, crate::treat::OTHER].contains(&text)
    }

    fn place(&self, tables: &[TableShape]) -> Place {
        match (self.half.has(Half::Collection), self.half.has(Half::Community)) {
            (true, true) => Place::Shared,
            (false, _) => Place::Patron,
            (true, false) if matches!(self.treatment, Treatment::Duration(_)) => Place::Duration,
            // What is counted in a table, and any text, merges; a closed vocabulary only describes the use.
            (true, false) if self.is_text() || tables.iter().any(|table| table.by.contains(&self.name)) => {
                Place::Material
            }
            (true, false) => Place::Use,
        }
    }
}

impl Declaration {
    /// The published columns that are coded, in the order of their codes.
    pub fn coded(&self) -> impl Iterator<Item = &Publish> {
        self.publish.iter().filter(|publish| publish.is_coded())
    }

    pub fn shape(&self) -> Shape {
        let table =
            |table: &Statistics| TableShape { name: table.name.clone(), by: table.by.clone(), sums: table.sums };
        let tables: Vec<TableShape> = self.statistics.iter().map(table).collect();
        let columns = self
            .coded()
            .map(|publish| ShapeColumn { name: publish.name.clone(), place: publish.place(&tables) })
            .collect();
        let publishes = |wanted: fn(&Treatment) -> bool| self.publish.iter().any(|publish| wanted(&publish.treatment));
        Shape {
            kind: self.kind,
            columns,
            day: publishes(|treatment| matches!(treatment, Treatment::Day)),
            measure: publishes(|treatment| matches!(treatment, Treatment::Count)).then_some(match self.requests {
                Some(_) => Measure::Sessions,
                None => Measure::Renewals,
            }),
            tables,
        }
    }
}
