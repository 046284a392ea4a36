//! The register as a chain.

use std::cell::{Cell, RefCell};
use std::fs;
use std::io;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::entry::File;
use super::*;
use crate::state::json;

const SECRETS: [&str; 5] = ["Doe", "Roe", "director", "settled", "4711"];

struct Registered {
    _folder: tempfile::TempDir,
    site: Site,
    keys: Keys,
}

fn registered() -> Registered {
    let folder = crate::state::scratch();
    let site = Site::create(folder.path().join("site")).unwrap();
    let keys = Keys::create(&site, &mut Fixed::new(1)).unwrap();
    Registered { _folder: folder, site, keys }
}

fn placed(matter: &str) -> Act {
    let scope = Scope { items: Some(vec!["4711".into()]), ..Scope::default() };
    let (matter, by, trigger) = (matter.into(), "director".into(), Trigger::Subpoena);
    Act::Placed(Box::new(Placed { matter, trigger, note: None, by, since: None, until: None, scope }))
}

fn released(matter: &str) -> Act {
    Act::Released(Withdrawn { matter: matter.into(), by: "director".into(), why: Some("settled".into()), since: None })
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

impl Registered {
    fn load(&self) -> Result<Register, RegisterError> {
        Register::load(&self.site, &self.keys)
    }

    fn add(&self, act: Act, second: i64) -> Result<Register, RegisterError> {
        self.add_with(act, second, &no_stop)
    }

    fn add_with(&self, act: Act, second: i64, hook: WriteHook<'_>) -> Result<Register, RegisterError> {
        let register = self.load()?;
        let lock = HoldsLock::take(&self.site).unwrap();
        append(&self.site, &self.keys, (&register, &lock), vec![act], at(second), hook)
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.site.holds()).unwrap()
    }

    /// Puts bytes there, and forgets the head that was left.
    fn put(&self, bytes: impl AsRef<[u8]>) {
        fs::write(self.site.holds(), bytes).unwrap();
        let _ = fs::remove_file(self.site.holds_head());
    }
}

#[test]
fn what_was_placed_and_released_is_read_again() {
    let one = registered();
    assert_eq!(one.load().unwrap().head(), Some(Head { entries: 0, head: None }));
    one.add(placed("Doe v. Library"), 1).unwrap();
    one.add(placed("Roe"), 2).unwrap();
    one.add(released(" doe v. LIBRARY "), 3).unwrap();
    let register = one.load().unwrap();
    let holds = register.holds();
    assert_eq!((holds[0].placed, holds[1].placed), (at(1), at(2)));
    let ending = holds[0].released.as_ref().unwrap();
    assert_eq!((ending.at, ending.why.as_deref()), (at(3), Some("settled")));
    assert_eq!(register.in_force(at(4)).len(), 1);
    assert_eq!(register.in_force(at(2)).len(), 2, "of an as-of before the release");
    assert_eq!(register.head().unwrap().entries, 3);
    for (act, fault) in [
        (placed("DOE v. library"), Fault::SameMatter),
        (released("Doe v. Library"), Fault::NotInForce),
        (released("nobody"), Fault::NotInForce),
        (placed(" "), Fault::NotSaid),
    ] {
        let before = one.bytes();
        assert!(matches!(one.add(act, 5), Err(RegisterError::Refused(found)) if found == fault), "{fault}");
        assert!(one.bytes() == before);
    }
}

/// The file as JSON, changed; with the indents that it is written with.
fn changed(bytes: &[u8], change: impl FnOnce(&mut Vec<Value>, &mut Value)) -> Vec<u8> {
    let mut file: Value = serde_json::from_slice(bytes).unwrap();
    let mut entries = file["entries"].as_array().unwrap().clone();
    let mut seal = file["seal"].clone();
    change(&mut entries, &mut seal);
    file["entries"] = Value::Array(entries);
    file["seal"] = seal;
    if file["seal"].is_null() {
        file.as_object_mut().unwrap().remove("seal");
    }
    // As a careful forger writes it: in the order of its fields.
    let typed: Result<File, _> = serde_json::from_value(file.clone());
    match typed {
        Ok(typed) => json::to_bytes(&typed, Path::new("x")).unwrap(),
        Err(_) => serde_json::to_vec_pretty(&file).unwrap(),
    }
}

