//! Logs that need no guess: there is a pipeline for them, and a row of a log isn't a row of a table.

/// So many lines are looked at.
const LINES: usize = 50;

/// Which log it is, and what to do instead of guessing.
pub(super) fn log(text: &str) -> Option<&'static str> {
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(LINES);
    let most =
        |is: fn(&str) -> bool| lines().count() > 0 && lines().filter(|line| is(line)).count() * 2 > lines().count();
    if most(is_web) {
        return Some(
            "it is a web server's or proxy's log, and needs no guess: `afterloan init DIR --ils SYSTEM --with ezproxy` has \
             a pipeline for such logs, in which `layout` is what your server's LogFormat says",
        );
    }
    most(is_symphony).then_some(
        "it is Symphony's history log, and needs no guess: `afterloan init DIR --ils symphony-log` has a pipeline for it",
    )
}

/// A time as web servers write it: `[03/Aug/2026:09:30:01 -0400]`.
fn is_web(line: &str) -> bool {
    line.match_indices('[').any(|(at, _)| {
        let time: String = line[at..].chars().take(28).map(shape).collect();
        time == "[99/aaa/9999:99:99:99 -9999]" || time == "[99/aaa/9999:99:99:99 +9999]"
    })
}

/// `E`, a time, and cells between carets: `E202608031012440634R ^S86CV…`.
fn is_symphony(line: &str) -> bool {
    let start: String = line.chars().take(15).map(shape).collect();
    start == "a99999999999999" && line.starts_with('E') && line.contains(" ^S")
}

fn shape(c: char) -> char {
    match c {
        '0'..='9' => '9',
        c if c.is_ascii_alphabetic() => 'a',
        c => c,
    }
}
