//! Keys by hand: a new one that signs, and the end of one before its time.

use std::fs;
use std::path::Path;

use afterloan::act::{KeyListed, destroy, keys, rotate, sign_off};
use afterloan::evidence::ledger::{self, Act, KeyChange};
use afterloan::evidence::public_key;
use afterloan::state::commit::{Hook, no_hook};
use afterloan::state::entropy::Fixed;
use afterloan::state::keys::Keys;
use ed25519_dalek::SigningKey;

use super::{json, killed, noon, said, site};
use crate::support::library::{Library, five, is_there, only};
use crate::support::{TestSite, files, snapshot};

fn rotated(site: &TestSite, seed: u64, hook: Hook<'_>) -> Result<String, afterloan::act::Refusal> {
    let by = ("A. Person", "a yearly change");
    rotate(&site.site(), noon("2026-10-15"), by, &mut Fixed::new(seed), hook)
        .map(|rotated| rotated.public_key.to_string())
}

fn destroyed(
    site: &TestSite,
    name: &str,
    hook: Hook<'_>,
) -> Result<(Vec<String>, Vec<String>), afterloan::act::Refusal> {
    let done = destroy(&site.site(), noon("2026-10-15"), name, ("A. Person", "asked for by counsel"), hook)?;
    let texts = |months: &[afterloan::words::Month]| months.iter().map(ToString::to_string).collect();
    Ok((texts(&done.closed), texts(&done.untold)))
}

fn signing(site: &TestSite) -> SigningKey {
    Keys::load(&site.site()).unwrap().signing().clone()
}

fn names(keys: &[KeyListed]) -> Vec<&str> {
    keys.iter().map(|key| key.name.as_str()).collect()
}

