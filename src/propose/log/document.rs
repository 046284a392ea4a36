//! The text of a pipeline of ours, changed for one library's log: line by line, so that its comments stay. What publishes
//! goes into comments, whatever it is.

/// A pipeline's text while it is changed.
pub struct Adapted {
    lines: Vec<String>,
}

impl Adapted {
    pub fn new(text: &str) -> Adapted {
        Adapted { lines: text.lines().map(String::from).collect() }
    }

    pub fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }

    /// Writes `text` above everything.
    pub fn head(&mut self, text: &str) {
        self.lines.splice(0..0, text.lines().map(String::from));
    }

    /// Replaces the line of a key, or writes it behind the line of another.
    pub fn set(&mut self, key: &str, value: &str, behind: &str) {
        let line = format!("{key} = {value}");
        match (self.line_of(key), self.line_of(behind)) {
            (Some(at), _) => self.lines[at] = line,
            (None, Some(at)) => self.lines.insert(at + 1, line),
            (None, None) => {}
        }
    }

    /// Puts blocks in the place of the first `[[source]]`.
    pub fn sources(&mut self, blocks: &str) {
        let Some(start) = self.lines.iter().position(|line| line == "[[source]]") else { return };
        let end = self.lines[start..].iter().position(String::is_empty).map_or(self.lines.len(), |at| start + at);
        self.lines.splice(start..end, blocks.trim_end().lines().map(String::from));
    }

    /// The values of a list of texts.
    pub fn list(&self, key: &str) -> Vec<String> {
        let Some((start, end)) = self.bounds(key) else { return Vec::new() };
        let value = self.lines[start..=end].join("\n");
        let table: toml::Table = value.parse().unwrap_or_default();
        let list = table.get(key).and_then(toml::Value::as_array).into_iter().flatten();
        list.filter_map(|one| one.as_str().map(String::from)).collect()
    }

    /// Writes a list anew, an entry a line. Comments within it go.
    pub fn replace(&mut self, key: &str, entries: &[String]) {
        let Some((start, end)) = self.bounds(key) else { return };
        let mut lines = vec![format!("{key} = [")];
        lines.extend(entries.iter().map(|entry| format!("    {entry}")));
        lines.push("]".into());
        self.lines.splice(start..=end, lines);
    }

    /// Adds entries to a list that is written over several lines.
    pub fn add(&mut self, key: &str, entries: &[String]) {
        let Some((start, end)) = self.bounds(key) else { return };
        if start == end {
            let mut all: Vec<String> = self.list(key).iter().map(|one| format!("\"{one}\",")).collect();
            all.extend(entries.iter().cloned());
            self.replace(key, &all);
        } else {
            self.lines.splice(end..end, entries.iter().map(|entry| format!("    {entry}")));
        }
    }

    /// Puts into comments whatever publishes, and what the pipeline's own tests say of it. `why`: what speaks for a value and
    /// against it, by its name.
    pub fn publish_nothing(&mut self, why: impl Fn(&str) -> Option<String>) {
        let (mut lines, mut begun, mut closing) = (Vec::new(), 0, false);
        for line in std::mem::take(&mut self.lines) {
            if line.starts_with('[') {
                closing = ["[[publish]]", "[publish.", "[[statistics]]", "[test.expect.publish"]
                    .iter()
                    .any(|of| line.starts_with(of));
                if line == "[[publish]]" {
                    begun = lines.len();
                }
            }
            let name = line.strip_prefix("name = \"").and_then(|rest| rest.strip_suffix('"'));
            if let Some(why) = name.filter(|_| closing && begun > 0).and_then(&why) {
                lines.insert(begun, format!("# {why}"));
                begun = 0;
            }
            let is_said = !line.is_empty() && !line.starts_with('#');
            if is_said && (closing || line.starts_with("expect.publish")) {
                lines.push(format!("# {line}"))
            } else {
                lines.push(line)
            }
        }
        self.lines = lines;
    }

    fn line_of(&self, key: &str) -> Option<usize> {
        self.lines.iter().position(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(" =")))
    }

    /// From the line of a list's key to the one that closes it.
    fn bounds(&self, key: &str) -> Option<(usize, usize)> {
        let start = self.line_of(key)?;
        let ends = |line: &String| line.split('#').next().is_some_and(|said| said.trim_end().ends_with(']'));
        Some((start, start + self.lines[start..].iter().position(ends)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# about\nname = \"ours\"\n[read]\nlayout = '%h'\n[[source]]\npart = \"a\"\nfiles = \"b*\"\n\n[columns]\n\
                        identifiers = [\n    \"UO\",   # who\n]\ndrop = [\"FE\", \"FF\"]\n\n# on branches\n[[publish]]\nname = \"branch\"\n\
                        from = \"FE\"\n[publish.treatment.map]\nA = \"a\"\n\n[[statistics]]\nname = \"branch\"\n\n[[test]]\n\
                        name = \"branch\"\nexpect.decision = \"due\"\nexpect.publish = { branch = \"A\" }\n[test.expect.publish]\nbranch = \"A\"\n";

    #[test]
    fn what_publishes_goes_into_comments_with_its_reason() {
        let mut adapted = Adapted::new(TEXT);
        adapted.publish_nothing(|name| (name == "branch").then(|| "safe?".into()));
        let text = adapted.text();
        let said: Vec<&str> = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
        assert_eq!(said[said.len() - 3..], ["[[test]]", "name = \"branch\"", "expect.decision = \"due\""]);
        assert!(text.contains("# on branches\n# safe?\n# [[publish]]\n# name = \"branch\"\n# from"), "{text}");
        assert_eq!(text.matches("safe?").count(), 1, "{text}");
    }

    #[test]
    fn keys_and_lists_are_replaced_where_they_stand() {
        let mut adapted = Adapted::new(TEXT);
        adapted.set("layout", "'%h %u'", "name");
        adapted.set("encoding", "\"utf-8\"", "layout");
        adapted.sources("[[source]]\npart = \"x\"\n");
        adapted.add("identifiers", &["\"zq\",  # in doubt".into()]);
        assert_eq!(adapted.list("identifiers"), ["UO", "zq"]);
        assert_eq!(adapted.list("drop"), ["FE", "FF"]);
        adapted.replace("drop", &["\"FF\",".into()]);
        let text = adapted.text();
        assert!(
            text.contains("layout = '%h %u'\nencoding = \"utf-8\"\n[[source]]\npart = \"x\"\n\n[columns]"),
            "{text}"
        );
        assert!(text.contains("    \"UO\",   # who\n    \"zq\",  # in doubt\n]\ndrop = [\n    \"FF\",\n]\n"), "{text}");
    }
}
