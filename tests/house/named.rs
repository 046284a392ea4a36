//! The files that a document names, such as `release/cover` or `tests/house`.

use std::path::Path;

/// The names in backticks that lead below a room or `tests`, with their lines.
pub fn files<'a>(text: &'a str, rooms: &[String]) -> Vec<(usize, &'a str)> {
    let is_name = |name: &str| {
        let first = name.split('/').next().unwrap_or_default();
        let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || b"/_-".contains(&byte));
        plain
            && name.contains('/')
            && !name.ends_with('/')
            && (first == "tests" || rooms.iter().any(|room| room == first))
    };
    let lines = text.lines().enumerate();
    lines
        .flat_map(|(at, line)| line.split('`').skip(1).step_by(2).map(move |name| (at + 1, name)))
        .filter(|(_, name)| is_name(name))
        .collect()
}

/// Whether it is a file of the library or of the tests, or a folder.
pub fn is_there(root: &Path, name: &str) -> bool {
    let below = if name.starts_with("tests/") { root.to_path_buf() } else { root.join("src") };
    below.join(format!("{name}.rs")).is_file() || below.join(name).is_dir()
}
