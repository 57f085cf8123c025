//! The world of a plugin, closed: clocks, randomness and streams to write to, and nothing else.
//!
//! Programs in many languages expect WASI whether they use it or not. It is answered here in the
//! smallest way: there are no arguments, no environment, no files; stdin is at its end; stdout and
//! stderr become lines of the log; both clocks are the host's, a millisecond fine. The network is
//! not even linked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::Clock;
use tokio::time::{Instant, sleep_until};
use wasmtime::component::{HasSelf, Linker, Resource, ResourceTable};
use wasmtime_wasi::I32Exit;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::filesystem::{WasiFilesystem, WasiFilesystemCtx, WasiFilesystemCtxView};
use wasmtime_wasi::p2::bindings::cli::{
    environment, exit, stderr, stdin, stdout, terminal_input, terminal_output, terminal_stderr,
    terminal_stdin, terminal_stdout,
};
use wasmtime_wasi::p2::bindings::clocks::{monotonic_clock, wall_clock};
use wasmtime_wasi::p2::bindings::filesystem::{preopens, types};
use wasmtime_wasi::p2::bindings::io::{error, poll, streams};
use wasmtime_wasi::p2::bindings::random::{insecure, insecure_seed, random};
use wasmtime_wasi::p2::pipe::ClosedInputStream;
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, DynPollable, Pollable, subscribe};

use crate::call::Stop;
use crate::output::{Output, Source};
use crate::state::State;

mod dice;
mod stream;

pub(crate) use dice::Dice;

/// How fine the clocks are: finer ones tell secrets of other code by its timing.
const GRAIN: Duration = Duration::from_millis(1);

/// What WASI answers from.
pub(crate) struct Wasi {
    pub(crate) table: ResourceTable,
    files: WasiFilesystemCtx,
    clock: Arc<dyn Clock>,
    dice: Dice,
    output: Arc<Mutex<Output>>,
    /// Whoever waits is to hear of it.
    pub(crate) stop: Arc<Stop>,
}

type Result<T> = wasmtime::Result<T>;

impl Wasi {
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        dice: Dice,
        output: Arc<Mutex<Output>>,
        handles: usize,
        stop: Arc<Stop>,
    ) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(handles);
        Self { table, files: WasiFilesystemCtx::default(), clock, dice, output, stop }
    }

    fn writer(&mut self, source: Source) -> Result<Resource<DynOutputStream>> {
        let stream: DynOutputStream = stream::Writer::boxed(&self.output, source);
        Ok(self.table.push(stream)?)
    }
}

/// Links what a component may import of WASI.
pub(crate) fn link<T: Send + 'static>(linker: &mut Linker<State<T>>) -> Result<()> {
    fn table<T>(state: &mut State<T>) -> &mut ResourceTable {
        &mut state.wasi.table
    }
    fn files<T>(state: &mut State<T>) -> WasiFilesystemCtxView<'_> {
        WasiFilesystemCtxView { ctx: &mut state.wasi.files, table: &mut state.wasi.table }
    }
    fn wasi<T>(state: &mut State<T>) -> &mut Wasi {
        &mut state.wasi
    }
    error::add_to_linker::<_, HasSelf<ResourceTable>>(linker, table)?;
    poll::add_to_linker::<_, HasSelf<ResourceTable>>(linker, table)?;
    streams::add_to_linker::<_, HasSelf<ResourceTable>>(linker, table)?;
    types::add_to_linker::<_, WasiFilesystem>(linker, files)?;
    preopens::add_to_linker::<_, WasiFilesystem>(linker, files)?;
    wall_clock::add_to_linker::<_, HasSelf<Wasi>>(linker, wasi)?;
    monotonic_clock::add_to_linker::<_, HasSelf<Wasi>>(linker, wasi)?;
    random::add_to_linker::<_, HasSelf<Wasi>>(linker, wasi)?;
    insecure::add_to_linker::<_, HasSelf<Wasi>>(linker, wasi)?;
    insecure_seed::add_to_linker::<_, HasSelf<Wasi>>(linker, wasi)?;
    environment::add_to_linker::<_, HasSelf<Wasi>>(linker, wasi)?;
    exit::add_to_linker::<_, HasSelf<Wasi>>(linker, wasi)?;
    stdin::add_to_linker::<_, HasSelf<Wasi>>(linker, wasi)?;
    stdout::add_to_linker::<_, HasSelf<Wasi>>(linker, wasi)?;
    stderr::add_to_linker::<_, HasSelf<Wasi>>(linker, wasi)?;
    terminal_input::add_to_linker::<_, HasSelf<Wasi>>(linker, wasi)?;
    terminal_output::add_to_linker::<_, HasSelf<Wasi>>(linker, wasi)?;
    terminal_stdin::add_to_linker::<_, HasSelf<Wasi>>(linker, wasi)?;
    terminal_stdout::add_to_linker::<_, HasSelf<Wasi>>(linker, wasi)?;
    terminal_stderr::add_to_linker::<_, HasSelf<Wasi>>(linker, wasi)?;
    Ok(())
}

impl environment::Host for Wasi {
    fn get_environment(&mut self) -> Result<Vec<(String, String)>> {
        Ok(Vec::new())
    }

