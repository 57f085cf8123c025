//! Components in the sandbox, good ones and hostile ones.

mod bed;
mod calls;
