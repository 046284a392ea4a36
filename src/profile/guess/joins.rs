//! Which file holds the transactions, and which column joins which: by what the columns are called, and by how many of
//! the values of one the other has.

mod names;

use names::{LINKS, called_alike};

use super::file_names::{OTHERS, TRANSACTIONS, is_called, stem};
use super::meaning::{About, Joined, Meaning, Nature, Role};
use super::said::Said;
use super::{bills, lone_columns};
use crate::profile::TableProfile;
use crate::profile::words::{self, has, plain};
use crate::profile::{Column, Look};

/// The table that looks most like one of transactions: by its name, by what it says, and by how many others it joins.
pub(super) fn transactions(tables: &[TableProfile], said: &Said) -> Option<usize> {
    let about = said.about;
    let score = |table: &TableProfile| -> i64 {
        let columns = || table.columns.iter().filter(|column| !column.nested);
        let named = |words: &[&str]| columns().any(|column| has(&column.called, words));
        let times = columns().filter(|column| column.is_time() && !has(&column.called, words::BIRTH)).count();
        if times == 0 || !said.fits(table) {
            return i64::MIN;
        }
        let mut score = times.min(4) as i64;
        let stem = stem(table);
        // The end of a file's name says most: `item_statuses`, `circ_trans`.
        score += if is_called(table, TRANSACTIONS) { 8 } else { 0 };
        score -=
            if OTHERS.iter().any(|word| stem.ends_with(word) || stem.ends_with(&format!("{word}s"))) { 8 } else { 0 };
        score -= if is_called(table, OTHERS) { 3 } else { 0 };
        score += if named(words::PATRON) { 3 } else { 0 };
        score += if named(words::OPENED) { 3 } else { 0 };
        score += if named(words::CLOSED) { 3 } else { 0 };
        score -= if named(words::OUTSTANDING) { 4 } else { 0 };
        score += match about {
            Some(about) if self::about(table) == about => 6,
            _ => 0,
        };
        let joins = tables.iter().filter(|other| other.file != table.file && best(table, other).is_some()).count();
        // What happened is more than what waits or is out.
        score += if is_called(table, &["trans", "hist"]) { 2 } else { 0 };
        score + 2 * joins.min(6) as i64 + ((table.records.max(1) as f64).log10() * 3.0) as i64
    };
    let most = |place: &usize| (score(&tables[*place]), tables[*place].records, std::cmp::Reverse(*place));
    let of_bills = || {
        let bills = (0..tables.len()).filter(|place| bills::are_bills(&tables[*place]) && said.fits(&tables[*place]));
        bills.max_by_key(most)
    };
    if about == Some(About::Bills) {
        return of_bills();
    }
    let best = (0..tables.len()).max_by_key(most).filter(|place| score(&tables[*place]) > 0);
    // Bills are transactions where nothing else is.
    let is_other = |place: &usize| {
        let table = &tables[*place];
        !are_transactions(table) || lone_columns::is_of_persons(table) && !is_called(table, TRANSACTIONS)
    };
    match about {
        None if said.columns().next().is_none() && best.is_none_or(|place| is_other(&place)) => of_bills().or(best),
        _ => best,
    }
}

/// Whether anything speaks for transactions: what the file is called, or what loans have and patrons don't.
pub(super) fn are_transactions(table: &TableProfile) -> bool {
    const LENT: [&str; 11] = [
        "due",
        "checkout",
        "checkin",
        "loan",
        "charge",
        "renew",
        "issuedate",
        "dateout",
        "ausleih",
        "emprestimo",
        "prestamo",
    ];
    let columns = || table.columns.iter().filter(|column| !column.nested);
    let item = columns().any(|column| has(&column.called, &["item", "copy", "exemplar"]));
    let patron = columns().any(|column| has(&column.called, words::PATRON));
    about(table) != About::Loans
        || is_called(table, TRANSACTIONS)
        || columns().any(|column| has(&column.called, &LENT))
        || item && patron && !lone_columns::is_of_persons(table)
}

/// Tables of another kind of transactions than those that were chosen.
pub(super) fn also(tables: &[TableProfile], meaning: &Meaning) -> Vec<(usize, About)> {
    let others = (0..tables.len()).filter(|table| !meaning.sources.contains(table));
    let others = others.filter(|table| {
        let stem = stem(&tables[*table]);
        is_called(&tables[*table], TRANSACTIONS) && !OTHERS.iter().any(|word| stem.contains(word))
            || bills::are_bills(&tables[*table])
    });
    others.map(|table| (table, about(&tables[table]))).filter(|(_, about)| *about != meaning.about).collect()
}

