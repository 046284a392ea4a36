//! What a pipeline publishes, in the words of `release`.

use super::declaration::{About, Declaration, Publish, Treatment};
use super::fields::Fields;
use crate::release::{self, Bands, Measure, Shape, ShapeColumn, TableShape};
use crate::words::Kind;

impl Publish {
    /// Whether its values are coded, a column each. The others come with the row itself: its day, its hour, how often
    /// it was renewed.
    pub fn is_coded(&self) -> bool {
        !matches!(self.treatment, Treatment::Day | Treatment::Hour | Treatment::Count)
    }

    /// Whether it is a title: it stands in a table of its own, and never in the tree.
    pub fn is_title(&self) -> bool {
        self.about == About::Title
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

    fn bands(&self) -> Option<Bands> {
        let bands = |edges: &Vec<i32>, are_durations| Some(Bands { edges: edges.clone(), are_durations });
        match &self.treatment {
            Treatment::Band(edges) | Treatment::Age(edges) => bands(edges, false),
            Treatment::Duration(edges) => bands(edges, true),
            _ => None,
        }
    }
}

impl Declaration {
    /// The published columns that are coded, in the order of their codes.
    pub fn coded(&self) -> impl Iterator<Item = &Publish> {
        self.publish.iter().filter(|publish| publish.is_coded())
    }

    /// The published title, with its place among the coded columns.
    pub fn title(&self) -> Option<(usize, &Publish)> {
        self.coded().enumerate().find(|(_, publish)| publish.is_title())
    }

    pub fn shape(&self) -> Shape {
        let fields = Fields::new(self);
        let columns = self.coded().filter(|publish| !publish.is_title()).map(|publish| ShapeColumn {
            name: publish.name.clone(),
            about: match publish.about {
                About::Place => release::About::Place,
                About::Patron => release::About::Patron,
                About::Use | About::Time | About::Title => release::About::Use,
            },
            from_patron: publish.from.columns().iter().any(|column| fields.leads_to_patron(column)),
            bands: publish.bands(),
            groups: publish.groups.clone(),
        });
        let publishes = |wanted: fn(&Treatment) -> bool| self.publish.iter().any(|publish| wanted(&publish.treatment));
        let tables = self.statistics.iter().map(|table| TableShape { name: table.name.clone(), by: table.by.clone() });
        Shape {
            kind: self.kind,
            columns: columns.collect(),
            title: self.title().map(|(_, publish)| publish.name.clone()),
            day: publishes(|treatment| matches!(treatment, Treatment::Day)),
            hour: publishes(|treatment| matches!(treatment, Treatment::Hour)),
            measure: self.measure(publishes(|treatment| matches!(treatment, Treatment::Count))),
            tables: tables.collect(),
        }
    }

    fn measure(&self, publishes_count: bool) -> Option<Measure> {
        match (self.kind, publishes_count) {
            _ if self.requests.is_some() => Some(if publishes_count { Measure::Sessions } else { Measure::Requests }),
            _ if self.counts.is_some() => Some(Measure::Events),
            (_, true) => Some(Measure::Renewals),
            (Kind::Loan, false) => Some(Measure::Checkouts),
            (_, false) => None,
        }
    }
}
