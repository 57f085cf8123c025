//! The input as decoded text in one window that slides over it, knowing its byte offset.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};

use crate::encoding;

const CHUNK_BYTES: usize = 64 * 1024;
/// Stands for one malformed byte: no UTF-8 holds it, so that the check of the row finds it.
const MALFORMED: u8 = 0xFF;
/// More than the longest malformed sequence of any encoding.
const MALFORMED_BYTES_MAX: usize = 16;
/// Ends a text file of old systems.
const CTRL_Z: u8 = 0x1A;

/// A window of decoded bytes. What its user has consumed is gone; what it asks for is appended.
#[derive(Debug)]
pub(crate) struct Source<R> {
    input: R,
    /// None before it is decided: the text is bytes without a meaning.
    encoding: Option<&'static Encoding>,
    /// What makes UTF-8 of any other encoding.
    transcoder: Option<Transcoder>,
    /// The text is `window[start..end]`.
    window: Vec<u8>,
    start: usize,
    end: usize,
    /// A Ctrl-Z at the end of the window is held back: it counts unless the input ends there.
    held: bool,
    eof: bool,
    offset: u64,
    pub(crate) dropped_ctrl_z: bool,
    pub(crate) nuls: u64,
}

/// A decoder and the encoded bytes that wait for it, `raw[at..]`.
#[derive(Debug)]
struct Transcoder {
    decoder: Decoder,
    raw: Vec<u8>,
    at: usize,
    /// Nothing follows the waiting bytes.
    ended: bool,
}

impl<R: Read> Source<R> {
    /// Takes the first bytes as they are; [`Source::decode`] says later what they mean.
    pub(crate) fn new(input: R) -> Self {
        Self {
            input,
            encoding: None,
            transcoder: None,
            window: Vec::new(),
            start: 0,
            end: 0,
            held: false,
            eof: false,
            offset: 0,
            dropped_ctrl_z: false,
            nuls: 0,
        }
    }

    pub(crate) fn input(&self) -> &R {
        &self.input
    }

    /// What has been read and not yet been consumed.
    pub(crate) fn text(&self) -> &[u8] {
        &self.window[self.start..self.end - usize::from(self.held)]
    }

    /// Whether nothing will follow the text.
    pub(crate) fn eof(&self) -> bool {
        self.eof
    }

    /// Where the text begins in the input, in bytes as stored.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Where a position of the text is in the input, in bytes as stored.
    pub(crate) fn offset_of(&self, at: usize) -> u64 {
        let encoding = self.encoding.unwrap_or(UTF_8);
        self.offset + encoding::stored_len(encoding, &self.text()[..at])
    }

    #[cfg(test)]
    pub(crate) fn window_bytes(&self) -> usize {
        self.window.len()
    }

    /// Leaves the first bytes of the text behind.
    pub(crate) fn consume(&mut self, bytes: usize) {
        assert!(bytes <= self.text().len(), "only text that was seen can be consumed");
        self.offset = self.offset_of(bytes);
        self.start += bytes;
    }

    /// Reads until the text holds so many bytes, or the input ends.
    pub(crate) fn fill_to(&mut self, bytes: usize) -> io::Result<()> {
        while self.text().len() < bytes && !self.eof {
            self.fill()?;
        }
        Ok(())
    }

    /// The first bytes of the text, and whether there are no others.
    pub(crate) fn sample(&mut self, bytes_max: usize) -> io::Result<(&[u8], bool)> {
        // One byte more tells that there are others, however the input comes in.
        self.fill_to(bytes_max + 1)?;
        let text = self.text();
        Ok((&text[..text.len().min(bytes_max)], text.len() <= bytes_max))
    }

    /// Takes the text so far, and all that follows, to be in this encoding.
    pub(crate) fn decode(&mut self, encoding: &'static Encoding, mark: usize) {
        self.start += mark;
        self.offset += mark as u64;
        let text = &self.window[self.start..self.end];
        let nuls = count_nuls(text);
        if self.encoding.replace(encoding).is_some() {
            self.nuls -= nuls;
        }
        if encoding == UTF_8 {
            self.nuls += nuls;
            self.hold_back_ctrl_z();
            return;
        }
        self.transcoder = Some(Transcoder {
            decoder: encoding.new_decoder_without_bom_handling(),
            raw: text.to_vec(),
            at: 0,
            ended: self.eof,
        });
        self.end = self.start;
        self.held = false;
        self.eof = false;
    }

    /// Appends the next piece of the input to the text, or finds that there is none.
    pub(crate) fn fill(&mut self) -> io::Result<()> {
        self.slide();
        let before = self.end;
        let free = &mut self.window[self.end..];
        self.eof = if let Some(transcoder) = &mut self.transcoder {
            let (written, ended) = transcoder.fill(&mut self.input, free)?;
            self.end += written;
            ended
        } else {
            let read = read(&mut self.input, free)?;
            self.end += read;
            read == 0
        };
        if self.encoding.is_some() {
            self.nuls += count_nuls(&self.window[before..self.end]);
            self.hold_back_ctrl_z();
        }
        Ok(())
    }

    /// Makes room at the end of the window by moving the text to its beginning.
    fn slide(&mut self) {
        self.window.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.window.len() < self.end + CHUNK_BYTES {
            self.window.resize(self.end + CHUNK_BYTES, 0);
        }
    }

    fn hold_back_ctrl_z(&mut self) {
        let last = self.end > self.start && self.window[self.end - 1] == CTRL_Z;
        self.held = last && !self.eof;
        if last && self.eof {
            self.end -= 1;
            self.dropped_ctrl_z = true;
        }
    }
}

impl Transcoder {
    /// Writes the next text, and says how much it is and whether it was the last.
    fn fill(&mut self, input: &mut impl Read, free: &mut [u8]) -> io::Result<(usize, bool)> {
        if self.at == self.raw.len() && !self.ended {
            self.raw.resize(CHUNK_BYTES, 0);
            let read = read(input, &mut self.raw)?;
            self.raw.truncate(read);
            self.at = 0;
            self.ended = read == 0;
        }
        // Room for the marks of a malformed character, which has at most so many bytes.
        let (text, _) = free.split_at_mut(free.len() - MALFORMED_BYTES_MAX);
        let waiting = &self.raw[self.at..];
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(waiting, text, self.ended);
        self.at += read;
        Ok(match result {
            DecoderResult::InputEmpty => (written, self.ended),
            DecoderResult::OutputFull => (written, false),
            DecoderResult::Malformed(bytes, _) => {
                let end = written + usize::from(bytes);
                free[written..end].fill(MALFORMED);
                (end, false)
            }
        })
    }
}

/// Reads once, again if a signal came in between.
fn read(input: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

fn count_nuls(text: &[u8]) -> u64 {
    memchr::memchr_iter(0, text).count() as u64
}
