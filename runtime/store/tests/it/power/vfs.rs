//! The disks in memory as SQLite sees them: an SQLite VFS named `power`.
//!
//! Locks are not kept: every database is opened by one connection alone. Files sync the names of
//! their folder when SQLite's own VFS does: with the first sync of a journal or log after it was
//! opened.

#![expect(unsafe_code, reason = "SQLite calls a VFS through pointers to C functions")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::OnceLock;

use rusqlite::ffi::{
    SQLITE_ACCESS_EXISTS, SQLITE_CANTOPEN, SQLITE_FULL, SQLITE_IOCAP_POWERSAFE_OVERWRITE,
    SQLITE_IOERR_DELETE, SQLITE_IOERR_FSYNC, SQLITE_IOERR_READ, SQLITE_IOERR_SHORT_READ,
    SQLITE_IOERR_TRUNCATE, SQLITE_IOERR_WRITE, SQLITE_NOTFOUND, SQLITE_OK, SQLITE_OPEN_CREATE,
    SQLITE_OPEN_MAIN_JOURNAL, SQLITE_OPEN_WAL, sqlite3_file, sqlite3_int64, sqlite3_io_methods,
    sqlite3_vfs, sqlite3_vfs_register,
};

use crate::power::disk::{Kind, Shared, Stop};
use crate::power::platter::Operation;

const NAME: &CStr = c"power";
const PATH_BYTES_MAX: c_int = 256;

/// Makes the VFS known to SQLite, once, and answers its name.
pub(crate) fn register() -> String {
    static REGISTERED: OnceLock<c_int> = OnceLock::new();
    let code = REGISTERED.get_or_init(|| {
        let vfs = Box::leak(Box::new(vfs()));
        // SAFETY: the VFS is complete and lives for ever.
        unsafe { sqlite3_vfs_register(vfs, 0) }
    });
    assert_eq!(*code, SQLITE_OK, "SQLite takes the VFS");
    NAME.to_str().expect("the name is ASCII").to_owned()
}

