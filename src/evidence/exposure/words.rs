//! The sentences that a director repeats.

use super::{Exposure, History};
use crate::evidence::figure::grouped;

/// What could be handed over tomorrow, and what was severed of what was asked for.
pub fn handed_over(exposure: &Exposure) -> String {
    let Exposure { linked, needed, waiting, .. } = *exposure;
    let lead = match linked {
        0 => "No transaction leads to a patron any more".to_owned(),
        1 => "1 transaction still leads to a patron and could be handed over tomorrow".to_owned(),
        _ => format!("{} transactions still lead to a patron and could be handed over tomorrow", grouped(linked)),
    };
    let are = |count: u64| if count == 1 { "is" } else { "are" };
    let why = match (needed, waiting) {
        (0, 0) => String::new(),
        (_, 0) => ": somebody still needs to know who, of every one of them".to_owned(),
        (0, _) => ": nobody needs to know who any more, and they wait to be severed".to_owned(),
        _ => format!(
            ": {} {} needed, {} {} not and wait{} to be severed",
            grouped(needed),
            are(needed),
            grouped(waiting),
            are(waiting),
            if waiting == 1 { "s" } else { "" }
        ),
    };
    format!("{lead}{why}; {}.", severed(exposure))
}

/// Of what was asked for before.
fn severed(exposure: &Exposure) -> String {
    match (exposure.asked, exposure.severed) {
        (0, _) => "nothing was asked to be severed before".to_owned(),
        (asked, severed) if asked == severed => {
            format!("the library's systems have severed all {} that were asked for before", grouped(asked))
        }
        (asked, severed) => format!(
            "the library's systems have severed {} of the {} that were asked for before",
            grouped(severed),
            grouped(asked)
        ),
    }
}

/// How the number has changed since the year began, or since the first run.
pub fn how_it_changed(history: &History) -> Option<String> {
    let (first, last) = history.since_january()?;
    let (before, now) = (first.linked(), last.linked());
    let since = first.day.date().strftime("%-d %B %Y");
    let severed = last.severed.saturating_sub(first.severed);
    let moved = match before.cmp(&now) {
        std::cmp::Ordering::Greater => format!("has fallen from {} to {}", grouped(before), grouped(now)),
        std::cmp::Ordering::Less => format!("has risen from {} to {}", grouped(before), grouped(now)),
        std::cmp::Ordering::Equal => format!("is {}, as it was", grouped(now)),
    };
    Some(format!(
        "Since {since} the number of transactions that lead to a patron {moved}; {} were severed.",
        grouped(severed)
    ))
}
