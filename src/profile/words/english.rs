//! What columns are called in English, whatever language their names are in: so that one list of words knows them all.
//!
//! The language shows in all names of a file together. A name in none of these languages stays as it is, and so does a word
//! that its language's list doesn't have.

use super::languages::{EMPTY, LANGUAGES, Language, UNSURE};
use super::tokens::{is_english, tokens};
use crate::leak::fold;

/// The names of a file's columns, in English where another language shows. The steps of a path stay apart.
pub fn english(names: &[String]) -> Vec<String> {
    let Some(language) = language(names) else { return names.to_vec() };
    names.iter().map(|name| name.split('.').map(|step| language.english(step)).collect::<Vec<_>>().join(".")).collect()
}

/// What a file is called, in English: of one word alone any of the languages will do.
pub fn english_stem(stem: &str) -> Option<String> {
    let parts: Vec<String> = tokens_of(stem).into_iter().filter(|part| !UNSURE.contains(&part.as_str())).collect();
    let known = |language: &Language| parts.iter().any(|part| language.word(part).is_some());
    LANGUAGES.iter().find(|language| known(language)).map(|language| language.english(stem))
}

/// Whether it is a word by which columns are called in one of the languages.
pub fn is_foreign(name: &str) -> bool {
    let parts: Vec<String> = tokens_of(name).into_iter().filter(|part| !EMPTY.contains(&part.as_str())).collect();
    !parts.is_empty() && LANGUAGES.iter().any(|language| parts.iter().all(|part| language.word(part).is_some()))
}

/// The language in which most names have words; none where English has more than twice as many.
fn language(names: &[String]) -> Option<&'static Language> {
    let all: Vec<String> = names.iter().flat_map(|name| tokens_of(name)).collect();
    let sure = |part: &&String| !UNSURE.contains(&part.as_str());
    let hits = |language: &Language| -> usize {
        all.iter().filter(sure).filter(|part| !is_english(part) && language.word(part).is_some()).count()
    };
    let best = LANGUAGES.iter().rev().max_by_key(|language| hits(language))?;
    let english = all.iter().filter(|part| is_english(part)).count();
    (hits(best) >= names.len().min(2) && hits(best) > 0 && hits(best) * 2 >= english).then_some(best)
}

/// A name's words, in small letters without accents.
fn tokens_of(name: &str) -> Vec<String> {
    tokens(name).iter().map(|token| fold(token).into_owned()).collect()
}

impl Language {
    /// A name in English, its words in the order in which they stand there.
    fn english(&self, name: &str) -> String {
        let parts: Vec<String> = tokens_of(name).into_iter().filter(|part| !EMPTY.contains(&part.as_str())).collect();
        let mut words: Vec<String> = Vec::new();
        let mut at = 0;
        let mut known = false;
        while at < parts.len() {
            let (word, taken) = match self.phrase(&parts[at..]) {
                Some((english, taken)) => (english.to_string(), taken),
                None => (self.word(&parts[at]).unwrap_or_else(|| parts[at].clone()), 1),
            };
            known |= word != parts[at];
            words.push(word);
            at += taken;
        }
        if !known {
            return name.to_string();
        }
        if self.noun_first {
            words.reverse();
        }
        // A date and a time are one time.
        let dated = words.iter().any(|word| word == "date");
        words.retain(|word| !(dated && word == "time"));
        // A name is read by its last words: what it is a date of stands before it.
        words.sort_by_key(|word| ["date", "time", "number", "id", "code"].contains(&word.as_str()));
        words.join(" ")
    }

    /// The longest phrase that begins here, of two words or more, and how many words it takes.
    fn phrase(&self, parts: &[String]) -> Option<(&'static str, usize)> {
        let phrases = self.words.iter().filter_map(|(foreign, english)| {
            let words: Vec<&str> = foreign.split(' ').filter(|word| !EMPTY.contains(word)).collect();
            let fits = words.len() > 1 && words.len() <= parts.len() && words.iter().zip(parts).all(|(a, b)| a == b);
            fits.then_some((*english, words.len()))
        });
        phrases.max_by_key(|(_, taken)| *taken)
    }

