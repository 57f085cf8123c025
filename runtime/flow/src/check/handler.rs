//! What is done about errors, and when a step is tried again.

use crate::expr::Type;
use crate::program::{Caught, Handler, Kind, Spanned, Step, Then};
use crate::source::Span;
use model::similar::closest;

use super::Checker;
use super::roots;
use super::step::Around;

impl Checker<'_> {
    pub(super) fn handlers(&mut self, step: &mut Step) {
        if let Some(retry) = &step.retry {
            self.codes(&step.kind, &retry.on);
        }
        for handler in &step.handlers {
            self.codes(&step.kind, &handler.on);
        }
        self.never_reached(&step.handlers);
        for (index, handler) in step.handlers.iter_mut().enumerate() {
            if handler.then == Then::Reject && !self.in_stream() {
                let message = "`reject` is for the row of a stream, and there is none here";
                let hint = "use it in the `for-each` over `csv.read`; elsewhere `then: continue`";
                self.error("flow/no-row", handler.span, message, hint);
            }
            let Some(block) = &mut handler.steps else { continue };
            self.outline.push(format!("{}/on-error#{}", step.label, index + 1));
            self.with_root("error", &roots::error(), |it| it.block(block));
            self.outline.pop();
        }
    }

    fn in_stream(&self) -> bool {
        let innermost = self.around.iter().rev().find(|it| matches!(it, Around::Loop { .. }));
        matches!(innermost, Some(Around::Loop { stream: true, .. }))
    }

    /// A handler below another one that takes everything it is for.
    fn never_reached(&mut self, handlers: &[Handler]) {
        let mut earlier: Vec<&Spanned<Caught>> = Vec::new();
        for handler in handlers {
            let covered = |caught: &Caught| {
                earlier.iter().find(|before| covers(&before.value, caught)).map(|it| it.span)
            };
            let all = handler.on.iter().map(|it| covered(&it.value)).collect::<Option<Vec<_>>>();
            if let (Some(first), Some(spans)) = (handler.on.first(), all)
                && let Some(before) = spans.first()
            {
                let related = (self.place(*before), "this one comes first".to_owned());
                let message = "this handler is never reached";
                let hint = "put what is special before what is general";
                self.warn("flow/no-error", first.span, message, hint).related.push(related);
            }
            earlier.extend(&handler.on);
        }
    }

    /// Codes that the step never fails with, as far as its action tells.
    fn codes(&mut self, kind: &Kind, caught: &[Spanned<Caught>]) {
        let Kind::Uses { action, .. } = kind else { return };
        let Some(signature) = self.catalog.action(&action.value) else { return };
        let known = || signature.errors.iter().map(|(code, _)| code.as_str());
        for each in caught {
            let Caught::Code(code) = &each.value else { continue };
            let family = |code: &str| code.split('/').next().unwrap_or_default().to_owned();
            let is_known = known().any(|it| covers(&each.value, &Caught::Code(it.to_owned())));
            let is_ours = known().any(|it| family(it) == family(code));
            if is_known || !is_ours {
                continue;
            }
            let message = format!("`{}` does not fail with `{code}`", action.value);
            let hint = match closest(code, known()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("it fails with {}", super::report::listed(known())),
            };
            self.warn("flow/no-error", each.span, message, hint);
        }
    }

    /// Looks at a step with a name that is there in it alone.
    pub(super) fn with_root(&mut self, name: &str, known: &Type, check: impl FnOnce(&mut Self)) {
        let before = self.scope.instead(name, known.clone());
        if before.is_none() {
            self.scope.root(name, known.clone());
        }
        self.outline.name(name, known, Span::default());
        check(self);
        self.outline.end(name);
        self.scope.again(name, before);
    }
}

/// Whether everything that the second is for, the first is for too.
fn covers(one: &Caught, two: &Caught) -> bool {
    match (one, two) {
        (Caught::All, _) => true,
        (Caught::Code(one), Caught::Code(two)) => match one.strip_suffix('*') {
            Some(start) => two.starts_with(start),
            None => one == two,
        },
        (one, two) => one == two,
    }
}
