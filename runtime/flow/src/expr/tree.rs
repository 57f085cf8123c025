//! The tree an expression is parsed into.

use model::Value;

use super::Span;
use super::function::Function;

#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) span: Span,
    /// Of this node and what is below; bounded, so that walking the tree cannot exhaust the stack.
    pub(super) depth: usize,
}

#[derive(Debug)]
pub(super) enum Kind {
    Literal(Value),
    /// A path that the scope resolves, by its index among the paths read.
    Read(usize),
    /// `#`, the item a function such as `filter` is looking at.
    Item,
    Field(Box<Node>, String),
    At(Box<Node>, Box<Node>),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
    Not(Box<Node>),
    Negate(Box<Node>),
    Binary(Op, Box<Node>, Box<Node>),
    /// Condition, then, else.
    Choose(Box<[Node; 3]>),
    Call(&'static Function, Vec<Node>),
}

impl Node {
    pub(super) fn new(kind: Kind, span: Span) -> Self {
        let below = match &kind {
            Kind::Literal(_) | Kind::Read(_) | Kind::Item => 0,
            Kind::Field(one, _) | Kind::Not(one) | Kind::Negate(one) => one.depth,
            Kind::At(one, two) | Kind::Binary(_, one, two) => one.depth.max(two.depth),
            Kind::List(all) | Kind::Call(_, all) => deepest(all.iter()),
            Kind::Object(fields) => deepest(fields.iter().map(|(_, node)| node)),
            Kind::Choose(three) => deepest(three.iter()),
        };
        Self { kind, span, depth: below + 1 }
    }
}

fn deepest<'n>(nodes: impl Iterator<Item = &'n Node>) -> usize {
    nodes.map(|node| node.depth).max().unwrap_or(0)
}

/// The operators between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    /// `??`
    Default,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Op {
    /// How tightly it binds.
    pub(super) fn power(self) -> u8 {
        match self {
            Self::Or => power::OR,
            Self::And => power::AND,
            Self::Default => power::DEFAULT,
            Self::Add | Self::Subtract => power::SUM,
            Self::Multiply | Self::Divide | Self::Remainder => power::PRODUCT,
            _ => power::COMPARISON,
        }
    }

    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Default => "??",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

/// Binding powers, from loose to tight.
pub(super) mod power {
    pub(in crate::expr) const CHOICE: u8 = 1;
    pub(in crate::expr) const OR: u8 = 2;
    pub(in crate::expr) const AND: u8 = 3;
    pub(in crate::expr) const NOT: u8 = 4;
    pub(in crate::expr) const COMPARISON: u8 = 5;
    pub(in crate::expr) const DEFAULT: u8 = 6;
    pub(in crate::expr) const SUM: u8 = 7;
    pub(in crate::expr) const PRODUCT: u8 = 8;
    pub(in crate::expr) const SIGN: u8 = 9;
}