pub(super) fn about(table: &TableProfile) -> About {
    let any = |words: &[&str]| table.columns.iter().any(|column| has(&column.called, words));
    let called = |words: &[&str]| is_called(table, words);
    if bills::are_bills(table) {
        About::Bills
    } else if called(&["illiad", "interlibrary", "illrequest"]) || any(&["lendinglibrary", "illnumber"]) {
        About::Ill
    } else if called(&["registration", "attend"]) || any(&["registeredat", "registrationid", "eventstart"]) {
        About::Registrations
    } else if called(&["session", "radacct", "wifi"]) || any(&["sessiontime", "^sessionid$", "acctstart"]) {
        About::Sessions
    } else if called(&["hold", "reserve", "request"])
        || any(&["^holdid$", "reserveid", "^reservedate$", "requesttype", "pickuplib"])
    {
        About::Holds
    } else {
        About::Loans
    }
}

/// Whether two files hold the same kind of rows: the same columns, that look the same where nothing names them.
pub(super) fn are_alike(first: &TableProfile, other: &TableProfile) -> bool {
    let same = first.columns.len() == other.columns.len()
        && first.columns.iter().all(|column| other.column(&column.name).is_some())
        && first.named == other.named;
    let usual = || first.columns.iter().zip(&other.columns).filter(|(a, b)| a.usual() == b.usual()).count();
    same && (first.named && first.columns.len() > 2 || usual() == first.columns.len())
}

/// Staff are in the patrons' file, too, and have created and changed everything.
fn no_key(column: &Column) -> bool {
    let plain = plain(&column.called);
    has(&plain, words::PEOPLE)
        || has(&plain, words::FREE)
        || plain.ends_with("by")
        || column.amounts() + column.share(&[Look::FreeText]) > 0.2
}

/// How well a column of ours joins one of theirs; 0: not at all. `id_of`: ours is the id of such transactions.
fn fits(ours: &Column, id_of: Option<About>, theirs: &Column, place: usize, other: &TableProfile) -> i64 {
    let empty = theirs.cells() == 0;
    if ours.nested
        || theirs.nested
        || ours.is_time()
        || theirs.is_time()
        || ours.filled == 0
        || theirs.filled == 0 && !empty
    {
        return 0;
    }
    // Logins that are mail addresses here and numbers there are met all the same.
    let alike = look_alike(ours, theirs) || ours.longest >= 6 && ours.within(theirs) >= 0.5;
    if no_key(ours) || no_key(theirs) || !empty && !alike {
        return 0;
    }
    let (a, b) = (plain(&ours.called), plain(&theirs.called));
    let is_key = theirs.is_unique();
    let named = if other.named { called_alike(&a, &b, id_of, other, is_key) } else { 0 };
    // Plain numbers are found in every column: where columns have names, they prove nothing without one.
    let counted = other.named && ours.share(&[Look::Integer]) > 0.5;
    let telling = ours.distinct() >= 5 && ours.longest >= 4 && theirs.uniqueness() > 0.85 && !counted;
    if named == 0 && !telling {
        return 0;
    }
    let (here, there) = (ours.within(theirs), theirs.within(ours));
    let values = match (here, there) {
        // Nobody owes anything yet: only the names can tell.
        _ if empty && named >= 4 => 1,
        (here, _) if here >= 0.9 => 3,
        (here, there) if here >= 0.5 || there >= 0.8 => 2,
        (here, there) if here >= 0.2 || there >= 0.4 => 1,
        // Few have a bill; the name says that it is theirs.
        (here, there) if named >= 6 && (here > 0.0 || there > 0.0) => 1,
        _ => 0,
    };
    if values == 0 || named == 0 && here < if other.named { 0.9 } else { 0.75 } || named < 3 && values < 2 {
        return 0;
    }
    let lead = i64::from(place == 0)
        + i64::from(is_key)
        + i64::from(b == "id")
        + i64::from(has(&ours.called, words::BRANCH))
        + i64::from(has(&ours.called, &["checkout", "charge", "pickup"]));
    named * 4 + values * 2 + lead * 2 + i64::from(id_of.is_some() && named > 0) * 3
        - ours.called.matches('.').count() as i64 * 3
}

/// Whether most cells of two columns look alike; numbers of any length do.
fn look_alike(ours: &Column, theirs: &Column) -> bool {
    const NUMBERS: [Look; 4] = [Look::Integer, Look::LongNumber, Look::PatronBarcode, Look::ItemBarcode];
    let numbers = |column: &Column| column.share(&NUMBERS) > 0.5;
    numbers(ours) && numbers(theirs) || ours.usual() == theirs.usual()
}

