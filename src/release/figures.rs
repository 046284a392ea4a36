//! A row of a statistic, and text as it may be shown.

/// One row of a statistic, as published.
pub(super) struct Figures {
    pub labels: Vec<String>,
    /// In the order of the names that the table has for them.
    pub figures: Vec<Option<u64>>,
}

/// Control characters become U+FFFD.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
