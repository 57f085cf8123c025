//! What the parser refuses, in words for people who write flows.

use std::sync::Arc;

use granit_parser::ErrorKind;

use super::traps::{Trap, Why};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};

/// The value in quotes, so that YAML takes it as it is.
fn quoted(value: &str) -> String {
    if value.contains(['"', '\\']) {
        format!("'{}'", value.replace('\'', "''"))
    } else {
        format!("\"{value}\"")
    }
}

pub(super) fn of_trap(source: &Arc<Source>, trap: &Trap) -> Diagnostic {
    let reads = match trap.why {
        Why::Comment => "YAML takes ` #` and what follows for a comment",
        Why::Colon => "YAML takes `: ` for the end of a key",
        Why::Brackets => "within `{ }` and `[ ]` YAML takes its braces for its own",
    };
    let message = format!("quote this value: {reads}");
    let value = quoted(source.slice(trap.scalar));
    let hint = format!("write {}", short(&value));
    Diagnostic::error("yaml/quote-expression", source, trap.scalar, message, hint)
        .mended(trap.scalar, value)
}

/// `!done`, which YAML takes for a tag.
pub(super) fn of_negation(source: &Arc<Source>, tag: Span) -> Diagnostic {
    let context = Context { source, at: tag.start, value: None, bracket: None };
    let message = "YAML takes an unquoted `!` at the start of a value for its own";
    context.needs_quotes("yaml/tag", context.rest_of_line(tag.start), message)
}

/// Where the parser stopped, and what it had read.
pub(super) struct Context<'s> {
    pub(super) source: &'s Arc<Source>,
    pub(super) at: usize,
    /// The key or value before that, where it may be the cause.
    pub(super) value: Option<Span>,
    /// The innermost bracket that is open.
    pub(super) bracket: Option<usize>,
}

impl Context<'_> {
    fn problem(&self, code: &'static str, span: Span, message: &str, hint: &str) -> Diagnostic {
        Diagnostic::error(code, self.source, span, message, hint)
    }

    fn here(&self, code: &'static str, message: &str, hint: &str) -> Diagnostic {
        self.problem(code, self.character(self.at), message, hint)
    }

    fn character(&self, at: usize) -> Span {
        let next = self.source.text()[at..].chars().next().filter(|next| !next.is_control());
        Span::new(at, at + next.map_or(0, char::len_utf8))
    }

    /// From a place to the end of its line, without a comment or blanks at the end.
    fn rest_of_line(&self, start: usize) -> Span {
        let rest = self.source.text()[start..].lines().next().unwrap_or_default();
        let rest = rest.split(" #").next().unwrap_or_default().trim_end();
        Span::new(start, start + rest.len())
    }

    /// The line, without its indentation.
    fn line(&self) -> Span {
        let line = self.source.position(self.at).line;
        let span = self.source.line(line).unwrap_or_default();
        let written = self.source.slice(span);
        self.rest_of_line(span.start + (written.len() - written.trim_start().len()))
    }

    fn needs_quotes(&self, code: &'static str, span: Span, message: &str) -> Diagnostic {
        let value = quoted(self.source.slice(span));
        let hint = format!("quote the value: {}", short(&value));
        Diagnostic::error(code, self.source, span, message, hint).mended(span, value)
    }
}

