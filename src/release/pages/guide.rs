//! How to read the figures: what stands in every table, said once.

use maud::{Markup, html};

use super::prose::DASH;
use super::ranges::WIDER;
use crate::release::tree::ROWS_FOR_A_PATRON;

/// What words and dashes mean.
pub fn guide(threshold: u32) -> Markup {
    html! {
        dl {
            dt { "other" }
            dd { "What was put together, so that no figure about who, where or when is about fewer than " (threshold)
                " patrons; and what has no name of its own." }
            dt { (WIDER) }
            dd { "In charts alone: ages that were put together in some month across two of the chart's lines." }
            dt { "unknown" }
            dd { "What the library's system doesn't record." }
            dt { (DASH) }
            dd { "Not told." }
            dt { "small figures" }
            dd { "What was used is told where at least " (threshold) " patrons of a place used it. Two such columns together may "
                "come to a small figure: it says what was used, and nothing of who used it." }
            dt { "circulation" }
            dd { "Checkouts and renewals together. Tables by patron or by hour count transactions instead; in most systems a "
                "renewal is none of its own." }
            dt { "patrons" }
            dd { "How many distinct patrons, rounded down to a multiple of " (threshold) ". These numbers don't add up: one "
                "patron may be in several lines, and in several months." }
            dt { "periods" }
            dd { "A month; or several in one, where one by itself was about too few patrons, or where the library publishes by "
                "quarter or by year." }
        }
        p { "All other figures do add up: tables of the same kind and period count the same transactions, and each chart shows "
            "published figures, or sums of them." }
    }
}

/// Why of a period, or of all, there are totals and nothing else.
pub fn totals_alone(threshold: u32) -> Markup {
    let least = u64::from(threshold) * ROWS_FOR_A_PATRON;
    html! {
        p.note { "There are totals alone, and no data set. The library's system no longer names who borrowed, so patrons can't "
            "be counted, and it can't be shown that a figure is about enough of them. So nothing is told of places, days or "
            "patrons, and a value stands by itself only with " (least) " rows or more." }
    }
}
