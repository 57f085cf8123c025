//! A type out of a JSON Schema: as much of it as types can say.

use model::Value;

use crate::expr::{Shape, Type};

/// How deep types may nest, references followed.
const LEVELS: usize = 64;
/// How many types a schema may have, references followed.
const TYPES: usize = 10_000;

/// Why a schema says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotASchema {
    #[error("a schema is an object, and this is {0}")]
    NotAnObject(&'static str),
    #[error("there is nothing at `{0}`")]
    NoReference(String),
    #[error("`{0}` leads out of the schema")]
    OutsideReference(String),
    #[error("the schema has more than {TYPES} types or {LEVELS} levels, references followed")]
    TooLarge,
}

impl NotASchema {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotAnObject(_) => "a schema is such as `{ \"type\": \"object\" }`",
            Self::NoReference(_) => "a reference is such as `#/$defs/line`",
            Self::OutsideReference(_) => "put what it needs under `$defs`",
            Self::TooLarge => "describe what the flow reads, and leave the rest out",
        }
    }
}

/// What is known of values that fit the schema. A field that it does not list counts as one that is
/// not there, unless it says `additionalProperties`: whoever reads it has most likely misspelt it.
pub fn from_schema(schema: &Value) -> Result<Type, NotASchema> {
    Reader { whole: schema, left: TYPES }.schema(schema, 0)
}

struct Reader<'s> {
    whole: &'s Value,
    left: usize,
}

impl Reader<'_> {
    fn schema(&mut self, schema: &Value, level: usize) -> Result<Type, NotASchema> {
        if level > LEVELS || self.left == 0 {
            return Err(NotASchema::TooLarge);
        }
        self.left -= 1;
        if let Value::Bool(_) = schema {
            return Ok(Type::Unknown);
        }
        if schema.as_object().is_none() {
            return Err(NotASchema::NotAnObject(schema.type_name()));
        }
        if let Some(Value::Text(reference)) = schema.get("$ref") {
            let target = self.find(reference)?.clone();
            return self.schema(&target, level + 1);
        }
        if let Some(one) = schema.get("const") {
            return Ok(Type::of(one));
        }
        if let Some(Value::List(values)) = schema.get("enum") {
            return Ok(values.iter().map(Type::of).reduce(Type::or).unwrap_or_default());
        }
        for choice in ["anyOf", "oneOf"] {
            if let Some(Value::List(cases)) = schema.get(choice) {
                return self.either(cases, level);
            }
        }
        match schema.get("type") {
            Some(Value::Text(name)) => self.typed(name, schema, level),
            Some(Value::List(names)) => {
                let mut known = None;
                for name in names.iter().filter_map(Value::as_text) {
                    let each = self.typed(name, schema, level)?;
                    known = Some(known.map_or(each.clone(), |known| Type::or(known, each)));
                }
                Ok(known.unwrap_or_default())
            }
            _ if schema.get("properties").is_some() => self.typed("object", schema, level),
            _ => Ok(Type::Unknown),
        }
    }

    fn either(&mut self, cases: &[Value], level: usize) -> Result<Type, NotASchema> {
        let mut known = None;
        for case in cases {
            let each = self.schema(case, level + 1)?;
            known = Some(match known {
                None => each,
                // Of a value that may be anything nothing is known.
                Some(Type::Unknown) => Type::Unknown,
                Some(_) if each == Type::Unknown => Type::Unknown,
                Some(known) => Type::or(known, each),
            });
        }
        Ok(known.unwrap_or_default())
    }

    fn typed(&mut self, name: &str, schema: &Value, level: usize) -> Result<Type, NotASchema> {
        Ok(match name {
            "null" => Type::Null,
            "boolean" => Type::Bool,
            "number" | "integer" => Type::Number,
            "string" if schema.get("format") == Some(&"date-time".into()) => Type::Datetime,
            "string" => Type::Text,
            "array" => match schema.get("items") {
                Some(items) => Type::list(self.schema(items, level + 1)?),
                None => Type::list(Type::Unknown),
            },
            "object" => self.object(schema, level)?,
            _ => Type::Unknown,
        })
    }

    fn object(&mut self, schema: &Value, level: usize) -> Result<Type, NotASchema> {
        let others = schema.get("additionalProperties");
        let Some(Value::Object(properties)) = schema.get("properties") else {
            return match others {
                Some(Value::Bool(false)) => Ok(Type::object([])),
                Some(values) => Ok(Type::map(self.schema(values, level + 1)?)),
                None => Ok(Type::map(Type::Unknown)),
            };
        };
        let required = schema.get("required").and_then(Value::as_list).unwrap_or_default();
        let open = others.is_some_and(|others| *others != Value::Bool(false));
        let mut shape = Shape { open, ..Shape::default() };
        for (name, property) in properties {
            if !required.iter().any(|it| it.as_text() == Some(name)) {
                shape.may_miss.insert(name.clone());
            }
            shape.fields.insert(name.clone(), self.schema(property, level + 1)?);
        }
        Ok(Type::Object(shape))
    }

    fn find(&self, reference: &str) -> Result<&Value, NotASchema> {
        let Some(pointer) = reference.strip_prefix('#') else {
            return Err(NotASchema::OutsideReference(reference.to_owned()));
        };
        let mut found = Some(self.whole);
        for part in pointer.split('/').skip(1) {
            let name = part.replace("~1", "/").replace("~0", "~");
            found = found.and_then(|value| match value {
                Value::List(items) => items.get(name.parse::<usize>().ok()?),
                value => value.get(&name),
            });
        }
        found.ok_or_else(|| NotASchema::NoReference(reference.to_owned()))
    }
}
