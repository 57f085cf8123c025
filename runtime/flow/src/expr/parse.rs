//! Tokens to a tree, by binding power.

use model::similar::closest;
use model::{Number, Value};

use super::decimal::by_zero;
use super::function::{Body, FUNCTIONS, Function};
use super::token::{Token, tokens};
use super::tree::{Kind, Node, Op, power};
use super::{CLOSURES, Diagnostic, NESTING, Path, SOURCE, Segment, Span};

type Parsed<T> = Result<T, Diagnostic>;

/// Where `#` stands for something.
pub(super) const ITEM_HINT: &str = "use it inside `filter`, `map`, `some` or `all`";

/// What comes out: the tree and the paths it reads.
pub(super) fn parse(source: &str) -> Result<(Node, Vec<Path>), Vec<Diagnostic>> {
    let whole = Span { start: 0, end: source.len() };
    if source.len() > SOURCE {
        let message = format!("the expression has {} bytes; the most is {SOURCE}", source.len());
        let hint = "a long chain of `or` over one value is `value in [\"a\", \"b\"]`";
        return Err(vec![Diagnostic::new("expr/too-long", whole, message, hint)]);
    }
    let tokens = tokens(source).map_err(|problem| vec![problem])?;
    let mut parser =
        Parser { tokens, at: 0, depth: 0, closures: 0, reads: Vec::new(), problems: Vec::new() };
    match parser.whole() {
        Ok(node) if parser.problems.is_empty() => Ok((node, parser.reads)),
        Ok(_) => Err(parser.problems),
        // What stopped the parser comes last, as it is found last.
        Err(problem) => {
            parser.problems.push(problem);
            Err(parser.problems)
        }
    }
}

struct Parser<'s> {
    tokens: Vec<(Token<'s>, Span)>,
    at: usize,
    depth: usize,
    closures: usize,
    reads: Vec<Path>,
    /// Problems that do not stop the parser.
    problems: Vec<Diagnostic>,
}

impl<'s> Parser<'s> {
    fn whole(&mut self) -> Parsed<Node> {
        let node = self.expression(0)?;
        if *self.peek() != Token::End {
            let hint = "join values with an operator, such as `and` or `==`; quote a text";
            return Err(self.unexpected("an operator or the end", hint));
        }
        Ok(node)
    }

