use proptest::prelude::*;

use super::*;

const COMMON: &str = r#"%h %l %u %t "%r" %s %b"#;
const COMBINED: &str = r#"%h %l %u %t \"%r\" %>s %b "%{Referer}i" "%{User-Agent}i""#;

fn read(format: &str, line: &str) -> Result<String, Fault> {
    let layout = Layout::new(format).unwrap();
    let mut row = Row::default();
    layout.cells(line.as_bytes(), &mut row);
    assert_eq!(row.len(), layout.names.len());
    let cells: Vec<_> = row.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
    match row.fault() {
        None => Ok(cells.join("|")),
        Some(fault) => {
            assert!(row.cells().all(<[u8]>::is_empty));
            Err(fault)
        }
    }
}

#[test]
fn lines_become_cells() {
    let cases = [
        (
            COMMON,
            r#"192.0.2.7 - jane [14/Mar/2014:09:39:18 -0700] "GET http://www.jstor.org:80/stable/1 HTTP/1.1" 200 512"#,
            "192.0.2.7|-|jane|14/Mar/2014:09:39:18 -0700|GET|http://www.jstor.org:80/stable/1|HTTP/1.1|200|512",
        ),
        // A directory's name, with blanks, commas and a quote; an IPv6 address; nothing sent.
        (
            COMMON,
            r#"2001:db8::7 - cn=Jane "J" Doe, ou=Staff+Faculty [x] "GET /a HTTP/1.0" 304 -"#,
            r#"2001:db8::7|-|cn=Jane "J" Doe, ou=Staff+Faculty|x|GET|/a|HTTP/1.0|304|-"#,
        ),
        // Quotes within the request, escaped and not, and blanks; no protocol.
        (COMMON, r#"h - - [x] "GET /a"b\" 200 c HTTP/1.1" 200 5"#, r#"h|-|-|x|GET|/a"b\" 200 c|HTTP/1.1|200|5"#),
        (COMMON, r#"h - u [x] "GET /a" 200 5"#, "h|-|u|x|GET|/a||200|5"),
        (COMMON, r#"h - u [x] "CONNECT a.example:443 HTTP/1.1" 200 5"#, "h|-|u|x|CONNECT|a.example:443|HTTP/1.1|200|5"),
        (COMMON, r#"h - u [x] "-" 408 -"#, "h|-|u|x|-|-|-|408|-"),
        (COMMON, r#"h - u [x] "\x16\x03\x01 a" 400 0"#, "h|-|u|x||||400|0"),
        (COMMON, r#"h - u [x] "" 400 0"#, "h|-|u|x||||400|0"),
        (
            COMBINED,
            r#"h - u [x] "GET /a HTTP/1.1" 200 5 "http://b/?q=\"c d\"" "Mozilla/5.0 (X; \"Y\")""#,
            r#"h|-|u|x|GET|/a|HTTP/1.1|200|5|http://b/?q=\"c d\"|Mozilla/5.0 (X; \"Y\")"#,
        ),
        (
            r#"%v:%p %h %m "%U%q" %H %T"#,
            r#"a.example:443 h GET "/a?b c" HTTP/2 0"#,
            "a.example|443|h|GET|/a?b c|HTTP/2|0",
        ),
        (
            r"%{ezproxy-session}i %u [%{%Y-%m-%d}t] %{ezproxy-groups}i",
            "fX2aB9dE6gH9k jane [2026-08-01] Default+staff",
            "fX2aB9dE6gH9k|jane|2026-08-01|Default+staff",
        ),
        ("%!200,304s %s %% %{X-A.b}i", "200 404 % y", "200|404|y"),
        ("%s\t%u", "200\tjane", "200|jane"),
        // What proxies add is no part of what stands behind it.
        (
            COMMON,
            r#"203.0.113.7, 198.51.100.0, 192.0.2.11 - jane [x] "GET /a HTTP/1.0" 304 -"#,
            "203.0.113.7|-|jane|x|GET|/a|HTTP/1.0|304|-",
        ),
        (COMMON, r#"unknown,[2001:db8::7]:443 - - [x] "-" 408 -"#, "2001:db8::7|-|-|x|-|-|-|408|-"),
        (r"%{X-Forwarded-For}i %l %u %t", "203.0.113.7, 198.51.100.1 - jane [x]", "203.0.113.7|-|jane|x"),
        (r#"%h "%u" %t "%{X-Forwarded-For}i""#, r#"h "Jane Doe" [x] """#, "h|Jane Doe|x|"),
    ];
    for (format, line, cells) in cases {
        assert_eq!(read(format, line).as_deref(), Ok(cells), "{format}: {line}");
    }
}

#[test]
fn a_line_that_does_not_fit_or_fits_twice_is_no_row() {
    let cases = [
        (COMMON, "", Fault::Malformed),
        (COMMON, r#"h - u [x] "GET /a HTTP/1.1 200 5"#, Fault::Malformed),
        (COMMON, r#"h - u [x] GET /a HTTP/1.1" 200 5"#, Fault::Malformed),
        (COMMON, r#"h - u [x] "GET /a HTTP/1.1" 200"#, Fault::Malformed),
        (COMMON, r#"h - u [x] "GET /a HTTP/1.1" 200 5 "-""#, Fault::Malformed),
        (COMMON, r#"h - u [x] "GET /a HTTP/1.1" OK 5"#, Fault::Malformed),
        (COMMON, r#"h - u x "GET /a HTTP/1.1" 200 5"#, Fault::Malformed),
        (COMMON, r#"h - [x] "GET /a HTTP/1.1" 200 5"#, Fault::Malformed),
        // What stands before a login is no part of it; an address is no login's, and a login no session's.
        (COMMON, r#"203.0.113.7; 198.51.100.1 - jane [x] "GET /a HTTP/1.1" 200 5"#, Fault::Malformed),
        (COMMON, r#"203.0.113.7, jane - jane [x] "GET /a HTTP/1.1" 200 5"#, Fault::Malformed),
        (COMMON, r#"203.0.113.7 198.51.100.1 jane [x] "GET /a HTTP/1.1" 200 5"#, Fault::Malformed),
        (COMMON, r#"h - - jane [x] "GET /a HTTP/1.1" 200 5"#, Fault::Malformed),
        (COMMON, r#"h - Jane Doe [x] "GET /a HTTP/1.1" 200 5"#, Fault::Malformed),
        (COMMON, r#"h jane aB3dE6gH9kLmN2p [x] "GET /a HTTP/1.1" 200 5"#, Fault::Malformed),
        ("%h %{ezproxy-session}i %u %t", "h jane aB3dE6gH9kLmN2p [x]", Fault::Malformed),
        ("%h %u %{ezproxy-session}i %t", "h aB3dE6gH9kLmN2p jane [x]", Fault::Malformed),
        ("%v %h %l %u %t", "203.0.113.7, 198.51.100.1 - jane [x]", Fault::Malformed),
        // A login or a request that would move the borders.
        (COMMON, r#"h - a [x] "b [y] "GET /a HTTP/1.1" 200 5"#, Fault::Ambiguous),
        (COMMON, r#"h - a [x] "GET /a [y] "b HTTP/1.1" 200 5"#, Fault::Ambiguous),
        (COMBINED, r#"h - u [x] "GET /a HTTP/1.1" 200 5 "a" "b" "c""#, Fault::Ambiguous),
        // EZproxy writes quotes as they are: a backslash before one says nothing.
        (COMBINED, r#"h - u [x] "GET /a HTTP/1.1" 200 5 "a\" "b" "c""#, Fault::Ambiguous),
        (COMBINED, r#"h - u [x] "GET /" 200 5 "a HTTP/1.1" 200 5 "b" "c""#, Fault::Ambiguous),
        ("%u %{ezproxy-groups}i %s", "Jane Doe Default+staff 200", Fault::Ambiguous),
    ];
    for (format, line, fault) in cases {
        assert_eq!(read(format, line), Err(fault), "{format}: {line}");
    }
}

#[test]
fn a_login_has_blanks_where_the_pipeline_says_so() {
    let line = br#"h - Jane Doe [x] "GET /a HTTP/1.1" 200 5"#;
    let layout = Layout { blanks: true, ..Layout::new(COMMON).unwrap() };
    let mut row = Row::default();
    layout.cells(line, &mut row);
    assert_eq!((row.fault(), row.cell(2)), (None, &b"Jane Doe"[..]));
    for moved in [&br#"h x 192.0.2.1 - jane [x] "GET /a HTTP/1.1" 200 5"#[..], br#"h x - jane [x] "-" 408 -"#] {
        layout.cells(moved, &mut row);
        assert_eq!(row.fault(), Some(Fault::Malformed));
    }
}

#[test]
fn cells_have_names() {
    let names = |format: &str| Layout::new(format).unwrap().names().join(" ");
    assert_eq!(names(COMMON), "host ident user time method url protocol status bytes");
    assert_eq!(names(COMBINED).split(' ').skip(9).collect::<Vec<_>>(), ["referer", "user-agent"]);
    assert_eq!(
        names(r#"%s %>s %U "%r" %{X.Y}e %{Set-Cookie}o"#),
        "status status-2 url method url-2 protocol env-x-y reply-set-cookie"
    );
}

#[test]
fn a_layout_that_says_too_little_is_refused() {
    let cases = [
        ("", "at least one cell"),
        ("abc", "at least one cell"),
        ("%h%l", "side by side"),
        ("%u%t", "side by side"),
        ("%h %Z", "`%Z` is no directive"),
        ("%h %i", "needs a name"),
        ("%h %{Referer", "no `}`"),
        ("%h %", "at the end"),
        ("%h\n%l", "one line"),
    ];
    for (format, why) in cases {
        let error = Layout::new(format).unwrap_err();
        assert!(error.contains(why), "{format}: {error}");
    }
    let many: Vec<String> = (0..40).map(|n| format!("%{{h{n}}}i")).collect();
    assert!(Layout::new(&many.join(" ")).is_err());
}

/// Every way in which the line can be read from `at` on: cells in order, by trying everything.
fn ways(layout: &Layout, line: &[u8]) -> Vec<Vec<(usize, usize)>> {
    enum Item<'l> {
        Literal(&'l [u8]),
        Shaped(Shape, Option<u8>),
        Anything,
    }
    fn walk(
        items: &[Item<'_>],
        line: &[u8],
        at: usize,
        cells: &mut Vec<(usize, usize)>,
        all: &mut Vec<Vec<(usize, usize)>>,
    ) {
        let Some((item, rest)) = items.split_first() else {
            if at == line.len() {
                all.push(cells.clone());
            }
            return;
        };
        if let Item::Literal(literal) = item {
            if line[at..].starts_with(literal) {
                walk(rest, line, at + literal.len(), cells, all);
            }
            return;
        }
        for end in at..=line.len() {
            let cell = &line[at..end];
            let (fits, inner) = match item {
                Item::Shaped(Shape::Word | Shape::Host, until) => {
                    let own = |c: &u8| *c > b' ' && *c != b'"' && *c != 0x7F && Some(*c) != *until;
                    (!cell.is_empty() && cell.iter().all(own), (at, end))
                }
                Item::Shaped(Shape::Number, until) => {
                    let own = |c: &u8| (c.is_ascii_digit() || *c == b'.') && Some(*c) != *until;
                    (cell == b"-" || !cell.is_empty() && cell.iter().all(own), (at, end))
                }
                Item::Shaped(Shape::Time, _) => {
                    let inner = cell.strip_prefix(b"[").and_then(|cell| cell.strip_suffix(b"]"));
                    (inner.is_some_and(|inner| !inner.iter().any(|c| b"[]\"".contains(c))), (at + 1, end.max(1) - 1))
                }
                _ => (true, (at, end)),
            };
            if fits {
                cells.push(inner);
                walk(rest, line, end, cells, all);
                cells.pop();
            }
        }
    }
    let mut items = Vec::new();
    let runs = std::iter::once(&layout.head).chain(layout.texts.iter().map(|text| &text.behind));
    for (place, run) in runs.enumerate() {
        items.extend((place > 0).then_some(Item::Anything));
        items.extend(run.pieces.iter().map(|piece| match piece {
            Piece::Literal(literal) => Item::Literal(literal),
            Piece::Cell { shape, until, .. } => Item::Shaped(*shape, *until),
        }));
    }
    let mut all = Vec::new();
    walk(&items, line, 0, &mut Vec::new(), &mut all);
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    /// Whoever tries everything finds one way to read a line exactly where it is read, and the same cells.
    #[test]
    fn a_line_is_read_if_there_is_exactly_one_way(
        format in prop::sample::select(&[
            r#"%h %u %t "%{x}i" %s"#, r#"%u %t "%{x}i" "%{y}i""#, "%h:%p %u %s", "%u %{x}i", "%{x}i.%s", r#""%{x}i" %s "%{y}i""#,
            "%{x}i", "%h %s", "%u:%s", r"%t %u [%{x}t] %s",
        ][..]),
        line in r#"(a|1|-| |:|\.|"|\[|\]|" "|\[1\] "| \[1\] "a" 1|" 1){0,12}"#,
    ) {
        let layout = Layout::new(format).unwrap();
        let mut spans = Spans::default();
        let cut = layout.cut(line.as_bytes(), &mut spans);
        let ways = ways(&layout, line.as_bytes());
        let expected = match &ways[..] {
            [] => Err(Fault::Malformed),
            [one] => Ok(&one[..]),
            _ => Err(Fault::Ambiguous),
        };
        // By its own shape a login has no blank.
        let login = layout.login.and_then(|cell| Some(&line.as_bytes()[expected.ok()?[cell].0..expected.ok()?[cell].1]));
        let expected = if login.is_some_and(|login| login.contains(&b' ')) { Err(Fault::Malformed) } else { expected };
        prop_assert_eq!(cut.map(|()| &spans[..layout.names.len()]), expected, "{} {:?}", format, line);
    }

    /// No line and no layout makes it panic.
    #[test]
    fn any_bytes_can_be_tried(line in prop::collection::vec(any::<u8>(), 0..80), format in "(%[a-zA-Z]|%\\{a\\}i|[ \":\\[\\]]){0,8}") {
        for format in [COMMON, COMBINED, &format] {
            if let Ok(layout) = Layout::new(format) {
                layout.cells(&line, &mut Row::default());
            }
        }
    }
}
