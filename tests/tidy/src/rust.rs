//! Just enough Rust: what is code, comment or literal, where functions and tests are.

/// What a character belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Class {
    Code,
    Comment,
    Literal,
}

/// A Rust file.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
    /// The lines with comments and literals blanked.
    pub(crate) code: Vec<String>,
    /// The lines with only literals blanked.
    pub(crate) prose: Vec<String>,
    /// Does the line begin inside a literal that spans lines, such as a snapshot?
    pub(crate) in_literal: Vec<bool>,
    /// Is the whole file test code?
    pub(crate) is_test: bool,
}

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// The line of its `fn`, counted from 1.
    pub(crate) line: usize,
    /// From its `fn` to its closing brace, but for lines inside literals.
    pub(crate) lines: usize,
    pub(crate) is_test: bool,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let classes = classify(&chars);
        let starts = chars.iter().enumerate().filter(|(_, c)| **c == '\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(starts).filter(|at| *at < chars.len());
        let in_literal = starts
            .map(|at| classes[at] == Class::Literal && at > 0 && classes[at - 1] == Class::Literal)
            .collect();
        let beside = ["/tests/", "/benches/", "/examples/"];
        let is_test = path.starts_with("tests/") || beside.iter().any(|part| path.contains(part));
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code: keep(&chars, &classes, &[Class::Code]),
            prose: keep(&chars, &classes, &[Class::Code, Class::Comment]),
            in_literal,
            is_test: is_test || path.ends_with("/tests.rs"),
        }
    }

    /// How many lines come before the trailing tests.
    pub(crate) fn production_lines(&self) -> usize {
        if self.is_test {
            return 0;
        }
        let opens = |line: &str| line.starts_with("mod ") && line.ends_with('{');
        let pairs = self.code.iter().zip(self.code.iter().skip(1));
        let mut cuts = pairs.enumerate().filter(|(_, (first, second))| {
            first.trim_end() == "#[cfg(test)]" && opens(second.trim_end())
        });
        cuts.next().map_or(self.code.len(), |(at, _)| at)
    }

    /// The files, without `.rs`, of the modules this one declares for tests alone.
    pub(crate) fn test_modules(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (at, line) in self.code.iter().enumerate() {
            let guarded = at > 0 && self.code[at - 1].trim() == "#[cfg(test)]";
            if let Some(name) = declared_module(line).filter(|_| guarded) {
                found.push(format!("{}{name}", self.folder()));
            }
        }
        found
    }

    /// The names of the modules this file declares as files of their own.
    pub(crate) fn modules(&self) -> Vec<String> {
        self.code.iter().filter_map(|line| declared_module(line)).map(str::to_owned).collect()
    }

    /// Is this file the root of a crate or of a binary?
    pub(crate) fn is_root(&self) -> bool {
        let name = self.path.rsplit('/').next().expect("a split has a part");
        // What a compiler is to refuse is compiled by a test, each file by itself.
        let lone = ["/src/bin/", "/benches/", "/examples/", "/refused/"];
        matches!(name, "lib.rs" | "main.rs")
            || name == "build.rs" && !self.path.contains("/src/")
            || lone.iter().any(|part| self.path.contains(part))
    }

    /// Where the modules of this file lie, with a slash at the end.
    pub(crate) fn folder(&self) -> String {
        let (folder, _) = self.path.rsplit_once('/').expect("Rust files lie in folders");
        let stem = self.path.trim_end_matches(".rs");
        format!("{}/", if self.is_root() { folder } else { stem })
    }

    /// How many of these lines were written by hand: a literal that spans lines is a snapshot.
    pub(crate) fn written_lines(&self, from: usize, to: usize) -> usize {
        self.in_literal[from..to].iter().filter(|in_literal| !**in_literal).count()
    }

    /// All functions with a body, in order.
    pub(crate) fn functions(&self) -> Vec<Function> {
        let mut found = Vec::new();
        let mut after_test_attribute = false;
        for (at, line) in self.code.iter().enumerate() {
            after_test_attribute |= line.trim() == "#[test]";
            let Some(column) = find_fn(line) else { continue };
            let name = identifier(&line[column + 3..]);
            if let Some(lines) = body_lines(&self.code[at..], column).filter(|_| !name.is_empty()) {
                let is_test = after_test_attribute;
                let lines = self.written_lines(at, at + lines);
                found.push(Function { name, line: at + 1, lines, is_test });
            }
            after_test_attribute = false;
        }
        found
    }
}

