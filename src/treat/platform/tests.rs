use proptest::prelude::*;

use super::*;

fn platform(url: &str) -> Option<String> {
    platforms().of(std::str::from_utf8(host(url.as_bytes())).unwrap_or_default())
}

fn platforms() -> Platforms {
    let names = [
        ("ebscohost.com", "ebscohost.com"),
        ("search.ebscohost.com", "EBSCO search"),
        ("www-sciencedirect-com.proxy.library.example.edu", "ScienceDirect"),
        ("scholar.github.io", "Scholar"),
    ];
    Platforms::new(names.map(|(suffix, name)| (suffix.to_string(), name.to_string())).into())
}

#[test]
fn only_the_platform_survives() {
    let cases = [
        ("https://www.jstor.org/stable/1?user=jane#p", Some("jstor.org")),
        ("http://jane:pin@search.example.com:8080/x", Some("example.com")),
        ("http://jane@mail.com:pin@search.example.com/x", Some("example.com")),
        ("HTTPS://Link.Springer.COM.", Some("springer.com")),
        ("http://www.jstor.org:80", Some("jstor.org")),
        ("http://www.bl.uk?x", Some("bl.uk")),
        ("http://catalogue.nla.gov.au/x", Some("nla.gov.au")),
        ("https://journals.example.co.uk/jane.doe", Some("example.co.uk")),
        ("ftp://ftp.ncbi.nlm.nih.gov/pub", Some("nih.gov")),
        // Declared: the longest suffix counts, and a suffix ends at a point.
        ("https://search.ebscohost.com/login.aspx?uid=jane", Some("EBSCO search")),
        ("https://web.p.ebscohost.com/ehost", Some("ebscohost.com")),
        ("https://notebscohost.com/", Some("notebscohost.com")),
        // A name that the proxy made up.
        ("https://www-jstor-org.proxy.library.example.edu/stable/1", Some("example.edu")),
        ("https://www-sciencedirect-com.proxy.library.example.edu/x", Some("ScienceDirect")),
        // Customers of hosters, and persons with names of their own.
        ("https://jdoe.github.io/thesis", Some("github.io")),
        ("https://github.io/", Some("github.io")),
        ("https://scholar.github.io/thesis", Some("Scholar")),
        ("https://janedoe.blogspot.com/2026/", Some("blogspot.com")),
        ("https://janedoe.blogspot.co.uk/2026/", Some("blogspot.co.uk")),
        ("https://jane.s3.amazonaws.com/x", Some("amazonaws.com")),
        ("https://jane.doe.eu-west-1.elasticbeanstalk.com/", Some("elasticbeanstalk.com")),
        ("https://jane.doe.name/", None),
        ("https://www.janedoe.me.uk/", None),
        ("https://www.janedoe.nom.fr/", None),
        ("https://www.jane.silva.nom.br/", None),
        ("https://www.janedoe.idv.tw/", None),
        // An international name.
        ("https://www.xn--bcher-kva.example.de/", Some("example.de")),
        ("https://xn--bcher-kva.de/", Some("xn--bcher-kva.de")),
        ("https://bücher.de/", None),
        // Addresses, and names that nobody registers.
        ("https://192.0.2.7/login?user=jane", None),
        ("https://192.0.2.7:8080/", None),
        ("https://[2001:db8::1]/", None),
        ("https://[2001:db8::1]:80/", None),
        ("http://3221225991/", None),
        ("http://0xC0000207/", None),
        ("http://localhost/jane", None),
        ("http://opac.local/", None),
        ("http://jane/", None),
        ("http://com/", None),
        ("http://co.uk/", None),
        ("http://a..example.com/", None),
        ("http://-a.example.com/", None),
        ("http://a_b.example.com/", None),
        ("http://a%2eexample.com/", None),
        ("http://a b.example.com/", None),
        ("http://example.com:80a/", None),
        ("http:///example.com/", None),
        ("https://evil.example.com\\@jane.example.org/", Some("example.com")),
        // What CONNECT asks for.
        ("www.jstor.org:443", Some("jstor.org")),
        ("jane:1234", None),
        ("jane@www.jstor.org:443", None),
        ("www.jstor.org:443/x", None),
        ("www.jstor.org", None),
        // EZproxy's starting points.
        ("/login?url=https://www.jstor.org/stable/1?user=jane", Some("jstor.org")),
        ("/login?user=jane&pass=x&url=http://jane:pin@www.jstor.org/", Some("jstor.org")),
        ("/login?qurl=https%3A%2F%2fwww.jstor.org%2Fstable%2F1%3Fuser%3Djane", Some("jstor.org")),
        ("/login?qurl=https%3A%2F%2Fwww.jstor.org", Some("jstor.org")),
        ("/login?url=https%3A%2F%2Fwww.jstor.org&jane", Some("jstor.org")),
        ("/login?qurl=https%3A%2F%2Fjane.com%40www.jstor.org%2F", None),
        ("/login?qurl=https%3A%2F%2Fwww.jstor.org%3A80%2F", None),
        ("/login?qurl=https%3A%2F%2F192.0.2.7%2F", None),
        ("/login?url=ezproxy.jane.com", None),
        ("/login?url=/login?url=https://www.jstor.org/", None),
        ("/login?user=jane.com", None),
        ("/login", None),
        ("/menu?url=https://www.jstor.org/", None),
        ("/stable/jane.com", None),
        // A whole URL is its host's, whatever it leads to.
        ("https://login.library.example.edu:2443/login?url=https://www.jstor.org/", Some("example.edu")),
        ("jane@example.org", None),
        ("mailto:jane@example.org", None),
        ("javascript:alert(1)", None),
        ("//www.jstor.org/x", None),
        ("*", None),
        ("-", None),
        ("", None),
    ];
    for (url, expected) in cases {
        assert_eq!(platform(url).as_deref(), expected, "{url}");
    }
}