#[test]
fn every_edit_is_seen_and_no_word_of_it_is_told() {
    let one = registered();
    one.add(placed("Doe v. Library"), 1).unwrap();
    one.add(placed("Roe"), 2).unwrap();
    let of_two = one.bytes();
    one.add(released("Roe"), 3).unwrap();
    let whole = one.bytes();
    let other = registered();
    fs::remove_file(other.site.keys().join("site.key")).unwrap();
    fs::remove_file(other.site.keys().join("signing.key")).unwrap();
    let other = Registered { keys: Keys::create(&other.site, &mut Fixed::new(2)).unwrap(), ..other };
    other.add(placed("Doe v. Library"), 1).unwrap();
    let foreign = other.bytes();
    let foreign_entry = serde_json::from_slice::<Value>(&foreign).unwrap()["entries"][0].clone();

    type Change = Box<dyn Fn(&mut Vec<Value>, &mut Value)>;
    let text = |path: &'static str, value: Value| -> Change {
        Box::new(move |entries, _| *entries[0].pointer_mut(path).unwrap() = value.clone())
    };
    let changes: Vec<(&str, Change)> = vec![
        ("the matter", text("/act/placed/matter", json!("Doe v. Librarz"))),
        ("the scope", text("/act/placed/scope/items", json!(["4712"]))),
        ("by whom", text("/act/placed/by", json!("another"))),
        ("when", text("/at", json!("2026-09-21T14:13:22Z"))),
        (
            "a date",
            text(
                "/act/placed",
                json!({"matter":"Doe v. Library","trigger":"subpoena","by":"director","until":"2026-01-01","scope":{"items":["4711"]}}),
            ),
        ),
        ("the trigger", text("/act/placed/trigger", json!("audit"))),
        ("the position", text("/position", json!(2))),
        ("the seal", text("/seal", json!("0".repeat(64)))),
        ("the first cut", Box::new(|entries, _| drop(entries.remove(0)))),
        ("the middle cut", Box::new(|entries, _| drop(entries.remove(1)))),
        ("the last cut", Box::new(|entries, _| drop(entries.pop()))),
        ("all cut", Box::new(|entries, _| entries.clear())),
        ("swapped", Box::new(|entries, _| entries.swap(0, 1))),
        ("doubled", Box::new(|entries, _| entries.push(entries[2].clone()))),
        ("doubled in the midst", Box::new(|entries, _| entries.insert(1, entries[0].clone()))),
        ("no seal", Box::new(|_, seal| *seal = Value::Null)),
        (
            "the seal of another",
            Box::new({
                let seal = serde_json::from_slice::<Value>(&of_two).unwrap()["seal"].clone();
                move |_, ours| *ours = seal.clone()
            }),
        ),
        ("an entry of another site", Box::new(move |entries, _| entries[0] = foreign_entry.clone())),
    ];
    let check = |what: &str, bytes: &[u8]| {
        one.put(bytes);
        let error = one.load().err().unwrap_or_else(|| panic!("loaded: {what}")).to_string();
        assert!(error.contains("holds.json") && error.contains("Nothing is retired"), "{what}: {error}");
        let digits = serde_json::from_slice::<Value>(&whole).unwrap()["seal"].as_str().unwrap().to_string();
        for secret in SECRETS.into_iter().chain([digits.as_str()]) {
            assert!(!error.contains(secret), "{what}: {error} quotes {secret}");
        }
    };
    for (what, change) in changes {
        check(what, &changed(&whole, change));
    }
    check("the whole of another site", &foreign);
    let text = String::from_utf8(whole.clone()).unwrap();
    check("a space more", text.replacen(": ", ":  ", 1).as_bytes());
    check("another field", text.replacen("\"matter\"", "\"x\": 1, \"matter\"", 1).as_bytes());
    for place in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        one.put(&bytes);
        assert!(one.load().is_err(), "a bit at {place}");
        one.put(&whole[..place]);
        assert!(one.load().is_err(), "cut at {place}");
    }
    one.put(&whole);
    assert_eq!(one.load().unwrap().holds().len(), 2);
}

