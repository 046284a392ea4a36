//! The drawing of the house in ARCHITECTURE.md: which room stands on which floor.

use std::collections::BTreeMap;

use super::imports::Arrow;

/// Floors by room, counted from the top.
pub type Floors = BTreeMap<String, usize>;

/// The first drawing with floors in a text. A line of dashes is a ceiling; a cell (two blanks end it) that is the name of
/// a room places it.
pub fn floors(text: &str, rooms: &[&str]) -> Floors {
    let mut blocks = text.split("```").skip(1).step_by(2);
    let drawing = blocks.find(|block| block.lines().any(is_ceiling)).unwrap_or("");
    let mut floors = Floors::new();
    let mut floor = 0;
    for line in drawing.lines() {
        if is_ceiling(line) {
            floor += 1;
        }
        for room in line.split("  ").map(str::trim).filter(|cell| rooms.contains(cell)) {
            let before = floors.insert(room.to_string(), floor);
            assert_eq!(before, None, "the room {room} stands twice in the drawing");
        }
    }
    floors
}

fn is_ceiling(line: &str) -> bool {
    line.trim().len() > 20 && line.trim().chars().all(|c| c == '-')
}

/// The room of a file; `lib.rs`, which only names them, is in none.
pub fn room(file: &str) -> Option<&str> {
    file.split(['/', '.']).next().filter(|room| *room != "lib")
}

/// What is wrong with the arrows between rooms.
pub fn wrong(floors: &Floors, arrows: &[Arrow]) -> Vec<String> {
    let mut wrong = Vec::new();
    for arrow in arrows {
        let (Some(from), Some(to)) = (room(&arrow.from), room(&arrow.to)) else { continue };
        if from == to {
            continue;
        }
        let Arrow { from: file, line, path, .. } = arrow;
        let (Some(here), Some(there)) = (floors.get(from), floors.get(to)) else {
            wrong.push(format!(
                "src/{file}:{line}: `{path}`: give {from} and {to} a floor in ARCHITECTURE.md's drawing"
            ));
            continue;
        };
        let what = match here.cmp(there) {
            std::cmp::Ordering::Less => continue,
            std::cmp::Ordering::Equal => "stands beside it",
            std::cmp::Ordering::Greater => "stands above it",
        };
        wrong.push(format!(
            "src/{file}:{line}: `{path}`: {from} may not import {to}, which {what} in ARCHITECTURE.md's drawing. Move what \
             both need to a room below both, or let the caller hand it in"
        ));
    }
    wrong
}
