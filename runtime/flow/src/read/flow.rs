//! The head of a flow: its name, what it takes and gives.

use indexmap::IndexMap;

use super::Reader;
use crate::expr::Type;
use crate::grammar::{Takes, construct};
use crate::limits::STEPS_PERFORMED_MAX;
use crate::program::{Block, Flow, Input, Spanned};
use crate::source::Span;
use crate::yaml::{Entry, Node};

impl Reader {
    /// Reads all of a flow; `None` where its text was cut off, or is no flow at all.
    pub(super) fn flow(&mut self, root: &Node) -> Option<Flow> {
        if root.is_empty() {
            return self.nothing();
        }
        let head = self.head_of(root);
        let fields = self.fields(root, construct("flow"), head)?;
        let name = fields.get("flow").and_then(|node| self.flow_name(node));
        let description = fields.get("description").and_then(Self::description);
        let inputs = fields.get("inputs").map(|node| self.inputs(node)).unwrap_or_default();
        let outputs = fields.get("outputs").map(|node| self.named("an output", node));
        let triggers = fields.get("on").map(|node| self.triggers(node)).unwrap_or_default();
        let steps_max =
            fields.get("steps-max").and_then(|node| self.count(node, 1, STEPS_PERFORMED_MAX));
        let steps = fields.get("steps").map(|node| self.block(node));
        let on_failure = fields.get("on-failure").map(|node| self.block(node));
        root.whole.then(|| Flow {
            name: name.unwrap_or(Spanned { value: String::new(), span: head }),
            description,
            inputs,
            outputs: outputs.unwrap_or_default(),
            triggers,
            steps_max,
            steps: steps.unwrap_or(Block { steps: Vec::new(), span: head }),
            on_failure,
            source: self.source.clone(),
        })
    }

    /// What is pointed at where the flow as a whole is meant: its first line.
    fn head_of(&self, root: &Node) -> Span {
        let line = self.source.position(root.span.start).line;
        let line = self.source.line(line).unwrap_or_default();
        Span::new(root.span.start, line.end.max(root.span.start))
    }

    /// A text that nobody interprets.
    fn description(node: &Node) -> Option<String> {
        node.as_scalar().map(|scalar| scalar.text.clone())
    }

    fn inputs(&mut self, node: &Node) -> IndexMap<String, Input> {
        let mut inputs = IndexMap::new();
        for entry in node.as_mapping().unwrap_or_default() {
            let input = self.input(entry);
            // What is misspelt keeps its name, so that what reads it is not wrong as well.
            self.input_name(entry);
            inputs.insert(entry.key.text.clone(), input);
        }
        inputs
    }

    fn input_name(&mut self, entry: &Entry) {
        let text = entry.key.text.as_str();
        // `inputs.error` is no name of its own, so nothing is taken.
        if !super::scalar::RESERVED.contains(&text) {
            self.id("an input", text, entry.key.span);
        }
    }

    fn input(&mut self, entry: &Entry) -> Input {
        let span = entry.key.span;
        let unknown = Input {
            takes: Type::Unknown,
            sample: None,
            default: None,
            description: None,
            sensitive: false,
            span,
        };
        let node = &entry.value;
        let details = construct("input");
        let keys = node.as_mapping().unwrap_or_default();
        let is_type = |entry: &Entry| construct("type").key(&entry.key.text).is_some();
        let bare =
            keys.iter().any(is_type) && keys.iter().all(|key| details.key(&key.key.text).is_none());
        if node.as_mapping().is_none() || bare {
            return Input {
                takes: self.type_of(&format!("`{}`", entry.key.text), node),
                ..unknown
            };
        }
        let Some(fields) = self.fields(node, details, span) else {
            return unknown;
        };
        let takes = fields.get("type").map(|node| self.type_of("`type`", node));
        let takes = takes.unwrap_or_default();
        let sample = fields
            .get("sample")
            .and_then(|node| Some(Self::spanned(self.text("`sample`", node)?, node)));
        Input {
            default: fields.get("default").and_then(|node| self.default(node, &takes)),
            description: fields.get("description").and_then(Self::description),
            sensitive: fields.get("sensitive").and_then(|node| self.bool(node)).unwrap_or(false),
            takes,
            sample,
            span,
        }
    }

    /// Whether a node looks like what a key takes; tells it if not.
    pub(super) fn is_a(&mut self, what: &str, node: &Node, takes: Takes) -> bool {
        self.fits(what, node, takes)
    }
}
