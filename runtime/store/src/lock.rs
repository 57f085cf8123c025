//! One owner per data directory: a lock file that the kernel frees when its holder dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use model::Error;

use crate::error::Result;

/// Held as long as it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Drop for Lock {
    /// Closing the file is not enough: a process that is just being started holds a copy of it
    /// until it runs its own program.
    fn drop(&mut self) {
        drop(self.file.unlock());
    }
}

/// Takes the lock, or tells who has it.
pub(crate) fn take(dir: &Path) -> Result<Lock> {
    let path = dir.join("lock");
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let failed = |error| Error::of_system(&format!("`{}`", path.display()), &error);
    let mut file = options.open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(locked(dir, &mut file)),
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    let written = file.set_len(0).and_then(|()| file.write_all(pid().as_bytes()));
    written.map_err(failed)?;
    Ok(Lock { file })
}

fn pid() -> String {
    std::process::id().to_string()
}

fn locked(dir: &Path, file: &mut File) -> Error {
    let mut holder = String::new();
    let read = file.rewind().and_then(|()| file.read_to_string(&mut holder));
    let detail = match read {
        Ok(_) if !holder.is_empty() => {
            format!("process {holder} has it; wait for it to end, or stop it")
        }
        _ => "wait for the other process to end, or stop it".into(),
    };
    Error::StoreLocked { dir: dir.display().to_string(), detail }
}

/// Refuses places where locks and syncs do not do what they say.
#[cfg(target_os = "linux")]
pub(crate) fn check_place(dir: &Path) -> Result<()> {
    const UNSAFE: [(u64, &str); 6] = [
        (0x6969, "NFS"),
        (0x517b, "SMB"),
        (0xff53_4d42, "CIFS"),
        (0xfe53_4d42, "SMB2"),
        (0x0102_1997, "9P"),
        (0x0bd0_0bd0, "Lustre"),
    ];
    let Ok(found) = rustix::fs::statfs(dir) else { return Ok(()) };
    let kind = found.f_type as u64 & 0xffff_ffff;
    match UNSAFE.iter().find(|(magic, _)| *magic == kind) {
        Some((_, name)) => Err(Error::StoreUnsafePlace { filesystem: (*name).into() }),
        None => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn check_place(_dir: &Path) -> Result<()> {
    Ok(())
}
