//! The words themselves. `^` and `$` stand for the beginning and the end of a name in plain letters. A system that calls
//! its columns otherwise needs a word here.

/// Words that columns of library systems are called by, or that their names hold.
pub(super) const KNOWN: [&str; 64] = [
    "id", "key", "number", "num", "code", "name", "date", "time", "type", "status", "state", "note", "comment", "barcode",
    "patron", "user", "borrower", "usr", "customer", "member", "reader", "student", "person", "staff", "item", "copy",
    "title", "author", "isbn", "bib", "record", "loan", "circ", "issue", "checkout", "charge", "return", "hold", "request",
    "reserve", "transaction", "session", "event", "branch", "library", "location", "lib", "collection", "category", "group",
    "class", "renew", "due", "created", "updated", "address", "street", "city", "zip", "phone", "mail", "amount", "start",
    "count",
];

/// Parts of a person's name.
pub const NAMES: &[&str] = &[
    "lastname", "firstname", "middlename", "surname", "givenname", "familyname", "forename", "fullname", "namefirst",
    "namelast", "namemiddle", "nickname", "preferredname", "patronname", "borrowername", "initials",
    "nachname", "vorname",
];
/// What names one person wherever it stands.
pub const IDENTIFIERS: &[&str] = &[
    "email", "mail$", "phone", "mobile", "telephone", "^tel", "sms", "fax", "street", "address", "^addr", "login",
    "username", "usrname", "userid", "usercode", "cardnumber", "cardno", "userbarcode", "patronbarcode", "ssn", "ssan",
    "socialsecurity", "passport", "licen", "institutionid", "externalsystemid", "uniqueid", "password", "passwd", "^pin$",
    "identvalue", "alias", "guardian", "parentname", "children", "photo", "signature", "macaddr", "ipaddr", "ipv6", "ipv4",
    "framedinterface", "delegated", "station", "sessionid", "acctunique", "useragent", "cookie", "token", "url",
    "formerid", "keyword", "field", "entry", "content", "homepage", "contact",
];
/// What people write themselves.
pub const FREE: &[&str] = &[
    "note", "comment", "remark", "message", "memo", "instruction", "special", "specins", "citedin", "additionalinfo",
    "freetext", "anything", "question", "answer", "reasontext", "know",
];
/// What may not stand alone.
pub const ALONE: &[&str] =
    &["birth", "^dob$", "dateofbirth", "zip", "postal", "postcode", "recordnum", "geburt", "city", "^village$", "county"];
pub const BIRTH: &[&str] = &["birth", "^dob$", "geburt"];
/// Staff and others who act.
pub const PEOPLE: &[&str] = &[
    "staff", "oper", "issuer", "librarian", "creator", "editor", "manager", "createdby", "updatedby", "cancelledby",
    "canceledby", "loanedby", "returnedby", "proxy", "requestor", "agent", "clerk", "systemuser", "polarisuser", "usergroupkey",
    "acceptingusr", "assistant", "sponsor",
];
pub const PROXY: &[&str] = &["proxy"];
pub const ITEM: &[&str] =
    &["item", "copy", "^catalog", "exemplar", "holding", "barcode", "volumeid", "ejemplar", "codigobarras"];
pub const OPENED: &[&str] = &[
    "issuedate", "loandate", "checkoutdate", "checkouttime", "checkoutgmt", "datecharged", "chargedate", "dateout",
    "xactstart", "acctstart", "starttime", "startdate", "requestdate", "requesttime", "requested", "reservedate", "placed",
    "holddate", "creationdate", "created", "registeredat", "registrationdate", "transactiongmt", "transactiondate",
    "tranclientdate", "^out$", "^lent", "issued", "opened", "begin", "timestamp", "ausleihdatum",
    "emprestimo", "prestamo",
];
pub const CLOSED: &[&str] = &[
    "return", "checkin", "discharge", "acctstop", "endtime", "enddate", "stoptime", "fulfil", "cancel", "closed", "removed",
    "completed", "^back$", "finish", "eventend", "eventstart", "dateinactive", "rueckgabe", "^end$",
];
/// Times that end nothing.
pub const NO_END: &[&str] = &[
    "due", "expir", "lastrenew", "notif", "scan", "shelf", "process", "thaw", "hopeless", "claimed", "lost", "billing",
    "previous", "prev", "capture", "seen", "enroll", "stopfines",
];
/// When a row was last changed.
pub const CHANGED: &[&str] = &["timestamp", "updated", "modified", "lastupdate", "lastchange", "transactiondate", "statusdate"];
pub const RENEWALS: &[&str] = &[
    "renewals", "renewalcount", "renewalscount", "numberofrenewals", "timesrenewed", "renewcount", "^renewed$",
];
pub const RENEWS: &[&str] = &["parent", "renewalof", "originalloan", "previousloan", "renews"];
/// Vocabularies that say where a transaction stands.
pub const STATUS: &[&str] = &[
    "status", "state", "^found$", "stopfines", "^event$", "opcode", "processtype", "stillout", "stillopen", "isopen",
    "isclosed", "disposition",
];

