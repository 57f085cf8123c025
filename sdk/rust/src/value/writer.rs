//! JSON in the making.

use super::Value;

/// Writes JSON, on one line.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Writer(String);

impl Writer {
    pub(crate) fn finish(self) -> String {
        self.0
    }

    /// Writes what is JSON already.
    pub fn raw(&mut self, json: &str) {
        self.0.push_str(json);
    }

    pub fn text(&mut self, text: &str) {
        self.0.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => self.0.extend(['\\', c]),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                '\t' => self.0.push_str("\\t"),
                c if c < ' ' => self.0.extend(format!("\\u{:04x}", u32::from(c)).chars()),
                c => self.0.push(c),
            }
        }
        self.0.push('"');
    }

    pub fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&T, &mut Self)) {
        self.0.push('[');
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            write(item, self);
        }
        self.0.push(']');
    }

    /// Writes an object; `fields` calls [`Writer::field`] for each of them.
    pub fn object(&mut self, fields: impl FnOnce(&mut Self)) {
        self.0.push('{');
        fields(self);
        self.0.push('}');
    }

    pub fn field(&mut self, name: &str, value: &impl Value) {
        self.named(name, |out| value.write(out));
    }

    pub(crate) fn named(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.keyed(|out| out.text(name), write);
    }

    /// Writes a field whose name is written by `key`.
    pub(crate) fn keyed(&mut self, key: impl FnOnce(&mut Self), value: impl FnOnce(&mut Self)) {
        if !self.0.ends_with('{') {
            self.0.push(',');
        }
        key(self);
        self.0.push(':');
        value(self);
    }

    /// Writes a case with what it carries.
    pub fn case(&mut self, name: &str, payload: impl FnOnce(&mut Self)) {
        self.0.push('{');
        self.text(name);
        self.0.push(':');
        payload(self);
        self.0.push('}');
    }
}
