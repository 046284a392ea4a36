//! Streets, and the many ways to shorten them: `12 North Main Street, Apartment 3` is `12 N Main St #3`.
//!
//! A street has a form of its own, with every such word at its shortest: `#12nmainst`. Only runs of a text that were
//! shortened likewise are held against it, so `Rd` means `Road` where a street may stand, and nowhere else.

/// Words of a street, at most.
const LONGEST: usize = 10;

/// The short form of a word that has one. After the list of the United States Postal Service, and what is common beside it.
fn short(word: &str) -> Option<&'static str> {
    Some(match word {
        "aly" | "alley" => "aly",
        "ave" | "avenue" | "av" | "aven" | "avenida" | "avda" => "ave",
        "blvd" | "boulevard" | "boul" | "bd" => "blvd",
        "brg" | "bridge" => "brg",
        "byp" | "bypass" => "byp",
        "cir" | "circle" | "circ" => "cir",
        "cl" | "close" => "cl",
        "cres" | "crescent" => "cres",
        "ct" | "court" | "crt" => "ct",
        "ctr" | "center" | "centre" => "ctr",
        "cv" | "cove" => "cv",
        "dr" | "drive" | "drv" => "dr",
        "est" | "estate" | "estates" | "ests" => "est",
        "expy" | "expressway" => "expy",
        "ext" | "extension" => "ext",
        "fwy" | "freeway" => "fwy",
        "ft" | "fort" => "ft",
        "gdns" | "gardens" | "gdn" | "garden" => "gdns",
        "grn" | "green" => "grn",
        "grv" | "grove" => "grv",
        "hl" | "hill" | "hills" | "hls" => "hl",
        "hts" | "heights" => "hts",
        "hwy" | "highway" | "hiway" => "hwy",
        "jct" | "junction" => "jct",
        "lk" | "lake" => "lk",
        "ln" | "lane" => "ln",
        "mt" | "mount" | "mountain" | "mtn" => "mt",
        "tpke" | "turnpike" | "pike" => "tpke",
        "pkwy" | "parkway" | "pky" => "pkwy",
        "pl" | "place" => "pl",
        "plz" | "plaza" | "plza" => "plz",
        "pt" | "point" => "pt",
        "rd" | "road" => "rd",
        "rdg" | "ridge" => "rdg",
        "rte" | "route" | "rt" => "rte",
        "spg" | "spring" | "springs" | "spgs" => "spg",
        "sq" | "square" => "sq",
        "st" | "street" | "str" | "strt" | "saint" => "st",
        "ter" | "terrace" | "terr" => "ter",
        "trl" | "trail" => "trl",
        "vly" | "valley" => "vly",
        "n" | "north" => "n",
        "s" | "south" => "s",
        "e" | "east" => "e",
        "w" | "west" => "w",
        "ne" | "northeast" => "ne",
        "nw" | "northwest" => "nw",
        "se" | "southeast" => "se",
        "sw" | "southwest" => "sw",
        "1st" | "first" => "1st",
        "2nd" | "second" => "2nd",
        "3rd" | "third" => "3rd",
        "4th" | "fourth" => "4th",
        "5th" | "fifth" => "5th",
        "6th" | "sixth" => "6th",
        "7th" | "seventh" => "7th",
        "8th" | "eighth" => "8th",
        "9th" | "ninth" => "9th",
        "10th" | "tenth" => "10th",
        _ => return None,
    })
}

/// What begins the number of a flat: whoever lives at `12 Main St Apt 3` lives at `12 Main St`, too.
fn is_unit(word: &str) -> bool {
    matches!(
        word,
        "apartment"
            | "apart"
            | "apt"
            | "building"
            | "bldg"
            | "flat"
            | "floor"
            | "fl"
            | "lot"
            | "no"
            | "room"
            | "rm"
            | "suite"
            | "ste"
            | "unit"
    )
}

/// Roads that have numbers themselves.
fn is_numbered(word: &str) -> bool {
    matches!(short(word), Some("hwy" | "rte" | "rd" | "fwy" | "expy" | "byp"))
}

