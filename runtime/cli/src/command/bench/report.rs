//! What a benchmark prints: our figures beside raw ones, and whether they are good enough.

use crate::error::Result;
use crate::output::{Output, Table, json};

/// One line of the report.
pub(super) struct Row {
    pub(super) work: String,
    pub(super) ours: f64,
    pub(super) raw: Option<f64>,
    pub(super) unit: &'static str,
    /// The measured ratio and the bar for it.
    pub(super) ratio: Option<(f64, Bar)>,
}

#[derive(Clone, Copy)]
pub(super) enum Bar {
    AtLeast(f64),
    AtMost(f64),
    /// Not the ratio but our own figure is under it.
    Under(f64),
    /// The ratio is told, and nothing is expected of it.
    Open,
}

impl Bar {
    fn holds(self, figure: f64) -> Option<bool> {
        match self {
            Self::AtLeast(bar) => Some(figure >= bar),
            Self::AtMost(bar) => Some(figure <= bar),
            Self::Under(bar) => Some(figure < bar),
            Self::Open => None,
        }
    }

    /// The figure, if it is a ratio.
    fn ratio(self, figure: f64) -> Option<f64> {
        match self {
            Self::AtLeast(_) | Self::AtMost(_) | Self::Open => Some(figure),
            Self::Under(_) => None,
        }
    }

    fn text(self) -> String {
        match self {
            Self::AtLeast(bar) => format!(">= {bar:.1}x"),
            Self::AtMost(bar) => format!("<= {bar:.1}x"),
            Self::Under(bar) => format!("< {bar:.0}"),
            Self::Open => String::new(),
        }
    }
}

pub(super) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

pub(super) fn show(rows: &[Row], output: &mut Output) -> Result<()> {
    if !output.is_text() {
        let objects: Vec<String> = rows.iter().map(object).collect();
        return output.objects(objects);
    }
    let mut table = Table::new(["WORK", "WHARF", "RAW", "UNIT", "RATIO", "TARGET", ""], &[]);
    for row in rows {
        let (ratio, target, verdict) = match row.ratio {
            Some((ratio, bar)) => {
                let verdict = match bar.holds(ratio) {
                    Some(true) => "met",
                    Some(false) => "missed",
                    None => "",
                };
                let ratio = bar.ratio(ratio).map(|ratio| format!("{ratio:.2}x"));
                (ratio.unwrap_or_default(), bar.text(), verdict)
            }
            None => (String::new(), String::new(), ""),
        };
        let raw = row.raw.map_or(String::new(), figure);
        table.row([
            row.work.clone(),
            figure(row.ours),
            raw,
            row.unit.into(),
            ratio,
            target,
            verdict.into(),
        ]);
    }
    output.table(&table)
}

/// Three digits say all that such a figure can.
fn figure(figure: f64) -> String {
    if figure >= 100.0 { format!("{figure:.0}") } else { format!("{figure:.2}") }
}

fn object(row: &Row) -> String {
    let ratio = row.ratio.and_then(|(ratio, bar)| bar.ratio(ratio));
    json::Object::new()
        .text("work", &row.work)
        .raw("wharf", &figure(row.ours))
        .maybe_number("raw", row.raw.map(figure))
        .text("unit", row.unit)
        .maybe_number("ratio", ratio.map(|ratio| format!("{ratio:.2}")))
        .maybe_number("met", row.ratio.and_then(|(ratio, bar)| bar.holds(ratio)))
        .finish()
}
