//! A full disk at the worst moment: before the ledger's line nothing is changed, and the same plan can be run later.

use std::io;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use afterloan::state::commit::{Moment, Step};

use crate::support::inbox::{Inbox, both};
use crate::support::{AS_OF, TestSite, snapshot};
use crate::withstand_sites::planned;

#[test]
fn a_disk_that_fills_up_before_the_commit_changes_nothing() {
    let site = planned(12);
    let plan = site.plan(AS_OF).unwrap().digest;
    let before = snapshot(&site.root());
    // How many moments there are up to the last one at which nothing is decided yet.
    let moments = Mutex::new(Vec::new());
    let last = Moment::Before(Step::SyncLedger);
    let full = || Err(io::ErrorKind::StorageFull.into());
    let count = |moment: Moment| {
        moments.lock().unwrap().push(moment);
        if moment == last { full() } else { Ok(()) }
    };
    site.run_with(AS_OF, Some(plan), &count).unwrap_err();
    assert!(snapshot(&site.root()) == before, "the site changed at the last moment");
    let moments = moments.into_inner().unwrap();
    let upto = 1 + moments.iter().position(|moment| *moment == last).unwrap();
    assert!(upto > 20, "{moments:?}");
    for (fails_at, moment) in moments[..upto].iter().enumerate() {
        let at = AtomicUsize::new(0);
        let hook = |_| if at.fetch_add(1, Ordering::SeqCst) == fails_at { full() } else { Ok(()) };
        let refusal = site.run_with(AS_OF, Some(plan), &hook).unwrap_err();
        assert!(snapshot(&site.root()) == before, "the site changed {moment}: {refusal}");
        assert!(!refusal.to_string().contains("7001"), "{refusal}");
    }
    site.run(AS_OF, Some(plan)).unwrap();
    assert_eq!(site.cli(&["verify"]).status.code(), Some(0));
}

/// A small disk of our own, in a mount namespace of our own. Skipped where that isn't allowed.
#[test]
fn a_disk_that_is_full_changes_nothing() {
    const SCRIPT: &str = r#"
        set -eu
        program=$1 from=$2 disk=$3
        mkdir -p "$disk"
        mount -t tmpfs -o size=6m tmpfs "$disk"
        echo mounted
        cp -a "$from" "$disk/site"
        cp -a "$from" "$disk.before"
        digest=$("$program" plan --site "$disk/site" --as-of "$4" | sed -n '/--accept/{n;s/ //g;p;}')
        # A run makes it, before anything else.
        for site in "$disk/site" "$disk.before"; do (umask 077; : > "$site/state/lock"); done
        failed=0
        for free in 0 4 16 32 64 96 128 160 192 256 384 512 768 1024; do
            rm -f "$disk/filler"
            size=$(($(df -k --output=avail "$disk" | tail -1) - free))
            head -c "${size}k" /dev/zero > "$disk/filler"
            if "$program" run --site "$disk/site" --as-of "$4" --accept "$digest" > "$disk.out" 2>&1; then
                echo "done with $free"
                break
            else
                code=$?
            fi
            [ $code = 2 ] || { echo "exit $code with $free KiB:"; cat "$disk.out"; [ $code = 1 ] && break; exit 3; }
            failed=$((failed + 1))
            diff -r "$disk.before" "$disk/site" || { echo "changed with $free KiB:"; cat "$disk.out"; exit 3; }
        done
        rm -f "$disk/filler"
        echo "failed $failed times"
        "$program" verify --site "$disk/site" || { c=$?; echo "verify $c"; exit 4; }
    "#;
    let site = TestSite::init("koha");
    Inbox::koha(&site, 12).put(&site);
    let disk = site.root().parent().unwrap().join("disk");
    let script = Command::new("unshare")
        .args(["--mount", "sh", "-c", SCRIPT, "sh", env!("CARGO_BIN_EXE_afterloan")])
        .arg(site.root())
        .arg(&disk)
        .arg(AS_OF)
        .output();
    let Ok(script) = script else { return eprintln!("skipped: no unshare") };
    let printed = both(&script);
    if !printed.contains("mounted") {
        return eprintln!("skipped: {printed}");
    }
    assert_eq!(script.status.code(), Some(0), "{printed}");
    let failed: usize =
        printed.split("failed ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().parse().unwrap();
    assert!(failed >= 2, "{printed}");
    assert!(printed.contains("done with"), "{printed}");
}
