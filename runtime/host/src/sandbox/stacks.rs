//! The stacks that calls run on, kept for the next: to map and unmap two megabytes costs more than
//! most calls.
//!
//! A plugin cannot address the stack that it runs on, so nothing of a call can be read in another.

use std::ffi::c_void;
use std::ops::Range;
use std::ptr;
use std::sync::{Arc, Mutex};

use rustix::mm::{MapFlags, MprotectFlags, ProtFlags, mmap_anonymous, mprotect, munmap};
use rustix::param::page_size;
use wasmtime::{StackCreator, StackMemory};

/// Stacks kept; more calls at a time map their own and unmap them.
const IDLE_STACKS_MAX: usize = 16;

type Idle = Arc<Mutex<Vec<Mapping>>>;

/// Makes stacks for the engine.
#[derive(Debug, Default)]
pub(super) struct Stacks {
    idle: Idle,
}

/// A range of memory whose lowest page can be neither read nor written.
#[derive(Debug)]
struct Mapping {
    base: *mut c_void,
    bytes: usize,
}

/// A mapping on loan to the engine.
struct Stack {
    /// There until it is dropped.
    mapping: Option<Mapping>,
    idle: Idle,
}

#[expect(unsafe_code, reason = "the pointer is what keeps it from being so by itself")]
// SAFETY: a mapping belongs to the process, not to a thread, and has one owner.
unsafe impl Send for Mapping {}

#[expect(unsafe_code, reason = "the pointer is what keeps it from being so by itself")]
// SAFETY: through a shared reference only the addresses can be read.
unsafe impl Sync for Mapping {}

impl Mapping {
    #[expect(unsafe_code, reason = "memory of its own is what a stack is")]
    fn new(size: usize) -> rustix::io::Result<Self> {
        let bytes = size.next_multiple_of(page_size()) + page_size();
        let all = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: the system chooses a range that nobody has.
        let base = unsafe { mmap_anonymous(ptr::null_mut(), bytes, all, MapFlags::PRIVATE)? };
        let mapping = Self { base, bytes };
        // SAFETY: the page is the first of the range that was mapped just now.
        unsafe { mprotect(base, page_size(), MprotectFlags::empty())? };
        Ok(mapping)
    }

    fn usable(&self) -> Range<usize> {
        let base = self.base as usize;
        base + page_size()..base + self.bytes
    }
}

impl Drop for Mapping {
    #[expect(unsafe_code, reason = "memory of its own is what a stack is")]
    fn drop(&mut self) {
        // SAFETY: the range is the one that was mapped, and its only owner is gone.
        let unmapped = unsafe { munmap(self.base, self.bytes) };
        unmapped.expect("a range that was mapped can be unmapped");
    }
}

#[expect(unsafe_code, reason = "the engine trusts in what the stack promises")]
// SAFETY: stacks are page aligned and have an inaccessible page below. They are zero when new;
// later they hold what the engine itself left there, which it allows unless it asks for zeroes.
unsafe impl StackCreator for Stacks {
    fn new_stack(&self, size: usize, zeroed: bool) -> wasmtime::Result<Box<dyn StackMemory>> {
        let kept = || self.idle.lock().expect("no holder of this lock can panic").pop();
        let mapping = match kept().filter(|kept| !zeroed && kept.usable().len() >= size) {
            Some(kept) => kept,
            None => Mapping::new(size)?,
        };
        Ok(Box::new(Stack { mapping: Some(mapping), idle: Arc::clone(&self.idle) }))
    }
}

impl Stack {
    fn mapping(&self) -> &Mapping {
        self.mapping.as_ref().expect("it is taken when dropped only")
    }
}

#[expect(unsafe_code, reason = "the engine trusts in what the stack promises")]
// SAFETY: the ranges are those of the mapping, which lives as long as this does.
unsafe impl StackMemory for Stack {
    fn top(&self) -> *mut u8 {
        self.mapping().base.cast::<u8>().wrapping_add(self.mapping().bytes)
    }

    fn range(&self) -> Range<usize> {
        self.mapping().usable()
    }

    fn guard_range(&self) -> Range<*mut u8> {
        let base = self.mapping().base.cast::<u8>();
        base..base.wrapping_add(page_size())
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let mut idle = self.idle.lock().expect("no holder of this lock can panic");
        if idle.len() < IDLE_STACKS_MAX {
            idle.extend(self.mapping.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_are_kept_up_to_a_bound() {
        let stacks = Stacks::default();
        let first = stacks.new_stack(64 * 1024, false).unwrap();
        let top = first.top();
        drop(first);
        assert_eq!(stacks.new_stack(64 * 1024, false).unwrap().top(), top);
        let many: Vec<_> =
            (0..=IDLE_STACKS_MAX).map(|_| stacks.new_stack(64 * 1024, false).unwrap()).collect();
        drop(many);
        assert_eq!(stacks.idle.lock().unwrap().len(), IDLE_STACKS_MAX);
    }

    #[test]
    fn stacks_are_aligned_and_guarded() {
        let stack = Stacks::default().new_stack(100_000, true).unwrap();
        let (range, guard) = (stack.range(), stack.guard_range());
        assert_eq!(range.start % page_size(), 0);
        assert_eq!(range.end, stack.top() as usize);
        assert!(range.len() >= 100_000);
        assert_eq!(guard.end as usize, range.start);
        assert_eq!(guard.end as usize - guard.start as usize, page_size());
    }

    #[test]
    fn stacks_too_small_are_not_reused() {
        let stacks = Stacks::default();
        drop(stacks.new_stack(64 * 1024, false).unwrap());
        assert!(stacks.new_stack(128 * 1024, false).unwrap().range().len() >= 128 * 1024);
    }
}
