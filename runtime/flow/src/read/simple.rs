//! Steps without steps in them.

use indexmap::IndexMap;
use model::run::FailureKind;

use super::fields::Fields;
use super::{Reader, shown};
use crate::grammar::construct;
use crate::program::{Form, Kind, Template, Wait};
use crate::source::Span;
use crate::yaml::Node;

impl Reader {
    pub(super) fn uses(&mut self, fields: &Fields<'_>) -> Option<Kind> {
        let with = self.with(fields);
        let action = fields.get("uses").and_then(|node| self.action(node))?;
        Some(Kind::Uses { action, with })
    }

    pub(super) fn call(&mut self, fields: &Fields<'_>) -> Option<Kind> {
        let with = self.with(fields);
        let flow = fields.get("call").and_then(|node| self.flow_name(node))?;
        Some(Kind::Call { flow, with })
    }

    fn with(&mut self, fields: &Fields<'_>) -> IndexMap<String, Template> {
        let entries = fields.get("with").and_then(Node::as_mapping).unwrap_or_default();
        self.templates(entries)
    }

    pub(super) fn set(&mut self, fields: &Fields<'_>) -> Option<Kind> {
        let node = fields.get("set")?;
        if node.as_mapping().is_some_and(<[_]>::is_empty) && node.whole {
            let hint = "write `set: { total: 0 }`";
            self.report("flow/no-value", node.span, "`set` names nothing", hint);
        }
        Some(Kind::Set(self.named("a value", node)))
    }

    pub(super) fn wait(&mut self, fields: &Fields<'_>) -> Option<Kind> {
        let node = fields.get("wait")?;
        let wait = match node.as_scalar() {
            Some(scalar) if scalar.text == "stop-requested" => Wait::StopRequested,
            Some(_) => Wait::For(self.span_value(node)),
            None => match self.one_of(node, construct("wait-keys"), fields.head)? {
                ("for", value) => Wait::For(self.span_value(value)),
                (_, value) => Wait::Until(self.template(value)),
            },
        };
        Some(Kind::Wait(wait))
    }

    /// A length of time that may be worked out; one that is written down is judged here.
    fn span_value(&mut self, node: &Node) -> Template {
        let template = self.template(node);
        let fixed = matches!(template.form, Form::Plain(_) | Form::Literal(_));
        if fixed && self.span(node).is_none() {
            return Template { form: Form::Unread, ..template };
        }
        template
    }

    /// Whether a word stands alone, as it should.
    pub(super) fn nothing_behind(&mut self, word: &str, fields: &Fields<'_>) -> bool {
        let Some(node) = fields.get(word) else {
            return false;
        };
        let Some(scalar) = node.as_scalar().filter(|_| !node.is_empty()) else {
            return true;
        };
        let message = format!("`{word}` takes nothing, not {}", shown(&scalar.text));
        let hint = match word {
            "return" => "name outputs: `return: { approved: true }`".to_owned(),
            _ => format!("write `{word}:` alone; it is about the loop around it"),
        };
        self.report("flow/nothing", node.span, message, hint);
        false
    }

    pub(super) fn returned(&mut self, fields: &Fields<'_>) -> Option<Kind> {
        let node = fields.get("return")?;
        if node.as_mapping().is_some() {
            return Some(Kind::Return { outputs: self.named("an output", node) });
        }
        let alone = self.nothing_behind("return", fields);
        alone.then(|| Kind::Return { outputs: IndexMap::new() })
    }

    pub(super) fn failed(&mut self, fields: &Fields<'_>) -> Option<Kind> {
        let node = fields.get("fail")?;
        if node.as_scalar().is_some() {
            let message = self.template(node);
            return Some(Kind::Fail { kind: FailureKind::Generic, code: None, message });
        }
        let fields = self.fields(node, construct("fail-keys"), fields.head)?;
        let kind = fields.get("kind").and_then(|node| self.kind(node));
        let code = fields.get("code").and_then(|node| self.code_of_error(node));
        let message = match fields.get("message") {
            Some(node) => self.template(node),
            None => Template { form: Form::Unread, span: Span::default() },
        };
        Some(Kind::Fail { kind: kind.unwrap_or(FailureKind::Generic), code, message })
    }
}
