//! Where steps are performed: the plugins of a project, and the world around them.

mod log;
mod secrets;
mod store;
mod vault;

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use engine::World;
use engine::files::Folders;
use engine::grant::{Grants, Permit};
use engine::vault::Vault;
use host::limits::CACHE_BYTES_MAX;
use host::project::{self, Entry, Project};
use host::registry::Registry;
use host::{Host, HostOptions, Signature, Steps};
use model::{Clock, Entropy, Store};

pub(crate) use self::store::{Lazy, open as open_store};

use self::log::Talk;
use self::secrets::Kept;
use self::vault::Keyed;
use crate::component::Component;
use crate::error::{Error, Result};
use crate::output::Output;
use crate::system::{self, Environment};
use crate::toolchain::Tools;

/// The word that makes this program compile a component, in a process that it starts for this.
pub(crate) const COMPILE: &str = "__compile";

/// In the data directory: what was compiled, what is installed, and secrets.
const CACHE: &str = "cache";
const PLUGINS: &str = "plugins";
const SECRETS: &str = "secrets";
const KEY: &str = "journal.key";

/// What the verbs about plugins work with.
pub(crate) struct Stage<'a> {
    /// The data directory.
    pub(crate) data: PathBuf,
    /// The current folder.
    pub(crate) here: PathBuf,
    pub(crate) environment: &'a Environment,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    /// Raised by Ctrl-C, from the moment on at which somebody first looks.
    pub(crate) interrupted: LazyLock<Arc<AtomicBool>>,
}

impl Stage<'_> {
    /// The folder of the project.
    pub(crate) fn root(&self) -> &Path {
        project::root_of(&self.here)
    }

    pub(crate) fn project(&self) -> Result<Project> {
        Ok(Project::open(self.root())?)
    }

    pub(crate) fn ceiling(&self) -> Result<Option<Grants>> {
        Ok(project::ceiling(&self.data)?)
    }

    pub(crate) fn registry(&self) -> Registry {
        Registry::new(self.data.join(PLUGINS))
    }

    pub(crate) fn tools(&self, output: &Output) -> Tools<'_> {
        Tools {
            clock: &*self.clock,
            interrupted: &self.interrupted,
            compiler: &self.environment.compiler,
            quiet: output.quiet,
            color: output.color.1,
        }
    }

    /// What loads plugins. A data directory without a store may be made for its cache.
    pub(crate) fn host(&self, pooling: bool) -> Result<Host> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.data);
        made.map_err(Error::file("create", &self.data))?;
        let program = system::program().map_err(Error::file("find", "wharf"))?;
        Ok(Host::open(HostOptions {
            cache: self.data.join(CACHE),
            cache_bytes_max: CACHE_BYTES_MAX,
            compiler: (program, vec![COMPILE.into()]),
            pooling,
            clock: Arc::clone(&self.clock),
            entropy: Arc::clone(&self.entropy),
        })?)
    }

    /// Loads a component, and says so when it has to be compiled and that takes long.
    pub(crate) fn load(
        &self,
        host: &Host,
        component: &Component,
        output: &mut Output,
    ) -> Result<Steps> {
        let name = &component.name;
        let mut told = false;
        let mut progress = |_| {
            if !std::mem::replace(&mut told, true) {
                output.say(&format!("compiling `{name}`; the next time it is there at once"));
            }
        };
        let loaded = host.load(name, &component.bytes, &mut progress);
        // The compiler belongs to the same terminal, so Ctrl-C reaches it too.
        if loaded.is_err() && self.interrupted.load(Ordering::Relaxed) {
            return Err(Error::Interrupted);
        }
        Ok(loaded?)
    }

    /// What a component may do here; a warning where its grants do not count.
    pub(crate) fn permit(
        &self,
        name: &str,
        entry: &Entry,
        signature: &Signature,
        output: &mut Output,
    ) -> Result<Permit> {
        let news: Vec<String> = entry.news(signature).into_iter().collect();
        if !news.is_empty() {
            output.warn(&inactive(name, &news));
        }
        Ok(Permit {
            plugin: name.to_owned(),
            project: entry.grants_for(signature),
            ceiling: self.ceiling()?,
        })
    }

    /// The store of the data directory, opened when it is first asked something.
    pub(crate) fn store(&self) -> Lazy {
        self.lazy(false)
    }

    /// What keeps secrets in journals.
    pub(crate) fn vault(&self) -> Arc<dyn Vault> {
        Arc::new(Keyed { file: self.data.join(KEY), entropy: Arc::clone(&self.entropy) })
    }

    /// The store of the data directory, which is made where there is none.
    pub(crate) fn store_made(&self) -> Lazy {
        self.lazy(true)
    }

    fn lazy(&self, create: bool) -> Lazy {
        let (clock, entropy) = (Arc::clone(&self.clock), Arc::clone(&self.entropy));
        let (data, runtime_dir) = (self.data.clone(), self.environment.runtime_dir.clone());
        Lazy::new(move || {
            let (clock, entropy) = (Arc::clone(&clock), Arc::clone(&entropy));
            open_store(data.clone(), create, runtime_dir.clone(), clock, entropy)
        })
    }

    /// The world of a step. Only folders that it may look into are opened.
    pub(crate) fn world(
        &self,
        project: &Project,
        permit: &Permit,
        store: Arc<dyn Store>,
        output: &Output,
    ) -> Result<World> {
        let mut folders = Folders::default();
        for (name, path) in &project.folders {
            if permit.files(name, engine::grant::Access::Read).is_ok() {
                folders.open(name, path).map_err(|source| Error::Folder {
                    name: name.clone(),
                    path: path.clone(),
                    source,
                })?;
            }
        }
        let talk = Arc::new(Talk { quiet: output.quiet, color: output.color.1 });
        let environment = self.environment.secrets.clone();
        let secrets = Kept { environment, folder: self.data.join(SECRETS) };
        Ok(World {
            store,
            clock: Arc::clone(&self.clock),
            entropy: Arc::clone(&self.entropy),
            folders: Arc::new(folders),
            http: Arc::new(service::Network),
            secrets: Arc::new(secrets),
            log: talk,
        })
    }
}

/// Why the grants of a plugin count for nothing, and what to do about it.
pub(crate) fn inactive(name: &str, news: &[String]) -> String {
    format!(
        "warning: `{name}` asks for {} now, which it did not when it was granted something: its \
         grants count for nothing until `wharf plugin grant {name}` gives them again",
        news.join(", ")
    )
}
