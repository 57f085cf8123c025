//! Every error of every crate, folded into message, code, hint and exit code, and rendered once.

use std::io;
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use flow::expr::Diagnostic;
use model::status::{self, Move, Status};

use crate::exit_code::ExitCode;
use crate::toolchain;

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
    Unanswered { code: &'static str, message: String, hint: Option<String> },
    #[error("cannot {doing} `{file}`: {source}", file = .file.display())]
    File { doing: &'static str, file: PathBuf, source: io::Error },
    #[error("{what} is not UTF-8: the byte at {offset} belongs to no character")]
    NotUtf8 { what: String, offset: usize },
    #[error("the output could not be written: {source}")]
    Output { source: io::Error },
    #[error("{message}")]
    Usage { message: String, hint: String },
    #[error("{message}")]
    Consent { message: String, hint: String },
    #[error("the file has the wrong columns: {problem}")]
    Columns { problem: String, hint: String },
    #[error("the queue `{queue}` has no schema")]
    NoSchema { queue: String },
    #[error("interrupted")]
    Interrupted,
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
        let there = io::Error::new(io::ErrorKind::AlreadyExists, "it is already there");
        Self::file("write", file)(there)
    }

    /// The reader of the output went away: nothing is left to say, and nothing went wrong.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output { source } if source.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The stable word scripts match on.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Model(error) => error.code(),
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
            Self::Output { .. } => "output/io",
            Self::Usage { .. } => "usage/invalid",
            Self::Consent { .. } => "usage/consent",
            Self::Columns { .. } => "import/wrong-columns",
            Self::NoSchema { .. } => "queue/no-schema",
            Self::Interrupted => "interrupted",
        }
    }

    /// What to do next.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Model(error) => model_hint(error),
            Self::Rows(error) => rows_hint(error),
            Self::Toolchain(error) => Some(error.hint()),
            Self::Expression { problems, .. } => problems.first().and_then(|it| it.hint.clone()),
            Self::Unanswered { hint, .. } => hint.clone(),
            Self::File { source, .. } => file_hint(source.kind()),
            Self::NotUtf8 { .. } => Some("save the file as UTF-8 and try again".into()),
            Self::Output { .. } => Some("free some space, or write somewhere else".into()),
            Self::Usage { hint, .. } | Self::Consent { hint, .. } | Self::Columns { hint, .. } => {
                Some(hint.clone())
            }
            Self::NoSchema { queue } => {
                Some(format!("`wharf queue edit {queue} --schema FILE` gives it one"))
            }
            Self::Interrupted => None,
        }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Model(error) => model_exit_code(error),
            Self::Toolchain(error) => error.exit_code(),
            Self::Rows(rows::Error::Io(_)) | Self::File { .. } | Self::Output { .. } => {
                ExitCode::Failed
            }
            Self::Rows(_)
            | Self::Unanswered { .. }
            | Self::NotUtf8 { .. }
            | Self::Columns { .. }
            | Self::NoSchema { .. } => ExitCode::Refused,
            Self::Usage { .. } | Self::Consent { .. } | Self::Expression { .. } => ExitCode::Usage,
            Self::Interrupted => ExitCode::Interrupted,
        }
    }

    /// `error[code]: message`, then `hint: what to do next`.
    pub(crate) fn render(&self, color: bool) -> String {
        let style = |style: Style| if color { style } else { Style::new() };
        let red = style(AnsiColor::Red.on_default().bold());
        let cyan = style(AnsiColor::Cyan.on_default().bold());
        let hint = self.hint().map(|hint| format!("{cyan}hint{cyan:#}: {hint}\n"));
        let hint = hint.unwrap_or_default();
        format!("{red}error[{}]{red:#}: {self}\n{hint}", self.code())
    }
}

/// The first problem of an expression, and the place it means.
fn pointed_at(expression: &str, problems: &[Diagnostic]) -> String {
    let Some(problem) = problems.first() else { return "the expression cannot be used".into() };
    let chars = |text: Option<&str>| text.map_or(0, |text| text.chars().count());
    let before = chars(expression.get(..problem.span.start));
    let marked = chars(expression.get(problem.span.start..problem.span.end)).max(1);
    let line = expression.replace(char::is_control, " ");
    format!("{}\n  {line}\n  {}{}", problem.message, " ".repeat(before), "^".repeat(marked))
}

