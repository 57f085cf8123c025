//! Why an evaluation fails, and what it says.

use super::*;

#[test]
fn long_numbers_are_not_calculated_with() {
    table(
        &["long + 1", "-long", "abs(long)", "sum([1, long])", "1e40 * 2"],
        &expect![[r"
        long + 1
            expr/digits: `long` has more than 28 digits: 1234567890123456789012345678901
            hint: it can be compared and passed on, but not calculated with
            in `long + 1`
            long = 1234567890123456789012345678901 (number)
        -long
            expr/digits: `long` has more than 28 digits: 1234567890123456789012345678901
            hint: it can be compared and passed on, but not calculated with
            in `-long`
            long = 1234567890123456789012345678901 (number)
        abs(long)
            expr/digits: `long` has more than 28 digits: 1234567890123456789012345678901
            hint: it can be compared and passed on, but not calculated with
            in `abs(long)`
            long = 1234567890123456789012345678901 (number)
        sum([1, long])
            expr/digits: item 1 of the list has more than 28 digits: 1234567890123456789012345678901
            hint: it can be compared and passed on, but not calculated with
            in `sum([1, long])`
            long = 1234567890123456789012345678901 (number)
        1e40 * 2
            expr/digits: `1e40` has more than 28 digits: 1e40
            hint: it can be compared and passed on, but not calculated with
            in `1e40 * 2`
    "]],
    );
}

#[test]
fn results_that_do_not_fit_are_errors() {
    table(
        &[
            "ref * ref",
            "1e-20 * 1e-20",
            "9999999999999999999999999999 + 1",
            "1e27 / 1e-27",
            "1e30 + 1",
        ],
        &expect![[r"
            ref * ref
                expr/overflow: the result does not fit 28 digits
                hint: calculate with fewer digits, such as `round(number, 2)`
                in `ref * ref`
                ref = 12345678901234567890123 (number)
            1e-20 * 1e-20
                expr/overflow: the result does not fit 28 digits
                hint: calculate with fewer digits, such as `round(number, 2)`
                in `1e-20 * 1e-20`
            9999999999999999999999999999 + 1
                expr/overflow: the result does not fit 28 digits
                hint: calculate with fewer digits, such as `round(number, 2)`
                in `9999999999999999999999999999 + 1`
            1e27 / 1e-27
                expr/overflow: the result does not fit 28 digits
                hint: calculate with fewer digits, such as `round(number, 2)`
                in `1e27 / 1e-27`
            1e30 + 1
                expr/digits: `1e30` has more than 28 digits: 1e30
                hint: it can be compared and passed on, but not calculated with
                in `1e30 + 1`
        "]],
    );
}

#[test]
fn types_are_never_coerced() {
    table(
        &[
            "text > 3",
            "text == 5",
            "text != 5",
            "n in ['7']",
            "list == ['1', 2, 3]",
            "name + n",
            "yes > false",
            "value == list",
            "nothing > 3",
        ],
        &expect![[r#"
            text > 3
                expr/type: `>` cannot take text and number
                hint: `number(…)` turns a text into a number
                in `text > 3`
                text = "5" (text)
            text == 5
                expr/type: `==` cannot take text and number
                hint: `number(…)` turns a text into a number
                in `text == 5`
                text = "5" (text)
            text != 5
                expr/type: `!=` cannot take text and number
                hint: `number(…)` turns a text into a number
                in `text != 5`
                text = "5" (text)
            n in ['7']
                expr/type: `in` cannot take number and text
                hint: `number(…)` turns a text into a number
                in `n in ['7']`
                n = 7 (number)
            list == ['1', 2, 3]
                expr/type: `==` cannot take number and text
                hint: `number(…)` turns a text into a number
                in `list == ['1', 2, 3]`
                list = [… 3 items] (list)
            name + n
                expr/type: `+` cannot take text and number
                hint: `text(…)` turns a number into text, `number(…)` a text into a number
                in `name + n`
                name = "Ada" (text)
                n = 7 (number)
            yes > false
                expr/type: `>` cannot take bool and bool
                hint: compare two numbers or two texts
                in `yes > false`
                yes = true (bool)
            value == list
                expr/type: `==` cannot take object and list
                hint: values of one type may be equal, and null to anything
                in `value == list`
                value = {Amount, AccountName, Due, Lines} (object)
                list = [… 3 items] (list)
            nothing > 3
                expr/type: `>` cannot take null and number
                hint: give a default for null with `??`
                in `nothing > 3`
                nothing = null (null)
        "#]],
    );
}

#[test]
fn conditions_must_be_bool() {
    table(
        &["n and yes", "yes and n", "!n", "n ? 1 : 2"],
        &expect![[r"
            n and yes
                expr/type: expected true or false, found number
                hint: compare, such as `value.amount > 5`
                in `n and yes`
                n = 7 (number)
                yes = true (bool)
            yes and n
                expr/type: expected true or false, found number
                hint: compare, such as `value.amount > 5`
                in `yes and n`
                yes = true (bool)
                n = 7 (number)
            !n
                expr/type: expected true or false, found number
                hint: compare, such as `value.amount > 5`
                in `!n`
                n = 7 (number)
            n ? 1 : 2
                expr/type: expected true or false, found number
                hint: compare, such as `value.amount > 5`
                in `n ? 1 : 2`
                n = 7 (number)
        "]],
    );
}

#[test]
fn functions_never_coerce_arguments() {
    table(
        &[
            "len(n)",
            "number('abc')",
            "number(yes)",
            "text(list)",
            "filter(value, true)",
            "filter(list, #)",
            "contains(name, 1)",
            "join(list, ',')",
            "sum([1, '2'])",
            "name.first",
        ],
        &expect![[r#"
            len(n)
                expr/type: expected a text, a list or an object, found number
                hint: give a text, a list or an object
                in `len(n)`
                n = 7 (number)
            number('abc')
                expr/not-a-number: this text does not say a number
                hint: numbers look like `12`, `0.5` or `1e3`, without unit, blank or comma
                in `number('abc')`
            number(yes)
                expr/type: expected a text or a number, found bool
                hint: give a text or a number
                in `number(yes)`
                yes = true (bool)
            text(list)
                expr/type: expected a text, a number or a bool, found list
                hint: give a text, a number or a bool
                in `text(list)`
                list = [… 3 items] (list)
            filter(value, true)
                expr/type: expected a list, found object
                hint: give a list
                in `filter(value, true)`
                value = {Amount, AccountName, Due, Lines} (object)
            filter(list, #)
                expr/type: expected true or false, found number (at item 0 of the list)
                hint: compare, such as `value.amount > 5`
                in `filter(list, #)`
                list = [… 3 items] (list)
            contains(name, 1)
                expr/type: expected a text, found number
                hint: `text(…)` turns a number into a text
                in `contains(name, 1)`
                name = "Ada" (text)
            join(list, ',')
                expr/type: expected a list of texts, found a list with number at item 0
                hint: give a list of texts
                in `join(list, ',')`
                list = [… 3 items] (list)
            sum([1, '2'])
                expr/type: expected a list of numbers, found a list with text at item 1
                hint: give a list of numbers
                in `sum([1, '2'])`
            name.first
                expr/missing-field: `name.first` is missing: `name` is a text
                hint: if it may be missing, give a default: `name.first ?? …`
                in `name.first`
                name.first is missing
        "#]],
    );
}

#[test]
fn arithmetic_never_gives_null() {
    table(
        &["n / zero", "(n / zero) ?? 7", "(n / zero) == null", "nothing + 1", "n % zero"],
        &expect![[r"
            n / zero
                expr/zero: this divides by zero
                hint: ask first, as in `b != 0 and a / b > 2`
                in `n / zero`
                n = 7 (number)
                zero = 0 (number)
            (n / zero) ?? 7
                expr/zero: this divides by zero
                hint: ask first, as in `b != 0 and a / b > 2`
                in `(n / zero) ?? 7`
                n = 7 (number)
                zero = 0 (number)
            (n / zero) == null
                expr/zero: this divides by zero
                hint: ask first, as in `b != 0 and a / b > 2`
                in `(n / zero) == null`
                n = 7 (number)
                zero = 0 (number)
            nothing + 1
                expr/type: `+` cannot take null and number
                hint: give a default for null with `??`
                in `nothing + 1`
                nothing = null (null)
            n % zero
                expr/zero: this divides by zero
                hint: ask first, as in `b != 0 and a / b > 2`
                in `n % zero`
                n = 7 (number)
                zero = 0 (number)
        "]],
    );
}

#[test]
fn missing_paths_are_errors() {
    table(
        &[
            "value.Amuont > 5",
            "valeu.Amount",
            "value.Due.day",
            "value.Lines[0].id",
            "name[0]",
            "map(rows, #.amuont)",
            "filter(rows, #.amuont == 1)",
        ],
        &expect![[r"
            value.Amuont > 5
                expr/missing-field: there is no `value.Amuont`
                hint: did you mean `value.Amount`?
                in `value.Amuont > 5`
                value.Amuont is missing
            valeu.Amount
                expr/missing-field: there is no `valeu`
                hint: did you mean `value`?
                in `valeu.Amount`
                valeu.Amount is missing
            value.Due.day
                expr/missing-field: `value.Due.day` is missing: `value.Due` is null
                hint: if it may be missing, give a default: `value.Due.day ?? …`
                in `value.Due.day`
                value.Due.day is missing
            value.Lines[0].id
                expr/missing-item: `value.Lines` has no item 0; it has 0
                hint: positions count from 0; `len(…)` counts, `??` gives a default
                in `value.Lines[0].id`
                value.Lines[0].id is missing
            name[0]
                expr/missing-field: `name[0]` is missing: `name` is a text
                hint: if it may be missing, give a default: `name[0] ?? …`
                in `name[0]`
                name[0] is missing
            map(rows, #.amuont)
                expr/missing-field: there is no `#.amuont` (at item 0 of the list)
                hint: did you mean `amount`?
                in `map(rows, #.amuont)`
                rows = [… 2 items] (list)
            filter(rows, #.amuont == 1)
                expr/missing-field: there is no `#.amuont` (at item 0 of the list)
                hint: did you mean `amount`?
                in `filter(rows, #.amuont == 1)`
                rows = [… 2 items] (list)
        "]],
    );
}

#[test]
fn missing_items_and_names_are_errors() {
    table(
        &["rows[n].id", "rows[-1]", "{ a: 1 }.b", "unheard_of"],
        &expect![[r"
            rows[n].id
                expr/missing-item: there is no item 7; the list has 2
                hint: positions count from 0; `len(…)` counts, `??` gives a default
                in `rows[n].id`
                rows = [… 2 items] (list)
                n = 7 (number)
            rows[-1]
                expr/missing-item: there is no item -1; the list has 2
                hint: positions count from 0; `len(…)` counts, `??` gives a default
                in `rows[-1]`
                rows = [… 2 items] (list)
            { a: 1 }.b
                expr/missing-field: there is no `{ a: 1 }.b`
                hint: if it may be missing, give a default: `{ a: 1 }.b ?? …`
                in `{ a: 1 }.b`
            unheard_of
                expr/missing-field: there is no `unheard_of`
                hint: if it may be missing, give a default: `unheard_of ?? …`
                in `unheard_of`
                unheard_of is missing
        "]],
    );
}

#[test]
fn failures_show_what_was_read() {
    check(
        "value.Amount + name > limit",
        SCOPE,
        &expect![[r#"
        expr/type: `+` cannot take number and text
          hint: `text(…)` turns a number into text, `number(…)` a text into a number
          in `value.Amount + name > limit`
          value.Amount = 612.00 (number)
          name = "Ada" (text)
          limit is missing"#]],
    );
    check(
        "name > 3 or rows == value or nothing",
        SCOPE,
        &expect![[r#"
        expr/type: `>` cannot take text and number
          hint: `number(…)` turns a text into a number
          in `name > 3 or rows == value or nothing`
          name = "Ada" (text)
          rows = [… 2 items] (list)
          value = {Amount, AccountName, Due, Lines} (object)
          nothing = null (null)"#]],
    );
    let word = format!("{{\"word\":\"{}\"}}", "é".repeat(100));
    check(
        "word > 3",
        &word,
        &expect![[r#"
        expr/type: `>` cannot take text and number
          hint: `number(…)` turns a text into a number
          in `word > 3`
          word = "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé"… (text)"#]],
    );
}
