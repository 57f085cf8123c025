//! Every error of every crate, folded into message, code, hint and exit code, and rendered once.

use std::io;
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use engine::{Failure, Kind, grant};
use flow::expr::Diagnostic;
use model::json;

use crate::exit_code::ExitCode;
use crate::output::json::{Object, list, quoted};
use crate::toolchain;
use crate::view::count;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Model(#[from] model::Error),
    #[error(transparent)]
    Rows(#[from] rows::Error),
    #[error(transparent)]
    Toolchain(#[from] toolchain::Error),
    #[error("{}", pointed_at(.expression, .problems))]
    Expression { expression: String, problems: Vec<Diagnostic> },
    /// No item is left to work on, because a condition could not be asked about some.
    #[error("{message}")]
    Unanswered { code: &'static str, message: String, hint: String },
    #[error("cannot {doing} `{file}`: {}", problem(.source), file = .file.display())]
    File { doing: &'static str, file: PathBuf, source: io::Error },
    #[error("{what} is not UTF-8: the byte at {offset} belongs to no character")]
    NotUtf8 { what: String, offset: usize },
    #[error(
        "the output could not be written: {}{}",
        problem(.source),
        done.as_ref().map(|done| format!("; but {done}")).unwrap_or_default()
    )]
    Output {
        source: io::Error,
        /// What was done before, and stays done.
        done: Option<String>,
    },
    /// The reader of claimed items went away before it had them all.
    #[error(
        "nobody read {} to the end, so that all was given back",
        crate::view::count(*items as u64, "claimed item")
    )]
    Unread { items: usize },
    #[error("{message}")]
    Usage { message: String, hint: String },
    #[error("{message}")]
    Consent { message: String, hint: String },
    #[error("the file has the wrong columns: {problem}")]
    Columns { problem: String, hint: String },
    #[error("the queue `{queue}` has no schema")]
    NoSchema { queue: String },
    #[error("the store has {}", crate::view::count(*.problems as u64, "problem"))]
    Unsound { problems: usize },
    /// The check itself met damage: nothing tells more about it.
    #[error(transparent)]
    Unreadable(model::Error),
    /// Items that a list could not show.
    #[error("{items} items could not be read; the first: {first}")]
    Damaged { items: u64, first: model::Error },
    #[error("interrupted")]
    Interrupted,
    #[error(transparent)]
    Host(#[from] host::Error),
    #[error(transparent)]
    Project(#[from] host::project::Error),
    #[error(transparent)]
    Registry(#[from] host::registry::Error),
    /// A step came to its end, and this is what it says.
    #[error("{}", said(.0))]
    Step(Box<Failure>),
    #[error("{}", first(.errors))]
    Grants { errors: Vec<grant::Error> },
    #[error("not granted: {}", .what.join(", "))]
    NotGranted { what: Vec<String> },
    #[error("`{name}` cannot be the name of a plugin")]
    PluginName { name: String },
    #[error("there is no plugin `{}`, and no such file or folder", crate::args::shown(.word))]
    NoSuchPlugin { word: String, similar: Option<String> },
    #[error("there is no flow `{}`, and no such file", crate::args::shown(.word))]
    NoSuchFlow { word: String, similar: Option<String> },
    #[error("the flow `{}` has {}", crate::args::shown(.flow), count(*.errors as u64, "error"))]
    BrokenFlow { flow: String, errors: usize },
    /// It is sound, and this version does not run such flows.
    #[error("the flow `{}` cannot be run: {problem}", crate::args::shown(.flow))]
    CannotRun { flow: String, problem: &'static str, hint: &'static str },
    #[error("the run {run} cannot go on: {problem}")]
    CannotResume { run: model::Id, problem: String },
    #[error("there are no runs")]
    NoRuns,
    #[error("the folder `{name}` of the project cannot be opened: {source}")]
    Folder { name: String, path: PathBuf, source: engine::files::Error },
}

/// What a step says, as a person may safely see it.
fn said(failure: &Failure) -> String {
    engine::visible(&failure.message)
}

/// What is wrong, one error a line.
fn first(errors: &[grant::Error]) -> String {
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    errors.join("\n")
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: hint.into() }
    }

    pub(crate) fn file(
        doing: &'static str,
        file: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let file = file.into();
        move |source| Self::File { doing, file, source }
    }

    /// The file that would be written is there, and is somebody's.
    pub(crate) fn file_exists(file: impl Into<PathBuf>) -> Self {
        Self::file("write", file)(io::ErrorKind::AlreadyExists.into())
    }

    /// The reader of the output went away: nothing is left to say, and nothing went wrong.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The store cannot be opened, or not be read, because it is damaged.
    pub(crate) fn is_damage(&self) -> bool {
        matches!(self, Self::Model(model::Error::StoreDamaged { .. }))
    }

    /// The error as the check of the store tells it, which has nothing more to say.
    pub(crate) fn checked(self) -> Self {
        match self {
            Self::Model(error @ model::Error::StoreDamaged { .. }) => Self::Unreadable(error),
            other => other,
        }
    }

    /// The stable word scripts match on.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Model(error) | Self::Unreadable(error) => error.code(),
            Self::Rows(error) => error.code(),
            Self::Toolchain(error) => error.code(),
            Self::Expression { problems, .. } => {
                problems.first().map_or("expr/invalid", |it| it.code)
            }
            Self::Unanswered { code, .. } => code,
            Self::File { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                "file/not-found"
            }
            Self::File { source, .. } if source.kind() == io::ErrorKind::AlreadyExists => {
                "file/exists"
            }
            Self::File { .. } => "file/io",
            Self::NotUtf8 { .. } => "file/not-utf8",
            Self::Output { .. } | Self::Unread { .. } => "output/io",
            Self::Usage { .. } => "usage/invalid",
            Self::Consent { .. } => "usage/consent",
            Self::Columns { .. } => "import/wrong-columns",
            Self::NoSchema { .. } => "queue/no-schema",
            Self::Unsound { .. } | Self::Damaged { .. } => "store/damaged",
            Self::Interrupted => "interrupted",
            Self::Host(error) => error.code(),
            Self::Project(error) => error.code(),
            Self::Registry(error) => error.code(),
            Self::Step(failure) => &failure.code,
            Self::Grants { errors } => errors.first().map_or("grant/invalid", grant::Error::code),
            Self::NotGranted { .. } => "grant/not-granted",
            Self::PluginName { .. } => "plugin/bad-name",
            Self::NoSuchPlugin { .. } => "plugin/not-found",
            Self::NoSuchFlow { .. } => "flow/not-found",
            Self::BrokenFlow { .. } => "flow/broken",
            Self::CannotRun { .. } => "flow/cannot-run",
            Self::CannotResume { .. } => "run/needs-rerun",
            Self::NoRuns => "run/not-found",
            Self::Folder { source, .. } => source.code(),
        }
    }

    /// What to do next.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::Model(error) => error.hint(),
            Self::Rows(error) => rows_hint(error).into(),
            Self::Toolchain(error) => error.hint(),
            Self::Expression { problems, .. } => match problems.first() {
                Some(problem) => problem.hint.clone(),
                None => "docs/reference/expressions.md tells what can be asked".into(),
            },
            Self::File { source, .. } => file_hint(source.kind()).into(),
            Self::NotUtf8 { .. } => "make the text UTF-8, as iconv does, and try again".into(),
            Self::Output { done: Some(_), .. } => {
                "do not repeat it; free some space, or write somewhere else".into()
            }
            Self::Output { .. } => "free some space, or write somewhere else".into(),
            Self::Unread { .. } => "claim with --count no more than the reader takes".into(),
            Self::Unanswered { hint, .. }
            | Self::Usage { hint, .. }
            | Self::Consent { hint, .. }
            | Self::Columns { hint, .. } => hint.clone(),
            Self::NoSchema { queue } => {
                format!("`wharf queue edit {} --schema FILE` gives it one", model::word(queue))
            }
            Self::Unsound { .. } | Self::Unreadable(_) => {
                "`wharf db restore` brings a backup back, into another --data DIR".into()
            }
            Self::Damaged { .. } => "`wharf db check` names them all".into(),
            Self::Interrupted => "what was done so far stays done; run it again to go on".into(),
            Self::Host(error) => error.hint(),
            Self::Project(error) => error.hint(),
            Self::Registry(error) => error.hint(),
            Self::Step(failure) => failure_hint(failure),
            Self::Grants { errors } => errors.first().map(grant::Error::hint).unwrap_or_default(),
            Self::NotGranted { .. } => "`wharf plugin inspect` shows what is granted".into(),
            Self::PluginName { .. } => {
                "lowercase letters, digits and `-`, a letter first, such as `finance`".into()
            }
            Self::NoSuchPlugin { similar: Some(similar), .. } => {
                format!("did you mean `{similar}`? `wharf plugin list` shows all")
            }
            Self::NoSuchPlugin { .. } => {
                "`wharf plugin list` shows those that are installed; or give the path of a .wasm \
                 file or of the folder of a plugin"
                    .into()
            }
            Self::NoSuchFlow { similar: Some(similar), .. } => {
                format!("did you mean `{similar}`? or give the path of a file")
            }
            Self::NoSuchFlow { .. } => {
                "flows of a project lie in its folder `flows`; or give the path of a file".into()
            }
            Self::BrokenFlow { .. } => {
                "mend what is told above; `wharf explain CODE` tells more about it".into()
            }
            Self::CannotRun { hint, .. } => (*hint).into(),
            Self::CannotResume { run, .. } => {
                format!("`wharf runs show {run}` tells what it did; run the flow anew")
            }
            Self::NoRuns => "`wharf run FLOW` makes one".into(),
            Self::Folder { path, .. } => {
                format!("make the folder `{}`, or correct its path in wharf.toml", path.display())
            }
        }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Model(error) | Self::Unreadable(error) => model_exit_code(error),
            Self::Toolchain(error) => error.exit_code(),
            Self::Rows(rows::Error::Io(_))
            | Self::File { .. }
            | Self::Output { .. }
            | Self::Unread { .. }
            | Self::Unsound { .. }
            | Self::Damaged { .. }
            | Self::Project(host::project::Error::Io { .. })
            | Self::Registry(host::registry::Error::Io { .. })
            | Self::Folder { .. } => ExitCode::Failed,
            Self::Rows(_)
            | Self::Unanswered { .. }
            | Self::NotUtf8 { .. }
            | Self::Columns { .. }
            | Self::NoSchema { .. }
            | Self::Project(_)
            | Self::Registry(_)
            | Self::NotGranted { .. }
            | Self::NoSuchPlugin { .. }
            | Self::NoSuchFlow { .. }
            | Self::BrokenFlow { .. }
            | Self::CannotRun { .. }
            | Self::CannotResume { .. }
            | Self::NoRuns => ExitCode::Refused,
            Self::Usage { .. }
            | Self::Consent { .. }
            | Self::Expression { .. }
            | Self::Grants { .. }
            | Self::PluginName { .. } => ExitCode::Usage,
            Self::Interrupted => ExitCode::Interrupted,
            Self::Host(error) => host_exit_code(error),
            Self::Step(failure) => match failure.kind {
                // Nobody but Ctrl-C cancels a step here.
                _ if failure.code == "plugin/cancelled" => ExitCode::Interrupted,
                Kind::Business => ExitCode::Business,
                Kind::It | Kind::Generic => ExitCode::Failed,
            },
        }
    }

    /// `error[code]: message`, then `hint: what to do next`.
    pub(crate) fn render(&self, color: bool) -> String {
        let style = |style: Style| if color { style } else { Style::new() };
        let red = style(AnsiColor::Red.on_default().bold());
        let cyan = style(AnsiColor::Cyan.on_default().bold());
        let visible = |text: String| {
            let lines: Vec<String> = text.lines().map(engine::visible).collect();
            lines.join("\n")
        };
        let (code, message, hint) = (self.code(), visible(self.to_string()), visible(self.hint()));
        let more = self.more();
        format!("{red}error[{code}]{red:#}: {message}\n{cyan}hint{cyan:#}: {hint}\n{more}")
    }

    /// What a step says besides: its data, and where it was.
    fn more(&self) -> String {
        let Self::Step(failure) = self else { return String::new() };
        let data = failure.data.as_ref().map(|data| format!("data: {}\n", json::write(data)));
        let trace = failure.trace.iter().map(|frame| format!("  at {}\n", engine::visible(frame)));
        data.into_iter().chain(trace).collect()
    }

    /// The same for programs.
    pub(crate) fn object(&self) -> String {
        let object = Object::new()
            .text("code", self.code())
            .text("message", self)
            .text("hint", self.hint())
            .number("exit_code", self.exit_code() as u8);
        let Self::Step(failure) = self else { return object.finish() };
        object
            .text("kind", failure.kind.name())
            .raw("data", &failure.data.as_ref().map_or("null".into(), |data| json::write(data)))
            .raw("trace", &list(failure.trace.iter().map(|frame| quoted(frame))))
            .finish()
    }
}

