//! `wharf runs list`.

use model::run::{Query, State};

use crate::args::{Misfit, takes};
use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::view;

/// List runs, the newest first
///
/// Example: wharf runs list --state failed --limit 20
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Only runs of this flow
    #[arg(long, value_name = "NAME")]
    flow: Option<String>,
    /// Only runs in these states; may be given several times
    #[arg(long, value_name = "STATE", value_parser = state(), value_delimiter = ',')]
    state: Vec<State>,
    /// How many at most [default: 50]
    #[arg(long, value_name = "N", value_parser = crate::args::from_to(1, 500))]
    limit: Option<u32>,
    /// Go on behind the page that printed this
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

fn state() -> impl clap::builder::TypedValueParser<Value = State> {
    let parse = |text: &str| {
        let found = State::ALL.into_iter().find(|state| state.name() == text);
        found.ok_or_else(|| {
            let problem = format!("`{}` is not a state of a run", crate::args::shown(text));
            let allowed = State::ALL.map(State::name).join(", ");
            Misfit::new(problem, format!("one of {allowed}"))
        })
    };
    takes(parse, State::ALL.map(State::name))
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let page = context.store.runs(Query {
        flow: args.flow.clone(),
        states: args.state.clone(),
        cursor: args.cursor.clone(),
        limit: args.limit.unwrap_or(50) as usize,
    })?;
    let output = &mut *context.output;
    if output.is_text() {
        output.table(&view::run::table(&page.runs))?;
        if page.runs.is_empty() {
            output.say("no runs");
        }
    } else {
        output.objects(page.runs.iter().map(view::run::object))?;
    }
    if let Some(next) = page.next {
        output.say(&format!("cursor: {next}"));
    }
    Ok(ExitCode::Ok)
}
