//! The house is as it is drawn: no import runs up or sideways, and no file leads back to itself.

mod circles;
mod file;
mod floors;
mod imports;
mod named;
mod tokens;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use circles::circles;
use imports::{Arrow, Tree, arrows};

/// Everything below a folder; of other crates than the library's, nothing declares a file.
fn source(folder: &Path, below: &str, tree: &mut Tree) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            source(&path, &format!("{name}/"), tree);
        } else if name.ends_with(".rs") {
            tree.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

/// Every import of the library, and its rooms.
static HOUSE: LazyLock<(Vec<Arrow>, Vec<String>)> = LazyLock::new(|| {
    let mut tree = Tree::new();
    source(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut tree);
    let rooms = file::File::read(&tree["lib.rs"]).children.into_iter().collect();
    (arrows(&tree), rooms)
});

fn told(circles: &[circles::Circle<'_>]) -> Vec<String> {
    let told = circles.iter().map(|circle| {
        let round = circle.round.iter();
        let round: String = round.map(|arrow| format!("\n  src/{}:{}: `{}`", arrow.from, arrow.line, arrow.path)).collect();
        format!(
            "{} files lead to each other ({}). The shortest way round:{round}\n  Move what both ends need to a file of its \
             own, or let the caller hand it in",
            circle.files.len(),
            circle.files.iter().copied().collect::<Vec<_>>().join(", ")
        )
    });
    told.collect()
}

#[test]
fn no_room_imports_one_above_or_beside_it() {
    let (arrows, rooms) = &*HOUSE;
    let rooms: Vec<&str> = rooms.iter().map(String::as_str).collect();
    let drawn = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    let floors = floors::floors(&drawn, &rooms);
    let missing: Vec<&&str> = rooms.iter().filter(|room| !floors.contains_key(**room)).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md's drawing lacks {missing:?}");
    let wrong = floors::wrong(&floors, arrows);
    assert!(wrong.is_empty(), "{} imports against the drawing:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_file_leads_back_to_itself() {
    let (arrows, _) = &*HOUSE;
    assert!(arrows.len() > 500, "most imports weren't seen: {}", arrows.len());
    let told = told(&circles(arrows));
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn every_file_that_the_documents_name_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (_, rooms) = &*HOUSE;
    let (mut seen, mut missing) = (0, Vec::new());
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/decisions.md"] {
        let text = fs::read_to_string(root.join(document)).unwrap();
        for (line, name) in named::files(&text, rooms) {
            seen += 1;
            if !named::is_there(root, name) {
                missing.push(format!("{document}:{line}: `{name}`"));
            }
        }
    }
    assert!(seen > 50, "most names weren't seen: {seen}");
    assert!(missing.is_empty(), "no such file:\n{}", missing.join("\n"));
}

fn tree(files: &[(&str, &str)]) -> Vec<Arrow> {
    let files = files.iter().map(|(path, text)| (path.to_string(), text.to_string()));
    arrows(&files.collect::<BTreeMap<_, _>>())
}

fn shown(arrows: &[Arrow]) -> Vec<String> {
    arrows.iter().map(|arrow| format!("{}:{} {}", arrow.from, arrow.line, arrow.to)).collect()
}

#[test]
fn every_form_of_an_import_is_followed_to_its_file() {
    let arrows = tree(&[
        ("lib.rs", "pub mod high;\npub mod low;\npub mod other;"),
        (
            "high.rs",
            "mod child;\nmod side;\nuse crate::low::{self, Deep as Low,\n  plain::{Plain}};\nfn f() { low::deep::g() }",
        ),
        (
            "high/child.rs",
            "use super::super::other::*;\nfn f() { crate::low::fault(\"crate::high::X\", 'a', r#\"crate::high::X\"#) }",
        ),
        (
            "high/side.rs",
            "// crate::low::X\n/* crate::low::X */\nuse super::child::{Odd,};\nuse std::fs;\nfn f<'a>() { super::f() }",
        ),
        ("low.rs", "//! Low.\nmod deep;\nmod plain;\npub use deep::Deep;\npub(crate) fn fault() {}"),
        ("low/deep.rs", "pub struct Deep;\n#[cfg(test)]\nmod tests { use crate::high::X; }"),
        ("low/plain.rs", "#[cfg(test)]\nuse crate::high::X;\nuse self::own::X;\nfn f() { x.crate::high() }"),
        ("other.rs", "#[cfg(test)]\nmod tests;"),
    ]);
    let expected = [
        "high.rs:3 low/deep.rs",
        "high.rs:4 low/plain.rs",
        "high/child.rs:2 low.rs",
        "high/child.rs:1 other.rs",
        "high/side.rs:5 high.rs",
        "high/side.rs:3 high/child.rs",
    ];
    assert_eq!(shown(&arrows), expected);
}

const DRAWING: &str = "```\nnothing\n```\n```\n cli    what people say\n --------------------------\n pass   rows      act   a night\n\
                       --------------------------\n words  Kind\n```";

/// The rooms of `DRAWING`, one of which says something more.
fn rooms_where(room: &str, text: &str) -> Vec<String> {
    let rooms = ["act", "cli", "pass", "words"];
    let texts = rooms.map(|name| (format!("{name}.rs"), if name == room { text } else { "pub struct X;" }));
    let mut files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    files.push(("lib.rs", "mod act;\nmod cli;\nmod pass;\nmod words;"));
    floors::wrong(&floors::floors(DRAWING, &rooms), &tree(&files))
}

#[test]
fn an_arrow_up_or_sideways_is_found_and_one_down_is_not() {
    assert_eq!(rooms_where("cli", "use crate::{act::X, words::Y};"), Vec::<String>::new());
    let up = rooms_where("words", "\nuse crate::pass::X;");
    assert_eq!(up.len(), 1);
    assert!(up[0].starts_with("src/words.rs:2: `crate::pass::X`: words may not import pass, which stands above it"));
    let sideways = rooms_where("pass", "fn f() -> crate::act::X { crate::words::y() }");
    assert_eq!(sideways.len(), 1);
    assert!(sideways[0].starts_with("src/pass.rs:1: `crate::act::X`: pass may not import act, which stands beside it"));
}

#[test]
fn a_circle_of_files_is_found_through_a_door_plate() {
    let plate = "mod one;\nmod two;\nmod three;\npub use one::One;\npub use three::Three;";
    let files = |three| {
        [
            ("lib.rs", "mod a;"),
            ("a.rs", plate),
            ("a/one.rs", "use super::two::Two;"),
            ("a/two.rs", "use super::Three;"),
            ("a/three.rs", three),
        ]
    };
    assert!(circles(&tree(&files("pub struct Three;"))).is_empty(), "a door plate leads nowhere");
    let arrows = tree(&files("fn f() { crate::a::One }"));
    let found = circles(&arrows);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].files.len(), 3);
    assert_eq!(found[0].round.len(), 3);
    assert!(told(&found)[0].contains("src/a/two.rs:1: `super::Three`"));
}

#[test]
fn a_parent_that_uses_its_child_depends_on_it() {
    let files = |parent| [("lib.rs", "mod a;"), ("a.rs", parent), ("a/b.rs", "use super::Fault;\npub struct B;")];
    assert!(circles(&tree(&files("mod b;\npub use b::B;\npub struct Fault;"))).is_empty());
    assert_eq!(circles(&tree(&files("mod b;\npub use b::B;\npub struct Fault(B);"))).len(), 1);
    assert_eq!(circles(&tree(&files("mod b;\npub struct Fault;\nfn f() { b::B }"))).len(), 1);
}
