//! What a step needs of the world around it. Every piece comes in from outside.

use std::fmt;
use std::sync::Arc;

use model::{Clock, Entropy, Id, Store, Timestamp};

use crate::files::Folders;
use crate::http::HttpClient;
use crate::log::LogSink;
use crate::secret::Secrets;

/// The world of a step: shared by all steps of a process.
#[derive(Clone)]
pub struct World {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    /// The folders of the project, by the names that grants use.
    pub folders: Arc<Folders>,
    pub http: Arc<dyn HttpClient>,
    pub secrets: Arc<dyn Secrets>,
    pub log: Arc<dyn LogSink>,
}

impl World {
    pub fn now(&self) -> Timestamp {
        model::time::now(&*self.clock)
    }

    pub fn new_id(&self) -> Id {
        Id::new(&*self.clock, &*self.entropy)
    }
}

impl fmt::Debug for World {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("World")
    }
}
