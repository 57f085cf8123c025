//! Aligned columns, without lines and without trailing blanks.

use comfy_table::presets;

/// A table that is being filled.
pub(crate) struct Table(comfy_table::Table);

impl Table {
    pub(crate) fn new<const N: usize>(header: [&str; N]) -> Self {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).set_header(header);
        Self(table)
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.0.add_row(cells.map(|cell| one_line(&cell, CELL_CHARS_MAX)));
    }

    pub(crate) fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let mut table = self.0.clone();
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
        let empty = table.is_empty();
        lines.into_iter().filter(move |_| !empty)
    }
}

/// No cell is longer than this.
const CELL_CHARS_MAX: usize = 48;

/// `name  value` a line, the values aligned.
pub(crate) fn fields(fields: &[(&str, String)]) -> String {
    let width = fields.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let lines = fields
        .iter()
        .map(|(name, value)| format!("{name:width$}  {value}").trim_end().to_owned() + "\n");
    lines.collect()
}

/// `text` on one line and free of control characters, cut after `most` characters.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == most {
            line.push('…');
            break;
        }
        match character {
            '\n' | '\r' | '\t' => line.push(' '),
            control if control.is_control() => line.extend(control.escape_default()),
            plain => line.push(plain),
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn columns_are_aligned_and_safe() {
        let mut table = Table::new(["NAME", "STATUS", "NOTE"]);
        table.row(["née".into(), "on-hold".into(), "\u{1b}[31mred\n".into()]);
        table.row(["注文".into(), "queued".into(), String::new()]);
        table.row(["x".repeat(100), "queued".into(), "ok".into()]);
        let text: Vec<String> = table.lines().collect();
        expect![[r"
            NAME                                               STATUS   NOTE
            née                                                on-hold  \u{1b}[31mred
            注文                                               queued
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…  queued   ok"]]
        .assert_eq(&text.join("\n"));
        assert_eq!(Table::new(["A"]).lines().count(), 0);
    }
}
