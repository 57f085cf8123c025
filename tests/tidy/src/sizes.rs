//! How long things may be: lines, functions, files, pages, blobs, the lock file.

use crate::rust::Source;
use crate::tree::{expect_none, files, git, has_history, root, sources, text, texts};

const LINE_CHARS_MAX: usize = 100;
const FUNCTION_LINES_MAX: usize = 70;
const FILE_LINES_SOFT: usize = 500;
const FILE_LINES_MAX: usize = 900;
const LIB_LINES_MAX: usize = 150;
const BLOB_BYTES_MAX: u64 = 256 * 1024;
const LOCK_PACKAGES_MAX: usize = 400;
/// One function in this many may stand in `LONG_FUNCTIONS`.
const FUNCTIONS_PER_EXCEPTION: usize = 100;

/// Functions longer than a screen: path, name, reason.
const LONG_FUNCTIONS: &[(&str, &str, &str)] = &[];

/// Files longer than the soft limit, never longer than the hard one: path, reason.
const LONG_FILES: &[(&str, &str)] = &[];

/// Pages with a length of their own: path, lines.
const PAGES: &[(&str, usize)] = &[("README.md", 120), ("docs/ARCHITECTURE.md", 300)];

#[test]
fn lines_fit_the_page() {
    let rule = "a line of Rust or shell has at most 100 characters, so two files fit side by side; \
                text inside a literal that spans lines is output and stays as it is";
    let mut found: Vec<String> = sources().iter().flat_map(long_lines).collect();
    for path in files().iter().filter(|path| crate::scripts::is_script(path)) {
        found.extend(long_lines(&Source::new(path, &text(path))));
    }
    expect_none(rule, found);
}

#[test]
fn functions_fit_a_screen() {
    let rule = "a function has at most 70 lines; split it, or give a reason in LONG_FUNCTIONS, \
                which may hold one function in a hundred";
    let mut found: Vec<String> =
        sources().iter().flat_map(|source| long_functions(source, LONG_FUNCTIONS)).collect();
    for (path, name, _) in LONG_FUNCTIONS {
        let source = sources().iter().find(|source| source.path == *path);
        if source.is_none_or(|source| long_functions(source, &[]).iter().all(|f| !f.contains(name)))
        {
            found.push(format!("{path}: `{name}` is short now: strike it off LONG_FUNCTIONS"));
        }
    }
    let count: usize = sources().iter().map(|source| source.functions().len()).sum();
    if LONG_FUNCTIONS.len() * FUNCTIONS_PER_EXCEPTION > count {
        found.push(format!("LONG_FUNCTIONS: {} of {count} functions", LONG_FUNCTIONS.len()));
    }
    expect_none(rule, found);
}

#[test]
fn files_stay_readable() {
    let rule = "a file has at most 500 lines before its tests, a table at most 900 and a reason in \
                LONG_FILES, a lib.rs at most 150: docs, mod, pub use";
    expect_none(
        rule,
        sources().iter().filter_map(|source| long_file(source, LONG_FILES)).collect(),
    );
}

#[test]
fn pages_stay_short() {
    let rule = "a page that is read first is read whole, so it stays short";
    let lengths = texts(".md").into_iter().map(|(path, text)| (path, text.lines().count()));
    let too_long = lengths.filter_map(|(path, lines)| {
        let (_, most) = PAGES.iter().find(|(page, _)| *page == path)?;
        (lines > *most).then(|| format!("{path}: {lines} lines, at most {most}"))
    });
    expect_none(rule, too_long.collect());
}

#[test]
fn nothing_big_is_in_the_tree() {
    let rule = "a file has at most 256 KB; make big test data in the test";
    let sizes = files().iter().map(|path| (path, root().join(path).metadata()));
    let sizes = sizes.map(|(path, data)| (path, data.expect("the file was listed").len()));
    let big = sizes.filter(|(_, bytes)| *bytes > BLOB_BYTES_MAX);
    expect_none(rule, big.map(|(path, bytes)| format!("{path}: {bytes} bytes")).collect());
}

