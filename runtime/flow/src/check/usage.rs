//! What is declared and never read, and a flow that would read what it writes.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::program::{Input, Template};
use crate::signature::Signature;
use crate::source::Span;

use super::Checker;
use super::arguments::literal_text;
use super::scope::{Name, Of};

/// What the steps of a flow read and write, as far as it is spelt out.
#[derive(Debug, Default)]
pub(super) struct Usage {
    inputs: BTreeSet<String>,
    all_inputs: bool,
    adds: Vec<(String, Span)>,
    takes: Vec<(String, Span)>,
}

impl Usage {
    /// An input is read, or all of them at once.
    pub(super) fn input(&mut self, name: Option<&str>) {
        match name {
            Some(name) => drop(self.inputs.insert(name.to_owned())),
            None => self.all_inputs = true,
        }
    }

    /// An action adds to a queue or takes from one.
    pub(super) fn queue(&mut self, signature: &Signature, with: &IndexMap<String, Template>) {
        let Some(queue) = with.get("queue") else { return };
        let Some(name) = literal_text(queue) else { return };
        match signature.name.as_str() {
            "queue.add" | "queue.add-many" => self.adds.push((name.to_owned(), queue.span)),
            "queue.take" => self.takes(name, queue.span),
            _ => {}
        }
    }

    pub(super) fn takes(&mut self, queue: &str, span: Span) {
        self.takes.push((queue.to_owned(), span));
    }
}

impl Checker<'_> {
    /// Ends a block: tells of names that nobody has read.
    pub(super) fn leave(&mut self, mark: usize) {
        for (name, it) in self.scope.leave(mark) {
            self.outline.end(&name);
            self.unused(&name, &it);
        }
    }

    fn unused(&mut self, name: &str, it: &Name) {
        if it.used || it.broken || it.of != Of::Set {
            return;
        }
        let message = format!("nothing reads `{name}`");
        self.warn("flow/unused", it.span, message, "read it, or take it away");
    }

    pub(super) fn unused_inputs(&mut self, inputs: &IndexMap<String, Input>) {
        for (name, input) in inputs {
            if self.usage.all_inputs || self.usage.inputs.contains(name) {
                continue;
            }
            let span = self.key(name, input.span);
            let message = format!("nothing reads the input `{name}`");
            self.warn(
                "flow/unused",
                span,
                message,
                format!("read `inputs.{name}`, or take it away"),
            );
        }
    }

    /// What a file flow adds is there only when the whole file is, after the flow has ended.
    pub(super) fn reads_what_it_adds(&mut self) {
        for (queue, span) in std::mem::take(&mut self.usage.takes) {
            let added = self.usage.adds.iter().find(|(name, _)| *name == queue);
            let Some(added) = added.map(|(_, span)| self.place(*span)) else { continue };
            let message = format!("the flow would wait for items of `{queue}` that it adds itself");
            let hint = "let another flow with `on: { queue: … }` take them, or say `visibility: \
                        streaming` of the file";
            let related = (added, "here it adds them".to_owned());
            self.error("flow/own-queue", span, message, hint).related.push(related);
        }
    }
}
