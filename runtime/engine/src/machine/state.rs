//! The state of a run as plain data, and back.
//!
//! A checkpoint holds the frames with their names, positions and counters. Lists that loops go over
//! are large and do not change: they are handed out once, beside it, and named by a number.
//!
//! What is saved is told by labels and words, so it can be read against the text of the flow that
//! it was made of, and nothing else.

mod read;
mod write;

use flow::program::{Block, Kind as Does, Step};
use model::Value;

pub use read::{Lists, NotAState, failure as failure_of};
pub use write::of_failure as value_of_failure;

/// The version of the form that is written.
pub const FORMAT: u64 = 1;

/// A saved state.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    pub state: Value,
    /// Lists it needs that no earlier checkpoint of this machine had.
    pub lists: Lists,
}

/// The block that a segment leads to from a step.
fn block_at<'f>(step: &'f Step, word: &str) -> Option<&'f Block> {
    let numbered = |prefix: &str| word.strip_prefix(prefix)?.parse::<usize>().ok();
    if let Some(number) = numbered("on-error#") {
        return step.handlers.get(number.checked_sub(1)?)?.steps.as_ref();
    }
    match &step.kind {
        Does::If { branches, otherwise } => match word {
            "then" => branches.first().map(|(_, block)| block),
            "else" => otherwise.as_ref(),
            _ => branches.get(numbered("else-if#")?).map(|(_, block)| block),
        },
        Does::Switch { cases, default, .. } => match word {
            "default" => default.as_ref(),
            _ => cases.get(numbered("case#")?.checked_sub(1)?).map(|case| &case.steps),
        },
        Does::Parallel { branches } => branches.get(word),
        _ => None,
    }
}

/// The block that a step repeats, or has inside without a name.
fn body_of(step: &Step) -> Option<&Block> {
    match &step.kind {
        Does::ForEach(each) => Some(&each.steps),
        Does::Loop { steps, .. } | Does::Group { steps, .. } => Some(steps),
        Does::Process(process) => Some(&process.steps),
        _ => None,
    }
}
