//! One target at a time, by the variable TARGET: `make fuzz TARGET=csv SECONDS=600`.

#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use alone::export::trial;
use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<String> = LazyLock::new(|| {
    let target = std::env::var("TARGET").unwrap_or_default();
    let all: Vec<&str> = trial::targets().collect();
    assert!(all.contains(&target.as_str()), "TARGET is one of {}", all.join(", "));
    // The fuzzer ends with any panic. On this thread a panic is an error, as in the program.
    let ends = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(trial::MAY_PANIC) {
            ends(panic);
        }
    }));
    target
});

/// The samples of a syntax, beside what was found before: a new one has nothing else to begin with.
fn write_samples() {
    let found = Path::new("found").join(&*TARGET);
    for (place, sample) in trial::seeds(&TARGET).iter().enumerate() {
        std::fs::write(found.join(format!("sample-{place}")), sample).expect("make fuzz has made fuzz/found/TARGET");
    }
}

fuzz_target!(
    init: write_samples(),
    |bytes: &[u8]| {
        if let Some(what) = trial::broken(&TARGET, bytes) {
            panic!("{what}");
        }
    }
);
