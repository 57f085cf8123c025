//! From JSON to components.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use model::json::DEPTH;
use model::{Number, Value, json, similar};
use wasmtime::component::Val;

use super::depth::fits;
use super::limits::{VALUE_BYTES_MAX, VALUE_PARTS_MAX};
use super::mismatch::{Mismatch, Problem, Segment, Way, described};
use super::moment::is_datetime;
use super::words::{expected, one_of};
use crate::names::Members;
use crate::signature::StepSignature;
use crate::types::{Choice, Either, Field, Integer, Type};

/// How many significant digits a float tells apart.
const FLOAT_DIGITS: usize = 17;

/// What the step is called with: `input` is an object by the names of its parameters.
pub fn arguments(step: &StepSignature, input: &Value) -> Result<Vec<Val>, Mismatch> {
    let Value::Object(given) = input else {
        return Err(mistyped("an object by the names of the parameters", input));
    };
    let mut reader = Reader::new();
    let slots = assign(&step.params, false, given)?;
    let fields = step.params.iter().zip(slots);
    fields.map(|(field, slot)| reader.field(field, slot)).collect()
}

/// Whether the value is one of the type.
pub(crate) fn check(ty: &Type, value: &Value) -> Result<(), Mismatch> {
    Reader::new().value(ty, value).map(drop)
}

/// Reads one value, within the limits.
struct Reader {
    parts_left: usize,
    bytes_left: usize,
}

impl Reader {
    fn new() -> Self {
        Self { parts_left: VALUE_PARTS_MAX, bytes_left: VALUE_BYTES_MAX }
    }

    fn value(&mut self, ty: &Type, value: &Value) -> Result<Val, Mismatch> {
        self.take_parts(1)?;
        match (ty, value) {
            (Type::Bool, Value::Bool(flag)) => Ok(Val::Bool(*flag)),
            (Type::Integer(kind), Value::Number(number)) => {
                integer(*kind, number).ok_or_else(|| mistyped(expected(ty), value))
            }
            (Type::F32, Value::Number(number)) => {
                nearest(number, f32::is_finite, &f32::MAX).map(Val::Float32)
            }
            (Type::F64, Value::Number(number)) => {
                nearest(number, f64::is_finite, &f64::MAX).map(Val::Float64)
            }
            (Type::Decimal, Value::Number(number)) => self.text(number.as_str()),
            (Type::Json, _) => self.json(value),
            (Type::Option(inner), _) => self.option(ty, inner, value),
            (Type::Integer(_) | Type::F32 | Type::F64, Value::Text(text))
                if Number::new(text).is_some() =>
            {
                let (expected, found) = (expected(ty), described(value));
                Err(Mismatch::new(Way::In, Problem::Quoted { expected, found }))
            }
            (_, Value::Text(text)) => self.spelt(ty, text, value),
            (_, Value::List(items)) => self.list(ty, items, value),
            (_, Value::Object(fields)) => self.object(ty, fields, value),
            _ => Err(mistyped(expected(ty), value)),
        }
    }

    /// What is a text in JSON.
    fn spelt(&mut self, ty: &Type, text: &str, value: &Value) -> Result<Val, Mismatch> {
        match ty {
            Type::Text => self.text(text),
            Type::Decimal if Number::new(text).is_some() => self.text(text),
            Type::DateTime if is_datetime(text) => self.text(text),
            Type::Bytes => self.bytes(text, value),
            Type::Char => {
                let mut characters = text.chars();
                match (characters.next(), characters.next()) {
                    (Some(only), None) => Ok(Val::Char(only)),
                    _ => Err(mistyped(expected(ty), value)),
                }
            }
            Type::Enum(choice) | Type::Variant(choice) => {
                let index = find_case(choice, text, value)?;
                let case = &choice.cases[index];
                let name = case.name.kebab().to_owned();
                match (ty, &case.payload) {
                    (Type::Enum(_), _) => Ok(Val::Enum(name)),
                    (_, None) => Ok(Val::Variant(name, None)),
                    (_, Some(payload)) => {
                        let inside = expected(payload);
                        let wanted = format!("an object {{\"{text}\": …}} with {inside} in it");
                        Err(mistyped(wanted, value))
                    }
                }
            }
            _ => Err(mistyped(expected(ty), value)),
        }
    }

