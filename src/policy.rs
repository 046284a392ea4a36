//! What the library's board adopted: `policy.toml`. Retention, threshold, authority: nothing here is a default that a
//! board did not see, and nothing in it is about one library system.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::leak::Pattern;
use crate::toml_file::{self, Located, TomlError, nearest};
use crate::words::{Digest, Kind, Side, Way};

/// A policy as adopted.
#[derive(Debug)]
pub struct Policy {
    pub library: Library,
    pub authority: Authority,
    /// As adopted, by kind. `rules` has those of a pipeline.
    pub retention: BTreeMap<Kind, Retention>,
    pub exports: Exports,
    pub release: Release,
    /// By name.
    pub mailing: BTreeMap<String, Mailing>,
    pub timezone: TimeZone,
    /// None: rejected rows are counted and located, never copied.
    pub rejects: Option<Rejects>,
    /// What the leak search passes by, and why.
    pub accepts: Vec<Accept>,
    /// SHA-256 of the file: policies are public.
    pub digest: Digest,
    source: Located,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default = "one")]
    format: u32,
    library: Library,
    authority: Authority,
    retention: BTreeMap<Kind, RetentionText>,
    exports: Exports,
    release: ReleaseText,
    #[serde(default)]
    mailing: BTreeMap<String, Mailing>,
    rejects: Option<RejectsText>,
}

fn one() -> u32 {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Library {
    pub name: String,
    /// IANA name. Every rule counts in civil days there.
    pub timezone: String,
}

/// On whose authority records are destroyed. Printed on every purge report.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    #[serde(default)]
    pub statute: String,
    #[serde(default)]
    pub schedule: String,
    /// The signed authorization. Empty: `plan` works and `run` refuses.
    #[serde(default)]
    pub authorization: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
struct RetentionText {
    grace: String,
    settled: Option<String>,
    refund: Option<String>,
    history: Option<HistoryRule>,
    last_borrower: Option<u32>,
    review_after: Option<String>,
    audit: Option<String>,
    fulfilled: Option<String>,
    cancelled: Option<String>,
    expired: Option<String>,
}

/// How long the link of one kind of transaction is needed, in civil days: due when the end ≤ as-of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Days after it closed. Of a bill: until its material is severed.
    pub grace: i32,
    /// Of holds: days after it closed in this way, where that differs.
    pub fulfilled: Option<i32>,
    pub cancelled: Option<i32>,
    pub expired: Option<i32>,
    /// Of bills, which are fiscal records: days after it closed, until its patron is severed.
    pub audit: Option<i32>,
    /// Days after its last bill was paid.
    pub settled: i32,
    /// Days after a lost item was paid for.
    pub refund: i32,
    pub history: HistoryRule,
    /// How many of the newest loans of each item are kept.
    pub last_borrower: u32,
    /// Still kept this many days after it was opened: listed for a person to look at.
    pub review_after: Option<i32>,
}

impl Retention {
    /// No period, no history but for patrons who asked, no last borrower.
    pub const NONE: Retention = Retention {
        grace: 0,
        fulfilled: None,
        cancelled: None,
        expired: None,
        audit: None,
        settled: 0,
        refund: 0,
        history: HistoryRule::OptIn,
        last_borrower: 0,
        review_after: None,
    };

    /// Days after it closed in this way. One whose way isn't told may have closed in any: the longest holds.
    pub fn grace_of(&self, way: Option<Way>) -> i32 {
        let of = |way| match way {
            Way::Fulfilled => self.fulfilled.unwrap_or(self.grace),
            Way::Cancelled => self.cancelled.unwrap_or(self.grace),
            Way::Expired => self.expired.unwrap_or(self.grace),
        };
        match way {
            Some(way) => of(way),
            None => Way::ALL.into_iter().map(of).fold(self.grace, i32::max),
        }
    }

    /// The rules for a pipeline that severs this side of records of this kind. The patron of a bill stays for the audit,
    /// which takes the place of grace, and what is kept is looked at only when that is over, too.
    pub fn of(self, kind: Kind, side: Side) -> Result<Retention, MissingRule> {
        match (kind, side) {
            (Kind::Bill, Side::Patron) => {
                let audit = self.audit.ok_or(MissingRule::Audit)?;
                let review_after = self.review_after.map(|days| days.saturating_add(audit));
                Ok(Retention { grace: audit, review_after, ..self })
            }
            _ => Ok(self),
        }
    }
}