    /// One word, or one that is put together of several.
    fn word(&self, part: &str) -> Option<String> {
        if let Some(english) = self.entry(part) {
            return Some(english.to_string());
        }
        (part.len() >= 6).then(|| self.parts(part)).flatten().map(|words| words.join(" "))
    }

    fn entry(&self, part: &str) -> Option<&'static str> {
        self.words.iter().find(|(foreign, _)| *foreign == part).map(|(_, english)| *english)
    }

    /// A word cut into words of the list, the longest first; what stands between them goes.
    fn parts(&self, part: &str) -> Option<Vec<&'static str>> {
        let mut begins: Vec<&(&str, &str)> =
            self.words.iter().filter(|(foreign, _)| foreign.len() >= 3 && part.starts_with(foreign)).collect();
        begins.sort_by_key(|(foreign, _)| std::cmp::Reverse(foreign.len()));
        begins.iter().find_map(|(foreign, english)| {
            let rest = &part[foreign.len()..];
            let rests = std::iter::once(rest).chain(self.between.iter().filter_map(|link| rest.strip_prefix(link)));
            rests.into_iter().find_map(|rest| {
                if rest.is_empty() {
                    return Some(vec![*english]);
                }
                if let Some(end) = ENGLISH.iter().find(|word| **word == rest) {
                    return Some(vec![*english, end]);
                }
                let mut more = self.entry(rest).map(|word| vec![word]).or_else(|| self.parts(rest))?;
                more.insert(0, english);
                Some(more)
            })
        })
    }
}

