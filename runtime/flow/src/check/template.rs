//! Values in flows: literals judged by the type that is expected, and texts with expressions in
//! them.

use indexmap::IndexMap;
use model::{Number, Value};

use crate::expr::{Shape, Type, Types};
use crate::program::{Form, Part, Template};
use crate::source::Span;

use super::Checker;
use super::expression::Known;

impl Checker<'_> {
    /// The type of a value that stands where one of the type `wanted` is needed. `what` names the
    /// place in messages.
    pub(super) fn template(&mut self, template: &mut Template, wanted: &Type, what: &str) -> Known {
        let span = template.span;
        match &mut template.form {
            Form::Plain(word) => {
                let value = match resolve(word, wanted) {
                    Ok(value) => value,
                    Err((problem, hint)) => {
                        self.error("flow/type", span, format!("{what}: {problem}"), hint);
                        return Known::broken();
                    }
                };
                let known = self.literal(&value, wanted, span, what);
                template.form = Form::Literal(value);
                known
            }
            Form::Literal(value) => self.literal(value, wanted, span, what),
            Form::Code(code) => self.code(code, wanted, what),
            Form::Text(parts) => {
                let broken = self.parts(parts);
                if let Err(mismatch) = wanted.accepts(&Type::Text) {
                    let hint = "`${{ … }}` alone, without text around it, keeps its type";
                    self.error("flow/type", span, format!("{what}: {mismatch}"), hint);
                    return Known::broken();
                }
                Known { known: Type::Text, broken }
            }
            Form::Unread => Known::broken(),
            Form::List(items) => self.list(items, wanted, span, what),
            Form::Object(fields) => self.object(fields, wanted, span, what),
        }
    }

    fn literal(&mut self, value: &Value, wanted: &Type, span: Span, what: &str) -> Known {
        let Err(mismatch) = wanted.takes_value(value) else {
            return Known::of(Type::of(value));
        };
        let hint = match (value, wanted.clone().present()) {
            (Value::Text(text), Type::Number | Type::Bool)
                if Number::new(text).is_some() || matches!(text.as_str(), "true" | "false") =>
            {
                "write it without quotes".to_owned()
            }
            _ => mismatch.hint.clone(),
        };
        self.error("flow/type", span, format!("{what}: {mismatch}"), hint);
        Known::broken()
    }

    /// Whether something is wrong with the expressions in a text.
    fn parts(&mut self, parts: &mut [Part]) -> bool {
        let mut broken = false;
        for part in parts {
            let Part::Code(code) = part else { continue };
            let known = self.expression(code, &Type::Text);
            broken |= known.broken;
            let fits = known.known.is_text()
                || matches!(known.known, Type::Number | Type::Bool | Type::Numeric | Type::Unknown);
            if known.broken || fits {
                continue;
            }
            let message = format!("{} cannot be a part of a text", known.known);
            let hint = match known.known {
                Type::Null | Type::Optional(_) => "give a default for null with `??`",
                Type::Stream(_) => "loop over its rows with `for-each`",
                _ => "take a field of it, or make a text of it with `json.stringify`",
            };
            self.error("flow/text-part", code.span, message, hint);
            broken = true;
        }
        broken
    }

    fn list(&mut self, items: &mut [Template], wanted: &Type, span: Span, what: &str) -> Known {
        let inner = match wanted.clone().present() {
            Type::List(inner) => *inner,
            Type::Unknown => Type::Unknown,
            _ => return self.misfit(&Type::list(Type::Unknown), wanted, span, what),
        };
        let mut known = None;
        let mut broken = false;
        for (index, item) in items.iter_mut().enumerate() {
            let each = self.template(item, &inner, &within(what, &format!("[{index}]")));
            broken |= each.broken;
            known = Some(match known {
                None => each.known,
                Some(before) => Type::or(before, each.known),
            });
        }
        Known { known: Type::list(known.unwrap_or_default()), broken }
    }

    fn object(
        &mut self,
        fields: &mut IndexMap<String, Template>,
        wanted: &Type,
        span: Span,
        what: &str,
    ) -> Known {
        match wanted.clone().present() {
            Type::Unknown => self.fields(fields, |_| Type::Unknown, what),
            Type::Map(values) => self.fields(fields, |_| (*values).clone(), what),
            Type::Object(shape) => self.shaped(fields, &shape, span, what),
            _ => self.misfit(&Type::object([]), wanted, span, what),
        }
    }

    fn fields(
        &mut self,
        fields: &mut IndexMap<String, Template>,
        wanted: impl Fn(&str) -> Type,
        what: &str,
    ) -> Known {
        let mut types = Types::new();
        let mut broken = false;
        for (name, template) in fields {
            let known = self.template(template, &wanted(name), &within(what, &format!(".{name}")));
            broken |= known.broken;
            types.insert(name.clone(), known.known);
        }
        Known { known: Type::Object(types.into()), broken }
    }

    /// Each field against the one that is meant, so that every problem stands at its own place.
    fn shaped(
        &mut self,
        fields: &mut IndexMap<String, Template>,
        shape: &Shape,
        span: Span,
        what: &str,
    ) -> Known {
        let mut broken = false;
        for (name, template) in fields.iter() {
            if shape.open || shape.meant(name).is_some() {
                continue;
            }
            let (key, mismatch) = (self.key(name, template.span), shape.unknown(name));
            let message = format!("{what}: there is no field `{name}`");
            self.error("flow/unknown-field", key, message, mismatch.hint);
            broken = true;
        }
        let given = fields.keys().filter_map(|name| shape.meant(name)).collect::<Vec<_>>();
        let missing = shape.fields.iter().filter(|(name, wanted)| {
            shape.must_have(name, wanted) && !given.contains(&name.as_str())
        });
        let missing = missing.map(|(name, _)| name.as_str()).collect::<Vec<_>>();
        if !missing.is_empty() {
            let message = format!("{what}: {} missing", super::arguments::count(&missing));
            let hint = format!("known here: {}", super::arguments::told(&shape.fields));
            self.error("flow/missing-field", span, message, hint);
            broken = true;
        }
        let wanted = |name: &str| {
            let meant = shape.meant(name).and_then(|name| shape.fields.get(name));
            meant.cloned().unwrap_or_default()
        };
        let known = self.fields(fields, wanted, what);
        Known { broken: broken || known.broken, ..known }
    }

    fn misfit(&mut self, found: &Type, wanted: &Type, span: Span, what: &str) -> Known {
        if let Err(mismatch) = wanted.accepts(found) {
            self.error("flow/type", span, format!("{what}: {mismatch}"), mismatch.hint);
        }
        Known::broken()
    }
}

