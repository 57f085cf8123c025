//! Whatever arrives at the socket: a typed answer, the end of that connection, and no harm to any
//! other.

use std::io::Read;
use std::net::Shutdown;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use model::{Entropy, Error, Request, SeededEntropy, Store};
use serde_json::{Value, json};
use service::{PROTOCOL, access};

use crate::support::{Place, Raw, hello, note};

fn frame(length: u32, body: &[u8]) -> Vec<u8> {
    [&length.to_le_bytes(), body].concat()
}

fn whole(body: &str) -> Vec<u8> {
    frame(body.len() as u32, body.as_bytes())
}

/// The word for why the connection is refused, which must be the last thing that is said.
fn refusal(raw: &mut Raw) -> String {
    let answer = raw.hear().expect("an answer");
    let last = raw.hear();
    assert!(last.is_none(), "{answer} and then {last:?}");
    match &answer["Refused"] {
        Value::String(word) => word.clone(),
        Value::Object(fields) => fields.keys().next().expect("one").clone(),
        _ => panic!("{answer}"),
    }
}

#[test]
fn strangers_get_a_typed_answer() {
    let place = Place::new();
    let owner = place.access();
    let control = place.control();
    let altered = |key: &str, value: Value| {
        let mut hello = hello(&control);
        hello[key] = value;
        whole(&hello.to_string())
    };
    let mut guess = control["token"].as_str().unwrap().to_owned();
    guess.replace_range(63.., if guess.ends_with('0') { "1" } else { "0" });
    let cases = [
        ("wrong token", altered("token", guess.into()), "Token"),
        ("short token", altered("token", "".into()), "Token"),
        ("newer protocol", altered("protocol", (PROTOCOL + 1).into()), "Protocol"),
        (
            "newer protocol, wrong token",
            whole(r#"{"protocol":9,"version":"9","token":""}"#),
            "Protocol",
        ),
        ("no number", altered("protocol", "one".into()), "Garbage"),
        ("no hello", whole(r#"{"id":0,"request":"Queues"}"#), "Garbage"),
        ("no JSON", whole("GET / HTTP/1.1"), "Garbage"),
        ("nothing", frame(0, b""), "Garbage"),
        ("deep", whole(&"[".repeat(4_000)), "Garbage"),
        ("HTTP", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(), "TooLarge"),
        ("oversize", frame(4_097, b""), "TooLarge"),
        ("vast", frame(u32::MAX, b""), "TooLarge"),
        ("silence", Vec::new(), "Slow"),
        ("half a hello", frame(100, b"{"), "Slow"),
    ];
    for (name, bytes, expected) in cases {
        let mut raw = place.raw();
        raw.send(&bytes);
        assert_eq!(refusal(&mut raw), expected, "{name}");
    }
    assert_eq!(place.disk.requests.lock().unwrap().len(), 0);
    drop(owner);
}

#[test]
fn a_trickling_hello_is_too_slow() {
    let place = Place::new();
    let owner = place.access();
    let mut raw = place.raw();
    let took = place.time(|| {
        for byte in whole(&" ".repeat(4_000)) {
            raw.send(&[byte]);
            thread::sleep(Duration::from_millis(20));
            if place.clock.elapsed() > Duration::from_millis(1_500) {
                break;
            }
        }
        assert_eq!(refusal(&mut raw), "Slow");
    });
    assert!((900..2_500).contains(&took.as_millis()), "{took:?}");
    drop(owner);
}

#[test]
fn a_bad_frame_ends_only_its_connection() {
    let place = Place::new();
    let (owner, client) = place.pair();
    let cases = [
        (whole("{}"), "Garbage"),
        (whole(r#"{"id":1,"request":"Nonsense"}"#), "Garbage"),
        (whole(r#"{"id":-1,"request":"Queues"}"#), "Garbage"),
        (frame(64 * 1024 * 1024 + 1, b""), "TooLarge"),
        (frame(u32::MAX, b"{"), "TooLarge"),
    ];
    for (bytes, expected) in cases {
        let mut guest = place.guest();
        guest.ask(5, &note("before"));
        guest.send(&bytes);
        guest.ask(6, &note("after"));
        assert_eq!(guest.hear().unwrap()["Reply"]["id"], 5);
        assert_eq!(refusal(&mut guest), expected);
        client.send(Request::Queues).wait().unwrap();
    }
    assert_eq!(place.notes(), ["before"; 5]);
    drop((client, owner));
}

#[test]
fn random_bytes_do_no_harm() {
    let place = Place::new();
    let (owner, client) = place.pair();
    let entropy = SeededEntropy::new(3);
    for round in 0..600_u32 {
        let mut raw = if round % 2 == 0 { place.raw() } else { place.guest() };
        let length = entropy.next() as usize % 200;
        let bytes: Vec<u8> = (0..length).map(|_| entropy.next() as u8).collect();
        match round % 3 {
            0 => raw.send(&bytes),
            1 => raw.send(&frame(length as u32, &bytes)),
            _ => raw.send(&frame(entropy.next() as u32 % (64 << 20), &bytes)),
        }
        raw.0.shutdown(Shutdown::Write).ok();
        while let Some(answer) = raw.hear() {
            assert!(answer == "Goodbye" || answer.get("Refused").is_some(), "{answer}");
        }
    }
    assert_eq!(place.disk.requests.lock().unwrap().len(), 0);
    client.send(note("still here")).wait().unwrap();
    drop((client, owner));
}

#[test]
fn vanished_clients_free_their_waits() {
    let place = Place::new();
    let owner = place.access();
    let mut guests: Vec<Raw> = (0..20).map(|_| place.guest()).collect();
    let wait = Duration::from_hours(1);
    for guest in &mut guests {
        guest.ask(0, &Request::WaitReady { queue: "q".into(), wait });
    }
    let waits = || place.disk.waits.load(Ordering::SeqCst);
    place.until("all wait", || waits() >= 20);
    drop(guests);
    place.until("all have stopped", || {
        let before = waits();
        thread::sleep(Duration::from_millis(250));
        waits() == before
    });
    let took = place.time(|| owner.close().unwrap());
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn the_last_connection_is_followed_by_a_refusal() {
    let place = Place::new();
    let owner = place.access();
    let mut guests: Vec<Raw> = (0..256).map(|_| place.guest()).collect();
    place.disk.shut_gate(true);
    for guest in &mut guests {
        guest.ask(9, &Request::Check);
    }
    place.until("all are busy", || place.disk.requests.lock().unwrap().len() == 256);
    assert_eq!(refusal(&mut place.raw()), "Busy");
    let options = service::Options { patience: Duration::ZERO, ..place.options() };
    let error = access(options).unwrap_err();
    assert!(
        matches!(&error, Error::StoreLocked { detail, .. } if detail.contains("256")),
        "{error:?}"
    );
    place.disk.shut_gate(false);
    for guest in &mut guests {
        assert_eq!(guest.hear().unwrap()["Reply"]["id"], 9);
    }
    guests[255].ask(0, &Request::Queues);
    assert_eq!(guests[255].hear().unwrap()["Reply"]["id"], 0);
    guests.truncate(200);
    assert!(!place.access().is_owner());
    let took = place.time(|| owner.close().unwrap());
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!(guests[0].hear(), Some(json!("Goodbye")));
}

#[test]
fn a_connection_that_rests_makes_room() {
    let place = Place::new();
    let owner = place.access();
    let mut guests: Vec<Raw> = (0..256).map(|_| place.guest()).collect();
    guests[0].ask(0, &Request::Queues);
    assert_eq!(guests[0].hear().unwrap()["Reply"]["id"], 0);
    let client = place.access();
    client.send(note("let in")).wait().unwrap();
    guests[0].ask(1, &Request::Queues);
    assert_eq!(guests[0].hear().unwrap()["Reply"]["id"], 1, "it has rested shortest");
    let gone = guests.iter_mut().skip(1).map(|guest| {
        guest.0.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
        u32::from(guest.0.read(&mut [0; 64]).is_ok())
    });
    assert_eq!(gone.sum::<u32>(), 1);
    drop((client, owner));
}

#[test]
fn waits_leave_room_for_others() {
    let place = Place::new();
    let owner = place.access();
    let wait = Request::WaitReady { queue: "q".into(), wait: Duration::from_hours(1) };
    let mut guests: Vec<Raw> = (0..192).map(|_| place.guest()).collect();
    for guest in &mut guests {
        guest.ask(0, &wait);
    }
    place.until("all wait", || place.disk.waits.load(Ordering::SeqCst) >= 192);
    let mut more: Vec<Raw> = (0..70).map(|_| place.guest()).collect();
    let last = more.last_mut().unwrap();
    last.ask(0, &wait);
    let refused = last.hear().unwrap()["Reply"]["reply"]["Err"].to_string();
    assert!(refused.contains("number of waiting claims"), "{refused}");
    place.access().send(note("let in")).wait().unwrap();
    assert_eq!(place.notes(), ["let in"]);
    guests.pop();
    place.until("one place is free", || {
        let mut guest = place.guest();
        guest.ask(0, &Request::WaitReady { queue: "q".into(), wait: Duration::ZERO });
        guest.hear().is_some_and(|answer| answer["Reply"]["reply"].get("Ok").is_some())
    });
    drop(owner);
}

#[test]
fn requests_and_answers_over_the_limit_are_errors() {
    let place = Place::new();
    let (owner, client) = place.pair();
    // A control character takes six bytes of JSON.
    let long = "\u{1}".repeat(12 * 1024 * 1024);
    let error = client.send(note(long.clone())).wait().unwrap_err();
    assert!(matches!(&error, Error::OverLimit { what, .. } if what == "frame"), "{error:?}");
    place.disk.script.lock().unwrap().push(Ok(model::Reply::Schema(Some(long))));
    let error = client.send(Request::Queues).wait().unwrap_err();
    assert!(matches!(&error, Error::OverLimit { what, .. } if what == "frame"), "{error:?}");
    client.send(note("still here")).wait().unwrap();
    assert_eq!(place.notes(), ["still here"]);
    drop((client, owner));
}

#[test]
fn a_client_that_takes_no_answers_holds_up_nobody() {
    let place = Place::new();
    let (owner, client) = place.pair();
    let mut guest = place.guest();
    let long = "x".repeat(1024 * 1024);
    for number in 0..8 {
        place.disk.script.lock().unwrap().push(Ok(model::Reply::Schema(Some(long.clone()))));
        guest.ask(number, &Request::Queues);
    }
    place.until("all begun", || place.disk.script.lock().unwrap().is_empty());
    client.send(note("meanwhile")).wait().unwrap();
    let took = place.time(|| owner.close().unwrap());
    assert!(took < Duration::from_secs(8), "{took:?}");
    drop(guest);
}
