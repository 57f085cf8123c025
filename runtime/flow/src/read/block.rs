//! Lists of steps, and what any step may say.

use std::collections::{HashMap, HashSet};

use model::similar::closest;

use super::fields::Fields;
use super::{Reader, shown};
use crate::diagnostic::Diagnostic;
use crate::grammar::{self, Construct, construct};
use crate::limits::FLOW_STEPS_MAX;
use crate::program::{Block, Kind, Spanned, Step};
use crate::source::Span;
use crate::yaml::{Entry, Node};

/// Words that are steps without anything behind them.
const BARE: &[&str] = &["break", "continue", "return"];

impl Reader {
    pub(super) fn block(&mut self, node: &Node) -> Block {
        let items = node.as_list().unwrap_or_default();
        if items.is_empty() && node.whole {
            let hint = "write at least one step, or leave the key out";
            self.report("flow/no-steps", node.span, "there are no steps", hint);
        }
        let mut steps = items.iter().filter_map(|item| self.step(item)).collect::<Vec<_>>();
        self.duplicates(&steps);
        label(&mut steps);
        Block { steps, span: node.span }
    }

    fn step(&mut self, node: &Node) -> Option<Step> {
        self.steps += 1;
        if self.steps > FLOW_STEPS_MAX {
            if self.steps == FLOW_STEPS_MAX + 1 {
                let message = format!("the flow has more than {FLOW_STEPS_MAX} steps");
                let hint = "move steps into flows of their own and `call` them";
                self.report("flow/too-many-steps", node.span, message, hint);
            }
            return None;
        }
        match (node.as_mapping(), node.as_scalar()) {
            (Some(entries), _) => Some(self.mapped(node, entries)),
            (_, Some(scalar)) => self.bare(node, &scalar.text),
            _ => {
                let hint = "write one dash for each step; steps within a step stand below a key";
                self.report("flow/wrong-shape", node.span, "a list is no step", hint);
                None
            }
        }
    }

    /// A step that is a word alone.
    fn bare(&mut self, node: &Node, text: &str) -> Option<Step> {
        let kind = match text {
            "break" => Kind::Break,
            "continue" => Kind::Continue,
            "return" => Kind::Return { outputs: indexmap::IndexMap::new() },
            _ if !node.whole => return None,
            _ => {
                self.no_step(node, text);
                return None;
            }
        };
        Some(Step { label: text.to_owned(), ..step_of(kind, node, node.span) })
    }

    fn no_step(&mut self, node: &Node, text: &str) {
        let words = grammar::words().map(|word| word.name).collect::<Vec<_>>();
        let glued = text.split_once(':').filter(|(word, _)| words.contains(word));
        let (message, hint) = match (glued, closest(text, BARE.iter().copied())) {
            _ if node.is_empty() => {
                ("there is no step behind this dash".into(), "remove the dash".into())
            }
            (Some((word, rest)), _) => (
                format!("there is no blank behind `{word}:`"),
                format!("write `{word}: {}`", rest.trim()),
            ),
            (_, Some(meant)) => {
                (format!("{} is no step", shown(text)), format!("did you mean `{meant}`?"))
            }
            _ if text.contains(['.', '/']) => (
                format!("{} is no step", shown(text)),
                format!("an action stands behind `uses`: `- uses: {text}`"),
            ),
            _ => (
                format!("{} is no step", shown(text)),
                format!("a step begins with one of {}", words.join(", ")),
            ),
        };
        self.report("flow/no-word", node.span, message, hint);
    }

    fn mapped(&mut self, node: &Node, entries: &[Entry]) -> Step {
        let common = construct("step");
        let Some(entry) = self.word_of(node, entries) else {
            let id = entries.iter().find(|entry| entry.key.text == "id");
            let id = id.and_then(|id| self.id_of("a step", Some(&id.value)));
            let step = step_of(Kind::Unread(Vec::new()), node, node.span);
            return Step { label: "step".into(), id, ..step };
        };
        let word = construct(&entry.key.text);
        let head = head_of(entry);
        let fields = self.keys(node, &[word, common], head);
        let id = self.id_of("a step", fields.get("id"));
        let name = fields.get("name").and_then(|node| self.text("`name`", node));
        let is_if = word.name == "if";
        let condition = fields.get("if").filter(|_| !is_if);
        let condition = condition.and_then(|node| self.code("`if`", node));
        let timeout = fields.get("timeout").and_then(|node| self.span(node));
        let retry = fields.entry("retry").and_then(|entry| self.retry(entry));
        let handlers = fields.get("on-error").map(|node| self.handlers(node));
        let masked =
            fields.get("log").and_then(|node| self.word("`log`", node, &["full", "masked"]));
        let kind = self.kind_of(word, &fields);
        Step {
            label: word_label(word, &kind),
            id,
            name,
            condition,
            timeout,
            retry,
            handlers: handlers.unwrap_or_default(),
            masked: masked == Some(1),
            ..step_of(kind, node, head)
        }
    }

