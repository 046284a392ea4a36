//! Names of persons, of which people write more or less: `Ann Q Quorl` is `Ann Quilla Quorl`, `Quorl, Ann` and `Ann Quorl Jr`.
//!
//! First and last name are searched for next to each other, in the normal form. With a middle name there is a form of its
//! own: first name, the initial of the middle one, last name, so that any other middle name is another person: *John Stuart
//! Mill* is a book of many libraries, and John P. Mill one of their readers.

use super::fold::{Words, fold};

/// A surname's beginning that is no name by itself.
const PARTICLES: [&str; 36] = [
    "abu", "al", "ap", "bar", "ben", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos",
    "du", "el", "fitz", "ibn", "la", "las", "le", "les", "los", "mac", "mc", "saint", "san", "santa", "st", "ter",
    "van", "vander", "von",
];
/// What people are called before and after their names.
const TITLES: [&str; 24] = [
    "dr", "dra", "esq", "frau", "herr", "ii", "iii", "iv", "jr", "junior", "lic", "md", "miss", "mme", "mr", "mrs",
    "ms", "mx", "phd", "prof", "rev", "sir", "sr", "senor",
];
/// Words of a surname, at most.
const LONGEST_LAST: usize = 3;
/// Middle names that a text may have, at most. The first of them counts.
const MOST_MIDDLES: usize = 2;

/// What is searched for of a person beside her columns.
pub(super) enum Form<'k> {
    /// First and last name, in this order, in the normal form.
    Pair(&'k str),
    /// With a middle name: a form of its own, and the two names that are in it.
    Middle(&'k str, [&'k str; 2]),
}

/// One column of a name.
struct Part<'c> {
    /// Its words, without titles.
    words: Vec<&'c str>,
    whole: String,
    /// The first word, where it can stand for all.
    first: Option<&'c str>,
    /// Whether it says more than that.
    of_more: bool,
}

