//! Static types: what can be said of an expression before it runs.

use model::Value;
use model::similar::closest;

use super::eval::{mixed_types, no_field, towards};
use super::function::{Body, Each, Function};
use super::tree::{Kind, Node, Op};
use super::{Diagnostic, Path, Segment, Span, Type, Types};

/// Works out types and collects every problem on the way.
pub(super) struct Checker<'c> {
    types: &'c Types,
    source: &'c str,
    paths: &'c [Path],
    /// How many `??` the node in hand is on the left of.
    defaults: usize,
    pub(super) unknown: Option<Span>,
    pub(super) problems: Vec<Diagnostic>,
}

impl<'c> Checker<'c> {
    pub(super) fn new(types: &'c Types, source: &'c str, paths: &'c [Path]) -> Self {
        Self { types, source, paths, defaults: 0, unknown: None, problems: Vec::new() }
    }

    pub(super) fn type_of(&mut self, node: &Node, item: &Type) -> Type {
        let known = self.kind(node, item);
        if self.unknown.is_none() && known.is_vague() {
            self.unknown = Some(node.span);
        }
        known
    }

    fn kind(&mut self, node: &Node, item: &Type) -> Type {
        match &node.kind {
            Kind::Literal(value) => literal(value),
            Kind::Item => item.clone(),
            Kind::Read(index) => self.path(&self.paths[*index], node.span),
            Kind::Field(object, name) => {
                let object = self.type_of(object, item);
                let place = &self.source[node.span.start..node.span.end];
                self.segment(&object, &Segment::Name(name.clone()), place, node.span)
            }
            Kind::At(whole, index) => {
                let whole = self.type_of(whole, item);
                let index_type = self.type_of(index, item);
                self.at(whole, &index_type, index.span)
            }
            Kind::List(items) => {
                let types = items.iter().map(|node| self.type_of(node, item)).collect::<Vec<_>>();
                Type::list(types.into_iter().reduce(Type::or).unwrap_or_default())
            }
            Kind::Object(fields) => Type::Object(
                fields
                    .iter()
                    .map(|(name, node)| (name.clone(), self.type_of(node, item)))
                    .collect(),
            ),
            Kind::Not(operand) => self.want(operand, item, &Type::Bool),
            Kind::Negate(operand) => self.want(operand, item, &Type::Number),
            Kind::Binary(op, left, right) => self.binary(*op, left, right, node.span, item),
            Kind::Choose(parts) => {
                self.want(&parts[0], item, &Type::Bool);
                let then = self.type_of(&parts[1], item);
                then.or(self.type_of(&parts[2], item))
            }
            Kind::Call(function, arguments) => self.call(function, arguments, item),
        }
    }

    fn path(&mut self, path: &Path, span: Span) -> Type {
        let mut known = Type::Object(self.types.clone());
        for (index, segment) in path.0.iter().enumerate() {
            let so_far = Path(path.0[..=index].to_vec()).to_string();
            known = self.segment(&known, segment, &so_far, span);
        }
        known
    }

    fn segment(&mut self, whole: &Type, segment: &Segment, path: &str, span: Span) -> Type {
        // On the left of `??` a way that ends early is what the default is for.
        let whole = if self.defaults > 0 { &whole.clone().present() } else { whole };
        let found = match (whole, segment) {
            (Type::Unknown, _) => Type::Unknown,
            (Type::Object(fields), Segment::Name(name)) => {
                if !fields.contains_key(name) {
                    let close = closest(name, fields.keys().map(String::as_str));
                    let parent = path.strip_suffix(name.as_str()).unwrap_or_default();
                    let close = close.map(|close| format!("{parent}{close}"));
                    self.problems.push(no_field(path, span, close.as_deref()));
                }
                fields.get(name).cloned().unwrap_or_default()
            }
            (Type::List(items), Segment::Index(_)) => (**items).clone(),
            (other, _) => {
                let message = format!("`{path}`: {other} has nothing inside");
                let hint = "only an object has fields, and only a list has positions";
                self.problems.push(Diagnostic::new("expr/type", span, message, hint));
                Type::Unknown
            }
        };
        if self.defaults == 0 && matches!(found, Type::Optional(_)) {
            let hint = format!("give a default: `{} ?? …`", &self.source[span.start..span.end]);
            let message = format!("`{path}` may be missing");
            self.problems.push(Diagnostic::new("expr/optional", span, message, hint));
        }
        found.present()
    }

