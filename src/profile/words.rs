//! What columns are called. Names are compared without case, blanks and signs; a path counts by its last two steps.

mod english;
#[rustfmt::skip]
mod languages;
#[rustfmt::skip]
mod lists;
mod tokens;

pub use english::{english, english_stem, is_foreign};

pub use crate::words::PATRON;
pub use lists::*;
use tokens::tokens;

/// The name without case, blanks and signs.
pub fn plain(name: &str) -> String {
    let steps: Vec<&str> = name.rsplit('.').take(2).collect();
    let last = steps.into_iter().rev().collect::<Vec<_>>().concat();
    last.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether columns are called so: by a word that stands alone, or, in a name without capitals of its own, within it. A
/// surname may well hold such a word (Holden).
pub fn is_known(name: &str) -> bool {
    is_foreign(name) || is_known_in_english(name)
}

fn is_known_in_english(name: &str) -> bool {
    tokens(name).iter().any(|token| {
        let lower = token.to_lowercase();
        let singular = lower.strip_suffix('s').unwrap_or(&lower);
        KNOWN.iter().any(|word| {
            lower == *word || singular == *word || {
                let one_case = *token == lower || *token == token.to_uppercase();
                one_case && word.len() >= 4 && lower.len() >= word.len() + 2 && lower.contains(word)
            }
        })
    })
}

/// `cancellationAdditionalInformation`: no person is called so.
pub fn is_made_up_of_three(name: &str) -> bool {
    name.starts_with(char::is_lowercase) && tokens(name).len() >= 3
}

/// Whether a column is called like a time, so that a number in it may be one.
pub fn is_called_a_time(name: &str) -> bool {
    has(name, &["date", "time", "gmt", "epoch", "updated", "created"]) || has(name, OPENED) || has(name, CLOSED)
}

/// Whether a name holds one of these.
pub fn has(name: &str, words: &[&str]) -> bool {
    let plain = plain(name);
    words.iter().any(|word| match (word.strip_prefix('^'), word.strip_suffix('$')) {
        (Some(start), _) => match start.strip_suffix('$') {
            Some(all) => plain == all,
            None => plain.starts_with(start),
        },
        (None, Some(end)) => plain.ends_with(end),
        (None, None) => plain.contains(word),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_their_letters() {
        assert_eq!(plain("Item Loan Id"), "itemloanid");
        assert_eq!(plain("personal.lastName"), "personallastname");
        assert!(has("metadata.createdByUserId", PEOPLE));
        assert!(has("usr", PATRON) && !has("usrname", PATRON));
        assert!(has("circ_lib", BRANCH) && !has("library_card", &["library$"]));
        assert!(has("dob", BIRTH) && has("Birth Date", BIRTH));
    }

    #[test]
    fn columns_are_known_by_their_words() {
        for name in
            ["issuedate", "PatronID", "Anything we should know, reader?", "LOAN_ID", "xact_start_time", "Renewals due"]
        {
            assert!(is_known(name), "{name}");
        }
    }

    #[test]
    fn surnames_and_streets_are_no_words_of_columns() {
        for name in ["Zzyzx", "Quilla", "Vantablack", "Ottoline", "O'Fennimoor", "Resident", "Holden", "David"] {
            assert!(!is_known(name), "{name}");
        }
    }
}
