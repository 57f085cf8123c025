//! Secrets: where they come from, who may read them, and how they are kept out of texts.

use std::fmt;

use memchr::memmem::Finder;
use model::{Value, json};

use crate::failure::Failure;
use crate::grant::{Denied, Permit};
use crate::limits::{self, Exceeded, SECRET_MASKED_BYTES_MIN};
use crate::shown::quoted;

/// Where secrets are kept.
pub trait Secrets: Send + Sync {
    /// An error says that there is none of that name, or why it is not used.
    fn get(&self, name: &str) -> Result<Secret, Error>;
}

/// The value of a secret. It does not show itself by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for whoever is meant to have it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(…)")
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no secret `{name}`")]
    NotFound { name: String },
    #[error("the secret `{name}` is open to others: `{file}` has the mode {mode:04o}")]
    Exposed { name: String, file: String, mode: u32 },
    #[error("the secret `{name}` cannot be used: `{place}` {problem}")]
    Unusable { name: String, place: String, problem: String },
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Exceeded(#[from] Exceeded),
}

impl Error {
    pub fn not_found(name: &str) -> Self {
        Self::NotFound { name: quoted(name) }
    }

    /// The stable word scripts match on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "secret/not-found",
            Self::Exposed { .. } => "secret/exposed",
            Self::Unusable { .. } => "secret/unusable",
            Self::Denied(denied) => denied.code(),
            Self::Exceeded(exceeded) => exceeded.code(),
        }
    }

    /// What is allowed, or what to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::NotFound { .. } => "set it where this installation keeps its secrets".into(),
            Self::Exposed { file, .. } => {
                format!("`chmod 600 {file}`; if somebody may have read it, change the secret too")
            }
            Self::Unusable { place, .. } => format!("put the secret into `{place}` anew"),
            Self::Denied(denied) => denied.hint(),
            Self::Exceeded(exceeded) => exceeded.hint(),
        }
    }
}

/// Reads a secret that was granted. Whether one exists is told to nobody else.
pub fn read(name: &str, permit: &Permit, secrets: &dyn Secrets) -> Result<Secret, Error> {
    permit.secret(name)?;
    let secret = secrets.get(name)?;
    limits::check("secret", secret.reveal().len())?;
    Ok(secret)
}

/// What stands in a text in place of a secret.
pub const MASK: &str = "***";

/// Replaces secrets that became known to a run in what it says.
///
/// A value is found as it is and as JSON writes it. Values of less than
/// [`SECRET_MASKED_BYTES_MIN`] bytes are left: they occur everywhere by chance, and replacing them
/// would tell them.
#[derive(Debug, Default)]
pub struct Masks {
    finders: Vec<Finder<'static>>,
}

impl Masks {
    pub fn add(&mut self, secret: &Secret) -> Result<(), Exceeded> {
        let value = secret.reveal();
        if value.len() < SECRET_MASKED_BYTES_MIN {
            return Ok(());
        }
        let quoted = json::write(&Value::from(value));
        let inner = &quoted[1..quoted.len() - 1];
        for form in [value, inner] {
            let known = self.finders.iter().any(|finder| finder.needle() == form.as_bytes());
            if !known {
                limits::check("secrets-masked", self.finders.len() + 1)?;
                self.finders.push(Finder::new(form.as_bytes()).into_owned());
            }
        }
        Ok(())
    }

    /// The text without the secrets. Secrets that overlap are masked together. The text is read
    /// once for each secret, so it should be one that is bounded, such as a line of a log.
    pub fn apply(&self, text: &str) -> String {
        let mut spans = self.spans(text);
        spans.sort_unstable();
        let mut masked = String::with_capacity(text.len());
        let mut done = 0;
        for (start, end) in spans {
            if end <= done {
                continue;
            }
            if start >= done {
                masked.push_str(&text[done..start]);
                masked.push_str(MASK);
            }
            done = end;
        }
        masked.push_str(&text[done..]);
        masked
    }

    /// The value with the secrets masked in its texts, names of fields included.
    pub fn apply_to(&self, value: Value) -> Value {
        match value {
            Value::Text(text) => Value::Text(self.apply(&text)),
            Value::List(items) => {
                items.into_iter().map(|item| self.apply_to(item)).collect::<Vec<_>>().into()
            }
            Value::Object(fields) => Value::Object(
                fields
                    .into_iter()
                    .map(|(name, value)| (self.apply(&name), self.apply_to(value)))
                    .collect(),
            ),
            plain => plain,
        }
    }

    /// The failure with the secrets masked in everything it says.
    #[must_use]
    pub fn apply_to_failure(&self, failure: Failure) -> Failure {
        Failure {
            message: self.apply(&failure.message),
            hint: failure.hint.map(|hint| self.apply(&hint)),
            data: failure.data.map(|data| Box::new(self.apply_to(*data))),
            ..failure
        }
    }

    /// Where secrets begin and end, those within others included.
    fn spans(&self, text: &str) -> Vec<(usize, usize)> {
        let mut spans = Vec::new();
        for finder in &self.finders {
            let mut from = 0;
            while let Some(at) = finder.find(&text.as_bytes()[from..]) {
                let start = from + at;
                spans.push((start, start + finder.needle().len()));
                from = start + 1;
            }
        }
        spans
    }
}

#[cfg(test)]
mod tests;
