//! Names that somebody may have meant.

/// The candidate that `name` most likely was meant to be; `None` if none is close.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = name.to_lowercase().chars().take(100).collect();
    let tolerance = (wanted.len() / 3).clamp(1, 3);
    let scored = candidates.into_iter().map(|candidate| {
        let known: Vec<char> = candidate.to_lowercase().chars().take(100).collect();
        (distance(&wanted, &known), candidate)
    });
    let best = scored.min_by_key(|(distance, _)| *distance)?;
    (best.0 <= tolerance).then_some(best.1)
}

/// How many letters to add, drop, change or swap with a neighbour.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, counterpart) in other.iter().enumerate() {
            let change = above[column] + usize::from(letter != counterpart);
            let mut best = change.min(above[column + 1] + 1).min(line[column] + 1);
            let swapped = row > 0
                && column > 0
                && one[row - 1] == *counterpart
                && other[column - 1] == *letter;
            if swapped {
                best = best.min(before[column - 1] + 1);
            }
            line.push(best);
        }
        before = std::mem::replace(&mut above, line);
    }
    above[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_name_that_was_meant() {
        let names = ["vendor-invoices", "orders", "demo-queue"];
        for (typed, meant) in [
            ("vendor-invoice", Some("vendor-invoices")),
            ("Orders", Some("orders")),
            ("odrers", Some("orders")),
            ("demo_queue", Some("demo-queue")),
            ("customers", None),
            ("", None),
        ] {
            assert_eq!(closest(typed, names), meant, "{typed}");
        }
    }
}
