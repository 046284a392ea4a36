//! The words by which columns are called in other languages than English, and what each is in English: data, one list a language.
//!
//! Written in small letters without accents, as names are compared. Several words together stand before the words that they
//! hold. What a word means in one language says nothing of another.

/// A language, as the names of columns are written in it.
pub(super) struct Language {
    /// Whether what is described stands before what describes it: `fecha prestamo`, a date of a loan.
    pub noun_first: bool,
    /// Words of it, each with what it is in English.
    pub words: &'static [(&'static str, &'static str)],
    /// Letters that stand between the parts of a word, and mean nothing.
    pub between: &'static [&'static str],
}

/// Words that mean nothing by themselves, in any of them.
pub(super) const EMPTY: &[&str] = &[
    "de", "del", "la", "el", "los", "las", "do", "da", "dos", "das", "du", "des", "le", "les", "l", "d", "di", "della",
    "dello", "delle", "dei", "degli", "il", "lo", "der", "die", "den", "dem", "des", "am", "um", "van", "het", "op", "av",
    "pa", "en", "och", "a", "o",
];

/// What stands in English headers, too: it doesn't show that a language is another one.
pub(super) const UNSURE: &[&str] = &[
    "fine", "data", "via", "note", "site", "agent", "personal", "ort", "lid", "slut", "start", "mail", "art", "session",
    "category", "exemplar", "inventory", "reservation", "portable", "cap", "nom", "retour", "station", "nota", "debut",
];

#[rustfmt::skip]
pub(super) const LANGUAGES: [Language; 8] = [GERMAN, FRENCH, SPANISH, PORTUGUESE, DUTCH, ITALIAN, SWEDISH, FINNISH];

#[rustfmt::skip]
const GERMAN: Language = Language {
    noun_first: false,
    between: &["s", "es", "n", "en", "er", "keits"],
    words: &[
        ("benutzer gruppe", "patron group"), ("nutzer gruppe", "patron group"), ("leihfristende", "due date"),
        ("leihfrist ende", "due date"), ("ruckgabefrist", "due date"), ("rueckgabefrist", "due date"),
        ("leihfrist", "due date"), ("falligkeit", "due date"), ("faelligkeit", "due date"), ("fallig", "due"),
        ("faellig", "due"), ("zuruckgegeben", "return date"), ("zurueckgegeben", "return date"),
        ("ruckgabe", "return"), ("rueckgabe", "return"), ("ruckbuchung", "return"), ("rueckbuchung", "return"),
        ("ausleiher", "patron"), ("entleiher", "patron"), ("ausleihen", "loan"), ("ausleihe", "loan"), ("ausleih", "loan"),
        ("entleihung", "loan"), ("ausgeliehen", "loan date"), ("verleih", "loan"), ("benutzer", "patron"),
        ("nutzer", "patron"), ("leserin", "patron"), ("leser", "patron"), ("kunde", "patron"), ("mitglied", "patron"),
        ("schuler", "patron"), ("schueler", "patron"), ("ausweis", "card"), ("exemplar", "item"), ("medium", "item"),
        ("medien", "item"), ("buchung", "transaction"), ("buch", "book"), ("barkode", "barcode"), ("strichcode", "barcode"),
        ("mediennummer", "item number"), ("zugangsnummer", "item number"), ("inventarnummer", "item number"),
        ("titel", "title"), ("verfasser", "author"), ("autor", "author"), ("signatur", "call number"),
        ("standort", "location"), ("zweigstelle", "branch"), ("filiale", "branch"), ("bibliothek", "library"),
        ("bucherei", "library"), ("buecherei", "library"), ("kategorie", "category"), ("gruppe", "group"), ("typ", "type"),
        ("art", "type"), ("nummer", "number"), ("nr", "number"), ("schlussel", "key"), ("schluessel", "key"),
        ("kennung", "id"), ("datum", "date"), ("uhrzeit", "time"), ("zeitpunkt", "time"), ("zeit", "time"),
        ("verlangerungen", "renewals"), ("verlaengerungen", "renewals"), ("verlangerung", "renewal"),
        ("verlaengerung", "renewal"), ("mahngebuhr", "fine"), ("mahngebuehr", "fine"), ("gebuhr", "fee"),
        ("gebuhren", "fee"), ("gebuehren", "fee"), ("gebuehr", "fee"), ("betrag", "amount"), ("offen", "outstanding"),
        ("bezahlt", "paid"), ("vormerkung", "hold"), ("vormerkungen", "hold"), ("reservierung", "hold"),
        ("abholung", "pickup"), ("abholort", "pickup location"), ("storniert", "cancelled"), ("storno", "cancelled"),
        ("sitzung", "session"), ("beginn", "start"), ("ende", "end"), ("mitarbeiter", "staff"), ("bearbeiter", "staff"),
        ("bemerkung", "note"), ("anmerkung", "note"), ("zustand", "status"), ("geburt", "birth"), ("geburts", "birth"),
        ("nachname", "lastname"), ("familienname", "lastname"), ("vorname", "firstname"), ("telefon", "phone"),
        ("handy", "mobile"), ("anschrift", "address"), ("adresse", "address"), ("strasse", "street"), ("ort", "city"),
        ("wohnort", "city"), ("plz", "postalcode"), ("postleitzahl", "postalcode"), ("geschlecht", "sex"),
    ],
};

