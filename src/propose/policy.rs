//! A new site's policy, as it is put before the board.

use toml_edit::{DocumentMut, Item, TomlError, Value};

use super::page::put_above;
use crate::words::Kind;

const NEW: &str = include_str!("policy/new.toml");

/// The text of `policy.toml` for a library, with what is proposed for each kind of its transactions.
pub fn policy(name: &str, timezone: &str, kinds: impl IntoIterator<Item = Kind>) -> Result<String, TomlError> {
    let mut document: DocumentMut = NEW.parse()?;
    for (key, text) in [("name", name), ("timezone", timezone)] {
        if let Some(value) = document["library"].get_mut(key).and_then(Item::as_value_mut) {
            let decor = value.decor().clone();
            *value = Value::from(text);
            *value.decor_mut() = decor;
        }
    }
    // What stands behind one stands above the next.
    let mut behind = String::new();
    for text in kinds.into_iter().map(retention).filter(|text| !text.is_empty()) {
        let own: DocumentMut = text.parse()?;
        let trailing = own.trailing().as_str().unwrap_or_default().to_string();
        for (kind, table) in own["retention"].as_table().into_iter().flat_map(|all| all.iter()) {
            let mut table = table.clone();
            if let Some(table) = table.as_table_mut() {
                // It stands where it is put, behind the kind before it.
                table.set_position(None);
                put_above(table, &format!("{behind}\n"));
            }
            document["retention"][kind] = table;
        }
        behind = trailing;
    }
    if let Some(exports) = document["exports"].as_table_mut() {
        put_above(exports, &behind);
    }
    Ok(document.to_string())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_stands_behind_loans_with_its_comments() {
        let text = policy("Say \"B\" Library", "Europe/Berlin", [Kind::Hold, Kind::Contact, Kind::Bill]).unwrap();
        let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
        assert!(
            text.contains("name = 'Say \"B\" Library'\ntimezone = \"Europe/Berlin\"             # every rule"),
            "{text}"
        );
        let order = [
            "\n\n[retention.hold]",
            "# expired",
            "\n\n# How to reach",
            "[retention.contact]",
            "# [mailing",
            "\n\n# Bills are",
        ];
        let order = order.into_iter().chain(["[retention.bill]", "\n\n# The exports", "[exports]"]);
        assert!(order.map(at).is_sorted(), "{text}");
        assert!(text.parse::<DocumentMut>().is_ok());
        let alone = policy("A", "UTC", []).unwrap();
        assert!(alone.contains("for a person to look at\n\n# The exports"), "{alone}");
    }
}
