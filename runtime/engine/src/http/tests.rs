//! Requests without a network.

use core::net::IpAddr;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use expect_test::expect;
use model::ManualClock;

use super::{Bounds, Checked, Error, HttpClient, Request, Response, is_global, send};
use crate::grant::{Grants, Permit, Table};
use crate::limits::{
    HTTP_BODY_BYTES_MAX, HTTP_HEADER_BYTES_MAX, HTTP_HEADERS_MAX, HTTP_REDIRECTS_MAX,
    HTTP_TIME_DEFAULT, HTTP_TIME_MAX,
};

fn get(url: &str) -> Request {
    Request {
        method: "GET".into(),
        url: url.into(),
        headers: Vec::new(),
        body: None,
        timeout: None,
    }
}

fn with_header(name: &str, value: &str) -> Request {
    Request { headers: vec![(name.into(), value.into())], ..get("https://example.com/") }
}

fn permit(http: &[&str]) -> Permit {
    let table = Table { http: http.iter().map(ToString::to_string).collect(), ..Table::default() };
    Permit { plugin: "finance".into(), project: Grants::parse(&table).unwrap(), ceiling: None }
}

/// A network of names with addresses, and of URLs with answers.
#[derive(Debug, Default)]
struct Network {
    addresses: BTreeMap<&'static str, &'static str>,
    answers: BTreeMap<String, Response>,
    sent: Mutex<Vec<(Checked, Bounds)>>,
}

impl Network {
    fn answer(mut self, url: &str, status: u16, headers: &[(&str, &str)]) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let response = Response { status, headers: headers.collect(), body: url.into() };
        self.answers.insert(url.into(), response);
        self
    }

    fn redirect(self, url: &str, status: u16, to: &str) -> Self {
        self.answer(url, status, &[("Location", to)])
    }

    fn sent(&self) -> Vec<String> {
        let sent = self.sent.lock().unwrap();
        sent.iter().map(|(it, _)| format!("{} {}", it.method.name(), it.url)).collect()
    }
}

impl HttpClient for Network {
    fn exchange(
        &self,
        request: &Checked,
        allow: &dyn Fn(IpAddr) -> bool,
        bounds: Bounds,
    ) -> Result<Response, Error> {
        self.sent.lock().unwrap().push((request.clone(), bounds));
        let host = request.url.host.to_string();
        let address = self.addresses.get(host.as_str()).copied().unwrap_or("93.184.215.14");
        if !allow(address.parse().unwrap()) {
            return Err(Error::AddressDenied { origin: request.url.origin() });
        }
        Ok(self.answers[&request.url.to_string()].clone())
    }
}

fn now() -> ManualClock {
    ManualClock::new("2026-04-06T09:30:00Z".parse().unwrap())
}

fn fetch(network: &Network, http: &[&str], request: Request) -> Result<Response, Error> {
    send(request, &permit(http), network, &now())
}

#[test]
fn sends_where_it_is_permitted() {
    let network = Network::default().answer("https://api.example.com/a?b", 404, &[]);
    let request = Request { method: "DELETE".into(), ..get("https://api.example.com/a?b") };
    let response = fetch(&network, &["https://api.example.com"], request.clone()).unwrap();
    assert_eq!((response.status, &response.body[..]), (404, &b"https://api.example.com/a?b"[..]));
    let (sent, bounds) = network.sent.lock().unwrap()[0].clone();
    assert_eq!(sent, request.clone().check().unwrap());
    let time = HTTP_TIME_DEFAULT;
    let (header_bytes, body_bytes) = (HTTP_HEADER_BYTES_MAX, HTTP_BODY_BYTES_MAX);
    assert_eq!(bounds, Bounds { time, header_bytes, body_bytes });

    let error = fetch(&network, &["https://*.example.org"], request).unwrap_err();
    assert_eq!(error.code(), "grant/denied");
    let hint = "`wharf plugin grant finance --http https://api.example.com` grants it";
    assert_eq!(error.hint(), hint);
    assert_eq!(network.sent().len(), 1);
}

