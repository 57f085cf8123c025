//! Sessions in a terminal, as text files: what was typed, what came back.
//!
//! A line that begins with `$ ` goes to the shell. Below it stand what it wrote to stdout (two
//! blanks before each line), to stderr (`! `), and its exit code where it is not 0 (`= `). What
//! differs from run to run has a name: `<id-1>` is the first id that appears, and a later command
//! may use it. A blank line of output is `~`. `UPDATE_EXPECT=1` writes the files anew.

use std::fmt::Write as _;
use std::path::PathBuf;

use expect_test::expect_file;

use crate::pages;
use crate::place::{Place, Ran, finish, start};

/// Runs the sessions of these files, each as a test of its own.
macro_rules! transcripts {
    ($($name:ident: $file:literal,)+) => {
        const FILES: &[&str] = &[$($file),+];
        $(
            #[test]
            fn $name() {
                check($file);
            }
        )+
    };
}

transcripts! {
    queues_are_made_and_changed: "queue",
    queues_come_from_files: "queue-import",
    items_are_added_and_worked_on: "item",
    claims_are_handed_out_in_order: "claim",
    items_come_from_files: "item-import",
    items_are_listed_and_filtered: "list",
    many_items_change_at_once: "bulk",
    items_are_repaired_one_by_one: "repair",
    store_is_checked_and_copied: "db",
    plugins_are_made: "plugin",
    plugins_are_installed: "plugin-install",
    plugins_are_granted_things: "plugin-grant",
    steps_are_called: "call",
    flows_are_checked: "check",
    flows_are_run: "run",
    outputs_have_three_forms: "output",
    mistakes_say_what_to_do: "mistakes",
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/transcripts")
}

fn check(file: &str) {
    let path = folder().join(format!("{file}.txt"));
    let script = std::fs::read_to_string(&path).unwrap();
    expect_file![path].assert_eq(&play(&script));
}

/// Runs the commands of a session and writes it down again.
fn play(script: &str) -> String {
    let place = Place::new();
    let mut names = Names::default();
    let mut played = String::new();
    for line in script.lines() {
        if let Some(typed) = line.strip_prefix("$ ") {
            let ran = finish(start(&mut place.shell(&names.put_back(typed))));
            write!(played, "$ {typed}\n{}", told(&ran, &mut names)).unwrap();
        } else if line.is_empty() || line.starts_with("# ") {
            writeln!(played, "{line}").unwrap();
        }
    }
    played
}

/// Stands for a blank line of output, which would look like one of the session.
const BLANK: &str = "~";

fn told(ran: &Ran, names: &mut Names) -> String {
    let mut told = String::new();
    for (mark, text) in [("  ", &ran.out), ("! ", &ran.err)] {
        for line in text.lines() {
            let line = format!("{mark}{}", names.give(line));
            let line = line.trim_end();
            told += if line.is_empty() { BLANK } else { line };
            told.push('\n');
        }
    }
    if ran.code != 0 {
        writeln!(told, "= {}", ran.code).unwrap();
    }
    told
}

/// The names of what differs from run to run.
#[derive(Default)]
struct Names {
    ids: Vec<String>,
    tokens: Vec<String>,
}

impl Names {
    /// The line with names in the place of what differs.
    fn give(&mut self, line: &str) -> String {
        let mut named = String::new();
        let mut rest = line;
        while !rest.is_empty() {
            let (length, name) = self.name(rest, &named).unwrap_or_else(|| {
                let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
                let next = rest.chars().next().map_or(0, char::len_utf8);
                let length = word.max(next);
                (length, rest[..length].to_owned())
            });
            rest = &rest[length..];
            // Columns stay aligned.
            let pad = if rest.starts_with("  ") { length } else { 0 };
            write!(named, "{name:<pad$}").unwrap();
        }
        named
    }