#[test]
fn a_list_says_what_keys_are_for_and_never_one() {
    let (site, _) = site();
    let all = keys(&site.site()).unwrap();
    assert_eq!(names(&all), ["site", "signing", "loan-2026-09", "loan-year-2026-01"]);
    let until: Vec<Option<String>> = all.iter().map(|key| key.until.map(|day| day.to_string())).collect();
    let day = |day: &str| Some(day.to_owned());
    // Thirty days after a month, and after a year.
    assert_eq!(until, [None, None, day("2026-10-30"), day("2027-01-30")]);
    for args in [&["key", "list"][..], &["key", "list", "--json"]] {
        let output = site.cli(args);
        assert_eq!(output.status.code(), Some(0));
        for path in files(&site.at("state/keys")) {
            let text = fs::read_to_string(site.at("state/keys").join(path)).unwrap();
            let key = text.split("\"key\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
            assert_eq!(key.len(), 64);
            assert!(!said(&output).contains(&key[..16]));
        }
    }
    assert_eq!(json(&site.cli(&["key", "list", "--json"]))["keys"][2]["kind"], "loan");
}

#[test]
fn a_new_key_signs_and_what_the_old_one_signed_stays_good() {
    let (site, library) = site();
    let first = signing(&site);
    let told = rotated(&site, 77, &no_hook).unwrap();
    let second = signing(&site);
    assert_eq!(told, public_key::of(&second).to_string());
    assert!(first.to_bytes() != second.to_bytes());
    assert_eq!(fs::read_to_string(site.at("reports/public-key")).unwrap(), public_key::file(&second));
    site.assert_verifies();
    site.unwatched(&library, "2026-10-16").unwrap();
    sign_off(&site.site(), noon("2026-10-16"), "A. Person", None, &no_hook).unwrap();
    rotated(&site, 78, &no_hook).unwrap();
    site.unwatched(&library, "2026-10-17").unwrap();
    site.assert_verifies();
    let lines = ledger::read(&site.site().ledger()).unwrap();
    let signers: Vec<bool> = lines.iter().map(|line| line.is_signed_by(&public_key::of(&first))).collect();
    assert_eq!(signers, [true, true, false, false, false, false]);
    let Act::Key(act) = &lines[1].entry.act else { panic!() };
    assert!(matches!(act.change, KeyChange::Signing { .. }));
    assert_eq!((act.by.as_str(), act.why.as_str()), ("A. Person", "a yearly change"));
    // Staff without state/ come to the same.
    let bare = site.copy();
    fs::remove_dir_all(bare.at("state")).unwrap();
    fs::remove_dir_all(bare.at("worklists")).unwrap();
    let verified = afterloan::evidence::verify::verify(&bare.root(), None, None);
    assert!(verified.is_sound(), "{:?}", verified.problems);
    assert_eq!(verified.checked.signatures, 6);
}

#[test]
fn a_key_that_nobody_handed_over_to_does_not_sign() {
    let (site, library) = site();
    let first = fs::read(site.at("state/keys/signing.key")).unwrap();
    let public = fs::read(site.at("reports/public-key")).unwrap();
    rotated(&site, 77, &no_hook).unwrap();
    // The old key put back: the site refuses to go on, and says what is wrong.
    let back = site.copy();
    fs::write(back.at("state/keys/signing.key"), &first).unwrap();
    fs::write(back.at("reports/public-key"), &public).unwrap();
    assert!(back.unwatched(&library, "2026-10-16").is_err());
    let verify = back.cli(&["verify"]);
    assert_eq!(verify.status.code(), Some(2), "{}", said(&verify));
    // A key of somebody's own, in both places, without an entry.
    let forged = site.copy();
    let other = SigningKey::from_bytes(&[9; 32]);
    let hex: String = other.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let text = fs::read_to_string(site.at("state/keys/signing.key")).unwrap();
    let old = text.split("\"key\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // All one byte is no key, so another is taken.
    let hex = hex.replacen("09", "0a", 1);
    fs::write(forged.at("state/keys/signing.key"), text.replace(&old, &hex)).unwrap();
    fs::write(forged.at("reports/public-key"), public_key::file(&signing(&forged))).unwrap();
    let verify = forged.cli(&["verify"]);
    assert!(said(&verify).contains("names another key than state/keys/signing.key"), "{}", said(&verify));
    assert!(forged.unwatched(&library, "2026-10-16").is_err());
}

#[test]
fn a_rotation_that_is_killed_at_any_step_leaves_one_good_key() {
    let (base, library) = site();
    let after = killed::at_every_step(&base, &|site, hook| rotated(site, 77, hook).map(|_| ()));
    after.unwatched(&library, "2026-10-16").unwrap();
    after.assert_verifies();
}

#[test]
fn what_the_site_stands_on_and_what_is_not_there_can_not_be_destroyed() {
    let (site, _) = site();
    let before = snapshot(&site.root());
    for (name, why) in [
        ("site", "site.key can't be destroyed: all that the evidence says"),
        ("site.key", "site.key can't be destroyed"),
        ("signing", "signing.key can't be destroyed: without it no run could be committed"),
        ("state/keys/signing.key", "signing.key can't be destroyed"),
        ("loan-2026-08", "the site has no key loan-2026-08.key"),
        ("loan-year-2025-01", "the site has no key loan-year-2025-01.key"),
        ("hold-2026-09", "the site has no key hold-2026-09.key"),
        ("../site", "the site has no key ../site.key"),
        ("", "the site has no key .key"),
    ] {
        let error = destroyed(&site, name, &no_hook).unwrap_err().to_string();
        assert!(error.starts_with(why), "{name}: {error}");
    }
    for by in [("", "why"), ("A. Person", " ")] {
        assert!(destroy(&site.site(), noon("2026-10-15"), "loan-2026-09", by, &no_hook).is_err());
    }
    // Nobody to ask: nothing is done.
    let args = ["key", "destroy", "loan-2026-09", "--by", "A. Person", "--why", "counsel"];
    let output = site.cli(&args);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("give --yes"), "{}", said(&output));
    assert_eq!(json(&site.cli(&[&args[..], &["--json"]].concat()))["refused"], true);
    assert!(snapshot(&site.root()) == before);
    let output = site.cli(&[&args[..], &["--yes", "--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(json(&output)["closed"], serde_json::json!(["2026-09"]));
}

/// September is closed; nothing of it is ever published, nothing counts twice, and nights go on.
#[test]
fn without_its_key_a_month_is_closed() {
    let (base, library) = site();
    let site = killed::at_every_step(&base, &|site, hook| destroyed(site, "loan-2026-09", hook).map(|_| ()));
    for gone in ["state/keys/loan-2026-09.key", "state/keys/loan-year-2026-01.key", "state/years/loan-2026-01.json"] {
        assert!(is_there(&base, gone) && !is_there(&site, gone), "{gone}");
    }
    assert!(!is_there(&site, "state/staging/koha-loans/month=2026-09"));
    // More loans of that month turn up, and the worklist is carried out.
    let mut library = library.loans(401, 24, "2026-09-20", Some("2026-09-21"));
    library.sever(101..113);
    library.remove(201..213);
    let night = site.night(&library, "2026-10-31");
    // Read, retired, already retired, kept, unlinked.
    assert_eq!(five(&night), [84, 24, 24, 24, 12]);
    assert_eq!(only(&night).tally.late, 0, "what comes later isn't late: the month was closed before its time");
    let closed = only(&night).released.iter().any(|month| month.month.to_string() == "2026-09");
    assert!(!closed, "it is final already");
    assert_eq!(only(&site.night(&library, "2026-11-29")).tally.late, 0);
    let night = site.night(&library, "2026-12-02");
    let released: Vec<String> = only(&night).released.iter().map(|month| month.month.to_string()).collect();
    assert!(released.is_empty() || released == ["2026-10"], "{released:?}");
    let public: Vec<String> = files(&site.at("public")).iter().map(|path| path.display().to_string()).collect();
    assert!(public.iter().any(|path| path.contains("month=2026-10")), "October is published by then");
    assert!(!public.iter().any(|path| path.contains("2026-09")), "{public:?}");
    assert!(!public.iter().any(|path| path.contains("patrons-of-the-year")));
    assert!(!is_there(&site, "state/years/loan-2026-01.json"), "that year is never told");
    site.assert_verifies();
    assert_eq!(site.cli(&["audit"]).status.code(), Some(0));
}

/// A year of which nobody knows any more who was there is never told, though all of its months are published.
#[test]
fn without_its_key_a_year_is_never_told() {
    let months = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];
    let mut library = Library::default();
    for (at, month) in months.iter().enumerate() {
        library =
            library.loans(101 + 30 * at as u64, 24, &format!("2025-{month}-03"), Some(&format!("2025-{month}-05")));
    }
    let base = crate::support::library::loans_site();
    base.night(&library, "2026-01-15");
    let told = |site: &TestSite| is_there(site, "public/statistics/loan/patrons-of-the-year");
    // As it goes where nobody does anything.
    let usual = base.copy();
    usual.night(&library, "2026-02-15");
    assert!(told(&usual));
    let site = killed::at_every_step(&base, &|site, hook| {
        let done = destroyed(site, "loan-year-2025-01", hook)?;
        assert_eq!(done, (Vec::new(), vec!["2025-01".to_owned()]));
        Ok(())
    });
    assert!(!is_there(&site, "state/years/loan-2025-01.json") && !is_there(&site, "state/keys/loan-year-2025-01.key"));
    site.night(&library, "2026-02-15");
    assert!(!told(&site));
    assert!(!is_there(&site, "state/years/loan-2025-01.json"));
    let of_december = |site: &TestSite| is_there(site, "public/statistics/loan/by-branch/month=2025-12");
    assert_eq!(of_december(&site), of_december(&usual), "its months are published all the same");
    site.assert_verifies();
}

/// Every key's file has its owner's mode alone, the new one, too.
#[test]
fn a_new_key_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (site, _) = site();
    rotated(&site, 77, &no_hook).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&site.at("state/keys/signing.key")), 0o600);
    assert_eq!(mode(&site.at("reports/public-key")), 0o640);
    let output = site.cli(&["key", "rotate", "--by", "A. Person", "--why", "again", "--json"]);
    assert_eq!(json(&output)["public_key"], public_key::of(&signing(&site)).to_string());
    site.assert_verifies();
}
