//! The layout of a web log, from its lines. Servers write what their own configuration says, so the usual ones are tried
//! one by one, through the reader that a night uses: what it can't read there it can't read here.
//!
//! Of the layouts that read the log, the one counts whose cells look like what they are called, and of those the one with
//! most cells. Where none does, nothing is guessed: a layout that fits by chance would move what names a reader into a cell
//! that nobody searches for.

use std::convert::Infallible;

use encoding_rs::Encoding;

use super::logs::{first_lines, web};
use crate::export::{ExportError, Found, Row};

/// What a line begins with.
const HEADS: [&str; 7] = [
    "%h %l %u %t",
    "%h %{ezproxy-session}i %u %t",
    "%v %h %l %u %t",
    "%v:%p %h %l %u %t",
    "%t %h %l %u",
    "%t %h %u",
    "%h %u %t",
];
const MIDDLE: &str = "\"%r\" %s %b";
/// What stands behind that: a session, headers, and what else servers add at the end.
const SESSIONS: [&str; 3] = ["", " %{ezproxy-session}i", " \"%{ezproxy-session}i\""];
const HEADERS: [&str; 5] = [
    "",
    " \"%{Referer}i\"",
    " \"%{User-Agent}i\"",
    " \"%{Referer}i\" \"%{User-Agent}i\"",
    " \"%{User-Agent}i\" \"%{Referer}i\"",
];
const ENDS: [&str; 9] = [
    "",
    " %{ezproxy-session}i",
    " \"%{ezproxy-session}i\"",
    " %T",
    " %D",
    " %I %O",
    " %v",
    " \"%{Cookie}i\"",
    " \"%{X-Forwarded-For}i\"",
];

/// Cells that no quote holds: where one of them doesn't look like what it is called, it is another.
const BARE: [&str; 6] = ["host", "server", "ezproxy-session", "status", "seconds", "microseconds"];

/// So many lines of a file are read by every layout that may fit, and so many by each.
const LINES: usize = 1_000;
const FIRST: usize = 40;

/// A layout, and how it reads the sample.
#[derive(Debug)]
pub struct Fitted {
    pub layout: String,
    pub cells: Vec<Cell>,
    pub read: usize,
    pub lines: usize,
}

/// What the cells of one directive look like.
#[derive(Clone, Debug)]
pub struct Cell {
    pub name: String,
    /// Lines in which it says something.
    pub says: usize,
    /// Whether it looks like what it is called.
    pub fits: bool,
}

/// Why no layout is guessed.
#[derive(Debug, thiserror::Error)]
pub enum NoLayout {
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error("of {lines} lines that were tried, the usual layout that fits best reads {read}")]
    Nothing { read: usize, lines: usize },
    #[error("{file} is written otherwise than the other files: of {lines} lines {read} fit")]
    Otherwise { file: String, read: usize, lines: usize },
}

/// Guesses the layout of one log, of which there may be several files.
pub fn layout(files: &[Found], encoding: Option<&'static Encoding>) -> Result<Fitted, NoLayout> {
    let mut samples = Vec::new();
    for found in files {
        let chunk = first_lines(found, encoding)?;
        let lines: Vec<&[u8]> = chunk.bytes().split_inclusive(|byte| *byte == b'\n').collect();
        let is_blank = |line: &&&[u8]| line.trim_ascii().is_empty();
        samples.push(lines.iter().filter(|line| !is_blank(line)).take(LINES).copied().collect::<Vec<_>>().concat());
    }
    let all = samples.concat();
    let first: Vec<u8> = all.split_inclusive(|byte| *byte == b'\n').take(FIRST).collect::<Vec<_>>().concat();
    let tried =
        candidates().filter(|layout| tried(layout, &first).is_some_and(|fitted| fitted.read * 2 > fitted.lines));
    let tried: Vec<Fitted> = tried.collect::<Vec<_>>().iter().filter_map(|layout| self::tried(layout, &all)).collect();
    let lines = count(&all);
    let sound = |fitted: &Fitted| fitted.cells.iter().all(|cell| cell.fits || !BARE.contains(&cell.name.as_str()));
    let closest = tried.iter().filter(|fitted| sound(fitted)).map(|fitted| fitted.read).max().unwrap_or(0);
    let ill = |fitted: &Fitted| fitted.cells.iter().filter(|cell| !cell.fits).count();
    let reading = tried.into_iter().filter(|fitted| is_enough(fitted.read, fitted.lines) && sound(fitted));
    // The first of those that fit alike.
    let best = reading.min_by_key(|fitted| (ill(fitted), std::cmp::Reverse((fitted.cells.len(), fitted.read))));
    let best = best.ok_or(NoLayout::Nothing { read: closest, lines })?;
    for (found, sample) in files.iter().zip(&samples) {
        let one = self::tried(&best.layout, sample).map_or(0, |fitted| fitted.read);
        if one * 2 < count(sample) {
            return Err(NoLayout::Otherwise { file: found.name(), read: one, lines: count(sample) });
        }
    }
    Ok(best)
}

