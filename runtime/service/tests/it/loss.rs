//! Owners that die, hang or disagree: played by a script, since a real one does none of this on
//! request.

use std::io::Read;
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use model::{Claim, Error, Reply, Request, Store};
use serde_json::json;
use service::{Access, Options, PROTOCOL, access};

use crate::support::{Place, Raw, locked, no_queues, note};

/// Another process that has the store, until it lets go.
struct Owner {
    place: Place,
    listener: UnixListener,
    holds: Arc<AtomicBool>,
}

impl Owner {
    fn new() -> Self {
        let place = Place::new();
        let address = place.runtime_dir().join("script");
        let listener = UnixListener::bind(&address).unwrap();
        let control = json!({
            "protocol": 1, "version": "9.9.9", "pid": 4711, "address": address, "token": "t"
        });
        std::fs::write(place.dir().join("control.json"), control.to_string()).unwrap();
        Self { place, listener, holds: Arc::new(AtomicBool::new(true)) }
    }

    fn options(&self) -> Options {
        let (options, holds) = (self.place.options(), Arc::clone(&self.holds));
        let open = Arc::clone(&options.open);
        let open = move || if holds.load(Ordering::SeqCst) { Err(locked()) } else { open() };
        Options { open: Arc::new(open), ..options }
    }

    fn accept(&self) -> Raw {
        let stream = self.listener.accept().unwrap().0;
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let mut raw = Raw(stream);
        assert_eq!(raw.hear().unwrap()["token"], "t");
        raw
    }

    fn welcome(&self) -> Raw {
        let mut raw = self.accept();
        raw.say(&json!("Welcome"));
        raw
    }

    /// A client, and the end of its connection at this owner.
    fn client(&self) -> (Access, Raw) {
        thread::scope(|scope| {
            let raw = scope.spawn(|| self.welcome());
            let client = access(self.options()).unwrap();
            (client, raw.join().unwrap())
        })
    }

    fn let_go(&self) {
        self.holds.store(false, Ordering::SeqCst);
    }
}

fn writes() -> [Request; 5] {
    let lease = Duration::from_secs(1);
    let claim = Claim { queue: "q".into(), count: 1, lease, worker: "w".into() };
    [
        note("lost"),
        Request::Claim(claim),
        Request::Renew(Vec::new()),
        Request::Sweep { queue: "q".into(), limit: 1 },
        Request::Backup("file".into()),
    ]
}

#[test]
fn lost_writes_are_never_repeated() {
    for write in writes() {
        let owner = Owner::new();
        let (client, mut raw) = owner.client();
        let pending = client.send(write.clone());
        assert_eq!(raw.hear().unwrap()["id"], 0);
        owner.let_go();
        drop(raw);
        assert_eq!(pending.wait(), Err(Error::UnknownOutcome), "{write:?}");
        client.send(Request::Queues).wait().unwrap();
        assert_eq!(*owner.place.disk.requests.lock().unwrap(), [Request::Queues]);
    }
}

#[test]
fn lost_reads_are_asked_again() {
    let owner = Owner::new();
    let (client, mut raw) = owner.client();
    let (read, write) = (client.send(Request::Queues), client.send(note("lost")));
    let tick = client.send(Request::Tick);
    for _ in 0..3 {
        raw.hear().unwrap();
    }
    owner.let_go();
    drop(raw);
    assert_eq!(read.wait(), Ok(no_queues()));
    assert_eq!(write.wait(), Err(Error::UnknownOutcome));
    assert!(tick.wait().is_ok() && client.is_owner());
    assert_eq!(*owner.place.disk.requests.lock().unwrap(), [Request::Queues, Request::Tick]);
}

#[test]
fn goodbye_moves_what_was_not_answered() {
    let owner = Owner::new();
    let (client, mut raw) = owner.client();
    let (done, moved) = (client.send(note("done there")), client.send(note("moved")));
    assert_eq!(
        (raw.hear().unwrap()["id"].clone(), raw.hear().unwrap()["id"].clone()),
        (0.into(), 1.into())
    );
    raw.say(&json!({"Reply": {"id": 0, "reply": {"Ok": {"Committed": []}}}}));
    raw.say(&json!("Goodbye"));
    drop(raw);
    // Nobody owns it for a moment: what is asked meanwhile lines up.
    let later = client.send(note("later"));
    thread::sleep(Duration::from_millis(50));
    owner.let_go();
    assert_eq!(done.wait(), Ok(Reply::Committed(Vec::new())));
    assert!(moved.wait().is_ok() && later.wait().is_ok());
    assert_eq!(owner.place.notes(), ["moved", "later"]);
}

