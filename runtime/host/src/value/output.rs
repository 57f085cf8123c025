//! From components to JSON.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use engine::{Failure, Kind};
use indexmap::IndexMap;
use indexmap::map::Entry;
use model::json::DEPTH;
use model::{Number, Value, json};
use wasmtime::component::Val;

use super::depth::fits;
use super::limits::{VALUE_BYTES_MAX, VALUE_PARTS_MAX};
use super::mismatch::{Mismatch, Problem, Segment, Way, shown};
use super::moment::is_datetime;
use super::words::expected;
use crate::signature::{Outcome, StepError, StepSignature};
use crate::types::{Choice, Either, Record, Type};

/// What the step came to, read from what its function returned: a value, or a failure that is the
/// step's own.
pub fn output(
    step: &StepSignature,
    returned: Option<Val>,
) -> Result<Result<Value, Failure>, Mismatch> {
    let mut writer = Writer { parts_left: VALUE_PARTS_MAX, bytes_left: VALUE_BYTES_MAX, depth: 0 };
    match (&step.outcome, returned) {
        (Outcome::Value(None), None) => Ok(Ok(Value::Null)),
        (Outcome::Value(Some(ty)), Some(val)) => writer.value(ty, val).map(Ok),
        (Outcome::Fallible { ok, .. }, Some(Val::Result(Ok(content)))) => {
            writer.side(ok.as_ref(), content).map(Ok)
        }
        (Outcome::Fallible { err, .. }, Some(Val::Result(Err(content)))) => {
            writer.failure(err, content).map(Err).map_err(|inner| inner.within_name("err"))
        }
        (Outcome::Fallible { .. }, Some(_)) => Err(foreign("a result")),
        (_, None) => Err(mistyped("a value", "nothing")),
        (_, Some(_)) => Err(foreign("nothing")),
    }
}

/// Writes one value, within the limits.
struct Writer {
    parts_left: usize,
    bytes_left: usize,
    /// How many lists and objects there are around the value.
    depth: usize,
}

impl Writer {
    fn value(&mut self, ty: &Type, val: Val) -> Result<Value, Mismatch> {
        self.take_parts(1)?;
        match (ty, val) {
            (Type::Bool, Val::Bool(flag)) => Ok(Value::Bool(flag)),
            (Type::Integer(_), Val::S8(number)) => Ok(i64::from(number).into()),
            (Type::Integer(_), Val::S16(number)) => Ok(i64::from(number).into()),
            (Type::Integer(_), Val::S32(number)) => Ok(i64::from(number).into()),
            (Type::Integer(_), Val::S64(number)) => Ok(number.into()),
            (Type::Integer(_), Val::U8(number)) => Ok(u64::from(number).into()),
            (Type::Integer(_), Val::U16(number)) => Ok(u64::from(number).into()),
            (Type::Integer(_), Val::U32(number)) => Ok(u64::from(number).into()),
            (Type::Integer(_), Val::U64(number)) => Ok(number.into()),
            (Type::F32, Val::Float32(float)) => {
                finite(float.is_finite(), is_plain(float.into()), &float)
            }
            (Type::F64, Val::Float64(float)) => finite(float.is_finite(), is_plain(float), &float),
            (Type::Char, Val::Char(character)) => Ok(Value::Text(character.into())),
            (ty, Val::String(text)) => self.spelt(ty, text),
            (Type::Enum(choice), Val::Enum(name)) => case(choice, &name).map(|(_, name)| name),
            (Type::Option(inner), Val::Option(content)) => self.option(inner, content),
            (ty, val) => self.nested(ty, val),
        }
    }

    /// What is a text in the component.
    fn spelt(&mut self, ty: &Type, text: String) -> Result<Value, Mismatch> {
        self.take_bytes(text.len())?;
        match ty {
            Type::Text => Ok(Value::Text(text)),
            Type::Decimal => match Number::new(&text) {
                Some(number) => Ok(Value::Number(number)),
                None => Err(mistyped("the text of a number", quoted(&text))),
            },
            Type::DateTime if is_datetime(&text) => Ok(Value::Text(text)),
            Type::Json => self.json(&text),
            _ => Err(mistyped(expected(ty), quoted(&text))),
        }
    }

    fn json(&mut self, text: &str) -> Result<Value, Mismatch> {
        let value = json::parse(text).map_err(|error| {
            Mismatch::new(Way::Out, Problem::NotJson { problem: error.to_string() })
        })?;
        if !fits(&value, DEPTH.saturating_sub(self.depth)) {
            return Err(Mismatch::new(Way::Out, Problem::TooDeep { limit: DEPTH }));
        }
        Ok(value)
    }

