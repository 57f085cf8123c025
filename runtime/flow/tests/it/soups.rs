//! Whatever a file holds: no panic, bounded work, and each text is a flow or explained.

use std::path::Path;

use flow::limits::FLOW_PROBLEMS_MAX;
use flow::{Diagnostic, Source, Span};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Parts of flows, right and wrong.
const PIECES: &[&str] = &[
    "flow: f\n",
    "steps:\n",
    "  - ",
    "- ",
    "\n",
    " ",
    "  ",
    "    ",
    "\t",
    "uses: log\n",
    "uses",
    ":",
    ": ",
    "with: { a: 1 }\n",
    "with:\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\"",
    "'",
    "#",
    " # c\n",
    "${{ a }}",
    "${{",
    "}}",
    "${{ a ? b : c }}",
    "if: ",
    "then:\n",
    "else:\n",
    "for-each: ${{ x }}\n",
    "as: row\n",
    "set: { a: \"${{ 1 + }}\" }\n",
    "- break\n",
    "|\n",
    ">-\n",
    "&a ",
    "*a",
    "<<: ",
    "!t ",
    "!!str ",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "\u{feff}",
    "ä",
    "😀",
    "\0",
    "\u{7}",
    "\r\n",
    "on:\n",
    "queue: ",
    "inputs:\n",
    "type: text\n",
    "~",
    "null",
    "012",
    "5m",
    "\\",
    "? ",
    "- - - ",
    "@",
    "`",
    "id: a\n",
];

fn soup() -> impl Strategy<Value = String> {
    proptest::collection::vec(select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

fn good() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/good");
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut paths = entries.map(|entry| entry.expect("an entry").path()).collect::<Vec<_>>();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).expect("a flow")).collect()
}

/// A good flow with a few changes.
fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<Index>(), 0_usize..12, select(PIECES));
    (select(good()), proptest::collection::vec(change, 1..5)).prop_map(|(mut text, changes)| {
        for (at, length, piece) in changes {
            let start = text.floor_char_boundary(at.index(text.len().max(1)));
            let end = text.floor_char_boundary((start + length).min(text.len()));
            text.replace_range(start..end.max(start), piece);
        }
        text
    })
}

fn lies_within(source: &Source, span: Span) -> bool {
    source.text().get(span.start..span.end).is_some()
}

fn sound(problem: &Diagnostic) -> bool {
    let source = &problem.at.source;
    lies_within(source, problem.at.span)
        && problem.related.iter().all(|(place, _)| lies_within(source, place.span))
        && problem.fix.as_ref().is_none_or(|fix| lies_within(source, fix.span))
        && !problem.message.is_empty()
        && !problem.hint.is_empty()
        && !problem.message.contains('\n')
        && problem.message.len() < 1_000
}

fn explained(text: &str) {
    let (flow, problems) = flow::read(Source::new("soup.yaml", text));
    assert!(flow.is_some() || !problems.is_empty(), "neither a flow nor a problem");
    assert!(problems.len() <= FLOW_PROBLEMS_MAX + 1);
    for problem in &problems {
        assert!(sound(problem), "{problem:?}");
    }
    let mut places = problems.iter().map(|problem| problem.at.span.start).collect::<Vec<_>>();
    places.pop_if(|_| problems.len() > FLOW_PROBLEMS_MAX);
    assert!(places.is_sorted());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn any_text_is_explained(text in any::<String>()) {
        explained(&text);
    }

    #[test]
    fn any_soup_is_explained(text in soup()) {
        explained(&text);
        explained(&format!("flow: f\nsteps:\n{text}"));
    }

    #[test]
    fn any_changed_flow_is_explained(text in mutated()) {
        explained(&text);
    }
}

#[test]
fn large_files_are_bounded() {
    for text in [
        "[".repeat(1_000_000),
        "- ".repeat(500_000),
        "{a: ".repeat(200_000),
        "a: b\n".repeat(200_000),
        "?".repeat(1_000_000),
        "${{".repeat(300_000),
        format!("a: {}", "${{ x }}".repeat(100_000)),
        format!("a: [{}]", "${{ x }}, ".repeat(100_000)),
        format!("flow: f\nsteps:\n{}", "  - x: ${{ a : b }}\n".repeat(50_000)),
        format!("flow: f\nsteps:\n{}", "  - uses: log\n".repeat(10_000)),
        "'".repeat(1_000_000),
        "\"\\u00e4".repeat(100_000),
        format!("a: |\n{}", "  x\n".repeat(200_000)),
        "x".repeat(2_000_000),
    ] {
        explained(&text);
    }
}
