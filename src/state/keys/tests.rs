use std::fs::Permissions;
use std::os::unix::fs::symlink;

use super::*;
use crate::state::entropy::Fixed;
use crate::words::Month;

fn site() -> (tempfile::TempDir, Site) {
    let folder = crate::state::scratch();
    let site = Site::create(folder.path().join("site")).unwrap();
    Keys::create(&site, &mut Fixed::new(1)).unwrap();
    (folder, site)
}

fn put(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

const MONTH: Month = Month(2026 * 12 + 8);

#[test]
fn keys_load_as_they_were_made() {
    let (_folder, site) = site();
    let key = PseudonymKey::generate(&mut Fixed::new(2)).unwrap();
    put(&site.at(pseudonym_path(Kind::Loan, MONTH)), &key.to_file_bytes(Kind::Loan, MONTH));
    let (one, two) = (Keys::load(&site).unwrap(), Keys::load(&site).unwrap());
    assert_eq!(one.signing().to_bytes(), two.signing().to_bytes());
    assert_eq!(one.pseudonym_months().collect::<Vec<_>>(), [(Kind::Loan, MONTH)]);
    assert!(one.pseudonym(Kind::Hold, MONTH).is_none());
    assert_eq!(one.pseudonym(Kind::Loan, MONTH).unwrap().pseudonym(b"7"), key.pseudonym(b"7"));
    assert!(Keys::create(&site, &mut Fixed::new(3)).is_err(), "a key is never written over");
}

#[test]
fn digests_differ_by_label_and_not_by_how_the_bytes_come() {
    let (_folder, site) = site();
    let keys = Keys::load(&site).unwrap();
    let digest = |label: &str, parts: &[&[u8]]| {
        let mut digest = keys.digest(label);
        parts.iter().for_each(|part| digest.update(part));
        digest.finish()
    };
    assert_eq!(digest("export", &[b"ab", b"c"]), digest("export", &[b"abc"]));
    assert_ne!(digest("export", &[b"abc"]), digest("worklist", &[b"abc"]));
    assert_ne!(digest("export", &[b"abc"]), digest("exporta", &[b"bc"]));
}

/// What may happen to a key file, and the words that the refusal must have.
#[test]
fn a_bad_key_refuses() {
    type Harm = fn(&Path, &Path);
    let cases: &[(&str, Harm)] = &[
        ("is missing", |site, _| fs::remove_file(site).unwrap()),
        ("is missing", |_, signing| fs::remove_file(signing).unwrap()),
        ("is empty", |site, _| put(site, b"")),
        ("was cut", |site, _| put(site, &fs::read(site).unwrap()[..60])),
        ("isn't as its format says", |site, _| put(site, b"{\"format\":1,\"use\":\"site\",\"key\":\"00ff\"}")),
        ("has format 2", |site, _| put(site, b"{\"format\":2,\"use\":\"site\",\"secret\":\"00ff\"}")),
        ("all one byte", |site, _| put(site, &to_bytes(&Purpose::Site, &[0; 32]))),
        ("all one byte", |site, _| put(site, &to_bytes(&Purpose::Site, &[7; 32]))),
        ("hold the same key", |site, signing| {
            let secret = load_one(signing, &Purpose::Signing).unwrap();
            put(site, &to_bytes(&Purpose::Site, &secret));
        }),
        ("for another use", |site, signing| {
            fs::copy(signing, site).unwrap();
        }),
        ("can be read by others", |site, _| fs::set_permissions(site, Permissions::from_mode(0o640)).unwrap()),
        ("not a plain file", |site, _| {
            let elsewhere = site.with_file_name("../elsewhere.key");
            fs::rename(site, &elsewhere).unwrap();
            symlink(&elsewhere, site).unwrap();
        }),
        ("not a key's name", |site, _| put(&site.with_file_name("site.key~"), b"x")),
        ("another use, kind or month", |site, _| {
            let key = PseudonymKey::generate(&mut Fixed::new(2)).unwrap();
            put(&site.with_file_name("hold-2026-09.key"), &key.to_file_bytes(Kind::Loan, MONTH));
        }),
        ("hold the same key", |site, _| {
            for kind in [Kind::Loan, Kind::Hold] {
                let key = PseudonymKey::generate(&mut Fixed::new(2)).unwrap();
                put(&site.with_file_name(format!("{kind}-2026-09.key")), &key.to_file_bytes(kind, MONTH));
            }
        }),
    ];
    for (words, harm) in cases {
        let (_folder, site) = site();
        let secret = fs::read_to_string(site.keys().join(SITE)).unwrap();
        harm(&site.keys().join(SITE), &site.keys().join(SIGNING));
        let error = Keys::load(&site).err().unwrap_or_else(|| panic!("loaded: {words}")).to_string();
        assert!(error.contains(words), "{error} should say {words}");
        assert!(!error.contains(&secret[34..44]), "{error} quotes the key");
    }
}