    /// The name of what the text begins with, and how long that is.
    fn name(&mut self, text: &str, before: &str) -> Option<(usize, String)> {
        if let Some(length) = time_length(text) {
            // A time far away was chosen by the session itself.
            return (!text.starts_with("2099")).then(|| (length, "<time>".into()));
        }
        if let Some(rest) = text.strip_prefix("ada:") {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            return (digits > 0).then(|| ("ada:".len() + digits, "<worker>".into()));
        }
        let size = before.ends_with("\"bytes\":") || before.starts_with("size ");
        if size && text.starts_with(|c: char| c.is_ascii_digit()) {
            let length = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            return Some((length, "<bytes>".into()));
        }
        let word = text.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
        word.parse::<model::Id>().ok()?;
        let token = before.ends_with("\"token\":\"") || is_id_and_blank(before);
        let (known, kind) = if token { (&mut self.tokens, "token") } else { (&mut self.ids, "id") };
        let at = known.iter().position(|other| other == word).unwrap_or_else(|| {
            known.push(word.to_owned());
            known.len() - 1
        });
        Some((word.len(), format!("<{kind}-{}>", at + 1)))
    }

    /// The line with what the names stand for.
    fn put_back(&self, line: &str) -> String {
        let mut line = line.to_owned();
        for (kind, known) in [("id", &self.ids), ("token", &self.tokens)] {
            for (at, word) in known.iter().enumerate() {
                line = line.replace(&format!("<{kind}-{}>", at + 1), word);
            }
        }
        line
    }
}

/// A claim for people begins with the id; the token follows.
fn is_id_and_blank(before: &str) -> bool {
    before.starts_with("<id-") && before.ends_with("> ") && before.matches(' ').count() == 1
}

/// How long the time is that the text begins with.
fn time_length(text: &str) -> Option<usize> {
    let shape = "dddd-dd-ddTdd:dd:dd";
    let like = |(shape, found): (char, char)| match shape {
        'd' => found.is_ascii_digit(),
        other => found == other,
    };
    let begins = text.len() > shape.len() && shape.chars().zip(text.chars()).all(like);
    let length = begins.then(|| text.find('Z')).flatten()? + 1;
    let fraction = text.get(shape.len()..length - 1)?;
    fraction.chars().all(|c| c == '.' || c.is_ascii_digit()).then_some(length)
}

#[test]
fn every_transcript_is_played() {
    let found = std::fs::read_dir(folder()).unwrap();
    let mut found: Vec<String> = found
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.trim_end_matches(".txt").to_owned())
        .collect();
    found.sort();
    let mut known = FILES.to_vec();
    known.sort_unstable();
    assert_eq!(found, known);
}

#[test]
fn every_verb_has_a_transcript() {
    let read = |file: &&str| std::fs::read_to_string(folder().join(format!("{file}.txt"))).unwrap();
    let played: String = FILES.iter().map(read).collect();
    let silent: Vec<String> = pages::verbs()
        .into_iter()
        .filter(|verb| !played.lines().any(|line| line.starts_with(&format!("$ {verb} "))))
        .filter(|verb| !played.lines().any(|line| line == format!("$ {verb}")))
        // What these print differs from run to run, and from machine to machine.
        .filter(|verb| {
            !["wharf bench queue", "wharf bench plugin", "wharf doctor"].contains(&verb.as_str())
        })
        .collect();
    assert_eq!(silent, [""; 0]);
}

#[test]
fn names_replace_what_differs() {
    let mut names = Names::default();
    let line = "01k7m2q4b8d6f0h2j4n6p8r0t2  2026-01-31T08:00:00Z  ada:12";
    assert_eq!(names.give(line), "<id-1>                      <time>                <worker>");
    assert_eq!(names.give("\"2099-01-01T00:00:00Z\""), "\"2099-01-01T00:00:00Z\"");
    assert_eq!(names.put_back("show <id-1>"), "show 01k7m2q4b8d6f0h2j4n6p8r0t2");
    assert_eq!(names.give("nothing of this: äöü 12:30"), "nothing of this: äöü 12:30");
}