fn vfs() -> sqlite3_vfs {
    sqlite3_vfs {
        iVersion: 1,
        szOsFile: size_of::<File>() as c_int,
        mxPathname: PATH_BYTES_MAX,
        pNext: std::ptr::null_mut(),
        zName: NAME.as_ptr(),
        pAppData: std::ptr::null_mut(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_pathname),
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(current_time),
        xGetLastError: Some(last_error),
        xCurrentTimeInt64: None,
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    }
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(lock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

/// An open file as SQLite allocates it. `handle` is null while it is not open.
#[repr(C)]
struct File {
    start: sqlite3_file,
    handle: *mut Handle,
}

struct Handle {
    disk: Shared,
    file: usize,
    syncs_names: bool,
}

/// The handle of an open file.
///
/// # Safety
/// `file` is a file of this VFS that `open` has opened and `close` has not closed, and SQLite uses
/// it in one thread at a time.
unsafe fn handle<'a>(file: *mut sqlite3_file) -> &'a mut Handle {
    // SAFETY: SQLite allocated `szOsFile` bytes for it, and `open` set the handle.
    unsafe { &mut *(*file.cast::<File>()).handle }
}

fn code(stop: Stop, off: c_int) -> c_int {
    match stop {
        Stop::Off => off,
        Stop::Failed(Kind::Full) => SQLITE_FULL,
        Stop::Failed(Kind::Write) => SQLITE_IOERR_WRITE,
        Stop::Failed(Kind::Truncate) => SQLITE_IOERR_TRUNCATE,
        Stop::Failed(Kind::Sync | Kind::SyncForgets) => SQLITE_IOERR_FSYNC,
        Stop::Failed(Kind::Read) => SQLITE_IOERR_READ,
        Stop::Failed(Kind::Delete) => SQLITE_IOERR_DELETE,
        Stop::Failed(Kind::Create) => SQLITE_CANTOPEN,
    }
}

fn answer(result: Result<(), Stop>, off: c_int) -> c_int {
    result.map_or_else(|stop| code(stop, off), |()| SQLITE_OK)
}

/// # Safety
/// `path` is null or a C string.
unsafe fn text<'a>(path: *const c_char) -> Option<&'a str> {
    // SAFETY: the caller says so.
    (!path.is_null()).then(|| unsafe { CStr::from_ptr(path) }.to_str().ok()).flatten()
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    path: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite hands in `szOsFile` bytes for the file, and a path or null.
    let (out, path) = unsafe { (file.cast::<File>(), text(path)) };
    // SAFETY: as above; without methods SQLite does not close what was not opened.
    unsafe {
        (*out).start.pMethods = std::ptr::null();
        (*out).handle = std::ptr::null_mut();
    }
    let Some((disk, name)) = path.and_then(Shared::of) else {
        return SQLITE_CANTOPEN;
    };
    let mut locked = disk.lock();
    if locked.off {
        return SQLITE_CANTOPEN;
    }
    let creates = flags & SQLITE_OPEN_CREATE != 0;
    if locked.platter.find(name).is_none() {
        if !creates {
            return SQLITE_CANTOPEN;
        }
        if let Err(stop) = locked.perform(Operation::Create { name: name.to_owned() }) {
            return code(stop, SQLITE_CANTOPEN);
        }
    }
    let number = locked.platter.find(name).expect("it was there or has just been made");
    drop(locked);
    let logs = flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL) != 0;
    let handle = Handle { disk, file: number, syncs_names: logs && creates };
    // SAFETY: as above; `out_flags` is null or a place for the flags.
    unsafe {
        (*out).handle = Box::into_raw(Box::new(handle));
        (*out).start.pMethods = &raw const METHODS;
        if !out_flags.is_null() {
            *out_flags = flags;
        }
    }
    SQLITE_OK
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: `open` made the handle from a box, and SQLite closes a file once.
    drop(unsafe { Box::from_raw((*file.cast::<File>()).handle) });
    SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut sqlite3_file,
    into: *mut c_void,
    count: c_int,
    at: sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite hands in an open file and room for `count` bytes.
    let (handle, into) = unsafe {
        (handle(file), std::slice::from_raw_parts_mut(into.cast::<u8>(), count as usize))
    };
    match handle.disk.lock().read(handle.file, at as usize, into) {
        Ok(there) if there == into.len() => SQLITE_OK,
        Ok(there) => {
            into[there..].fill(0);
            SQLITE_IOERR_SHORT_READ
        }
        Err(stop) => code(stop, SQLITE_IOERR_READ),
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    count: c_int,
    at: sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite hands in an open file and `count` bytes.
    let (handle, data) =
        unsafe { (handle(file), std::slice::from_raw_parts(from.cast::<u8>(), count as usize)) };
    let write = Operation::Write { file: handle.file, at: at as usize, data: data.into() };
    answer(handle.disk.lock().perform(write), SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: sqlite3_int64) -> c_int {
    // SAFETY: SQLite hands in an open file.
    let handle = unsafe { handle(file) };
    let truncate = Operation::Truncate { file: handle.file, length: length as usize };
    answer(handle.disk.lock().perform(truncate), SQLITE_IOERR_TRUNCATE)
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: SQLite hands in an open file.
    let handle = unsafe { handle(file) };
    let sync = Operation::Sync { file: handle.file, names: handle.syncs_names };
    let synced = handle.disk.lock().perform(sync);
    handle.syncs_names &= synced.is_err();
    answer(synced, SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, out: *mut sqlite3_int64) -> c_int {
    // SAFETY: SQLite hands in an open file and a place for its size.
    unsafe {
        let handle = handle(file);
        *out = handle.disk.lock().platter.seen(handle.file).len() as sqlite3_int64;
    }
    SQLITE_OK
}

unsafe extern "C" fn lock(_: *mut sqlite3_file, _: c_int) -> c_int {
    SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(_: *mut sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: SQLite hands in a place for the answer.
    unsafe { *out = 0 };
    SQLITE_OK
}

unsafe extern "C" fn file_control(_: *mut sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut sqlite3_file) -> c_int {
    4_096
}

unsafe extern "C" fn device_characteristics(_: *mut sqlite3_file) -> c_int {
    SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, path: *const c_char, synced: c_int) -> c_int {
    // SAFETY: SQLite hands in a path.
    let path = unsafe { text(path) };
    let Some((disk, name)) = path.and_then(Shared::of) else { return SQLITE_IOERR_DELETE };
    let delete = Operation::Delete { name: name.to_owned(), synced: synced != 0 };
    answer(disk.lock().perform(delete), SQLITE_IOERR_DELETE)
}

unsafe extern "C" fn access(
    _: *mut sqlite3_vfs,
    path: *const c_char,
    wanted: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite hands in a path.
    let path = unsafe { text(path) };
    let length = path.and_then(Shared::of).and_then(|(disk, name)| {
        let locked = disk.lock();
        locked.platter.find(name).map(|file| locked.platter.seen(file).len())
    });
    // As SQLite's own VFS has it: an empty file does not exist.
    let there = length.is_some_and(|length| wanted != SQLITE_ACCESS_EXISTS || length > 0);
    // SAFETY: SQLite hands in a place for the answer.
    unsafe { *out = c_int::from(there) };
    SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _: *mut sqlite3_vfs,
    path: *const c_char,
    count: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: SQLite hands in a path and room for `count` characters.
    unsafe {
        let length = CStr::from_ptr(path).to_bytes_with_nul().len();
        if length > count as usize {
            return SQLITE_CANTOPEN;
        }
        std::ptr::copy_nonoverlapping(path, out, length);
    }
    SQLITE_OK
}

unsafe extern "C" fn randomness(_: *mut sqlite3_vfs, count: c_int, out: *mut c_char) -> c_int {
    // SAFETY: SQLite hands in room for `count` bytes.
    let out = unsafe { std::slice::from_raw_parts_mut(out.cast::<u8>(), count as usize) };
    for (place, byte) in out.iter_mut().enumerate() {
        *byte = (place * 7 + 13) as u8;
    }
    count
}

unsafe extern "C" fn sleep(_: *mut sqlite3_vfs, microseconds: c_int) -> c_int {
    microseconds
}

unsafe extern "C" fn current_time(_: *mut sqlite3_vfs, out: *mut f64) -> c_int {
    // SAFETY: SQLite hands in a place for the Julian day.
    unsafe { *out = 2_460_000.5 };
    SQLITE_OK
}

unsafe extern "C" fn last_error(_: *mut sqlite3_vfs, _: c_int, _: *mut c_char) -> c_int {
    0
}
