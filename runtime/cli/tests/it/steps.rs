//! Steps of real plugins, called on a real data directory.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use model::Value;
use rustix::process::Signal;

use crate::pages;
use crate::place::{CLASSIFY, Place, finish, list, now, signal, start, text, words};

/// The folder of two plugins, built once: `guest` uses everything, `probe` does harm where asked.
fn built() -> &'static PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--release", "--locked", "-p", "guest", "-p", "probe"]);
        cargo.args(["--target", "wasm32-wasip2"]).current_dir(&root);
        assert!(cargo.status().unwrap().success());
        // This binary lies in `target/release/deps`.
        let target = std::env::current_exe().unwrap();
        target.ancestors().nth(3).unwrap().join("wasm32-wasip2/release")
    })
}

/// A place with this plugin and a queue `orders`.
fn with_plugin(file: &str) -> Place {
    let place = Place::with_orders();
    std::fs::copy(built().join(file), place.path(file)).unwrap();
    // Compiled beforehand: a busy machine is slow enough at it that the command tells so.
    assert_eq!(place.run(&format!("call {file}")).code, 2);
    place
}

fn desk() -> Place {
    with_plugin("guest.wasm")
}

/// A plugin with one step, which never ends.
const SPINS: &str = r#"(component
    (core module $m (func (export "spin") (loop $again (br $again))))
    (core instance $i (instantiate $m))
    (func (export "spin") (canon lift (core func $i "spin"))))"#;

fn spinning() -> Place {
    let place = Place::with_orders();
    place.file("spins.wasm", wat::parse_str(SPINS).unwrap());
    place
}

const FILL: &str = r#"call guest.wasm fill --input '{"queue": "orders", "ids": ["A-1", "A-2"],
    "expires": "2099-01-01T00:00:00Z"}'"#;

/// What the hint of a refusal says to type.
fn advised(err: &str) -> String {
    let hint = err.lines().find_map(|line| line.strip_prefix("hint: `wharf ")).unwrap();
    hint.split('`').next().unwrap().to_owned()
}

#[test]
fn steps_do_what_they_were_granted() {
    let place = desk();
    let refused = place.run(FILL);
    refused.assert_refused(1, "grant/denied", "wharf plugin grant guest --queue orders=add");
    assert_eq!(place.count("queued"), 0);
    place.ok(&advised(&refused.err));
    assert_eq!(place.ok(FILL), "2\n");
    assert_eq!(
        (place.count("queued"), place.count("on-hold"), place.count("scheduled")),
        (2, 1, 1)
    );
    place.ok("plugin grant guest --queue orders=process");
    let worked = place.run("call guest.wasm work --input '{\"queue\": \"orders\"}'");
    assert_eq!((worked.code, worked.out.as_str()), (0, "[\"A-1\",\"A-2\"]\n"), "{worked:?}");
    assert_eq!(place.count("processed"), 2);
    place.ok("plugin revoke guest --all");
    place.run(FILL).assert_refused(1, "grant/denied", "wharf plugin grant");
    place.assert_sound();
}

#[test]
fn failing_steps_leave_nothing_behind() {
    let place = desk();
    place.ok("item add orders --value 1 --reference R-1");
    // It may do everything but the last of what it does.
    place.ok("plugin grant guest --queue orders=read,update,note");
    let correct =
        "call guest.wasm correct --input '{\"queue\": \"orders\", \"reference\": \"R-1\"}'";
    place.run(correct).assert_refused(1, "grant/denied", "--queue orders=requeue");
    let items = place.json("item show --queue orders --reference R-1");
    let item = &list(&items)[0];
    assert_eq!(item.get("value").map(model::json::write).as_deref(), Some("1"), "{item:?}");
    assert_eq!(item.get("notes").map(list).map(<[_]>::len), Some(0), "{item:?}");
    place.ok("plugin grant guest --queue orders=requeue");
    place.ok(correct);
    let items = place.json("item show --queue orders --reference R-1");
    let value = list(&items)[0].get("value").map(model::json::write);
    assert_eq!(value.as_deref(), Some("2"));
}

#[test]
fn failures_end_by_their_kind() {
    let place = desk();
    let own = |name: &str| format!("call guest.wasm own --input '{{\"name\": \"{name}\"}}'");
    for (name, exit, code) in [
        ("too-large", 3, "guest/too-large"),
        ("duplicate", 3, "guest/duplicate"),
        ("portal-down", 1, "guest/portal-down"),
        ("odd", 1, "guest/odd"),
    ] {
        place.run(&own(name)).assert_refused(exit, code, "");
        let ran = place.run(&format!("{} --output json", own(name)));
        let told = model::json::parse(ran.err.lines().last().unwrap()).unwrap();
        pages::check_object(&told, "Failures of steps");
        assert_eq!((ran.code, text(&told, "code")), (exit, code));
    }
    assert_eq!(place.ok(&own("fine")), "null\n");
    place.run("call guest.wasm own").assert_refused(4, "input/missing", "");
    let ran = place.run("call guest.wasm text --input '{\"message\": \"red \\u001b[31m\"}'");
    assert!(!ran.err.contains('\u{1b}'), "{ran:?}");
}