#[test]
fn names_cannot_point_into_the_network() {
    let mut network = Network::default().answer("https://a.example/", 200, &[]);
    network.addresses.insert("a.example", "169.254.169.254");
    let error = fetch(&network, &["https://a.example"], get("https://a.example/")).unwrap_err();
    assert_eq!(error.code(), "http/address-denied");
    network.addresses.insert("a.example", "::ffff:10.0.0.1");
    assert!(fetch(&network, &["https://a.example"], get("https://a.example/")).is_err());

    let mut network = Network::default().answer("http://localhost:8080/", 200, &[]);
    network.addresses.insert("localhost", "127.0.0.1");
    let here = get("http://localhost:8080/");
    assert!(fetch(&network, &["http://localhost:8080"], here.clone()).is_ok());
    assert_eq!(fetch(&network, &["http://*:*"], here).unwrap_err().code(), "grant/denied");
}

#[test]
fn every_redirection_is_checked_again() {
    let network = Network::default()
        .redirect("https://a.example/1", 302, "/2")
        .redirect("https://a.example/2", 307, "https://b.example/3")
        .answer("https://b.example/3", 200, &[])
        .redirect("https://a.example/out", 302, "https://c.example/")
        .redirect("https://a.example/in", 302, "http://127.0.0.1/")
        .redirect("https://a.example/down", 302, "http://a.example/1")
        .redirect("https://a.example/odd", 302, "javascript:alert(1)")
        .redirect("https://a.example/loop", 302, "/loop");
    let grants = ["https://a.example", "https://b.example", "http://a.example"];
    let code = |url: &str| {
        let answer = fetch(&network, &grants, get(url));
        answer.map_or_else(|error| error.code().to_owned(), |it| it.status.to_string())
    };
    assert_eq!(code("https://a.example/1"), "200");
    let way = ["GET https://a.example/1", "GET https://a.example/2", "GET https://b.example/3"];
    assert_eq!(network.sent(), way);
    assert_eq!(code("https://a.example/out"), "grant/denied");
    assert_eq!(code("https://a.example/in"), "http/downgrade");
    assert_eq!(code("https://a.example/down"), "http/downgrade");
    assert_eq!(code("https://a.example/odd"), "http/bad-redirect");
    let before = network.sent().len();
    assert_eq!(code("https://a.example/loop"), "http/too-many-redirects");
    assert_eq!(network.sent().len() - before, HTTP_REDIRECTS_MAX + 1);
}

#[test]
fn answers_without_a_place_are_answers() {
    let network = Network::default()
        .answer("https://a.example/none", 302, &[])
        .answer("https://a.example/two", 302, &[("location", "/1"), ("Location", "/2")])
        .redirect("https://a.example/cached", 304, "/1")
        .redirect("https://a.example/made", 201, "/1");
    for (path, status) in [("none", 302), ("two", 302), ("cached", 304), ("made", 201)] {
        let request = get(&format!("https://a.example/{path}"));
        assert_eq!(fetch(&network, &["https://a.example"], request).unwrap().status, status);
    }
}

