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

proptest! {
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
    fn integers_are_calculated_exactly(one in i64::MIN + 1..i64::MAX - 1_000_000, two in 1_i64..1_000_000) {
        let scope = format!("{{\"one\":{one},\"two\":{two}}}");
        let wide = i128::from(one) * i128::from(two);
        prop_assert_eq!(outcome("one * two", &scope), wide.to_string());
        prop_assert_eq!(outcome("one + two", &scope), (one + two).to_string());
        prop_assert_eq!(outcome("one % two", &scope), (one % two).to_string());
        prop_assert_eq!(outcome("one < two", &scope), (one < two).to_string());
        prop_assert_eq!(outcome("(one * two) / two == one", &scope), "true");
    }
}