#[test]
fn engine_errors_come_through() {
    let place = desk();
    place.ok("plugin grant guest --queue '*=add,process'");
    let work = "call guest.wasm work --input '{\"queue\": \"odrers\"}'";
    place.run(work).assert_refused(1, "queue/not-found", "did you mean `orders`?");
    place.ok("queue pause orders");
    let work = "call guest.wasm work --input '{\"queue\": \"orders\"}'";
    place.run(work).assert_refused(1, "queue/paused", "wharf queue resume orders");
    let ask = "call guest.wasm ask --input '{\"url\": \"http://localhost:1/\"}'";
    // It says something before it fails.
    let denied = place.run(ask);
    assert!(denied.err.contains("wharf plugin grant guest --secret portal-token"), "{denied:?}");
    place.ok("plugin grant guest --secret portal-token");
    place.run(&format!("{ask} --quiet")).assert_refused(1, "secret/not-found", "");
    let with_secret = |line: &str| {
        let words = words(line);
        let mut command = place.command(&words);
        finish(start(command.env("WHARF_SECRET_PORTAL_TOKEN", "s3cr3t")))
    };
    let denied = with_secret(ask);
    assert!(denied.err.starts_with("debug   asking\n"), "{denied:?}");
    assert!(
        denied.err.contains("wharf plugin grant guest --http http://localhost:1"),
        "{denied:?}"
    );
    place.ok("plugin grant guest --http http://localhost:1");
    let alone = with_secret(&format!("{ask} --quiet"));
    assert!(alone.err.starts_with("error[http/"), "{alone:?}");
}

#[test]
fn folders_of_project_are_reached() {
    let place = desk();
    place.ok("plugin grant guest --files inbox=read-write --files outbox=read-write");
    let report = "call guest.wasm report --input '{\"folder\": \"inbox\"}'";
    place.run(report).assert_refused(1, "file/no-folder", "");
    let project = std::fs::read_to_string(place.path("wharf.toml")).unwrap();
    let folders = "\n[folders]\ninbox = \"in\"\noutbox = \"out\"\n";
    place.file("wharf.toml", project + folders);
    place.run(report).assert_refused(1, "file/not-found", "make the folder");
    std::fs::create_dir(place.path("in")).unwrap();
    std::fs::create_dir(place.path("out")).unwrap();
    place.file("in/a.txt", "abc");
    assert_eq!(place.ok(report), "1\n");
    let written = std::fs::read_to_string(place.path("out/report.txt")).unwrap();
    assert_eq!(written, "files:\ninbox/a.txt: 3\n");
}

#[test]
fn endless_steps_meet_their_timeout() {
    let place = spinning();
    let ran = place.run("call spins.wasm spin --timeout 100ms");
    ran.assert_refused(1, "plugin/timed-out", "more time");
    assert!(ran.err.contains("longer than 100ms"), "{ran:?}");
}

#[test]
fn interruption_cancels_the_step() {
    let place = spinning();
    // The first call compiles, so that the second one spins at once.
    place.run("call spins.wasm spin --timeout 10ms").assert_refused(1, "plugin/timed-out", "");
    let child = start(&mut place.command(&["call", "spins.wasm", "spin"]));
    let id = child.id();
    // However often it comes too early for the handler or too late, one of them ends the call.
    let sender = thread::spawn(move || {
        thread::sleep(Duration::from_secs(1));
        signal(id, Signal::INT);
    });
    let ran = finish(child);
    sender.join().unwrap();
    assert_eq!((ran.code, ran.out.as_str()), (130, ""), "{ran:?}");
    assert!(ran.err.starts_with("error[plugin/cancelled]"), "{ran:?}");
    place.assert_sound();
}

/// Sends Ctrl-C to a call as soon as it has written this to stderr, and waits for its end.
fn interrupted_at(place: &Place, line: &str, sign: &str) -> (i32, Vec<String>) {
    let mut child = start(&mut place.command(&words(line)));
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut told: Vec<String> = Vec::new();
    while told.last().is_none_or(|line| !line.contains(sign)) {
        told.push(lines.next().unwrap_or_else(|| panic!("it never said `{sign}`: {told:?}")));
    }
    signal(child.id(), Signal::INT);
    told.extend(lines);
    (finish(child).code, told)
}

