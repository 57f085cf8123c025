//! Events of the parser to a tree, within bounds.

use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, Span as Range, options};
use indexmap::IndexMap;

use super::origins::origins;
use super::problem::{Context, of_negation, of_parser, of_trap};
use super::traps::{Trap, find, hidden};
use super::{Content, Entry, Key, Node, Parsed, Scalar};
use crate::diagnostic::Diagnostic;
use crate::limits::{FLOW_ALIASES_MAX, FLOW_NESTING_LEVELS_MAX, FLOW_NODES_MAX};
use crate::source::{Source, Span};

pub(super) fn build(source: &Arc<Source>) -> Parsed {
    let traps = find(source.text());
    let text = hidden(source.text(), &traps);
    let problems = traps.iter().map(|trap| of_trap(source, trap)).collect();
    let mut builder = Builder {
        source,
        text: &text,
        traps: &traps,
        open: Vec::new(),
        anchors: HashMap::new(),
        nodes: 0,
        aliases: 0,
        documents: 0,
        root: None,
        problems,
    };
    for event in Parser::new_from_str_with_options(&text, bounds()) {
        let go_on = match event {
            Ok((event, range)) => builder.take(event, range),
            Err(error) => builder.fail(&error),
        };
        if go_on.is_none() {
            break;
        }
    }
    builder.finish()
}

fn bounds() -> Options {
    options! {
        disallow_directives: true,
        // One more than we allow, so that the problem is told in our words.
        flow_nesting_limit: FLOW_NESTING_LEVELS_MAX + 1,
        block_nesting_limit: FLOW_NESTING_LEVELS_MAX + 1,
        // A key may hold an expression by mistake; then that is told.
        simple_key_max_lookahead: 4096,
    }
}

struct Builder<'s> {
    source: &'s Arc<Source>,
    /// What the parser reads: the source with its traps hidden.
    text: &'s str,
    traps: &'s [Trap],
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    nodes: usize,
    aliases: usize,
    documents: usize,
    root: Option<Node>,
    problems: Vec<Diagnostic>,
}

/// A node that aliases may repeat, and how many nodes it is.
struct Anchored {
    node: Node,
    nodes: usize,
}

/// A list or mapping that has begun.
struct Open {
    anchor: usize,
    start: usize,
    /// Nodes there were before it.
    nodes: usize,
    /// Nothing in it was refused.
    whole: bool,
    inside: Inside,
}

enum Inside {
    List(Vec<Node>),
    Mapping {
        entries: IndexMap<String, Entry>,
        /// The key whose value comes next.
        key: Option<Pending>,
    },
}

enum Pending {
    Key(Key),
    /// A key that was refused; its value is read and dropped.
    Refused,
}