#[test]
fn a_suffix_is_written_as_hosts_are() {
    let cases = [
        ("jstor.org", true),
        ("edu", true),
        ("xn--bcher-kva.de", true),
        ("JSTOR.org", false),
        (".jstor.org", false),
        ("https://jstor.org", false),
        ("jstor.org/x", false),
        ("192.0.2.7", false),
        ("", false),
    ];
    for (suffix, known) in cases {
        assert_eq!(Platforms::knows(suffix), known, "{suffix}");
    }
}

/// Every registrable domain under ICANN's own rules that the host lies in, by the crate's list and by nothing of ours: the
/// shortest name above a suffix.
fn may_leave(name: &str) -> bool {
    let mut labels = name.split('.');
    let first = labels.next().unwrap_or_default();
    let rest = name.strip_prefix(first).and_then(|rest| rest.strip_prefix('.')).unwrap_or_default();
    let suffix = List.suffix(rest.as_bytes());
    suffix.is_some_and(|suffix| suffix.as_bytes() == rest.as_bytes() && suffix.typ() == Some(Type::Icann))
}

fn urls() -> impl Strategy<Value = String> {
    let scheme = prop::sample::select(
        &["http://", "https://", "HTTP://", "ftp://", "", "/login?url=http://", "/login?qurl=https%3A%2F%2F", "//"][..],
    );
    let user = prop::sample::select(&["", "", "zq7login@", "zq7login:zq7pw@", "zq7login%40zq7.com@"][..]);
    let host = prop_oneof![
        prop::sample::select(
            &[
                "zq7.jstor.org",
                "zq7.github.io",
                "zq7doe.blogspot.com",
                "zq7.co.uk.example.co.uk",
                "192.0.2.77",
                "[2001:db8::77]",
                "zq7",
                "zq7.local",
                "www.zq7.name",
                "zq7.s3.amazonaws.com",
                "ebscohost.com"
            ][..]
        )
        .prop_map(String::from),
        "(zq7\\.|[a-z0-9-]{1,6}\\.){0,4}(com|org|co\\.uk|io|github\\.io|zq7|77|name|ck|kawasaki\\.jp|s3\\.amazonaws\\.com)",
    ];
    let port = prop::sample::select(&["", ":80", ":65077", ":zq7", "."][..]);
    let path = prop::sample::select(
        &[
            "",
            "/zq7/path",
            "?ticket=zq7",
            "/a?url=https://zq7.com/",
            "#zq7",
            "\\zq7.com",
            "%2Fzq7",
            " zq7.com",
            "/@zq7.com",
        ][..],
    );
    (scheme, user, host, port, path)
        .prop_map(|(scheme, user, host, port, path)| [scheme, user, &host, port, path].concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    /// Whatever goes in, what comes out is a name that was declared, or what somebody registered.
    #[test]
    fn nothing_but_a_platform_comes_out(url in prop_oneof![urls(), "\\PC{0,60}"]) {
        let Some(found) = platform(&url) else { return Ok(()) };
        if platforms().names.values().any(|name| *name == found) {
            return Ok(());
        }
        prop_assert!(may_leave(&found), "{url}: {found}");
        prop_assert!(url.to_lowercase().contains(&found), "{url}: {found}");
        let own = found.starts_with("zq7.") && !found.starts_with("zq7.github") && !found.contains("amazonaws");
        // Where a registry gives out names one level deeper, two are somebody's.
        let deeper = found.ends_with(".ck") || found.ends_with(".kawasaki.jp");
        prop_assert!(own || deeper || !found.contains("zq7"), "{url}: {found}");
    }
}
