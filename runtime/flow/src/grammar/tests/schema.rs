//! The schema for editors takes what reading takes, and refuses what it can see is wrong.

use model::{Number, Value};

use super::super::*;
use crate::expr::Type;
use crate::signature::{Catalog, Contract, Effect, Output, Param, Signature};
use crate::yaml::{Content, Node, parse};

/// One action, which takes a text and maybe a number.
struct Known(Signature);

impl Known {
    fn new() -> Self {
        let param = |takes, required| Param { takes, required, default: None, docs: "A.".into() };
        let inputs = [
            ("queue".to_owned(), param(Type::Text, true)),
            ("count".to_owned(), param(Type::Number.optional(), false)),
        ];
        Self(Signature {
            name: "test.add".into(),
            docs: "Adds.\nMore.".into(),
            inputs: inputs.into_iter().collect(),
            output: Output::Nothing,
            effect: Effect::None,
            errors: Vec::new(),
        })
    }
}

impl Catalog for Known {
    fn action(&self, name: &str) -> Option<&Signature> {
        (name == self.0.name).then_some(&self.0)
    }

    fn actions(&self) -> Vec<&str> {
        vec![&self.0.name]
    }

    fn flow(&self, _: &str) -> Option<&Contract> {
        None
    }

    fn flows(&self) -> Vec<&str> {
        Vec::new()
    }

    fn file(&self, path: &str) -> Result<String, String> {
        Err(format!("there is no `{path}`"))
    }
}

/// As much of JSON Schema as the schema uses.
struct Judge {
    root: Value,
}

impl Judge {
    fn takes(&self, text: &str) -> bool {
        let parsed = parse(&Source::new("a.yaml", text));
        parsed.root.is_some_and(|node| self.accepts(&self.root, &node))
    }

    fn accepts(&self, schema: &Value, node: &Node) -> bool {
        let rules = schema.as_object().expect("a schema is an object");
        rules.iter().all(|(rule, said)| self.follows(rules, rule, said, node))
    }

    fn follows(
        &self,
        rules: &indexmap::IndexMap<String, Value>,
        rule: &str,
        said: &Value,
        node: &Node,
    ) -> bool {
        let fields = node.as_mapping().unwrap_or_default();
        let texts = || said.as_list().unwrap_or_default().iter().filter_map(Value::as_text);
        match rule {
            "$schema" | "title" | "description" | "$defs" | "then" => true,
            "$ref" => self.accepts(self.found(said.as_text().expect("a text")), node),
            "anyOf" => said.as_list().expect("a list").iter().any(|one| self.accepts(one, node)),
            "allOf" => said.as_list().expect("a list").iter().all(|one| self.accepts(one, node)),
            "if" => !self.accepts(said, node) || self.accepts(&rules["then"], node),
            "type" => texts().chain(said.as_text()).any(|name| is_a(name, node)),
            "enum" => said.as_list().expect("a list").contains(&plain(node)),
            "const" => *said == plain(node),
            "pattern" => node
                .as_scalar()
                .is_none_or(|scalar| matches(said.as_text().expect("a text"), &scalar.text)),
            "minimum" | "maximum" => {
                let Value::Number(number) = plain(node) else { return true };
                let order = number.compare(said.as_number().expect("a number"));
                if rule == "minimum" { order.is_ge() } else { order.is_le() }
            }
            "minItems" => node.as_list().is_none_or(|items| !items.is_empty()),
            "items" => node.as_list().unwrap_or_default().iter().all(|it| self.accepts(said, it)),
            "required" => {
                node.as_mapping().is_none()
                    || texts().all(|name| fields.iter().any(|entry| entry.key.text == name))
            }
            "properties" => fields.iter().all(|entry| {
                said.get(&entry.key.text).is_none_or(|of| self.accepts(of, &entry.value))
            }),
            "additionalProperties" => fields.iter().all(|entry| {
                let known = rules.get("properties").and_then(|all| all.get(&entry.key.text));
                known.is_some()
                    || match said {
                        Value::Bool(open) => *open,
                        of => self.accepts(of, &entry.value),
                    }
            }),
            "propertyNames" => fields.iter().all(|entry| {
                matches(said.get("pattern").and_then(Value::as_text).unwrap(), &entry.key.text)
            }),
            other => panic!("the schema uses `{other}`"),
        }
    }