/// `None` says that reading ends here.
type GoOn = Option<()>;

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, range: Range) -> GoOn {
        let span = span_of(range);
        let tag = range.tag_span().map(|tag| self.refuse_tag(span_of(tag)));
        let whole = tag.is_none();
        match event {
            Event::DocumentStart(..) => self.begin_document(span),
            Event::Scalar(text, style, anchor, _) => {
                let node = Node { whole, ..self.scalar(&text, style, span) };
                self.count(span)?;
                self.place(node, anchor, 1);
                Some(())
            }
            Event::SequenceStart(_, anchor, _) => {
                self.begin(anchor, span, whole, Inside::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, _) => {
                let inside = Inside::Mapping { entries: IndexMap::new(), key: None };
                self.begin(anchor, span, whole, inside)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span.end),
            Event::Alias(anchor) => self.repeat(anchor, span),
            _ => Some(()),
        }
    }

    fn begin_document(&mut self, span: Span) -> GoOn {
        self.documents += 1;
        if self.documents == 1 {
            return Some(());
        }
        let message = "the file holds more than one YAML document";
        let hint = "one file is one flow: move what follows `---` into a file of its own";
        self.report("yaml/several-documents", span, message, hint);
        None
    }

    fn scalar(&self, text: &str, style: ScalarStyle, span: Span) -> Node {
        // The parser writes `~` where nothing is written.
        let text = if span.start == span.end { "" } else { text };
        let origins = origins(text, style, self.text, span);
        let next = self.traps.partition_point(|trap| trap.scalar.end <= span.start);
        let hidden = self.traps.get(next).filter(|trap| trap.scalar.start < span.end);
        let shown = hidden.and_then(|_| {
            let bytes = (0..text.len()).map(|at| match text.as_bytes()[at] {
                b'x' => self.source.text().as_bytes()[origins.locate(at)],
                byte => byte,
            });
            String::from_utf8(bytes.collect()).ok()
        });
        let text = shown.unwrap_or_else(|| text.to_owned());
        Node { content: Content::Scalar(Scalar { text, style, origins }), span, whole: true }
    }

    fn begin(&mut self, anchor: usize, span: Span, whole: bool, inside: Inside) -> GoOn {
        if self.open.len() == FLOW_NESTING_LEVELS_MAX {
            return self.too_deep(span);
        }
        let nodes = self.nodes;
        self.count(span)?;
        self.open.push(Open { anchor, start: span.start, nodes, whole, inside });
        Some(())
    }

    fn end(&mut self, end: usize) -> GoOn {
        let open = self.open.pop()?;
        let (anchor, nodes, whole) = (open.anchor, self.nodes - open.nodes, open.whole);
        let node = self.closed(open, end, whole);
        self.place(node, anchor, nodes);
        Some(())
    }

    fn closed(&self, open: Open, end: usize, whole: bool) -> Node {
        let (content, last) = match open.inside {
            Inside::List(items) => {
                let last = items.last().map(|item| item.span.end);
                (Content::List(items), last)
            }
            Inside::Mapping { entries, .. } => {
                let entries = entries.into_values().collect::<Vec<_>>();
                let last = entries.last().map(|entry| entry.value.span.end.max(entry.key.span.end));
                (Content::Mapping(entries), last)
            }
        };
        // A block ends with the event of what comes behind it, maybe lines later.
        let bracket = self.text[..end].ends_with([']', '}']);
        let end = if bracket { end } else { last.unwrap_or(end).min(end) };
        let start = open.start;
        Node { content, span: Span { start, end: end.max(start) }, whole }
    }

    fn repeat(&mut self, anchor: usize, span: Span) -> GoOn {
        self.aliases += 1;
        let name = self.source.slice(span);
        if self.aliases > FLOW_ALIASES_MAX {
            let message = format!("the file uses more than {FLOW_ALIASES_MAX} aliases");
            let hint = "a step that is needed often belongs into a flow of its own: `call` it";
            self.report("yaml/too-many-aliases", span, message, hint);
            return None;
        }
        let Some(Anchored { node, nodes }) = self.anchors.get(&anchor) else {
            let message = format!("`{name}` stands within what it repeats");
            let hint = "an alias repeats what was complete before it";
            self.report("yaml/alias-in-itself", span, message, hint);
            return None;
        };
        if self.open.len() + node.height() > FLOW_NESTING_LEVELS_MAX {
            return self.too_deep(span);
        }
        let (node, nodes) = (node.clone(), *nodes);
        self.nodes += nodes - 1;
        self.count(span)?;
        self.place(node, 0, nodes);
        Some(())
    }

    fn count(&mut self, span: Span) -> GoOn {
        self.nodes += 1;
        if self.nodes <= FLOW_NODES_MAX {
            return Some(());
        }
        let message = format!("the file holds more than {FLOW_NODES_MAX} keys and values");
        let hint = "move steps into flows of their own and `call` them; what an alias repeats \
                    counts each time";
        self.report("yaml/too-many-nodes", span, message, hint);
        None
    }

    fn too_deep(&mut self, span: Span) -> GoOn {
        let most = FLOW_NESTING_LEVELS_MAX;
        let message = format!("mappings and lists nest deeper than {most} levels");
        let hint = "move the inner steps into a flow of their own and `call` it";
        self.report("yaml/too-deep", span, message, hint);
        None
    }

    /// Puts a finished node where it belongs.
    fn place(&mut self, node: Node, anchor: usize, nodes: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node: node.clone(), nodes });
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut open.inside {
            Inside::List(items) => items.push(node),
            Inside::Mapping { entries, key } => match key.take() {
                Some(Pending::Key(key)) => {
                    entries.insert(key.text.clone(), Entry { key, value: node });
                }
                Some(Pending::Refused) => {}
                None => {
                    let found = key_of(self.source, entries, node);
                    *key = Some(match found {
                        Ok(key) => Pending::Key(key),
                        Err(problem) => {
                            open.whole &= problem.code == "yaml/duplicate-key";
                            self.problems.push(*problem);
                            Pending::Refused
                        }
                    });
                }
            },
        }
    }

    fn refuse_tag(&mut self, tag: Span) {
        let name = self.source.slice(tag);
        if name[1..].starts_with(|first: char| first.is_ascii_alphabetic() || first == '(') {
            self.problems.push(of_negation(self.source, tag));
            return;
        }
        let message = format!("`{name}` is a YAML tag, and a flow has none");
        let hint = "leave it out: a value is read as what is expected where it stands";
        let behind = &self.source.text()[tag.end..];
        let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
        let problem = Diagnostic::error("yaml/tag", self.source, tag, message, hint);
        self.problems.push(problem.mended(Span::new(tag.start, tag.end + blanks), ""));
    }

    fn report(&mut self, code: &'static str, span: Span, message: impl Into<String>, hint: &str) {
        self.problems.push(Diagnostic::error(code, self.source, span, message, hint));
    }

    /// Tells the syntax error, and drops what it may have cut in two.
    fn fail(&mut self, error: &ScanError) -> GoOn {
        let at = error.marker().byte_offset().unwrap_or_default().min(self.text.len());
        let value = self.cut(self.source.position(at).line);
        let brackets = self.open.iter().rev().map(|open| open.start);
        let bracket =
            brackets.into_iter().find(|start| self.text[*start..].starts_with(['[', '{']));
        let context = Context { source: self.source, at, value, bracket };
        self.problems.push(of_parser(error.kind(), &context));
        None
    }

    /// Drops the last item or entry where it reaches to the line of a syntax error.
    fn cut(&mut self, line: usize) -> Option<Span> {
        let source = Arc::clone(self.source);
        let reaches = |span: Span| source.position(span.end).line >= line;
        if self.open.is_empty() {
            return self.root.take_if(|root| reaches(root.span)).map(|root| root.span);
        }
        match &mut self.open.last_mut()?.inside {
            Inside::List(items) => {
                let last = items.pop_if(|item| reaches(item.span))?;
                Some(last.span)
            }
            Inside::Mapping { entries, key } => {
                if let Some(Pending::Key(key)) = key.take() {
                    return Some(key.span);
                }
                let (_, last) = entries.last()?;
                let span = last.value.span;
                reaches(span).then(|| entries.pop()).map(|_| span)
            }
        }
    }

    fn finish(mut self) -> Parsed {
        while let Some(open) = self.open.pop() {
            let node = self.closed(open, self.text.len(), false);
            self.place(node, 0, 0);
        }
        Parsed { root: self.root, problems: self.problems }
    }
}

