//! Compressed exports, read as they stand: gzip and zstd of any number of members, and a zip of one file. A stream that is
//! cut or damaged is an error, never fewer bytes.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::bufread::DeflateDecoder;
use flate2::read::MultiGzDecoder;
use flate2::{Crc, bufread};

mod damage;
mod frames;

use damage::wrong;
use frames::Frames;

/// Endings of compressed files.
pub(super) const ENDINGS: [&str; 3] = ["gz", "zst", "zip"];

pub(super) fn unpack<F: Read + Seek + Send + 'static>(path: &Path, file: F) -> io::Result<Box<dyn Read + Send>> {
    let buffered = |file| BufReader::with_capacity(1 << 18, file);
    Ok(match path.extension().and_then(|ending| ending.to_str()) {
        Some("gz") => Box::new(MultiGzDecoder::new(buffered(file))),
        Some("zst") => Box::new(Frames::new(buffered(file))?),
        Some("zip") => Box::new(OneFile::open(file)?),
        _ => Box::new(file),
    })
}

/// The one file in a zip, checked against the length and checksum that the zip's directory says.
struct OneFile<F> {
    content: Content<F>,
    crc: Crc,
    expected: (u64, u32),
}

enum Content<F> {
    Deflated(Box<bufread::DeflateDecoder<BufReader<io::Take<F>>>>),
    Stored(io::Take<F>),
}

impl<F: Read + Seek> OneFile<F> {
    fn open(file: F) -> io::Result<OneFile<F>> {
        let mut archive = zip::ZipArchive::new(BufReader::new(file))?;
        let mut place = None;
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index)?;
            if entry.is_dir() {
                continue;
            }
            let said = (entry.size(), entry.crc32());
            let start =
                entry.data_start().ok_or_else(|| wrong("the zip's directory doesn't say where its file begins"))?;
            if place.replace((entry.compression(), start, entry.compressed_size(), said, entry.encrypted())).is_some() {
                return Err(wrong("the zip holds more than one file: which of them is the export?"));
            }
        }
        let (method, start, length, expected, encrypted) = place.ok_or_else(|| wrong("the zip holds no file"))?;
        if encrypted {
            return Err(wrong("the zip is encrypted"));
        }
        let mut file = archive.into_inner().into_inner();
        file.seek(SeekFrom::Start(start))?;
        let file = file.take(length);
        let content = match method {
            zip::CompressionMethod::Deflated => {
                Content::Deflated(Box::new(DeflateDecoder::new(BufReader::with_capacity(1 << 18, file))))
            }
            zip::CompressionMethod::Stored => Content::Stored(file),
            _ => return Err(wrong("the zip uses a compression that afterloan doesn't read: write it with deflate")),
        };
        Ok(OneFile { content, crc: Crc::new(), expected })
    }
}

impl<F: Read> Read for OneFile<F> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.content {
            Content::Deflated(reader) => reader.read(into)?,
            Content::Stored(reader) => reader.read(into)?,
        };
        self.crc.update(&into[..count]);
        let (length, checksum) = self.expected;
        if count == 0
            && !into.is_empty()
            && (u64::from(self.crc.amount()) != length % (1 << 32) || self.crc.sum() != checksum)
        {
            return Err(wrong("the file in the zip isn't what the zip's directory says"));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Write;

    use super::*;

    fn read(ending: &str, bytes: &[u8]) -> io::Result<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("export.{ending}"));
        std::fs::write(&path, bytes).unwrap();
        let mut text = String::new();
        unpack(&path, File::open(&path).unwrap())?.read_to_string(&mut text).map(|_| text)
    }

    fn zipped(names: &[&str], text: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        for name in names {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn whole_streams_are_read_and_cut_ones_are_errors() {
        let text = "id,patron\n1,2\n".repeat(5_000);
        let zst = zstd::encode_all(text.as_bytes(), 0).unwrap();
        let zip = zipped(&["export.csv"], &text);
        assert_eq!(read("zst", &zst).unwrap(), text);
        assert_eq!(read("zst", &[zst.clone(), zst.clone()].concat()).unwrap(), text.repeat(2));
        assert_eq!(read("zip", &zip).unwrap(), text);
        assert!(read("zst", &zst[..zst.len() - 4]).is_err());
        assert!(read("zip", &zip[..zip.len() - 4]).is_err());
        let mut damaged = zip.clone();
        damaged[80] ^= 1;
        assert!(read("zip", &damaged).is_err());
        assert!(read("zip", &zipped(&["a.csv", "b.csv"], "x\n")).unwrap_err().to_string().contains("more than one"));
        assert!(read("zip", &zipped(&[], "")).unwrap_err().to_string().contains("no file"));
    }
}
