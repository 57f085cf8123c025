//! Which encoding the input has: mark, declaration, valid UTF-8, UTF-16 by its zeros, fallback.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::Error;
use crate::lines;

/// Who decided the encoding; in this order of authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodingOrigin {
    /// The byte order mark.
    Mark,
    Declared,
    /// Zeros in every other byte: UTF-16 without a mark.
    Zeros,
    /// The sample is valid UTF-8.
    Valid,
    /// The input is no UTF-8, and the caller allowed a fallback.
    Fallback,
}

/// What is known about the encoding of the input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) encoding: &'static Encoding,
    pub(crate) origin: EncodingOrigin,
    /// Bytes of the mark to leave out.
    pub(crate) mark: usize,
}

/// The encoding of a label such as `utf-8`, `latin1` or `windows-1252`.
pub(crate) fn named(label: &str) -> Result<&'static Encoding, Error> {
    Encoding::for_label_no_replacement(label.as_bytes())
        .ok_or_else(|| Error::UnknownEncoding { label: label.to_owned() })
}

/// Decides the encoding from the beginning of the input; `whole` if there is nothing after it.
pub(crate) fn detect(
    sample: &[u8],
    whole: bool,
    declared: Option<&'static Encoding>,
    fallback: Option<&'static Encoding>,
) -> Result<Found, Error> {
    use EncodingOrigin::{Declared, Fallback, Mark, Valid, Zeros};
    let found = |encoding, origin| Ok(Found { encoding, origin, mark: 0 });
    if let Some((encoding, mark)) = Encoding::for_bom(sample) {
        return Ok(Found { encoding, origin: Mark, mark });
    }
    if let Some(encoding) = declared {
        return found(encoding, Declared);
    }
    // Zeros are valid UTF-8, so that their pattern must be asked for first.
    if let Some(encoding) = utf16_by_zeros(sample) {
        return found(encoding, Zeros);
    }
    match (first_invalid(sample, whole), fallback) {
        (None, _) => found(UTF_8, Valid),
        (Some(_), Some(encoding)) => found(encoding, Fallback),
        (Some(at), None) => {
            let line = 1 + lines::count(&sample[..at]);
            Err(Error::NotUtf8 { line, byte: at as u64 })
        }
    }
}

/// Where a sample stops being UTF-8; a character cut by its end is none of its faults.
fn first_invalid(sample: &[u8], whole: bool) -> Option<usize> {
    let error = std::str::from_utf8(sample).err()?;
    (whole || error.error_len().is_some()).then_some(error.valid_up_to())
}

/// Text mostly within Latin has a zero in every other byte of its UTF-16.
fn utf16_by_zeros(sample: &[u8]) -> Option<&'static Encoding> {
    let pairs = sample.len() / 2;
    let zeros = |parity| sample.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = |count: usize| count * 10 > pairs * 3;
    let few = |count: usize| count * 20 <= pairs;
    match pairs {
        0 => None,
        _ if many(odd) && few(even) => Some(UTF_16LE),
        _ if many(even) && few(odd) => Some(UTF_16BE),
        _ => None,
    }
}

/// How many bytes of the input a decoded text was. A byte `0xFF` stands for one malformed byte.
#[inline]
pub(crate) fn stored_len(encoding: &'static Encoding, text: &[u8]) -> u64 {
    if encoding == UTF_8 {
        return text.len() as u64;
    }
    let stored = |valid: &str| {
        if encoding == UTF_16LE || encoding == UTF_16BE {
            2 * valid.encode_utf16().count()
        } else if encoding.is_single_byte() {
            valid.chars().count()
        } else {
            encoding.encode(valid).0.len()
        }
    };
    text.utf8_chunks().map(|chunk| stored(chunk.valid()) + chunk.invalid().len()).sum::<usize>()
        as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{SHIFT_JIS, WINDOWS_1252};

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn decides_in_order_of_authority() {
        let latin: &[u8] = b"name\nRen\xE9\n";
        let le = utf16("id,name\n1,a\n", u16::to_le_bytes);
        let be = utf16("id,name\n1,a\n", u16::to_be_bytes);
        let marked = [b"\xEF\xBB\xBF".as_slice(), b"id\n"].concat();
        let cases: [(&[u8], _, _, _, _); 8] = [
            (&marked, Some(WINDOWS_1252), None, UTF_8, EncodingOrigin::Mark),
            (b"\xFF\xFEi\0", None, None, UTF_16LE, EncodingOrigin::Mark),
            (latin, Some(WINDOWS_1252), None, WINDOWS_1252, EncodingOrigin::Declared),
            (latin, None, Some(SHIFT_JIS), SHIFT_JIS, EncodingOrigin::Fallback),
            ("é".as_bytes(), None, Some(SHIFT_JIS), UTF_8, EncodingOrigin::Valid),
            (&le, None, None, UTF_16LE, EncodingOrigin::Zeros),
            (&be, None, None, UTF_16BE, EncodingOrigin::Zeros),
            (b"", None, None, UTF_8, EncodingOrigin::Valid),
        ];
        for (sample, declared, fallback, encoding, origin) in cases {
            let found = detect(sample, true, declared, fallback).unwrap();
            assert_eq!((found.encoding, found.origin), (encoding, origin), "{sample:?}");
        }
    }

    #[test]
    fn names_where_utf8_ends() {
        let error = detect(b"name\nRen\xE9\n", true, None, None).unwrap_err();
        assert!(matches!(error, Error::NotUtf8 { line: 2, byte: 8 }), "{error}");
        assert!(detect(b"name\nRen\xC3", false, None, None).is_ok());
        assert!(detect(b"name\nRen\xC3", true, None, None).is_err());
    }

    #[test]
    fn measures_text_as_it_was_stored() {
        let text = "aé\u{1F600}".as_bytes();
        assert_eq!(stored_len(UTF_8, text), 7);
        assert_eq!(stored_len(UTF_16LE, text), 8);
        assert_eq!(stored_len(WINDOWS_1252, "aé\n".as_bytes()), 3);
        assert_eq!(stored_len(SHIFT_JIS, "aあ".as_bytes()), 3);
        assert_eq!(stored_len(SHIFT_JIS, b"a\xFFb"), 3);
    }
}
