//! CSV text to rows of fields, each with its place in the text.
//!
//! RFC 4180 as phone systems write it: CRLF or LF, quotes only around whole fields, a byte order
//! mark in front. Stricter than the `csv` crate, which reads an open quote to the end of any file
//! and says nothing: here a row is bounded and an open quote is a fault with the line that it
//! opens on.

use std::io::{BufRead, BufReader, Read};
use std::ops::Range;

use crate::call::Column;
use crate::error::{Fault, LogError};

/// The most bytes that a row may have, its line end included.
pub const MAX_RECORD: usize = 1 << 20;

/// Where a field stands in the text of its row, and where its value does.
#[derive(Debug, Clone)]
struct Field {
    at: usize,
    value: Range<usize>,
}

/// One row.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    line: u64,
    raw: &'a [u8],
    values: &'a str,
    fields: &'a [Field],
}

impl<'a> Row<'a> {
    /// How many fields it has; at least one.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// The value of a field, without its quotes and the blanks around it.
    pub(crate) fn value(&self, nth: usize) -> &'a str {
        self.values[self.fields[nth].value.clone()].trim()
    }

    /// All values.
    pub(crate) fn values(&self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(|nth| self.value(nth))
    }

    /// A fault of one field.
    pub(crate) fn fault(&self, nth: usize, column: Option<Column>, fault: Fault) -> LogError {
        LogError::new(self.raw, self.line, self.fields[nth].at, column, fault)
    }
}

/// Reads rows one by one.
#[derive(Debug)]
pub(crate) struct Rows<R> {
    input: BufReader<R>,
    delimiter: u8,
    max: usize,
    /// The line on which the next row begins.
    line: u64,
    raw: Vec<u8>,
    scan: Scan,
    /// Set when there is nothing more to read, or reading on makes no sense.
    over: bool,
}

impl<R: Read> Rows<R> {
    pub(crate) fn new(input: R, delimiter: u8, max: usize) -> Self {
        let input = BufReader::new(input);
        let scan = Scan::default();
        Self {
            input,
            delimiter,
            max,
            line: 1,
            raw: Vec::new(),
            scan,
            over: false,
        }
    }

    /// The next row that is not blank. A row with a fault is an error and the one behind it comes
    /// next, unless nobody could say where that begins.
    pub(crate) fn next_row(&mut self) -> Option<Result<Row<'_>, LogError>> {
        let line = loop {
            if self.over {
                return None;
            }
            let line = self.line;
            if let Err(error) = self.read_record() {
                self.over = true;
                return Some(Err(error));
            }
            if !matches!(self.raw.as_slice(), b"" | b"\n" | b"\r\n") {
                break line;
            }
        };
        let Self { raw, scan, .. } = self;
        if let Some((at, fault)) = scan.fault.take() {
            return Some(Err(LogError::new(raw, line, at, None, fault)));
        }
        // The row as it is: two broken characters in neighbouring fields could make a whole one once the
        // delimiter between them is gone.
        let faulty = std::str::from_utf8(raw).err().map(|it| it.valid_up_to());
        let (None, Ok(values)) = (faulty, std::str::from_utf8(&scan.values)) else {
            let at = faulty.unwrap_or(0);
            return Some(Err(LogError::new(raw, line, at, None, Fault::NotUtf8)));
        };
        Some(Ok(Row {
            line,
            raw,
            values,
            fields: &scan.fields,
        }))
    }

    /// Reads physical lines until no quote is open.
    fn read_record(&mut self) -> Result<(), LogError> {
        self.raw.clear();
        self.scan.restart();
        let first_line = self.line;
        loop {
            let scanned = self.raw.len();
            let room = (self.max + 1 - scanned) as u64;
            let read = (&mut self.input)
                .take(room)
                .read_until(b'\n', &mut self.raw);
            if let Err(error) = read {
                return Err(LogError::bare(self.line, Fault::Read(error.to_string())));
            }
            let ended = self.raw.len() == scanned;
            if first_line == 1 && scanned == 0 {
                self.drop_mark()?;
            }
            self.scan.go(&self.raw, scanned, self.delimiter);
            let open = self.scan.open_quote();
            let fault = |at, fault| Err(LogError::new(&self.raw, first_line, at, None, fault));
            match open {
                Some(at) if ended => return fault(at, Fault::UnclosedQuote),
                Some(at) if self.raw.len() > self.max => {
                    return fault(at, Fault::QuoteTooLong(self.max));
                }
                None if self.raw.len() > self.max => return fault(0, Fault::RowTooLong(self.max)),
                _ => {}
            }
            self.line += 1;
            if open.is_none() {
                self.over = ended;
                self.scan.finish(self.raw.len());
                return Ok(());
            }
        }
    }

    /// Takes the byte order mark off the first line.
    fn drop_mark(&mut self) -> Result<(), LogError> {
        if self.raw.starts_with(&[0xff, 0xfe]) || self.raw.starts_with(&[0xfe, 0xff]) {
            return Err(LogError::bare(1, Fault::Utf16));
        }
        if self.raw.starts_with(b"\xef\xbb\xbf") {
            self.raw.drain(..3);
        }
        Ok(())
    }
}

/// Where in a field the scan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum At {
    #[default]
    Start,
    Bare,
    Quoted,
    /// Behind a quote that closes the field or is the first of two.
    Quote,
}

/// One record cut into fields, byte by byte and across physical lines.
#[derive(Debug, Default)]
struct Scan {
    at: At,
    field_at: usize,
    value_at: usize,
    values: Vec<u8>,
    fields: Vec<Field>,
    fault: Option<(usize, Fault)>,
}

impl Scan {
    fn restart(&mut self) {
        self.at = At::Start;
        self.field_at = 0;
        self.value_at = 0;
        self.values.clear();
        self.fields.clear();
        self.fault = None;
    }

    /// Where the quote opened that is still open.
    fn open_quote(&self) -> Option<usize> {
        (self.at == At::Quoted).then_some(self.field_at)
    }

    fn go(&mut self, raw: &[u8], from: usize, delimiter: u8) {
        for (at, byte) in raw.iter().copied().enumerate().skip(from) {
            match (self.at, byte) {
                (_, 0) => self.blame(at, Fault::Nul),
                (At::Quoted, b'"') => self.at = At::Quote,
                (At::Quoted, _) => self.values.push(byte),
                (At::Start, b'"') => self.at = At::Quoted,
                (At::Quote, b'"') => {
                    self.values.push(byte);
                    self.at = At::Quoted;
                }
                (_, _) if byte == delimiter => self.end_field(at + 1),
                (_, b'\n') => {}
                (_, b'\r') if matches!(raw.get(at + 1), None | Some(b'\n')) => {}
                (_, b'\r') => self.blame(at, Fault::LoneCarriageReturn),
                (At::Quote, _) => self.blame(at, Fault::AfterQuote),
                (At::Start | At::Bare, _) => {
                    self.values.push(byte);
                    self.at = At::Bare;
                }
            }
        }
    }

    fn end_field(&mut self, next_at: usize) {
        let value = self.value_at..self.values.len();
        self.fields.push(Field {
            at: self.field_at,
            value,
        });
        self.field_at = next_at;
        self.value_at = self.values.len();
        self.at = At::Start;
    }

    fn finish(&mut self, raw_len: usize) {
        self.end_field(raw_len);
    }

    /// The first fault of a record is told.
    fn blame(&mut self, at: usize, fault: Fault) {
        self.fault.get_or_insert((at, fault));
    }
}

#[cfg(test)]
mod tests;