/// The hints of the model speak of the vocabulary; some errors need one about the command line.
pub(crate) fn model_hint(error: &model::Error) -> Option<String> {
    use model::Error as E;
    match error {
        E::NotAllowed { from, .. } => return Some(verbs(*from)),
        E::Held { .. } => {
            let hint = "`wharf item hold` and then `release` take it from its worker; \
                        `requeue --token` gives it back; a queue may allow edits while processing";
            return Some(hint.into());
        }
        _ => {}
    }
    error.hint().or_else(|| {
        Some(match error {
            E::InvalidJson { problem, .. } if problem.starts_with("the text is empty") => {
                "give a value, if only null".into()
            }
            E::InvalidJson { line: 1, column: 1, .. } => {
                "a text needs double quotes: --value '\"like this\"'".into()
            }
            E::InvalidJson { .. } => {
                "a value is one piece of JSON; correct it at that place".into()
            }
            E::BadCursor { .. } => "pass the cursor that the page before printed, unchanged".into(),
            E::StoreIo { .. } => "look at the disk and at the rights on the data directory".into(),
            E::StoreClosed | E::Protocol { .. } => "run the command again".into(),
            E::Blank { what } => format!("give a {what}"),
            _ => return None,
        })
    })
}

/// The verbs that take an item of this status by its id. A claim takes whatever is next, and
/// `requeue --token` is how an item is given back.
fn verbs(from: Status) -> String {
    let moves = status::allowed(from).into_iter();
    let verbs = moves.filter(|by| !matches!(by, Move::Claim | Move::GiveBack)).map(Move::name);
    let verbs: Vec<&str> = verbs.collect();
    if verbs.is_empty() {
        return format!("from {from} only its batch leads on");
    }
    let back = if from == Status::Processing { "; `requeue --token` gives it back" } else { "" };
    format!("from {from} you can: {}{back}", verbs.join(", "))
}

fn rows_hint(error: &rows::Error) -> Option<String> {
    let hint = match error {
        rows::Error::NotUtf8 { .. } => {
            "name its encoding, such as --encoding windows-1252, or save it as UTF-8"
        }
        rows::Error::UnknownEncoding { .. } => "such as utf-8, utf-16le or windows-1252",
        rows::Error::EmptyHeader { .. } | rows::Error::DuplicateHeader { .. } => {
            "give every column a name of its own in the first line of the file"
        }
        rows::Error::Header(_) => "the first line of the file has to name the columns",
        _ => return None,
    };
    Some(hint.into())
}

fn file_hint(kind: io::ErrorKind) -> Option<String> {
    let hint = match kind {
        io::ErrorKind::NotFound => "check the path; it is read from the current directory",
        io::ErrorKind::PermissionDenied => "check the rights on the file",
        io::ErrorKind::StorageFull => "free some space and try again",
        io::ErrorKind::AlreadyExists => "choose another name; nothing is overwritten",
        _ => return None,
    };
    Some(hint.into())
}

pub(crate) fn model_exit_code(error: &model::Error) -> ExitCode {
    use model::Error as E;
    match error {
        E::StoreLocked { .. }
        | E::StoreFull { .. }
        | E::StoreIo { .. }
        | E::StoreDamaged { .. }
        | E::StoreNewer { .. }
        | E::StoreUnsafePlace { .. }
        | E::StoreClosed
        | E::UnknownOutcome
        | E::Protocol { .. }
        | E::LeaseLost { .. } => ExitCode::Failed,
        E::BadCursor { .. } | E::BadPriority { .. } => ExitCode::Usage,
        E::QueueClosed { .. } => ExitCode::Closed,
        _ => ExitCode::Refused,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn renders_message_code_and_hint() {
        let error = Error::Model(model::Error::QueueNotFound { queue: "x".into(), similar: None });
        expect![[r"
            error[queue/not-found]: there is no queue `x`
            hint: `wharf queue list` shows all; `wharf queue create x` makes it
        "]]
        .assert_eq(&error.render(false));
        assert_eq!(error.exit_code(), ExitCode::Refused);
        assert!(error.render(true).starts_with("\u{1b}[1m\u{1b}[31merror"));
    }

    #[test]
    fn exit_codes_follow_the_kind() {
        let closed = |state| model::Error::QueueClosed { queue: "q".into(), state };
        for (error, code) in [
            (model::Error::UnknownOutcome, ExitCode::Failed),
            (model::Error::StoreFull { detail: String::new() }, ExitCode::Failed),
            (model::Error::BadCursor { cursor: "x".into() }, ExitCode::Usage),
            (closed(model::QueueState::Paused), ExitCode::Closed),
            (closed(model::QueueState::Stopped), ExitCode::Closed),
            (model::Error::HoldInBatch, ExitCode::Refused),
        ] {
            assert_eq!(model_exit_code(&error), code, "{error}");
        }
    }
}
