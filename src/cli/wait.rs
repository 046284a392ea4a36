//! `--wait`: a run that begins once another has ended.

use std::fmt;
use std::str::FromStr;
use std::thread::sleep;
use std::time::{Duration, Instant};

use jiff::SignedDuration;

use super::out::{Ended, Failed, complain};

/// For how long to wait for another run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience(Duration);

/// Longer than any night; and no time that can't be added to a clock.
const MOST: Duration = Duration::from_hours(24);
/// How often the lock is tried.
const EVERY: Duration = Duration::from_millis(500);

impl FromStr for Patience {
    type Err = String;

    fn from_str(text: &str) -> Result<Patience, String> {
        let wrong = || "write for how long: 30m, 2h, at most 24h".to_string();
        let time: SignedDuration = text.parse().map_err(|_| wrong())?;
        let time = Duration::try_from(time).map_err(|_| wrong())?;
        if time > MOST { Err(wrong()) } else { Ok(Patience(time)) }
    }
}

impl fmt::Display for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        match (seconds % 3_600, seconds % 60) {
            (0, _) => write!(f, "{}h", seconds / 3_600),
            (_, 0) => write!(f, "{}m", seconds / 60),
            _ => write!(f, "{seconds}s"),
        }
    }
}

/// Runs, and while another run holds the lock, again, as long as patience lasts. Such a refusal comes before anything is read or
/// written. Whoever gets the lock first has it: there is no queue.
pub fn for_another_run(
    patience: Option<Patience>,
    mut run: impl FnMut() -> Result<Ended, Failed>,
) -> Result<Ended, Failed> {
    let began = Instant::now();
    let mut told = false;
    loop {
        let ended = run();
        let (Err(failed), Some(patience)) = (&ended, patience) else { return ended };
        if !failed.is_another_run() {
            return ended;
        }
        let left = patience.0.saturating_sub(began.elapsed());
        if left.is_zero() {
            return Err(Failed::Plain(format!("{failed}. It was waited for {patience}, and has not ended")));
        }
        if !told {
            complain(&format!("another run is at work: waiting for its end, for at most {patience}"));
            told = true;
        }
        sleep(EVERY.min(left));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_to_wait_is_read_as_people_write_it() {
        for (text, shown) in [("30m", "30m"), ("2h", "2h"), ("90s", "90s"), ("1h 30m", "90m"), ("60 minutes", "1h")] {
            assert_eq!(text.parse::<Patience>().unwrap().to_string(), shown, "{text}");
        }
        for wrong in ["", "soon", "-1h", "30", "25h", "1mo"] {
            assert!(wrong.parse::<Patience>().is_err(), "{wrong}");
        }
    }
}
