//! The vendor invoices of the bulk import, typed as their column says.

use std::io::{Cursor, Seek};

use expect_test::expect;
use rows::{Cell, Inference, Options, Reader, Types};
use serde_json::{Map, Value};

use crate::support::show_row;

const ITEMS: &str = "\
WorkQueueItemId,InvoiceId,InvoiceDate,AccountName,ContactEmail,Amount,Status,WorkQueueKey,\
ComponentState,OverwriteTime
,I-1001,01/04/2023,Contoso,billing@contoso.com, 967.45 ,Paid,Vendor Invoices,0,01/01/1900 00:00
,I-1006,06/04/2023,Fabrikam,invoicing@fabrikam.com,1253.78,Paid,Vendor Invoices,0,01/01/1900 00:00
,I-1030,30/04/2023,Contoso,billing@contoso.com,5200,Open,Vendor Invoices,0,01/01/1900 00:00
";

fn infer(text: &str) -> Inference {
    let mut reader = Reader::new(text.as_bytes(), Options::default()).unwrap();
    let mut inference = Inference::new(reader.columns().len());
    while let Some(row) = reader.next_row().unwrap() {
        inference.feed(&row.unwrap());
    }
    inference
}

/// What the import makes of a row: an object without the cells that are empty.
fn object(types: &Types, record: &rows::Record<'_>) -> Value {
    let cells = types.cells(record).unwrap();
    let mut object = Map::new();
    for (name, cell) in record.columns().names().iter().zip(cells) {
        let value = match cell {
            Cell::Text(text) => text.into(),
            Cell::Number(text) => serde_json::from_str(text).unwrap(),
            Cell::Bool(flag) => flag.into(),
            Cell::DateTime(text) => text.into(),
            Cell::Empty => continue,
        };
        object.insert(name.clone(), value);
    }
    Value::Object(object)
}

#[test]
fn invoice_becomes_the_item_of_the_sample() {
    let types = infer(ITEMS).types();
    let mut reader = Reader::new(ITEMS.as_bytes(), Options::default()).unwrap();
    let mut found = Value::Null;
    while let Some(row) = reader.next_row().unwrap() {
        let record = row.unwrap();
        if record.named("InvoiceId") == Some("I-1006") {
            found = object(&types, &record);
        }
    }
    let want = serde_json::json!({
        "InvoiceId": "I-1006",
        "InvoiceDate": "06/04/2023",
        "AccountName": "Fabrikam",
        "ContactEmail": "invoicing@fabrikam.com",
        "Amount": 1253.78,
        "Status": "Paid",
        "WorkQueueKey": "Vendor Invoices",
        "ComponentState": 0,
        "OverwriteTime": "1900-01-01T00:00:00",
    });
    assert_eq!(found, want);
}

fn verdicts(text: &str) -> String {
    let reader = Reader::new(text.as_bytes(), Options::default()).unwrap();
    let names = reader.columns().names().iter();
    let told = names.zip(infer(text).verdicts()).map(|(name, verdict)| {
        let (kind, reason) = (verdict.kind, verdict.reason);
        format!("{name}: {kind:?}, {} filled, {} empty, {reason}\n", verdict.filled, verdict.empty)
    });
    told.collect()
}

#[test]
fn every_verdict_says_why() {
    expect![[r"
        WorkQueueItemId: Empty, 0 filled, 3 empty, no cell holds anything
        InvoiceId: Text, 3 filled, 0 empty, `I-1001` in record 1 is no number
        InvoiceDate: Text, 3 filled, 0 empty, `01/04/2023` in record 1 is a date in a local notation without a time of day
        AccountName: Text, 3 filled, 0 empty, `Contoso` in record 1 is no number
        ContactEmail: Text, 3 filled, 0 empty, `billing@contoso.com` in record 1 is no number
        Amount: Number, 3 filled, 0 empty, every cell is a number
        Status: Text, 3 filled, 0 empty, `Paid` in record 1 is no number
        WorkQueueKey: Text, 3 filled, 0 empty, `Vendor Invoices` in record 1 is no number
        ComponentState: Number, 3 filled, 0 empty, every cell is a number
        OverwriteTime: DateTime(DayFirst), 3 filled, 0 empty, every cell is the same date with the month first
    "]]
    .assert_eq(&verdicts(ITEMS));
}

#[test]
fn columns_are_judged_as_a_whole() {
    let text = "\
code,phone,bank,flag,mixed,iso,day,month,both,gap
007,+49,1234567890123456,true,1,2023-04-06,06/04/2023 09:30,04/06/2023 09:30,06/04/2023 09:30,
1,5,2,false,x,2023-04-06 10:00,13/04/2023 09:30,04/13/2023 09:30,07/04/2023 09:30,1
";
    expect![[r"
        code: Text, 2 filled, 0 empty, `007` in record 1 has a leading zero, which a number would lose
        phone: Text, 2 filled, 0 empty, `+49` in record 1 has a plus sign, which a number would lose
        bank: Text, 2 filled, 0 empty, `1234567890123456` in record 1 has more than 15 digits, which a number may lose
        flag: Bool, 2 filled, 0 empty, every cell is `true` or `false`
        mixed: Text, 2 filled, 0 empty, `x` in record 2 is no number
        iso: DateTime(Iso), 2 filled, 0 empty, every cell is a date in ISO 8601
        day: DateTime(DayFirst), 2 filled, 0 empty, only the day can come first
        month: DateTime(MonthFirst), 2 filled, 0 empty, only the month can come first
        both: Text, 2 filled, 0 empty, `06/04/2023 09:30` in record 1 is another date with day and month swapped
        gap: Number, 1 filled, 1 empty, every cell is a number
    "]]
    .assert_eq(&verdicts(text));
}

#[test]
fn second_pass_reads_the_same() -> Result<(), rows::Error> {
    let mut file = Cursor::new("sep=;\nid;amount\n1; 2,5\n\"x\n3;4,5\n");
    let options = Options::default();
    let mut reader = Reader::new(&mut file, options.clone())?;
    let mut inference = Inference::new(reader.columns().len());
    let mut first = String::new();
    while let Some(row) = reader.next_row()? {
        show_row(&mut first, &row);
        if let Ok(record) = row {
            inference.feed(&record);
        }
    }
    let (types, options) = (inference.types(), options.pinned(reader.layout()));
    file.rewind()?;
    let mut reader = Reader::new(&mut file, options)?;
    let (mut second, mut accepted) = (String::new(), 0);
    while let Some(row) = reader.next_row()? {
        show_row(&mut second, &row);
        match row.and_then(|record| types.cells(&record)) {
            Ok(cells) => accepted += cells.len(),
            Err(bad) => assert_eq!(bad.code(), "csv/unclosed-quote"),
        }
    }
    assert_eq!((first, accepted), (second, 4));
    Ok(())
}

#[test]
fn rows_that_do_not_fit_say_so() {
    let types = infer("a,b\n1,2\n").types();
    let mut reader = Reader::new("a,b\n1,x\n".as_bytes(), Options::default()).unwrap();
    let record = reader.next_row().unwrap().unwrap().unwrap();
    let error = types.cells(&record).unwrap_err();
    assert_eq!(error.code(), "csv/bad-type");
    assert_eq!(error.to_string(), "line 2: column `b`: `x` is no number");
}
