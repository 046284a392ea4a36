//! `help`: a command's arguments, or a topic that several commands and files share; and `manual`, the same as man pages
//! and shell completions.

use std::fs;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::{Shell, generate_to};

use super::arguments::{Arguments, Help, Manual};
use super::out::{Ended, Failed};
use crate::toml_file::nearest;

/// Name, one line about it, text.
const TOPICS: [(&str, &str, &str); 8] = [
    ("needs", "why it must still be known who a patron is", include_str!("help/needs.txt")),
    ("release", "what is published of a period, and how coarse", include_str!("help/release.txt")),
    ("treatments", "what turns an input into a published value", include_str!("help/treatments.txt")),
    ("roles", "what a pipeline says about each column", include_str!("help/roles.txt")),
    ("pipelines", "every key of a pipeline", include_str!("help/pipelines.txt")),
    ("acts", "sign-offs, keys, takedowns, and the annex to sign", include_str!("help/acts.txt")),
    ("holds", "legal holds: how they are placed, what they cover", include_str!("help/holds.txt")),
    ("exit-codes", "what 0, 1 and 2 mean", include_str!("help/exit-codes.txt")),
];

pub fn help(asked: &Help) -> Result<Ended, Failed> {
    let mut all = command();
    // So that a command shows the options that all take.
    all.build();
    let Some(topic) = &asked.topic else {
        println!("{}", all.render_long_help());
        return Ok(Ended::Done);
    };
    if let Some((_, _, text)) = TOPICS.iter().find(|(name, ..)| name == topic) {
        println!("{}", text.trim_end());
        return Ok(Ended::Done);
    }
    if let Some(one) = all.find_subcommand_mut(topic) {
        let mut one = one.clone();
        println!("{}", one.render_long_help());
        return Ok(Ended::Done);
    }
    let names = all.get_subcommands().map(|command| command.get_name()).chain(TOPICS.iter().map(|(name, ..)| *name));
    let hint = nearest(topic, names).map_or(".".into(), |near| format!("; did you mean `{near}`?"));
    Err(Failed::Plain(format!("no command and no topic is named `{topic}`{hint} `afterloan help` lists both")))
}

/// The command line, with the topics below it.
pub fn command() -> clap::Command {
    let topics: String = TOPICS.iter().map(|(name, about, _)| format!("  {name:<11} {about}\n")).collect();
    let command = Arguments::command();
    let codes = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    command.after_help(format!("Topics, with afterloan help TOPIC:\n{topics}\n{codes}"))
}

pub fn manual(asked: &Manual) -> Result<Ended, Failed> {
    let made = |folder: &str| {
        let path = asked.dir.join(folder);
        fs::create_dir_all(&path).map_err(|error| failed(&path, error)).map(|()| path)
    };
    let (man, completions) = (made("man")?, made("completions")?);
    clap_mangen::generate_to(command(), &man).map_err(|error| failed(&man, error))?;
    for (name, about, text) in TOPICS {
        let path = man.join(format!("afterloan-{name}.7"));
        fs::write(&path, page(name, about, text)).map_err(|error| failed(&path, error))?;
    }
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        generate_to(shell, &mut command(), "afterloan", &completions).map_err(|error| failed(&completions, error))?;
    }
    println!("Made {} and {}.", man.display(), completions.display());
    Ok(Ended::Done)
}

fn failed(path: &Path, error: std::io::Error) -> Failed {
    Failed::Plain(format!("{}: {error}", path.display()))
}

/// A topic as a man page: its columns are set by hand, so it is shown as it is.
fn page(name: &str, about: &str, text: &str) -> String {
    let mut page = roff::Roff::new();
    page.control("TH", [&format!("afterloan-{name}").to_uppercase(), "7", "", "afterloan", ""]);
    page.control("SH", ["NAME"]).text([roff::roman(format!("afterloan-{name} - {about}"))]);
    page.control("SH", ["DESCRIPTION"]).control("nf", []);
    for line in text.lines().skip(1) {
        page.text([roff::roman(line)]);
    }
    page.control("fi", []);
    page.to_roff()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::FORMATS;
    use crate::words::Need;

    fn topic(name: &str) -> &'static str {
        TOPICS.iter().find(|(known, ..)| *known == name).unwrap().2
    }

    #[test]
    fn the_command_line_holds_together() {
        command().debug_assert();
    }

    #[test]
    fn every_syntax_and_its_keys_are_among_those_of_a_pipeline() {
        let text = topic("pipelines");
        let words: Vec<&str> = text.split(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c))).collect();
        for format in FORMATS {
            for word in format.keys().into_iter().chain([format.name]) {
                assert!(words.contains(&word), "{word}");
            }
        }
    }

    #[test]
    fn topics_fit_a_terminal_and_leave_nothing_out() {
        for (name, _, text) in TOPICS {
            let longest = text.lines().map(|line| line.chars().count()).max();
            assert!(longest <= Some(80), "{name}: {longest:?}");
        }
        let has = |text: &str, word: &str| text.lines().any(|line| line.trim_start().starts_with(word));
        for need in Need::ALL {
            assert!(has(topic("needs"), need.as_str()), "{need}");
        }
        // As the files that declare them list them.
        let declared = include_str!("../pipeline/declaration/columns.rs");
        let body = declared.split("pub struct Columns {").nth(1).unwrap().split("\n}").next().unwrap();
        for line in body.lines().filter_map(|line| line.trim().strip_prefix("pub ")) {
            let role = line.split(':').next().unwrap();
            assert!(has(topic("roles"), role), "{role}");
        }
        let declared = include_str!("../pipeline/declaration/publish.rs");
        let body = declared.split("pub enum Treatment {").nth(1).unwrap().split("\n}").next().unwrap();
        for line in body.lines().map(str::trim).filter(|line| line.starts_with(char::is_uppercase)) {
            let treatment = line.split(['(', ',', ' ']).next().unwrap().to_lowercase();
            assert!(topic("treatments").contains(&treatment), "{treatment}");
        }
    }
}
