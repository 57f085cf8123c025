//! `file.write`: content into a file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flow::signature::Effect;

use super::read::Content;
use crate::action::given::Misfit;
use crate::action::input::{Inputs, read, words};
use crate::action::output::nothing;
use crate::action::{Action, Output};
use crate::failure::Failure;
use crate::files::Writing;
use crate::step::Step;

pub(in crate::action) const ACTION: Action = Action {
    name: "file.write",
    docs: "Writes a file, and goes on when it will outlast a loss of power.\n\nTexts are written \
           as UTF-8. Nobody sees half of a file that is replaced.",
    example: "\
uses: file.write
with: { file: reports/today.txt, content: \"${{ report }}\", how: create }",
    effect: Effect::Outside,
    errors: &[
        "file/not-found",
        "file/no-folder",
        "file/bad-path",
        "file/exists",
        "file/not-a-file",
        "limit/exceeded",
    ],
    inputs: Write::params,
    output: nothing,
    perform: |step, inputs| write(step, read(inputs)?),
};

inputs! {
    struct Write {
        /// The path of the file.
        file: String,
        /// What is written.
        content: String,
        /// `create` refuses a file that is there, `replace` replaces it as a whole, `append` writes
        /// behind what is there.
        how: Writing = "replace",
        /// What `content` is: `text`, or bytes as `base64`.
        as_: Content = "text",
    }
}

words!(Writing);

fn write(step: &Step, Write { file, content, how, as_ }: Write) -> Result<Output, Failure> {
    let bytes = match as_ {
        Content::Text => content.into_bytes(),
        Content::Base64 => STANDARD.decode(content.as_bytes()).map_err(|_| {
            let hint = "give base64 with its padding, without blanks and line ends";
            Misfit::new("is no base64", hint).within("content")
        })?,
    };
    step.files().write(&file, &bytes, how)?;
    Ok(Output::Nothing)
}
