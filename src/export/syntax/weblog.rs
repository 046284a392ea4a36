//! A line of a web log as a row of cells, by the layout that the server's own configuration declares, in EZproxy's and
//! Apache's words: `%h %l %u %t "%r" %s %b`.
//!
//! **A line is read if there is exactly one way to read it.** Neither quotes nor blanks can be trusted: a login may be a
//! name with blanks and commas, a request may hold quotes, and whether a backslash goes before them depends on the server.
//! So where a text ends is said by what the layout has behind it, and that must fit in one place alone. A line that can be
//! read in two ways, or in none, has a fault and is rejected. What the server wrote is one of the ways; so nobody can write
//! a login or a request that moves the borders.
//!
//! **And it is read by its fields' own shapes** (`shapes`): a list of forwarded addresses is one host, a login has no blank unless it
//! is a directory's name or the pipeline says `blanks`, an address is no login, and a login no session.
//!
//! Cells are as they are written: escapes stay, and so does `-`, which the pipeline names among its nulls.

mod layout;
mod shapes;

use layout::{Layout, Piece, Run, Shape, Text};

use super::{Format, LineSyntax, Mistake, Names, Sample, Syntax};
use crate::export::{Fault, Row};

pub(super) const FORMAT: Format = Format {
    name: "weblog",
    names: Names::Keys,
    is_log: true,
    is_text: true,
    comments: false,
    sheets: false,
    read: |keys| {
        let Some(layout) = keys.take::<String>("layout")? else {
            let why = "a web log needs its `layout`: the format string of the server's configuration";
            return Err(Mistake::new("format", why));
        };
        let wrong = |why| Mistake::new("layout", format!("not the layout of a web log: {why}"));
        let mut layout = Layout::new(&layout).map_err(wrong)?;
        layout.blanks |= keys.flag("blanks")?;
        Ok(Syntax::of_lines(layout))
    },
    samples: &[Sample {
        keys: r#"{"layout": "%h %l %u %t \"%r\" %s %b"}"#,
        asked: &[],
        file: "192.0.2.7 - jane [14/Mar/2014:09:39:18 -0700] \"GET http://www.jstor.org:80/stable/1 HTTP/1.1\" 200 512\n",
    }],
    wrap: None,
};

/// Where the cells lie in their line.
type Spans = [(usize, usize); layout::MOST];

impl LineSyntax for Layout {
    fn cells(&self, line: &[u8], row: &mut Row) {
        let mut spans = Spans::default();
        match self.cut(line, &mut spans) {
            Ok(()) => {
                row.begin();
                spans[..self.names.len()].iter().for_each(|(start, end)| row.push(&line[*start..*end]));
            }
            Err(fault) => row.reject(fault, self.names.len()),
        }
    }

    fn names(&self) -> &[String] {
        &self.names
    }

    fn refuses(&self, name: &str) -> Option<Mistake> {
        let why = || format!("`{name}` is no cell of the layout, which has {}", self.names.join(", "));
        self.names.iter().all(|cell| cell != name).then(|| Mistake::new("layout", why()))
    }
}

impl Layout {
    /// Finds the cells of a line that can be read in one way.
    #[inline]
    fn cut(&self, line: &[u8], spans: &mut Spans) -> Result<(), Fault> {
        let Some(first) = self.head.at(line, 0, |cell, span| spans[cell] = span) else { return Err(Fault::Malformed) };
        if self.texts.is_empty() {
            let fits = first == line.len() && self.is_itself(line, spans);
            return if fits { Ok(()) } else { Err(Fault::Malformed) };
        }
        // From the left: where each text ends at the earliest.
        let mut from = first;
        let mut ends = Spans::default();
        for (text, place) in self.texts.iter().zip(&mut ends) {
            *place = text.behind.first(line, from, spans).ok_or(Fault::Malformed)?;
            spans[text.cell] = (from, place.0);
            from = place.1;
        }
        // From the right: where it ends at the latest.
        let mut until = line.len();
        for (text, place) in self.texts.iter().zip(&ends).rev() {
            if text.behind.last(line, first, until) != Some(place.0) {
                return Err(Fault::Ambiguous);
            }
            until = place.0;
        }
        if !self.is_itself(line, spans) {
            return Err(Fault::Malformed);
        }
        for text in self.texts.iter().filter(|text| text.is_request) {
            request(line, text, spans);
        }
        Ok(())
    }
}

impl Layout {
    /// Whether a login looks like one, and stands where logins do.
    #[inline]
    fn is_itself(&self, line: &[u8], spans: &Spans) -> bool {
        let Some(login) = self.login.map(|cell| &line[spans[cell].0..spans[cell].1]) else { return true };
        let ident = self.ident.map_or(&b"-"[..], |cell| &line[spans[cell].0..spans[cell].1]);
        // Nobody runs a service that names readers there. What does is a login, if a session stands in the login's place.
        if ident != b"-" && shapes::is_session(login) {
            return false;
        }
        let has_blanks = login.iter().any(|byte| matches!(byte, b' ' | b'\t'));
        !has_blanks || shapes::is_directory_name(login) || self.blanks && !shapes::begins_with_another_cell(login)
    }
}

