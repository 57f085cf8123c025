//! `wharf bench queue`

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use model::{Clock, Entropy};

use super::report::{Bar, Row, median, show};
use super::work::{Bench, Pair};
use crate::args::from_to;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::output::Output;

/// Measure adding, claiming, settling, waking and listing
///
/// Works in a temporary store beside the data directory and removes it. `raw` is a loop over
/// SQLite that does the same to the same tables with the same durability; compare the ratios,
/// not the absolute figures, which depend on the machine and on what else it does.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Items that wait in the queue while claims are measured
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "1000,100000,1000000")]
    #[arg(value_parser = from_to(1_000, 10_000_000))]
    depth: Vec<u32>,
    /// Rounds of each measurement; the median counts
    #[arg(long, value_name = "N", default_value_t = 5)]
    #[arg(value_parser = from_to(1, 50))]
    rounds: u32,
}

pub(crate) fn cmd(
    args: &Args,
    beside: &Path,
    clock: &Arc<dyn Clock>,
    entropy: &Arc<dyn Entropy>,
    output: &mut Output,
) -> Result<ExitCode> {
    let dir = super::folder(beside)?;
    let open = |name: &str| Bench::open(&dir.path().join(name), clock, entropy);
    let (mut bench, mut shallow) = (open("deep")?, open("shallow")?);
    shallow.add(SHALLOW)?;
    let mut rows = vec![adding(&mut bench, args, output)?];
    let mut depths = args.depth.clone();
    depths.sort_unstable();
    let mut waiting = rounds(args) * ADDED;
    for depth in depths {
        let depth = depth as usize;
        output.say(&format!("filling the queue to {depth} items"));
        waiting = fill(&mut bench, waiting, depth)?;
        output.say(&format!("claiming and settling with {depth} items waiting"));
        rows.push(working(&mut bench, args, depth)?);
        rows.push(claiming(&mut bench, &mut shallow, args, depth)?);
    }
    output.say("listing, adding one by one, waking");
    rows.extend(listing(&bench)?);
    rows.extend(singles(&mut bench, args)?);
    rows.push(waking(&mut bench)?);
    show(&rows, output)?;
    Ok(ExitCode::Ok)
}

/// Items of one round of adding.
const ADDED: usize = 20_000;
/// Items of one round of working, where the queue holds that many.
const WORKED: usize = 10_000;
/// Claims of one round.
const CLAIMED: usize = 1_000;
/// Items that wait in the queue that claims from deep ones are compared with.
const SHALLOW: usize = 1_000;

fn rounds(args: &Args) -> usize {
    args.rounds as usize
}

fn per_second(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

/// The median of each side, and of the ratios round by round: a slow moment hits both.
fn compare(work: String, count: usize, pairs: &[Pair], bar: f64) -> Row {
    let median_of = |figure: &dyn Fn(&Pair) -> f64| median(pairs.iter().map(figure).collect());
    let ratio = median_of(&|pair| pair.raw.as_secs_f64() / pair.ours.as_secs_f64());
    Row {
        work,
        ours: median_of(&|pair| per_second(count, pair.ours)),
        raw: Some(median_of(&|pair| per_second(count, pair.raw))),
        unit: "items/s",
        ratio: Some((ratio, Bar::AtLeast(bar))),
    }
}

fn adding(bench: &mut Bench<'_>, args: &Args, output: &mut Output) -> Result<Row> {
    output.say("adding in batches of 1000");
    let pairs =
        (0..rounds(args)).map(|_| bench.add(ADDED)).collect::<std::result::Result<Vec<_>, _>>()?;
    Ok(compare("add, batches of 1000".into(), ADDED, &pairs, 0.8))
}

/// Brings both queues to `depth` items; answers how many wait now.
fn fill(bench: &mut Bench<'_>, waiting: usize, depth: usize) -> Result<usize> {
    if waiting > depth {
        bench.work(waiting - depth)?;
    } else {
        bench.add(depth - waiting)?;
    }
    Ok(depth)
}

fn working(bench: &mut Bench<'_>, args: &Args, depth: usize) -> Result<Row> {
    let count = WORKED.min(depth);
    let mut pairs = Vec::new();
    for _ in 0..rounds(args) {
        pairs.push(bench.work(count)?);
        bench.add(count)?;
    }
    Ok(compare(format!("claim + settle, {depth} waiting"), count, &pairs, 0.6))
}

/// Claims from a deep queue and from a shallow one in turn: a slow moment hits both.
fn claiming(
    deep: &mut Bench<'_>,
    shallow: &mut Bench<'_>,
    args: &Args,
    depth: usize,
) -> Result<Row> {
    let mut each = Vec::new();
    let mut ratios = Vec::new();
    for _ in 0..rounds(args) {
        let (deeper, shallower) = (deep.claims(CLAIMED)?, shallow.claims(CLAIMED)?);
        each.push(deeper.as_secs_f64() * 1e6 / CLAIMED as f64);
        ratios.push(deeper.as_secs_f64() / shallower.as_secs_f64());
        deep.add(CLAIMED)?;
        shallow.add(CLAIMED)?;
    }
    Ok(Row {
        work: format!("claim, {depth} waiting, to {SHALLOW}"),
        ours: median(each),
        raw: None,
        unit: "us each",
        ratio: Some((median(ratios), Bar::AtMost(1.3))),
    })
}

fn listing(bench: &Bench<'_>) -> Result<[Row; 4]> {
    let [first, middle, late, last] = bench.pages()?.map(|took| took.as_secs_f64() * 1e6);
    let row = |place: &str, ours: f64, bar: Option<Bar>| Row {
        work: format!("page of 50, {place}"),
        ours,
        raw: None,
        unit: "us each",
        ratio: bar.map(|bar| (ours / first, bar)),
    };
    let flat = Some(Bar::AtMost(1.3));
    Ok([
        row("the first", first, None),
        row("a cursor in the middle", middle, flat),
        row("a cursor near the end", late, flat),
        row("from the end backwards", last, flat),
    ])
}

fn singles(bench: &mut Bench<'_>, args: &Args) -> Result<[Row; 2]> {
    let mut alone = Vec::new();
    let mut together = Vec::new();
    for _ in 0..rounds(args) {
        alone.push(per_second(ADDED, bench.singles(ADDED)?));
        together.push(per_second(ADDED / 4, bench.waiting_callers(ADDED / 4, 16)?));
    }
    let row = |work: &str, figures| Row {
        work: work.into(),
        ours: median(figures),
        raw: None,
        unit: "items/s",
        ratio: None,
    };
    Ok([row("add one by one, pipelined", alone), row("add one by one, 16 callers", together)])
}

fn waking(bench: &mut Bench<'_>) -> Result<Row> {
    let times = bench.wake_ups(101)?;
    let ours = times[times.len() / 2].as_secs_f64() * 1e3;
    Ok(Row {
        work: "add -> claimed by a waiting worker".into(),
        ours,
        raw: None,
        unit: "ms",
        ratio: None,
    })
}
