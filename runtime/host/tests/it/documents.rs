//! The page about limits, as far as plugins meet them. `UPDATE_EXPECT=1` writes it anew.

use std::collections::BTreeSet;

use expect_test::expect_file;
use host::{Bound, limits};

#[test]
fn limits_page_shows_every_limit() {
    let page = support::with_limits("generated, plugins", limits::ALL);
    expect_file!["../../../../docs/limits.md"].assert_eq(&page);
}

#[test]
fn every_bound_is_a_limit() {
    let all = || {
        let others = engine::limits::ALL.iter().chain(model::limits::ALL);
        limits::ALL.iter().chain(others)
    };
    let names: BTreeSet<&str> = all().map(|limit| limit.name).collect();
    assert_eq!(names.len(), all().count());
    for bound in Bound::ALL {
        let limit = limits::ALL.iter().find(|limit| limit.name == bound.name());
        assert_eq!(limit.map(|limit| limit.unit), Some(bound.unit()), "{bound}");
    }
}