#[rustfmt::skip]
const FRENCH: Language = Language {
    noun_first: true,
    between: &["s"],
    words: &[
        ("code barres", "barcode"), ("code a barres", "barcode"), ("codebarres", "barcode"), ("code postal", "postalcode"),
        ("retour prevu", "due"), ("retour prevue", "due"), ("retour effectif", "return"), ("retour effective", "return"),
        ("retour reel", "return"), ("prevue", "due"), ("prevu", "due"), ("echeance", "due"), ("nom famille", "lastname"),
        ("retour", "return"), ("restitution", "return"), ("rendu", "return"), ("prets", "loan"), ("pret", "loan"),
        ("emprunteur", "patron"), ("emprunts", "loan"), ("emprunt", "loan"), ("usagers", "patron"), ("usager", "patron"),
        ("lecteurs", "patron"), ("lecteur", "patron"), ("abonne", "patron"), ("abonnes", "patron"), ("adherent", "patron"),
        ("adherents", "patron"), ("etudiant", "patron"), ("carte", "card"), ("exemplaires", "item"), ("exemplaire", "item"),
        ("document", "item"), ("livre", "book"), ("inventaire", "item number"), ("titre", "title"), ("auteur", "author"),
        ("cote", "call number"), ("emplacement", "location"), ("localisation", "location"), ("bibliotheque", "library"),
        ("mediatheque", "library"), ("site", "branch"), ("annexe", "branch"), ("categorie", "category"),
        ("groupe", "group"), ("numero", "number"), ("no", "number"), ("num", "number"), ("identifiant", "id"), ("cle", "key"),
        ("heure", "time"), ("prolongations", "renewals"), ("prolongation", "renewal"), ("renouvellements", "renewals"),
        ("amendes", "fine"), ("amende", "fine"), ("penalite", "fine"), ("frais", "fee"), ("montant", "amount"),
        ("reste du", "outstanding"), ("restant du", "outstanding"), ("restant", "outstanding"), ("solde", "balance"),
        ("paye", "paid"), ("reservations", "hold"), ("reservation", "hold"), ("retrait", "pickup"), ("annulation", "cancelled"),
        ("annule", "cancelled"), ("debut", "start"), ("fin", "end"), ("bibliothecaire", "staff"), ("agent", "staff"),
        ("remarque", "note"), ("commentaire", "note"), ("statut", "status"), ("etat", "status"), ("naissance", "birth"),
        ("nom", "name"), ("prenom", "firstname"), ("telephone", "phone"), ("portable", "mobile"), ("courriel", "email"),
        ("adresse", "address"), ("rue", "street"), ("ville", "city"), ("sexe", "sex"),
    ],
};

