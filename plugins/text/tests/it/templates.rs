//! Letters with places for values.

use text::texts::fill_template;
use wharf::{Json, Kind};

const VALUES: &str = concat!(
    r#"{"customer": {"name": "Ann \"A\""}, "lines": [{"amount": 5.00}], "#,
    r#""note": null, "paid": true}"#
);

fn fill(template: &str) -> wharf::Result<String> {
    fill_template(template.into(), Json::from(VALUES))
}

#[test]
fn places_are_filled_by_path() {
    for (template, expected) in [
        ("", ""),
        ("no place", "no place"),
        ("Dear {customer.name},", "Dear Ann \"A\","),
        ("{ lines[0].amount }€{note}", "5.00€"),
        ("{paid}{paid}", "truetrue"),
        ("{lines}", r#"[{"amount":5.00}]"#),
        ("{{paid}} }}{{", "{paid} }{"),
    ] {
        assert_eq!(fill(template).as_deref(), Ok(expected), "{template}");
    }
}

#[test]
fn odd_places_are_refused() {
    for (template, kind, code) in [
        ("{customer.nam}", Kind::Business, "no-value"),
        ("{customer", Kind::Generic, "bad-template"),
        ("customer}", Kind::Generic, "bad-template"),
        ("{}", Kind::Generic, "bad-template"),
        ("{{}", Kind::Generic, "bad-template"),
    ] {
        let error = fill(template).unwrap_err();
        assert_eq!((error.kind(), error.code()), (kind, code), "{template}");
    }
    assert_eq!(
        fill("é {").unwrap_err().message(),
        "the `{` at byte 4 of the template stands alone"
    );
    assert_eq!(fill("{b}").unwrap_err().hint(), Some("there are: customer, lines, note, paid"));
}
