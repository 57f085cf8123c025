//! YAML as a tree of texts with their places. What a text means is for the reader to say: nothing
//! is taken for a number, a bool or null here.
//!
//! The parser of YAML proper is `granit-parser`; what it finds wrong is told in words of our own.

mod build;
mod origins;
mod problem;
mod traps;

use std::sync::Arc;

use granit_parser::ScalarStyle;

use crate::diagnostic::Diagnostic;
use crate::limits::FLOW_FILE_BYTES_MAX;
use crate::program::Origins;
use crate::source::{Source, Span};

/// What became of a text.
pub(crate) struct Parsed {
    /// The tree as far as it could be read; nodes that end too early say so.
    pub(crate) root: Option<Node>,
    pub(crate) problems: Vec<Diagnostic>,
}

#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) content: Content,
    pub(crate) span: Span,
    /// Nothing of it was lost to a mistake in the YAML.
    pub(crate) whole: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    Scalar(Scalar),
    List(Vec<Node>),
    Mapping(Vec<Entry>),
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) value: Node,
}

#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// A text and how it is written.
#[derive(Clone, Debug)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    pub(crate) style: ScalarStyle,
    pub(crate) origins: Origins,
}

impl Scalar {
    /// Neither quoted nor a block: a number, `true` or `null` may be meant.
    pub(crate) fn is_plain(&self) -> bool {
        self.style == ScalarStyle::Plain
    }
}

impl Node {
    pub(crate) fn as_scalar(&self) -> Option<&Scalar> {
        if let Content::Scalar(scalar) = &self.content { Some(scalar) } else { None }
    }

    pub(crate) fn as_list(&self) -> Option<&[Self]> {
        if let Content::List(items) = &self.content { Some(items) } else { None }
    }

    pub(crate) fn as_mapping(&self) -> Option<&[Entry]> {
        if let Content::Mapping(entries) = &self.content { Some(entries) } else { None }
    }

    /// Nothing stands there: `key:` and no more.
    pub(crate) fn is_empty(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| scalar.is_plain() && scalar.text.is_empty())
    }

    /// Levels of lists and mappings in it, itself included.
    fn height(&self) -> usize {
        match &self.content {
            Content::Scalar(_) => 0,
            Content::List(items) => 1 + items.iter().map(Self::height).max().unwrap_or(0),
            Content::Mapping(entries) => {
                1 + entries.iter().map(|entry| entry.value.height()).max().unwrap_or(0)
            }
        }
    }
}

/// Reads a text as far as it can be read.
pub(crate) fn parse(source: &Arc<Source>) -> Parsed {
    let bytes = source.text().len();
    if bytes > FLOW_FILE_BYTES_MAX {
        let message = format!("the file has {bytes} bytes; the most is {FLOW_FILE_BYTES_MAX}");
        let hint = "move steps into flows of their own and `call` them";
        let problem = Diagnostic::error("yaml/too-large", source, Span::default(), message, hint);
        return Parsed { root: None, problems: vec![problem] };
    }
    build::build(source)
}

#[cfg(test)]
mod tests;
