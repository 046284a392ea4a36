//! Rust's text as words and signs, each with its line: without comments, literals, and what is compiled for tests alone.

#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub line: usize,
    pub text: String,
}

pub fn tokens(text: &str) -> Vec<Token> {
    without_tests(&all(text))
}

fn all(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let at = |place: usize| chars.get(place).copied().unwrap_or('\0');
    let mut tokens = Vec::new();
    let (mut place, mut line) = (0, 1);
    while place < chars.len() {
        let start = place;
        match at(place) {
            '/' if at(place + 1) == '/' => {
                while place < chars.len() && at(place) != '\n' {
                    place += 1;
                }
            }
            '/' if at(place + 1) == '*' => place = comment_end(&chars, place),
            '"' => place = string_end(&chars, place),
            '\'' => place = quote_end(&chars, place),
            first if first.is_alphanumeric() || first == '_' => {
                while at(place).is_alphanumeric() || at(place) == '_' {
                    place += 1;
                }
                let word: String = chars[start..place].iter().collect();
                match word.as_str() {
                    "r" | "br" if at(place) == '"' || at(place) == '#' => place = raw_end(&chars, place),
                    // Its quotes come next.
                    "b" if at(place) == '"' || at(place) == '\'' => {}
                    _ => tokens.push(Token { line, text: word }),
                }
            }
            ':' if at(place + 1) == ':' => {
                place += 2;
                tokens.push(Token { line, text: "::".into() });
            }
            sign => {
                place += 1;
                if !sign.is_whitespace() {
                    tokens.push(Token { line, text: sign.into() });
                }
            }
        }
        line += chars[start..place].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

fn comment_end(chars: &[char], start: usize) -> usize {
    let (mut place, mut depth) = (start + 2, 1);
    while place < chars.len() && depth > 0 {
        match chars[place..].get(..2) {
            Some(['/', '*']) => (depth, place) = (depth + 1, place + 2),
            Some(['*', '/']) => (depth, place) = (depth - 1, place + 2),
            _ => place += 1,
        }
    }
    place
}

fn string_end(chars: &[char], start: usize) -> usize {
    let mut place = start + 1;
    while place < chars.len() && chars[place] != '"' {
        place += if chars[place] == '\\' { 2 } else { 1 };
    }
    (place + 1).min(chars.len())
}

/// A character, or a lifetime, of which the sign alone is passed over.
fn quote_end(chars: &[char], start: usize) -> usize {
    match chars.get(start + 1) {
        Some('\\') => {
            let mut place = start + 3;
            while place < chars.len() && chars[place] != '\'' {
                place += 1;
            }
            (place + 1).min(chars.len())
        }
        Some(_) if chars.get(start + 2) == Some(&'\'') => start + 3,
        _ => start + 1,
    }
}

fn raw_end(chars: &[char], hashes: usize) -> usize {
    let count = chars[hashes..].iter().take_while(|c| **c == '#').count();
    // `r#type` is a word that would be a keyword.
    if chars.get(hashes + count) != Some(&'"') {
        return hashes + count;
    }
    let mut place = hashes + count + 1;
    while place < chars.len() {
        if chars[place] == '"' && chars[place + 1..].iter().take_while(|c| **c == '#').count() >= count {
            return place + 1 + count;
        }
        place += 1;
    }
    place
}

fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let texts: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    let mut kept = Vec::new();
    let mut place = 0;
    while place < tokens.len() {
        if texts[place..].starts_with(&["#", "[", "cfg", "(", "test", ")", "]"]) {
            place = item_end(&texts, place + 7);
        } else {
            kept.push(tokens[place].clone());
            place += 1;
        }
    }
    kept
}

/// Behind an item: its `;`, or the `}` of its first braces.
fn item_end(texts: &[&str], start: usize) -> usize {
    let mut depth = 0;
    for (place, text) in texts.iter().enumerate().skip(start) {
        match *text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" => depth -= 1,
            "}" => {
                depth -= 1;
                if depth == 0 {
                    return place + 1;
                }
            }
            ";" if depth == 0 => return place + 1,
            _ => {}
        }
    }
    texts.len()
}
