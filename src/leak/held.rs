//! The ways in which a folded text may hold an identifier.

use super::dates::{self, Of};
use super::fold::Words;
use super::identifiers::{Identifiers, SHORTEST_IN_A_NUMBER, SHORTEST_IN_A_WORD, zip};
use super::lookalikes;
use super::mail;
use super::normal::{has_digit, is_mixed, without_zeros};
use super::numbers::whole;
use super::persons;
use super::shapes::is_isbn;
use super::streets;
use super::stretches::{Stretch, stretches};

/// Shorter numbers are found where they are words of their own; others also between letters (`x2123400y`).
const SHORTEST_BETWEEN_LETTERS: usize = 7;
/// No shorter run of words is searched for. Identifiers of more words lengthen it.
const USUAL_RUN: usize = 8;
/// Letters on either side of an `@`, at most.
const LONGEST_SIDE: usize = 64;

/// How a text was found to hold an identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Held {
    Anywhere,
    StandsAlone,
}

/// Searches a folded text. `codes`: of a column of declared codes, which can't stand alone, and in which identifiers of letters
/// alone count only where they are written as a person: a branch may be called as somebody logs in.
pub(super) fn search(identifiers: &Identifiers, text: &str, codes: bool) -> Option<Held> {
    let search = Search { identifiers, text, words: Words::of(text), codes };
    if !codes && search.stands_alone() {
        return Some(Held::StandsAlone);
    }
    let found = search.in_words()
        || search.around_initials()
        || search.in_names()
        || search.in_numbers()
        || search.in_lookalikes()
        || search.in_floats()
        || search.within_words()
        || search.in_addresses()
        || streets::any_in(&search.words.all, |street| identifiers.has(street.as_bytes()));
    found.then_some(Held::Anywhere)
}

struct Search<'s> {
    identifiers: &'s Identifiers,
    text: &'s str,
    words: Words<'s>,
    codes: bool,
}

