//! The expressions of flows and filters: `value.Amount > 500 and status == "queued"`.
//!
//! An expression is parsed once, tells which paths it [reads](Expr::reads), may be
//! [checked](Expr::check) against what is known of them, and is [evaluated](Expr::eval) over a
//! [`Scope`] that is asked for these paths only. It is plain data: `Send`, `Sync`, shared by
//! reference between threads.
//!
//! | | |
//! |---|---|
//! | values | `null` `true` `12.50` `"text"` `'text'` `[1, 2]` `{ name: 1 }` |
//! | paths | `item.value` `rows[0].id` `row["Invoice No"]` `rows[len(rows) - 1]` |
//! | logic | `? :` `or` `and` `not`; they take `true` and `false` only |
//! | comparison | `== != < <= > >=` `in` `not in`; they do not chain |
//! | the rest | `??` (a default), `+ -`, `* / %`, `-x` `!x` |
//! | over lists | `filter(rows, #.amount > 5)` `map` `some` `all`; `#` is the item |
//!
//! The table lists operators from loose to tight, so `a ?? 0 > 5` is `(a ?? 0) > 5` and
//! `a ?? b + 1` is `a ?? (b + 1)`. `&&`, `||` and `!` are other spellings of `and`, `or` and `not`;
//! `!` binds tightly.
//!
//! Nothing is coerced: an operator that cannot take its operands is an error, and so is a path that
//! does not exist, unless it stands to the left of `??`. Null equals null and nothing else. Numbers
//! compare exactly, with any count of digits; arithmetic takes at most 28 digits a number and
//! rounds what has more decimals. Texts compare by code point.

mod check;
mod compared;
mod decimal;
mod eval;
mod function;
mod parse;
mod problem;
mod token;
mod tree;
mod types;

use std::borrow::Cow;
use std::fmt;

use model::limits::Limit;
use model::{Value, json};

use crate::source::Span;
use check::Checker;
pub use compared::Compared;
pub use decimal::DIGITS;
use eval::Run;
pub use problem::{Diagnostic, EvalError, Seen};
use tree::{Kind, Node};
pub use types::{Mismatch, Shape, Type, Types};

/// The most bytes of an expression's source.
pub const SOURCE: usize = 4 * 1024;
/// The most levels an expression may nest.
pub const NESTING: usize = 64;
/// The most functions over lists that may nest.
pub const CLOSURES: usize = 3;
/// The most steps one evaluation may take; copied values and text count too.
pub const STEPS: usize = 1_000_000;
/// The most bytes of a text that a function makes.
pub const TEXT: usize = 16 * 1024 * 1024;

const fn limit(name: &'static str, value: u64, unit: &'static str, meaning: &'static str) -> Limit {
    Limit { name, value, unit, meaning }
}

/// All limits of an expression, in the order of the documentation.
pub const LIMITS: &[Limit] = &[
    limit("source", SOURCE as u64, "bytes", "the text of an expression"),
    limit("nesting", NESTING as u64, "levels", "nesting of its brackets and operators"),
    limit("closures", CLOSURES as u64, "functions", "functions over lists within each other"),
    limit("steps", STEPS as u64, "steps", "steps of one evaluation; what is copied counts too"),
    limit("text", TEXT as u64, "bytes", "a text that a function makes"),
    limit("digits", DIGITS as u64, "digits", "digits of a number that is calculated with"),
];

/// A parsed expression.
#[derive(Debug)]
pub struct Expr {
    source: Box<str>,
    root: Node,
    reads: Vec<Path>,
}

/// Parses the source of an expression, without the `${{ }}` around it.
pub fn parse(source: &str) -> Result<Expr, Vec<Diagnostic>> {
    let (root, reads) = parse::parse(source)?;
    Ok(Expr { source: source.into(), root, reads })
}

impl Expr {
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The paths the expression reads, in the order of the source, each once.
    pub fn reads(&self) -> &[Path] {
        &self.reads
    }

    /// The path this is, if it is nothing else. What stands there may be passed on without looking.
    pub fn as_path(&self) -> Option<&Path> {
        if let Kind::Read(index) = self.root.kind { self.reads.get(index) } else { None }
    }

    /// Works out the type of the result and everything that is wrong as far as types are known.
    pub fn check(&self, types: &Types) -> Checked {
        let mut checker = Checker::new(types, &self.source, &self.reads);
        let result = checker.root(&self.root);
        Checked { result, problems: checker.problems, unknown: checker.unknown }
    }

    /// Evaluates over a scope, borrowing from it what passes through.
    pub fn eval(&self, scope: &dyn Scope) -> Result<Value, EvalError> {
        let run = Run::new(scope, &self.source, &self.reads);
        run.value(&self.root, None)
            .map(Cow::into_owned)
            .map_err(|fault| EvalError::new(run.describe(*fault), &self.source, &self.reads, scope))
    }
}

/// What is known of an expression before it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The type of the value it gives.
    pub result: Type,
    pub problems: Vec<Diagnostic>,
    /// The first part whose type is not known; with `None` and no problems, no evaluation fails for
    /// a name or a type.
    pub unknown: Option<Span>,
}

/// Where an expression finds its values. It is asked only for paths the expression reads, and for
/// the beginnings of a path that leads nowhere.
pub trait Scope {
    /// What stands at the path; null is a value, `None` is nothing.
    fn read(&self, path: &Path) -> Option<Cow<'_, Value>>;

    /// The names a path may start with, to suggest one.
    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// An object is a scope of its fields.
impl Scope for Value {
    fn read(&self, path: &Path) -> Option<Cow<'_, Value>> {
        path.of(self).map(Cow::Borrowed)
    }

    fn names(&self) -> Vec<String> {
        self.as_object().into_iter().flat_map(|fields| fields.keys().cloned()).collect()
    }
}

/// A name and what to take from there: `rows[0].id`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path(pub Vec<Segment>);

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    Name(String),
    Index(usize),
}

impl<'s> From<&'s Segment> for json::Step<'s> {
    fn from(segment: &'s Segment) -> Self {
        match segment {
            Segment::Name(name) => Self::Name(name),
            Segment::Index(index) => Self::Index(*index),
        }
    }
}

impl Path {
    /// Follows the path from a value that holds all of it.
    pub fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(value, |value, segment| match segment {
            Segment::Name(name) => value.get(name),
            Segment::Index(index) => value.at(*index),
        })
    }

    fn join(&self, name: &str) -> Self {
        let mut longer = self.clone();
        longer.0.push(Segment::Name(name.to_owned()));
        longer
    }
}

/// Writes the path as an expression would.
impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(item) => write!(out, "[{item}]")?,
                Segment::Name(name) if !plain(name) => write!(out, "[{name:?}]")?,
                Segment::Name(name) if index == 0 => out.write_str(name)?,
                Segment::Name(name) => write!(out, ".{name}")?,
            }
        }
        Ok(())
    }
}

fn plain(name: &str) -> bool {
    name.starts_with(token::starts_name) && name.chars().all(token::continues_name)
}

#[cfg(test)]
mod tests;
