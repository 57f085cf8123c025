//! What may stand where something else is wanted.

use super::*;

fn invoice() -> Type {
    let fields = [("due_date", Type::Datetime), ("amount", Type::Number), ("note", Type::Text)];
    let Type::Object(mut shape) = Type::object(fields) else { return Type::Unknown };
    shape.loose = true;
    shape.may_miss.insert("note".to_owned());
    Type::Object(shape)
}

/// What is wanted, and what is given.
fn cases() -> Vec<(Type, Type)> {
    let (text, number) = (Type::Text, Type::Number);
    let given = |fields: &[(&str, Type)]| Type::object(fields.iter().cloned());
    let good = [("DueDate", text.clone()), ("amount", number.clone())];
    vec![
        (Type::Unknown, Type::Null),
        (text.clone(), Type::Datetime),
        (text.clone(), number.clone()),
        (number.clone(), text.clone()),
        (number.clone(), number.clone().optional()),
        (number.clone().optional(), Type::Null),
        (number.clone(), Type::Null),
        (Type::Numeric, text.clone()),
        (Type::Numeric, Type::word(["twelve"])),
        (Type::Datetime, text.clone()),
        (Type::Datetime, Type::word(["2026-01-31T08:00:00Z"])),
        (Type::Datetime, Type::word(["tomorrow"])),
        (Type::Duration, Type::word(["5 minutes"])),
        (Type::Duration, Type::Datetime),
        (Type::word(["high", "low"]), text.clone()),
        (Type::word(["high", "low"]), Type::word(["hihg"])),
        (Type::list(number.clone()), Type::list(text.clone())),
        (Type::map(number.clone()), given(&[("a", number.clone()), ("b", text.clone())])),
        (Type::map(number.clone()), Type::map(number.clone())),
        (invoice(), given(&good)),
        (invoice(), given(&good[..1])),
        (invoice(), given(&[good[0].clone(), ("amuont", number.clone())])),
        (invoice(), given(&[good[0].clone(), good[1].clone(), ("due-date", text.clone())])),
        (invoice(), Type::map(number.clone())),
        (invoice(), Type::open([("amount", number.clone())])),
        (Type::list(invoice()), Type::list(given(&[good[0].clone(), ("amount", text.clone())]))),
        (Type::Unknown, Type::stream(number.clone())),
        (Type::list(number.clone()), Type::stream(number)),
    ]
}

fn told_of(wanted: &Type, found: &Type) -> String {
    match wanted.accepts(found) {
        Ok(()) => format!("{wanted} <- {found}\n"),
        Err(mismatch) => format!("{wanted} <- {found}\n    {mismatch}\n    {}\n", mismatch.hint),
    }
}

#[test]
fn what_does_not_fit_is_named() {
    let told = cases();
    let told = told.iter().map(|(wanted, found)| told_of(wanted, found));
    let expected = expect![[r"
        unknown <- null
        text <- datetime
        text <- number
            expected text, found number
            `text(…)` turns a number into a text
        number <- text
            expected number, found text
            `number(…)` turns a text into a number
        number <- number or null
            expected number, and this may be null
            give a default for null with `??`
        number or null <- null
        number <- null
            expected number, found null
            give a default for null with `??`
        number or text with a number <- text
        number or text with a number <- text
            `twelve` is not a number
            a number is written as `12`, `-0.5` or `1e3`
        datetime <- text
        datetime <- text
        datetime <- text
            `tomorrow` is not a moment
            a moment is written as `2026-01-31T08:00:00Z`; `now` is this one
        duration <- text
            `5 minutes` is not a span of time
            a span is written as `30s`, `5m`, `1h30m` or `7d`
        duration <- datetime
            expected duration, found datetime
            give duration
        one of high, low <- text
        one of high, low <- text
            `hihg` is none of the words that are allowed
            did you mean `high`? use one of high, low
        list of number <- list of text
            `[…]`: expected number, found text
            `number(…)` turns a text into a number
        object of number <- object
            `b`: expected number, found text
            `number(…)` turns a text into a number
        object of number <- object of number
        object <- object
        object <- object
            `amount`: it is missing
            give number
        object <- object
            `amuont`: there is no such field
            did you mean `amount`?
        object <- object
            `due-date`: `due_date` is given twice, in two spellings
            keep one of them
        object <- object of number
            `due_date`: expected datetime, and nobody knows whether it is there
            make an object of the fields that are needed
        object <- object
        list of object <- list of object
            `[…].amount`: expected number, found text
            `number(…)` turns a text into a number
        unknown <- stream of number
            a stream cannot be kept or passed on
            only `for-each` reads a stream: `for-each: ${{ rows }}`
        list of number <- stream of number
            a stream cannot be kept or passed on
            only `for-each` reads a stream: `for-each: ${{ rows }}`
    "]];
    expected.assert_eq(&told.collect::<String>());
}