/// What the board must decide before a pipeline retires anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MissingRule {
    #[error("policy.toml has no [retention.{0}]: what isn't decided by the board isn't retired")]
    Kind(Kind),
    #[error(
        "policy.toml has no `audit` under [retention.bill]: for how many years a bill must name its patron is for the \
         board to say, for example audit = \"7 years\""
    )]
    Audit,
}

/// A mailing list that the board wants made. Contact data serves circulation alone, unless the patron asks for more.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailing {
    /// In a sentence: what the list is for.
    pub purpose: String,
    /// The name under which a pipeline knows that a patron wants it.
    pub opt_in: String,
    /// What the purpose needs, of what the pipeline offers.
    pub columns: Vec<String>,
}

/// Whether a patron's wish to keep a history is a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HistoryRule {
    /// Patrons who asked to keep theirs keep it.
    OptIn,
    /// The library keeps nobody's history.
    Never,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exports {
    pub after_run: AfterRun,
}

/// What becomes of the exports once a run has committed. A policy must say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AfterRun {
    Delete,
    Keep,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleaseText {
    threshold: u32,
    settle: String,
    #[serde(default)]
    accept: Vec<AcceptText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceptText {
    column: String,
    pattern: String,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RejectsText {
    recipient: String,
    expire: String,
}

/// `[rejects]`: who may look at rejected rows, and for how long.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rejects {
    /// The age public key (`age1…`) to which they are encrypted.
    pub recipient: String,
    /// Days after which they are removed.
    pub expire: i32,
}

/// `[[release.accept]]`: a published column in which a pattern leads to nobody, by the word of whoever answers for it.
/// What is a patron's identifier can't be accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accept {
    pub pipeline: String,
    /// The name under which it is published.
    pub column: String,
    pub pattern: Pattern,
    /// Printed on every purge report.
    pub reason: String,
}

#[derive(Clone, Copy, Debug)]
pub struct Release {
    /// No figure about fewer patrons than this is published.
    pub threshold: u32,
    /// Days between a month's end and its release.
    pub settle: i32,
}

/// Days after which no rejected row is left, whatever the policy says: no copy outlives what it was made for.
const LONGEST_REJECTS: i32 = 93;

impl Policy {
    pub fn load(path: &Path) -> Result<Policy, TomlError> {
        Policy::parse(&toml_file::read(path)?)
    }

    pub fn parse(source: &Located) -> Result<Policy, TomlError> {
        let file: File = source.parse()?;
        if file.format != 1 {
            return Err(source.error("format", "this afterloan reads policies of format 1"));
        }
        let timezone = TimeZone::get(&file.library.timezone).map_err(|_| {
            source.error(&file.library.timezone, "no such time zone; write an IANA name such as America/New_York")
        })?;
        if file.library.name.trim().is_empty() {
            return Err(source.error("name", "the library needs a name: it is printed on every report"));
        }
        if file.release.threshold < 2 {
            return Err(source.error("threshold", "a threshold below 2 patrons protects nobody"));
        }
        let days = |text: &str| period(text).map_err(|why| source.error(text, why));
        let optional = |text: &Option<String>| text.as_deref().map(days).transpose();
        let mut retention = BTreeMap::new();
        for (kind, text) in &file.retention {
            text.fit(*kind).map_err(|(key, why)| source.error(key, why))?;
            let rules = Retention {
                grace: days(&text.grace)?,
                fulfilled: optional(&text.fulfilled)?,
                cancelled: optional(&text.cancelled)?,
                expired: optional(&text.expired)?,
                audit: optional(&text.audit)?,
                settled: optional(&text.settled)?.unwrap_or(0),
                refund: optional(&text.refund)?.unwrap_or(0),
                history: text.history.unwrap_or(HistoryRule::OptIn),
                last_borrower: text.last_borrower.unwrap_or(0),
                review_after: optional(&text.review_after)?,
            };
            let material = rules.grace.max(rules.settled).max(rules.refund);
            if rules.audit.is_some_and(|audit| audit < material) {
                let why = "a bill's patron would go before its material: let `audit` be no shorter than grace, settled and \
                           refund";
                return Err(source.error(text.audit.as_deref().unwrap_or("audit"), why));
            }
            retention.insert(*kind, rules);
        }
        let rejects = file.rejects.map(|text| -> Result<Rejects, TomlError> {
            if text.recipient.parse::<age::x25519::Recipient>().is_err() {
                let why =
                    "not an age public key: it begins with age1 and is what `age-keygen` prints as the public key";
                return Err(source.error(&text.recipient, why));
            }
            let expire = days(&text.expire)?;
            if expire == 0 {
                return Err(
                    source.error(&text.expire, "rejected rows that expire at once can't be read: give it a day")
                );
            }
            if expire > LONGEST_REJECTS {
                let why = "rejected rows are kept to mend an export by: three months (93 days) at most";
                return Err(source.error(&text.expire, why));
            }
            Ok(Rejects { recipient: text.recipient, expire })
        });
        let rejects = rejects.transpose()?;
        let mut accepts = Vec::new();
        for text in &file.release.accept {
            let accept = text.read(source)?;
            if accepts.iter().any(|known: &Accept| known.place() == accept.place()) {
                return Err(source.error(&text.column, "this column and pattern are accepted twice"));
            }
            accepts.push(accept);
        }
        for (name, mailing) in &file.mailing {
            mailing.check(name).map_err(|why| source.error(&format!("[mailing.{name}"), why))?;
        }
        let release = Release { threshold: file.release.threshold, settle: days(&file.release.settle)? };
        Ok(Policy {
            library: file.library,
            authority: file.authority,
            retention,
            exports: file.exports,
            release,
            mailing: file.mailing,
            timezone,
            rejects,
            accepts,
            digest: Digest::of(source.text.as_bytes()),
            source: source.clone(),
        })
    }

