//! What expressions evaluate to.

use std::cell::RefCell;

use super::*;

#[test]
fn operators_give_values() {
    table(
        &[
            "1 + 2 * 3",
            "(1 + 2) * 3",
            "10 - 2 - 3",
            "-n + 1",
            "price * 2",
            "0.1 + 0.2 == 0.3",
            "10 / 4",
            "1 / 3",
            "4 / 3 * 3",
            "7 % 4",
            "1e3 + 1",
            "'a' + \"b\"",
        ],
        &expect![[r#"
            1 + 2 * 3
                7
            (1 + 2) * 3
                9
            10 - 2 - 3
                5
            -n + 1
                -6
            price * 2
                25.00
            0.1 + 0.2 == 0.3
                true
            10 / 4
                2.5
            1 / 3
                0.3333333333333333333333333333
            4 / 3 * 3
                3.999999999999999999999999999
            7 % 4
                3
            1e3 + 1
                1001
            'a' + "b"
                "ab"
        "#]],
    );
}

#[test]
fn conditions_and_defaults_give_values() {
    table(
        &[
            "n > 5 and status == 'queued'",
            "n > 5 && !(status == 'queued') || yes",
            "not status == 'queued'",
            "status in ['queued', 'failed']",
            "n not in list",
            "'Amount' in value",
            "n > 5 ? 'big' : n > 2 ? 'middle' : 'small'",
            "value.Due ?? 'never'",
            "value.Late ?? value.Due ?? 1 + 1",
            "{ id: n, \"a b\": [name, null], }",
            "'2026-01-02' < '2026-01-10'",
            "value.Amount == 612",
            "list == [1.0, 2, 3e0]",
            "nothing == null",
            "status != null",
            r#"'it\'s \u00e9' + "\n\"""#,
        ],
        &expect![[r#"
            n > 5 and status == 'queued'
                true
            n > 5 && !(status == 'queued') || yes
                true
            not status == 'queued'
                false
            status in ['queued', 'failed']
                true
            n not in list
                true
            'Amount' in value
                true
            n > 5 ? 'big' : n > 2 ? 'middle' : 'small'
                "big"
            value.Due ?? 'never'
                "never"
            value.Late ?? value.Due ?? 1 + 1
                2
            { id: n, "a b": [name, null], }
                {"id":7,"a b":["Ada",null]}
            '2026-01-02' < '2026-01-10'
                true
            value.Amount == 612
                true
            list == [1.0, 2, 3e0]
                true
            nothing == null
                true
            status != null
                true
            'it\'s \u00e9' + "\n\""
                "it's é\n\""
        "#]],
    );
}

#[test]
fn functions_give_values() {
    table(
        &[
            "abs(-n)",
            "ceil(price)",
            "floor(-price)",
            "round(2.5)",
            "round(-1.005, 2)",
            "len('é𝄞')",
            "len(rows)",
            "len(value)",
            "lower('ÄB')",
            "upper(name)",
            "trim('  a ')",
            "contains(name, 'd')",
            "starts_with(name, 'A')",
            "ends_with(name, 'A')",
            "replace('a-b-c', '-', '+')",
            "split('a,b,,c', ',')",
            "join(['a', 'b'], ', ')",
            "number('12.50')",
            "text(price) + '!'",
        ],
        &expect![[r#"
            abs(-n)
                7
            ceil(price)
                13
            floor(-price)
                -13
            round(2.5)
                3
            round(-1.005, 2)
                -1.01
            len('é𝄞')
                2
            len(rows)
                2
            len(value)
                4
            lower('ÄB')
                "äb"
            upper(name)
                "ADA"
            trim('  a ')
                "a"
            contains(name, 'd')
                true
            starts_with(name, 'A')
                true
            ends_with(name, 'A')
                false
            replace('a-b-c', '-', '+')
                "a+b+c"
            split('a,b,,c', ',')
                ["a","b","","c"]
            join(['a', 'b'], ', ')
                "a, b"
            number('12.50')
                12.50
            text(price) + '!'
                "12.50!"
        "#]],
    );
}

#[test]
fn functions_over_lists_give_values() {
    table(
        &[
            "sum(list)",
            "min(list)",
            "max([1, 10.0, 9])",
            "keys(value)",
            "values(rows[0])",
            "filter(rows, #.amount > 5)",
            "map(rows, #.id + '!')",
            "some(rows, #.amount > 5)",
            "all(rows, #.amount > 5)",
            "all(empty, #.amount > 5)",
            "map(filter(list, # > 1), # * 2)",
            "sum(map(rows, #.amount))",
            "map(rows, len(filter(list, # > 1)))",
        ],
        &expect![[r#"
            sum(list)
                6
            min(list)
                1
            max([1, 10.0, 9])
                10.0
            keys(value)
                ["Amount","AccountName","Due","Lines"]
            values(rows[0])
                ["a",10]
            filter(rows, #.amount > 5)
                [{"id":"a","amount":10}]
            map(rows, #.id + '!')
                ["a!","b!"]
            some(rows, #.amount > 5)
                true
            all(rows, #.amount > 5)
                false
            all(empty, #.amount > 5)
                true
            map(filter(list, # > 1), # * 2)
                [4,6]
            sum(map(rows, #.amount))
                12.5
            map(rows, len(filter(list, # > 1)))
                [2,2]
        "#]],
    );
}

#[test]
fn paths_reach_into_values() {
    table(
        &[
            "value.Amount",
            "value['Amount']",
            "rows[1].id",
            "rows[len(rows) - 1].id",
            "rows[n - 6]['id']",
            "value[keys(value)[0]]",
            "filter(rows, #.id == 'b')[0].amount",
            "{ a: { b: 1 } }.a.b",
            "(value).Amount",
        ],
        &expect![[r#"
            value.Amount
                612.00
            value['Amount']
                612.00
            rows[1].id
                "b"
            rows[len(rows) - 1].id
                "b"
            rows[n - 6]['id']
                "b"
            value[keys(value)[0]]
                612.00
            filter(rows, #.id == 'b')[0].amount
                2.5
            { a: { b: 1 } }.a.b
                1
            (value).Amount
                612.00
        "#]],
    );
}

#[test]
fn bare_paths_pass_untouched() {
    let fields = (0..40).rev().map(|n| format!("\"k{n}\":{n}.00")).collect::<Vec<_>>().join(",");
    let row = format!("{{{fields}}}");
    assert_eq!(outcome("row", &format!("{{\"row\":{row}}}")), row);
    check("ref", SCOPE, &expect!["12345678901234567890123"]);
    check("long", SCOPE, &expect!["1234567890123456789012345678901"]);
    assert!(parse("(item.value)").expect("valid").as_path().is_some());
    assert!(parse("item.value ?? 1").expect("valid").as_path().is_none());
}

#[test]
fn wide_objects_keep_their_order() {
    let fields = (0..40).rev().map(|n| format!("\"k{n}\":{n}")).collect::<Vec<_>>().join(",");
    let row = format!("{{{fields}}}");
    let scope = format!("{{\"rows\":[{row}]}}");
    assert_eq!(outcome("filter(rows, #.k1 == 1)", &scope), format!("[{row}]"));
    assert_eq!(outcome("{ row: rows[0] }.row", &scope), row);
}

#[test]
fn long_numbers_are_compared_exactly() {
    table(
        &[
            "ref == 12345678901234567890123.0",
            "long > 1234567890123456789012345678900",
            "long in [1234567890123456789012345678901]",
            "max([ref, long])",
        ],
        &expect![[r"
            ref == 12345678901234567890123.0
                true
            long > 1234567890123456789012345678900
                true
            long in [1234567890123456789012345678901]
                true
            max([ref, long])
                1234567890123456789012345678901
        "]],
    );
}

#[test]
fn defaults_stand_in_for_missing_paths() {
    table(
        &[
            "value.Late ?? 'no'",
            "value.Due.day ?? 1",
            "rows[9].id ?? 'none'",
            "(value.Late + 1) ?? 0",
            "map(rows, #.note ?? '-')",
            "value.Late ?? value.Missing",
            "(name + 1) ?? 'mistakes are no reason for a default'",
        ],
        &expect![[r#"
            value.Late ?? 'no'
                "no"
            value.Due.day ?? 1
                1
            rows[9].id ?? 'none'
                "none"
            (value.Late + 1) ?? 0
                0
            map(rows, #.note ?? '-')
                ["-","-"]
            value.Late ?? value.Missing
                expr/missing-field: there is no `value.Missing`
                hint: if it may be missing, give a default: `value.Missing ?? …`
                in `value.Late ?? value.Missing`
                value.Late is missing
                value.Missing is missing
            (name + 1) ?? 'mistakes are no reason for a default'
                expr/type: `+` cannot take text and number
                hint: `text(…)` turns a number into text, `number(…)` a text into a number
                in `(name + 1) ?? 'mistakes are no reason for a default'`
                name = "Ada" (text)
        "#]],
    );
}

#[test]
fn only_paths_read_are_asked_for() {
    struct Spy(Value, RefCell<Vec<String>>);
    impl Scope for Spy {
        fn read(&self, path: &Path) -> Option<Cow<'_, Value>> {
            self.1.borrow_mut().push(path.to_string());
            self.0.read(path)
        }
    }
    let expr = parse("value.Amount > 500 && status == 'queued' or rows[0].id == name");
    let expr = expr.expect("valid");
    let reads = expr.reads().iter().map(Path::to_string).collect::<Vec<_>>();
    assert_eq!(reads, ["value.Amount", "status", "rows[0].id", "name"]);
    let spy = Spy(json::parse(SCOPE).expect("valid"), RefCell::default());
    assert_eq!(expr.eval(&spy), Ok(Value::Bool(true)));
    assert_eq!(*spy.1.borrow(), ["value.Amount", "status"]);
}

#[test]
fn reads_are_listed_once_each() {
    let reads = |source: &str| {
        let expr = parse(source).expect("valid");
        expr.reads().iter().map(Path::to_string).collect::<Vec<_>>().join(" | ")
    };
    let listed = [
        "a + a.b + a",
        "rows[i].x + rows[0]['two words'].y",
        "filter(rows, #.a > limit)",
        "{ key: x }.key",
        "1",
    ];
    let table = listed.map(|source| format!("{source} => {}\n", reads(source))).concat();
    expect![[r#"
        a + a.b + a => a | a.b
        rows[i].x + rows[0]['two words'].y => rows | i | rows[0]["two words"].y
        filter(rows, #.a > limit) => rows | limit
        { key: x }.key => x
        1 => 
    "#]]
    .assert_eq(&table);
}

#[test]
fn expressions_are_shared_between_threads() {
    fn shared<T: Send + Sync>(value: T) -> T {
        value
    }
    let expr = shared(parse("n + 1").expect("valid"));
    let scope = json::parse(SCOPE).expect("valid");
    std::thread::scope(|threads| {
        let tasks = [(); 2].map(|()| threads.spawn(|| expr.eval(&scope)));
        for task in tasks {
            assert_eq!(task.join().expect("no panic"), Ok(8_i64.into()));
        }
    });
}
