//! Expressions in flows: their names, their types, and what nobody can know of them.

use model::similar::closest;

use crate::diagnostic::Severity;
use crate::expr::{self, Path, Segment, Type};
use crate::program::Code;
use crate::source::Span;

use super::Checker;
use super::report::listed;
use super::roots::RESERVED;
use super::template::within;

/// What is known of a value.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) known: Type,
    /// It could not be worked out because of a problem that has been told.
    pub(super) broken: bool,
}

impl Known {
    pub(super) fn of(known: Type) -> Self {
        Self { known, broken: false }
    }

    pub(super) fn broken() -> Self {
        Self { known: Type::Unknown, broken: true }
    }

    pub(super) fn into_type(self) -> Type {
        self.known
    }
}

/// A value whose type matters and is not known before it runs.
#[derive(Debug)]
pub(super) struct Vague {
    pub(super) span: Span,
    pub(super) source: String,
}

impl Checker<'_> {
    /// The type of an expression, wherever a value of the type `wanted` is needed.
    pub(super) fn code(&mut self, code: &Code, wanted: &Type, what: &str) -> Known {
        let known = self.expression(code, wanted);
        if known.broken {
            return known;
        }
        if let Err(mismatch) = wanted.accepts(&known.known) {
            let stream = matches!(known.known, Type::Stream(_));
            let at = if stream { "flow/stream" } else { "flow/type" };
            let message = format!("{}: {}", within(what, &mismatch.path), mismatch.problem);
            self.error(at, code.span, message, mismatch.hint);
            return Known::broken();
        }
        known
    }

    /// The type of an expression, whatever it is.
    pub(super) fn expression(&mut self, code: &Code, wanted: &Type) -> Known {
        let mut broken = false;
        for path in code.expr.reads() {
            broken |= self.nothing(path, code) || self.read(path);
        }
        let checked = code.expr.check(self.scope.types());
        for problem in &checked.problems {
            let span = code.origins.span(problem.span);
            match self.stray(code, problem) {
                Some(root) => self.no_name(&root, Span::new(span.start, span.start + root.len())),
                None if is_type(problem) && self.is_broken(code) => {}
                None => {
                    if problem.message.contains("`inputs.") {
                        self.usage.input(None);
                    }
                    self.error(problem.code, span, problem.message.clone(), problem.hint.clone());
                }
            }
        }
        if broken || !checked.problems.is_empty() {
            return Known::broken();
        }
        let passed_on = *wanted == Type::Unknown && code.expr.as_path().is_some();
        if let Some(unknown) = checked.unknown.filter(|_| !passed_on) {
            let source = code.expr.source()[unknown.start..unknown.end].to_owned();
            self.vague.push(Vague { span: code.origins.span(unknown), source });
        }
        Known::of(checked.result)
    }

    /// Marks what a path reads as used; whether something is wrong with it already.
    fn read(&mut self, path: &Path) -> bool {
        let [Segment::Name(root), rest @ ..] = &path.0[..] else { return false };
        if root == "inputs" {
            self.usage.input(match rest.first() {
                Some(Segment::Name(name)) => Some(name),
                _ => None,
            });
        }
        let name = self.scope.get_mut(root);
        name.is_some_and(|name| {
            name.used = true;
            name.broken
        })
    }

    /// Whether the path begins with a step that gives nothing.
    fn nothing(&mut self, path: &Path, code: &Code) -> bool {
        let Some(Segment::Name(root)) = path.0.first() else { return false };
        if !self.scope.get(root).is_some_and(|it| it.empty) {
            return false;
        }
        let start = code.expr.source().find(root.as_str()).unwrap_or_default();
        let span = code.origins.span(Span::new(start, start + root.len()));
        let hint = "read what another step gives, or keep a value with `set`";
        self.error("flow/no-output", span, format!("the step `{root}` gives nothing"), hint);
        true
    }

    fn is_broken(&self, code: &Code) -> bool {
        let root = |path: &Path| match path.0.first() {
            Some(Segment::Name(root)) => self.scope.get(root).is_some_and(|name| name.broken),
            _ => false,
        };
        code.expr.reads().iter().any(root)
    }

    /// The name that is not in scope, if that is what the problem is about.
    fn stray(&self, code: &Code, problem: &expr::Diagnostic) -> Option<String> {
        let place = code.expr.source().get(problem.span.start..problem.span.end)?;
        let missing = problem.code == "expr/missing-field";
        let starts = |root: &&String| {
            let rest = place.strip_prefix(root.as_str());
            rest.is_some_and(|rest| !rest.starts_with(|it: char| it.is_alphanumeric() || it == '_'))
        };
        let roots = code.expr.reads().iter().filter_map(|path| match path.0.first() {
            Some(Segment::Name(root)) if self.scope.known(root).is_none() => Some(root),
            _ => None,
        });
        roots.filter(|_| missing).find(starts).cloned()
    }

    fn no_name(&mut self, name: &str, span: Span) {
        let there = self.scope.past(name).map(|span| (span, "its block has ended"));
        let later = || self.scope.later(name).map(|span| (span, "it comes later"));
        if let Some((other, why)) = there.or_else(later) {
            let message = format!("there is no `{name}` here: {why}");
            let hint = if why == "it comes later" {
                "a step can read what the steps before it gave"
            } else {
                "declare a name with `set` before the block, and assign it within"
            };
            let other = (self.place(other), "here it is given".to_owned());
            self.error("flow/out-of-scope", span, message, hint).related.push(other);
            return;
        }
        let close = closest(name, self.scope.readable()).map(str::to_owned);
        if let Some(meant) = close.as_ref().and_then(|close| self.scope.get_mut(close)) {
            // A name that is only misspelt is no name that nobody reads.
            meant.used = true;
        }
        let hint = match (name, close) {
            ("item", _) => {
                "`item` is there in flows that a queue starts, and inside `process`".into()
            }
            ("error", _) => "`error` is there in `on-error` and `on-failure`".into(),
            ("trigger", _) => "`trigger` is there in flows that have `on:`".into(),
            (_, Some(close)) => format!("did you mean `{close}`?"),
            _ => {
                let own = self.scope.readable().filter(|name| !RESERVED.contains(name));
                let names = listed(own.chain(["inputs", "now", "run"]));
                format!("names here: {names}; a text needs quotes: `'{name}'`")
            }
        };
        self.error("flow/unknown-name", span, format!("there is no `{name}`"), hint);
    }

    /// Says once what is not known, and where it begins to matter.
    pub(super) fn tell_vague(&mut self) {
        const SHOWN: usize = 5;
        let Some(first) = self.vague.first() else { return };
        let mut sources: Vec<&str> = self.vague.iter().map(|it| it.source.as_str()).collect();
        sources.dedup();
        let count = self.vague.len();
        let message = match count {
            1 => format!("the type of `{}` is known only when it runs", sources[0]),
            _ => format!("the types of {count} values are known only when they run"),
        };
        let related = self.vague[1..].iter().take(SHOWN);
        let related = related.map(|it| (self.place(it.span), format!("`{}`", it.source)));
        let (span, related) = (first.span, related.collect());
        let hint = "tell what they are, with `schema:` or `sample:` of `json.parse` or the type of \
                    an input, and names and types are checked";
        self.tell(Severity::Note, "flow/untyped", span, message, hint.to_owned()).related = related;
    }
}

fn is_type(problem: &expr::Diagnostic) -> bool {
    problem.code == "expr/type"
}