impl<'c> Part<'c> {
    fn of(column: &'c str) -> Option<Part<'c>> {
        let mut words: Vec<&str> = column.split(is_border).filter(|word| !word.is_empty()).collect();
        let of_more = words.len() > 1;
        if words.iter().any(|word| !TITLES.contains(word)) {
            words.retain(|word| !TITLES.contains(word));
        }
        let first = *words.first()?;
        let is_name = first.chars().nth(1).is_some() && !PARTICLES.contains(&first);
        Some(Part { first: is_name.then_some(first), whole: words.concat(), of_more, words })
    }

    /// As it is, and as its first word.
    fn names(&self) -> impl Iterator<Item = &str> {
        let first = self.first.filter(|first| *first != self.whole);
        [Some(self.whole.as_str()), first].into_iter().flatten()
    }
}

fn is_border(c: char) -> bool {
    c.is_whitespace() || "-,/".contains(c)
}

/// A folded column without what stands within words: `O'Brien`, `Q.`
fn plain(column: &[u8]) -> String {
    fold(&String::from_utf8_lossy(column)).chars().filter(|c| c.is_alphanumeric() || is_border(*c)).collect()
}

/// Whether a name is a single letter, with a full stop or without.
pub(super) fn is_initial(name: &[u8]) -> bool {
    name.is_ascii() && name.iter().filter(|c| c.is_ascii_alphanumeric()).count() == 1
}

/// The form of somebody of whom nothing is known but one name and an initial.
pub(super) fn of_initial(columns: &[&[u8]]) -> Option<String> {
    let &[one, other] = columns else { return None };
    let (initial, name) = if is_initial(one) { (one, other) } else { (other, one) };
    (is_initial(initial) && !is_initial(name)).then(|| {
        let whole = |column| plain(column).replace(is_border, "");
        format!("{}.{}", whole(initial), whole(name))
    })
}

/// Whether a text has somebody in it of whom nothing is known but one name and an initial: `C. Ross`, `Ross, C.`
pub(super) fn initial_in(words: &[&str], is: impl Fn(&str) -> bool) -> bool {
    words.iter().enumerate().filter(|(_, word)| word.len() == 1).any(|(place, initial)| {
        (1..=LONGEST_LAST).any(|length| {
            let before = place.checked_sub(length).map(|from| &words[from..place]);
            let after = words.get(place + 1..place + 1 + length);
            [before, after].into_iter().flatten().any(|name| is(&format!("{initial}.{}", name.concat())))
        })
    })
}

/// Whether there is more to a person's columns than a first and a last name of one word each.
pub(super) fn is_of_more(columns: &[&[u8]]) -> bool {
    columns.len() > 2 || columns.iter().any(|column| column.trim_ascii().iter().any(|c| b" -,\t".contains(c)))
}

/// The forms that there are of a person beside her columns, two and two, as they are.
pub(super) fn forms(columns: &[&[u8]], mut note: impl FnMut(Form<'_>)) {
    let mut scratch = String::new();
    // Preferred or legal names are three columns of their own.
    for columns in columns.chunks(3) {
        let columns: Vec<String> = columns.iter().map(|column| plain(column)).collect();
        let parts: Vec<Part<'_>> = columns.iter().filter_map(|column| Part::of(column)).collect();
        for (place, one) in parts.iter().enumerate() {
            for (other_place, other) in parts.iter().enumerate().filter(|(other, _)| *other != place) {
                if one.of_more && one.first.is_some() || other.of_more && other.first.is_some() {
                    scratch.clear();
                    scratch.extend([one, other].map(|part| part.first.unwrap_or(&part.whole)));
                    note(Form::Pair(&scratch));
                }
                let mut middle = |middle: Option<&&str>, first: &str| {
                    let Some(initial) = middle.and_then(|middle| middle.chars().next()) else { return };
                    for last in other.names() {
                        note(Form::Middle(key(first, initial, last, &mut scratch), [first, last]));
                    }
                };
                // A middle name stands behind the first one, or in a column of its own: never in the first column.
                if let Some(first) = one.first {
                    middle(one.words.get(1), first);
                }
                let third = (1..parts.len()).find(|third| ![place, other_place].contains(third) && place < other_place);
                if let Some(third) = third {
                    one.names().for_each(|first| middle(parts[third].words.first(), first));
                }
            }
        }
    }
}

/// A whole name in one column: `Ann Q Quorl` or `Quorl, Ann Q`.
pub(super) fn parted(name: &[u8]) -> Option<[Vec<u8>; 2]> {
    let text = String::from_utf8_lossy(name);
    if let Some((last, given)) = text.split_once(',') {
        return Some([last, given].map(|part| part.as_bytes().to_vec()));
    }
    let name = plain(name);
    let words: Vec<&str> = name.split(is_border).filter(|word| !word.is_empty() && !TITLES.contains(word)).collect();
    let (last, given) = words.split_last()?;
    (1..=4).contains(&given.len()).then(|| [given.join(" ").into_bytes(), last.as_bytes().to_vec()])
}

/// Columns don't say which of two names is the first.
fn key<'k>(one: &str, initial: char, other: &str, key: &'k mut String) -> &'k str {
    key.clear();
    key.push_str(one.min(other));
    key.extend(['.', initial, '.']);
    key.push_str(one.max(other));
    key
}

/// Whether a text has a person in it, with middle names: `Ann Quilla Quorl`, `Quorl, Ann Quilla`. `may_be`: whether a word
/// is one of the two names that are in such a form.
pub(super) fn any_in(words: &[&str], may_be: impl Fn(&str) -> bool, is: impl Fn(&str) -> bool) -> bool {
    let mut scratch = String::new();
    (0..words.len().saturating_sub(1)).filter(|first| may_be(words[*first])).any(|first| {
        let Some(initial) = words[first + 1].chars().next() else { return false };
        let mut is_hers = |last: Option<&[&str]>| {
            last.is_some_and(|last| is(key(words[first], initial, &last.concat(), &mut scratch)))
        };
        (1..=LONGEST_LAST).any(|length| {
            first.checked_sub(length).is_some_and(|from| is_hers(words.get(from..first)))
                || (2..=last_place(length)).any(|from| is_hers(words.get(first + from..first + from + length)))
        })
    })
}

