//! What each function does, under its name. A body sees arguments of the types its function takes.

use std::borrow::Cow;

use model::{Number, Value};
use rust_decimal::Decimal;

use super::super::decimal::{Calculated, calculate, exact, number as calculated, round as rounded};
use super::super::tree::Op;
use super::super::{Diagnostic, Span, TEXT};

type Values<'a> = [Cow<'a, Value>];

pub(super) fn abs(values: &Values<'_>) -> Calculated<Value> {
    Ok(calculated(number_at(values, 0)?.abs()).into())
}

pub(super) fn ceil(values: &Values<'_>) -> Calculated<Value> {
    Ok(calculated(number_at(values, 0)?.ceil()).into())
}

pub(super) fn floor(values: &Values<'_>) -> Calculated<Value> {
    Ok(calculated(number_at(values, 0)?.floor()).into())
}

pub(super) fn round(values: &Values<'_>) -> Calculated<Value> {
    let places = values.get(1).and_then(|places| places.as_number()).map(Number::as_u64);
    let places = match places {
        None => 0,
        Some(Some(places @ 0..=28)) => places as u32,
        Some(_) => {
            let message = "places are a whole number from 0 to 28";
            return Err(refused("expr/arguments", message, "such as `round(number, 2)`"));
        }
    };
    Ok(calculated(rounded(number_at(values, 0)?, places)).into())
}

pub(super) fn sum(values: &Values<'_>) -> Calculated<Value> {
    let mut total = Decimal::ZERO;
    for (index, number) in numbers(values).enumerate() {
        let item = exact(number, &format!("item {index} of the list"))?;
        total = calculate(Op::Add, total, item)?;
    }
    Ok(calculated(total).into())
}

pub(super) fn max(values: &Values<'_>) -> Calculated<Value> {
    let most = numbers(values).max_by(|one, two| one.compare(two));
    most.map(|most| most.clone().into()).ok_or_else(empty)
}

pub(super) fn min(values: &Values<'_>) -> Calculated<Value> {
    let least = numbers(values).min_by(|one, two| one.compare(two));
    least.map(|least| least.clone().into()).ok_or_else(empty)
}

fn empty() -> Diagnostic {
    let hint = "ask first, as in `len(list) > 0 and max(list) > 5`";
    refused("expr/empty", "the list is empty", hint)
}

pub(super) fn number(values: &Values<'_>) -> Calculated<Value> {
    let read = match &*values[0] {
        Value::Number(number) => Some(number.clone()),
        Value::Text(text) => Number::new(text.trim()),
        _ => None,
    };
    read.map(Value::Number).ok_or_else(|| {
        let found = values[0].type_name();
        let hint = "numbers look like `12`, `0.5` or `1e3`, without unit, blank or comma";
        refused("expr/not-a-number", format!("this {found} does not say a number"), hint)
    })
}

pub(super) fn text(values: &Values<'_>) -> Calculated<Value> {
    Ok(match &*values[0] {
        Value::Text(text) => text.as_str().into(),
        plain => plain.to_string().into(),
    })
}

pub(super) fn len(values: &Values<'_>) -> Calculated<Value> {
    let count = match &*values[0] {
        Value::Text(text) => text.chars().count(),
        Value::List(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    };
    Ok((count as u64).into())
}

pub(super) fn contains(values: &Values<'_>) -> Calculated<Value> {
    Ok(text_at(values, 0).contains(text_at(values, 1)).into())
}

pub(super) fn starts_with(values: &Values<'_>) -> Calculated<Value> {
    Ok(text_at(values, 0).starts_with(text_at(values, 1)).into())
}

pub(super) fn ends_with(values: &Values<'_>) -> Calculated<Value> {
    Ok(text_at(values, 0).ends_with(text_at(values, 1)).into())
}

pub(super) fn lower(values: &Values<'_>) -> Calculated<Value> {
    Ok(text_at(values, 0).to_lowercase().into())
}

pub(super) fn upper(values: &Values<'_>) -> Calculated<Value> {
    Ok(text_at(values, 0).to_uppercase().into())
}

pub(super) fn trim(values: &Values<'_>) -> Calculated<Value> {
    Ok(text_at(values, 0).trim().into())
}

pub(super) fn replace(values: &Values<'_>) -> Calculated<Value> {
    let [whole, old, new] = [0, 1, 2].map(|index| text_at(values, index));
    let count = separated(whole, old)?;
    bounded(whole.len().saturating_add(count.saturating_mul(new.len())))?;
    Ok(whole.replace(old, new).into())
}

pub(super) fn split(values: &Values<'_>) -> Calculated<Value> {
    let (whole, between) = (text_at(values, 0), text_at(values, 1));
    bounded(separated(whole, between)?.saturating_mul(size_of::<Value>()))?;
    Ok(whole.split(between).map(Value::from).collect::<Vec<_>>().into())
}

fn separated(whole: &str, part: &str) -> Calculated<usize> {
    if part.is_empty() {
        let hint = "give at least one character, such as `split(text, \",\")`";
        return Err(refused("expr/arguments", "the text to look for is empty", hint));
    }
    Ok(whole.matches(part).count())
}

pub(super) fn join(values: &Values<'_>) -> Calculated<Value> {
    let items = values[0].as_list().unwrap_or_default();
    let texts = items.iter().filter_map(Value::as_text).collect::<Vec<_>>();
    let between = text_at(values, 1);
    let bytes = texts.iter().map(|text| text.len() + between.len()).sum();
    bounded(bytes)?;
    Ok(texts.join(between).into())
}

pub(super) fn keys(values: &Values<'_>) -> Calculated<Value> {
    let fields = values[0].as_object().into_iter().flat_map(|fields| fields.keys());
    Ok(fields.map(|name| Value::from(name.as_str())).collect::<Vec<_>>().into())
}

pub(super) fn values(values: &Values<'_>) -> Calculated<Value> {
    let fields = values[0].as_object().into_iter().flat_map(|fields| fields.values());
    Ok(fields.cloned().collect::<Vec<_>>().into())
}

fn refused(code: &'static str, message: impl Into<String>, hint: &str) -> Diagnostic {
    Diagnostic::new(code, Span::default(), message, hint)
}

/// The text at that argument; what each function takes was checked before its body runs.
fn text_at<'v>(values: &'v [Cow<'_, Value>], index: usize) -> &'v str {
    values[index].as_text().unwrap_or_default()
}

fn number_at(values: &[Cow<'_, Value>], index: usize) -> Calculated<Decimal> {
    values[index].as_number().map_or(Ok(Decimal::ZERO), |number| exact(number, "the argument"))
}

fn numbers<'v>(values: &'v Values<'_>) -> impl Iterator<Item = &'v Number> {
    values[0].as_list().unwrap_or_default().iter().filter_map(Value::as_number)
}

fn bounded(bytes: usize) -> Calculated<()> {
    if bytes <= TEXT {
        return Ok(());
    }
    Err(refused(
        "expr/too-large",
        format!("the result would have {bytes} bytes; the most is {TEXT}"),
        "take fewer or shorter texts",
    ))
}
