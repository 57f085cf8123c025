//! JSON text, field by field: order is kept and values are spliced in as they are.

use std::fmt::Display;

use model::{Timestamp, Value};

/// A JSON object that is being written.
#[derive(Debug, Default)]
pub(crate) struct Object(String);

impl Object {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    fn key(&mut self, key: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.0.push_str(&quoted(key));
        self.0.push(':');
    }

    /// A field that is JSON already. White space between its parts is kept, on one line.
    pub(crate) fn raw(mut self, key: &str, json: &str) -> Self {
        self.key(key);
        let json = json.strip_prefix('\u{feff}').unwrap_or(json).trim();
        // A raw line break can stand between the parts of a document only, never inside a text.
        self.0.extend(json.chars().map(|character| match character {
            '\n' | '\r' => ' ',
            other => other,
        }));
        self
    }

    pub(crate) fn number(self, key: &str, number: impl Display) -> Self {
        self.raw(key, &number.to_string())
    }

    pub(crate) fn flag(self, key: &str, flag: bool) -> Self {
        self.raw(key, if flag { "true" } else { "false" })
    }

    pub(crate) fn text(mut self, key: &str, text: impl Display) -> Self {
        self.key(key);
        self.0.push_str(&quoted(&text.to_string()));
        self
    }

    /// A text, or null.
    pub(crate) fn maybe(self, key: &str, text: Option<impl Display>) -> Self {
        match text {
            Some(text) => self.text(key, text),
            None => self.raw(key, "null"),
        }
    }

    /// A number, or null.
    pub(crate) fn maybe_number(self, key: &str, number: Option<impl Display>) -> Self {
        match number {
            Some(number) => self.number(key, number),
            None => self.raw(key, "null"),
        }
    }

    pub(crate) fn time(self, key: &str, at: Option<Timestamp>) -> Self {
        self.maybe(key, at)
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }
}

/// A list of JSON texts.
pub(crate) fn list(parts: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", parts.into_iter().collect::<Vec<_>>().join(","))
}

/// A text as JSON.
pub(crate) fn quoted(text: &str) -> String {
    model::json::write(&Value::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_spliced_on_one_line() {
        let object = Object::new()
            .text("name", "a \"b\"\n")
            .raw("value", "\u{feff}{\n  \"n\": 5000.00 }\n")
            .maybe("none", None::<&str>)
            .number("count", 3);
        let text = object.finish();
        assert_eq!(
            text,
            r#"{"name":"a \"b\"\n","value":{   "n": 5000.00 },"none":null,"count":3}"#
        );
        assert!(model::json::check(&text).is_ok());
        assert_eq!(Object::new().finish(), "{}");
    }
}