#[test]
fn redirections_keep_what_they_should() {
    let headers = ["Authorization", "COOKIE", "Content-Type", "X-Trace"];
    let headers: Vec<_> = headers.map(|name| (name.to_owned(), "v".to_owned())).into();
    let mut shown = String::new();
    for (method, status, to) in [
        ("POST", 301, "/2"),
        ("POST", 302, "https://b.example/2"),
        ("PUT", 302, "/2"),
        ("PUT", 303, "/2"),
        ("POST", 307, "/2"),
        ("POST", 308, "https://b.example/2"),
        ("HEAD", 303, "https://a.example:444/2"),
    ] {
        let network = Network::default()
            .redirect("https://a.example/1", status, to)
            .answer("https://a.example/2", 200, &[])
            .answer("https://b.example/2", 200, &[])
            .answer("https://a.example:444/2", 200, &[]);
        let body = (method != "HEAD").then(|| b"body".to_vec());
        let (url, headers) = ("https://a.example/1".into(), headers.clone());
        let request = Request { method: method.into(), url, headers, body, timeout: None };
        fetch(&network, &["https://*:*"], request).unwrap();
        let (next, _) = network.sent.lock().unwrap()[1].clone();
        let kept: Vec<_> = next.headers.into_iter().map(|(name, _)| name).collect();
        let (name, body) = (next.method.name(), next.body.is_some());
        shown += &[method, " ", &status.to_string(), " ", to, " -> ", name].concat();
        shown += &[if body { " with body, " } else { ", " }, &kept.join(" "), "\n"].concat();
    }
    expect![[r"
        POST 301 /2 -> GET, Authorization COOKIE X-Trace
        POST 302 https://b.example/2 -> GET, X-Trace
        PUT 302 /2 -> PUT with body, Authorization COOKIE Content-Type X-Trace
        PUT 303 /2 -> GET, Authorization COOKIE X-Trace
        POST 307 /2 -> POST with body, Authorization COOKIE Content-Type X-Trace
        POST 308 https://b.example/2 -> POST with body, Content-Type X-Trace
        HEAD 303 https://a.example:444/2 -> HEAD, Content-Type X-Trace
    "]]
    .assert_eq(&shown);
}

/// Answers after a while.
#[derive(Debug)]
struct Slow<'c> {
    network: Network,
    clock: &'c ManualClock,
    takes: Duration,
}

impl HttpClient for Slow<'_> {
    fn exchange(
        &self,
        request: &Checked,
        allow: &dyn Fn(IpAddr) -> bool,
        bounds: Bounds,
    ) -> Result<Response, Error> {
        self.clock.pass(self.takes);
        self.network.exchange(request, allow, bounds)
    }
}

#[test]
fn time_counts_for_all_redirections() {
    let clock = now();
    let network = Network::default().redirect("https://a.example/1", 302, "/2").answer(
        "https://a.example/2",
        200,
        &[],
    );
    let slow = Slow { network, clock: &clock, takes: Duration::from_secs(3) };
    let request = |seconds: u64| Request {
        timeout: Some(Duration::from_secs(seconds)),
        ..get("https://a.example/1")
    };
    let permit = permit(&["https://a.example"]);
    assert!(send(request(4), &permit, &slow, &clock).is_ok());
    let left: Vec<_> = slow.network.sent.lock().unwrap().iter().map(|it| it.1.time).collect();
    assert_eq!(left, [4, 1].map(Duration::from_secs));
    let error = send(request(3), &permit, &slow, &clock).unwrap_err();
    assert_eq!(error.to_string(), "no answer from `https://a.example` within 3s");
    assert_eq!(send(request(0), &permit, &slow, &clock).unwrap_err().code(), "http/timeout");
}

#[test]
fn refuses_methods_and_headers() {
    for method in ["get", "CONNECT", "TRACE", "", "GET ", "GET / HTTP/1.1\r\nX:"] {
        let request = Request { method: method.into(), ..get("https://example.com/") };
        assert_eq!(Error::from(request.check().unwrap_err()).code(), "http/bad-method");
    }
    let request = Request { method: "POTS".into(), ..get("https://example.com/") };
    assert_eq!(Error::from(request.check().unwrap_err()).hint(), "did you mean `POST`?");
    for (name, value) in [
        ("", "x"),
        ("X Y", "x"),
        ("X:", "x"),
        ("X\r\nY", "x"),
        ("Ä", "x"),
        ("Host", "evil.example"),
        ("host", "evil.example"),
        ("Content-Length", "0"),
        ("Transfer-Encoding", "chunked"),
        ("CONNECTION", "upgrade"),
        ("Upgrade", "h2c"),
        ("TE", "trailers"),
        ("Proxy-Authorization", "x"),
        ("X-Name", "a\r\nY: b"),
        ("X-Name", "a\nb"),
        ("X-Name", "a\0"),
        ("X-Name", "é"),
        ("X-Name", " a"),
        ("X-Name", "a\t"),
    ] {
        let error = Error::from(with_header(name, value).check().unwrap_err());
        assert_eq!(error.code(), "http/bad-header", "{name:?}: {value:?}");
    }
    for (name, value) in
        [("X-Name", "a b\tc; \"d\""), ("Authorization", "Bearer x"), ("X-Empty", "")]
    {
        assert!(with_header(name, value).check().is_ok(), "{name}: {value}");
    }
    let body = Request { body: Some(Vec::new()), ..get("https://example.com/") };
    assert_eq!(Error::from(body.check().unwrap_err()).code(), "http/bad-body");
}