    /// What is a list in JSON.
    fn list(&mut self, ty: &Type, items: &[Value], value: &Value) -> Result<Val, Mismatch> {
        match ty {
            Type::List(item) => {
                let items = items.iter().enumerate();
                items
                    .map(|(index, each)| self.item(item, index, each))
                    .collect::<Result<_, _>>()
                    .map(Val::List)
            }
            Type::Tuple(types) if types.len() == items.len() => {
                let pairs = types.iter().zip(items).enumerate();
                pairs
                    .map(|(index, (ty, each))| self.item(ty, index, each))
                    .collect::<Result<_, _>>()
                    .map(Val::Tuple)
            }
            Type::Flags(choice) => self.flags(choice, items),
            _ => Err(mistyped(expected(ty), value)),
        }
    }

    fn named(&mut self, name: &str, ty: &Type, value: &Value) -> Result<Val, Mismatch> {
        self.value(ty, value).map_err(|mismatch| mismatch.within_name(name))
    }

    fn item(&mut self, ty: &Type, index: usize, value: &Value) -> Result<Val, Mismatch> {
        self.value(ty, value).map_err(|mismatch| mismatch.within(Segment::Index(index)))
    }

    /// What is an object in JSON.
    fn object(
        &mut self,
        ty: &Type,
        fields: &IndexMap<String, Value>,
        value: &Value,
    ) -> Result<Val, Mismatch> {
        match ty {
            Type::Record(record) => {
                let slots = assign(&record.fields, record.open, fields)?;
                let mut read = Vec::with_capacity(slots.len());
                for (field, slot) in record.fields.iter().zip(slots) {
                    read.push((field.name.kebab().to_owned(), self.field(field, slot)?));
                }
                Ok(Val::Record(read))
            }
            Type::Map(item) => {
                let mut read = Vec::with_capacity(fields.len());
                for (key, each) in fields {
                    let each = self.named(key, item, each)?;
                    read.push(Val::Tuple(vec![self.text(key)?, each]));
                }
                Ok(Val::List(read))
            }
            Type::Variant(choice) => self.variant(ty, choice, fields, value),
            Type::Result(either) => self.either(ty, either, fields, value),
            _ => Err(mistyped(expected(ty), value)),
        }
    }

    fn field(&mut self, field: &Field, slot: Option<&Value>) -> Result<Val, Mismatch> {
        let within = |mismatch: Mismatch| mismatch.within_name(field.name.snake());
        match slot.or(field.default.as_ref()) {
            Some(value) => self.value(&field.ty, value).map_err(within),
            None if matches!(field.ty, Type::Option(_)) => Ok(Val::Option(None)),
            None => {
                let problem = Problem::Missing { expected: expected(&field.ty) };
                Err(within(Mismatch::new(Way::In, problem)))
            }
        }
    }

    fn option(&mut self, ty: &Type, inner: &Type, value: &Value) -> Result<Val, Mismatch> {
        if value.is_null() {
            return Ok(Val::Option(None));
        }
        let present = match (inner, value) {
            (Type::Option(_), Value::Object(fields)) => match only(fields) {
                Some(("some", present)) => self.named("some", inner, present)?,
                _ => return Err(mistyped(expected(ty), value)),
            },
            (Type::Option(_), _) => return Err(mistyped(expected(ty), value)),
            _ => self.value(inner, value)?,
        };
        Ok(Val::Option(Some(present.into())))
    }

