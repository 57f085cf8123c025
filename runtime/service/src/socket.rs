//! Everything that differs between systems: sockets, who is at their other end, and private files
//! and folders.
//!
//! This is the one file another platform replaces.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::net::{AddressFamily, SendFlags, SocketAddrUnix, SocketType};

use crate::limits;

/// One end of a connection. Clones are the same end.
#[derive(Clone, Debug)]
pub(crate) struct Stream(Arc<UnixStream>);

impl Stream {
    /// Connects, or fails at once: a hung owner whose queue of callers is full must not hang its
    /// callers too.
    pub(crate) fn connect(address: &Path) -> io::Result<Self> {
        let stream = UnixStream::from(new_socket()?);
        stream.set_nonblocking(true)?;
        rustix::net::connect(&stream, &SocketAddrUnix::new(address)?)?;
        stream.set_nonblocking(false)?;
        Ok(Self(Arc::new(stream)))
    }

    /// Whether the other end is this user or root; where the system cannot tell, the folder of the
    /// socket is the guard.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub(crate) fn is_trusted(&self) -> io::Result<bool> {
        let peer = rustix::net::sockopt::socket_peercred(&*self.0)?.uid;
        Ok(peer.is_root() || peer == rustix::process::geteuid())
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pub(crate) fn is_trusted(&self) -> io::Result<bool> {
        Ok(true)
    }

    /// How long one read may take.
    pub(crate) fn set_read_patience(&self, patience: Option<Duration>) -> io::Result<()> {
        self.0.set_read_timeout(patience)
    }

    /// How long one write may take.
    pub(crate) fn set_write_patience(&self, patience: Option<Duration>) -> io::Result<()> {
        self.0.set_write_timeout(patience)
    }

    /// Nothing more arrives; whoever reads gets what has arrived and then the end, whoever writes
    /// at the other end an error.
    pub(crate) fn stop_reading(&self) {
        self.shut(Shutdown::Read);
    }

    /// Nothing more is sent; the other end reads what was sent and then the end.
    pub(crate) fn stop_writing(&self) {
        self.shut(Shutdown::Write);
    }

    /// Ends the connection, whoever else holds a clone of it.
    pub(crate) fn end(&self) {
        self.shut(Shutdown::Both);
    }

    fn shut(&self, how: Shutdown) {
        // Fails only where the other end has ended the connection already.
        self.0.shutdown(how).ok();
    }
}

impl Read for &Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        (&*self.0).read(into)
    }
}

impl Write for &Stream {
    /// Says explicitly that no signal is wanted: a command may have given `SIGPIPE` its deadly
    /// meaning back.
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        Ok(rustix::net::send(&*self.0, from, NO_SIGNAL)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(not(target_vendor = "apple"))]
const NO_SIGNAL: SendFlags = SendFlags::NOSIGNAL;
#[cfg(target_vendor = "apple")]
const NO_SIGNAL: SendFlags = SendFlags::empty();

/// A socket that no child process inherits.
#[cfg(not(target_vendor = "apple"))]
fn new_socket() -> io::Result<OwnedFd> {
    let flags = rustix::net::SocketFlags::CLOEXEC;
    Ok(rustix::net::socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?)
}

#[cfg(target_vendor = "apple")]
fn new_socket() -> io::Result<OwnedFd> {
    let socket = rustix::net::socket(AddressFamily::UNIX, SocketType::STREAM, None)?;
    rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
    rustix::net::sockopt::set_socket_nosigpipe(&socket, true)?;
    Ok(socket)
}

/// Where connections arrive. Its socket is gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: UnixListener,
    address: PathBuf,
    bell: UnixStream,
}

/// Ends the accepting of a `Listener`.
#[derive(Debug)]
pub(crate) struct Bell(UnixStream);

impl Listener {
    pub(crate) fn bind(address: &Path) -> io::Result<(Self, Bell)> {
        let length = address.as_os_str().len();
        if length > limits::ADDRESS_BYTES_MAX {
            let limit = limits::ADDRESS_BYTES_MAX;
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("its {length} bytes are over the limit of {limit} for a socket"),
            ));
        }
        let socket = UnixListener::bind(address)?;
        socket.set_nonblocking(true)?;
        let (bell, ring) = UnixStream::pair()?;
        Ok((Self { socket, address: address.into(), bell }, Bell(ring)))
    }

    /// The next connection; `None` once the bell was rung.
    pub(crate) fn accept(&self) -> io::Result<Option<Stream>> {
        loop {
            let mut ready =
                [PollFd::new(&self.bell, PollFlags::IN), PollFd::new(&self.socket, PollFlags::IN)];
            match poll(&mut ready, None) {
                Err(rustix::io::Errno::INTR) => continue,
                other => other?,
            };
            if !ready[0].revents().is_empty() {
                return Ok(None);
            }
            match self.socket.accept() {
                Ok((stream, _)) => {
                    // Some systems let it inherit this from the listener.
                    stream.set_nonblocking(false)?;
                    return Ok(Some(Stream(Arc::new(stream))));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // What is left behind, the next owner takes away.
        fs::remove_file(&self.address).ok();
    }
}

impl Bell {
    /// To hang up is to ring: the other end becomes readable either way.
    pub(crate) fn ring(&self) {
        self.0.shutdown(Shutdown::Both).ok();
    }
}

/// The folder for this user's sockets, made where it is missing and refused where another user
/// could reach into it.
pub(crate) fn private_folder(runtime_dir: &Path) -> io::Result<PathBuf> {
    let me = rustix::process::geteuid().as_raw();
    let folder = runtime_dir.join(format!("wharf-{me}"));
    DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    let found = fs::symlink_metadata(&folder)?;
    if found.is_dir() && found.uid() == me && found.mode().trailing_zeros() >= 6 {
        return Ok(folder);
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        "it must be a folder of yours that is closed to others (mode 0700)",
    ))
}

/// A new file that only this user can read.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}