#[rustfmt::skip]
const SPANISH: Language = Language {
    noun_first: true,
    between: &["s", "es"],
    words: &[
        ("codigo barras", "barcode"), ("codigobarras", "barcode"), ("codigo postal", "postalcode"), ("cod barras", "barcode"),
        ("devolucion prevista", "due"), ("prevista devolucion", "due"), ("devolucion real", "return"), ("real devolucion", "return"),
        ("fecha hora", "date"), ("prevista", "due"), ("previsto", "due"), ("vencimiento", "due"), ("vence", "due"),
        ("limite", "due"), ("devolucion", "return"), ("devoluciones", "return"), ("devuelto", "return"),
        ("prestamos", "loan"), ("prestamo", "loan"), ("prestatario", "patron"), ("usuarios", "patron"), ("usuario", "patron"),
        ("lectores", "patron"), ("lector", "patron"), ("socios", "patron"), ("socio", "patron"), ("alumno", "patron"),
        ("estudiante", "patron"), ("carne", "card"), ("carnet", "card"), ("tarjeta", "card"), ("ejemplares", "item"),
        ("ejemplar", "item"), ("libro", "book"), ("registro", "item number"), ("inventario", "item number"),
        ("titulo", "title"), ("autor", "author"), ("signatura", "call number"), ("ubicacion", "location"),
        ("biblioteca", "library"), ("sucursal", "branch"), ("sede", "branch"), ("categoria", "category"),
        ("grupo", "group"), ("tipo", "type"), ("numero", "number"), ("nro", "number"), ("num", "number"), ("no", "number"), ("codigo", "code"),
        ("clave", "key"), ("identificador", "id"), ("fecha", "date"), ("hora", "time"), ("renovaciones", "renewals"),
        ("renovacion", "renewal"), ("multas", "fine"), ("multa", "fine"), ("sancion", "fine"), ("importe", "amount"),
        ("monto", "amount"), ("pendiente", "outstanding"), ("saldo", "balance"), ("pagado", "paid"), ("pago", "paid"),
        ("reservas", "hold"), ("reserva", "hold"), ("recogida", "pickup"), ("anulacion", "cancelled"),
        ("cancelacion", "cancelled"), ("sesion", "session"), ("inicio", "start"), ("fin", "end"),
        ("bibliotecario", "staff"), ("operador", "staff"), ("observaciones", "note"), ("nota", "note"),
        ("estado", "status"), ("situacion", "status"), ("nacimiento", "birth"), ("apellidos", "lastname"),
        ("apellido", "lastname"), ("nombre", "name"), ("telefono", "phone"), ("movil", "mobile"), ("celular", "mobile"),
        ("correo electronico", "email"), ("correo", "email"), ("direccion", "address"), ("calle", "street"),
        ("ciudad", "city"), ("sexo", "sex"), ("facultad", "faculty"), ("carrera", "course"),
    ],
};

