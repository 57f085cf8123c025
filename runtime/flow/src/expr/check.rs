//! Static types: what can be said of an expression before it runs.

use model::similar::{closest, one_of};

use super::eval::{mixed_types, no_field, towards};
use super::function::{Body, Each, Function};
use super::tree::{Kind, Node, Op};
use super::{Diagnostic, Path, Segment, Span, Type, Types};

/// Works out types and collects every problem on the way.
pub(super) struct Checker<'c> {
    types: &'c Types,
    source: &'c str,
    paths: &'c [Path],
    /// Whether the expression is a path and nothing else, the only way to name a stream.
    whole: bool,
    /// How many `??` the node in hand is on the left of.
    defaults: usize,
    pub(super) unknown: Option<Span>,
    pub(super) problems: Vec<Diagnostic>,
}

impl<'c> Checker<'c> {
    pub(super) fn new(types: &'c Types, source: &'c str, paths: &'c [Path]) -> Self {
        let (unknown, problems) = (None, Vec::new());
        Self { types, source, paths, whole: false, defaults: 0, unknown, problems }
    }

    /// The type of a whole expression.
    pub(super) fn root(&mut self, node: &Node) -> Type {
        self.whole = matches!(node.kind, Kind::Read(_));
        self.type_of(node, &Type::Unknown)
    }

    fn type_of(&mut self, node: &Node, item: &Type) -> Type {
        let known = self.kind(node, item);
        if self.unknown.is_none() && known.is_vague() {
            self.unknown = Some(node.span);
        }
        known
    }

