//! `wharf explain`

use flow::explain;
use model::similar::closest;

use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::output::Output;
use crate::output::json::Object;

/// The page with the errors of commands.
const ERRORS: &str = include_str!("../../../../docs/reference/errors.md");

/// Tell what a code means, such as flow/type
///
/// Codes of problems in flows come with an example that is wrong and one that is right; codes of
/// errors with what they say and what to do.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The code, as it stands in the brackets behind `error`
    #[arg(value_name = "CODE")]
    code: String,
}

pub(crate) fn cmd(args: &Args, output: &mut Output) -> Result<ExitCode> {
    let code = args.code.trim();
    let text = match explain::explain(code) {
        Some(it) => it.text.to_owned(),
        None => told(code).ok_or_else(|| unknown(code))?,
    };
    if output.is_text() {
        output.line(&format!("{code}\n\n{text}"))?;
    } else {
        output.objects([Object::new().text("code", code).text("text", &text).finish()])?;
    }
    Ok(ExitCode::Ok)
}

/// The rows of the tables of errors: the code, and what is told of it.
fn rows() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    ERRORS.lines().filter_map(|line| {
        let cells = line.strip_prefix("| `")?.strip_suffix(" |")?;
        let (code, rest) = cells.split_once("` | ")?;
        Some((code, rest.split(" | ").collect()))
    })
}

fn told(code: &str) -> Option<String> {
    let rows = rows().filter(|(row, _)| *row == code);
    let told = rows.map(|(_, cells)| match cells[..] {
        [exit, message, hint] => format!("{message}\nhint: {hint}\nexit code: {exit}"),
        _ => cells.join("\n"),
    });
    let told = told.collect::<Vec<_>>();
    (!told.is_empty()).then(|| told.join("\n\n").replace("\\|", "|"))
}

fn unknown(code: &str) -> Error {
    let known = explain::all().map(|it| it.code).chain(rows().map(|(code, _)| code));
    let hint = match closest(code, known) {
        Some(close) => format!("did you mean `{close}`?"),
        None => "a code is such as `flow/type`; docs/reference has lists of them".to_owned(),
    };
    Error::usage(format!("there is no code `{}`", crate::args::shown(code)), hint)
}