/// The best pair of columns: ours, theirs and how well they fit.
fn best(ours: &TableProfile, theirs: &TableProfile) -> Option<(usize, usize, i64)> {
    let (id, about) = (first_id(ours), about(ours));
    let pairs = (0..ours.columns.len()).flat_map(|o| (0..theirs.columns.len()).map(move |t| (o, t)));
    let id_of = |o: usize| (Some(o) == id).then_some(about);
    let scored = pairs.map(|(o, t)| (o, t, fits(&ours.columns[o], id_of(o), &theirs.columns[t], t, theirs)));
    let found = scored.filter(|(_, _, score)| *score > 0);
    // Of those that fit alike, the key that tells rows apart best.
    let (o, t, score) = found.max_by_key(|(o, t, score)| {
        let detail = (ours.columns[*o].distinct().max(1) as f64).log2() as i64;
        (score + detail.min(8), std::cmp::Reverse(*t), std::cmp::Reverse(*o))
    })?;
    let same = id.and_then(|id| Some((id, row_of_each(&ours.columns[id], theirs)?)));
    Some(same.filter(|_| !theirs.columns[t].is_unique()).map_or((o, t, score), |(id, own)| (id, own, score)))
}

/// The column by which each of our rows has one of theirs, of the same number: such a table is about the same things, whoever
/// else stands in it several times.
fn row_of_each(id: &Column, theirs: &TableProfile) -> Option<usize> {
    theirs.columns.iter().position(|column| {
        theirs.named
            && plain(&column.called) == plain(&id.called)
            && column.is_unique()
            && look_alike(id, column)
            && id.within(column) >= 0.9
            // Small numbers are in every column: of another table there are more.
            && column.within(id) >= 0.8
    })
}

/// The first column whose values are all different.
pub(super) fn first_id(table: &TableProfile) -> Option<usize> {
    table.columns.iter().position(is_id)
}

/// Whether the values of a column are all different, or nearly: a number may have been given out twice.
pub(super) fn is_id(column: &Column) -> bool {
    !column.nested && !column.is_time() && column.filled > 0 && column.fill() > 0.9 && column.uniqueness() > 0.85
}

/// Joins every other table to the transactions, or to a lookup that is joined already.
pub(super) fn attach(tables: &[TableProfile], meaning: &mut Meaning) {
    let source = meaning.sources[0];
    let mut waiting: Vec<usize> = (0..tables.len()).filter(|table| !meaning.sources.contains(table)).collect();
    // Files without a row prove nothing, but their names may.
    loop {
        let mut joined = Vec::new();
        for table in &waiting {
            let direct = best_of(tables, meaning, source, *table);
            let indirect =
                meaning.lookups.iter().enumerate().filter(|(_, lookup)| !lookup.many && lookup.nature != Nature::Bills);
            let indirect = indirect.filter_map(|(place, lookup)| {
                let (ours, theirs, score) = best(&tables[lookup.table], &tables[*table])?;
                // What is a key there says nothing new.
                (!lookup.theirs.contains(&ours)).then_some((Some(place), ours, theirs, score - 6))
            });
            let all = direct.map(|(ours, theirs, score)| (None, ours, theirs, score)).into_iter().chain(indirect);
            if let Some((from, ours, theirs, _)) = all.max_by_key(|(_, _, _, score)| *score).filter(|found| found.3 > 6)
            {
                joined.push((*table, from, ours, theirs));
            }
        }
        if joined.is_empty() {
            break;
        }
        for (table, from, ours, theirs) in joined {
            waiting.retain(|other| *other != table);
            meaning.lookups.push(join(tables, meaning, table, from, ours, theirs));
        }
    }
    meaning.left_out.extend(waiting.into_iter().map(|table| {
        let why = match tables[table].rows {
            0 => "it has no rows: nothing shows how it joins",
            _ => "no column of it has the values of one of the others",
        };
        (table, why.to_string())
    }));
}

/// A file that joins nothing may hold identifiers all the same: they are searched for, by whichever key.
pub(super) fn adopt(tables: &[TableProfile], meaning: &mut Meaning) {
    // Not by the patron: whoever a legal hold means would be found by way of it, and not be on any transaction. By a time,
    // which joins nothing, she isn't found, and the hold keeps everything.
    let Some(opened) = meaning.first(Role::Opened).or_else(|| meaning.patrons.first().copied()) else { return };
    let (persons, others): (Vec<_>, Vec<_>) =
        std::mem::take(&mut meaning.left_out).into_iter().partition(|(table, _)| {
            let table = &tables[*table];
            table.rows > 0 && table.columns.len() > 1 && (!table.named || lone_columns::names_anybody(table))
        });
    meaning.left_out = others;
    for (table, _) in persons {
        let ours = &tables[meaning.sources[0]];
        let (ours, theirs, why) = match named_alike(ours, &tables[table]) {
            Some((ours, theirs)) => (ours, theirs, "NOT KNOWN, by their names alone: say which columns join"),
            None => (opened, unmet(&ours.columns[opened], &tables[table]), "NOT KNOWN: say which columns join"),
        };
        meaning.lookups.push(Joined {
            table,
            from: None,
            ours,
            theirs: vec![theirs],
            many: true,
            nature: Nature::Persons,
            guesses: Vec::new(),
            why: why.into(),
            doubtful: true,
        });
    }
}

