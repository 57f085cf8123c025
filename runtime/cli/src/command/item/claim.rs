//! `wharf item claim`.

use std::time::Duration;

use model::limits::CLAIM_ITEMS_MAX;
use model::{Change, Claim, Claimed, Commit, Mode};

use crate::args::{from_to, span};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::select::OneQueue;
use crate::view;

/// Take items to work on, the most urgent first
///
/// They are yours until the lease runs out.
///
/// Text output is a line for each item: id, token, value. An empty queue prints nothing.
///
/// Example: a worker in the shell
///   wharf item claim invoices --wait 30s | while read -r id token value; do
///     ./work "$value" && status=processed || status=it-exception
///     wharf item settle "$id" --token "$token" --status "$status"
///   done
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "wharf item claim [OPTIONS] <QUEUE>")]
pub(crate) struct Args {
    #[command(flatten)]
    queue: OneQueue,
    /// How many items at most
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = from_to(1, CLAIM_ITEMS_MAX as u32))]
    count: u32,
    /// How long they are yours; `wharf item renew` asks for more
    #[arg(long, value_name = "SPAN", default_value = "5m", value_parser = span)]
    lease: Duration,
    /// Wait this long for an item where there is none
    #[arg(long, value_name = "SPAN", value_parser = span)]
    wait: Option<Duration>,
    /// The name the history shows [default: user and process]
    #[arg(long, value_name = "NAME")]
    worker: Option<String>,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let claimed = claim(args, context)?;
    let shown = show(&claimed, context).and_then(|()| context.output.flush());
    let Err(error) = shown else { return Ok(ExitCode::Ok) };
    // Whoever has read a part of them finds the lease lost; nobody ever reads the rest.
    let items = claimed.len();
    give_back(claimed, context)?;
    Err(if error.is_broken_pipe() { Error::Unread { items } } else { error })
}

fn show(claimed: &[Claimed], context: &mut Context<'_>) -> Result<()> {
    if context.output.is_text() {
        for Claimed { item, token } in claimed {
            // A script reads it: it stays as it is, on one line.
            let value = item.value.replace(['\n', '\r', '\t'], " ");
            context.output.line(&format!("{} {token} {value}", item.id))?;
        }
        return Ok(());
    }
    let mut items = view::item::Items::new(context.store, context.now());
    let objects = claimed
        .iter()
        .map(|Claimed { item, token }| Ok(items.object(item, Some(*token))?.finish()));
    let objects = objects.collect::<Result<Vec<String>>>()?;
    context.output.objects(objects)
}

/// Nobody has read the tokens: the items would only wait for their leases to run out.
fn give_back(claimed: Vec<Claimed>, context: &Context<'_>) -> Result<()> {
    let give_back =
        |Claimed { item, token }| Change::GiveBack { item: item.id, token, begun: false };
    let changes = claimed.into_iter().map(give_back).collect();
    context.store.commit(Commit::of(changes, Mode::Independent)).wait()?;
    Ok(())
}

/// While waiting, a raised interruption is noticed this often.
const LOOK: Duration = Duration::from_secs(1);

fn claim(args: &Args, context: &Context<'_>) -> Result<Vec<Claimed>> {
    let deadline = args.wait.map(|wait| context.clock.elapsed() + wait);
    loop {
        context.check_interrupted()?;
        let claimed = context.store.claim(Claim {
            queue: args.queue.name().to_owned(),
            count: args.count as usize,
            lease: args.lease,
            worker: args.worker.clone().unwrap_or_else(|| context.worker.to_owned()),
        })?;
        let left = deadline.map(|deadline| deadline.saturating_sub(context.clock.elapsed()));
        let Some(mut left) = left.filter(|left| claimed.is_empty() && !left.is_zero()) else {
            return Ok(claimed);
        };
        while !left.is_zero() && !context.store.wait_ready(args.queue.name(), left.min(LOOK))? {
            context.check_interrupted()?;
            left = left.saturating_sub(LOOK);
        }
    }
}
