//! A pipeline as it is where the policy publishes no titles: as if it had never declared one. What was only there for the
//! title is neither read nor looked for, and columns of it that an export has all the same are known, and dropped.

use super::declaration::{Declaration, Lookup, Publish, Rows};
use super::fields::used;

impl Declaration {
    /// Takes out the title, and what nothing else uses.
    pub fn without_titles(&mut self) {
        let titles: Vec<Publish> = self.publish.extract_if(.., |publish| publish.is_title()).collect();
        let mut free: Vec<String> = titles.iter().flat_map(|title| title.from.columns()).cloned().collect();
        for test in &mut self.tests {
            titles.iter().for_each(|title| drop(test.expect.publish.remove(&title.name)));
        }
        // A lookup that goes may be joined by another that then goes, too.
        while let Some(name) = free.pop() {
            if used(self).any(|used| used == name) {
                continue;
            }
            match name.split_once('.').and_then(|(of, column)| Some((self.place_of(of)?, column))) {
                None => self.columns.drop.push(name),
                Some((place, column)) => {
                    let lookup = &mut self.lookups[place];
                    lookup.r#use.retain(|used| used != column);
                    lookup.drop.push(column.to_owned());
                    if is_idle(lookup) {
                        let lookup = self.lookups.remove(place);
                        self.tests.iter_mut().for_each(|test| drop(test.lookup.remove(&lookup.name)));
                        free.extend(lookup.on.into_keys());
                    }
                }
            }
        }
    }

    fn place_of(&self, lookup: &str) -> Option<usize> {
        self.lookups.iter().position(|known| known.name == lookup)
    }
}

/// Whether nothing of a lookup is asked for, and it names nobody: then it was there for the title.
fn is_idle(lookup: &Lookup) -> bool {
    let names = [&lookup.r#use, &lookup.identifiers, &lookup.names, &lookup.alone];
    matches!(lookup.rows, Rows::One) && names.into_iter().all(Vec::is_empty)
}