    /// The entry that says what a step does.
    fn word_of<'n>(&mut self, node: &Node, entries: &'n [Entry]) -> Option<&'n Entry> {
        let is_word = |entry: &&Entry| grammar::words().any(|word| word.name == entry.key.text);
        let found = entries.iter().filter(is_word).collect::<Vec<_>>();
        // `parallel` is a key of `for-each`, and `if` of every step.
        let belongs = |entry: &Entry| {
            let name = entry.key.text.as_str();
            let others = found.iter().filter(|other| other.key.text != name);
            let mut owners = others.map(|other| construct(&other.key.text));
            if name == "if" {
                owners.next().is_some()
            } else {
                owners.any(|o| o.key(name).is_some())
            }
        };
        let words = found.iter().copied().filter(|entry| !belongs(entry)).collect::<Vec<_>>();
        match words[..] {
            [word] => Some(word),
            [] => {
                self.no_word(node, entries);
                None
            }
            [first, second, ..] => {
                let (one, two) = (&first.key.text, &second.key.text);
                let message = format!("the step has `{two}` besides `{one}`");
                let hint = "a step does one thing: begin another one with a dash of its own";
                let code = "flow/several-words";
                let problem = Diagnostic::error(code, &self.source, second.key.span, message, hint);
                self.problems.push(problem.relating(first.key.span, "the step does this"));
                None
            }
        }
    }

    fn no_word(&mut self, node: &Node, entries: &[Entry]) {
        if !node.whole {
            return;
        }
        let words = grammar::words().map(|word| word.name).collect::<Vec<_>>();
        let unknown =
            entries.iter().filter(|entry| construct("step").key(&entry.key.text).is_none());
        let mut guesses = unknown
            .clone()
            .filter_map(|entry| Some((entry, closest(&entry.key.text, words.iter().copied())?)));
        let list = words.join(", ");
        if let Some((entry, meant)) = guesses.next() {
            let message = format!("{} says nothing that a step can do", shown(&entry.key.text));
            let hint = format!("did you mean `{meant}`? use one of {list}");
            let problem =
                Diagnostic::error("flow/no-word", &self.source, entry.key.span, message, hint);
            self.problems.push(problem.mended(entry.key.span, meant));
            return;
        }
        let hint = format!("a step has one of {list}");
        let mut unknown = unknown;
        if let Some(entry) = unknown.next() {
            let message = format!("{} says nothing that a step can do", shown(&entry.key.text));
            return self.report("flow/no-word", entry.key.span, message, hint);
        }
        let at = entries.first().map_or(node.span, |entry| entry.key.span);
        self.report("flow/no-word", at, "the step does not say what it does", hint);
    }

    fn kind_of(&mut self, word: &Construct, fields: &Fields<'_>) -> Kind {
        let kind = match word.name {
            "uses" => self.uses(fields),
            "call" => self.call(fields),
            "set" => self.set(fields),
            "wait" => self.wait(fields),
            "break" => self.nothing_behind("break", fields).then_some(Kind::Break),
            "continue" => self.nothing_behind("continue", fields).then_some(Kind::Continue),
            "return" => self.returned(fields),
            "fail" => self.failed(fields),
            "if" => return self.choice(fields),
            "switch" => return self.switch(fields),
            "for-each" => return self.for_each(fields),
            "loop" => return self.looped(fields),
            "parallel" => self.branches(fields),
            "process" => return self.process(fields),
            "group" => self.group(fields),
            _ => None,
        };
        kind.unwrap_or(Kind::Unread(Vec::new()))
    }

    fn duplicates(&mut self, steps: &[Step]) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for id in steps.iter().filter_map(|step| step.id.as_ref()) {
            let Some(first) = seen.get(id.value.as_str()) else {
                seen.insert(&id.value, id.span);
                continue;
            };
            let message = format!("another step of this block has the id `{}`", id.value);
            let hint = "take another id: the journal and breakpoints go by it";
            let problem =
                Diagnostic::error("flow/duplicate-id", &self.source, id.span, message, hint);
            self.problems.push(problem.relating(*first, "first used here"));
        }
    }
}

fn step_of(kind: Kind, node: &Node, head: Span) -> Step {
    Step {
        label: String::new(),
        id: None,
        name: None,
        condition: None,
        timeout: None,
        retry: None,
        handlers: Vec::new(),
        masked: false,
        kind,
        span: node.span,
        head,
    }
}

/// The word, and what follows it on the line.
fn head_of(entry: &Entry) -> Span {
    let value = &entry.value;
    let beside = value
        .as_scalar()
        .is_some_and(|scalar| !scalar.text.contains('\n') && value.span.start > entry.key.span.end);
    if beside { entry.key.span.to(value.span) } else { entry.key.span }
}

fn word_label(word: &Construct, kind: &Kind) -> String {
    match kind {
        // A path of the journal is cut at `/`.
        Kind::Uses { action: Spanned { value, .. }, .. } => value.replace('/', "."),
        _ => word.name.to_owned(),
    }
}

/// Gives each step the name it has in its block.
fn label(steps: &mut [Step]) {
    let mut taken: HashSet<String> =
        steps.iter().filter_map(|step| Some(step.id.as_ref()?.value.clone())).collect();
    let mut next: HashMap<String, usize> = HashMap::new();
    for step in steps {
        if let Some(id) = &step.id {
            step.label.clone_from(&id.value);
            continue;
        }
        let base = std::mem::take(&mut step.label);
        if taken.insert(base.clone()) {
            step.label = base;
            continue;
        }
        // An id cannot hold `#`, so the numbered label is free.
        let number = next.get(&base).copied().unwrap_or(2);
        step.label = format!("{base}#{number}");
        next.insert(base, number + 1);
    }
}
