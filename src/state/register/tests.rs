mod chained;

use super::super::site::Site;
use super::*;
use crate::state::entropy::Fixed;
use crate::state::keys::Keys;
use jiff::Timestamp;
use std::path::Path;

const HOLD: &str = r#"{"matter":"Doe v. Library","placed":"2026-03-01T09:00:00-05:00","placed_by":"director",
    "trigger":"letter","released":null,"released_by":null,"scope":{"identifiers":[" Ab1@x "],"opened_from":"2025-01-01"}}"#;

thread_local! {
    static KEYS: Keys = made(1);
}

fn made(seed: u64) -> Keys {
    let folder = crate::state::scratch();
    let site = Site::create(folder.path().join("site")).unwrap();
    Keys::create(&site, &mut Fixed::new(seed)).unwrap()
}

fn parse(text: &str) -> Result<Register, RegisterError> {
    KEYS.with(|keys| Register::parse(text.as_bytes().to_vec(), Path::new("state/holds.json"), keys))
}

fn digest(name: &str) -> crate::words::Digest {
    KEYS.with(|keys| Names::of(keys).digest(name.as_bytes()))
}

fn one(hold: &str) -> String {
    format!("{{\"format\":1,\"count\":1,\"holds\":[{hold}]}}")
}

fn scoped(scope: &str) -> String {
    let start = HOLD.find("\"scope\"").unwrap();
    one(&format!("{}\"scope\":{scope}}}", &HOLD[..start]))
}

fn released(at: &str) -> String {
    one(&HOLD
        .replace("\"released\":null,\"released_by\":null", &format!("\"released\":{at},\"released_by\":\"director\"")))
}

#[test]
fn a_hold_is_in_force_until_it_was_released() {
    let time = |text: &str| text.parse::<Timestamp>().unwrap();
    let register = parse(&one(HOLD)).unwrap();
    let holds = register.in_force(time("2020-01-01T00:00:00Z"));
    let patrons = holds[0].scope.patrons.as_ref().unwrap();
    assert_eq!((patrons.len(), &patrons[0].digests, patrons[0].number), (1, &vec![digest("ab1@x")], false));
    assert_eq!(holds[0].note.as_deref(), Some("letter"));
    assert_eq!(holds[0].scope.opened_from, Some("2025-01-01".parse().unwrap()));
    assert_eq!(format!("{register:?} {holds:?}"), "[register] [[hold]]");

    let register = parse(&released("\"2026-04-01T00:00:00Z\"")).unwrap();
    assert_eq!(register.in_force(time("2026-03-31T23:59:59Z")).len(), 1);
    assert_eq!(register.in_force(time("2026-04-01T00:00:00Z")).len(), 0);
    assert!(parse(std::str::from_utf8(EMPTY).unwrap()).unwrap().in_force(time("2026-01-01T00:00:00Z")).is_empty());
    assert!(parse(&scoped("{\"everything\":true}")).unwrap().holds[0].scope.everything);
    assert!(parse(&scoped("{\"kinds\":[\"loan\"],\"branches\":[\"B\"]}")).is_ok());
}

#[test]
fn whatever_is_wrong_with_a_register_is_said_without_its_secrets() {
    let cases = [
        ("is empty", String::new()),
        ("is empty", " \n".into()),
        ("was cut", one(HOLD)[..200].into()),
        ("says that it has 1 holds and has 0", one("")),
        ("says that it has 1 holds and has 2", one(&format!("{HOLD},{}", HOLD.replace("Doe", "Roe")))),
        ("isn't as its format says", one(HOLD).replace("\"format\":1", "\"format\":2")),
        ("has format 3", one(HOLD).replace("\"format\":1", "\"format\":3")),
        ("says no format", "{\"count\":0,\"holds\":[]}".into()),
        ("isn't as its format says", "[]".into()),
        ("isn't as its format says", "{\"format\":1,\"holds\":[]}".into()),
        ("isn't as its format says", one(HOLD) + "x"),
        ("isn't as its format says", one(&HOLD.replace("\"trigger\"", "\"reason\""))),
        ("isn't as its format says", one(&HOLD.replace("\"released\":null,", ""))),
        ("isn't as its format says", scoped("{\"patron_ids\":[4711]}")),
        ("isn't as its format says", scoped("{\"patron_ids\":[\"4711\"],\"kinds\":null}")),
        ("isn't as its format says", scoped("{\"patrons\":[\"4711\"]}")),
        ("isn't as its format says", scoped("{\"kinds\":[\"loans\"]}")),
        ("hold 1 in state/holds.json has an empty scope", scoped("{}")),
        ("an empty list", scoped("{\"items\":[]}")),
        ("an empty list", scoped("{\"kinds\":[]}")),
        ("an empty list", scoped("{\"identifiers\":[\"4711\",\" \"]}")),
        ("stands alone", scoped("{\"everything\":false}")),
        ("stands alone", scoped("{\"everything\":true,\"items\":[\"4711\"]}")),
        ("before it starts", scoped("{\"opened_from\":\"2026-02-01\",\"opened_to\":\"2026-01-31\"}")),
        ("released before it was placed", released("\"2026-02-28T00:00:00Z\"")),
        ("neither", released("null")),
        ("a time that isn't one", released("\"yesterday\"")),
        ("has no matter", one(&HOLD.replace("Doe v. Library", " "))),
        (
            "hold 2 in state/holds.json has the matter",
            one(&format!("{HOLD},{HOLD}")).replace("\"count\":1", "\"count\":2"),
        ),
    ];
    for (words, text) in cases {
        let error = parse(&text).err().unwrap_or_else(|| panic!("loaded: {words}")).to_string();
        assert!(error.contains(words), "{error} should say {words}");
        for secret in ["Doe", "4711", "Ab1", "letter", "loans", "patrons\"", "yesterday"] {
            assert!(!error.contains(secret), "{error} quotes {secret}");
        }
    }
}

#[test]
fn every_cut_of_a_register_is_an_error() {
    let whole = one(HOLD);
    for end in 0..whole.len() {
        assert!(parse(&whole[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn a_missing_register_is_an_error() {
    let folder = crate::state::scratch();
    let site = Site::create(folder.path().join("site")).unwrap();
    let keys = Keys::create(&site, &mut Fixed::new(1)).unwrap();
    assert!(Register::load(&site, &keys).unwrap().holds.is_empty());
    std::fs::remove_file(site.holds()).unwrap();
    assert!(matches!(Register::load(&site, &keys), Err(RegisterError::Missing(_))));
}
