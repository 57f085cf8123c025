//! Values without expressions, by the type that is expected.

use model::time::{parse_moment, parse_span};
use model::{Number, Value};

use super::{Reader, shown};
use crate::braces::OPEN;
use crate::expr::Type;
use crate::yaml::{Content, Node, Scalar};

impl Reader {
    /// A default; `None` where it is no value of the type.
    pub(super) fn default(&mut self, node: &Node, takes: &Type) -> Option<Value> {
        let before = self.problems.len();
        let value = self.literal(node, takes);
        (self.problems.len() == before).then_some(value)
    }

    fn literal(&mut self, node: &Node, takes: &Type) -> Value {
        let takes = &takes.clone().present_unless_null(node);
        match &node.content {
            Content::Scalar(scalar) => self.scalar(node, scalar, takes),
            Content::List(items) => {
                let of = match takes {
                    Type::List(of) => of.as_ref(),
                    Type::Unknown => &Type::Unknown,
                    _ => return self.no_default(node, takes),
                };
                Value::List(items.iter().map(|item| self.literal(item, of)).collect())
            }
            Content::Mapping(entries) => {
                if !matches!(takes, Type::Object(_) | Type::Map(_) | Type::Unknown) {
                    return self.no_default(node, takes);
                }
                let fields = entries.iter().map(|entry| {
                    let of = field(takes, &entry.key.text);
                    (entry.key.text.clone(), self.literal(&entry.value, &of))
                });
                Value::Object(fields.collect())
            }
        }
    }

    fn scalar(&mut self, node: &Node, scalar: &Scalar, takes: &Type) -> Value {
        let text = scalar.text.as_str();
        if text.contains(OPEN) {
            let message = "a default is fixed and cannot hold an expression".to_owned();
            let hint = "leave the default out, and use `inputs.NAME ?? …` where it is read";
            self.report("flow/expression", node.span, message, hint);
            return Value::Null;
        }
        let fits = match takes {
            Type::Unknown => return untyped(scalar),
            Type::Null => return Value::Null,
            Type::Number if scalar.is_plain() => match Number::new(text) {
                Some(number) => return Value::Number(number),
                None => false,
            },
            Type::Bool if scalar.is_plain() => match text {
                "true" => return Value::Bool(true),
                "false" => return Value::Bool(false),
                _ => false,
            },
            Type::Text => !node.is_empty(),
            Type::Datetime => matches!(parse_moment(text), Some(Ok(_))),
            Type::Duration => parse_span(text).is_ok(),
            Type::Word(words) => words.iter().any(|word| word == text),
            _ => false,
        };
        if fits { Value::Text(text.to_owned()) } else { self.no_default(node, takes) }
    }

    fn no_default(&mut self, node: &Node, takes: &Type) -> Value {
        let found = super::described(node);
        let message = format!("the default is {found}, and the input takes {takes}");
        let hint = match (takes, node.as_scalar()) {
            (Type::Number | Type::Bool, Some(scalar)) if !scalar.is_plain() => {
                "leave the quotes out".to_owned()
            }
            (Type::Number, _) => "write a number such as `5` or `0.50`".into(),
            (Type::Bool, _) => "write `true` or `false`".into(),
            (Type::Datetime, _) => "write a moment such as `2026-01-31T08:00:00Z`".into(),
            (Type::Duration, _) => model::time::NotASpan::HINT.into(),
            (Type::Word(words), Some(scalar)) => {
                let words = words.iter().map(String::as_str).collect::<Vec<_>>();
                super::hint_of(&scalar.text, &words)
            }
            (Type::Text, _) if node.is_empty() => {
                "write `\"\"` for an empty text, or add `?` to the type for null".into()
            }
            _ => format!("write a value of the type {}", shown(&takes.to_string())),
        };
        self.report("flow/default", node.span, message, hint);
        Value::Null
    }
}

impl Type {
    /// The type of what stands there; null where nothing does and may.
    fn present_unless_null(self, node: &Node) -> Self {
        let null = node.as_scalar().is_some_and(is_null);
        match self {
            Self::Optional(_) if null => Self::Null,
            known => known.present(),
        }
    }
}

fn field(takes: &Type, name: &str) -> Type {
    match takes {
        Type::Object(shape) => shape.fields.get(name).cloned().unwrap_or_default(),
        Type::Map(of) => of.as_ref().clone(),
        _ => Type::Unknown,
    }
}

fn is_null(scalar: &Scalar) -> bool {
    scalar.is_plain() && matches!(scalar.text.as_str(), "" | "~" | "null")
}

/// A value where no type is expected.
fn untyped(scalar: &Scalar) -> Value {
    let text = scalar.text.as_str();
    if is_null(scalar) {
        return Value::Null;
    }
    if scalar.is_plain() {
        match text {
            "true" => return Value::Bool(true),
            "false" => return Value::Bool(false),
            _ => {}
        }
        if let Some(number) = Number::new(text) {
            return Value::Number(number);
        }
    }
    Value::Text(text.to_owned())
}
