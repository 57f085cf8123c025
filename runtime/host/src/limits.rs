//! What a plugin may use: every bound with its name, its unit and its default.

use std::fmt;
use std::time::Duration;

use model::limits::Limit;

/// The largest component that is looked at; a whole Python interpreter has about 18 MB.
pub const COMPONENT_BYTES_MAX: usize = 64 * 1024 * 1024;
/// What all memories of one call may hold together.
pub const MEMORY_BYTES_MAX: usize = 256 * 1024 * 1024;
pub const MEMORIES_MAX: usize = 16;
pub const TABLES_MAX: usize = 64;
/// Elements of all tables of one call together, each as large as a pointer.
pub const TABLE_ELEMENTS_MAX: usize = 100_000;
/// Core instances of one call; interpreters are linked from a few dozen libraries.
pub const INSTANCES_MAX: usize = 64;
/// What one call from a plugin into its host may hand over, and what a result may be made of.
pub const HOST_CALL_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Resources that one call may hold at a time.
pub const HANDLES_MAX: usize = 1_024;
/// How long a call may take, waiting included.
pub const CALL_TIME_MAX: Duration = Duration::from_mins(1);
/// The text and the numbers of a result, together.
pub const RESULT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Random bytes in one request.
pub const RANDOM_BYTES_MAX: usize = 64 * 1024;
/// The stack of a plugin's own code.
pub const WASM_STACK_BYTES: usize = 512 * 1024;
/// The stack of the fiber that a call runs on; host functions have what is beyond the plugin's.
pub const FIBER_STACK_BYTES: usize = 2 * 1024 * 1024;
/// Calls at a time in a sandbox that pools; one that does not has no bound of its own.
pub const POOLED_CALLS_MAX: usize = 64;
/// How often running code looks whether it should stop.
pub const TICK: Duration = Duration::from_millis(10);
/// Frames of a plugin's stack that a trap shows.
pub const TRACE_FRAMES_MAX: usize = 32;
/// Address space of the process that compiles.
pub const COMPILE_MEMORY_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// Processor time of the process that compiles, all its threads together.
pub const COMPILE_CPU_SECONDS_MAX: u64 = 60;
pub const COMPILE_TIME_MAX: Duration = Duration::from_secs(90);
/// The machine code of one component.
pub const ARTIFACT_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// All files of the cache together.
pub const CACHE_BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// A project file, and the ceiling above it.
pub const PROJECT_BYTES_MAX: usize = 1024 * 1024;
pub const PLUGIN_NAME_BYTES_MAX: usize = 64;

const fn limit(name: &'static str, value: u64, unit: &'static str, meaning: &'static str) -> Limit {
    Limit { name, value, unit, meaning }
}

const fn of(bound: Bound, value: u64, meaning: &'static str) -> Limit {
    limit(bound.name(), value, bound.unit(), meaning)
}

/// All limits, in the order of the documentation.
pub const ALL: &[Limit] = &[
    of(Bound::Component, COMPONENT_BYTES_MAX as u64, "a component"),
    of(Bound::Memory, MEMORY_BYTES_MAX as u64, "all memories of one call together"),
    of(Bound::Memories, MEMORIES_MAX as u64, "memories of one call"),
    of(Bound::Tables, TABLES_MAX as u64, "tables of one call"),
    of(Bound::TableElements, TABLE_ELEMENTS_MAX as u64, "elements of all its tables together"),
    of(Bound::Instances, INSTANCES_MAX as u64, "core instances of one call"),
    of(Bound::HostCall, HOST_CALL_BYTES_MAX as u64, "what one call into the host hands over"),
    of(Bound::Handles, HANDLES_MAX as u64, "resources that one call holds at a time"),
    of(Bound::Result, RESULT_BYTES_MAX as u64, "the result of a call"),
    of(Bound::Random, RANDOM_BYTES_MAX as u64, "random bytes in one request"),
    of(Bound::Stack, WASM_STACK_BYTES as u64, "the stack of a plugin's own code"),
    of(Bound::PooledCalls, POOLED_CALLS_MAX as u64, "calls at a time where instances are pooled"),
    limit(
        "plugin-call-time",
        CALL_TIME_MAX.as_secs(),
        "seconds",
        "a call, waiting included, where nothing else is said",
    ),
    of(Bound::CompileMemory, COMPILE_MEMORY_BYTES_MAX, "address space of the compiler"),
    of(Bound::CompileCpu, COMPILE_CPU_SECONDS_MAX, "processor time of the compiler"),
    of(Bound::CompileTime, COMPILE_TIME_MAX.as_secs(), "how long one component is compiled"),
    of(Bound::Artifact, ARTIFACT_BYTES_MAX, "the machine code of one component"),
    limit("plugin-cache", CACHE_BYTES_MAX, "bytes", "the cache; the oldest code makes room"),
    limit(
        "plugin-trace",
        TRACE_FRAMES_MAX as u64,
        "frames",
        "the trace of a trap; more are left out",
    ),
    limit("plugin-name", PLUGIN_NAME_BYTES_MAX as u64, "bytes", "the name of a plugin"),
    limit("project-file", PROJECT_BYTES_MAX as u64, "bytes", "a project file, and a ceiling"),
];

