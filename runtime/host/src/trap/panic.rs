//! The message of a Rust panic, out of what the plugin wrote to stderr.

use super::frame::short;

const MARK: &str = "panicked at ";
/// A message may be as long as the plugin likes; an error is not.
const MESSAGE_CHARS_MAX: usize = 2_000;

/// `the message, at src/lib.rs:14:5`, of the last panic in the text.
pub(super) fn message(stderr: &str) -> Option<String> {
    let start = stderr.rfind(MARK)? + MARK.len();
    let (place, rest) = stderr[start..].split_once('\n')?;
    let place = short(place.trim_end().trim_end_matches(':'));
    let is_note = |line: &&str| line.starts_with("note: ") || line.starts_with("stack backtrace:");
    let lines: Vec<&str> = rest.lines().take_while(|line| !is_note(line)).collect();
    let text: String = lines.join("\n").trim_end().chars().take(MESSAGE_CHARS_MAX).collect();
    if text.is_empty() {
        return Some(format!("panicked at {place}"));
    }
    Some(format!("panicked: {text}, at {place}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_message_and_the_place() {
        let note =
            "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n";
        for (stderr, expected) in [
            (
                format!("\nthread 'main' (1) panicked at src/lib.rs:14:5:\nno such rule\n{note}"),
                "panicked: no such rule, at src/lib.rs:14:5",
            ),
            (
                format!("thread '<unnamed>' panicked at plugins/a/src/a.rs:1:2:\none\ntwo\n{note}"),
                "panicked: one\ntwo, at src/a.rs:1:2",
            ),
            (
                "thread 'main' panicked at a.rs:1:1:\nfirst\nthread 'main' panicked at b.rs:2:2:\n"
                    .into(),
                "panicked at b.rs:2:2",
            ),
        ] {
            assert_eq!(message(&stderr).as_deref(), Some(expected));
        }
    }

    #[test]
    fn finds_nothing_where_nothing_panicked() {
        for stderr in ["", "panicked", "panicked at ", "all is well\n"] {
            assert_eq!(message(stderr), None, "{stderr}");
        }
    }
}