/// Nobody finds a place in a longer line.
const POINTED_CHARS_MAX: usize = 400;

/// The first problem of an expression, and the place it means, where that can be shown.
fn pointed_at(expression: &str, problems: &[Diagnostic]) -> String {
    let Some(problem) = problems.first() else { return "the expression cannot be used".into() };
    let chars = |text: Option<&str>| text.map_or(0, |text| text.chars().count());
    let before = chars(expression.get(..problem.span.start));
    let marked = chars(expression.get(problem.span.start..problem.span.end)).max(1);
    if before + marked > POINTED_CHARS_MAX {
        return problem.message.clone();
    }
    let line = crate::output::one_line(expression, POINTED_CHARS_MAX);
    format!("{}\n  {line}\n  {}{}", problem.message, " ".repeat(before), "^".repeat(marked))
}

fn rows_hint(error: &rows::Error) -> &'static str {
    match error {
        rows::Error::Io(error) => file_hint(error.kind()),
        rows::Error::NotUtf8 { .. } => {
            "name its encoding, such as --encoding windows-1252, or save it as UTF-8"
        }
        rows::Error::UnknownEncoding { .. } => "such as utf-8, utf-16le or windows-1252",
        rows::Error::Dialect { .. } => "separate the cells with a character of their own: , ; tab",
        rows::Error::ZeroLimit { .. } => "leave the limit as it is by default",
        rows::Error::EmptyHeader { .. } | rows::Error::DuplicateHeader { .. } => {
            "give every column a name of its own in the first line of the file"
        }
        rows::Error::Header(_) => "the first line of the file has to name the columns",
    }
}

