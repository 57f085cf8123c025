//! Names and their values, and what is made of them.

use std::borrow::Cow;

use flow::Flow;
use flow::expr::{EvalError, Path, Scope, Segment as Part};
use flow::program::{Code, Form, Part as Piece, Template};
use indexmap::IndexMap;
use model::Value;

use super::Machine;
use super::event::Place;
use super::frame::Inner;
use crate::failure::{Failure, Kind};

/// What a name stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Binding {
    pub(super) content: Content,
    /// Kept as a secret, like everything that is made of it.
    pub(super) masked: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    Value(Value),
    /// Rows, told by how to open them. Only a `for-each` looks inside.
    Stream(Value),
}

impl Binding {
    pub(super) fn open(value: Value) -> Self {
        Self::of(value, false)
    }

    pub(super) fn of(value: Value, masked: bool) -> Self {
        Self { content: Content::Value(value), masked }
    }

    pub(super) fn into_value(self) -> Value {
        match self.content {
            Content::Value(value) | Content::Stream(value) => value,
        }
    }

    pub(super) fn value(&self) -> &Value {
        match &self.content {
            Content::Value(value) | Content::Stream(value) => value,
        }
    }
}

/// The names that a frame sees.
pub(super) struct View<'m, 'f> {
    machine: &'m Machine<'f>,
    slot: usize,
}

impl View<'_, '_> {
    /// The binding a name has here: the innermost one, up to the flow.
    fn find(&self, name: &str) -> Option<&Binding> {
        let mut at = self.slot;
        loop {
            let frame = self.machine.frame(at);
            let found = frame.names.iter().rev().find(|(known, _)| *known == name);
            if let Some((_, binding)) = found {
                return Some(binding);
            }
            match (&frame.inner, frame.parent) {
                (Inner::Flow { .. }, _) | (_, None) => return None,
                (_, Some(parent)) => at = parent,
            }
        }
    }

    fn is_masked(&self, code: &Code) -> bool {
        self.machine.any_masked
            && code.expr.reads().iter().any(|path| match path.0.first() {
                Some(Part::Name(name)) => self.find(name).is_some_and(|binding| binding.masked),
                _ => false,
            })
    }
}

impl Scope for View<'_, '_> {
    fn read(&self, path: &Path) -> Option<Cow<'_, Value>> {
        let (Part::Name(name), rest) = path.0.split_first()? else { return None };
        if name == "now" && rest.is_empty() {
            return Some(Cow::Owned(self.machine.now.to_string().into()));
        }
        let value = self.find(name)?.value();
        let found = rest.iter().try_fold(value, |value, part| match part {
            Part::Name(name) => value.get(name),
            Part::Index(index) => value.at(*index),
        });
        found.map(Cow::Borrowed)
    }

    fn names(&self) -> Vec<String> {
        let mut names = vec!["now".to_owned()];
        let mut at = Some(self.slot);
        while let Some(slot) = at {
            let frame = self.machine.frame(slot);
            names.extend(frame.names.iter().map(|(name, _)| (*name).to_owned()));
            at = if matches!(frame.inner, Inner::Flow { .. }) { None } else { frame.parent };
        }
        names
    }
}

impl<'f> Machine<'f> {
    fn view(&self, slot: usize) -> View<'_, 'f> {
        View { machine: self, slot }
    }

    /// Where an action of this step is performed.
    pub(super) fn place(&self, slot: usize) -> Place {
        let item = self.view(slot).find("item").map(|item| item.value().clone());
        Place { path: self.path(slot), item, path_in_work: self.path_in_work(slot) }
    }

