//! Sources that are refused, and limits.

use super::*;

#[test]
fn division_by_literal_zero_is_refused() {
    table(
        &["n / 0", "n % 0.00", "1 / 0 + 2 / 0e5"],
        &expect![[r"
            n / 0
                2..5 `/ 0` expr/zero: this divides by zero
                hint: ask first, as in `b != 0 and a / b > 2`
            n % 0.00
                2..8 `% 0.00` expr/zero: this divides by zero
                hint: ask first, as in `b != 0 and a / b > 2`
            1 / 0 + 2 / 0e5
                2..5 `/ 0` expr/zero: this divides by zero
                hint: ask first, as in `b != 0 and a / b > 2`
            10..15 `/ 0e5` expr/zero: this divides by zero
                hint: ask first, as in `b != 0 and a / b > 2`
        "]],
    );
}

#[test]
fn unknown_functions_are_refused() {
    table(
        &[
            "now()",
            "rand(5)",
            "d('2026-01-01')",
            "date('now')",
            "flter(rows, true)",
            "startsWith(name, 'A')",
        ],
        &expect![[r#"
            now()
                0..3 `now` expr/unknown-function: there is no function `now`
                hint: an expression has no clock; times are texts such as "2026-01-31T08:00:00Z"
            rand(5)
                0..4 `rand` expr/unknown-function: there is no function `rand`
                hint: an expression gives the same result each time it is looked at
            d('2026-01-01')
                0..1 `d` expr/unknown-function: there is no function `d`
                hint: an expression has no clock; times are texts such as "2026-01-31T08:00:00Z"
            date('now')
                0..4 `date` expr/unknown-function: there is no function `date`
                hint: an expression has no clock; times are texts such as "2026-01-31T08:00:00Z"
            flter(rows, true)
                0..5 `flter` expr/unknown-function: there is no function `flter`
                hint: did you mean `filter`?
            startsWith(name, 'A')
                0..10 `startsWith` expr/unknown-function: there is no function `startsWith`
                hint: did you mean `starts_with`?
        "#]],
    );
}

#[test]
fn mistakes_of_habit_get_hints() {
    table(
        &[
            "status === 'queued'",
            "status = 'queued'",
            "status?.name",
            "n & 1",
            "n ^ 2",
            "`a${n}`",
            "[1..5]",
            "1 < n < 10",
            "name.trim()",
            "map(rows, x => x.id)",
            "#.id",
            "map(rows, #id)",
            "value.two words",
            "n; n",
            "${{ n }}",
        ],
        &expect![[r"
            status === 'queued'
                7..10 `===` expr/syntax: `===` is not an operator
                hint: write `==`; values of different types are never compared here
            status = 'queued'
                7..8 `=` expr/syntax: `=` is not an operator
                hint: write `==` to compare
            status?.name
                6..8 `?.` expr/syntax: `?.` is not an operator
                hint: write `.` and give a default: `a.b ?? 0`
            n & 1
                2..3 `&` expr/syntax: `&` is not an operator
                hint: write `and`
            n ^ 2
                2..3 `^` expr/syntax: `^` is not an operator
                hint: powers are not part of the language; multiply
            `a${n}`
                0..1 ``` expr/syntax: ``` is not an operator
                hint: write texts in quotes and join them with `+`
            [1..5]
                2..4 `..` expr/syntax: `..` is not an operator
                hint: ranges are not part of the language; compare with `>=` and `<=`
            1 < n < 10
                6..7 `<` expr/syntax: comparisons cannot be chained
                hint: join two comparisons with `and`
            name.trim()
                5..9 `trim` expr/syntax: values have no functions
                hint: write `trim(…)` with the value as argument
            map(rows, x => x.id)
                12..14 `=>` expr/syntax: `=>` is not an operator
                hint: write the condition itself, with `#` for the item: `filter(rows, #.amount > 5)`
            #.id
                0..1 `#` expr/item: `#` is the item of a list, and there is no list here
                hint: use it inside `filter`, `map`, `some` or `all`
            map(rows, #id)
                11..13 `id` expr/syntax: expected `.` and the name of a field, found `id`
                hint: write `#.name`
            value.two words
                10..15 `words` expr/syntax: expected an operator or the end, found `words`
                hint: join values with an operator, such as `and` or `==`; quote a text
            n; n
                1..2 `;` expr/syntax: `;` is not an operator
                hint: an expression is one value; join conditions with `and`
            ${{ n }}
                0..2 `${` expr/syntax: `${` is not an operator
                hint: an expression is already inside `${{ }}`
        "]],
    );
}

#[test]
fn broken_sources_are_refused() {
    check(
        "",
        SCOPE,
        &expect![[r"
            0..0 `` expr/syntax: expected a value, found the end
              hint: a value is a field, a number, a text in quotes, `true` or `null`
        "]],
    );
    check(
        " \t\n",
        SCOPE,
        &expect![[r"
            3..3 `` expr/syntax: expected a value, found the end
              hint: a value is a field, a number, a text in quotes, `true` or `null`
        "]],
    );
    table(
        &["1 +", "(1", "[1", "{a}", "{a: 1, a: 2}", "a.", "a[", "'abc", "'\\x'"],
        &expect![[r#"
            1 +
                3..3 `` expr/syntax: expected a value, found the end
                hint: a value is a field, a number, a text in quotes, `true` or `null`
            (1
                2..2 `` expr/syntax: expected `)`, found the end
                hint: each `(` needs its `)`
            [1
                2..2 `` expr/syntax: expected `,` or `]`, found the end
                hint: what `[` opens has its parts between `,` and ends with `]`
            {a}
                2..3 `}` expr/syntax: expected `:` and the value of the field, found `}`
                hint: an object is `{ name: value }`
            {a: 1, a: 2}
                10..11 `2` expr/syntax: the field `a` occurs twice
                hint: give each field once
            a.
                2..2 `` expr/syntax: expected the name of a field, found the end
                hint: write a name with other characters as `["the name"]`
            a[
                2..2 `` expr/syntax: expected a value, found the end
                hint: a value is a field, a number, a text in quotes, `true` or `null`
            'abc
                0..4 `'abc` expr/syntax: the text has no closing quote
                hint: end it with `'`; a quote inside it is `\'`
            '\x'
                0..4 `'\x'` expr/syntax: expected a known escape such as `\n`
                hint: escapes are those of JSON, such as `\n`, `\"` or `\u00e9`; `\\` is a backslash
        "#]],
    );
}

#[test]
fn broken_names_and_calls_are_refused() {
    table(
        &["01", "1.", "1.a", "1_0", "a b", "len()", "len(1, 2)", "and", "€", "a ? 1", ")", "\\"],
        &expect![[r#"
            01
                0..2 `01` expr/syntax: `01` is not a number
                hint: numbers look like `12`, `0.5` or `1e3`
            1.
                2..2 `` expr/syntax: expected the name of a field, found the end
                hint: write a name with other characters as `["the name"]`
            1.a
                expr/type: expected an object, found number
                hint: give an object
                in `1.a`
            1_0
                0..3 `1_0` expr/syntax: `1_0` is not a number
                hint: numbers look like `12`, `0.5` or `1e3`
            a b
                2..3 `b` expr/syntax: expected an operator or the end, found `b`
                hint: join values with an operator, such as `and` or `==`; quote a text
            len()
                0..5 `len()` expr/arguments: `len` takes 1 argument, found 0
                hint: `len(text, list or object)`
            len(1, 2)
                0..9 `len(1, 2)` expr/arguments: `len` takes 1 argument, found 2
                hint: `len(text, list or object)`
            and
                0..3 `and` expr/syntax: expected a value, found `and`
                hint: a value is a field, a number, a text in quotes, `true` or `null`
            €
                0..3 `€` expr/syntax: `€` cannot stand here
                hint: a name has letters, digits and `_`; a text stands in quotes
            a ? 1
                5..5 `` expr/syntax: expected `:` and what to take otherwise, found the end
                hint: a choice is `condition ? this : that`
            )
                0..1 `)` expr/syntax: expected a value, found `)`
                hint: a value is a field, a number, a text in quotes, `true` or `null`
            \
                0..1 `\` expr/syntax: `\` cannot stand here
                hint: a name has letters, digits and `_`; a text stands in quotes
        "#]],
    );
}

#[test]
fn sources_and_nesting_are_bounded() {
    let fails = |source: &str| {
        let problems = parse(source).expect_err("beyond a limit");
        problems.iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(fails(&"1".repeat(SOURCE + 1)), ["expr/too-long"]);
    for open in ["[", "(", "-", "!", "not ", "{a:", "n ? ", "n ?? ", "len(", "a[b+", "1+"] {
        let source = open.repeat(SOURCE / open.len());
        assert_eq!(fails(&source), ["expr/too-deep"], "{open}");
    }
    let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    assert!(parse(&nested(NESTING - 1)).is_ok());
    assert_eq!(fails(&nested(NESTING)), ["expr/too-deep"]);
    // Paths are as long as they like, they do not nest.
    assert!(parse("a.".repeat(1000).trim_end_matches('.')).is_ok());
}

#[test]
fn nested_closures_are_bounded() {
    let nested = |levels: usize| format!("{}#{}", "map(list, ".repeat(levels), ")".repeat(levels));
    assert!(parse(&nested(CLOSURES)).is_ok());
    assert_eq!(parse(&nested(CLOSURES + 1)).expect_err("too deep")[0].code, "expr/too-deep");
}

#[test]
fn evaluation_is_bounded_in_steps() {
    let numbers = vec!["1"; 200].join(",");
    let scope = format!("{{\"list\":[{numbers}],\"word\":\"{}\"}}", "x".repeat(100_000));
    let fails = |source: &str| {
        let scope = json::parse(&scope).expect("valid");
        parse(source).expect("valid").eval(&scope).expect_err("beyond a limit").problem.code
    };
    assert_eq!(fails("map(list, map(list, map(list, #)))"), "expr/too-long");
    assert_eq!(fails("map(list, list + 1)"), "expr/type");
    assert_eq!(fails("map(list, map(list, word))"), "expr/too-long");
    assert_eq!(fails("map(list, map(list, word + word))"), "expr/too-long");
    assert_eq!(fails("replace(word, 'x', word)"), "expr/too-large");
    assert_eq!(fails("join(split(word, 'x'), word)"), "expr/too-large");
}

#[test]
fn page_names_every_function() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/reference/expressions.md"));
    let page = page.expect("the page of the language");
    let (_, section) = page.split_once("## Functions\n").expect("its functions");
    let section = section.split("\n## ").next().unwrap_or_default();
    let told: Vec<&str> = section
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split_once("` |")?.0))
        .collect();
    let known: Vec<&str> = function::FUNCTIONS.iter().map(|function| function.usage).collect();
    assert_eq!(told, known);
}
