//! A progress bar, on a terminal alone: rows, bytes, rate, time left.

use std::io::IsTerminal;
use std::sync::Mutex;

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

use crate::act::Progress;

#[derive(Default)]
pub struct Bar {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    bar: Option<ProgressBar>,
    rows: u64,
}

impl Bar {
    pub fn show(&self, progress: Progress<'_>) {
        if !std::io::stderr().is_terminal() {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        match progress {
            Progress::Reading { pipeline, bytes } => {
                let bar = ProgressBar::new(bytes);
                let style = "{prefix} {bar:24} {msg}, {bytes_per_sec}, {eta} left";
                bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
                bar.set_prefix(pipeline.to_string());
                bar.set_message("0 rows, 0 B");
                *state = State { bar: Some(bar), rows: 0 };
            }
            Progress::Read { records, bytes } => {
                state.rows += records;
                let rows = state.rows;
                if let Some(bar) = &state.bar {
                    bar.inc(bytes);
                    // A compressed export grows beyond its size on disk.
                    if bar.length().is_some_and(|length| bar.position() > length) {
                        bar.set_length(bar.position());
                    }
                    bar.set_message(format!("{} rows, {}", HumanCount(rows), HumanBytes(bar.position())));
                }
            }
            Progress::Months { months } => {
                if let Some(bar) = state.bar.take() {
                    bar.finish_and_clear();
                }
                let bar = ProgressBar::new(months);
                let style = "months {bar:24} {pos} of {len}, {eta} left";
                bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
                state.bar = Some(bar);
            }
            Progress::Month => {
                if let Some(bar) = &state.bar {
                    bar.inc(1);
                }
            }
            Progress::Committing => {
                if let Some(bar) = state.bar.take() {
                    bar.finish_and_clear();
                }
            }
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(bar) = state.bar.take() {
            bar.finish_and_clear();
        }
    }
}
