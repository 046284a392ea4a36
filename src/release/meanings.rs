//! What each column of a published table means: one sentence for whoever loads it, and the same in every place that says it.

use super::tree::About;

/// Of a column by what it is about.
pub(super) fn means(about: About) -> &'static str {
    match about {
        About::Place => PLACE,
        About::Patron => PATRON,
        About::Use => USE,
    }
}

const PLACE: &str =
    "Where. \"other\": places that are about too few patrons, or have no name; \"unknown\": not recorded.";
const PATRON: &str = "What kind of patron, at the opening. \"other\": merged so that no group is about few; \
                                 \"unknown\": not recorded.";
const USE: &str = "What was used. \"other\": values that few patrons used there, or that have no name; \
                              \"unknown\": not recorded.";

/// Of the column of titles. No version of afterloan changes its first sentence.
pub(super) const TITLE: &str = "The title of what was used. \"other\": all titles that too few patrons used, or that aren't told; \
                                \"unknown\": not recorded.";

/// Whether a file says that a column has titles.
pub(super) fn is_of_titles(means: &str) -> bool {
    means.split('.').next() == TITLE.split('.').next()
}

/// What a column is about, from what a file says of it: its first sentence, which no version of afterloan changes.
pub(super) fn about_of(text: &str) -> Option<About> {
    let first = |text: &str| text.split('.').next().map(str::to_owned);
    let alike = |about: &About| first(means(*about)) == first(text);
    [About::Place, About::Patron, About::Use].into_iter().find(alike)
}

pub(super) const DAY: &str = "The day of opening. Null: so few were there that only the week, or the period, is told.";
pub(super) const WEEK: &str =
    "The first day of the opening's week (Monday; or the first day of the period). Null: only the period is told.";
pub(super) const WEEKDAY_MEANS: &str = "The weekday of opening. \"no weekday\": the day is not told.";
pub(super) const HOURS_MEANS: &str = "The hours of opening, first and last included: \"09 to 11\" is 09:00 to 11:59. \"other\": not told; \
                           \"unknown\": not recorded.";

pub(super) const MONTHS_MEANS: &str = "Of how many months of the year there are such lines. Fewer than twelve: in the others there was nothing, or it stands under \
     \"other\", under another range, or in no published period.";
pub(super) const PATRONS_OF_YEAR_MEANS: &str = "How many distinct patrons the year's periods have together, each counted once; rounded down to a multiple of the library's \
     threshold.";

pub(super) const RECORDS_MEANS: &str =
    "How many patron records the library had, rounded down to a multiple of its threshold.";

/// Of a figure.
pub(super) fn measure_means(name: &str) -> &'static str {
    match name {
        "checkouts" => "How many checkouts: a renewal is none.",
        "renewals" => "How many renewals, as the system counts them: until the period was released.",
        "circulation" => "Checkouts and renewals.",
        "sessions" => "How many sessions were begun.",
        "patrons" => {
            "How many distinct patrons, rounded down to a multiple of the library's threshold. They don't add up: one patron \
             may be in several cells. Null: not told."
        }
        _ => "How many.",
    }
}
