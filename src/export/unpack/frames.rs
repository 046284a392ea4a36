//! zstd, a frame at a time: the length that a frame's header says is held against what it unpacks to. The library does that
//! only where it unpacks a frame in one go; of one that it hands over in pieces an empty last block could hide the rest.

use std::io::{self, BufRead, Read};

use zstd::Decoder;
use zstd::zstd_safe::get_frame_content_size;

/// The longest header of a frame.
const HEADER: usize = 18;

/// Frames that follow each other, as one stream.
pub(super) struct Frames<R: BufRead> {
    /// None: all were read.
    frame: Option<Decoder<'static, Peeked<R>>>,
    /// What the frame's header says.
    expected: Option<u64>,
    unpacked: u64,
}

impl<R: BufRead> Frames<R> {
    pub fn new(inner: R) -> io::Result<Frames<R>> {
        let mut frames = Frames { frame: None, expected: None, unpacked: 0 };
        frames.next(Peeked { head: Vec::with_capacity(HEADER), at: 0, inner })?;
        Ok(frames)
    }

    fn next(&mut self, mut rest: Peeked<R>) -> io::Result<()> {
        let header = rest.peek()?;
        if header.is_empty() {
            return Ok(());
        }
        let length = get_frame_content_size(header);
        self.expected = length.map_err(|_| super::damage::wrong("what stands here is no zstd frame"))?;
        self.unpacked = 0;
        self.frame = Some(Decoder::with_buffer(rest)?.single_frame());
        Ok(())
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(frame) = &mut self.frame {
            let count = frame.read(into)?;
            if count > 0 || into.is_empty() {
                self.unpacked += count as u64;
                return Ok(count);
            }
            if self.expected.is_some_and(|expected| expected != self.unpacked) {
                return Err(super::damage::wrong("a zstd frame unpacks to another length than it says"));
            }
            if let Some(frame) = self.frame.take() {
                self.next(frame.finish())?;
            }
        }
        Ok(0)
    }
}

/// A reader whose next bytes can be looked at, however its blocks fall.
struct Peeked<R> {
    head: Vec<u8>,
    at: usize,
    inner: R,
}

impl<R: BufRead> Peeked<R> {
    fn peek(&mut self) -> io::Result<&[u8]> {
        self.head.drain(..self.at);
        self.at = 0;
        let more = (HEADER - self.head.len().min(HEADER)) as u64;
        (&mut self.inner).take(more).read_to_end(&mut self.head)?;
        Ok(&self.head)
    }
}

impl<R: BufRead> Read for Peeked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut from = self.fill_buf()?;
        let count = from.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Peeked<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.head.len() { Ok(&self.head[self.at..]) } else { self.inner.fill_buf() }
    }

    fn consume(&mut self, count: usize) {
        if self.at < self.head.len() { self.at += count } else { self.inner.consume(count) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], piece: usize) -> io::Result<Vec<u8>> {
        let mut frames = Frames::new(io::BufReader::with_capacity(piece, bytes))?;
        let (mut all, mut buffer) = (Vec::new(), vec![0; piece]);
        loop {
            match frames.read(&mut buffer)? {
                0 => return Ok(all),
                count => all.extend_from_slice(&buffer[..count]),
            }
        }
    }

    #[test]
    fn a_frame_has_the_length_that_it_says_whatever_the_pieces() {
        let frame = |text: &str| zstd::bulk::compress(text.as_bytes(), 1).unwrap();
        let long = "id,patron\n".repeat(3_000);
        let skipped = [&0x184D_2A50_u32.to_le_bytes()[..], &3_u32.to_le_bytes(), b"abc"].concat();
        let all =
            [frame(&long), skipped, frame(""), frame("1,2\n"), zstd::encode_all(&b"3,4\n"[..], 0).unwrap()].concat();
        let text = long + "1,2\n3,4\n";
        // A header that says 248 bytes, and an empty block that is the last.
        let short = b"\x28\xB5\x2F\xFD\x20\xF8\x01\x00\x00";
        for piece in [1, 7, 97, 1 << 16] {
            assert_eq!(read(&all, piece).unwrap(), text.as_bytes(), "{piece}");
            assert_eq!(read(b"", piece).unwrap(), b"");
            assert!(read(short, piece).is_err(), "{piece}");
            assert!(read(&[&frame("1,2\n")[..], short].concat(), piece).is_err(), "{piece}");
            assert!(read(&[&frame("1,2\n")[..], b"more"].concat(), piece).is_err(), "{piece}");
            assert!(read(&all[..all.len() - 2], piece).is_err(), "{piece}");
        }
    }
}
