//! How large a flow may be, with the unit in each name. `docs/limits.md` is written from `LIMITS`.

use model::limits::Limit;

pub const FLOW_FILE_BYTES_MAX: usize = 1024 * 1024;
pub const FLOW_NESTING_LEVELS_MAX: usize = 32;
/// What aliases repeat counts each time.
pub const FLOW_NODES_MAX: usize = 50_000;
pub const FLOW_ALIASES_MAX: usize = 100;
pub const FLOW_STEPS_MAX: usize = 5_000;
/// The problems that are told of one flow; it is said when there are more.
pub const FLOW_PROBLEMS_MAX: usize = 200;
pub const FLOW_NAME_BYTES_MAX: usize = 100;
pub const ATTEMPTS_MAX: u32 = 100;
pub const HANDLER_RETRIES_MAX: u32 = 3;
pub const PARALLEL_MAX: u32 = 64;
pub const WORKERS_MAX: u32 = 64;
pub const STEPS_PERFORMED_MAX: u64 = 1_000_000_000;

const fn limit(name: &'static str, value: u64, unit: &'static str, meaning: &'static str) -> Limit {
    Limit { name, value, unit, meaning }
}

/// All limits of a flow, in the order of the documentation.
pub const LIMITS: &[Limit] = &[
    limit("flow-file", FLOW_FILE_BYTES_MAX as u64, "bytes", "the file of a flow"),
    limit(
        "flow-nesting",
        FLOW_NESTING_LEVELS_MAX as u64,
        "levels",
        "mappings and lists within each other",
    ),
    limit(
        "flow-nodes",
        FLOW_NODES_MAX as u64,
        "nodes",
        "keys, values, lists and mappings; what an alias repeats counts each time",
    ),
    limit("flow-aliases", FLOW_ALIASES_MAX as u64, "aliases", "uses of YAML anchors in one file"),
    limit("flow-steps", FLOW_STEPS_MAX as u64, "steps", "steps written in one flow"),
    limit(
        "flow-problems",
        FLOW_PROBLEMS_MAX as u64,
        "problems",
        "problems told of one flow at a time",
    ),
    limit(
        "flow-name",
        FLOW_NAME_BYTES_MAX as u64,
        "bytes",
        "the name of a flow, an input, a step or a branch",
    ),
    limit("flow-attempts", ATTEMPTS_MAX as u64, "attempts", "attempts of one step"),
    limit(
        "handler-retries",
        HANDLER_RETRIES_MAX as u64,
        "retries",
        "retries that handlers of one step may ask for",
    ),
    limit("flow-parallel", PARALLEL_MAX as u64, "iterations", "iterations of a loop at once"),
    limit("flow-workers", WORKERS_MAX as u64, "workers", "workers of a queue trigger"),
    limit("flow-steps-performed", STEPS_PERFORMED_MAX, "steps", "the most that `steps-max` may be"),
];
