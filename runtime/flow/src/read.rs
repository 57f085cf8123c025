//! The tree of a text to a [`Flow`], by hand and by the table of the grammar.
//!
//! Reading never stops at a problem: what cannot be read is left out, or stands as `Unread`, and
//! whatever depends on it says nothing more.

mod again;
mod block;
mod branches;
mod fields;
mod flow;
mod literal;
mod loops;
mod scalar;
mod simple;
mod template;
mod trigger;
mod types;

use std::sync::Arc;

use model::similar::one_of;

use crate::diagnostic::Diagnostic;
use crate::limits::FLOW_PROBLEMS_MAX;
use crate::program::{Flow, Spanned};
use crate::source::{Source, Span};
use crate::yaml::{self, Content, Node};
pub(crate) use scalar::{ID_PATTERN, KINDS, NAME_PATTERN};

/// Reads a flow, and tells everything that is wrong with its text, in the order of the text.
///
/// The flow is `None` where the text could not be read to its end. With problems it may hold parts
/// that are `Unread`: it can be checked further, and must not be run.
pub fn read(source: Arc<Source>) -> (Option<Flow>, Vec<Diagnostic>) {
    let parsed = yaml::parse(&source);
    let silent = parsed.root.is_none() && !parsed.problems.is_empty();
    let mut reader = Reader { source, problems: parsed.problems, steps: 0 };
    let flow = match &parsed.root {
        _ if silent => None,
        Some(root) => reader.flow(root),
        None => reader.nothing(),
    };
    (flow, reader.told())
}

/// What has been found while a text is read.
struct Reader {
    source: Arc<Source>,
    problems: Vec<Diagnostic>,
    /// Steps that were read.
    steps: usize,
}

impl Reader {
    fn report(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.problems.push(Diagnostic::error(code, &self.source, span, message, hint));
    }

    fn nothing(&mut self) -> Option<Flow> {
        let hint = "begin with `flow: NAME` and `steps:`";
        self.report("flow/empty", Span::default(), "the file holds no flow", hint);
        None
    }

    fn spanned<T>(value: T, node: &Node) -> Spanned<T> {
        Spanned { value, span: node.span }
    }

    /// The problems in the order of the text. What stands once and is repeated by aliases is told
    /// once.
    fn told(self) -> Vec<Diagnostic> {
        let mut problems = self.problems;
        problems.sort_by_key(|problem| (problem.at.span.start, problem.at.span.end));
        problems.dedup();
        if problems.len() > FLOW_PROBLEMS_MAX {
            let more = problems.len() - FLOW_PROBLEMS_MAX;
            problems.truncate(FLOW_PROBLEMS_MAX);
            let message = format!("there are {more} more problems");
            let hint = "mend those before it and check again";
            let end = Span::new(self.source.text().len(), self.source.text().len());
            let code = "flow/too-many-problems";
            problems.push(Diagnostic::error(code, &self.source, end, message, hint));
        }
        problems
    }
}

/// A name as problems show it: in backticks, on one line, cut.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let visible = text.chars().take(MOST).flat_map(|char| {
        let escaped = char.is_control().then(|| char.escape_default());
        escaped.into_iter().flatten().chain((!char.is_control()).then_some(char))
    });
    let cut = if text.chars().count() > MOST { "…" } else { "" };
    format!("`{}{cut}`", visible.collect::<String>())
}

/// What a node is, in words.
fn described(node: &Node) -> String {
    match &node.content {
        Content::Scalar(_) if node.is_empty() => "nothing".into(),
        Content::Scalar(scalar) => format!("the text {}", shown(&scalar.text)),
        Content::List(items) if items.is_empty() => "an empty list".into(),
        Content::List(_) => "a list".into(),
        Content::Mapping(_) => "a mapping".into(),
    }
}

/// The hint for a word that is none of a few.
fn hint_of(word: &str, known: &[&str]) -> String {
    one_of(word, known)
}
