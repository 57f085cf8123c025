//! Steps that nothing leads to.

use crate::program::{Block, Kind, Step, Then, Until};

/// Whether what comes after a step is reached. Outside of loops `break` ends nothing: it is refused
/// itself.
pub(super) struct Ends {
    pub(super) in_loop: bool,
}

impl Ends {
    /// The index of the first step that is never reached.
    pub(super) fn behind(&self, block: &Block) -> Option<usize> {
        let end = block.steps.iter().position(|step| self.step(step))? + 1;
        (end < block.steps.len()).then_some(end)
    }

    fn block(&self, block: &Block) -> bool {
        block.steps.iter().any(|step| self.step(step))
    }

    fn step(&self, step: &Step) -> bool {
        let caught = step.handlers.iter().any(|handler| handler.then == Then::Continue);
        if step.condition.is_some() || caught {
            return false;
        }
        match &step.kind {
            Kind::Break | Kind::Continue => self.in_loop,
            Kind::Return { .. } | Kind::Fail { .. } => true,
            Kind::If { branches, otherwise: Some(otherwise) } => {
                branches.iter().all(|(_, block)| self.block(block)) && self.block(otherwise)
            }
            Kind::Switch { cases, default: Some(default), .. } => {
                cases.iter().all(|case| self.block(&case.steps)) && self.block(default)
            }
            Kind::Group { steps, .. } => self.block(steps),
            // The first iteration always runs; `break` and `continue` end no more than the loop.
            Kind::Loop { until: Until::Until(_), steps, .. } => {
                Self { in_loop: false }.block(steps) && !has_exit(steps)
            }
            _ => false,
        }
    }
}

/// Whether a `break` or `continue` stands anywhere in it.
fn has_exit(block: &Block) -> bool {
    let mut found = false;
    crate::walk::steps(block, &mut |step| {
        found |= matches!(step.kind, Kind::Break | Kind::Continue);
    });
    found
}