/// What may be worth publishing, and under which name.
pub const BRANCH: &[&str] = &[
    "branch", "library$", "libraryname", "librarycode", "^lib$", "circlib", "pickuplib", "calendar", "servicepoint", "nvtgc",
    "organization", "orgunit", "location$", "locationcode", "locationname", "chargelocation", "pickuplocation", "shortname",
    "abbreviation", "^site$", "statgroup",
];
pub const MATERIAL: &[&str] = &[
    "itype", "itemtype", "materialtype", "material", "circmodifier", "^format$", "documenttype", "requesttype", "mediatype",
    "itypecode", "^audience$", "^category$",
    "registrationtype",
];
pub const COLLECTION: &[&str] =
    &["ccode", "collection", "shelvinglocation", "copylocation", "locationname", "itemlocation", "^area$", "pcarea", "^location$"];
pub const CALL_NUMBER: &[&str] = &["callnumber", "callno", "classification", "^label$", "shelfmark"];
pub const PATRON_GROUP: &[&str] = &[
    "categorycode", "patroncategory", "patrontype", "borrowertype", "usertype", "usergroup", "patrongroup", "ptype",
    "^profile$", "patroncode", "usercategory", "^groupcode$", "^group$",
];

/// What describes the material: whatever stands in it.
pub const MATERIALS: &[&str] = &[
    "title", "author", "isbn", "issn", "bib", "instance", "mms", "holdings", "itembarcode", "copynumber", "volume",
];
/// What describes the rules or the library, as long as it doesn't look like a person.
pub const HARMLESS: &[&str] = &[
    "due", "sequence", "interval", "duration", "^max", "recurring", "finerule", "grace", "policy", "renew", "desk", "opac",
    "auto", "onsite", "unseen", "flag", "^is", "notedate", "noteseen", "count$", "octets", "language", "locale",
    "priority", "^position$", "frozen", "depth", "ou$", "lib$", "price", "cost", "amount", "fine", "deposit", "rule",
    "framedprotocol", "servicetype", "connectinfo", "nasport", "authentic", "cause", "realm", "level", "indicator",
    "version", "application", "source", "icode", "pcode", "agency", "loanrule", "carrier", "holdtype", "mintcondition",
    "cutinline", "formats", "marc", "year", "shadow", "active", "expiry", "expiration", "standing", "juvenile", "barred",
    "deleted", "superuser", "claims", "netaccess", "mailingaddress$", "billingaddress$", "homeou", "creditforward",
    "credittype", "identtype", "billing", "paymenttype", "paymentstatus", "currency", "lending", "illnumber", "attendance",
    "minutes", "seconds", "hours", "location", "workstation", "checkout", "responsibilitycode", "privacy",
    "reasonforcancellation", "cancellationreason", "eventid", "override", "dateenrolled", "accrued", "overdue",
    "sessiontime",
];

/// Amounts that are still owed.
pub const OUTSTANDING: &[&str] = &["outstanding", "balance", "remaining", "owing", "unpaid", "openamount"];
/// Amounts of a bill.
pub const AMOUNT: &[&str] = &["amount", "^fee$", "^fine$", "^charge$", "betrag"];
/// What a bill is for.
pub const BILL_TYPE: &[&str] = &[
    "debittype", "credittype", "billingtype", "billtype", "feefinetype", "finefeetype", "feetype", "finetype", "feereason",
    "chargecode", "chargetype", "finefeedesc", "feedesc", "billreason",
];
/// What tells charges from what was paid for them.
pub const ENTRY: &[&str] = &["txncode", "transactioncode", "transactiontype", "entrytype"];
/// Flags by which a bill may be over.
pub const ENDED: &[&str] = &[
    "paid", "void", "settled", "closed", "waived", "forgiven", "finish", "resolved", "cancel", "complete", "writtenoff",
    "suspended", "disputed",
];
/// What loans have, and bills don't.
pub const NO_BILL: &[&str] =
    &["maxfine", "recurringfine", "^due", "duedate", "renewals", "checkout", "loandate", "dateenrolled", "expirydate"];
pub const BILLS: &[&str] =
    &["bill", "fine", "fee", "account", "debit", "charge", "owing", "payment", "money", "gebuehr"];
/// What may keep a bill open on which nothing is owed.
pub const SAYS: &[&str] =
    &["disput", "claim", "suspend", "appeal", "refund", "pending", "hold", "void", "waive"];
pub const PAID: &[&str] = &["timestamp", "updated", "modified", "paid", "statusdate", "txndate", "lastdate", "paymentdate", "lastpayment"];
pub const HISTORY: &[&str] = &["privacy", "keephistory", "readinghistory", "history", "^rule$"];
