//! CSV text to rows of fields, each with its place in the text.
//!
//! RFC 4180 as phone systems write it: CRLF or LF, quotes only around whole fields, a byte order
//! mark in front. Stricter than the `csv` crate, which reads an open quote to the end of any file
//! and says nothing: here a row is bounded and an open quote is a fault with the line that it
//! opens on. A row without quotes, which is most of them, is cut without being copied.

use std::io::Read;

use memchr::{memchr, memchr2, memchr3};

use crate::error::{Fault, LogError};

mod ahead;
mod cut;
mod encoding;
mod row;
mod scan;
mod window;

use ahead::{Ahead, Place};
use cut::cut;
pub use encoding::Encoding;
pub(crate) use row::Row;
use row::{Field, Values};
pub use scan::Quoting;
use scan::Scan;
use window::Window;

/// The most bytes that a row may have, its line end included.
pub const MAX_RECORD: usize = 1 << 20;

/// Reads rows one by one.
#[derive(Debug)]
pub(crate) struct Rows<R> {
    window: Window<R>,
    delimiter: u8,
    quoting: Quoting,
    encoding: Encoding,
    max: usize,
    /// The line on which the next row begins.
    line: u64,
    /// Rows without anything odd that were found behind the last one.
    ahead: Ahead,
    /// The row that was read last, in the window.
    record: std::ops::Range<usize>,
    scan: Scan,
    plain: Vec<Field>,
    decoded: Vec<u8>,
    /// There is a quote, a zero byte or a bare carriage return in the row.
    odd: bool,
    /// There is nothing but letters, digits and signs in the row.
    graphic: bool,
    /// There is a quote in the row that was read last.
    quotes: bool,
    /// Rows that were no UTF-8 and were read as Latin-1.
    pub(crate) latin_1: u64,
    /// Set when there is nothing more to read, or reading on makes no sense.
    over: bool,
}

impl<R: Read> Rows<R> {
    pub(crate) fn new(input: R, delimiter: u8, max: usize) -> Self {
        Self {
            window: Window::new(input),
            delimiter,
            quoting: Quoting::Doubled,
            encoding: Encoding::Utf8,
            max,
            line: 1,
            ahead: Ahead::new(),
            record: 0..0,
            scan: Scan::default(),
            plain: Vec::new(),
            decoded: Vec::new(),
            odd: false,
            graphic: false,
            quotes: false,
            latin_1: 0,
            over: false,
        }
    }

    pub(crate) fn quoting(mut self, quoting: Quoting) -> Self {
        self.quoting = quoting;
        self
    }

