//! URLs that are read, and all those that are not.

use super::{BadUrl, Host, Url};
use crate::limits::HTTP_URL_BYTES_MAX;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn reads_what_everybody_reads_alike() {
    for (text, read) in [
        ("https://api.example.com", "https://api.example.com/"),
        ("https://api.example.com/a/b?c=d&e[]=f", "https://api.example.com/a/b?c=d&e[]=f"),
        ("HTTPS://API.Example.COM/A", "https://api.example.com/A"),
        ("https://example.com:443/", "https://example.com/"),
        ("http://example.com:80/", "http://example.com/"),
        ("http://example.com:8080", "http://example.com:8080/"),
        ("https://example.com?q=1", "https://example.com/?q=1"),
        ("https://example.com/a#part", "https://example.com/a"),
        ("https://example.com/%20a%C3%A9", "https://example.com/%20a%C3%A9"),
        ("https://192.0.2.1/", "https://192.0.2.1/"),
        ("https://[2001:DB8::1]:8443/", "https://[2001:db8::1]:8443/"),
        ("https://[::ffff:192.0.2.1]/", "https://192.0.2.1/"),
        ("https://xn--mnchen-3ya.example/", "https://xn--mnchen-3ya.example/"),
        ("https://a_b.example/", "https://a_b.example/"),
        ("http://localhost:3000/", "http://localhost:3000/"),
    ] {
        let once = url(text);
        assert_eq!(once.to_string(), read);
        assert_eq!(url(read), once, "reading again changes nothing");
    }
    assert!(matches!(url("http://127.0.0.1/").host, Host::Address(_)));
}

#[test]
fn refuses_what_readers_differ_about() {
    for text in [
        "",
        "example.com",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https:/example.com/",
        "https:\\\\example.com\\",
        "https://",
        "https:///path",
        "https://user@example.com/",
        "https://user:password@example.com/",
        "https://example.com@evil.example/",
        "https://example.com\\@evil.example/",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:/",
        "https://example.com:+80/",
        "https://example.com:80:80/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.0.0.01/",
        "https://1.2.3.4.5/",
        "https://256.0.0.1/",
        "https://[::1/",
        "https://[fe80::1%eth0]/",
        "https://[example.com]/",
        "https://::1/",
        "https://exa mple.com/",
        "https://example.com./",
        "https://.example.com/",
        "https://a..b/",
        "https://-a.example/",
        "https://a-.example/",
        "https://münchen.example/",
        "https://example。com/",
        "https://exam\u{200b}ple.com/",
        "https://example.com%2f.evil.example/",
        "https://example.com/a b",
        "https://example.com/a\r\nHost: evil",
        "https://example.com/a\tb",
        "https://example.com/%",
        "https://example.com/%4",
        "https://example.com/%zz",
        "https://example.com/é",
        "https://example.com/<script>",
        " https://example.com/",
        "https://example.com/ ",
    ] {
        let error = Url::parse(text).expect_err(text);
        assert_eq!(error.code(), "http/bad-url", "{text}");
        assert!(!error.hint().is_empty());
    }
    let label = "a".repeat(63);
    assert!(Url::parse(&format!("https://{label}/")).is_ok());
    assert!(Url::parse(&format!("https://{label}a/")).is_err());
    let name = format!("{label}.{label}.{label}.{}", "a".repeat(61));
    assert!(Url::parse(&format!("https://{name}/")).is_ok());
    assert!(Url::parse(&format!("https://{name}a/")).is_err());
}

#[test]
fn follows_references_as_rfc_3986_does() {
    let base = url("https://a.example/b/c/d;p?q");
    for (reference, target) in [
        ("g", "https://a.example/b/c/g"),
        ("./g", "https://a.example/b/c/g"),
        ("g/", "https://a.example/b/c/g/"),
        ("/g", "https://a.example/g"),
        ("//g.example", "https://g.example/"),
        ("?y", "https://a.example/b/c/d;p?y"),
        ("g?y", "https://a.example/b/c/g?y"),
        ("#s", "https://a.example/b/c/d;p?q"),
        ("g#s", "https://a.example/b/c/g"),
        (";x", "https://a.example/b/c/;x"),
        ("", "https://a.example/b/c/d;p?q"),
        (".", "https://a.example/b/c/"),
        ("./", "https://a.example/b/c/"),
        ("..", "https://a.example/b/"),
        ("../", "https://a.example/b/"),
        ("../g", "https://a.example/b/g"),
        ("../..", "https://a.example/"),
        ("../../../../g", "https://a.example/g"),
        ("/./g", "https://a.example/g"),
        ("/../g", "https://a.example/g"),
        ("g.", "https://a.example/b/c/g."),
        ("..g", "https://a.example/b/c/..g"),
        ("./../g", "https://a.example/b/g"),
        ("g/./h", "https://a.example/b/c/g/h"),
        ("g/../h", "https://a.example/b/c/h"),
        ("g?y/../x", "https://a.example/b/c/g?y/../x"),
        ("http://h.example:81/x", "http://h.example:81/x"),
    ] {
        assert_eq!(base.join(reference).map(|it| it.to_string()), Ok(target.into()), "{reference}");
    }
    for reference in
        ["javascript:alert(1)", "ftp://a/", "//", "/a b", "\\\\evil.example", "mailto:"]
    {
        assert!(base.join(reference).is_err(), "{reference}");
    }
}

#[test]
fn urls_are_bounded() {
    let text = |bytes: usize| format!("https://a.example/{}", "x".repeat(bytes - 18));
    for (bytes, fits) in [
        (HTTP_URL_BYTES_MAX - 1, true),
        (HTTP_URL_BYTES_MAX, true),
        (HTTP_URL_BYTES_MAX + 1, false),
    ] {
        let parsed = Url::parse(&text(bytes));
        assert_eq!(!matches!(parsed, Err(BadUrl::Exceeded(_))), fits, "{bytes}");
        let joined = url("https://a.example/").join(&text(bytes)[17..]);
        assert_eq!(joined.is_ok(), fits, "{bytes}");
    }
}
