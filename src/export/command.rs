//! An export that a program prints. It counts only if the program ended well and wrote nothing to standard error: one that
//! broke off halfway looks like a short export.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

/// A program that runs. It is killed where reading ends early.
pub(super) struct Running {
    child: Child,
    /// How many bytes it wrote to standard error. What they say is not kept: it may quote a row.
    complaints: Option<JoinHandle<u64>>,
}

impl Running {
    /// No shell: the arguments are given as they are.
    pub fn start(argv: &[String], folder: &Path) -> io::Result<(Running, ChildStdout)> {
        let (program, arguments) = argv.split_first().ok_or_else(|| io::Error::other("the command is empty"))?;
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let missing = || io::Error::other("its output can't be read");
        let output = child.stdout.take().ok_or_else(missing)?;
        let mut errors = child.stderr.take().ok_or_else(missing)?;
        let complaints = std::thread::spawn(move || io::copy(&mut errors.by_ref(), &mut io::sink()).unwrap_or(1));
        Ok((Running { child, complaints: Some(complaints) }, output))
    }

    /// Waits for its end, after all output was read. An error says what was wrong, and no word of what it printed.
    pub fn finish(mut self) -> Result<(), String> {
        let status = self.child.wait().map_err(|error| error.to_string())?;
        let complaints = self.complaints.take().map_or(0, |complaints| complaints.join().unwrap_or(1));
        if !status.success() {
            return Err(format!("it ended with {status}"));
        }
        if complaints > 0 {
            return Err(
                "it wrote to standard error, though it ended with 0: run it by hand to see what; where that is \
                        harmless, let it be quiet"
                    .into(),
            );
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // After `finish` it has ended, and this does nothing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