/// Whole as it is, it isn't the newest.
#[test]
fn an_older_copy_is_told_by_what_is_remembered() {
    let one = registered();
    let empty = one.bytes();
    one.add(placed("Doe v. Library"), 1).unwrap();
    let of_one = (one.bytes(), one.load().unwrap().head().unwrap());
    one.add(placed("Roe"), 2).unwrap();
    let of_two = one.load().unwrap().head().unwrap();
    let by_hand = super::one(super::HOLD).into_bytes();
    for older in [&empty, &of_one.0, &by_hand] {
        // By whoever placed last.
        fs::write(one.site.holds(), older).unwrap();
        let error = one.load().unwrap_err().to_string();
        assert!(error.contains("older copy") && SECRETS.iter().all(|secret| !error.contains(secret)), "{error}");
        // By the last run.
        let head = fs::read(one.site.holds_head()).unwrap();
        fs::remove_file(one.site.holds_head()).unwrap();
        let register = one.load().unwrap();
        assert!(register.check_extends(Some(&of_two), &one.site).is_err());
        assert!(register.check_extends(None, &one.site).is_ok());
        fs::write(one.site.holds_head(), head).unwrap();
    }
    one.put(&of_one.0);
    assert!(one.load().unwrap().check_extends(Some(&of_one.1), &one.site).is_ok());
    // Another history of the same length.
    one.add(placed("Other"), 2).unwrap();
    assert!(one.load().unwrap().check_extends(Some(&of_two), &one.site).is_err());
    assert!(one.load().unwrap().check_extends(Some(&of_one.1), &one.site).is_ok(), "it came after that");
    assert!(one.load().unwrap().check_extends(Some(&Head { entries: 0, head: None }), &one.site).is_ok());
    fs::write(one.site.holds_head(), "{").unwrap();
    assert!(matches!(one.load(), Err(RegisterError::Remembered(_))));
}

/// Killed at each step, of placing and of releasing: the old register is there or the new one, whole, and it goes on.
#[test]
fn killed_anywhere_the_register_is_whole() {
    for act in [placed("Roe"), released("Doe v. Library")] {
        let count = Cell::new(0);
        let all = registered();
        all.add(placed("Doe v. Library"), 1).unwrap();
        all.add_with(act.clone(), 2, &|_| {
            count.set(count.get() + 1);
            Ok(())
        })
        .unwrap();
        assert_eq!(count.get(), 20);
        for stop in 0..count.get() {
            let one = registered();
            one.add(placed("Doe v. Library"), 1).unwrap();
            let (old, left, last) = (one.bytes(), Cell::new(stop), RefCell::new(None));
            let killed = |moment: Moment| {
                *last.borrow_mut() = Some(moment);
                left.set(left.get() - 1);
                if left.get() < 0 { Err(io::Error::other("killed")) } else { Ok(()) }
            };
            assert!(one.add_with(act.clone(), 2, &killed).is_err());
            let moment = last.into_inner().unwrap();
            let counts = match moment {
                Moment::Before { step, head } => head || step == Step::SyncFolder,
                Moment::After { step, head } => head || matches!(step, Step::Replace | Step::SyncFolder),
            };
            let register = one.load().unwrap_or_else(|error| panic!("{moment:?}: {error}"));
            assert_eq!(register.head().unwrap().entries, 1 + u64::from(counts), "{moment:?}");
            assert_eq!(one.bytes() != old, counts, "{moment:?}");
            if !counts {
                one.add(act.clone(), 2).unwrap();
                assert_eq!(one.load().unwrap().head().unwrap().entries, 2);
            }
            one.add(placed("Next"), 3).unwrap();
            use std::os::unix::fs::PermissionsExt;
            for path in [one.site.holds(), one.site.holds_head(), one.site.holds_lock()] {
                assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{path:?}");
            }
            let strangers = crate::state::disk::names(&one.site.state()).unwrap();
            assert!(strangers.iter().all(|name| !name.ends_with(".next")), "{strangers:?}");
        }
    }
}

