//! A flow as data: what reading makes of its text, and what the engine runs.
//!
//! Nothing here has behaviour. Everything keeps its place in the text, because whatever fails later
//! tells where.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use model::run::FailureKind;
use model::{Priority, Value};

use crate::expr::{Expr, Type};
use crate::source::{Source, Span};

/// A flow.
#[derive(Debug)]
pub struct Flow {
    pub name: Spanned<String>,
    pub description: Option<String>,
    pub inputs: IndexMap<String, Input>,
    pub outputs: IndexMap<String, Template>,
    pub triggers: Vec<Spanned<Trigger>>,
    /// The most steps a run may perform; the limit of the installation where `None`.
    pub steps_max: Option<u64>,
    pub steps: Block,
    /// What is done when a run has failed for good; `error` is in scope.
    pub on_failure: Option<Block>,
    pub source: Arc<Source>,
}

/// Something with its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

/// What a flow is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    pub takes: Type,
    /// A file beside the flow whose JSON tells more of its type.
    pub sample: Option<Spanned<String>>,
    /// What stands in for it. Without one it must be given, unless its type is optional.
    pub default: Option<Value>,
    pub description: Option<String>,
    /// Kept as a secret: encrypted in the journal, masked where it is shown.
    pub sensitive: bool,
    pub span: Span,
}

/// Steps that are performed one after the other, with a scope of their own.
#[derive(Debug)]
pub struct Block {
    pub steps: Vec<Step>,
    pub span: Span,
}

/// One step, with what is said about any step.
#[derive(Debug)]
pub struct Step {
    /// Names the step in its block: its id, or its kind with a number where it has none. The
    /// journal and breakpoints go by it.
    pub label: String,
    pub id: Option<Spanned<String>>,
    /// What people read instead of the label.
    pub name: Option<String>,
    pub condition: Option<Code>,
    pub timeout: Option<Duration>,
    pub retry: Option<Retry>,
    pub handlers: Vec<Handler>,
    /// What goes in and what comes out are kept as secrets.
    pub masked: bool,
    pub kind: Kind,
    /// The whole step.
    pub span: Span,
    /// Its word, such as `uses`, and what follows it on the line: what is pointed at.
    pub head: Span,
}

/// What a step does.
#[derive(Debug)]
pub enum Kind {
    Uses {
        action: Spanned<String>,
        with: IndexMap<String, Template>,
    },
    Call {
        flow: Spanned<String>,
        with: IndexMap<String, Template>,
    },
    If {
        branches: Vec<(Code, Block)>,
        otherwise: Option<Block>,
    },
    Switch {
        on: Template,
        cases: Vec<Case>,
        default: Option<Block>,
    },
    ForEach(ForEach),
    Loop {
        until: Until,
        index: Option<Spanned<String>>,
        steps: Block,
    },
    Parallel {
        branches: IndexMap<String, Block>,
    },
    Process(Process),
    Group {
        atomic: bool,
        steps: Block,
    },
    Set(IndexMap<String, Template>),
    Wait(Wait),
    Break,
    Continue,
    Return {
        outputs: IndexMap<String, Template>,
    },
    Fail {
        kind: FailureKind,
        code: Option<Spanned<String>>,
        message: Template,
    },
    /// What could not be read, with the blocks in it that could. The problem has been told; a flow
    /// with one is never run.
    Unread(Vec<Block>),
}

#[derive(Debug)]
pub struct Case {
    /// The case applies if the value equals one of these.
    pub is: Vec<Template>,
    pub steps: Block,
}

#[derive(Debug)]
pub struct ForEach {
    pub over: Code,
    /// The name of the item in hand.
    pub item: Spanned<String>,
    /// The name of its number, counted from 0.
    pub index: Option<Spanned<String>>,
    /// How many iterations may run at once.
    pub parallel: Option<NonZeroU32>,
    /// What each iteration gives; the step's output is the list of them, in the order of the items.
    pub collect: Option<Template>,
    pub steps: Block,
}

/// How long a loop goes on.
#[derive(Debug)]
pub enum Until {
    /// Asked before each iteration.
    While(Code),
    /// Asked after each iteration.
    Until(Code),
    Times(Template),
}

