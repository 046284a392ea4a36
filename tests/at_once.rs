//! Several at once on one site, and what stands where a file should: nobody waits for ever, and nobody reads half a night.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use std::thread::sleep;
use std::time::{Duration, Instant};

use afterloan::act::{self, Refusal, Seams};
use afterloan::state::commit::{Moment, no_hook};
use afterloan::state::entropy::Fixed;
use afterloan::state::lock::Lock;

use crate::support::inbox::{Inbox, both};
use crate::support::{AS_OF, TestSite, afterloan, options, snapshot};
use crate::withstand_sites::planned;

/// What a command says that must end soon.
fn soon(site: &TestSite, args: &[&str]) -> Output {
    let mut command = afterloan();
    command.args(args).args(["--as-of", AS_OF, "--site"]).arg(site.root());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
    ended(child, args)
}

fn ended(mut child: Child, args: &[&str]) -> Output {
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if began.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            panic!("{args:?} hangs");
        }
        sleep(Duration::from_millis(20));
    }
    child.wait_with_output().unwrap()
}

fn looks(site: &TestSite) -> usize {
    let names = fs::read_dir(site.at("state")).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_string_lossy().starts_with("look-")).count()
}

#[test]
fn who_only_looks_stops_no_run_and_is_stopped_by_none() {
    let site = planned(2);
    let lock = Lock::take(&site.site()).unwrap();
    let before = snapshot(&site.root());
    for (args, code) in [(&["plan"][..], 1), (&["explain", "1"], 0), (&["check"], 0), (&["verify"], 0)] {
        let mut command = afterloan();
        command.args(args).arg("--site").arg(site.root());
        if args != ["verify"] {
            command.args(["--as-of", AS_OF]);
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", both(&output));
    }
    drop(lock);
    assert!(snapshot(&site.root()) == before && looks(&site) == 0);
    // A run while somebody looks, in the middle of her reading.
    let digest = site.plan(AS_OF).unwrap().digest;
    let run = Mutex::new(None);
    let meanwhile = |_: act::Progress<'_>| {
        run.lock()
            .unwrap()
            .get_or_insert_with(|| site.run(AS_OF, Some(digest)).map(|outcome| outcome.committed.is_some()));
    };
    let seams = Seams { entropy: &mut Fixed::new(2), hook: &no_hook, progress: &meanwhile };
    let refusal = act::plan(&site.site(), options(AS_OF, None), seams).unwrap_err().to_string();
    assert!(refusal.starts_with("a run committed while this was read"), "{refusal}");
    assert!(run.into_inner().unwrap().unwrap().unwrap(), "the run was done");
    assert_eq!(looks(&site), 0);
    assert_eq!(site.cli(&["verify"]).status.code(), Some(0));
}

/// At each instant of a commit a plan is right, or says why it can't be, and leaves the run alone.
#[test]
fn a_plan_at_any_instant_of_a_commit_is_of_one_night() {
    let site = planned(2);
    let expected = site.plan(AS_OF).unwrap().digest;
    let told: Mutex<(BTreeSet<String>, Vec<String>)> = Mutex::default();
    let hook = |moment: Moment| {
        let mut told = told.lock().unwrap();
        if told.0.insert(moment.to_string()) {
            let plan = site.plan(AS_OF);
            let said = match plan {
                Ok(plan) if plan.digest == expected => "as before".into(),
                Ok(plan) => format!("another plan: {} pipelines", plan.pipelines.len()),
                Err(refusal) => refusal.to_string(),
            };
            told.1.push(said);
        }
        Ok(())
    };
    site.run_with(AS_OF, Some(expected), &hook).unwrap();
    let (moments, said) = told.into_inner().unwrap();
    assert!(moments.len() > 20, "{moments:?}");
    let before = said.iter().take_while(|said| *said == "as before").count();
    assert!(before > 5, "{said:?}");
    for said in &said[before..] {
        let is_told = ["run 1 was killed while it committed, or is not finished", "another plan: 2 pipelines"];
        assert!(is_told.iter().any(|told| said.starts_with(told)), "{said}");
    }
    assert_eq!(site.cli(&["verify"]).status.code(), Some(0));
}

