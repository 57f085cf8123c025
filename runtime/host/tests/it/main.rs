//! Components in the sandbox, good ones and hostile ones.

mod bed;
mod bombs;
mod caching;
mod calls;
mod compiling;
mod pooling;
mod programs;
mod zoo;
