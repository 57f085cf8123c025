//! What proves that a file of the cache is ours: a keyed hash over all that it stands for.

use blake3::{Hasher, KEY_LEN, OUT_LEN};

use super::Fingerprint;
use super::dir::Spoilt;
use crate::compile::{Artifact, Exports};

/// Begins every file; another format has another one.
const MAGIC: &[u8; 16] = b"wharf artifact 1";
const SEAL_AT: usize = MAGIC.len() + 1;
const CODE_AT: usize = SEAL_AT + OUT_LEN;

/// The file and the seal of one component's code, for one kind of engine.
pub(super) struct Seal<'a> {
    key: &'a [u8; KEY_LEN],
    component: blake3::Hash,
    engines: Fingerprint,
    file_name: String,
}

impl<'a> Seal<'a> {
    pub(super) fn new(key: &'a [u8; KEY_LEN], component: &[u8], engines: Fingerprint) -> Self {
        let component = blake3::hash(component);
        let engine = blake3::Hash::from(engines.0).to_hex();
        let file_name = format!("{}-{}.artifact", component.to_hex(), &engine[..16]);
        Self { key, component, engines, file_name }
    }

    pub(super) fn file_name(&self) -> &str {
        &self.file_name
    }

    /// The content of the file.
    pub(super) fn close(&self, artifact: &Artifact) -> Vec<u8> {
        let seal = self.over(artifact.exports(), artifact.bytes());
        let exports = [artifact.exports() as u8];
        [&MAGIC[..], &exports, seal.as_bytes(), artifact.bytes()].concat()
    }

    /// The code in the file, if all of it is as it was sealed.
    pub(super) fn open(&self, mut bytes: Vec<u8>) -> Result<Artifact, Spoilt> {
        if !bytes.starts_with(MAGIC) || bytes.len() < CODE_AT {
            return Err(Spoilt::Format);
        }
        let exports = Exports::from_byte(bytes[MAGIC.len()]).ok_or(Spoilt::Format)?;
        let seal: [u8; OUT_LEN] =
            bytes[SEAL_AT..CODE_AT].try_into().expect("the range is as long as a hash");
        let code = bytes.split_off(CODE_AT);
        // Comparing hashes of this type takes the same time wherever they differ.
        if self.over(exports, &code) != blake3::Hash::from(seal) {
            return Err(Spoilt::Seal);
        }
        Ok(Artifact::vouched(exports, code))
    }

    fn over(&self, exports: Exports, code: &[u8]) -> blake3::Hash {
        let mut hasher = Hasher::new_keyed(self.key);
        hasher.update(MAGIC);
        hasher.update(self.component.as_bytes());
        hasher.update(&self.engines.0);
        hasher.update(&[exports as u8]);
        hasher.update(code);
        hasher.finalize()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGINES: Fingerprint = Fingerprint([7; OUT_LEN]);

    fn sealed() -> Vec<u8> {
        let artifact = Artifact::vouched(Exports::Async, b"code".to_vec());
        Seal::new(&[1; KEY_LEN], b"component", ENGINES).close(&artifact)
    }

    #[test]
    fn opens_what_it_closed() {
        let artifact = Seal::new(&[1; KEY_LEN], b"component", ENGINES).open(sealed()).unwrap();
        assert_eq!((artifact.exports(), artifact.bytes()), (Exports::Async, &b"code"[..]));
    }

    #[test]
    fn refuses_every_changed_bit() {
        let seal = Seal::new(&[1; KEY_LEN], b"component", ENGINES);
        let sealed = sealed();
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(seal.open(changed).is_err(), "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert!(seal.open(sealed[..length].to_vec()).is_err(), "length {length}");
        }
        assert!(seal.open([&sealed[..], &[0]].concat()).is_err());
    }

    #[test]
    fn refuses_other_keys_components_and_engines() {
        for (key, component, engines) in [
            ([2; KEY_LEN], &b"component"[..], ENGINES),
            ([1; KEY_LEN], b"components", ENGINES),
            ([1; KEY_LEN], b"component", Fingerprint([8; OUT_LEN])),
        ] {
            let opened = Seal::new(&key, component, engines).open(sealed());
            assert_eq!(opened.unwrap_err(), Spoilt::Seal);
        }
    }
}
