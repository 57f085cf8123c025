//! Steps that choose among blocks, or perform several at once.

use flow::program::{Block, Case, Code, Kind as Does, Template};
use model::Value;

use super::ended::Ended;
use super::frame::{Inner, Segment};
use super::{Machine, Todo};
use crate::failure::Failure;

impl<'f> Machine<'f> {
    /// Performs the block of the first condition that holds.
    pub(super) fn choose(
        &mut self,
        slot: usize,
        branches: &'f [(Code, Block)],
        otherwise: Option<&'f Block>,
    ) -> Result<(), Failure> {
        let flow = self.flow_of(slot);
        for (number, (condition, block)) in branches.iter().enumerate() {
            if self.holds(slot, condition, flow)? {
                let segment = match number {
                    0 => Segment::Word("then".into()),
                    number => Segment::Word(format!("else-if#{number}").into()),
                };
                self.push_block(slot, segment, block);
                return Ok(());
            }
        }
        self.perform_or_pass(slot, "else", otherwise);
        Ok(())
    }

    /// Performs the first case that has the value.
    pub(super) fn switch(
        &mut self,
        slot: usize,
        on: &'f Template,
        cases: &'f [Case],
        default: Option<&'f Block>,
    ) -> Result<(), Failure> {
        let flow = self.flow_of(slot);
        let value = self.make(slot, on, flow)?.into_value();
        for (number, case) in cases.iter().enumerate() {
            for is in &case.is {
                if equal(&value, self.make(slot, is, flow)?.value()) {
                    let segment = Segment::Word(format!("case#{}", number + 1).into());
                    self.push_block(slot, segment, &case.steps);
                    return Ok(());
                }
            }
        }
        self.perform_or_pass(slot, "default", default);
        Ok(())
    }

    fn perform_or_pass(&mut self, slot: usize, word: &'static str, block: Option<&'f Block>) {
        match block {
            Some(block) => {
                self.push_block(slot, Segment::Word(word.into()), block);
            }
            None => self.todo.push(Todo::Leave(slot, Ended::Done(None))),
        }
    }

    /// Begins all branches of a `parallel`.
    pub(super) fn begin_branches(&mut self, slot: usize) {
        let Some(parent) = self.frame(slot).parent else { return };
        let Inner::Step { step, .. } = self.frame(parent).inner else { return };
        let Does::Parallel { branches } = &step.kind else { return };
        if let Inner::Branches { left } = &mut self.frame_mut(slot).inner {
            *left = branches.len();
        }
        if branches.is_empty() {
            return self.todo.push(Todo::Leave(slot, Ended::Done(None)));
        }
        // What is pushed last is done first.
        for (name, block) in branches.iter().rev() {
            self.push_block(slot, Segment::Label(name), block);
        }
    }

    /// A branch has ended; one that failed ends the others.
    pub(super) fn ended_branch(&mut self, slot: usize, inside: usize, ended: Ended) {
        self.drop_frame(inside);
        let Inner::Branches { left } = &mut self.frame_mut(slot).inner else { return };
        *left -= 1;
        let left = *left;
        match ended {
            Ended::Done(_) if left > 0 => {}
            Ended::Done(_) => self.todo.push(Todo::Leave(slot, Ended::Done(None))),
            ended => {
                self.abort_inside(slot);
                self.todo.push(Todo::Leave(slot, ended));
            }
        }
    }
}

/// Whether two values are equal as `==` of expressions has it: numbers by magnitude.
fn equal(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => one.compare(two).is_eq(),
        (one, two) => one == two,
    }
}
