//! `wharf bench plugin`

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use engine::grant::{Grants, Permit};
use engine::{Order, World, perform_step};
use host::baseline::{Bare, CLASSIFY, Invoice};
use host::project::{Entry, Project};
use host::{Host, StepFrame, Steps};
use model::{Store, Value, json};

use super::report::{Bar, Row, median, show};
use crate::args::from_to;
use crate::component::Component;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::output::Output;
use crate::stage::Stage;
use crate::system;

/// Measure calls of a plugin, from a warm one to a whole process
///
/// The step judges an invoice of ten lines, in an instance of its own for each call. `raw` is the
/// bare engine, which makes an instance and calls the same function with values of its own; compare
/// the ratios, not the absolute figures.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Calls of one round
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    #[arg(value_parser = from_to(10, 1_000_000))]
    calls: u32,
    /// Rounds of each measurement; the median counts
    #[arg(long, value_name = "N", default_value_t = 7)]
    #[arg(value_parser = from_to(1, 50))]
    rounds: u32,
}

/// What a call may cost of what the bare engine takes.
const RATIO_MAX: f64 = 1.5;
const FIRST_MS_MAX: f64 = 5.0;
const PROCESS_MS_MAX: f64 = 40.0;
const LINES: u32 = 10;
const NAME: &str = "invoice";

/// The plugin under test, and what it is called with.
struct Bench<'b> {
    stage: &'b Stage<'b>,
    world: World,
    input: Value,
    args: &'b Args,
}

pub(crate) fn cmd(args: &Args, stage: &Stage<'_>, output: &mut Output) -> Result<ExitCode> {
    let folder = super::folder(&stage.data)?;
    let stage = Stage {
        data: folder.path().to_owned(),
        here: folder.path().to_owned(),
        environment: stage.environment,
        clock: Arc::clone(&stage.clock),
        entropy: Arc::clone(&stage.entropy),
        interrupted: std::sync::LazyLock::new(system::interruptions),
    };
    let store: Arc<dyn Store> = Arc::new(stage.store());
    let world = stage.world(&Project::default(), &permit(), store, output)?;
    let input = invoice();
    let bench = Bench { stage: &stage, world, input, args };
    let mut rows = Vec::new();
    for pooling in [false, true] {
        rows.push(bench.calls(pooling, output)?);
    }
    rows.push(bench.first(output)?);
    rows.push(bench.processes(folder.path(), output)?);
    show(&rows, output)?;
    Ok(ExitCode::Ok)
}

fn permit() -> Permit {
    Permit { plugin: NAME.into(), project: Grants::default(), ceiling: None }
}

