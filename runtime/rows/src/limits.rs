//! Every limit of the reader, by name; a row that exceeds one is rejected and the limit is named.

use crate::error::Error;

/// How large the parts of a file may be. What exceeds a limit is a row error, never memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// One cell; for a quoted cell also its text as written, quotes included.
    pub field_bytes_max: usize,
    /// One record as written, line ends inside quotes included.
    pub record_bytes_max: usize,
    /// The columns of one record.
    pub columns_max: usize,
    /// How much of a rejected row its error quotes.
    pub raw_bytes_max: usize,
    /// How much of the beginning is looked at for encoding and dialect.
    pub sample_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            field_bytes_max: 1024 * 1024,
            record_bytes_max: 4 * 1024 * 1024,
            columns_max: 4096,
            raw_bytes_max: 16 * 1024,
            sample_bytes_max: 64 * 1024,
        }
    }
}

impl Limits {
    /// Refuses limits under which no row could be read at all.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let named = [
            ("field_bytes_max", self.field_bytes_max),
            ("record_bytes_max", self.record_bytes_max),
            ("columns_max", self.columns_max),
            ("sample_bytes_max", self.sample_bytes_max),
        ];
        match named.iter().find(|(_, value)| *value == 0) {
            Some((name, _)) => Err(Error::ZeroLimit { name }),
            None => Ok(()),
        }
    }
}
