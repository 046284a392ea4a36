//! The ids of transactions that are due and linked.

use std::collections::BTreeMap;
use std::io::{self, Write};

use roaring::RoaringTreemap;

/// Due ids.
#[derive(Default)]
pub struct WorklistIds {
    /// By their distance from the newest of their chain.
    by_height: BTreeMap<u32, RoaringTreemap>,
    /// Those that name nobody, and leave other traces.
    unlinked: RoaringTreemap,
    /// Sorted: the text of each, where ids are texts.
    texts: Option<Vec<(u64, Box<str>)>>,
}

impl WorklistIds {
    pub fn new(texts: bool) -> WorklistIds {
        WorklistIds { by_height: BTreeMap::new(), unlinked: RoaringTreemap::new(), texts: texts.then(Vec::new) }
    }

    pub fn add(&mut self, height: u32, ids: RoaringTreemap) {
        *self.by_height.entry(height).or_default() |= ids;
    }

    pub fn add_unlinked(&mut self, ids: RoaringTreemap) {
        self.unlinked |= ids;
    }

    pub fn add_texts(&mut self, texts: Vec<(u64, Box<str>)>) {
        if let Some(all) = &mut self.texts {
            all.extend(texts);
        }
    }

    /// Once all are added.
    pub fn sort(&mut self) {
        if let Some(all) = &mut self.texts {
            all.sort_unstable();
            // The rows of an id that was given out twice.
            all.dedup();
        }
    }

    /// In the order in which they are severed, in groups of one height.
    pub fn by_height(&self) -> impl Iterator<Item = &RoaringTreemap> {
        self.by_height.values()
    }

    /// Those that name nobody, and leave other traces.
    pub fn unlinked(&self) -> &RoaringTreemap {
        &self.unlinked
    }

    pub fn is_empty(&self) -> bool {
        self.count() == 0 && self.unlinked.is_empty()
    }

    /// Those that are still linked.
    pub fn count(&self) -> u64 {
        self.by_height.values().map(RoaringTreemap::len).sum()
    }

    /// Writes an id as it stands in the library system. Digits alone, or letters, digits and a few marks (`pass::IdRule`):
    /// nothing in them needs a quote in CSV. In SQL a text stands in quotes.
    pub fn write(&self, id: u64, quote: &[u8], into: &mut impl Write) -> io::Result<()> {
        let Some(texts) = &self.texts else {
            return into.write_all(itoa::Buffer::new().format(id).as_bytes());
        };
        let missing = || io::Error::other("an id has no text; please report this fault of afterloan");
        let place = texts.binary_search_by_key(&id, |(known, _)| *known).map_err(|_| missing())?;
        into.write_all(quote)?;
        into.write_all(texts[place].1.as_bytes())?;
        into.write_all(quote)
    }
}
