//! Evaluation: walks the tree, borrows from the scope, counts every step.

use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Ordering;

use model::Value;
use model::similar::closest;

use super::decimal::{calculate, exact, number};
use super::function::{Body, Each, Function, Want};
use super::parse::ITEM_HINT;
use super::tree::{Kind, Node, Op};
use super::{Diagnostic, Path, STEPS, Scope, Segment, Span};

/// Why there is no value.
pub(super) enum Fault {
    /// The scope has nothing at the path of that index; described only if nobody catches it.
    Absent(usize, Span),
    /// A field or item is not there; `??` catches it.
    Missing(Diagnostic),
    Failed(Diagnostic),
}

impl From<Diagnostic> for Fault {
    fn from(problem: Diagnostic) -> Self {
        Self::Failed(problem)
    }
}

type Found<'v> = Result<Cow<'v, Value>, Box<Fault>>;

impl From<Diagnostic> for Box<Fault> {
    fn from(problem: Diagnostic) -> Self {
        Self::new(problem.into())
    }
}

/// One evaluation.
pub(super) struct Run<'r> {
    scope: &'r dyn Scope,
    source: &'r str,
    paths: &'r [Path],
    steps: Cell<usize>,
}

impl<'r> Run<'r> {
    pub(super) fn new(scope: &'r dyn Scope, source: &'r str, paths: &'r [Path]) -> Self {
        Self { scope, source, paths, steps: Cell::new(0) }
    }

