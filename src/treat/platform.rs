//! A URL's platform: the host, and nothing else of it.

/// The host of a URL in lower case, without user, port, path, query, or a leading `www.`. None: not a URL with a host
/// name, or a bare address, which could be a person's.
pub fn platform(url: &str) -> Option<String> {
    let after = url.split_once("://").map(|(_, rest)| rest)?;
    let authority = after.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?.trim_end_matches('.').to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let labels_fit = host
        .split('.')
        .all(|label| (1..=63).contains(&label.len()) && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-'));
    let named = host.contains('.') && host.rsplit('.').next()?.bytes().all(|c| c.is_ascii_alphabetic());
    (labels_fit && named && host.len() <= 253).then(|| host.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_survives() {
        let cases = [
            ("https://www.jstor.org/stable/1?user=jane#p", Some("jstor.org")),
            ("http://jane:pin@search.example.com:8080/x", Some("search.example.com")),
            ("https://Example.ORG.", Some("example.org")),
            ("https://192.0.2.7/login?user=jane", None),
            ("https://[2001:db8::1]/", None),
            ("jane@example.org", None),
            ("https://evil.example\\@jane.example.org/", Some("evil.example")),
            ("", None),
        ];
        for (url, host) in cases {
            assert_eq!(platform(url).as_deref(), host, "{url}");
        }
    }
}
