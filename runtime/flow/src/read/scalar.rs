//! Single values: texts, names, numbers, lengths of time, words.

use std::num::NonZeroU32;
use std::time::Duration;

use model::limits::SPAN_MAX;
use model::run::FailureKind;
use model::similar::closest;
use model::time::{NotASpan, format_span, parse_span};

use super::{Reader, hint_of, shown};
use crate::braces::OPEN;
use crate::limits::FLOW_NAME_BYTES_MAX;
use crate::program::{Caught, Spanned};
use crate::source::Span;
use crate::yaml::{Content, Node};

/// Names that mean something already.
pub(crate) const RESERVED: &[&str] = &["inputs", "now", "run", "trigger", "item", "error"];
/// Words of expressions, which cannot be read as names.
const OF_EXPRESSIONS: &[&str] = &["true", "false", "null", "and", "or", "not", "in"];

/// What names look like, for editors.
pub(crate) const ID_PATTERN: &str = "^[a-z][a-z0-9_]*$";
pub(crate) const NAME_PATTERN: &str = "^[a-z][a-z0-9-]*$";

pub(crate) const KINDS: &[&str] = &["business", "it", "generic"];

impl Reader {
    /// A text without expressions.
    pub(super) fn text(&mut self, what: &str, node: &Node) -> Option<String> {
        let text = &node.as_scalar()?.text;
        if text.contains(OPEN) {
            let message = format!("{what} is a fixed text and cannot hold an expression");
            let hint = "write the text itself; expressions are for values of steps";
            self.report("flow/expression", node.span, message, hint);
            return None;
        }
        Some(text.clone())
    }

    pub(super) fn texts(&mut self, what: &str, node: &Node) -> Vec<String> {
        let items = node.as_list().unwrap_or(std::slice::from_ref(node));
        let texts = items.iter().filter_map(|item| {
            if item.as_scalar().is_none() || item.is_empty() {
                let hint = "write `[a, b]`, or each item with its dash on a line of its own";
                let message = format!("each item of {what} is a text");
                self.report("flow/wrong-shape", item.span, message, hint);
                return None;
            }
            self.text(what, item)
        });
        texts.collect()
    }

    /// A name that expressions can use.
    pub(super) fn id(&mut self, what: &str, text: &str, span: Span) -> Option<Spanned<String>> {
        let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let starts = text.starts_with(|first: char| first.is_ascii_lowercase());
        if !starts || !text.bytes().all(letters) || text.len() > FLOW_NAME_BYTES_MAX {
            let message = format!("{} cannot be the name of {what}", shown(text));
            let hint = format!(
                "a name begins with a lower-case letter; letters, digits and `_` may follow{}",
                suggested(text, '_')
            );
            self.report("flow/name", span, message, hint);
            return None;
        }
        let (why, hint) = if RESERVED.contains(&text) {
            ("is in scope in every flow", format!("taken are {}", RESERVED.join(", ")))
        } else if OF_EXPRESSIONS.contains(&text) {
            ("is a word of expressions", format!("such words are {}", OF_EXPRESSIONS.join(", ")))
        } else {
            return Some(Spanned { value: text.to_owned(), span });
        };
        let message = format!("`{text}` {why} and cannot be the name of {what}");
        self.report("flow/reserved-name", span, message, format!("take another name; {hint}"));
        None
    }

    pub(super) fn id_of(&mut self, what: &str, node: Option<&Node>) -> Option<Spanned<String>> {
        let node = node?;
        self.id(what, &node.as_scalar()?.text, node.span)
    }

    pub(super) fn flow_name(&mut self, node: &Node) -> Option<Spanned<String>> {
        let text = node.as_scalar()?.text.as_str();
        let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let starts = text.starts_with(|first: char| first.is_ascii_lowercase());
        if starts && text.bytes().all(letters) && text.len() <= FLOW_NAME_BYTES_MAX {
            return Some(Self::spanned(text.to_owned(), node));
        }
        let message = format!("{} cannot be the name of a flow", shown(text));
        let stem = text.rsplit('/').next().unwrap_or_default();
        let stem = stem.split('.').next().unwrap_or_default();
        let hint = format!(
            "a name begins with a lower-case letter; letters, digits and `-` may follow{}",
            suggested(stem, '-')
        );
        self.report("flow/name", node.span, message, hint);
        None
    }

    pub(super) fn action(&mut self, node: &Node) -> Option<Spanned<String>> {
        let text = self.text("`uses`", node)?;
        if text.chars().all(|char| !char.is_whitespace() && !char.is_control())
            && text.len() <= 2 * FLOW_NAME_BYTES_MAX
        {
            return Some(Self::spanned(text, node));
        }
        let message = format!("{} cannot be the name of an action", shown(&text));
        let hint = "built-in actions are named like `queue.add`, steps of plugins like \
                    `finance/classify`";
        self.report("flow/name", node.span, message, hint);
        None
    }

    pub(super) fn span(&mut self, node: &Node) -> Option<Duration> {
        let text = node.as_scalar()?.text.as_str();
        let refused = match parse_span(text) {
            Ok(span) if span <= SPAN_MAX => return Some(span),
            Ok(_) => {
                let most = format_span(SPAN_MAX);
                (format!("{} is longer than {most}", shown(text)), format!("the most is {most}"))
            }
            Err(NotASpan { .. }) => {
                (format!("{} is not a length of time", shown(text)), NotASpan::HINT.to_owned())
            }
        };
        self.report("flow/duration", node.span, refused.0, refused.1);
        None
    }

