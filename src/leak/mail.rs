//! E-mail addresses, and how people write them so that no machine finds them: `jane [at] example {dot} org`.
//!
//! Where a text says `at`, what stands around it is held against identifiers only if some patron's host begins so. So *Dinner
//! at Eight* is no address, and nobody whose login is `dinnereight`.

use super::fold::Words;

/// Words that stand for signs. Folded, so `ät` is here, too.
const AT: [&str; 3] = ["at", "arroba", "chez"];
const DOT: [&str; 5] = ["dot", "punkt", "punto", "point", "period"];
/// What else is spoken out, or put in to mislead machines.
const OTHERS: [&str; 9] = ["underscore", "dash", "hyphen", "minus", "plus", "nospam", "remove", "removethis", "spam"];
/// Words on either side of an `@`, at most.
const LONGEST_SIDE: usize = 8;

/// The first word of an address's host.
pub(super) fn host(address: &str) -> Option<&str> {
    let (_, host) = address.split_once('@')?;
    host.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty())
}

/// Whether a text has an address in it, wherever it has an `@` or says so. `is_host`: whether a word begins a
/// host.
pub(super) fn any_in(words: &Words<'_>, is_host: impl Fn(&str) -> bool, is: impl Fn(&str) -> bool) -> bool {
    let in_sides = |left: &[&str], right: &[&str]| in_sides(left, right, &is_host, &is);
    (0..words.len()).any(|place| {
        let word = words.all[place];
        let sign = place > 0 && words.before(place).contains('@');
        let host = match () {
            () if sign => Some(&words.all[place..]),
            () if AT.contains(&word) => Some(&words.all[place + 1..]),
            () => None,
        };
        if let Some(host) = host {
            // The local part, and without its tag.
            let tag = (0..place).rev().find(|tag| words.before(*tag) == "+");
            return [Some(place), tag].into_iter().flatten().any(|end| in_sides(&words.all[..end], host));
        }
        // `doeATexample.org`, `doeATexampleDOTorg`: no sign and no border.
        let host_goes_on = place + 1 < words.len() && words.before(place + 1) == ".";
        (host_goes_on || places(word, DOT[0]).next().is_some())
            && places(word, AT[0]).any(|at| {
                let left = [&words.all[..place], &[&word[..at]]].concat();
                let right = [&[&word[at + AT[0].len()..]], &words.all[place + 1..]].concat();
                in_sides(&left, &right)
            })
    })
}

/// Where a short word stands in another. (`str::find` prepares for long ones.)
fn places(word: &str, part: &str) -> impl Iterator<Item = usize> {
    let windows = word.as_bytes().windows(part.len()).enumerate();
    windows.filter(move |(_, window)| *window == part.as_bytes()).map(|(place, _)| place)
}

/// The words next to an `@` as they are, and without those that are spoken.
fn in_sides(left: &[&str], right: &[&str], is_host: &impl Fn(&str) -> bool, is: &impl Fn(&str) -> bool) -> bool {
    let left = &left[left.len().saturating_sub(LONGEST_SIDE)..];
    let right = &right[..right.len().min(LONGEST_SIDE)];
    if right.first().is_some_and(|first| is_host(first)) && between(left, right, is) {
        return true;
    }
    let is_kept = |word: &&str| !word.is_empty() && !DOT.contains(word) && !OTHERS.contains(word);
    // `exampleDOTorg`, too.
    let right: Vec<&str> = right.iter().flat_map(|word| word.split(DOT[0])).filter(is_kept).collect();
    right.first().is_some_and(|first| is_host(first)) && {
        let left: Vec<&str> = left.iter().copied().filter(is_kept).collect();
        between(&left, &right, is)
    }
}

/// The last words before an `@` with the first after it.
fn between(left: &[&str], right: &[&str], is: &impl Fn(&str) -> bool) -> bool {
    (0..left.len()).any(|start| {
        let mut address = left[start..].concat();
        !address.is_empty()
            && right.iter().any(|word| {
                address += word;
                is(&address)
            })
    })
}

/// A folded text with signs for the words in brackets that stand for them: `(at)`, `[dot]`, `{ @ }`.
pub(super) fn with_signs(text: &str) -> Option<String> {
    let (mut read, mut rest, mut searched) = (String::new(), text, 0);
    while let Some(open) = rest[searched..].find(['(', '[', '{', '<']).map(|open| searched + open) {
        let inside = &rest[open + 1..];
        let close = inside.find([')', ']', '}', '>']);
        match close.and_then(|close| sign(inside[..close].trim()).map(|sign| (sign, close))) {
            Some((sign, close)) => {
                read += rest[..open].trim_end();
                read.push(sign);
                rest = inside[close + 1..].trim_start();
                searched = 0;
            }
            None => searched = open + 1,
        }
    }
    (!read.is_empty()).then(|| read + rest)
}

fn sign(word: &str) -> Option<char> {
    match word {
        "@" => Some('@'),
        "." => Some('.'),
        word if AT.contains(&word) => Some('@'),
        word if DOT.contains(&word) => Some('.'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_in_brackets_become_signs() {
        for (text, read) in [
            ("jane [at] example.org", Some("jane@example.org")),
            ("jane(at)example{dot}org", Some("jane@example.org")),
            ("jane <@> example [.] org", Some("jane@example.org")),
            ("meet me (at the museum)", None),
            ("(dotted)", None),
            ("[at", None),
        ] {
            assert_eq!(with_signs(text).as_deref(), read, "{text}");
        }
    }

    #[test]
    fn an_address_is_found_around_its_at() {
        let found =
            |text: &str| any_in(&Words::of(text), |host| host == "example", |address| address == "janedoeexampleorg");
        for text in [
            "jane.doe@example.org",
            "write to jane.doe at example.org today",
            "jane dot doe at example dot org",
            "jane_doe_at_example_org",
            "janedoeatexampledotorg",
            "jane.doeatexample.org",
            "jane.doe@nospam.example.org",
            "at jane doe @ example org",
            "jane.doe+books (at) example.org",
        ] {
            assert!(found(text), "{text}");
        }
        for text in ["at jane doe", "janedoe at example", "@example.org", "jane doe at"] {
            assert!(!found(text), "{text}");
        }
        assert_eq!(host("jane.doe@example.org"), Some("example"));
        assert_eq!(host("jane.doe@"), None);
    }
}
