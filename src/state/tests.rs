//! Files of every format that ever was, kept in `tests/formats/`: they must load for ever.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use zeroize::Zeroizing;

use super::entropy::{Entropy, Fixed};
use super::known::{self, Known, Traces};
use super::logs::{self, RetiredLog};
use super::register::{self, Act, HoldsLock, Names, Patron, Placed, Register, Scope, Trigger, Withdrawn, no_stop};
use super::staging::{self, Staged, StagedColumn};
use super::{Keys, Site, keys, met};
use crate::treat::pseudonym::{Pseudonym, PseudonymKey};
use crate::words::{Day, Digest, Kind, Month, TransactionId};

const MONTH: Month = Month(2026 * 12 + 8);
const PIPELINE: &str = "koha-loans";

/// A site with the kept files of a format in its `state/`.
fn kept(format: u32) -> (tempfile::TempDir, Site) {
    let folder = super::scratch();
    let site = Site::create(folder.path().join("site")).unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/formats/{format}/state"));
    copy(&from, &site.state());
    (folder, site)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), &to).unwrap();
            fs::set_permissions(&to, Permissions::from_mode(0o600)).unwrap();
        }
    }
}

fn entries() -> Vec<Known> {
    let entry = |id, day: Option<i32>, [confirmed, released, staged, late]: [bool; 4]| Known {
        id: TransactionId(id),
        opened: 1_788_300_000 + id as i64,
        requested: day.map(|day| MONTH.first_day().plus(day)),
        confirmed,
        released,
        staged,
        late,
        traces: Traces::Unasked,
    };
    vec![
        entry(70, Some(31), [true, false, true, false]),
        entry(71, None, [false, true, false, false]),
        entry(1_000_000, Some(90), [false, false, false, true]),
    ]
}

fn staged() -> Staged {
    let texts = vec!["EAST".to_owned(), "MAIN".to_owned()];
    Staged {
        ids: vec![TransactionId(70), TransactionId(72)],
        opened: vec![1_788_300_070, 1_788_300_072],
        day: vec![MONTH.first_day(), Day(MONTH.first_day().0 + 1)],
        hour: vec![9, 255],
        measure: vec![0, 3],
        pseudonyms: vec![Some(pseudonym_key().pseudonym(b"51")), None::<Pseudonym>],
        columns: vec![StagedColumn { name: "branch".to_owned(), codes: vec![1, 0], texts }],
    }
}

fn retired_logs() -> Vec<RetiredLog> {
    let log = |bytes: u64, lines, day| {
        let (head, whole) = (Digest::of(b"head"), Digest::of(&bytes.to_le_bytes()));
        RetiredLog { bytes, lines, head, whole, retired: MONTH.first_day().plus(day), blocks: None }
    };
    vec![log(1_200_000_000, 5_000_001, 3), log(57, 2, 40)]
}

fn met() -> met::Met {
    let claims = [4, 5, 1 << 40].into_iter().collect();
    met::Met::from([("bills".to_owned(), (100..200).collect()), ("claims".to_owned(), claims)])
}

fn pseudonym_key() -> PseudonymKey {
    PseudonymKey::generate(&mut Fixed::new(2)).unwrap()
}

#[test]
fn format_1_loads() {
    let (_folder, site) = kept(1);
    let keys = Keys::load(&site).unwrap();
    let mut secret = Zeroizing::new([0; 32]);
    let mut entropy = Fixed::new(1);
    entropy.fill(&mut *secret).unwrap();
    entropy.fill(&mut *secret).unwrap();
    assert_eq!(keys.signing().to_bytes(), *secret);
    let key = keys.pseudonym(Kind::Loan, MONTH).unwrap();
    assert_eq!(key.pseudonym(b"51"), pseudonym_key().pseudonym(b"51"));
    assert_eq!(known::months(&site, PIPELINE).unwrap(), [MONTH]);
    assert_eq!(known::load(&site.at(known::path(PIPELINE, MONTH)), MONTH).unwrap(), entries());
    assert!(staging::load_month(&site, PIPELINE, MONTH).unwrap() == staged());
    assert_eq!(logs::load(&site, "proxy", retired_logs().len() as u64).unwrap(), retired_logs());
    assert_eq!(met::load(&site.at(met::path(PIPELINE))).unwrap(), met());
    let register = Register::load(&site, &keys).unwrap();
    let in_force = register.in_force("2026-11-01T04:00:00Z".parse().unwrap());
    assert_eq!(in_force.len(), 2);
    assert!(in_force[0].scope.everything);
    assert_eq!(in_force[1].scope.kinds, Some(vec![Kind::Loan, Kind::Hold]));
}

