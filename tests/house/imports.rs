//! Which file imports which: every `use` and every path in code, followed to the file that defines what it names.
//!
//! To declare a module is no import, nor is to name a module: what is taken out of it is one. A re-export is a door plate
//! that leads to the file behind it; its own file depends on that where its code uses the name.

use std::collections::BTreeMap;

use super::file::{File, Use};

/// The files of a source tree: path below `src`, text.
pub type Tree = BTreeMap<String, String>;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    pub from: String,
    pub line: usize,
    pub to: String,
    /// As it is written.
    pub path: String,
}

#[derive(Clone, Debug, PartialEq)]
enum Named {
    Module(String),
    /// The file that defines it.
    Item(String),
}

/// Modules by their path (`pass/worker`), the crate's own being empty.
struct Modules(BTreeMap<String, File>);

/// The first arrow from a file to each other one.
pub fn arrows(tree: &Tree) -> Vec<Arrow> {
    let mut modules = Modules(BTreeMap::new());
    modules.load(tree, "");
    let mut arrows: BTreeMap<(String, String), Arrow> = BTreeMap::new();
    for (module, file) in &modules.0 {
        let of_uses = file.uses.iter().filter(|one| !one.is_public || file.words.contains(&one.name));
        let mut named: Vec<(usize, &[String])> = of_uses.map(|one| (one.line, one.path.as_slice())).collect();
        named.extend(file.paths.iter().map(|path| (path.line, path.segments.as_slice())));
        named.sort();
        for (line, path) in named {
            let Some(Named::Item(to)) = modules.follow(module, path, 0) else { continue };
            if to != *module {
                let (from, to) = (file_of(module), file_of(&to));
                let key = (from.clone(), to.clone());
                arrows.entry(key).or_insert_with(|| Arrow { from, line, to, path: path.join("::") });
            }
        }
    }
    arrows.into_values().collect()
}

pub fn file_of(module: &str) -> String {
    if module.is_empty() { "lib.rs".into() } else { format!("{module}.rs") }
}

fn below(module: &str, child: &str) -> String {
    if module.is_empty() { child.into() } else { format!("{module}/{child}") }
}

impl Modules {
    fn load(&mut self, tree: &Tree, module: &str) {
        let path = file_of(module);
        let text = tree.get(&path).unwrap_or_else(|| panic!("src/{path} is declared and isn't there"));
        let file = File::read(text);
        for child in &file.children {
            self.load(tree, &below(module, child));
        }
        self.0.insert(module.into(), file);
    }

    /// What a path names, seen from a module. `None`: another crate's, or a type's own.
    fn follow(&self, module: &str, path: &[String], depth: usize) -> Option<Named> {
        let (first, rest) = path.split_first()?;
        let start = match first.as_str() {
            "crate" => Named::Module(String::new()),
            "self" => Named::Module(module.into()),
            "super" => Named::Module(module.rsplit_once('/').map_or("", |(parent, _)| parent).into()),
            _ => self.member(module, first, depth)?,
        };
        rest.iter().try_fold(start, |named, segment| match named {
            // Of a type: a variant, a function, a constant.
            Named::Item(file) => Some(Named::Item(file)),
            Named::Module(module) if segment == "super" => self.follow(&module, &["super".into()], depth),
            Named::Module(module) if segment == "*" => Some(Named::Item(module)),
            Named::Module(module) => self.member(&module, segment, depth).or(Some(Named::Item(module))),
        })
    }

    /// A name of a module that leads on: a child of it, or what it takes in.
    fn member(&self, module: &str, name: &str, depth: usize) -> Option<Named> {
        let file = self.0.get(module)?;
        if depth > 20 {
            return None;
        }
        if file.children.contains(name) {
            return Some(Named::Module(below(module, name)));
        }
        let follow = |one: &Use| self.follow(module, &one.path, depth + 1);
        file.uses.iter().filter(|one| one.name == name).find_map(follow)
    }
}
