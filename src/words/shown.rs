//! Names that somebody else gave, of files above all, as they may be shown: on a terminal, on a page, in JSON.

use std::path::Path;

/// The text with nothing in it that moves a terminal's cursor, ends a line, turns what follows around, or can't be seen: that is
/// written out, as `\u{1b}`.
pub fn shown(text: &str) -> String {
    let shown = |c: char| if is_hidden(c) { c.escape_unicode().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}

/// A path in the same way.
pub fn shown_path(path: &Path) -> String {
    shown(&path.to_string_lossy())
}

/// What can't be seen, and does something, or makes two names look alike.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_as_it_is_written() {
        assert_eq!(shown("loans-1.csv"), "loans-1.csv");
        assert_eq!(shown("Entlehnungen März.csv"), "Entlehnungen März.csv");
        assert_eq!(shown("lo\u{1b}[2Jans\n\u{202e}.csv"), "lo\\u{1b}[2Jans\\u{a}\\u{202e}.csv");
        assert_eq!(shown("a\u{e0041}\u{200d}\u{61c}b"), "a\\u{e0041}\\u{200d}\\u{61c}b");
        assert_eq!(shown_path(Path::new("in\u{9b}box/x")), "in\\u{9b}box/x");
    }
}
