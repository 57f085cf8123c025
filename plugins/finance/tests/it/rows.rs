//! Rows as they are queued, and which of them may be paid.

use finance::invoices::{Decision, Invoice, classify};
use wharf::{Decimal, Json, decimal};

/// The rows of the example, as `wharf item import` queues them: every cell is text.
pub(crate) fn rows() -> Vec<Json> {
    let table = include_str!("../../../../flows/vendor-invoices/vendor-invoice-items.csv");
    let mut lines = table.lines();
    let columns: Vec<&str> = lines.next().unwrap().split(',').collect();
    let row = |line: &str| {
        let cells = columns.iter().zip(line.split(','));
        let fields: Vec<_> = cells
            .map(|(column, cell)| (String::from(*column), Json::of(&cell.to_owned())))
            .collect();
        Json::of(&fields)
    };
    lines.map(row).collect()
}

pub(crate) fn invoice(id: &str, amount: Decimal) -> Invoice {
    Invoice {
        invoice_id: id.into(),
        invoice_date: Some("06/04/2023".into()),
        account_name: "Fabrikam".into(),
        contact_email: None,
        amount,
    }
}

#[test]
fn rows_are_read_as_queued() {
    let rows = rows();
    assert_eq!(rows.len(), 30);
    let first: Invoice = rows[0].read().unwrap();
    assert_eq!((first.invoice_id.as_str(), first.amount), ("I-1001", decimal!(3445.63)));
    let needs_review =
        |row: &Json| classify(row.read().unwrap(), decimal!(5000)) != Decision::Approved;
    assert_eq!(rows.iter().filter(|row| needs_review(row)).count(), 10);
}

#[test]
fn typed_rows_are_read_too() {
    let typed = r#"{"InvoiceId": "I-1006", "InvoiceDate": "06/04/2023", "AccountName": "Fabrikam",
        "ContactEmail": "invoicing@fabrikam.com", "Amount": 1253.78, "Status": "Paid",
        "ComponentState": 0, "OverwriteTime": "1900-01-01T00:00:00"}"#;
    let invoice: Invoice = Json::from(typed).read().unwrap();
    assert_eq!(classify(invoice, decimal!(5000)), Decision::Approved);
}

#[test]
fn the_limit_itself_needs_review() {
    for (amount, approved) in [
        (decimal!(-1), true),
        (decimal!(4999.99), true),
        (decimal!(4999.999999), true),
        (decimal!(5000), false),
        (decimal!(5000.00), false),
        (decimal!(5000.01), false),
    ] {
        let decision = classify(invoice("I-1", amount), decimal!(5000));
        assert_eq!(decision == Decision::Approved, approved, "{amount}");
    }
    let Decision::NeedsReview { reason } = classify(invoice("I-1", decimal!(5000)), decimal!(5000))
    else {
        panic!("it was approved")
    };
    let expected = "The invoice amount 5000 is not under 5000: a manager has to approve it";
    assert_eq!(reason, expected);
}