    fn variant(
        &mut self,
        ty: &Type,
        choice: &Choice,
        fields: &IndexMap<String, Value>,
        value: &Value,
    ) -> Result<Val, Mismatch> {
        let Some((name, content)) = only(fields) else {
            return Err(mistyped(expected(ty), value));
        };
        let case = &choice.cases[find_case(choice, name, value)?];
        let Some(payload) = &case.payload else {
            return Err(mistyped(format!("the text \"{}\" alone", case.name.snake()), value));
        };
        let content = self.named(case.name.snake(), payload, content)?;
        Ok(Val::Variant(case.name.kebab().to_owned(), Some(content.into())))
    }

    fn either(
        &mut self,
        ty: &Type,
        either: &Either,
        fields: &IndexMap<String, Value>,
        value: &Value,
    ) -> Result<Val, Mismatch> {
        match only(fields) {
            Some(("ok", content)) => self.side(either.ok.as_ref(), "ok", content).map(Ok),
            Some(("err", content)) => self.side(either.err.as_ref(), "err", content).map(Err),
            _ => Err(mistyped(expected(ty), value)),
        }
        .map(Val::Result)
    }

    fn side(
        &mut self,
        ty: Option<&Type>,
        name: &str,
        content: &Value,
    ) -> Result<Option<Box<Val>>, Mismatch> {
        let read = match ty {
            Some(ty) => self.value(ty, content).map(|content| Some(content.into())),
            None if content.is_null() => Ok(None),
            None => Err(mistyped("null", content)),
        };
        read.map_err(|mismatch| mismatch.within_name(name))
    }

    fn flags(&mut self, choice: &Choice, items: &[Value]) -> Result<Val, Mismatch> {
        self.take_parts(items.len())?;
        let mut names = Vec::with_capacity(items.len().min(choice.cases.len()));
        for (index, item) in items.iter().enumerate() {
            let within = |mismatch: Mismatch| mismatch.within(Segment::Index(index));
            let Value::Text(text) = item else {
                return Err(within(mistyped(one_of(choice), item)));
            };
            let case = &choice.cases[find_case(choice, text, item).map_err(within)?];
            let name = case.name.kebab();
            if names.iter().any(|known| known == name) {
                return Err(within(mistyped("each name once", item)));
            }
            names.push(name.to_owned());
        }
        Ok(Val::Flags(names))
    }

    fn bytes(&mut self, text: &str, value: &Value) -> Result<Val, Mismatch> {
        self.take_parts(text.len() / 4 * 3)?;
        let bytes = STANDARD.decode(text).map_err(|_| mistyped(expected(&Type::Bytes), value))?;
        Ok(Val::List(bytes.into_iter().map(Val::U8).collect()))
    }

    fn json(&mut self, value: &Value) -> Result<Val, Mismatch> {
        if !fits(value, DEPTH) {
            return Err(Mismatch::new(Way::In, Problem::TooDeep { limit: DEPTH }));
        }
        let text = json::write(value);
        self.take_bytes(text.len())?;
        Ok(Val::String(text))
    }

    fn text(&mut self, text: &str) -> Result<Val, Mismatch> {
        self.take_bytes(text.len())?;
        Ok(Val::String(text.to_owned()))
    }

    fn take_parts(&mut self, count: usize) -> Result<(), Mismatch> {
        take(&mut self.parts_left, count, "parts", VALUE_PARTS_MAX)
    }

    fn take_bytes(&mut self, count: usize) -> Result<(), Mismatch> {
        take(&mut self.bytes_left, count, "bytes of text", VALUE_BYTES_MAX)
    }
}

fn take(left: &mut usize, count: usize, what: &'static str, limit: usize) -> Result<(), Mismatch> {
    *left = left
        .checked_sub(count)
        .ok_or_else(|| Mismatch::new(Way::In, Problem::OverLimit { what, limit }))?;
    Ok(())
}

