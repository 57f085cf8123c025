//! Types as flows write them.

use super::{Reader, hint_of, shown};
use crate::expr::{Type, Types};
use crate::grammar::{TYPES, Takes, construct};
use crate::yaml::Node;

impl Reader {
    /// A type; unknown where it cannot be read.
    pub(super) fn type_of(&mut self, what: &str, node: &Node) -> Type {
        if !self.fits(what, node, Takes::Type) {
            return Type::Unknown;
        }
        match node.as_scalar() {
            Some(scalar) => self.named_type(&scalar.text, node),
            None => self.built_type(node).unwrap_or_default(),
        }
    }

    fn named_type(&mut self, text: &str, node: &Node) -> Type {
        let (word, optional) = match text.strip_suffix('?') {
            Some(word) => (word, true),
            None => (text, false),
        };
        let found = match word {
            "text" => Type::Text,
            "number" => Type::Number,
            "bool" => Type::Bool,
            "datetime" => Type::Datetime,
            "duration" => Type::Duration,
            "any" => Type::Unknown,
            "object" => Type::open([]),
            "list" => Type::list(Type::Unknown),
            _ => {
                let message = format!("there is no type {}", shown(text));
                self.report("flow/unknown-type", node.span, message, type_hint(word));
                return Type::Unknown;
            }
        };
        if optional { found.optional() } else { found }
    }

    fn built_type(&mut self, node: &Node) -> Option<Type> {
        let (key, value) = self.one_of(node, construct("type"), node.span)?;
        Some(match key {
            "list" => Type::list(self.type_of("`list`", value)),
            "object" => Type::Object(self.field_types(value).into()),
            _ => Type::Word(self.words(value)),
        })
    }

    fn words(&mut self, node: &Node) -> Vec<String> {
        if node.as_list().is_some_and(<[_]>::is_empty) {
            let hint = "write the words: `[small, large]`";
            self.report("flow/no-value", node.span, "`words` lists no word", hint);
        }
        self.texts("`words`", node)
    }

    fn field_types(&mut self, node: &Node) -> Types {
        let entries = node.as_mapping().unwrap_or_default().iter();
        let typed = entries.map(|entry| {
            let what = format!("`{}`", entry.key.text);
            (entry.key.text.clone(), self.type_of(&what, &entry.value))
        });
        typed.collect()
    }
}

/// Names of types that people bring along from elsewhere.
fn type_hint(word: &str) -> String {
    let ours = match word.to_lowercase().as_str() {
        "string" | "str" | "varchar" | "char" => "text",
        "integer" | "int" | "float" | "double" | "decimal" => "number",
        "boolean" => "bool",
        "date" | "time" | "timestamp" => "datetime",
        "array" => "list",
        "map" | "dict" | "json" | "struct" => "object",
        "interval" | "timespan" => "duration",
        "enum" => return "write `{ words: [small, large] }`".into(),
        _ => return hint_of(word, TYPES),
    };
    format!("did you mean `{ours}`? use one of {}", TYPES.join(", "))
}
