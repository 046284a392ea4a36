//! What the cells of a web log look like by themselves. A line that fits its layout fits it by these: an address that stands where
//! a login should, or a login where a session should, is a line that can't be read.

use std::net::IpAddr;

/// Where a host's own text lies in what stands there, and where that ends.
pub(super) type Span = (usize, usize, usize);

/// A host; or the list of addresses that proxies make of it, each adding whom it was asked by: `203.0.113.7, unknown, 198.51.100.1`.
/// The first of them that is one is the reader's, without its port. `own`: what a host's name may hold.
#[inline]
pub(super) fn host(rest: &[u8], own: impl Fn(&u8) -> bool) -> Option<Span> {
    let (mut at, mut client) = (0, None);
    loop {
        let end = rest[at..].iter().position(|byte| *byte == b',' || !own(byte)).map_or(rest.len(), |end| at + end);
        let follows = rest.get(end) == Some(&b',');
        let one = &rest[at..end];
        let address = address(one);
        if one.is_empty() || (at > 0 || follows) && address.is_none() && !is_hidden(one) {
            return None;
        }
        client = client.or(address.map(|(from, to)| (at + from, at + to)));
        if !follows {
            let (from, to) = client.unwrap_or((0, rest[..end].iter().position(|byte| *byte == b',').unwrap_or(end)));
            return Some((from, to, end));
        }
        at = end + 1;
        at += rest[at..].iter().take_while(|byte| **byte == b' ').count();
    }
}

/// What a proxy writes of whom it doesn't name.
fn is_hidden(text: &[u8]) -> bool {
    text.eq_ignore_ascii_case(b"unknown") || text.starts_with(b"_")
}

/// Where in `text` an address lies: it may have brackets and a port.
fn address(text: &[u8]) -> Option<(usize, usize)> {
    let (from, to) = match text.strip_prefix(b"[") {
        Some(inner) => (1, 1 + inner.iter().position(|byte| *byte == b']')?),
        None => {
            let mut colons = text.iter().enumerate().filter(|(_, byte)| **byte == b':').map(|(at, _)| at);
            match (colons.next(), colons.next()) {
                (Some(port), None) => (0, port),
                _ => (0, text.len()),
            }
        }
    };
    let port = text[to..].strip_prefix(b"]").unwrap_or(&text[to..]);
    let is_port = port.is_empty() || port.strip_prefix(b":").is_some_and(|port| port.iter().all(u8::is_ascii_digit));
    (is_port && is_address(&text[from..to])).then_some((from, to))
}

/// IPv4 or IPv6, perhaps with a zone.
pub(super) fn is_address(text: &[u8]) -> bool {
    if !text.iter().any(|byte| matches!(byte, b'.' | b':')) {
        return false;
    }
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let alone = text.split_once('%').map_or(text, |(address, _)| address);
    alone.parse::<IpAddr>().is_ok()
}

/// A session as EZproxy makes it up: letters, small and large, and digits among them by chance. A login is no such thing.
pub(super) fn is_session(text: &[u8]) -> bool {
    (12..=64).contains(&text.len())
        && text.iter().all(u8::is_ascii_alphanumeric)
        && text.iter().any(u8::is_ascii_lowercase)
        && text.iter().any(u8::is_ascii_uppercase)
}

/// A directory's name, such as `cn=Jane Doe, ou=Staff`: the one login that has blanks wherever there is one.
pub(super) fn is_directory_name(login: &[u8]) -> bool {
    let attribute = login.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'.').count();
    attribute > 0 && login.get(attribute) == Some(&b'=')
}

/// A login whose first word is none: what stands before logins, moved by a blank.
pub(super) fn begins_with_another_cell(login: &[u8]) -> bool {
    let first = login.split(|byte| *byte == b' ').next().unwrap_or_default();
    first != login && (first == b"-" || is_address(first.strip_suffix(b",").unwrap_or(first)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_one_or_the_first_of_those_that_were_asked() {
        let cases = [
            ("203.0.113.7 - jane", Some(("203.0.113.7", " - jane"))),
            ("proxy.example.org -", Some(("proxy.example.org", " -"))),
            ("203.0.113.7, 198.51.100.1 - x", Some(("203.0.113.7", " - x"))),
            ("203.0.113.7,198.51.100.1,2001:db8::1 x", Some(("203.0.113.7", " x"))),
            ("unknown, 203.0.113.7 -", Some(("203.0.113.7", " -"))),
            ("unknown, _hidden -", Some(("unknown", " -"))),
            ("203.0.113.7:51234, 198.51.100.1:80 -", Some(("203.0.113.7", " -"))),
            ("[2001:db8::1]:443 -", Some(("2001:db8::1", " -"))),
            ("fe80::1%eth0, 10.0.0.1 -", Some(("fe80::1%eth0", " -"))),
            ("203.0.113.7, jane -", None),
            ("203.0.113.7, - jane", None),
            ("jane, 203.0.113.7 -", None),
            ("203.0.113.7,", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let found = host(text.as_bytes(), |byte| *byte > b' ');
            let found = found.map(|(from, to, end)| (&text[from..to], &text[end..]));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn logins_and_sessions_are_told_apart() {
        assert!(is_session(b"aB3dE6gH9kLmN2p") && is_session(b"fXaBcDeFgHiJkLm"));
        for login in ["jane", "janedoe20260803", "jane.doe@example.org", "-", "Jane"] {
            assert!(!is_session(login.as_bytes()), "{login}");
        }
        assert!(
            is_directory_name(b"cn=Jane Doe, ou=x") && !is_directory_name(b"Jane Doe") && !is_directory_name(b"=a b")
        );
        for (login, other) in
            [("- jane", true), ("192.0.2.11 - jane", true), ("192.0.2.1, jane", true), ("Jane Doe", false)]
        {
            assert_eq!(begins_with_another_cell(login.as_bytes()), other, "{login}");
        }
    }
}