/// 98 lines of 100; of a short sample all but three, and never fewer than four of five.
fn is_enough(read: usize, lines: usize) -> bool {
    let strange = lines - read;
    strange * 50 <= lines || strange <= 3 && strange * 5 <= lines
}

fn count(sample: &[u8]) -> usize {
    sample.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count()
}

fn candidates() -> impl Iterator<Item = String> {
    let tails = SESSIONS.iter().flat_map(|session| {
        let ends = ENDS.iter().filter(move |end| session.is_empty() || !end.contains("session"));
        ends.flat_map(move |end| HEADERS.iter().map(move |headers| format!("{MIDDLE}{session}{headers}{end}")))
    });
    let tails: Vec<String> = tails.collect();
    HEADS.iter().flat_map(move |head| {
        let again = head.contains("session");
        let tails = tails.iter().filter(move |tail| !again || !tail.contains("session"));
        tails.map(|tail| format!("{head} {tail}")).collect::<Vec<_>>()
    })
}

/// How a layout reads a sample.
fn tried(layout: &str, sample: &[u8]) -> Option<Fitted> {
    // Its text is UTF-8 by now.
    let dialect = web(layout, None).ok()?.dialect;
    let names = dialect.names.clone()?;
    // Before a login stands what tells nobody; without that, two words may be that and the login.
    let alone = !names.iter().any(|name| name == "ident" || name == "ezproxy-session");
    let (mut read, mut lines) = (0, 0);
    let mut met: Vec<(usize, usize)> = vec![(0, 0); names.len()];
    let _ = Row::default().parse_each::<Infallible>(sample, &dialect, |row, _| {
        lines += 1;
        if row.fault().is_none() {
            read += 1;
            for ((name, cell), (says, fits)) in names.iter().zip(row.cells()).zip(&mut met) {
                let cell = String::from_utf8_lossy(cell);
                let says_something = !matches!(cell.as_ref(), "" | "-");
                *says += usize::from(says_something);
                let two = alone && name == "user" && cell.contains(' ') && !cell.contains([',', '=']);
                *fits += usize::from(looks(name, &cell) && !two);
            }
        }
        Ok(())
    });
    let cells = names.iter().zip(met);
    let cells = cells.map(|(name, (says, fits))| Cell { name: name.clone(), says, fits: fits * 10 >= read * 9 });
    Some(Fitted { layout: layout.into(), cells: cells.collect(), read, lines })
}

