//! What flows can use here: built-in actions, the steps of installed plugins, files beside them.

use std::collections::BTreeMap;
use std::path::Path;

use flow::{Catalog, Contract, Signature};

use super::read_bounded;
use crate::error::Result;
use crate::stage::Stage;

/// The largest sample or schema.
const FILE_BYTES_MAX: usize = 1024 * 1024;

/// The actions that flows of a project can use.
#[derive(Default)]
pub(crate) struct Known {
    actions: BTreeMap<String, Signature>,
    /// Documents that a run is bound to, by their paths.
    documents: BTreeMap<String, String>,
}

impl Known {
    /// Built-in actions, and the steps of the plugins that are installed in the project. A plugin
    /// that cannot be read is as good as none: whoever uses it is told that it is not there.
    pub(crate) fn of(stage: &Stage<'_>) -> Result<Self> {
        let project = stage.project()?;
        let registry = stage.registry();
        let mut known = Self::default();
        let built_in = engine::action::signatures().iter().cloned();
        known.actions.extend(built_in.map(|action| (action.name.clone(), action)));
        for (name, entry) in &project.plugins {
            let component = entry.digest.and_then(|digest| registry.component(digest).ok());
            let decoded = component.and_then(|bytes| host::Signature::decode(&bytes).ok());
            let steps = decoded.map(|it| host::flows::signatures(name, &it)).unwrap_or_default();
            known.actions.extend(steps.into_iter().map(|step| (step.name.clone(), step)));
        }
        Ok(known)
    }
}

impl Known {
    /// The same, with these documents in the place of files.
    pub(super) fn with_documents(self, documents: BTreeMap<String, String>) -> Self {
        Self { documents, ..self }
    }
}

impl Catalog for Known {
    fn action(&self, name: &str) -> Option<&Signature> {
        self.actions.get(name)
    }

    fn actions(&self) -> Vec<&str> {
        self.actions.keys().map(String::as_str).collect()
    }

    fn flow(&self, _: &str) -> Option<&Contract> {
        None
    }

    fn flows(&self) -> Vec<&str> {
        Vec::new()
    }

    fn file(&self, path: &str) -> std::result::Result<String, String> {
        if let Some(text) = self.documents.get(path) {
            return Ok(text.clone());
        }
        let bytes = read_bounded(Path::new(path), FILE_BYTES_MAX);
        let bytes = bytes.map_err(|_| "there is no such file, or it may not be read".to_owned())?;
        if bytes.len() > FILE_BYTES_MAX {
            return Err(format!("it has more than {FILE_BYTES_MAX} bytes"));
        }
        String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
    }
}
