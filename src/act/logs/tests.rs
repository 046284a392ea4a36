use jiff::Timestamp;

use super::*;

fn digest() -> KeyedDigest {
    KeyedDigest::of_made_up_rows()
}

fn found(name: &str, bytes: &[u8]) -> Found {
    Found::in_memory(name, bytes.to_vec(), Timestamp::UNIX_EPOCH)
}

/// As a pass reads it.
fn read(bytes: &[u8]) -> LogRead {
    let passing = Passing::new(&found("log", bytes), &digest(), None);
    // The header is read first, and then all of it.
    for most in [10, usize::MAX / 2] {
        let mut opened = passing.open().unwrap();
        let mut block = Vec::new();
        while opened.read(&mut block, most.min(1 << 16)).unwrap() > 0 && most > 10 {}
    }
    passing.read(bytes.iter().filter(|byte| **byte == b'\n').count() as u64)
}

fn lines(count: usize, word: &str) -> Vec<u8> {
    (0..count).map(|at| format!("{at},{word}\n")).collect::<String>().into_bytes()
}

/// `again` and `copy_of` of tonight's files.
fn recognised(retired: &[&[u8]], tonight: &[&[u8]]) -> (Vec<u64>, Vec<Option<usize>>) {
    let known: Vec<RetiredLog> = retired.iter().map(|bytes| read(bytes).retired_on(Day(0))).collect();
    let files: Vec<Found> = tonight.iter().map(|bytes| found("log", bytes)).collect();
    let heads: Vec<Vec<u8>> = files.iter().map(|file| head(file).unwrap()).collect();
    let run = recognise(&files.iter().collect::<Vec<_>>(), &heads, &known, (1, &digest()), |_| Day(0)).unwrap();
    (run.again, run.copy_of)
}

#[test]
fn a_log_is_known_by_its_bytes_at_any_length() {
    // Around the length of a head, and of a block.
    for count in [1, 300, 400, 3_000, 60_000] {
        let log = lines(count, "a");
        let grown = [log.clone(), lines(5, "b")].concat();
        let mut changed = grown.clone();
        changed[count / 2] ^= 1;
        let shorter = &log[..log.len() - 4];
        let (again, _) = recognised(&[&log], &[&log, &grown, &changed, shorter, &lines(count, "c")]);
        assert_eq!(again, [count as u64, count as u64, 0, 0, 0], "{count} lines");
        assert_eq!(recognised(&[&log, &grown], &[&grown]).0, [count as u64 + 5], "the longest counts");
        assert_eq!(recognised(&[&grown, &lines(count, "c")], &[&log]).0, [0], "less than was retired");
    }
}

#[test]
fn the_exact_length_of_a_head() {
    let mut log = lines(800, "a");
    log.truncate(HEAD);
    let grown = [log.clone(), lines(1, "b")].concat();
    let known = read(&log);
    assert_eq!((known.bytes, known.head), (HEAD as u64, known.whole));
    assert_eq!(recognised(&[&log], &[&log, &grown]).0, [known.lines; 2]);
    assert_eq!(recognised(&[], &[&log, &grown]).1, [Some(1), None]);
}

#[test]
fn a_file_that_another_begins_with_is_a_copy() {
    for count in [2, 400, 60_000] {
        let log = lines(count, "a");
        let grown = [log.clone(), lines(5, "b")].concat();
        let other = [log.clone(), lines(5, "c")].concat();
        assert_eq!(recognised(&[], &[&log, &log]).1, [Some(1), None], "{count} lines");
        assert_eq!(recognised(&[], &[&grown, &log]).1, [None, Some(0)]);
        assert_eq!(recognised(&[], &[&grown, &other]).1, [None, None]);
        let copies = recognised(&[], &[&log, &grown, &other]).1;
        assert!(matches!(copies[..], [Some(1 | 2), None, None]), "{copies:?}");
    }
}
