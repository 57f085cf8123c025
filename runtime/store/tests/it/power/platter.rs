//! What a disk holds: which bytes and names are safe, which are only written, and what a power cut
//! leaves of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{Entropy, SeededEntropy};

const PAGE: usize = 4_096;
/// What a disk writes as one.
const SECTOR: usize = 512;

/// Bytes that are cheap to copy whole: copies share the pages that nobody changed since.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Bytes {
    length: usize,
    pages: Vec<Arc<[u8; PAGE]>>,
}

impl Bytes {
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Fills `into` with what there is at `at`; answers how much that was.
    pub(crate) fn read(&self, at: usize, into: &mut [u8]) -> usize {
        let there = self.length.saturating_sub(at).min(into.len());
        let mut done = 0;
        while done < there {
            let (page, from) = ((at + done) / PAGE, (at + done) % PAGE);
            let count = (PAGE - from).min(there - done);
            into[done..done + count].copy_from_slice(&self.pages[page][from..from + count]);
            done += count;
        }
        there
    }

    fn write(&mut self, at: usize, data: &[u8]) {
        if self.length < at + data.len() {
            self.resize(at + data.len());
        }
        let mut done = 0;
        while done < data.len() {
            let (page, from) = ((at + done) / PAGE, (at + done) % PAGE);
            let count = (PAGE - from).min(data.len() - done);
            let into = &mut Arc::make_mut(&mut self.pages[page])[from..from + count];
            into.copy_from_slice(&data[done..done + count]);
            done += count;
        }
    }

    fn resize(&mut self, length: usize) {
        self.pages.resize_with(length.div_ceil(PAGE), || Arc::new([0; PAGE]));
        // What lies behind the end must read as zeros should the file grow again.
        if length < self.length && !length.is_multiple_of(PAGE) {
            Arc::make_mut(&mut self.pages[length / PAGE])[length % PAGE..].fill(0);
        }
        self.length = length;
    }
}

/// One thing done to a disk that may last.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operation {
    Create {
        name: String,
    },
    Write {
        file: usize,
        at: usize,
        data: Arc<[u8]>,
    },
    Truncate {
        file: usize,
        length: usize,
    },
    /// Makes a file safe, and with `names` the names of all files.
    Sync {
        file: usize,
        names: bool,
    },
    Delete {
        name: String,
        synced: bool,
    },
}

impl Operation {
    /// The same but for the bytes, in which SQLite puts random numbers.
    pub(crate) fn resembles(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Write { file, at, data },
                Self::Write { file: other_file, at: other_at, data: other_data },
            ) => (file, at, data.len()) == (other_file, other_at, other_data.len()),
            (one, two) => one == two,
        }
    }
}

#[derive(Clone)]
enum Unsafe {
    Write(usize, Arc<[u8]>),
    Truncate(usize),
}

/// A file: what programs see of it, what is safe, and what leads from this to that.
#[derive(Clone, Default)]
struct File {
    seen: Bytes,
    safe: Bytes,
    pending: Vec<Unsafe>,
}

/// All files of a disk, and their names.
#[derive(Clone, Default)]
pub(crate) struct Platter {
    files: Vec<File>,
    names: BTreeMap<String, usize>,
    safe_names: BTreeMap<String, usize>,
}

/// What happens to unsafe bytes and names when the power goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tear {
    pub(crate) seed: u64,
}

impl Tear {
    /// How many of a hundred unsafe sectors and names survive.
    fn survivors(self) -> u128 {
        [50, 0, 90, 100, 50][self.seed as usize % 5]
    }

    /// A new sector that was not written may hold anything.
    fn leaves_garbage(self) -> bool {
        self.seed % 5 == 4
    }
}

impl Platter {
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    pub(crate) fn seen(&self, file: usize) -> &Bytes {
        &self.files[file].seen
    }

    pub(crate) fn apply(&mut self, operation: &Operation) {
        match operation {
            Operation::Create { name } => {
                self.names.insert(name.clone(), self.files.len());
                self.files.push(File::default());
            }
            Operation::Write { file, at, data } => {
                let file = &mut self.files[*file];
                file.seen.write(*at, data);
                file.pending.push(Unsafe::Write(*at, data.clone()));
            }
            Operation::Truncate { file, length } => {
                let file = &mut self.files[*file];
                file.seen.resize(*length);
                file.pending.push(Unsafe::Truncate(*length));
            }
            Operation::Sync { file, names } => {
                self.files[*file].sync();
                if *names {
                    self.safe_names = self.names.clone();
                }
            }
            Operation::Delete { name, synced } => {
                self.names.remove(name);
                if *synced {
                    self.safe_names = self.names.clone();
                }
            }
        }
    }

    /// Begins an operation that the power cut interrupts: nothing becomes safe by it.
    pub(crate) fn begin(&mut self, operation: &Operation) {
        match operation {
            Operation::Sync { .. } => {}
            Operation::Delete { name, .. } => {
                self.names.remove(name);
            }
            other => self.apply(other),
        }
    }

    /// A sync failed and the kernel gave up what it should have written; programs still see it.
    pub(crate) fn forget_pending(&mut self, file: usize) {
        self.files[file].pending.clear();
    }

    /// What is there when the power is back.
    pub(crate) fn survivors(&self, tear: Tear) -> Self {
        let dice = SeededEntropy::new(tear.seed);
        let lucky = || dice.next() % 100 < tear.survivors();
        let mut left = Self::default();
        let every: BTreeSet<&String> = self.names.keys().chain(self.safe_names.keys()).collect();
        for name in every {
            let (seen, safe) = (self.names.get(name), self.safe_names.get(name));
            let Some(file) = (if seen == safe || lucky() { seen } else { safe }) else { continue };
            let bytes = self.files[*file].after_cut(tear, &dice);
            left.names.insert(name.clone(), left.files.len());
            left.files.push(File { seen: bytes.clone(), safe: bytes, pending: Vec::new() });
        }
        left.safe_names = left.names.clone();
        left
    }
}

impl File {
    fn sync(&mut self) {
        for pending in self.pending.drain(..) {
            match pending {
                Unsafe::Write(at, data) => self.safe.write(at, &data),
                Unsafe::Truncate(length) => self.safe.resize(length),
            }
        }
    }

    fn after_cut(&self, tear: Tear, dice: &SeededEntropy) -> Bytes {
        let lucky = || dice.next() % 100 < tear.survivors();
        let mut left = self.safe.clone();
        for pending in &self.pending {
            match pending {
                Unsafe::Write(at, data) => {
                    for (from, sector) in sectors(*at, data) {
                        if lucky() {
                            left.write(from, sector);
                        } else if tear.leaves_garbage() && from >= left.len() {
                            left.write(from, &dice.next().to_le_bytes().repeat(32)[..sector.len()]);
                        }
                    }
                }
                Unsafe::Truncate(length) => {
                    if lucky() {
                        left.resize(*length);
                    }
                }
            }
        }
        left
    }
}

/// The parts of a write that each lie in one sector, and where.
fn sectors(at: usize, data: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut done = 0;
    std::iter::from_fn(move || {
        let from = at + done;
        let count = (SECTOR - from % SECTOR).min(data.len() - done);
        let sector = &data[done..done + count];
        done += count;
        (count > 0).then_some((from, sector))
    })
}