/// Columns that are called so much alike that they may join, though no values of the sample meet.
fn named_alike(ours: &TableProfile, theirs: &TableProfile) -> Option<(usize, usize)> {
    let (id, about) = (first_id(ours), about(ours));
    let key = |column: &Column| !column.nested && !column.is_time() && column.filled > 0 && !no_key(column);
    let pairs = (0..ours.columns.len()).flat_map(|o| (0..theirs.columns.len()).map(move |t| (o, t)));
    let named = pairs.filter_map(|(o, t)| {
        let (a, b) = (&ours.columns[o], &theirs.columns[t]);
        let score =
            called_alike(&plain(&a.called), &plain(&b.called), (Some(o) == id).then_some(about), theirs, b.is_unique());
        (ours.named && theirs.named && key(a) && key(b) && look_alike(a, b) && score >= 4).then_some((score, o, t))
    });
    named.max_by_key(|(score, o, t)| (*score, std::cmp::Reverse((*o, *t)))).map(|(_, o, t)| (o, t))
}

/// A column that meets none of our keys, or fewest: small numbers are found in every column, and what meets by chance would
/// pass for a join, in `check`, too. Best is one that leads to nobody.
fn unmet(ours: &Column, theirs: &TableProfile) -> usize {
    let met = |column: &Column| (ours.within(column).max(column.within(ours)) * 1_000.0) as u64;
    let names = |column: &Column| lone_columns::person(column).is_some() || !theirs.named;
    let places = (0..theirs.columns.len()).filter(|place| !theirs.columns[*place].nested);
    places.min_by_key(|place| (met(&theirs.columns[*place]), names(&theirs.columns[*place]), *place)).unwrap_or(0)
}

/// Of several sources each may show it.
fn best_of(tables: &[TableProfile], meaning: &Meaning, source: usize, table: usize) -> Option<(usize, usize, i64)> {
    let sources = meaning.sources.iter().copied();
    let found = sources.filter_map(|one| {
        let (ours, theirs, score) = best(&tables[one], &tables[table])?;
        let ours = tables[source].column(&tables[one].columns[ours].name)?;
        Some((ours, theirs, score))
    });
    found.max_by_key(|(_, _, score)| *score)
}

fn join(
    tables: &[TableProfile],
    meaning: &Meaning,
    table: usize,
    from: Option<usize>,
    ours: usize,
    theirs: usize,
) -> Joined {
    let mut our_table = from.map_or(meaning.sources[0], |lookup| meaning.lookups[lookup].table);
    if from.is_none() {
        // The source that shows most.
        let name = &tables[our_table].columns[ours].name;
        let met = |source: &usize| {
            let column = tables[*source].column(name).map(|place| &tables[*source].columns[place]);
            column.map_or(0, |column| (column.within(&tables[table].columns[theirs]) * 1_000.0) as u64)
        };
        our_table = meaning.sources.iter().copied().max_by_key(met).unwrap_or(our_table);
    }
    let their = &tables[table].columns;
    let own =
        plain(&tables[from.map_or(meaning.sources[0], |lookup| meaning.lookups[lookup].table)].columns[ours].called);
    let met = plain(&their[theirs].called);
    let name = if LINKS.contains(&own.as_str()) && met.ends_with(&own) { own } else { met.clone() };
    let mut keys = vec![theirs];
    // `issue_id` and `old_issue_id`: whichever is set.
    keys.extend((0..their.len()).filter(|other| {
        let plain = plain(&their[*other].called);
        let same = plain == name && met == name;
        *other != theirs && name.len() >= 5 && plain.ends_with(&name) && !same && !has(&plain, words::PEOPLE)
    }));
    keys.sort_unstable();
    let is_key = their[theirs].is_unique() && keys.len() == 1;
    let share = tables[our_table]
        .column(&tables[from.map_or(meaning.sources[0], |l| meaning.lookups[l].table)].columns[ours].name);
    let met = share.map_or(0.0, |place| tables[our_table].columns[place].within(&their[theirs]));
    Joined {
        table,
        from,
        ours,
        theirs: keys,
        many: !is_key,
        nature: Nature::Other,
        guesses: Vec::new(),
        why: format!("{:.0}% of our keys are there", met * 100.0),
        doubtful: false,
    }
}

/// Whether a join is by the transaction itself.
pub(super) fn is_by_transaction(meaning: &Meaning, joined: &Joined) -> bool {
    joined.from.is_none() && meaning.guesses.get(joined.ours).is_some_and(|guess| guess.role == Role::Transaction)
}
