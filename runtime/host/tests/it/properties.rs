//! Values of any type come back as they went in.

use std::sync::Arc;

use host::types::{Case, Choice, Either, Field, Integer, Origin, Record};
use host::value::{arguments, output};
use host::{Members, Name, Outcome, StepSignature, Type};
use model::{Number, Value, json};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use proptest::sample::subsequence;

/// A step that takes a value of the type and gives one back.
pub(crate) fn echo(ty: &Type) -> StepSignature {
    let field = Field { name: Name::new("value"), docs: None, ty: ty.clone(), default: None };
    StepSignature {
        name: "echo".into(),
        interface: None,
        function: "echo".into(),
        infallible: false,
        is_async: false,
        docs: None,
        params: Members::new(vec![field]),
        outcome: Outcome::Value(Some(ty.clone())),
        source: None,
    }
}

pub(crate) fn types() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![
        Just(Type::Bool),
        integers().prop_map(Type::Integer),
        Just(Type::F32),
        Just(Type::F64),
        Just(Type::Char),
        Just(Type::Text),
        Just(Type::Decimal),
        Just(Type::DateTime),
        Just(Type::Json),
        Just(Type::Bytes),
        names().prop_map(|names| Type::Enum(choice(names.iter().map(|name| bare(name))))),
        names().prop_map(|names| Type::Flags(choice(names.iter().map(|name| bare(name))))),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let maybe = proptest::option::of(inner.clone());
        prop_oneof![
            inner.clone().prop_map(list_of),
            inner.clone().prop_map(|ty| Type::Map(Arc::new(ty))),
            inner.clone().prop_map(|ty| Type::Option(Arc::new(ty))),
            vec(inner.clone(), 1..4).prop_map(|types| Type::Tuple(types.into())),
            (maybe.clone(), maybe.clone())
                .prop_map(|(ok, err)| Type::Result(Arc::new(Either { ok, err }))),
            members(inner).prop_map(|members| record(members.into_iter().collect())),
            members(maybe).prop_map(|members| {
                let case = |(name, payload): (String, _)| Case {
                    name: Name::new(&name),
                    docs: None,
                    payload,
                };
                Type::Variant(choice(members.into_iter().map(case)))
            }),
        ]
    })
}

fn integers() -> impl Strategy<Value = Integer> {
    use Integer::{S8, S16, S32, S64, U8, U16, U32, U64};
    proptest::sample::select(vec![S8, S16, S32, S64, U8, U16, U32, U64])
}

/// Lists of bytes and of pairs are types of their own.
fn list_of(item: Type) -> Type {
    match item {
        Type::Integer(Integer::U8) => Type::Bytes,
        Type::Tuple(types) => match &*types {
            [Type::Text, content] => Type::Map(Arc::new(content.clone())),
            _ => Type::List(Arc::new(Type::Tuple(types))),
        },
        item => Type::List(Arc::new(item)),
    }
}

fn names() -> impl Strategy<Value = Vec<String>> {
    btree_set("[a-z]{1,3}(-[a-z]{1,3}){0,2}", 1..6).prop_map(|names| names.into_iter().collect())
}

fn members<T: std::fmt::Debug>(
    inner: impl Strategy<Value = T>,
) -> impl Strategy<Value = Vec<(String, T)>> {
    btree_map("[a-z]{1,3}(-[a-z]{1,3}){0,2}", inner, 1..5)
        .prop_map(|members| members.into_iter().collect())
}

fn bare(name: &str) -> Case {
    Case { name: Name::new(name), docs: None, payload: None }
}

fn origin() -> Origin {
    Origin { interface: None, name: Name::new("some-type") }
}

fn choice(cases: impl Iterator<Item = Case>) -> Arc<Choice> {
    let cases = Members::new(cases.collect());
    Arc::new(Choice { origin: origin(), docs: None, cases })
}

fn record(members: Vec<(String, Type)>) -> Type {
    let field =
        |(name, ty): (String, _)| Field { name: Name::new(&name), docs: None, ty, default: None };
    let fields = Members::new(members.into_iter().map(field).collect());
    Type::Record(Arc::new(Record { origin: origin(), docs: None, open: false, fields }))
}

