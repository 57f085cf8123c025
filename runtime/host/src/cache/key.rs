//! The key that seals are made with: random, made once, its owner's alone.

use blake3::KEY_LEN;
use model::Entropy;

use super::dir::Dir;
use crate::fault::Fault;

pub(super) const KEY_FILE: &str = "key";

/// The key of this cache. One that is missing, or that others could have seen or set, is made
/// anew; what was sealed with it is lost then, and compiled again.
pub(super) fn read_or_make(dir: &Dir, entropy: &dyn Entropy) -> Result<[u8; KEY_LEN], Fault> {
    let read = || dir.read(KEY_FILE).map(|bytes| bytes.and_then(|bytes| bytes.try_into().ok()));
    let is_there = match read() {
        Ok(Some(key)) => return Ok(key),
        Ok(None) => dir.read(KEY_FILE) != Ok(None),
        Err(_) => true,
    };
    let fresh = fresh(entropy);
    if is_there {
        dir.write(KEY_FILE, entropy.next(), &fresh)?;
        return Ok(fresh);
    }
    if dir.write_new(KEY_FILE, entropy.next(), &fresh)? {
        return Ok(fresh);
    }
    // Another process was faster; its key is the key.
    read().ok().flatten().ok_or_else(|| Fault::UnsafeCache {
        dir: dir.path().display().to_string(),
        problem: "its key changes while it is read".into(),
    })
}

fn fresh(entropy: &dyn Entropy) -> [u8; KEY_LEN] {
    let mut key = [0; KEY_LEN];
    for part in key.chunks_exact_mut(16) {
        part.copy_from_slice(&entropy.next().to_le_bytes());
    }
    key
}
