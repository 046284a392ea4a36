//! An export that a program prints. It counts only if the program ended well, in time, and wrote nothing to standard
//! error: one that broke off halfway looks like a short export, and one that hangs would hold the night.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const BLOCK: usize = 1 << 16;
/// How many blocks may wait.
const WAITING: usize = 4;
/// How often an end is looked for.
const TICK: Duration = Duration::from_millis(2);

/// A program that runs. It is killed where reading ends early.
pub(super) struct Running {
    child: Child,
    deadline: Instant,
    /// How many bytes it wrote to standard error. What they say is not kept: it may quote a row.
    complaints: Option<JoinHandle<u64>>,
}

/// What it prints. A thread of its own reads the pipe: that can't be stopped where a program that it left behind keeps the
/// pipe open, and is not waited for.
pub(super) struct Output {
    blocks: Receiver<io::Result<Vec<u8>>>,
    block: Vec<u8>,
    given: usize,
    deadline: Instant,
    ended: bool,
}

const LATE: &str = "it was still at work when its time was over (`time_limit`)";

impl Running {
    /// No shell: the arguments are given as they are.
    pub fn start(argv: &[String], folder: &Path, limit: Duration) -> io::Result<(Running, Output)> {
        let (program, arguments) = argv.split_first().ok_or_else(|| io::Error::other("the command is empty"))?;
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let deadline = Instant::now() + limit;
        let missing = || io::Error::other("its output can't be read");
        let mut output = child.stdout.take().ok_or_else(missing)?;
        let mut errors = child.stderr.take().ok_or_else(missing)?;
        let complaints = std::thread::spawn(move || io::copy(&mut errors.by_ref(), &mut io::sink()).unwrap_or(1));
        let (sender, blocks) = sync_channel(WAITING);
        std::thread::spawn(move || {
            loop {
                let mut block = Vec::with_capacity(BLOCK);
                let read = output.by_ref().take(BLOCK as u64).read_to_end(&mut block).map(|_| block);
                let ends = read.as_ref().map_or(true, Vec::is_empty);
                if sender.send(read).is_err() || ends {
                    break;
                }
            }
        });
        let running = Running { child, deadline, complaints: Some(complaints) };
        Ok((running, Output { blocks, block: Vec::new(), given: 0, deadline, ended: false }))
    }

    /// Waits for its end, after all output was read. An error says what was wrong, and no word of what it printed.
    pub fn finish(mut self) -> Result<(), String> {
        let status = self.status()?;
        if !status.success() {
            return Err(format!("it ended with {status}"));
        }
        let complaints = self.complaints.take();
        while complaints.as_ref().is_some_and(|complaints| !complaints.is_finished()) {
            if Instant::now() >= self.deadline {
                return Err(LATE.into());
            }
            std::thread::sleep(TICK);
        }
        if complaints.map_or(0, |complaints| complaints.join().unwrap_or(1)) > 0 {
            return Err(
                "it wrote to standard error, though it ended with 0: run it by hand to see what; where that is \
                        harmless, let it be quiet"
                    .into(),
            );
        }
        Ok(())
    }

    fn status(&mut self) -> Result<ExitStatus, String> {
        loop {
            if let Some(status) = self.child.try_wait().map_err(|error| error.to_string())? {
                return Ok(status);
            }
            if Instant::now() >= self.deadline {
                return Err(LATE.into());
            }
            std::thread::sleep(TICK);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // After `finish` it has ended, and this does nothing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Read for Output {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.block.len() && !self.ended {
            let left = self.deadline.saturating_duration_since(Instant::now());
            self.block = match self.blocks.recv_timeout(left) {
                Ok(block) => block?,
                Err(RecvTimeoutError::Timeout) => return Err(io::Error::new(io::ErrorKind::TimedOut, LATE)),
                Err(RecvTimeoutError::Disconnected) => return Err(io::Error::other("its output can't be read")),
            };
            self.given = 0;
            self.ended = self.block.is_empty();
        }
        let count = (&self.block[self.given..]).read(into)?;
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(words: &str, limit: Duration) -> (io::Result<Vec<u8>>, Result<(), String>, Duration) {
        let begun = Instant::now();
        let argv = ["sh", "-c", words].map(String::from);
        let (running, mut output) = Running::start(&argv, Path::new("."), limit).unwrap();
        let mut bytes = Vec::new();
        let read = output.read_to_end(&mut bytes).map(|_| bytes);
        (read, running.finish(), begun.elapsed())
    }

    #[test]
    fn what_is_printed_in_time_is_read_whole() {
        let (read, finished, _) = run("seq 1 100000", Duration::from_secs(60));
        let expected: String = (1..=100_000).map(|number| format!("{number}\n")).collect();
        assert_eq!((read.unwrap(), finished), (expected.into_bytes(), Ok(())));
    }

    /// Neither a program that hangs nor one that it started, or left behind, holds the night.
    #[test]
    fn what_hangs_is_given_up() {
        let limit = Duration::from_millis(300);
        for words in ["sleep 60", "echo a; sleep 60 & sleep 60", "exec >&-; sleep 60", "sleep 60 & echo a"] {
            let (read, finished, took) = run(words, limit);
            assert!(read.is_err() || finished == Err(LATE.into()), "{words}: {read:?}, {finished:?}");
            assert!(took < Duration::from_secs(20), "{words}: {took:?}");
        }
    }
}
