//! Who owns the store, how it changes hands, and that nothing is lost or doubled when it does.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use model::{Error, Pending, Reply, Request, Store};
use service::{Access, access};

use crate::support::{Place, locked, note};

fn mode(path: &Path) -> u32 {
    std::fs::symlink_metadata(path).unwrap().mode() & 0o777
}

#[test]
fn second_comer_reaches_the_first() {
    let place = Place::new();
    let (owner, client) = place.pair();
    client.send(note("from afar")).wait().unwrap();
    owner.send(note("at home")).wait().unwrap();
    assert_eq!(place.notes(), ["from afar", "at home"]);
    client.close().unwrap();
    owner.close().unwrap();
}

#[test]
fn client_takes_over_when_asked() {
    let place = Place::new();
    let (owner, client) = place.pair();
    owner.close().unwrap();
    client.send(note("now at home")).wait().unwrap();
    assert!(client.is_owner());
    assert_eq!(place.notes(), ["now at home"]);
}

#[test]
fn closed_access_refuses_what_is_asked() {
    let place = Place::new();
    let (owner, client) = place.pair();
    let late = client.send(Request::WaitReady { queue: "q".into(), wait: Duration::MAX });
    client.close().unwrap();
    assert_eq!(late.wait(), Err(Error::StoreClosed));
    owner.close().unwrap();
}

#[test]
fn answers_come_after_the_asker_left() {
    let place = Place::new();
    let (owner, client) = place.pair();
    let pending: Vec<_> = (0..100).map(|number| client.send(note(number.to_string()))).collect();
    drop(client);
    assert!(pending.into_iter().all(|pending| pending.wait().is_ok()));
    drop(owner);
}

#[test]
fn pipelining_keeps_the_order() {
    let place = Place::new();
    let (owner, client) = place.pair();
    let texts: Vec<String> = (0..2_000).map(|number| number.to_string()).collect();
    let pending: Vec<_> = texts.iter().map(|text| client.send(note(text))).collect();
    assert!(pending.into_iter().all(|pending| pending.wait().is_ok()));
    assert_eq!(place.notes(), texts);
    drop((client, owner));
}

#[test]
fn sixteen_clients_share_one_owner() {
    let place = Place::new();
    let owner = place.access();
    let clients: Vec<Access> = (0..16).map(|_| place.access()).collect();
    thread::scope(|scope| {
        for (client, number) in clients.iter().zip(0..) {
            scope.spawn(move || drive(client, number, 300));
        }
    });
    each_once_in_order(&place.notes(), 16, 300);
    drop((clients, owner));
}

/// Sends numbered commits with some of them on their way at any time.
fn drive(client: &dyn Store, number: usize, count: usize) {
    let mut pending = std::collections::VecDeque::<Pending<Reply>>::new();
    for commit in 0..count {
        pending.push_back(client.send(note(format!("{number}-{commit}"))));
        if pending.len() == 10 {
            pending.pop_front().unwrap().wait().unwrap();
        }
    }
    for pending in pending {
        pending.wait().unwrap();
    }
}

fn each_once_in_order(notes: &[String], clients: usize, count: usize) {
    for client in 0..clients {
        let prefix = format!("{client}-");
        let seen: Vec<_> = notes.iter().filter_map(|note| note.strip_prefix(&prefix)).collect();
        let expected: Vec<String> = (0..count).map(|commit| commit.to_string()).collect();
        assert_eq!(seen, expected, "client {client}");
    }
    assert_eq!(notes.len(), clients * count);
}

#[test]
fn owners_come_and_go_unnoticed() {
    const CLIENTS: usize = 8;
    const ROUNDS: usize = 25;
    const COMMITS: usize = 40;
    let place = Place::new();
    place.disk.sync.store(50, Ordering::SeqCst);
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let place = &place;
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let access = place.access();
                    drive(&access, round * CLIENTS + client, COMMITS);
                    access.close().unwrap();
                }
            });
        }
    });
    each_once_in_order(&place.notes(), CLIENTS * ROUNDS, COMMITS);
    let owners = place.disk.opened.load(Ordering::SeqCst);
    assert!(owners > ROUNDS / 2, "only {owners} owners");
}

#[test]
fn owner_finishes_what_it_has_read() {
    let place = Place::new();
    let (owner, client) = place.pair();
    place.disk.sync.store(5_000, Ordering::SeqCst);
    let pending: Vec<_> = (0..40).map(|number| client.send(note(format!("0-{number}")))).collect();
    place.until("a commit arrives", || !place.notes().is_empty());
    owner.close().unwrap();
    assert!(pending.into_iter().all(|pending| pending.wait().is_ok()));
    each_once_in_order(&place.notes(), 1, 40);
}

