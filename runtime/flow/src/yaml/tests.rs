//! Where the bytes of scalars stand, and what the tree keeps of what was written.

use std::fmt::Write;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

fn root(text: &str) -> (Arc<Source>, Option<Node>) {
    let source = Source::new("a.yaml", text);
    let parsed = parse(&source);
    (source, parsed.root)
}

fn scalars<'n>(node: &'n Node, found: &mut Vec<&'n Scalar>) {
    match &node.content {
        Content::Scalar(scalar) => found.push(scalar),
        Content::List(items) => {
            for item in items {
                scalars(item, found);
            }
        }
        Content::Mapping(entries) => {
            for entry in entries {
                scalars(&entry.value, found);
            }
        }
    }
}

/// What is written for each letter and digit of the scalars, where it is not the same.
fn differences(text: &str) -> Vec<String> {
    let (source, root) = root(text);
    let mut found = Vec::new();
    if let Some(root) = &root {
        scalars(root, &mut found);
    }
    let mut differences = Vec::new();
    for scalar in found {
        let letters = scalar.text.char_indices().filter(|(_, char)| char.is_alphanumeric());
        for (at, char) in letters {
            let place = scalar.origins.locate(at);
            let written = source.text().get(place..).and_then(|rest| rest.chars().next());
            let escaped = scalar.style == ScalarStyle::DoubleQuoted && written == Some('\\');
            if written != Some(char) && !escaped {
                differences.push(format!("{:?}: `{char}` at {place}: {written:?}", scalar.text));
            }
        }
    }
    differences
}

/// Each scalar with the pieces it is made of.
fn check(text: &str, expected: &Expect) {
    let (source, root) = root(text);
    let root = root.expect("the text is YAML");
    let mut found = Vec::new();
    scalars(&root, &mut found);
    let mut shown = String::new();
    for Scalar { text, style, origins } in found {
        writeln!(shown, "{style:?} {text:?}").unwrap();
        let ends = origins.0.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
        for ((start, file), end) in origins.0.iter().zip(ends) {
            let line = source.position(*file);
            let piece = &text[*start..end];
            writeln!(shown, "  {piece:?} at {}:{}", line.line, line.column).unwrap();
        }
    }
    expected.assert_eq(&shown);
}

#[test]
fn scalars_know_where_they_stand() {
    let text = "\
plain: it is
  folded  twice

  ü end
single: 'it''s
  é'
double: \"a\\tb \\u00e4\\
  c\\x41 ü
  d\"
literal: |2
    two more
  ä

   x
folded: >-
  a
  b

    kept
  c
empty:
";
    check(
        text,
        &expect![[r#"
            Plain "it is folded  twice\nü end"
              "it is " at 1:8
              "folded  twice\n" at 2:3
              "ü end" at 4:3
            SingleQuoted "it's é"
              "it'" at 5:10
              "s " at 5:14
              "é" at 6:3
            DoubleQuoted "a\tb äcA ü d"
              "a\t" at 7:10
              "b ä" at 7:13
              "cA" at 8:3
              " ü " at 8:8
              "d" at 9:3
            Literal "  two more\nä\n\n x\n"
              "  two more\n" at 11:3
              "ä\n\n" at 12:3
              " x\n" at 14:3
            Folded "a b\n\n  kept\nc"
              "a" at 16:3
              " b\n\n" at 17:2
              "  kept\n" at 19:3
              "c" at 20:3
            Plain ""
              "" at 21:6
        "#]],
    );
}

#[test]
fn windows_lines_keep_their_places() {
    check(
        "a: |\r\n  one\r\n   two\r\nb: \"x\r\n  y\"\r\n",
        &expect![[r#"
            Literal "one\n two\n"
              "one\n" at 2:3
              " two\n" at 3:3
            DoubleQuoted "x y"
              "x " at 4:5
              "y" at 5:3
        "#]],
    );
}

fn piece() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "a",
        "b1",
        "ü",
        "😀",
        " ",
        "  ",
        "\n",
        "\n  ",
        "\n\n",
        "\n    ",
        "\r\n",
        "'",
        "''",
        "\"",
        "\\",
        "\\n",
        "\\u00e4",
        "\\xe9",
        "\\\n",
        "\\\\",
        ": ",
        ":",
        "- ",
        "\n- ",
        "\n  - ",
        "# ",
        " #",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "${{ ",
        " }}",
        "${{ a ? b : c }}",
        "|\n",
        ">\n",
        "|-\n  ",
        ">+\n    ",
        "&x ",
        "*x",
        "!t ",
        "\t",
        "k: ",
        "\nk: ",
        "\n  k: ",
        "~",
        "---\n",
        "\u{feff}",
    ];
    proptest::collection::vec(proptest::sample::select(PIECES), 0..40)
        .prop_map(|pieces| pieces.concat())
}

/// A text in one of the styles, with whatever in it.
fn quoted_text() -> impl Strategy<Value = String> {
    (0_u8..5, piece()).prop_map(|(style, text)| {
        let text = text.replace('\n', "\n    ");
        match style {
            0 => format!("a: \"{}\"\n", text.replace('"', "")),
            1 => format!("a: '{}'\n", text.replace('\'', "''")),
            2 => format!("- a: |\n    x{text}\n"),
            3 => format!("- >\n    x{text}\n"),
            _ => format!("a: x{text}\n"),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn letters_stand_where_they_are_written(text in piece()) {
        prop_assert_eq!(differences(&text), Vec::<String>::new());
    }

    #[test]
    fn letters_of_texts_stand_there_too(text in quoted_text()) {
        prop_assert_eq!(differences(&text), Vec::<String>::new());
    }

    /// What is hidden from the parser comes back as it was written.
    #[test]
    fn hidden_expressions_come_back(text in "[a-z ?:#{}'\"]{0,20}") {
        let source = format!("a: [${{{{{text}}}}}]\n");
        for trap in traps::find(&source) {
            prop_assert!(trap.scalar.end <= source.len());
            let hidden = traps::hidden(&source, &traps::find(&source));
            prop_assert_eq!(hidden.len(), source.len());
        }
        prop_assert_eq!(differences(&source), Vec::<String>::new());
    }
}