#[test]
fn half_sent_writes_are_asked_again() {
    let owner = Owner::new();
    let (client, mut raw) = owner.client();
    thread::scope(|scope| {
        let long = "x".repeat(4 * 1024 * 1024);
        let sent = scope.spawn(move || client.send(note(long)).wait().map(|_| client.is_owner()));
        // Its length has come, and the rest is more than a socket holds: it cannot be complete.
        raw.0.read_exact(&mut [0; 4]).unwrap();
        owner.let_go();
        drop(raw);
        assert_eq!(sent.join().unwrap(), Ok(true));
    });
    assert_eq!(owner.place.notes().len(), 1);
}

#[test]
fn a_lost_wait_goes_on_elsewhere() {
    let owner = Owner::new();
    let (client, raw) = owner.client();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let store: &dyn Store = &client;
            store.wait_ready("q", Duration::from_millis(400))
        });
        let mut apart = owner.welcome();
        assert!(apart.hear().unwrap()["request"]["WaitReady"].is_object());
        owner.let_go();
        drop((apart, raw));
        assert_eq!(waiting.join().unwrap(), Ok(false));
    });
    assert!(client.is_owner() && owner.place.disk.waits.load(Ordering::SeqCst) == 1);
}

#[test]
fn a_hung_owner_exhausts_patience() {
    let owner = Owner::new();
    let options = Options { patience: Duration::from_millis(100), ..owner.options() };
    let took = owner.place.time(|| {
        let Err(Error::StoreLocked { detail, .. }) = access(options) else { panic!("it is held") };
        assert!(detail.contains("process 4711"), "{detail}");
    });
    assert!((900..2_500).contains(&took.as_millis()), "{took:?}");
}

#[test]
fn refusals_of_the_owner_are_told() {
    let (ours, theirs) = (PROTOCOL, PROTOCOL + 1);
    let protocol = json!({"Refused": {"Protocol": {"protocol": theirs, "version": "9.9.9"}}});
    let spoken =
        format!("process 4711 speaks protocol {theirs} (wharf 9.9.9), this is protocol {ours}");
    let cases: [(_, _, &str); 4] = [
        (protocol, "store/protocol", &spoken),
        (
            json!({"Refused": "Token"}),
            "store/locked",
            "process 4711 (wharf 9.9.9) holds it and did not recognise the token",
        ),
        (
            json!({"Refused": {"Busy": {"limit": 256}}}),
            "store/locked",
            "process 4711 (wharf 9.9.9) holds it and serves 256 connections already",
        ),
        (json!("Goodbye"), "store/locked", "does not answer (it is ending)"),
    ];
    for (answer, code, text) in cases {
        let owner = Owner::new();
        let options = Options { patience: Duration::ZERO, ..owner.options() };
        thread::scope(|scope| {
            scope.spawn(|| owner.accept().say(&answer));
            let error = access(options).unwrap_err();
            assert_eq!(error.code(), code);
            assert!(format!("{error:?}").contains(text), "{error:?}");
        });
    }
}

#[test]
fn babbling_owners_count_as_lost() {
    let answers = [
        json!({"Reply": {"id": 7, "reply": {"Ok": "BackedUp"}}}),
        json!({"Reply": {"id": 0, "reply": {"Ok": "Nonsense"}}}),
        json!("Welcome"),
        json!([1, 2, 3]),
    ];
    for answer in answers {
        let owner = Owner::new();
        let (client, mut raw) = owner.client();
        let pending = client.send(note("lost"));
        raw.hear().unwrap();
        raw.say(&answer);
        assert_eq!(pending.wait(), Err(Error::UnknownOutcome), "{answer}");
        assert_eq!(raw.hear(), None);
        owner.let_go();
    }
}
