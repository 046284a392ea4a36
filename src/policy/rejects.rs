//! `[rejects]`: who may look at rejected rows, and for how long.

use serde::Deserialize;

use super::period;
use crate::toml_file::{Located, TomlError};

/// Days after which no rejected row is left, whatever the policy says: no copy outlives what it was made for.
const LONGEST: i32 = 93;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RejectsText {
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

impl RejectsText {
    pub fn read(self, source: &Located) -> Result<Rejects, TomlError> {
        if self.recipient.parse::<age::x25519::Recipient>().is_err() {
            let why = "not an age public key: it begins with age1 and is what `age-keygen` prints as the public key";
            return Err(source.error(&self.recipient, why));
        }
        let expire = period::days(&self.expire, source)?;
        if expire == 0 {
            return Err(source.error(&self.expire, "rejected rows that expire at once can't be read: give it a day"));
        }
        if expire > LONGEST {
            let why = "rejected rows are kept to mend an export by: three months (93 days) at most";
            return Err(source.error(&self.expire, why));
        }
        Ok(Rejects { recipient: self.recipient, expire })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{SMALL, parse as policy};
    use super::*;

    #[test]
    fn rejected_rows_go_to_an_age_key_for_some_days() {
        const KEY: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
        let parse = |recipient: &str, expire: &str| {
            let text = format!("{SMALL}[rejects]\nrecipient = \"{recipient}\"\nexpire = \"{expire}\"\n");
            policy(text)
        };
        let rejects = parse(KEY, "2 weeks").unwrap().rejects;
        assert_eq!(rejects, Some(Rejects { recipient: KEY.into(), expire: 14 }));
        assert_eq!(parse(KEY, "3 months").unwrap().rejects.unwrap().expire, LONGEST);
        let mistyped = KEY.replace('q', "r");
        let cases = [
            (mistyped.as_str(), "14 days", "policy.toml:15:13: not an age public key"),
            ("", "14 days", "policy.toml:15:13: not an age public key"),
            ("AGE-SECRET-KEY-1", "14 days", "policy.toml:15:13: not an age public key"),
            (KEY, "soon", "policy.toml:16:10: not a period"),
            (KEY, "0 days", "policy.toml:16:10: rejected rows that expire at once"),
            (KEY, "94 days", "policy.toml:16:10: rejected rows are kept to mend an export by"),
        ];
        for (recipient, expire, message) in cases {
            let error = parse(recipient, expire).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
