//! A question before what can't be taken back.

use std::io::{BufRead, IsTerminal, Write};

use super::out::Failed;

/// Asks on a terminal, unless `yes` was given; where nobody can be asked, refuses without it. `what`: a sentence.
pub fn confirmed(yes: bool, what: &str) -> Result<(), Failed> {
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(Failed::Plain(format!(
            "{what} It can't be taken back, and there is no terminal to ask: give --yes. Nothing was done"
        )));
    }
    let mut asked = std::io::stderr().lock();
    let mut answer = String::new();
    let said = write!(asked, "{what} It can't be taken back. Go on? Write yes: ").and_then(|()| asked.flush());
    said.and_then(|()| std::io::stdin().lock().read_line(&mut answer))
        .map_err(|error| Failed::Plain(format!("nobody could be asked: {error}. Nothing was done")))?;
    if answer.trim() == "yes" { Ok(()) } else { Err(Failed::Plain("it wasn't confirmed. Nothing was done".into())) }
}