#[test]
fn nothing_big_is_in_the_history() {
    let rule = "no blob above 256 KB in history: every clone pays for it for ever, so rewrite the \
                commit before it is shared";
    if !has_history() {
        return; // An unpacked archive has none.
    }
    let filter = format!("--filter=blob:limit={}", BLOB_BYTES_MAX + 1);
    let listing = git(&["rev-list", "--objects", &filter, "--filter-print-omitted", "HEAD"]);
    let omitted = listing.lines().filter_map(|line| line.strip_prefix('~'));
    let named = omitted.map(|blob| {
        let find = format!("--find-object={blob}");
        git(&["log", "--format=%h", "--name-only", &find, "HEAD"]).replace('\n', " ")
    });
    expect_none(rule, named.collect());
}

#[test]
fn lock_file_stays_small() {
    let rule = "every package is code we answer for: trim a feature or a dependency before raising \
                LOCK_PACKAGES_MAX";
    let packages = text("Cargo.lock").lines().filter(|line| *line == "[[package]]").count();
    let too_many = packages > LOCK_PACKAGES_MAX;
    let finding = format!("Cargo.lock: {packages} packages, at most {LOCK_PACKAGES_MAX}");
    expect_none(rule, too_many.then_some(finding).into_iter().collect());
}

fn long_lines(source: &Source) -> Vec<String> {
    let lines = source.text.lines().zip(&source.in_literal).enumerate();
    let long = lines.filter_map(|(at, (line, in_literal))| {
        let chars = line.chars().count();
        let found = chars > LINE_CHARS_MAX && !in_literal;
        found.then(|| format!("{}:{}: {chars} characters", source.path, at + 1))
    });
    long.collect()
}

fn long_functions(source: &Source, excused: &[(&str, &str, &str)]) -> Vec<String> {
    let long = source.functions().into_iter().filter(|f| f.lines > FUNCTION_LINES_MAX);
    let long = long
        .filter(|f| !excused.iter().any(|(path, name, _)| *path == source.path && *name == f.name));
    long.map(|f| format!("{}:{}: `{}` has {} lines", source.path, f.line, f.name, f.lines))
        .collect()
}

fn long_file(source: &Source, excused: &[(&str, &str)]) -> Option<String> {
    let end = if source.is_test { source.code.len() } else { source.production_lines() };
    let lines = source.written_lines(0, end);
    let most = match excused.iter().any(|(path, _)| *path == source.path) {
        _ if source.path.ends_with("/lib.rs") => LIB_LINES_MAX,
        true => FILE_LINES_MAX,
        false if source.is_test => FILE_LINES_MAX,
        false => FILE_LINES_SOFT,
    };
    (lines > most).then(|| format!("{}:{}: {lines} lines, at most {most}", source.path, most + 1))
}

#[test]
fn catches_what_is_too_long() {
    let long = |lines: usize| format!("fn long() {{\n{}}}\n", "    f();\n".repeat(lines - 2));
    let source = |path: &str, text: &str| Source::new(path, text);
    assert_eq!(long_functions(&source("a/b.rs", &long(70)), &[]), [""; 0]);
    assert_eq!(long_functions(&source("a/b.rs", &long(71)), &[]).len(), 1);
    assert_eq!(long_functions(&source("a/b.rs", &long(71)), &[("a/b.rs", "long", "")]), [""; 0]);

    assert_eq!(long_file(&source("a/b.rs", &long(500)), &[]), None);
    assert!(long_file(&source("a/b.rs", &long(501)), &[]).is_some());
    assert_eq!(long_file(&source("a/b.rs", &long(900)), &[("a/b.rs", "")]), None);
    assert!(long_file(&source("a/b.rs", &long(901)), &[("a/b.rs", "")]).is_some());
    assert!(long_file(&source("a/src/lib.rs", &long(151)), &[("a/src/lib.rs", "")]).is_some());

    let wide = "x".repeat(101);
    assert_eq!(long_lines(&source("a/b.rs", &wide)), ["a/b.rs:1: 101 characters"]);
    assert_eq!(long_lines(&source("a/b.rs", &format!("\"\n{wide}\""))), [""; 0]);
}
