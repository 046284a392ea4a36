use super::*;

/// A small entry.
pub fn entry(sequence: u64, previous: Digest) -> Entry {
    Entry {
        format: 1,
        sequence,
        previous,
        public_key: Hex([0; 32]),
        run: RunStamp { as_of: "2026-11-01T00:00:00-04:00".into(), at: "now".into(), afterloan: "0.1.0".into() },
        report: Digest([1; 32]),
        plan: Digest([2; 32]),
        files: vec![
            FileEntry { path: "public/a \"b\"".into(), bytes: 3, digest: FileDigest::Sha256(Digest([3; 32])) },
            FileEntry { path: "worklists/c".into(), bytes: 4, digest: FileDigest::Keyed(Digest([4; 32])) },
        ],
        removed: vec!["state/keys/loan-2026-08.key".into()],
        exports_deleted: ExportsDeleted { count: 1, digests: vec![Digest([5; 32])] },
    }
}

#[test]
fn a_line_has_one_spelling_and_one_signer() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let text = seal(entry(1, BEFORE_THE_FIRST), &key).unwrap();
    assert!(text.starts_with("{\"entry\":{\"format\":1,\"sequence\":1,\"previous\":\"000000"));
    assert!(text.contains("\"digest\":{\"sha256\":\"0303") && text.contains("\"digest\":{\"keyed\":\"0404"));
    let line = Line::parse(text.as_bytes()).unwrap();
    assert_eq!(line.digest, Digest::of(text.as_bytes()));
    assert!(line.is_signed_by(&public_key::of(&key)));
    assert!(!line.is_signed_by(&public_key::of(&SigningKey::from_bytes(&[8; 32]))));
    for (from, to, error) in [
        ("\"sequence\":1", "\"sequence\": 1", LineError::NotCanonical),
        ("\"format\":1", "\"format\":2", LineError::Format(2)),
        ("public/a", "public/\\u0061", LineError::NotCanonical),
        ("{\"entry\"", " {\"entry\"", LineError::NotCanonical),
    ] {
        assert_eq!(Line::parse(text.replace(from, to).as_bytes()), Err(error), "{to}");
    }
    for (from, to) in [("\"removed\"", "\"also\":1,\"removed\""), ("}}", "}"), ("\"keyed\"", "\"plain\"")] {
        assert!(matches!(Line::parse(text.replace(from, to).as_bytes()), Err(LineError::Syntax { .. })), "{to}");
    }
}

#[test]
fn reading_gives_the_lines_the_head_and_the_next_number() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let none = read(&path).unwrap();
    assert_eq!((head(&none), next_sequence(&none)), (BEFORE_THE_FIRST, 1));

    let key = SigningKey::from_bytes(&[7; 32]);
    let first = seal(entry(1, BEFORE_THE_FIRST), &key).unwrap();
    let second = seal(entry(2, Digest::of(first.as_bytes())), &key).unwrap();
    std::fs::write(&path, format!("{first}\n{second}\n")).unwrap();
    let lines = read(&path).unwrap();
    assert_eq!((head(&lines), next_sequence(&lines)), (Digest::of(second.as_bytes()), 3));

    std::fs::write(&path, format!("{first}\n{second}")).unwrap();
    let whole = first.len() as u64 + 1;
    assert!(matches!(read(&path), Err(LedgerError::Torn { line: 2, whole: at, .. }) if at == whole));
    std::fs::write(&path, format!("{first}\n{{}}\n")).unwrap();
    assert!(read(&path).unwrap_err().to_string().contains("ledger.jsonl, line 2: is not a ledger line"));
}
