//! Amounts as people write them.

use text::texts::read_amount;
use wharf::Kind;

#[test]
fn amounts_are_read_as_written() {
    for (text, mark, expected) in [
        ("1253.78", None, "1253.78"),
        (" 967.45 ", None, "967.45"),
        ("5000", None, "5000"),
        ("1.234,56 €", None, "1234.56"),
        ("$1,234.56", None, "1234.56"),
        ("1,234,567", None, "1234567"),
        ("1.234.567", None, "1234567"),
        ("CHF 1'234.50", None, "1234.50"),
        ("1\u{202f}234,50 EUR", None, "1234.50"),
        ("1 234.500", None, "1234.500"),
        ("(12.00)", None, "-12.00"),
        ("-12,5", None, "-12.5"),
        ("€ -12,5", None, "-12.5"),
        ("12.00-", None, "-12.00"),
        (",5", None, "0.5"),
        ("0.125", None, "0.125"),
        ("1234.567", None, "1234.567"),
        ("1,234", Some(','), "1.234"),
        ("1,234", Some('.'), "1234"),
        ("12345678901234567890.12", None, "12345678901234567890.12"),
    ] {
        let amount = read_amount(text.into(), mark).map(|amount| amount.to_string());
        assert_eq!(amount.as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn what_could_be_two_amounts_is_refused() {
    for text in ["1,234", "1.234", "12,345 €", "123.456"] {
        let error = read_amount(text.into(), None).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Business, "ambiguous-amount"), "{text}");
    }
}

#[test]
fn what_is_no_amount_is_refused() {
    for text in [
        "",
        "free",
        "-",
        "1.2.3",
        "1,23,456",
        "12 34",
        "1.234,5,6",
        "1'234 567",
        "12.",
        "1e5",
        "--1",
        "1-2",
    ] {
        let error = read_amount(text.into(), None).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Business, "not-an-amount"), "{text}");
    }
    let error = read_amount("1".into(), Some(';')).unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::Generic, "bad-mark"));
    let error = read_amount("9".repeat(29), None).unwrap_err();
    assert_eq!(error.code(), "value/too-many-digits");
}
