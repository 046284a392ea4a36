use proptest::prelude::*;

use super::*;

const MONTH: Month = Month(2026 * 12 + 1);

fn any_known() -> impl Strategy<Value = Known> {
    let day = prop::option::of(prop_oneof![20_000i32..21_000, any::<i32>()]);
    let opened = prop_oneof![1_769_904_000i64..1_772_323_200, any::<i64>()];
    (prop_oneof![0u64..50, any::<u64>()], opened, day, (any::<[bool; 4]>(), 0..3u8)).prop_map(
        |(id, opened, day, ([confirmed, released, staged, late], traces))| Known {
            id: TransactionId(id),
            opened,
            requested: day.map(Day),
            confirmed,
            released,
            staged,
            late,
            traces: [Traces::Unasked, Traces::Asked, Traces::Done][usize::from(traces)],
        },
    )
}

fn sorted(mut entries: Vec<Known>) -> Vec<Known> {
    entries.sort_by_key(|entry| (entry.id, entry.opened));
    entries
}

fn back(bytes: &[u8], month: Month) -> Result<Vec<Known>, KnownError> {
    decode(bytes, Path::new("2026-02.known"), month)
}

proptest! {
    #[test]
    fn what_was_written_is_read_again(entries in prop::collection::vec(any_known(), 0..60)) {
        let entries = sorted(entries);
        prop_assert_eq!(back(&encode(&entries, MONTH).unwrap(), MONTH).unwrap(), entries);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut body = &bytes[..];
        let count = read_varint(&mut body).unwrap_or(0);
        let _ = entries(body, count % 64, MONTH);
        let _ = back(&bytes, MONTH);
    }
}

/// `count` transactions of a month, as a busy library has them.
fn busy(count: u64) -> Vec<Known> {
    let start = i64::from(MONTH.first_day().0) * 86_400;
    let entry = |n: u64| Known {
        id: TransactionId(4_000_000 + n + n / 9),
        opened: start + (n * 2_400_000 / count) as i64 + (n * 37 % 90) as i64,
        requested: (!n.is_multiple_of(10)).then(|| MONTH.first_day().plus(40 + (n * 7 % 25) as i32)),
        confirmed: n.is_multiple_of(3),
        released: true,
        staged: false,
        late: false,
        traces: Traces::Unasked,
    };
    (0..count).map(entry).collect()
}

#[test]
fn every_cut_and_every_changed_byte_is_an_error() {
    let bytes = encode(&busy(40), MONTH).unwrap();
    for end in 0..bytes.len() {
        assert!(back(&bytes[..end], MONTH).is_err(), "cut at {end}");
        for flip in [1, 0x80] {
            let mut changed = bytes.clone();
            changed[end] ^= flip;
            assert!(back(&changed, MONTH).is_err(), "byte {end}");
        }
    }
    assert!(matches!(back(&bytes, MONTH.next()), Err(KnownError::NotKnown(_))), "another month's file");
    let later = [&bytes[..16], &3u32.to_le_bytes(), &bytes[20..]].concat();
    assert!(back(&later, MONTH).unwrap_err().to_string().contains("has format 3"));
}

#[test]
fn entries_out_of_order_are_not_written() {
    let mut entries = busy(2);
    entries.swap(0, 1);
    assert!(matches!(encode(&entries, MONTH), Err(KnownError::Unsorted(_))));
    let same = [entries[0]; 2];
    assert_eq!(back(&encode(&same, MONTH).unwrap(), MONTH).unwrap(), same);
}

#[test]
fn an_entry_takes_six_bytes_at_most() {
    let bytes = encode(&busy(80_000), MONTH).unwrap();
    assert!(bytes.len() < 80_000 * 6, "{} bytes", bytes.len());
}

/// `cargo test --release --lib known -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn five_million_entries() {
    let entries = busy(5_000_000);
    let start = std::time::Instant::now();
    let bytes = encode(&entries, MONTH).unwrap();
    let written = start.elapsed();
    let count = back(&bytes, MONTH).unwrap().len();
    println!("{count} entries, {} bytes: {written:?} out, {:?} in", bytes.len(), start.elapsed() - written);
}