    /// The value of `node`, with `item` standing for `#`.
    pub(super) fn value<'v>(&'v self, node: &'v Node, item: Option<&'v Value>) -> Found<'v> {
        self.charge(1, node.span)?;
        match &node.kind {
            Kind::Literal(value) => Ok(Cow::Borrowed(value)),
            Kind::Read(index) => {
                let found = self.scope.read(&self.paths[*index]);
                found.ok_or_else(|| Box::new(Fault::Absent(*index, node.span)))
            }
            Kind::Item => {
                let outside = || Diagnostic::new("expr/item", node.span, "no item here", ITEM_HINT);
                item.map(Cow::Borrowed).ok_or_else(|| outside().into())
            }
            Kind::Field(object, name) => {
                let object = self.value(object, item)?;
                self.field(object, name, node.span)
            }
            Kind::At(whole, index) => {
                let (whole, index) = (self.value(whole, item)?, self.value(index, item)?);
                self.at(whole, &index, node.span)
            }
            Kind::List(items) => {
                let items = items.iter().map(|node| self.own(node, item));
                Ok(Cow::Owned(Value::List(items.collect::<Result<_, _>>()?)))
            }
            Kind::Object(fields) => {
                let field = |(name, node): &'v (String, Node)| {
                    Ok::<_, Box<Fault>>((name.clone(), self.own(node, item)?))
                };
                let fields = fields.iter().map(field).collect::<Result<_, _>>()?;
                Ok(Cow::Owned(Value::Object(fields)))
            }
            Kind::Not(operand) => Ok(bool_value(!self.flag(operand, item)?)),
            Kind::Negate(operand) => {
                let value = self.value(operand, item)?;
                let decimal = self.decimal(&value, operand)?;
                Ok(Cow::Owned(number(-decimal).into()))
            }
            Kind::Binary(op, left, right) => self.binary(*op, left, right, node.span, item),
            Kind::Choose(parts) => {
                let [condition, then, otherwise] = &**parts;
                self.value(if self.flag(condition, item)? { then } else { otherwise }, item)
            }
            Kind::Call(function, arguments) => match function.body {
                Body::Each(each) => self.each(each, arguments, node.span, item),
                Body::Plain(body) => {
                    let values = self.arguments(function, arguments, item)?;
                    let result = body(&values).map_err(|problem| problem.over(node.span))?;
                    self.charge(weight(&result), node.span)?;
                    Ok(Cow::Owned(result))
                }
            },
        }
    }

    fn binary<'v>(
        &'v self,
        op: Op,
        left: &'v Node,
        right: &'v Node,
        span: Span,
        item: Option<&'v Value>,
    ) -> Found<'v> {
        match op {
            Op::Or => Ok(bool_value(self.flag(left, item)? || self.flag(right, item)?)),
            Op::And => Ok(bool_value(self.flag(left, item)? && self.flag(right, item)?)),
            Op::Default => match self.value(left, item) {
                Ok(value) if !value.is_null() => Ok(value),
                Err(fault) if matches!(*fault, Fault::Failed(_)) => Err(fault),
                Ok(_) | Err(_) => self.value(right, item),
            },
            Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Remainder => {
                let (one, two) = (self.value(left, item)?, self.value(right, item)?);
                if let (Op::Add, Value::Text(one), Value::Text(two)) = (op, &*one, &*two) {
                    self.charge((one.len() + two.len()) / BYTES_PER_STEP, span)?;
                    return Ok(Cow::Owned([one.as_str(), two].concat().into()));
                }
                if !matches!((&*one, &*two), (Value::Number(_), Value::Number(_))) {
                    return Err(mixed(op, &one, &two).over(span).into());
                }
                let (one, two) = (self.decimal(&one, left)?, self.decimal(&two, right)?);
                let result = calculate(op, one, two).map_err(|problem| problem.over(span))?;
                Ok(Cow::Owned(number(result).into()))
            }
            _ => {
                let (one, two) = (self.value(left, item)?, self.value(right, item)?);
                let outcome = compare(op, &one, &two).map_err(|problem| problem.over(span))?;
                Ok(bool_value(outcome))
            }
        }
    }

    fn each<'v>(
        &'v self,
        each: Each,
        arguments: &'v [Node],
        span: Span,
        outer: Option<&'v Value>,
    ) -> Found<'v> {
        let whole = self.value(&arguments[0], outer)?;
        let Some(items) = whole.as_list() else {
            return Err(wanted("a list", whole.type_name(), arguments[0].span).into());
        };
        let body = &arguments[1];
        let mut kept = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let within = |mut fault: Box<Fault>| {
                within(&mut fault, index);
                fault
            };
            if each == Each::Map {
                kept.push(self.own(body, Some(item)).map_err(within)?);
                continue;
            }
            match (each, self.flag(body, Some(item)).map_err(within)?) {
                (Each::Filter, true) => {
                    self.charge(weight(item), span)?;
                    kept.push(item.clone());
                }
                (Each::Some, true) => return Ok(bool_value(true)),
                (Each::All, false) => return Ok(bool_value(false)),
                _ => {}
            }
        }
        Ok(match each {
            Each::All | Each::Some => bool_value(each == Each::All),
            Each::Filter | Each::Map => Cow::Owned(kept.into()),
        })
    }

    fn arguments<'v>(
        &'v self,
        function: &Function,
        nodes: &'v [Node],
        item: Option<&'v Value>,
    ) -> Result<Vec<Cow<'v, Value>>, Box<Fault>> {
        let mut values = Vec::with_capacity(nodes.len());
        for (node, want) in nodes.iter().zip(function.takes) {
            let value = self.value(node, item)?;
            if !want.accepts(&value) {
                return Err(wanted(want.name(), &want.found(&value), node.span).into());
            }
            if *want == Want::Number {
                // The function itself could not say where the number comes from.
                self.decimal(&value, node)?;
            }
            values.push(value);
        }
        Ok(values)
    }

    fn flag(&self, node: &Node, item: Option<&Value>) -> Result<bool, Box<Fault>> {
        let value = self.value(node, item)?;
        let wanted = || wanted("true or false", value.type_name(), node.span).into();
        value.as_bool().ok_or_else(wanted)
    }

    fn decimal(&self, value: &Value, node: &Node) -> Result<rust_decimal::Decimal, Box<Fault>> {
        let Value::Number(number) = value else {
            return Err(wanted("a number", value.type_name(), node.span).into());
        };
        let name = &self.source[node.span.start..node.span.end];
        let decimal = exact(number, &format!("`{name}`"));
        decimal.map_err(|problem| problem.over(node.span).into())
    }

    fn own(&self, node: &Node, item: Option<&Value>) -> Result<Value, Box<Fault>> {
        let value = self.value(node, item)?;
        if let Cow::Borrowed(borrowed) = value {
            self.charge(weight(borrowed), node.span)?;
        }
        Ok(value.into_owned())
    }

    fn field<'v>(&self, object: Cow<'v, Value>, name: &str, span: Span) -> Found<'v> {
        let fault = match &*object {
            Value::Object(fields) if fields.contains_key(name) => None,
            Value::Object(fields) => {
                let close = closest(name, fields.keys().map(String::as_str));
                let place = &self.source[span.start..span.end];
                Some(Fault::Missing(no_field(place, span, close)))
            }
            Value::Null => {
                let message = format!("null has no field `{name}`");
                let hint = default_hint(&self.source[span.start..span.end]);
                Some(Fault::Missing(Diagnostic::new("expr/missing-field", span, message, hint)))
            }
            other => Some(wanted("an object", other.type_name(), span).into()),
        };
        match (fault, object) {
            (Some(fault), _) => Err(Box::new(fault)),
            (None, Cow::Borrowed(value)) => {
                Ok(Cow::Borrowed(value.get(name).unwrap_or(&Value::Null)))
            }
            (None, Cow::Owned(Value::Object(mut fields))) => {
                Ok(Cow::Owned(fields.swap_remove(name).unwrap_or_default()))
            }
            (None, Cow::Owned(_)) => Ok(Cow::Owned(Value::Null)),
        }
    }

    fn at<'v>(&self, whole: Cow<'v, Value>, index: &Value, span: Span) -> Found<'v> {
        let (count, position) = match (&*whole, index) {
            (_, Value::Text(name)) => return self.field(whole, name, span),
            (Value::List(items), Value::Number(number)) => (items.len(), number.as_u64()),
            (_, Value::Number(_)) => {
                return Err(wanted("a list", whole.type_name(), span).into());
            }
            _ => return Err(wanted("a position or a name", index.type_name(), span).into()),
        };
        let Some(position) = position.map(|at| at as usize).filter(|at| *at < count) else {
            let message = format!("there is no item {index}; the list has {count}");
            let problem = Diagnostic::new("expr/missing-item", span, message, POSITION_HINT);
            return Err(Box::new(Fault::Missing(problem)));
        };
        Ok(match whole {
            Cow::Borrowed(list) => Cow::Borrowed(list.at(position).unwrap_or(&Value::Null)),
            Cow::Owned(Value::List(mut items)) => Cow::Owned(items.swap_remove(position)),
            Cow::Owned(_) => Cow::Owned(Value::Null),
        })
    }

    /// Counts work, so that no expression runs long or grows large, whatever it reads.
    fn charge(&self, steps: usize, span: Span) -> Result<(), Box<Fault>> {
        self.steps.set(self.steps.get().saturating_add(steps));
        if self.steps.get() <= STEPS {
            return Ok(());
        }
        let message = format!("the expression takes more than {STEPS} steps");
        let hint = "loop over long lists with `for-each` instead";
        Err(Diagnostic::new("expr/too-long", span, message, hint).into())
    }

    /// Turns what nobody caught into words.
    pub(super) fn describe(&self, fault: Fault) -> Diagnostic {
        match fault {
            Fault::Missing(problem) | Fault::Failed(problem) => problem,
            Fault::Absent(index, span) => absent(self.scope, &self.paths[index], span),
        }
    }
}

