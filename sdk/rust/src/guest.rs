//! The host as a plugin sees it: its functions are imports.

pub(crate) mod bindings;
pub(crate) mod datetime;
pub(crate) mod files;
pub(crate) mod http;
pub(crate) mod json;
pub(crate) mod log;
pub(crate) mod queue;
pub(crate) mod secrets;

use bindings::wharf::host::types;

use crate::Problem;

impl From<types::Problem> for Problem {
    fn from(problem: types::Problem) -> Self {
        let types::Problem { code, message, hint } = problem;
        Self { code, message, hint }
    }
}

/// The errors of an interface, case by case.
macro_rules! refused {
    ($wire:ty => $error:ty { $($case:ident)* }) => {
        impl From<$wire> for $error {
            fn from(error: $wire) -> Self {
                type Wire = $wire;
                match error {
                    $(Wire::$case(problem) => Self::$case(problem.into()),)*
                }
            }
        }
    };
}

pub(crate) use refused;
