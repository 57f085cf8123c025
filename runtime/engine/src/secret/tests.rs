//! Who gets a secret, and who never sees it.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Error, MASK, Masks, Secret, Secrets, read};
use crate::grant::{Grants, Permit, Table};
use crate::limits::{SECRET_BYTES_MAX, SECRET_MASKED_BYTES_MIN, SECRETS_MASKED_MAX};

#[derive(Debug, Default)]
struct Drawer(BTreeMap<&'static str, Secret>);

impl Secrets for Drawer {
    fn get(&self, name: &str) -> Result<Secret, Error> {
        self.0.get(name).cloned().ok_or_else(|| Error::not_found(name))
    }
}

fn permit(names: &[&str]) -> Permit {
    let secrets = names.iter().map(ToString::to_string).collect();
    let project = Grants::parse(&Table { secrets, ..Table::default() }).unwrap();
    Permit { plugin: "finance".into(), project, ceiling: None }
}

fn masks(secrets: &[&str]) -> Masks {
    let mut masks = Masks::default();
    for secret in secrets {
        masks.add(&Secret::new(*secret)).unwrap();
    }
    masks
}

#[test]
fn only_granted_secrets_are_read() {
    let token = Secret::new("hunter2");
    let drawer = Drawer([("token", token.clone()), ("other", token.clone())].into());
    let permit = permit(&["token", "missing"]);
    assert_eq!(read("token", &permit, &drawer), Ok(token));
    let error = read("missing", &permit, &drawer).unwrap_err();
    assert_eq!(
        (error.code(), &*error.to_string()),
        ("secret/not-found", "there is no secret `missing`")
    );
    // Whether it exists makes no difference to whoever was not granted it.
    for name in ["other", "nothing"] {
        let error = read(name, &permit, &drawer).unwrap_err();
        assert_eq!(error.code(), "grant/denied");
        assert_eq!(error.hint(), format!("`wharf plugin grant finance --secret {name}` grants it"));
    }
}

#[test]
fn secrets_do_not_show_themselves() {
    let secret = Secret::new("hunter2");
    assert_eq!(format!("{secret:?} {:#?}", Some(&secret)).matches("hunter2").count(), 0);
    assert_eq!(secret.reveal(), "hunter2");
}

#[test]
fn secrets_are_bounded() {
    for (bytes, fits) in
        [(SECRET_BYTES_MAX - 1, true), (SECRET_BYTES_MAX, true), (SECRET_BYTES_MAX + 1, false)]
    {
        let drawer = Drawer([("token", Secret::new("x".repeat(bytes)))].into());
        let answer = read("token", &permit(&["token"]), &drawer);
        assert_eq!(answer.map_err(|error| error.code()).err(), (!fits).then_some("limit/exceeded"));
    }
    let mut masks = Masks::default();
    for number in 0..SECRETS_MASKED_MAX {
        assert!(masks.add(&Secret::new(format!("secret-{number}"))).is_ok());
    }
    assert!(masks.add(&Secret::new("secret-0")).is_ok(), "it is known already");
    assert!(masks.add(&Secret::new("secret-more")).is_err());
}

#[test]
fn masks_replace_whole_secrets() {
    for (secrets, text, masked) in [
        (&["hunter2"][..], "it is hunter2, hunter2!", "it is ***, ***!"),
        (&["hunter2"], "hunter", "hunter"),
        (&["hunter2", "hunter2-long"], "a hunter2-long b", "a *** b"),
        (&["abcd", "cdef"], "xabcdefx", "x***x"),
        (&["aaaa"], "aaaaaa", "***"),
        (&["abcd"], "abcdabcd", "******"),
        (&["say \"hi\"\n"], r#"{"a":"say \"hi\"\n"}"#, r#"{"a":"***"}"#),
        (&["say \"hi\"\n"], "say \"hi\"\n.", "***."),
        (&["pässwörd"], "é pässwörd é", "é *** é"),
        (&[], "nothing", "nothing"),
    ] {
        assert_eq!(masks(secrets).apply(text), masked, "{secrets:?}");
    }
}

#[test]
fn short_values_are_left() {
    let text = "abcdefgh";
    for (bytes, masked) in [
        (SECRET_MASKED_BYTES_MIN - 1, false),
        (SECRET_MASKED_BYTES_MIN, true),
        (SECRET_MASKED_BYTES_MIN + 1, true),
    ] {
        assert_eq!(masks(&[&text[..bytes]]).apply(text) != text, masked, "{bytes}");
    }
    assert_eq!(masks(&[""]).apply(text), text);
}

proptest! {
    #[test]
    fn no_secret_is_left(
        secrets in prop::collection::vec("[ab\"é]{4,6}", 1..4),
        text in "[ab\"é*]{0,40}",
    ) {
        let known: Vec<&str> = secrets.iter().map(String::as_str).collect();
        let masked = masks(&known).apply(&text);
        // What stands between masks is of the text, and free of secrets.
        for part in masked.split(MASK) {
            let free = secrets.iter().all(|secret| !part.contains(secret.as_str()));
            prop_assert!(free, "{}", masked);
        }
    }
}
