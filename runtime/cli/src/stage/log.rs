//! What steps log, as lines on stderr.

use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};
use engine::log::{Level, Line, LogSink};

/// Writes each line at once, so that a person sees how a step gets on.
pub(crate) struct Talk {
    /// Only warnings and errors.
    pub(crate) quiet: bool,
    pub(crate) color: bool,
}

impl Talk {
    fn say(&self, level: Level, text: &str) {
        let style = match level {
            Level::Debug => Style::new().dimmed(),
            Level::Info => AnsiColor::Cyan.on_default(),
            Level::Warning => AnsiColor::Yellow.on_default(),
            Level::Error => AnsiColor::Red.on_default(),
        };
        let style = if self.color { style } else { Style::new() };
        // Talk that nobody can hear is no error.
        let _unheard = writeln!(io::stderr(), "{style}{:7}{style:#} {text}", level.name());
    }
}

impl LogSink for Talk {
    fn write(&self, line: &Line) {
        if !self.quiet || line.level >= Level::Warning {
            self.say(line.level, &line.text());
        }
    }
}
