//! Types out of what is at hand: samples of JSON, or a JSON Schema; and a schema out of a type.

mod read;
#[cfg(test)]
mod tests;

use indexmap::IndexMap;
use model::{Value, json};

type Object = IndexMap<String, Value>;

pub use read::{NotASchema, from_schema};

use crate::expr::{Shape, Type};
use crate::program::{Form, Template};
use crate::signature::{Catalog, Misuse};

/// The dialect of the schemas that are written.
pub const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// What is known of values that are like these: what one of them has as null may be null, and what
/// one of them does not have may be missing.
pub fn infer<'v>(samples: impl IntoIterator<Item = &'v Value>) -> Type {
    let samples = samples.into_iter().collect::<Vec<_>>();
    let (nulls, others): (Vec<&Value>, Vec<&Value>) =
        samples.into_iter().partition(|sample| sample.is_null());
    let known = alike(&others);
    match (nulls.is_empty(), others.is_empty()) {
        (true, _) => known,
        // Null alone does not say what else there may be.
        (false, true) => Type::Unknown,
        (false, false) => known.optional(),
    }
}

/// The type of the JSON in a file beside a flow; if there is none, why, and what to do.
pub fn of_file(catalog: &dyn Catalog, path: &str) -> Result<Type, (String, String)> {
    Ok(infer([&document_of(catalog, path)?]))
}

fn document_of(catalog: &dyn Catalog, path: &str) -> Result<Value, (String, String)> {
    let text = catalog.file(path).map_err(|why| {
        (format!("`{path}` cannot be read: {why}"), "a path is told from the flow's folder".into())
    })?;
    json::parse(&text).map_err(|error| {
        (format!("`{path}` is not JSON: {error}"), "write one JSON document".to_owned())
    })
}

/// What `json.parse` gives, by its `sample` or `schema`: a file beside the flow, or the schema
/// itself.
pub fn parsed(with: &IndexMap<String, Template>, catalog: &dyn Catalog) -> Result<Type, Misuse> {
    let misuse = |input| move |(message, hint)| Misuse { input, message, hint };
    if let Some(Form::Literal(Value::Text(path))) = with.get("sample").map(|it| &it.form) {
        return of_file(catalog, path).map_err(misuse("sample"));
    }
    let schema = match with.get("schema").map(|it| &it.form) {
        Some(Form::Literal(Value::Text(path))) => {
            document_of(catalog, path).map_err(misuse("schema"))?
        }
        Some(form) => match literal(form) {
            Some(schema) => schema,
            None => return Ok(Type::Unknown),
        },
        None => return Ok(Type::Unknown),
    };
    let told = |error: NotASchema| (error.to_string(), error.hint().to_owned());
    from_schema(&schema).map_err(told).map_err(misuse("schema"))
}

/// The value that is spelt out, if nothing in it is worked out when the flow runs.
fn literal(form: &Form) -> Option<Value> {
    match form {
        Form::Literal(value) => Some(value.clone()),
        Form::List(items) => items
            .iter()
            .map(|item| literal(&item.form))
            .collect::<Option<Vec<_>>>()
            .map(Value::List),
        Form::Object(fields) => {
            let field = |(name, it): (&String, &Template)| Some((name.clone(), literal(&it.form)?));
            fields.iter().map(field).collect::<Option<Object>>().map(Value::Object)
        }
        Form::Plain(_) | Form::Code(_) | Form::Text(_) | Form::Unread => None,
    }
}

/// Items of all lists are looked at together, so that an empty one does not matter.
fn alike(samples: &[&Value]) -> Type {
    let lists = samples.iter().map(|it| it.as_list()).collect::<Option<Vec<_>>>();
    let objects = samples.iter().map(|it| it.as_object()).collect::<Option<Vec<_>>>();
    match (lists, objects) {
        (Some(lists), None) => Type::list(infer(lists.into_iter().flatten())),
        (None, Some(objects)) => Type::Object(together(&objects)),
        _ => {
            let types = samples.iter().map(|sample| Type::of(sample).widened());
            types.reduce(Type::or).unwrap_or_default()
        }
    }
}

fn together(objects: &[&Object]) -> Shape {
    let mut fields = IndexMap::<&str, Vec<&Value>>::new();
    for (name, value) in objects.iter().copied().flatten() {
        fields.entry(name).or_default().push(value);
    }
    let mut shape = Shape::default();
    for (name, values) in fields {
        if values.len() < objects.len() {
            shape.may_miss.insert(name.to_owned());
        }
        shape.fields.insert(name.to_owned(), infer(values));
    }
    shape
}

/// The type as a JSON Schema, as a document of its own.
pub fn document(known: &Type) -> Value {
    let mut document = Object::new();
    document.insert("$schema".to_owned(), DIALECT.into());
    if let Value::Object(schema) = to_schema(known) {
        document.extend(schema);
    }
    Value::Object(document)
}

/// The type as a JSON Schema. What nobody knows may be anything.
pub fn to_schema(known: &Type) -> Value {
    match known {
        Type::Unknown => object([]),
        Type::Null => typed("null"),
        Type::Bool => typed("boolean"),
        Type::Number => typed("number"),
        Type::Numeric => object([("type", list(["number", "string"]))]),
        Type::Text | Type::Duration => typed("string"),
        Type::Datetime => object([("type", "string".into()), ("format", "date-time".into())]),
        Type::Word(words) => object([("enum", list(words.iter().map(String::as_str)))]),
        Type::List(inner) | Type::Stream(inner) => {
            object([("type", "array".into()), ("items", to_schema(inner))])
        }
        Type::Map(inner) => {
            object([("type", "object".into()), ("additionalProperties", to_schema(inner))])
        }
        Type::Object(shape) => fields(shape),
        Type::Optional(inner) => nullable(to_schema(inner)),
    }
}

fn fields(shape: &Shape) -> Value {
    let properties = shape.fields.iter().map(|(name, it)| (name.clone(), to_schema(it)));
    let properties = Value::Object(properties.collect());
    let required = shape.fields.keys().filter(|name| !shape.may_miss.contains(*name));
    let required = required.map(|name| name.as_str().into()).collect::<Vec<Value>>();
    let mut schema = Object::new();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), properties);
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    if shape.open {
        schema.insert("additionalProperties".to_owned(), true.into());
    }
    Value::Object(schema)
}

fn nullable(mut schema: Value) -> Value {
    if let Value::Object(fields) = &mut schema
        && let Some(Value::Text(name)) = fields.get("type")
    {
        let both = list([name.as_str(), "null"]);
        fields.insert("type".to_owned(), both);
        return schema;
    }
    object([("anyOf", Value::List(vec![schema, typed("null")]))])
}

fn typed(name: &str) -> Value {
    object([("type", name.into())])
}

fn list<'t>(texts: impl IntoIterator<Item = &'t str>) -> Value {
    Value::List(texts.into_iter().map(Value::from).collect())
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.map(|(name, value)| (name.to_owned(), value)).into())
}
