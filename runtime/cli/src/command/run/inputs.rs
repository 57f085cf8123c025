//! What a flow is given on the command line.

use flow::Flow;
use flow::expr::Type;
use indexmap::IndexMap;
use model::similar::closest;
use model::{Value, json};

use crate::args::shown;
use crate::error::{Error, Result};
use crate::input;

/// Reads the inputs of a flow: words by the types that it declares, a file as JSON.
pub(super) fn read(
    words: &[String],
    file: Option<&str>,
    flow: &Flow,
) -> Result<IndexMap<String, Value>> {
    let mut inputs = match file {
        Some(file) => of_file(file)?,
        None => IndexMap::new(),
    };
    for word in words {
        let (name, value) = word.split_once('=').ok_or_else(|| {
            let message = format!("--input: `{}` is not NAME=VALUE", shown(word));
            Error::usage(message, takes(flow))
        })?;
        let Some(input) = flow.inputs.get(name) else { return Err(unknown(name, flow)) };
        inputs.insert(name.to_owned(), of_word(name, value, &input.takes)?);
    }
    for name in inputs.keys() {
        if !flow.inputs.contains_key(name) {
            return Err(unknown(name, flow));
        }
    }
    for (name, input) in &flow.inputs {
        let optional = matches!(input.takes, Type::Optional(_) | Type::Unknown);
        match inputs.get(name) {
            None if input.default.is_none() && !optional => {
                let message = format!("the flow `{}` needs the input `{name}`", flow.name.value);
                return Err(Error::usage(message, takes(flow)));
            }
            None => {}
            Some(value) => fits(name, value, &input.takes)?,
        }
    }
    Ok(inputs)
}

fn of_file(file: &str) -> Result<IndexMap<String, Value>> {
    let named =
        if file == "-" || file.starts_with('@') { file.to_owned() } else { format!("@{file}") };
    let text = input::text(&named)?;
    let value = json::parse(&text).map_err(|error| model::Error::InvalidJson {
        line: error.line,
        column: error.column,
        problem: error.problem(),
    })?;
    match value {
        Value::Object(fields) => Ok(fields),
        other => {
            let message = format!("--input-file: expected an object, found {}", other.type_name());
            Err(Error::usage(message, "an object has a field for each input, by its name"))
        }
    }
}

/// A word by the type it is wanted as; a list or an object is JSON.
fn of_word(name: &str, word: &str, wanted: &Type) -> Result<Value> {
    let text = match word.strip_prefix('@') {
        Some(_) => input::text(word)?,
        None => word.to_owned(),
    };
    let present = wanted.clone().present();
    if matches!(present, Type::List(_) | Type::Map(_) | Type::Object(_))
        || (present == Type::Unknown && text.starts_with(['{', '[', '"']))
    {
        return json::parse(&text).map_err(|error| {
            let (line, column) = (error.line, error.column);
            let message =
                format!("--input {name}: line {line}, column {column}: {}", error.problem());
            Error::usage(message, "a list or an object is written as JSON, or read from @FILE")
        });
    }
    flow::check::resolve(&text, wanted)
        .map_err(|(message, hint)| Error::usage(format!("--input {name}: {message}"), hint))
}

fn fits(name: &str, value: &Value, wanted: &Type) -> Result<()> {
    wanted.takes_value(value).map_err(|misfit| {
        let message = format!("the input `{name}` does not fit: {misfit}");
        Error::usage(message, format!("it is {wanted}"))
    })
}

fn unknown(name: &str, flow: &Flow) -> Error {
    let message = format!("the flow `{}` has no input `{}`", flow.name.value, shown(name));
    match closest(name, flow.inputs.keys().map(String::as_str)) {
        Some(similar) => {
            Error::usage(message, format!("did you mean `{similar}`? {}", takes(flow)))
        }
        None => Error::usage(message, takes(flow)),
    }
}

/// What a flow takes, in a sentence.
fn takes(flow: &Flow) -> String {
    if flow.inputs.is_empty() {
        return "it takes none".into();
    }
    let told = flow.inputs.iter().map(|(name, input)| {
        let default = match &input.default {
            Some(default) if !input.sensitive => format!(" = {}", shown(&default.to_string())),
            _ => String::new(),
        };
        let takes = match &input.takes {
            Type::Unknown => "any value".to_owned(),
            known => known.to_string(),
        };
        format!("`{name}` ({takes}{default})")
    });
    format!("it takes {}", told.collect::<Vec<_>>().join(", "))
}