/// Claims items of a queue until there are none.
#[derive(Debug)]
pub struct Process {
    pub queue: Template,
    /// How often an IT exception is tried again; what the queue says where `None`.
    pub retries: Option<u32>,
    pub retry_delay: Option<Duration>,
    /// The most items that are claimed; all there are where `None`.
    pub limit: Option<Template>,
    pub steps: Block,
}

#[derive(Debug)]
pub enum Wait {
    For(Template),
    Until(Template),
    /// Until somebody asks the run to stop: the step gives whether somebody did.
    StopRequested,
}

/// How a step is tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How often it is tried in all.
    pub attempts: NonZeroU32,
    pub delay: Duration,
    pub backoff: Backoff,
    pub delay_max: Duration,
    /// The part of a delay that is random, in percent.
    pub jitter: u8,
    /// What it is tried again for.
    pub on: Vec<Spanned<Caught>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backoff {
    /// All delays are the same.
    Fixed,
    /// Each delay is twice the one before.
    Exponential,
}

/// Which errors a handler or a retry is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Caught {
    All,
    Kind(FailureKind),
    /// A code such as `finance/duplicate`, or with a star at its end, `finance/*`.
    Code(String),
}

/// What is done about an error of a step.
#[derive(Debug)]
pub struct Handler {
    pub on: Vec<Spanned<Caught>>,
    pub steps: Option<Block>,
    pub then: Then,
    pub span: Span,
}

/// How it goes on after a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// With the next step; this one gives nothing.
    Continue,
    /// With this step again.
    Retry,
    /// With the error.
    Fail,
    /// With the end of the flow, which succeeds.
    Return,
    /// With the next row; this one is written to the rejects.
    Reject,
}

/// What starts runs of a flow.
#[derive(Debug)]
pub enum Trigger {
    Queue(QueueTrigger),
    File(FileTrigger),
}

#[derive(Debug)]
pub struct QueueTrigger {
    pub name: String,
    pub workers: NonZeroU32,
    pub retries: Option<u32>,
    pub retry_delay: Option<Duration>,
}

#[derive(Debug)]
pub struct FileTrigger {
    pub folder: String,
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub settle: Duration,
    pub streaming: bool,
    /// How many bad rows a file may have before it is rejected as a whole.
    pub bad_rows_max: u64,
    pub priority: Option<Priority>,
}

/// A value, or how to make one.
#[derive(Debug)]
pub struct Template {
    pub form: Form,
    pub span: Span,
}

#[derive(Debug)]
pub enum Form {
    /// A word whose type nobody has asked for yet. Checking turns it into a literal.
    Plain(String),
    Literal(Value),
    /// `${{ … }}` and nothing else: the value as it is.
    Code(Code),
    /// Text with `${{ … }}` in it.
    Text(Vec<Part>),
    List(Vec<Template>),
    Object(IndexMap<String, Template>),
    /// What could not be read. The problem has been told; a flow with one is never run.
    Unread,
}

#[derive(Debug)]
pub enum Part {
    Text(String),
    Code(Code),
}

/// An expression and where it stands.
#[derive(Debug)]
pub struct Code {
    pub expr: Expr,
    /// Of the expression itself, without what is around it.
    pub span: Span,
    /// Where its bytes stand in the file.
    pub origins: Origins,
}

/// Where the bytes of a scalar stand in the file: in one piece, unless YAML escaped or folded it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(pub Vec<(usize, usize)>);

impl Origins {
    /// The place in the file of a byte of the text. Each entry says where a piece begins in the
    /// text and in the file.
    pub fn locate(&self, offset: usize) -> usize {
        let piece = self.0.iter().rev().find(|(text, _)| *text <= offset);
        piece.map_or(offset, |(text, file)| file + (offset - text))
    }

    /// Behind a byte of the text. What is written for it may be shorter than it is itself.
    fn end_of(&self, offset: usize) -> usize {
        let next = self.0.iter().find(|(text, _)| *text > offset);
        let end = self.locate(offset) + 1;
        next.map_or(end, |(_, file)| end.min(*file))
    }

    pub fn span(&self, span: Span) -> Span {
        let start = self.locate(span.start);
        // The end is the byte after the last one, which may lie in another piece than what follows.
        let end = if span.end > span.start { self.end_of(span.end - 1) } else { start };
        Span { start, end }
    }
}
