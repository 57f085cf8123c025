//! Every error of the command: one sample of each, on the page and with a hint.

use std::fmt::Write as _;
use std::io::ErrorKind as Kind;

use engine::grant::{Grants, Table};
use expect_test::{expect, expect_file};
use host::{project, registry};
use model::Value;
use rows::RowErrorKind as Reason;

use super::*;
use crate::toolchain::Error as Tool;
use crate::toolchain::flags::traps;

#[test]
fn renders_message_code_and_hint() {
    let error = Error::Model(model::Error::QueueNotFound { queue: "x".into(), similar: None });
    expect![[r"
        error[queue/not-found]: there is no queue `x`
        hint: `wharf queue list` shows all; `wharf queue create x` makes it
    "]]
    .assert_eq(&error.render(false));
    let error = Error::Interrupted;
    expect![[r#"
        {"code":"interrupted",
        "message":"interrupted",
        "hint":"what was done so far stays done; run it again to go on",
        "exit_code":130}"#]]
    .assert_eq(&error.object().replace(",\"", ",\n\""));
    let error = Error::Model(model::Error::HoldInBatch);
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

/// Samples beside the pattern of their variant: a variant without a line does not compile.
macro_rules! samples {
    ($name:ident: $type:ty { $($pattern:pat => [$($sample:expr),+ $(,)?])+ }) => {
        fn $name() -> Vec<$type> {
            // The patterns are all there are.
            let _all = |error: &$type| match error { $($pattern => (),)+ };
            let mut all: Vec<$type> = Vec::new();
            $(for sample in [$($sample),+] {
                assert!(matches!(sample, $pattern), "a sample stands at another variant");
                all.push(sample);
            })+
            all
        }
    };
}

fn file(kind: Kind) -> Error {
    Error::file("open", "FILE")(kind.into())
}

const ALLOWED: &str = "WHAT IS ALLOWED";

samples! { own_errors: Error {
    // The page of the model shows its own.
    Error::Model(_) => [model::Error::StoreClosed.into()]
    Error::Rows(_) => [rows::Error::Io(Kind::PermissionDenied.into()).into()]
    Error::Toolchain(_) => [toolchain::Error::NoPlugins.into()]
    Error::Expression { .. } => [expression("value.amount >", Value::Null)]
    Error::Unanswered { .. } => [Error::Unanswered {
        code: "expr/missing-field",
        message: "the condition cannot be asked about 3 items; REASON".into(),
        hint: "AS THE REASON HAS".into(),
    }]
    Error::File { .. } => [
        file(Kind::NotFound),
        file(Kind::AlreadyExists),
        file(Kind::PermissionDenied),
        file(Kind::IsADirectory),
        file(Kind::NotADirectory),
        file(Kind::StorageFull),
        file(Kind::ReadOnlyFilesystem),
        file(Kind::TimedOut),
    ]
    Error::NotUtf8 { .. } => [Error::NotUtf8 { what: "`FILE`".into(), offset: 2 }]
    Error::Output { .. } => [
        Error::Output { source: Kind::StorageFull.into(), done: None },
        Error::Output {
            source: Kind::StorageFull.into(),
            done: Some("the item was added: ID".into()),
        },
    ]
    Error::Unread { .. } => [Error::Unread { items: 200 }]
    Error::Usage { .. } => [Error::usage("WHAT IS WRONG", ALLOWED)]
    Error::Consent { .. } => [Error::Consent {
        message: "WHAT WOULD HAPPEN".into(),
        hint: "add --all-matching or --yes; --dry-run only counts".into(),
    }]
    Error::Columns { .. } => [Error::Columns { problem: "PROBLEM".into(), hint: ALLOWED.into() }]
    Error::NoSchema { .. } => [Error::NoSchema { queue: "QUEUE".into() }]
    Error::Unsound { .. } => [Error::Unsound { problems: 3 }]
    Error::Damaged { .. } => [Error::Damaged {
        items: 3,
        first: model::Error::StoreDamaged { detail: "PROBLEM".into() },
    }]
    Error::Unreadable(_) => [Error::from(model::Error::StoreDamaged {
        detail: "PROBLEM".into(),
    }).checked()]
    Error::Interrupted => [Error::Interrupted]
    // Those of the host stand in its own tables, those of the project below.
    Error::Host(_) => [host::Error::NoSteps.into()]
    Error::Project(_) => [project::Error::Invalid { problems: Vec::new() }.into()]
    Error::Registry(_) => [registry::Error::NotAFile { file: "FILE".into() }.into()]
    Error::Step(_) => [
        step(engine::Kind::Business, "PLUGIN/CODE"),
        step(engine::Kind::It, "PLUGIN/CODE"),
        step(engine::Kind::Generic, "PLUGIN/CODE"),
        step(engine::Kind::It, "plugin/cancelled"),
        of_secret(&engine::secret::Error::not_found("NAME")),
        of_secret(&engine::secret::Error::Exposed {
            name: "NAME".into(),
            file: "FILE".into(),
            mode: 0o644,
        }),
        of_secret(&engine::secret::Error::Unusable {
            name: "NAME".into(),
            place: "FILE".into(),
            problem: "belongs to another user".into(),
        }),
    ]
    Error::Grants { .. } => [Error::Grants {
        errors: Grants::parse(&Table { secrets: vec!["a*b".into()], ..Table::default() })
            .expect_err("it is none"),
    }]
    Error::NotGranted { .. } => [Error::NotGranted { what: vec!["secret NAME".into()] }]
    Error::PluginName { .. } => [Error::PluginName { name: "NAME".into() }]
    Error::NoSuchPlugin { .. } => [
        Error::NoSuchPlugin { word: "NAME".into(), similar: Some("OTHER".into()) },
        Error::NoSuchPlugin { word: "NAME".into(), similar: None },
    ]
    Error::NoSuchFlow { .. } => [
        Error::NoSuchFlow { word: "NAME".into(), similar: Some("OTHER".into()) },
        Error::NoSuchFlow { word: "NAME".into(), similar: None },
    ]
    Error::BrokenFlow { .. } => [Error::BrokenFlow { flow: "NAME".into(), errors: 3 }]
    Error::CannotRun { .. } =>
        [Error::CannotRun { flow: "NAME".into(), problem: "PROBLEM", hint: "HINT" }]
    Error::CannotResume { .. } => [Error::CannotResume {
        run: model::Id::from_bytes([1; 16]),
        problem: "PROBLEM".into(),
    }]
    Error::NoRuns => [Error::NoRuns]
    Error::Folder { .. } => [Error::Folder {
        name: "NAME".into(),
        path: "DIR".into(),
        source: engine::files::Error::NotFound { path: "DIR".into() },
    }]
} }

fn step(kind: engine::Kind, code: &'static str) -> Error {
    Error::Step(Box::new(Failure::new(kind, code, "WHAT THE STEP SAYS")))
}

/// A step that goes no further than to a secret.
fn of_secret(error: &engine::secret::Error) -> Error {
    let failure = Failure::new(engine::Kind::It, error.code(), error.to_string());
    Error::Step(Box::new(failure.with_hint(error.hint())))
}

samples! { project_errors: project::Error {
    project::Error::Invalid { .. } => [
        invalid("project/invalid"),
        invalid("project/unknown-key"),
        invalid("project/wrong-type"),
        invalid("project/bad-digest"),
    ]
    project::Error::TooLarge { .. } => [
        project::Error::TooLarge { file: "FILE".into(), most: 1_048_576 },
    ]
    project::Error::NotUtf8 { .. } => [
        project::Error::NotUtf8 { file: "FILE".into(), offset: 2 },
    ]
    project::Error::Io { .. } => [
        project::Error::Io { doing: "read", file: "FILE".into(), detail: "DETAIL".into() },
    ]
} }

fn invalid(code: &'static str) -> project::Error {
    let (file, message, hint) = (project::FILE.into(), "PROBLEM".into(), "WHAT IS ALLOWED".into());
    let problem = project::Problem { file, line: 3, column: 14, code, message, hint };
    project::Error::Invalid { problems: vec![problem] }
}

samples! { registry_errors: registry::Error {
    registry::Error::Missing { .. } => [
        registry::Error::Missing { digest: registry::Digest::of(b"") },
    ]
    registry::Error::Changed { .. } => [registry::Error::Changed { file: "FILE".into() }]
    registry::Error::NotAFile { .. } => [registry::Error::NotAFile { file: "FILE".into() }]
    registry::Error::Io { .. } => [registry::Error::Io {
        doing: "read",
        file: "FILE".into(),
        kind: Kind::PermissionDenied,
        detail: "DETAIL".into(),
    }]
} }

samples! { tool_errors: toolchain::Error {
    Tool::BadName { .. } => [
        Tool::BadName {
            name: "NAME".into(),
            problem: "every word begins with a letter",
            suggestion: Some("OTHER".into()),
        },
        Tool::BadName { name: "NAME".into(), problem: "it is empty", suggestion: None },
    ]
    Tool::NoPlugin { .. } => [Tool::NoPlugin { folder: "DIR".into() }]
    Tool::NoPlugins => [Tool::NoPlugins]
    Tool::BadManifest { .. } => [
        Tool::BadManifest { file: "FILE".into(), problem: "PROBLEM".into() },
    ]
    Tool::NotAPackage { .. } => [Tool::NotAPackage { file: "FILE".into() }]
    Tool::NotACdylib { .. } => [
        not_a_cdylib(None),
        not_a_cdylib(Some("crate-type = [\"rlib\"]")),
    ]
    Tool::ProgramMissing { .. } => [Tool::ProgramMissing { program: "PROGRAM" }]
    Tool::ProgramFailed { .. } => [
        Tool::ProgramFailed { command: "COMMAND".into(), told: "PROBLEM".into() },
    ]
    Tool::TargetMissing => [Tool::TargetMissing]
    Tool::TargetRefused => [Tool::TargetRefused]
    Tool::Flags { .. } => [
        Tool::Flags { traps: traps(&[("RUSTFLAGS", "-C linker=LINKER".into())]) },
    ]
    Tool::NotBuilt { .. } => [Tool::NotBuilt { plugins: vec!["NAME".into()] }]
    Tool::NoComponent { .. } => [
        Tool::NoComponent { plugin: "NAME".into(), what: "a plain module came out" },
    ]
    Tool::TooManyFiles { .. } => [Tool::TooManyFiles { folder: "DIR".into(), most: 10_000 }]
} }

fn not_a_cdylib(line: Option<&str>) -> Tool {
    let crate_type = line.map(str::to_owned);
    Tool::NotACdylib { name: "NAME".into(), file: "FILE".into(), crate_type }
}

samples! { file_errors: rows::Error {
    rows::Error::Io(_) => [rows::Error::Io(Kind::PermissionDenied.into())]
    rows::Error::UnknownEncoding { .. } => [
        rows::Error::UnknownEncoding { label: "NAME".into() },
    ]
    rows::Error::NotUtf8 { .. } => [rows::Error::NotUtf8 { line: 2, byte: 14 }]
    rows::Error::Dialect { .. } => [rows::Error::Dialect { reason: "REASON".into() }]
    rows::Error::ZeroLimit { .. } => [rows::Error::ZeroLimit { name: "columns_max" }]
    rows::Error::Header(_) => [header()]
    rows::Error::EmptyHeader { .. } => [rows::Error::EmptyHeader { line: 1, column: 2 }]
    rows::Error::DuplicateHeader { .. } => [
        rows::Error::DuplicateHeader { line: 1, name: "NAME".into(), first: 1, second: 2 },
    ]
} }

/// What a reader says about a header it cannot take apart.
fn header() -> rows::Error {
    let read = rows::Reader::new("\"a,b\n1,2\n".as_bytes(), rows::Options::default());
    read.map(drop).expect_err("its quote is not closed")
}

samples! { row_errors: Reason {
    Reason::UnclosedQuote { .. } => [Reason::UnclosedQuote { line: 2 }]
    Reason::BytesAfterQuote => [Reason::BytesAfterQuote]
    Reason::TooFewColumns { .. } => [Reason::TooFewColumns { expected: 3, found: 2 }]
    Reason::TooManyColumns { .. } => [Reason::TooManyColumns { expected: 3, found: 4 }]
    Reason::ColumnsOverLimit { .. } => [Reason::ColumnsOverLimit { max: 4096 }]
    Reason::FieldTooLarge { .. } => [Reason::FieldTooLarge { max: 1_048_576 }]
    Reason::RecordTooLarge { .. } => [Reason::RecordTooLarge { max: 4_194_304 }]
    Reason::BadEncoding { .. } => [Reason::BadEncoding { encoding: "UTF-8", byte: 14 }]
    Reason::BadType { .. } => [Reason::BadType { expected: "number", text: "TEXT".into() }]
} }

/// The error of an expression, found before it runs or while it does.
fn expression(source: &str, value: Value) -> Error {
    let scope = Value::Object([("value".to_owned(), value)].into_iter().collect());
    let problems = match flow::expr::parse(source) {
        Err(problems) => problems,
        Ok(expression) => {
            let failed = expression.eval(&scope).expect_err("the sample is wrong");
            vec![*failed.problem]
        }
    };
    Error::Expression { expression: source.into(), problems }
}

fn expression_errors() -> Vec<Error> {
    let null = |source: &str| expression(source, Value::Null);
    let long = "a".repeat(10_000);
    vec![
        null("value.amount >"),
        null(&" ".repeat(flow::expr::SOURCE + 1)),
        null(&"(".repeat(flow::expr::NESTING + 1)),
        null("# > 5"),
        null("len()"),
        null("total(value)"),
        null("value / 0"),
        null("amount > 5"),
        null("[1, 2][2]"),
        null("value > 5"),
        null("1e30 + 1"),
        null("1e27 / 1e-27"),
        null("number('12 EUR')"),
        null("max([])"),
        expression("replace(value, 'a', value)", long.as_str().into()),
    ]
}

fn row(table: &mut String, code: &str, exit: u8, message: &str, hint: &str) {
    let message = message.lines().next().unwrap_or_default().replace('|', "\\|");
    let hint = hint.replace('|', "\\|");
    assert!(!hint.trim().is_empty() && !hint.contains('\n') && !hint.ends_with('.'), "{code}");
    writeln!(table, "| `{code}` | {exit} | {message} | {hint} |").expect("memory");
}

#[test]
fn errors_page_shows_those_of_the_command() {
    const BEGIN: &str = "<!-- generated by the command: begin -->\n";
    const END: &str = "<!-- generated by the command: end -->\n";
    let mut table = String::from("| code | exit | message | hint |\n|---|---|---|---|\n");
    let files = file_errors().into_iter().map(Error::from);
    let own = own_errors().into_iter().filter(|error| {
        use Error as E;
        !matches!(
            error,
            E::Model(_)
                | E::Rows(_)
                | E::Toolchain(_)
                | E::Expression { .. }
                | E::Host(_)
                | E::Project(_)
                | E::Registry(_)
        )
    });
    let tools = tool_errors().into_iter().map(Error::from);
    let project = project_errors().into_iter().map(Error::from);
    let registry = registry_errors().into_iter().map(Error::from);
    let plugins = tools.chain(project).chain(registry);
    for error in own.chain(plugins).chain(files).chain(expression_errors()) {
        let exit = error.exit_code() as u8;
        row(&mut table, error.code(), exit, &error.to_string(), &error.hint());
    }
    for kind in row_errors() {
        row(&mut table, kind.code(), 4, &kind.to_string(), row_hint(&kind));
    }
    for [code, reason, hint] in crate::command::tests::rejected() {
        row(&mut table, &code, 4, &reason, &hint);
    }
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/errors.md");
    let now = std::fs::read_to_string(page).expect("the page is there");
    let (before, rest) = now.split_once(BEGIN).expect("the page has a begin marker");
    let (_, after) = rest.split_once(END).expect("the page has an end marker");
    let page = format!("{before}{BEGIN}\n{}\n{END}{after}", table.trim_end());
    expect_file!["../../../../docs/reference/errors.md"].assert_eq(&page);
}

#[test]
fn every_error_has_a_hint() {
    for error in own_errors().into_iter().chain(expression_errors()) {
        let hint = error.hint();
        assert!(!hint.trim().is_empty() && !hint.contains('\n'), "{error}: {hint:?}");
    }
}