#[test]
fn requests_are_bounded() {
    let fits = |request: Request| match request.check().map_err(Error::from) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.code(), "limit/exceeded");
            false
        }
    };
    let around = |most: usize, request: &dyn Fn(usize) -> Request| {
        let fits = [most - 1, most, most + 1].map(|count| fits(request(count)));
        assert_eq!(fits, [true, true, false], "{most}");
    };
    around(HTTP_HEADERS_MAX, &|count| Request {
        headers: vec![("A".into(), "b".into()); count],
        ..get("https://example.com/")
    });
    around(HTTP_HEADER_BYTES_MAX, &|bytes| with_header("A", &"b".repeat(bytes - 1)));
    around(HTTP_BODY_BYTES_MAX, &|bytes| Request {
        method: "POST".into(),
        body: Some(vec![0; bytes]),
        ..get("https://example.com/")
    });
    around(HTTP_TIME_MAX.as_millis() as usize, &|milliseconds| Request {
        timeout: Some(Duration::from_millis(milliseconds as u64)),
        ..get("https://example.com/")
    });
}

#[test]
fn only_public_addresses_are_global() {
    for (address, global) in [
        ("93.184.215.14", true),
        ("8.8.8.8", true),
        ("0.0.0.0", false),
        ("0.1.2.3", false),
        ("9.255.255.255", true),
        ("10.0.0.0", false),
        ("10.255.255.255", false),
        ("11.0.0.0", true),
        ("100.63.255.255", true),
        ("100.64.0.0", false),
        ("100.127.255.255", false),
        ("100.128.0.0", true),
        ("127.0.0.1", false),
        ("127.255.255.255", false),
        ("169.254.169.254", false),
        ("172.15.255.255", true),
        ("172.16.0.0", false),
        ("172.31.255.255", false),
        ("172.32.0.0", true),
        ("192.0.0.8", false),
        ("192.0.2.1", false),
        ("192.88.99.1", false),
        ("192.167.255.255", true),
        ("192.168.0.1", false),
        ("192.169.0.0", true),
        ("198.18.0.1", false),
        ("198.19.255.255", false),
        ("198.20.0.0", true),
        ("198.51.100.1", false),
        ("203.0.113.1", false),
        ("223.255.255.255", true),
        ("224.0.0.1", false),
        ("239.255.255.255", false),
        ("240.0.0.1", false),
        ("255.255.255.255", false),
        ("2606:2800:21f:cb07::1", true),
        ("2a00:1450:4001::8", true),
        ("::", false),
        ("::1", false),
        ("::7f00:1", false),
        ("::ffff:127.0.0.1", false),
        ("::ffff:8.8.8.8", true),
        ("::ffff:192.168.0.1", false),
        ("64:ff9b::8.8.8.8", true),
        ("64:ff9b::10.0.0.1", false),
        ("64:ff9b:1::8.8.8.8", false),
        ("100::1", false),
        ("2001::1", false),
        ("2001:1ff::1", false),
        ("2001:200::1", true),
        ("2001:db8::1", false),
        ("2002:7f00:1::", false),
        ("2002:808:808::1", false),
        ("3fff::1", false),
        ("3fff:1000::1", true),
        ("4000::1", false),
        ("5f00::1", false),
        ("fc00::1", false),
        ("fdff::1", false),
        ("fe80::1", false),
        ("fec0::1", false),
        ("ff02::1", false),
    ] {
        assert_eq!(is_global(address.parse().unwrap()), global, "{address}");
    }
}
