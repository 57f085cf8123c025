//! `wharf build --watch` while somebody edits.

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use model::Value;
use rustix::process::Signal;

use crate::place::{WHARF, signal, text};
use crate::plugins::real;

/// For a first build on a busy machine.
const PATIENCE: Duration = Duration::from_mins(10);

/// A watch, and what it says line by line.
struct Watch {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        BufReader::new(from).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
    });
    receiver
}

impl Watch {
    fn start(plugin: &str) -> Self {
        let line = format!("build plugins/{plugin} --watch --output jsonl");
        let mut command = real::command(WHARF, &line);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = lines(child.stdout.take().unwrap());
        let err = lines(child.stderr.take().unwrap());
        Self { child, out, err }
    }

    /// The component that the next build reports, and what is in it.
    fn built(&self) -> (Value, Vec<u8>) {
        let line = self.out.recv_timeout(PATIENCE).expect("a build is reported");
        let built = model::json::parse(&line).unwrap();
        let wasm = fs::read(text(&built, "file")).unwrap();
        (built, wasm)
    }

    /// Waits until it says something on stderr.
    fn says(&self, words: &str) {
        while !self.err.recv_timeout(PATIENCE).expect(words).contains(words) {}
    }
}

fn holds(wasm: &[u8], words: &str) -> bool {
    wasm.windows(words.len()).any(|at| at == words.as_bytes())
}

#[test]
fn edits_are_built_and_nothing_else() {
    real::ok("new plugin watched");
    let folder = real::project().join("plugins/watched");
    let source = folder.join("src/lib.rs");
    let first = fs::read_to_string(&source).unwrap();
    let edit = |words: &str| fs::write(&source, first.replace("it says: ", words)).unwrap();
    let watch = Watch::start("watched");
    assert!(holds(&watch.built().1, "it says: "));

    edit("it tells: ");
    assert!(holds(&watch.built().1, "it tells: "));

    // A mistake is told, and no component is: the next report is that of the mended source.
    fs::write(&source, "mistake").unwrap();
    watch.says("\"build/failed\"");
    edit("it shouts: ");
    let (_, wasm) = watch.built();
    assert!(holds(&wasm, "it shouts: ") && !holds(&wasm, "it tells: "));

    // Writing the same again is no edit, and what a module needs may come later.
    edit("it shouts: ");
    fs::write(&source, format!("{first}\nmod later;\n")).unwrap();
    watch.says("\"build/failed\"");
    fs::write(folder.join("src/later.rs"), "//! Later.\n").unwrap();
    assert!(holds(&watch.built().1, "it says: "));

    signal(watch.child.id(), Signal::INT);
    let mut child = watch.child;
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(watch.out.iter().count(), 0, "nothing else was reported");
}