#[test]
fn a_run_waits_for_another_as_long_as_it_is_told() {
    let site = planned(2);
    let lock = Lock::take(&site.site()).unwrap();
    let refused = soon(&site, &["run"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(both(&refused).contains("another run is at work"), "{}", both(&refused));
    let given_up = soon(&site, &["run", "--wait=1s"]);
    assert_eq!(given_up.status.code(), Some(2), "{}", both(&given_up));
    assert!(both(&given_up).contains("It was waited for 1s"), "{}", both(&given_up));
    let wrong = soon(&site, &["run", "--wait=soon"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", both(&wrong));
    let mut command = afterloan();
    let digest = site.plan(AS_OF).unwrap().digest.to_string();
    command.args(["run", "--accept", &digest, "--wait", "--as-of", AS_OF, "--site"]).arg(site.root());
    let waiting = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    sleep(Duration::from_secs(1));
    assert!(!site.at("state/memory.json").exists());
    drop(lock);
    let run = ended(waiting, &["run", "--wait"]);
    assert_eq!(run.status.code(), Some(0), "{}", both(&run));
    assert!(both(&run).contains("waiting for its end, for at most 1h"), "{}", both(&run));
    assert!(site.at("state/memory.json").exists());
}

fn fifo(path: &std::path::Path) {
    let _ = fs::remove_file(path);
    assert!(Command::new("mkfifo").arg("-m").arg("600").arg(path).status().unwrap().success());
}

/// A FIFO in a file's place hangs whoever opens it, without a word.
#[test]
fn a_fifo_in_the_place_of_any_file_is_refused_at_once() {
    let site = planned(2);
    site.accept_and_run(AS_OF);
    let known = fs::read_dir(site.at("state/known/koha-loans")).unwrap().next().unwrap().unwrap().path();
    let known = known.strip_prefix(site.root()).unwrap().to_str().unwrap().to_string();
    let report = fs::read_dir(site.at("reports")).unwrap().map(|entry| entry.unwrap().path());
    let report = report.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "json")).unwrap();
    let report = report.strip_prefix(site.root()).unwrap().to_str().unwrap().to_string();
    let paths = [
        "policy.toml",
        "pipelines/koha-loans.toml",
        "state/holds.json",
        "state/keys/site.key",
        "state/memory.json",
        "reports/ledger.jsonl",
        "reports/public-key",
        &known,
        &report,
        "inbox/old_issues-2026-11-01.csv",
        "inbox/borrowers-2026-11-01.csv",
    ];
    for path in paths {
        let kept = site.at("kept");
        fs::rename(site.at(path), &kept).unwrap();
        fifo(&site.at(path));
        for args in [&["plan"][..], &["run"], &["explain", "1"], &["check"], &["verify"]] {
            if args == ["verify"] && path.starts_with("inbox") {
                continue;
            }
            let mut command = afterloan();
            command.args(args).arg("--site").arg(site.root()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let output = ended(command.spawn().unwrap(), args);
            if args != ["verify"] {
                assert_ne!(output.status.code(), Some(0), "{path}, {args:?}: {}", both(&output));
            }
        }
        fs::remove_file(site.at(path)).unwrap();
        fs::rename(kept, site.at(path)).unwrap();
    }
    fifo(&site.at("state/lock"));
    let run = soon(&site, &["run"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(both(&run).contains("no file but a FIFO"), "{}", both(&run));
    fs::remove_file(site.at("state/lock")).unwrap();
    fs::create_dir(site.at("state/lock")).unwrap();
    let run = soon(&site, &["run"]);
    assert!(both(&run).contains("no file but a folder"), "{}", both(&run));
}

#[test]
fn an_export_that_is_no_file_is_named_and_not_passed_over() {
    for (what, make) in [("FIFO", fifo as fn(&std::path::Path)), ("folder", |path| fs::create_dir(path).unwrap())] {
        let site = TestSite::init("koha");
        Inbox::koha(&site, 2).put(&site);
        make(&site.at("inbox/old_issues-2026-11-02.csv"));
        let plan = soon(&site, &["plan"]);
        let told = both(&plan).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            told.contains("old_issues-2026-11-02.csv") && told.contains(&format!("no file but a {what}")),
            "{told}"
        );
    }
}

/// One run as root on a service user's site breaks every later night of hers.
#[test]
fn a_site_of_somebody_else_is_refused_before_anything_is_written() {
    let site = planned(2);
    if std::os::unix::fs::chown(site.at("state"), Some(65_534), None).is_err() {
        eprintln!("skipped: only root can give a folder away, and these tests don't run as root");
        return;
    }
    fs::remove_file(site.at("state/lock")).ok();
    let before = snapshot(&site.root());
    for args in [&["run", "--accept", &"0".repeat(64)][..], &["plan"], &["explain", "1 2"]] {
        let output = soon(&site, args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", both(&output));
        let told = both(&output);
        assert!(told.contains("belongs to") && told.contains("sudo -u "), "{told}");
        let again = if args[0] == "explain" { "explain '1 2'".into() } else { args.join(" ") };
        assert!(told.contains(&format!("afterloan {again} --site")), "{told}");
    }
    assert!(snapshot(&site.root()) == before, "nothing was written");
    let refusal = site.run(AS_OF, None).unwrap_err();
    assert!(matches!(refusal, Refusal::Begin(_)), "{refusal}");
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::chown(folder.path(), Some(65_534), None).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let output =
        afterloan().args(["init", "--ils", "koha", "--name", "A library"]).arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", both(&output));
    let told = both(&output);
    assert!(told.contains("afterloan init --ils koha --name 'A library'"), "{told}");
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
}