impl Search<'_> {
    fn stands_alone(&self) -> bool {
        let all = self.words.all.concat();
        let all = all.as_bytes();
        let is = |form: &[u8]| self.identifiers.has_alone(form);
        is(all)
            || all.iter().all(u8::is_ascii_digit) && is(without_zeros(all))
            || whole(self.text).is_some_and(|number| is(&number) || is(without_zeros(&number)))
            || dates::keys(self.text, Of::Text, |date| is(date.as_bytes()))
            || zip(self.text.as_bytes()).is_some_and(is)
    }

    /// Runs of words.
    fn in_words(&self) -> bool {
        let mut run = Vec::new();
        (0..self.words.len()).any(|start| {
            run.clear();
            self.words.all[start..].iter().take(self.identifiers.longest_run(USUAL_RUN)).any(|word| {
                run.extend_from_slice(word.as_bytes());
                (!self.codes || has_digit(&run)) && self.identifiers.holds(&run)
            })
        })
    }

    /// Runs of words without the initials that people put in between.
    fn around_initials(&self) -> bool {
        let is_initial = |word: &str| word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
        let words = self.words.all.iter().enumerate();
        let rest: Vec<(usize, &str)> =
            words.filter(|(_, word)| !is_initial(word)).map(|(place, word)| (place, *word)).collect();
        if rest.len() == self.words.len() {
            return false;
        }
        let mut run = Vec::new();
        (0..rest.len()).any(|start| {
            run.clear();
            rest[start..].iter().take(self.identifiers.longest_run(USUAL_RUN)).enumerate().any(|(at, (place, word))| {
                run.extend_from_slice(word.as_bytes());
                place - rest[start].0 > at && self.identifiers.holds(&run)
            })
        })
    }

    /// First and last names with a middle name or an initial; of codes, those that are written as a person's.
    fn in_names(&self) -> bool {
        let is = |name: &str| self.identifiers.has(name.as_bytes());
        if persons::initial_in(&self.words.all, is) {
            return true;
        }
        if self.codes {
            return persons::inverted(&self.words, is);
        }
        persons::any_in(&self.words.all, |word| self.identifiers.has_name(word), is)
    }

    /// Numbers between letters, in groups, without their last digit, and within longer numbers.
    fn in_numbers(&self) -> bool {
        stretches(self.text).iter().any(|stretch| {
            self.in_stretch(stretch, SHORTEST_BETWEEN_LETTERS)
                || stretch.runs().map(|(from, to)| &stretch.digits[from..to]).any(|run| {
                    run.len() >= SHORTEST_IN_A_NUMBER && !is_isbn(run) && self.identifiers.holds_unchecked(run)
                })
                || self.within_number(stretch)
        })
    }

    fn in_stretch(&self, stretch: &Stretch, shortest: usize) -> bool {
        let mut runs = stretch.runs();
        runs.any(|(from, to)| to - from >= shortest && self.identifiers.holds(&stretch.digits[from..to]))
    }

    /// Numbers with letters that look like digits. Short ones only as a word of their own, and none within a longer one: shelf
    /// marks have such letters.
    fn in_lookalikes(&self) -> bool {
        let mut numbers = self.words.all.iter().filter_map(|word| lookalikes::number(word));
        numbers.any(|number| number.len() >= SHORTEST_BETWEEN_LETTERS && self.identifiers.holds(&number))
            || lookalikes::digits(self.text).is_some_and(|text| {
                stretches(&text).iter().any(|stretch| {
                    let mut runs = stretch.runs().map(|(from, to)| &stretch.digits[from..to]);
                    self.in_stretch(stretch, SHORTEST_IN_A_NUMBER)
                        || runs.any(|run| run.len() > SHORTEST_IN_A_NUMBER && self.identifiers.holds_unchecked(run))
                })
            })
    }

    /// Numbers that are written as floats or with an exponent.
    fn in_floats(&self) -> bool {
        let parts = |c: char| c.is_whitespace() || "()[]{}<>;:|/\"".contains(c);
        self.text.split(parts).filter_map(whole).any(|number| self.identifiers.holds(&number))
    }

    fn within_number(&self, stretch: &Stretch) -> bool {
        let isbns: Vec<(usize, usize)> =
            stretch.runs().filter(|(from, to)| is_isbn(&stretch.digits[*from..*to])).collect();
        self.identifiers.lengths_of_numbers(stretch.digits.len()).any(|length| {
            stretch.digits.windows(length).enumerate().any(|(from, number)| {
                // What is part of an ISBN is that by chance; what is the whole of it was looked for as such.
                let in_isbn = || isbns.iter().any(|isbn| isbn.0 <= from && from + length <= isbn.1);
                self.identifiers.has(number) && !in_isbn()
            })
        })
    }

    /// Identifiers with letters and digits, within longer words of both, and with O for 0.
    fn within_words(&self) -> bool {
        self.words.all.iter().filter(|word| is_mixed(word.as_bytes())).any(|word| {
            let parts = |length| word.as_bytes().windows(length);
            let within = |length| parts(length).any(|part| is_mixed(part) && self.identifiers.has(part));
            let is = |code: &String| is_mixed(code.as_bytes()) && self.identifiers.has(code.as_bytes());
            self.identifiers.lengths_of_mixed(word.len()).any(within)
                || word.len() >= SHORTEST_IN_A_WORD && lookalikes::codes(word).iter().any(is)
        })
    }

    /// E-mail addresses: with tags, with letters written on to them, and as people write them who fear machines.
    fn in_addresses(&self) -> bool {
        let written = self.text.match_indices('@').any(|(at, _)| {
            let is_local = |c: char| c.is_alphanumeric() || "._%+-'".contains(c);
            let is_host = |c: char| c.is_alphanumeric() || ".-".contains(c);
            let mut local: Vec<char> =
                self.text[..at].chars().rev().take_while(|c| is_local(*c)).take(LONGEST_SIDE).collect();
            local.reverse();
            let host: Vec<char> = self.text[at + 1..].chars().take_while(|c| is_host(*c)).take(LONGEST_SIDE).collect();
            let untagged = local.iter().position(|c| *c == '+').unwrap_or(local.len());
            [local.len(), untagged].into_iter().any(|end| self.in_address(&local[..end], &host))
        });
        written
            || mail::any_in(
                &self.words,
                |host| self.identifiers.has_host(host),
                |address| self.identifiers.has(address.as_bytes()),
            )
    }

    fn in_address(&self, local: &[char], host: &[char]) -> bool {
        (0..local.len()).any(|start| {
            let mut address: String = local[start..].iter().filter(|c| c.is_alphanumeric()).collect();
            host.iter().filter(|c| c.is_alphanumeric()).any(|c| {
                address.push(*c);
                address.len() >= SHORTEST_IN_A_WORD && self.identifiers.has(address.as_bytes())
            })
        })
    }
}
