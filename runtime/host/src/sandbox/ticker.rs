//! Makes running code look up: a thread that counts epochs while calls run, and sleeps otherwise.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};

use wasmtime::Engine;

use crate::limits::TICK;

#[derive(Debug)]
pub(crate) struct Ticker {
    calls: Arc<Calls>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Calls {
    running: AtomicUsize,
    closed: AtomicBool,
}

/// Keeps the ticker going while it lives.
#[derive(Debug)]
pub(crate) struct Running<'a> {
    calls: &'a Calls,
}

impl Ticker {
    pub(crate) fn start(engines: [Engine; 2]) -> io::Result<Self> {
        let calls = Arc::new(Calls::default());
        let seen = Arc::clone(&calls);
        let thread = thread::Builder::new()
            .name("plugin-ticks".into())
            .spawn(move || seen.tick(&engines))?;
        Ok(Self { calls, thread: Some(thread) })
    }

    /// A call begins. The thread is woken only if no other call keeps it awake.
    pub(crate) fn run(&self) -> Running<'_> {
        if self.calls.running.fetch_add(1, Ordering::SeqCst) == 0 {
            self.thread.as_ref().expect("it is taken when dropped only").thread().unpark();
        }
        Running { calls: &self.calls }
    }
}

impl Calls {
    fn tick(&self, engines: &[Engine; 2]) {
        while !self.closed.load(Ordering::SeqCst) {
            if self.running.load(Ordering::SeqCst) == 0 {
                thread::park();
                continue;
            }
            thread::sleep(TICK);
            engines.iter().for_each(Engine::increment_epoch);
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.calls.running.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.calls.closed.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            thread.join().expect("the ticker does not panic");
        }
    }
}
