//! Requests over a real network, to a host that says what it was told to say.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use engine::http::{Bounds, Checked, Error, HttpClient, Request, Response};
use service::Network;

const BOUNDS: Bounds =
    Bounds { time: Duration::from_secs(20), header_bytes: 2_000, body_bytes: 1_000 };

/// A host on this machine that answers one request.
struct Peer {
    port: u16,
    heard: Receiver<String>,
}

impl Peer {
    /// Hears a request with so many bytes of body, says this, and goes.
    fn saying(body_bytes: usize, answer: Vec<u8>) -> Self {
        Self::doing(body_bytes, move |mut stream| {
            // Whoever had enough hangs up.
            let _unheard = stream.write_all(&answer);
        })
    }

    fn doing(body_bytes: usize, act: impl FnOnce(TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, heard) = mpsc::channel();
        thread::spawn(move || {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let mut text = Vec::new();
            let mut byte = [0];
            while !text.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
                text.push(byte[0]);
            }
            let mut body = vec![0; body_bytes];
            stream.read_exact(&mut body).unwrap();
            text.extend(body);
            tell.send(String::from_utf8(text).unwrap()).unwrap();
            act(stream);
        });
        Self { port, heard }
    }

    fn request(&self, method: &str, host: &str) -> Request {
        let url = format!("http://{host}:{}/entries?year=2026", self.port);
        let headers = vec![("X-Trace".into(), "7".into())];
        Request { method: method.into(), url, headers, body: None, timeout: None }
    }

    fn get(&self) -> Result<Response, Error> {
        exchange(self.request("GET", "127.0.0.1"))
    }
}

fn checked(request: Request) -> Checked {
    request.check().unwrap()
}

fn exchange(request: Request) -> Result<Response, Error> {
    Network.exchange(&checked(request), &|_| true, BOUNDS)
}

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    [format!("HTTP/1.1 {head}Content-Length: {length}\r\n\r\n").as_bytes(), body].concat()
}

#[test]
fn a_request_is_sent_as_it_is() {
    let peer = Peer::saying(5, answer("201 Created\r\nX-Entry: 12\r\nX-Entry: 13\r\n", b"fine"));
    let request = Request { body: Some(b"a = 1".into()), ..peer.request("POST", "127.0.0.1") };
    let response = exchange(request).unwrap();
    assert_eq!((response.status, response.body.as_slice()), (201, &b"fine"[..]));
    let entries = response.headers.iter().filter(|(name, _)| name == "x-entry");
    let entries: Vec<&str> = entries.map(|(_, value)| value.as_str()).collect();
    assert_eq!(entries, ["12", "13"]);
    let request = peer.heard.recv().unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<&str> = head.lines().collect();
    lines[1..].sort_unstable();
    let host = format!("host: 127.0.0.1:{}", peer.port);
    let expected = ["POST /entries?year=2026 HTTP/1.1", "content-length: 5", &host, "x-trace: 7"];
    assert_eq!((lines.as_slice(), body), (&expected[..], "a = 1"));
}

#[test]
fn a_refusal_of_the_host_is_an_answer() {
    for status in ["404 Not Found", "503 Busy", "302 Found"] {
        let peer = Peer::saying(0, answer(&format!("{status}\r\nLocation: /other\r\n"), b"no"));
        let response = peer.get().unwrap();
        assert_eq!(response.status.to_string(), status[..3]);
        assert_eq!(response.body, b"no");
    }
}

#[test]
fn an_answer_may_be_as_large_as_allowed() {
    let most = BOUNDS.body_bytes;
    for size in [most - 1, most] {
        let peer = Peer::saying(0, answer("200 OK\r\n", &vec![b'a'; size]));
        assert_eq!(peer.get().unwrap().body.len(), size);
    }
    let large = Peer::saying(0, answer("200 OK\r\n", &vec![b'a'; most + 1]));
    let error = large.get().unwrap_err();
    assert_eq!(error.code(), "limit/exceeded");
    assert!(error.to_string().contains("`http-body`"), "{error}");
    let endless = Peer::doing(0, |mut stream| {
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        stream.write_all(head).unwrap();
        while stream.write_all(b"4\r\naaaa\r\n").is_ok() {}
    });
    assert_eq!(endless.get().unwrap_err().code(), "limit/exceeded");
}

#[test]
fn headers_are_bounded_too() {
    let head = format!("200 OK\r\nX-Long: {}\r\n", "a".repeat(BOUNDS.header_bytes));
    let error = Peer::saying(0, answer(&head, b"")).get().unwrap_err();
    assert_eq!(error.code(), "limit/exceeded");
    assert!(error.to_string().contains("`http-header-bytes`"), "{error}");
}

#[test]
fn silence_ends_with_the_time() {
    let bounds = Bounds { time: Duration::from_millis(200), ..BOUNDS };
    let (end, ended) = mpsc::channel::<()>();
    let silent = Peer::doing(0, move |_stream| ended.recv().unwrap_or_default());
    let request = checked(silent.request("GET", "127.0.0.1"));
    let error = Network.exchange(&request, &|_| true, bounds).unwrap_err();
    assert_eq!(error.code(), "http/timeout");
    drop(end);
}

#[test]
fn a_host_that_breaks_off_is_told() {
    for half in [&b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"[..], b"HTTP/1.1 2", b""] {
        let error = Peer::saying(0, half.into()).get().unwrap_err();
        assert_eq!(error.code(), "http/unreachable", "{error}");
    }
    let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = nobody.local_addr().unwrap().port();
    drop(nobody);
    let peer = Peer { port, heard: mpsc::channel().1 };
    assert_eq!(peer.get().unwrap_err().code(), "http/unreachable");
}

#[test]
fn only_allowed_addresses_are_connected_to() {
    let peer = Peer::saying(0, answer("200 OK\r\n", b"fine"));
    let asked = std::sync::Mutex::new(Vec::new());
    for host in ["127.0.0.1", "localhost"] {
        let request = checked(peer.request("GET", host));
        let note = |address: IpAddr| {
            asked.lock().unwrap().push(address);
            false
        };
        let error = Network.exchange(&request, &note, BOUNDS).unwrap_err();
        assert_eq!(error.code(), "http/address-denied");
    }
    assert!(asked.lock().unwrap().iter().all(IpAddr::is_loopback));
    assert!(peer.heard.try_recv().is_err(), "somebody connected");
    let request = checked(peer.request("GET", "localhost"));
    let only_v4 = |address: IpAddr| address.is_ipv4();
    assert_eq!(Network.exchange(&request, &only_v4, BOUNDS).unwrap().body, b"fine");
}

#[test]
fn an_unknown_name_is_told() {
    let request = Request {
        url: "http://nobody.invalid/".into(),
        ..Peer { port: 1, heard: mpsc::channel().1 }.request("GET", "nobody.invalid")
    };
    let error = exchange(request).unwrap_err();
    assert!(matches!(error.code(), "http/unreachable" | "http/timeout"), "{error}");
}
