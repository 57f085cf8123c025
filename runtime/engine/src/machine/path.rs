//! Paths: where in a run something is, as the journal and people name it.

use std::fmt::Write;

use super::Machine;
use super::frame::Segment;

impl Machine<'_> {
    /// The path of a frame, such as `for_rows[17]/if/then/entry`.
    pub(super) fn path(&self, slot: usize) -> String {
        let mut segments = Vec::new();
        let mut at = Some(slot);
        while let Some(slot) = at {
            let frame = self.frame(slot);
            segments.push(&frame.segment);
            at = frame.parent;
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
