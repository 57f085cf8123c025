//! Checking a flow before anything of it runs: names, types, and what can never work.
//!
//! Everything that is wrong is told at once, and one mistake is told once: what depends on
//! something unknown is not reported again.

mod arguments;
mod beside;
mod documents;
mod expression;
mod handler;
mod outline;
mod report;
mod roots;
mod scope;
mod several;
mod step;
mod template;
mod unreachable;
mod usage;

use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::expr::{Type, Types};
use crate::program::{Flow, Input, Trigger};
use crate::sample;
use crate::signature::{Catalog, Contract, Effect};
use crate::source::{Source, Span};
pub use documents::inline;
use expression::Vague;
pub use outline::{Named, Outline, StepInfo};
pub use roots::{error, item};
use scope::Scope;
pub use several::check_all;
use step::Around;
pub use template::resolve;
use usage::Usage;

/// What came of checking a flow.
#[derive(Debug)]
pub struct Checked {
    /// In the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    pub outline: Outline,
    pub contract: Contract,
}

/// Checks a flow, and resolves its plain words by the types that are expected where they stand.
pub fn check(flow: &mut Flow, catalog: &dyn Catalog) -> Vec<Diagnostic> {
    examine(flow, catalog).diagnostics
}

/// Checks a flow, and keeps what tools want to know of it.
pub fn examine(flow: &mut Flow, catalog: &dyn Catalog) -> Checked {
    let mut checker = Checker::new(flow, catalog);
    checker.inputs(&mut flow.inputs);
    for (name, known) in roots::of(flow) {
        checker.scope.root(name, known);
    }
    let outputs = checker.body(flow);
    checker.finish(flow, outputs)
}

/// What is told of a flow that was read with some problems and checked with others. A mistake is
/// told once, by whoever met it first; and where something could not be read, nobody knows what is
/// used and what is not.
pub fn together(read: Vec<Diagnostic>, checked: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let broken = read.iter().any(|it| it.severity == Severity::Error);
    let (places, mut all) = (read.iter().map(|it| it.at.span).collect::<HashSet<_>>(), read);
    let new = |it: &Diagnostic| !places.contains(&it.at.span);
    let sure = |it: &Diagnostic| !broken || it.severity == Severity::Error;
    all.extend(checked.into_iter().filter(|it| new(it) && sure(it)));
    all.sort_by_key(|it| it.at.span.start);
    all
}

/// One check of one flow.
struct Checker<'c> {
    catalog: &'c dyn Catalog,
    source: Arc<Source>,
    found: Vec<Diagnostic>,
    scope: Scope,
    /// What the step in hand is within, from the outside in.
    around: Vec<Around>,
    outline: Outline,
    usage: Usage,
    vague: Vec<Vague>,
    /// What `return` gives: the output, its type and where.
    returned: Vec<(String, Type, Span)>,
    /// Names of outputs, for `return`.
    outputs: Vec<String>,
    effect: Effect,
    calls: IndexMap<String, Span>,
    flow: String,
}

impl<'c> Checker<'c> {
    fn new(flow: &Flow, catalog: &'c dyn Catalog) -> Self {
        let mut scope = Scope::default();
        scope.foresee(&flow.steps);
        Self {
            catalog,
            source: Arc::clone(&flow.source),
            found: Vec::new(),
            scope,
            around: Vec::new(),
            outline: Outline::default(),
            usage: Usage::default(),
            vague: Vec::new(),
            returned: Vec::new(),
            outputs: flow.outputs.keys().cloned().collect(),
            effect: Effect::None,
            calls: IndexMap::new(),
            flow: flow.name.value.clone(),
        }
    }

    fn inputs(&mut self, inputs: &mut IndexMap<String, Input>) {
        for (name, input) in inputs {
            if let Some(sample) = &input.sample {
                match sample::of_file(self.catalog, &sample.value) {
                    Ok(known) => input.takes = like(&input.takes, known),
                    Err((message, hint)) => {
                        self.error("flow/sample", sample.span, message, hint);
                    }
                }
            }
            let Some(default) = &input.default else { continue };
            if let Err(mismatch) = input.takes.takes_value(default) {
                let message = format!("the default of `{name}`: {mismatch}");
                self.error("flow/type", input.span, message, mismatch.hint);
            }
        }
    }

    /// The steps, the outputs, and what is done about a failure.
    fn body(&mut self, flow: &mut Flow) -> Types {
        let mark = self.scope.enter();
        self.steps(&mut flow.steps);
        let mut outputs = Types::new();
        for (name, template) in &mut flow.outputs {
            let known = self.template(template, &Type::Unknown, &format!("`{name}`"));
            outputs.insert(name.clone(), known.into_type().widened());
        }
        self.leave(mark);
        self.returns(&outputs);
        if let Some(block) = &mut flow.on_failure {
            self.outline.push("on-failure".to_owned());
            self.with_root("error", &error(), |it| it.block(block));
            self.outline.pop();
        }
        outputs
    }

    /// What `return` gives must be what the flow says it gives.
    fn returns(&mut self, outputs: &Types) {
        for (name, known, span) in std::mem::take(&mut self.returned) {
            let Some(wanted) = outputs.get(&name) else { continue };
            if let Err(mismatch) = wanted.accepts(&known) {
                let message = format!("the output `{name}`: {mismatch}");
                self.error("flow/type", span, message, mismatch.hint);
            }
        }
    }

    fn finish(mut self, flow: &Flow, outputs: Types) -> Checked {
        self.unused_inputs(&flow.inputs);
        let streaming = |trigger: &Trigger| matches!(trigger, Trigger::File(it) if it.streaming);
        let from_file = |trigger: &Trigger| matches!(trigger, Trigger::File(_));
        let mut triggers = flow.triggers.iter().map(|trigger| &trigger.value);
        if triggers.clone().any(from_file) && !triggers.any(streaming) {
            self.reads_what_it_adds();
        }
        self.tell_vague();
        let mut diagnostics = self.found;
        // A node that stands in several places is checked in each of them.
        let mut seen = HashSet::new();
        diagnostics.retain(|it| seen.insert((it.code, it.at.span, it.message.clone())));
        diagnostics.sort_by_key(|it| it.at.span.start);
        let calls = self.calls.into_keys().collect();
        let inputs = flow.inputs.clone();
        let contract = Contract { inputs, outputs, calls, effect: self.effect };
        Checked { diagnostics, outline: self.outline, contract }
    }
}

/// What a sample tells of an input, null included where the input may be null.
fn like(takes: &Type, sample: Type) -> Type {
    if matches!(takes, Type::Optional(_)) { sample.optional() } else { sample }
}
