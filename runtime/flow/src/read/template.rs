//! Values with expressions in them.

use indexmap::IndexMap;
use model::Value;

use super::{Reader, shown};
use crate::braces::{CLOSE, OPEN, closing};
use crate::diagnostic::Diagnostic;
use crate::expr;
use crate::program::{Code, Form, Origins, Part, Template};
use crate::source::Span;
use crate::yaml::{Content, Entry, Node, Scalar};

impl Reader {
    pub(super) fn template(&mut self, node: &Node) -> Template {
        let form = match &node.content {
            _ if !node.whole && node.as_scalar().is_some() => Form::Unread,
            Content::Scalar(scalar) => self.form(scalar),
            Content::List(items) => {
                Form::List(items.iter().map(|item| self.template(item)).collect())
            }
            Content::Mapping(entries) => Form::Object(self.templates(entries)),
        };
        Template { form, span: node.span }
    }

    /// Values by names of any kind.
    pub(super) fn templates(&mut self, entries: &[Entry]) -> IndexMap<String, Template> {
        let mut values = IndexMap::new();
        for entry in entries {
            if entry.key.text.contains(OPEN) {
                let message = "a name cannot be worked out".to_owned();
                let hint = "write the name itself; only values hold expressions";
                self.report("flow/expression", entry.key.span, message, hint);
            }
            values.insert(entry.key.text.clone(), self.template(&entry.value));
        }
        values
    }

    /// Values by names that expressions can use.
    pub(super) fn named(&mut self, what: &str, node: &Node) -> IndexMap<String, Template> {
        let mut values = IndexMap::new();
        for entry in node.as_mapping().unwrap_or_default() {
            let value = self.template(&entry.value);
            if let Some(name) = self.id(what, &entry.key.text, entry.key.span) {
                values.insert(name.value, value);
            }
        }
        values
    }

    fn form(&mut self, scalar: &Scalar) -> Form {
        let text = scalar.text.as_str();
        if !text.contains(OPEN) {
            let plain = scalar.is_plain();
            return if plain { Form::Plain(text.into()) } else { Form::Literal(text.into()) };
        }
        let Some(mut parts) = self.parts(scalar) else {
            return Form::Unread;
        };
        match parts.pop() {
            Some(Part::Code(code)) if parts.is_empty() => Form::Code(code),
            Some(last) => {
                parts.push(last);
                Form::Text(parts)
            }
            None => Form::Literal(Value::Text(String::new())),
        }
    }

    fn parts(&mut self, scalar: &Scalar) -> Option<Vec<Part>> {
        let text = scalar.text.as_str();
        let (mut parts, mut from, mut broken) = (Vec::new(), 0, false);
        while let Some(found) = text[from..].find(OPEN) {
            let open = from + found;
            if open > from {
                parts.push(Part::Text(text[from..open].into()));
            }
            let begin = open + OPEN.len();
            let Some(close) = closing(text, begin) else {
                self.unclosed(scalar, Span::new(open, text.len()));
                return None;
            };
            match self.expression(scalar, Span::new(begin, close)) {
                Some(code) => parts.push(Part::Code(code)),
                None => broken = true,
            }
            from = close + CLOSE.len();
        }
        if from < text.len() {
            parts.push(Part::Text(text[from..].into()));
        }
        (!broken).then_some(parts)
    }

    fn unclosed(&mut self, scalar: &Scalar, span: Span) {
        let at = scalar.origins.span(Span::new(span.start, span.start + OPEN.len()));
        let message = "`${{` has no `}}` that closes it";
        let hint = "write `${{ … }}`; a text that shall hold `${{` itself is written \
                    `${{ \"${{\" }}`";
        self.report("flow/unclosed-expression", at, message, hint);
    }

    /// An expression in a part of a scalar, without the braces.
    fn expression(&mut self, scalar: &Scalar, part: Span) -> Option<Code> {
        let written = &scalar.text[part.start..part.end];
        let start = part.start + (written.len() - written.trim_start().len());
        let source = written.trim();
        let inner = Span::new(start, start + source.len());
        if source.is_empty() {
            let hint = "write an expression between the braces: `${{ item.value }}`";
            let at = scalar.origins.span(Span::new(part.start.saturating_sub(3), part.end + 2));
            self.report("flow/no-value", at, "the expression is empty", hint);
            return None;
        }
        let origins = shifted(&scalar.origins, start);
        match expr::parse(source) {
            Ok(expr) => Some(Code { expr, span: scalar.origins.span(inner), origins }),
            Err(problems) => {
                let problems = problems.into_iter().map(|problem| {
                    let span = origins.span(problem.span);
                    let expr::Diagnostic { code, message, hint, .. } = problem;
                    Diagnostic::error(code, &self.source, span, message, hint)
                });
                self.problems.extend(problems);
                None
            }
        }
    }

    /// A condition, or what a loop is over: an expression with or without its braces.
    pub(super) fn code(&mut self, what: &str, node: &Node) -> Option<Code> {
        let scalar = node.as_scalar()?;
        if !node.whole {
            return None;
        }
        let text = scalar.text.as_str();
        let Some(open) = text.find(OPEN) else {
            return self.expression(scalar, Span::new(0, text.len()));
        };
        let Some(close) = closing(text, open + OPEN.len()) else {
            self.unclosed(scalar, Span::new(open, text.len()));
            return None;
        };
        let outside = [&text[..open], &text[close + CLOSE.len()..]];
        if outside.iter().all(|text| text.trim().is_empty()) {
            return self.expression(scalar, Span::new(open + OPEN.len(), close));
        }
        let message = format!("{what} is one expression, not {}", shown(text));
        let hint = "put all of it between the braces, or leave the braces out: `total > 5`";
        self.report("flow/mixed-expression", node.span, message, hint);
        None
    }
}

/// The origins of a part of a text.
fn shifted(origins: &Origins, start: usize) -> Origins {
    let mut pieces = vec![(0, origins.locate(start))];
    let later = origins.0.iter().filter(|(text, _)| *text > start);
    pieces.extend(later.map(|(text, file)| (text - start, *file)));
    Origins(pieces)
}
