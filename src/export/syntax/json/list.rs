//! A JSON document as an API pages it, or an array, turned into one object a line while it is read. It never lies in
//! memory whole.
//!
//! With `records` the document is an object, and the list is its member of that name; several documents may follow one
//! another. Without, the document is an array, or the objects stand there one after the other. A document that ends too
//! early is an error, and so is a list of anything but objects. A list without any is told from a file that holds none: it
//! comes as an empty line, unless the document counts more (`"totalRecords": 12`).

use std::io::{self, Read};
use std::sync::Arc;

const BLOCK: usize = 1 << 16;

pub(super) struct Lines<R> {
    inner: R,
    records: Option<Arc<str>>,
    input: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
    /// What each open bracket is: `{` or `[`.
    open: Vec<u8>,
    /// Within a text; whether the last byte was a backslash.
    text: Option<bool>,
    /// A line end stood within a record's text, and nothing but blanks since.
    torn: bool,
    /// The text that was read last at the document's first level, and the member it names once a colon followed.
    last: Vec<u8>,
    member: Vec<u8>,
    /// How many brackets were open where the record began.
    record: Option<usize>,
    /// The document at hand has the list.
    met: bool,
    /// Some document had it; whether a record was in one; and what the documents' own totals say at most.
    listed: bool,
    any: bool,
    total: u64,
    /// The digits of the total that is being read.
    counting: u64,
    /// How many bytes of a byte order mark may still come.
    mark: usize,
    ended: bool,
}

/// A control character that no JSON text may hold, in place of a line end that none may hold either.
const SUBSTITUTE: u8 = 0x1A;

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The longest name of a member that is remembered.
const NAME: usize = 256;