/// How far behind the first name a last name of so many words may begin: behind several middle names it has one.
fn last_place(length: usize) -> usize {
    if length == 1 { 1 + MOST_MIDDLES } else { 2 }
}

/// Whether two words are written as a person's name: with a comma, the last one first. In a column of codes, names of letters
/// alone count only so, or with an initial: a branch may well be called *Morgan Park*.
pub(super) fn inverted(words: &Words<'_>, mut is: impl FnMut(&str) -> bool) -> bool {
    (1..words.len()).filter(|place| words.before(*place).trim() == ",").any(|place| {
        (1..=LONGEST_LAST.min(place)).any(|length| {
            let mut name = words.all[place - length..place].concat();
            words.all[place..].iter().take(LONGEST_LAST).any(|word| {
                name += word;
                is(&name)
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is searched for of a person beside her columns as they are.
    fn all(columns: &[&str]) -> Vec<String> {
        let mut all = Vec::new();
        let columns: Vec<&[u8]> = columns.iter().map(|column| column.as_bytes()).collect();
        forms(&columns, |form| match form {
            Form::Pair(key) | Form::Middle(key, _) => all.push(key.to_string()),
        });
        all
    }

    fn is_in(columns: &[&str], text: &str) -> bool {
        let forms = all(columns);
        let text = fold(text);
        any_in(&Words::of(&text).all, |_| true, |key| forms.iter().any(|form| form == key))
    }

    #[test]
    fn a_middle_name_is_found_as_its_initial_and_the_other_way_round() {
        for columns in [
            &["Quorl", "Ann Q"] as &[&str],
            &["Quorl", "Ann Quilla"],
            &["Ann", "Q.", "Quorl"],
            &["Ann", "Quilla", "Quorl"],
            &["Quorl", "Ann", "Quilla"],
            &["Quorl Jr.", "Dr. Ann Q"],
        ] {
            for text in ["Ann Quilla Quorl", "a gift of Ann Q. Quorl", "Quorl, Ann Quilla", "ann quilla rose quorl"] {
                assert!(is_in(columns, text), "{columns:?} {text}");
            }
            for text in ["Ann Rose Quorl", "Ann Quilla", "Quilla Quorl", "Ann Quorl"] {
                assert!(!is_in(columns, text), "{columns:?} {text}");
            }
        }
        assert!(is_in(&["van der Berg", "Ann Q"], "Ann Quilla van der Berg"));
        assert!(!is_in(&["Quorl", "Ann"], "Ann Quilla Quorl"), "nobody knows her middle name");
    }

    #[test]
    fn first_and_last_name_are_found_without_what_stands_beside_them() {
        for columns in [&["Quorl", "Ann Q"], &["Quorl-Smith", "Ann"], &["Quorl Jr", "Ann"], &["Quorl", "Ann-Marie"]] {
            assert!(all(columns).contains(&"annquorl".to_string()) && all(columns).contains(&"quorlann".to_string()));
        }
        assert!(all(&["van der Berg", "Ann Q"]).contains(&"annvanderberg".to_string()));
        assert!(all(&["Quorl", "Ann"]).is_empty());
        let parted =
            |name: &str| parted(name.as_bytes()).map(|parts| parts.map(|part| String::from_utf8(part).unwrap()));
        assert_eq!(parted("Quorl, Ann Q"), Some(["Quorl".into(), " Ann Q".into()]));
        assert_eq!(parted("Ann Q Quorl"), Some(["ann q".into(), "quorl".into()]));
        assert_eq!(parted("Quorl"), None);
    }

    #[test]
    fn a_comma_makes_a_name_of_two_words() {
        let found = |text: &str| inverted(&Words::of(&fold(text)), |name| name == "parkmorgan");
        assert!(found("Park, Morgan") && found("a gift of Park, Morgan Q."));
        assert!(!found("Park Morgan") && !found("Park / Morgan") && !found("Morgan Park"));
    }
}
