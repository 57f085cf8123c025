//! The exit codes, which scripts rely on.

/// How the command ended, for whoever started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ExitCode {
    /// All was done as asked.
    Ok = 0,
    /// The surroundings failed: disk, lock, connection, a lost lease, an unknown outcome.
    Failed = 1,
    /// The command line is wrong, a date in it included.
    Usage = 2,
    /// The case itself is not in order: a step ended with a business exception.
    Business = 3,
    /// A rule or a check said no; an unknown queue or item counts as that.
    Refused = 4,
    /// The queue is paused, stopped or being deleted.
    Closed = 5,
    /// Ctrl-C, or a request to terminate.
    Interrupted = 130,
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}
