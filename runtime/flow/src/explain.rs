//! What each code of a problem means, with an example that is wrong and one that is right.

/// The page of the reference; a section under `## CODE` for each.
const PAGE: &str = include_str!("../../../docs/reference/problems.md");

/// What is told of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explained {
    pub code: &'static str,
    /// What it means, and then the examples.
    pub text: &'static str,
}

impl Explained {
    /// What is wrong and what is right instead, as YAML; nothing where only a running flow or a
    /// huge one shows it.
    pub fn examples(&self) -> Option<(&'static str, &'static str)> {
        let mut examples = self.text.split("```yaml\n").skip(1);
        let mut next = || Some(examples.next()?.split_once("\n```")?.0);
        Some((next()?, next()?))
    }
}

/// Everything that is explained, in the order of the page.
pub fn all() -> impl Iterator<Item = Explained> {
    PAGE.split("\n## ").skip(1).filter_map(|section| {
        let (code, text) = section.split_once('\n')?;
        Some(Explained { code, text: text.trim() })
    })
}

pub fn explain(code: &str) -> Option<Explained> {
    all().find(|it| it.code == code)
}