    fn kind(&mut self, node: &Node, item: &Type) -> Type {
        match &node.kind {
            Kind::Literal(value) => Type::of(value),
            Kind::Item => item.clone(),
            Kind::Read(index) => {
                let known = self.path(&self.paths[*index], node.span);
                if self.whole { known } else { self.no_stream(known, node.span) }
            }
            Kind::Field(object, name) => {
                let object = self.type_of(object, item);
                let place = &self.source[node.span.start..node.span.end];
                self.segment(&object, &Segment::Name(name.clone()), place, node.span)
            }
            Kind::At(whole, index) => {
                let whole = self.type_of(whole, item);
                let index_type = self.type_of(index, item);
                self.at(&whole, &index_type, index.span)
            }
            Kind::List(items) => {
                let types = items.iter().map(|node| self.type_of(node, item)).collect::<Vec<_>>();
                Type::list(types.into_iter().reduce(Type::or).unwrap_or_default())
            }
            Kind::Object(fields) => {
                let known =
                    |(name, node): &(String, Node)| (name.clone(), self.type_of(node, item));
                Type::Object(fields.iter().map(known).collect::<Types>().into())
            }
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
        let Some(Segment::Name(root)) = path.0.first() else { return Type::Unknown };
        let mut known = self.named(self.types, root, root, span);
        for (index, segment) in path.0.iter().enumerate().skip(1) {
            let so_far = Path(path.0[..=index].to_vec()).to_string();
            known = self.segment(&known, segment, &so_far, span);
        }
        known
    }

    fn segment(&mut self, whole: &Type, segment: &Segment, path: &str, span: Span) -> Type {
        let whole = self.there(whole, path, span);
        match (whole, segment) {
            (Type::Unknown, _) => Type::Unknown,
            (Type::Object(shape), Segment::Name(name)) => {
                if shape.may_miss.contains(name) {
                    self.missing(path, span);
                }
                if shape.open && !shape.fields.contains_key(name) {
                    return Type::Unknown;
                }
                self.named(&shape.fields, name, path, span)
            }
            (Type::Map(values), Segment::Name(_)) => {
                self.missing(path, span);
                (**values).clone()
            }
            (Type::List(items), Segment::Index(_)) => (**items).clone(),
            (other, _) => {
                let message = format!("`{path}`: {other} has nothing inside");
                let hint = "only an object has fields, and only a list has positions";
                self.problems.push(Diagnostic::new("expr/type", span, message, hint));
                Type::Unknown
            }
        }
    }

    /// What stands at that name, the last of the path.
    fn named(&mut self, fields: &Types, name: &str, path: &str, span: Span) -> Type {
        if !fields.contains_key(name) {
            let close = closest(name, fields.keys().map(String::as_str));
            let parent = path.strip_suffix(name).unwrap_or_default();
            let close = close.map(|close| format!("{parent}{close}"));
            self.problems.push(no_field(path, span, close.as_deref()));
        }
        fields.get(name).cloned().unwrap_or_default()
    }

    /// What something is taken from, which must not be null. On the left of `??` a way that ends
    /// early is what the default is for.
    fn there<'t>(&mut self, whole: &'t Type, path: &str, span: Span) -> &'t Type {
        let Type::Optional(inner) = whole else { return whole };
        if self.defaults == 0 {
            let message = format!("`{path}` leads through null at times");
            self.optional(message, span);
        }
        inner
    }

    fn missing(&mut self, path: &str, span: Span) {
        if self.defaults == 0 {
            self.optional(format!("`{path}` may be missing"), span);
        }
    }

    fn optional(&mut self, message: String, span: Span) {
        let hint = format!("give a default: `{} ?? …`", &self.source[span.start..span.end]);
        self.problems.push(Diagnostic::new("expr/optional", span, message, hint));
    }

    /// Rows of a stream are nothing to calculate with.
    fn no_stream(&mut self, known: Type, span: Span) -> Type {
        if !matches!(known, Type::Stream(_)) {
            return known;
        }
        let message = "a stream cannot be calculated with";
        let hint = "loop over its rows with `for-each`, and collect what you need of them";
        self.problems.push(Diagnostic::new("expr/stream", span, message, hint));
        Type::Unknown
    }

    fn at(&mut self, whole: &Type, index: &Type, span: Span) -> Type {
        let source = self.source;
        let whole = self.there(whole, &source[span.start..span.end], span);
        match (whole, index) {
            (Type::List(items), Type::Number | Type::Unknown) => (**items).clone(),
            (Type::Object(_) | Type::Map(_) | Type::Unknown, index)
                if index.is_text() || *index == Type::Unknown =>
            {
                Type::Unknown
            }
            (Type::Unknown, Type::Number) => Type::Unknown,
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
                    Type::Object(_) | Type::Map(_) => one.is_text() || one == Type::Unknown,
                    known => *known == Type::Unknown,
                };
                (fits, Type::Bool)
            }
            Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => {
                (both(&one, &two, is_number) || both(&one, &two, Type::is_text), Type::Bool)
            }
            Op::Add if both(&one, &two, Type::is_text) => {
                let known = one.is_text() || two.is_text();
                (true, if known { Type::Text } else { Type::Unknown })
            }
            _ => (both(&one, &two, is_number), Type::Number),
        };
        let problem = if fits {
            self.words(op, (left, &one), (right, &two)).or_else(|| ordered(op, &one, &two))
        } else {
            Some(mixed_types(op, &one.to_string(), &two.to_string()).over(span))
        };
        self.problems.extend(problem.map(|it| if it.span.end == 0 { it.over(span) } else { it }));
        result
    }

    /// A text in quotes that is compared with what can be none but certain words.
    fn words(&self, op: Op, one: (&Node, &Type), two: (&Node, &Type)) -> Option<Diagnostic> {
        if !matches!(op, Op::Equal | Op::NotEqual | Op::In | Op::NotIn) {
            return None;
        }
        let stray = |(node, words): (&Node, &Type), (_, known): (&Node, &Type)| {
            let (Type::Word(allowed), false) = (words.clone().present(), is_quoted(node)) else {
                return None;
            };
            let given = match known {
                Type::List(items) => items,
                known => known,
            };
            let Type::Word(given) = given.clone().present() else { return None };
            let stray = given.iter().find(|word| !allowed.contains(word))?;
            let place = &self.source[node.span.start..node.span.end];
            let message = format!("`{place}` is never `{stray}`");
            let allowed = allowed.iter().map(String::as_str).collect::<Vec<_>>();
            let hint = one_of(stray, &allowed);
            Some(Diagnostic::new("expr/word", Span::default(), message, hint))
        };
        let found = stray(one, two).map(|it| it.over(literal_span(two.0)));
        found.or_else(|| stray(two, one).map(|it| it.over(literal_span(one.0))))
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

fn both(one: &Type, two: &Type, fits: impl Fn(&Type) -> bool) -> bool {
    [one, two].into_iter().all(|known| fits(known) || *known == Type::Unknown)
}

fn is_number(known: &Type) -> bool {
    *known == Type::Number
}

/// Moments and spans are texts, and the order of texts is not theirs.
fn ordered(op: Op, one: &Type, two: &Type) -> Option<Diagnostic> {
    if !matches!(op, Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual) {
        return None;
    }
    let (what, hint) = match [one, two] {
        known if known.contains(&&Type::Datetime) => {
            ("moments", "take the time between them with `datetime.subtract`, and compare that")
        }
        known if known.contains(&&Type::Duration) => {
            ("spans of time", "compare numbers, such as seconds")
        }
        _ => return None,
    };
    let message = format!("`{}` compares texts, and {what} are written in many ways", op.symbol());
    Some(Diagnostic::new("expr/order", Span::default(), message, hint))
}

/// Whether it is made of texts in quotes alone, so that nothing else decides what it is.
fn is_quoted(node: &Node) -> bool {
    match &node.kind {
        Kind::Literal(_) => true,
        Kind::List(items) => items.iter().all(is_quoted),
        _ => false,
    }
}

fn literal_span(node: &Node) -> Span {
    if is_quoted(node) { node.span } else { Span::default() }
}
