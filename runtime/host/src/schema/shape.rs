//! The forms that schemas are made of.

use indexmap::IndexMap;
use model::Value;

/// A schema, or a part of one.
pub(super) type Object = IndexMap<String, Value>;

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) fn object<const N: usize>(entries: [(&str, Value); N]) -> Object {
    with(Object::new(), entries)
}

/// The schema with more said in it.
pub(super) fn with<const N: usize>(mut schema: Object, entries: [(&str, Value); N]) -> Object {
    schema.extend(entries.map(|(name, value)| (name.to_owned(), value)));
    schema
}

pub(super) fn typed(name: &str) -> Object {
    object([("type", text(name))])
}

/// Text of a certain form.
pub(super) fn pattern(pattern: &str) -> Object {
    object([("type", text("string")), ("pattern", text(pattern))])
}

pub(super) fn list(item: Object) -> Object {
    object([("type", text("array")), ("items", Value::Object(item))])
}

pub(super) fn tuple(items: impl Iterator<Item = Object>) -> Object {
    let items = schemas(items);
    let count = items.len() as u64;
    object([
        ("type", text("array")),
        ("prefixItems", Value::List(items)),
        ("items", false.into()),
        ("minItems", count.into()),
    ])
}

pub(super) fn map(item: Object) -> Object {
    object([("type", text("object")), ("additionalProperties", Value::Object(item))])
}

/// An object with one field, which must be there.
pub(super) fn single(name: &str, content: Object) -> Object {
    object([
        ("type", text("object")),
        ("properties", Value::Object(object([(name, Value::Object(content))]))),
        ("required", Value::List(vec![text(name)])),
        ("additionalProperties", false.into()),
    ])
}

pub(super) fn one_of(alternatives: impl IntoIterator<Item = Object>) -> Object {
    object([("oneOf", Value::List(schemas(alternatives)))])
}

pub(super) fn any_of(alternatives: impl IntoIterator<Item = Object>) -> Object {
    object([("anyOf", Value::List(schemas(alternatives)))])
}

fn schemas(schemas: impl IntoIterator<Item = Object>) -> Vec<Value> {
    schemas.into_iter().map(Value::Object).collect()
}