/// The name in `mod name;`, whatever its visibility.
fn declared_module(line: &str) -> Option<&str> {
    let (before, after) = line.trim().split_once("mod ")?;
    let name = after.strip_suffix(';')?;
    (before.is_empty() || before.starts_with("pub")).then_some(name)
}

/// The column of the keyword in `fn name`; a type such as `fn(u8)` is none.
fn find_fn(line: &str) -> Option<usize> {
    let mut keywords = line.match_indices("fn ").map(|(at, _)| at);
    keywords.find(|at| !line[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Does the line say this as a whole word?
pub(crate) fn says(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(part) && !line[at + word.len()..].starts_with(part))
}

/// How many lines a function takes, if it has a body: brackets must balance before the `{` counts.
fn body_lines(lines: &[String], column: usize) -> Option<usize> {
    let (mut brackets, mut braces) = (0usize, 0usize);
    for (at, line) in lines.iter().enumerate() {
        let from = if at == 0 { column } else { 0 };
        for c in line[from..].chars() {
            match c {
                '(' | '[' if braces == 0 => brackets += 1,
                ')' | ']' if braces == 0 => brackets = brackets.checked_sub(1)?,
                ';' if braces == 0 && brackets == 0 => return None,
                '{' if brackets == 0 => braces += 1,
                '}' if brackets == 0 && braces <= 1 => return (braces == 1).then_some(at + 1),
                '}' if brackets == 0 => braces -= 1,
                _ => {}
            }
        }
    }
    None
}

/// Blanks every character of another class, and cuts the rest into lines.
fn keep(chars: &[char], classes: &[Class], wanted: &[Class]) -> Vec<String> {
    let shown = chars.iter().zip(classes).map(|(c, class)| match c {
        '\n' => '\n',
        _ if wanted.contains(class) => *c,
        _ => ' ',
    });
    shown.collect::<String>().lines().map(str::to_owned).collect()
}

fn classify(chars: &[char]) -> Vec<Class> {
    let mut classes = Vec::with_capacity(chars.len());
    while classes.len() < chars.len() {
        let (class, end) = token(chars, classes.len());
        classes.resize(end.min(chars.len()), class);
    }
    classes
}

/// The class of what starts here, and where that ends.
fn token(chars: &[char], at: usize) -> (Class, usize) {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        '/' if next == Some('/') => (Class::Comment, find(chars, at, |c| c == '\n')),
        '/' if next == Some('*') => (Class::Comment, block_comment_end(chars, at)),
        '"' => (Class::Literal, quoted_end(chars, at, '"')),
        'r' if starts_word(chars, at) => match raw_string_end(chars, at) {
            Some(end) => (Class::Literal, end),
            None => (Class::Code, at + 1),
        },
        // A lifetime has no quote after its first letter.
        '\'' if next == Some('\\') || chars.get(at + 2) == Some(&'\'') => {
            (Class::Literal, quoted_end(chars, at, '\''))
        }
        _ => (Class::Code, at + 1),
    }
}

/// Is the `r` here the start of a raw string, alone or in `br` and `cr`?
fn starts_word(chars: &[char], at: usize) -> bool {
    let ends_before =
        |at: usize| at == 0 || !(chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    ends_before(at) || (matches!(chars[at - 1], 'b' | 'c') && ends_before(at - 1))
}

fn raw_string_end(chars: &[char], at: usize) -> Option<usize> {
    let open = find(chars, at + 1, |c| c != '#');
    (chars.get(open) == Some(&'"')).then_some(())?;
    let fence = open - at - 1;
    let mut close = open + 1;
    while close < chars.len() {
        close = find(chars, close, |c| c == '"') + 1;
        if find(chars, close, |c| c != '#') - close >= fence {
            return Some(close + fence);
        }
    }
    Some(chars.len())
}

fn quoted_end(chars: &[char], at: usize, quote: char) -> usize {
    let mut end = at + 1;
    while end < chars.len() && chars[end] != quote {
        end += if chars[end] == '\\' { 2 } else { 1 };
    }
    end + 1
}

fn block_comment_end(chars: &[char], at: usize) -> usize {
    let (mut depth, mut end) = (1, at + 2);
    while end < chars.len() && depth > 0 {
        match (chars[end], chars.get(end + 1)) {
            ('/', Some('*')) => (depth, end) = (depth + 1, end + 2),
            ('*', Some('/')) => (depth, end) = (depth - 1, end + 2),
            _ => end += 1,
        }
    }
    end
}

fn find(chars: &[char], from: usize, wanted: impl Fn(char) -> bool) -> usize {
    let from = from.min(chars.len());
    from + chars[from..].iter().take_while(|c| !wanted(**c)).count()
}

#[test]
fn tells_code_from_comment_and_literal() {
    for (text, code) in [
        ("let a = 1; // b", "let a = 1;     "),
        ("a /* b /* c */ d */ e", "a                   e"),
        (r#"f("a \" // b", c)"#, "f(           , c)"),
        ("f(r#\"a \"quote\" b\"#, c)", "f(                , c)"),
        ("f(br\"\\\", c)", "f(b    , c)"),
        ("for_r(r#type)", "for_r(r#type)"),
        ("let c = '\"'; let d = '\\'';", "let c =    ; let d =     ;"),
        ("fn a<'a>(b: &'a str) {}", "fn a<'a>(b: &'a str) {}"),
        ("let open = '{'; \"{\"", "let open =    ;    "),
    ] {
        assert_eq!(Source::new("a/b.rs", text).code, [code], "{text}");
    }
}

#[test]
fn knows_lines_that_begin_inside_literal() {
    let source = Source::new("a/b.rs", "let a = \"one\n  two\";\nlet b = 2;\n\"three\";\n");
    assert_eq!(source.in_literal, [false, true, false, false]);
}

#[test]
fn measures_functions_to_closing_brace() {
    let text = "\
trait T {
    fn declared(&self) -> [u8; 4];
    fn given(&self) {}
}
pub(crate) const fn long<F: Fn(u8) -> u8>(
    f: F,
) -> u8
where
    F: Send,
{
    let brace = '{';
    let snapshot = \"{
        {
    \";
    match brace { _ => f(1) }
}
type Pointer = fn (u8) -> u8;
macro_rules! m { ($name:ident) => { fn $name() {} } }
#[test]
#[cfg(unix)]
fn inner_counts_too() {
    fn inner() {
    }
}
";
    let found = Source::new("a/b.rs", text).functions();
    let found: Vec<_> =
        found.iter().map(|f| (f.name.as_str(), f.line, f.lines, f.is_test)).collect();
    assert_eq!(
        found,
        [
            ("given", 3, 1, false),
            ("long", 5, 10, false),
            ("inner_counts_too", 21, 4, true),
            ("inner", 22, 2, false)
        ]
    );
}

#[test]
fn cuts_production_at_trailing_tests() {
    let text = "//! A.\n#[cfg(test)]\nmod fixture;\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n}\n";
    let source = Source::new("runtime/x/src/lib.rs", text);
    assert_eq!(source.production_lines(), 5);
    assert_eq!(source.test_modules(), ["runtime/x/src/fixture"]);
    assert_eq!(Source::new("runtime/x/tests/it/main.rs", text).production_lines(), 0);
}
