//! A new site's policy, as it is put before the board.

use crate::words::Kind;

const NEW: &str = include_str!("policy/new.toml");

/// The text of `policy.toml` for a library, with what is proposed for each kind of its transactions.
pub fn policy(name: &str, timezone: &str, kinds: impl IntoIterator<Item = Kind>) -> String {
    let quoted = |text: &str| toml_edit::Value::from(text).to_string();
    let proposed = kinds.into_iter().map(retention).filter(|text| !text.is_empty());
    let proposed: String = proposed
        .map(|text| {
            format!(
                "
{text}"
            )
        })
        .collect();
    NEW.replace("\"{name}\"", &quoted(name))
        .replace("\"{timezone}\"", &quoted(timezone))
        .replace("{retention}", &proposed)
}

/// What the policy proposes for a kind beside loans. A board decides it; these are where it begins.
fn retention(kind: Kind) -> &'static str {
    match kind {
        Kind::Hold => include_str!("policy/hold.toml"),
        Kind::Session => include_str!("policy/session.toml"),
        Kind::Ill => include_str!("policy/ill.toml"),
        Kind::Registration => include_str!("policy/registration.toml"),
        Kind::Bill => include_str!("policy/bill.toml"),
        Kind::Contact => include_str!("policy/contact.toml"),
        Kind::Access => include_str!("policy/access.toml"),
        Kind::Loan => "",
    }
}