/// Finds for each field what is given for it.
fn assign<'v>(
    fields: &Members<Field>,
    open: bool,
    given: &'v IndexMap<String, Value>,
) -> Result<Vec<Option<&'v Value>>, Mismatch> {
    let mut slots = vec![None; fields.len()];
    let mut near = 0;
    for (name, value) in given {
        let Some(index) = fields.find(name, near) else {
            if open {
                continue;
            }
            return Err(unknown(fields, name));
        };
        if slots[index].replace(value).is_some() {
            return Err(twice(fields, index, name, given));
        }
        near = index + 1;
    }
    Ok(slots)
}

#[cold]
fn unknown(fields: &Members<Field>, name: &str) -> Mismatch {
    let similar = similar::closest(name, fields.names()).map(str::to_owned);
    let known = fields.names().map(str::to_owned).collect();
    Mismatch::new(Way::In, Problem::Unknown { known, similar }).within_name(name)
}

#[cold]
fn twice(
    fields: &Members<Field>,
    index: usize,
    second: &str,
    given: &IndexMap<String, Value>,
) -> Mismatch {
    let first = given.keys().find(|name| fields.find(name, index) == Some(index));
    let first = first.map_or_else(String::new, Clone::clone);
    let name = fields[index].name.snake().to_owned();
    Mismatch::new(Way::In, Problem::Twice { name, spellings: (first, second.to_owned()) })
}

fn find_case(choice: &Choice, name: &str, value: &Value) -> Result<usize, Mismatch> {
    choice.cases.find(name, 0).ok_or_else(|| {
        let similar = similar::closest(name, choice.cases.names()).map(str::to_owned);
        let (expected, found) = (one_of(choice), described(value));
        Mismatch::new(Way::In, Problem::NoSuchCase { expected, found, similar })
    })
}

/// The one entry of an object that has no other.
fn only(fields: &IndexMap<String, Value>) -> Option<(&str, &Value)> {
    let (name, value) = fields.first().filter(|_| fields.len() == 1)?;
    Some((name, value))
}

#[cold]
fn mistyped(expected: impl Into<String>, found: &Value) -> Mismatch {
    let (expected, found) = (expected.into(), described(found));
    Mismatch::new(Way::In, Problem::Mistyped { expected, found })
}

fn integer(kind: Integer, number: &Number) -> Option<Val> {
    let text = if number.as_str() == "-0" { "0" } else { number.as_str() };
    match kind {
        Integer::S8 => text.parse().map(Val::S8),
        Integer::S16 => text.parse().map(Val::S16),
        Integer::S32 => text.parse().map(Val::S32),
        Integer::S64 => text.parse().map(Val::S64),
        Integer::U8 => text.parse().map(Val::U8),
        Integer::U16 => text.parse().map(Val::U16),
        Integer::U32 => text.parse().map(Val::U32),
        Integer::U64 => text.parse().map(Val::U64),
    }
    .ok()
}

/// The float nearest to the number.
fn nearest<F: FromStr + Copy + std::fmt::LowerExp>(
    number: &Number,
    is_finite: impl Fn(F) -> bool,
    greatest: &F,
) -> Result<F, Mismatch> {
    let text = number.as_str();
    if text.len() > FLOAT_DIGITS && significant_digits(text) > FLOAT_DIGITS {
        let found = described(&Value::Number(number.clone()));
        return Err(Mismatch::new(Way::In, Problem::TooPrecise { found }));
    }
    let float = text.parse::<F>().ok().filter(|float| is_finite(*float));
    float.ok_or_else(|| {
        let wanted = format!("a number from -{greatest:e} to {greatest:e}");
        mistyped(wanted, &Value::Number(number.clone()))
    })
}

/// How many digits there are from the first to the last that is not zero.
fn significant_digits(number: &str) -> usize {
    let mantissa = number.split(['e', 'E']).next().unwrap_or(number);
    let mut count = 0;
    let mut zeros = 0;
    for digit in mantissa.bytes().filter(u8::is_ascii_digit) {
        match digit {
            b'0' if count == 0 => {}
            b'0' => zeros += 1,
            _ => {
                count += zeros + 1;
                zeros = 0;
            }
        }
    }
    count
}
