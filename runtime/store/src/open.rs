//! Opening a data directory, and the store it becomes.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::{Clock, Entropy, Error, Pending, Reply, Request, Store};

use crate::admin::{discard, sync_directory};
use crate::conform;
use crate::connection::{self, Role};
use crate::error::{Result, Translated};
use crate::ledger::Ledger;
use crate::lock::{self, Lock};
use crate::migrate;
use crate::reader::Readers;
use crate::writer::{Published, Task, Writer};

/// The database within the data directory.
pub(crate) const FILE: &str = "wharf.db";
/// The same while it is being made.
pub(crate) const NEW_FILE: &str = "wharf.db.new";

/// What a store is opened with.
#[derive(Clone)]
pub struct Options {
    pub dir: PathBuf,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    /// Connections that read while the writer writes; with 0 the writer reads too, and nothing else
    /// may open the database.
    pub readers: usize,
    /// An SQLite VFS instead of the file system. The directory is then only a name.
    pub vfs: Option<String>,
    /// Whether a store is made where there is none; otherwise that is `Error::StoreNotFound`.
    pub create: bool,
    /// Whether the store does by itself what time makes due, or only when told to `tick`.
    pub background: bool,
}

impl Options {
    pub fn new(dir: impl Into<PathBuf>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let dir = dir.into();
        Self { dir, clock, entropy, readers: 2, vfs: None, create: true, background: true }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Options").field("dir", &self.dir).finish_non_exhaustive()
    }
}

/// A store in one SQLite database.
#[derive(Debug)]
pub struct Sqlite {
    // Closed in this order: the writer last among the connections, so that it can tidy up after all
    // of them.
    readers: Option<Arc<Readers>>,
    published: Arc<Published>,
    writer: Writer,
    _lock: Option<Lock>,
}

/// Opens the store of a data directory, making it where there is none. The directory is owned until
/// the store is dropped; `Error::StoreLocked` if another process owns it.
pub fn open(options: Options) -> Result<Sqlite> {
    let lock = match options.vfs {
        Some(_) => None,
        None if options.create => Some(own(&options.dir)?),
        None => Some(own_existing(&options.dir)?),
    };
    let file = options.dir.join(FILE);
    let vfs = options.vfs.as_deref();
    if vfs.is_none() {
        create(&file)?;
    }
    let role = if options.readers == 0 { Role::Only } else { Role::Writer };
    let mut db = connection::open(&file, vfs, role)?;
    migrate::migrate(&mut db)?;
    let ledger = Ledger::open(db, options.clock, options.entropy)?;
    let published = Arc::new(Published::default());
    let writer = Writer::start(ledger, published.clone(), options.background)
        .map_err(|error| Error::of_system("the writer thread", &error))?;
    let readers = (0..options.readers)
        .map(|_| connection::open(&file, vfs, Role::Reader))
        .collect::<Result<Vec<_>>>()?;
    let readers = (!readers.is_empty()).then(|| Arc::new(Readers::new(readers)));
    Ok(Sqlite { readers, published, writer, _lock: lock })
}

/// Makes the database where there is none: under another name first, so that it is there with
/// everything in it or not at all. One that is there and empty was emptied by something else.
fn create(file: &Path) -> Result<()> {
    match fs::metadata(file) {
        Ok(found) if found.len() == 0 => {
            return Err(Error::StoreEmpty { file: file.display().to_string() });
        }
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(Error::of_system(&format!("`{}`", file.display()), &error)),
    }
    let new = file.with_file_name(NEW_FILE);
    discard(&new)?;
    let mut db = connection::open(&new, None, Role::Only)?;
    migrate::migrate(&mut db).map_err(|error| connection::named(&db, error))?;
    // Closing it writes its log into it, and takes the log away.
    db.close().map_err(|(_, error)| error).translated()?;
    fs::rename(&new, file).map_err(|error| Error::of_system("`wharf.db`", &error))?;
    sync_directory(file)
}

/// Makes the directory, for its owner's eyes only, and takes its lock.
pub(crate) fn own(dir: &Path) -> Result<Lock> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let missing = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
    let made: Vec<&Path> = dir.ancestors().take_while(missing).collect();
    builder.create(dir).map_err(|error| no_directory(dir, &error))?;
    // SQLite makes its files durable in the directory, but nobody else the directory itself.
    made.into_iter().try_for_each(sync_directory)?;
    lock::check_place(dir)?;
    lock::take(dir)
}

fn no_directory(dir: &Path, error: &io::Error) -> Error {
    let file = dir.ancestors().find(|path| path.exists() && !path.is_dir());
    let Some(file) = file else {
        return Error::of_system(&format!("the data directory `{}`", dir.display()), error);
    };
    let (dir, file) = (dir.display(), file.display());
    let detail = format!("`{dir}` cannot be a data directory, because `{file}` is a file");
    Error::StoreIo { detail }
}

/// Takes the lock of a directory that has a store; makes nothing.
fn own_existing(dir: &Path) -> Result<Lock> {
    let missing = || Error::StoreNotFound { dir: dir.display().to_string() };
    if !dir.exists() {
        return Err(missing());
    }
    let lock = own(dir)?;
    // Looked for under the lock: whoever had it before may just have made the store.
    if dir.join(FILE).exists() { Ok(lock) } else { Err(missing()) }
}

impl Store for Sqlite {
    fn send(&self, request: Request) -> Pending<Reply> {
        let queues = self.published.queues();
        match request {
            Request::Commit(commit) => {
                let (fences, run, mode) = (commit.fences.clone(), commit.run, commit.mode);
                match conform::prepare(commit, &queues) {
                    Ok(changes) => self.writer.ask(Task::Commit { changes, fences, run, mode }),
                    Err(error) => Pending::ready(Err(error)),
                }
            }
            Request::Claim(claim) => self.writer.ask(Task::Claim(claim)),
            Request::Renew(renewals) => self.writer.ask(Task::Renew(renewals)),
            Request::Tick => self.writer.ask(Task::Tick),
            Request::Sweep { queue, limit } => self.writer.ask(Task::Sweep { queue, limit }),
            Request::WaitReady { queue, wait } => {
                let published = self.published.clone();
                let number = queues.find_open(&queue).map(|known| known.number);
                Pending::when_waited(move || {
                    Ok(Reply::WaitedReady(published.wake.wait(number?, wait)))
                })
            }
            read => match self.readers.clone() {
                None => self.writer.ask(Task::Read(read)),
                Some(readers) => {
                    let published = self.published.clone();
                    Pending::when_waited(move || readers.answer(&published.queues(), read))
                }
            },
        }
    }
}