#[rustfmt::skip]
const PORTUGUESE: Language = Language {
    noun_first: true,
    between: &["s", "es"],
    words: &[
        ("codigo barras", "barcode"), ("codigobarras", "barcode"), ("codigo postal", "postalcode"), ("cod barras", "barcode"),
        ("devolucao prevista", "due"), ("prevista devolucao", "due"), ("data hora", "date"), ("devolucao efetiva", "return"),
        ("prevista", "due"), ("previsto", "due"), ("vencimento", "due"), ("limite", "due"), ("prazo", "due"),
        ("devolucao", "return"), ("devolucoes", "return"), ("devolvido", "return"), ("emprestimos", "loan"),
        ("emprestimo", "loan"), ("usuarios", "patron"), ("usuario", "patron"), ("leitores", "patron"), ("leitor", "patron"),
        ("utilizador", "patron"), ("utilizadores", "patron"), ("utente", "patron"), ("aluno", "patron"), ("discente", "patron"),
        ("matricula", "patron number"), ("vinculo", "category"), ("cartao", "card"), ("exemplares", "item"),
        ("exemplar", "item"), ("livro", "book"), ("tombo", "item number"), ("acervo", "collection"), ("colecao", "collection"),
        ("titulo", "title"), ("autor", "author"), ("cota", "call number"), ("localizacao", "location"),
        ("biblioteca", "library"), ("unidade", "branch"), ("campus", "branch"), ("categoria", "category"),
        ("grupo", "group"), ("tipo", "type"), ("numero", "number"), ("nro", "number"), ("num", "number"), ("no", "number"), ("codigo", "code"),
        ("cod", "code"), ("chave", "key"), ("identificador", "id"), ("data", "date"), ("hora", "time"),
        ("renovacoes", "renewals"), ("renovacao", "renewal"), ("multas", "fine"), ("multa", "fine"), ("taxa", "fee"),
        ("valor", "amount"), ("montante", "amount"), ("pendente", "outstanding"), ("saldo", "balance"), ("pago", "paid"),
        ("reservas", "hold"), ("reserva", "hold"), ("levantamento", "pickup"), ("retirada", "pickup"),
        ("cancelamento", "cancelled"), ("sessao", "session"), ("inicio", "start"), ("fim", "end"),
        ("bibliotecario", "staff"), ("operador", "staff"), ("funcionario", "staff"), ("observacoes", "note"),
        ("observacao", "note"), ("situacao", "status"), ("estado", "status"), ("nascimento", "birth"),
        ("sobrenome", "lastname"), ("apelido", "lastname"), ("nome", "name"), ("telefone", "phone"), ("celular", "mobile"),
        ("telemovel", "mobile"), ("endereco", "address"), ("morada", "address"), ("rua", "street"), ("cidade", "city"),
        ("cep", "postalcode"), ("sexo", "sex"), ("curso", "course"),
    ],
};

#[rustfmt::skip]
const DUTCH: Language = Language {
    noun_first: false,
    between: &["s", "en", "e"],
    words: &[
        ("uiterste inlever", "due"), ("uiterste", "due"), ("inlevertermijn", "due"), ("verval", "due"), ("retour", "return"),
        ("ingeleverd", "return"), ("inlever", "return"), ("innamen", "return"), ("inname", "return"), ("teruggave", "return"),
        ("teruggebracht", "return"), ("uitleningen", "loan"), ("uitlening", "loan"), ("uitleen", "loan"), ("uitgeleend", "loan"),
        ("lening", "loan"), ("leners", "patron"), ("lener", "patron"), ("lezers", "patron"), ("lezer", "patron"),
        ("gebruikers", "patron"), ("gebruiker", "patron"), ("lid", "patron"), ("leden", "patron"), ("klant", "patron"),
        ("leerling", "patron"), ("pas", "card"), ("exemplaren", "item"), ("exemplaar", "item"), ("boek", "book"),
        ("inventaris", "item"), ("titel", "title"), ("auteur", "author"), ("plaatskenmerk", "call number"),
        ("locatie", "location"), ("vestiging", "branch"), ("filiaal", "branch"), ("bibliotheek", "library"),
        ("categorie", "category"), ("groep", "group"), ("soort", "type"), ("nummer", "number"), ("nr", "number"),
        ("sleutel", "key"), ("datum", "date"), ("tijdstip", "time"), ("tijd", "time"), ("verlengingen", "renewals"),
        ("verlenging", "renewal"), ("boetes", "fine"), ("boete", "fine"), ("bedrag", "amount"), ("openstaand", "outstanding"),
        ("betaald", "paid"), ("reserveringen", "hold"), ("reservering", "hold"), ("afhaal", "pickup"),
        ("geannuleerd", "cancelled"), ("sessie", "session"), ("begin", "start"), ("einde", "end"), ("eind", "end"),
        ("medewerker", "staff"), ("opmerkingen", "note"), ("opmerking", "note"), ("toestand", "status"),
        ("geboorte", "birth"), ("achternaam", "lastname"), ("voornaam", "firstname"), ("naam", "name"),
        ("telefoon", "phone"), ("mobiel", "mobile"), ("adres", "address"), ("straat", "street"), ("woonplaats", "city"),
        ("geslacht", "sex"),
    ],
};