    /// Reads operands and the operators that bind at least as tightly as `least`.
    fn expression(&mut self, least: u8) -> Parsed<Node> {
        self.depth += 1;
        if self.depth > NESTING {
            return Err(too_deep(self.span()));
        }
        let mut left = self.operand()?;
        loop {
            if self.peek_symbol("?") && power::CHOICE >= least {
                left = self.choice(left)?;
            } else if let Some(op) = self.infix().filter(|op| op.power() >= least) {
                left = self.binary(op, left)?;
            } else {
                break;
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operand(&mut self) -> Parsed<Node> {
        let start = self.span();
        if self.eat("!") || self.eat("-") {
            let negate = self.tokens[self.at - 1].0 == Token::Symbol("-");
            let operand = Box::new(self.expression(power::SIGN)?);
            let span = start.to(operand.span);
            return node(if negate { Kind::Negate(operand) } else { Kind::Not(operand) }, span);
        }
        if self.peek_name("not") {
            self.at += 1;
            let operand = Box::new(self.expression(power::NOT)?);
            let span = start.to(operand.span);
            return node(Kind::Not(operand), span);
        }
        self.chain()
    }

    fn binary(&mut self, op: Op, left: Node) -> Parsed<Node> {
        let sign = self.span();
        self.at += if op == Op::NotIn { 2 } else { 1 };
        // `??` groups to the right, so that each default stands in for the one before it.
        let least = if op == Op::Default { op.power() } else { op.power() + 1 };
        let right = self.expression(least)?;
        let chained = op.power() == power::COMPARISON
            && self.infix().is_some_and(|next| next.power() == power::COMPARISON);
        if chained {
            let message = "comparisons cannot be chained";
            let hint = "join two comparisons with `and`";
            return Err(Diagnostic::new("expr/syntax", self.span(), message, hint));
        }
        let zero = matches!(&right.kind, Kind::Literal(Value::Number(number)) if is_zero(number));
        if zero && matches!(op, Op::Divide | Op::Remainder) {
            let span = sign.to(right.span);
            self.problems.push(by_zero(span));
        }
        let span = left.span.to(right.span);
        node(Kind::Binary(op, Box::new(left), Box::new(right)), span)
    }

    fn choice(&mut self, condition: Node) -> Parsed<Node> {
        self.at += 1;
        let then = self.expression(0)?;
        let hint = "a choice is `condition ? this : that`";
        self.expect(":", "`:` and what to take otherwise", hint)?;
        let otherwise = self.expression(power::CHOICE)?;
        let span = condition.span.to(otherwise.span);
        node(Kind::Choose(Box::new([condition, then, otherwise])), span)
    }

    /// Reads a primary and the fields and items taken from it.
    fn chain(&mut self) -> Parsed<Node> {
        let start = self.span();
        if let Some(mut path) = self.root() {
            while let Some(segment) = self.segment()? {
                path.0.push(segment);
            }
            let span = start.to(self.before());
            let known = self.reads.iter().position(|read| *read == path);
            let index = known.unwrap_or(self.reads.len());
            if known.is_none() {
                self.reads.push(path);
            }
            return self.tail(node(Kind::Read(index), span)?);
        }
        let primary = self.primary()?;
        self.tail(primary)
    }

    /// The name a path starts with, if one is here. Paths into documents (`engine::json`) are a
    /// language of their own: they may be empty or begin with `[`, and reserve no word.
    fn root(&mut self) -> Option<Path> {
        let Token::Name(name) = *self.peek() else {
            return None;
        };
        let call = self.tokens[self.at + 1].0 == Token::Symbol("(");
        if call || matches!(name, "true" | "false" | "null" | "and" | "or" | "not" | "in") {
            return None;
        }
        self.at += 1;
        Some(Path(vec![Segment::Name(name.to_owned())]))
    }

    /// The next `.name`, `["name"]` or `[0]`, if the source says it literally.
    fn segment(&mut self) -> Parsed<Option<Segment>> {
        if self.eat(".") {
            return self.field().map(|name| Some(Segment::Name(name)));
        }
        let closed = self.tokens.get(self.at + 2).map(|(token, _)| token);
        if !self.peek_symbol("[") || closed != Some(&Token::Symbol("]")) {
            return Ok(None);
        }
        let segment = match &self.tokens[self.at + 1].0 {
            Token::Text(name) => Segment::Name(name.clone()),
            Token::Number(digits) => match digits.parse() {
                Ok(index) => Segment::Index(index),
                Err(_) => return Ok(None),
            },
            _ => return Ok(None),
        };
        self.at += 3;
        Ok(Some(segment))
    }

    fn field(&mut self) -> Parsed<String> {
        let Token::Name(name) = *self.peek() else {
            let hint = "write a name with other characters as `[\"the name\"]`";
            return Err(self.unexpected("the name of a field", hint));
        };
        self.at += 1;
        if self.peek_symbol("(") {
            let (span, message) = (self.before(), "values have no functions");
            let hint = format!("write `{name}(…)` with the value as argument");
            return Err(Diagnostic::new("expr/syntax", span, message, hint));
        }
        Ok(name.to_owned())
    }

    fn tail(&mut self, mut left: Node) -> Parsed<Node> {
        loop {
            let start = left.span;
            if self.eat(".") {
                let name = self.field()?;
                left = node(Kind::Field(Box::new(left), name), start.to(self.before()))?;
            } else if self.eat("[") {
                let index = self.expression(0)?;
                self.expect("]", "`]`", "a position or a name ends with `]`, as in `rows[0]`")?;
                let kind = Kind::At(Box::new(left), Box::new(index));
                left = node(kind, start.to(self.before()))?;
            } else {
                return Ok(left);
            }
        }
    }

    fn primary(&mut self) -> Parsed<Node> {
        let (token, span) = self.tokens[self.at].clone();
        let literal = match token {
            Token::Text(text) => Value::Text(text),
            Token::Number(digits) => {
                Value::Number(Number::new(digits).expect("the tokens hold numbers"))
            }
            Token::Name("true") => Value::Bool(true),
            Token::Name("false") => Value::Bool(false),
            Token::Name("null") => Value::Null,
            Token::Name(name) if self.tokens[self.at + 1].0 == Token::Symbol("(") => {
                return self.call(name);
            }
            Token::Symbol("(") => {
                self.at += 1;
                let inner = self.expression(0)?;
                self.expect(")", "`)`", "each `(` needs its `)`")?;
                return Ok(Node { span: span.to(self.before()), ..inner });
            }
            Token::Symbol("[") => return self.list(),
            Token::Symbol("{") => return self.object(),
            Token::Symbol("#") => return self.item(),
            _ => {
                let hint = "a value is a field, a number, a text in quotes, `true` or `null`";
                return Err(self.unexpected("a value", hint));
            }
        };
        self.at += 1;
        node(Kind::Literal(literal), span)
    }

    fn item(&mut self) -> Parsed<Node> {
        let span = self.span();
        self.at += 1;
        if self.closures == 0 {
            let message = "`#` is the item of a list, and there is no list here";
            self.problems.push(Diagnostic::new("expr/item", span, message, ITEM_HINT));
        }
        // `#name` would look like a name of its own; `#.name` is the one way.
        if matches!(self.peek(), Token::Name(_)) && self.span().start == span.end {
            return Err(self.unexpected("`.` and the name of a field", "write `#.name`"));
        }
        node(Kind::Item, span)
    }

    fn list(&mut self) -> Parsed<Node> {
        let start = self.span();
        let items = self.items("[", "]", |parser| parser.expression(0))?;
        node(Kind::List(items), start.to(self.before()))
    }

    fn object(&mut self) -> Parsed<Node> {
        let start = self.span();
        let hint = "an object is `{ name: value }`";
        let fields = self.items("{", "}", |parser| {
            let name = match parser.peek().clone() {
                Token::Name(name) => name.to_owned(),
                Token::Text(name) => name,
                _ => return Err(parser.unexpected("the name of a field", hint)),
            };
            parser.at += 1;
            parser.expect(":", "`:` and the value of the field", hint)?;
            Ok((name, parser.expression(0)?))
        })?;
        for (index, (name, value)) in fields.iter().enumerate() {
            if fields[..index].iter().any(|(earlier, _)| earlier == name) {
                let message = format!("the field `{name}` occurs twice");
                let hint = "give each field once";
                self.problems.push(Diagnostic::new("expr/syntax", value.span, message, hint));
            }
        }
        node(Kind::Object(fields), start.to(self.before()))
    }

    fn call(&mut self, name: &'s str) -> Parsed<Node> {
        let start = self.span();
        self.at += 1;
        let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) else {
            return Err(unknown_function(name, start));
        };
        let mut count = 0;
        let arguments = self.items("(", ")", |parser| {
            count += 1;
            if matches!(function.body, Body::Each(_)) && count == 2 {
                return parser.closure();
            }
            parser.expression(0)
        })?;
        let span = start.to(self.before());
        if arguments.len() < function.needs || arguments.len() > function.takes.len() {
            let message = format!("`{name}` takes {}, found {}", function.count(), arguments.len());
            let hint = format!("`{}`", function.usage);
            return Err(Diagnostic::new("expr/arguments", span, message, hint));
        }
        node(Kind::Call(function, arguments), span)
    }

    fn closure(&mut self) -> Parsed<Node> {
        self.closures += 1;
        if self.closures > CLOSURES {
            let message = format!("functions over lists nest deeper than {CLOSURES}");
            let hint = "ask about the outer lists only";
            return Err(Diagnostic::new("expr/too-deep", self.span(), message, hint));
        }
        let body = self.expression(0)?;
        self.closures -= 1;
        Ok(body)
    }

    /// Reads what stands between brackets, separated by commas.
    fn items<T>(
        &mut self,
        open: &'static str,
        close: &'static str,
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        let hint = format!("what `{open}` opens has its parts between `,` and ends with `{close}`");
        self.expect(open, open, &hint)?;
        let mut items = Vec::new();
        while !self.eat(close) {
            items.push(item(self)?);
            if !self.peek_symbol(close) {
                self.expect(",", &format!("`,` or `{close}`"), &hint)?;
            }
        }
        Ok(items)
    }

    fn infix(&self) -> Option<Op> {
        Some(match *self.peek() {
            Token::Name("or") | Token::Symbol("||") => Op::Or,
            Token::Name("and") | Token::Symbol("&&") => Op::And,
            Token::Name("in") => Op::In,
            Token::Name("not") if self.tokens[self.at + 1].0 == Token::Name("in") => Op::NotIn,
            Token::Symbol("==") => Op::Equal,
            Token::Symbol("!=") => Op::NotEqual,
            Token::Symbol("<") => Op::Less,
            Token::Symbol("<=") => Op::LessOrEqual,
            Token::Symbol(">") => Op::Greater,
            Token::Symbol(">=") => Op::GreaterOrEqual,
            Token::Symbol("??") => Op::Default,
            Token::Symbol("+") => Op::Add,
            Token::Symbol("-") => Op::Subtract,
            Token::Symbol("*") => Op::Multiply,
            Token::Symbol("/") => Op::Divide,
            Token::Symbol("%") => Op::Remainder,
            _ => return None,
        })
    }

    fn peek(&self) -> &Token<'s> {
        &self.tokens[self.at].0
    }

    fn peek_symbol(&self, symbol: &'static str) -> bool {
        *self.peek() == Token::Symbol(symbol)
    }

    fn peek_name(&self, name: &str) -> bool {
        matches!(*self.peek(), Token::Name(found) if found == name)
    }

    fn eat(&mut self, symbol: &'static str) -> bool {
        let there = self.peek_symbol(symbol);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, symbol: &'static str, expected: &str, hint: &str) -> Parsed<()> {
        if self.eat(symbol) { Ok(()) } else { Err(self.unexpected(expected, hint)) }
    }

    fn span(&self) -> Span {
        self.tokens[self.at].1
    }

    /// The span of the token just read.
    fn before(&self) -> Span {
        self.tokens[self.at - 1].1
    }

    fn unexpected(&self, expected: &str, hint: &str) -> Diagnostic {
        let found = match self.peek() {
            Token::End => "the end".to_owned(),
            Token::Name(text) | Token::Number(text) => format!("`{text}`"),
            Token::Symbol(symbol) => format!("`{symbol}`"),
            Token::Text(text) => format!("the text {text:?}"),
        };
        let message = format!("expected {expected}, found {found}");
        Diagnostic::new("expr/syntax", self.span(), message, hint)
    }
}

fn node(kind: Kind, span: Span) -> Parsed<Node> {
    let node = Node::new(kind, span);
    if node.depth > NESTING { Err(too_deep(span)) } else { Ok(node) }
}

fn too_deep(span: Span) -> Diagnostic {
    let message = format!("the expression nests deeper than {NESTING} levels");
    let hint = "a long chain of `or` over one value is `value in [\"a\", \"b\"]`";
    Diagnostic::new("expr/too-deep", span, message, hint)
}

fn unknown_function(name: &str, span: Span) -> Diagnostic {
    let names = FUNCTIONS.iter().map(|function: &Function| function.name);
    let hint = match (closest(name, names.clone()), name) {
        (Some(close), _) => format!("did you mean `{close}`?"),
        (None, "now" | "date" | "time" | "duration" | "d" | "today" | "year") => {
            "an expression has no clock; times are texts such as \"2026-01-31T08:00:00Z\"".into()
        }
        (None, "rand" | "random" | "uuid") => {
            "an expression gives the same result each time it is looked at".into()
        }
        (None, _) => format!("the functions are {}", names.collect::<Vec<_>>().join(", ")),
    };
    Diagnostic::new("expr/unknown-function", span, format!("there is no function `{name}`"), hint)
}

fn is_zero(number: &Number) -> bool {
    number.compare(&Number::from(0_u64)).is_eq()
}
