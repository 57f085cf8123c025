//! A disk that is really full: the child fills it, and looks at what it is told and what still
//! goes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use model::{Change, Entropy, Error, Id, NewItem, SeededEntropy, Store};
use store::{Options, Sqlite};

use crate::kill::child::{QUEUE, create_queue, real_clock, say};

/// Lies on the disk until room is needed.
const BALLAST: &str = "ballast";
const BALLAST_BYTES: usize = 1 << 20;

/// A directory in which no more than some megabytes can be written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    /// On a disk of its own, in a namespace that ends with the child.
    Disk,
    /// No file may be larger than this.
    File,
}

impl Limit {
    /// A command that runs another one under the limit.
    pub(crate) fn command(self, dir: &Path) -> Command {
        let (shell, script) = match self {
            Self::Disk => {
                let script = "mount -t tmpfs -o size=3m none \"$0\" && exec \"$@\"";
                (&["unshare", "--map-root-user", "--mount", "sh"][..], script)
            }
            Self::File => (&["sh"][..], "trap '' XFSZ; ulimit -f 4000; exec \"$@\""),
        };
        let mut command = Command::new(shell[0]);
        command.args(&shell[1..]).args(["-c", script]).arg(dir);
        command
    }

    /// Why this machine does not allow it.
    pub(crate) fn refusal(self, dir: &Path) -> Option<String> {
        let tried = self.command(dir).arg("true").output();
        let reason = |output: Output| String::from_utf8_lossy(&output.stderr).trim().to_owned();
        match tried {
            Ok(output) if output.status.success() => None,
            Ok(output) => Some(reason(output)),
            Err(error) => Some(error.to_string()),
        }
    }
}

/// Adds until that is refused, then looks around.
pub(crate) fn fill(dir: &Path) {
    let ballast = dir.join(BALLAST);
    std::fs::write(&ballast, vec![b'b'; BALLAST_BYTES]).expect("there is room at first");
    let dice = Arc::new(SeededEntropy::new(1));
    let data = dir.join("data");
    let opened = open(&data, &dice);
    create_queue(&opened, &*dice);
    let mut added = 0;
    let error = loop {
        match add(&opened, &*dice) {
            Ok(()) => added += 1,
            Err(error) => break error,
        }
    };
    say(&format!("told {} after {added}", error.code()));
    let unknown = u64::from(error == Error::UnknownOutcome);
    let full = matches!(error, Error::StoreFull { .. });
    expect_items(&opened, added..=added);
    if full {
        std::fs::remove_file(&ballast).expect("room can be made");
        add(&opened, &*dice).expect("with room it goes on");
        added += 1;
        say("went on");
    }
    drop(opened);
    let opened = open(&data, &dice);
    expect_items(&opened, added..=added + unknown);
    let checked = (&opened as &dyn Store).check().expect("it can be checked");
    assert_eq!(checked.problems, Vec::<String>::new());
    say("whole");
}

fn open(dir: &PathBuf, dice: &Arc<SeededEntropy>) -> Sqlite {
    let options = Options::new(dir, real_clock(), dice.clone());
    store::open(options).expect("a full disk does not bar the way")
}

fn add(store: &dyn Store, dice: &dyn Entropy) -> Result<(), Error> {
    let id = Id::new(&*real_clock(), dice);
    let new = NewItem::new(id, QUEUE, format!("\"{}\"", "v".repeat(20_000)));
    store.make(Change::Add(Box::new(new))).map(drop)
}

fn expect_items(store: &dyn Store, wanted: std::ops::RangeInclusive<u64>) {
    let total = store.stats(QUEUE).expect("reading needs no room").total();
    assert!(wanted.contains(&total), "{total} items, not {wanted:?}");
}
