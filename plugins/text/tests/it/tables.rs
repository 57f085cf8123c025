//! Rows that are alike.

use text::rows::{Keep, Row, drop_duplicates, join_rows, total_by};
use wharf::{Json, Result};

fn table(json: &str) -> Vec<Row> {
    Json::from(json).read().unwrap()
}

fn columns(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn told(rows: &Vec<Row>) -> String {
    Json::of(rows).into()
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().code().to_owned()
}

const INVOICES: &str = r#"[
    {"id": "I-1", "vendor": "Fabrikam", "amount": " 10.50 "},
    {"id": "I-2", "vendor": "Litware", "amount": 2},
    {"id": "I-3", "vendor": "Fabrikam ", "amount": 1.25},
    {"id": "I-1", "vendor": "Fabrikam", "amount": ""}]"#;

#[test]
fn duplicates_are_dropped_by_key() -> Result<()> {
    let distinct = drop_duplicates(table(INVOICES), columns(&["id"]), Keep::First)?;
    assert_eq!((distinct.rows.len(), distinct.dropped), (3, 1));
    assert_eq!(distinct.rows[0], table(INVOICES)[0]);
    let distinct = drop_duplicates(table(INVOICES), columns(&["id"]), Keep::Last)?;
    assert_eq!(distinct.rows[..], table(INVOICES)[1..]);
    let both = columns(&["vendor", "amount"]);
    assert_eq!(drop_duplicates(table(INVOICES), both, Keep::First)?.dropped, 0);
    let numbers = table(r#"[{"n": 1}, {"n": 1.0}, {"n": "1"}, {"n": null}, {"n": null}]"#);
    assert_eq!(drop_duplicates(numbers, columns(&["n"]), Keep::First)?.dropped, 2);
    Ok(())
}

#[test]
fn rows_alike_are_added_up() -> Result<()> {
    let totals = total_by(table(INVOICES), columns(&["vendor"]), columns(&["amount"]))?;
    let expected = concat!(
        r#"[{"vendor":"Fabrikam","count":3,"amount":11.75},"#,
        r#"{"vendor":"Litware","count":1,"amount":2}]"#,
    );
    assert_eq!(told(&totals), expected);
    assert_eq!(total_by(Vec::new(), columns(&["vendor"]), Vec::new())?, Vec::<Row>::new());
    Ok(())
}

#[test]
fn odd_columns_are_refused() {
    let by = |by: &[&str], totals: &[&str]| total_by(table(INVOICES), columns(by), columns(totals));
    assert_eq!(code(by(&["vendr"], &[])), "no-column");
    assert_eq!(code(by(&["vendor"], &["vendor"])), "column-twice");
    assert_eq!(code(by(&["vendor", "count"], &[])), "column-twice");
    assert_eq!(code(by(&[], &[])), "no-columns");
    let error = by(&["vendor"], &["id"]).unwrap_err();
    assert_eq!(error.code(), "not-a-number");
    assert_eq!(error.message(), "row 1, column `id`: `I-1` is not a number");
    let large = format!(r#"[{{"a": 1, "n": {0}}}, {{"a": 1, "n": {0}}}]"#, "7".repeat(28));
    let large = format!("{}{}", &large[..large.len() - 1], &large[large.len() - 1..]);
    let twice = total_by(table(&large), columns(&["a"]), columns(&["n"]));
    assert!(twice.is_ok(), "28 digits twice still fit");
    let much = (0..12).map(|_| format!(r#"{{"a": 1, "n": {}}}"#, "9".repeat(28)));
    let much = format!("[{}]", much.collect::<Vec<_>>().join(","));
    assert_eq!(code(total_by(table(&much), columns(&["a"]), columns(&["n"]))), "too-large");
}

const VENDORS: &str = r#"[
    {"vendor": "Fabrikam", "email": "a@fabrikam.com"},
    {"vendor": "Fabrikam", "email": "b@fabrikam.com", "phone": 1},
    {"vendor": "Contoso", "email": "c@contoso.com"}]"#;

#[test]
fn tables_are_joined_by_key() -> Result<()> {
    let invoices = table(r#"[{"id": 1, "vendor": "Fabrikam "}, {"id": 2, "vendor": "Litware"}]"#);
    let joined = join_rows(invoices.clone(), table(VENDORS), columns(&["vendor"]), true)?;
    let matched = concat!(
        r#"{"id":1,"vendor":"Fabrikam ","email":"a@fabrikam.com","phone":null},"#,
        r#"{"id":1,"vendor":"Fabrikam ","email":"b@fabrikam.com","phone":1}"#,
    );
    let unmatched = r#"{"id":2,"vendor":"Litware","email":null,"phone":null}"#;
    assert_eq!(told(&joined), format!("[{matched},{unmatched}]"));
    let joined = join_rows(invoices.clone(), table(VENDORS), columns(&["vendor"]), false)?;
    assert_eq!(told(&joined), format!("[{matched}]"));
    let with = table(r#"[{"vendor": "Litware", "id": 7}]"#);
    assert_eq!(code(join_rows(invoices, with, columns(&["vendor"]), true)), "column-twice");
    Ok(())
}
