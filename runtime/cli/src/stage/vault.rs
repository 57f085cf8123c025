//! The vault of a data directory: a key that nobody else can read, made when it is first needed.

use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::vault::Vault;
use model::Entropy;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

const KEY_BYTES: usize = 32;

/// The key lies in a file of the data directory.
pub(crate) struct Keyed {
    pub(crate) file: PathBuf,
    pub(crate) entropy: Arc<dyn Entropy>,
}

impl Keyed {
    fn key(&self, make: bool) -> io::Result<LessSafeKey> {
        let bytes = match read(&self.file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && make => self.make()?,
            found => found?,
        };
        let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes);
        key.map(LessSafeKey::new).map_err(|_| io::Error::other("is not a key"))
    }

    /// Makes the key, and the data directory where this is the first thing in it. Who comes second
    /// finds the key of who came first.
    fn make(&self) -> io::Result<Vec<u8>> {
        if let Some(data) = self.file.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(data)?;
        }
        let bytes = [self.entropy.next().to_le_bytes(), self.entropy.next().to_le_bytes()].concat();
        let mut options = OpenOptions::new();
        match options.write(true).create_new(true).mode(0o600).open(&self.file) {
            Ok(mut file) => {
                file.write_all(&bytes)?;
                file.sync_all()?;
                Ok(bytes)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => read(&self.file),
            Err(error) => Err(error),
        }
    }
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(KEY_BYTES);
    File::open(file)?.take(KEY_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Vault for Keyed {
    fn seal(&self, text: &str) -> Result<String, String> {
        let key = self.key(true).map_err(|error| {
            format!("the key `{}` cannot be used: {}", self.file.display(), model::plain(&error))
        })?;
        let random = self.entropy.next().to_le_bytes();
        let nonce: [u8; NONCE_LEN] = std::array::from_fn(|at| random[at]);
        let mut sealed = text.as_bytes().to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        key.seal_in_place_append_tag(unique, Aad::empty(), &mut sealed)
            .map_err(|_| "the text is too long to be sealed".to_owned())?;
        Ok(STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    fn open(&self, sealed: &str) -> Option<String> {
        let bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        let key = self.key(false).ok()?;
        let text = key.open_in_place(nonce, Aad::empty(), &mut sealed).ok()?;
        String::from_utf8(text.to_vec()).ok()
    }
}

impl fmt::Debug for Keyed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Keyed({})", self.file.display())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use model::SeededEntropy;

    use super::*;

    #[test]
    fn only_the_same_key_opens_what_it_sealed() {
        let dir = tempfile::tempdir().expect("a directory");
        let keyed = |name: &str, seed| Keyed {
            file: dir.path().join("data").join(name),
            entropy: Arc::new(SeededEntropy::new(seed)),
        };
        let (one, two) = (keyed("one", 1), keyed("two", 2));
        let sealed = one.seal("a secret").expect("it is sealed");
        assert!(!sealed.contains("secret"));
        assert_ne!(sealed, one.seal("a secret").expect("it is sealed"), "twice is not alike");
        assert_eq!(one.open(&sealed).as_deref(), Some("a secret"));
        assert_eq!(keyed("one", 9).open(&sealed).as_deref(), Some("a secret"), "the key stays");
        assert_eq!(two.open(&sealed), None, "there is no key yet");
        two.seal("x").expect("it is sealed");
        assert_eq!(two.open(&sealed), None, "it is another key");
        let mut changed = STANDARD.decode(&sealed).expect("base64");
        changed[NONCE_LEN] ^= 1;
        for wrong in [STANDARD.encode(changed), String::new(), "%".into(), "AAAA".into()] {
            assert_eq!(one.open(&wrong), None, "{wrong}");
        }
        let mode = std::fs::metadata(dir.path().join("data/one")).expect("it is there").mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
