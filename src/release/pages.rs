//! Pages for the public: what the library lends, in charts, with a way to every table; a page a table, and a page a period.
//!
//! What they promise: every figure stands in a published table, or is a sum of figures that do; each chart has a table that says
//! the same. They need no script, no other file and no network; all text is escaped; the same tables give the same bytes.
//!
//! What they don't: they add nothing to what is published, and protect nothing that the tables don't.

mod chart;
mod coarse;
mod figures;
mod frame;
mod grid;
mod guide;
mod hours;
mod index;
mod of_kind;
mod of_period;
mod of_table;
pub(super) mod prose;
mod ranges;
mod said;
mod style;
mod survey;
mod year;

use super::catalogue::Catalogue;
use super::catalogue::PackageAbout;
use said::{Said, page_path};
pub use survey::PAGE as SURVEY_PAGE;

/// A page and where it lies, relative to `public/`.
pub struct Page {
    pub path: String,
    pub html: String,
}

/// All pages, of all that is public.
pub fn pages(catalogue: &Catalogue, about: &PackageAbout<'_>) -> Vec<Page> {
    let mut pages = vec![Page { path: "index.html".to_owned(), html: index::page(catalogue, about) }];
    if !catalogue.survey.is_empty() {
        pages.push(Page { path: survey::PAGE.to_owned(), html: survey::page(catalogue, about) });
    }
    for (kind, of_kind) in &catalogue.kinds {
        let said = Said { kind: *kind, of_kind, about };
        for name in of_kind.tables.keys() {
            pages.push(Page { path: page_path(*kind, name), html: of_table::page(&said, name) });
        }
        for period in said.periods() {
            let path = page_path(*kind, &period.to_string());
            pages.push(Page { path, html: of_period::page(&said, period) });
        }
    }
    pages
}

#[cfg(test)]
mod tests;
