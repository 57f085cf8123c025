//! The grammar as JSON Schema 2020-12, for editors: completion, hover and first errors.
//!
//! It is wider than reading in one way only: whatever holds an expression is a text to it.

use indexmap::IndexMap;
use model::{Number, Value};

use super::{Construct, Default, Key, TYPES, Takes, constructs, words};
use crate::expr::Type;
use crate::read::{ID_PATTERN, KINDS, NAME_PATTERN};
use crate::signature::{Catalog, Param, Signature};

/// The schema of a file, with what the actions of the catalog take.
pub fn schema(catalog: &dyn Catalog) -> Value {
    let mut defs = fixed();
    for construct in constructs().filter(|construct| !construct.keys.is_empty()) {
        if !words().any(|word| word.name == construct.name) && construct.name != "flow" {
            defs.insert(construct.name.to_owned(), closed(&[construct], construct.docs));
        }
    }
    let step = super::construct("step");
    for word in words() {
        defs.insert(format!("step-{}", word.name), closed(&[word, step], word.docs));
    }
    defs.insert("step-uses".to_owned(), uses(catalog));
    defs.insert("step-call".to_owned(), call(catalog));
    defs.insert("step".to_owned(), any_step());
    let mut root = as_object(closed(&[super::construct("flow")], super::construct("flow").docs));
    root.shift_insert(0, "$schema".into(), text("https://json-schema.org/draft/2020-12/schema"));
    root.shift_insert(1, "title".into(), text("A flow of wharf"));
    root.insert("$defs".into(), Value::Object(defs));
    Value::Object(root)
}