fn span_of(range: Range) -> Span {
    let offset = |marker: granit_parser::Marker| marker.byte_offset().unwrap_or_default();
    Span { start: offset(range.start), end: offset(range.end) }
}

/// The node as a key of a mapping that has these entries.
fn key_of(
    source: &Arc<Source>,
    entries: &IndexMap<String, Entry>,
    node: Node,
) -> Result<Key, Box<Diagnostic>> {
    let refused = |code, span, message: String, hint: &str| {
        Err(Box::new(Diagnostic::error(code, source, span, message, hint)))
    };
    let Content::Scalar(scalar) = node.content else {
        if source.text()[..node.span.start].ends_with('{') {
            let message = "an expression begins with `${{`".to_owned();
            let hint = "write `\"${{ … }}\"`, in quotes";
            return refused("yaml/key", node.span, message, hint);
        }
        let message = "a list or a mapping cannot be a key".to_owned();
        let hint = "a key is a word, and its value stands behind `: `";
        return refused("yaml/key", node.span, message, hint);
    };
    if scalar.is_plain() && scalar.text == "<<" {
        let message = "`<<` merges mappings in some tools; a flow has no merge keys".to_owned();
        let hint = "write the keys out, or repeat a whole value with an alias: `with: *name`";
        return refused("yaml/merge-key", node.span, message, hint);
    }
    if scalar.is_plain() && scalar.text.is_empty() {
        let hint = "write a key before `:`";
        return refused("yaml/key", node.span, "the key is missing".to_owned(), hint);
    }
    if let Some(first) = entries.get(&scalar.text) {
        let shown = crate::read::shown(&scalar.text);
        let message = format!("the key {shown} is there already");
        let hint = "each key stands once in a mapping: remove one of the two";
        let problem = Diagnostic::error("yaml/duplicate-key", source, node.span, message, hint);
        return Err(Box::new(problem.relating(first.key.span, "first written here")));
    }
    Ok(Key { text: scalar.text, span: node.span })
}