/// Finds how far a path leads, and what the scope has there instead.
fn absent(scope: &dyn Scope, path: &Path, span: Span) -> Diagnostic {
    for length in (1..path.0.len()).rev() {
        let parent = Path(path.0[..length].to_vec());
        let Some(found) = scope.read(&parent) else {
            continue;
        };
        return match (&*found, &path.0[length]) {
            (Value::Object(fields), Segment::Name(name)) => {
                let close = closest(name, fields.keys().map(String::as_str));
                let near = close.map(|close| parent.join(close).to_string());
                no_field(&parent.join(name).to_string(), span, near.as_deref())
            }
            (Value::List(items), Segment::Index(index)) => {
                let count = items.len();
                let message = format!("`{parent}` has no item {index}; it has {count}");
                Diagnostic::new("expr/missing-item", span, message, POSITION_HINT)
            }
            (other, _) => {
                let message = format!("`{path}` is missing: `{parent}` is {}", article(other));
                let hint = default_hint(&path.to_string());
                Diagnostic::new("expr/missing-field", span, message, hint)
            }
        };
    }
    let names = scope.names();
    let root = match path.0.first() {
        Some(Segment::Name(name)) => name.as_str(),
        _ => "",
    };
    let close = closest(root, names.iter().map(String::as_str));
    no_field(root, span, close)
}

fn article(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a bool",
        Value::Number(_) => "a number",
        Value::Text(_) => "a text",
        Value::List(_) => "a list",
        Value::Object(_) => "an object",
    }
}

pub(super) fn no_field(name: &str, span: Span, close: Option<&str>) -> Diagnostic {
    let hint = match close {
        Some(close) => format!("did you mean `{close}`?"),
        None => default_hint(name),
    };
    Diagnostic::new("expr/missing-field", span, format!("there is no `{name}`"), hint)
}

fn default_hint(path: &str) -> String {
    format!("if it may be missing, give a default: `{path} ?? …`")
}

const POSITION_HINT: &str = "positions count from 0; `len(…)` counts, `??` gives a default";

fn within(fault: &mut Fault, index: usize) {
    if let Fault::Missing(problem) | Fault::Failed(problem) = fault {
        problem.message = format!("{} (at item {index} of the list)", problem.message);
    }
}

fn wanted(expected: &str, found: &str, span: Span) -> Diagnostic {
    let hint = towards(expected, found);
    Diagnostic::new("expr/type", span, format!("expected {expected}, found {found}"), hint)
}