    pub(super) fn count(&mut self, node: &Node, least: u64, most: u64) -> Option<u64> {
        let text = node.as_scalar()?.text.as_str();
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let plain = digits && (text.len() == 1 || !text.starts_with('0'));
        let number = text.parse::<u64>().ok().filter(|_| plain);
        let found = number.filter(|number| (least..=most).contains(number));
        if found.is_none() {
            let message = format!("{} is not a whole number from {least} to {most}", shown(text));
            let hint = match number {
                Some(number) if number < least => format!("the least is {least}"),
                Some(_) => format!("the most is {most}"),
                None => "write digits alone, such as `3`".into(),
            };
            self.report("flow/number", node.span, message, hint);
        }
        found
    }

    pub(super) fn count_u32(&mut self, node: Option<&Node>, least: u32, most: u32) -> Option<u32> {
        let count = self.count(node?, least.into(), most.into())?;
        u32::try_from(count).ok()
    }

    pub(super) fn positive(&mut self, node: Option<&Node>, most: u32) -> Option<NonZeroU32> {
        self.count_u32(node, 1, most).and_then(NonZeroU32::new)
    }

    pub(super) fn bool(&mut self, node: &Node) -> Option<bool> {
        let scalar = node.as_scalar()?;
        match scalar.text.as_str() {
            "true" => return Some(true),
            "false" => return Some(false),
            _ => {}
        }
        let text = scalar.text.as_str();
        let message = format!("{} is neither `true` nor `false`", shown(text));
        let hint = match text.to_lowercase().as_str() {
            "yes" | "on" | "true" | "y" => "write `true`",
            "no" | "off" | "false" | "n" => "write `false`",
            _ => "write `true` or `false`",
        };
        self.report("flow/bool", node.span, message, hint);
        None
    }

    /// One of a few words, as the place of it in their list.
    pub(super) fn word(&mut self, what: &str, node: &Node, words: &[&str]) -> Option<usize> {
        let text = node.as_scalar()?.text.as_str();
        let found = words.iter().position(|word| *word == text);
        if found.is_none() {
            let message = format!("{what} takes one of a few words, not {}", shown(text));
            self.report("flow/word", node.span, message, hint_of(text, words));
        }
        found
    }

    pub(super) fn kind(&mut self, node: &Node) -> Option<FailureKind> {
        self.word("`kind`", node, KINDS).and_then(|_| FailureKind::named(&node.as_scalar()?.text))
    }

    /// A code of an error, such as `finance/duplicate`.
    pub(super) fn code_of_error(&mut self, node: &Node) -> Option<Spanned<String>> {
        let text = node.as_scalar()?.text.as_str();
        if is_code(text) {
            return Some(Self::spanned(text.to_owned(), node));
        }
        let message = format!("{} is not the code of an error", shown(text));
        let hint = "a code is two or more names with `/` between them, such as \
                    `invoices/negative`; names have lower-case letters, digits and `-`";
        self.report("flow/code", node.span, message, hint);
        None
    }

    /// What a handler or a retry is for: one, or a list.
    pub(super) fn caught(&mut self, node: &Node) -> Vec<Spanned<Caught>> {
        let items = match &node.content {
            Content::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        if items.is_empty() {
            let hint = "name kinds or codes, or leave `on` out";
            self.report("flow/error-name", node.span, "an empty list takes no error", hint);
        }
        items.iter().filter_map(|item| self.caught_one(item)).collect()
    }

    fn caught_one(&mut self, node: &Node) -> Option<Spanned<Caught>> {
        let text = node.as_scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
        let caught = match text {
            "all" => Some(Caught::All),
            _ if is_code(text.strip_suffix("/*").map_or(text, |_| &text[..text.len() - 2]))
                || text.strip_suffix("/*").is_some_and(is_name) =>
            {
                Some(Caught::Code(text.to_owned()))
            }
            _ => FailureKind::named(text).map(Caught::Kind),
        };
        if caught.is_none() {
            let words = ["all", "business", "it", "generic"];
            let meant = closest(text, words).map(|meant| format!("did you mean `{meant}`? "));
            let message = format!("{} is no kind and no code of errors", shown(text));
            let hint = format!(
                "{}write all, business, it, generic, a code such as `http/timeout`, or `http/*`",
                meant.unwrap_or_default()
            );
            self.report("flow/error-name", node.span, message, hint);
        }
        caught.map(|caught| Self::spanned(caught, node))
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_code(text: &str) -> bool {
    text.contains('/') && text.split('/').all(is_name) && text.len() <= FLOW_NAME_BYTES_MAX
}

/// A name like what was written, if one can be made of it.
fn suggested(text: &str, joint: char) -> String {
    let mut name = String::new();
    for char in text.trim().chars().take(FLOW_NAME_BYTES_MAX) {
        if char.is_ascii_alphanumeric() {
            name.push(char.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with(joint) {
            name.push(joint);
        }
    }
    let name = name.trim_matches(joint).trim_start_matches(|first: char| first.is_ascii_digit());
    if name.is_empty() || name == text { String::new() } else { format!(": `{name}`") }
}
