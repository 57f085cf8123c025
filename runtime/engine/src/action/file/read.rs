//! `file.read`: what is in a file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flow::signature::Effect;

use crate::action::input::{Inputs, read, words};
use crate::action::output::{given, of};
use crate::action::{Action, Output};
use crate::failure::{Failure, Kind};
use crate::shown::quoted;
use crate::step::Step;

pub(in crate::action) const ACTION: Action = Action {
    name: "file.read",
    docs: "Gives what is in a file, up to 10 MiB.\n\nA text must be UTF-8; a byte order mark is no \
           part of it. `base64` gives the bytes of any file as base64 text.",
    example: "\
id: letter
uses: file.read
with: { file: templates/letter.txt }",
    effect: Effect::Outside,
    errors: &[
        "file/not-found",
        "file/no-folder",
        "file/bad-path",
        "file/not-a-file",
        "file/not-text",
        "limit/exceeded",
    ],
    inputs: Read::params,
    output: of::<String>,
    perform: |step, inputs| take(step, read(inputs)?),
};

inputs! {
    struct Read {
        /// The path of the file.
        file: String,
        /// `text` or `base64`.
        as_: Content = "text",
    }
}

/// How content stands in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Text,
    Base64,
}

impl Content {
    pub(super) const ALL: [Self; 2] = [Self::Text, Self::Base64];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Base64 => "base64",
        }
    }
}

words!(Content);

fn take(step: &Step, Read { file, as_ }: Read) -> Result<Output, Failure> {
    let content = step.files().read(&file)?;
    match as_ {
        Content::Base64 => Ok(given(STANDARD.encode(content))),
        Content::Text => match String::from_utf8(content) {
            Ok(text) => match text.strip_prefix('\u{feff}') {
                Some(unmarked) => Ok(given(unmarked.to_owned())),
                None => Ok(given(text)),
            },
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let message = format!("`{}` is not UTF-8 at byte {at}", quoted(&file));
                let hint = "read it `as: base64`, or save it as UTF-8";
                Err(Failure::new(Kind::Business, "file/not-text", message).with_hint(hint))
            }
        },
    }
}
