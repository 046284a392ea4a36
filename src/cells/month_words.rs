//! Names of months, and of the halves of a day, in the languages that library systems and office programs speak: `15-FÉV-26`,
//! `3 mei 2026`, `9:30 p. m.`. What is written in them is read as English is.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a month's name begins with, in letters without accents. None of these means two months, in whatever languages.
/// English, German, French, Spanish, Portuguese, Dutch, Italian, Swedish, Finnish.
const MONTHS: [(&str, &[&str]); 12] = [
    ("Jan", &["jan", "ene", "gen", "tammi"]),
    ("Feb", &["feb", "fev", "helmi"]),
    ("Mar", &["mar", "mrz", "mae", "mrt", "maa"]),
    ("Apr", &["apr", "abr", "avr", "huhti"]),
    ("May", &["may", "mai", "mei", "mag", "maj", "tou"]),
    ("Jun", &["jun", "juin", "giu", "kes"]),
    ("Jul", &["jul", "juil", "lug", "hei"]),
    ("Aug", &["aug", "ago", "aou", "elo"]),
    ("Sep", &["sep", "set", "syy"]),
    ("Oct", &["oct", "okt", "out", "ott", "lok"]),
    ("Nov", &["nov", "marras"]),
    ("Dec", &["dec", "dez", "dic", "des", "jou"]),
];

/// A month by its name or the beginning of it, of three letters or more.
fn month(word: &str) -> Option<&'static str> {
    let plain: String = word.to_lowercase().nfd().filter(|c| !is_combining_mark(*c)).collect();
    if plain.len() < 3 {
        return None;
    }
    // `marras` is November and `mars` March: the longer beginning counts.
    let all = MONTHS.iter().flat_map(|(month, begins)| begins.iter().map(move |begin| (*month, *begin)));
    let fits = all.filter(|(_, begin)| plain.starts_with(begin));
    fits.max_by_key(|(_, begin)| begin.len()).map(|(month, _)| month)
}

/// Whether a word names a month.
pub fn is_month(word: &str) -> bool {
    month(word).is_some()
}

/// A time with its words in English; None where it has none that are otherwise.
pub(super) fn in_english(cell: &str) -> Option<String> {
    let mut english = String::with_capacity(cell.len());
    let mut changed = false;
    let mut rest = cell;
    while let Some(first) = rest.chars().next() {
        let halves = [
            ("a. m.", "AM"),
            ("p. m.", "PM"),
            ("a.\u{a0}m.", "AM"),
            ("p.\u{a0}m.", "PM"),
            ("a.m.", "AM"),
            ("p.m.", "PM"),
        ];
        if let Some((written, meant)) = halves
            .iter()
            .find(|(written, _)| rest.get(..written.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(written)))
        {
            english += meant;
            changed = true;
            rest = &rest[written.len()..];
            continue;
        }
        if !first.is_alphabetic() {
            // A blank that doesn't break a line is a blank.
            changed |= matches!(first, '\u{a0}' | '\u{202f}');
            english.push(if matches!(first, '\u{a0}' | '\u{202f}') { ' ' } else { first });
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        match month(word) {
            Some(month) => {
                changed |= month != word;
                english += month;
                // `févr.`
                if let Some(after) =
                    rest.strip_prefix('.').filter(|after| !after.starts_with(|c: char| c.is_ascii_digit()))
                {
                    changed = true;
                    rest = after;
                }
            }
            None => english += word,
        }
    }
    changed.then_some(english)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All twelve, as nine languages write and shorten them.
    #[test]
    fn months_are_known_in_nine_languages() {
        let english = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        for names in [
            "January February March April May June July August September October November December",
            "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
            "januari februari maart april mei juni juli augustus september oktober november december",
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
            "januari februari mars april maj juni juli augusti september oktober november december",
            "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
            "JAN FEB MRZ APR MAI JUN JUL AUG SEP OKT NOV DEZ",
            "janv févr mars avr mai juin juil août sept oct nov déc",
            "ene feb mar abr may jun jul ago sept oct nov dic",
            "jan fev mar abr mai jun jul ago set out nov dez",
            "jan feb mrt apr mei jun jul aug sep okt nov dec",
            "gen feb mar apr mag giu lug ago set ott nov dic",
        ] {
            let read: Vec<Option<&str>> = names.split(' ').map(month).collect();
            assert_eq!(read, english.map(Some), "{names}");
        }
        for word in ["AM", "PM", "T", "de", "klo", "kl", "UTC", "Z", "um", "Uhr"] {
            assert_eq!(month(word), None, "{word}");
        }
    }

    #[test]
    fn times_are_said_in_english() {
        for (cell, english) in [
            ("15-FÉV-26", Some("15-Feb-26")),
            ("3 févr. 2026 09:30", Some("3 Feb 2026 09:30")),
            ("31/10/2026 9:30 p. m.", Some("31/10/2026 9:30 PM")),
            ("31.Okt.2026", Some("31.Oct.2026")),
            ("12-Feb-26", None),
            ("2026-10-31", None),
        ] {
            assert_eq!(in_english(cell).as_deref(), english, "{cell}");
        }
    }
}