/// Words that end names of many languages.
const ENGLISH: [&str; 4] = ["id", "code", "name", "status"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::words::{self, has};
    use crate::words::is_called_a_patron;

    fn columns(header: &str) -> Vec<String> {
        english(&header.split(',').map(str::to_string).collect::<Vec<_>>())
    }

    /// One header a language, each: a loan's number, patron, item's barcode, opened, due, returned, branch, category, fine.
    #[test]
    fn each_language_is_read_as_english() {
        for header in [
            "Ausleihnummer,Benutzernummer,Strichcode,Ausleihdatum,Leihfristende,Rückgabedatum,Zweigstelle,Benutzergruppe,Gebühr,Titel",
            "Ausleih-ID,Leser-Nr.,Exemplar-Strichcode,Ausgeliehen am,Fällig am,Zurückgegeben am,Bibliothek,Benutzer-Kategorie,Mahngebuehr,Titel",
            "Numéro de prêt,Numéro d'usager,Code-barres,Date de prêt,Date de retour prévue,Date de retour,Bibliothèque,Catégorie d'usager,Amende,Titre",
            "id_prestamo,id_usuario,codigo_barras,fecha_prestamo,fecha_vencimiento,fecha_devolucion,sucursal,categoria_usuario,multa,titulo",
            "nro préstamo,Nº de socio,Código de barras,Fecha/hora de préstamo,Fecha de devolución prevista,Fecha de devolución,Biblioteca,Tipo de usuario,Importe multa,Título",
            "id_emprestimo,matricula,codigo_barras,data_emprestimo,data_prevista_devolucao,data_devolucao,biblioteca,categoria_usuario,valor_multa,titulo",
            "Uitleennummer,Lenernummer,Barcode exemplaar,Uitleendatum,Uiterste inleverdatum,Inleverdatum,Vestiging,Lezerscategorie,Boete,Titel",
            "Numero prestito,Codice utente,Codice a barre,Data prestito,Data scadenza,Data restituzione,Biblioteca,Categoria utente,Multa,Titolo",
            "Lånenummer,Låntagarnummer,Streckkod,Lånedatum,Förfallodatum,Återlämningsdatum,Bibliotek,Låntagarkategori,Avgift,Titel",
            "Lainanumero,Asiakasnumero,Viivakoodi,Lainauspäivä,Eräpäivä,Palautuspäivä,Toimipiste,Asiakasryhmä,Sakko,Nimeke",
        ] {
            let read = columns(header);
            let [id, patron, item, opened, due, closed, branch, category, fine, title] = read.as_slice() else {
                panic!("{header}: {read:?}")
            };
            let called = format!("{header}\n{read:?}");
            assert!(!is_called_a_patron(id) && has(id, &["loan"]), "id: {called}");
            assert!(is_called_a_patron(patron) && has(patron, words::PATRON), "patron: {called}");
            assert!(has(item, words::ITEM), "item: {called}");
            assert!(has(opened, words::OPENED) && !has(opened, words::CLOSED), "opened: {called}");
            assert!(has(due, words::NO_END), "due: {called}");
            assert!(has(closed, words::CLOSED) && !has(closed, words::NO_END), "closed: {called}");
            assert!(has(branch, words::BRANCH), "branch: {called}");
            assert!(has(category, words::PATRON_GROUP), "category: {called}");
            assert!(has(fine, words::AMOUNT) || has(fine, words::BILLS), "fine: {called}");
            assert!(has(title, words::MATERIALS), "title: {called}");
        }
    }

    #[test]
    fn what_reaches_a_person_is_known_in_each() {
        for header in [
            "Nachname,Vorname,Telefon,Straße,PLZ,Geburtsdatum,Benutzernummer",
            "Nom de famille,Prénom,Téléphone,Rue,Code postal,Date de naissance,Numéro d'abonné",
            "Apellidos,Nombre usuario,Teléfono,Calle,Código postal,Fecha de nacimiento,Usuario",
            "Sobrenome,Nome do leitor,Telefone,Rua,CEP,Data de nascimento,Leitor",
            "Achternaam,Voornaam,Telefoon,Straat,Postcode,Geboortedatum,Lenernummer",
            "Cognome,Nome utente,Telefono,Indirizzo,CAP,Data di nascita,Utente",
            "Efternamn,Förnamn,Telefon,Gatuadress,Postnummer,Födelsedatum,Låntagare",
            "Sukunimi,Etunimi,Puhelin,Osoite,Postinumero,Syntymäaika,Asiakasnumero",
        ] {
            let read = columns(header);
            let called = format!("{header}\n{read:?}");
            assert!(has(&read[0], words::NAMES) && has(&read[1], words::NAMES), "{called}");
            assert!(has(&read[2], words::IDENTIFIERS) && has(&read[3], words::IDENTIFIERS), "{called}");
            assert!(has(&read[4], words::ALONE) && has(&read[5], words::BIRTH), "{called}");
            assert!(has(&read[6], words::PATRON), "{called}");
        }
    }

    #[test]
    fn english_stays_as_it_is() {
        for header in [
            "issue_id,borrowernumber,itemnumber,date_due,branchcode,returndate,issuedate,note",
            "fine_id,fine_amount,fine_date,patron_id,data,via,site,agent",
            "Item Loan Id,Loan Date,Due Date,Return Date,Library Name,Barcode,Title,Author",
            "id,xact_start,checkin_time,usr,target_copy,circ_lib",
            "c1,c2,c3",
        ] {
            let names: Vec<String> = header.split(',').map(str::to_string).collect();
            assert_eq!(english(&names), names);
        }
    }

    #[test]
    fn files_are_called_in_each_language() {
        for (stem, expected) in [
            ("emprestimos", "loan"),
            ("prestamos", "loan"),
            ("usuarios", "patron"),
            ("Ausleihen", "loan"),
            ("lainaukset", "loan"),
            ("uitleningen", "loan"),
            ("lecteurs", "patron"),
        ] {
            assert_eq!(english_stem(stem).as_deref(), Some(expected), "{stem}");
        }
        assert_eq!(english_stem("circ_trans"), None);
        assert_eq!(english_stem("sierra-fine"), None);
    }
}