    fn option(&mut self, inner: &Type, content: Option<Box<Val>>) -> Result<Value, Mismatch> {
        let Some(content) = content else { return Ok(Value::Null) };
        if !matches!(inner, Type::Option(_)) {
            return self.value(inner, *content);
        }
        self.depth += 1;
        let content = self.value(inner, *content).map_err(|inner| inner.within_name("some"))?;
        self.depth -= 1;
        Ok(one("some", content))
    }

    /// What is a list or an object in JSON, or may be.
    fn nested(&mut self, ty: &Type, val: Val) -> Result<Value, Mismatch> {
        self.depth += 1;
        let value = match (ty, val) {
            (Type::Bytes, Val::List(items)) => self.bytes(&items),
            (Type::List(item), Val::List(items)) => {
                self.items(items.into_iter().map(|each| (&**item, each)))
            }
            (Type::Tuple(types), Val::Tuple(items)) if types.len() == items.len() => {
                self.items(types.iter().zip(items))
            }
            (Type::Map(item), Val::List(items)) => self.map(item, items),
            (Type::Record(record), Val::Record(fields)) => self.record(record, fields),
            (Type::Variant(choice), Val::Variant(name, content)) => {
                self.variant(choice, &name, content)
            }
            (Type::Flags(choice), Val::Flags(names)) => names
                .iter()
                .map(|name| case(choice, name).map(|(_, name)| name))
                .collect::<Result<_, _>>()
                .map(Value::List),
            (Type::Result(either), Val::Result(content)) => self.either(either, content),
            (ty, _) => Err(foreign(expected(ty))),
        }?;
        self.depth -= 1;
        Ok(value)
    }

    fn items<'t>(
        &mut self,
        items: impl Iterator<Item = (&'t Type, Val)>,
    ) -> Result<Value, Mismatch> {
        let items = items.enumerate().map(|(index, (ty, each))| {
            self.value(ty, each).map_err(|inner| inner.within(Segment::Index(index)))
        });
        items.collect::<Result<_, _>>().map(Value::List)
    }

    fn bytes(&mut self, items: &[Val]) -> Result<Value, Mismatch> {
        self.take_bytes(items.len())?;
        let bytes = items.iter().map(|item| match item {
            Val::U8(byte) => Ok(*byte),
            _ => Err(foreign("a byte")),
        });
        let bytes = bytes.collect::<Result<Vec<_>, _>>()?;
        Ok(Value::Text(STANDARD.encode(bytes)))
    }

    fn map(&mut self, item: &Type, items: Vec<Val>) -> Result<Value, Mismatch> {
        let mut fields = IndexMap::with_capacity(items.len());
        for (index, pair) in items.into_iter().enumerate() {
            let (key, content) = pair_of(pair).map_err(|_| foreign("a pair"))?;
            self.take_bytes(key.len())?;
            let content = self.value(item, content).map_err(|inner| inner.within_name(&key))?;
            match fields.entry(key) {
                Entry::Vacant(entry) => entry.insert(content),
                Entry::Occupied(entry) => {
                    let found = format!("\"{}\" again", shown(entry.key()));
                    return Err(mistyped("each key once", found).within(Segment::Index(index)));
                }
            };
        }
        Ok(Value::Object(fields))
    }

    fn record(&mut self, record: &Record, given: Vec<(String, Val)>) -> Result<Value, Mismatch> {
        let mut fields = IndexMap::with_capacity(given.len());
        if record.fields.len() != given.len() {
            return Err(mistyped("an object", "one with other fields"));
        }
        for (field, (name, content)) in record.fields.iter().zip(given) {
            if field.name.kebab() != name {
                return Err(mistyped(format!("the field `{}`", field.name.kebab()), quoted(&name)));
            }
            let name = field.name.snake();
            let content =
                self.value(&field.ty, content).map_err(|inner| inner.within_name(name))?;
            fields.insert(name.to_owned(), content);
        }
        Ok(Value::Object(fields))
    }

    fn variant(
        &mut self,
        choice: &Choice,
        name: &str,
        content: Option<Box<Val>>,
    ) -> Result<Value, Mismatch> {
        let (index, name) = case(choice, name)?;
        let case = &choice.cases[index];
        match (&case.payload, content) {
            (None, None) => Ok(name),
            (Some(payload), Some(content)) => {
                let name = case.name.snake();
                let content =
                    self.value(payload, *content).map_err(|inner| inner.within_name(name))?;
                Ok(one(name, content))
            }
            _ => Err(mistyped("a case with what it carries", name.to_string())),
        }
    }

    fn either(
        &mut self,
        either: &Either,
        content: Result<Option<Box<Val>>, Option<Box<Val>>>,
    ) -> Result<Value, Mismatch> {
        let (name, ty, content) = match content {
            Ok(content) => ("ok", &either.ok, content),
            Err(content) => ("err", &either.err, content),
        };
        let content = self.side(ty.as_ref(), content).map_err(|inner| inner.within_name(name))?;
        Ok(one(name, content))
    }

