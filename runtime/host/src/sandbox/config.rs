//! What the engines can do, and above all what they cannot.

use std::num::NonZeroUsize;
use std::sync::Arc;

use wasmtime::{
    Config, InstanceAllocationStrategy, PoolingAllocationConfig, WasmBacktraceDetails, WasmFeatures,
};

use super::stacks::Stacks;
use crate::compile::Exports;
use crate::limits::{
    FIBER_STACK_BYTES, INSTANCES_MAX, MEMORIES_MAX, MEMORY_BYTES_MAX, POOLED_CALLS_MAX,
    TABLE_ELEMENTS_MAX, TABLES_MAX, TRACE_FRAMES_MAX, WASM_STACK_BYTES,
};

/// What a pool sets aside for what the engine itself knows of an instance.
const POOLED_INSTANCE_BYTES_MAX: usize = 1024 * 1024;

/// The same for compiling and for running: an engine refuses what another kind has compiled.
pub(crate) fn config(exports: Exports, pooling: bool) -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        // Costs each call a microsecond, so only those pay who export async functions.
        .concurrency_support(exports == Exports::Async)
        .epoch_interruption(true)
        .max_wasm_stack(WASM_STACK_BYTES)
        .async_stack_size(FIBER_STACK_BYTES)
        // The same input gives the same output on every machine.
        .relaxed_simd_deterministic(true)
        .cranelift_nan_canonicalization(true)
        .wasm_features(unwanted(), false)
        .wasm_backtrace_max_frames(NonZeroUsize::new(TRACE_FRAMES_MAX))
        .wasm_backtrace_details(WasmBacktraceDetails::Enable);
    if pooling {
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
    } else {
        config.with_host_stack(Arc::new(Stacks::default()));
    }
    config
}

/// Less to go wrong: no toolchain of ours needs them. For most, the engine is not even built with
/// what it takes to run them.
fn unwanted() -> WasmFeatures {
    WasmFeatures::GC
        | WasmFeatures::FUNCTION_REFERENCES
        | WasmFeatures::EXCEPTIONS
        | WasmFeatures::LEGACY_EXCEPTIONS
        | WasmFeatures::STACK_SWITCHING
        | WasmFeatures::THREADS
        | WasmFeatures::SHARED_EVERYTHING_THREADS
        | WasmFeatures::MEMORY64
        | WasmFeatures::MULTI_MEMORY
        | WasmFeatures::CUSTOM_PAGE_SIZES
        | WasmFeatures::WIDE_ARITHMETIC
}

fn pool() -> PoolingAllocationConfig {
    let calls = POOLED_CALLS_MAX as u32;
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(calls)
        .total_core_instances(calls * 8)
        .total_memories(calls * 2)
        .total_tables(calls * 4)
        .total_stacks(calls)
        .max_component_instance_size(POOLED_INSTANCE_BYTES_MAX)
        .max_core_instance_size(POOLED_INSTANCE_BYTES_MAX)
        .max_core_instances_per_component(INSTANCES_MAX as u32)
        .max_memories_per_component(MEMORIES_MAX as u32)
        .max_tables_per_component(TABLES_MAX as u32)
        .max_memory_size(MEMORY_BYTES_MAX)
        .table_elements(TABLE_ELEMENTS_MAX);
    pool
}
