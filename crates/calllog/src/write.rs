//! Calls to the canonical log.

use std::io::{self, Write};

use jiff::tz::TimeZone;
use routing::{Nanos, PhoneNumber};

use crate::call::{CanonicalCall, Column};

mod digits;
mod instant;

use digits::{padded, plain};
use instant::Instants;

/// So many bytes are gathered before they are written.
const FLUSH_BYTES: usize = 64 << 10;

/// Writes the canonical log: a header, then a row a call. Times carry the offset of a time zone,
/// numbers stand as they are, unknown values are empty.
#[derive(Debug)]
pub struct CanonicalWriter<W: Write> {
    out: W,
    gathered: Vec<u8>,
    instants: Instants,
    extra: usize,
}

impl<W: Write> CanonicalWriter<W> {
    /// Writes the header: the canonical columns, then `extra` ones that every row must bring.
    ///
    /// # Errors
    /// Whatever the output says.
    pub fn new(out: W, time_zone: TimeZone, extra: &[&str]) -> io::Result<Self> {
        let mut gathered = Vec::with_capacity(FLUSH_BYTES + (1 << 12));
        let names = Column::ALL.iter().map(|it| it.name());
        for (nth, name) in names.chain(extra.iter().copied()).enumerate() {
            if nth > 0 {
                gathered.push(b',');
            }
            text(&mut gathered, name);
        }
        gathered.push(b'\n');
        // Not written yet: whoever fails before the first call has written nothing.
        Ok(Self {
            out,
            gathered,
            instants: Instants::new(time_zone),
            extra: extra.len(),
        })
    }

    /// Writes a call, and the values of the extra columns.
    ///
    /// # Errors
    /// Whatever the output says, and a count of extra values that is not that of the extra
    /// columns.
    pub fn write(&mut self, call: &CanonicalCall, extra: &[&str]) -> io::Result<()> {
        if extra.len() != self.extra {
            return Err(io::Error::other(format!(
                "{} values for {} extra columns",
                extra.len(),
                self.extra
            )));
        }
        let row = &mut self.gathered;
        self.instants.write(call.start, row);
        row.push(b',');
        number(row, call.from);
        row.push(b',');
        number(row, call.to);
        row.push(b',');
        row.extend_from_slice(call.direction.name().as_bytes());
        row.push(b',');
        row.extend_from_slice(call.outcome.map_or("", |it| it.name()).as_bytes());
        for span in [call.ring, call.hold, call.talk, call.wrap, call.total] {
            row.push(b',');
            if let Some(span) = span {
                decimal_seconds(row, span);
            }
        }
        row.push(b',');
        text(row, call.user.as_deref().unwrap_or_default());
        row.push(b',');
        if let Some(source_row) = call.source_row {
            plain(row, source_row);
        }
        for value in extra {
            row.push(b',');
            text(row, value);
        }
        row.push(b'\n');
        if self.gathered.len() >= FLUSH_BYTES {
            self.hand_on()?;
        }
        Ok(())
    }

    /// Writes what is still held back and gives the output back.
    ///
    /// # Errors
    /// Whatever the output says.
    pub fn finish(mut self) -> io::Result<W> {
        self.hand_on()?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn hand_on(&mut self) -> io::Result<()> {
        self.out.write_all(&self.gathered)?;
        self.gathered.clear();
        Ok(())
    }
}

/// A value, in quotes where it needs them.
fn text(row: &mut Vec<u8>, value: &str) {
    // Looked at without a way out in between, which takes many bytes at a time.
    let special = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    if !value.bytes().fold(false, |any, byte| any | special(byte)) {
        row.extend_from_slice(value.as_bytes());
        return;
    }
    row.push(b'"');
    for byte in value.bytes() {
        if byte == b'"' {
            row.push(b'"');
        }
        row.push(byte);
    }
    row.push(b'"');
}

fn number(row: &mut Vec<u8>, number: Option<PhoneNumber>) {
    if let Some(number) = number {
        row.push(b'+');
        plain(row, number.digits());
    }
}

/// Exact, and no digit more than needed: `0`, `12.5`, `0.000000001`.
#[inline]
fn decimal_seconds(row: &mut Vec<u8>, span: Nanos) {
    plain(row, span.whole_secs());
    fraction(row, span.0 % Nanos::SECOND.0);
}

/// The fraction of a second, without the zeros at its end.
#[inline]
fn fraction(row: &mut Vec<u8>, ns: u64) {
    if ns == 0 {
        return;
    }
    row.push(b'.');
    padded(row, ns, 9);
    while row.last() == Some(&b'0') {
        row.pop();
    }
}

#[cfg(test)]
mod tests;