    fn side(&mut self, ty: Option<&Type>, content: Option<Box<Val>>) -> Result<Value, Mismatch> {
        match (ty, content) {
            (None, None) => Ok(Value::Null),
            (Some(ty), Some(content)) => self.value(ty, *content),
            (Some(ty), None) => Err(mistyped(expected(ty), "nothing")),
            (None, Some(_)) => Err(foreign("nothing")),
        }
    }

    /// Reads how the step failed by its own account.
    fn failure(&mut self, err: &StepError, content: Option<Box<Val>>) -> Result<Failure, Mismatch> {
        match err {
            StepError::Failure(ty) => self.side(Some(ty), content).and_then(|value| said(&value)),
            StepError::Other(ty) => self.side(ty.as_ref(), content).map(unsaid),
        }
    }

    fn take_parts(&mut self, count: usize) -> Result<(), Mismatch> {
        take(&mut self.parts_left, count, "parts", VALUE_PARTS_MAX)
    }

    fn take_bytes(&mut self, count: usize) -> Result<(), Mismatch> {
        take(&mut self.bytes_left, count, "bytes of text", VALUE_BYTES_MAX)
    }
}

/// The failure that is told in the words of `wharf:host`.
fn said(value: &Value) -> Result<Failure, Mismatch> {
    let text = |name: &str| value.get(name).and_then(Value::as_text);
    let kind = text("kind").and_then(Kind::named);
    let (Some(kind), Some(code), Some(message)) = (kind, text("code"), text("message")) else {
        return Err(mistyped("a failure", "something else"));
    };
    let mut failure = Failure::new(kind, code.to_owned(), message);
    failure.hint = text("hint").filter(|hint| !hint.is_empty()).map(str::to_owned);
    failure.data = value.get("data").filter(|data| !data.is_null()).cloned().map(Box::new);
    Ok(failure)
}

/// The failure that an error of any other type counts as.
fn unsaid(error: Value) -> Failure {
    let (message, data) = match error {
        Value::Text(text) => (text, None),
        Value::Null => ("the step failed and did not say why".to_owned(), None),
        other => (json::write(&other), Some(other.into())),
    };
    let mut failure = Failure::new(Kind::Business, "failed", message);
    failure.data = data;
    failure
}

/// An object with one field.
fn one(name: &str, content: Value) -> Value {
    Value::Object(IndexMap::from([(name.to_owned(), content)]))
}

/// The position of the case in its choice, and its name as a value.
fn case(choice: &Choice, name: &str) -> Result<(usize, Value), Mismatch> {
    let index = choice.cases.iter().position(|case| case.name.kebab() == name);
    let index = index.ok_or_else(|| mistyped("a known case", quoted(name)))?;
    Ok((index, choice.cases[index].name.snake().into()))
}

fn pair_of(pair: Val) -> Result<(String, Val), Val> {
    let Val::Tuple(mut items) = pair else { return Err(pair) };
    if items.len() != 2 || !matches!(items[0], Val::String(_)) {
        return Err(Val::Tuple(items));
    }
    let (content, key) = (items.pop(), items.pop());
    match (key, content) {
        (Some(Val::String(key)), Some(content)) => Ok((key, content)),
        _ => unreachable!("there are two items, of which the first is a text"),
    }
}

/// Floats of this size are shorter without an exponent.
fn is_plain(float: f64) -> bool {
    float == 0.0 || (1e-5..1e17).contains(&float.abs())
}

fn finite<F: std::fmt::Display + std::fmt::LowerExp>(
    is_finite: bool,
    is_plain: bool,
    float: &F,
) -> Result<Value, Mismatch> {
    let text = if is_plain { float.to_string() } else { format!("{float:e}") };
    match Number::new(&text).filter(|_| is_finite) {
        Some(number) => Ok(Value::Number(number)),
        None => Err(mistyped("a number that JSON has", text)),
    }
}

fn take(left: &mut usize, count: usize, what: &'static str, limit: usize) -> Result<(), Mismatch> {
    *left = left
        .checked_sub(count)
        .ok_or_else(|| Mismatch::new(Way::Out, Problem::OverLimit { what, limit }))?;
    Ok(())
}

fn quoted(text: &str) -> String {
    format!("text \"{}\"", shown(text))
}

#[cold]
fn mistyped(expected: impl Into<String>, found: impl Into<String>) -> Mismatch {
    let (expected, found) = (expected.into(), found.into());
    Mismatch::new(Way::Out, Problem::Mistyped { expected, found })
}

/// For what no component can return whose signature this is.
#[cold]
fn foreign(expected: impl Into<String>) -> Mismatch {
    mistyped(expected, "a value of another type")
}
