//! Whatever the source says, there is a value or an error, never a panic.

use proptest::prelude::*;

use super::*;

const TOKENS: &[&str] = &[
    "n", "price", "name", "list", "rows", "value", "long", "nothing", "yes", ".Amount", ".id",
    "[0]", "[n]", "[", "]", "(", ")", "{", "}", "a:", ":", ",", "?", "??", "and", "or", "not",
    "in", "!", "==", "<", ">=", "+", "-", "*", "/", "%", "#", "0", "1", "7.5", "1e27", "1e-27",
    "9e99", "'a'", "\"é\"", "len(", "map(", "filter(", "sum(", "round(", "number(", "replace(",
    "join(", "null", "true", "€", "\\", "'",
];

/// Expressions that parse, of every operator and most functions, right or wrong in their types.
fn any_expression() -> impl Strategy<Value = String> {
    const LEAVES: &[&str] = &[
        "n",
        "price",
        "name",
        "list",
        "rows",
        "value",
        "nothing",
        "yes",
        "value.Amount",
        "rows[0].id",
        "value.Due",
        "value.Amuont",
        "rows[1]",
        "empty",
        "#",
        "#.id",
        "#.amount",
        "2",
        "'a'",
        "null",
    ];
    const SHAPES: &[&str] = &[
        "(A + B)",
        "(A - B)",
        "(A * B)",
        "(A == B)",
        "(A < B)",
        "(A in B)",
        "(A and B)",
        "(A ?? B)",
        "(not A)",
        "(-A)",
        "(A ? B : A)",
        "[A, B]",
        "{ a: A, b: B }",
        "{ a: A }.a",
        "(A)[B]",
        "len(A)",
        "map(A, B)",
        "filter(A, B)",
        "some(A, B)",
        "sum(A)",
        "join(A, B)",
        "contains(A, B)",
        "text(A)",
        "values(A)",
        "keys(A)",
        "split(A, 'a')",
        "upper(A)",
        "max([A, B])",
    ];
    let leaf = prop::sample::select(LEAVES).prop_map(str::to_owned);
    leaf.prop_recursive(4, 16, 2, |inner| {
        (prop::sample::select(SHAPES), inner.clone(), inner).prop_map(|(shape, one, two)| {
            shape.replace('A', "\0").replace('B', &two).replace('\0', &one)
        })
    })
}

/// The types of the scope as a flow may know them: certain texts, maps, and objects that say less
/// than there is.
fn refined() -> Types {
    let scope = json::parse(SCOPE).expect("valid");
    let Type::Object(shape) = Type::of(&scope).widened() else { return Types::new() };
    let mut types = shape.fields;
    let row = Type::open([("id", Type::Text)]);
    for (name, known) in [
        ("name", Type::word(["Ada", "Grace"])),
        ("list", Type::list(Type::Number.optional())),
        ("rows", Type::list(row)),
        ("n", Type::Number.optional()),
        ("text", Type::Text.optional()),
    ] {
        types.insert(name.to_owned(), known);
    }
    if let Some(Type::Object(value)) = types.get_mut("value") {
        value.may_miss.insert("Due".to_owned());
        value.fields.insert("Lines".to_owned(), Type::list(Type::map(Type::Number)));
    }
    types
}

/// What is accepted as far as types are known gives a value of the type that was told.
fn kept(source: &str, types: &Types) -> Result<(), TestCaseError> {
    let scope = json::parse(SCOPE).expect("valid");
    let Ok(expr) = parse(source) else { return Ok(()) };
    let Checked { result, problems, unknown } = expr.check(types);
    if !problems.is_empty() || unknown.is_some() {
        return Ok(());
    }
    match expr.eval(&scope) {
        Ok(value) => {
            let fits = result.accepts(&Type::of(&value)).is_ok();
            prop_assert!(fits, "{source}: {result} became {value}");
        }
        Err(error) => {
            let code = error.problem.code;
            let unforeseen = matches!(code, "expr/type" | "expr/missing-field" | "expr/item");
            prop_assert!(!unforeseen, "{}", error);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_accepted_does_not_fail_for_names_or_types(source in any_expression()) {
        let scope = json::parse(SCOPE).expect("valid");
        let Type::Object(all) = Type::of(&scope).widened() else { panic!("it is an object") };
        kept(&source, &all.fields)?;
    }

    #[test]
    fn refined_types_do_not_fail_either(source in any_expression()) {
        kept(&source, &refined())?;
    }

    #[test]
    fn soups_of_tokens_never_panic(
        tokens in prop::collection::vec(prop::sample::select(TOKENS), 0..14),
    ) {
        let source = tokens.join(" ");
        let first = outcome(&source, SCOPE);
        prop_assert_eq!(&first, &outcome(&source, SCOPE), "twice the same");
        if let Ok(expr) = parse(&source) {
            let _ = expr.check(&Types::default());
        }
    }

    #[test]
    fn any_text_is_parsed_or_refused(source in "\\PC{0,40}") {
        let _ = outcome(&source, SCOPE);
    }

    #[test]
    fn integers_are_calculated_exactly(
        one in i64::MIN + 1..i64::MAX - 1_000_000,
        two in 1_i64..1_000_000,
    ) {
        let scope = format!("{{\"one\":{one},\"two\":{two}}}");
        let wide = i128::from(one) * i128::from(two);
        prop_assert_eq!(outcome("one * two", &scope), wide.to_string());
        prop_assert_eq!(outcome("one + two", &scope), (one + two).to_string());
        prop_assert_eq!(outcome("one % two", &scope), (one % two).to_string());
        prop_assert_eq!(outcome("one < two", &scope), (one < two).to_string());
        prop_assert_eq!(outcome("(one * two) / two == one", &scope), "true");
    }
}