    /// Gives a name its value in this frame.
    pub(super) fn bind(&mut self, slot: usize, name: &'f str, binding: Binding) {
        self.any_masked |= binding.masked;
        let names = &mut self.frame_mut(slot).names;
        match names.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = binding,
            None => names.push((name, binding)),
        }
    }

    /// Assigns to the name where it was declared, or declares it in this frame.
    pub(super) fn assign(&mut self, slot: usize, name: &'f str, binding: Binding) {
        let mut at = slot;
        loop {
            let frame = self.frame(at);
            if frame.names.iter().any(|(known, _)| *known == name) {
                return self.bind(at, name, binding);
            }
            match (&frame.inner, frame.parent) {
                (Inner::Flow { .. }, _) | (_, None) => return self.bind(slot, name, binding),
                (_, Some(parent)) => at = parent,
            }
        }
    }

    /// The value of an expression.
    pub(super) fn evaluate(
        &self,
        slot: usize,
        code: &Code,
        flow: &Flow,
    ) -> Result<Binding, Failure> {
        let view = self.view(slot);
        if let Some(path) = code.expr.as_path()
            && let [Part::Name(name)] = &path.0[..]
            && let Some(binding) = view.find(name)
        {
            // A name alone may stand for rows too.
            return Ok(binding.clone());
        }
        match code.expr.eval(&view) {
            Ok(value) => Ok(Binding::of(value, view.is_masked(code))),
            Err(error) => Err(failed(&error, code, flow, view.is_masked(code))),
        }
    }

    /// Whether a condition holds.
    pub(super) fn holds(&self, slot: usize, code: &Code, flow: &Flow) -> Result<bool, Failure> {
        let value = self.evaluate(slot, code, flow)?.into_value();
        value.as_bool().ok_or_else(|| {
            let message = format!("the condition gives {}, not true or false", value.type_name());
            let hint = "compare it with something, as in `total > 5`";
            Failure::new(Kind::Generic, "expr/type", message).with_hint(hint).at(place(code, flow))
        })
    }

    /// The value a template stands for.
    pub(super) fn make(
        &self,
        slot: usize,
        template: &Template,
        flow: &Flow,
    ) -> Result<Binding, Failure> {
        match &template.form {
            Form::Literal(value) => Ok(Binding::open(value.clone())),
            Form::Code(code) => self.evaluate(slot, code, flow),
            Form::Text(parts) => self.make_text(slot, parts, flow),
            Form::List(items) => {
                let mut masked = false;
                let made = items.iter().map(|item| {
                    let made = self.make(slot, item, flow)?;
                    masked |= made.masked;
                    Ok(made.into_value())
                });
                let items = made.collect::<Result<Vec<_>, Failure>>()?;
                Ok(Binding::of(Value::List(items), masked))
            }
            Form::Object(fields) => {
                let made = self.make_all(slot, fields, flow)?;
                let masked = made.values().any(|made| made.masked);
                let plain = made.into_iter().map(|(name, made)| (name, made.into_value()));
                Ok(Binding::of(Value::Object(plain.collect()), masked))
            }
            Form::Plain(_) | Form::Unread => unreachable!("only checked flows are run"),
        }
    }

    pub(super) fn make_all(
        &self,
        slot: usize,
        templates: &IndexMap<String, Template>,
        flow: &Flow,
    ) -> Result<IndexMap<String, Binding>, Failure> {
        let made = templates
            .iter()
            .map(|(name, template)| Ok((name.clone(), self.make(slot, template, flow)?)));
        made.collect()
    }

    fn make_text(&self, slot: usize, parts: &[Piece], flow: &Flow) -> Result<Binding, Failure> {
        let (mut text, mut masked) = (String::new(), false);
        for part in parts {
            let code = match part {
                Piece::Text(part) => {
                    text.push_str(part);
                    continue;
                }
                Piece::Code(code) => code,
            };
            let made = self.evaluate(slot, code, flow)?;
            masked |= made.masked;
            match made.value() {
                Value::Text(part) => text.push_str(part),
                plain @ (Value::Number(_) | Value::Bool(_)) => text.push_str(&plain.to_string()),
                other => {
                    let what = other.type_name();
                    let message = format!("{what} cannot stand within a text");
                    let hint = "take a field of it, give a default with `??`, or make it text \
                                with `json.stringify` first";
                    return Err(Failure::new(Kind::Generic, "expr/type", message)
                        .with_hint(hint)
                        .at(place(code, flow)));
                }
            }
        }
        Ok(Binding::of(text.into(), masked))
    }
}

/// Where an expression stands, as people find it.
fn place(code: &Code, flow: &Flow) -> String {
    let start = flow.source.position(code.span.start);
    format!("{}:{}:{}", flow.source.name(), start.line, start.column)
}

/// An expression that failed, with the values it read, unless they are secrets.
fn failed(error: &EvalError, code: &Code, flow: &Flow, masked: bool) -> Failure {
    let problem = &error.problem;
    let message = if masked { problem.message.clone() } else { error.told() };
    Failure::new(Kind::Generic, problem.code, message)
        .with_hint(problem.hint.clone())
        .at(place(code, flow))
}
