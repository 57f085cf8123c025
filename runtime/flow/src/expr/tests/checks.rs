//! What is found before anything runs.

use super::*;

fn types() -> Types {
    let line = Type::object([("sku", Type::Text), ("qty", Type::Number)]);
    let fields = [
        ("amount", Type::Number),
        ("name", Type::Text),
        ("due", Type::Text.optional()),
        ("lines", Type::list(line)),
    ];
    let invoice = Type::object(fields);
    let ship = Type::object([("street", Type::Text)]).optional();
    let mut loose = Shape { open: true, ..Shape::default() };
    loose.fields.insert("note".to_owned(), Type::Text);
    loose.may_miss.insert("note".to_owned());
    [
        ("invoice", invoice),
        ("item", Type::Unknown),
        ("yes", Type::Bool),
        ("ship", ship),
        ("status", Type::word(["queued", "processed", "on-hold"])),
        ("now", Type::Datetime),
        ("pause", Type::Duration),
        ("totals", Type::map(Type::Number)),
        ("found", Type::Object(loose)),
        ("rows", Type::stream(Type::map(Type::Text))),
    ]
    .map(own)
    .into()
}

fn own((name, known): (&str, Type)) -> (String, Type) {
    (name.to_owned(), known)
}

fn types_table(sources: &[&str], expected: &Expect) {
    let line = |source: &&str| {
        let checked = parse(source).expect(source).check(&types());
        let Checked { result, problems, unknown } = checked;
        let shown = problems.iter().map(|problem| pointed(source, problem)).collect::<String>();
        let unknown = unknown.map(|Span { start, end }| format!(", but `{}`", &source[start..end]));
        format!("{source}: {result}{}\n{shown}", unknown.unwrap_or_default())
    };
    let table = sources.iter().map(line).collect::<String>();
    expected.assert_eq(&table);
}

