//! One call: a fresh instance, what it may use, and the end that it comes to.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use wasmtime::component::Val;
use wasmtime::{CallHook, Store};

use crate::fault::Fault;
use crate::limits::{Bound, Limits};
use crate::output::{Output, Sink};
use crate::sandbox::{Function, Plugin};
use crate::state::State;
use crate::trap;
use crate::wasi::{Dice, Wasi};

mod stop;
mod watch;
mod weight;

pub use stop::Cancel;
pub(crate) use stop::Stop;
use watch::Watch;

/// What a call is given besides its arguments.
pub struct Call<'a, T> {
    /// What the functions that the plugin imports act upon; it comes back in `Done`.
    pub step: T,
    pub limits: Limits,
    pub cancel: Cancel,
    /// Something to do now and then while the call runs.
    pub every: Option<Every<'a>>,
    /// Takes the lines that the plugin writes.
    pub sink: Sink,
}

/// Something to do now and then: it holds up the call, so it must be short.
pub struct Every<'a> {
    pub period: Duration,
    pub act: &'a mut dyn FnMut(),
}

/// What came of a call.
#[derive(Debug)]
pub struct Done<T> {
    pub step: T,
    pub result: Result<Vec<Val>, Fault>,
}

impl<T> Call<'_, T> {
    /// A call within the default limits that nobody cancels or listens to.
    pub fn new(step: T) -> Self {
        let cancel = Cancel::default();
        Self { step, limits: Limits::default(), cancel, every: None, sink: Box::new(|_| {}) }
    }
}

impl<T: Send + 'static> Plugin<T> {
    /// Calls a function in an instance of its own, and waits for its end. The instance is gone
    /// afterwards, whatever happened in it.
    ///
    /// A task of an async runtime must not hold up its thread like this: there it fails with
    /// `host/panicked`.
    pub fn call(&self, function: &Function, arguments: &[Val], call: Call<'_, T>) -> Done<T> {
        let Call { step, limits, cancel, every, sink } = call;
        let output = Output::new(sink);
        let stop = Arc::new(Stop::new(limits.time));
        let mut store = self.store(step, &limits, &output, &stop);
        let watch = Watch { stop: &stop, cancel: &cancel, every, time: limits.time };
        let result = self.run(&mut store, function, arguments, watch);
        // A sink that panicked has ended the call; what it did not take is told all the same.
        let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
        let result = match result {
            Ok(Ok(values)) => weight::check(values, limits.result_bytes),
            Ok(Err(error)) => {
                let (name, calls) = (&function.name, &self.host_calls);
                Err(trap::explain(name, error, &limits, calls, &output.tail()))
            }
            Err(fault) => Err(fault),
        };
        output.finish(matches!(result, Err(Fault::Trapped { .. })));
        Done { step: store.into_data().step, result }
    }

    fn store(
        &self,
        step: T,
        limits: &Limits,
        output: &Arc<Mutex<Output>>,
        told: &Arc<Stop>,
    ) -> Store<State<T>> {
        let dice = Dice::new(&*self.shared.entropy, limits.random_bytes);
        let clock = Arc::clone(&self.shared.clock);
        let wasi = Wasi::new(clock, dice, Arc::clone(output), limits.handles, Arc::clone(told));
        let mut store = Store::new(self.ready.engine(), State::new(step, wasi, limits));
        store.limiter(|state| &mut state.limiter);
        // What the plugin hands to its host is counted in bytes. Its result is counted when it is
        // there (`weight`); until then each part of it takes the room of a value.
        let handed = limits.host_call_bytes;
        let returned = limits.result_bytes.saturating_mul(size_of::<Val>());
        store.set_hostcall_fuel(returned);
        store.call_hook(move |mut store, hook| {
            match hook {
                CallHook::CallingHost => store.set_hostcall_fuel(handed),
                CallHook::ReturningFromHost => store.set_hostcall_fuel(returned),
                CallHook::CallingWasm | CallHook::ReturningFromWasm => {}
            }
            Ok(())
        });
        store.set_max_component_handles(limits.handles);
        let seen = Arc::clone(told);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(move |_| seen.look_up());
        store
    }

    /// The outer error is one of the host, the inner one of the engine.
    fn run(
        &self,
        store: &mut Store<State<T>>,
        function: &Function,
        arguments: &[Val],
        watch: Watch<'_, '_>,
    ) -> Result<wasmtime::Result<Vec<Val>>, Fault> {
        if arguments.len() != function.parameters {
            let (wanted, given) = (function.parameters, arguments.len());
            let problem = format!("it takes {wanted} values and was given {given}");
            return Err(Fault::Arguments { function: function.name.clone(), problem });
        }
        let runtimes = &self.shared.runtimes;
        let runtime =
            runtimes.take().map_err(|error| Fault::Sandbox { detail: error.to_string() })?;
        let _running = self.shared.ticker.run();
        let guest = self.guest(store, function, arguments);
        let ended = catch_unwind(AssertUnwindSafe(|| runtime.block_on(watch.over(guest))));
        match ended {
            Ok(ended) => {
                runtimes.put(runtime);
                ended
            }
            Err(payload) => {
                runtime.shutdown_background();
                Err(trap::panicked(&*payload))
            }
        }
    }

    async fn guest(
        &self,
        store: &mut Store<State<T>>,
        function: &Function,
        arguments: &[Val],
    ) -> wasmtime::Result<Vec<Val>> {
        let instance = self.ready.instantiate_async(&mut *store).await?;
        let code = instance
            .get_func(&mut *store, function.index)
            .expect("the index comes from this component");
        let mut results = vec![Val::Bool(false); function.results];
        code.call_async(&mut *store, arguments, &mut results).await?;
        Ok(results)
    }
}

impl Fault {
    /// A result is larger than may be handed on.
    fn large(allowed: usize, wanted: usize) -> Self {
        Self::over(Bound::Result, allowed as u64, Some(wanted as u64))
    }
}

impl<T: fmt::Debug> fmt::Debug for Call<'_, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Call")
            .field("step", &self.step)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Every<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Every").field("period", &self.period).finish_non_exhaustive()
    }
}