#[test]
fn interruption_keeps_nothing_and_frees_items() {
    let place = with_plugin("probe.wasm");
    for _ in 0..3 {
        place.ok("item add orders --value 1");
    }
    place.ok("plugin grant probe --queue orders=add,process");
    let hold = |end: &str| {
        let input = format!("{{\"queue\": \"orders\", \"items\": 2, \"end\": \"{end}\"}}");
        format!("call probe.wasm hold --input '{input}'")
    };
    assert_eq!(place.run(&hold("fail")).code, 3);
    let (code, told) = interrupted_at(&place, &hold("spin"), "holding");
    assert_eq!(code, 130, "{told:?}");
    assert!(told.iter().any(|line| line.starts_with("error[plugin/cancelled]")), "{told:?}");
    // One was settled, one was held and one was added; at once all is as it was.
    assert_eq!((place.count("queued"), place.count("total")), (3, 3));
    let items = place.json("item list orders");
    let numbers = |field: &str| {
        let number = |item: &Value| item.get(field).and_then(Value::as_number)?.as_u64();
        list(&items).iter().map(number).collect::<Option<Vec<u64>>>().unwrap()
    };
    assert_eq!((numbers("attempt"), numbers("retries")), (vec![2, 2, 0], vec![0, 0, 0]));
    place.assert_sound();
}

#[test]
fn interruption_does_not_wait_for_answers() {
    let place = with_plugin("probe.wasm");
    // Whoever connects is never answered.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", silent.local_addr().unwrap());
    place.ok(&format!("plugin grant probe --http {origin}"));
    let wait = format!("call probe.wasm wait --input '{{\"url\": \"{origin}/\"}}'");
    let ran = place.run(&format!("{wait} --timeout 300ms"));
    assert!(ran.err.contains("at wharf:host/http.send (host call in progress)"), "{ran:?}");
    assert!(ran.err.contains("src/misdeeds.rs:"), "{ran:?}");
    let (began, (code, told)) = (now(), interrupted_at(&place, &wait, "waiting"));
    assert_eq!(code, 130, "{told:?}");
    assert!(began.elapsed() < Duration::from_secs(30), "the request would have taken a minute");
}

#[test]
fn secrets_open_to_others_are_refused() {
    let place = desk();
    place.ok("plugin grant guest --secret portal-token");
    std::fs::create_dir(place.path(".wharf/secrets")).unwrap();
    place.file(".wharf/secrets/portal-token", "s3cr3t");
    let ask_with = |mode| {
        let file = place.path(".wharf/secrets/portal-token");
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
        place.run("call guest.wasm ask --input '{\"url\": \"http://localhost:1/\"}' --quiet")
    };
    let exposed = ask_with(0o640);
    exposed.assert_refused(1, "secret/exposed", "`chmod 600 ");
    assert!(exposed.err.contains("/secrets/portal-token` has the mode 0640"), "{exposed:?}");
    ask_with(0o600).assert_refused(1, "grant/denied", "--http http://localhost:1");
}

#[test]
fn a_timeout_has_a_least() {
    let place = spinning();
    let spin = |timeout: &str| place.run(&format!("call spins.wasm spin --timeout {timeout}"));
    spin("0s").assert_refused(2, "usage/invalid", "at least 1ms");
    spin("0ms").assert_refused(2, "usage/invalid", "at least 1ms");
    spin("1ms").assert_refused(1, "plugin/timed-out", "");
    spin("3651d").assert_refused(2, "usage/invalid", "");
}

#[test]
fn new_imports_make_grants_sleep() {
    let place = desk();
    std::fs::copy(CLASSIFY, place.path("first.wasm")).unwrap();
    place.ok("plugin install first.wasm --name desk");
    place.ok("plugin grant desk --queue orders=add,process");
    let ran = place.run("plugin install guest.wasm --name desk");
    assert!(ran.code == 0 && ran.err.contains("asks for files, http, secrets, work-queue now"));
    let fill = FILL.replace("guest.wasm", "desk");
    let asleep = place.run(&fill);
    assert_eq!(asleep.code, 1, "{asleep:?}");
    assert!(asleep.err.contains("its grants count for nothing"), "{asleep:?}");
    let listed = place.json("plugin list");
    assert_eq!(text(&list(&listed)[0], "state"), "grants do not count");
    let ran = place.run("plugin grant desk");
    assert!(ran.err.contains("all grants of `desk` count again"), "{ran:?}");
    assert_eq!(place.ok(&fill), "2\n");
    // The same in one go.
    place.ok("plugin install first.wasm --name desk");
    place.ok("plugin install guest.wasm --name desk --accept");
    let work = "call desk work --input '{\"queue\": \"orders\"}'";
    assert_eq!(place.ok(work), "[\"A-1\",\"A-2\"]\n");
}

#[test]
fn compiled_code_is_found_again() {
    let place = spinning();
    let cached = || {
        let files = std::fs::read_dir(place.path(".wharf/cache")).unwrap();
        files.map(|file| file.unwrap().metadata().unwrap().ino()).collect::<Vec<_>>()
    };
    place.run("call spins.wasm spin --timeout 1ms");
    let mut first = cached();
    place.run("call spins.wasm spin --timeout 1ms");
    let mut second = cached();
    first.sort_unstable();
    second.sort_unstable();
    assert_eq!(first, second);
}
