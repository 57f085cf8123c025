//! The folder `good` has flows without a problem. `bad` has flows with problems, and beside each
//! what is told of it; `UPDATE_EXPECT=1` writes that anew.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use expect_test::expect_file;
use flow::{Diagnostic, Source};

use crate::catalog::World;

#[test]
fn good_flows_have_no_problem() {
    for (path, text) in flows("good") {
        let (flow, problems) = read(&path, &text);
        assert!(flow.is_some(), "{}", path.display());
        assert_eq!(told(&problems), "", "{}", path.display());
    }
}

#[test]
fn bad_flows_are_told_as_written() {
    for (path, text) in flows("bad") {
        let (_, problems) = read(&path, &text);
        assert!(!problems.is_empty(), "{} has no problem", path.display());
        expect_file![path.with_extension("txt")].assert_eq(&told(&problems));
    }
}

#[test]
fn wrong_names_and_types_are_told_as_written() {
    for (path, text) in flows("checked") {
        let problems = checked(&path, &text);
        assert!(!problems.is_empty(), "{} has no problem", path.display());
        expect_file![path.with_extension("txt")].assert_eq(&told(&problems));
    }
}

#[test]
fn sound_flows_have_good_names_and_types() {
    for (path, text) in flows("sound") {
        let problems = checked(&path, &text);
        let worse = problems.into_iter().filter(|it| it.severity > flow::Severity::Note);
        assert_eq!(told(&worse.collect::<Vec<_>>()), "", "{}", path.display());
    }
}

fn checked(path: &Path, text: &str) -> Vec<Diagnostic> {
    let (flow, problems) = read(path, text);
    let found = flow.map(|mut flow| flow::check(&mut flow, &World::new())).unwrap_or_default();
    flow::together(problems, found)
}

#[test]
fn fixes_mend_what_they_are_for() {
    let mut mended = 0;
    for (path, text) in flows("bad") {
        let (_, problems) = read(&path, &text);
        let fixes = problems.iter().filter(|problem| problem.fix.is_some()).collect::<Vec<_>>();
        if fixes.is_empty() {
            continue;
        }
        let (_, left) = read(&path, &fixed(&text, &fixes));
        let codes = |problems: &[Diagnostic]| {
            problems
                .iter()
                .map(|problem| (problem.code, problem.message.clone()))
                .collect::<Vec<_>>()
        };
        let before = codes(&problems);
        for problem in &fixes {
            assert!(!codes(&left).contains(&(problem.code, problem.message.clone())), "{problem}");
        }
        if fixes.len() == problems.len() && !before.iter().any(|(code, _)| stops(code)) {
            assert_eq!(told(&left), "", "{}", path.display());
        }
        mended += fixes.len();
    }
    assert!(mended > 10, "{mended} fixes");
}

/// Behind such a problem nothing was read.
fn stops(code: &str) -> bool {
    code.starts_with("yaml/")
        && !["yaml/quote-expression", "yaml/tag", "yaml/duplicate-key"].contains(&code)
}

fn fixed(text: &str, problems: &[&Diagnostic]) -> String {
    let mut fixes = problems.iter().filter_map(|problem| problem.fix.as_ref()).collect::<Vec<_>>();
    fixes.sort_by_key(|fix| std::cmp::Reverse(fix.span.start));
    fixes.iter().fold(text.to_owned(), |mut text, fix| {
        text.replace_range(fix.span.start..fix.span.end, &fix.replacement);
        text
    })
}

fn flows(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder);
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut paths =
        paths.filter(|path| path.extension().is_some_and(|e| e == "yaml")).collect::<Vec<_>>();
    paths.sort();
    assert!(!paths.is_empty());
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

fn read(path: &Path, text: &str) -> (Option<flow::Flow>, Vec<Diagnostic>) {
    let name = path.file_name().expect("a file").to_string_lossy();
    flow::read(Source::new(name, text))
}

fn told(problems: &[Diagnostic]) -> String {
    let mut text = String::new();
    for problem in problems {
        let source = &problem.at.source;
        writeln!(text, "{problem}").unwrap();
        writeln!(text, "  at: {}", first_line(source.slice(problem.at.span))).unwrap();
        for (place, what) in &problem.related {
            writeln!(text, "  line {}: {what}", place.start().line).unwrap();
        }
        if let Some(fix) = &problem.fix {
            let from = first_line(source.slice(fix.span));
            writeln!(text, "  fix: {from} -> {}", fix.replacement).unwrap();
        }
    }
    text
}

fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.len() < text.trim_end().len() { format!("{line} …") } else { line.to_owned() }
}
