//! Where in a JSON text a byte stands, for cutting it without reading it.

/// How deep the bytes so far have gone.
#[derive(Default)]
pub(super) struct Nesting {
    depth: u64,
    quoted: bool,
    escaped: bool,
}

impl Nesting {
    /// Takes the next byte; true if it stands in no text, list or object. A bracket that opens one
    /// still stands outside of it, and so does a closing one that nothing has opened.
    pub(super) fn is_outside(&mut self, byte: u8) -> bool {
        let outside = self.depth == 0 && !self.quoted;
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.quoted => self.escaped = true,
            b'"' => self.quoted = !self.quoted,
            _ if self.quoted => {}
            b'[' | b'{' => self.depth += 1,
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        outside
    }
}