/// How what is there becomes what is needed.
pub(super) fn towards(expected: &str, found: &str) -> String {
    match (expected, found) {
        (_, found) if found == "null" || found.ends_with(" or null") => {
            "give a default for null with `??`".into()
        }
        ("true or false" | "bool", _) => "compare, such as `value.amount > 5`".into(),
        ("a number" | "number", "text") => "`number(…)` turns a text into a number".into(),
        ("a text" | "text", "number") => "`text(…)` turns a number into a text".into(),
        _ => format!("give {expected}"),
    }
}

pub(super) fn mixed(op: Op, one: &Value, two: &Value) -> Diagnostic {
    mixed_types(op, one.type_name(), two.type_name())
}

/// The refusal to combine two values by an operator.
pub(super) fn mixed_types(op: Op, one: &str, two: &str) -> Diagnostic {
    let message = format!("`{}` cannot take {one} and {two}", op.symbol());
    let hint = match (op, one, two) {
        (Op::Add, "text", "number") | (Op::Add, "number", "text") => {
            "`text(…)` turns a number into text, `number(…)` a text into a number"
        }
        (_, "text", "number") | (_, "number", "text") => "`number(…)` turns a text into a number",
        _ if one.ends_with("null") || two.ends_with("null") => "give a default for null with `??`",
        (Op::Equal | Op::NotEqual, ..) => "values of one type may be equal, and null to anything",
        (Op::In | Op::NotIn, ..) => "look for a value in a list of such, or a name in an object",
        (Op::Add, ..) => "give two numbers, or two texts to join",
        (Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual, ..) => {
            "compare two numbers or two texts"
        }
        _ => "give two numbers",
    };
    Diagnostic::new("expr/type", Span::default(), message, hint)
}

fn bool_value(flag: bool) -> Cow<'static, Value> {
    Cow::Owned(Value::Bool(flag))
}

fn compare(op: Op, one: &Value, two: &Value) -> Result<bool, Diagnostic> {
    let same = |equal: Equality| equal.map_err(|(one, two)| mixed_types(op, one, two));
    match op {
        Op::Equal => same(equal(one, two)),
        Op::NotEqual => same(equal(one, two)).map(|equal| !equal),
        Op::In | Op::NotIn => {
            let within = match (one, two) {
                (_, Value::List(items)) => among(one, items)?,
                (Value::Text(name), Value::Object(fields)) => fields.contains_key(name),
                _ => return Err(mixed(op, one, two)),
            };
            Ok(within == (op == Op::In))
        }
        _ => {
            let order = match (one, two) {
                (Value::Number(one), Value::Number(two)) => one.compare(two),
                (Value::Text(one), Value::Text(two)) => one.cmp(two),
                _ => return Err(mixed(op, one, two)),
            };
            Ok(match op {
                Op::Less => order == Ordering::Less,
                Op::LessOrEqual => order != Ordering::Greater,
                Op::Greater => order == Ordering::Greater,
                _ => order != Ordering::Less,
            })
        }
    }
}

/// Whether a list has an equal item. All items are looked at, so that a mistake does not hide.
fn among(value: &Value, items: &[Value]) -> Result<bool, Diagnostic> {
    let mut found = false;
    for item in items {
        found |= equal(value, item).map_err(|(one, two)| mixed_types(Op::In, one, two))?;
    }
    Ok(found)
}

/// Whether two values are equal, or the two types that never are.
type Equality = Result<bool, (&'static str, &'static str)>;

/// Null may be compared with anything; lists and objects are compared all through.
fn equal(one: &Value, two: &Value) -> Equality {
    match (one, two) {
        (Value::Null, _) | (_, Value::Null) => Ok(one.is_null() && two.is_null()),
        (Value::Number(one), Value::Number(two)) => Ok(one.compare(two).is_eq()),
        (Value::Text(one), Value::Text(two)) => Ok(one == two),
        (Value::Bool(one), Value::Bool(two)) => Ok(one == two),
        (Value::List(one), Value::List(two)) => {
            let mut all = one.len() == two.len();
            for (one, two) in one.iter().zip(two) {
                all &= equal(one, two)?;
            }
            Ok(all)
        }
        (Value::Object(one), Value::Object(two)) => {
            let mut all = one.len() == two.len();
            for (name, value) in one {
                all &= two.get(name).map_or(Ok(false), |other| equal(value, other))?;
            }
            Ok(all)
        }
        _ => Err((one.type_name(), two.type_name())),
    }
}

/// Text is charged by the piece.
const BYTES_PER_STEP: usize = 16;

/// What it costs to copy a value.
fn weight(value: &Value) -> usize {
    1 + match value {
        Value::Null | Value::Bool(_) => 0,
        Value::Number(number) => number.as_str().len() / BYTES_PER_STEP,
        Value::Text(text) => text.len() / BYTES_PER_STEP,
        Value::List(items) => items.iter().map(weight).sum(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| name.len() / BYTES_PER_STEP + weight(value)).sum()
        }
    }
}