#[test]
fn known_types_are_worked_out() {
    types_table(
        &[
            "invoice.amount * 2",
            "invoice.amount > 500 and item.value.anything == 'x'",
            "item.value.anything",
            "invoice.due ?? 'never'",
            "invoice.due ?? null",
            "map(invoice.lines, #.qty)",
            "filter(invoice.lines, #.qty > 1)[0].sku",
            "{ id: 1, name: invoice.name }.name",
            "yes ? 1 : null",
            "yes ? 1 : 'x'",
            "item.a + item.b",
            "item.a + 'x'",
            "split(invoice.name, ' ')",
            "'a' in invoice",
            "ship.street ?? 'none'",
        ],
        &expect![[r"
            invoice.amount * 2: number
            invoice.amount > 500 and item.value.anything == 'x': bool, but `item.value.anything`
            item.value.anything: unknown, but `item.value.anything`
            invoice.due ?? 'never': text
            invoice.due ?? null: text or null
            map(invoice.lines, #.qty): list of number
            filter(invoice.lines, #.qty > 1)[0].sku: text
            { id: 1, name: invoice.name }.name: text
            yes ? 1 : null: number or null
            yes ? 1 : 'x': unknown, but `yes ? 1 : 'x'`
            item.a + item.b: unknown, but `item.a`
            item.a + 'x': text, but `item.a`
            split(invoice.name, ' '): list of text
            'a' in invoice: bool
            ship.street ?? 'none': text
        "]],
    );
}

#[test]
fn mistakes_of_type_are_found_before_running() {
    types_table(
        &[
            "invoice.amuont > 500",
            "invioce.amount",
            "invoice.amount > '500'",
            "invoice.amount == invoice.name",
            "invoice.name + 1",
            "invoice.due",
            "(invoice.due ?? null) > 'x'",
            "invoice.amount and yes",
        ],
        &expect![[r"
            invoice.amuont > 500: bool, but `invoice.amuont`
            0..14 `invoice.amuont` expr/missing-field: there is no `invoice.amuont`
              hint: did you mean `invoice.amount`?
            invioce.amount: unknown, but `invioce.amount`
            0..14 `invioce.amount` expr/missing-field: there is no `invioce`
              hint: did you mean `invoice`?
            invoice.amount > '500': bool
            0..22 `invoice.amount > '50` expr/type: `>` cannot take number and text
              hint: `number(…)` turns a text into a number
            invoice.amount == invoice.name: bool
            0..30 `invoice.amount == in` expr/type: `==` cannot take number and text
              hint: `number(…)` turns a text into a number
            invoice.name + 1: number
            0..16 `invoice.name + 1` expr/type: `+` cannot take text and number
              hint: `text(…)` turns a number into text, `number(…)` a text into a number
            invoice.due: text or null
            (invoice.due ?? null) > 'x': bool
            0..27 `(invoice.due ?? null` expr/type: `>` cannot take text or null and text
              hint: give a default for null with `??`
            invoice.amount and yes: bool
            0..14 `invoice.amount` expr/type: expected bool, found number
              hint: compare, such as `value.amount > 5`
        "]],
    );
}

#[test]
fn mistakes_in_calls_are_found_before_running() {
    types_table(
        &[
            "map(invoice.lines, #.quantity)",
            "sum(invoice.name)",
            "invoice.name.first",
            "invoice.lines[0].sku > 5",
            "not invoice.amount or invoice.nam == 1",
            "invoice.amount in ['a']",
            "filter(invoice.lines, #.qty)",
            "invoice.lost ?? 1",
            "contains(invoice.name, invoice.amount)",
            "sum(map(invoice.lines, #.sku))",
            "join(map(invoice.lines, #.qty), ',')",
            "text(invoice)",
            "number(yes)",
            "{ a: 1 } == { a: 'x' }",
            "ship.street",
        ],
        &expect![[r"
            map(invoice.lines, #.quantity): list, but `#.quantity`
            19..29 `#.quantity` expr/missing-field: there is no `#.quantity`
              hint: if it may be missing, give a default: `#.quantity ?? …`
            sum(invoice.name): number
            4..16 `invoice.name` expr/type: expected a list of numbers, found text
              hint: `sum(numbers)`
            invoice.name.first: unknown, but `invoice.name.first`
            0..18 `invoice.name.first` expr/type: `invoice.name.first`: text has nothing inside
              hint: only an object has fields, and only a list has positions
            invoice.lines[0].sku > 5: bool
            0..24 `invoice.lines[0].sku` expr/type: `>` cannot take text and number
              hint: `number(…)` turns a text into a number
            not invoice.amount or invoice.nam == 1: bool, but `invoice.nam`
            4..18 `invoice.amount` expr/type: expected bool, found number
              hint: compare, such as `value.amount > 5`
            22..33 `invoice.nam` expr/missing-field: there is no `invoice.nam`
              hint: did you mean `invoice.name`?
            invoice.amount in ['a']: bool
            0..23 `invoice.amount in ['` expr/type: `in` cannot take number and list of text
              hint: look for a value in a list of such, or a name in an object
            filter(invoice.lines, #.qty): list of object
            22..27 `#.qty` expr/type: expected bool, found number
              hint: compare, such as `value.amount > 5`
            invoice.lost ?? 1: unknown, but `invoice.lost`
            0..12 `invoice.lost` expr/missing-field: there is no `invoice.lost`
              hint: if it may be missing, give a default: `invoice.lost ?? …`
            contains(invoice.name, invoice.amount): bool
            23..37 `invoice.amount` expr/type: expected a text, found number
              hint: `contains(text, part)`
            sum(map(invoice.lines, #.sku)): number
            4..29 `map(invoice.lines, #` expr/type: expected a list of numbers, found list of text
              hint: `sum(numbers)`
            join(map(invoice.lines, #.qty), ','): text
            5..30 `map(invoice.lines, #` expr/type: expected a list of texts, found list of number
              hint: `join(texts, between)`
            text(invoice): text
            5..12 `invoice` expr/type: expected a text, a number or a bool, found object
              hint: `text(value)`
            number(yes): number
            7..10 `yes` expr/type: expected a text or a number, found bool
              hint: `number(text)`
            { a: 1 } == { a: 'x' }: bool
            0..22 `{ a: 1 } == { a: 'x'` expr/type: `==` cannot take object and object
              hint: values of one type may be equal, and null to anything
            ship.street: text
            0..11 `ship.street` expr/optional: `ship.street` leads through null at times
              hint: give a default: `ship.street ?? …`
        "]],
    );
}

#[test]
fn certain_texts_are_told_apart() {
    types_table(
        &[
            "status == 'queued' or status in ['processed', 'on-hold']",
            "status == 'quued'",
            "status not in ['queued', 'done']",
            "'done' != status",
            "status == invoice.name",
            "status + '!'",
            "yes ? 'a' : 'b'",
            "now == '2026-01-31T08:00:00Z'",
            "now > invoice.name",
            "pause < '5m'",
            "len(now)",
        ],
        &expect![[r"
            status == 'queued' or status in ['processed', 'on-hold']: bool
            status == 'quued': bool
            10..17 `'quued'` expr/word: `status` is never `quued`
              hint: did you mean `queued`? use one of queued, processed, on-hold
            status not in ['queued', 'done']: bool
            14..32 `['queued', 'done']` expr/word: `status` is never `done`
              hint: use one of queued, processed, on-hold
            'done' != status: bool
            0..6 `'done'` expr/word: `status` is never `done`
              hint: use one of queued, processed, on-hold
            status == invoice.name: bool
            status + '!': text
            yes ? 'a' : 'b': one of a, b
            now == '2026-01-31T08:00:00Z': bool
            now > invoice.name: bool
            0..18 `now > invoice.name` expr/order: `>` compares texts, and moments are written in many ways
              hint: take the time between them with `datetime.subtract`, and compare that
            pause < '5m': bool
            0..12 `pause < '5m'` expr/order: `<` compares texts, and spans of time are written in many ways
              hint: compare numbers, such as seconds
            len(now): number
        "]],
    );
}

#[test]
fn fields_that_may_miss_need_defaults() {
    types_table(
        &[
            "invoice.due == null",
            "len(invoice.due)",
            "found.note",
            "found.note ?? ''",
            "found.other",
            "totals.a",
            "totals.a ?? 0",
            "'a' in totals",
            "values(totals)",
            "sum(values(totals))",
            "totals['a'] > 1",
            "rows",
            "rows[0]",
            "len(rows)",
            "[rows]",
        ],
        &expect![[r"
            invoice.due == null: bool
            len(invoice.due): number
            4..15 `invoice.due` expr/type: expected a text, a list or an object, found text or null
              hint: `len(text, list or object)`
            found.note: text
            0..10 `found.note` expr/optional: `found.note` may be missing
              hint: give a default: `found.note ?? …`
            found.note ?? '': text
            found.other: unknown, but `found.other`
            totals.a: number
            0..8 `totals.a` expr/optional: `totals.a` may be missing
              hint: give a default: `totals.a ?? …`
            totals.a ?? 0: number
            'a' in totals: bool
            values(totals): list of number
            sum(values(totals)): number
            totals['a'] > 1: bool
            0..11 `totals['a']` expr/optional: `totals.a` may be missing
              hint: give a default: `totals['a'] ?? …`
            rows: stream of object of text
            rows[0]: unknown, but `rows[0]`
            0..7 `rows[0]` expr/type: `rows[0]`: stream of object of text has nothing inside
              hint: only an object has fields, and only a list has positions
            len(rows): number, but `rows`
            4..8 `rows` expr/stream: a stream cannot be calculated with
              hint: loop over its rows with `for-each`, and collect what you need of them
            [rows]: list, but `rows`
            1..5 `rows` expr/stream: a stream cannot be calculated with
              hint: loop over its rows with `for-each`, and collect what you need of them
        "]],
    );
}
