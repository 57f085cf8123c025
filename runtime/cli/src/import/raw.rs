//! The fields of an object as the text they were, for what is kept byte for byte.

use model::{Value, json};

use super::nesting::Nesting;

/// A field of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field<'t> {
    pub(super) name: String,
    /// The name as it is written.
    key: &'t str,
    pub(super) value: &'t str,
}

/// The fields of a text that is known to be a JSON object, in their order.
pub(super) fn fields(object: &str) -> Vec<Field<'_>> {
    let inside = object.trim().trim_start_matches('{');
    let mut rest = inside.strip_suffix('}').unwrap_or(inside);
    let mut fields = Vec::new();
    while let Some((field, after)) = field(rest) {
        fields.push(field);
        rest = after;
    }
    fields
}

/// An object of these fields, each as it was.
pub(super) fn object(fields: &[Field<'_>]) -> String {
    let fields = fields.iter().map(|Field { key, value, .. }| format!("{key}:{value}"));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

/// The first field, and the text behind the comma that ends it.
fn field(text: &str) -> Option<(Field<'_>, &str)> {
    let (key, rest) = cut(text, b':');
    let (value, rest) = cut(rest, b',');
    let (key, value) = (key.trim(), value.trim());
    let Value::Text(name) = json::parse(key).ok()? else { return None };
    Some((Field { name, key, value }, rest))
}

/// The text before and behind this byte, where it stands in no text, list or object.
fn cut(text: &str, end: u8) -> (&str, &str) {
    let mut nesting = Nesting::default();
    for (at, byte) in text.bytes().enumerate() {
        if nesting.is_outside(byte) && byte == end {
            return (&text[..at], &text[at + 1..]);
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_text() {
        for (text, expected) in [
            ("{}", vec![]),
            (" { } ", vec![]),
            (r#"{"a":1.50}"#, vec![("a", "1.50")]),
            (
                r#"{ "a,\"}" : { "b" : [1, "}"] } , "v" : "A\/" }"#,
                vec![("a,\"}", r#"{ "b" : [1, "}"] }"#), ("v", r#""A\/""#)],
            ),
        ] {
            let fields = fields(text);
            let found = fields.iter().map(|field| (field.name.as_str(), field.value));
            assert_eq!(found.collect::<Vec<_>>(), expected, "{text}");
        }
        let text = r#"{"a":{ "b" : 1 },"c":"\u0041"}"#;
        assert_eq!(object(&fields(text)), text);
    }
}
