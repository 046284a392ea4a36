//! What holds of every syntax, tried on its samples.

use jiff::Timestamp;

use super::*;
use crate::export::{Chunk, Chunks, Dialect, ExportError, Fault, Found, Place, Row, trial};

/// Cells of a record, and why they can't be trusted.
type Record = (Vec<Vec<u8>>, Option<Fault>);

fn dialect(format: &Format, sample: &Sample, more: &[(&str, serde_json::Value)]) -> Result<Dialect, Mistake> {
    let mut keys = sample.keys();
    more.iter().for_each(|(key, value)| keys.set((*key).into(), value.clone()));
    let names: Vec<String> = sample.asked.iter().map(|name| name.to_string()).collect();
    Dialect::read(format, keys).map(|dialect| dialect.of_file(&names, None))
}

fn file(format: &Format, sample: &Sample) -> Vec<u8> {
    let bytes = sample.file.as_bytes();
    format.wrap.map_or_else(|| bytes.to_vec(), |wrap| wrap(bytes).unwrap())
}

/// The header, and all records.
fn read(name: &str, bytes: Vec<u8>, dialect: &Dialect) -> Result<(Vec<String>, Vec<Record>), ExportError> {
    let found = Found::in_memory(name, bytes, Timestamp::UNIX_EPOCH);
    let chunks = Chunks::new(found.open()?, dialect)?;
    let (mut chunk, mut row, mut records) = (Chunk::default(), Row::default(), Vec::new());
    while chunks.next(&mut chunk)? {
        let parsed = row.parse_each(chunk.bytes(), chunks.dialect(), |row: &Row, _: Place| {
            records.push((row.cells().map(<[u8]>::to_vec).collect(), row.fault()));
            Ok::<(), ExportError>(())
        })?;
        assert_eq!(parsed, chunk.records);
    }
    Ok((chunks.header().to_vec(), records))
}

fn samples() -> impl Iterator<Item = (&'static Format, &'static Sample)> {
    FORMATS.iter().copied().flat_map(|format| format.samples.iter().map(move |sample| (format, sample)))
}

#[test]
fn every_syntax_has_a_name_of_its_own_and_samples() {
    for (place, format) in FORMATS.iter().enumerate() {
        assert!(FORMATS[..place].iter().all(|other| other.name != format.name), "{}", format.name);
        assert!(
            !format.samples.is_empty() && trial::seeds(format.name).len() == format.samples.len(),
            "{}",
            format.name
        );
        assert!(trial::targets().any(|target| target == format.name), "{}", format.name);
    }
}

#[test]
fn samples_are_read_without_a_fault() {
    for (format, sample) in samples() {
        let dialect = dialect(format, sample, &[]).unwrap();
        let (header, records) = read("export", file(format, sample), &dialect).unwrap();
        assert!(!records.is_empty(), "{}", format.name);
        for (cells, fault) in records {
            assert_eq!((cells.len(), fault), (header.len(), None), "a record of {sample:?}");
        }
    }
}

#[test]
fn samples_are_the_same_compressed_and_in_another_encoding() {
    for (format, sample) in samples() {
        let plain = read("export", file(format, sample), &dialect(format, sample, &[]).unwrap()).unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut gzip, &file(format, sample)).unwrap();
        let gzip = gzip.finish().unwrap();
        let dialect_of = |more: &[_]| dialect(format, sample, more);
        assert_eq!(read("export.gz", gzip, &dialect_of(&[]).unwrap()).unwrap(), plain, "{}", format.name);
        let wide = dialect_of(&[("encoding", "utf-16le".into())]);
        if format.is_text {
            let bytes = sample.file.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(read("export", bytes, &wide.unwrap()).unwrap(), plain, "{}", format.name);
        } else {
            assert!(matches!(wide, Err(Mistake::Unknown { .. })), "{}", format.name)
        }
    }
}

/// Wherever a file is cut: an error, or records that the whole file has, too. Between two lines no reader can tell.
#[test]
fn a_sample_that_is_cut_gives_nothing_that_it_does_not_hold() {
    for (format, sample) in samples() {
        let dialect = || dialect(format, sample, &[]).unwrap();
        let whole = file(format, sample);
        let (header, records) = read("export", whole.clone(), &dialect()).unwrap();
        for upto in 0..whole.len() {
            let Ok((cut_header, cut)) = read("export", whole[..upto].to_vec(), &dialect()) else { continue };
            let trusted = cut.iter().filter(|(_, fault)| fault.is_none());
            assert!(cut.len() <= records.len() && cut_header == header, "{} at {upto}: {cut:?}", format.name);
            assert!(trusted.zip(&records).all(|(cut, record)| cut == record), "{} at {upto}: {cut:?}", format.name);
        }
    }
}

#[test]
fn a_key_that_a_syntax_has_not_is_a_mistake_that_names_it() {
    for (format, sample) in samples() {
        let mistake = dialect(format, sample, &[("quoting", "a".into())]).unwrap_err();
        assert!(matches!(&mistake, Mistake::Unknown { key, known, .. } if key == "quoting" && known.contains(&"trim")));
        let mistake = dialect(format, sample, &[("trim", "yes".into())]).unwrap_err();
        assert!(matches!(&mistake, Mistake::Wrong { key, .. } if key == "trim"), "{mistake:?}");
    }
}

#[test]
fn names_come_from_where_the_syntax_says() {
    for (format, sample) in samples() {
        let read = Dialect::read(format, sample.keys()).unwrap();
        assert_eq!(read.names.is_some(), format.names == Names::Keys, "{}", format.name);
        assert_eq!(read.records_name_cells(), format.names == Names::Records, "{}", format.name);
        assert_eq!(!sample.asked.is_empty(), format.names == Names::Records, "{}", format.name);
    }
}

/// What can't be trusted shows neither that a name is still there nor what else there is.
#[test]
fn of_a_record_that_is_rejected_nothing_is_noted() {
    let cases = [
        ("json", &["id", "name"][..], "{\"id\": {}, \"name\": 1, \"new\": 2}\n"),
        ("json", &["id", "name"], "{\"id\": 1, \"name\": 1, \"name\": 2, \"new\": 2}\n"),
        ("json", &["id", "name"], "{\"id\": 1, \"new\": 2, \"name\": 1\n"),
        ("symphony-history", &["event", "UO"], "E202608031012440634R ^S86CVFFCIRC^UO1^HMQuill^UO2^^O00113\n"),
        ("symphony-history", &["event", "UO"], "E202608031012440634R ^S86CVFFCIRC^UO1^NEa^!!Quill^^O00113\n"),
    ];
    for (format, asked, line) in cases {
        let dialect = Dialect::read(Format::named(format).unwrap(), Keys::default()).unwrap();
        let names: Vec<String> = asked.iter().map(|name| name.to_string()).collect();
        let dialect = dialect.of_file(&names, None);
        let lines = dialect.syntax.lines().unwrap();
        let mut row = Row::default();
        lines.cells(line.trim_end().as_bytes(), &mut row);
        assert!(row.fault().is_some() && row.len() == names.len(), "{line}");
        assert_eq!(lines.named().unwrap().never_met().collect::<Vec<_>>(), asked, "{line}");
        assert_eq!(lines.unasked(), Vec::<String>::new(), "{line}");
    }
}
