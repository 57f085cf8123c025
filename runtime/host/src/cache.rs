//! Machine code that was compiled before, kept by what it was compiled from.
//!
//! Code from here runs outside of any sandbox if it is not what the compiler wrote. So each file
//! carries a seal made with a key that lies beside it, readable by its owner alone, over the code,
//! the component it was made from and the engine it was made for. What does not carry the right
//! seal is not looked at, whatever it is.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::Entropy;

use crate::compile::{Artifact, Compiler, Progress, check};
use crate::fault::Fault;

mod dir;
mod evict;
mod key;
mod seal;

use dir::Dir;
pub use dir::Spoilt;
use seal::Seal;

/// Where the cache is and how large it may grow.
pub struct CacheOptions {
    /// Made if it is not there; its parent must be.
    pub dir: PathBuf,
    pub bytes_max: u64,
    pub entropy: Arc<dyn Entropy>,
}

/// A cache on disk. Several processes may use it at a time.
pub struct Cache {
    dir: Dir,
    key: [u8; blake3::KEY_LEN],
    bytes_max: u64,
    entropy: Arc<dyn Entropy>,
}

/// Which engines code is for, as a hash of everything that decides about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(pub(crate) [u8; blake3::OUT_LEN]);

/// Machine code, and where it came from.
#[derive(Debug)]
pub struct Cached {
    pub artifact: Artifact,
    pub origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Cache,
    /// It was not there.
    Compiled,
    /// It was there and could not be trusted.
    Replaced(Spoilt),
}

impl Cache {
    /// Opens a cache, and makes it where there is none.
    pub fn open(options: CacheOptions) -> Result<Self, Fault> {
        let CacheOptions { dir, bytes_max, entropy } = options;
        let dir = Dir::open(&dir)?;
        let key = key::read_or_make(&dir, &*entropy)?;
        Ok(Self { dir, key, bytes_max, entropy })
    }

    /// The code of a component: from here, or else from the compiler.
    pub fn find(
        &self,
        component: &[u8],
        engines: Fingerprint,
        compiler: &Compiler,
        progress: Progress<'_>,
    ) -> Result<Cached, Fault> {
        check(component)?;
        let seal = Seal::new(&self.key, component, engines);
        let origin = match self.read(&seal) {
            Ok(Some(artifact)) => return Ok(Cached { artifact, origin: Origin::Cache }),
            Ok(None) => Origin::Compiled,
            Err(spoilt) => Origin::Replaced(spoilt),
        };
        let artifact = compiler.compile(component, self.dir.path(), progress)?;
        self.write(&seal, &artifact)?;
        Ok(Cached { artifact, origin })
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    fn read(&self, seal: &Seal) -> Result<Option<Artifact>, Spoilt> {
        let Some(bytes) = self.dir.read(seal.file_name())? else { return Ok(None) };
        let artifact = seal.open(bytes)?;
        self.dir.touch(seal.file_name());
        Ok(Some(artifact))
    }

    fn write(&self, seal: &Seal, artifact: &Artifact) -> Result<(), Fault> {
        self.dir.write(seal.file_name(), self.entropy.next(), &seal.close(artifact))?;
        evict::oldest(&self.dir, self.bytes_max, seal.file_name())
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Cache").field("dir", &self.dir.path()).finish_non_exhaustive()
    }
}

impl fmt::Debug for CacheOptions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("CacheOptions").field("dir", &self.dir).finish_non_exhaustive()
    }
}