/// German streets are one word: its beginning.
fn german(word: &str) -> Option<&str> {
    ["strasse", "str"].iter().find_map(|ending| word.strip_suffix(ending)).filter(|name| name.len() >= 3)
}

fn push(key: &mut String, word: &str) {
    match (short(word), german(word)) {
        (Some(short), _) => *key += short,
        (None, Some(name)) => {
            *key += name;
            *key += "str";
        }
        (None, None) if is_unit(word) => {}
        (None, None) => *key += word,
    }
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|c| c.is_ascii_digit())
}

/// A word that streets have, or that numbers a flat.
fn is_own(word: &str) -> bool {
    short(word).is_some() || is_unit(word) || german(word).is_some()
}

/// Whether a street may begin with it.
fn begins(word: &str) -> bool {
    has_digit(word) || is_own(word)
}

/// The forms of a street, a folded text: as it is, without what stands before its number, and without the flat. Whether they
/// say all that the text says.
pub(super) fn keys(address: &str, mut note: impl FnMut(&str)) -> bool {
    let words = || address.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut key = String::with_capacity(address.len() + 8);
    key.push('#');
    let (mut last, mut count, mut street, mut number, mut flat) = ("", 0, false, false, None);
    for word in words().skip_while(|word| !begins(word)) {
        // `12 Main St #3` has a sign for the word.
        let begins_flat = is_unit(word) || has_digit(word) && short(last).is_some() && !is_numbered(last);
        if count >= 3 && begins_flat && flat.is_none() {
            flat = Some(key.len());
        }
        // A house in a German street is two words.
        street |= german(word).is_some() || count >= 1 && is_own(word);
        number |= has_digit(word);
        count += 1;
        last = word;
        push(&mut key, word);
    }
    let is_german = || words().any(|word| short(word).is_none() && german(word).is_some());
    if !street || !number || !(2..=LONGEST).contains(&count) || count < 3 && !is_german() {
        return false;
    }
    note(&key);
    flat.into_iter().for_each(|end| note(&key[..end]));
    words().next().is_some_and(begins)
}

/// Whether a text has a street in it.
pub(super) fn any_in(words: &[&str], is: impl Fn(&str) -> bool) -> bool {
    if !words.iter().any(|word| has_digit(word)) || !words.iter().any(|word| is_own(word)) {
        return false;
    }
    let mut key = String::new();
    (0..words.len()).filter(|start| begins(words[*start])).any(|start| {
        key.clear();
        key.push('#');
        words[start..].iter().take(LONGEST).any(|word| {
            push(&mut key, word);
            is(&key)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::fold::{Words, fold};
    use super::*;

    fn lives(address: &str) -> Vec<String> {
        let mut all = Vec::new();
        keys(&fold(address), |key| all.push(key.to_string()));
        all
    }

    #[test]
    fn a_street_is_the_same_however_it_is_shortened() {
        for [one, other] in [
            ["1809 Target Road", "1809 Target Rd."],
            ["12 North Main Street", "12 N. MAIN ST"],
            ["5 Fifth Avenue", "5 5th Ave"],
            ["12 Main St Apt 3", "12 Main Street, Apartment 3"],
            ["12 Main St Apt 3", "12 Main Street #3"],
            ["12 Main St Apt 3", "12 Main Street"],
            ["12 Main St #3", "12 Main Street"],
            ["Hauptstraße 5", "Hauptstr. 5"],
            ["7 St. Mary's Close", "7 Saint Mary's Cl"],
        ] {
            for [one, other] in [[one, other], [other, one]] {
                // A text of a house is not one of a flat.
                if !other.contains('3') || one.contains('3') {
                    let text = format!("at {other} (rear)");
                    let text = fold(&text);
                    assert!(
                        any_in(&Words::of(&text).all, |key| lives(one).iter().any(|one| one == key)),
                        "{one} {other}"
                    );
                }
            }
        }
        for address in ["Broadway", "1984", "Main Street", "2 b", "Street 5", "541 374 9696"] {
            assert!(lives(address).is_empty(), "{address}");
        }
    }
}
