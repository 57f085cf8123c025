//! Every way to fail has a kind, a code, a message and data.

use guest::ledger::{Problem, own, text, whole};
use wharf::{Error, Kind, fake};

fn told(error: &Error) -> (Kind, &str, &str, Option<&str>) {
    (error.kind(), error.code(), error.message(), error.data().map(wharf::Json::as_str))
}

#[test]
fn own_errors_become_codes() {
    let entry = r#"{"invoice_id":"1","amount":1,"comment":""}"#;
    let duplicate = format!(r#"{{"invoice_id":"1","entry":{entry}}}"#);
    for (name, expected) in [
        ("portal-down", (Kind::It, "portal-down", "The portal does not answer", None)),
        ("odd", (Kind::Generic, "odd", "Says {nothing} about it", None)),
        (
            "duplicate",
            (Kind::Business, "duplicate", "1 is in the ledger already", Some(duplicate.as_str())),
        ),
        ("too-large", (Kind::Business, "too-large", "the amount is 10", Some("10"))),
        (
            "shadowed",
            (
                Kind::Business,
                "shadowed",
                "1 of 2",
                Some(r#"{"out":1,"node":2,"message":3,"failure":4}"#),
            ),
        ),
        ("too-old", (Kind::Business, "too-old", "too old", Some("9"))),
    ] {
        let error = Error::from(own(name.into()).unwrap_err());
        assert_eq!(told(&error), expected);
    }
    assert_eq!(own("fine".into()), Ok(()));
    assert_eq!(fake::step(|| own("odd".into())).unwrap_err().code(), "odd");
    assert_eq!(Problem::PortalDown.to_string(), "The portal does not answer");
}

#[test]
fn text_is_a_business_failure() {
    let error = Error::from(text("no such portal".into()).unwrap_err());
    assert_eq!(told(&error), (Kind::Business, "failed", "no such portal", None));
}

#[test]
fn whole_errors_stay_as_they_are() {
    let error = whole("late".into()).unwrap_err();
    assert_eq!(told(&error), (Kind::Generic, "late", "no", Some("[1]")));
}