pub(super) fn of_parser(kind: &ErrorKind, context: &Context<'_>) -> Diagnostic {
    use ErrorKind as K;
    match kind {
        K::MappingValueNotAllowed
        | K::InvalidColonPlacement
        | K::SimpleKeyExpected
        | K::InvalidSimpleKey => colon(context),
        K::UnexpectedCharacter { .. } => character(context),
        K::UnknownAnchor => alias(context),
        K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabInIndentation
        | K::TabInPlainScalar
        | K::TabAtBlockScalarStart => tab(context),
        K::UnclosedQuotedScalar => unclosed_quote(context),
        K::InvalidTrailingDoubleQuotedScalar | K::InvalidTrailingSingleQuotedScalar => {
            behind_quote(context)
        }
        K::MismatchedFlowCollectionEnd { .. }
        | K::UnclosedFlowCollection { .. }
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofFlowSequence
        | K::ExpectedFlowMappingSeparator
        | K::ExpectedFlowSequenceSeparator
        | K::UnexpectedEofImplicitFlowMapping
        | K::MisplacedFlowCollectionEnd => bracket(context),
        K::ExpectedBlockMappingKey
        | K::ExpectedBlockSequenceEntry
        | K::InvalidIndentation
        | K::InvalidBlockScalarIndent
        | K::InvalidQuotedScalarIndent
        | K::InvalidFlowScalarIndent
        | K::UnexpectedEofBlockMapping
        | K::UnexpectedEofBlockSequence => context.problem(
            "yaml/indentation",
            context.line(),
            "this line is indented like nothing around it",
            "keys of one mapping, and dashes of one list, stand exactly below each other",
        ),
        other => plainly(other, context),
    }
}

/// What needs no look at the text around it.
fn plainly(kind: &ErrorKind, context: &Context<'_>) -> Diagnostic {
    use ErrorKind as K;
    match kind {
        K::UnknownQuotedScalarEscape | K::InvalidQuotedScalarHexEscape => context.here(
            "yaml/escape",
            "YAML knows no such escape",
            "write `\\\\` for a backslash, or put the text into single quotes, where it is itself",
        ),
        K::CommentInterceptedScalar => context.here(
            "yaml/comment-in-value",
            "a comment stands within a value of several lines",
            "quote the value if it holds ` #`; else move the comment to a line before it",
        ),
        K::BlockSequenceEntryNotAllowed | K::BlockEntryInFlowCollection => context.here(
            "yaml/dash",
            "a list cannot begin here",
            "begin each item of a list on a line of its own, or write `[a, b]`",
        ),
        K::DirectiveDisallowed => context.problem(
            "yaml/directive",
            context.rest_of_line(context.at),
            "a flow has no YAML directives",
            "remove the line",
        ),
        K::RecursionLimitExceeded => context.here(
            "yaml/too-deep",
            "mappings and lists nest too deep",
            "move the inner steps into a flow of their own and `call` it",
        ),
        other => context.here(
            "yaml/syntax",
            &format!("this is no YAML: {other}"),
            "quote texts that hold signs of YAML, such as `: `, ` #`, `[` or `{`",
        ),
    }
}

fn unclosed_quote(context: &Context<'_>) -> Diagnostic {
    let mark = context.source.slice(context.character(context.at));
    let message = format!("the text that begins with `{mark}` has no end");
    let hint = match mark {
        "'" => "close it with `'`; one within the text is written twice: `''`",
        _ => "close it with `\"`; one within the text is written `\\\"`",
    };
    context.here("yaml/unclosed-quote", &message, hint)
}

/// A `: ` where no key can be.
fn colon(context: &Context<'_>) -> Diagnostic {
    let text = context.source.text();
    if let Some(bracket) = context.bracket {
        return unclosed(context, bracket);
    }
    let Some(value) = context.value else {
        return context.here(
            "yaml/colon",
            "there is no key before `:`",
            "quote texts that hold `: `",
        );
    };
    let lines = &text[value.start..context.at.max(value.start)];
    let Some((first, _)) = lines.split_once('\n') else {
        let span = context.rest_of_line(value.start);
        let message = "YAML takes `: ` within this value for the end of a key";
        return context.needs_quotes("yaml/colon-in-value", span, message);
    };
    // A key on a line of its own, taken for the continuation of the text before it.
    if let Some(colon) = first.find(':').filter(|_| !first.contains("://")) {
        let at = value.start + colon;
        let (key, span) = (&first[..colon], Span::new(value.start, at + 1));
        let message = format!("there is no blank behind `{}:`", short(key));
        let hint = format!("write `{}: {}`", short(key), short(first[colon + 1..].trim()));
        return context
            .problem("yaml/colon-without-blank", span, &message, &hint)
            .mended(Span::new(at + 1, at + 1), " ");
    }
    context.problem(
        "yaml/indentation",
        context.line(),
        "this line is indented as if it belonged to the value before it",
        "keys of one mapping stand exactly below each other; a key has a value or keys of its own, \
         never both",
    )
}

