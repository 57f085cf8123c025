//! Walking through the steps of a flow, whatever they are within.

use indexmap::IndexMap;

use crate::program::{Block, Flow, ForEach, Kind, Process, Step, Template};

/// Every step of a block and of the blocks within it, in the order of the text.
pub fn steps<'b>(block: &'b Block, visit: &mut dyn FnMut(&'b Step)) {
    for step in &block.steps {
        visit(step);
        for inner in blocks(step) {
            steps(inner, visit);
        }
    }
}

/// The names of the actions that a flow uses, in the order of the text.
pub fn actions(flow: &Flow) -> Vec<&str> {
    let mut found = Vec::new();
    for block in std::iter::once(&flow.steps).chain(&flow.on_failure) {
        steps(block, &mut |step| {
            if let Kind::Uses { action, .. } = &step.kind {
                found.push(action.value.as_str());
            }
        });
    }
    found
}

/// Shows the inputs of every action that a flow uses, to be changed.
pub fn uses(flow: &mut Flow, visit: &mut dyn FnMut(&str, &mut IndexMap<String, Template>)) {
    for block in std::iter::once(&mut flow.steps).chain(&mut flow.on_failure) {
        uses_in(block, visit);
    }
}

fn uses_in(block: &mut Block, visit: &mut dyn FnMut(&str, &mut IndexMap<String, Template>)) {
    for step in &mut block.steps {
        if let Kind::Uses { action, with } = &mut step.kind {
            visit(&action.value, with);
        }
        for inner in blocks_mut(step) {
            uses_in(inner, visit);
        }
    }
}

fn blocks_mut(step: &mut Step) -> Vec<&mut Block> {
    let mut blocks: Vec<&mut Block> = match &mut step.kind {
        Kind::If { branches, otherwise } => {
            branches.iter_mut().map(|(_, block)| block).chain(otherwise).collect()
        }
        Kind::Switch { cases, default, .. } => {
            cases.iter_mut().map(|case| &mut case.steps).chain(default).collect()
        }
        Kind::ForEach(ForEach { steps, .. })
        | Kind::Loop { steps, .. }
        | Kind::Process(Process { steps, .. })
        | Kind::Group { steps, .. } => vec![steps],
        Kind::Parallel { branches } => branches.values_mut().collect(),
        Kind::Unread(blocks) => blocks.iter_mut().collect(),
        _ => Vec::new(),
    };
    blocks.extend(step.handlers.iter_mut().filter_map(|handler| handler.steps.as_mut()));
    blocks
}

/// The blocks of a step, those of its handlers last.
pub(crate) fn blocks(step: &Step) -> Vec<&Block> {
    let mut blocks: Vec<&Block> = match &step.kind {
        Kind::If { branches, otherwise } => {
            branches.iter().map(|(_, block)| block).chain(otherwise).collect()
        }
        Kind::Switch { cases, default, .. } => {
            cases.iter().map(|case| &case.steps).chain(default).collect()
        }
        Kind::ForEach(ForEach { steps, .. })
        | Kind::Loop { steps, .. }
        | Kind::Process(Process { steps, .. })
        | Kind::Group { steps, .. } => vec![steps],
        Kind::Parallel { branches } => branches.values().collect(),
        Kind::Unread(blocks) => blocks.iter().collect(),
        _ => Vec::new(),
    };
    blocks.extend(step.handlers.iter().filter_map(|handler| handler.steps.as_ref()));
    blocks
}
