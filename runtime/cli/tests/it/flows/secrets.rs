//! What is sensitive is not found anywhere but where the flow puts it.

use crate::flows::put;
use crate::place::{Place, Ran};

const SECRET: &str = "tops3cret-4711";

const FLOW: &str = r#"inputs:
  pin: { type: text, sensitive: true }
  end: { type: text, default: well }
outputs: { made: "${{ made }}" }
steps:
  - set: { made: "pin ${{ inputs.pin }}" }
  - uses: log
    with: { message: "it is ${{ made }}", level: warning }
  - id: parsed
    uses: json.stringify
    with: { value: { pin: "${{ inputs.pin }}" } }
  - if: inputs.end == 'fail'
    fail: Not with ${{ made }}
  - if: inputs.end == 'missing'
    uses: file.read
    with: { file: "nowhere/${{ inputs.pin }}" }
"#;

/// A project without a data directory.
fn place() -> Place {
    let place = Place::new();
    place.file("wharf.toml", "");
    put(&place, "secret", FLOW);
    place
}

/// What the flow prints, and everything that is left of it.
fn run(place: &Place, end: &str, format: &str) -> (Ran, String) {
    let pin = format!("run secret --input pin={SECRET} --input end={end} --output {format}");
    let ran = place.run(&pin);
    let mut left = ran.err.clone();
    for show in ["runs show last", "runs show last --output json", "runs list --output json"] {
        left.push_str(&place.ok(show));
    }
    (ran, left)
}

#[test]
fn sensitive_inputs_are_told_nowhere() {
    for (end, format) in [("well", "text"), ("well", "jsonl"), ("fail", "jsonl"), ("fail", "text")]
        .into_iter()
        .chain([("missing", "text"), ("missing", "jsonl")])
    {
        let place = place();
        let (ran, left) = run(&place, end, format);
        assert_eq!(ran.code, i32::from(end != "well"), "{ran:?}");
        // What a flow gives is for whoever runs it.
        let given = format!("{{\"made\":\"pin {SECRET}\"}}\n");
        assert_eq!(ran.out, if end == "well" { given } else { String::new() });
        assert!(!left.contains(SECRET), "{end}, {format}: {left}");
        assert!(left.contains("***"), "the line of the log is masked: {left}");
        assert!(left.contains("sealed"), "{left}");
        let mut files = 0;
        for entry in std::fs::read_dir(place.path(".wharf")).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let bytes = std::fs::read(&path).unwrap();
                let found = bytes.windows(SECRET.len()).any(|it| it == SECRET.as_bytes());
                assert!(!found, "{}", path.display());
                files += 1;
            }
        }
        assert!(files >= 2, "the store and the key");
    }
}

#[test]
fn masked_steps_keep_to_themselves() {
    let place = Place::new();
    let steps = format!(
        "steps:\n  - {{ id: made, uses: json.stringify, log: masked, with: {{ value: a }} }}\n  \
         - {{ id: plain, uses: json.stringify, with: {{ value: {SECRET} }} }}\n"
    );
    put(&place, "masked", &steps);
    place.ok("run masked");
    let shown = place.ok("runs show last --output json");
    assert!(shown.contains(SECRET), "what is not masked is told: {shown}");
    let (_, made) = shown.split_once(r#""step":"made","data":{"#).unwrap();
    assert!(made.starts_with("\"sealed\":"), "{made}");
}