    pub(crate) fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// The next row that is not blank. A row with a fault is an error and the one behind it comes
    /// next, unless nobody could say where that begins.
    #[expect(
        clippy::inline_always,
        reason = "what it gives back is large, and looked at at once"
    )]
    #[inline(always)]
    pub(crate) fn next_row(&mut self) -> Option<Result<Row<'_>, LogError>> {
        match self.next_ahead() {
            Some(place) => Some(Ok(self.row_ahead(place))),
            None => self.next_by_itself(),
        }
    }

    /// Where the next row stands, if it has nothing odd in it; it is taken.
    #[inline]
    fn next_ahead(&mut self) -> Option<Place> {
        // A row with quotes is often followed by another. Before the first row there may be a mark.
        if self.quotes || self.line == 1 || self.over || self.encoding == Encoding::Latin1 {
            return None;
        }
        loop {
            let from = self.record.end;
            let Some(place) = self.ahead.next(from) else {
                let bytes = self.window.bytes();
                if self.ahead.look(bytes, from, self.delimiter) {
                    continue;
                }
                return None;
            };
            let raw = &self.window.bytes()[place.from..place.until];
            let is_text = self.ahead.is_ascii() || std::str::from_utf8(raw).is_ok();
            if raw.len() > self.max || !is_text {
                return None;
            }
            self.record = place.from..place.until;
            self.line += 1;
            if !matches!(raw, b"\n" | b"\r\n") {
                return Some(place);
            }
        }
    }

    #[inline]
    fn row_ahead(&self, place: Place) -> Row<'_> {
        let window = self.window.bytes();
        let raw = &window[place.from..place.until];
        let end = place.from + without_line_end(raw).len();
        Row {
            line: self.line - 1,
            raw,
            values: Values::Marked(window, self.ahead.marks(place), end as u32),
            trimmed: self.ahead.is_trimmed(),
        }
    }

    /// The text of the row that was read last, whatever is wrong with it.
    pub(crate) fn last_raw(&self) -> &[u8] {
        self.window.slice(&self.record)
    }

    fn next_by_itself(&mut self) -> Option<Result<Row<'_>, LogError>> {
        let (line, quoted) = loop {
            if self.over {
                return None;
            }
            let line = self.line;
            match self.read_record() {
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
                Ok(quoted) => {
                    let raw = self.window.slice(&self.record);
                    if !matches!(raw, b"" | b"\n" | b"\r\n") {
                        break (line, quoted);
                    }
                }
            }
        };
        Some(self.row(line, quoted))
    }

    fn row(&mut self, line: u64, quoted: bool) -> Result<Row<'_>, LogError> {
        let mut raw = self.window.slice(&self.record);
        let fault = |raw: &[u8], at, fault| Err(LogError::new(raw, line, at, None, fault));
        // A fault of the row's form is told before one of its letters.
        let mut scanned = quoted && self.quoting == Quoting::Doubled;
        if scanned && let Some((at, why)) = self.scan.fault.take() {
            return fault(raw, at, why);
        }
        let mut text = std::str::from_utf8(raw);
        let broken = text.is_err() && self.encoding == Encoding::Auto;
        let decoded = broken || self.encoding == Encoding::Latin1;
        if decoded {
            self.latin_1 += u64::from(text.is_err());
            encoding::decode(raw, &mut self.decoded);
            raw = &self.decoded;
            text = std::str::from_utf8(raw);
            scanned = false;
        }
        if self.odd && !quoted {
            let body = without_line_end(raw);
            if let Some(at) = memchr2(0, b'\r', body) {
                let why = if body[at] == 0 {
                    Fault::Nul
                } else {
                    Fault::LoneCarriageReturn
                };
                return fault(raw, at, why);
            }
        }
        let text = match text {
            Ok(text) => text,
            Err(why) => return fault(raw, why.valid_up_to(), Fault::NotUtf8),
        };
        if !quoted {
            if decoded {
                self.plain.clear();
                let seen = cut(without_line_end(raw), self.delimiter, &mut self.plain);
                self.graphic = seen.is_graphic();
            }
            return Ok(Row {
                line,
                raw,
                values: Values::Placed(text, &self.plain),
                trimmed: self.graphic,
            });
        }
        if !scanned {
            self.scan.restart();
            match self.quoting {
                Quoting::Doubled => self.scan.go(raw, 0, self.delimiter),
                Quoting::Raw => self.scan.raw(raw, self.delimiter),
            }
            self.scan.finish(raw.len());
            if let Some((at, why)) = self.scan.fault.take() {
                return fault(raw, at, why);
            }
        }
        // Two broken characters in neighbouring fields cannot have become a whole one: the row
        // itself is UTF-8.
        match std::str::from_utf8(&self.scan.values) {
            Ok(values) => Ok(Row {
                line,
                raw,
                values: Values::Placed(values, &self.scan.fields),
                trimmed: false,
            }),
            Err(_) => fault(raw, 0, Fault::NotUtf8),
        }
    }

    /// Reads physical lines until no quote is open; whether there is a quote in them.
    fn read_record(&mut self) -> Result<bool, LogError> {
        let first_line = self.line;
        self.window.drop_to(self.record.end);
        if first_line == 1 {
            self.drop_mark()?;
        }
        let mut scanned = 0;
        let mut quoted = false;
        self.odd = false;
        self.scan.restart();
        loop {
            let room = self.max + 1 - scanned;
            let found = self.window.line(scanned, room);
            let (length, ended) =
                found.map_err(|why| LogError::bare(self.line, Fault::Read(why.to_string())))?;
            let begin = self.window.begin();
            let end = begin + scanned + length;
            let raw = self.window.slice(&(begin..end));
            let line = &raw[scanned..];
            // One look for the fields and for all that is rare: most rows have none of it. Where
            // the row before had quotes, they are looked for first.
            let body = without_line_end(line);
            self.plain.clear();
            let odd = self.quotes && memchr3(b'"', 0, b'\r', body).is_some() || {
                let seen = cut(body, self.delimiter, &mut self.plain);
                self.graphic = seen.is_graphic();
                seen.is_odd()
            };
            self.odd |= odd;
            quoted = quoted || odd && memchr(b'"', line).is_some();
            let mut open = None;
            if quoted && self.quoting == Quoting::Doubled {
                self.scan.go(raw, scanned, self.delimiter);
                open = self.scan.open_quote();
            }
            let fault = |at, fault| Err(LogError::new(raw, first_line, at, None, fault));
            match open {
                Some(at) if ended => return fault(at, Fault::UnclosedQuote),
                Some(at) if raw.len() > self.max => {
                    return fault(at, Fault::QuoteTooLong(self.max));
                }
                None if raw.len() > self.max => return fault(0, Fault::RowTooLong(self.max)),
                _ => {}
            }
            self.line += 1;
            if open.is_none() {
                self.over = ended;
                if quoted {
                    self.scan.finish(raw.len());
                }
                self.record = begin..end;
                self.quotes = quoted;
                return Ok(quoted);
            }
            scanned += length;
        }
    }

    /// Takes the byte order mark off the first line.
    fn drop_mark(&mut self) -> Result<(), LogError> {
        let head = self.window.head(3);
        if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
            return Err(LogError::bare(1, Fault::Utf16));
        }
        if head.starts_with(b"\xef\xbb\xbf") {
            let begin = self.window.begin();
            self.window.drop_to(begin + 3);
        }
        Ok(())
    }
}

#[inline]
fn without_line_end(raw: &[u8]) -> &[u8] {
    match raw {
        [body @ .., b'\r', b'\n'] | [body @ .., b'\n' | b'\r'] | body => body,
    }
}

#[cfg(test)]
mod tests;
