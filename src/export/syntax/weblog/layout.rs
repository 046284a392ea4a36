//! The layout of a web log: a format string in EZproxy's and Apache's words, and the names of its cells.
//!
//! | Directive | Cell | | Directive | Cell |
//! |---|---|---|---|---|
//! | `%h` | host | | `%a` | address |
//! | `%l` | ident | | `%u` | user |
//! | `%t`, `%{…}t` | time, without its brackets | | `%r` | method, url, protocol |
//! | `%s`, `%>s` | status | | `%b`, `%B` | bytes |
//! | `%m` | method | | `%U`, `%U%q` | url |
//! | `%q` | query | | `%H` | protocol |
//! | `%v`, `%V` | server | | `%p` | port |
//! | `%T` | seconds | | `%D` | microseconds |
//! | `%I` | received | | `%O` | sent |
//! | `%A` | local-address | | `%P` | process |
//! | `%f` | file | | `%k` | keepalive |
//! | `%X` | connection | | `%R` | handler |
//! | `%L` | log-id | | `%{Referer}i` | referer, and so any header |
//! | `%{x}o` | reply-x | | `%{x}e`, `%{x}C`, `%{x}n` | env-x, cookie-x, note-x |
//!
//! Names are in lower case, with `-` for what is neither a letter nor a digit. One that comes twice has its number:
//! `status-2`. Conditions (`%!200,304{Referer}i`) are allowed and say nothing here.

/// Headers that hold an address, or a list of them.
const FORWARDED: [&str; 5] = ["X-Forwarded-For", "X-Real-IP", "Client-IP", "True-Client-IP", "CF-Connecting-IP"];

/// The most cells of a layout.
pub(super) const MOST: usize = 32;

/// How the lines of a web log are written.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) names: Vec<String>,
    /// What comes before the first text.
    pub(super) head: Run,
    pub(super) texts: Vec<Text>,
    /// The cell of the login, and of what the reader's own machine says of her.
    pub(super) login: Option<usize>,
    pub(super) ident: Option<usize>,
    /// Whether a login may have blanks: it stands between quotes, or the pipeline says so.
    pub(super) blanks: bool,
}

/// A cell that may hold anything, and what comes behind it.
#[derive(Debug)]
pub(super) struct Text {
    pub cell: usize,
    /// It is three cells, of which this is the first.
    pub is_request: bool,
    pub behind: Run,
}

/// Literals, and cells whose ends show.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub pieces: Vec<Piece>,
    /// Nothing follows it.
    pub ends_line: bool,
    /// A byte that it begins with, and how far from its start: the rarest. None: it is empty.
    pub anchor: Option<(u8, usize)>,
}

#[derive(Debug)]
pub(super) enum Piece {
    Literal(Vec<u8>),
    /// `until`: the byte that follows it in the layout, which it can't hold.
    Cell {
        cell: usize,
        shape: Shape,
        until: Option<u8>,
    },
}

/// What a cell looks like whose end shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// Neither blanks nor quotes, and never empty.
    Word,
    /// A word without commas: another's list doesn't end in it.
    Name,
    /// Such a word that is no address.
    Ident,
    /// A word, or a list of addresses.
    Host,
    /// The same, or nothing.
    Forwarded,
    /// What EZproxy makes up for a session, or `-`.
    Session,
    /// Digits, perhaps a point; or `-`.
    Number,
    /// `[…]`.
    Time,
}

/// A part of a format string.
enum Part {
    Literal(Vec<u8>),
    Shaped(Shape, String),
    Text(String),
    Request,
}

impl Layout {
    /// The error says what is wrong with the format string.
    pub fn new(format: &str) -> Result<Layout, String> {
        let parts = parts(format)?;
        for pair in parts.windows(2) {
            if !pair.iter().any(|part| matches!(part, Part::Literal(_))) {
                return Err("two cells stand side by side, with nothing that tells where one ends".into());
            }
        }
        let mut layout = Layout::default();
        let mut following = parts.iter().skip(1);
        for part in &parts {
            let next = following.next();
            let until = match next {
                Some(Part::Literal(literal)) => literal.first().copied(),
                _ => None,
            };
            let cell = layout.names.len();
            match part {
                Part::Literal(literal) => layout.run().pieces.push(Piece::Literal(literal.clone())),
                Part::Shaped(shape, name) => {
                    layout.run().pieces.push(Piece::Cell { cell, shape: *shape, until });
                    layout.name(name);
                }
                Part::Text(name) => {
                    layout.texts.push(Text { cell, is_request: false, behind: Run::default() });
                    layout.name(name);
                }
                Part::Request => {
                    layout.texts.push(Text { cell, is_request: true, behind: Run::default() });
                    ["method", "url", "protocol"].iter().for_each(|name| layout.name(name));
                }
            }
        }
        if layout.names.is_empty() || layout.names.len() > MOST {
            return Err(format!("a layout has at least one cell, and at most {MOST}"));
        }
        if let Some(last) = layout.texts.last_mut() {
            last.behind.ends_line = true;
        }
        layout.texts.iter_mut().for_each(|text| text.behind.find_anchor());
        layout.login = layout.names.iter().position(|name| name == "user");
        layout.ident = layout.names.iter().position(|name| name == "ident");
        let is_quote = |part: &Part, ends: bool| match part {
            Part::Literal(literal) => (if ends { literal.last() } else { literal.first() }) == Some(&b'"'),
            _ => false,
        };
        layout.blanks = parts.windows(3).any(|three| {
            matches!(&three[1], Part::Text(name) if name == "user")
                && is_quote(&three[0], true)
                && is_quote(&three[2], false)
        });
        Ok(layout)
    }

