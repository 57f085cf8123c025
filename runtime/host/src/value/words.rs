//! Types in the words of those who write values.

use crate::types::{Choice, Integer, Type};
use crate::value::mismatch::listed;

/// What a value of the type looks like.
pub(crate) fn expected(ty: &Type) -> String {
    match ty {
        Type::Bool => "true or false".into(),
        Type::Integer(integer) => whole(*integer),
        Type::F32 | Type::F64 | Type::Decimal => "a number".into(),
        Type::Char => "a text of one character".into(),
        Type::Text => "a text".into(),
        Type::DateTime => "a datetime such as \"2026-04-06T09:30:00+02:00\"".into(),
        Type::Json => "any value".into(),
        Type::Bytes => "a text in base64".into(),
        Type::List(_) => "a list".into(),
        Type::Map(_) | Type::Record(_) => "an object".into(),
        Type::Tuple(items) => format!("a list of {}", items.len()),
        Type::Option(inner) => match &**inner {
            Type::Option(_) => "null or an object {\"some\": …}".into(),
            inner => format!("{} or null", expected(inner)),
        },
        Type::Result(_) => "an object {\"ok\": …} or {\"err\": …}".into(),
        Type::Enum(choice) | Type::Variant(choice) => one_of(choice),
        Type::Flags(choice) => format!("a list with any of {}", cases(choice)),
    }
}

/// What chooses one of the cases.
pub(crate) fn one_of(choice: &Choice) -> String {
    format!("one of {}", cases(choice))
}

/// Cases that carry something are shown as the objects they are.
fn cases(choice: &Choice) -> String {
    let cases = choice.cases.iter().map(|case| match case.payload {
        None => case.name.snake().to_owned(),
        Some(_) => format!("{{\"{}\": …}}", case.name.snake()),
    });
    listed(&cases.collect::<Vec<_>>())
}

fn whole(integer: Integer) -> String {
    let (least, greatest) = integer.range();
    format!("a whole number from {least} to {greatest}")
}