/// Values of the type, written as they come out.
pub(crate) fn values(ty: &Type) -> BoxedStrategy<Value> {
    match ty {
        Type::List(item) => vec(values(item), 0..4).prop_map(Value::List).boxed(),
        Type::Map(item) => {
            let entries = btree_map(any::<String>(), values(item), 0..4);
            entries.prop_map(|entries| Value::Object(entries.into_iter().rev().collect())).boxed()
        }
        Type::Tuple(types) => {
            types.iter().map(values).collect::<Vec<_>>().prop_map(Value::List).boxed()
        }
        Type::Option(inner) => {
            let present = values(inner);
            let present = match &**inner {
                Type::Option(_) => present.prop_map(|value| object([("some", value)])).boxed(),
                _ => present,
            };
            prop_oneof![Just(Value::Null), present].boxed()
        }
        Type::Result(either) => {
            let side = |ty: &Option<Type>| ty.as_ref().map_or(Just(Value::Null).boxed(), values);
            let ok = side(&either.ok).prop_map(|value| object([("ok", value)]));
            let err = side(&either.err).prop_map(|value| object([("err", value)]));
            prop_oneof![ok, err].boxed()
        }
        Type::Record(record) => {
            let names = record.fields.names().map(str::to_owned).collect::<Vec<_>>();
            let fields = record.fields.iter().map(|field| values(&field.ty)).collect::<Vec<_>>();
            let whole =
                move |values| Value::Object(names.iter().cloned().zip::<Vec<_>>(values).collect());
            fields.prop_map(whole).boxed()
        }
        Type::Enum(choice) | Type::Variant(choice) => {
            proptest::strategy::Union::new(choice.cases.iter().map(case_of)).boxed()
        }
        Type::Flags(choice) => {
            let names = choice.cases.names().map(Value::from).collect::<Vec<_>>();
            let count = names.len();
            subsequence(names, 0..=count).prop_map(Value::List).boxed()
        }
        scalar => scalars(scalar),
    }
}

fn case_of(case: &Case) -> BoxedStrategy<Value> {
    let name = case.name.snake().to_owned();
    match &case.payload {
        None => Just(Value::Text(name)).boxed(),
        Some(ty) => values(ty).prop_map(move |value| object([(&name, value)])).boxed(),
    }
}

const DECIMALS: &str = r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?";
const DATETIMES: &str = concat!(
    r"20[0-9]{2}-0[1-9]-[01][1-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?",
    r"(Z|[+-]0[0-9]:[03]0)(\[Europe/Berlin\])?",
);

fn scalars(ty: &Type) -> BoxedStrategy<Value> {
    match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Integer(integer) => integers_of(*integer),
        Type::F32 => any::<f32>()
            .prop_filter("JSON has no others", |float| float.is_finite())
            .prop_map(|float| shortest(f64::from(float), &float.to_string(), &format!("{float:e}")))
            .boxed(),
        Type::F64 => any::<f64>()
            .prop_filter("JSON has no others", |float| float.is_finite())
            .prop_map(|float| shortest(float, &float.to_string(), &format!("{float:e}")))
            .boxed(),
        Type::Char => any::<char>().prop_map(|char| Value::Text(char.into())).boxed(),
        Type::Decimal => DECIMALS.prop_map(|text| number(&text)).boxed(),
        Type::DateTime => DATETIMES.prop_map(Value::Text).boxed(),
        Type::Json => anything(),
        Type::Bytes => vec(any::<u8>(), 0..40).prop_map(|bytes| base64(&bytes).into()).boxed(),
        _ => any::<String>().prop_map(Value::Text).boxed(),
    }
}

fn integers_of(integer: Integer) -> BoxedStrategy<Value> {
    let (least, greatest) = integer.range();
    let inside = i128::from(least)..=i128::from(greatest);
    prop_oneof![Just(*inside.start()), Just(*inside.end()), inside]
        .prop_map(|integer| number(&integer.to_string()))
        .boxed()
}

fn shortest(float: f64, plain: &str, scientific: &str) -> Value {
    let is_plain = float == 0.0 || (1e-5..1e17).contains(&float.abs());
    number(if is_plain { plain } else { scientific })
}

fn number(text: &str) -> Value {
    Value::Number(Number::new(text).expect("a test writes numbers"))
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect())
}

/// Any value but null, which an option would take for itself.
fn anything() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::Text),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        let inner = prop_oneof![inner, Just(Value::Null)];
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::List),
            btree_map(any::<String>(), inner, 0..3)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
    .boxed()
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = (0..3).fold(0, |word, at| word << 8 | u32::from(*chunk.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * at) & 63) as usize];
            text.push(if at > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn values_come_back_unchanged(
        (ty, value) in types().prop_flat_map(|ty| (Just(ty.clone()), values(&ty)))
    ) {
        let step = echo(&ty);
        let mut vals = arguments(&step, &object([("value", value.clone())])).expect("it fits");
        let back = output(&step, vals.pop()).expect("it fits").expect("it does not fail");
        prop_assert_eq!(json::write(&back), json::write(&value), "{}", ty);
    }

    #[test]
    fn no_value_makes_conversion_panic(ty in types(), value in anything()) {
        let step = echo(&ty);
        for input in [value.clone(), object([("value", value)])] {
            if let Err(mismatch) = arguments(&step, &input) {
                prop_assert!(!mismatch.to_string().is_empty() && !mismatch.hint().is_empty());
                prop_assert!(mismatch.to_string().len() < 2_000, "{}", mismatch);
            }
        }
    }

    #[test]
    fn vals_of_other_types_are_refused(
        (one, other, value) in (types(), types())
            .prop_flat_map(|(one, other)| (Just(one.clone()), Just(other), values(&one)))
    ) {
        let mut vals =
            arguments(&echo(&one), &object([("value", value)])).expect("it fits");
        if let Err(mismatch) = output(&echo(&other), vals.pop()) {
            prop_assert!(mismatch.path().starts_with("result"), "{}", mismatch);
        }
    }
}