/// `GET http://host/path HTTP/1.1` as method, URL and protocol. Early clients named no protocol; a request that is none
/// at all (a scanner's) has three empty cells.
#[inline]
fn request(line: &[u8], text: &Text, spans: &mut Spans) {
    let (start, end) = spans[text.cell];
    let request = &line[start..end];
    let [method, url, protocol] = [text.cell, text.cell + 1, text.cell + 2];
    if request == b"-" {
        [method, url, protocol].iter().for_each(|cell| spans[*cell] = (start, end));
        return;
    }
    [method, url, protocol].iter().for_each(|cell| spans[*cell] = (end, end));
    let Some(blank) = memchr::memchr(b' ', request) else { return };
    let is_method = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if blank == 0 || !request[..blank].iter().all(is_method) {
        return;
    }
    spans[method] = (start, start + blank);
    let last = memchr::memrchr(b' ', request).unwrap_or(blank);
    if last > blank && request[last + 1..].starts_with(b"HTTP/") {
        spans[url] = (start + blank + 1, start + last);
        spans[protocol] = (start + last + 1, end);
    } else {
        spans[url] = (start + blank + 1, end);
    }
}

impl Run {
    /// Whether the run stands at `at`: where it ends. Each of its cells ends at the first byte that can't be its own, so
    /// there is one answer.
    #[inline]
    fn at(&self, line: &[u8], mut at: usize, mut put: impl FnMut(usize, (usize, usize))) -> Option<usize> {
        for piece in &self.pieces {
            match piece {
                Piece::Literal(literal) => {
                    if !line[at..].starts_with(literal) {
                        return None;
                    }
                    at += literal.len();
                }
                Piece::Cell { cell, shape, until } => {
                    let (from, to, end) = shape.end(&line[at..], *until)?;
                    put(*cell, (at + from, at + to));
                    at += end;
                }
            }
        }
        (!self.ends_line || at == line.len()).then_some(at)
    }

    /// The first place from `from` on where the run stands, and where it ends there.
    #[inline]
    fn first(&self, line: &[u8], from: usize, spans: &mut Spans) -> Option<(usize, usize)> {
        let Some((byte, offset)) = self.anchor else { return Some((line.len(), line.len())) };
        let mut next = from + offset;
        while next < line.len() {
            let start = next + memchr::memchr(byte, &line[next..])? - offset;
            if let Some(end) = self.at(line, start, |cell, span| spans[cell] = span) {
                return Some((start, end));
            }
            next = start + offset + 1;
        }
        None
    }

    /// The last place between `from` and `until` where the run stands and ends in time.
    #[inline]
    fn last(&self, line: &[u8], from: usize, until: usize) -> Option<usize> {
        let Some((byte, offset)) = self.anchor else { return Some(line.len()) };
        let mut before = until;
        while from + offset < before {
            let start = from + memchr::memrchr(byte, &line[from + offset..before])?;
            if self.at(line, start, |_, _| {}).is_some_and(|end| end <= until) {
                return Some(start);
            }
            before = start + offset;
        }
        None
    }
}

impl Shape {
    /// The cell at the beginning of `rest`: from where to where it goes, and where what follows begins.
    #[inline]
    fn end(self, rest: &[u8], until: Option<u8>) -> Option<(usize, usize, usize)> {
        let own = |byte: &u8| match self {
            Shape::Word | Shape::Host | Shape::Forwarded | Shape::Session => {
                *byte > b' ' && *byte != b'"' && *byte != 0x7F && Some(*byte) != until
            }
            Shape::Name | Shape::Ident => *byte > b' ' && !matches!(byte, b'"' | b',' | 0x7F) && Some(*byte) != until,
            Shape::Number => (byte.is_ascii_digit() || *byte == b'.') && Some(*byte) != until,
            Shape::Time => !matches!(byte, b'[' | b']' | b'"'),
        };
        let length = |rest: &[u8]| rest.iter().position(|byte| !own(byte)).unwrap_or(rest.len());
        match self {
            Shape::Word | Shape::Name => Some(length(rest)).filter(|end| *end > 0).map(|end| (0, end, end)),
            Shape::Ident => {
                let end = Some(length(rest)).filter(|end| *end > 0)?;
                (!shapes::is_address(&rest[..end])).then_some((0, end, end))
            }
            Shape::Session => {
                let end = length(rest);
                (&rest[..end] == b"-" || shapes::is_session(&rest[..end])).then_some((0, end, end))
            }
            Shape::Forwarded if !rest.first().is_some_and(own) => Some((0, 0, 0)),
            Shape::Host | Shape::Forwarded => shapes::host(rest, own),
            Shape::Number if rest.first() == Some(&b'-') => Some((0, 1, 1)),
            Shape::Number => Some(length(rest)).filter(|end| *end > 0).map(|end| (0, end, end)),
            Shape::Time => {
                let end = 1 + length(rest.strip_prefix(b"[")?);
                (rest.get(end) == Some(&b']')).then_some((1, end, end + 1))
            }
        }
    }
}

#[cfg(test)]
mod tests;
