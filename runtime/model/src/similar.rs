//! "Did you mean": the candidate nearest to a misspelt name.

/// The candidate a person most likely meant by `name`, if one is near enough.
pub fn closest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let most = match name.chars().count() {
        0..3 => 1,
        length => length / 3 * 2,
    };
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let distance = distance(name, candidate);
            (distance <= most).then_some((distance, candidate))
        })
        // The first of equals wins, so that the answer does not depend on luck.
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The hint for a word that is none of the known ones.
pub fn one_of(word: &str, known: &[&str]) -> String {
    let meant = closest(word, known.iter().copied());
    let meant = meant.map(|meant| format!("did you mean `{meant}`? ")).unwrap_or_default();
    format!("{meant}use one of {}", known.join(", "))
}

/// Counts insertions, deletions, replacements and swaps of neighbours as 2 each, a different case
/// as 1.
fn distance(left: &str, right: &str) -> usize {
    const MOST: usize = 64;
    if left.to_lowercase() == right.to_lowercase() {
        return usize::from(left != right);
    }
    let left = left.chars().take(MOST).collect::<Vec<_>>();
    let right = right.chars().take(MOST).collect::<Vec<_>>();
    let mut before = vec![0; right.len() + 1];
    let mut above = (0..=right.len()).map(|count| count * 2).collect::<Vec<_>>();
    for (i, &l) in left.iter().enumerate() {
        let mut row = vec![(i + 1) * 2];
        for (j, &r) in right.iter().enumerate() {
            let replace = if l == r {
                0
            } else if l.to_lowercase().eq(r.to_lowercase()) {
                1
            } else {
                2
            };
            let mut best = (above[j] + replace).min(above[j + 1] + 2).min(row[j] + 2);
            if i > 0 && j > 0 && l == right[j - 1] && left[i - 1] == r {
                best = best.min(before[j - 1] + 2);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_nearest_candidate() {
        let fields = ["Amount", "AccountName", "ID", "status", "value"];
        for (name, expected) in [
            ("Amuont", Some("Amount")),
            ("amount", Some("Amount")),
            ("AMOUNT", Some("Amount")),
            ("Acount", Some("Amount")),
            ("accountname", Some("AccountName")),
            ("statsu", Some("status")),
            ("id", Some("ID")),
            ("valeu", Some("value")),
            ("price", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(closest(name, fields), expected, "{name}");
        }
        assert_eq!(closest("a", []), None);
    }

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
