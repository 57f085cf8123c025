//! Documents that a flow names by their paths: samples and schemas beside it.

use model::{Value, json};

use crate::program::{Flow, Form};
use crate::signature::Catalog;
use crate::source::Source;
use crate::walk;

/// The folder of a flow, with the slash behind it; empty for the current one.
pub(super) fn folder_of(source: &Source) -> String {
    source.name().rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"))
}

/// The path of a document that a flow in that folder names.
pub(super) fn path_from(folder: &str, path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("{folder}{path}") }
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
    let mut found = Vec::new();
    walk::uses(flow, &mut |action, with| {
        let inputs = named.iter().find(|(name, _)| *name == action).map_or(&[][..], |it| it.1);
        for input in inputs {
            let Some(template) = with.get_mut(*input) else { continue };
            let Form::Literal(Value::Text(path)) = &template.form else { continue };
            // What cannot be read was told when the flow was checked.
            let place = path_from(&folder, path);
            let Ok(text) = catalog.file(&place) else { continue };
            let Ok(document) = json::parse(&text) else { continue };
            found.push((place, text));
            template.form = Form::Literal(document);
        }
    });
    found
}