    fn get_arguments(&mut self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn initial_cwd(&mut self) -> Result<Option<String>> {
        Ok(None)
    }
}

impl exit::Host for Wasi {
    fn exit(&mut self, status: std::result::Result<(), ()>) -> Result<()> {
        Err(I32Exit(i32::from(status.is_err())).into())
    }

    fn exit_with_code(&mut self, status_code: u8) -> Result<()> {
        Err(I32Exit(status_code.into()).into())
    }
}

impl stdin::Host for Wasi {
    fn get_stdin(&mut self) -> Result<Resource<DynInputStream>> {
        let stream: DynInputStream = Box::new(ClosedInputStream);
        Ok(self.table.push(stream)?)
    }
}

impl stdout::Host for Wasi {
    fn get_stdout(&mut self) -> Result<Resource<DynOutputStream>> {
        self.writer(Source::Stdout)
    }
}

impl stderr::Host for Wasi {
    fn get_stderr(&mut self) -> Result<Resource<DynOutputStream>> {
        self.writer(Source::Stderr)
    }
}

impl terminal_input::Host for Wasi {}
impl terminal_input::HostTerminalInput for Wasi {
    fn drop(&mut self, terminal: Resource<terminal_input::TerminalInput>) -> Result<()> {
        self.table.delete(terminal)?;
        Ok(())
    }
}

impl terminal_output::Host for Wasi {}
impl terminal_output::HostTerminalOutput for Wasi {
    fn drop(&mut self, terminal: Resource<terminal_output::TerminalOutput>) -> Result<()> {
        self.table.delete(terminal)?;
        Ok(())
    }
}

impl terminal_stdin::Host for Wasi {
    fn get_terminal_stdin(&mut self) -> Result<Option<Resource<terminal_input::TerminalInput>>> {
        Ok(None)
    }
}

impl terminal_stdout::Host for Wasi {
    fn get_terminal_stdout(&mut self) -> Result<Option<Resource<terminal_output::TerminalOutput>>> {
        Ok(None)
    }
}

impl terminal_stderr::Host for Wasi {
    fn get_terminal_stderr(&mut self) -> Result<Option<Resource<terminal_output::TerminalOutput>>> {
        Ok(None)
    }
}

/// The time of day in whole grains; what is before 1970 cannot be said.
fn time_of_day(clock: &dyn Clock) -> Duration {
    let since = u64::try_from(clock.now().as_millisecond()).unwrap_or(0);
    Duration::from_millis(since)
}

/// The time elapsed in whole grains, in nanoseconds.
fn elapsed(clock: &dyn Clock) -> u64 {
    let grains = clock.elapsed().as_millis() as u64;
    grains.saturating_mul(GRAIN.as_nanos() as u64)
}

fn datetime(since: Duration) -> wall_clock::Datetime {
    wall_clock::Datetime { seconds: since.as_secs(), nanoseconds: since.subsec_nanos() }
}

impl wall_clock::Host for Wasi {
    fn now(&mut self) -> Result<wall_clock::Datetime> {
        Ok(datetime(time_of_day(&*self.clock)))
    }

    fn resolution(&mut self) -> Result<wall_clock::Datetime> {
        Ok(datetime(GRAIN))
    }
}

impl monotonic_clock::Host for Wasi {
    fn now(&mut self) -> Result<u64> {
        Ok(elapsed(&*self.clock))
    }

    fn resolution(&mut self) -> Result<u64> {
        Ok(GRAIN.as_nanos() as u64)
    }

    fn subscribe_instant(&mut self, when: u64) -> Result<Resource<DynPollable>> {
        self.subscribe_duration(when.saturating_sub(elapsed(&*self.clock)))
    }

    fn subscribe_duration(&mut self, nanoseconds: u64) -> Result<Resource<DynPollable>> {
        let at = Instant::now().checked_add(Duration::from_nanos(nanoseconds));
        let alarm = self.table.push(Alarm { at, stop: Arc::clone(&self.stop) })?;
        subscribe(&mut self.table, alarm)
    }
}

/// Rings at a moment, or never where that is beyond all time. It rings too when the call is to
/// stop: then its code wakes up and stops where it is.
struct Alarm {
    at: Option<Instant>,
    stop: Arc<Stop>,
}

#[async_trait]
impl Pollable for Alarm {
    async fn ready(&mut self) {
        let at = self.at;
        let moment = async move {
            match at {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let _either_way_it_rings = self.stop.or(moment).await;
    }
}

impl random::Host for Wasi {
    fn get_random_bytes(&mut self, len: u64) -> Result<Vec<u8>> {
        Ok(self.dice.bytes(len)?)
    }

    fn get_random_u64(&mut self) -> Result<u64> {
        Ok(self.dice.number())
    }
}

impl insecure::Host for Wasi {
    fn get_insecure_random_bytes(&mut self, len: u64) -> Result<Vec<u8>> {
        Ok(self.dice.bytes(len)?)
    }

    fn get_insecure_random_u64(&mut self) -> Result<u64> {
        Ok(self.dice.number())
    }
}

impl insecure_seed::Host for Wasi {
    fn insecure_seed(&mut self) -> Result<(u64, u64)> {
        Ok((self.dice.number(), self.dice.number()))
    }
}
