//! `wharf item settle`.

use clap::builder::TypedValueParser;
use model::{Change, Ending, Settlement, Status};

use super::Held;
use crate::args::{Misfit, takes};
use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::input;
use crate::output::json::Object;

/// Say how the work on an item you hold ended
///
/// An it-exception is tried again while the queue has retries left for it, unless --no-retry.
///
/// Example: wharf item settle "$id" --token "$token" --status processed --result 'paid'
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    #[command(flatten)]
    held: Held,
    /// processed, business-exception, it-exception or generic-exception
    #[arg(long, value_name = "STATUS", value_parser = ending(), hide_possible_values = true)]
    status: Ending,
    /// What came of it: a text, @FILE, or - for stdin
    #[arg(long, value_name = "TEXT")]
    result: Option<String>,
    /// An it-exception is final at once
    #[arg(long)]
    no_retry: bool,
}

fn ending() -> impl TypedValueParser<Value = Ending> {
    let names = Ending::ALL.map(|ending| ending.status().name());
    let parse = move |text: &str| {
        let known = Ending::ALL.into_iter().find(|ending| ending.status().name() == text);
        known.ok_or_else(|| Misfit::unknown(text, "a status that ends work", &names))
    };
    takes(parse, names)
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let change = Change::Settle(Settlement {
        item: args.held.item.find(context.store)?,
        token: args.held.token,
        ending: args.status,
        result: args.result.as_deref().map(input::text).transpose()?,
        retry: !args.no_retry,
    });
    change.check()?;
    let done = context.store.make(change)?;
    let output = &mut *context.output;
    let now = done.status.unwrap_or(args.status.status());
    output.did(format!("the item was settled: {} is {now}", done.id));
    if !output.is_text() {
        let object = Object::new().text("id", done.id).maybe("status", done.status);
        output.line(&object.finish())?;
        return Ok(ExitCode::Ok);
    }
    match done.status {
        Some(status @ (Status::Queued | Status::Scheduled)) => {
            output.say(&format!("will be tried again: {} is {status}", done.id));
        }
        status => {
            let status = status.unwrap_or(args.status.status());
            output.say(&format!("{} is {status}", done.id));
        }
    }
    Ok(ExitCode::Ok)
}
