//! The names in scope, and what is known of each.

use indexmap::IndexMap;

use crate::expr::{Type, Types};
use crate::program::{Block, Step};
use crate::source::Span;
use crate::walk;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// It is there from the start.
    Root,
    /// The output of a step.
    Id,
    /// What `set` gave it.
    Set,
    /// The item or the index of a loop.
    Loop,
}

#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) of: Of,
    pub(super) span: Span,
    pub(super) used: bool,
    /// Its type could not be worked out because of a problem that has been told.
    pub(super) broken: bool,
    /// A step of that id gives nothing.
    pub(super) empty: bool,
    /// Within how many branches and iterations that run beside others it was declared.
    fences: usize,
}

/// Names by blocks: a block begins at a mark, and leaving it takes away what came after.
#[derive(Debug, Default)]
pub(super) struct Scope {
    types: Types,
    /// The same names in the same order.
    names: IndexMap<String, Name>,
    /// Names whose block has ended.
    past: IndexMap<String, Span>,
    /// All ids of the flow, wherever they stand.
    ids: IndexMap<String, Span>,
    /// How many branches and iterations that run beside others the step in hand is within.
    fences: usize,
}

impl Scope {
    pub(super) fn root(&mut self, name: &str, known: Type) {
        self.declare(name, Of::Root, Span::default(), known).used = true;
    }

    pub(super) fn declare(&mut self, name: &str, of: Of, span: Span, known: Type) -> &mut Name {
        let fences = self.fences;
        let entry = Name { of, span, used: false, broken: false, empty: false, fences };
        self.types.insert(name.to_owned(), known);
        self.names.entry(name.to_owned()).insert_entry(entry).into_mut()
    }

    /// Remembers the ids of all steps, to tell what is not there yet from what never is.
    pub(super) fn foresee(&mut self, block: &Block) {
        walk::steps(block, &mut |step: &Step| {
            if let Some(id) = &step.id {
                self.ids.entry(id.value.clone()).or_insert(id.span);
            }
        });
    }

    pub(super) fn types(&self) -> &Types {
        &self.types
    }

    pub(super) fn get(&self, name: &str) -> Option<&Name> {
        self.names.get(name)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Name> {
        self.names.get_mut(name)
    }

    pub(super) fn known(&self, name: &str) -> Option<&Type> {
        self.types.get(name)
    }

    /// A name stands for something else for a while: what it stood for before, if for anything.
    pub(super) fn instead(&mut self, name: &str, known: Type) -> Option<Instead> {
        let fences = std::mem::replace(&mut self.names.get_mut(name)?.fences, self.fences);
        let known = std::mem::replace(self.types.get_mut(name)?, known);
        Some(Instead { fences, known })
    }

    /// Gives a name back to what it stood for, or takes it away.
    pub(super) fn again(&mut self, name: &str, before: Option<Instead>) {
        if let Some(Instead { fences, known }) = before {
            self.names.entry(name.to_owned()).and_modify(|it| it.fences = fences);
            self.types.insert(name.to_owned(), known);
        } else {
            self.types.shift_remove(name);
            self.names.shift_remove(name);
        }
    }

    /// The names one can read, to suggest one.
    pub(super) fn readable(&self) -> impl Iterator<Item = &str> + Clone {
        self.names.iter().filter(|(_, it)| !it.empty).map(|(name, _)| name.as_str())
    }

    pub(super) fn past(&self, name: &str) -> Option<Span> {
        self.past.get(name).copied()
    }

    pub(super) fn later(&self, name: &str) -> Option<Span> {
        self.ids.get(name).copied()
    }

    pub(super) fn enter(&self) -> usize {
        self.names.len()
    }

    /// Ends a block, and gives the names that end with it.
    pub(super) fn leave(&mut self, mark: usize) -> Vec<(String, Name)> {
        self.types.truncate(mark);
        let ended = self.names.split_off(mark);
        self.past.extend(ended.iter().map(|(name, it)| (name.clone(), it.span)));
        ended.into_iter().collect()
    }

    /// Begins a branch or an iteration that runs beside others.
    pub(super) fn fence(&mut self) {
        self.fences += 1;
    }

    pub(super) fn unfence(&mut self) {
        self.fences -= 1;
    }

    /// Whether the name comes from outside of what runs beside others.
    pub(super) fn is_outside(&self, name: &str) -> bool {
        self.names.get(name).is_some_and(|it| it.fences < self.fences)
    }
}

/// What a name stood for.
#[derive(Debug)]
pub(super) struct Instead {
    fences: usize,
    known: Type,
}