/// The invoice that the bare engine gets, as a person would write it.
fn invoice() -> Value {
    let Invoice { number, lines, due } = Invoice::with_lines(LINES);
    let lines: Vec<String> = lines
        .iter()
        .map(|line| {
            let (sku, quantity, price) = (&line.sku, line.quantity, line.unit_price);
            format!(r#"{{"sku":"{sku}","quantity":{quantity},"unit_price":{price:.2}}}"#)
        })
        .collect();
    let (lines, due) = (lines.join(","), due.unwrap_or_default());
    let text = format!(r#"{{"invoice":{{"number":"{number}","lines":[{lines}],"due":"{due}"}}}}"#);
    json::parse(&text).expect("it is written as JSON")
}

impl Bench<'_> {
    fn load(&self, host: &Host, output: &mut Output) -> Result<Steps> {
        let (name, bytes) = (NAME.to_owned(), CLASSIFY.to_vec());
        let component = Component { name, bytes, entry: Entry::default() };
        self.stage.load(host, &component, output)
    }

    /// One call as a flow makes it: from JSON to JSON, as a transaction.
    fn perform(&self, steps: &Steps) -> Result<Value> {
        let of = steps.signature().step("classify")?;
        let order = Order { name: "invoice/classify".into(), permit: permit() };
        let done = perform_step(&self.world, order, |step| {
            steps.perform(step, of, &self.input, StepFrame::default())
        });
        done.map_err(|failure| Error::Step(Box::new(failure)))
    }

    /// Microseconds that each of many takes.
    fn each(&self, mut work: impl FnMut() -> Result<()>) -> Result<f64> {
        let start = self.stage.clock.elapsed();
        for _ in 0..self.args.calls {
            work()?;
        }
        let took = self.stage.clock.elapsed().saturating_sub(start);
        Ok(took.as_secs_f64() * 1e6 / f64::from(self.args.calls))
    }

    /// Milliseconds of one piece of work, the median of all rounds.
    fn once(&self, mut work: impl FnMut() -> Result<()>) -> Result<f64> {
        let mut times = Vec::new();
        for _ in 0..self.args.rounds {
            let start = self.stage.clock.elapsed();
            work()?;
            let took = self.stage.clock.elapsed().saturating_sub(start);
            times.push(took.as_secs_f64() * 1e3);
        }
        Ok(median(times))
    }

    /// Both sides in turn: a slow moment hits both.
    fn calls(&self, pooling: bool, output: &mut Output) -> Result<Row> {
        let kind = if pooling { "pooled" } else { "on demand" };
        output.say(&format!("calling, instances {kind}"));
        let steps = self.load(&self.stage.host(pooling)?, output)?;
        let bare = Bare::new(CLASSIFY, pooling).map_err(|error| {
            host::Error::from(host::Fault::Sandbox { detail: error.to_string() })
        })?;
        let invoice = Invoice::with_lines(LINES);
        let (mut ours, mut raw, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..=self.args.rounds {
            let one = self.each(|| self.perform(&steps).map(drop))?;
            let other = self.each(|| {
                let judged = bare.classify(&invoice);
                judged.map(drop).map_err(|error| {
                    host::Error::from(host::Fault::Sandbox { detail: error.to_string() }).into()
                })
            })?;
            ours.push(one);
            raw.push(other);
            ratios.push(one / other);
        }
        // The first round warms up.
        let median = |mut figures: Vec<f64>| median(figures.split_off(1));
        let ratio = median(ratios);
        let bar = if pooling { Bar::Open } else { Bar::AtMost(RATIO_MAX) };
        Ok(Row {
            work: format!("fresh instance + typed call, {kind}"),
            ours: median(ours),
            raw: Some(median(raw)),
            unit: "us each",
            ratio: Some((ratio, bar)),
        })
    }

    fn first(&self, output: &mut Output) -> Result<Row> {
        output.say("from the cache to the first result");
        let host = self.stage.host(false)?;
        let ours = self.once(|| {
            let steps = self.load(&host, output)?;
            self.perform(&steps).map(drop)
        })?;
        let ratio = Some((ours, Bar::Under(FIRST_MS_MAX)));
        Ok(Row { work: "cache -> first result".into(), ours, raw: None, unit: "ms", ratio })
    }

    /// Whole processes: `wharf call` on a plugin that was compiled before.
    fn processes(&self, folder: &Path, output: &mut Output) -> Result<Row> {
        output.say("calling in processes of their own");
        let file = folder.join("invoice.wasm");
        std::fs::write(&file, CLASSIFY).map_err(Error::file("write", &file))?;
        let program = system::program().map_err(Error::file("find", "wharf"))?;
        let input = json::write(&self.input);
        let ours = self.once(|| {
            let mut command = Command::new(&program);
            command.arg("call").arg(&file).args(["classify", "--quiet", "--input", &input]);
            command.arg("--data").arg(&self.stage.data).current_dir(folder);
            command.stdin(Stdio::null()).stdout(Stdio::null());
            let ended = command.status().map_err(Error::file("run", &program))?;
            if ended.success() {
                return Ok(());
            }
            Err(Error::file("run", &program)(std::io::Error::other(ended.to_string())))
        })?;
        let ratio = Some((ours, Bar::Under(PROCESS_MS_MAX)));
        Ok(Row { work: "wharf call, cached".into(), ours, raw: None, unit: "ms", ratio })
    }
}
