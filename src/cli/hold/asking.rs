//! What is asked for, question by question, on a terminal.

use std::io::{BufRead, IsTerminal, Write};

use super::form::{Release, ScopeForm, day};
use crate::act::Asked;
use crate::cli::out::Failed;
use crate::state::register::{Scope, Trigger};
use crate::words::Day;

/// Whoever answers.
pub struct Terminal<'t> {
    input: &'t mut dyn BufRead,
    output: &'t mut dyn Write,
}

/// Asks; questions go to standard error, so that standard output has the answer alone. None: she said no.
pub fn on_terminal<T>(ask: fn(&mut Terminal<'_>) -> Result<Option<T>, Failed>) -> Result<Option<T>, Failed> {
    if !std::io::stdin().is_terminal() {
        return Err(Failed::Plain(
            "this asks on a terminal, and there is none: give a file (--from FILE), or standard input (--from -). `afterloan help \
             holds` shows its form. Nothing was changed"
                .into(),
        ));
    }
    let (input, output) = (&mut std::io::stdin().lock(), &mut std::io::stderr());
    ask(&mut Terminal { input, output })
}

pub fn place(terminal: &mut Terminal<'_>) -> Result<Option<Asked>, Failed> {
    let matter = terminal.must("The matter, as your lawyers call it")?;
    let known = Trigger::ALL.map(Trigger::as_str).join(", ");
    let trigger = terminal.again(&format!("What calls for it ({known})"), Trigger::of)?;
    let by = terminal.must("Who places it")?;
    let until = terminal.day("Until when, as a reminder (2026-11-01; nothing: not said)", "until")?;
    let (patrons, scope) = terminal.scope()?;
    terminal.say(&format!("\n  matter    {}\n  trigger   {}\n  by        {}", matter, trigger.as_str(), by));
    if let Some(until) = until {
        terminal.say(&format!("  until     {until}"));
    }
    for (place, patron) in patrons.iter().flatten().enumerate() {
        terminal.say(&format!("  {:<9} {patron}", if place == 0 { "patrons" } else { "" }));
    }
    super::listed::scope(&scope).iter().for_each(|line| terminal.say(&format!("  covers    {line}")));
    let asked = Asked { matter, trigger, by, until, patrons, scope };
    Ok(terminal.yes("Place it")?.then_some(asked))
}

pub fn release(terminal: &mut Terminal<'_>) -> Result<Option<Release>, Failed> {
    let matter = terminal.must("The matter, as `afterloan hold list` shows it")?;
    let by = terminal.must("Who releases it")?;
    let why = terminal.must("Why")?;
    terminal.say(&format!("\n  matter    {matter}\n  by        {by}\n  why       {why}"));
    Ok(terminal.yes("Release it")?.then_some(Release { matter, by, why }))
}

impl<'t> Terminal<'t> {
    #[cfg(test)]
    fn new(input: &'t mut dyn BufRead, output: &'t mut dyn Write) -> Terminal<'t> {
        Terminal { input, output }
    }

    fn say(&mut self, text: &str) {
        let _ = writeln!(self.output, "{text}");
    }

    fn line(&mut self, question: &str) -> Result<String, Failed> {
        let _ = write!(self.output, "{question}: ");
        let _ = self.output.flush();
        let mut line = String::new();
        match self.input.read_line(&mut line) {
            Ok(0) => Err(Failed::Plain("the answers ended before the questions. Nothing was changed".into())),
            Ok(_) => Ok(line.trim().to_string()),
            Err(error) => Err(Failed::Plain(format!("the terminal can't be read: {error}. Nothing was changed"))),
        }
    }

    /// Until it is answered.
    fn must(&mut self, question: &str) -> Result<String, Failed> {
        self.again(question, |line| Some(line.to_string()).filter(|line| !line.is_empty()))
    }

    fn again<T>(&mut self, question: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Failed> {
        loop {
            if let Some(answer) = read(&self.line(question)?) {
                return Ok(answer);
            }
            self.say("  That is no answer to it.");
        }
    }

    fn day(&mut self, question: &str, key: &str) -> Result<Option<Day>, Failed> {
        self.again(question, |line| if line.is_empty() { Some(None) } else { day(line, key).ok().map(Some) })
    }

    /// One a line; none: nothing was said.
    fn list(&mut self, question: &str) -> Result<Option<Vec<String>>, Failed> {
        self.say(&format!("{question}; one a line, an empty line ends them"));
        let mut all = Vec::new();
        loop {
            match self.line(" ")? {
                line if line.is_empty() => return Ok(Some(all).filter(|all| !all.is_empty())),
                line => all.push(line),
            }
        }
    }

    fn scope(&mut self) -> Result<(Option<Vec<String>>, Scope), Failed> {
        self.say("What it covers. Several answers narrow each other; nothing: not said");
        let mut form = ScopeForm {
            patrons: self.list("Patrons, by card, login, e-mail address or patron number")?,
            items: self.list("Item numbers")?,
            branches: self.list("Branches, as transactions name them")?,
            ..ScopeForm::default()
        };
        loop {
            let kinds = self.list("Kinds (loan, hold, bill, ill, session, access, registration, contact)")?;
            match (ScopeForm { kinds: kinds.clone(), ..ScopeForm::default() }).checked() {
                Ok(_) => break form.kinds = kinds,
                Err(error) => self.say(&format!("  {error}")),
            }
        }
        let written = |day: Option<Day>| day.map(|day| day.to_string());
        form.opened_from = written(self.day("Opened from (2026-11-01)", "opened_from")?);
        form.opened_to = written(self.day("Opened to (2026-11-30)", "opened_to")?);
        let (patrons, scope) = form.checked()?;
        if patrons.is_none() && scope == Scope::default() {
            if !self.yes("That says nothing. Does it cover everything")? {
                return Err(Failed::Plain("the hold says nothing of what it covers. Nothing was changed".into()));
            }
            return Ok((None, Scope { everything: true, ..scope }));
        }
        Ok((patrons, scope))
    }

    fn yes(&mut self, question: &str) -> Result<bool, Failed> {
        self.again(&format!("{question}? (yes, no)"), |line| match line {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked<T>(
        answers: &str,
        ask: fn(&mut Terminal<'_>) -> Result<Option<T>, Failed>,
    ) -> (Result<Option<T>, Failed>, String) {
        let mut output = Vec::new();
        let answer = ask(&mut Terminal::new(&mut answers.as_bytes(), &mut output));
        (answer, String::from_utf8(output).unwrap())
    }

    #[test]
    fn a_hold_is_asked_for_and_shown_once_more() {
        let answers = "\nCase 1\nbecause\nsubpoena\nA. Director\nsoon\n2027-01-01\n 2999 \nmail@example.org\n\n\nMAIN\n\nloans\n\nloan\n\n\
                       2026-01-01\n\nyes\n";
        let (asked, shown) = asked(answers, place);
        let asked = asked.unwrap().unwrap();
        assert_eq!(
            (asked.matter.as_str(), asked.by.as_str(), asked.trigger),
            ("Case 1", "A. Director", Trigger::Subpoena)
        );
        assert_eq!(asked.patrons, Some(vec!["2999".into(), "mail@example.org".into()]));
        assert_eq!((asked.scope.branches, asked.scope.items), (Some(vec!["MAIN".into()]), None));
        assert_eq!(asked.scope.opened_from, Some("2026-01-01".parse().unwrap()));
        for line in ["  matter    Case 1", "  patrons   2999", "            mail@example.org", "  until     2027-01-01"]
        {
            assert!(shown.contains(line), "{line} in {shown}");
        }
    }

    #[test]
    fn whoever_says_no_or_goes_away_has_placed_nothing() {
        let all = "Case 1\nother\nD\n\n\n\n\n\n\n\nyes\nno\n";
        assert!(matches!(asked(all, place), (Ok(None), _)));
        for cut in 0..all.len() - 3 {
            assert!(asked(&all[..cut], place).0.is_err(), "{:?}", &all[..cut]);
        }
        assert!(asked("Case 1\nother\nD\n\n\n\n\n\n\n\nno\n", place).0.is_err(), "it covers nothing");
        assert!(asked("Case 1\nother\nD\n\n\n\n\n\n\n\nyes\nyes\n", place).0.unwrap().unwrap().scope.everything);
        assert_eq!(asked("Case 1\n\nD\nsettled\nyes\n", release).0.unwrap().unwrap().why, "settled");
    }
}
