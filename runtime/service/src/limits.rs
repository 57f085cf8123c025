//! Every limit of the control socket, with its unit in its name.

use std::time::Duration;

use model::limits::Limit;

/// One frame, which is one request or one answer. The largest commit is 16 MiB before it is written
/// as JSON.
pub(crate) const FRAME_BYTES_MAX: usize = 64 * 1024 * 1024;
/// The first frame of a connection, whose sender is not known yet.
pub(crate) const HELLO_BYTES_MAX: usize = 4 * 1024;
/// `control.json`, which is read before anything is known about who wrote it.
pub(crate) const CONTROL_BYTES_MAX: u64 = 16 * 1024;
pub(crate) const CONNECTIONS_MAX: usize = 256;
/// Connections on which somebody waits for an item. The others stay for those who have work to do.
pub(crate) const WAITS_MAX: usize = 192;
/// Requests of one connection that are begun and not answered.
pub(crate) const OUTSTANDING_MAX: usize = 256;
/// Systems differ in how long the path of a socket may be; the shortest limit is 104 bytes.
pub(crate) const ADDRESS_BYTES_MAX: usize = 99;
/// Whoever takes longer to connect or to say hello counts as hung.
pub(crate) const HELLO_PATIENCE: Duration = Duration::from_secs(1);
/// A client that takes none of its answers for so long is given up.
pub(crate) const WRITE_PATIENCE: Duration = Duration::from_secs(5);
/// The same once the server ends, for its end must not depend on a client that has stopped.
pub(crate) const PARTING_PATIENCE: Duration = Duration::from_secs(1);
/// How much longer than it asked for a client waits for the end of a wait.
pub(crate) const WAIT_PATIENCE: Duration = Duration::from_secs(5);
/// A wait is served in slices, so that it notices within one that the server stops or its client is
/// gone.
pub(crate) const WAIT_SLICE: Duration = Duration::from_millis(100);

const fn limit(name: &'static str, value: u64, unit: &'static str, meaning: &'static str) -> Limit {
    Limit { name, value, unit, meaning }
}

/// All limits a user may meet, in the order of the documentation.
pub const LIMITS: &[Limit] = &[
    limit("frame", FRAME_BYTES_MAX as u64, "bytes", "one request or answer on the control socket"),
    limit("hello", HELLO_BYTES_MAX as u64, "bytes", "the first frame of a connection"),
    limit("connections", CONNECTIONS_MAX as u64, "connections", "clients of one owner at once"),
    limit("waits", WAITS_MAX as u64, "claims", "claims that wait for an item at once"),
    limit(
        "outstanding",
        OUTSTANDING_MAX as u64,
        "requests",
        "requests of one connection that are begun and not answered; further ones wait",
    ),
    limit("socket-path", ADDRESS_BYTES_MAX as u64, "bytes", "the path of the control socket"),
    limit(
        "hello-patience",
        HELLO_PATIENCE.as_millis() as u64,
        "milliseconds",
        "time to connect and say hello",
    ),
    limit(
        "write-patience",
        WRITE_PATIENCE.as_millis() as u64,
        "milliseconds",
        "time in which a client must take some of its answers",
    ),
];