#[test]
fn a_register_by_hand_is_taken_over_by_the_next_act() {
    let one = registered();
    let by_hand = super::one(super::HOLD).replace("\"count\":1", "\"count\":2").replace(
        "]}",
        r#",{"matter":"Roe","placed":"2026-03-01T09:00:00-05:00","placed_by":"director","trigger":"claim",
          "released":"2026-04-01T00:00:00Z","released_by":"director","scope":{"patron_ids":["4711"],"kinds":["loan"]}}]}"#,
    );
    one.put(&by_hand);
    let Ok(register) = one.load() else { panic!("{by_hand}: {}", one.load().unwrap_err()) };
    assert_eq!(register.head(), None);
    let named: Vec<(usize, Vec<String>)> =
        register.named_by_hand().iter().map(|(place, whom)| (*place, whom.to_vec())).collect();
    assert_eq!(named, [(0, vec![" Ab1@x ".to_string()]), (1, vec![])]);
    let hers = Patron { digests: vec![crate::words::Digest([7; 32])], met: vec!["koha-loans".into()], number: false };
    let mut acts = register.taken_over(|place| if place == 0 { vec![hers.clone()] } else { Vec::new() });
    acts.push(released("Doe v. Library"));
    let lock = HoldsLock::take(&one.site).unwrap();
    append(&one.site, &one.keys, (&register, &lock), acts, at(9), &no_stop).unwrap();
    let taken = one.load().unwrap();
    let holds = taken.holds();
    assert!(holds[0].scope.patrons == Some(vec![hers]) && holds[0].placed == register.holds()[0].placed);
    assert_eq!(holds[0].note.as_deref(), Some("letter"));
    assert_eq!(holds[0].released.as_ref().unwrap().why.as_deref(), Some("settled"));
    assert!(holds[1] == register.holds()[1]);
    let text = String::from_utf8(one.bytes()).unwrap();
    assert!(!text.contains("Ab1") && !text.contains("ab1"), "{text}");
}

#[test]
fn one_number_is_one_name_however_it_is_written() {
    let names = Names::of(&registered().keys);
    let one = |name: &str| names.digest(name.as_bytes());
    for alike in ["4711.0", "0004711", " 4711 ", "4,711.00"] {
        assert_eq!(one(alike), one("4711"), "{alike}");
    }
    assert_eq!(one("Pat@Example.ORG "), one("pat@example.org"));
    assert_ne!(one("4711"), one("47110"));
    assert_ne!(one("4711"), Names::of(&made(2)).digest(b"4711"), "it is keyed");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Any sequence of acts reads back as what it comes to.
    #[test]
    fn any_sequence_of_acts_reads_back(acts in prop::collection::vec((0u8..6, any::<bool>()), 0..14)) {
        let one = registered();
        let mut model: Vec<(String, bool)> = Vec::new();
        for (second, (matter, places)) in acts.into_iter().enumerate() {
            let matter = format!("Matter {matter}");
            let known = model.iter().position(|(known, _)| *known == matter);
            let act = if places { placed(&matter) } else { released(&matter) };
            let added = one.add(act, second as i64).is_ok();
            match (places, known) {
                (true, None) => { prop_assert!(added); model.push((matter, true)); }
                (false, Some(place)) if model[place].1 => { prop_assert!(added); model[place].1 = false; }
                _ => prop_assert!(!added),
            }
            let register = one.load().unwrap();
            let read: Vec<(String, bool)> =
                register.holds().iter().map(|hold| (hold.matter.clone(), hold.released.is_none())).collect();
            prop_assert_eq!(read, model.clone());
        }
    }
}
