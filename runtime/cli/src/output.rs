//! What the command says: data to stdout, talk to stderr.

pub(crate) mod json;
mod table;

use std::io::Write;

use anstyle::Style;
use clap::ValueEnum;

use crate::error::{Error, Result};
pub(crate) use table::{Table, fields, one_line};

/// The form of the data on stdout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns for people.
    #[default]
    Text,
    /// One JSON document: an array where there can be several.
    Json,
    /// One JSON object a line.
    Jsonl,
}

impl Format {
    pub(crate) fn is_text(self) -> bool {
        self == Self::Text
    }
}

/// Both ways out, and how to use them.
pub(crate) struct Output {
    pub(crate) format: Format,
    pub(crate) quiet: bool,
    /// Colour on stdout and on stderr.
    pub(crate) color: (bool, bool),
    /// How many columns the terminal has; `None` where there is none.
    pub(crate) columns: Option<usize>,
    /// Progress may be drawn on stderr.
    pub(crate) progress: bool,
    pub(crate) out: Box<dyn Write>,
    pub(crate) err: Box<dyn Write>,
    /// What was done, for whoever cannot read the output.
    pub(crate) done: Option<String>,
}

impl Output {
    pub(crate) fn is_text(&self) -> bool {
        self.format.is_text()
    }

    /// A line of data.
    pub(crate) fn line(&mut self, text: &str) -> Result<()> {
        self.write(text)?;
        self.write("\n")
    }

    /// Data as it is.
    pub(crate) fn write(&mut self, text: &str) -> Result<()> {
        let written = self.out.write_all(text.as_bytes());
        written.map_err(|source| Error::Output { source, done: self.done.clone() })
    }

    pub(crate) fn flush(&mut self) -> Result<()> {
        let flushed = self.out.flush();
        flushed.map_err(|source| Error::Output { source, done: self.done.clone() })
    }

    /// Remembers what was done. An output that fails from now on is no failure of that.
    pub(crate) fn did(&mut self, what: impl Into<String>) {
        self.done = Some(what.into());
    }

    /// Something a person wants to know, unless they asked for silence.
    pub(crate) fn say(&mut self, text: &str) {
        if !self.quiet {
            self.warn(text);
        }
    }

    /// Something that must be said, after the data so far. Talk that nobody can hear is no error.
    pub(crate) fn warn(&mut self, text: &str) {
        let _unread = self.out.flush();
        let _unheard = writeln!(self.err, "{text}");
    }

    /// The error that ends the command; nothing is printed after it.
    pub(crate) fn fail(&mut self, error: &Error) {
        if self.is_text() {
            self.warn(error.render(self.color.1).trim_end());
        } else {
            self.warn(&error.object());
        }
    }

    /// A table, its header in bold where there is colour; nothing where there are no rows.
    pub(crate) fn table(&mut self, table: &Table) -> Result<()> {
        let bold = if self.color.0 { Style::new().bold() } else { Style::new() };
        let (titles, lines) = table.lines(self.columns);
        if let Some(titles) = titles {
            self.line(&format!("{bold}{titles}{bold:#}"))?;
        }
        lines.iter().try_for_each(|line| self.line(line))
    }

    /// JSON objects: an array, or a line each.
    pub(crate) fn objects(&mut self, objects: impl IntoIterator<Item = String>) -> Result<()> {
        let array = self.format != Format::Jsonl;
        let mut first = true;
        for object in objects {
            match (array, first) {
                (true, true) => self.write("[")?,
                (true, false) => self.write(",\n ")?,
                (false, true) => {}
                (false, false) => self.write("\n")?,
            }
            first = false;
            self.write(&object)?;
        }
        match (array, first) {
            (true, true) => self.line("[]"),
            (true, false) => self.line("]"),
            (false, true) => Ok(()),
            (false, false) => self.line(""),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What was written, for tests to look at.
    #[derive(Clone, Default)]
    pub(crate) struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Sink {
        pub(crate) fn take(&self) -> String {
            let bytes = std::mem::take(&mut *self.0.lock().expect("no writer panics"));
            String::from_utf8(bytes).expect("text")
        }
    }

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no writer panics").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// An output that writes into the two sinks.
    pub(crate) fn captured(format: Format) -> (Output, Sink, Sink) {
        let (out, err) = (Sink::default(), Sink::default());
        let output = Output {
            format,
            quiet: false,
            color: (false, false),
            columns: None,
            progress: false,
            out: Box::new(out.clone()),
            err: Box::new(err.clone()),
            done: None,
        };
        (output, out, err)
    }

    #[test]
    fn objects_are_an_array_or_lines() {
        let objects = || vec![r#"{"a":1}"#.to_owned(), r#"{"a":2}"#.to_owned()];
        for (format, objects, expected) in [
            (Format::Json, objects(), "[{\"a\":1},\n {\"a\":2}]\n"),
            (Format::Json, vec![], "[]\n"),
            (Format::Jsonl, objects(), "{\"a\":1}\n{\"a\":2}\n"),
            (Format::Jsonl, vec![], ""),
        ] {
            let (mut output, out, _) = captured(format);
            output.objects(objects).expect("a sink takes everything");
            assert_eq!(out.take(), expected);
        }
    }
}
