//! A file in another encoding, turned into UTF-8 while it is read. What isn't text in its encoding becomes a byte that is
//! no UTF-8 either, so that its row is rejected, and no character is guessed.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding};

const BLOCK: usize = 1 << 16;

pub(super) struct Utf8<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    /// What was read and not yet decoded.
    from: usize,
    upto: usize,
    ready: Vec<u8>,
    upto_ready: usize,
    given: usize,
    ended: bool,
}

impl<R: Read> Utf8<R> {
    pub fn new(inner: R, encoding: &'static Encoding) -> Utf8<R> {
        Utf8 {
            inner,
            // A byte order mark says nothing that the pipeline doesn't say.
            decoder: encoding.new_decoder_with_bom_removal(),
            input: vec![0; BLOCK],
            from: 0,
            upto: 0,
            ready: Vec::new(),
            upto_ready: 0,
            given: 0,
            ended: false,
        }
    }

    fn decode(&mut self) -> io::Result<()> {
        let mut last = false;
        if self.from == self.upto {
            (self.from, self.upto) = (0, self.inner.read(&mut self.input)?);
            last = self.upto == 0;
        }
        let mut out = std::mem::take(&mut self.ready);
        // Never shortened: filling it with zeros again would cost more than decoding.
        out.resize(BLOCK * 3 + 16, 0);
        let input = &self.input[self.from..self.upto];
        let (result, read, mut written) = self.decoder.decode_to_utf8_without_replacement(input, &mut out, last);
        self.from += read;
        match result {
            DecoderResult::InputEmpty => self.ended = last,
            DecoderResult::Malformed(..) => {
                out[written] = 0xFF;
                written += 1;
            }
            DecoderResult::OutputFull => {}
        }
        self.ready = out;
        self.upto_ready = written;
        self.given = 0;
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.upto_ready && !self.ended {
            self.decode()?;
        }
        let count = (&self.ready[self.given..self.upto_ready]).read(into)?;
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf8(bytes: &[u8], label: &str) -> Vec<u8> {
        let mut out = Vec::new();
        Utf8::new(bytes, Encoding::for_label(label.as_bytes()).unwrap()).read_to_end(&mut out).unwrap();
        out
    }

    #[test]
    fn text_becomes_utf8_and_what_is_none_stays_none() {
        assert_eq!(utf8(b"caf\xE9 \x80", "windows-1252"), "café €".as_bytes());
        assert_eq!(utf8(b"\xFF\xFEa\0\xE9\0\n\0", "utf-16le"), "aé\n".as_bytes());
        assert_eq!(utf8(b"a\0\x00\xD8b\0", "utf-16le"), b"a\xFFb", "half of a pair");
        assert_eq!(utf8(b"a\0b", "utf-16le"), b"a\xFF", "half of a unit");
        let long: Vec<u8> = "é,".repeat(200_000).encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(utf8(&long, "utf-16be"), "é,".repeat(200_000).as_bytes());
    }
}
