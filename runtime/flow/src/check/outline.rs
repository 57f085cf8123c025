//! What tools want to know of a flow: what is in scope where, and what each step gives.

use std::borrow::Cow;

use crate::expr::{Type, Types};
use crate::source::Span;

/// The steps of a flow in the order of the text, and the names they see.
#[derive(Debug, Default)]
pub struct Outline {
    pub steps: Vec<StepInfo>,
    pub names: Vec<Named>,
    /// The way to the block in hand.
    way: Vec<String>,
}

/// A step, as it was checked.
#[derive(Debug)]
pub struct StepInfo {
    /// As the journal has it, without the numbers of iterations.
    pub path: String,
    pub span: Span,
    /// What it gives, unless it gives nothing.
    pub output: Option<Type>,
}

/// A name with the steps that see it: those at `from..until`.
#[derive(Debug)]
pub struct Named {
    pub name: String,
    pub known: Type,
    pub span: Span,
    pub from: usize,
    pub until: usize,
}

impl Outline {
    /// The step of that path.
    pub fn step(&self, path: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.path == path)
    }

    /// The innermost step around a byte of the text.
    pub fn at(&self, offset: usize) -> Option<usize> {
        let around = |step: &&StepInfo| step.span.start <= offset && offset <= step.span.end;
        let innermost =
            self.steps.iter().filter(around).map(|step| step.span.end - step.span.start);
        let size = innermost.min()?;
        self.steps.iter().rposition(|step| around(&step) && step.span.end - step.span.start == size)
    }

    /// What an expression of that step can read. A name that came later hides an earlier one.
    pub fn scope(&self, step: usize) -> Types {
        let seen = self.names.iter().filter(|it| it.from <= step && step < it.until);
        seen.map(|it| (it.name.clone(), it.known.clone())).collect()
    }

    pub(super) fn push(&mut self, segment: impl Into<String>) {
        self.way.push(segment.into());
    }

    pub(super) fn pop(&mut self) {
        self.way.pop();
    }

    /// Begins a step, and gives its number.
    pub(super) fn begin(&mut self, span: Span) -> usize {
        let path = match &self.way[..] {
            [only] => Cow::Borrowed(only.as_str()),
            way => Cow::Owned(way.join("/")),
        };
        self.steps.push(StepInfo { path: path.into_owned(), span, output: None });
        self.steps.len() - 1
    }

    /// A name is there from the next step on.
    pub(super) fn name(&mut self, name: &str, known: &Type, span: Span) {
        let (from, until) = (self.steps.len(), usize::MAX);
        let (name, known) = (name.to_owned(), known.clone());
        self.names.push(Named { name, known, span, from, until });
    }

    /// The block of a name has ended.
    pub(super) fn end(&mut self, name: &str) {
        let until = self.steps.len();
        let open = self.names.iter_mut().rev().find(|it| it.name == name && it.until == usize::MAX);
        if let Some(named) = open {
            named.until = until;
        }
    }
}
