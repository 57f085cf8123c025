//! JSON Schema (2020-12) of what steps take and give.
//!
//! Schemas are for editors and for those who write input by hand. They show the one spelling of
//! names that is written, not all that are read; what decides is [`crate::value`].

mod names;
mod shape;

use model::Value;

use self::names::Names;
use self::shape::{Object, object, text};
use crate::signature::StepSignature;
use crate::types::{Choice, Field, Integer, Type};
use crate::value::Way;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
const NUMBER: &str = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$";
const DATETIME: &str = concat!(
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?",
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})(\[[^\]]+\])*$",
);

/// The schema of the object that the step takes.
pub fn input(step: &StepSignature) -> Value {
    let types = step.params.iter().map(|field| &field.ty);
    let writer = Writer { names: Names::of(types), way: Way::In };
    let whole = writer.fields(Object::new(), &step.params, false);
    writer.document(step, "input", step.docs.as_deref(), whole)
}

/// The schema of what the step gives where it succeeds.
pub fn result(step: &StepSignature) -> Value {
    let ty = step.outcome.value();
    let writer = Writer { names: Names::of(ty), way: Way::Out };
    let whole = ty.map_or_else(|| shape::typed("null"), |ty| writer.ty(ty));
    writer.document(step, "result", None, whole)
}

/// Writes schemas of types, named ones by reference.
struct Writer<'t> {
    names: Names<'t>,
    way: Way,
}

impl Writer<'_> {
    fn document(
        &self,
        step: &StepSignature,
        part: &str,
        docs: Option<&str>,
        whole: Object,
    ) -> Value {
        let mut document = object([
            ("$schema", text(DIALECT)),
            ("title", text(&format!("{} of {}", part, step.name))),
        ]);
        document.extend(described(docs));
        document.extend(whole);
        let definitions = self.names.all().map(|(name, ty)| {
            let definition = self.definition(ty);
            (name.to_owned(), Value::Object(definition))
        });
        let definitions = definitions.collect::<Object>();
        if !definitions.is_empty() {
            document.insert("$defs".to_owned(), Value::Object(definitions));
        }
        Value::Object(document)
    }

    /// A type wherever it is used.
    fn ty(&self, ty: &Type) -> Object {
        if let Some(name) = self.names.get(ty) {
            return object([("$ref", text(&format!("#/$defs/{name}")))]);
        }
        match ty {
            Type::Bool => shape::typed("boolean"),
            Type::Integer(integer) => whole(*integer),
            Type::F32 | Type::F64 => shape::typed("number"),
            Type::Char => shape::with(
                shape::typed("string"),
                [("minLength", 1_u64.into()), ("maxLength", 1_u64.into())],
            ),
            Type::Text => shape::typed("string"),
            Type::Decimal => self.decimal(),
            Type::DateTime => shape::pattern(DATETIME),
            Type::Json => Object::new(),
            Type::Bytes => {
                shape::with(shape::typed("string"), [("contentEncoding", text("base64"))])
            }
            Type::List(item) => shape::list(self.ty(item)),
            Type::Map(item) => shape::map(self.ty(item)),
            Type::Tuple(items) => shape::tuple(items.iter().map(|item| self.ty(item))),
            Type::Option(inner) => self.option(inner),
            Type::Result(either) => {
                let side = |ty: &Option<Type>| {
                    ty.as_ref().map_or_else(|| shape::typed("null"), |ty| self.ty(ty))
                };
                shape::one_of([
                    shape::single("ok", side(&either.ok)),
                    shape::single("err", side(&either.err)),
                ])
            }
            Type::Record(_) | Type::Enum(_) | Type::Variant(_) | Type::Flags(_) => {
                self.definition(ty)
            }
        }
    }

    /// A named type, written out.
    fn definition(&self, ty: &Type) -> Object {
        match ty {
            Type::Record(record) => {
                let docs = described(record.docs.as_deref());
                self.fields(docs, &record.fields, record.open)
            }
            Type::Enum(choice) | Type::Variant(choice) => self.cases(choice),
            Type::Flags(choice) => {
                let mut flags = described(choice.docs.as_deref());
                let names = Choice { docs: None, ..(**choice).clone() };
                flags.extend(shape::list(self.cases(&names)));
                flags.insert("uniqueItems".to_owned(), true.into());
                flags
            }
            _ => Object::new(),
        }
    }

    fn fields(&self, mut schema: Object, fields: &[Field], open: bool) -> Object {
        let mut properties = Object::new();
        let mut required = Vec::new();
        for field in fields {
            let name = field.name.snake();
            let mut property = described(field.docs.as_deref());
            property.extend(self.ty(&field.ty));
            if let Some(default) = &field.default {
                property.insert("default".to_owned(), default.clone());
            }
            properties.insert(name.to_owned(), Value::Object(property));
            if self.way == Way::Out || !field.may_be_missing() {
                required.push(text(name));
            }
        }
        schema.extend(shape::typed("object"));
        schema.insert("properties".to_owned(), Value::Object(properties));
        if !required.is_empty() {
            schema.insert("required".to_owned(), Value::List(required));
        }
        if !open || self.way == Way::Out {
            schema.insert("additionalProperties".to_owned(), false.into());
        }
        schema
    }

    /// Names alone are an enumeration, unless something is to be said about one of them.
    fn cases(&self, choice: &Choice) -> Object {
        let mut schema = described(choice.docs.as_deref());
        if choice.cases.iter().all(|case| case.payload.is_none() && case.docs.is_none()) {
            schema
                .extend(object([("enum", Value::List(choice.cases.names().map(text).collect()))]));
            return schema;
        }
        schema.extend(shape::one_of(choice.cases.iter().map(|case| {
            let mut each = described(case.docs.as_deref());
            each.extend(match &case.payload {
                Some(payload) => shape::single(case.name.snake(), self.ty(payload)),
                None => object([("const", text(case.name.snake()))]),
            });
            each
        })));
        schema
    }

    fn decimal(&self) -> Object {
        match self.way {
            Way::In => shape::any_of([shape::typed("number"), shape::pattern(NUMBER)]),
            Way::Out => shape::typed("number"),
        }
    }

    fn option(&self, inner: &Type) -> Object {
        let present = match inner {
            Type::Json => return Object::new(),
            Type::Option(_) => shape::single("some", self.ty(inner)),
            _ => self.ty(inner),
        };
        shape::any_of([present, shape::typed("null")])
    }
}

fn whole(integer: Integer) -> Object {
    let (least, greatest) = integer.range();
    let range = [("minimum", least.into()), ("maximum", greatest.into())];
    shape::with(shape::typed("integer"), range)
}

fn described(docs: Option<&str>) -> Object {
    docs.map(|docs| ("description".to_owned(), text(docs))).into_iter().collect()
}