#[rustfmt::skip]
const ITALIAN: Language = Language {
    noun_first: true,
    between: &[],
    words: &[
        ("codice a barre", "barcode"), ("codice barre", "barcode"), ("data ora", "date"), ("codice postale", "postalcode"),
        ("restituzione prevista", "due"), ("prevista restituzione", "due"), ("scadenza", "due"), ("prevista", "due"),
        ("restituzione", "return"), ("restituito", "return"), ("rientro", "return"), ("riconsegna", "return"),
        ("prestiti", "loan"), ("prestito", "loan"), ("utenti", "patron"), ("utente", "patron"), ("lettori", "patron"),
        ("lettore", "patron"), ("iscritto", "patron"), ("iscritti", "patron"), ("studente", "patron"), ("tessera", "card"),
        ("esemplari", "item"), ("esemplare", "item"), ("copia", "item"), ("libro", "book"), ("inventario", "item number"),
        ("titolo", "title"), ("autore", "author"), ("collocazione", "call number"), ("ubicazione", "location"),
        ("biblioteca", "library"), ("sede", "branch"), ("filiale", "branch"), ("categoria", "category"),
        ("gruppo", "group"), ("tipo", "type"), ("numero", "number"), ("num", "number"), ("codice", "code"), ("chiave", "key"),
        ("identificativo", "id"), ("data", "date"), ("ora", "time"), ("rinnovi", "renewals"), ("rinnovo", "renewal"),
        ("proroghe", "renewals"), ("multe", "fine"), ("multa", "fine"), ("sanzione", "fine"), ("importo", "amount"),
        ("da pagare", "outstanding"), ("residuo", "outstanding"), ("saldo", "balance"), ("pagato", "paid"),
        ("prenotazioni", "hold"), ("prenotazione", "hold"), ("ritiro", "pickup"), ("annullamento", "cancelled"),
        ("annullato", "cancelled"), ("sessione", "session"), ("inizio", "start"), ("fine", "end"),
        ("bibliotecario", "staff"), ("operatore", "staff"), ("osservazioni", "note"), ("nota", "note"), ("stato", "status"),
        ("nascita", "birth"), ("cognome", "lastname"), ("nome", "name"), ("telefono", "phone"), ("cellulare", "mobile"),
        ("indirizzo", "address"), ("citta", "city"), ("cap", "postalcode"), ("sesso", "sex"),
    ],
};

