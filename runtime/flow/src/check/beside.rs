//! What branches and iterations that run beside others may not do, and what belongs to no group
//! that is one transaction.

use crate::source::Span;

use super::Checker;
use super::step::Around;

impl Checker<'_> {
    /// Checks what runs beside others, with names of outside that it may not assign.
    pub(super) fn beside(&mut self, check: impl FnOnce(&mut Self)) {
        self.scope.fence();
        check(self);
        self.scope.unfence();
    }

    /// A group that is one transaction takes only what the store can take back.
    pub(super) fn not_atomic(&mut self, span: Span, what: &str) {
        if !self.around.contains(&Around::Atomic) {
            return;
        }
        let message = format!("{what} cannot be a part of an atomic group");
        let hint = "an atomic group is one transaction of the store: do this before or after it";
        self.error("flow/atomic", span, message, hint);
    }

    /// `break` and `continue` need a loop, and reach no further than the branch they are in.
    pub(super) fn leaves_loop(&mut self, word: &str, span: Span) {
        for around in self.around.iter().rev() {
            match around {
                Around::Loop { parallel: false, .. } => return,
                Around::Loop { parallel: true, .. } if word == "continue" => return,
                Around::Loop { .. } | Around::Branch => {
                    let message = format!("`{word}` cannot stop what runs beside it");
                    let hint = "let the branch or iteration end, or take `parallel` away";
                    self.error("flow/parallel-break", span, message, hint);
                    return;
                }
                Around::Atomic => {}
            }
        }
        let message = format!("`{word}` stands in no loop");
        let hint = "use it inside `for-each`, `loop` or `process`; `return` ends the flow";
        self.error("flow/no-loop", span, message, hint);
    }
}