/// A sign that no unquoted value can begin with.
fn character(context: &Context<'_>) -> Diagnostic {
    let found = context.source.slice(context.character(context.at));
    if found.is_empty() {
        return context.here(
            "yaml/character",
            "a text cannot hold this control character",
            "remove it, or write it in double quotes with an escape such as `\\u0007`",
        );
    }
    let found = if found == "`" { "a backtick".to_owned() } else { format!("`{found}`") };
    let message = format!("an unquoted value cannot begin with {found}");
    let span = context.rest_of_line(context.at);
    context.needs_quotes("yaml/quote-value", span, &message)
}

/// A `*` that may be meant as such.
fn alias(context: &Context<'_>) -> Diagnostic {
    let rest = context.rest_of_line(context.at);
    let word = context.source.slice(rest);
    let end = word.find([' ', ',', ']', '}']).unwrap_or(word.len());
    let span = Span::new(rest.start, rest.start + end);
    let name = short(context.source.slice(span));
    let message =
        format!("`{name}` repeats what `&{}` marks, and nothing is marked so", &name[1..]);
    context.needs_quotes("yaml/unknown-alias", span, &message)
}

fn tab(context: &Context<'_>) -> Diagnostic {
    let text = context.source.text();
    let line = text[..context.at].rfind('\n').map_or(0, |end| end + 1);
    // The parser stops before it, or on it.
    let at = text[line..].find('\t').map_or(context.at, |tab| line + tab);
    let tabs = text[at..].bytes().take_while(|byte| *byte == b'\t').count();
    let span = Span::new(at, at + tabs);
    context
        .problem("yaml/tab", span, "YAML is not indented with tabs", "use two spaces for each tab")
        .mended(span, "  ".repeat(tabs))
}

/// `"a" == b`: a value that begins with a quote and goes on behind it.
fn behind_quote(context: &Context<'_>) -> Diagnostic {
    let text = context.source.text();
    let line = text[..context.at].rfind('\n').map_or(0, |end| end + 1);
    let before = &text[line..context.at];
    let start = before.find([':', '-']).and_then(|_| {
        let value = before.find(": ").map(|at| at + 2).or(before.find("- ").map(|at| at + 2))?;
        let blanks = before[value..].len() - before[value..].trim_start().len();
        Some(line + value + blanks)
    });
    let message = "the value goes on behind its closing quote";
    match start.filter(|start| text[*start..].starts_with(['"', '\''])) {
        Some(start) if context.bracket.is_none() => {
            let span = context.rest_of_line(start);
            context.needs_quotes("yaml/text-behind-quote", span, message)
        }
        _ => {
            let hint = "put a comma before what follows, or quote all of the value";
            context.here("yaml/text-behind-quote", message, hint)
        }
    }
}

fn bracket(context: &Context<'_>) -> Diagnostic {
    match context.bracket {
        Some(bracket) => unclosed(context, bracket),
        None => context.here(
            "yaml/bracket",
            "there is no bracket that this one closes",
            "remove it, or quote the value that it belongs to",
        ),
    }
}

fn unclosed(context: &Context<'_>, bracket: usize) -> Diagnostic {
    let (open, close) =
        if context.source.text()[bracket..].starts_with('[') { ('[', ']') } else { ('{', '}') };
    let message = format!("what begins with `{open}` is not closed, or a comma is missing in it");
    let hint = format!(
        "end it with `{close}`; quote values in it that hold `,`, `: `, brackets or braces"
    );
    let problem = context.problem("yaml/bracket", context.character(bracket), &message, &hint);
    problem.relating(context.character(context.at), "read as far as here")
}

/// A text cut to a length that fits a line.
fn short(text: &str) -> String {
    const MOST: usize = 80;
    let line = text.lines().next().unwrap_or_default();
    let cut = line.chars().take(MOST).collect::<String>();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}