/// A bound that something went over, by the name that configuration and errors use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    Component,
    Memory,
    Memories,
    Tables,
    TableElements,
    Instances,
    HostCall,
    Handles,
    Result,
    Random,
    Stack,
    CompileMemory,
    CompileCpu,
    CompileTime,
    Artifact,
    PooledCalls,
}

impl Bound {
    pub const ALL: [Self; 16] = [
        Self::Component,
        Self::Memory,
        Self::Memories,
        Self::Tables,
        Self::TableElements,
        Self::Instances,
        Self::HostCall,
        Self::Handles,
        Self::Result,
        Self::Random,
        Self::Stack,
        Self::CompileMemory,
        Self::CompileCpu,
        Self::CompileTime,
        Self::Artifact,
        Self::PooledCalls,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Component => "plugin-component",
            Self::Memory => "plugin-memory",
            Self::Memories => "plugin-memories",
            Self::Tables => "plugin-tables",
            Self::TableElements => "plugin-table-elements",
            Self::Instances => "plugin-instances",
            Self::HostCall => "plugin-host-call",
            Self::Handles => "plugin-handles",
            Self::Result => "plugin-result",
            Self::Random => "plugin-random",
            Self::Stack => "plugin-stack",
            Self::CompileMemory => "plugin-compile-memory",
            Self::CompileCpu => "plugin-compile-cpu",
            Self::CompileTime => "plugin-compile-time",
            Self::Artifact => "plugin-artifact",
            Self::PooledCalls => "plugin-pooled-calls",
        }
    }

    /// What to do about it: no setting raises these.
    pub(crate) const fn advice(self) -> &'static str {
        match self {
            Self::Memory => "let the step hold less at a time, such as one page of a long list",
            Self::HostCall => "hand over less in one call, such as part of the list or of the file",
            Self::Handles => "drop what the step holds before it takes more",
            Self::Result => "return less, or put it into a file or a queue and return its name",
            Self::Random => "ask for fewer random bytes at a time",
            Self::Stack => "recurse less deeply, and keep large values in a `Vec` or a `Box`",
            Self::TableElements | Self::Memories | Self::Tables | Self::Instances => {
                "build the component of fewer or smaller modules"
            }
            Self::Component
            | Self::CompileMemory
            | Self::CompileCpu
            | Self::CompileTime
            | Self::Artifact => {
                "make the component smaller: `wharf build --release`, fewer libraries, shorter \
                 functions"
            }
            Self::PooledCalls => "call it again when other calls have ended",
        }
    }

    /// What the bound counts; some names say it themselves.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Memories => "memories",
            Self::Tables => "tables",
            Self::TableElements => "elements",
            Self::Instances => "instances",
            Self::Handles => "handles",
            Self::PooledCalls => "calls",
            Self::CompileCpu | Self::CompileTime => "seconds",
            Self::Component
            | Self::Memory
            | Self::HostCall
            | Self::Result
            | Self::Random
            | Self::Stack
            | Self::CompileMemory
            | Self::Artifact => "bytes",
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// What one call may use. The defaults are the constants of this module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    pub memory_bytes: usize,
    pub memories: usize,
    pub tables: usize,
    pub table_elements: usize,
    pub instances: usize,
    pub host_call_bytes: usize,
    pub handles: usize,
    pub result_bytes: usize,
    pub random_bytes: usize,
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: MEMORY_BYTES_MAX,
            memories: MEMORIES_MAX,
            tables: TABLES_MAX,
            table_elements: TABLE_ELEMENTS_MAX,
            instances: INSTANCES_MAX,
            host_call_bytes: HOST_CALL_BYTES_MAX,
            handles: HANDLES_MAX,
            result_bytes: RESULT_BYTES_MAX,
            random_bytes: RANDOM_BYTES_MAX,
            time: CALL_TIME_MAX,
        }
    }
}