/// What to do about a row that cannot be taken apart.
pub(crate) fn row_hint(kind: &rows::RowErrorKind) -> &'static str {
    use rows::RowErrorKind as K;
    match kind {
        K::UnclosedQuote { .. } => "close the quote, and write a quote within quotes twice: \"\"",
        K::BytesAfterQuote => "quote the whole cell, and write a quote within it twice: \"\"",
        K::TooFewColumns { .. } | K::TooManyColumns { .. } => {
            "give each row as many cells as the header; quote a cell that holds the delimiter"
        }
        K::ColumnsOverLimit { .. } | K::FieldTooLarge { .. } | K::RecordTooLarge { .. } => {
            "make it smaller, or look for a quote that is not closed"
        }
        K::BadEncoding { .. } => "name its encoding, such as --encoding windows-1252",
        K::BadType { .. } => "correct the cell, or keep all cells as text: --types text",
    }
}

/// What is the matter, without the number that the system has for it.
fn problem(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or directory".into(),
        io::ErrorKind::AlreadyExists => "it is already there".into(),
        io::ErrorKind::PermissionDenied => "it is not permitted".into(),
        io::ErrorKind::IsADirectory => "it is a directory".into(),
        io::ErrorKind::NotADirectory => "a part of its path is not a directory".into(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".into(),
        _ => model::plain(error),
    }
}

