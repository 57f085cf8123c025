//! A disk in memory that counts, records and fails as told.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::power::platter::{Operation, Platter};

/// What is counted, and fails, separately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Create,
    Write,
    Truncate,
    Sync,
    Delete,
    Read,
}

/// How an operation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A write finds the disk full.
    Full,
    Write,
    Truncate,
    Sync,
    /// As `Sync`, and what was to be synced will never be.
    SyncForgets,
    Read,
    Delete,
    /// A file cannot be made.
    Create,
}

impl Kind {
    pub(crate) const ALL: [Self; 8] = [
        Self::Full,
        Self::Write,
        Self::Truncate,
        Self::Sync,
        Self::SyncForgets,
        Self::Read,
        Self::Delete,
        Self::Create,
    ];

    pub(crate) fn class(self) -> Class {
        match self {
            Self::Full | Self::Write => Class::Write,
            Self::Truncate => Class::Truncate,
            Self::Sync | Self::SyncForgets => Class::Sync,
            Self::Read => Class::Read,
            Self::Delete => Class::Delete,
            Self::Create => Class::Create,
        }
    }
}

/// The operation of its class that fails, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    pub(crate) at: u64,
    /// And every later one of its class.
    pub(crate) sticky: bool,
}

/// What stands in the way of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The power is off.
    Off,
    Failed(Kind),
}

#[derive(Default)]
pub(crate) struct Disk {
    pub(crate) platter: Platter,
    /// What was done so far, in order.
    pub(crate) done: Vec<Operation>,
    counts: BTreeMap<Class, u64>,
    pub(crate) fault: Option<Fault>,
    /// How often the fault struck.
    pub(crate) struck: u64,
    /// The power goes off in the operation of this number, counted from 1.
    pub(crate) cut_at: Option<usize>,
    pub(crate) off: bool,
    /// Syncs are acknowledged and not done.
    pub(crate) lies: bool,
}

impl Disk {
    pub(crate) fn count(&self, class: Class) -> u64 {
        self.counts.get(&class).copied().unwrap_or(0)
    }

    /// Counts from here on, with this fault to come.
    pub(crate) fn expect_fault(&mut self, fault: Option<Fault>) {
        self.counts.clear();
        (self.fault, self.struck) = (fault, 0);
    }

    fn step(&mut self, class: Class) -> Result<(), Stop> {
        if self.off {
            return Err(Stop::Off);
        }
        let count = self.counts.entry(class).or_default();
        *count += 1;
        let count = *count;
        let strikes = |fault: &Fault| {
            fault.kind.class() == class && (count == fault.at || fault.sticky && count > fault.at)
        };
        match self.fault.filter(strikes) {
            None => Ok(()),
            Some(fault) => {
                self.struck += 1;
                Err(Stop::Failed(fault.kind))
            }
        }
    }

    pub(crate) fn perform(&mut self, operation: Operation) -> Result<(), Stop> {
        let class = match &operation {
            Operation::Create { .. } => Class::Create,
            Operation::Write { .. } => Class::Write,
            Operation::Truncate { .. } => Class::Truncate,
            Operation::Sync { .. } => Class::Sync,
            Operation::Delete { .. } => Class::Delete,
        };
        if let Err(stop) = self.step(class) {
            if let (Stop::Failed(Kind::SyncForgets), Operation::Sync { file, .. }) =
                (stop, &operation)
            {
                self.platter.forget_pending(*file);
            }
            return Err(stop);
        }
        if self.lies && class == Class::Sync {
            return Ok(());
        }
        if self.cut_at == Some(self.done.len() + 1) {
            self.off = true;
            self.platter.begin(&operation);
            return Err(Stop::Off);
        }
        self.platter.apply(&operation);
        self.done.push(operation);
        Ok(())
    }

    /// Reads; answers how much there was.
    pub(crate) fn read(&mut self, file: usize, at: usize, into: &mut [u8]) -> Result<usize, Stop> {
        self.step(Class::Read)?;
        Ok(self.platter.seen(file).read(at, into))
    }
}

/// The disks that are plugged in, by the folder that stands for each.
static PLUGGED: Mutex<BTreeMap<String, Shared>> = Mutex::new(BTreeMap::new());
static NEXT: AtomicU64 = AtomicU64::new(1);

/// A disk as the VFS and the test share it.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<Disk>>);

impl Shared {
    /// A test that panicked with the disk in hand has failed already; nothing is made worse here.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds the disk and the name on it of a path such as `disk-7/wharf.db`.
    pub(crate) fn of(path: &str) -> Option<(Self, &str)> {
        let (folder, name) = path.split_once('/')?;
        let plugged = PLUGGED.lock().unwrap_or_else(PoisonError::into_inner);
        Some((plugged.get(folder)?.clone(), name))
    }
}

/// A disk that is plugged in until this is dropped.
pub(crate) struct Plugged {
    pub(crate) folder: String,
    pub(crate) disk: Shared,
}

impl Plugged {
    pub(crate) fn new(platter: Platter) -> Self {
        let folder = format!("disk-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let disk = Shared(Arc::new(Mutex::new(Disk { platter, ..Disk::default() })));
        let mut plugged = PLUGGED.lock().unwrap_or_else(PoisonError::into_inner);
        plugged.insert(folder.clone(), disk.clone());
        drop(plugged);
        Self { folder, disk }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock()
    }
}

impl Drop for Plugged {
    fn drop(&mut self) {
        PLUGGED.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.folder);
    }
}
