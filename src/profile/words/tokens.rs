//! The words that a name is made of.

use super::lists::KNOWN;

/// Its words: `PatronID` is `Patron` and `ID`.
pub(super) fn tokens(name: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        if !c.is_alphanumeric() || before.is_lowercase() && c.is_uppercase() {
            tokens.push(String::new());
        }
        if let Some(last) = tokens.last_mut().filter(|_| c.is_alphanumeric()) {
            last.push(c);
        }
        before = c;
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}

/// Whether a single word, in small letters, is one by which columns are called in English.
pub(super) fn is_english(word: &str) -> bool {
    KNOWN.contains(&word) || word.strip_suffix('s').is_some_and(|one| KNOWN.contains(&one))
}
