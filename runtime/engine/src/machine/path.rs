//! Paths: where in a run something is, as the journal and people name it.

use std::fmt::Write;

use super::Machine;
use super::frame::{Inner, Segment};

impl Machine<'_> {
    /// The path of a frame, such as `for_rows[17]/if/then/entry`.
    pub(super) fn path(&self, slot: usize) -> String {
        self.path_below(slot, None)
    }

    /// The path of a frame within the work on an item, wherever the loop has come to.
    pub(super) fn path_in_work(&self, slot: usize) -> String {
        let mut at = Some(slot);
        while let Some(slot) = at {
            let frame = self.frame(slot);
            let parent = frame.parent;
            let works = |parent| matches!(self.frame(parent).inner, Inner::Process(_));
            if parent.is_some_and(works) {
                break;
            }
            at = parent;
        }
        self.path_below(slot, at)
    }

    fn path_below(&self, slot: usize, top: Option<usize>) -> String {
        let mut segments = Vec::new();
        let mut at = Some(slot).filter(|slot| Some(*slot) != top);
        while let Some(slot) = at {
            let frame = self.frame(slot);
            segments.push(&frame.segment);
            at = frame.parent.filter(|parent| Some(*parent) != top);
        }
        let mut path = String::new();
        for segment in segments.into_iter().rev() {
            let word = match segment {
                Segment::None => continue,
                Segment::Iteration(number) => {
                    write!(path, "[{number}]").expect("a String takes all");
                    continue;
                }
                Segment::Label(label) => label,
                Segment::Word(word) => &**word,
            };
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(word);
        }
        path
    }
}
