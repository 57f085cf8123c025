//! Values that do not fit, on their way in and out, and steps that talk too much: each is told with
//! step, path and limit, and the next call goes on.

use engine::Kind;
use host::{Limits, StepFrame};
use model::Value;

use crate::stage::{Stage, everything};

#[test]
fn arguments_that_do_not_fit_are_refused() {
    let stage = Stage::new();
    for (input, code, place) in [
        (r#"{"small": 1}"#, "input/missing", "exact"),
        (r#"{"small": 1, "exact": 1, "smal": 2}"#, "input/unknown", "smal"),
        (r#"{"small": 256, "exact": 1}"#, "input/mismatch", "small: "),
        (r#"{"small": 1.5, "exact": 1}"#, "input/mismatch", "small: "),
        (r#"{"small": "1", "exact": 1}"#, "input/mismatch", "small: "),
        (r#"{"small": 1, "exact": "much"}"#, "input/mismatch", "exact: "),
        (r#"{"small": null, "exact": 1}"#, "input/mismatch", "small: "),
        ("[1]", "input/mismatch", "object"),
    ] {
        let failure = stage.perform("take", input).unwrap_err();
        assert_eq!((failure.kind, &*failure.code), (Kind::Business, code), "{input}");
        let message = &failure.message;
        assert!(message.starts_with("step `take`: ") && message.contains(place), "{message}");
        assert!(failure.hint.is_some() && !failure.broken_off, "{input}");
    }
    let fits = stage.perform("take", r#"{"small": 255, "exact": " 1.50 "}"#).unwrap();
    assert_eq!(fits.to_string(), "[255,1.50,[]]");
}

#[test]
fn json_bombs_are_defused() {
    let stage = Stage::new();
    let nested = |depth: usize| stage.perform("nested", &format!(r#"{{"depth": {depth}}}"#));
    let deepest = model::limits::JSON_DEPTH_MAX;
    assert!(nested(deepest - 1).is_ok());
    for depth in [deepest + 1, 100_000] {
        let failure = nested(depth).unwrap_err();
        assert_eq!(failure.kind, Kind::Generic, "{failure}");
        let message = &failure.message;
        assert!(message.starts_with("step `nested`: ") && message.contains("128"), "{message}");
    }
}

#[test]
fn numbers_that_are_none_are_refused() {
    let stage = Stage::new();
    let number = |what: &str| stage.perform("number", &format!(r#"{{"what": "{what}"}}"#));
    for what in ["nan", "infinite"] {
        let failure = number(what).unwrap_err();
        assert_eq!(failure.kind, Kind::Generic, "{what}");
        assert_eq!(&*failure.code, "result/mismatch");
        assert!(failure.message.starts_with("step `number`: result"), "{failure}");
    }
    assert_eq!(number("half").unwrap().to_string(), "0.5");
}

#[test]
fn results_have_a_limit() {
    let stage = Stage::new();
    let text = |bytes: usize, limits: Limits| {
        let frame = StepFrame { limits, ..StepFrame::default() };
        let input = format!(r#"{{"bytes": {bytes}}}"#);
        stage.perform_with("text", &input, &everything(), frame)
    };
    let small = || Limits { result_bytes: 1_000, ..Limits::default() };
    assert!(text(900, small()).is_ok());
    let failure = text(1_001, small()).unwrap_err();
    assert_eq!((failure.kind, &*failure.code), (Kind::It, "limit/exceeded"));
    assert!(failure.message.contains("`plugin-result`"), "{failure}");
    assert!(text(900, small()).is_ok(), "the next call goes on");
}

#[test]
fn floods_of_lines_are_dropped() {
    let stage = Stage::new();
    stage.perform("flood", r#"{"lines": 5000}"#).unwrap();
    let lines = stage.log();
    assert_eq!(lines.len(), engine::limits::LOG_LINES_BURST_MAX + 1);
    assert_eq!(lines[0], "info line 0");
    assert!(lines.last().unwrap().contains("4000"), "{:?}", lines.last());
    assert_eq!(stage.perform("flood", r#"{"lines": 1}"#).unwrap(), Value::Null);
}
