//! What one file says of others: its child modules, the names that it takes in, and the paths that its code walks.

use std::collections::BTreeSet;

use super::tokens::{Token, tokens};

#[derive(Debug, Default)]
pub struct File {
    pub children: BTreeSet<String>,
    pub uses: Vec<Use>,
    pub paths: Vec<Path>,
    /// Every word of the code, outside of `use`.
    pub words: BTreeSet<String>,
}

#[derive(Debug, PartialEq)]
pub struct Use {
    pub line: usize,
    /// For `*`, the last segment is that.
    pub path: Vec<String>,
    /// What the file calls it.
    pub name: String,
    /// `pub use`: a door plate. The file itself depends on it where its own code says the name.
    pub is_public: bool,
}

#[derive(Debug)]
pub struct Path {
    pub line: usize,
    pub segments: Vec<String>,
}

impl File {
    pub fn read(text: &str) -> File {
        let tokens = tokens(text);
        let at = |place: usize| tokens.get(place).map_or("", |token| token.text.as_str());
        let before = |place: usize, back: usize| place.checked_sub(back).map_or("", at);
        let mut file = File::default();
        let mut place = 0;
        while place < tokens.len() {
            match at(place) {
                "mod" if at(place + 2) == ";" => {
                    file.children.insert(at(place + 1).into());
                    place += 3;
                }
                "use" if before(place, 1) != "." => {
                    let is_public = matches!(before(place, 1), "pub" | ")");
                    let mut tree = Tree { tokens: &tokens, place: place + 1, is_public, uses: &mut file.uses };
                    tree.read(&[]);
                    place = tree.place;
                }
                word if is_word(word) => {
                    file.words.insert(word.into());
                    let starts = at(place + 1) == "::" && !matches!(before(place, 1), "::" | "." | "$");
                    let line = tokens[place].line;
                    let mut segments = vec![word.to_string()];
                    place += 1;
                    while at(place) == "::" && is_word(at(place + 1)) {
                        segments.push(at(place + 1).into());
                        file.words.insert(at(place + 1).into());
                        place += 2;
                    }
                    if starts {
                        file.paths.push(Path { line, segments });
                    }
                }
                _ => place += 1,
            }
        }
        file
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The tree behind `use`.
struct Tree<'a> {
    tokens: &'a [Token],
    place: usize,
    is_public: bool,
    uses: &'a mut Vec<Use>,
}

impl Tree<'_> {
    fn text(&self) -> &str {
        self.tokens.get(self.place).map_or(";", |token| token.text.as_str())
    }

    fn read(&mut self, above: &[String]) {
        let mut path = above.to_vec();
        loop {
            match self.text() {
                "{" => {
                    self.place += 1;
                    while !matches!(self.text(), "}" | ";") {
                        self.read(&path);
                        if self.text() == "," {
                            self.place += 1;
                        }
                    }
                    self.place += 1;
                    return;
                }
                "::" => self.place += 1,
                "as" => {
                    self.place += 1;
                    let name = self.text().to_string();
                    self.place += 1;
                    return self.take(path, Some(name));
                }
                word if is_word(word) || word == "*" => {
                    path.push(word.into());
                    self.place += 1;
                }
                _ => return self.take(path, None),
            }
        }
    }

    /// `a::b::{self}` is `a::b`.
    fn take(&mut self, mut path: Vec<String>, name: Option<String>) {
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let Some(last) = path.last().cloned() else { return };
        let line = self.tokens[self.place.saturating_sub(1)].line;
        self.uses.push(Use { line, path, name: name.unwrap_or(last), is_public: self.is_public });
    }
}
