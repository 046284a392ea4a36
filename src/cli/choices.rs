//! What `plan` proposes for `[release]`: periods and groups of places that would publish more, with lines to paste.

use super::table::paragraph;
use crate::act::{Choices, Shares};
use crate::evidence::figure::grouped;

/// Prints a proposal, if there is one.
pub fn choices(choices: Option<&Choices>) {
    let Some(choices) = choices else { return };
    let (first, last) = (choices.first, choices.last);
    let span = if first == last { first.to_string() } else { format!("{first} to {last}") };
    paragraph(
        "  ",
        &format!(
            "More could be published. Of {} transactions of {span}, as far as they make whole periods of each length:",
            grouped(choices.transactions)
        ),
    );
    let proposed = &choices.proposes;
    println!("    {:<9}{:>8}{}", "period", "months", heading(&proposed.shares));
    for choice in &choices.periods {
        println!("    {:<9}{:>8}{}", choice.period.name(), choice.months, row(&choice.shares));
    }
    println!("    {:<9}{:>8}{}", "proposed", "", row(&proposed.shares));
    if choices.periods.first().is_some_and(|now| now.shares.published < proposed.shares.published) {
        let why = "Periods that wait for each other are seldom enough together: once rows are staged, nobody can tell whether two \
                   of them are about the same patrons. So decide before the first month is staged.";
        paragraph("  ", why);
    }
    println!("  In policy.toml, under [release], in place of what stands there:");
    lines(choices).iter().for_each(|line| println!("    {line}"));
}

/// One policy holds for all pipelines.
pub fn differ(all: &[&Choices]) {
    if all.windows(2).any(|two| lines(two[0]) != lines(two[1])) {
        println!();
        let text = "Pipelines propose different lines, and one policy holds for all: take those of the one whose figures \
                    matter most, and plan again to see what they do for the others.";
        paragraph("", text);
    }
}

fn heading(shares: &Shares) -> String {
    let titles = [Some("published"), shares.place.map(|_| "with its place"), shares.day.map(|_| "with its day")];
    titles.iter().flatten().map(|title| format!("{title:>16}")).collect()
}

fn row(shares: &Shares) -> String {
    let all = [Some(shares.published), shares.place, shares.day];
    all.iter().flatten().map(|share| format!("{:>16}", format!("{share} %"))).collect()
}

/// The lines to paste, each in one piece.
fn lines(choices: &Choices) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(period) = choices.proposes.period {
        lines.push(format!("period = {}", quoted(period.name())));
    }
    if let Some(places) = &choices.proposes.places {
        let group = |(name, members): (&String, &Vec<String>)| {
            let members: Vec<String> = members.iter().map(|place| quoted(place)).collect();
            format!("{} = [{}]", quoted(name), members.join(", "))
        };
        let groups: Vec<String> = places.iter().map(group).collect();
        lines.push(format!("places = {{ {} }}", groups.join(", ")));
    }
    lines
}

/// A text as TOML has it, with nothing in it that does something to a terminal.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

fn escaped(c: char) -> String {
    match c {
        '"' | '\\' => format!("\\{c}"),
        c if crate::words::is_hidden(c) => format!("\\U{:08X}", u32::from(c)),
        c => c.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_text_comes_back_from_toml_as_it_went_in() {
        for text in ["HBR", "Harbor \"old\"", "a\\b", "tab\tend", "\u{202e}x", "Müller"] {
            let line = format!("name = {}", quoted(text));
            assert!(!line.chars().any(crate::words::is_hidden), "{line:?}");
            let table: toml::Table = line.parse().unwrap();
            assert_eq!(table["name"].as_str(), Some(text));
        }
    }
}
