//! Actions on tables in files.

use std::fs;

use expect_test::expect;
use flow::expr::Type;
use flow::program::{Form, Template};
use flow::signature::{Catalog, Contract, Output as Gives};
use flow::{Signature, Span};
use indexmap::IndexMap;

use super::Ground;
use crate::action::{Output, signatures};
use crate::csv::{Row, Stream};

fn stream(ground: &Ground, given: &str) -> Stream {
    match ground.perform("csv.read", given) {
        Ok(Output::Stream(stream)) => stream,
        other => panic!("{given}: {other:?}"),
    }
}

/// The rows of a stream, one a line, with their physical lines.
fn rows(ground: &Ground, stream: &Stream) -> String {
    let told = ground.step(|step| {
        let rows = stream.open(step.files(), 0)?;
        let row = |row| match row {
            Ok(Row::Good(row)) => format!("{} {}: {}\n", row.record, row.lines, row.value),
            Ok(Row::Bad(row)) => format!("{} bad {}: {}\n", row.record, row.code, row.message),
            Err(error) => format!("{error:?}"),
        };
        Ok(rows.map(row).collect::<String>())
    });
    told.unwrap()
}

#[test]
fn rows_are_texts_unless_declared() {
    let ground = Ground::new();
    let plain = stream(&ground, r#"{"file": "ledger/rows.csv"}"#);
    expect![[r#"
        1 line 2: {"ID":"I-1","Amount":"12.50"}
        2 line 3: {"ID":"I-2","Amount":"99"}
    "#]]
    .assert_eq(&rows(&ground, &plain));
    fs::write(
        ground.at("ledger/german.csv"),
        "ID;Betrag;Datum;Bezahlt\n1; 1.234,50 ;06.04.2023;true\n\n\
         2;abc;07.04.2023;\n3;7;31.02.2023;\n",
    )
    .unwrap();
    let typed = stream(
        &ground,
        r#"{"file": "ledger/german.csv", "columns": {
            "Betrag": {"type": "number", "decimal": ",", "group": "."},
            "Datum": {"type": "datetime", "pattern": "dd.MM.yyyy", "zone": "UTC"},
            "Bezahlt": "bool?"}}"#,
    );
    expect![[r#"
        1 line 2: {"ID":"1","Betrag":1234.50,"Datum":"2023-04-06T00:00:00Z","Bezahlt":true}
        2 bad csv/bad-type: line 4: column `Betrag`: `abc` is not a number such as `1.234,5`
        3 bad csv/bad-type: line 5: column `Datum`: `31.02.2023` is not a datetime: `31.02.2023`: there is no 2023-02-31
    "#]].assert_eq(&rows(&ground, &typed));
}

#[test]
fn formats_can_be_declared() {
    let ground = Ground::new();
    fs::write(
        ground.at("ledger/odd.csv"),
        b"created today\n# note\n'a|b'| x \nRen\xe9|y|z\nonly\n",
    )
    .unwrap();
    let odd = stream(
        &ground,
        r##"{"file": "ledger/odd.csv", "header": false, "delimiter": "|", "quote": "'",
            "comment": "#", "trim": false, "skip-lines": 1, "encoding": "windows-1252",
            "pad": true, "truncate": true, "columns": {"Name": "text", "Note": "text"}}"##,
    );
    expect![[r#"
        1 line 3: {"Name":"a|b","Note":" x "}
        2 line 4: {"Name":"René","Note":"y"}
        3 line 5: {"Name":"only","Note":""}
    "#]]
    .assert_eq(&rows(&ground, &odd));
    let fallen = stream(&ground, r#"{"file": "ledger/latin.csv", "fallback": "windows-1252"}"#);
    expect![[r#"
        1 line 2: {"ID":"1","Name":"René"}
    "#]]
    .assert_eq(&rows(&ground, &fallen));
    let named = stream(&ground, r#"{"file": "ledger/unnamed.csv", "dedupe": true}"#);
    expect![[r#"
        1 line 2: {"ID":"1","column_2":"2","Amount":"3"}
    "#]]
    .assert_eq(&rows(&ground, &named));
}

#[test]
fn wrong_formats_name_their_input() {
    let ground = Ground::new();
    let said = [
        r#"{"file": "ledger/rows.csv", "delimiter": "ab"}"#,
        r#"{"file": "ledger/rows.csv", "columns": {"Amount": "decimal"}}"#,
        r#"{"file": "ledger/rows.csv", "columns": {"Amount": {"type": "text", "group": "."}}}"#,
        r#"{"file": "ledger/rows.csv", "columns": {"Amount": {"type": "number", "group": "."}}}"#,
        r#"{"file": "ledger/rows.csv", "columns": {"ID": {"type": "datetime", "pattern": "q"}}}"#,
        r#"{"file": "ledger/rows.csv", "columns": {"ID": {"type": "datetime", "zone": "None"}}}"#,
        r#"{"file": "ledger/rows.csv", "bad-rows": "ignore"}"#,
        r#"{"file": "ledger/rows.csv", "columns": {"Amont": "number"}}"#,
    ]
    .map(|given| ground.said("csv.read", given));
    expect![[r"
        generic action/bad-input: `delimiter` is the text `ab`, not one ASCII character
          hint: give one ASCII character
        generic action/bad-input: `columns.Amount` is `decimal`, which is no type of a column
          hint: there is text, number, bool and datetime, with `?` where cells may be empty
        generic action/bad-input: `columns.Amount` says more than a text has
          hint: `decimal` and `group` are for numbers, `pattern` and `zone` for datetimes
        generic action/bad-input: `columns.Amount.group` is the same as `decimal`
          hint: take another
        generic action/bad-input: `columns.ID.pattern` is wrong: the pattern cannot be used: `q` has no meaning, at column 1 of `q`
          hint: write 'q' in quotes for the letter itself
        generic action/bad-input: `columns.ID.zone` is wrong: there is no time zone `None`
          hint: zones are named as `Europe/Berlin`, `UTC` or by an offset as `+02:00`
        generic action/bad-input: `bad-rows` is `ignore`, which is none of its words
          hint: there is fail, skip, reject
        business csv/missing-column: there is no column `Amont`
          hint: the file has ID, Amount
    "]].assert_eq(&said.concat());
}

#[test]
fn rows_are_written_as_they_read() {
    let ground = Ground::new();
    let given = r#"{"file": "ledger/out.csv", "rows": [
        {"ID": "I-1", "Amount": 12.50, "Note": "a, \"b\"\nc", "Paid": true, "Due": null},
        {"ID": "I-2", "Due": "x", "Note": [1]}]}"#;
    let written = ground.value("csv.write", given);
    assert_eq!(written.get("rows"), Some(&2_u64.into()));
    expect![[r#"
        ID,Amount,Note,Paid,Due~
        I-1,12.50,"a, ""b""
        c",true,~
        I-2,,[1],,x~
    "#]]
    .assert_eq(&ground.text_of("ledger/out.csv").replace("\r\n", "~\n"));
    let read = stream(&ground, r#"{"file": "ledger/out.csv", "trim": false}"#);
    expect![[r#"
        1 lines 2-3: {"ID":"I-1","Amount":"12.50","Note":"a, \"b\"\nc","Paid":"true","Due":""}
        2 line 4: {"ID":"I-2","Amount":"","Note":"[1]","Paid":"","Due":"x"}
    "#]]
    .assert_eq(&rows(&ground, &read));
}

#[test]
fn appending_writes_one_header() {
    let ground = Ground::new();
    let given = r#"{"file": "archive/log.csv", "how": "append", "columns": ["ID", "Note"],
        "delimiter": ";", "guard-formulas": true, "rows": [["1", "=1+1"]]}"#;
    for _ in 0..2 {
        ground.perform("csv.write", given).unwrap();
    }
    assert_eq!(ground.text_of("archive/log.csv"), "ID;Note\r\n1;\"'=1+1\"\r\n1;\"'=1+1\"\r\n");
    ground.perform("csv.write", r#"{"file": "archive/no.csv", "rows": []}"#).unwrap();
    assert_eq!(ground.text_of("archive/no.csv"), "");
}

#[test]
fn rows_that_do_not_fit_are_refused() {
    let ground = Ground::new();
    let said = [
        r#"{"file": "ledger/x.csv", "rows": [{"ID": 1}, {"Id": 2}]}"#,
        r#"{"file": "ledger/x.csv", "rows": [["a"], {"ID": 1}]}"#,
        r#"{"file": "ledger/x.csv", "rows": [["a"], "b"]}"#,
        r#"{"file": "ledger/x.csv", "columns": ["A", "B"], "rows": [["a"]]}"#,
    ]
    .map(|given| ground.said("csv.write", given));
    expect![[r"
        generic action/bad-input: `rows[1].Id` is in none of the columns
          hint: the columns are ID; give `columns` to have others
        generic action/bad-input: `rows[1]` is an object, and the first row is a list
          hint: give `columns`
        generic action/bad-input: `rows[1]` is the text `b`, not an object or a list of cells
          hint: give an object or a list of cells
        generic action/bad-input: `rows[0]` has 1 cells for 2 columns
          hint: give a cell for each, null where there is nothing
    "]]
    .assert_eq(&said.concat());
    assert!(!ground.at("ledger/x.csv").exists());
}

/// There is nothing beside the flow.
struct Nothing;

impl Catalog for Nothing {
    fn action(&self, _: &str) -> Option<&Signature> {
        None
    }

    fn actions(&self) -> Vec<&str> {
        Vec::new()
    }

    fn flow(&self, _: &str) -> Option<&Contract> {
        None
    }

    fn flows(&self) -> Vec<&str> {
        Vec::new()
    }

    fn file(&self, _: &str) -> Result<String, String> {
        Err("there is none".into())
    }
}

pub(super) fn type_of(action: &str, with: &[(&str, Form)]) -> Type {
    let signature = signatures().iter().find(|known| known.name == action).unwrap();
    let Gives::From(from) = signature.output else { panic!("{action} gives what it gives") };
    from(&templates(with), &Nothing).unwrap()
}

pub(super) fn templates(fields: &[(&str, Form)]) -> IndexMap<String, Template> {
    let template = |(name, form): &(&str, Form)| {
        ((*name).to_owned(), Template { form: again(form), span: Span { start: 0, end: 0 } })
    };
    fields.iter().map(template).collect()
}

fn again(form: &Form) -> Form {
    match form {
        Form::Plain(word) => Form::Plain(word.clone()),
        Form::Object(fields) => Form::Object(
            fields
                .iter()
                .map(|(name, it)| (name.clone(), Template { form: again(&it.form), span: it.span }))
                .collect(),
        ),
        other => panic!("a test makes words and objects: {other:?}"),
    }
}

#[test]
fn declared_columns_type_the_rows() {
    let word = |word: &str| Form::Plain(word.into());
    assert_eq!(type_of("csv.read", &[("file", word("a.csv"))]), Type::stream(Type::open([])));
    let columns = Form::Object(templates(&[
        ("Amount", Form::Object(templates(&[("type", word("number"))]))),
        ("Due", word("datetime?")),
        ("ID", word("text")),
        ("Odd", word("what")),
    ]));
    let rows = Type::open([
        ("Amount", Type::Number),
        ("Due", Type::Datetime.optional()),
        ("ID", Type::Text),
        ("Odd", Type::Unknown),
    ]);
    assert_eq!(type_of("csv.read", &[("columns", columns)]), Type::stream(rows));
}