/// The place of a part of what is named in backticks.
pub(super) fn within(what: &str, part: &str) -> String {
    match what.strip_suffix('`') {
        Some(whole) => format!("{whole}{part}`"),
        None => format!("{what}{part}"),
    }
}

/// What a plain word is where a value of that type is expected; or why it is none, and what is.
pub fn resolve(word: &str, wanted: &Type) -> Result<Value, (String, String)> {
    let refused = |what: &str, hint: &str| {
        let shown = word.chars().take(60).collect::<String>();
        Err((format!("expected {what}, found `{shown}`"), hint.to_owned()))
    };
    let is_null = matches!(word, "" | "~" | "null");
    match wanted {
        Type::Optional(_) | Type::Null if is_null => Ok(Value::Null),
        Type::Optional(inner) => resolve(word, inner),
        Type::Unknown => Ok(match word {
            _ if is_null => Value::Null,
            "true" | "false" => Value::Bool(word == "true"),
            _ => Number::new(word).map_or_else(|| word.into(), Value::Number),
        }),
        Type::Number | Type::Numeric => match Number::new(word) {
            Some(number) => Ok(Value::Number(number)),
            None if Number::new(word.trim_start_matches(['0', '+'])).is_some() => {
                refused("a number", "write it without `0` or `+` in front")
            }
            None => refused("a number", "a number is written as `12`, `-0.5` or `1e3`"),
        },
        Type::Bool => match word {
            "true" | "false" => Ok(Value::Bool(word == "true")),
            _ => refused("true or false", "write `true` or `false`"),
        },
        // Lists and objects are written as such, and null is nothing but null.
        Type::List(_) | Type::Map(_) | Type::Object(_) if is_null => {
            refused(&wanted.to_string(), "write it, or take the name away")
        }
        _ => Ok(word.into()),
    }
}
