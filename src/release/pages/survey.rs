//! The page of what surveys ask for: the newest year, or else the newest period, with the rule of each figure.

use maud::html;

use super::frame::{self, Head};
use super::grid::grid;
use super::prose;
use crate::release::catalogue::{Catalogue, PackageAbout};
use crate::release::survey::SURVEY;

/// Where it lies, relative to `public/`.
pub const PAGE: &str = "pages/survey.html";
pub const TITLE: &str = "What surveys ask for";

pub fn page(catalogue: &Catalogue, about: &PackageAbout<'_>) -> String {
    let mut years = catalogue.survey.iter().filter(|(period, _)| period.length() == 12);
    let newest = years.next_back().or_else(|| catalogue.survey.last_key_value());
    let body = html! {
        p.lead { "Each figure is a sum of published lines, by a rule that the library chose and that stands beside it. What may count "
            "as well, since what decides reads \u{201c}other\u{201d} or \u{201c}unknown\u{201d} there, is told as unplaced." }
        p { a href={ "../" (SURVEY) } { "CSV of all periods and years" } }
        @if let Some((period, table)) = newest {
            section {
                h2 { (prose::period(*period)) }
                (grid(about, &format!("{TITLE}, {}", prose::period(*period)), table))
            }
        }
    };
    frame::page(&Head { library: about.library, title: TITLE, root: "../" }, &body)
}
