//! Steps that nothing leads to.

use crate::program::{Block, Kind, Step, Then, Until};

/// The index of the first step that is never reached.
pub(super) fn first(block: &Block) -> Option<usize> {
    let end = block.steps.iter().position(ends)? + 1;
    (end < block.steps.len()).then_some(end)
}

/// Whether nothing that comes after the step is reached.
fn ends(step: &Step) -> bool {
    let caught = step.handlers.iter().any(|handler| handler.then == Then::Continue);
    if step.condition.is_some() || caught {
        return false;
    }
    match &step.kind {
        Kind::Break | Kind::Continue | Kind::Return { .. } | Kind::Fail { .. } => true,
        Kind::If { branches, otherwise: Some(otherwise) } => {
            branches.iter().all(|(_, block)| block_ends(block)) && block_ends(otherwise)
        }
        Kind::Switch { cases, default: Some(default), .. } => {
            cases.iter().all(|case| block_ends(&case.steps)) && block_ends(default)
        }
        Kind::Group { steps, .. } => block_ends(steps),
        // The first iteration always runs, and `break` and `continue` end no more than the loop.
        Kind::Loop { until: Until::Until(_), steps, .. } => {
            steps.steps.iter().any(|step| leaves(step) && ends(step))
        }
        _ => false,
    }
}

fn leaves(step: &Step) -> bool {
    matches!(step.kind, Kind::Return { .. } | Kind::Fail { .. })
}

fn block_ends(block: &Block) -> bool {
    block.steps.iter().any(ends)
}