/// Writes the kept files of the newest format. Never again once that format is in use anywhere.
#[test]
#[ignore = "writes into tests/formats"]
fn keep_format_1() {
    let folder = super::scratch();
    let site = Site::create(folder.path().join("site")).unwrap();
    Keys::create(&site, &mut Fixed::new(1)).unwrap();
    let put = |path: String, bytes: &[u8]| {
        let path = site.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    put(keys::pseudonym_path(Kind::Loan, MONTH), &pseudonym_key().to_file_bytes(Kind::Loan, MONTH));
    put(known::path(PIPELINE, MONTH), &known::encode(&entries(), MONTH).unwrap());
    put(staging::path(PIPELINE, MONTH, MONTH, 12), &staging::encode(&staged()).unwrap());
    put(met::path(PIPELINE), &met::encode(&met()).unwrap());
    let path = logs::path("proxy");
    put(path.clone(), &logs::encode(retired_logs(), Path::new(&path)).unwrap());
    let to = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/1/state");
    for part in ["keys", "known", "logs", "met", "staging"] {
        copy(&site.state().join(part), &to.join(part));
    }
}

/// The hold register alone; the keys are those of format 1.
#[test]
fn format_2_of_the_register_loads() {
    let (_folder, site) = kept(1);
    fs::copy(kept_register(), site.holds()).unwrap();
    let keys = Keys::load(&site).unwrap();
    let register = Register::load(&site, &keys).unwrap();
    let [first, second] = register.holds() else { panic!("two holds were placed") };
    assert_eq!((first.matter.as_str(), first.released.as_ref().unwrap().why.as_deref()), ("matter 1", Some("settled")));
    assert_eq!(second.scope.kinds, Some(vec![Kind::Loan, Kind::Hold]));
    let patron = &second.scope.patrons.as_ref().unwrap()[0];
    assert_eq!(patron.digests, [Names::of(&keys).digest(b"2000000051")]);
    assert_eq!(register.head().unwrap().entries, 3);
}

fn kept_register() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/2/state/holds.json")
}

/// Never again once that format is in use anywhere.
#[test]
#[ignore = "writes into tests/formats"]
fn keep_format_2_of_the_register() {
    let (_folder, site) = kept(1);
    let keys = Keys::load(&site).unwrap();
    fs::write(site.holds(), register::EMPTY).unwrap();
    let placed = |matter: &str, scope: Scope| {
        let (matter, by, until) = (matter.into(), "director".into(), Some("2027-01-01".parse().unwrap()));
        let trigger = Trigger::CourtOrder;
        Act::Placed(Box::new(Placed { matter, trigger, note: None, by, since: None, until, scope }))
    };
    let digests = vec![Names::of(&keys).digest(b"2000000051")];
    let scope = Scope {
        kinds: Some(vec![Kind::Loan, Kind::Hold]),
        patrons: Some(vec![Patron { digests, met: vec!["koha-loans".into()], number: false }]),
        items: Some(vec!["900".into()]),
        branches: Some(vec!["MAIN".into()]),
        opened_from: Some("2026-01-01".parse().unwrap()),
        opened_to: Some("2026-12-31".parse().unwrap()),
        ..Scope::default()
    };
    let released =
        Withdrawn { matter: "matter 1".into(), by: "director".into(), why: Some("settled".into()), since: None };
    let everything = Scope { everything: true, ..Scope::default() };
    let acts = vec![placed("matter 1", everything), placed("matter 2", scope), Act::Released(released)];
    let (register, lock) = (Register::load(&site, &keys).unwrap(), HoldsLock::take(&site).unwrap());
    register::append(&site, &keys, (&register, &lock), acts, "2026-03-01T14:00:00Z".parse().unwrap(), &no_stop)
        .unwrap();
    fs::create_dir_all(kept_register().parent().unwrap()).unwrap();
    fs::copy(site.holds(), kept_register()).unwrap();
}