    /// Whether every column in which a pattern is accepted is one that is published: `columns` lists those of all
    /// pipelines, as `PIPELINE.COLUMN`.
    pub fn check_accepts(&self, columns: &[String]) -> Result<(), TomlError> {
        let names = self.accepts.iter().map(|accept| format!("{}.{}", accept.pipeline, accept.column));
        match names.into_iter().find(|name| !columns.contains(name)) {
            None => Ok(()),
            Some(name) => {
                let near = nearest(&name, columns.iter().map(String::as_str));
                let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                Err(self.source.error(&name, format!("no pipeline publishes a text under the name `{name}`{near}")))
            }
        }
    }
}

impl AcceptText {
    fn read(&self, source: &Located) -> Result<Accept, TomlError> {
        let Some((pipeline, column)) = self.column.split_once('.') else {
            let why = "write the pipeline and the published column, such as \"koha-loans.title\"";
            return Err(source.error(&self.column, why));
        };
        let names = || Pattern::ALL.into_iter().map(Pattern::name);
        let Some(pattern) = Pattern::ALL.into_iter().find(|pattern| pattern.name() == self.pattern) else {
            let why = match ["identifier", "identifiers", "name", "names"].contains(&self.pattern.as_str()) {
                true => "a patron's identifier can't be accepted: it is a person; drop the column".to_string(),
                false => {
                    let near = nearest(&self.pattern, names()).unwrap_or_default();
                    format!("unknown pattern `{}`; did you mean `{near}`?", self.pattern)
                }
            };
            return Err(source.error(&self.pattern, why));
        };
        if self.reason.trim().is_empty() {
            return Err(
                source.error("reason", "why may this be published? The reason is printed on every purge report")
            );
        }
        Ok(Accept { pipeline: pipeline.into(), column: column.into(), pattern, reason: self.reason.trim().into() })
    }
}

impl Accept {
    fn place(&self) -> (&str, &str, Pattern) {
        (&self.pipeline, &self.column, self.pattern)
    }
}

impl Policy {
    /// The rules for a pipeline that severs this side of records of this kind.
    pub fn rules(&self, kind: Kind, side: Side) -> Result<Retention, MissingRule> {
        self.retention.get(&kind).ok_or(MissingRule::Kind(kind))?.of(kind, side)
    }
}

impl Mailing {
    fn check(&self, name: &str) -> Result<(), &'static str> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if name.is_empty() || name.len() > 40 || !name.chars().all(fits) {
            return Err(
                "a mailing list's name has lower-case letters, digits, - and _: it becomes part of a file name",
            );
        }
        if self.purpose.trim().is_empty() {
            return Err("say in `purpose` what the mailing list is for: it is printed on every report");
        }
        let columns = &self.columns;
        if columns.is_empty() || columns.iter().enumerate().any(|(at, column)| columns[..at].contains(column)) {
            return Err("list in `columns` what the purpose needs, each once");
        }
        Ok(())
    }
}