    fn at(&mut self, whole: Type, index: &Type, span: Span) -> Type {
        match (whole, index) {
            (Type::List(items), Type::Number | Type::Unknown) => *items,
            (Type::Object(_) | Type::Unknown, Type::Text | Type::Unknown)
            | (Type::Unknown, Type::Number) => Type::Unknown,
            (whole, index) => {
                let message = format!("{whole} has nothing at {index}");
                let hint =
                    "a list has positions such as `[0]`, an object names such as `[\"a b\"]`";
                self.problems.push(Diagnostic::new("expr/type", span, message, hint));
                Type::Unknown
            }
        }
    }

    fn binary(&mut self, op: Op, left: &Node, right: &Node, span: Span, item: &Type) -> Type {
        if matches!(op, Op::Or | Op::And) {
            self.want(left, item, &Type::Bool);
            return self.want(right, item, &Type::Bool);
        }
        self.defaults += usize::from(op == Op::Default);
        let one = self.type_of(left, item);
        self.defaults -= usize::from(op == Op::Default);
        let two = self.type_of(right, item);
        let (fits, result) = match op {
            Op::Default => return if one == Type::Null { two } else { one.present().or(two) },
            Op::Equal | Op::NotEqual => (one.meets(&two), Type::Bool),
            Op::In | Op::NotIn => {
                let fits = match &two {
                    Type::List(items) => one.meets(items),
                    Type::Object(_) => matches!(one, Type::Text | Type::Unknown),
                    known => *known == Type::Unknown,
                };
                (fits, Type::Bool)
            }
            Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => {
                (both(&one, &two, &Type::Number) || both(&one, &two, &Type::Text), Type::Bool)
            }
            Op::Add if both(&one, &two, &Type::Text) => {
                let known = one == Type::Text || two == Type::Text;
                (true, if known { Type::Text } else { Type::Unknown })
            }
            _ => (both(&one, &two, &Type::Number), Type::Number),
        };
        if !fits {
            let (one, two) = (one.to_string(), two.to_string());
            self.problems.push(mixed_types(op, &one, &two).over(span));
        }
        result
    }

    fn call(&mut self, function: &Function, arguments: &[Node], item: &Type) -> Type {
        let mut types = Vec::with_capacity(arguments.len());
        for (index, (node, want)) in arguments.iter().zip(function.takes).enumerate() {
            let known = match (&function.body, index, types.first()) {
                (Body::Each(each), 1, Some(whole)) => {
                    let inner = match whole {
                        Type::List(items) => (**items).clone(),
                        _ => Type::Unknown,
                    };
                    if *each == Each::Map {
                        self.type_of(node, &inner)
                    } else {
                        self.want(node, &inner, &Type::Bool)
                    }
                }
                _ => self.type_of(node, item),
            };
            if !want.admits(&known) {
                let message = format!("expected {}, found {known}", want.name());
                let hint = format!("`{}`", function.usage);
                self.problems.push(Diagnostic::new("expr/type", node.span, message, hint));
            }
            types.push(known);
        }
        (function.gives)(&types)
    }

    fn want(&mut self, node: &Node, item: &Type, wanted: &Type) -> Type {
        let known = self.type_of(node, item);
        if known != *wanted && known != Type::Unknown {
            let message = format!("expected {wanted}, found {known}");
            let hint = towards(&wanted.to_string(), &known.to_string());
            self.problems.push(Diagnostic::new("expr/type", node.span, message, hint));
        }
        wanted.clone()
    }
}

fn both(one: &Type, two: &Type, wanted: &Type) -> bool {
    [one, two].into_iter().all(|known| known == wanted || *known == Type::Unknown)
}

fn literal(value: &Value) -> Type {
    match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Bool,
        Value::Number(_) => Type::Number,
        Value::Text(_) => Type::Text,
        Value::List(_) => Type::list(Type::Unknown),
        Value::Object(_) => Type::Unknown,
    }
}
