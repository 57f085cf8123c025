//! `file.list`: what is in a folder.

use flow::signature::Effect;

use crate::action::input::{Inputs, read};
use crate::action::output::{given, of};
use crate::action::{Action, Output};
use crate::datetime::Moment;
use crate::failure::Failure;
use crate::step::Step;

pub(in crate::action) const LIST: Action = Action {
    name: "file.list",
    docs: "Gives what is in a folder, by name.\n\n`path` is what other actions take. In `include`, \
           `*` stands for any characters and `?` for one.",
    example: "\
id: reports
uses: file.list
with: { folder: reports/2026, include: \"*.csv\" }",
    effect: Effect::Outside,
    errors: &[
        "file/not-found",
        "file/no-folder",
        "file/bad-path",
        "file/not-a-folder",
        "limit/exceeded",
    ],
    inputs: List::params,
    output: of::<Vec<Entry>>,
    perform: |step, inputs| list(step, read(inputs)?),
};

inputs! {
    struct List {
        /// The path of the folder.
        folder: String,
        /// Only names of this form.
        include: Option<String>,
    }
}

outputs! {
    struct Entry { name: String, path: String, folder: bool, size: u64, modified: Moment, }
}

fn list(step: &Step, List { folder, include }: List) -> Result<Output, Failure> {
    let entries = step.files().list(&folder)?.into_iter();
    let wanted = entries.filter(|entry| include.as_ref().is_none_or(|it| matches(it, &entry.name)));
    let shown = wanted.map(|entry| Entry {
        path: format!("{folder}/{}", entry.name),
        name: entry.name,
        folder: entry.folder,
        size: entry.size,
        modified: entry.modified,
    });
    Ok(given(shown.collect::<Vec<_>>()))
}

/// Does the name have this form? Goes back to the last `*` only, so that no form takes long.
fn matches(form: &str, name: &str) -> bool {
    let (form, name): (Vec<char>, Vec<char>) = (form.chars().collect(), name.chars().collect());
    let (mut at, mut from) = (0, 0);
    let mut star = None;
    while from < name.len() {
        match form.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(one) if *one == '?' || *one == name[from] => {
                at += 1;
                from += 1;
            }
            _ => match star {
                Some((back, taken)) => {
                    star = Some((back, taken + 1));
                    at = back + 1;
                    from = taken + 1;
                }
                None => return false,
            },
        }
    }
    form[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn forms_match_whole_names() {
        for (form, name, fits) in [
            ("*.csv", "a.csv", true),
            ("*.csv", "a.csv.txt", false),
            ("*", "", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*a*b", "xaxbxb", true),
            ("*Invoices*.csv", "Contoso Invoices 2026.csv", true),
            ("", "a", false),
            ("é*", "été", true),
        ] {
            assert_eq!(matches(form, name), fits, "{form} {name}");
        }
        let long = "a".repeat(200);
        assert!(!matches(&"*a".repeat(50), &(long + "b")));
    }
}