impl RetentionText {
    /// What is a rule of one kind alone.
    fn fit(&self, kind: Kind) -> Result<(), (&'static str, &'static str)> {
        let ways = [("fulfilled", &self.fulfilled), ("cancelled", &self.cancelled), ("expired", &self.expired)];
        match ways.into_iter().find(|(_, period)| period.is_some()) {
            Some((key, _)) if kind != Kind::Hold => return Err((key, "holds alone end in several ways")),
            _ => {}
        }
        let of_transactions = [
            ("settled", self.settled.is_some()),
            ("refund", self.refund.is_some()),
            ("last_borrower", self.last_borrower.is_some()),
            ("review_after", self.review_after.is_some()),
        ];
        match of_transactions.into_iter().find(|(_, given)| *given) {
            Some((key, _)) if kind == Kind::Contact => {
                return Err((key, "a patron record is no transaction: it has `grace`, and `history`"));
            }
            _ => {}
        }
        if self.audit.is_some() && kind != Kind::Bill {
            return Err(("audit", "bills alone are kept for an audit"));
        }
        Ok(())
    }
}

/// A period in civil days: "30 days", "2 years" (of 365 days, plus a day for every four), "0".
fn period(text: &str) -> Result<i32, &'static str> {
    const SHAPE: &str = "not a period; write \"30 days\", \"6 weeks\", \"3 months\" or \"2 years\"";
    let mut words = text.split_whitespace();
    let count: i32 = words.next().and_then(|word| word.parse().ok()).ok_or(SHAPE)?;
    if !(0..=36_500).contains(&count) {
        return Err("a period lies between 0 and 36,500 days");
    }
    let days = match (words.next(), count) {
        (None, 0) => 0,
        (Some("day" | "days"), _) => count,
        (Some("week" | "weeks"), _) => count * 7,
        (Some("month" | "months"), _) => count * 31,
        (Some("year" | "years"), 0..=100) => count * 365 + (count + 3) / 4,
        _ => return Err(SHAPE),
    };
    if words.next().is_some() { Err(SHAPE) } else { Ok(days) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"
[library]
name = "A library"
timezone = "America/New_York"
[authority]
authorization = "RC-075"
[retention.loan]
grace = "30 days"
[exports]
after_run = "keep"
[release]
threshold = 10
settle = "30 days"
"#;

    #[test]
    fn periods_are_civil_days() {
        for (text, days) in
            [("0", 0), ("30 days", 30), ("1 day", 1), ("2 weeks", 14), ("3 months", 93), ("2 years", 731)]
        {
            assert_eq!(period(text), Ok(days), "{text}");
        }
        for text in ["", "30", "days", "-1 days", "30 days ago", "1.5 days", "99999999 days"] {
            assert!(period(text).is_err(), "{text}");
        }
    }

    /// An acceptance, then the rest of `[release]`.
    fn accept(column: &str, pattern: &str, reason: &str) -> String {
        let accept = format!("column = \"{column}\"\npattern = \"{pattern}\"\nreason = \"{reason}\"\n");
        format!("[[release.accept]]\n{accept}[release]")
    }

    #[test]
    fn rejected_rows_go_to_an_age_key_for_some_days() {
        const KEY: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
        let parse = |recipient: &str, expire: &str| {
            let text = format!("{SMALL}[rejects]\nrecipient = \"{recipient}\"\nexpire = \"{expire}\"\n");
            Policy::parse(&Located::new("policy.toml".into(), text)).map_err(|error| error.to_string())
        };
        let rejects = parse(KEY, "2 weeks").unwrap().rejects;
        assert_eq!(rejects, Some(Rejects { recipient: KEY.into(), expire: 14 }));
        let mistyped = KEY.replace('q', "r");
        let cases = [
            (mistyped.as_str(), "14 days", "policy.toml:15:13: not an age public key"),
            ("", "14 days", "policy.toml:15:13: not an age public key"),
            ("AGE-SECRET-KEY-1", "14 days", "policy.toml:15:13: not an age public key"),
            (KEY, "soon", "policy.toml:16:10: not a period"),
            (KEY, "0 days", "policy.toml:16:10: rejected rows that expire at once"),
        ];
        for (recipient, expire, message) in cases {
            let error = parse(recipient, expire).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn a_pattern_is_accepted_once_in_a_column_that_is_published() {
        let parse = |text: String| Policy::parse(&Located::new("policy.toml".into(), text));
        let one = accept("a.title", "phone", " a year and a number ");
        let one = one.trim_end_matches("[release]");
        let policy = parse(format!("{SMALL}{one}")).unwrap();
        let expected = Accept {
            pipeline: "a".into(),
            column: "title".into(),
            pattern: Pattern::Phone,
            reason: "a year and a number".into(),
        };
        assert_eq!(policy.accepts, [expected]);
        assert!(policy.check_accepts(&["b.title".into(), "a.title".into()]).is_ok());
        let error = policy.check_accepts(&["a.titel".into(), "b.day".into()]).unwrap_err().to_string();
        assert!(error.starts_with("policy.toml:15:10: no pipeline publishes"), "{error}");
        assert!(error.ends_with("did you mean `a.titel`?"), "{error}");
        let twice = parse(format!("{SMALL}{one}{one}")).unwrap_err().to_string();
        assert!(twice.contains("accepted twice"), "{twice}");
    }

    #[test]
    fn mistakes_are_located_and_the_nearest_key_is_named() {
        let cases = [
            ("grace = \"30 days\"", "grce = \"30 days\"", "policy.toml:8:1: unknown key `grce`; did you mean `grace`?"),
            ("\"30 days\"\n[exports]", "\"soon\"\n[exports]", "policy.toml:8:9: not a period"),
            ("America/New_York", "Middle/Earth", "policy.toml:4:12: no such time zone"),
            ("threshold = 10", "threshold = 1", "policy.toml:12:1: a threshold below 2"),
            ("after_run = \"keep\"\n", "", "policy.toml:9:1: missing field `after_run`"),
            ("[release]", &accept("koha-loans", "phone", "a year"), "policy.toml:12:10: write the pipeline and the"),
            (
                "[release]",
                &accept("a.title", "phon", "r"),
                "policy.toml:13:11: unknown pattern `phon`; did you mean `phone`?",
            ),
            ("[release]", &accept("a.title", "identifier", "r"), "policy.toml:13:11: a patron's identifier can't be"),
            ("[release]", &accept("a.title", "phone", " "), "policy.toml:14:1: why may this be published?"),
            (
                "\"30 days\"\n",
                "\"30 days\"\naudit = \"7 years\"\n",
                "policy.toml:9:1: bills alone are kept for an audit",
            ),
            ("\"30 days\"\n", "\"30 days\"\nexpired = \"0\"\n", "policy.toml:9:1: holds alone end in several ways"),
            (
                "[exports]",
                "[retention.bill]\ngrace = \"30 days\"\nrefund = \"180 days\"\naudit = \"179 days\"\n[exports]",
                "policy.toml:12:9: a bill's patron would go before its material",
            ),
        ];
        for (from, to, message) in cases {
            let source = Located::new("policy.toml".into(), SMALL.replacen(from, to, 1));
            let error = Policy::parse(&source).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn a_kind_has_rules_of_its_own() {
        let text = "[retention.hold]\ngrace = \"30 days\"\nfulfilled = \"1 week\"\nexpired = \"0\"\n\
                    [retention.bill]\ngrace = \"30 days\"\naudit = \"7 years\"\n[exports]";
        let source = Located::new("policy.toml".into(), SMALL.replacen("[exports]", text, 1));
        let policy = Policy::parse(&source).unwrap();
        let hold = policy.rules(Kind::Hold, Side::Patron).unwrap();
        let graces =
            [Some(Way::Fulfilled), Some(Way::Cancelled), Some(Way::Expired), None].map(|way| hold.grace_of(way));
        assert_eq!(graces, [7, 30, 0, 30]);
        let bill = |side| policy.rules(Kind::Bill, side).unwrap().grace;
        assert_eq!((bill(Side::Patron), bill(Side::Material)), (2_557, 30));
        assert_eq!(policy.rules(Kind::Ill, Side::Patron), Err(MissingRule::Kind(Kind::Ill)));
    }
}