fn file_hint(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::NotFound => "check the path; it is read from the current directory",
        io::ErrorKind::PermissionDenied => "check the rights on the file and its directory",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space and try again"
        }
        io::ErrorKind::AlreadyExists => "choose another name; nothing is overwritten",
        io::ErrorKind::IsADirectory => "name a file in it",
        io::ErrorKind::NotADirectory => "check the path: only its last part may be a file",
        _ => "check the path, the rights on it and the disk, or choose another file",
    }
}

/// What to do about a step that failed, where it does not say so itself.
fn failure_hint(failure: &Failure) -> String {
    if let Some(hint) = &failure.hint {
        return engine::visible(hint);
    }
    match failure.kind {
        Kind::Business => "the case itself is not in order: correct it, then call the step again",
        Kind::It => "something around the step did not work: mend it, then call the step again",
        Kind::Generic => "the step says no more; its source may tell what it means",
    }
    .into()
}

fn host_exit_code(error: &host::Error) -> ExitCode {
    use host::Fault as F;
    match error {
        host::Error::Fault(
            F::Compiler { .. }
            | F::UnsafeCache { .. }
            | F::CacheIo { .. }
            | F::Sandbox { .. }
            | F::HostPanicked { .. },
        ) => ExitCode::Failed,
        _ => ExitCode::Refused,
    }
}

pub(crate) fn model_exit_code(error: &model::Error) -> ExitCode {
    use model::Error as E;
    match error {
        E::StoreLocked { .. }
        | E::StoreFull { .. }
        | E::StoreIo { .. }
        | E::StoreDamaged { .. }
        | E::ItemDamaged { .. }
        | E::StoreEmpty { .. }
        | E::FileLimit { .. }
        | E::StoreNewer { .. }
        | E::StoreUnsafePlace { .. }
        | E::StoreClosed
        | E::UnknownOutcome
        | E::Protocol { .. }
        | E::LeaseLost { .. }
        | E::RunLost { .. } => ExitCode::Failed,
        E::BadCursor { .. } | E::BadPriority { .. } => ExitCode::Usage,
        E::QueueClosed { .. } => ExitCode::Closed,
        _ => ExitCode::Refused,
    }
}

#[cfg(test)]
mod tests;