    fn found(&self, reference: &str) -> &Value {
        let name = reference.strip_prefix("#/$defs/").expect("it points into the schema");
        self.root.get("$defs").and_then(|defs| defs.get(name)).expect(reference)
    }
}

/// What YAML makes of a scalar where nobody says better.
fn plain(node: &Node) -> Value {
    let Some(scalar) = node.as_scalar() else {
        return Value::List(Vec::new());
    };
    let text = scalar.text.as_str();
    match text {
        "" | "~" | "null" if scalar.is_plain() => Value::Null,
        "true" | "false" if scalar.is_plain() => Value::Bool(text == "true"),
        _ => match Number::new(text).filter(|_| scalar.is_plain()) {
            Some(number) => Value::Number(number),
            None => text.into(),
        },
    }
}

fn is_a(name: &str, node: &Node) -> bool {
    match (name, &node.content) {
        ("object", Content::Mapping(_)) | ("array", Content::List(_)) => true,
        (_, Content::Scalar(_)) => match plain(node) {
            Value::Null => name == "null",
            Value::Bool(_) => name == "boolean",
            Value::Number(number) => {
                name == "number" || name == "integer" && number.as_i64().is_some()
            }
            _ => name == "string",
        },
        _ => false,
    }
}

/// The few patterns there are.
fn matches(pattern: &str, text: &str) -> bool {
    let starts = text.starts_with(|first: char| first.is_ascii_lowercase());
    let rest = |joint: char| {
        text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint)
    };
    match pattern {
        crate::read::ID_PATTERN => starts && rest('_'),
        crate::read::NAME_PATTERN => starts && rest('-'),
        "/" => text.contains('/'),
        r"\$\{\{" => text.contains("${{"),
        _ if pattern.contains("ms|s|m") => model::time::parse_span(text).is_ok(),
        other => panic!("a pattern `{other}`"),
    }
}

fn judge() -> Judge {
    Judge { root: schema(&Known::new()) }
}

#[test]
fn valid_examples_fit_the_schema() {
    let judge = judge();
    for construct in constructs() {
        assert!(judge.takes(&Construct::file(construct.valid)), "{}", construct.name);
    }
}

#[test]
fn wrong_structure_does_not_fit() {
    let judge = judge();
    let seen = ["unknown-key", "missing-key", "wrong-shape", "name", "number", "bool", "word"];
    let mut refused = 0;
    for wrong in constructs().flat_map(|construct| &construct.invalid) {
        let kind = wrong.code.strip_prefix("flow/").unwrap_or_default();
        if seen.contains(&kind) {
            assert!(!judge.takes(&Construct::file(wrong.text)), "{}", wrong.text);
            refused += 1;
        }
    }
    assert!(refused > 20, "{refused}");
}

#[test]
fn actions_tell_what_they_take() {
    let judge = judge();
    for (with, fits) in [
        ("{ queue: orders }", true),
        ("{ queue: orders, count: 5 }", true),
        ("{ queue: orders, count: \"${{ total }}\" }", true),
        ("{ queue: orders, count: }", true),
        ("{ queue: orders, count: many }", false),
        ("{ queue: [orders] }", false),
        ("{ count: 5 }", false),
        ("{ queue: orders, size: 5 }", false),
    ] {
        let text = format!("- uses: test.add\n  with: {with}\n");
        assert_eq!(judge.takes(&Construct::file(&text)), fits, "{with}");
        let other = text.replace("test.add", "test.other");
        assert!(judge.takes(&Construct::file(&other)), "of another action nothing is known");
    }
    assert!(!judge.takes(&Construct::file("- uses: test.add\n")));
}
