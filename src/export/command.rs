//! An export that a program prints. It counts only if the program ended well, in time, and wrote nothing to standard
//! error: one that broke off halfway looks like a short export, and one that hangs would hold the night.
//!
//! It runs in a process group of its own, with all that it starts, and that ends with it and with the run, however the run ends.
//! Of the environment it sees what programs need ([`GIVEN`]) and what the pipeline names: passwords are nobody else's.

use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// What every program is given of the environment.
const GIVEN: [&str; 4] = ["PATH", "HOME", "LANG", "TZ"];
const BLOCK: usize = 1 << 16;
/// How many blocks may wait.
const WAITING: usize = 4;
/// How often an end is looked for.
const TICK: Duration = Duration::from_millis(2);

/// A program that runs. It is killed, with all that it started, where reading ends early.
pub(super) struct Running {
    child: Child,
    /// Its end was seen, and its number may be another's by now.
    ended: bool,
    /// Kills the group where this process ends before it.
    watcher: Option<Child>,
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
    /// No shell: the arguments are given as they are. `env`: what of the environment it is given beside the usual.
    pub fn start(argv: &[String], env: &[String], folder: &Path, limit: Duration) -> io::Result<(Running, Output)> {
        let (program, arguments) = argv.split_first().ok_or_else(|| io::Error::other("the command is empty"))?;
        let unset = |name: &&String| std::env::var_os(name).is_none();
        if let Some(name) = env.iter().find(unset) {
            return Err(io::Error::other(format!("its `env` names {name}, which is not set here")));
        }
        let given = GIVEN.into_iter().chain(env.iter().map(String::as_str));
        let given = given.filter_map(|name| Some((name, std::env::var_os(name)?)));
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .envs(given)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let watcher = watcher(&child);
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
        let running = Running { child, ended: false, watcher, deadline, complaints: Some(complaints) };
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

    /// Waits for its end, and ends what it left behind.
    fn status(&mut self) -> Result<ExitStatus, String> {
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        loop {
            match waitid(WaitId::Pid(Pid::from_child(&self.child)), look) {
                Ok(Some(_)) => return self.end().map_err(|error| error.to_string()),
                Ok(None) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.to_string()),
            }
            if Instant::now() >= self.deadline {
                return Err(LATE.into());
            }
            std::thread::sleep(TICK);
        }
    }

    /// Kills the group. Until the program was waited for, nobody else can have its number.
    fn end(&mut self) -> io::Result<ExitStatus> {
        if let Some(mut watcher) = self.watcher.take() {
            let _ = watcher.kill();
            let _ = watcher.wait();
        }
        if !self.ended {
            let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        }
        let status = self.child.wait();
        self.ended |= status.is_ok();
        status
    }
}

/// A shell that waits for this process's end, however it comes, and then kills the program's group: a signal to this process is
/// none to that, and `SIGKILL` can't be caught.
fn watcher(child: &Child) -> Option<Child> {
    let group = child.id().to_string();
    let mut watcher = Command::new("/bin/sh");
    watcher.args(["-c", "read -r end; kill -s KILL -- \"-$1\"", "sh", &group]).env_clear().process_group(0);
    watcher.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.end();
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
        let (running, mut output) = Running::start(&argv, &[], Path::new("."), limit).unwrap();
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
    /// Whether a process runs: one that is dead and not yet waited for does not.
    fn runs(pid: &str) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
        stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with(['Z', 'X']))
    }

    #[test]
    fn what_a_program_left_behind_ends_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let left = folder.path().join("left");
        for words in ["sleep 60 >&- 2>&- & echo $! > LEFT; echo a", "sleep 60 & echo $! > LEFT; sleep 60"] {
            let _ = run(&words.replace("LEFT", &left.display().to_string()), Duration::from_secs(2));
            let pid = std::fs::read_to_string(&left).unwrap();
            let until = Instant::now() + Duration::from_secs(10);
            while runs(&pid) && Instant::now() < until {
                std::thread::sleep(TICK);
            }
            assert!(!runs(&pid), "{words}");
        }
    }

    #[test]
    fn a_program_sees_of_the_environment_what_it_is_given() {
        let (read, ..) = run("env", Duration::from_secs(60));
        let read = String::from_utf8(read.unwrap()).unwrap();
        assert!(read.contains("PATH=") && std::env::var_os("CARGO_MANIFEST_DIR").is_some() && !read.contains("CARGO"));
        let argv = ["sh", "-c", "echo $CARGO_PKG_NAME"].map(String::from);
        let start = |env: &str| Running::start(&argv, &[env.into()], Path::new("."), Duration::from_secs(60));
        let (running, mut output) = start("CARGO_PKG_NAME").unwrap();
        let mut read = String::new();
        output.read_to_string(&mut read).unwrap();
        assert_eq!((read.as_str(), running.finish()), ("afterloan\n", Ok(())));
        let error = start("NO_SUCH_NAME").map(drop).unwrap_err().to_string();
        assert!(error.contains("NO_SUCH_NAME"), "{error}");
    }
}
