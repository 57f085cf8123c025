//! Steps, one kind after the other.

use indexmap::IndexMap;

use crate::expr::Type;
use crate::program::{
    Block, Case, Code, ForEach, Kind, Process, Spanned, Step, Template, Then, Until, Wait,
};
use crate::source::Span;

use super::Checker;
use super::arguments::literal_text;
use super::expression::Known;
use super::roots::{self, RESERVED};
use super::scope::Of;
use super::unreachable::Ends;

/// What a step is within, as far as it matters to what it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    Loop {
        parallel: bool,
        stream: bool,
    },
    /// A branch of `parallel`.
    Branch,
    Atomic,
}

impl Checker<'_> {
    /// Steps with a scope of their own.
    pub(super) fn block(&mut self, block: &mut Block) {
        let mark = self.scope.enter();
        self.steps(block);
        self.leave(mark);
    }

    pub(super) fn steps(&mut self, block: &mut Block) {
        let in_loop = self.around.iter().any(|it| matches!(it, Around::Loop { .. }));
        let behind = Ends { in_loop }.behind(block);
        if let Some(step) = behind.map(|index| &block.steps[index]) {
            let message = "this step is never reached";
            let hint = "take it away, or put it before the step that ends the block";
            self.warn("flow/unreachable", step.head, message, hint);
        }
        for step in &mut block.steps {
            self.step(step);
        }
    }

    fn step(&mut self, step: &mut Step) {
        self.outline.push(step.label.clone());
        let number = self.outline.begin(step.span);
        if let Some(condition) = &step.condition {
            self.condition(condition);
        }
        let gives = self.kind(&mut step.kind, step.head, step.condition.is_some());
        self.outline.pop();
        self.handlers(step);
        let skipped = step.condition.is_some()
            || step.handlers.iter().any(|handler| handler.then == Then::Continue);
        let gives = gives.map(|it| {
            let known = if skipped { it.known.optional() } else { it.known };
            Known { known, ..it }
        });
        self.outline.steps[number].output = gives.as_ref().map(|it| it.known.clone());
        if let Some(id) = &step.id {
            let (empty, gives) = (gives.is_none(), gives.unwrap_or_else(Known::broken));
            self.declare(&id.value, Of::Id, id.span, gives);
            if let Some(name) = self.scope.get_mut(&id.value).filter(|name| name.span == id.span) {
                name.empty = empty;
            }
        }
    }

    fn kind(&mut self, kind: &mut Kind, head: Span, conditional: bool) -> Option<Known> {
        match kind {
            Kind::Uses { action, with } => return self.action(action, with),
            Kind::Call { flow, with } => return Some(self.call(flow, with)),
            Kind::If { branches, otherwise } => self.choice(branches, otherwise.as_mut()),
            Kind::Switch { on, cases, default } => self.switch(on, cases, default.as_mut()),
            Kind::ForEach(each) => return self.for_each(each),
            Kind::Loop { until, index, steps } => self.repeat(until, index.as_ref(), steps),
            Kind::Parallel { branches } => self.branches(branches),
            Kind::Process(process) => return Some(self.process(process, head)),
            Kind::Group { atomic, steps } => {
                let within = if *atomic { Some(Around::Atomic) } else { None };
                self.within(within, |it| it.block(steps));
            }
            Kind::Set(values) => self.set(values, conditional),
            Kind::Wait(wait) => return self.wait(wait, head),
            Kind::Break => self.leaves_loop("break", head),
            Kind::Continue => self.leaves_loop("continue", head),
            Kind::Return { outputs } => self.returning(outputs),
            Kind::Fail { message, .. } => drop(self.template(message, &Type::Text, "`message`")),
            Kind::Unread(blocks) => return Some(self.unread(blocks)),
        }
        None
    }

    /// Steps whose surroundings could not be read: what they use is used, and nothing is told.
    fn unread(&mut self, blocks: &mut [Block]) -> Known {
        let (found, vague) = (self.found.len(), self.vague.len());
        for block in blocks {
            self.block(block);
        }
        self.found.truncate(found);
        self.vague.truncate(vague);
        Known::broken()
    }

    pub(super) fn within(&mut self, around: Option<Around>, check: impl FnOnce(&mut Self)) {
        self.around.extend(around);
        check(self);
        if around.is_some() {
            self.around.pop();
        }
    }

    fn at(&mut self, segment: &str, check: impl FnOnce(&mut Self)) {
        self.outline.push(segment);
        check(self);
        self.outline.pop();
    }

    fn condition(&mut self, code: &Code) {
        self.code(code, &Type::Bool, "the condition");
    }

    fn choice(&mut self, branches: &mut [(Code, Block)], otherwise: Option<&mut Block>) {
        for (index, (condition, block)) in branches.iter_mut().enumerate() {
            self.condition(condition);
            let segment = if index == 0 { "then".to_owned() } else { format!("else-if#{index}") };
            self.at(&segment, |it| it.block(block));
        }
        if let Some(block) = otherwise {
            self.at("else", |it| it.block(block));
        }
    }

    fn switch(&mut self, on: &mut Template, cases: &mut [Case], default: Option<&mut Block>) {
        let known = self.template(on, &Type::Unknown, "`switch`");
        let wanted = if known.broken { Type::Unknown } else { known.known };
        for (index, case) in cases.iter_mut().enumerate() {
            for value in &mut case.is {
                self.template(value, &wanted, "`is`");
            }
            self.at(&format!("case#{}", index + 1), |it| it.block(&mut case.steps));
        }
        if let Some(block) = default {
            self.at("default", |it| it.block(block));
        }
    }

    /// The item of a loop over something, and whether that is a stream.
    fn items(&mut self, over: &Code) -> (Known, bool) {
        let known = self.expression(over, &Type::Unknown);
        if known.broken {
            return (Known::broken(), true);
        }
        match known.known {
            Type::List(item) => (Known::of(*item), false),
            Type::Stream(row) => (Known::of(*row), true),
            Type::Unknown => (Known::of(Type::Unknown), false),
            other => {
                let message = format!("`for-each`: expected a list or a stream, found {other}");
                let hint = match other {
                    Type::Object(_) | Type::Map(_) => {
                        "`values(…)` gives the values of an object as a list, `keys(…)` its names"
                    }
                    Type::Optional(_) => "give a default for null: `${{ … ?? [] }}`",
                    Type::Number => "`loop: { times: … }` counts",
                    _ => "give a list such as `${{ invoice.lines }}`",
                };
                self.error("flow/type", over.span, message, hint);
                (Known::broken(), true)
            }
        }
    }

    fn for_each(&mut self, each: &mut ForEach) -> Option<Known> {
        let (item, stream) = self.items(&each.over);
        let parallel = each.parallel.is_some();
        let mut collected = None;
        let ForEach { item: name, index, collect, steps, .. } = each;
        let body = |it: &mut Self| {
            let mark = it.scope.enter();
            it.declare(&name.value, Of::Loop, name.span, item);
            it.index(index.as_ref());
            it.steps(steps);
            if let Some(collect) = collect {
                collected = Some(it.template(collect, &Type::Unknown, "`collect`"));
            }
            it.leave(mark);
        };
        self.within(Some(Around::Loop { parallel, stream }), |it| {
            if parallel { it.beside(body) } else { body(it) }
        });
        collected.map(|it| Known { known: Type::list(it.known.widened()), broken: it.broken })
    }

    fn index(&mut self, index: Option<&Spanned<String>>) {
        if let Some(index) = index {
            self.declare(&index.value, Of::Loop, index.span, Known::of(Type::Number));
        }
    }

    fn repeat(&mut self, until: &mut Until, index: Option<&Spanned<String>>, steps: &mut Block) {
        match until {
            Until::While(condition) => self.condition(condition),
            Until::Times(times) => drop(self.template(times, &Type::Number, "`times`")),
            Until::Until(_) => {}
        }
        self.within(Some(Around::Loop { parallel: false, stream: false }), |it| {
            let mark = it.scope.enter();
            it.index(index);
            it.steps(steps);
            // It is asked after each iteration, and sees what that gave.
            if let Until::Until(condition) = until {
                it.condition(condition);
            }
            it.leave(mark);
        });
    }

    fn branches(&mut self, branches: &mut IndexMap<String, Block>) {
        for (name, block) in branches {
            self.at(name, |it| {
                it.within(Some(Around::Branch), |it| it.beside(|it| it.block(block)));
            });
        }
    }

    fn process(&mut self, process: &mut Process, head: Span) -> Known {
        self.not_atomic(head, "`process`");
        self.effect = self.effect.max(crate::signature::Effect::Store);
        self.template(&mut process.queue, &Type::Text, "`process`");
        if let Some(queue) = literal_text(&process.queue) {
            self.usage.takes(queue, process.queue.span);
        }
        if let Some(limit) = &mut process.limit {
            self.template(limit, &Type::Number, "`limit`");
        }
        let steps = &mut process.steps;
        self.within(Some(Around::Loop { parallel: false, stream: false }), |it| {
            it.with_root("item", &roots::item(), |it| it.block(steps));
        });
        let count = || Type::Number;
        Known::of(Type::object([("claimed", count()), ("processed", count()), ("failed", count())]))
    }

    fn set(&mut self, values: &mut IndexMap<String, Template>, conditional: bool) {
        for (name, template) in values {
            let span = self.key(name, template.span);
            let what = format!("`{name}`");
            let declared = self.scope.get(name).is_some_and(|it| it.of == Of::Set);
            if declared {
                let wanted = self.scope.known(name).cloned().unwrap_or_default();
                if self.scope.is_outside(name) {
                    let message = format!("`{name}` would be set from several places at once");
                    let hint = "let each iteration give its own: `collect:` makes a list of them";
                    self.error("flow/parallel-set", span, message, hint);
                }
                let known = self.template(template, &wanted, &what);
                // Whatever a name began with that told nothing, it is what it is given now.
                if wanted == Type::Unknown && known.broken {
                    self.scope.get_mut(name).expect("it is declared").broken = true;
                }
                continue;
            }
            let known = self.template(template, &Type::Unknown, &what);
            let widened = match known.known.widened() {
                Type::Null => Type::Unknown,
                known if conditional => known.optional(),
                known => known,
            };
            self.declare(name, Of::Set, span, Known { known: widened, ..known });
        }
    }

    fn wait(&mut self, wait: &mut Wait, head: Span) -> Option<Known> {
        self.not_atomic(head, "`wait`");
        match wait {
            Wait::For(span) => self.template(span, &Type::Duration, "`wait`"),
            Wait::Until(moment) => self.template(moment, &Type::Datetime, "`wait`"),
            Wait::StopRequested => return Some(Known::of(Type::Bool)),
        };
        None
    }

    fn returning(&mut self, outputs: &mut IndexMap<String, Template>) {
        for (name, template) in outputs {
            let known = self.template(template, &Type::Unknown, &format!("`{name}`"));
            if !self.outputs.contains(name) {
                let span = self.key(name, template.span);
                let message = format!("the flow has no output `{name}`");
                let own = self.outputs.iter().map(String::as_str);
                let hint = match model::similar::closest(name, own) {
                    Some(close) => format!("did you mean `{close}`?"),
                    None => "say what it gives under `outputs:`".to_owned(),
                };
                self.error("flow/unknown-output", span, message, hint);
            } else if !known.broken {
                self.returned.push((name.clone(), known.known, template.span));
            }
        }
    }

    /// Declares a name, unless it is taken.
    fn declare(&mut self, name: &str, of: Of, span: Span, known: Known) {
        if RESERVED.contains(&name) {
            let message = format!("`{name}` is the name of something else");
            let hint = format!("names that are taken: {}", RESERVED.join(", "));
            self.error("flow/name-taken", span, message, hint);
            return;
        }
        if let Some(there) = self.scope.get(name).map(|it| it.span) {
            let message = format!("there is a `{name}` already");
            let hint = "choose another name: one that hides another is easily misread";
            let related = (self.place(there), "here".to_owned());
            self.error("flow/name-taken", span, message, hint).related.push(related);
            return;
        }
        self.outline.name(name, &known.known, span);
        self.scope.declare(name, of, span, known.known).broken = known.broken;
    }
}
