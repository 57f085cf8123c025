//! Tests across crates. Those of the command as a process stand beside it, in `runtime/cli/tests`.

#[cfg(test)]
mod limits;
#[cfg(test)]
mod socket;