fn wrong(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

impl<R: Read> Lines<R> {
    pub fn new(inner: R, records: Option<Arc<str>>) -> Lines<R> {
        Lines {
            inner,
            records,
            input: vec![0; BLOCK],
            ready: Vec::with_capacity(BLOCK * 2),
            given: 0,
            open: Vec::new(),
            text: None,
            torn: false,
            last: Vec::new(),
            member: Vec::new(),
            record: None,
            met: false,
            listed: false,
            any: false,
            total: 0,
            counting: 0,
            mark: MARK.len(),
            ended: false,
        }
    }

    /// Whether an object that begins here is a record.
    fn in_list(&self) -> bool {
        match &self.records {
            Some(records) => self.open == b"{[" && self.member == records.as_bytes(),
            None => self.open.is_empty() || self.open == b"[",
        }
    }

    fn step(&mut self, byte: u8) -> io::Result<()> {
        if self.mark > 0 && byte == MARK[MARK.len() - self.mark] {
            self.mark -= 1;
            return Ok(());
        }
        self.mark = 0;
        if self.torn && byte == b'{' {
            self.give_up();
        }
        self.torn &= matches!(byte, b' ' | b'\t' | b'\r');
        if let Some(escaped) = self.text {
            self.text = match (escaped, byte) {
                (false, b'"') => None,
                (false, b'\\') => Some(true),
                _ => Some(false),
            };
            if self.record.is_some() {
                // No JSON text holds a line end as it is: its record is rejected, and must not be cut in two before.
                self.torn |= byte == b'\n';
                self.ready.push(if byte == b'\n' { SUBSTITUTE } else { byte });
            } else if self.text.is_some() && self.last.len() < NAME {
                self.last.push(byte);
            }
            return Ok(());
        }
        let blank = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        let within = self.record.is_none() && !blank;
        if within && self.in_list() && !matches!(byte, b'{' | b'}' | b'[' | b']' | b',')
            || within && byte == b'[' && self.in_list() && !self.open.is_empty()
        {
            return Err(wrong("the list of records holds something else than objects"));
        }
        // A page that failed (`502 Bad Gateway`) is no document.
        if within && self.records.is_some() && self.open.is_empty() && byte != b'{' {
            return Err(wrong("between the documents stands something else"));
        }
        let begins = byte == b'{' && self.record.is_none() && self.in_list() && !self.is_document();
        if begins {
            self.record = Some(self.open.len());
            self.any = true;
        }
        if within && self.records.is_some() && self.open == b"{" && byte.is_ascii_digit() && self.counts() {
            self.counting = self.counting.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
            self.total = self.total.max(self.counting);
        }
        if self.record.is_some() {
            // A line end between members would cut the record.
            self.ready.push(if matches!(byte, b'\n' | b'\r') { b' ' } else { byte });
        }
        match byte {
            b'"' => {
                self.text = Some(false);
                self.last.clear();
            }
            b':' if self.open == b"{" => {
                self.member = std::mem::take(&mut self.last);
                self.counting = 0;
            }
            b'{' | b'[' => {
                if self.open.len() > 500 {
                    return Err(wrong("brackets are nested more than 500 deep"));
                }
                self.open.push(byte);
                self.met |= begins || self.record.is_none() && byte == b'[' && self.in_list();
            }
            b'}' | b']' => {
                let opened = if byte == b'}' { b'{' } else { b'[' };
                if self.open.pop() != Some(opened) {
                    return Err(wrong("a bracket closes that was not open"));
                }
                if self.records.is_some() && self.open.is_empty() && !std::mem::take(&mut self.met) {
                    return Err(wrong("a document has no list of the name that the pipeline's `records` says"));
                }
                self.listed |= self.open.is_empty() && self.record.is_none();
                if self.record == Some(self.open.len()) {
                    self.record = None;
                    self.ready.push(b'\n');
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A text that spans lines is followed by a line that begins as a record: it never closed. What was begun ends here,
    /// and is no JSON; what follows is not swallowed.
    fn give_up(&mut self) {
        if let Some(depth) = self.record.take() {
            self.open.truncate(depth);
            self.text = None;
            self.ready.push(b'\n');
        }
    }

    /// Whether the member at hand is the document's total.
    fn counts(&self) -> bool {
        let name = self.member.to_ascii_lowercase();
        name.starts_with(b"total") || name.ends_with(b"total")
    }

    /// Whether an object that begins at the first level is the document around the list.
    fn is_document(&self) -> bool {
        self.records.is_some() && self.open.is_empty()
    }

    fn end(&mut self) -> io::Result<()> {
        self.ended = true;
        if !self.open.is_empty() || self.text.is_some() {
            return Err(wrong("the document ends too early: it was cut or is still being written"));
        }
        if !self.any && self.total > 0 {
            return Err(wrong("the document counts records in its total, and lists none"));
        }
        if !self.any && self.listed {
            self.ready.push(b'\n');
        }
        Ok(())
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !self.ended {
            self.ready.clear();
            self.given = 0;
            let mut input = std::mem::take(&mut self.input);
            let count = match self.inner.read(&mut input) {
                Ok(count) => count,
                Err(error) => {
                    self.input = input;
                    return Err(error);
                }
            };
            let stepped = input[..count].iter().try_for_each(|byte| self.step(*byte));
            self.input = input;
            stepped?;
            if count == 0 {
                self.end()?;
            }
        }
        let count = (&self.ready[self.given..]).read(into)?;
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, records: Option<&str>) -> Result<String, String> {
        let mut out = String::new();
        let read = Lines::new(text.as_bytes(), records.map(Arc::from)).read_to_string(&mut out);
        read.map(|_| out).map_err(|error| error.to_string())
    }

    #[test]
    fn records_become_lines() {
        let cases = [
            (
                r#"{"loans":[{"a":1},{"b":{"c":"]}"}}],"totalRecords":2}"#,
                Some("loans"),
                "{\"a\":1}\n{\"b\":{\"c\":\"]}\"}}\n",
            ),
            ("{\"n\":1,\n \"loans\": [\n {\n \"a\":\"\\\"\" } ] }", Some("loans"), "{  \"a\":\"\\\"\" }\n"),
            (r#"{"loans":[{"a":1}]} {"loans":[{"a":2}]}"#, Some("loans"), "{\"a\":1}\n{\"a\":2}\n"),
            (r#"{"x":{"loans":[{"a":1}]},"loans":[]}"#, Some("loans"), "\n"),
            (r#"{"loans":[],"totalRecords":0}"#, Some("loans"), "\n"),
            (r#"{"loans":[{"a":1}],"totalRecords":1}{"loans":[],"totalRecords":1}"#, Some("loans"), "{\"a\":1}\n"),
            ("", None, ""),
            (" \n", None, ""),
            (r#"[{"a":1} , {"a":[{}]}]"#, None, "{\"a\":1}\n{\"a\":[{}]}\n"),
            ("{\"a\":1}\n{\"a\":2}\n", None, "{\"a\":1}\n{\"a\":2}\n"),
            ("[]", None, "\n"),
            ("{\"a\":\"x\n{\"a\":\"\n {\"a\":3}", None, "{\"a\":\"x\u{1a}\n{\"a\":\"\u{1a} \n{\"a\":3}\n"),
            ("[{\"a\":\"x\n},\n {\"a\":2}]", None, "{\"a\":\"x\u{1a}},\u{1a} \n{\"a\":2}\n"),
            ("{\"a\":\"x\ny\"}\n{\"a\":2}", None, "{\"a\":\"x\u{1a}y\"}\n{\"a\":2}\n"),
            ("\u{feff}[{\"a\":1}]", None, "{\"a\":1}\n"),
        ];
        for (text, records, expected) in cases {
            assert_eq!(lines(text, records).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_cut_or_something_else_is_an_error() {
        let cases = [
            (r#"{"loans":[{"a":1},{"a""#, Some("loans"), "ends too early"),
            (r#"{"loans":[{"a":1}]"#, Some("loans"), "ends too early"),
            (r#"{"errors":[{"message":"no"}]}"#, Some("loans"), "no list"),
            (r#"{"loans":["a"]}"#, Some("loans"), "something else"),
            (r#"{"loans":[],"totalRecords":12}"#, Some("loans"), "lists none"),
            (r#"[1]"#, None, "something else"),
            (r#"[[{"a":1}]]"#, None, "something else"),
            ("<html>", None, "something else"),
            (r#"{"loans":[}]}"#, Some("loans"), "not open"),
            (r#"{"loans":[{"a":1}]}{"errors":[{"message":"no"}]}"#, Some("loans"), "no list"),
            (r#"{"loans":[{"a":1}]}{"loans":null}"#, Some("loans"), "no list"),
            (r#"{"loans":[{"a":1}]} 502 Bad Gateway"#, Some("loans"), "something else"),
            (r#"{"loans":[[{"a":1}]]}"#, Some("loans"), "something else"),
            (&format!("{{\"x\":{}", "[".repeat(600)), Some("loans"), "more than 500"),
        ];
        for (text, records, why) in cases {
            let error = lines(text, records).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
