//! `json.parse` and `json.stringify`: JSON text to values and back.

use flow::signature::Effect;
use model::{Value, json};

use super::input::{Inputs, read};
use super::output::{given, of};
use super::{Action, Output};
use crate::failure::Failure;
use crate::json::Document;

pub(super) const PARSE: Action = Action {
    name: "json.parse",
    docs: "Makes a value of a JSON text.\n\nJSON is read strictly: no comments, no name twice in \
           an object, and numbers keep all their digits. A value that is no text is parsed \
           already, and stays as it is, so the value of an item can always be given.",
    example: "\
id: invoice
uses: json.parse
with: { text: \"${{ item.value }}\" }",
    effect: Effect::None,
    errors: &["json/invalid", "limit/exceeded"],
    inputs: Parse::params,
    output: of::<Value>,
    perform: |_, inputs| parse(read(inputs)?),
};

inputs! {
    struct Parse {
        /// The JSON text, or a value that is parsed already.
        text: Value,
    }
}

fn parse(Parse { text }: Parse) -> Result<Output, Failure> {
    let value = match text {
        Value::Text(text) => Document::parse(&text)?.into_value(),
        parsed => parsed,
    };
    Ok(Output::Value(value))
}

pub(super) const STRINGIFY: Action = Action {
    name: "json.stringify",
    docs: "Makes a JSON text of any value.\n\nNumbers keep their digits, and objects their order.",
    example: "\
id: body
uses: json.stringify
with: { value: \"${{ invoice }}\", indent: true }",
    effect: Effect::None,
    errors: &[],
    inputs: Stringify::params,
    output: of::<String>,
    perform: |_, inputs| {
        let Stringify { value, indent } = read(inputs)?;
        Ok(given(if indent { json::pretty(&value) } else { json::write(&value) }))
    },
};

inputs! {
    struct Stringify {
        /// What becomes text.
        value: Value,
        /// On several lines, indented.
        indent: bool = false,
    }
}