type Fields = IndexMap<String, Value>;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn number(number: u64) -> Value {
    Value::Number(Number::from(number))
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn as_object(value: Value) -> Fields {
    if let Value::Object(fields) = value { fields } else { Fields::new() }
}

fn of_type(name: &str) -> Value {
    object([("type", text(name))])
}

fn reference(name: &str) -> Value {
    object([("$ref", Value::Text(format!("#/$defs/{name}")))])
}

fn any_of(options: Vec<Value>) -> Value {
    object([("anyOf", Value::List(options))])
}

fn words_of(words: &[&str]) -> Value {
    object([("enum", Value::List(words.iter().map(|word| text(word)).collect()))])
}

fn pattern(pattern: &str) -> Value {
    object([("type", text("string")), ("pattern", text(pattern))])
}

fn list_of(items: Value) -> Value {
    object([("type", text("array")), ("items", items)])
}

fn mapping_of(values: Value) -> Value {
    object([("type", text("object")), ("additionalProperties", values)])
}

/// What stands for itself and is used in many places.
fn fixed() -> Fields {
    let type_names = TYPES.iter().flat_map(|name| [(*name).to_owned(), format!("{name}?")]);
    let type_names = object([("enum", Value::List(type_names.map(Value::Text).collect()))]);
    let steps =
        object([("type", text("array")), ("items", reference("step")), ("minItems", number(1))]);
    let catch = any_of(vec![words_of(&["all"]), words_of(KINDS), pattern("/")]);
    let defs = [
        ("expression", pattern(r"\$\{\{")),
        ("span", pattern(r"^\s*([0-9]+(ms|s|m|h|d|w)\s*)+$")),
        ("caught", catch),
        ("steps", steps),
        ("type-or-keys", any_of(vec![type_names, reference("type")])),
    ];
    defs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A mapping with the keys of these, of which those of the first may be required.
fn closed(of: &[&Construct], docs: &str) -> Value {
    let keys = of.iter().flat_map(|construct| construct.keys);
    let mut properties = Fields::new();
    for key in keys {
        properties.entry(key.name.to_owned()).or_insert_with(|| property(key));
    }
    let required = of[0].keys.iter().filter(|key| key.default == Default::Required);
    let required = required.map(|key| text(key.name)).collect();
    object([
        ("type", text("object")),
        ("description", text(docs)),
        ("properties", Value::Object(properties)),
        ("required", Value::List(required)),
        ("additionalProperties", Value::Bool(false)),
    ])
}

fn property(key: &Key) -> Value {
    let mut fields = as_object(of_takes(key.takes));
    let docs = match key.default {
        Default::Is(default) => format!("{} Without it: {default}.", key.docs),
        _ => key.docs.to_owned(),
    };
    fields.shift_insert(0, "description".into(), Value::Text(docs));
    Value::Object(fields)
}

fn of_takes(takes: Takes) -> Value {
    match takes {
        Takes::Text | Takes::Action => of_type("string"),
        Takes::FlowName => pattern(NAME_PATTERN),
        Takes::Id => pattern(ID_PATTERN),
        Takes::Code => pattern("/"),
        Takes::Span => reference("span"),
        Takes::Count(least, most) => object([
            ("type", text("integer")),
            ("minimum", number(least)),
            ("maximum", number(most)),
        ]),
        Takes::Bool => of_type("boolean"),
        Takes::Word(words) => words_of(words),
        Takes::Texts => any_of(vec![of_type("string"), list_of(of_type("string"))]),
        Takes::Caught => any_of(vec![reference("caught"), list_of(reference("caught"))]),
        Takes::Expression => {
            let scalars = ["string", "boolean", "number"].map(text).to_vec();
            object([("type", Value::List(scalars))])
        }
        Takes::Value | Takes::Literal | Takes::Alternatives => object([]),
        Takes::Values => of_type("object"),
        Takes::Names => names_of(object([])),
        Takes::Type => reference("type-or-keys"),
        Takes::Types => mapping_of(reference("type-or-keys")),
        Takes::Inputs => names_of(any_of(vec![reference("type-or-keys"), reference("input")])),
        Takes::Triggers => any_of(vec![reference("on"), list_of(reference("on"))]),
        Takes::Steps => reference("steps"),
        Takes::Branches => names_of(reference("steps")),
        Takes::One(name) => reference(name),
        Takes::Many(name) => list_of(reference(name)),
        Takes::OneOrMany(name) => any_of(vec![reference(name), list_of(reference(name))]),
        Takes::Wait => any_of(vec![
            reference("span"),
            reference("expression"),
            words_of(&["stop-requested"]),
            reference("wait-keys"),
        ]),
        Takes::Failure => any_of(vec![of_type("string"), reference("fail-keys")]),
        Takes::Outputs => any_of(vec![of_type("null"), of_type("object")]),
        Takes::Nothing => of_type("null"),
    }
}

fn names_of(values: Value) -> Value {
    object([
        ("type", text("object")),
        ("propertyNames", pattern(ID_PATTERN)),
        ("additionalProperties", values),
    ])
}

/// A step by the word it has, so that an editor tells what is wrong with that one.
fn any_step() -> Value {
    let mut known = vec![words_of(&["break", "continue", "return"])];
    let others = words().map(|word| word.name).filter(|name| *name != "if");
    let others = others.collect::<Vec<_>>();
    known.extend(others.iter().map(|name| reference(&format!("step-{name}"))));
    known.push(reference("step-if"));
    any_of(known)
}

/// `uses` with what each action takes.
fn uses(catalog: &dyn Catalog) -> Value {
    let names = catalog.actions();
    let signatures = names.iter().filter_map(|name| catalog.action(name)).collect::<Vec<_>>();
    let word = super::construct("uses");
    let mut schema = as_object(closed(&[word, super::construct("step")], word.docs));
    let known = signatures.iter().map(|signature| {
        object([("const", text(&signature.name)), ("description", text(first_line(signature)))])
    });
    set_property(&mut schema, "uses", any_of(known.chain([of_type("string")]).collect()));
    let chosen = signatures
        .iter()
        .map(|signature| chosen("uses", &signature.name, params(&signature.inputs, with_param)));
    schema.insert("allOf".into(), Value::List(chosen.collect()));
    Value::Object(schema)
}

/// `call` with the inputs of each flow.
fn call(catalog: &dyn Catalog) -> Value {
    let word = super::construct("call");
    let mut schema = as_object(closed(&[word, super::construct("step")], word.docs));
    let flows = catalog.flows();
    let known = flows.iter().map(|name| object([("const", text(name))]));
    let known = known.chain([pattern(NAME_PATTERN)]).collect();
    set_property(&mut schema, "call", any_of(known));
    let contracts = flows.iter().filter_map(|name| Some((name, catalog.flow(name)?)));
    let chosen = contracts.map(|(name, contract)| {
        let with = params(&contract.inputs, |input| {
            let optional = matches!(input.takes, Type::Optional(_));
            let required = input.default.is_none() && !optional;
            (of_value(&input.takes), input.description.clone().unwrap_or_default(), required)
        });
        chosen("call", name, with)
    });
    schema.insert("allOf".into(), Value::List(chosen.collect()));
    Value::Object(schema)
}

fn first_line(signature: &Signature) -> &str {
    signature.docs.lines().next().unwrap_or_default()
}

fn set_property(schema: &mut Fields, name: &str, value: Value) {
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        let mut fields = as_object(value);
        if let Some(Value::Object(before)) = properties.get(name) {
            let docs = before.get("description").cloned().unwrap_or_else(|| text(""));
            fields.shift_insert(0, "description".into(), docs);
        }
        properties.insert(name.to_owned(), Value::Object(fields));
    }
}

/// What holds for `with` where the word has this value.
fn chosen(word: &str, name: &str, with: Value) -> Value {
    let here = object([("const", text(name))]);
    let condition = object([
        ("properties", object([(word, here)])),
        ("required", Value::List(vec![text(word)])),
    ]);
    let needed =
        as_object(with.clone()).get("required").and_then(|list| list.as_list().map(<[_]>::len));
    let mut then = as_object(object([("properties", object([("with", with)]))]));
    if needed.unwrap_or(0) > 0 {
        then.insert("required".into(), Value::List(vec![text("with")]));
    }
    object([("if", condition), ("then", Value::Object(then))])
}

fn with_param(param: &Param) -> (Value, String, bool) {
    (of_value(&param.takes), param.docs.clone(), param.required)
}

fn params<T>(inputs: &IndexMap<String, T>, of: impl Fn(&T) -> (Value, String, bool)) -> Value {
    let (mut properties, mut required) = (Fields::new(), Vec::new());
    for (name, input) in inputs {
        let (value, docs, needed) = of(input);
        let mut fields = as_object(value);
        fields.shift_insert(0, "description".into(), Value::Text(docs));
        properties.insert(name.clone(), Value::Object(fields));
        if needed {
            required.push(text(name));
        }
    }
    object([
        ("type", text("object")),
        ("properties", Value::Object(properties)),
        ("required", Value::List(required)),
        ("additionalProperties", Value::Bool(false)),
    ])
}

/// A value of a type, or an expression for one.
fn of_value(known: &Type) -> Value {
    match known {
        Type::Unknown => object([]),
        known => any_of(vec![of_known(known), reference("expression")]),
    }
}

fn of_known(known: &Type) -> Value {
    match known {
        Type::Unknown | Type::Stream(_) => object([]),
        Type::Null => of_type("null"),
        Type::Bool => of_type("boolean"),
        Type::Number => of_type("number"),
        // A text may be written without quotes, where YAML takes it for something else.
        Type::Numeric | Type::Text | Type::Datetime => {
            object([("type", Value::List(["string", "number", "boolean"].map(text).to_vec()))])
        }
        Type::Duration => reference("span"),
        Type::Word(words) => words_of(&words.iter().map(String::as_str).collect::<Vec<_>>()),
        Type::List(items) => list_of(of_value(items)),
        Type::Map(values) => mapping_of(of_value(values)),
        Type::Object(shape) => of_shape(shape),
        Type::Optional(inner) => any_of(vec![of_known(inner), of_type("null")]),
    }
}

fn of_shape(shape: &crate::expr::Shape) -> Value {
    let properties = shape.fields.iter().map(|(name, known)| (name.clone(), of_value(known)));
    let mut fields = as_object(object([
        ("type", text("object")),
        ("properties", Value::Object(properties.collect())),
    ]));
    // Names of a loose shape may be spelt in several ways.
    if !shape.loose {
        let required = shape.fields.iter().filter(|(name, known)| {
            !matches!(known, Type::Optional(_)) && !shape.may_miss.contains(*name)
        });
        let required = required.map(|(name, _)| text(name)).collect();
        fields.insert("required".into(), Value::List(required));
        fields.insert("additionalProperties".into(), Value::Bool(shape.open));
    }
    Value::Object(fields)
}
