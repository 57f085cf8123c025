//! The page of the reference about actions. `UPDATE_EXPECT=1` writes it anew.

use std::fmt::Write;
use std::path::Path;

use expect_test::expect_file;
use flow::expr::Type;
use flow::signature::{Effect, Output as Gives, Param};

use crate::action::{ALL, Action};

const BEGIN: &str = "<!-- generated: begin -->\n";
const END: &str = "<!-- generated: end -->\n";

#[test]
fn page_shows_every_action() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/actions.md");
    let now = std::fs::read_to_string(path).expect("the page is there");
    let (before, rest) = now.split_once(BEGIN).expect("the page has a begin marker");
    let (_, after) = rest.split_once(END).expect("the page has an end marker");
    let sections: String = ALL.iter().map(|action| section(action)).collect();
    let page = format!("{before}{BEGIN}\n{sections}{END}{after}");
    expect_file!["../../../../../docs/reference/actions.md"].assert_eq(&page);
}

fn section(action: &Action) -> String {
    let signature = action.signature();
    let mut text = format!("## {}\n\n{}\n\n", action.name, action.docs);
    write!(text, "```yaml\n- {}\n```\n\n", action.example.replace('\n', "\n  ")).unwrap();
    if !signature.inputs.is_empty() {
        text += "| input | takes | default | |\n|---|---|---|---|\n";
        for (name, param) in &signature.inputs {
            let (takes, default) = (shown(&param.takes), default(param));
            writeln!(text, "| `{name}` | {takes} | {default} | {} |", param.docs).unwrap();
        }
        text.push('\n');
    }
    let gives = match &signature.output {
        Gives::Nothing => "nothing".into(),
        Gives::Of(gives) => output(gives),
        Gives::From(_) => "what its inputs say".into(),
    };
    let effect = match action.effect {
        Effect::None => "none",
        Effect::Store => "queues, kept with the step",
        Effect::Outside => "outside of the transaction of the step",
    };
    write!(text, "Gives: {gives}. Effect: {effect}.\n\n").unwrap();
    if !signature.errors.is_empty() {
        text += "| error | |\n|---|---|\n";
        for (code, meaning) in &signature.errors {
            writeln!(text, "| `{code}` | {meaning} |").unwrap();
        }
        text.push('\n');
    }
    text
}

fn shown(takes: &Type) -> String {
    match takes {
        Type::Unknown => "any value".into(),
        Type::Word(_) => "a word".into(),
        Type::Optional(inner) => shown(inner),
        Type::List(inner) if matches!(**inner, Type::Word(_)) => "list of words".into(),
        other => other.to_string().replace('|', "\\|"),
    }
}

fn default(param: &Param) -> String {
    match &param.default {
        Some(value) => {
            format!("`{}`", value.as_text().map_or_else(|| value.to_string(), Into::into))
        }
        None if param.required => "required".into(),
        None => String::new(),
    }
}

/// An object with its fields; what may be null is marked as everywhere.
fn output(gives: &Type) -> String {
    match gives {
        Type::Object(shape) => {
            let field = |(name, it): (&String, &Type)| match it {
                Type::Optional(_) => format!("`{name}`?"),
                _ => format!("`{name}`"),
            };
            let fields = shape.fields.iter().map(field).collect::<Vec<_>>().join(", ");
            format!("an object with {fields}")
        }
        Type::Optional(inner) => output(inner) + ", or null",
        Type::List(inner) => format!("a list of: {}", output(inner)),
        Type::Unknown => "any value".into(),
        other => format!("a {other}"),
    }
}

#[test]
fn examples_are_read_as_steps() {
    for action in ALL {
        let step = action.example.replace('\n', "\n    ");
        let text = format!("flow: example\nsteps:\n  - {step}\n");
        let (flow, problems) = flow::read(flow::Source::new("example.yaml", text));
        assert_eq!(problems, [], "{}", action.name);
        assert_eq!(flow.map(|flow| flow.steps.steps.len()), Some(1), "{}", action.name);
    }
}

#[test]
fn examples_use_what_they_show() {
    for action in ALL {
        let uses = format!("uses: {}", action.name);
        assert!(action.example.lines().any(|line| line == uses), "{}", action.name);
        let signature = action.signature();
        for (name, _) in signature.inputs.iter().filter(|(_, param)| param.required) {
            assert!(action.example.contains(&format!("{name}:")), "{} {name}", action.name);
        }
        assert!(action.docs.split("\n\n").next().is_some_and(|line| line.ends_with('.')));
    }
}
