//! The names of the columns: trimmed, in one Unicode form, each there and each once.

use unicode_normalization::UnicodeNormalization;

use crate::error::Error;

/// What becomes of a header with empty or equal names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// The file is refused: a row could not say which of two cells it means.
    #[default]
    Strict,
    /// The third column without a name is `column_3`, the second `name` is `name_2`.
    Dedupe,
}

/// The columns of a file in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    names: Vec<String>,
}

impl Columns {
    /// Names the columns after the cells of a header in this line.
    pub(crate) fn from_header<'a>(
        cells: impl Iterator<Item = &'a str>,
        line: u64,
        policy: Names,
    ) -> Result<Self, Error> {
        let names: Vec<String> = cells.map(normal).collect();
        match policy {
            Names::Strict => refuse_unclear(&names, line)?,
            Names::Dedupe => return Ok(Self { names: dedupe(names) }),
        }
        Ok(Self { names })
    }

    /// Names the columns of a file without a header by their number.
    pub(crate) fn numbered(count: usize) -> Self {
        Self { names: (1..=count).map(|number| format!("column_{number}")).collect() }
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The index of a column; the name is trimmed and normalised as the header was.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        let name = normal(name);
        self.names.iter().position(|column| *column == name)
    }
}

fn normal(name: &str) -> String {
    name.trim().nfc().collect()
}

fn refuse_unclear(names: &[String], line: u64) -> Result<(), Error> {
    let mut seen = std::collections::HashMap::new();
    for (index, name) in names.iter().enumerate() {
        let column = index + 1;
        if name.is_empty() {
            return Err(Error::EmptyHeader { line, column });
        }
        if let Some(first) = seen.insert(name, column) {
            let name = name.clone();
            return Err(Error::DuplicateHeader { line, name, first, second: column });
        }
    }
    Ok(())
}

/// Gives each name once; a name that is written in the header is never given to another column.
fn dedupe(names: Vec<String>) -> Vec<String> {
    let written: std::collections::HashSet<String> = names.iter().cloned().collect();
    let mut used = std::collections::HashSet::new();
    let mut counts = std::collections::HashMap::new();
    let mut clear = Vec::with_capacity(names.len());
    for (index, name) in names.into_iter().enumerate() {
        let (base, mut number) = match name.as_str() {
            "" => ("column".to_owned(), index + 1),
            _ => (name.clone(), counts.get(&name).copied().unwrap_or(1)),
        };
        let mut candidate = name;
        while candidate.is_empty() || used.contains(&candidate) {
            candidate = format!("{base}_{}", number.max(2));
            number = number.max(2) + 1;
            if written.contains(&candidate) {
                candidate.clear();
            }
        }
        counts.insert(base, number);
        used.insert(candidate.clone());
        clear.push(candidate);
    }
    clear
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(cells: &[&str], policy: Names) -> Result<Columns, Error> {
        Columns::from_header(cells.iter().copied(), 1, policy)
    }

    #[test]
    fn trims_and_normalises_names() {
        let columns = header(&[" Id ", "Cafe\u{301}"], Names::Strict).unwrap();
        assert_eq!(columns.names(), ["Id", "Caf\u{e9}"]);
        assert_eq!(columns.index_of("Cafe\u{301} "), Some(1));
        assert_eq!(columns.index_of("id"), None);
    }

    #[test]
    fn refuses_unclear_names() {
        let error = header(&["a", " "], Names::Strict).unwrap_err();
        assert!(matches!(error, Error::EmptyHeader { column: 2, .. }));
        let error = header(&["a", "b", "a "], Names::Strict).unwrap_err();
        assert!(matches!(error, Error::DuplicateHeader { first: 1, second: 3, .. }));
    }

    #[test]
    fn dedupes_names_on_demand() {
        for (cells, names) in [
            (vec!["name", "name", ""], vec!["name", "name_2", "column_3"]),
            (vec!["a", "a", "a_2", "a"], vec!["a", "a_3", "a_2", "a_4"]),
            (vec!["", "column_1"], vec!["column_2", "column_1"]),
            (vec!["column_2", "", ""], vec!["column_2", "column_3", "column_4"]),
        ] {
            assert_eq!(header(&cells, Names::Dedupe).unwrap().names(), names, "{cells:?}");
        }
    }
}
