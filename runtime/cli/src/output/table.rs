//! Aligned columns, without lines and without trailing blanks, as wide as there is room.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A table that is being filled.
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

struct Column {
    title: &'static str,
    /// Its cells may be cut; what people pass to another command may not.
    may_be_cut: bool,
}

/// Blanks between two columns.
const GAP: usize = 2;
/// In a terminal, no cell that may be cut is wider than this, however much room there is.
const CELL_WIDTH_MAX: usize = 48;
/// What is left of a cell says something.
const CELL_WIDTH_MIN: usize = 8;

impl Table {
    /// A table with these columns. The cells of those that are named in `cut` may be cut.
    pub(crate) fn new<const N: usize>(titles: [&'static str; N], cut: &[&str]) -> Self {
        let column = |title| Column { title, may_be_cut: cut.contains(&title) };
        Self { columns: titles.map(column).into(), rows: Vec::new() }
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        assert_eq!(N, self.columns.len(), "a row has a cell for each column");
        self.rows.push(cells.map(|cell| one_line(&cell, usize::MAX)).into());
    }

    /// The line of the titles and those of the rows, as wide as `room` at most. Where not even the
    /// cells that stay whole have room side by side, each stands on a line of its own, and there is
    /// no line of titles.
    pub(crate) fn lines(&self, room: Option<usize>) -> (Option<String>, Vec<String>) {
        let widths = match room {
            // Whatever reads this has all the room it wants.
            None => self.widths(usize::MAX, usize::MAX),
            Some(room) => self.widths(room, CELL_WIDTH_MAX),
        };
        let Some(widths) = widths else { return (None, self.blocks(room.unwrap_or(usize::MAX))) };
        if self.rows.is_empty() {
            return (None, Vec::new());
        }
        let titles: Vec<&str> = self.columns.iter().map(|column| column.title).collect();
        let rows = self.rows.iter().map(|row| aligned(row, &widths)).collect();
        (Some(aligned(&titles, &widths)), rows)
    }

    /// The width of each column; `None` where they have no room side by side.
    fn widths(&self, room: usize, cell: usize) -> Option<Vec<usize>> {
        let mut widths: Vec<usize> = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let widest = self.rows.iter().map(|row| row[at].width()).max().unwrap_or(0);
            let most = if column.may_be_cut { cell } else { usize::MAX };
            widths.push(widest.min(most).max(column.title.width()));
        }
        let gaps = GAP * self.columns.len().saturating_sub(1);
        loop {
            if widths.iter().sum::<usize>() + gaps <= room {
                return Some(widths);
            }
            // The widest gives way first, so that short ones stay whole.
            let columns = self.columns.iter().enumerate();
            let may_shrink = columns.filter(|(at, column)| {
                column.may_be_cut && widths[*at] > CELL_WIDTH_MIN.max(column.title.width())
            });
            let (widest, _) = may_shrink.max_by_key(|(at, _)| widths[*at])?;
            widths[widest] -= 1;
        }
    }

    /// Each cell on a line of its own behind its title, an empty line between two rows.
    fn blocks(&self, room: usize) -> Vec<String> {
        let titles = self.columns.iter().map(|column| column.title.width());
        let title_width = titles.max().unwrap_or(0);
        let left = room.saturating_sub(title_width + GAP).max(CELL_WIDTH_MIN);
        let mut lines = Vec::new();
        for row in &self.rows {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            for (column, cell) in self.columns.iter().zip(row) {
                let width = if column.may_be_cut { left } else { usize::MAX };
                lines.push(aligned(&[column.title, &fitted(cell, width)], &[title_width, width]));
            }
        }
        lines
    }
}

/// The cells of a line, each cut or filled up to the width of its column.
fn aligned<S: AsRef<str>>(cells: &[S], widths: &[usize]) -> String {
    let mut line = String::new();
    let last = cells.len().saturating_sub(1);
    for (at, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let cell = fitted(cell.as_ref(), *width);
        line.push_str(&cell);
        if at < last {
            line.extend(std::iter::repeat_n(' ', width - cell.width() + GAP));
        }
    }
    line.trim_end().to_owned()
}

/// The cell, cut where it is wider.
fn fitted(cell: &str, width: usize) -> String {
    if cell.width() <= width {
        return cell.to_owned();
    }
    let mut cut = String::new();
    let mut taken = 1;
    for character in cell.chars() {
        taken += character.width().unwrap_or(0);
        if taken > width {
            break;
        }
        cut.push(character);
    }
    cut.push('…');
    cut
}

/// `name  value` a line, the values aligned.
pub(crate) fn fields(fields: &[(&str, String)]) -> String {
    let width = fields.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let lines = fields
        .iter()
        .map(|(name, value)| format!("{name:width$}  {value}").trim_end().to_owned() + "\n");
    lines.collect()
}

/// `text` on one line, with characters that would not be seen written out, cut after `most`
/// characters.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == most {
            line.push('…');
            break;
        }
        match character {
            '\n' | '\r' | '\t' => line.push(' '),
            other => line.push_str(&engine::visible(other.encode_utf8(&mut [0; 4]))),
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(table: &Table, room: Option<usize>, expected: &Expect) {
        let (titles, lines) = table.lines(room);
        let lines: Vec<String> = titles.into_iter().chain(lines).collect();
        for line in &lines {
            assert!(room.is_none_or(|room| line.width() <= room), "{line}");
        }
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn columns_are_aligned_and_safe() {
        let mut table = Table::new(["NAME", "STATUS", "NOTE"], &["NAME", "NOTE"]);
        table.row(["née".into(), "on-hold".into(), "\u{1b}[31mred\n".into()]);
        table.row(["注文".into(), "queued".into(), String::new()]);
        table.row(["x".repeat(100), "queued".into(), "o\u{202e}k".into()]);
        let expected = expect![[r"
            NAME                                              STATUS   NOTE
            née                                               on-hold  \u{1b}[31mred
            注文                                              queued
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…  queued   o\u{202e}k"]];
        check(&table, Some(100), &expected);
        let (_, lines) = table.lines(None);
        assert!(lines[2].starts_with(&"x".repeat(100)), "nothing is cut for a program");
        let (titles, lines) = Table::new(["A"], &[]).lines(None);
        assert_eq!((titles, lines.len()), (None, 0));
    }

    #[test]
    fn narrow_rooms_cut_what_may_be_cut() {
        let mut table = Table::new(["KEY", "NAME", "STATE"], &["NAME"]);
        table.row(["orders-of-the-shop".into(), "Orders of the shop".into(), "active".into()]);
        table.row(["b".into(), "注文注文注文".into(), "paused".into()]);
        check(
            &table,
            Some(37),
            &expect![[r"
                KEY                 NAME       STATE
                orders-of-the-shop  Orders o…  active
                b                   注文注文…  paused"]],
        );
        check(
            &table,
            Some(30),
            &expect![[r"
                KEY    orders-of-the-shop
                NAME   Orders of the shop
                STATE  active

                KEY    b
                NAME   注文注文注文
                STATE  paused"]],
        );
    }
}