#[test]
fn a_wait_moves_to_the_next_owner() {
    let place = Place::new();
    let (owner, client) = place.pair();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let wait = Duration::from_millis(700);
            place.time(|| {
                let store: &dyn Store = &client;
                assert_eq!(store.wait_ready("q", wait), Ok(false));
            })
        });
        place.until("the wait arrives", || place.disk.waits.load(Ordering::SeqCst) > 0);
        let took = place.time(|| owner.close().unwrap());
        assert!(took < Duration::from_millis(500), "{took:?}");
        let waited = waiting.join().unwrap();
        assert!((650..2_000).contains(&waited.as_millis()), "{waited:?}");
    });
    assert!(client.is_owner());
}

#[test]
fn a_long_read_holds_up_nobody_else() {
    let place = Place::new();
    let (owner, reader) = place.pair();
    let writer = place.access();
    place.disk.shut_gate(true);
    let check = reader.send(Request::Check);
    writer.send(note("meanwhile")).wait().unwrap();
    owner.send(note("at home too")).wait().unwrap();
    place.disk.shut_gate(false);
    assert_eq!(check.wait(), Ok(Reply::BackedUp));
    drop((reader, writer, owner));
}

#[test]
fn control_file_is_private_and_goes() {
    let place = Place::new();
    let owner = place.access();
    let file = place.dir().join("control.json");
    let control = place.control();
    let address = control["address"].as_str().unwrap();
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(Path::new(address).parent().unwrap()), 0o700);
    assert!(address.len() < 100 && control["token"].as_str().unwrap().len() == 64);
    assert_eq!(control["pid"], std::process::id());
    assert_eq!(control["protocol"], service::PROTOCOL);
    owner.close().unwrap();
    assert!(!file.exists() && !Path::new(address).exists());
    assert_eq!(std::fs::read_dir(place.dir()).unwrap().count(), 0);
}

#[test]
fn the_litter_of_a_dead_owner_is_taken_away() {
    let place = Place::new();
    let owner = place.access();
    let file = place.dir().join("control.json");
    let text = std::fs::read(&file).unwrap();
    let address = place.control()["address"].as_str().unwrap().to_owned();
    owner.close().unwrap();
    std::fs::write(&file, &text).unwrap();
    drop(std::os::unix::net::UnixListener::bind(&address).unwrap());
    let next = place.access();
    assert!(next.is_owner() && !Path::new(&address).exists());
    assert_ne!(std::fs::read(&file).unwrap(), text);
}

#[test]
fn patience_ends_with_what_was_seen() {
    let place = Place::new();
    let control = |text: &str| std::fs::write(place.dir().join("control.json"), text).unwrap();
    let refusal = || {
        let open = Arc::new(|| Err(locked()));
        let options =
            service::Options { open, patience: Duration::from_millis(50), ..place.options() };
        let Err(Error::StoreLocked { dir, detail }) = access(options) else {
            panic!("nobody can have opened it")
        };
        assert_eq!(dir, "DIR");
        detail
    };
    assert!(refusal().contains("no control.json"));
    control("{");
    assert!(refusal().contains("control.json tells none"));
    control(
        r#"{"protocol": 1, "version": "9.9.9", "pid": 4711, "address": "/nowhere", "token": ""}"#,
    );
    let detail = refusal();
    assert!(detail.contains("process 4711 (wharf 9.9.9) holds it but does not answer"), "{detail}");
}

#[test]
fn other_errors_of_open_come_at_once() {
    let place = Place::new();
    let newer = Error::StoreNewer { found: 9, known: 1 };
    let error = newer.clone();
    let options =
        service::Options { open: Arc::new(move || Err(error.clone())), ..place.options() };
    let took = place.time(|| assert_eq!(access(options).unwrap_err(), newer));
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn refuses_a_folder_others_can_enter() {
    let place = Place::new();
    drop(place.access());
    let folder = std::fs::read_dir(place.runtime_dir())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_name().unwrap().to_string_lossy().starts_with("wharf-"))
        .unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    let error = access(place.options()).unwrap_err();
    assert!(matches!(&error, Error::StoreIo { detail } if detail.contains("0700")), "{error}");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    assert!(place.access().is_owner());
}

#[test]
fn refuses_a_runtime_directory_too_deep() {
    let place = Place::new();
    let runtime_dir = place.runtime_dir().join("d".repeat(90));
    let error = access(service::Options { runtime_dir, ..place.options() }).unwrap_err();
    assert!(
        matches!(&error, Error::StoreIo { detail } if detail.contains("limit of 99")),
        "{error}"
    );
    assert!(place.access().is_owner());
}