/// Whether a cell looks like what it is called; where a name says nothing about that, it does.
fn looks(name: &str, cell: &str) -> bool {
    let nothing = matches!(cell, "" | "-");
    let small =
        |most: usize| nothing || cell.len() <= most && cell.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_address = |text: &str| text.trim().parse::<std::net::IpAddr>().is_ok();
    match name {
        "host" => !nothing && cell.chars().all(|c| c.is_alphanumeric() || ".:-_%[]".contains(c)),
        // Nobody runs such a service any more: what says something there is something else.
        "ident" => nothing,
        "method" => !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-'),
        "protocol" => nothing || cell.starts_with("HTTP/"),
        "status" => cell.len() == 3,
        "seconds" => small(3),
        "microseconds" => small(12),
        "server" => cell.contains('.') && cell.contains(char::is_alphabetic) || cell == "localhost",
        // EZproxy makes them of letters, small and large, and digits; a login is no such thing.
        "ezproxy-session" => {
            let has = |of: fn(&u8) -> bool| cell.bytes().any(|byte| of(&byte));
            nothing
                || (12..=64).contains(&cell.len())
                    && cell.bytes().all(|byte| byte.is_ascii_alphanumeric())
                    && has(u8::is_ascii_digit)
                    && (has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase))
        }
        "referer" => nothing || cell.contains("://") || cell.starts_with('/'),
        "user-agent" => nothing || !cell.contains("://") && cell.contains('/') || cell.contains(" ("),
        "cookie" => nothing || cell.contains('=') && !cell.contains("://"),
        "x-forwarded-for" => nothing || cell.split(',').all(is_address),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    const TIME: &str = "[03/Aug/2026:09:30:01 -0400]";

    fn guessed(lines: &[String]) -> Result<Fitted, NoLayout> {
        let text = lines.join("\n") + "\n";
        layout(&[Found::in_memory("log", text.into_bytes(), Timestamp::UNIX_EPOCH)], None)
    }

    #[test]
    fn usual_layouts_are_told_from_their_lines() {
        let request = "\"GET https://www.example.org/a b HTTP/1.1\" 200 512";
        let agent = "\"Mozilla/5.0 (X11; Linux x86_64) Gecko\"";
        let cases = [
            ("%h %l %u %t \"%r\" %s %b", format!("192.0.2.7 - zzyzx {TIME} {request}")),
            ("%h %l %u %t \"%r\" %s %b", format!("192.0.2.7 - cn=Zzyzx Quilla, ou=x {TIME} {request}")),
            ("%h %{ezproxy-session}i %u %t \"%r\" %s %b", format!("192.0.2.7 aB3dE6gH9kLmN2p zzyzx {TIME} {request}")),
            (
                "%h %l %u %t \"%r\" %s %b %{ezproxy-session}i",
                format!("192.0.2.7 - zzyzx {TIME} {request} aB3dE6gH9kLmN2p"),
            ),
            (
                "%h %l %u %t \"%r\" %s %b \"%{Referer}i\" \"%{User-Agent}i\"",
                format!("192.0.2.7 - zzyzx {TIME} {request} \"https://example.org/\" {agent}"),
            ),
            (
                "%h %l %u %t \"%r\" %s %b \"%{Referer}i\" \"%{User-Agent}i\" %{ezproxy-session}i",
                format!("192.0.2.7 - zzyzx {TIME} {request} \"-\" {agent} aB3dE6gH9kLmN2p"),
            ),
            (
                "%h %l %u %t \"%r\" %s %b \"%{Referer}i\" \"%{User-Agent}i\" %I %O",
                format!("192.0.2.7 - zzyzx {TIME} {request} \"-\" {agent} 812 9120"),
            ),
            ("%h %l %u %t \"%r\" %s %b \"%{User-Agent}i\"", format!("192.0.2.7 - zzyzx {TIME} {request} {agent}")),
            (
                "%v:%p %h %l %u %t \"%r\" %s %b \"%{Referer}i\" \"%{User-Agent}i\"",
                format!("www.example.org:443 192.0.2.7 - zzyzx {TIME} {request} \"-\" {agent}"),
            ),
            ("%h %u %t \"%r\" %s %b", format!("192.0.2.7 zzyzx {TIME} {request}")),
            ("%h %l %u %t \"%r\" %s %b", format!("192.0.2.7, 198.51.100.7, unknown - zzyzx {TIME} {request}")),
            ("%h %l %u %t \"%r\" %s %b %D", format!("192.0.2.7 - zzyzx {TIME} {request} 120431")),
        ];
        for (expected, line) in cases {
            let fitted = guessed(&vec![line.clone(); 5]).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(fitted.layout, expected, "{line}");
            assert!(fitted.cells.iter().all(|cell| cell.fits), "{line}");
        }
    }

    /// A login where none should be is a cell of its own, and doesn't look like what it is called.
    #[test]
    fn a_login_is_never_read_with_what_stands_beside_it() {
        for who in ["zzyzx -", "zzyzx quilla"] {
            let fitted = guessed(&vec![format!("192.0.2.7 {who} {TIME} \"GET / HTTP/1.1\" 200 1"); 5]).unwrap();
            assert_eq!(fitted.layout, "%h %l %u %t \"%r\" %s %b");
            assert!(fitted.cells.iter().all(|cell| cell.fits == (cell.name != "ident")), "{who}");
        }
    }

    #[test]
    fn what_fits_no_layout_is_refused() {
        let usual = format!("- zzyzx {TIME} \"GET / HTTP/1.1\" 200 1");
        for other in [
            format!("zzyzx; {TIME}; https://www.example.org; 200"),
            // What stands at the end is nothing that is known, and an address and a name are no host.
            format!("192.0.2.7 {usual} zzyzx"),
            format!("192.0.2.7, quilla {usual}"),
        ] {
            let refused = guessed(&vec![other.clone(); 5]);
            assert!(matches!(refused, Err(NoLayout::Nothing { lines: 5, read: 0 })), "{other}: {refused:?}");
        }
    }

    #[test]
    fn a_few_strange_lines_are_no_other_layout() {
        for (strange, lines, enough) in
            [(0, 1, true), (1, 4, false), (1, 5, true), (3, 19, true), (4, 40, false), (4, 200, true), (5, 200, false)]
        {
            assert_eq!(is_enough(lines - strange, lines), enough, "{strange} of {lines}");
        }
    }
}
