//! A URL's platform: whose site it is, and nothing else of the URL.
//!
//! The platform is what the pipeline names for the longest declared suffix of the host, and otherwise the registrable
//! domain: `www.jstor.org` is `jstor.org`. Under a hoster's domain the rest may be a customer's name, so of
//! `jdoe.github.io` nothing but `github.io` leaves; a domain under `.name` is a person's, so nothing leaves. What else is
//! unknown: addresses, names without a known top-level domain, anything that isn't written as a URL should be.
//!
//! **The host alone decides** where a URL is whole: what stands in its query is data. Of EZproxy's starting points
//! (`/login?url=https://…`, `qurl=` with percent signs) that are written without a host, the URL that is asked for
//! decides. A name that a proxy made up (`www-jstor-org.proxy.example.edu`) isn't undone, since dots and dashes have
//! become one: it belongs to `example.edu`, unless it is declared.
//!
//! The list of public suffixes is the one of `psl`, part of the program: nothing is fetched.

use std::collections::BTreeMap;

use psl::{List, Psl, Type};

/// The declared platforms.
#[derive(Clone, Debug, Default)]
pub struct Platforms {
    /// By suffix.
    names: BTreeMap<String, String>,
}

/// Under these, persons register names of their own.
const PERSONAL: [&str; 7] = ["name", "nom", "perso", "priv", "idv", "per", "fam"];
/// The same, where a part of the suffix alone would say nothing.
const PERSONAL_WHOLE: [&str; 6] = ["id.au", "me.uk", "id.lv", "id.ir", "ind.in", "ind.tn"];

impl Platforms {
    /// `names`: by suffix of a host.
    pub fn new(names: BTreeMap<String, String>) -> Platforms {
        Platforms { names }
    }

    /// Whether a suffix can be one: names between points, in lower case.
    pub fn knows(suffix: &str) -> bool {
        is_host(suffix) && !suffix.bytes().any(|byte| byte.is_ascii_uppercase())
    }

    /// The platform of a host. None: none that may leave.
    pub fn of(&self, host: &str) -> Option<String> {
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        if !is_host(&host) {
            return None;
        }
        let mut suffix = host.as_str();
        loop {
            if let Some(name) = self.names.get(suffix) {
                return Some(name.clone());
            }
            match suffix.split_once('.') {
                Some((_, rest)) => suffix = rest,
                None => return registrable(&host).map(String::from),
            }
        }
    }
}

/// The host of a URL as it is written there; empty: it has none, or it can't be told for sure.
#[inline]
pub fn host(url: &[u8]) -> &[u8] {
    let found = match after_scheme(url) {
        Some(rest) => authority(rest),
        None if url.first() == Some(&b'/') => starting_point(url),
        None => connected(url),
    };
    found.unwrap_or_default()
}

fn after_scheme(url: &[u8]) -> Option<&[u8]> {
    let is = |scheme: &[u8]| url.get(..scheme.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(scheme));
    [&b"http://"[..], b"https://", b"ftp://"].into_iter().find(|scheme| is(scheme)).map(|scheme| &url[scheme.len()..])
}

/// `user:password@host:port/path` without all but the host.
#[inline]
fn authority(rest: &[u8]) -> Option<&[u8]> {
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#' | b'\\'));
    let authority = &rest[..end.unwrap_or(rest.len())];
    let host = memchr::memrchr(b'@', authority).map_or(authority, |at| &authority[at + 1..]);
    match memchr::memchr(b':', host) {
        None => Some(host),
        Some(colon) => host[colon + 1..].iter().all(u8::is_ascii_digit).then_some(&host[..colon]),
    }
}

/// `host:443`, as CONNECT asks for it, and nothing else.
fn connected(url: &[u8]) -> Option<&[u8]> {
    let colon = memchr::memchr(b':', url)?;
    let port = &url[colon + 1..];
    ((1..=5).contains(&port.len()) && port.iter().all(u8::is_ascii_digit)).then_some(&url[..colon])
}

/// The host of what `/login?url=` or `/login?…&qurl=` leads to.
#[cold]
fn starting_point(url: &[u8]) -> Option<&[u8]> {
    let query = url.strip_prefix(b"/login?")?;
    let mut rest = query;
    loop {
        // EZproxy takes all that follows `url=`, be there further `&` or not.
        if let Some(asked) = rest.strip_prefix(b"url=").or_else(|| rest.strip_prefix(b"qurl=")) {
            return match after_scheme(asked) {
                Some(rest) => authority(rest),
                None => escaped(asked),
            };
        }
        rest = &rest[memchr::memchr(b'&', rest)? + 1..];
    }
}

/// The host of `https%3A%2F%2Fhost%2Fpath`. A login before the host or a port behind it: not told for sure.
fn escaped(url: &[u8]) -> Option<&[u8]> {
    let is = |scheme: &[u8]| url.get(..scheme.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(scheme));
    let scheme = [&b"http%3a%2f%2f"[..], b"https%3a%2f%2f"].into_iter().find(|scheme| is(scheme))?;
    let rest = &url[scheme.len()..];
    let end = rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"-.".contains(byte)));
    let (host, behind) = rest.split_at(end.unwrap_or(rest.len()));
    let ends = behind.is_empty()
        || behind[0] == b'&'
        || behind
            .get(..3)
            .is_some_and(|next| [b"%2f", b"%3f", b"%23"].iter().any(|escape| next.eq_ignore_ascii_case(*escape)));
    ends.then_some(host)
}

/// Whether all labels are such as names of hosts have.
fn is_host(host: &str) -> bool {
    let fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = host.rsplit('.').next().unwrap_or_default();
    host.len() <= 253 && host.split('.').all(fits) && !top.bytes().all(|byte| byte.is_ascii_digit())
}

/// The part of a host that its owner registered. None: it has none, no such top-level domain is known, or it is a person's.
fn registrable(host: &str) -> Option<&str> {
    let mut name = host;
    loop {
        let suffix = List.suffix(name.as_bytes())?;
        let suffix_text = std::str::from_utf8(suffix.as_bytes()).ok()?;
        match suffix.typ()? {
            Type::Icann => {
                let before = name[..name.len() - suffix_text.len()].strip_suffix('.')?;
                let label = before.rsplit('.').next()?;
                // Anywhere in it: `silva.nom.br` is a suffix, too, below which persons register theirs.
                let personal = suffix_text.split('.').any(|part| PERSONAL.contains(&part))
                    || PERSONAL_WHOLE.contains(&suffix_text);
                let start = name.len() - suffix_text.len() - 1 - label.len();
                return (!personal).then_some(&name[start..]);
            }
            // A hoster's: what stands before it may be a customer's name. Whose it is itself, the list says without it.
            Type::Private => {
                let above = suffix_text.split_once('.')?.1;
                let whole = List.suffix(above.as_bytes())?;
                name = if whole.typ()? == Type::Icann && whole.as_bytes() == above.as_bytes() {
                    return Some(suffix_text);
                } else {
                    above
                };
            }
        }
    }
}

#[cfg(test)]
mod tests;
