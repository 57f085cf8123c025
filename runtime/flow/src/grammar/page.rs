//! The reference of the language as Markdown.

use std::fmt::Write;

use super::{Construct, Default, Key, PARTS, Wrong};

/// What `docs/reference/flow.md` says of all there is.
pub fn page() -> String {
    let mut page = String::new();
    for part in PARTS {
        let _ = write!(page, "## {}\n\n{}\n\n", part.title, part.docs);
        for construct in part.constructs {
            page.push_str(&section(construct));
        }
    }
    page.trim_end().to_owned()
}

fn section(construct: &Construct) -> String {
    let mut text = format!("### {}\n\n{}\n\n", heading(construct), construct.docs);
    text.push_str("| key | takes | without it | meaning |\n|---|---|---|---|\n");
    for key in construct.keys {
        text.push_str(&row(key));
    }
    text.push('\n');
    for (what, said) in [("Scope", construct.scope), ("In the journal", construct.path)] {
        if !said.is_empty() {
            let _ = write!(text, "{what}: {said}.\n\n", said = said.trim_end_matches('.'));
        }
    }
    let _ = write!(text, "```yaml\n{}```\n\n", construct.valid);
    for wrong in &construct.invalid {
        text.push_str(&refused(wrong));
    }
    text
}

/// The title without its article.
fn heading(construct: &Construct) -> String {
    let title = construct.title;
    let articles = ["a ", "an ", "the "];
    let bare = articles.iter().find_map(|article| title.strip_prefix(article)).unwrap_or(title);
    let mut letters = bare.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let upper = first.into_iter().chain(letters).collect::<String>();
    if construct.name.ends_with("-keys") { format!("The keys of {upper}") } else { upper }
}

fn row(key: &Key) -> String {
    let without = match key.default {
        Default::Required => "refused".to_owned(),
        Default::None => "–".to_owned(),
        Default::Is(default) if default.contains(' ') && !default.starts_with('[') => {
            default.to_owned()
        }
        Default::Is(default) => format!("`{default}`"),
    };
    format!("| `{}` | {} | {without} | {} |\n", key.name, key.takes.expected(), key.docs)
}

fn refused(wrong: &Wrong) -> String {
    let mut text = format!("Refused:\n\n```yaml\n{}```\n\n```text\n", wrong.text);
    for problem in Construct::problems(wrong.text) {
        let (severity, code) = (problem.severity.name(), problem.code);
        let _ = writeln!(text, "{severity}[{code}] {}", problem.message);
        let at = problem.at.source.slice(problem.at.span).lines().next().unwrap_or_default();
        let _ = writeln!(text, "  at: {at}\n  hint: {}", problem.hint);
    }
    text.push_str("```\n\n");
    text
}
