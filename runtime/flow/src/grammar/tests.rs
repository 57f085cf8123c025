//! The table says what reading does, and is complete.

mod schema;

use std::collections::BTreeSet;

use super::*;

#[test]
fn valid_examples_have_no_problem() {
    for construct in constructs() {
        let problems = Construct::problems(construct.valid);
        assert!(problems.is_empty(), "{}: {}", construct.name, problems[0]);
    }
}

#[test]
fn invalid_examples_have_one_problem() {
    for construct in constructs() {
        for wrong in &construct.invalid {
            let codes = Construct::problems(wrong.text).iter().map(|p| p.code).collect::<Vec<_>>();
            assert_eq!(codes, [wrong.code], "{}: {}", construct.name, wrong.text);
        }
    }
}

#[test]
fn valid_examples_show_their_construct() {
    for construct in words() {
        let said = format!("{}:", construct.name);
        assert!(construct.valid.contains(&said), "{}", construct.name);
    }
    for construct in constructs() {
        let shown = |key: &&Key| construct.valid.contains(&format!("{}:", key.name));
        let missing = construct.keys.iter().filter(|key| key.default == Default::Required);
        let missing = missing.filter(|key| !shown(key)).map(|key| key.name).collect::<Vec<_>>();
        assert_eq!(missing, [""; 0], "{}", construct.name);
    }
}

#[test]
fn names_and_keys_are_unique() {
    let names = constructs().map(|construct| construct.name).collect::<BTreeSet<_>>();
    assert_eq!(names.len(), constructs().count());
    for construct in constructs() {
        let keys = construct.keys.iter().map(|key| key.name).collect::<BTreeSet<_>>();
        assert_eq!(keys.len(), construct.keys.len(), "{}", construct.name);
        assert!(construct.keys.iter().all(|key| key.docs.ends_with('.')), "{}", construct.name);
    }
}
