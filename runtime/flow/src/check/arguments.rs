//! What steps are given: the inputs of actions and of flows that are called.

use indexmap::IndexMap;
use model::similar::closest;
use model::spelling::meant;

use crate::expr::{Type, Types};
use crate::program::{Form, Spanned, Template};
use crate::signature::{Contract, Effect, Output, Param, Signature};
use crate::source::Span;

use super::Checker;
use super::expression::Known;
use super::report::listed;

/// Actions that change the item in hand, unless they are told another one.
const SETTLING: &[&str] = &["queue.update", "queue.requeue"];
/// How such an action is told another item.
const TARGET: &str = "item";

impl Checker<'_> {
    /// The type of what an action gives, if it gives anything.
    pub(super) fn action(
        &mut self,
        action: &Spanned<String>,
        with: &mut IndexMap<String, Template>,
    ) -> Option<Known> {
        let catalog = self.catalog;
        let Some(signature) = catalog.action(&action.value) else {
            self.no_action(action);
            self.unknown_inputs(with);
            return Some(Known::broken());
        };
        self.does(signature, action.span);
        let fine = self.arguments(action, &signature.inputs, with);
        self.usage.queue(signature, with);
        self.settles(signature, with, action.span);
        match &signature.output {
            Output::Nothing => None,
            Output::Of(known) => Some(Known::of(known.clone())),
            Output::From(_) if !fine => Some(Known::broken()),
            Output::From(given) => Some(match given(with, catalog) {
                Ok(known) => Known::of(known),
                Err(misuse) => {
                    let span = with.get(misuse.input).map_or(action.span, |it| it.span);
                    let message = format!("`{}`: {}", misuse.input, misuse.message);
                    self.error("flow/input", span, message, misuse.hint);
                    Known::broken()
                }
            }),
        }
    }

    fn does(&mut self, signature: &Signature, span: Span) {
        self.effect = self.effect.max(signature.effect);
        if signature.effect == Effect::Outside {
            self.not_atomic(span, &format!("`{}`", signature.name));
        }
    }

    fn no_action(&mut self, action: &Spanned<String>) {
        let (name, catalog) = (&action.value, self.catalog);
        let message = format!("there is no action `{name}`");
        let hint = match (closest(name, catalog.actions()), name.split_once('/')) {
            (Some(close), _) => format!("did you mean `{close}`?"),
            (None, Some((plugin, _))) => {
                let prefix = format!("{plugin}/");
                let steps = catalog.actions();
                let steps = steps.iter().filter(|it| it.starts_with(&prefix)).copied();
                let steps = steps.collect::<Vec<_>>();
                if steps.is_empty() {
                    format!("install the plugin first: `wharf plugin install {plugin}`")
                } else {
                    format!("steps of `{plugin}`: {}", listed(steps))
                }
            }
            (None, None) if catalog.flows().contains(&name.as_str()) => {
                format!("`{name}` is a flow: `call: {name}`")
            }
            (None, None) => {
                "a step of a plugin is `plugin/step`; `wharf schema flow` has all".into()
            }
        };
        self.error("flow/unknown-action", action.span, message, hint);
    }

    /// Checks inputs for what is wrong in themselves, where nobody knows what is wanted.
    pub(super) fn unknown_inputs(&mut self, with: &mut IndexMap<String, Template>) {
        for (name, template) in with {
            self.template(template, &Type::Unknown, &format!("`{name}`"));
        }
    }

    /// Checks inputs against what an action takes; whether all of them are in order.
    fn arguments(
        &mut self,
        action: &Spanned<String>,
        params: &IndexMap<String, Param>,
        with: &mut IndexMap<String, Template>,
    ) -> bool {
        // Steps of plugins find what they take by its words, as their records do.
        let loose = action.value.contains('/');
        let param = |name: &str| {
            let meant = || meant(name, &params.keys().map(String::as_str));
            params
                .get_key_value(name)
                .map(|(name, _)| name.as_str())
                .or_else(|| if loose { meant() } else { None })
        };
        let mut fine = true;
        let mut given = Vec::new();
        for (name, template) in with {
            let Some(meant) = param(name) else {
                let known = params.keys().map(String::as_str);
                self.unknown_input(&action.value, name, template.span, known);
                fine = false;
                continue;
            };
            let wanted = &params[meant].takes;
            fine &= !self.template(template, wanted, &format!("`{name}`")).broken;
            given.push(meant);
        }
        let missing = params.iter().filter(|(name, it)| it.required && !given.contains(&&***name));
        let missing = missing.map(|(name, param)| (name.as_str(), &param.takes));
        self.missing_inputs(action, &missing.collect::<Vec<_>>()) && fine
    }

    fn unknown_input<'n>(
        &mut self,
        callee: &str,
        name: &str,
        value: Span,
        known: impl Iterator<Item = &'n str> + Clone,
    ) {
        let message = format!("`{callee}` takes no `{name}`");
        let hint = match closest(name, known.clone()) {
            Some(close) => format!("did you mean `{close}`?"),
            None if known.clone().next().is_none() => format!("`{callee}` takes nothing"),
            None => format!("it takes {}", listed(known)),
        };
        let key = self.key(name, value);
        self.error("flow/unknown-input", key, message, hint);
    }

    fn missing_inputs(&mut self, callee: &Spanned<String>, missing: &[(&str, &Type)]) -> bool {
        if missing.is_empty() {
            return true;
        }
        let names = missing.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let message = format!("`{}`: {} missing", callee.value, count(&names));
        let example = missing.iter().map(|(name, wanted)| entry(name, wanted));
        let hint = format!("give under `with:` {}", example.collect::<Vec<_>>().join(", "));
        self.error("flow/missing-input", callee.span, message, hint);
        false
    }

    /// The type of what a flow gives that is called.
    pub(super) fn call(
        &mut self,
        callee: &Spanned<String>,
        with: &mut IndexMap<String, Template>,
    ) -> Known {
        let catalog = self.catalog;
        self.calls.entry(callee.value.clone()).or_insert(callee.span);
        if callee.value == self.flow {
            self.unknown_inputs(with);
            return self.recursion(callee, &[callee.value.clone(), callee.value.clone()]);
        }
        let Some(contract) = catalog.flow(&callee.value) else {
            self.no_flow(callee);
            self.unknown_inputs(with);
            return Known::broken();
        };
        self.effect = self.effect.max(contract.effect);
        if contract.effect == Effect::Outside {
            self.not_atomic(callee.span, &format!("a step of `{}`", callee.value));
        }
        self.inputs_of(callee, contract, with);
        if let Some(circle) = self.circle(&callee.value) {
            return self.recursion(callee, &circle);
        }
        Known::of(Type::Object(contract.outputs.clone().into()))
    }

    fn no_flow(&mut self, callee: &Spanned<String>) {
        let (name, catalog) = (&callee.value, self.catalog);
        let hint = match closest(name, catalog.flows()) {
            Some(close) => format!("did you mean `{close}`?"),
            None if catalog.action(name).is_some() => {
                format!("`{name}` is an action: `uses: {name}`")
            }
            None if catalog.flows().is_empty() => "there is no other flow here".into(),
            None => format!("flows here: {}", listed(catalog.flows())),
        };
        self.error("flow/unknown-flow", callee.span, format!("there is no flow `{name}`"), hint);
    }

    fn recursion(&mut self, callee: &Spanned<String>, circle: &[String]) -> Known {
        let message = format!("the flow calls itself: {}", circle.join(" → "));
        let hint = "repeat with `loop` or `for-each` instead";
        self.error("flow/recursion", callee.span, message, hint);
        Known::broken()
    }

    fn inputs_of(
        &mut self,
        callee: &Spanned<String>,
        contract: &Contract,
        with: &mut IndexMap<String, Template>,
    ) {
        for (name, template) in with.iter_mut() {
            if let Some(input) = contract.inputs.get(name) {
                self.template(template, &input.takes, &format!("`{name}`"));
            } else {
                let known = contract.inputs.keys().map(String::as_str);
                self.unknown_input(&callee.value, name, template.span, known);
            }
        }
        let missing = contract.inputs.iter().filter(|(name, input)| {
            let optional = matches!(input.takes, Type::Optional(_) | Type::Unknown);
            input.default.is_none() && !optional && !with.contains_key(*name)
        });
        let missing = missing.map(|(name, input)| (name.as_str(), &input.takes));
        self.missing_inputs(callee, &missing.collect::<Vec<_>>());
    }

    /// The way from this flow over the one that is called back to this flow.
    fn circle(&self, callee: &str) -> Option<Vec<String>> {
        let mut ways = vec![vec![self.flow.clone(), callee.to_owned()]];
        let mut seen = vec![callee.to_owned()];
        while let Some(way) = ways.pop() {
            let last = way.last()?;
            if *last == self.flow {
                return Some(way);
            }
            for next in self.catalog.flow(last).into_iter().flat_map(|it| &it.calls) {
                if *next == self.flow || !seen.contains(next) {
                    seen.push(next.clone());
                    ways.push([way.clone(), vec![next.clone()]].concat());
                }
            }
        }
        None
    }

    /// An item may not be settled by several branches or iterations at once.
    fn settles(&mut self, signature: &Signature, with: &IndexMap<String, Template>, span: Span) {
        let name = signature.name.as_str();
        if !SETTLING.contains(&name) || with.contains_key(TARGET) {
            return;
        }
        if self.scope.known("item").is_none() {
            let message = format!("`{name}`: there is no item here");
            let hint = "`item` is there in flows that a queue starts, and inside `process`";
            self.error("flow/no-item", span, message, hint);
        } else if self.scope.is_outside("item") {
            let message = format!("`{name}` would change the item from several places at once");
            let hint = "collect what the iterations give, and change the item after them";
            self.error("flow/parallel-item", span, message, hint);
        }
    }
}

/// What is known of a value that is spelt out in the flow.
pub(super) fn literal_text(template: &Template) -> Option<&str> {
    match &template.form {
        Form::Literal(value) => value.as_text(),
        _ => None,
    }
}

/// `a` is, or `a` and `b` are.
pub(super) fn count(names: &[&str]) -> String {
    match names {
        [only] => format!("`{only}` is"),
        [first @ .., last] => format!("{} and `{last}` are", listed(first.iter().copied())),
        [] => "nothing is".to_owned(),
    }
}

fn entry(name: &str, wanted: &Type) -> String {
    match wanted {
        Type::Unknown => format!("{name} (any value)"),
        wanted => format!("{name} ({wanted})"),
    }
}

pub(super) fn told(fields: &Types) -> String {
    fields.iter().map(|(name, known)| entry(name, known)).take(12).collect::<Vec<_>>().join(", ")
}
