//! What columns are called that name a patron, whatever the system: so that nobody takes her number for a transaction's.

/// Whom a transaction is about. `^` and `$` stand for the beginning and the end of a name in plain letters.
pub const PATRON: &[&str] = &[
    "patron",
    "borrower",
    "^usr$",
    "^userid$",
    "requester",
    "customer",
    "member",
    "reader",
    "student",
    "primaryidentifier",
    "^user$",
    "^username$",
    "userkey",
    "userprimary",
    "usernumber",
    "benutzer",
    "leser",
    "^login$",
    "usuario",
    "leitor",
    "^lector",
    "^socio",
    "matricula",
];

/// Words for her, the longer before those that they hold; of other languages as names of columns have them.
const WHO: [&str; 45] = [
    "låntagar",
    "lantagar",
    "emprunteur",
    "lecteur",
    "usager",
    "abonné",
    "adhérent",
    "ausleiher",
    "entleiher",
    "kunden",
    "lener",
    "lezer",
    "utente",
    "lettore",
    "utilizador",
    "aluno",
    "alumno",
    "asiakas",
    "lainaaja",
    "käyttäjä",
    "patron",
    "borrower",
    "requester",
    "requestor",
    "customer",
    "member",
    "reader",
    "student",
    "primaryidentifier",
    "benutzer",
    "nutzer",
    "leser",
    "usuario",
    "leitor",
    "lector",
    "socio",
    "matricula",
    "cardholder",
    "librarycard",
    "login",
    "usrname",
    "username",
    "user",
    "usr",
    "cardnumber",
];

/// What stands beside such a word in the name of a number.
const NUMBER: [&str; 26] = [
    "tunnus",
    "código",
    "codigo",
    "codice",
    "número",
    "identifier",
    "internal",
    "external",
    "primary",
    "barcode",
    "record",
    "number",
    "nummer",
    "numero",
    "proxy",
    "unique",
    "card",
    "code",
    "uuid",
    "guid",
    "key",
    "num",
    "id",
    "nr",
    "no",
    "pk",
];

/// Whether a column is called as a patron's number is, and by nothing else: `patron_id`, `BorrowerNumber`, `loan.userId`.
/// `patron_loan_id` is a loan's.
pub fn is_called_a_patron(column: &str) -> bool {
    let plain =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let mut steps = column.rsplit('.');
    let last = steps.next().unwrap_or_default();
    let of = steps.next().unwrap_or_default();
    is_made_of(&plain(last), &WHO, &NUMBER)
        || !of.is_empty() && is_made_of(&plain(&format!("{of}{last}")), &WHO, &NUMBER)
}

/// Whether a name in plain letters holds one of `words`, and nothing beside but `others`.
pub fn is_made_of(name: &str, words: &[&str], others: &[&str]) -> bool {
    let without =
        |name: &str, words: &[&str]| words.iter().fold(name.to_string(), |rest, word| rest.replace(word, " "));
    let rest = without(name, words);
    rest != name && without(&rest, others).trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patrons_number_is_known_by_its_name_and_a_transactions_is_none() {
        for name in [
            "patron_id",
            "PATRON_ID",
            "PatronID",
            "borrowernumber",
            "usr",
            "userId",
            "loan.userId",
            "patron.id",
            "user_key",
            "patron_record_id",
            "Primary Identifier",
            "User Primary Identifier",
            "Username",
            "requesterId",
            "PATRON_ID_PROXY",
            "matricula",
            "id_usuario",
            "cardnumber",
            "Library Card Number",
            "customer no.",
            "Låntagarnummer",
            "Asiakasnumero",
            "Lenernummer",
            "Codice utente",
            "código_usuario",
        ] {
            assert!(is_called_a_patron(name), "{name}");
        }
        for name in [
            "id",
            "loan_id",
            "issue_id",
            "patron_loan_id",
            "Session ID",
            "user_session_id",
            "TxnID",
            "Registration ID",
            "key",
            "hold_id",
            "PatronHoldNumber",
            "item_id",
            "card_swipe_id",
            "record_id",
            "number",
            "",
            "reader_visit_id",
            "code",
        ] {
            assert!(!is_called_a_patron(name), "{name}");
        }
    }
}