#[rustfmt::skip]
const SWEDISH: Language = Language {
    noun_first: false,
    between: &["s", "e"],
    words: &[
        ("aterlamnad", "return"), ("aterlamnat", "return"), ("aterlamning", "return"), ("retur", "return"),
        ("forfallo", "due"), ("forfaller", "due"), ("sista aterlamning", "due"), ("utlaning", "loan"), ("utlan", "loan"),
        ("omlaningar", "renewals"), ("omlan", "renewals"), ("lantagare", "patron"), ("lantagar", "patron"), ("anvandare", "patron"),
        ("lasare", "patron"), ("kund", "patron"), ("elev", "patron"), ("medlem", "patron"), ("lanekort", "card"),
        ("lane", "loan"), ("lan", "loan"), ("kort", "card"), ("exemplar", "item"), ("bok", "book"),
        ("inventarie", "item"), ("streckkod", "barcode"), ("titel", "title"), ("forfattare", "author"),
        ("hylla", "call number"), ("placering", "location"), ("plats", "location"), ("bibliotek", "library"),
        ("filial", "branch"), ("kategori", "category"), ("grupp", "group"), ("typ", "type"), ("nummer", "number"),
        ("nr", "number"), ("kod", "code"), ("nyckel", "key"), ("datum", "date"), ("klockslag", "time"), ("tid", "time"),
        ("avgifter", "fine"), ("avgift", "fine"), ("boter", "fine"), ("belopp", "amount"), ("obetalt", "outstanding"),
        ("betald", "paid"), ("betalt", "paid"), ("reservationer", "hold"), ("reservation", "hold"), ("hamtning", "pickup"),
        ("avbokad", "cancelled"), ("annullerad", "cancelled"), ("borjan", "start"), ("slut", "end"), ("personal", "staff"),
        ("handlaggare", "staff"), ("anmarkning", "note"), ("anteckning", "note"), ("fodelse", "birth"),
        ("efternamn", "lastname"), ("fornamn", "firstname"), ("namn", "name"), ("telefon", "phone"), ("mobil", "mobile"),
        ("epost", "email"), ("adress", "address"), ("gata", "street"), ("gatu", "street"), ("ort", "city"), ("stad", "city"),
        ("postnummer", "postalcode"), ("personnummer", "socialsecurity number"), ("kon", "sex"),
    ],
};

#[rustfmt::skip]
const FINNISH: Language = Language {
    noun_first: false,
    between: &["n", "s", "us", "jen"],
    words: &[
        ("palautuspaiva", "return date"), ("palautettu", "return"), ("palautus", "return"), ("erapaiva", "due date"),
        ("lainaajat", "patron"), ("lainaaja", "patron"), ("lainaukset", "loan"), ("lainaus", "loan"), ("lainat", "loan"),
        ("laina", "loan"), ("asiakkaan", "patron"), ("asiakas", "patron"), ("asiakkaat", "patron"), ("kayttaja", "patron"),
        ("oppilas", "patron"), ("kortti", "card"), ("kortin", "card"), ("niteet", "item"), ("niteen", "item"),
        ("nide", "item"), ("kirja", "book"), ("viivakoodi", "barcode"), ("nimeke", "title"), ("teos", "title"),
        ("tekija", "author"), ("hyllypaikka", "call number"), ("sijainti", "location"), ("kirjasto", "library"),
        ("toimipiste", "branch"), ("toimipaikka", "branch"), ("luokka", "category"), ("ryhma", "group"), ("tyyppi", "type"),
        ("numero", "number"), ("nro", "number"), ("koodi", "code"), ("tunnus", "id"), ("tunniste", "id"),
        ("paivamaara", "date"), ("paiva", "date"), ("pvm", "date"), ("kellonaika", "time"), ("klo", "time"),
        ("aika", "time"), ("uusinnat", "renewals"), ("uusintakerrat", "renewals"), ("maksut", "fee"), ("maksu", "fee"),
        ("sakko", "fine"), ("myohastymismaksu", "fine"), ("summa", "amount"), ("maksamatta", "outstanding"),
        ("avoin", "outstanding"), ("maksettu", "paid"), ("varaukset", "hold"), ("varaus", "hold"), ("nouto", "pickup"),
        ("peruutettu", "cancelled"), ("peruttu", "cancelled"), ("istunto", "session"), ("alku", "start"),
        ("loppu", "end"), ("virkailija", "staff"), ("kirjastonhoitaja", "staff"), ("huomautus", "note"),
        ("lisatieto", "note"), ("tila", "status"), ("syntyma", "birth"), ("sukunimi", "lastname"), ("etunimi", "firstname"),
        ("nimi", "name"), ("puhelin", "phone"), ("sahkoposti", "email"), ("osoite", "address"), ("lahiosoite", "address"),
        ("katu", "street"), ("kaupunki", "city"), ("postinumero", "postalcode"), ("henkilotunnus", "socialsecurity number"),
        ("sukupuoli", "sex"),
    ],
};
