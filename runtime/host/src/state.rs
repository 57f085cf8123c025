//! What a call carries while it runs: the step it performs, its closed world, its use of memory.

use std::fmt;

use wasmtime::ResourceLimiter;
use wasmtime::component::ResourceTable;

use crate::fault::Fault;
use crate::limits::{Bound, Limits};
use crate::wasi::Wasi;

/// The state of one call; host functions get it from the store.
///
/// It is generic over the step because the sandbox has no need to know what a step may do: the
/// functions that are linked into it do.
pub struct State<T> {
    /// What host functions act upon.
    pub step: T,
    pub(crate) wasi: Wasi,
    pub(crate) limiter: Limiter,
}

impl<T> State<T> {
    pub(crate) fn new(step: T, wasi: Wasi, limits: &Limits) -> Self {
        Self { step, wasi, limiter: Limiter::new(limits) }
    }

    /// The resources of the host that the guest holds handles of.
    pub fn table(&mut self) -> &mut ResourceTable {
        &mut self.wasi.table
    }

    /// The step and the resources together, for functions that need both.
    pub fn parts(&mut self) -> (&mut T, &mut ResourceTable) {
        (&mut self.step, &mut self.wasi.table)
    }
}

impl<T> fmt::Debug for State<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("State").field("limiter", &self.limiter).finish_non_exhaustive()
    }
}

/// Adds up what all memories and all tables of a call hold: the bound is on the call, so that
/// many small memories are worth no more than a large one.
#[derive(Debug)]
pub(crate) struct Limiter {
    memory_bytes: Meter,
    table_elements: Meter,
    instances: usize,
    memories: usize,
    tables: usize,
}

/// How much of something is used, and how much may be.
#[derive(Debug)]
struct Meter {
    bound: Bound,
    used: usize,
    allowed: usize,
}

impl Meter {
    /// One part grows from `current` to `desired`.
    fn grow(&mut self, current: usize, desired: usize) -> wasmtime::Result<bool> {
        let wanted = self.used.saturating_add(desired.saturating_sub(current));
        if wanted > self.allowed {
            let over = Fault::over(self.bound, self.allowed as u64, Some(wanted as u64));
            return Err(over.into());
        }
        self.used = wanted;
        Ok(true)
    }
}

impl Limiter {
    fn new(limits: &Limits) -> Self {
        Self {
            memory_bytes: Meter { bound: Bound::Memory, used: 0, allowed: limits.memory_bytes },
            table_elements: Meter {
                bound: Bound::TableElements,
                used: 0,
                allowed: limits.table_elements,
            },
            instances: limits.instances,
            memories: limits.memories,
            tables: limits.tables,
        }
    }
}

/// A growth beyond a bound ends the call. To let it fail inside the guest instead would end in
/// the guest's own words, or in none. A growth beyond the guest's own maximum is the guest's
/// affair: it is told so, and nothing is charged.
impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        self.memory_bytes.grow(current, desired)
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        Err(error)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        self.table_elements.grow(current, desired)
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        Err(error)
    }

    fn instances(&self) -> usize {
        self.instances
    }

    fn tables(&self) -> usize {
        self.tables
    }

    fn memories(&self) -> usize {
        self.memories
    }
}
