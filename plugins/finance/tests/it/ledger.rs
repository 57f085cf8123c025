//! Each invoice is in the ledger once.

use finance::invoices::{Entry, enter_invoice, enter_invoice_in_file};
use wharf::{Kind, Result, decimal, fake};

use crate::rows::invoice;

#[test]
fn invoices_are_entered_once() -> Result<()> {
    let ledger = fake::queue("ledger");
    let enter = || fake::step(|| enter_invoice(invoice(" I-1 ", decimal!(10.50)), "ledger".into()));
    let entry = enter()?;
    assert_eq!((entry.invoice_id.as_str(), entry.amount), ("I-1", decimal!(10.50)));
    fake::set_now("2026-01-02T00:00:00Z".parse()?);
    let error = enter().unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::Business, "duplicate"));
    assert_eq!(error.message(), "invoice I-1 is in the ledger already");
    let data = error.data().unwrap().as_str();
    assert_eq!(data, r#"{"invoice_id":"I-1","entered":"2026-01-01T00:00:00Z"}"#);
    let items = ledger.items();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].value.read::<Entry>()?, entry);
    Ok(())
}

#[test]
fn nameless_invoices_are_refused() {
    fake::queue("ledger");
    let error = enter_invoice(invoice(" ", decimal!(1)), "ledger".into()).unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::Business, "no-id"));
    assert_eq!(error.message(), "the invoice of Fabrikam has no id");
}

#[test]
fn a_file_can_be_the_ledger() -> Result<()> {
    let file = "ledger/invoices.jsonl";
    let enter = |id: &str| enter_invoice_in_file(invoice(id, decimal!(1.50)), file.into());
    assert_eq!(enter("I-1").unwrap_err().code(), "grant/denied");
    fake::folder("ledger");
    enter("I-1")?;
    enter("I-2")?;
    let error = enter("I-1").unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::Business, "duplicate"));
    let lines = String::from_utf8(fake::files().remove(file).unwrap()).unwrap();
    let line = r#"{"invoice_id":"I-1","account_name":"Fabrikam","amount":1.50,"#;
    assert!(lines.starts_with(line), "{lines}");
    assert_eq!(lines.lines().count(), 2);

    fake::file(file, format!("{lines}{{\"invoice"));
    let error = enter("I-3").unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::It, "spoilt-ledger"));
    Ok(())
}
