//! How pages word what tables are called by: kinds, columns, periods, figures.

use crate::release::series::printable;
use crate::words::{Kind, Month, Period};

/// What stands where nothing is told.
pub const DASH: &str = "–";

/// A kind's transactions, as a heading begins with them.
pub fn kinds(kind: Kind) -> &'static str {
    match kind {
        Kind::Loan => "Loans",
        Kind::Hold => "Holds",
        Kind::Bill => "Bills",
        Kind::Ill => "Interlibrary loans",
        Kind::Session => "Sessions",
        Kind::Access => "Online access",
        Kind::Registration => "Registrations",
        Kind::Contact => "Contacts",
    }
}

/// The same within a sentence, to be counted.
pub fn counted(kind: Kind) -> &'static str {
    match kind {
        Kind::Loan => "loans",
        Kind::Hold => "holds",
        Kind::Bill => "bills",
        Kind::Ill => "interlibrary loans",
        Kind::Session => "sessions",
        Kind::Access => "requests",
        Kind::Registration => "registrations",
        Kind::Contact => "contacts",
    }
}

/// A figure within a sentence: "1,234 checkouts and renewals".
pub fn figure(kind: Kind, name: &str) -> String {
    match name {
        "circulation" => "checkouts and renewals".to_owned(),
        "transactions" => counted(kind).to_owned(),
        _ => plain(name),
    }
}

/// A figure as the head of a chart's table.
pub fn head(kind: Kind, name: &str) -> String {
    if name == "transactions" { sentence_case(counted(kind)) } else { sentence_case(&column(name)) }
}

/// What a column is called: its name in words, without what it is made of.
pub fn column(name: &str) -> String {
    let words = printable(name).replace(['_', '-'], " ");
    words.strip_suffix(" band").map_or(words.clone(), str::to_owned)
}

/// A text that came with data.
pub fn plain(text: &str) -> String {
    printable(text)
}

/// With a great first letter.
pub fn sentence_case(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or(String::new(), |first| first.to_uppercase().chain(rest).collect())
}

/// `a, b and c`.
pub fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `12,345`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::from(if number < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `July 2026`.
pub fn month(month: Month) -> String {
    format!("{} {}", name_of(month), month.year())
}

/// `July 2026`, `July to September 2026` or `November 2025 to January 2026`.
pub fn period(period: Period) -> String {
    let (first, last) = (period.first, period.last);
    if first == last {
        month(first)
    } else if first.year() == last.year() {
        format!("{} to {}", name_of(first), month(last))
    } else {
        format!("{} to {}", month(first), month(last))
    }
}

/// `Jul`.
pub fn short(month: Month) -> &'static str {
    &name_of(month)[..3]
}

fn name_of(month: Month) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    NAMES.get((month.month() - 1) as usize).copied().unwrap_or("month")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_figures_and_columns_read_as_people_say_them() {
        let said = |text: &str| period(text.parse().unwrap());
        assert_eq!(said("2026-07"), "July 2026");
        assert_eq!(said("2026-07-to-2026-09"), "July to September 2026");
        assert_eq!(said("2025-11-to-2026-01"), "November 2025 to January 2026");
        assert_eq!([0, 999, 1_000, -1_234_567].map(grouped), ["0", "999", "1,000", "-1,234,567"]);
        assert_eq!(["age_band", "item_type", "ZIP"].map(column), ["age", "item type", "ZIP"]);
        let names = ["branch", "item type", "class"].map(str::to_owned);
        assert_eq!(
            [list(&names), list(&names[..2]), list(&names[..1])],
            ["branch, item type and class", "branch and item type", "branch"]
        );
        assert_eq!(sentence_case("élan vital"), "Élan vital");
    }
}
