//! A digest of whatever is read.

use std::io::{self, Read};

/// Reads, and digests what it read.
#[derive(Debug)]
pub(super) struct Tee<R> {
    input: R,
    hasher: blake3::Hasher,
}

impl<R> Tee<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, hasher: blake3::Hasher::new() }
    }

    /// The digest of what was read so far.
    pub(super) fn digest(&self) -> String {
        self.hasher.finalize().to_hex().to_string()
    }
}

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(into)?;
        self.hasher.update(&into[..read]);
        Ok(read)
    }
}
