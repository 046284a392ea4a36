use ed25519_dalek::SigningKey;

use super::*;
use crate::evidence::figure::Figure;
use crate::evidence::hex::Hex;
use crate::evidence::public_key;
use crate::words::Digest;

/// A small entry of a run.
pub fn entry(sequence: u64, previous: Digest) -> Entry {
    let run = RunAct {
        as_of: "2026-11-01T00:00:00-04:00".into(),
        report: Digest([1; 32]),
        plan: Digest([2; 32]),
        exports_deleted: ExportsDeleted { count: 1, digests: vec![Digest([5; 32])] },
    };
    Entry {
        format: FORMAT,
        sequence,
        previous,
        public_key: Hex([0; 32]),
        at: "now".into(),
        afterloan: "0.1.0".into(),
        act: Act::Run(run),
        files: vec![
            FileEntry::open("public/a \"b\"".into(), 3, Digest([3; 32])),
            FileEntry::closed("worklists/c".into(), Digest([4; 32])),
        ],
        removed: vec!["state/keys/loan-2026-08.key".into()],
    }
}

/// One act of each kind.
pub fn acts() -> Vec<Act> {
    let traces = [(Some(1_204), Some(0)), (None, Some(12))].map(|(severed, left)| TraceRows {
        pipeline: "koha-loans".into(),
        trace: "statistics".into(),
        severed: Figure(severed),
        left: Figure(left),
    });
    let Act::Run(run) = entry(1, BEFORE_THE_FIRST).act else { unreachable!() };
    let by = || "A. Person".to_owned();
    let key = |change| Act::Key(KeyAct { change, by: by(), why: "an old one".into() });
    vec![
        Act::Run(run),
        Act::Purge(PurgeAct { run: 1, by: by(), report: Digest([6; 32]), traces: traces.into() }),
        Act::Director,
        Act::SignOff(SignOff { of: 1, report: Digest([1; 32]), by: by() }),
        key(KeyChange::Destroyed { key: "loan-2026-08.key".into() }),
        key(rotation_proof(&SigningKey::from_bytes(&[8; 32]), BEFORE_THE_FIRST)),
        Act::Takedown(Takedown { by: by(), why: "a wrong month".into() }),
    ]
}

#[test]
fn a_line_has_one_spelling_and_one_signer() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let text = seal(entry(1, BEFORE_THE_FIRST), &key).unwrap();
    assert!(text.starts_with("{\"entry\":{\"format\":2,\"sequence\":1,\"previous\":\"000000"));
    assert!(text.contains("\"digest\":{\"sha256\":\"0303") && text.contains("\"digest\":{\"keyed\":\"0404"));
    let line = Line::parse(text.as_bytes()).unwrap();
    assert_eq!(line.digest, Digest::of(text.as_bytes()));
    assert!(line.is_signed_by(&public_key::of(&key)));
    assert!(!line.is_signed_by(&public_key::of(&SigningKey::from_bytes(&[8; 32]))));
    for (from, to, error) in [
        ("\"sequence\":1", "\"sequence\": 1", LineError::NotCanonical),
        ("\"format\":2", "\"format\":3", LineError::Format(3)),
        // A keyed file tells no length, an open one does.
        ("\"worklists/c\",", "\"worklists/c\",\"bytes\":4,", LineError::NotCanonical),
        ("\"bytes\":3,", "", LineError::NotCanonical),
        ("public/a", "public/\\u0061", LineError::NotCanonical),
        ("{\"entry\"", " {\"entry\"", LineError::NotCanonical),
    ] {
        assert_eq!(Line::parse(text.replace(from, to).as_bytes()), Err(error), "{to}");
    }
    for (from, to) in
        [("\"removed\"", "\"also\":1,\"removed\""), ("}}", "}"), ("\"run\"", "\"walk\""), ("\"keyed\"", "\"plain\"")]
    {
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

/// A line as the version before wrote it, of a run that left a worklist.
const FORMAT_1: &str = include_str!("../../../tests/formats/site-1/reports/ledger.jsonl");

#[test]
fn a_line_of_format_1_keeps_its_spelling_signature_and_digest() {
    let text = FORMAT_1.trim_end();
    let line = Line::parse(text.as_bytes()).unwrap();
    assert_eq!((line.entry.format, line.digest), (1, Digest::of(text.as_bytes())));
    assert!(line.is_signed_by(&line.entry.public_key));
    let Act::Run(run) = &line.entry.act else { panic!("{:?}", line.entry.act) };
    assert!(text.contains(&format!("\"as_of\":\"{}\"", run.as_of)) && text.contains(&run.report.to_string()));
    assert!(line.entry.files.iter().all(|file| file.bytes.is_some()), "it told every length");
    for (from, to, error) in [
        ("\"sequence\":1", "\"sequence\": 1", LineError::NotCanonical),
        ("public/", "public\\/", LineError::NotCanonical),
        ("\"format\":1", "\"format\":3", LineError::Format(3)),
    ] {
        assert_eq!(Line::parse(text.replacen(from, to, 1).as_bytes()), Err(error), "{to}");
    }
    for (from, to) in [("\"format\":1", "\"format\":2"), ("\"removed\"", "\"act\":\"director\",\"removed\"")] {
        assert!(matches!(Line::parse(text.replacen(from, to, 1).as_bytes()), Err(LineError::Syntax { .. })), "{to}");
    }
}

#[test]
fn every_act_is_sealed_read_and_named() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let mut names = Vec::new();
    for act in acts() {
        let sealed = Entry { act: act.clone(), public_key: public_key::of(&key), ..entry(1, BEFORE_THE_FIRST) };
        let text = seal(sealed.clone(), &key).unwrap();
        let line = Line::parse(text.as_bytes()).unwrap();
        assert_eq!(line.entry, sealed);
        assert!(line.is_signed_by(&public_key::of(&key)));
        assert!(text.contains(&format!("\"{}\"", act.name())), "{text}");
        let other = text.replace("\"0.1.0\"", "\"0.1.1\"");
        assert!(
            !Line::parse(other.as_bytes()).unwrap().is_signed_by(&public_key::of(&key)),
            "an edited {}",
            act.name()
        );
        names.push(act.name());
    }
    names.dedup();
    assert_eq!(names, ["run", "purge", "director", "sign-off", "key", "takedown"]);
    let director = seal(Entry { act: Act::Director, ..entry(1, BEFORE_THE_FIRST) }, &key).unwrap();
    assert!(director.contains("\"act\":\"director\",\"files\""), "it says nothing else: {director}");
}
