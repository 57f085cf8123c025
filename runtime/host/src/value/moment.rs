//! Whether a text is a datetime.

use jiff::fmt::temporal::Pieces;

/// RFC 3339 with an offset, with or without `[Zone/Name]`. Whether there is such a zone is not
/// looked up: that is for whoever calculates with it.
pub(crate) fn is_datetime(text: &str) -> bool {
    has_shape(text.as_bytes()) && Pieces::parse(text).is_ok_and(|pieces| pieces.offset().is_some())
}

/// The calendar is left to the library, which takes more ways of writing than RFC 3339 has.
fn has_shape(text: &[u8]) -> bool {
    const MOMENT: &[u8] = b"0000-00-00T00:00:00";
    const OFFSET: &[u8] = b"+00:00";
    let Some((moment, rest)) = text.split_at_checked(MOMENT.len()) else { return false };
    let fraction = match rest {
        [b'.', digits @ ..] => 1 + digits.iter().take_while(|byte| byte.is_ascii_digit()).count(),
        _ => 0,
    };
    let rest = &rest[fraction..];
    let offset = if matches!(rest, [b'Z' | b'z', ..]) { 1 } else { OFFSET.len() };
    let Some((offset, zone)) = rest.split_at_checked(offset) else { return false };
    follows(moment, MOMENT)
        && fraction != 1
        && (offset.len() == 1 || follows(offset, OFFSET))
        && (zone.is_empty() || zone.starts_with(b"["))
}

fn follows(text: &[u8], pattern: &[u8]) -> bool {
    text.iter().zip(pattern).all(|(byte, pattern)| match pattern {
        b'0' => byte.is_ascii_digit(),
        b'+' => matches!(byte, b'+' | b'-'),
        b'T' => matches!(byte, b'T' | b't'),
        punctuation => byte == punctuation,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datetimes_have_date_time_offset() {
        for text in [
            "2026-04-06T09:30:00Z",
            "2026-04-06t09:30:00z",
            "2026-04-06T09:30:00+02:00",
            "2026-04-06T09:30:00.5-11:30",
            "2026-04-06T09:30:00.123456789+02:00",
            "2026-04-06T09:30:00+02:00[Europe/Berlin]",
            "2026-04-06T09:30:00Z[Europe/Berlin]",
            "2026-04-06T09:30:00+02:00[+02:00]",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "2024-02-29T00:00:00Z",
            "2026-12-31T23:59:60Z",
        ] {
            assert!(is_datetime(text), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_datetimes() {
        for text in [
            "",
            "2026-04-06",
            "2026-04-06T09:30:00",
            "2026-04-06T09:30:00[Europe/Berlin]",
            "2026-04-06 09:30:00Z",
            "2026-04-06T09:30Z",
            "2026-04-06T09:30:00.Z",
            "2026-04-06T09:30:00+02",
            "2026-04-06T09:30:00+0200",
            "2026-04-06T09:30:00+02:00:00",
            "2026-04-06T09:30:00+26:00",
            "2026-04-06T09:30:00Z ",
            " 2026-04-06T09:30:00Z",
            "2026-04-06T24:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "20260406T093000Z",
            "-002026-04-06T09:30:00Z",
            "2026-04-06T09:30:00Z[Europe/Berlin",
            "2026-04-06T09:30:00Z[]",
            "2026-04-06T09:30:00Zé",
            "2026-04-06T09:30:0é",
        ] {
            assert!(!is_datetime(text), "{text}");
        }
    }
}
