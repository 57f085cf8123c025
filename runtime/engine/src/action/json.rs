//! `json.parse` and `json.stringify`: JSON text to values and back.

use flow::expr::Type;
use flow::sample;
use flow::signature::{Effect, Output as Gives};
use model::{Value, json};

use super::given::Misfit;
use super::input::{Input, Inputs, read};
use super::output::{given, of};
use super::{Action, Output};
use crate::failure::{Failure, Kind};
use crate::json::Document;
use crate::shown::quoted;

pub(super) const PARSE: Action = Action {
    name: "json.parse",
    docs: "Makes a value of a JSON text.\n\nJSON is read strictly: no comments, no name twice in \
           an object, and numbers keep all their digits. A value that is no text is parsed \
           already, and stays as it is, so the value of an item can always be given. A schema or a \
           sample says what the value must be like; then what comes after knows its fields. A \
           field that the sample has as null may be null, others must be there.",
    example: "\
id: invoice
uses: json.parse
with: { text: \"${{ item.value }}\", sample: samples/invoice.json }",
    effect: Effect::None,
    errors: &["json/invalid", "json/mistyped", "json/bad-schema", "limit/exceeded"],
    inputs: Parse::params,
    output: || Gives::From(sample::parsed),
    perform: |_, inputs| parse(read(inputs)?),
};

inputs! {
    struct Parse {
        /// The JSON text, or a value that is parsed already.
        text: Value,
        /// A JSON Schema, or the path of one beside the flow.
        schema: Option<Beside>,
        /// The path of a document beside the flow that shows what the value is like.
        sample: Option<Beside>,
    }
}

/// The inputs for which a flow names a document beside it. Whoever performs the action gives the
/// document itself: the run keeps what was there when it began.
pub const BESIDE: &[(&str, &[&str])] = &[("json.parse", &["schema", "sample"])];

/// A document that a flow names by its path.
#[derive(Debug)]
struct Beside(Value);

impl Input for Beside {
    fn takes() -> Type {
        Type::Unknown
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        match value {
            Value::Text(path) => {
                let problem = format!("is `{}`, which nobody has read", quoted(&path));
                Err(Misfit::new(problem, "write the path itself into the flow, without `${{ }}`"))
            }
            document => Ok(Self(document)),
        }
    }
}

fn parse(Parse { text, schema, sample }: Parse) -> Result<Output, Failure> {
    let wanted = match (schema, sample) {
        (None, None) => Type::Unknown,
        (Some(Beside(schema)), None) => from_schema(&schema)?,
        (None, Some(Beside(document))) => sample::infer([&document]),
        (Some(_), Some(_)) => {
            return Err(Misfit::new("is given a schema and a sample", "give one of them").into());
        }
    };
    let value = match text {
        Value::Text(text) => Document::parse(&text)?.into_value(),
        parsed => parsed,
    };
    wanted.takes_value(&value).map_err(|mismatch| {
        let message = format!("the value is not what it should be: {mismatch}");
        Failure::new(Kind::Business, "json/mistyped", message).with_hint(mismatch.hint)
    })?;
    Ok(Output::Value(value))
}

fn from_schema(schema: &Value) -> Result<Type, Failure> {
    sample::from_schema(schema).map_err(|error| {
        let message = format!("this is not a usable JSON Schema: {error}");
        Failure::new(Kind::Generic, "json/bad-schema", message).with_hint(error.hint())
    })
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