    fn run(&mut self) -> &mut Run {
        self.texts.last_mut().map_or(&mut self.head, |text| &mut text.behind)
    }

    fn name(&mut self, name: &str) {
        let again = (2..).map(|number| format!("{name}-{number}"));
        let mut names = std::iter::once(name.to_string()).chain(again);
        self.names.extend(names.find(|name| !self.names.contains(name)));
    }
}

impl Run {
    fn find_anchor(&mut self) {
        let mut begins = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(literal) => begins.extend_from_slice(literal),
                Piece::Cell { shape, .. } => {
                    begins.extend((*shape == Shape::Time).then_some(b'['));
                    break;
                }
            }
        }
        let rare = begins.iter().position(|byte| b"[]\"".contains(byte));
        let rare = rare.or_else(|| begins.iter().position(|byte| *byte != b' '));
        self.anchor = begins.get(rare.unwrap_or(0)).map(|byte| (*byte, rare.unwrap_or(0)));
    }
}

fn parts(format: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let literal = |parts: &mut Vec<Part>, byte: &[u8]| match parts.last_mut() {
        Some(Part::Literal(literal)) => literal.extend_from_slice(byte),
        _ => parts.push(Part::Literal(byte.to_vec())),
    };
    let mut rest = format;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        match (character, rest.chars().next()) {
            // As Apache's own configuration writes them.
            ('\\', Some(escaped @ ('"' | '\\'))) => {
                literal(&mut parts, &[escaped as u8]);
                rest = &rest[1..];
            }
            ('\\', Some('t')) => {
                literal(&mut parts, b"\t");
                rest = &rest[1..];
            }
            ('%', Some('%')) => {
                literal(&mut parts, b"%");
                rest = &rest[1..];
            }
            ('%', _) => {
                let (part, after) = directive(rest)?;
                match (&part, parts.last()) {
                    // A path and its query are one URL.
                    (Part::Text(query), Some(Part::Text(url))) if query == "query" && url == "url" => {}
                    _ => parts.push(part),
                }
                rest = after;
            }
            ('\n' | '\r', _) => return Err("a line of a log is one line".into()),
            (other, _) => literal(&mut parts, other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Ok(parts)
}

/// A directive after its `%`, and what follows it.
fn directive(text: &str) -> Result<(Part, &str), String> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || "!,<>".contains(c));
    let (parameter, rest) = match rest.strip_prefix('{') {
        None => (None, rest),
        Some(inner) => {
            let (parameter, rest) = inner.split_once('}').ok_or("a `{` has no `}`")?;
            (Some(parameter), rest)
        }
    };
    let letter = rest.chars().next().ok_or("a `%` stands at the end")?;
    let rest = &rest[letter.len_utf8()..];
    let own = |before: &str| {
        let name = parameter.unwrap_or_default().to_lowercase();
        let name = name.replace(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit()), "-");
        format!("{before}{name}")
    };
    let word = |name: &str| Part::Shaped(Shape::Word, name.into());
    let number = |name: &str| Part::Shaped(Shape::Number, name.into());
    let text = |name: &str| Part::Text(name.into());
    let part = match (letter, parameter) {
        ('i' | 'o' | 'e' | 'C' | 'n', None) => {
            return Err(format!("`%{letter}` needs a name: `%{{name}}{letter}`"));
        }
        ('h', _) => Part::Shaped(Shape::Host, "host".into()),
        ('a', _) => Part::Shaped(Shape::Host, "address".into()),
        ('A', _) => word("local-address"),
        ('l', _) => Part::Shaped(Shape::Ident, "ident".into()),
        ('u', _) => text("user"),
        ('t', None) => Part::Shaped(Shape::Time, "time".into()),
        ('t', Some(_)) => text("time"),
        ('r', _) => Part::Request,
        ('s', _) => number("status"),
        ('b' | 'B', _) => number("bytes"),
        ('m', _) => word("method"),
        ('U', _) => text("url"),
        ('q', _) => text("query"),
        ('H', _) => word("protocol"),
        ('v' | 'V', _) => Part::Shaped(Shape::Name, "server".into()),
        ('p', _) => number("port"),
        ('T', _) => number("seconds"),
        ('D', _) => number("microseconds"),
        ('I', _) => number("received"),
        ('O', _) => number("sent"),
        ('P', _) => number("process"),
        ('f', _) => text("file"),
        ('k', _) => number("keepalive"),
        ('X', _) => word("connection"),
        ('R', _) => word("handler"),
        ('L', _) => word("log-id"),
        // EZproxy makes it up itself, of letters and digits.
        ('i', Some(name)) if name.eq_ignore_ascii_case("ezproxy-session") => {
            Part::Shaped(Shape::Session, "ezproxy-session".into())
        }
        // What proxies write of whom they were asked by.
        ('i', Some(name)) if FORWARDED.iter().any(|known| name.eq_ignore_ascii_case(known)) => {
            Part::Shaped(Shape::Forwarded, own(""))
        }
        ('i', _) => text(&own("")),
        ('o', _) => text(&own("reply-")),
        ('e', _) => text(&own("env-")),
        ('C', _) => text(&own("cookie-")),
        ('n', _) => text(&own("note-")),
        _ => return Err(format!("`%{letter}` is no directive that is known here")),
    };
    Ok((part, rest))
}
