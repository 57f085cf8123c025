//! Documents that a flow names by their paths: samples and schemas beside it.

use model::{Value, json};

use crate::program::{Flow, Form};
use crate::signature::{Catalog, Contract, Signature};
use crate::source::Source;
use crate::walk;

/// What is known beside one flow: paths are those from its folder.
pub(super) struct Documents<'c> {
    pub(super) catalog: &'c dyn Catalog,
    pub(super) folder: String,
}

/// The folder of a flow, with the slash behind it; empty for the current one.
pub(super) fn folder_of(source: &Source) -> String {
    source.name().rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"))
}

impl Catalog for Documents<'_> {
    fn action(&self, name: &str) -> Option<&Signature> {
        self.catalog.action(name)
    }

    fn actions(&self) -> Vec<&str> {
        self.catalog.actions()
    }

    fn flow(&self, name: &str) -> Option<&Contract> {
        self.catalog.flow(name)
    }

    fn flows(&self) -> Vec<&str> {
        self.catalog.flows()
    }

    fn file(&self, path: &str) -> Result<String, String> {
        let beside =
            if path.starts_with('/') { path.into() } else { format!("{}{path}", self.folder) };
        self.catalog.file(&beside)
    }
}

/// Puts the documents that a checked flow names in the place of their paths: a run keeps what was
/// there when it began. `named` says which inputs of an action name one. Returns each path with its
/// text.
pub fn inline(
    flow: &mut Flow,
    named: &[(&str, &[&str])],
    catalog: &dyn Catalog,
) -> Vec<(String, String)> {
    let folder = folder_of(&flow.source);
    let catalog = Documents { catalog, folder: folder.clone() };
    let mut found = Vec::new();
    walk::uses(flow, &mut |action, with| {
        let inputs = named.iter().find(|(name, _)| *name == action).map_or(&[][..], |it| it.1);
        for input in inputs {
            let Some(template) = with.get_mut(*input) else { continue };
            let Form::Literal(Value::Text(path)) = &template.form else { continue };
            // What cannot be read was told when the flow was checked.
            let Ok(text) = catalog.file(path) else { continue };
            let Ok(document) = json::parse(&text) else { continue };
            found.push((format!("{folder}{path}"), text));
            template.form = Form::Literal(document);
        }
    });
    found
}
